"""Is this case accepted? One function per kind of check, from what the box returned. Pure.

It sees decoded values and times, knows the answers and calls no box. A function of the spec's
author runs here, in the judge, on plain floats of the right structure; whatever it raises but
an overflow is the author's fault (`AuthorError`), never a wrong answer.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from grader.agreement import agrees
from grader.compare import compare
from grader.dataset import CallData, CaseData, args_of
from grader.errors import AuthorError
from grader.exam import tolerance_of
from grader.form import Unlike, plain_form
from grader.mismatch import show
from grader.outcome import CaseRun
from grader.sandbox import wire
from grader.scale import NOTHING, OVERFLOW, Raising
from grader.spec import Challenge, Group, Grows, Holds, Matches, Raises, Relates, Space, Tolerance
from grader.verdict import Verdict

GROWTH_SLACK = 0.5
"""How far a measured order of growth may lie above the order that is asked for."""

_LEAST_TIME_S = 1e-3
"""A shorter time is taken for this: now and then a clock of another core's process reads 0."""


_RUNNING_AWAY = frozenset(
    ["OverflowError", "FloatingPointError", "ArithmeticError", "ValueError", "RuntimeWarning"]
)
"""What numbers beyond a float's range may raise: `math.fsum`, for one, has a ValueError for it."""


class Finding(NamedTuple):
    """The verdict on one case, with a sentence for whoever may see its values."""

    verdict: Verdict
    message: str | None = None


_ACCEPTED = Finding(Verdict.ACCEPTED)


def judge_case(
    challenge: Challenge, group: Group, case: CaseData, runs: Sequence[CaseRun]
) -> Finding:
    """Judge a case by its group's check; `runs` holds one entry per call of the case."""
    check = group.check
    if type(check) is Matches and runs[0].verdict is None:  # nearly always, so it comes first
        tolerance = check.tolerance or challenge.tolerance
        value = runs[0].value
        mismatch = compare(value, case.desired, case.scale, tolerance, case.finite, check.keys)
        return _ACCEPTED if mismatch is None else Finding(Verdict.WRONG_ANSWER, mismatch.detail)
    if isinstance(check, Raises):
        return _raises(check, runs[0])
    for run in runs:
        if run.verdict is not None:
            return _not_answered(run, case)
    match check:
        case Holds():
            return _holds(check, case, runs[0].value)
        case Relates():
            values = [run.value for run in runs]
            return _relates(check, tolerance_of(group, challenge), case, values)
        case Grows():
            return _grows(check, case, runs)
    raise AuthorError(f"nothing knows how to judge by {check!r}")


def public_group(space: Space) -> Group:
    """Return a group that judges inputs of a space, which are no cases and give no points."""
    return Group.model_construct(
        name="public", title="Public inputs", points=0.0, check=space.check, inputs_unchanged=False
    )


def _not_answered(run: CaseRun, case: CaseData) -> Finding:
    overflowed = run.raised is not None and run.raised.kind in _RUNNING_AWAY
    if overflowed and not case.finite:
        return _ACCEPTED
    return Finding(run.verdict or Verdict.JUDGE_ERROR, run.message)


def _raises(check: Raises, run: CaseRun) -> Finding:
    wanted = " or ".join(check.kinds)
    if run.raised is not None:
        if any(wire.is_a(run.raised.kind, kind) for kind in check.kinds):
            return _ACCEPTED
        return Finding(
            Verdict.WRONG_ANSWER,
            f"expected an exception of the kind {wanted}, got {run.raised.kind}: {check.message}",
        )
    if run.verdict is not None:
        return Finding(run.verdict, run.message)
    return Finding(
        Verdict.WRONG_ANSWER,
        f"expected an exception of the kind {wanted}, got {show(run.value)}: {check.message}",
    )


def _holds(check: Holds, case: CaseData, value: Any) -> Finding:
    try:
        plain = plain_form(value, case.desired)
    except Unlike as unlike:
        return Finding(Verdict.WRONG_ANSWER, unlike.mismatch.detail)
    answer = authors(check.holds, plain, *args_of(case))
    if not isinstance(answer, bool | np.bool_ | type(None)):
        raise AuthorError(f"the property {check.name!r} has to say True or False, not {answer!r}")
    return _ACCEPTED if answer else Finding(Verdict.WRONG_ANSWER, check.message)


