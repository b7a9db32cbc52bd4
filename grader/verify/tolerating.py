"""Does the tolerance lie between the noise of right programs and the nearest wrong one?

Both are measured in units of a case's error scale S. The noise ceiling is the largest error of
computations that are equivalent to the reference: other precisions, other orders, moved by one
unit in the last place, and every submission that was accepted. The bug floor is the smallest
error of a program that is known to be wrong, each taken where it shows most.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from grader.agreement import flat
from grader.checking import accepts
from grader.dataset import args_of, seeded
from grader.declared import MARGIN, Tolerance
from grader.errors import AuthorError
from grader.exam import Question
from grader.known import Family, Program
from grader.noise import measure
from grader.scale import outcome_of
from grader.spec import Grows, Holds, Matches, Raises
from grader.verify.certificate import Chance, Fault, Noise
from grader.verify.soundness import Shipped
from grader.verify.subject import Subject

ACCEPTED = "accepted submissions"
RUNS = 1000
MOST_FAILURES = 1e-2
_WIDEST = 16.0
"""A tolerance may be this many times the one that would be derived from what is measured here."""

_DRIFT = 2.0
"""Stored evidence may be this many times away from what is measured under another secret."""


def noise(
    subject: Subject, entries: Sequence[Shipped], equivalents: Sequence[str]
) -> tuple[Noise | None, list[Fault]]:
    """Measure both ends of the gap; None where no group compares numbers with the reference."""
    numeric = _numeric_calls(subject)
    if not numeric or subject.challenge.runs > 1:
        return None, []
    by_kind, unfair = _by_kind(subject, numeric)
    by_kind[ACCEPTED] = _of_submissions(subject, entries)
    floor, nearest = _floor(subject, numeric, equivalents)
    tolerance = subject.challenge.tolerance
    ceiling = max(by_kind.values())
    known = Noise(ceiling, floor, nearest, by_kind, tolerance.rtol, tolerance.atol)
    return known, [*unfair, *_misplaced(known, tolerance)]


def _numeric_calls(subject: Subject) -> list[int]:
    """Return the calls whose answers are compared with the reference's within the tolerance."""
    return [
        index
        for index, call in enumerate(subject.exam.calls)
        if call.decides
        and not isinstance(
            subject.exam.questions[call.question].group.check, Holds | Raises | Grows
        )
        and _has_numbers(call.data.desired)
    ]


def _has_numbers(value: Any) -> bool:
    numbers = flat(value)
    return numbers is not None and len(numbers) > 0


def _by_kind(subject: Subject, calls: Sequence[int]) -> tuple[dict[str, float], list[Fault]]:
    """Return the largest error of each kind; name the cases that rounding alone could decide."""
    worst: dict[str, float] = {}
    faults = []
    for index in calls:
        call = subject.exam.calls[index]

        def fresh(data: Any = call.data) -> Sequence[Any]:
            return args_of(data)

        try:
            found = measure(subject.challenge.reference, fresh, call.data.desired, call.data.scale)
        except AuthorError as error:
            return worst, [Fault("tolerance", f"the noise cannot be measured: {error}")]
        for kind, error_in_s in found.items():
            worst[str(kind)] = max(worst.get(str(kind), 0.0), error_in_s)
        if max(found.values(), default=0.0) * MARGIN > call.tolerance.rtol:
            faults.append(_unfair(subject, index, max(found.values())))
    return worst, faults


def _unfair(subject: Subject, index: int, error_in_s: float) -> Fault:
    question = subject.exam.questions[subject.exam.calls[index].question]
    return Fault(
        "tolerance",
        f"case {question.data.name!r} of group {question.group.name!r} is unfair: rounding alone "
        f"moves its answer by {error_in_s:.2g} S, and the tolerance has to be {MARGIN:g} times "
        "that: draw milder data",
    )


def _of_submissions(subject: Subject, entries: Sequence[Shipped]) -> float:
    """Return the largest error, in S, of the accepted submissions on cases of one call."""
    errors = [
        error_in_s
        for entry in entries
        if entry.expected == "accepted" and entry.result.verdict == "accepted"
        for _, error_in_s in errors_of(subject, entry)
    ]
    return max(errors, default=0.0)


def errors_of(subject: Subject, entry: Shipped) -> Iterator[tuple[Question, float]]:
    """Yield how far a submission's answers are from the reference's, in S, where values decide."""
    plain = {
        (question.group.name, question.data.name): question
        for question in subject.exam.questions
        if isinstance(question.group.check, Matches)
        and question.data.finite
        and _has_numbers(question.data.desired)
    }
    for group in entry.result.groups:
        for case in group.cases:
            question = plain.get((group.name, case.name))
            if question is not None:
                data = question.data
                yield question, distance(case.actual, data.desired, data.scale)


