"""A class as one page for its instructor. It shows hidden cases: it is not for students."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any, NamedTuple

from markupsafe import Markup

from grader.diagnosis import Kind
from grader.reports import escape
from grader.reports.html import plots, statistics
from grader.reports.html.environment import render
from grader.reports.html.statistics import CaseFigures, Cluster, Reason, Standing, Tally
from grader.reports.words import points
from grader.stored import from_json
from grader.verdict import Verdict

DOUBTFUL = 0.2
"""A case with less discrimination hardly tells who does well."""
FEW = 20
"""With fewer submissions than this a correlation is a hint at most."""

_MOST_CASES = 12
_MOST_CLUSTERS = 40
_MOST_SLOW = 10
_SAMPLE_LIMIT = 300
_KINDS: dict[Kind, str] = {
    "interface": "could not be called",
    "state": "keeps state",
    "shape": "shape of the answer",
    "property": "property broken",
}


class Link(NamedTuple):
    """A submission by its displayed name, with its page if it has one."""

    label: str
    page: str | None


@dataclass(frozen=True, slots=True)
class ReasonShown:
    """An explanation with the submissions behind it."""

    kind: str
    id: str
    title: str
    hint: str
    links: list[Link]


@dataclass(frozen=True, slots=True)
class ClusterShown:
    """A cluster: where it fails first and what came back there, and who is in it."""

    place: str
    message: str
    expected: str
    got: str
    links: list[Link]


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A case in figures; None where there is nothing to divide."""

    group: str
    name: str
    accepted: int
    judged: int
    skipped: int
    share: float | None
    discrimination: float | None


@dataclass(frozen=True, slots=True)
class StandingShown:
    """A submission in one line of the list."""

    link: Link
    verdict: Verdict
    points: str
    first: str
    cpu_s: float
    flaky: int


@dataclass(frozen=True, slots=True)
class Range:
    """So many submissions have from `low` to `high` % of the points; `share` is of the most."""

    low: int
    high: int
    count: int
    share: float


def class_page(
    results: Iterable[Mapping[str, Any]], *, title: str = "", pages: Mapping[str, str] | None = None
) -> str:
    """Return the page about results as `to_json(result, "instructor")` makes them, in one pass.

    `pages` has the address of a submission's own page by its name, where there is one.
    """
    return page(statistics.tally(map(from_json, results)), title=title, pages=pages or {})


def page(tally: Tally, *, title: str, pages: Mapping[str, str], idle: int = 0) -> str:
    """Return the page about a class that is counted already.

    `idle` attempts were left out, for their students have others that count.
    """
    challenges = ", ".join(sorted(tally.challenges)) or "no challenge"
    cases = list(tally.cases.values())
    return render(
        "class.html",
        title=escape.line(title or challenges),
        challenges=challenges,
        idle=idle,
        languages=sorted(tally.languages.items()),
        **_results(tally),
        **_explanations(tally, pages),
        groups=list(tally.groups.values()),
        hardest=[_case(each) for each in statistics.hardest(cases, _MOST_CASES)],
        doubtful=[_case(each) for each in statistics.doubtful(cases, DOUBTFUL, _MOST_CASES)],
        doubtful_below=DOUBTFUL,
        few=len(tally.standings) < FEW,
        **_times(tally.standings, pages),
        **_pictures(tally, cases),
    )


def _results(tally: Tally) -> dict[str, Any]:
    """Return the verdicts and how the scores are spread."""
    shares = statistics.shares(tally.standings)
    counts = Counter(each.verdict for each in tally.standings)
    return {
        "count": len(tally.standings),
        "verdicts": [(verdict, counts[verdict]) for verdict in Verdict if counts[verdict]],
        "accepted": counts[Verdict.ACCEPTED],
        "mean": fmean(shares) if shares else None,
        "median": statistics.quantile(shares, 0.5) if shares else None,
        "ranges": ranges(statistics.distribution(shares)),
    }


def ranges(counts: Sequence[int]) -> list[Range]:
    """Return a distribution for a table with bars."""
    width, most = 100 // len(counts), max(1, *counts)
    return [
        Range(index * width, (index + 1) * width, count, count / most)
        for index, count in enumerate(counts)
    ]


