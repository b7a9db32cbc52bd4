"""Ours: whole submissions through `judge.judge` and a real box. A worker of the benchmark.

CPU time is that of every process that takes part, each counted once: this one (the judge), the
processes of its cells (the zygote and, in tier `full`, its outer half that only waits), and
the submission's own processes, whose exact total the kernel gives when they are waited for.
The sum was 0.9996 of what a control group of the worker and all its descendants was charged
(cpuacct, four slots of 200 submissions); F0's and F1's were 0.9997 and more.

A submission that is not accepted ends the benchmark.
"""

import os
import sys
import time
from pathlib import Path
from typing import Any

import talk

from grader import dataset, judge
from grader.catalog import Catalog
from grader.exam import Exam
from grader.grading import cell_config
from grader.sandbox.box import Box, Process, ProcessLimits, Reply
from grader.sandbox.cell import Cell
from grader.sandbox.tiers import open_box
from grader.submission import Submission
from grader.verdict import Verdict

SECRET = b"the benchmark's own secret"
SUBMISSIONS = {
    "normalModes": talk.HERE / "challenges/normal_modes/submissions/accepted/two_helpers.py",
    "sgdWithMomentum": talk.ROOT.joinpath(
        "challenges/sgd_with_momentum/submissions/accepted/plain_loop.py"
    ),
}


def main() -> None:
    """Answer orders; the arguments are the tier, whether cells are bare, and challenges."""
    tier, bare, *challenges = sys.argv[1:]
    benches = {name: Bench(name, tier, bare_cell=bare == "bare") for name in challenges}
    talk.write(1, {name: bench.facts() for name, bench in benches.items()})
    talk.answer(lambda order: benches[order[0]].run(order[1]))


class Bench:
    """One workload: a challenge with its dataset, an honest submission, a box of its own."""

    def __init__(self, challenge: str, tier: str, *, bare_cell: bool) -> None:
        self._loaded = Catalog([talk.HERE / "challenges"]).load(challenge)
        data = dataset.build(self._loaded.challenge, SECRET)
        self._exam = Exam(self._loaded, data, SECRET)
        self._submission = Submission("submission.py", SUBMISSIONS[challenge].read_bytes())
        before = set(descendants(os.getpid()))
        config = cell_config(self._loaded.challenge)
        # A supervisor replaces its cell after so many submissions, which would hide a leak.
        self._box: Box = Cell(tier, config) if bare_cell else open_box(tier, config)
        self._judge(self._box)
        self._cell_pids = sorted(set(descendants(os.getpid())) - before)

    def facts(self) -> dict[str, Any]:
        """Return the tier, and what went down and came up for one submission, as bytes."""
        recorder = _Recorder(self._box)
        self._judge(recorder)
        (job, *inputs), (_, *replies) = recorder.sent, recorder.received
        return {"tier": self._box.tier, "job": job, "inputs": inputs, "replies": replies}

    def run(self, submissions: int) -> dict[str, Any]:
        """Judge so many times; return CPU seconds by process, wall seconds, memory in bytes."""
        wall, own, cell = time.monotonic(), time.process_time(), self._cell_cpu_s()
        children = sum(self._judge(self._box) for _ in range(submissions))
        parts = {
            "judge_s": time.process_time() - own,
            "cell_s": self._cell_cpu_s() - cell,
            "children_s": children,
        }
        return {
            "cpu_s": sum(parts.values()),
            "wall_s": time.monotonic() - wall,
            "rss_bytes": sum(map(_rss_bytes, [os.getpid(), *self._cell_pids])),
            **parts,
        }

    def _judge(self, box: Box) -> float:
        """Judge the submission once; return the CPU seconds of its processes."""
        result = judge.judge(self._submission, self._exam, box)
        if result.verdict is not Verdict.ACCEPTED:
            raise SystemExit(f"{result.challenge}: {result.verdict}, expected accepted: {result}")
        return result.cpu_s

    def _cell_cpu_s(self) -> float:
        return sum(time.clock_gettime((~pid << 3) | 2) for pid in self._cell_pids)


class _Recorder:
    """A `box.Box` that passes everything on and keeps the frames."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self.tier, self.layers, self.versions = box.tier, box.layers, box.versions
        self.sent: list[bytes] = []
        self.received: list[bytes] = []

    def start(self, driver: str, limits: ProcessLimits) -> "_RecordedProcess":
        return _RecordedProcess(self._box.start(driver, limits), self)

    def close(self) -> None:
        self._box.close()

    def __enter__(self) -> "_Recorder":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _RecordedProcess:
    def __init__(self, process: Process, recorder: _Recorder) -> None:
        self._process = process
        self._recorder = recorder

    def exchange(self, frame: bytes, *, cpu_s: float, wall_s: float, reply_bytes: int) -> Reply:
        reply = self._process.exchange(frame, cpu_s=cpu_s, wall_s=wall_s, reply_bytes=reply_bytes)
        self._recorder.sent.append(frame)
        self._recorder.received.append(reply.frame)
        return reply

    def close(self) -> float:
        return self._process.close()


def descendants(pid: int) -> list[int]:
    """Return the pids of all processes below one. Not every kernel lists children."""
    parent_of = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        parent_of[int(stat.parent.name)] = int(fields[1])
    found = [pid]
    for each in found:
        found += [child for child, parent in parent_of.items() if parent == each]
    return found[1:]


def _rss_bytes(pid: int) -> int:
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
