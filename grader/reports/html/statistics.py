"""What a class has done, in figures: pure functions, and a tally that results are added to.

A tally keeps of each result a line and sums, never the result itself, so that its size does not
depend on how many cases there are and what came back in them.

Cases are judged as test theory judges items. Difficulty: the share of submissions that a case
accepts. Discrimination: the point-biserial correlation of a case with the points that a
submission got for everything else; a case that only the better ones pass is near 1, one that
tells nothing near 0, one that the better ones fail is below 0, and wants a look. Submissions that
could not be run, or not be judged, say nothing of a case and are left out of both.
"""

import hashlib
import json
import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from grader.diagnosis import Kind
from grader.jsonable import shown
from grader.reports import values
from grader.result import CaseResult, SubmissionResult
from grader.verdict import Verdict, Visibility

BINS = 10
DIGITS = 6
"""Numbers that are equal to so many digits are the same behaviour."""

_EXPLAINING: frozenset[Kind] = frozenset({"state", "misconception", "mutant", "shape", "interface"})
"""Kinds that say why; a property that does not hold or an example only shows that."""

_FAILING = (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)
_NOT_RUN = (Verdict.JUDGE_ERROR, Verdict.INVALID_SUBMISSION)
_LEAST_SPREAD = 1e-9
_SAMPLE_LIMIT = 300


class Standing(NamedTuple):
    """One submission in a line. `first` is the title of its first explanation, or empty."""

    name: str
    verdict: Verdict
    score: float | None
    max_score: float
    cpu_s: float
    flaky: int
    first: str


class Reason(NamedTuple):
    """An explanation with the names of the submissions that it explains."""

    kind: Kind
    id: str
    title: str
    hint: str
    names: list[str]


@dataclass(slots=True)
class CaseFigures:
    """How one case was answered; `accepted` of `judged`, the rest of the points as sums."""

    group: str
    name: str
    judged: int = 0
    accepted: int = 0
    skipped: int = 0
    flaky: int = 0
    rest: float = 0.0
    rest_squared: float = 0.0
    rest_accepted: float = 0.0

    def add(self, case: CaseResult, rest: float) -> None:
        """Count a case of a submission that got `rest` points for everything else."""
        self.flaky += case.flaky
        if case.verdict is Verdict.SKIPPED:
            self.skipped += 1
            return
        self.judged += 1
        self.rest += rest
        self.rest_squared += rest * rest
        if case.verdict is Verdict.ACCEPTED:
            self.accepted += 1
            self.rest_accepted += rest

    @property
    def share(self) -> float | None:
        """The share of submissions that it accepts; None where none was judged."""
        return self.accepted / self.judged if self.judged else None

    @property
    def discrimination(self) -> float | None:
        """The point-biserial correlation with the rest; None where either does not vary.

        >>> figures = CaseFigures("g", "c", 4, 2, rest=20, rest_squared=200, rest_accepted=20)
        >>> figures.discrimination
        1.0
        """
        failed = self.judged - self.accepted
        if not (self.accepted and failed):
            return None
        mean = self.rest / self.judged
        variance = self.rest_squared / self.judged - mean * mean
        if variance <= _LEAST_SPREAD * max(1.0, mean * mean):
            return None
        between = self.rest_accepted / self.accepted - (self.rest - self.rest_accepted) / failed
        weight = math.sqrt(self.accepted * failed) / self.judged
        return min(1.0, max(-1.0, between * weight / math.sqrt(variance)))


@dataclass(slots=True)
class GroupFigures:
    """How one group was answered, in points."""

    title: str
    visible: bool
    max_score: float
    judged: int = 0
    points: float = 0.0

    @property
    def share(self) -> float | None:
        """The share of its points that a submission got on average; None if it has none to give."""
        full = self.judged * self.max_score
        return self.points / full if full else None


class Sample(NamedTuple):
    """The first case that a submission fails, as short texts; empty where there is none."""

    group: str = ""
    case: str = ""
    message: str = ""
    expected: str = ""
    got: str = ""


@dataclass(slots=True)
class Cluster:
    """Submissions that fail in the same way, for which nothing says why."""

    sample: Sample
    names: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """A class, one result after the other."""

    standings: list[Standing] = field(default_factory=list)
    challenges: set[str] = field(default_factory=set)
    languages: dict[str, int] = field(default_factory=dict)
    reasons: dict[tuple[Kind, str], Reason] = field(default_factory=dict)
    clusters: dict[str, Cluster] = field(default_factory=dict)
    judge_errors: dict[str, str] = field(default_factory=dict)
    cases: dict[tuple[str, int], CaseFigures] = field(default_factory=dict)
    groups: dict[str, GroupFigures] = field(default_factory=dict)

    def add(self, result: SubmissionResult) -> None:
        """Count one result; nothing of it is kept beyond its line and bounded samples."""
        self.standings.append(_standing(result))
        self.challenges.add(result.challenge)
        self.languages[result.language] = self.languages.get(result.language, 0) + 1
        if result.verdict is Verdict.JUDGE_ERROR:
            self.judge_errors[result.submission] = _first_message(result)
        if result.verdict not in _NOT_RUN:
            self._add_items(result)
        for entry in result.diagnosis:
            if entry.kind != "counterexample":
                key = (entry.kind, entry.id)
                reason = Reason(entry.kind, entry.id, entry.title, entry.hint, [])
                self.reasons.setdefault(key, reason).names.append(result.submission)
        if is_unexplained(result):
            cluster = self.clusters.setdefault(behaviour(result), Cluster(_sample(result)))
            cluster.names.append(result.submission)

    def _add_items(self, result: SubmissionResult) -> None:
        for group in result.groups:
            figures = self.groups.setdefault(
                group.name,
                GroupFigures(group.title, group.visibility is Visibility.VISIBLE, group.max_score),
            )
            figures.judged += 1
            figures.points += group.score or 0.0
            for position, case in enumerate(group.cases):
                entry = self.cases.setdefault(
                    (group.name, position), CaseFigures(group.title, case.name)
                )
                entry.add(case, (result.score or 0.0) - (case.score or 0.0))


