"""How fast a class is graded and kept, against judging alone, and if that is right.

`--json` for one JSON object, `--quick` for 1 000 submissions instead of 10 000. The exit code is
1 if anything that was kept is not what the class was made for (`handing_in`): verdicts, scores
and diagnoses in run.sqlite, summary.csv and results.jsonl.

The class is graded by `grader batch --jobs 2` as anybody would run it, first without what loops.
Every other second all of its processes are stopped and two workers, a core each, judge for a
moment: first the program of `throughput.py` (`judge_worker`), then some of the class
(`class_worker`). The clock of the batch stands still meanwhile. It runs from the command until
the last mark, start, boxes and tables included; the examples, which are looked for when all
marks are in, come after.

    ratio_graded    submissions that got their mark a second, without the loops / the submissions
                    that two workers of throughput.py judge a second; equal files are run once, and
                    30 % of the class are copies
    ratio_batch     the same of those alone that were really run, which copies are not
    ratio_class     the same / what two workers judge a second of the very same class, without
                    JSON, store or processes between: what is left is the batch's own cost
    ratio_cpu       CPU of judge_worker / CPU of all processes of the batch, for each submission
                    run. Beside other load look at this one: a worker that has slept is let in
                    first, so that the rates of short slots are too good, and ratio_batch too low
    ratio_cpu_steady  the same after the first sample, without start and tables
    ratio_examples  seconds for the examples / seconds until the last mark
    ms_parent       CPU milliseconds of the process that keeps the marks, for each one run
    rss_mb          its memory after a tenth of the marks, and after all
    ms_rerun_per_thousand  the command again, with nothing to do
    ratio_loops     a smaller class of which 5 % loop: seconds / (limits of the loops that were
                    run / jobs + seconds for the class without them)
"""

import argparse
import csv
import datetime
import hashlib
import json
import os
import platform
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from typing import Any

import handing_in
import judge_worker
import numpy as np
import talk
from handing_in import CHALLENGE, HandedIn

from grader import languages
from grader.catalog import Catalog

JOBS = 2
_SLOT = 20
_EVERY_S = 2.0
_LOOPS = {"accepted": 0.65, "wrong_answer": 0.30, "time_limit_exceeded": 0.05}
_LOOP = "time_limit_exceeded"


@dataclass(frozen=True)
class Effort:
    """How many hand in, and how many in the class of which 5 % loop."""

    size: int
    loops: int


FULL = Effort(size=10_000, loops=600)
QUICK = Effort(size=1_000, loops=100)


@dataclass(frozen=True)
class Sample:
    """The batch at a moment: what is on disk, memory and CPU of the parent, CPU of all."""

    results: int
    judgements: int
    rss_mb: float
    cpu_s: float
    all_cpu_s: float


@dataclass
class Course:
    """How a command went: seconds to the last mark and in all, and what was seen meanwhile."""

    marks_s: float
    whole_s: float
    samples: list[Sample]
    slots: list["Slot"]
    class_rates: list[float]


@dataclass(frozen=True)
class Slot:
    """What two workers of throughput.py did: submissions a second, and CPU for each in ms."""

    rate: float
    cpu_ms: float


class Judges:
    """Two workers of each kind, a core each; they wait while the batch runs."""

    def __init__(self, stack: ExitStack, handed_in: Sequence[HandedIn]) -> None:
        cores = sorted(os.sched_getaffinity(0))[:JOBS]
        self._plain, self._class = (
            [stack.enter_context(talk.Worker(module, core, *arguments)) for core in cores]
            for module, arguments in (
                ("judge_worker", ("auto", "supervised", CHALLENGE)),
                ("class_worker", ("auto", CHALLENGE)),
            )
        )
        for worker in (*self._plain, *self._class):
            worker.receive()
        self._sources = list({each.source: each for each in handed_in}.values())
        self._at = 0
        for _ in range(10):  # their tables of known programs
            self.class_rate()

    def slot(self) -> Slot:
        for worker in self._plain:
            worker.send((CHALLENGE, _SLOT))
        both = [worker.receive() for worker in self._plain]
        return Slot(
            sum(_SLOT / each["wall_s"] for each in both),
            mean(1e3 * each["cpu_s"] / _SLOT for each in both),
        )

    def class_rate(self) -> float:
        for worker in self._class:
            worker.send([(each.name, each.source.encode()) for each in self._next()])
        return sum(_SLOT / worker.receive() for worker in self._class)

    def _next(self) -> list[HandedIn]:
        first, self._at = self._at, self._at + _SLOT
        return [self._sources[at % len(self._sources)] for at in range(first, self._at)]


