"""What the box returned for a submission, as bytes to keep, and back. Pure.

Evidence that was kept is marked again without a run when a tolerance or the points have changed.
It is ours: written here and read here alone, so that the reader trusts it. Each answer is
encoded by itself, within the bounds that it crossed the box's boundary with.
"""

import zlib
from collections.abc import Mapping
from typing import Any

from grader import values
from grader.languages import SourceProblem
from grader.marking import Evidence
from grader.outcome import CaseRun
from grader.runner import Run
from grader.sandbox import wire
from grader.verdict import Verdict

VERSION = 1

_MOST_BYTES = 1 << 30


def to_bytes(evidence: Evidence) -> bytes:
    """Return evidence as compressed bytes; the same evidence gives the same bytes."""
    problem = evidence.problem
    fields = (
        VERSION,
        _run(evidence.run),
        None if problem is None else (problem.kind, problem.message, problem.hint, problem.line),
        _attempts(evidence.alone),
        _attempts(evidence.again),
    )
    # Level 1 takes a third of the time of level 6, for a tenth more bytes.
    return zlib.compress(values.encode_trusted(fields), 1)


def from_bytes(data: bytes) -> Evidence | None:
    """Return what `to_bytes` was given; None where another version of it wrote the bytes."""
    version, *fields = values.decode_trusted(zlib.decompress(data))
    if version != VERSION:
        return None
    run, problem, alone, again = fields
    return Evidence(
        run=_run_of(run),
        problem=None if problem is None else SourceProblem(*problem),
        alone=_attempts_of(alone),
        again=_attempts_of(again),
    )


_Attempts = Mapping[int, tuple[tuple[CaseRun, ...], ...]]


def _run(run: Run) -> tuple[object, ...]:
    ready = None if run.ready is None else (run.ready.entry, run.ready.prints)
    return (_cases(run.cases), ready, _invalid(run.invalid), run.cpu_s, run.wall_s)


def _run_of(fields: Any) -> Run:
    cases, ready, invalid, cpu_s, wall_s = fields
    return Run(
        cases=_cases_of(cases),
        ready=None if ready is None else wire.Ready(*ready),
        invalid=_invalid_of(invalid),
        cpu_s=cpu_s,
        wall_s=wall_s,
    )


def _attempts(attempts: _Attempts) -> tuple[object, ...]:
    return tuple((index, tuple(map(_cases, runs))) for index, runs in sorted(attempts.items()))


def _attempts_of(fields: Any) -> _Attempts:
    return {index: tuple(map(_cases_of, runs)) for index, runs in fields}


def _cases(cases: tuple[CaseRun, ...]) -> tuple[object, ...]:
    """Return each different case once, and which of them stands where.

    Of a submission that was stopped, the cases that were not run are all the same.
    """
    places: dict[int, int] = {}
    different: list[tuple[object, ...]] = []
    order = []
    for case in cases:
        if id(case) not in places:
            places[id(case)] = len(different)
            different.append(_case(case))
        order.append(places[id(case)])
    return (tuple(different), tuple(order))


def _cases_of(fields: Any) -> tuple[CaseRun, ...]:
    different, order = fields
    cases = [_case_of(each) for each in different]
    return tuple(cases[place] for place in order)


def _case(case: CaseRun) -> tuple[object, ...]:
    verdict = None if case.verdict is None else case.verdict.value
    value = values.encode_trusted(case.value)
    raised = _raised(case.raised)
    return (verdict, case.message, value, raised, *case[4:])


def _case_of(fields: Any) -> CaseRun:
    verdict, message, value, raised, *rest = fields
    return CaseRun(
        None if verdict is None else Verdict(verdict),
        message,
        values.decode(value, values.DecodeLimits(max_bytes=_MOST_BYTES)),
        _raised_of(raised),
        *rest,
    )


def _raised(raised: wire.Raised | None) -> tuple[object, ...] | None:
    if raised is None:
        return None
    return (
        raised.kind,
        raised.own_class,
        raised.line,
        raised.message,
        raised.trace,
        raised.column,
        raised.prints,
    )


def _raised_of(fields: Any) -> wire.Raised | None:
    return None if fields is None else wire.Raised(*fields)


def _invalid(invalid: wire.Invalid | None) -> tuple[object, ...] | None:
    if invalid is None:
        return None
    return (invalid.reason.value, _raised(invalid.error), invalid.names, invalid.prints)


def _invalid_of(fields: Any) -> wire.Invalid | None:
    if fields is None:
        return None
    reason, error, names, prints = fields
    return wire.Invalid(wire.InvalidReason(reason), _raised_of(error), names, prints)
