"""What a batch works on and what it keeps: a real store, and an executor that only pretends."""

import json
import zlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from grader import batch, keeping
from grader.batch import Batch, Done
from grader.errors import UsageError
from grader.executors import Answer, Explained, Hunt, Lost, Order, Remark, Row, Task, task_of
from grader.executors.worker import Setup, prepare
from grader.marking import Evidence
from grader.outcome import CaseRun
from grader.runner import Run
from grader.store import FILE, Judged, Store

RUN = Run((CaseRun(None, value=1.0),), None, None, 0.0, 0.0)


@pytest.fixture(scope="module")
def setup() -> Setup:
    return prepare("sgdWithMomentum", (), b"a secret", "auto")


class Pretender:
    """Answers every order as `verdict_of` says, with the keys that a worker would give."""

    tier = "full"

    def comes_within(self, seconds: float) -> bool:
        return False

    def __init__(self, setup: Setup, verdict_of: Callable[[Order, int], str]) -> None:
        self.setup = setup
        self.orders: list[Order] = []
        self.quiet: list[str] = []
        self.keys: dict[str, tuple[str, str]] = {}
        self._verdict_of = verdict_of

    def run(self, orders: Sequence[Order], *, quiet: bool = False) -> Generator[Answer, None, None]:
        for order in orders:
            self.orders.append(order)
            task = task_of(order)
            if quiet:
                self.quiet.append(task.name)
            seen = sum(task_of(each).name == task.name for each in self.orders)
            verdict = self._verdict_of(order, seen)
            if isinstance(order, Hunt):
                yield Explained(task, {"kind": "counterexample", "id": verdict})
            elif verdict == "lost":
                yield Lost(task, "it broke everything")
            else:
                yield self._row(task, verdict)

    def _row(self, task: Task, verdict: str) -> Row:
        run, judgement = self.keys[task.name]
        fault = "the box broke" if verdict == "judge_error" else None
        line = json.dumps({"submission": task.name, "verdict": verdict, "notes": [],
                           "diagnosis": []}).encode()  # fmt: skip
        judged = Judged(
            key=judgement,
            run=run,
            evidence=b"" if fault else keeping.to_bytes(Evidence(RUN)),
            cpu_s=0.1,
            wall_s=0.1,
            challenge=self.setup.challenge,
            digest=self.setup.digest,
            verdict=verdict.removesuffix("?"),
            score=None if fault else 1.0,
            max_score=100.0,
            diagnosis="",
            named=task.name,
            line=zlib.compress(line),
            hunt="" if verdict == "wrong_answer" else None,
            cases=[],
        )
        return Row(task, judged, verdict.endswith("?"), fault)

    def stop(self) -> None: ...

    def __enter__(self) -> "Pretender":
        return self

    def __exit__(self, *exc: object) -> None: ...


class Bench:
    """A folder of files and a run; `grade` grades them by the verdict that is their text."""

    def __init__(self, folder: Path, setup: Setup) -> None:
        self.folder = folder
        self.setup = setup
        self.executor: Pretender

    def write(self, **texts: str) -> None:
        for name, text in texts.items():
            (self.folder / f"{name}.py").write_text(text)

    def tasks(self) -> list[Task]:
        return [Task(path.stem, path) for path in sorted(self.folder.glob("*.py"))]

    def grade(
        self,
        verdict_of: Callable[[Order, int], str] = lambda order, _: task_of(order).path.read_text(),
        *,
        retry: bool = False,
        explain: bool = False,
        **change: str,
    ) -> list[Done]:
        setup = replace(self.setup, **change)
        with batch.open_store(self.folder / "out", setup, fresh=False, retry=retry) as store:
            work = Batch(store, setup, self.tasks())
            self.executor = Pretender(setup, verdict_of)
            keyed = work._keyed(self.executor)
            self.executor.keys = {each.task.name: (each.run, each.judgement) for each in keyed}
            done = list(work.grade(self.executor))
            if explain:
                list(work.explain(self.executor))
            self.left = work.without_a_mark()
            self.marks = {mark.name: mark.verdict for mark in store.marks()}
            self.lines = [json.loads(line) for line in store.lines()]
            return done

    @property
    def worked_on(self) -> list[str]:
        return [task_of(order).name for order in self.executor.orders]


@pytest.fixture
def bench(tmp_path: Path, setup: Setup) -> Bench:
    return Bench(tmp_path, setup)