def distance(actual: Any, desired: Any, scale: Any) -> float:
    """Return the largest |actual - desired| / S among the numbers of two values; inf if unlike."""
    one, other, size = flat(actual), flat(desired), flat(scale)
    if one is None or other is None or size is None or len(one) != len(other):
        return math.inf
    with np.errstate(all="ignore"):
        gaps = np.abs(one - other)
        ratios = np.where(gaps == 0, 0.0, gaps / size)
    return float(np.max(np.where(np.isnan(ratios), math.inf, ratios), initial=0.0))


def _floor(subject: Subject, calls: Sequence[int], equivalents: Sequence[str]) -> tuple[float, str]:
    """Return how near the nearest wrong program comes where it shows most, and which it is."""
    hidden = [
        index
        for index in calls
        if not subject.exam.questions[subject.exam.calls[index].question].is_visible
    ]
    nearest = (math.inf, "none")
    for name, program in _wrong_programs(subject, equivalents):
        most = 0.0
        for index in hidden:
            data = subject.exam.calls[index].data
            answer = subject.known.answer(program, index)
            most = max(most, distance(answer, data.desired, data.scale))
            if most >= nearest[0]:
                break
        # One that differs in no such call differs elsewhere: an error that is not raised, a time.
        if 0 < most < nearest[0]:
            nearest = most, name
    return nearest


def _wrong_programs(subject: Subject, equivalents: Sequence[str]) -> Iterator[tuple[str, Program]]:
    for program in subject.known.programs(Family.VARIANT):
        yield f"the misconception {program.entries[0].id!r}", program
    for program in subject.known.programs(Family.MUTANT):
        if program.change[1] not in equivalents:
            yield f"the mutant in which {program.change[1]}", program


def _misplaced(known: Noise, tolerance: Tolerance) -> Iterator[Fault]:
    gap = f"noise {known.ceiling:.2g} S, bug floor {known.floor:.2g} S ({known.nearest})"
    if known.ceiling * MARGIN * MARGIN > known.floor:
        yield Fault("tolerance", f"noise and bugs overlap, so that no tolerance is fair: {gap}")
        return
    wanted = (
        f"Tolerance.derived(noise_ceiling={known.ceiling:.1e}, bug_floor={known.floor:.1e}) "
        "would fit"
    )
    if known.ceiling * MARGIN > tolerance.rtol:
        yield Fault("tolerance", f"rtol {tolerance.rtol:.2g} is too narrow: {gap}; {wanted}")
    fitting = Tolerance.derived(noise_ceiling=known.ceiling, bug_floor=known.floor).rtol
    if tolerance.rtol * MARGIN > known.floor or tolerance.rtol > _WIDEST * fitting:
        yield Fault("tolerance", f"rtol {tolerance.rtol:.2g} is too wide: {gap}; {wanted}")
    stored = tolerance.noise_ceiling, tolerance.bug_floor
    if stored[0] is not None and known.ceiling > _DRIFT * stored[0]:
        yield Fault(
            "tolerance", f"the stored noise ceiling {stored[0]:.1e} is out of date: {wanted}"
        )
    if stored[1] is not None and known.floor < stored[1] / _DRIFT:
        yield Fault("tolerance", f"the stored bug floor {stored[1]:.1e} is out of date: {wanted}")


def chance(subject: Subject) -> tuple[Chance | None, list[Fault]]:
    """Run a random reference a thousand times: a right program must hardly ever fail by chance."""
    if subject.challenge.runs == 1:
        return None, []
    failures = sum(not _passes_all(subject, seed) for seed in range(RUNS))
    known = Chance(RUNS, failures, upper_bound(failures, RUNS))
    if known.bound <= MOST_FAILURES:
        return known, []
    return known, [
        Fault(
            "chance",
            f"the reference fails {failures} of {RUNS} runs: up to {known.bound:.2g} of all runs "
            f"(95 %), where at most {MOST_FAILURES:g} are fair: widen what is accepted, or let it "
            "train longer",
        )
    ]


def _passes_all(subject: Subject, seed: int) -> bool:
    def run(call: Any) -> Any:
        return outcome_of(subject.challenge.reference, args_of(call))

    with seeded(seed):
        return all(
            accepts(subject.challenge, question.group, question.data, run)
            for question in subject.exam.questions
            if isinstance(question.group.check, Holds)
        )


def upper_bound(failures: int, runs: int, confidence: float = 0.95) -> float:
    """Return the p for which so few failures in so many runs have a probability of 1 - confidence.

    >>> round(upper_bound(0, 1000), 5)
    0.00299
    """
    low, high = failures / runs, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(failures, runs, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def _at_most(failures: int, runs: int, p: float) -> float:
    """Return the probability of at most `failures` among `runs`."""
    return sum(math.comb(runs, k) * p**k * (1 - p) ** (runs - k) for k in range(failures + 1))
