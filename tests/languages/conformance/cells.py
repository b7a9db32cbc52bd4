"""The cells of the table, and the outcomes that they are held against."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.runner import Run
from grader.sandbox.faults import InvalidReason
from grader.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Gives:
    """A value comes back, with what was printed on the way; `changed` says it of the inputs."""

    value: Any = None
    prints: str = ""
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Raises:
    """An exception comes back. What is None is not looked at; `message` is a part of it."""

    kind: str
    line: int | None = None
    own_class: bool = False
    message: str = ""
    trace: tuple[tuple[int, str], ...] | None = None
    prints: str = ""


@dataclass(frozen=True, slots=True)
class Stops:
    """The case ends in a verdict; `message` is a part of what is said of it."""

    verdict: Verdict
    message: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """The file cannot be called. What is None is not looked at."""

    reason: InvalidReason
    names: tuple[str, ...] | None = None
    kind: str | None = None
    line: int | None = None
    prints: str = ""


Outcome = Gives | Raises | Stops | Refused


@dataclass(frozen=True, slots=True)
class Cell:
    """How a language says a row: sources that all have to do the same.

    A source is a text, bytes, or either with a file name. `expected` is the language's own,
    one outcome for each call, where it differs from the row's.
    """

    sources: tuple[str | bytes | tuple[str, str | bytes], ...]
    expected: tuple[Outcome, ...] | None = None


@dataclass(frozen=True, slots=True)
class Absent:
    """Why a row makes no sense in a language."""

    reason: str


Column = dict[str, Cell | Absent]


def cell(*sources: str | bytes | tuple[str, str | bytes]) -> Cell:
    return Cell(sources)


def giving(value: object, *sources: str) -> Cell:
    """Return a cell whose sources return the language's own form of the row's value."""
    return Cell(sources, (Gives(value),))


def raising(outcome: Raises | Refused, *sources: str | bytes | tuple[str, str | bytes]) -> Cell:
    return Cell(sources, (outcome,))


def outcomes(run: Run, expected: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    """Return what came of a run's calls, in as much detail as is expected of each."""
    return tuple(
        _outcome(run, index, wanted)
        for index, wanted in zip(range(len(run.cases)), expected, strict=True)
    )


def _outcome(run: Run, index: int, wanted: Outcome) -> Outcome:
    case = run.cases[index]
    if run.invalid is not None and isinstance(wanted, Refused):
        error = run.invalid.error
        return Refused(
            run.invalid.reason,
            run.invalid.names if wanted.names is not None else None,
            error.kind if error and wanted.kind is not None else None,
            error.line if error and wanted.line is not None else None,
            run.invalid.prints,
        )
    if case.verdict is None:
        return Gives(case.value, case.prints, case.inputs_changed)
    if case.raised is not None and isinstance(wanted, Raises):
        raised = case.raised
        return Raises(
            raised.kind,
            raised.line if wanted.line is not None else None,
            raised.own_class,
            wanted.message if wanted.message in raised.message else raised.message,
            raised.trace if wanted.trace is not None else None,
            raised.prints,
        )
    said = case.message or ""
    part = wanted.message if isinstance(wanted, Stops) and wanted.message in said else said
    return Stops(case.verdict, part)


def comparable(value: Any, exact: bool) -> object:
    """Return a value so that `==` tells what matters: not a number is itself, -0.0 is not 0.0.

    With `exact` a number's type matters too, for a language that has more than one.
    """
    if isinstance(value, Gives):
        return ("gives", comparable(value.value, exact), value.prints, value.changed)
    if isinstance(value, np.ndarray):
        dtype = str(value.dtype) if exact else "number"
        return ("array", dtype, value.shape, comparable(value.tolist(), exact))
    if type(value) in (list, tuple):
        return (type(value).__name__, [comparable(entry, exact) for entry in value])
    if type(value) is dict:
        return {key: comparable(entry, exact) for key, entry in value.items()}
    if type(value) in (int, float) and not exact:
        return repr(float(value))
    if type(value) in (int, float, complex):
        return f"{type(value).__name__} {value!r}"
    return value