def tally(results: Iterable[SubmissionResult]) -> Tally:
    """Return the tally of all results, in one pass."""
    found = Tally()
    for result in results:
        found.add(result)
    return found


def _standing(result: SubmissionResult) -> Standing:
    first = result.diagnosis[0].title if result.diagnosis else ""
    return Standing(
        name=result.submission,
        verdict=result.verdict,
        score=result.score,
        max_score=result.max_score,
        cpu_s=result.cpu_s,
        flaky=sum(case.flaky for group in result.groups for case in group.cases),
        first="" if result.verdict is Verdict.ACCEPTED else first,
    )


def _first_message(result: SubmissionResult) -> str:
    messages = (
        case.message[:_SAMPLE_LIMIT]
        for group in result.groups
        for case in group.cases
        if case.verdict is Verdict.JUDGE_ERROR and case.message is not None
    )
    return next(messages, "")


def shares(standings: Iterable[Standing]) -> list[float]:
    """Return each score as a share of its maximum; a judge error has none."""
    return [
        each.score / each.max_score
        for each in standings
        if each.score is not None and each.max_score > 0
    ]


def distribution(fractions: Iterable[float], bins: int = BINS) -> list[int]:
    """Count shares from 0 to 1 in `bins` equal ranges; each holds its lower end, the last 1 too.

    >>> distribution([0.0, 0.05, 0.1, 0.95, 1.0])
    [2, 1, 0, 0, 0, 0, 0, 0, 0, 2]
    """
    edges = [edge / bins for edge in range(1, bins)]
    counts = [0] * bins
    for fraction in fractions:
        counts[bisect_right(edges, fraction)] += 1
    return counts


def quantile(numbers: Sequence[float], share: float) -> float:
    """Return the value below which `share` of the numbers lie, between two of them linearly.

    >>> quantile([1.0, 2.0, 3.0, 10.0], 0.5)
    2.5
    """
    return float(np.quantile(numbers, share))


def hardest(cases: Iterable[CaseFigures], most: int) -> list[CaseFigures]:
    """Return the cases that fewest submissions pass, among those that not all pass."""
    failing = [case for case in cases if case.accepted < case.judged]
    return sorted(failing, key=lambda case: case.share or 0.0)[:most]


def doubtful(cases: Iterable[CaseFigures], below: float, most: int) -> list[CaseFigures]:
    """Return the cases that tell least: their discrimination is under `below`, lowest first."""
    found = [
        (figure, case)
        for case in cases
        if (figure := case.discrimination) is not None and figure < below
    ]
    return [case for _, case in sorted(found, key=lambda pair: pair[0])[:most]]


def by_size(reasons: Iterable[Reason], kinds: Iterable[Kind]) -> list[Reason]:
    """Return the explanations of the given kinds, those of most submissions first."""
    wanted = [reason for reason in reasons if reason.kind in kinds]
    return sorted(wanted, key=lambda reason: (-len(reason.names), reason.id))


def clusters_by_size(clusters: Iterable[Cluster]) -> list[Cluster]:
    return sorted(clusters, key=lambda cluster: (-len(cluster.names), cluster.names[0]))


def is_unexplained(result: SubmissionResult) -> bool:
    """Tell whether a submission's answers are wrong and nothing says why."""
    return result.verdict in _FAILING and not any(
        entry.kind in _EXPLAINING for entry in result.diagnosis
    )


def behaviour(result: SubmissionResult) -> str:
    """Return a digest of what came back: of the values to six digits, else of the verdicts.

    Two submissions with one digest behave alike, whatever their sources look like.
    """
    answers = [
        [str(case.verdict), rounded(shown(case.actual))]
        for group in result.groups
        for case in group.cases
    ]
    return hashlib.sha256(json.dumps(answers, sort_keys=True).encode("ascii")).hexdigest()


def rounded(value: Any) -> Any:
    """Return a value of JSON's types with its numbers as texts of six digits.

    >>> rounded([1, 0.1 + 0.2, -0.0, {"w": True}])
    ['1', '0.3', '0', {'w': True}]
    """
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return f"{float(value) + 0.0:.{DIGITS}g}"
    if isinstance(value, Mapping):
        return {key: rounded(entry) for key, entry in value.items()}
    return [rounded(entry) for entry in value]


def _sample(result: SubmissionResult) -> Sample:
    show = partial(values.show, limit=_SAMPLE_LIMIT, language=result.language)
    for group in result.groups:
        for case in group.cases:
            if case.verdict in _FAILING:
                returned = case.verdict is Verdict.WRONG_ANSWER
                return Sample(
                    group=group.title,
                    case=case.name,
                    message=(case.message or "")[:_SAMPLE_LIMIT],
                    expected=show(case.desired),
                    got=show(case.actual) if returned else "",
                )
    return Sample()