def test_every_submission_is_done_once_and_has_its_mark(bench: Bench) -> None:
    bench.write(a="accepted", b="wrong_answer", c="runtime_error")
    done = bench.grade()
    assert ["a", "b", "c"] == sorted(each.name for each in done)
    assert {"a": "accepted", "b": "wrong_answer", "c": "runtime_error"} == bench.marks
    assert {} == bench.left


def test_an_unchanged_batch_is_no_work(bench: Bench) -> None:
    bench.write(a="accepted", b="wrong_answer")
    bench.grade()
    done = bench.grade()
    assert [] == bench.worked_on
    assert [False, False] == [each.worked for each in done]
    assert {"a": "accepted", "b": "wrong_answer"} == bench.marks


def test_answers_that_are_there_together_share_a_commit(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.write(a="accepted", b="accepted ", c="accepted  ", d="wrong_answer")

    def together(pretender: Pretender, seconds: float) -> bool:
        assert 0 < seconds < 1
        return len(pretender.orders) in (1, 2)

    monkeypatch.setattr(Pretender, "comes_within", together)
    kept: list[int] = []
    commit = Store.commit

    def counted(store: Store) -> None:
        commit(store)
        kept.append(store.count())

    monkeypatch.setattr(Store, "commit", counted)
    bench.grade(lambda order, _: task_of(order).path.read_text().strip())
    assert [3, 4] == [count for count in kept if count]
    assert 4 == len(bench.marks)


def test_equal_files_are_one_piece_of_work_and_keep_their_names(bench: Bench) -> None:
    bench.write(a="accepted", b="accepted", c="accepted ")
    bench.grade(lambda *_: "accepted")
    assert ["a", "c"] == bench.worked_on
    assert ["a", "b", "c"] == [line["submission"] for line in bench.lines]


def test_what_was_added_or_changed_is_graded_and_what_is_gone_has_no_result(bench: Bench) -> None:
    bench.write(a="accepted", b="accepted ", c="accepted  ")
    bench.grade(lambda *_: "accepted")
    bench.write(b="wrong_answer", d="runtime_error")
    (bench.folder / "c.py").unlink()
    bench.grade()
    assert ["b", "d"] == bench.worked_on
    assert {"a": "accepted", "b": "wrong_answer", "d": "runtime_error"} == bench.marks


def test_a_changed_challenge_is_marked_from_what_was_kept(bench: Bench) -> None:
    bench.write(a="accepted", b="wrong_answer")
    bench.grade()
    bench.grade(lambda *_: "wrong_answer", digest="another")
    assert [Remark, Remark] == [type(order) for order in bench.executor.orders]
    assert {"a": "wrong_answer", "b": "wrong_answer"} == bench.marks
    bench.grade()
    assert [] == bench.worked_on
    assert {"a": "accepted", "b": "wrong_answer"} == bench.marks


def test_a_fault_of_ours_is_tried_again_at_once(bench: Bench) -> None:
    bench.write(a="accepted", b="x")
    fails = ("b", 1)
    bench.grade(
        lambda order, seen: "judge_error" if (task_of(order).name, seen) == fails else "accepted"
    )
    assert ["a", "b", "b"] == bench.worked_on
    assert ({"a": "accepted", "b": "accepted"}, {}) == (bench.marks, bench.left)


def test_after_three_faults_a_submission_is_quarantined_and_named(bench: Bench) -> None:
    bench.write(a="judge_error")
    bench.grade()
    assert ["a", "a", "a"] == bench.worked_on
    assert {"a": "the box broke (tried 3 times)"} == bench.left
    assert {"a": "judge_error"} == bench.marks
    bench.grade()
    assert [] == bench.worked_on
    assert ["a"] == list(bench.left)
    bench.grade(lambda *_: "accepted", retry=True)
    assert ({"a": "accepted"}, {}) == (bench.marks, bench.left)


def test_what_breaks_its_workers_is_quarantined_at_once(bench: Bench) -> None:
    bench.write(a="lost", b="accepted")
    bench.grade()
    assert ["a", "b"] == bench.worked_on
    assert {"a": "it broke everything (tried 3 times)"} == bench.left
    assert bench.lines[0]["score"] is None
    assert ["not judged: it broke everything"] == bench.lines[0]["notes"]


def test_a_file_that_cannot_be_read_has_no_mark_and_stops_nobody(bench: Bench) -> None:
    bench.write(a="accepted")
    (bench.folder / "b.py").symlink_to(bench.folder / "gone")
    bench.grade()
    assert {"a": "accepted", "b": "judge_error"} == bench.marks
    assert ["b"] == list(bench.left)
    (bench.folder / "b.py").unlink()
    bench.write(b="wrong_answer")
    bench.grade(retry=True)
    assert ({"a": "accepted", "b": "wrong_answer"}, {}) == (bench.marks, bench.left)


def test_a_suspicious_failure_is_judged_again_on_a_quiet_worker(bench: Bench) -> None:
    bench.write(a="accepted", b="time_limit_exceeded?")
    bench.grade(lambda order, seen: task_of(order).path.read_text() if seen == 1 else "accepted")
    assert ["b"] == bench.executor.quiet
    assert {"a": "accepted", "b": "accepted"} == bench.marks
    [note] = bench.lines[1]["notes"]
    assert note.startswith("flaky: at first it was time limit exceeded, and accepted when")


def test_a_suspicion_that_is_confirmed_leaves_the_first_result(bench: Bench) -> None:
    bench.write(b="time_limit_exceeded?")
    bench.grade()
    assert ["b", "b"] == bench.worked_on
    assert {"b": "time_limit_exceeded"} == bench.marks
    assert [] == bench.lines[0]["notes"]


def test_a_class_of_sleepers_is_not_waited_for_twice(bench: Bench) -> None:
    bench.write(**{f"s{number:02}": f"time_limit_exceeded?{' ' * number}" for number in range(40)})
    done = bench.grade(lambda order, _: task_of(order).path.read_text().strip())
    assert 10 == len(bench.executor.quiet)
    assert 40 == len(done) == len(bench.marks)


def test_an_example_is_looked_for_once_and_belongs_to_all_that_are_alike(bench: Bench) -> None:
    bench.write(a="wrong_answer", b="wrong_answer", c="accepted")
    bench.grade(explain=True)
    assert ["counterexample"] == [each["kind"] for each in bench.lines[0]["diagnosis"]]
    assert bench.lines[0]["diagnosis"] == bench.lines[1]["diagnosis"]
    assert [] == bench.lines[2]["diagnosis"]
    hunts = [order for order in bench.executor.orders if isinstance(order, Hunt)]
    assert 1 == len(hunts)
    bench.grade(explain=True)
    assert [] == bench.worked_on


def test_a_folder_holds_one_challenges_run(bench: Bench) -> None:
    bench.write(a="accepted")
    bench.grade()
    with pytest.raises(UsageError, match="holds a run of sgdWithMomentum, not of other"):
        bench.grade(challenge="other")


def test_a_run_keeps_its_tier(bench: Bench) -> None:
    bench.write(a="accepted")
    bench.grade()
    with pytest.raises(UsageError, match="was graded in the tier 'full', not in 'closed'"):
        bench.grade(tier="closed")


def test_results_without_a_run_are_replaced_only_when_asked(tmp_path: Path, setup: Setup) -> None:
    (tmp_path / batch.RESULTS).write_text("old")
    with pytest.raises(UsageError, match=r"already holds results\.jsonl"):
        batch.open_store(tmp_path, setup, fresh=False)
    assert "old" == (tmp_path / batch.RESULTS).read_text()
    with batch.open_store(tmp_path, setup, fresh=True) as store:
        batch.export(store, tmp_path, {batch.SUMMARY: ["a", "b"]})
    assert "" == (tmp_path / batch.RESULTS).read_text()
    assert "ab" == (tmp_path / batch.SUMMARY).read_text()


def test_a_fresh_run_forgets_the_old_one(bench: Bench, setup: Setup) -> None:
    bench.write(a="accepted")
    bench.grade()
    with batch.open_store(bench.folder / "out", setup, fresh=True) as store:
        assert (0, [], []) == (store.count(), list(store.submissions()), store.faults())


def test_a_file_in_the_folders_place_is_a_usage_error(tmp_path: Path, setup: Setup) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(UsageError, match="cannot use"):
        batch.open_store(tmp_path / "out", setup, fresh=True)


def test_two_processes_never_have_one_run(tmp_path: Path, setup: Setup) -> None:
    with (
        batch.open_store(tmp_path, setup, fresh=False),
        pytest.raises(UsageError, match="in use by another grader"),
    ):
        batch.open_store(tmp_path, setup, fresh=False)
    batch.open_store(tmp_path, setup, fresh=False).close()
    assert (tmp_path / FILE).exists()
    assert isinstance(Store(tmp_path / FILE), Store)
