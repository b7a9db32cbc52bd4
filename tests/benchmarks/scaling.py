"""How a batch on a cluster grows to 100 workers: what each part costs, and what follows from it.

`--json` for one JSON object, `--quick` for a shorter run, `--workers 1,10,100` for other numbers.

There are not a hundred cores here, so the costs are measured and the rest is computed. Measured
are, as CPU time, which a busy machine lengthens less than the clock:

    worker_ms       a submission at a worker's desk: its box, its judge, its JSON
    warm_s          what a worker does once: its box, its tables of known programs (by the clock)
    plan_ms         the client, for a submission, before anything is sent: reading, hashing, keys
    client_ms       the client, for a submission: reading it again, taking, storing its answer
    client_task_ms  the client, for a task of the scheduler, which is a parcel of submissions
    commit_wait_ms  what the client waits for the disk, for a commit (by the clock)
    export_ms       the client, for a submission, when all are in: results.jsonl, the tables
    scheduler_ms, scheduler_task_ms  the scheduler, for a submission, and for a task
    worker_task_ms  what Dask costs a worker, for a task

The client's are those of the very code of a batch (`Batch.grade`, `DaskExecutor`, `Store`); its
tasks are carried out by a real scheduler and a real worker on loopback, which answer at once, with
answers of the real size (`parcel_tasks`). Two sizes of parcels tell what a task costs from what a
submission in it does.

The model is a simulation of single events. Client, scheduler and each worker do one thing at a
time; parcels are cut, and kept ahead of the workers, as `executors/dask.py` does; the scheduler
sees a task twice, when it comes and when it is done, and gives it to the worker with the fewest.

    Assumed: a core for each process; a message takes LATENCY_S; the workers' cores are like this
    one; what a submission takes is drawn from what was measured; nobody dies, nothing is
    quarantined, nothing loops (a loop costs its limit at one worker and nobody else anything);
    the workers have introduced themselves; what the scheduler does for a task does not depend on
    how many workers there are. Examples are looked for after the last mark and are not in it.

Then the model is held against real runs with one and with two workers on loopback. Where there are
fewer cores than processes it cannot be quicker than all CPU time over the cores (`bound`).
"""

import argparse
import datetime
import heapq
import json
import os
import platform
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import mean
from typing import Any

import handing_in
import judge_worker
import numpy as np
import parcel_tasks
import talk
from handing_in import CHALLENGE, HandedIn

from grader import batch, languages
from grader.cli import exports
from grader.executors import Order, Row, Task
from grader.executors import dask as cluster
from grader.executors.worker import Setup, desk_of, prepare
from grader.store import FILE, Store
from grader.submission import Submission

LATENCY_S = 0.0005
WORKERS = (1, 2, 5, 10, 20, 50, 100)
CLASSES = (1_000, 10_000)
EFFICIENT = 0.8
"""Below this share of what so many workers could do alone something else limits."""
_LOOP = "time_limit_exceeded"
_SMALL = 2
_KEPT = 128
"""Answers that a worker that does nothing gives again and again."""
_UNDER_WAY = 16
"""Parcels, while the client's costs are measured: as on some workers, which answer together."""


@dataclass(frozen=True)
class Effort:
    """Submissions at a desk, of the client's costs (each parcel size), and of each real run."""

    desk: int
    client: int
    real: int


FULL = Effort(desk=600, client=3_200, real=600)
QUICK = Effort(desk=150, client=640, real=150)


@dataclass(frozen=True)
class Costs:
    """What was measured (see the module). `draws_ms` are single submissions at a desk."""

    worker_ms: float
    warm_s: float
    plan_ms: float
    client_ms: float
    client_task_ms: float
    commit_wait_ms: float
    export_ms: float
    scheduler_ms: float
    scheduler_task_ms: float
    worker_task_ms: float
    draws_ms: Sequence[float] = field(repr=False, default=())

    def per_submission(self, parcel: int) -> dict[str, float]:
        """Return what a submission costs each part, in ms, in parcels of a size."""
        client = self.client_ms + (self.client_task_ms + self.commit_wait_ms) / parcel
        return {
            "client": self.plan_ms + client,
            "scheduler": self.scheduler_ms + self.scheduler_task_ms / parcel,
            "worker": self.worker_ms + self.worker_task_ms / parcel,
        }


