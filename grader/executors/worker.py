"""One worker process of the local executor: it grades the tasks that come down a connection.

It holds everything that the judge knows, so it is as trusted as the parent; the student's
code runs in the worker's box, never in the worker.
"""

import contextlib
import gc
import os
import signal
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from grader import counterexample, dataset, judge, languages
from grader.catalog import Catalog, Loaded
from grader.counterexample import Finder
from grader.errors import AuthorError, GraderError
from grader.exam import Exam
from grader.executors import Explained, Hunt, Row, Task, row_of
from grader.grading import cell_config
from grader.result import SandboxInfo, SubmissionResult, diagnosis_json
from grader.sandbox.box import Box
from grader.sandbox.tiers import open_box
from grader.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs to judge, shipped to it once. `digest` is the challenge's."""

    challenge: str
    digest: str
    max_score: float
    roots: tuple[Path, ...]
    dataset: dataset.Dataset
    secret: bytes
    tier: str


def prepare(challenge: str, roots: tuple[Path, ...], secret: bytes, tier: str) -> Setup:
    """Load the challenge and build its dataset, once for all workers."""
    loaded = Catalog(roots).load(challenge)
    return Setup(
        challenge=loaded.challenge.id,
        digest=loaded.digest,
        max_score=sum(group.points for group in loaded.challenge.groups),
        roots=roots,
        dataset=dataset.build(loaded.challenge, secret),
        secret=secret,
        tier=tier,
    )


@dataclass(frozen=True, slots=True)
class Started:
    """The worker's box stands, in `tier`."""

    tier: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The worker cannot grade at all, and ends."""

    error: GraderError


@dataclass(frozen=True, slots=True)
class Broke:
    """The task in hand broke the worker, which ends; `why` is one line."""

    why: str


Order = Task | Hunt
Answer = Row | Explained
Message = Started | Refused | Broke | Answer


def serve(connection: Connection, setup: Setup, core: int | None) -> None:
    """Grade tasks until None comes or the parent is gone. The body of a worker process."""
    _settle(core)
    with contextlib.suppress(EOFError, BrokenPipeError):
        try:
            loaded = _load(setup)
            with open_box(setup.tier, cell_config(loaded.challenge)) as box:
                connection.send(Started(box.tier))
                exam = Exam(loaded, setup.dataset, setup.secret)
                for answer in _answers(connection, exam, box):
                    connection.send(answer)
        except GraderError as error:
            connection.send(Refused(error))


def _settle(core: int | None) -> None:
    """Leave Ctrl-C to the parent, and stay on one core: caches stay warm, timings steady."""
    # Tables of known programs are many small objects that stay: looking at them again costs more.
    gc.set_threshold(100_000)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if core is not None:
        with contextlib.suppress(OSError):
            os.sched_setaffinity(0, {core})


def _load(setup: Setup) -> Loaded:
    loaded = Catalog(setup.roots).load(setup.challenge)
    if loaded.digest != setup.digest:
        raise AuthorError(f"{loaded.folder} or its reference changed while grading; start again")
    return loaded


def _answers(connection: Connection, exam: Exam, box: Box) -> Iterator[Answer | Broke]:
    orders: Iterable[Order] = iter(connection.recv, None)
    finder = Finder(exam)
    for order in orders:
        try:
            if isinstance(order, Hunt):
                yield _explain(order, finder, box)
            else:
                yield _grade(order, exam, box)
        except Exception as error:
            # Whatever it was, this process may be damaged: a fresh one goes on.
            yield Broke(_one_line(error))
            return


def _grade(task: Task, exam: Exam, box: Box) -> Row:
    read = languages.read(task.path, task.name, follow_link=task.follow_link)
    result = judge.judge(read, exam, box)
    wanted = exam.challenge.space is not None and counterexample.is_wanted(result)
    return row_of(result, counterexample.explains(result.diagnosis) if wanted else None)


def _explain(hunt: Hunt, finder: Finder, box: Box) -> Explained:
    task = hunt.task
    read = languages.read(task.path, task.name, follow_link=task.follow_link)
    found = finder.find(read, box, hunt.known)
    return Explained(task.name, None if found is None else diagnosis_json(found.diagnosis))


def failed(order: Order, setup: Setup, why: str) -> Answer:
    """Return the answer to an order that broke its worker: our fault, so there is no mark."""
    if isinstance(order, Hunt):
        return Explained(order.task.name)
    return row_of(
        SubmissionResult(
            challenge=setup.challenge,
            challenge_digest=setup.digest,
            dataset_digest=setup.dataset.digest,
            submission=order.name,
            language=(languages.by_suffix(order.path) or languages.languages()[0]).name,
            sha256="",
            verdict=Verdict.JUDGE_ERROR,
            score=None,
            max_score=setup.max_score,
            groups=(),
            diagnosis=(),
            notes=(f"not judged: {why}",),
            sandbox=SandboxInfo(setup.tier, ()),
            cpu_s=0.0,
            wall_s=0.0,
        )
    )


def _one_line(error: Exception) -> str:
    if isinstance(error, GraderError):
        return str(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    return f"a fault in the grader itself: {type(error).__name__} at {place}: {error}"
