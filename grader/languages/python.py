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
from grader.sandbox.wire import Invalid, InvalidReason
from grader.submission import MAX_SOURCE_BYTES


def check_source(source: bytes) -> SourceProblem | None:
    """Return what makes the bytes of a file no Python source, or None where Python may judge."""
    if len(source) > MAX_SOURCE_BYTES:
        return SourceProblem(
            "too_large",
            f"the file is larger than {MAX_SOURCE_BYTES // 10**6} MB, which no source needs",
            "hand in only the code: no data, no outputs",
        )
    return _check_bytes(source) or _check_encoding(source) or _check_text(_decode(source))


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


# --- Bytes -----------------------------------------------------------------------------------

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
_SAVE_AS_UTF8 = "save it as UTF-8 (in most editors: Save as, Encoding)"


def _check_bytes(source: bytes) -> SourceProblem | None:
    if not source.removeprefix(codecs.BOM_UTF8).strip():
        return SourceProblem("empty", "the file is empty", "hand in the file with your function")
    for magic, what in _MAGIC:
        # Only with a byte that no text has: a file may well begin with the name MZ.
        if source.startswith(magic) and (magic[0] in b"%{" or _has_control_byte(source)):
            return _not_source("binary", what)
    if source[2:4] == b"\r\n" and b"\0" in source[:16]:
        return _not_source("binary", "compiled Python (a .pyc file)")
    if source.startswith(_UTF16) or _looks_like_utf16(source):
        return SourceProblem(
            "utf16", "the file is encoded as UTF-16, which Python does not read", _SAVE_AS_UTF8
        )
    if b"\0" in source:
        line = source.count(b"\n", 0, source.index(b"\0")) + 1
        message = "there is a NUL byte, which no source has: the file is binary or damaged"
        return SourceProblem("binary", message, "hand in the .py file itself", line)
    return None


def _not_source(kind: str, what: str) -> SourceProblem:
    return SourceProblem(
        kind, f"the file is {what}, not Python source", "hand in the .py file itself"
    )


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


# --- Encoding --------------------------------------------------------------------------------

_LINEAR_CODECS = re.compile(r"utf-8|ascii|iso8859|cp\d|koi8|mac-|euc|shift|gb|big5|hp-|kz|tis")
"""Codecs whose decoding takes time in proportion; one named punycode does not."""


def _check_encoding(source: bytes) -> SourceProblem | None:
    """Decode as the import system would: UTF-8 unless one of the first two lines says otherwise."""
    try:
        name, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except SyntaxError:
        return _undecodable(source, "utf-8") or _bad_declaration(source)
    if not _LINEAR_CODECS.match(codecs.lookup(name).name):
        return None
    return _undecodable(source, name)


def _undecodable(source: bytes, name: str) -> SourceProblem | None:
    try:
        source.decode(name)
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        message = f"byte {source[error.start]:#04x} is not {name.upper()}"
        if name.startswith("utf-8"):
            message += ", which Python expects (saved as Latin-1 or Windows-1252?)"
        return SourceProblem("encoding", message, _SAVE_AS_UTF8, line)
    return None


def _bad_declaration(source: bytes) -> SourceProblem:
    first, second = [*source.split(b"\n", 2), b""][:2]
    line = 1 if b"coding" in first or b"coding" not in second else 2
    message = "the encoding that this comment declares is unknown, or is not the file's"
    return SourceProblem("encoding", message, f"delete the comment and {_SAVE_AS_UTF8}", line)


def _decode(source: bytes) -> str:
    return source.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")


# --- Text that no Python program can be -------------------------------------------------------


def _check_text(text: str) -> SourceProblem | None:
    start = text.lstrip()
    if start.startswith("{") and '"cells"' in start and '"nbformat"' in start:
        return SourceProblem(
            "notebook",
            "the file is a Jupyter notebook, not Python source",
            "export it (File, Save and Export Notebook As, Executable Script) or copy the "
            "function into a .py file",
        )
    if start[:200].lower().startswith(("<!doctype", "<html", "<head", "<?xml")):
        return SourceProblem(
            "html",
            "the file is a web page, not Python source",
            "download the file itself (on GitHub: the button Raw), then hand that in",
        )
    return _check_first_line(text)


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


LANGUAGE = Language("python", (".py",), "grader.languages.python_driver", check_source, explain)
