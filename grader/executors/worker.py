"""One worker process of an executor: it carries out the orders that come down a connection.

It holds everything that the judge knows, so it is as trusted as the parent; the student's
code runs in the worker's box, never in the worker.
"""

import contextlib
import gc
import os
import platform
import signal
import traceback
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from grader import counterexample, dataset, judge, keeping, languages
from grader.catalog import Catalog, Loaded
from grader.counterexample import Finder
from grader.errors import AuthorError, GraderError
from grader.exam import Exam
from grader.executors import Answer, Explained, Hunt, Order, Remark, Row, Task, task_of
from grader.grading import cell_config
from grader.jsonable import line, plain
from grader.marking import Evidence, judgement_key
from grader.result import SandboxInfo, SubmissionResult, diagnosis_json, to_json
from grader.sandbox.box import Box
from grader.sandbox.tiers import open_box
from grader.store import Case, Judged
from grader.submission import Submission
from grader.suspicion import suspicious
from grader.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker needs to judge, shipped to it once. `digest` is the challenge's.

    `inputs_digest` and `settings` are the exam's, `versions` Python's and numpy's, `engines` those
    of all that each language is run by: they name what a run depends on.
    """

    challenge: str
    digest: str
    max_score: float
    roots: tuple[Path, ...]
    dataset: dataset.Dataset
    secret: bytes
    tier: str
    inputs_digest: str
    settings: str
    engines: Mapping[str, tuple[str, ...]]
    versions: tuple[str, str]


def prepare(challenge: str, roots: tuple[Path, ...], secret: bytes, tier: str) -> Setup:
    """Load the challenge and build its dataset, once for all workers."""
    loaded = Catalog(roots).load(challenge)
    data = dataset.build(loaded.challenge, secret)
    exam = Exam(loaded, data, secret)
    versions = (platform.python_version(), np.__version__)
    return Setup(
        challenge=loaded.challenge.id,
        digest=loaded.digest,
        max_score=sum(group.points for group in loaded.challenge.groups),
        roots=roots,
        dataset=data,
        secret=secret,
        tier=tier,
        inputs_digest=exam.inputs_digest,
        settings=exam.settings,
        versions=versions,
        engines={
            each.name: languages.engine_of(each.name, loaded.challenge).versions(*versions)
            for each in languages.languages()
        },
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


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer without its task, which the parent knows: to read it again costs more than all."""

    kind: Callable[..., Answer]
    rest: tuple[Any, ...]


Message = Started | Refused | Broke | Answered


def serve(connection: Connection, setup: Setup, core: int | None) -> None:
    """Grade tasks until None comes or the parent is gone. The body of a worker process."""
    _settle(core)
    with contextlib.suppress(EOFError, BrokenPipeError):
        try:
            with desk_of(setup) as desk:
                connection.send(Started(desk.tier))
                for answer in _answers(connection, desk):
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


def load(setup: Setup) -> Loaded:
    """Load the challenge once more, from its files; `AuthorError` if they are others by now."""
    loaded = Catalog(setup.roots).load(setup.challenge)
    if loaded.digest != setup.digest:
        raise AuthorError(f"{loaded.folder} or its reference changed while grading; start again")
    return loaded


@contextlib.contextmanager
def desk_of(setup: Setup) -> "Iterator[Desk]":
    """Open a box for a setup, with everything beside it that its judge needs."""
    loaded = load(setup)
    with open_box(setup.tier, cell_config(loaded.challenge)) as box:
        yield Desk(Exam(loaded, setup.dataset, setup.secret), box)


def _answers(connection: Connection, desk: "Desk") -> Iterator[Answered | Broke]:
    orders: Iterable[Order] = iter(connection.recv, None)
    for order in orders:
        try:
            yield _without_task(desk.answer(order))
        except Exception as error:
            # Whatever it was, this process may be damaged: a fresh one goes on.
            yield Broke(one_line(error))
            return


def _without_task(answer: Answer) -> Answered:
    rest = tuple(getattr(answer, field.name) for field in fields(answer) if field.name != "task")
    return Answered(type(answer), rest)


