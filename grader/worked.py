"""Works an input out by hand: what a reference's variables become, step by step.

Runs our own reference in this process under a trace function, on an input that is public. It
tells only the variables that the challenge's author has named, never a line of code.
"""

import sys
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import numpy as np

from grader.agreement import number
from grader.declared import Args

MOST_STEPS = 12
_MOST_ENTRIES = 6


def steps(function: Callable[..., Any], args: Args, names: Sequence[str]) -> tuple[str, ...]:
    """Return what the variables `names` become in a call, in order, a line for each round.

    A line ends when the variable that stands last in `names` changes, or another one changes a
    second time; it holds all of them, as they are then. At most `MOST_STEPS` lines; a last one
    says if there are more.
    """
    seen: list[tuple[str, str]] = []
    _watch(function, args, names, seen)
    lines = _rounds(seen, names) if names else []
    if len(lines) > MOST_STEPS:
        return (*lines[:MOST_STEPS], f"... and {len(lines) - MOST_STEPS} more")
    return tuple(lines)


def _watch(
    function: Callable[..., Any], args: Args, names: Sequence[str], seen: list[tuple[str, str]]
) -> None:
    """Append (name, value) to `seen` whenever a line has changed one of the variables."""
    code = getattr(function, "__code__", None)
    known: dict[str, str] = {}

    def look(frame: FrameType) -> None:
        for name in names:
            # By its text: a list may have been changed in place.
            if name in frame.f_locals and known.get(name) != repr(frame.f_locals[name]):
                known[name] = repr(frame.f_locals[name])
                seen.append((name, _text(frame.f_locals[name])))

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code is not code:
            return None
        if event in ("line", "return"):
            look(frame)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        function(*args)
    except Exception:
        # An expected error: the steps up to it are what there is to see.
        return
    finally:
        sys.settrace(before)


def _rounds(seen: Sequence[tuple[str, str]], names: Sequence[str]) -> list[str]:
    """Put the changes on lines; each shows every variable that is known by then."""
    lines: list[str] = []
    known: dict[str, str] = {}
    changed: set[str] = set()
    for name, text in seen:
        if name in changed:
            lines.append(_line(known, names))
            changed.clear()
        known[name] = text
        changed.add(name)
        if name == names[-1]:
            lines.append(_line(known, names))
            changed.clear()
    return [*lines, _line(known, names)] if changed else lines


def _line(known: dict[str, str], names: Sequence[str]) -> str:
    return ", ".join(f"{name} = {known[name]}" for name in names if name in known)


def _text(value: Any) -> str:
    """Show a value to six digits, as a statement's table does."""
    if (plain := number(value)) is not None:
        return f"{plain:.6g}"
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list | tuple):
        more = ", ..." if len(value) > _MOST_ENTRIES else ""
        return f"[{', '.join(map(_text, value[:_MOST_ENTRIES]))}{more}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_text(entry)}" for key, entry in value.items()) + "}"
    return str(value)
