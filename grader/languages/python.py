"""A Python submission as text, in the judge: is it a Python file at all, and if not, what is it?

`check_source` decides before anything runs, on facts that no correct Python file shares: a
NUL byte, a notebook's JSON, a first line that no Python program can start with. Whatever a
correct program may contain (a docstring with Markdown in it, an old comment) is left to the
compiler, which runs in the box; `explain` then says what its error means. The judge never
compiles, executes or parses what a student has written.
"""

import codecs
import io
import re
import tokenize
from collections.abc import Sequence

from grader.languages import Language, SourceProblem
from grader.languages.python_imports import explain_import_error
from grader.languages.python_syntax import (
    explain_syntax_error,
    markdown_problem,
    source_lines,
    transcript_problem,
)
from grader.languages.source_checks import (
    SAVE_AS_UTF8,
    Words,
    check_bytes,
    check_document,
    undecodable,
)
from grader.sandbox.faults import Invalid, InvalidReason

_WORDS = Words("Python", ".py")


def check_source(source: bytes) -> SourceProblem | None:
    """Return what makes the bytes of a file no Python source, or None where Python may judge."""
    return check_bytes(source, _WORDS) or _check_encoding(source) or _check_text(_decode(source))


def explain(
    source: bytes, invalid: Invalid, packages: Sequence[str] = ("numpy",)
) -> SourceProblem | None:
    """Say what a file's failure to compile or import means; None where nothing is known of it."""
    if invalid.error is None:
        return None
    if invalid.reason is InvalidReason.DOES_NOT_COMPILE:
        return explain_syntax_error(_decode(source), invalid.error)
    if invalid.error.kind in ("ModuleNotFoundError", "ImportError"):
        return explain_import_error(invalid.error, packages)
    return None


_DEFINITION = re.compile(
    rb"^(?:(?:async[ \t]+)?(?:def|class)[ \t]+([A-Za-z_]\w*)"
    rb"|([A-Za-z_]\w*)[ \t]*(?::[^=\r\n]*)?=(?!=))",
    re.MULTILINE,
)


def defined_names(source: bytes) -> frozenset[str]:
    """Return the names that a Python source seems to define at its top level, by its text alone.

    >>> sorted(defined_names(b"def f(x):\\n    y = 1\\ng = lambda: 0"))
    ['f', 'g']
    """
    return frozenset(
        name.decode("ascii") for names in _DEFINITION.findall(source) for name in names if name
    )


def parameter_names(source: bytes, function: str) -> tuple[str, ...]:
    """Return the parameters of a function at the top level of a Python source, by its text alone.

    >>> parameter_names(b"def f(a, b: int = 2, *rest): pass", "f")
    ('a', 'b')
    """
    head = rb"^def[ \t]+%b[ \t]*\(([^()]*)\)" % re.escape(function.encode())
    found = re.findall(head, source, re.MULTILINE)
    parts = found[-1].decode("utf-8", "replace").split(",") if found else []  # the last one counts
    names = (re.match(r"\s*([A-Za-z_]\w*)", part) for part in parts)
    return tuple(name[1] for name in names if name)


# --- Encoding --------------------------------------------------------------------------------

_LINEAR_CODECS = re.compile(r"utf-8|ascii|iso8859|cp\d|koi8|mac-|euc|shift|gb|big5|hp-|kz|tis")
"""Codecs whose decoding takes time in proportion; one named punycode does not."""


def _check_encoding(source: bytes) -> SourceProblem | None:
    """Decode as the import system would: UTF-8 unless one of the first two lines says otherwise."""
    try:
        name, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except SyntaxError:
        return undecodable(source, "utf-8", _WORDS) or _bad_declaration(source)
    if not _LINEAR_CODECS.match(codecs.lookup(name).name):
        return None
    return undecodable(source, name, _WORDS)


def _bad_declaration(source: bytes) -> SourceProblem:
    first, second = [*source.split(b"\n", 2), b""][:2]
    line = 1 if b"coding" in first or b"coding" not in second else 2
    message = "the encoding that this comment declares is unknown, or is not the file's"
    return SourceProblem("encoding", message, f"delete the comment and {SAVE_AS_UTF8}", line)


def _decode(source: bytes) -> str:
    return source.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")


# --- Text that no Python program can be -------------------------------------------------------


def _check_text(text: str) -> SourceProblem | None:
    return check_document(text, _WORDS) or _check_first_line(text)


def _check_first_line(text: str) -> SourceProblem | None:
    for number, line in enumerate(source_lines(text), 1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        if bare.startswith(("```", "~~~")):
            return markdown_problem(number)
        if bare.startswith(">>>"):
            return transcript_problem(number)
        return None
    return SourceProblem(
        "only_comments", "the file has only comments, no code", "define the function in it"
    )


LANGUAGE = Language(
    name="python",
    title="Python",
    suffixes=(".py",),
    starter="starter.py",
    driver="grader.languages.python_driver",
    check_source=check_source,
    explain=explain,
    defined_names=defined_names,
    parameter_names=parameter_names,
)
