"""How fast grading is, against doing the same without a sandbox. `--json` for one JSON object.

F0    a bare fork of the same warm interpreter per submission, no isolation
F1    a cold interpreter with numpy per submission
ours  `judge.judge`, on one worker and on two, a core each

All take turns in short slots on the same core, many times over, so that whatever else the
machine does meets them alike. A figure is the median, over the rounds, of a ratio within one
round. CPU times count every process (see `judge_worker`); so does the judge's own work:
comparing, scoring, explaining. F0 sends the very bytes that ours sends, one case at a time,
decodes the replies and has to get the same ones.

    ratio_floor         ours / F0, CPU: 30 lines, 10 eigenvalue problems (challenges/normal_modes)
    ratio_floor_sgd     ours / F0, CPU: the shipped challenge and an accepted submission
    ms_over_floor       ours - F0, CPU milliseconds: the same
    ratio_cold          F1 / ours, wall, on the eigenvalue problems
    scaling_2           submissions per second: two workers / one (mean of both cores)
    rss_growth_mb       judge and cell, over 10 000 submissions after the first 1 000
    first_result_ratio  wall: `grader grade`, cold / `python -c "import numpy"`
"""

import argparse
import compileall
import datetime
import json
import os
import platform
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, fields
from statistics import median
from typing import Any

import judge_worker
import numpy as np
import talk

EIGEN, SGD = "normalModes", "sgdWithMomentum"
_SLOT = 20
_COLD_SLOT = 2


@dataclass(frozen=True)
class Effort:
    """How much is measured: rounds of slots, cold starts, submissions of the memory test."""

    rounds: int
    starts: int
    settle: int
    soak: int


FULL = Effort(rounds=80, starts=15, settle=1_000, soak=10_000)
QUICK = Effort(rounds=10, starts=5, settle=200, soak=1_000)

TARGETS = {
    "ratio_floor": (None, 1.35),
    "ratio_floor_sgd": (None, 1.7),
    "ms_over_floor": (None, 0.9),
    "ratio_cold": (20.0, None),
    "scaling_2": (1.8, None),
    "rss_growth_mb": (None, 20.0),
    "first_result_ratio": (None, 3.0),
}
"""(at least, at most)"""


@dataclass(frozen=True)
class Round:
    """One turn of every variant. CPU in ms per submission; rates in submissions per second."""

    floor_ms: float
    ours_ms: float
    floor_sgd_ms: float
    ours_sgd_ms: float
    judge_ms: float
    cell_ms: float
    cold_wall_ms: float
    ours_wall_ms: float
    rate_1: float
    rate_2: float


class Bench:
    """The workers, all of them on the first core but `other`, ours on the second one."""

    def __init__(self, stack: ExitStack, tier: str, cores: list[int]) -> None:
        def start(core: int, module: str, *arguments: str) -> talk.Worker:
            return stack.enter_context(talk.Worker(module, core, *arguments))

        self._ours = start(cores[0], "judge_worker", tier, "supervised", EIGEN, SGD)
        workloads = self._ours.receive()
        self.tier = str(workloads[EIGEN]["tier"])
        self._other = start(cores[1], "judge_worker", self.tier, "supervised", EIGEN)
        self._other.receive()
        self._floor = start(cores[0], "baseline_worker", "forked")
        self._cold = start(cores[0], "baseline_worker", "cold")
        for worker in (self._floor, self._cold):
            worker.send(workloads)

    def round(self) -> Round:
        floor, floor_sgd = self._floor.ask((EIGEN, _SLOT)), self._floor.ask((SGD, _SLOT))
        ours, ours_sgd = self._ours.ask((EIGEN, _SLOT)), self._ours.ask((SGD, _SLOT))
        alone = self._other.ask((EIGEN, _SLOT))
        self._ours.send((EIGEN, _SLOT))
        both = [self._other.ask((EIGEN, _SLOT)), self._ours.receive()]
        cold = self._cold.ask((EIGEN, _COLD_SLOT))
        return Round(
            floor_ms=_per_submission(floor, "cpu_s"),
            ours_ms=_per_submission(ours, "cpu_s"),
            floor_sgd_ms=_per_submission(floor_sgd, "cpu_s"),
            ours_sgd_ms=_per_submission(ours_sgd, "cpu_s"),
            judge_ms=_per_submission(ours, "judge_s"),
            cell_ms=_per_submission(ours, "cell_s"),
            cold_wall_ms=_per_submission(cold, "wall_s", _COLD_SLOT),
            ours_wall_ms=_per_submission(ours, "wall_s"),
            rate_1=sum(_SLOT / slot["wall_s"] for slot in (ours, alone)) / 2,
            rate_2=sum(_SLOT / slot["wall_s"] for slot in both),
        )


