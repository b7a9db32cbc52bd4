"""A source as fingerprints: hashes of short runs of tokens, of which a few are chosen. Pure.

Comments, docstrings, layout, parentheses and semicolons are left out; literals are alike; a name
that a student may choose counts only by where else it stands in the same run (`a = b * a` is
`0 = 1 * 0`), so that renaming changes nothing but swapping two names does. What the language or
an imported module calls something keeps its name. Of every `WINDOW` runs in a row one is kept,
by its hash (winnowing: Schleimer, Wilkerson, Aiken, 2003), so that two sources which have `RUN` +
`WINDOW` - 1 tokens in a row alike always share one.

Tokens are told by regular expressions, not by `tokenize`, which refuses a file with a slip in
it and differs between versions of Python. Never runs, compiles or imports a source.
"""

import builtins
import keyword
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

RUN = 8
WINDOW = 3


class Token(NamedTuple):
    """A token: `text` is what it is compared by, "" where that is a name of the student's."""

    text: str
    name: str
    line: int


class Fingerprint(NamedTuple):
    """The hash of a run of tokens, and the lines that it covers."""

    value: int
    first: int
    last: int


def tokens_of(text: str, language: str) -> list[Token]:
    """Return what counts of a source, in its order; a broken one has tokens too."""
    return list(_TOKENS[language](text))


def fingerprints(text: str, language: str) -> list[Fingerprint]:
    """Return the fingerprints that stand for a source."""
    tokens = tokens_of(text, language)
    values = _values(tokens)
    return [_fingerprint(values, tokens, place) for place in _winnowed(values)]


def every_value(text: str, language: str) -> frozenset[int]:
    """Return the hash of every run; of what may stand in any surroundings (a starter)."""
    return frozenset(_values(tokens_of(text, language)))


def _fingerprint(values: list[int], tokens: list[Token], place: int) -> Fingerprint:
    last = min(place + RUN, len(tokens)) - 1
    return Fingerprint(values[place], tokens[place].line, tokens[last].line)


def _values(tokens: list[Token]) -> list[int]:
    """Return the hash of each run of tokens; of all of them where they are too few for one."""
    codes = [(_number(text) if text else 0, name) for text, name, _ in tokens]
    values = []
    for start in range(max(1, len(codes) - RUN + 1) if codes else 0):
        seen: dict[str, int] = {}
        run = [
            code or seen.setdefault(name, len(seen)) for code, name in codes[start : start + RUN]
        ]
        # A tuple of whole numbers has the same hash in every process, unlike one of strings.
        values.append(hash(tuple(run)))
    return values


@lru_cache(maxsize=10_000)
def _number(text: str) -> int:
    """Return a whole number for a token's text, above those that stand for chosen names."""
    return RUN + int.from_bytes(text.encode("utf-8", "surrogatepass")[:32], "big")


def _winnowed(values: list[int]) -> Iterator[int]:
    """Yield where the least of each window stands, the last of equal ones, each place once.

    >>> list(_winnowed([7, 2, 9, 9, 2, 8]))
    [1, 4]
    """
    chosen = -1
    for start in range(max(1, len(values) - WINDOW + 1) if values else 0):
        window = values[start : start + WINDOW]
        if chosen < start or window[-1] <= values[chosen]:
            chosen = start + len(window) - 1 - window[::-1].index(min(window))
            yield chosen


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BLANK = r"(?P<blank>[ \t\f\r]+|\\\r?\n)"
_NAME = r"(?P<name>[^\W\d][\w$]*|\$[\w$]*)"
_NUMBER = r"(?P<number>\.?\d[\w.]*(?:(?<=[eE])[+-]\d+)?)"
_LINE_STRING = r""""(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?"""

_PYTHON = re.compile(
    rf"""{_BLANK}|(?P<comment>\#[^\n]*)|(?P<end>\n)
    |(?P<string>[A-Za-z]{{0,2}}(?:\"{{3}}(?:\\.|[^\\])*?(?:\"{{3}}|\Z)
        |'{{3}}(?:\\.|[^\\])*?(?:'{{3}}|\Z)|{_LINE_STRING}))
    |{_NUMBER}|{_NAME}
    |(?P<sign>\*\*=|//=|>>=|<<=|\.\.\.|[-+*/%@&|^=<>!:]=|->|\*\*|//|<<|>>|.)""",
    re.DOTALL | re.VERBOSE,
)
_PYTHON_IMPORT = re.compile(r"^[ \t]*import[ \t]+([^\n;#]+)", re.MULTILINE)
_PYTHON_WORDS = frozenset(keyword.kwlist) | frozenset(dir(builtins))
_PYTHON_METHODS = frozenset(
    name for kind in (str, bytes, list, dict, set, float) for name in dir(kind)
)


