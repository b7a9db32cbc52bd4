"""What a syntax error means: Python's own words, unless the file shows a well-known accident.

Works on the text and on what the compiler in the box said. An accident is named only where
the very line that the compiler stopped at (or the message) shows it, so that a docstring
that quotes Markdown is not taken for the cause of a missing bracket.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from grader.languages import SourceProblem
from grader.sandbox.faults import Raised

_LINE_LOOKED_AT = 300


def source_lines(text: str) -> list[str]:
    """Split as Python counts lines; `str.splitlines` splits at a form feed as well."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


@dataclass(frozen=True, slots=True)
class _Failure:
    """Where the compiler stopped. `line` counts from 1 and is 0 where it did not say."""

    lines: list[str]
    line: int
    kind: str
    message: str

    @property
    def here(self) -> str:
        """The line, as far as it is looked at: patterns below backtrack over long ones."""
        return self.lines[self.line - 1][:_LINE_LOOKED_AT] if self._is_in_the_file() else ""

    def before(self) -> list[str]:
        """The line and up to two before it, blank ones left out."""
        return [line for line in self.lines[: self.line] if line.strip()][-3:]

    def _is_in_the_file(self) -> bool:
        return 0 < self.line <= len(self.lines)


def explain_syntax_error(text: str, error: Raised) -> SourceProblem:
    """Explain why the compiler refused `text`; `error` is what it raised."""
    failure = _Failure(source_lines(text), error.line or 0, error.kind, error.message)
    for recognise in _ACCIDENTS:
        problem = recognise(failure)
        if problem is not None:
            return problem
    return SourceProblem(
        "syntax",
        f"Python cannot read the file: {error.message or error.kind}",
        "look at this line and at the one before it" if error.line else "check the whole file",
        error.line,
    )


def markdown_problem(line: int) -> SourceProblem:
    """The code is wrapped in Markdown; `line` is a fence or prose."""
    return SourceProblem(
        "markdown",
        "the code is wrapped in Markdown, which is not Python",
        "delete the lines with ``` and the prose outside of them",
        line,
    )


def transcript_problem(line: int) -> SourceProblem:
    """The file is a copy of an interactive session; `line` has a prompt."""
    return SourceProblem(
        "transcript",
        "this is a copy of an interactive session: `>>>` is Python's prompt, not code",
        "delete the prompts and the printed results",
        line,
    )


def _too_deep(failure: _Failure) -> SourceProblem | None:
    if failure.kind not in ("RecursionError", "MemoryError") and "nested" not in failure.message:
        return None
    message = "the code is nested too deeply for Python to read"
    hint = "split the longest expression, or the deepest nesting, into several statements"
    return SourceProblem("too_deep", message, hint, failure.line or None)


def _markdown(failure: _Failure) -> SourceProblem | None:
    """The line is a fence, or it is prose before the first of several fences."""
    if failure.here.lstrip().startswith(("```", "~~~")):
        return markdown_problem(failure.line)
    fences = [n for n, line in enumerate(failure.lines, 1) if line.startswith("```")]
    if len(fences) < 2 or failure.line > fences[0]:
        return None
    before = failure.lines[: fences[0] - 1]
    quoted = any(quotes in line for line in before for quotes in ('"""', "'''"))
    return None if quoted else markdown_problem(fences[0])


def _conflict(failure: _Failure) -> SourceProblem | None:
    for number in (failure.line, failure.line + 1):
        line = failure.lines[number - 1] if 0 < number <= len(failure.lines) else ""
        if re.match(r"(<{7}|={7}|>{7})( |$)", line):
            return SourceProblem(
                "merge_conflict",
                "a merge conflict was left in the file",
                "keep one of the two versions and delete the lines <<<<<<<, ======= and >>>>>>>",
                number,
            )
    return None


def _transcript(failure: _Failure) -> SourceProblem | None:
    if failure.here.lstrip().startswith(">>>"):
        return transcript_problem(failure.line)
    return None


def _numbered(failure: _Failure) -> SourceProblem | None:
    head = [line for line in failure.lines if line.strip()][:5]
    numbers = [re.match(r"\s*(\d{1,4})[.:|)]?\s+\S", line) for line in head]
    found = [int(match[1]) for match in numbers if match]
    if len(found) < 2 or len(found) < len(head) or found != sorted(set(found)):
        return None
    message = "every line begins with its number, which is not part of the code"
    return SourceProblem("line_numbers", message, "copy the code without them", failure.line)


_LOOK_ALIKES = {
    "QUOTATION": "type a plain quote (' or \") in its place",
    "APOSTROPHE": "type a plain quote (' or \") in its place",
    "PRIME": "type a plain quote (' or \") in its place",
    "SPACE": "type an ordinary space in its place, or delete it",
    "BYTE ORDER": "delete it",
    "MINUS": "type an ordinary - in its place",
    "DASH": "type an ordinary - in its place",
    "HYPHEN": "type an ordinary - in its place",
    "MULTIPLICATION": "type * in its place",
}


