"""A batch: which submissions are still to be graded, and where what comes back is kept.

Theory of operation. Every submission's file is read and hashed first. The hash, the challenge's
digest and what runs it name two keys (see `store`): a judgement that is known under its key is
taken over without any work, a known run is marked again without a box, equal files are one
piece of work, and the rest goes to the executor. What comes back is committed before it is
yielded, so that whatever ends this process, the next one goes on where it was. Answers that are
there together, or soon (`_GATHER_S`), share a commit: a slow disk does not hold the workers up.

A fault of ours is no mark: the submission is tried again, up to three times over all runs of
the batch, and then quarantined and named. A failure that the machine may be to blame for is
judged once more on a quiet worker. Examples are looked for when all marks are in.
"""

import hashlib
import json
import os
import time
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader import languages, runner
from grader.errors import UsageError
from grader.executors import Executor, Explained, Hunt, Lost, Order, Remark, Row, Task, task_of
from grader.executors.worker import Setup, failed
from grader.jsonable import line
from grader.marking import judgement_key
from grader.store import FILE, Filed, Judged, Store
from grader.submission import identifier, printable_name

RESULTS = "results.jsonl"
SUMMARY = "summary.csv"

MOST_TRIES = 3
"""So often a fault of ours may keep a submission from its mark before it is quarantined."""

_GATHER_S = 0.05
"""How long a mark may wait for others to be committed with it."""

_UNREAD = "unread "
"""How the run of a file that could not be read begins; its submission's id follows."""

_LOOKS = 10
"""Suspicious failures that are judged again before the rest is believed."""