def _python(text: str) -> Iterator[Token]:
    modules = _imported(text)
    line, depth, statement_begins = 1, 0, True
    before: list[str] = ["", ""]
    for found in _PYTHON.finditer(text):
        kind, word = found.lastgroup, found[0]
        if kind == "end":
            statement_begins = depth <= 0
        elif kind not in ("blank", "comment"):
            depth += (word in _OPENING) - (word in _CLOSING)
            if word not in _LEFT_OUT and not (kind == "string" and statement_begins):
                yield _python_token(kind, word, line, before, modules)
            statement_begins = False
            before = [before[1], word]
        line += word.count("\n")


def _python_token(
    kind: str | None, word: str, line: int, before: list[str], modules: dict[str, str]
) -> Token:
    if kind != "name":
        return Token(_LITERALS.get(kind or "", word), "", line)
    if before[1] == ".":
        fixed = word in _PYTHON_METHODS or before[0] in modules
    else:
        fixed = word in _PYTHON_WORDS or word in modules
    return Token(modules.get(word, word) if fixed else "", word, line)


def _imported(text: str) -> dict[str, str]:
    """Return the modules of a source by the names that it gives them.

    >>> _imported("import numpy as np, math")
    {'np': 'numpy', 'math': 'math'}
    """
    parts = (part for found in _PYTHON_IMPORT.findall(text) for part in found.split(","))
    words = (part.split() for part in parts)
    return {each[-1].partition(".")[0]: each[0] for each in words if each}


_JAVASCRIPT = re.compile(
    rf"""{_BLANK}|(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))|(?P<end>\n)
    |(?P<string>`(?:\\.|[^`\\])*`?|{_LINE_STRING})
    |{_NUMBER}|(?P<private>\#[\w$]+)|{_NAME}
    |(?P<sign>>>>=|\.\.\.|===|!==|\*\*=|<<=|>>=|>>>|&&=|\|\|=|\?\?=|=>|[-+*/%&|^=<>!]=
        |\+\+|--|\*\*|&&|\|\||\?\?|\?\.|<<|>>|.)""",
    re.DOTALL | re.VERBOSE,
)
_JAVASCRIPT_REGEX = re.compile(r"/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/[a-z]*")
_MOST_REGEX = 300
"""Characters that are looked at for the end of one; a line of beginnings would take for ever."""

_JAVASCRIPT_WORDS = _words(
    """
    async await break case catch class const continue debugger default delete do else export
    extends false finally for function get if import in instanceof let new null of return
    set static super switch this throw true try typeof undefined var void while with yield
    Array Boolean Error Float32Array Float64Array Infinity Int32Array JSON Map Math NaN
    Number Object Promise RangeError Set String Symbol TypeError console exports module
    require
    """
)
_JAVASCRIPT_OWNERS = _words(
    """
    Array JSON Math Number Object Promise String console
    """
)
_JAVASCRIPT_METHODS = _words(
    """
    add at concat constructor done entries every fill filter find findIndex flat flatMap
    forEach get has includes indexOf join keys length map next pop push reduce reduceRight
    replace reverse set shift slice some sort splice split subarray then toFixed toString
    trim unshift value values
    """
)
_SAME = {"var": "let", "const": "let"}


def _javascript(text: str) -> Iterator[Token]:
    line, place = 1, 0
    before: list[str] = ["", ""]
    value_before = False
    while place < len(text):
        regex = None if value_before else _JAVASCRIPT_REGEX.match(text, place, place + _MOST_REGEX)
        found = regex or _JAVASCRIPT.match(text, place)
        if found is None:
            break
        kind, word = ("string" if regex else found.lastgroup), found[0]
        if kind not in ("blank", "comment", "end"):
            if word not in _LEFT_OUT:
                yield _javascript_token(kind, word, line, before)
            before = [before[1], word]
            value_before = word in _CLOSING or (kind != "sign" and word not in _BEFORE_A_REGEX)
        line += word.count("\n")
        place = found.end()


def _javascript_token(kind: str | None, word: str, line: int, before: list[str]) -> Token:
    if kind not in ("name", "private"):
        return Token(_LITERALS.get(kind or "", word), "", line)
    if before[1] in (".", "?."):
        fixed = word in _JAVASCRIPT_METHODS or before[0] in _JAVASCRIPT_OWNERS
    else:
        fixed = word in _JAVASCRIPT_WORDS
    return Token(_SAME.get(word, word) if fixed else "", word, line)


_LEFT_OUT = frozenset("();")
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_BEFORE_A_REGEX = _words(
    """
    return typeof case in of delete void throw new else do
    """
)
_LITERALS = {"number": "0", "string": '""'}
_TOKENS: dict[str, Callable[[str], Iterable[Token]]] = {
    "python": _python,
    "javascript": _javascript,
}