class Folder:
    """A class on disk, and the run that it is graded into."""

    def __init__(self, where: Path, handed_in: Sequence[HandedIn]) -> None:
        self._class, self.out = where / "class", where / "out"
        self._class.mkdir(parents=True)
        self.add(handed_in)

    def add(self, handed_in: Sequence[HandedIn]) -> None:
        for each in handed_in:
            (self._class / each.name).write_text(each.source, encoding="utf-8")

    def grade(self, judges: Judges | None = None) -> Course:
        """Grade what is not graded yet; with `judges`, stop now and then and let them judge."""
        command = [sys.executable, "-m", "grader", "batch", CHALLENGE, str(self._class)]
        began = time.monotonic()
        process = subprocess.Popen(
            [*command, "--out", str(self.out), "--jobs", str(JOBS)],
            env={**os.environ, "GRADER_SECRET": judge_worker.SECRET.decode()},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        marked: list[float] = []
        said: list[str] = []
        reader = threading.Thread(target=_listen, args=(process.stderr, marked, said))
        reader.start()
        course = Course(0.0, 0.0, [], [], [])
        paused = self._watch(process, marked, course, judges)
        reader.join()
        if process.returncode or not marked:
            raise SystemExit(f"grader batch ended with {process.returncode}: {''.join(said)}")
        course.whole_s = time.monotonic() - began - paused
        course.marks_s = marked[0] - began - paused
        return course

    def _watch(
        self,
        process: "subprocess.Popen[str]",
        marked: list[float],
        course: Course,
        judges: Judges | None,
    ) -> float:
        """Wait for the end; return the seconds for which the batch stood still before its marks."""
        paused = 0.0
        while not _ended(process):
            if marked or not (self.out / "run.sqlite").exists():
                continue
            os.killpg(process.pid, signal.SIGSTOP)
            stopped = time.monotonic()
            try:
                time.sleep(0.01)  # the boxes finish the case in hand
                course.samples.append(self._sample(process.pid))
                if judges is not None:
                    course.slots.append(judges.slot())
                    course.class_rates.append(judges.class_rate())
            finally:  # else a fault of ours would leave it standing for ever
                paused += time.monotonic() - stopped
                os.killpg(process.pid, signal.SIGCONT)
        return paused

    def _sample(self, pid: int) -> Sample:
        results, judgements = (self.count(table) for table in ("results", "judgements"))
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        everything = [pid, *judge_worker.descendants(pid)]
        return Sample(
            results,
            judgements,
            pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
            _cpu_s(pid, slice(11, 13)),
            sum(_cpu_s(each, slice(11, 15)) for each in everything),
        )

    def count(self, table: str) -> int:
        with closing(self._database()) as db:
            return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def complaints(self, handed_in: Sequence[HandedIn]) -> Iterator[str]:
        """Say what of all that was kept is not what the class was made for."""
        distinct = len({(each.source, Path(each.name).suffix) for each in handed_in})
        for table, count in (("results", len(handed_in)), ("judgements", distinct), ("faults", 0)):
            if self.count(table) != count:
                yield f"run.sqlite has {self.count(table)} {table}, expected {count}"
        for kind, found in (
            ("run.sqlite", self._stored()),
            ("summary.csv", self._summary()),
            ("results.jsonl", self._lines()),
        ):
            yield from (f"{kind}: {each}" for each in _differences(handed_in, found))

    def _database(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.out}/run.sqlite?mode=ro", uri=True)

    def _stored(self) -> "list[Kept]":
        query = (
            "SELECT s.name, s.sha256, j.verdict, j.score, j.diagnosis FROM results r "
            "JOIN submissions s ON s.id = r.submission JOIN judgements j ON j.key = r.judgement "
            "ORDER BY s.name"
        )
        with closing(self._database()) as db:
            return [Kept(*row) for row in db.execute(query)]

    def _summary(self) -> "list[Kept]":
        with open(self.out / "summary.csv", newline="", encoding="utf-8") as rows:
            return [
                Kept(row["submission"], None, row["verdict"], float(row["score"]), row[_FIRST])
                for row in csv.DictReader(rows)
            ]

    def _lines(self) -> "list[Kept]":
        with open(self.out / "results.jsonl", encoding="utf-8") as lines:
            return [_kept(json.loads(line)) for line in lines]


_FIRST = "first_diagnosis"


@dataclass(frozen=True, slots=True)
class Kept:
    """What one of the batch's files says about a submission."""

    name: str
    sha256: str | None
    verdict: str
    score: float | None
    diagnosis: str


def _kept(result: dict[str, Any]) -> Kept:
    entries = [each for each in result["diagnosis"] if each["kind"] != "counterexample"]
    first = entries[0]["id"] if entries else ""
    return Kept(result["submission"], result["sha256"], result["verdict"], result["score"], first)


def _differences(handed_in: Sequence[HandedIn], found: Sequence[Kept]) -> Iterator[str]:
    if [each.name for each in handed_in] != [each.name for each in found]:
        yield f"{len(found)} submissions, expected the {len(handed_in)} of the class, in order"
        return
    for ours, kept in zip(handed_in, found, strict=True):
        sha256 = hashlib.sha256(ours.source.encode()).hexdigest()
        full = kept.score == 100
        if (
            kept.verdict != ours.verdict
            or full != (ours.verdict == "accepted")
            or ours.diagnosis not in (None, kept.diagnosis)
            or kept.sha256 not in (None, sha256)
        ):
            yield f"{kept}, expected {ours.verdict}, {ours.diagnosis}, {sha256}"


def _cpu_s(pid: int, fields: slice) -> float:
    """Return CPU seconds: user's and system's, those of the children that have ended after them.

    None of a process that is gone by now: a box ends one for every submission.
    """
    try:
        times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[fields]
    except OSError:
        return 0.0
    return sum(map(int, times)) / float(os.sysconf("SC_CLK_TCK"))


def _ended(process: "subprocess.Popen[str]") -> bool:
    """Wait for a moment; tell whether the process has ended."""
    try:
        process.wait(_EVERY_S)
    except subprocess.TimeoutExpired:
        return False
    return True


def _listen(stream: Any, marked: list[float], said: list[str]) -> None:
    """Read what a batch says; note when it says that the last mark is on disk."""
    for line in stream:
        said.append(line)
        done, _, count = line.removeprefix("grading ").partition(",")[0].partition("/")
        if line.startswith("grading ") and done == count and not marked:
            marked.append(time.monotonic())


def main() -> int:
    options = _options()
    effort = QUICK if options.quick else FULL
    effort = replace(effort, size=options.size or effort.size)
    if len(os.sched_getaffinity(0)) < JOBS:
        raise SystemExit("the benchmark needs two cores, and this process may use one")
    with tempfile.TemporaryDirectory(prefix="grader-batch-") as where:
        figures, complaints = _whole_class(Path(where) / "all", effort.size)
        looping, more = _looping_class(Path(where), effort.loops)
    figures |= looping
    complaints += more
    report = {**figures, "wrong": len(complaints), "size": effort.size, **_machine()}
    print(json.dumps(report, indent=None if options.json else 2))
    for each in complaints[:20]:
        print(each, file=sys.stderr)
    return 1 if complaints else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object in one line")
    parser.add_argument("--quick", action="store_true", help="1 000 submissions")
    parser.add_argument("--size", type=int, help="so many submissions instead")
    return parser.parse_args()


def _whole_class(where: Path, size: int) -> tuple[dict[str, Any], list[str]]:
    """Grade the class without what loops, again, and then with it."""
    handed_in = handing_in.handed_in(size)
    ending = [each for each in handed_in if each.verdict != _LOOP]
    folder = Folder(where, ending)
    with ExitStack() as stack:
        course = folder.grade(Judges(stack, ending))
    complaints = [*folder.complaints(ending)]
    run = folder.count("judgements")
    again = folder.grade()
    complaints += folder.complaints(ending)
    folder.add([each for each in handed_in if each.verdict == _LOOP])
    folder.grade()
    complaints += folder.complaints(handed_in)
    return _figures(course, len(ending), run, again), complaints


def _figures(course: Course, count: int, run: int, again: Course) -> dict[str, Any]:
    first, last = course.samples[0], course.samples[-1]
    early = next(each for each in course.samples if each.results >= count // 10)
    rate = run / course.marks_s
    judged = mean(each.rate for each in course.slots)
    cpu_ms = mean(each.cpu_ms for each in course.slots)
    whole_ms = 1e3 * last.all_cpu_s / last.judgements
    since = last.judgements - first.judgements
    steady_ms = 1e3 * (last.all_cpu_s - first.all_cpu_s) / since
    return {
        "ratio_graded": round(count / course.marks_s / judged, 3),
        "ratio_batch": round(rate / judged, 3),
        "ratio_class": round(rate / mean(course.class_rates), 3),
        "ratio_cpu": round(cpu_ms / whole_ms, 3),
        "ratio_cpu_steady": round(cpu_ms / steady_ms, 3),
        "ratio_examples": round((course.whole_s - course.marks_s) / course.marks_s, 2),
        "ms_parent": round(1e3 * (last.cpu_s - first.cpu_s) / since, 2),
        "ms_cpu": [round(each, 2) for each in (cpu_ms, whole_ms, steady_ms)],
        "rss_mb": [round(early.rss_mb, 1), round(last.rss_mb, 1)],
        "rss_results": [early.results, last.results],
        "ms_rerun_per_thousand": round(1e6 * again.whole_s / count),
        "marks_s": round(course.marks_s, 1),
        "run": run,
        "run_per_s": round(rate, 1),
        "submissions_per_s": round(count / course.marks_s, 1),
        "judged_per_s": round(judged, 1),
        "class_judged_per_s": round(mean(course.class_rates), 1),
        "pauses": len(course.slots),
    }


def _looping_class(where: Path, size: int) -> tuple[dict[str, Any], list[str]]:
    """Grade a class of which 5 % loop, and the same without these."""
    handed_in = handing_in.handed_in(size, seed=1, shares=_LOOPS)
    loops = {each.source: each for each in handed_in if each.verdict == _LOOP}
    ending = [each for each in handed_in if each.verdict != _LOOP]
    folder = Folder(where / "loops", handed_in)
    with_loops = folder.grade()
    without = Folder(where / "no-loops", ending).grade()
    least = sum(map(_limit_s, loops.values())) / JOBS
    figures = {
        "ratio_loops": round(with_loops.marks_s / (least + without.marks_s), 3),
        "loops": len(loops),
        "loops_s": [round(each, 1) for each in (with_loops.marks_s, least, without.marks_s)],
    }
    return figures, [*folder.complaints(handed_in)]


def _limit_s(each: HandedIn) -> float:
    """Return the CPU seconds after which a submission is ended."""
    challenge = Catalog().load(CHALLENGE).challenge
    language = languages.by_suffix(Path(each.name))
    assert language is not None
    engine = languages.engine_of(language.name, challenge)
    return challenge.limits.cpu_s * engine.cpu_factor


def _machine() -> dict[str, Any]:
    return {
        "date": datetime.date.today().isoformat(),
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


if __name__ == "__main__":
    sys.exit(main())