def _explanations(tally: Tally, pages: Mapping[str, str]) -> dict[str, Any]:
    """Return what explains the failures, what explains none, and whose fault some were."""
    found = tally.reasons.values()
    clusters = statistics.clusters_by_size(tally.clusters.values())
    more = clusters[_MOST_CLUSTERS:]
    return {
        "misconceptions": reasons(statistics.by_size(found, ("misconception",)), pages),
        "others": reasons(statistics.by_size(found, _KINDS), pages),
        "mutants": reasons(statistics.by_size(found, ("mutant",)), pages),
        "clusters": [_cluster(each, pages) for each in clusters[:_MOST_CLUSTERS]],
        "more_clusters": _links([name for each in more for name in each.names], pages),
        "unexplained": sum(len(each.names) for each in clusters),
        "judge_errors": [
            (_link(name, pages), escape.line(message, _SAMPLE_LIMIT))
            for name, message in tally.judge_errors.items()
        ],
    }


def reasons(found: Iterable[Reason], pages: Mapping[str, str]) -> list[ReasonShown]:
    """Return explanations as a page shows them."""
    return [
        ReasonShown(
            kind=_KINDS.get(each.kind, ""),
            id=escape.line(each.id),
            title=escape.line(each.title[:1].upper() + each.title[1:]),
            hint=escape.line(each.hint, 2 * _SAMPLE_LIMIT),
            links=_links(each.names, pages),
        )
        for each in found
    ]


def _cluster(cluster: Cluster, pages: Mapping[str, str]) -> ClusterShown:
    sample = cluster.sample
    place = f"{sample.group}: {sample.case}" if sample.case else "every case passes"
    told = sample.expected in sample.message and sample.got in sample.message
    return ClusterShown(
        place=escape.line(place),
        message=escape.line(sample.message, _SAMPLE_LIMIT),
        expected="" if told else sample.expected,
        got="" if told else sample.got,
        links=_links(cluster.names, pages),
    )


def _links(names: Iterable[str], pages: Mapping[str, str]) -> list[Link]:
    return [_link(name, pages) for name in names]


def _link(name: str, pages: Mapping[str, str]) -> Link:
    return Link(escape.line(name), pages.get(name))


def _case(figures: CaseFigures) -> CaseShown:
    return CaseShown(
        group=escape.line(figures.group),
        name=escape.line(figures.name),
        accepted=figures.accepted,
        judged=figures.judged,
        skipped=figures.skipped,
        share=figures.share,
        discrimination=figures.discrimination,
    )


def _times(standings: Sequence[Standing], pages: Mapping[str, str]) -> dict[str, Any]:
    """Return the submissions one by one, the flaky and the slow ones, and the times."""
    seconds = [each.cpu_s for each in standings]
    slow = sorted(standings, key=lambda each: -each.cpu_s)[:_MOST_SLOW]
    return {
        "standings": [_standing(each, pages) for each in standings],
        "flaky": [_standing(each, pages) for each in standings if each.flaky],
        "slowest": [_standing(each, pages) for each in slow],
        "quantiles": [
            (label, statistics.quantile(seconds, share))
            for label, share in (("median", 0.5), ("90 % within", 0.9), ("slowest", 1.0))
            if seconds
        ],
        "total_s": sum(seconds),
    }


def _standing(standing: Standing, pages: Mapping[str, str]) -> StandingShown:
    return StandingShown(
        link=_link(standing.name, pages),
        verdict=standing.verdict,
        points=points(standing.score, standing.max_score),
        first=escape.line(standing.first[:1].upper() + standing.first[1:]),
        cpu_s=standing.cpu_s,
        flaky=standing.flaky,
    )


def _pictures(tally: Tally, cases: Sequence[CaseFigures]) -> dict[str, Any]:
    """Return the pictures as parts of the page; where matplotlib is missing there are none."""
    counts = statistics.distribution(statistics.shares(tally.standings))
    drawn = {
        "scores_picture": plots.scores(counts),
        "items_picture": plots.items(cases, DOUBTFUL),
        "times_picture": plots.times([each.cpu_s for each in tally.standings]),
    }
    pictures = {name: None if text is None else Markup(text) for name, text in drawn.items()}
    return {**pictures, "can_draw": plots.is_available()}
