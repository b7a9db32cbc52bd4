"""Which sources of a class are suspiciously alike: pairs, clusters, and where. Pure.

It points and never judges: it knows no student and no mark, and what two sources share may have
a teacher's slide, a text book or the task itself as its source. So what it weighs is rarity. A
fingerprint (`grader.fingerprints`) counts by the logarithm of how few of the class have it; one
of the starter, or of more than `COMMON` of the class, counts nothing. The score of a pair is the
weight that both share over the mean of what each has, with a handicap of `HANDICAP` unique
fingerprints, so that very short sources, which are alike by chance, score low.

Why not copydetect 0.5: measured on the eleven challenges' accepted submissions, the unseen ones
and twelve plain loops (206 sources; a quarter of each class got a disguised copy at a time),
at the threshold that one in a thousand of 10 651 pairs of others reaches. Found of each disguise:

    disguise                    here   copydetect, its best of 8 settings
    names changed               100 %  95 %
    layout and comments         100 %  99 %
    statements reordered        100 %  97 %
    for loops become while       87 %  63 %
    all of these at once         73 %  46 %

At `THRESHOLD` the same are 100, 100, 100, 86 and 70 %, and of the pairs found 95 to 98 % are
planted (`tests/benchmarks/similarity.py`). Of 40 JavaScript sources with other names, layout and
semicolons all are found, and none of 4860 pairs of others.

It compares every pair (quadratic), weighs a shared `for` as much as a shared oddity, brings
matplotlib (210 MB in all) and makes a page that fetches its style from outside. Here the sources
that share a rare fingerprint are found by an inverted index: 10 000 of 1 kB take 10 s of CPU.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from grader.fingerprints import every_value, fingerprints

COMMON = 0.1
"""What more than this share of a class has counts nothing."""
FEW = 5
"""What no more sources have than this is never common, however small the class."""
MOST_KINDS = 50
"""What more different sources have than this is common: it keeps the work linear in the class."""
HANDICAP = 3
THRESHOLD = 0.4
"""Pairs that score less are not shown."""
MOST_PAIRS = 200


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the class; `name` tells it from the others."""

    name: str
    text: str
    language: str