@dataclass(frozen=True, slots=True)
class Done:
    """A submission has its mark, on disk. `worked` is false where it was known already."""

    name: str
    verdict: str
    worked: bool = True


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A submission with the keys of its run and of its judgement."""

    task: Task
    run: str
    judgement: str


class Batch:
    """The submissions to one challenge, graded into a store."""

    def __init__(
        self, store: Store, setup: Setup, tasks: Sequence[Task], generation: int | None = None
    ) -> None:
        """Prepare to grade `tasks` in the tier that the run has had so far.

        Results go into `generation`, by default the one that counts.
        """
        known = store.meta("tier")
        # A run keeps its tier; who insists on another one gets another run.
        self.setup = replace(setup, tier=known) if known and setup.tier == "auto" else setup
        if known and self.setup.tier != known:
            raise UsageError(
                f"the run was graded in the tier {known!r}, not in {setup.tier!r}; leave --tier "
                "out, or give --fresh"
            )
        self._store = store
        self._tasks = [replace(task, id=task.id or identifier(task.name)) for task in tasks]
        self.generation = store.generation if generation is None else generation
        self.remarked = 0
        """How many runs were marked again from what was kept."""
        self.ran = 0
        """How many submissions were run."""

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def challenge(self) -> str:
        return self.setup.challenge

    def without_a_mark(self) -> dict[str, str]:
        """Return why submissions have no mark, by no fault of theirs, by name."""
        names = {task.id: task.name for task in self._tasks}
        return {
            names[submission]: f"{why} (tried {tries} times)"
            for submission, challenge, tries, why in self._store.faults()
            if challenge == self.challenge and submission in names
        }

    def grade(self, executor: Executor) -> Iterator[Done]:
        """Grade what has no mark yet; yield every submission when its mark is on disk."""
        keyed = self._keyed(executor)
        known, unknown = self._split(keyed)
        yield from known
        leaders = _leaders(unknown)
        orders = [self._order(entries[0]) for entries in leaders.values()]
        by_id = {entries[0].task.id: entries for entries in leaders.values()}
        for _ in range(MOST_TRIES):
            again: list[Order] = []
            with closing(self._graded(executor, orders, by_id, again)) as done:
                yield from done
            if not again:
                break
            orders = again

    def explain(self, executor: Executor) -> Iterator[str]:
        """Look for an example for every judgement that wants one; yield the submissions' names."""
        tasks = {task.id: task for task in self._tasks}
        hunts = self._store.hunts(self.generation, self.challenge)
        due = [hunt for hunt in hunts if hunt[1] in tasks]
        judgements = {submission: judgement for judgement, submission, _ in due}
        orders = [Hunt(tasks[submission], known) for _, submission, known in due]
        with closing(executor.run(orders)) as answers:
            for answer in answers:
                task = answer.task
                entry = answer.entry if isinstance(answer, Explained) else None
                self._store.explain(judgements[task.id], entry)
                self._store.commit()
                yield task.name

    def hunts(self) -> int:
        """Return how many examples are still to be looked for."""
        ours = {task.id for task in self._tasks}
        hunts = self._store.hunts(self.generation, self.challenge)
        return sum(hunt[1] in ours for hunt in hunts)

    # --- What is to be done -----------------------------------------------------------------------

    def _keyed(self, executor: Executor) -> list[_Keyed]:
        """Read every file, note it in the store, and name what its result depends on."""
        tier = self._tier(executor)
        unread = self._unread()
        filed = []
        keyed = []
        for task in self._tasks:
            try:
                source = languages.read(task.path, task.name, follow_link=task.follow_link)
            except UsageError as error:
                self._cannot_read(task, str(error))
                continue
            if task.id in unread:  # it has had no try yet
                self._store.recover(task.id, self.challenge)
            sha256 = hashlib.sha256(source.source).hexdigest()
            about = task.about
            path = task.path.absolute()
            filed.append(Filed(task.id, task.name, path, sha256, source.language, about))
            language = languages.by_name(source.language)
            versions = self.setup.engines[source.language]
            run = runner.run_key(
                sha256,
                self.setup.inputs_digest,
                language.file_name(task.name),
                versions,
                self.setup.settings,
                tier,
            )
            keyed.append(_Keyed(task, run, judgement_key(run, self.setup.digest)))
        self._store.file(filed)
        self._store.keep_results(self.challenge, self.generation, (t.id for t in self._tasks))
        self._store.commit()
        return keyed

    def _cannot_read(self, task: Task, why: str) -> None:
        """Keep that a file could not be read, which is no mark; the next run looks again."""
        self._store.file([Filed(task.id, task.name, task.path, "", "", task.about)])
        judged = failed(task, self.setup, why, f"{_UNREAD}{task.id}")
        self._store.add(judged)
        self._store.assign(task.id, self.challenge, self.generation, judged.key)
        self._store.fault(task.id, self.challenge, why)

    def _unread(self) -> set[str]:
        """Return the submissions whose files could not be read when they were last looked at."""
        faulty = {who for who, challenge, _, _ in self._store.faults()
                  if challenge == self.challenge}  # fmt: skip
        judgements = {
            who: self._store.result_of(who, self.challenge, self.generation) for who in faulty
        }
        return {
            who
            for who, judgement in judgements.items()
            if judgement is not None and self._store.run_of(judgement).startswith(_UNREAD)
        }

    def _tier(self, executor: Executor) -> str:
        """Return the tier of this run: the first time whichever holds, then always the same."""
        known = self._store.meta("tier")
        if not known:
            known = executor.tier
            self._store.set_meta("tier", known)
        return known

    def _split(self, keyed: Iterable[_Keyed]) -> tuple[list[Done], list[_Keyed]]:
        """Return the submissions whose mark is known, and those that want work."""
        tries = {submission: count for submission, challenge, count, _ in self._store.faults()
                 if challenge == self.challenge}  # fmt: skip
        known, unknown = [], []
        for entry in keyed:
            if self._store.has_judgement(entry.judgement):
                self._assign(entry, entry.judgement)
                self._store.recover(entry.task.id, self.challenge)
                known.append(Done(entry.task.name, "", worked=False))
            elif tries.get(entry.task.id, 0) < MOST_TRIES:
                unknown.append(entry)
        self._store.commit()
        return known, unknown

    def _order(self, entry: _Keyed) -> Order:
        evidence = self._store.evidence(entry.run)
        if evidence is None:
            self.ran += 1
            return entry.task
        self.remarked += 1
        return Remark(entry.task, evidence)

    # --- What comes back --------------------------------------------------------------------------

    def _graded(
        self,
        executor: Executor,
        orders: Sequence[Order],
        by_id: Mapping[str, list[_Keyed]],
        again: list[Order],
    ) -> Generator[Done, None, None]:
        """Carry out orders; put into `again` what our own fault has kept from its mark."""
        suspects: list[Row] = []
        done: list[Done] = []
        began = 0.0
        order_of = {task_of(order).id: order for order in orders}
        with closing(executor.run(orders)) as answers:
            for answer in answers:
                if isinstance(answer, Row) and answer.fault is None and answer.suspicious:
                    suspects.append(answer)
                elif not isinstance(answer, Explained):
                    entries = by_id[answer.task.id]
                    if self._keep(answer, entries):
                        again.append(order_of[answer.task.id])
                    done += self._done(answer, entries)
                    began = began or time.monotonic()
                left = began + _GATHER_S - time.monotonic()
                if done and not (left > 0 and executor.comes_within(left)):
                    began = 0.0
                    self._store.commit()
                    yield from done
                    done.clear()
        yield from self._second_looks(executor, suspects, by_id)

    def _second_looks(
        self, executor: Executor, suspects: Sequence[Row], by_id: Mapping[str, list[_Keyed]]
    ) -> Iterator[Done]:
        """Judge suspects once more, one at a time; what flips is called flaky.

        As soon as so many in a row have failed alike, the machine is not to blame, and the rest
        count as they are: a class of sleepers must not be waited for twice.
        """
        alike = 0
        for at in range(0, len(suspects), _LOOKS):
            chunk = suspects[at : at + _LOOKS]
            looks = list(chunk) if alike >= _LOOKS else list(self._looks(executor, chunk))
            alike += sum(kept is row for kept, row in zip(looks, chunk, strict=True))
            for kept in looks:
                entries = by_id[kept.task.id]
                self._keep(kept, entries)
                self._store.commit()
                yield from self._done(kept, entries)

    def _looks(self, executor: Executor, rows: Sequence[Row]) -> Iterator[Row]:
        """Yield what counts of each: the row itself, or a second one that differs."""
        answers = executor.run([row.task for row in rows], quiet=True)
        second = {each.task.id: each for each in answers if isinstance(each, Row)}
        for row in rows:
            found = second.get(row.task.id)
            yield row if found is None or found.fault is not None else _settled(row, found)

    def _keep(self, answer: Row | Lost, entries: Sequence[_Keyed]) -> bool:
        """Keep what came back; tell whether it is worth another try."""
        worth_again = isinstance(answer, Row)
        if isinstance(answer, Row):
            judged, why = answer.judged, answer.fault
        else:
            judged = failed(answer.task, self.setup, answer.why, entries[0].run)
            why = answer.why
        self._store.add(judged)
        if judged.run != entries[0].run:
            entries = entries[:1]  # the file has changed since it was read: equal ones have not
        for entry in entries:
            self._assign(entry, judged.key)
        if why is None:
            for entry in entries:
                self._store.recover(entry.task.id, self.challenge)
            return False
        tries = [self._store.fault(entry.task.id, self.challenge, why) for entry in entries]
        if not worth_again:
            for entry in entries:
                self._store.quarantine(entry.task.id, self.challenge, MOST_TRIES)
        return worth_again and max(tries) < MOST_TRIES

    def _assign(self, entry: _Keyed, judgement: str) -> None:
        self._store.assign(entry.task.id, self.challenge, self.generation, judgement)

    def _done(self, answer: Row | Lost, entries: Sequence[_Keyed]) -> Iterator[Done]:
        verdict = answer.judged.verdict if isinstance(answer, Row) else "judge_error"
        for entry in entries:
            yield Done(entry.task.name, verdict)