# --- What it costs ----------------------------------------------------------------------------


def measured(effort: Effort, where: Path) -> Costs:
    setup = prepare(CHALLENGE, (), judge_worker.SECRET, "auto")
    sources = _sources(max(effort.desk, effort.client, effort.real))
    draws_ms, warm_s, rows, tier = _at_a_desk(setup, sources[: effort.desk])
    sizes = (cluster._PARCEL, _SMALL)
    seen = [_at_the_client(setup, rows, sources[: effort.client], each, where) for each in sizes]
    fitted = {name: _line(sizes, [each[name] for each in seen]) for name in _PER_TASK}
    _progress(f"tier {tier}")
    return Costs(
        worker_ms=mean(draws_ms),
        warm_s=warm_s,
        plan_ms=mean(each["plan_ms"] for each in seen),
        client_ms=fitted["client"][1],
        client_task_ms=fitted["client"][0],
        commit_wait_ms=mean(each["commit_wait_ms"] for each in seen),
        export_ms=mean(each["export_ms"] for each in seen),
        scheduler_ms=fitted["scheduler"][1],
        scheduler_task_ms=fitted["scheduler"][0],
        worker_task_ms=fitted["worker"][0] + fitted["worker"][1] * cluster._PARCEL,
        draws_ms=draws_ms,
    )


_PER_TASK = ("client", "scheduler", "worker")


def _sources(count: int) -> list[HandedIn]:
    """Return so many different submissions, none of which loops: equal ones are run once."""
    found: dict[str, HandedIn] = {}
    for each in handing_in.handed_in(2 * count):
        if each.verdict != _LOOP:
            found.setdefault(each.source, each)
    return list(found.values())[:count]


def _at_a_desk(
    setup: Setup, handed_in: Sequence[HandedIn]
) -> tuple[list[float], float, list[Row], str]:
    """Return CPU ms of each submission, what the start takes, the answers, and the tier."""
    wrong = next(each for each in handed_in if each.verdict == "wrong_answer")
    began = time.monotonic()
    with desk_of(setup) as desk:
        desk.answer(*_order(wrong))
        warm_s = time.monotonic() - began
        draws, rows = [], []
        for number, each in enumerate(handed_in):
            _progress(f"at a desk {number + 1}/{len(handed_in)}")
            before = _cpu_of(judge_worker.descendants(os.getpid()))
            own = time.process_time()
            row = desk.answer(*_order(each))
            own = time.process_time() - own
            after = _cpu_of(before)
            cells = sum(after[pid] - before[pid] for pid in after)
            draws.append(1e3 * (own + cells + row.judged.cpu_s))
            rows.append(row)
        return draws, warm_s, rows, desk.tier


def _order(each: HandedIn) -> tuple[Task, Submission]:
    language = languages.by_suffix(Path(each.name))
    assert language is not None
    task = Task(each.name, Path(each.name), id=each.name)
    return task, Submission(each.name, each.source.encode(), language.name)