class Desk:
    """Carries out orders, whoever they come from."""

    def __init__(self, exam: Exam, box: Box) -> None:
        self._exam = exam
        self._box = box
        self._finder = Finder(exam)
        self._plain = _Remembered(
            [*exam.inputs, *(question.data.desired for question in exam.questions)]
        )

    @property
    def tier(self) -> str:
        return self._box.tier

    def answer(self, order: Order, submission: Submission | None = None) -> Answer:
        """Carry out one order, about `submission` or else about the file that it names."""
        task = task_of(order)
        submission = submission or _read(task)
        if isinstance(order, Hunt):
            found = self._finder.find(submission, self._box, order.known)
            return Explained(task, None if found is None else diagnosis_json(found.diagnosis))
        kept = keeping.from_bytes(order.evidence) if isinstance(order, Remark) else None
        result, evidence = judge.judge_again(submission, self._exam, self._box, kept)
        return self._row(task, result, evidence)

    def _row(self, task: Task, result: SubmissionResult, evidence: Evidence) -> Row:
        wanted = self._exam.challenge.space is not None and counterexample.is_wanted(result)
        fault = _fault(result)
        judged = judged_of(
            result,
            keeping.to_bytes(evidence) if fault is None else b"",
            counterexample.explains(result.diagnosis) if wanted else None,
            self._plain,
        )
        engine = languages.engine_of(result.language, self._exam.challenge)
        limits = self._exam.limits(engine.cpu_factor)
        return Row(task, judged, suspicious(evidence, limits), fault)


class _Remembered:
    """`jsonable.plain`, which knows the answer for some objects: those that every result has."""

    def __init__(self, objects: Iterable[object]) -> None:
        # The objects are kept as well, so that no other one gets their ids.
        self._known = {id(each): (each, plain(each)) for each in objects}

    def __call__(self, value: Any) -> Any:
        known = self._known.get(id(value))
        return plain(value) if known is None else known[1]


def judged_of(
    result: SubmissionResult,
    evidence: bytes,
    hunt: str | None,
    as_plain: Callable[[Any], Any] = plain,
) -> Judged:
    """Return what is kept of a result."""
    return Judged(
        key=result.judgement_key,
        run=result.run_key,
        evidence=evidence,
        cpu_s=result.cpu_s,
        wall_s=result.wall_s,
        challenge=result.challenge,
        digest=result.challenge_digest,
        verdict=str(result.verdict),
        score=result.score,
        max_score=result.max_score,
        diagnosis=result.diagnosis[0].id if result.diagnosis else "",
        named=result.submission,
        line=zlib.compress(line(to_json(result, "instructor", as_plain)), 1),
        hunt=hunt,
        cases=[
            Case(group.name, case.name, str(case.verdict), case.score, case.max_score, case.flaky)
            for group in result.groups
            for case in group.cases
        ],
    )


def failed(task: Task, setup: Setup, why: str, run: str) -> Judged:
    """Return what is kept of a submission that broke its workers: our fault, so no mark."""
    result = SubmissionResult(
        challenge=setup.challenge,
        challenge_digest=setup.digest,
        dataset_digest=setup.dataset.digest,
        submission=task.name,
        language=(languages.by_suffix(task.path) or languages.languages()[0]).name,
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
        run_key=run,
        judgement_key=judgement_key(run, setup.digest),
    )
    return judged_of(result, b"", None)


def _read(task: Task) -> Submission:
    return languages.read(task.path, task.name, follow_link=task.follow_link)


def _fault(result: SubmissionResult) -> str | None:
    """Return why there is no mark, where that is our fault."""
    if result.verdict is not Verdict.JUDGE_ERROR:
        return None
    messages = (case.message for group in result.groups for case in group.cases)
    return next((each for each in messages if each is not None), "the judge failed")


def one_line(error: Exception) -> str:
    """Say in one line what went wrong, and where if it is a fault of the grader itself."""
    if isinstance(error, GraderError):
        return str(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    return f"a fault in the grader itself: {type(error).__name__} at {place}: {error}"