def open_store(
    folder: Path, *setups: Setup, fresh: bool, retry: bool = False, assignment: str = ""
) -> Store:
    """Open the run of a folder, or begin one; `UsageError` if it is another challenge's.

    `assignment` is the text of the one that the setups are for, if they are for one; challenges
    may be added to it while its run goes on. `fresh` begins anew: what the folder holds of a
    batch is replaced. `retry` gives what was quarantined its tries again.
    """
    path = folder / FILE
    old = [name for name in (RESULTS, SUMMARY) if os.path.lexists(folder / name)]
    if old and not path.exists() and not fresh:
        raise UsageError(
            f"{folder} already holds {old[0]}, and no run that could go on; name another --out, "
            "or give --fresh to replace what is there"
        )
    store = Store(path)
    try:
        if fresh:
            store.clear()
        if retry:
            store.forget_faults()
        _check_same_run(store, folder, [setup.challenge for setup in setups], assignment)
        store.begin({setup.challenge: setup.max_score for setup in setups}, assignment)
        for setup in setups:
            store.note("batch", json.dumps({"challenge": setup.challenge, "digest": setup.digest}))
        store.commit()
    except BaseException:
        store.close()
        raise
    return store


def _check_same_run(store: Store, folder: Path, challenges: Sequence[str], assignment: str) -> None:
    """Refuse to grade what the run in a folder is not about."""
    found = store.challenges
    same_kind = bool(store.assignment) == bool(assignment)
    if not found or (same_kind and set(found) <= set(challenges)):
        return
    kinds = {True: "an assignment of ", False: ""}
    held = kinds[bool(store.assignment)] + ", ".join(found)
    asked = kinds[bool(assignment)] + ", ".join(challenges)
    raise UsageError(
        f"{_shown(folder)} holds a run of {held}, not of {asked}; name another --out, "
        "or give --fresh to replace what is there"
    )


