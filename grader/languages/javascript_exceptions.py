"""What an engine says of an exception, as plain facts. Pure: texts in, `wire.Raised` out.

All of it may be the student's own words: a stack is a property like any other. What is kept is
a kind from a closed list, lines that the file has, and short texts.
"""

import json
import re
from dataclasses import dataclass

from grader.sandbox.faults import EXCEPTION_KINDS, MAX_MESSAGE, MAX_NAME, MAX_TRACE, Raised

_FRAME = re.compile(
    r"^ {4}at (?:(.{1,200}?) \()?<input>:(\d{1,9})(?::(\d{1,9}))?\)?$", re.MULTILINE
)

_OF_OTHER_TEXTS = ("", "<eval>")
"""Names of frames whose line is one of a text that was parsed or evaluated, not of the file."""

NEVER_CLOSED = "the file ends at the wrong place: a bracket is never closed, or closed twice"

_OUT_OF_MEMORY = "null"
"""What the engine throws where it lacks the memory to make an error of it."""


@dataclass(frozen=True, slots=True)
class File:
    """What is known of the submission: its lines, and whether it says `throw null` itself."""

    lines: int
    throws_null: bool = False


def raised(text: str, file: File) -> Raised:
    """Read what the prelude wrote of an exception: kind, own class, message, stack.

    The own class is false, true, or its name: it made the error, but that is not where it happened.
    """
    kind, own_class, message, stack = (json.loads(part) for part in text.split("\n"))
    if kind == _OUT_OF_MEMORY:
        kind = "Error" if file.throws_null else "MemoryError"
        message = "thrown: null" if file.throws_null else ""
    if kind == "InternalError" and message == "out of memory":
        kind = "MemoryError"
    trace = _trace(stack, file)
    while len(trace) > 1 and trace[-1][1] == own_class:
        trace = trace[:-1]
    return Raised(
        kind=kind if kind in EXCEPTION_KINDS else "Error",
        own_class=bool(own_class),
        line=trace[-1][0] if trace else None,
        message=message[:MAX_MESSAGE],
        trace=trace,
    )


def refused(text: str, file: File, head_columns: int) -> Raised:
    """Read what the engine itself says of a text that does not compile.

    `head_columns` is what stands before the file's own text in its first line.
    """
    said, _, _ = text.partition("\n")
    kind, _, message = said.partition(": ")
    places = [(int(line), int(column or 0)) for _, line, column in _FRAME.findall(text)]
    line, column = places[0] if places else (0, 0)
    if line == 1:
        column -= head_columns
    at_the_end = line > file.lines
    if at_the_end:
        message = NEVER_CLOSED
    return Raised(
        kind=kind if kind in EXCEPTION_KINDS else "SyntaxError",
        line=file.lines if at_the_end else line or None,
        message=(message or said)[:MAX_MESSAGE],
        column=column if column > 0 and not at_the_end else None,
    )


def _trace(stack: str, file: File) -> tuple[tuple[int, str], ...]:
    """Return the file's own frames, the outermost first."""
    frames = [
        (int(line), name[:MAX_NAME])
        for name, line, _ in _FRAME.findall(stack)
        if 1 <= int(line) <= file.lines and name not in _OF_OTHER_TEXTS
    ]
    return tuple(reversed(frames[:MAX_TRACE]))
