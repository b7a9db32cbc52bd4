"""Text inside XML and XHTML: only characters that XML 1.0 has, and none of its own marks. Pure."""

import html
import re

_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    r"""Return a text with what no XML may hold replaced: one such character spoils a whole file.

    >>> clean("a\x00b\x1b[31m\ud800\uffff")
    'a�b�[31m��'
    """
    return _ILLEGAL.sub("�", text)


def preformatted(text: str) -> str:
    """Return a text as one well-formed element that shows it line by line.

    >>> preformatted("1 < 2")
    '<pre>1 &lt; 2</pre>'
    """
    return f"<pre>{html.escape(clean(text))}</pre>"