def export(store: Store, folder: Path, texts: Mapping[str, Iterable[str]]) -> None:
    """Replace `results.jsonl` and the files of `texts` (by name), each in one step."""
    _replace(folder / RESULTS, (line + b"\n" for line in store.lines()))
    for name, chunks in texts.items():
        _replace(folder / name, (chunk.encode("utf-8") for chunk in chunks))


def _leaders(keyed: Iterable[_Keyed]) -> dict[str, list[_Keyed]]:
    """Group submissions by what is to be found out: the first of each group is graded for all."""
    groups: dict[str, list[_Keyed]] = {}
    for entry in keyed:
        groups.setdefault(entry.judgement, []).append(entry)
    return groups


def _settled(first: Row, second: Row) -> Row:
    """Return the row that counts of two: the second, and a remark on it where they differ."""
    if first.judged.verdict == second.judged.verdict:
        return first
    result = json.loads(zlib.decompress(second.judged.line))
    result["notes"].append(
        f"flaky: at first it was {first.judged.verdict.replace('_', ' ')}, and "
        f"{second.judged.verdict.replace('_', ' ')} when it was judged once more on a quiet "
        "machine, which counts"
    )
    judged: Judged = replace(second.judged, line=zlib.compress(line(result), 1))
    return replace(second, judged=judged)


def read(folder: Path) -> Iterator[Mapping[str, Any]]:
    """Yield a batch's results, one at a time; `UsageError` if there are none.

    They come from the run, as far as it has got, and where there is none from `results.jsonl`.
    """
    path = folder / FILE
    if path.is_file():
        with Store.reading(path) as store:
            for number, line in enumerate(store.lines(), 1):
                yield _parsed(line, f"result {number} of {_shown(path)}")
    else:
        yield from _read_lines(folder / RESULTS)


def _read_lines(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        with open(path, "rb") as lines:
            for number, line in enumerate(lines, 1):
                yield _parsed(line, f"line {number} of {_shown(path)}")
    except OSError as error:
        raise UsageError(
            f"cannot read {_shown(path)}: {error.strerror}; name the --out of a finished batch"
        ) from None


def _parsed(line: bytes, where: str) -> Mapping[str, Any]:
    try:
        found = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{where} is no JSON: {error}") from None
    if not isinstance(found, dict):
        raise UsageError(f"{where} is no result")
    return found


def write(path: Path, content: str | bytes) -> None:
    """Replace a file in one step; `UsageError` if it cannot be."""
    _replace(path, [content.encode("utf-8") if isinstance(content, str) else content])


def _replace(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file beside its place and move it there: a reader finds the old or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(draft, "wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; nothing graded is lost") from None
    finally:
        draft.unlink(missing_ok=True)


def _shown(path: Path) -> str:
    return printable_name(str(path))