def _character(failure: _Failure) -> SourceProblem | None:
    match = re.search(r"\bU\+([0-9A-F]{4,5})\b", failure.message)
    if match is None or not failure.message.startswith("invalid"):
        return None
    character = chr(int(match[1], 16))
    name = unicodedata.name(character, "a control character")
    shown = f" ({character})" if character.isprintable() and not character.isspace() else ""
    hint = next((text for part, text in _LOOK_ALIKES.items() if part in name), "delete it")
    return SourceProblem(
        "character",
        f"U+{match[1]} {name}{shown} is not a character of Python's, though it may look like one "
        "(pasted from a PDF, a chat or a word processor?)",
        hint,
        failure.line,
    )


def _tabs(failure: _Failure) -> SourceProblem | None:
    first_characters = {line[0] for line in failure.before()}
    mixed = failure.kind == "IndentationError" and {" ", "\t"} <= first_characters
    if failure.kind != "TabError" and not mixed:
        return None
    message = "tabs and spaces are mixed in the indentation"
    hint = "indent with four spaces throughout (most editors: Convert Indentation to Spaces)"
    return SourceProblem("tabs", message, hint, failure.line)


_PYTHON_2 = (
    (r"\s*print\b\s*[^\s(=.,)\]:]", "print is a function: print(…)"),
    (r"\s*exec\s+[\w\"']", "exec is a function: exec(…)"),
    (r"\s*except\s+[\w.]+\s*,\s*\w+\s*:", "write `except Error as e:`"),
    (r"\s*raise\s+[\w.]+\s*,", "write `raise Error(…)`"),
    (r"[^'\"#]*<>", "write != for <>"),
    (r"[^'\"#]*`[^`]+`", "write repr(…) for `…`"),
    (r"[^'\"#]*(?<![\w.])\d+[lL]\b", "write 1 for 1L: every int is long"),
    (r"[^'\"#]*(?<![\w.])0\d+(?![\w.])", "write 0o17 for the octal number 017"),
    (r"[^'\"#]*\bur['\"]", "write r'…' for ur'…'"),
)


def _python_2(failure: _Failure) -> SourceProblem | None:
    for pattern, hint in _PYTHON_2:
        if re.match(pattern, failure.here):
            message = "this is Python 2; the file is run by Python 3"
            return SourceProblem("python2", message, hint, failure.line)
    return None


_OTHER_LANGUAGES = (
    (
        r"\s*(export\s+)?(default\s+)?(async\s+)?function\b\s*\w*\s*\("
        r"|\s*(export\s+)?(const|let|var)\s+[\w{\[]|\s*import\s.*\bfrom\s+['\"]"
        r"|.*=\s*\(?[\w, ]*\)?\s*=>"
        r"|\s*['\"]use strict['\"];",
        "JavaScript",
    ),
    (r"\s*#\s*include\s*[<\"]|\s*(double|float|int|void)\s+\w+\s*\(", "C or C++"),
    (r"\s*(public|private|static)\s+(class|static|final|double|void|int)\b|package\s", "Java"),
    (r"\s*function\s+.*=\s*\w+\s*\(|\s*\w+\s*<-\s*function", "MATLAB or R"),
    (r"\s*(function|using)\s+\w+.*|\s*end\s*$", "Julia"),
)


def _other_language(failure: _Failure) -> SourceProblem | None:
    a_comment = failure.here.lstrip().startswith(("//", "/*"))
    for line in failure.lines[:50] if a_comment else [failure.here]:
        for pattern, name in _OTHER_LANGUAGES:
            if re.match(pattern, line[:_LINE_LOOKED_AT]):
                message = f"this looks like {name}, in a file that is run as Python"
                hint = "write it in Python, or give the file its own language's suffix"
                return SourceProblem("other_language", message, hint, failure.line)
    if not a_comment:
        return None
    message = "a comment in Python begins with #, not with // or /*"
    return SourceProblem("comment", message, "write # in its place", failure.line)


def _indentation(failure: _Failure) -> SourceProblem | None:
    if failure.kind != "IndentationError":
        return None
    message = f"the indentation is wrong here: {failure.message}"
    hint = "the lines of one block begin in the same column; use four spaces for each level"
    return SourceProblem("indentation", message, hint, failure.line)


_ACCIDENTS: tuple[Callable[[_Failure], SourceProblem | None], ...] = (
    _too_deep,
    _conflict,
    _transcript,
    _numbered,
    _character,
    _tabs,
    _markdown,
    _other_language,
    _python_2,
    _indentation,
)