class Passage(NamedTuple):
    """Lines of both sources that are alike, and how many of the class have them."""

    left: tuple[int, int]
    right: tuple[int, int]
    sources: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two sources that are alike, with the passages that count, the rarest first.

    `score` is 0 to 1; `alone` of the `shared` fingerprints are in no third source.
    """

    left: Source
    right: Source
    score: float
    shared: int
    alone: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Likeness:
    """What was found in a class: pairs by score, clusters by size, and what was left out.

    `pairs` are the first `MOST_PAIRS` of `found`. Of sources that are token for token the same,
    each is paired with the first only. `starter` and `common` fingerprints counted nothing.
    """

    sources: int
    found: int
    pairs: tuple[Pair, ...]
    clusters: tuple[tuple[str, ...], ...]
    starter: int
    common: int


class _Scored(NamedTuple):
    score: float
    left: int
    right: int


@dataclass(frozen=True, slots=True)
class _Class:
    """The sources of one language: kinds (sets of values) and which sources are of each.

    `uses` counts the sources that have a value, `weights` holds what counts.
    """

    sources: Sequence[Source]
    kinds: Sequence[frozenset[int]]
    members: Sequence[Sequence[int]]
    uses: Mapping[int, int]
    weights: Mapping[int, float]
    starter: int


def find(sources: Sequence[Source], starters: Sequence[Source] = ()) -> Likeness:
    """Compare all sources with each other, each language by itself; `starters` count nothing."""
    classes = [
        _class_of(
            [source for source in sources if source.language == language],
            [starter for starter in starters if starter.language == language],
        )
        for language in sorted({source.language for source in sources})
    ]
    scored = [(each, pair) for each in classes for pair in _scored(each)]
    scored.sort(key=lambda entry: (-entry[1].score, entry[1].left, entry[1].right))
    names = [(each.sources[pair.left].name, each.sources[pair.right].name) for each, pair in scored]
    return Likeness(
        sources=len(sources),
        found=len(scored),
        pairs=tuple(_pair(each, pair) for each, pair in scored[:MOST_PAIRS]),
        clusters=clusters(names),
        starter=sum(each.starter for each in classes),
        common=sum(len(each.uses) - len(each.weights) for each in classes),
    )


def clusters(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Return who is connected by pairs, directly or through others: three and more, largest first.

    >>> clusters([("a", "b"), ("c", "d"), ("b", "e")])
    (('a', 'b', 'e'),)
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while (above := parent.setdefault(name, name)) != name:
            parent[name] = name = parent.setdefault(above, above)
        return name

    for left, right in pairs:
        parent[root(right)] = root(left)
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in list(parent):
        groups[root(name)].append(name)
    large = (tuple(sorted(group)) for group in groups.values() if len(group) > 2)
    return tuple(sorted(large, key=lambda group: (-len(group), group)))


def _class_of(sources: Sequence[Source], starters: Sequence[Source]) -> _Class:
    given = frozenset(value for each in starters for value in every_value(each.text, each.language))
    members: defaultdict[frozenset[int], list[int]] = defaultdict(list)
    removed: set[int] = set()
    for place, source in enumerate(sources):
        values = frozenset(each.value for each in fingerprints(source.text, source.language))
        removed |= values & given
        members[values - given].append(place)
    uses: Counter[int] = Counter()
    kinds_with: Counter[int] = Counter()
    for values, places in members.items():
        kinds_with.update(values)
        for value in values:
            uses[value] += len(places)
    most = max(FEW, COMMON * len(sources))
    weights = {
        value: math.log((len(sources) + 1) / count)
        for value, count in uses.items()
        if count <= most and kinds_with[value] <= MOST_KINDS
    }
    return _Class(sources, list(members), list(members.values()), uses, weights, len(removed))


def _scored(each: _Class) -> Iterator[_Scored]:
    """Yield the pairs that reach the threshold, by way of an index of who has a value."""
    handicap = HANDICAP * math.log(len(each.sources) + 1)
    totals: list[float] = []
    having: defaultdict[int, list[int]] = defaultdict(list)
    for kind, values in enumerate(each.kinds):
        counting = sorted(values & each.weights.keys())
        total = math.fsum(each.weights[value] for value in counting)
        totals.append(total)
        shared: defaultdict[int, float] = defaultdict(float)
        for value in counting:
            for other in having[value]:
                shared[other] += each.weights[value]
            having[value].append(kind)
        right = each.members[kind][0]
        for other, weight in shared.items():
            score = weight / ((total + totals[other]) / 2 + handicap)
            if score >= THRESHOLD:
                yield _Scored(score, each.members[other][0], right)
        score = total / (total + handicap)
        if score >= THRESHOLD:
            yield from (_Scored(score, right, same) for same in each.members[kind][1:])


def _pair(each: _Class, scored: _Scored) -> Pair:
    left, right = each.sources[scored.left], each.sources[scored.right]
    places = [_places(source, each.weights) for source in (left, right)]
    both = [value for value in places[0] if value in places[1]]
    passages = [
        Passage(lines, other, each.uses[value])
        for value in both
        for lines, other in zip(places[0][value], places[1][value], strict=False)
    ]
    return Pair(
        left,
        right,
        scored.score,
        shared=len(both),
        alone=sum(each.uses[value] == 2 for value in both),
        passages=tuple(sorted(passages, key=lambda passage: (passage.sources, passage.left))),
    )


def _places(source: Source, counting: Mapping[int, float]) -> dict[int, list[tuple[int, int]]]:
    """Return the lines at which a source has each value that counts."""
    places: dict[int, list[tuple[int, int]]] = {}
    for value, first, last in fingerprints(source.text, source.language):
        if value in counting:
            places.setdefault(value, []).append((first, last))
    return places
