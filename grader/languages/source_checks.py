"""What makes the bytes of a file no source at all, whatever the language. Pure, in the judge.

Facts that no correct program shares: no text, a NUL byte, a document's or an archive's first
bytes, a notebook's JSON. Whatever a correct program may contain is left to its compiler.
"""

import codecs
import re
from dataclasses import dataclass

from grader.languages import SourceProblem
from grader.submission import MAX_SOURCE_BYTES

SAVE_AS_UTF8 = "save it as UTF-8 (in most editors: Save as, Encoding)"


@dataclass(frozen=True, slots=True)
class Words:
    """How the language and its files are called."""

    language: str
    suffix: str


def check_bytes(source: bytes, words: Words) -> SourceProblem | None:
    """Return why the bytes are no text that a compiler could be given."""
    if len(source) > MAX_SOURCE_BYTES:
        return SourceProblem(
            "too_large",
            f"the file is larger than {MAX_SOURCE_BYTES // 10**6} MB, which no source needs",
            "hand in only the code: no data, no outputs",
        )
    if not source.removeprefix(codecs.BOM_UTF8).strip():
        return SourceProblem("empty", "the file is empty", "hand in the file with your function")
    for magic, what in _MAGIC:
        # Only with a byte that no text has: a file may well begin with the name MZ.
        if source.startswith(magic) and (magic[0] in b"%{" or _has_control_byte(source)):
            return _not_source("binary", what, words)
    if source[2:4] == b"\r\n" and b"\0" in source[:16]:
        return _not_source("binary", "compiled Python (a .pyc file)", words)
    if source.startswith(_UTF16) or _looks_like_utf16(source):
        return SourceProblem(
            "utf16",
            f"the file is encoded as UTF-16, which {words.language} does not read",
            SAVE_AS_UTF8,
        )
    if b"\0" in source:
        line = source.count(b"\n", 0, source.index(b"\0")) + 1
        message = "there is a NUL byte, which no source has: the file is binary or damaged"
        return SourceProblem("binary", message, _hand_in(words), line)
    return None


def check_utf8(source: bytes, words: Words) -> SourceProblem | None:
    """Return where the bytes are no UTF-8."""
    return undecodable(source, "utf-8", words)


def undecodable(source: bytes, name: str, words: Words) -> SourceProblem | None:
    """Return where the bytes are not in the encoding `name`."""
    try:
        source.decode(name)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        message = f"byte {source[error.start]:#04x} is not {name.upper()}"
        if name.startswith("utf-8"):
            message += f", which {words.language} expects (saved as Latin-1 or Windows-1252?)"
        return SourceProblem("encoding", message, SAVE_AS_UTF8, line)
    return None


def check_document(text: str, words: Words) -> SourceProblem | None:
    """Return what other kind of text it is: a notebook, a web page."""
    start = text.lstrip()
    if start.startswith("{") and '"cells"' in start and '"nbformat"' in start:
        return SourceProblem(
            "notebook",
            f"the file is a Jupyter notebook, not {words.language} source",
            "export it (File, Save and Export Notebook As, Executable Script) or copy the "
            f"function into a {words.suffix} file",
        )
    if start[:200].lower().startswith(("<!doctype", "<html", "<head", "<?xml")):
        return SourceProblem(
            "html",
            f"the file is a web page, not {words.language} source",
            "download the file itself (on GitHub: the button Raw), then hand that in",
        )
    return None


_MAGIC = (
    (b"\x7fELF", "a compiled program"),
    (b"MZ", "a Windows program"),
    (b"\xcf\xfa\xed\xfe", "a compiled program"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF document"),
    (b"{\\rtf", "a word processor's document"),
    (b"\xd0\xcf\x11\xe0", "an office document"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"SQLite format 3", "a database"),
)
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _hand_in(words: Words) -> str:
    return f"hand in the {words.suffix} file itself"


def _not_source(kind: str, what: str, words: Words) -> SourceProblem:
    return SourceProblem(kind, f"the file is {what}, not {words.language} source", _hand_in(words))


def _has_control_byte(source: bytes) -> bool:
    return re.search(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x80-\xff]", source[:1024]) is not None


def _looks_like_utf16(source: bytes) -> bool:
    """Every other byte of western text in UTF-16 is zero, and no other byte is."""
    head = source[:512]
    even, odd = head[::2], head[1::2]
    for zeros, text in ((even, odd), (odd, even)):
        if zeros.count(0) > 0.8 * len(zeros) and text.count(0) == 0:
            return True
    return False
