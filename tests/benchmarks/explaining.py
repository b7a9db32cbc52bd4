"""What explaining costs a batch, within one run. `--json` for one JSON object.

A class (of 500, or as many as `--class` says) hands in to each of some challenges: right
programs, every named misconception, pairs of them, and every shipped wrong submission, again and
again. Each class is judged twice in turn by the same judge in the same box, once with
explanations and once without, each time with nothing known beforehand (the tables of known
programs are built anew). The tables are paid once, so that the ratio depends on the size of the
class. A figure is the median over the rounds of a ratio within one round.

    ratio_matching    judging with matching (misconception, pair, mutant, shape) / without, wall
    ms_table          what a judge pays once for the tables of a challenge, in ms
    ms_counterexample an example for a wrong submission, in ms; a mistake is searched for once
    found             the share of wrong submissions for which an example was found
"""

import argparse
import gc
import itertools
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean, median
from typing import Any
from unittest import mock

from grader import counterexample, marking
from grader.catalog import Catalog, Loaded
from grader.dataset import build
from grader.exam import Exam
from grader.grading import cell_config
from grader.judge import judge
from grader.merging import Merger
from grader.programs import source_of
from grader.sandbox.box import Box
from grader.sandbox.tiers import open_box
from grader.submission import Submission, read

SECRET = b"the benchmark's own secret"
CHALLENGES = ("sgdWithMomentum", "adamW", "policyGradient")
_PAIRS = 10


@dataclass(frozen=True)
class Round:
    """Wall seconds of one class of a `size`, with explanations and without; those of its tables."""

    explained_s: float
    plain_s: float
    table_s: float
    size: int


def main() -> None:
    gc.set_threshold(100_000)  # as a worker of a batch does
    options = _options()
    rounds: dict[str, list[Round]] = {}
    examples: dict[str, list[tuple[float, bool]]] = {}
    for name in CHALLENGES:
        loaded = Catalog().load(name)
        with open_box("auto", cell_config(loaded.challenge)) as box:
            handed_in = _class(loaded, options.size)
            rounds[name] = [_round(loaded, handed_in, box) for _ in range(options.rounds)]
            examples[name] = list(_examples(loaded, handed_in, box))
    report = {name: _figures(rounds[name], examples[name]) for name in CHALLENGES}
    every = [each for entries in rounds.values() for each in entries]
    report["all"] = {"ratio_matching": median(r.explained_s / r.plain_s for r in every)}
    print(json.dumps(report) if options.json else json.dumps(report, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--class", dest="size", type=int, default=500, help="its submissions")
    return parser.parse_args()


def _class(loaded: Loaded, size: int) -> list[Submission]:
    """Return a class's submissions, right and wrong ones in turn."""
    right = [read(path) for path in sorted(loaded.folder.glob("submissions/accepted/*.py"))]
    wrong = [read(path) for path in sorted(loaded.folder.glob("submissions/wrong_answer/*.py"))]
    wrong += [*_misconceptions(loaded), *itertools.islice(_pairs(loaded), _PAIRS)]
    mixed = zip(itertools.cycle(right), itertools.cycle(wrong), strict=False)
    return list(itertools.islice(itertools.chain.from_iterable(mixed), size))


def _misconceptions(loaded: Loaded) -> Iterator[Submission]:
    for entry in loaded.challenge.misconceptions:
        text = source_of(entry.variant, loaded.challenge.id)
        yield Submission(f"{entry.id}.py", text.encode())


def _pairs(loaded: Loaded) -> Iterator[Submission]:
    challenge = loaded.challenge
    merger = Merger(source_of(challenge.reference, challenge.id))
    texts = [source_of(entry.variant, challenge.id) for entry in challenge.misconceptions]
    for one, other in itertools.combinations(map(merger.edits, texts), 2):
        merged = merger.merge(one, other)
        if merged is not None:
            yield Submission("pair.py", merged.source.encode())


def _round(loaded: Loaded, handed_in: Sequence[Submission], box: Box) -> Round:
    explained = _judged_s(_exam(loaded), handed_in, box)
    with mock.patch.object(marking, "_diagnosis", return_value=()), _without_second_looks():
        plain = _judged_s(_exam(loaded), handed_in, box)
    return Round(explained, plain, _table_s(loaded), len(handed_in))


def _without_second_looks() -> Any:
    """Judge unexplained failures once in both: a second look belongs to neither's matching."""
    return mock.patch("grader.judge.suspect", return_value=None)


def _exam(loaded: Loaded) -> Exam:
    return Exam(loaded, build(loaded.challenge, SECRET), SECRET)


def _judged_s(exam: Exam, handed_in: Sequence[Submission], box: Box) -> float:
    assert exam.inputs
    began = time.perf_counter()
    with _without_second_looks():
        for submission in handed_in:
            judge(submission, exam, box)
    return time.perf_counter() - began


def _table_s(loaded: Loaded) -> float:
    from grader.known import Family

    known = _exam(loaded).known
    began = time.perf_counter()
    for family in Family:
        known.programs(family)
    return time.perf_counter() - began


def _examples(
    loaded: Loaded, handed_in: Sequence[Submission], box: Box
) -> Iterator[tuple[float, bool]]:
    """Look for an example for each wrong submission; yield the seconds, and if one was found."""
    exam = _exam(loaded)
    finder = counterexample.Finder(exam)
    for submission in handed_in:
        result = judge(submission, exam, box)
        if counterexample.is_wanted(result):
            began = time.perf_counter()
            found = finder.find(submission, box, counterexample.explains(result.diagnosis))
            yield time.perf_counter() - began, found is not None


def _figures(rounds: Sequence[Round], examples: Sequence[tuple[float, bool]]) -> dict[str, float]:
    return {
        "ratio_matching": round(median(r.explained_s / r.plain_s for r in rounds), 3),
        "ms_per_submission": round(1e3 * median(r.plain_s / r.size for r in rounds), 2),
        "ms_table": round(1e3 * median(r.table_s for r in rounds), 1),
        "ms_counterexample": round(1e3 * mean(seconds for seconds, _ in examples), 1),
        "examples": len(examples),
        "found": round(sum(found for _, found in examples) / len(examples), 2),
    }


if __name__ == "__main__":
    main()