def _per_submission(slot: dict[str, float], what: str, submissions: int = _SLOT) -> float:
    """Return milliseconds per submission of a slot."""
    return 1e3 * slot[what] / submissions


def main() -> None:
    options = _options()
    effort = QUICK if options.quick else FULL
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise SystemExit("the benchmark needs two cores, and this process may use one")
    _compile()
    with ExitStack() as stack:
        bench = Bench(stack, options.tier, cores)
        rounds = [bench.round() for _ in _counted(effort.rounds, "rounds")]
    figures = {
        **_figures(rounds),
        "rss_growth_mb": _rss_growth_mb(bench.tier, cores[0], effort),
        "first_result_ratio": _first_result_ratio(effort.starts),
    }
    report = {**figures, "medians": _medians(rounds), **asdict(effort), **_machine(bench.tier)}
    print(json.dumps(report) if options.json else _text(report))


def _compile() -> None:
    """Make the bytecode, as pip does: a cell's and F1's interpreters never write any."""
    for package in ("grader", "challenges", "reference"):
        compileall.compile_dir(talk.ROOT / package, rx=re.compile("/submissions/"), quiet=2)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, a shorter soak")
    parser.add_argument("--tier", default="auto", help="the tier of the box (auto)")
    return parser.parse_args()


def _figures(rounds: list[Round]) -> dict[str, float]:
    def middle(ratio: Callable[[Round], float]) -> float:
        return median(ratio(each) for each in rounds)

    return {
        "ratio_floor": middle(lambda r: r.ours_ms / r.floor_ms),
        "ratio_floor_sgd": middle(lambda r: r.ours_sgd_ms / r.floor_sgd_ms),
        "ms_over_floor": middle(lambda r: r.ours_sgd_ms - r.floor_sgd_ms),
        "ratio_cold": middle(lambda r: r.cold_wall_ms / r.ours_wall_ms),
        "scaling_2": middle(lambda r: r.rate_2 / r.rate_1),
    }


def _medians(rounds: list[Round]) -> dict[str, float]:
    names = [field.name for field in fields(Round)]
    return {name: round(median(getattr(each, name) for each in rounds), 3) for name in names}


def _rss_growth_mb(tier: str, core: int, effort: Effort) -> float:
    """Return by how many MB judge and cell grow while `soak` submissions are judged."""
    with talk.Worker("judge_worker", core, tier, "bare", EIGEN) as worker:
        worker.receive()
        before = worker.ask((EIGEN, effort.settle))["rss_bytes"]
        for _ in _counted(10, "tenths of the memory test"):
            after = worker.ask((EIGEN, effort.soak // 10))["rss_bytes"]
    return float(after - before) / 2**20


def _first_result_ratio(starts: int) -> float:
    """Return the wall time of a whole `grader grade` over that of importing numpy."""
    grade = [sys.executable, "-m", "grader", "grade", SGD, str(judge_worker.SUBMISSIONS[SGD])]
    numpy = [sys.executable, "-c", "import numpy"]
    return median(_wall_s(grade) / _wall_s(numpy) for _ in _counted(starts, "cold starts"))


def _wall_s(command: list[str]) -> float:
    environment = {**os.environ, "GRADER_SECRET": judge_worker.SECRET.decode()}
    began = time.monotonic()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def _counted(count: int, what: str) -> Iterator[int]:
    """Count up, with one line of progress on a terminal."""
    for index in range(count):
        if sys.stderr.isatty():
            print(f"\r{index + 1}/{count} {what} ", end="", file=sys.stderr)
        yield index
    if sys.stderr.isatty():
        print(file=sys.stderr)


def _machine(tier: str) -> dict[str, Any]:
    return {
        "tier": tier,
        "date": datetime.date.today().isoformat(),
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} "
        f"{platform.release().split('-')[0]}",
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def _processor() -> str:
    """Return the processor's name as Linux tells it."""
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _text(report: dict[str, Any]) -> str:
    lines = [f"{key}: {report[key]}" for key in ("date", "machine", "python", "numpy", "tier")]
    lines += [f"{name:20}{report[name]:8.2f}  {_against(name, report[name])}" for name in TARGETS]
    lines += [f"  median {name:15}{value:10.3f}" for name, value in report["medians"].items()]
    return "\n".join(lines)


def _against(name: str, value: float) -> str:
    at_least, at_most = TARGETS[name]
    if at_least is not None:
        return f">= {at_least:g}: {'met' if value >= at_least else 'MISSED'}"
    return f"<= {at_most:g}: {'met' if at_most is None or value <= at_most else 'MISSED'}"


if __name__ == "__main__":
    main()