def _at_the_client(
    setup: Setup, rows: Sequence[Row], handed_in: Sequence[HandedIn], parcel: int, where: Path
) -> dict[str, float]:
    """Return what a batch costs whose workers answer at once, in ms."""
    with _running(where, workers=1) as (address, pids), _patched(parcel):
        executor = _Watched(setup, address)
        with executor, Store(where / f"client-{parcel}" / FILE) as store:
            executor.held(rows[:_KEPT])
            tasks = _files(where / f"class-{parcel}", handed_in)
            waits = _waits(store)
            work = _begun(store, setup, tasks, executor)
            before = {pid: _cpu_s(pid) for pid in pids}
            began = time.process_time()
            for number, _ in enumerate(work.grade(executor)):
                _progress(f"at the client, parcels of {parcel}: {number + 1}/{len(tasks)}")
            ended = time.process_time()
            scheduler, worker = (_cpu_s(pid) - before[pid] for pid in pids)
            exported = time.process_time()
            exports.write(store, where)
            exported = time.process_time() - exported
        count, parcels = len(tasks), -(-len(tasks) // parcel)
        return {
            "plan_ms": 1e3 * (executor.began - began) / count,
            "client": 1e3 * (ended - executor.began) / parcels,
            "scheduler": 1e3 * scheduler / parcels,
            "worker": 1e3 * worker / parcels,
            "commit_wait_ms": 1e3 * sum(waits) / parcels,
            "export_ms": 1e3 * exported / count,
        }


class _Watched(cluster.DaskExecutor):
    """The executor, which notes its process's CPU seconds when it is first asked to work."""

    began = 0.0

    def __init__(self, setup: Setup, address: str) -> None:
        super().__init__(setup, 0, address)

    def held(self, rows: Sequence[Row]) -> None:
        self._client.submit(parcel_tasks.keep, rows).result()

    def run(self, orders: Sequence[Order], *, quiet: bool = False) -> Any:
        self.began = self.began or time.process_time()
        return super().run(orders, quiet=quiet)


@contextmanager
def _patched(parcel: int) -> Iterator[None]:
    """Have workers answer at once, parcels be of a size, and many be under way for one worker."""
    real = cluster._carry_out, cluster._PARCEL, cluster._AHEAD
    cluster._carry_out, cluster._PARCEL = parcel_tasks.answer, parcel  # type: ignore[assignment]
    cluster._AHEAD = _UNDER_WAY
    try:
        yield
    finally:
        cluster._carry_out, cluster._PARCEL, cluster._AHEAD = real


def _begun(
    store: Store, setup: Setup, tasks: Sequence[Task], executor: cluster.DaskExecutor
) -> batch.Batch:
    """Return a batch whose executor is ready: introductions are not what is measured."""
    store.begin({setup.challenge: setup.max_score})
    store.set_meta("tier", executor.tier)
    store.commit()
    return batch.Batch(store, setup, tasks)


def _files(folder: Path, handed_in: Sequence[HandedIn]) -> list[Task]:
    folder.mkdir()
    for each in handed_in:
        (folder / each.name).write_text(each.source, encoding="utf-8")
    return [Task(each.name, folder / each.name, id=each.name) for each in handed_in]


def _waits(store: Store) -> list[float]:
    """Have a store note the seconds in which its commits waited, not worked."""
    waits: list[float] = []
    commit = store.commit

    def watched() -> None:
        clock, worked = time.monotonic(), time.thread_time()
        commit()
        waits.append(max(0.0, time.monotonic() - clock - (time.thread_time() - worked)))

    store.commit = watched  # type: ignore[method-assign]
    return waits


@contextmanager
def _running(where: Path, workers: int) -> Iterator[tuple[str, list[int]]]:
    """Run a scheduler and workers on loopback; yield its address and all pids, its first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    with ExitStack() as stack:
        commands = [("scheduler", "--host", "127.0.0.1", "--port", port)]
        commands += [("worker", address, "--no-nanny", "--nthreads", "1")] * workers
        pids = [stack.enter_context(_process(where, *each)) for each in commands]
        yield address, pids


@contextmanager
def _process(where: Path, what: str, *options: str) -> Iterator[int]:
    path = os.pathsep.join([str(talk.HERE), str(talk.ROOT), *filter(None, sys.path)])
    with subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *options],
        cwd=where,
        env={**os.environ, "PYTHONPATH": path, "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            yield process.pid
        finally:
            process.kill()


def _cpu_s(pid: int) -> float:
    """Return the CPU seconds of a process, without those of its children."""
    return time.clock_gettime((~pid << 3) | 2)


def _cpu_of(pids: Iterable[int]) -> dict[int, float]:
    found = {}
    for pid in pids:
        try:
            found[pid] = _cpu_s(pid)
        except OSError:
            continue  # a submission's process that has ended, which the kernel has counted
    return found


def _line(sizes: Sequence[int], costs: Sequence[float]) -> tuple[float, float]:
    """Return (a, b) of the line a + b*size through two points, the first at least; none below 0."""
    slope = max(0.0, (costs[0] - costs[1]) / (sizes[0] - sizes[1]))
    slope = min(slope, costs[0] / sizes[0])
    return costs[0] - slope * sizes[0], slope


# --- What follows -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """A batch as the model has it: seconds, and for which share of them each part is busy."""

    workers: int
    size: int
    parcel: int
    seconds: float
    export_s: float
    client: float
    scheduler: float
    worker: float

    @property
    def rate(self) -> float:
        return self.size / self.seconds


class Server:
    """Does one thing at a time, in the order in which it is asked."""

    def __init__(self, events: "Events") -> None:
        self._events = events
        self._free = 0.0
        self.busy = 0.0

    def ask(self, seconds: float, done: Callable[[], None]) -> None:
        begins = max(self._free, self._events.now)
        self._free = begins + seconds
        self.busy += seconds
        self._events.at(self._free, done)


class Events:
    """What is still to come, the earliest first."""

    def __init__(self) -> None:
        self.now = 0.0
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, moment: float, event: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._heap, (moment, self._count, event))

    def after(self, seconds: float, event: Callable[[], None]) -> None:
        self.at(self.now + seconds, event)

    def run(self) -> None:
        while self._heap:
            self.now, _, event = heapq.heappop(self._heap)
            event()


class Model:
    """A batch of `size` submissions on so many workers."""

    def __init__(self, costs: Costs, size: int, workers: int, seed: int = 0) -> None:
        self._costs = costs
        self._size = size
        self._random = random.Random(seed)
        self._events = Events()
        self._client, self._scheduler = Server(self._events), Server(self._events)
        self._workers = [Server(self._events) for _ in range(workers)]
        self._given = [0] * workers
        self._cold = [True] * workers
        self._under_way = 0
        self._inbox: deque[int] = deque()
        self._idle = False
        self.parcel = max(1, min(cluster._PARCEL, size // (4 * workers) or 1))
        self._waiting = deque(min(self.parcel, size - at) for at in range(0, size, self.parcel))

    def run(self) -> Outcome:
        self._client.ask(self._costs.plan_ms * self._size / 1e3, self._client_next)
        self._events.run()
        seconds = self._events.now
        return Outcome(
            workers=len(self._workers),
            size=self._size,
            parcel=self.parcel,
            seconds=seconds,
            export_s=self._costs.export_ms * self._size / 1e3,
            client=self._client.busy / seconds,
            scheduler=self._scheduler.busy / seconds,
            worker=mean(worker.busy for worker in self._workers) / seconds,
        )

    def _client_next(self) -> None:
        """Send a parcel if one may be under way, else take an answer, else wait for one."""
        costs = self._costs
        self._idle = False
        if self._waiting and self._under_way < cluster._AHEAD * len(self._workers):
            count = self._waiting.popleft()
            self._under_way += 1
            self._client.ask(costs.client_task_ms / 2e3, lambda: self._sent(count))
        elif self._inbox:
            count = self._inbox.popleft()
            self._under_way -= 1
            ms = costs.client_task_ms / 2 + costs.commit_wait_ms + costs.client_ms * count
            self._client.ask(ms / 1e3, self._client_next)
        else:
            self._idle = True

    def _sent(self, count: int) -> None:
        self._events.after(LATENCY_S, lambda: self._schedule(count, self._assigned))
        self._client_next()

    def _schedule(self, count: int, then: Callable[[int], None]) -> None:
        ms = (self._costs.scheduler_task_ms + self._costs.scheduler_ms * count) / 2
        self._scheduler.ask(ms / 1e3, lambda: then(count))

    def _assigned(self, count: int) -> None:
        rank = min(range(len(self._workers)), key=self._given.__getitem__)
        self._given[rank] += 1
        self._events.after(LATENCY_S, lambda: self._work(rank, count))

    def _work(self, rank: int, count: int) -> None:
        ms = self._costs.worker_task_ms + sum(self._random.choices(self._costs.draws_ms, k=count))
        seconds = ms / 1e3 + (self._costs.warm_s if self._cold[rank] else 0.0)
        self._cold[rank] = False
        self._workers[rank].ask(seconds, lambda: self._worked(rank, count))

    def _worked(self, rank: int, count: int) -> None:
        self._given[rank] -= 1
        self._events.after(LATENCY_S, lambda: self._schedule(count, self._answered))

    def _answered(self, count: int) -> None:
        self._events.after(LATENCY_S, lambda: self._arrived(count))

    def _arrived(self, count: int) -> None:
        self._inbox.append(count)
        if self._idle:
            self._client_next()


# --- Against real runs ------------------------------------------------------------------------


def against(costs: Costs, effort: Effort, workers: int, where: Path) -> dict[str, float]:
    """Return a real run on loopback beside the model's: seconds, and CPU ms a submission."""
    setup = prepare(CHALLENGE, (), judge_worker.SECRET, "auto")
    tasks = _files(where / f"real-{workers}", _sources(effort.real))
    with (
        _running(where, workers) as (address, pids),
        cluster.DaskExecutor(setup, 0, address) as executor,
        Store(where / f"real-{workers}-out" / FILE) as store,
    ):
        while len(executor._addresses()) < workers:
            time.sleep(0.1)
        work = _begun(store, setup, tasks, executor)
        before, own = {pid: _cpu_s(pid) for pid in pids}, time.process_time()
        began = time.monotonic()
        for number, _ in enumerate(work.grade(executor)):
            _progress(f"{workers} real workers: {number + 1}/{len(tasks)}")
        seconds = time.monotonic() - began
        own = time.process_time() - own
        cpu = [_cpu_s(pid) - before[pid] for pid in pids]
        cells = _cpu_of(each for pid in pids[1:] for each in judge_worker.descendants(pid))
        with closing(sqlite3.connect(store.path)) as db:
            (children,) = db.execute("SELECT sum(cpu_s) FROM runs").fetchone()
    count = len(tasks)
    model = Model(costs, count, workers)
    outcome = model.run()
    each = costs.per_submission(model.parcel)
    bound = sum(each.values()) * count / 1e3 + workers * costs.warm_s
    cores = min(len(os.sched_getaffinity(0)), workers + 2)
    found = {
        "workers": workers,
        "seconds_model": outcome.seconds,
        "seconds_bound": bound / cores,
        "seconds_real": seconds,
        "client_ms_model": each["client"],
        "client_ms_real": 1e3 * own / count,
        "scheduler_ms_model": each["scheduler"],
        "scheduler_ms_real": 1e3 * cpu[0] / count,
        "worker_ms_model": each["worker"] + 1e3 * workers * costs.warm_s / count,
        "worker_ms_real": 1e3 * (sum(cpu[1:]) + sum(cells.values()) + children) / count,
    }
    return {name: round(value, 3) for name, value in found.items()}


def main() -> None:
    options = _options()
    effort = QUICK if options.quick else FULL
    with tempfile.TemporaryDirectory(prefix="grader-scaling-") as folder:
        where = Path(folder)
        costs = measured(effort, where)
        real = [against(costs, effort, each, where) for each in (1, 2)]
    outcomes = [Model(costs, size, each).run() for size in CLASSES for each in options.workers]
    _progress("")
    report = {
        "costs": {name: round(value, 4) for name, value in asdict(costs).items()
                  if name != "draws_ms"},
        "model": [_row(each, outcomes) for each in outcomes],
        "limits": _limits(costs),
        "real": real,
        **_machine(),
    }  # fmt: skip
    print(json.dumps(report) if options.json else _text(report))


def _row(outcome: Outcome, outcomes: Sequence[Outcome]) -> dict[str, float]:
    alike = [each for each in outcomes if each.size == outcome.size]
    first = min(alike, key=lambda each: each.workers)
    found = {
        "workers": outcome.workers,
        "size": outcome.size,
        "parcel": outcome.parcel,
        "seconds": outcome.seconds,
        "export_s": outcome.export_s,
        "per_s": outcome.rate,
        "efficiency": outcome.rate * first.workers / (first.rate * outcome.workers),
        "client_busy": outcome.client,
        "scheduler_busy": outcome.scheduler,
        "workers_busy": outcome.worker,
    }
    return {name: round(value, 3) for name, value in found.items()}


def _limits(costs: Costs) -> dict[str, float]:
    """Return at how many workers client and scheduler have no time left, and how many a second."""
    each = costs.per_submission(cluster._PARCEL)
    sending = each["client"] - costs.plan_ms
    found = {
        "client_limits_at": each["worker"] / sending,
        "scheduler_limits_at": each["worker"] / each["scheduler"],
        "client_per_s": 1e3 / sending,
        "scheduler_per_s": 1e3 / each["scheduler"],
    }
    return {name: round(value, 1) for name, value in found.items()}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer submissions")
    parser.add_argument(
        "--workers",
        type=lambda text: tuple(map(int, text.split(","))),
        default=WORKERS,
        help="for so many workers (1,2,5,10,20,50,100)",
    )
    return parser.parse_args()


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{text:60}", end="", file=sys.stderr)


def _machine() -> dict[str, Any]:
    return {
        "date": datetime.date.today().isoformat(),
        "cores": len(os.sched_getaffinity(0)),
        "load": round(os.getloadavg()[0], 1),
        "latency_s": LATENCY_S,
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def _text(report: dict[str, Any]) -> str:
    lines = [f"{key}: {report[key]}" for key in ("date", "cores", "load", "python", "numpy")]
    lines += ["", "measured"]
    lines += [f"  {name:18}{value:9.3f}" for name, value in report["costs"].items()]
    lines += ["", "real runs on loopback"]
    for run in report["real"]:
        lines += [f"  {name:18}{value:9.3f}" for name, value in run.items()]
    lines += ["", f"model, a message takes {LATENCY_S} s"]
    lines.append(" ".join(f"{name:>14}" for name in report["model"][0]))
    lines += [" ".join(f"{value:14.6g}" for value in row.values()) for row in report["model"]]
    lines += ["", *_said(report)]
    return "\n".join(lines)


def _said(report: dict[str, Any]) -> Iterator[str]:
    """Say what limits, and what would have to change."""
    limits = report["limits"]
    yield f"client: {limits['client_per_s']} a second, {limits['client_limits_at']} workers' worth"
    yield (
        f"scheduler: {limits['scheduler_per_s']} a second, "
        f"{limits['scheduler_limits_at']} workers' worth"
    )
    for size in CLASSES:
        rows = [row for row in report["model"] if row["size"] == size]
        slow = [row for row in rows if row["efficiency"] < EFFICIENT]
        if not slow:
            yield f"{size} submissions: nothing limits up to {rows[-1]['workers']} workers"
            continue
        first = slow[0]
        yield (
            f"{size} submissions: from {first['workers']} workers on less than "
            f"{EFFICIENT:.0%} of what they could do; {_why(first, report['costs'])}"
        )


def _why(row: dict[str, float], costs: dict[str, float]) -> str:
    """Say what keeps the workers of a row waiting, and what would have to change."""
    if row["client_busy"] >= EFFICIENT:
        return (
            f"the client is busy ({row['client_busy']:.0%}): have the workers pack what is stored, "
            "and store it in a process of its own"
        )
    if row["scheduler_busy"] >= EFFICIENT:
        return f"the scheduler is busy ({row['scheduler_busy']:.0%}): larger parcels"
    starting = costs["warm_s"] / row["seconds"]
    last = row["parcel"] * costs["worker_ms"] / 1e3 / row["seconds"]
    return (
        f"the class is too small: a worker's start is {starting:.0%} of the time, its last parcel "
        f"{last:.0%}; keep workers and their tables from one batch to the next"
    )


if __name__ == "__main__":
    main()