def _relates(
    check: Relates, tolerance: Tolerance, case: CaseData, values: Sequence[Any]
) -> Finding:
    second = case.more[0]
    try:
        first = plain_form(values[0], case.desired)
        other = plain_form(values[1], second.desired)
    except Unlike as unlike:
        return Finding(Verdict.WRONG_ANSWER, unlike.mismatch.detail)
    expected = authors(check.expected, first, *args_of(case))
    if expected is not None and compare(other, expected, second.scale, tolerance) is None:
        return _ACCEPTED
    return Finding(Verdict.WRONG_ANSWER, check.message)


def _grows(check: Grows, case: CaseData, runs: Sequence[CaseRun]) -> Finding:
    calls: list[CaseData | CallData] = [case, *case.more]
    for run, call in zip(runs, calls, strict=True):
        if not _is_about(run.value, call.desired):
            return Finding(
                Verdict.WRONG_ANSWER,
                f"an answer is wrong, so that its time says nothing; {check.message}",
            )
    times = [run.cpu_s for run in runs]
    order = growth(times)
    if order <= check.order + GROWTH_SLACK:
        return _ACCEPTED
    shown = ", ".join(f"{seconds * 1e3:.1f} ms" for seconds in times)
    return Finding(
        Verdict.TIME_LIMIT_EXCEEDED,
        f"sizes {', '.join(map(str, check.sizes))} took {shown}: growth of order {order:.1f} "
        f"where {check.order:g} was expected; {check.message}",
    )


_SAMPLES = 32
_ABOUT = Tolerance(rtol=1e-3, atol=1e-6)


def _is_about(value: Any, desired: Any) -> bool:
    """Tell whether a long answer is the right one, by its structure and by some of its entries.

    Which time it took is what counts; but no answer at all would be the fastest.
    """
    if isinstance(desired, list | tuple) or (isinstance(desired, np.ndarray) and desired.ndim):
        if type(value) not in (list, tuple, np.ndarray) or np.ndim(desired) != 1:
            return type(value) is type(desired)
        if len(value) != len(desired):
            return False
        step = max(1, len(desired) // _SAMPLES)
        picked = range(len(desired) - 1, -1, -step)
        return all(agrees(value[i], desired[i], abs(desired[i]), _ABOUT) for i in picked)
    return agrees(value, desired, 0.0, _ABOUT)


def growth(times: Sequence[float]) -> float:
    """Return the order of growth from the CPU seconds of the sizes n, 4n and 16n.

    Over the whole range. The clock of a process on another core is now and then read late, so
    that a part of one call's time counts with the next: where the first is next to nothing, the
    second stands in for it.

    >>> round(growth([0.01, 0.16, 2.56]), 3)
    2.0
    """
    first, second, last = times
    if first < _LEAST_TIME_S:
        first = max(_LEAST_TIME_S, second / 8)
    return math.log(max(last, _LEAST_TIME_S) / first, 16)


def authors(function: Callable[..., Any], *args: Any) -> Any:
    """Call a function of the spec's author; None where numbers overflow, which no answer may."""
    try:
        with np.errstate(all="ignore"):
            return function(*args)
    except OverflowError:
        return None
    except Exception as error:
        name = getattr(function, "__name__", repr(function))
        raise AuthorError(
            f"the spec's function {name} raised {type(error).__name__}: {error}"
        ) from error


def outcome_run(outcome: Any) -> CaseRun:
    """Return what a call in this process came to, as if the box had returned it."""
    if outcome is NOTHING:
        return CaseRun(Verdict.TIME_LIMIT_EXCEEDED)
    if outcome is OVERFLOW:
        return CaseRun(Verdict.RUNTIME_ERROR, raised=wire.Raised("OverflowError"))
    if isinstance(outcome, Raising):
        return CaseRun(Verdict.RUNTIME_ERROR, raised=wire.Raised(outcome.kinds[0]))
    return CaseRun(None, value=outcome)


def accepts(
    challenge: Challenge, group: Group, case: CaseData, run: Callable[[CaseData | CallData], Any]
) -> bool:
    """Tell whether a program of ours passes a case; `run` answers one call's data."""
    calls: list[CaseData | CallData] = [case, *case.more]
    runs = [outcome_run(run(call)) for call in calls]
    return judge_case(challenge, group, case, runs).verdict is Verdict.ACCEPTED
