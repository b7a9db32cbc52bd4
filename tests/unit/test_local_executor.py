"""Worker processes: every task gets one row, whatever happens to a worker."""

import json
import multiprocessing
import zlib
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import AuthorError, UsageError
from grader.executors import Answer, Lost, Remark, Row, Task
from grader.executors.local import LocalExecutor
from grader.executors.worker import Setup, prepare

RIGHT = "def {}(x):\n    return 2.0 * x\n"
WRONG = "def {}(x):\n    return 3.0 * x\n"
LOOP = "def {}(x):\n    while True:\n        pass\n"

REFERENCE = """
import os
from pathlib import Path


def double(x):
    return 2.0 * x


def lethal(x):
    marker = Path({marker!r})
    if not {once} or not marker.exists():
        marker.touch()
        os._exit(9)
    return 4.0 * x
"""

SPEC = """
from grader.spec import Case, Challenge, Group, Misconception
from reference import {slug} as programs

challenge = Challenge(
    id={slug!r},
    title="Double",
    parameters=("x",),
    reference=programs.double,
    groups=(Group(name="all", title="All", points=10, cases=(Case(name="one", args=(1.5,)),)),),
    misconceptions=(
        Misconception(id="lethal", variant=programs.lethal, title="Ends", hint="the judge"),
    ),
)
"""


def challenge(root: Path, slug: str, *, once: bool = False) -> tuple[str, tuple[Path, ...]]:
    """Write a challenge whose misconception, asked about a wrong answer, ends the worker."""
    folder = root / "challenges" / slug
    folder.mkdir(parents=True)
    (root / "reference").mkdir()
    reference = REFERENCE.format(marker=str(root / "marker"), once=once)
    (root / "reference" / f"{slug}.py").write_text(reference)
    (folder / "spec.py").write_text(SPEC.format(slug=slug))
    return slug, (root / "challenges",)


def tasks(folder: Path, slug: str, **sources: str) -> list[Task]:
    paths = {name: folder / f"{name}.py" for name in sources}
    for name, path in paths.items():
        path.write_text(sources[name].format(slug))
    return [Task(name, path) for name, path in paths.items()]


def run(setup: Setup, work: list[Task], jobs: int = 1) -> list[Answer]:
    with LocalExecutor(setup, jobs) as executor:
        return list(executor.run(work))


def verdicts(answers: list[Answer]) -> dict[str, str]:
    """Return the verdicts by name; "lost" for what broke its workers."""
    assert len(answers) == len({answer.task.name for answer in answers})
    return {
        answer.task.name: answer.judged.verdict if isinstance(answer, Row) else "lost"
        for answer in answers
    }


def why(answers: list[Answer], name: str) -> str:
    [lost] = [each for each in answers if isinstance(each, Lost) and each.task.name == name]
    return lost.why


@pytest.fixture(scope="module")
def setup() -> Setup:
    return prepare("sgdWithMomentum", (), b"a secret", "auto")


def test_every_task_gets_one_row_from_either_worker(tmp_path: Path, setup: Setup) -> None:
    sources = {f"zero{index}": "def {}(*a):\n    return 0\n" for index in range(20)}
    work = tasks(tmp_path, "sgdWithMomentum", **sources)
    rows = run(setup, work, jobs=2)
    assert dict.fromkeys(sources, "wrong_answer") == verdicts(rows)
    for row in rows:
        assert isinstance(row, Row)
        result = json.loads(zlib.decompress(row.judged.line))
        assert row.task.name == row.judged.named == result["submission"]
        assert (row.judged.score, row.judged.max_score) == (result["score"], result["max_score"])
        assert "auto" != result["sandbox"]["tier"]
    assert [] == multiprocessing.active_children()


def test_a_task_that_breaks_three_workers_is_lost(tmp_path: Path, setup: Setup) -> None:
    work = tasks(tmp_path, "sgdWithMomentum", a=WRONG, z="def {}(*a):\n    return 0\n")
    work.insert(1, Task("gone", tmp_path / "gone.py"))
    rows = run(setup, work)
    expected = {"a": "invalid_submission", "gone": "lost", "z": "wrong_answer"}
    assert expected == verdicts(rows)
    assert "does not exist" in why(rows, "gone")


def test_a_worker_that_dies_is_replaced_and_costs_its_task_alone(tmp_path: Path) -> None:
    slug, roots = challenge(tmp_path, "double_or_die")
    work = tasks(tmp_path, slug, a=RIGHT, b=WRONG, c=RIGHT, d=RIGHT)
    rows = run(prepare(slug, roots, b"s", "auto"), work)
    assert {**dict.fromkeys("acd", "accepted"), "b": "lost"} == verdicts(rows)
    assert "exit code 9" in why(rows, "b")


def test_a_second_try_counts(tmp_path: Path) -> None:
    slug, roots = challenge(tmp_path, "double_or_die_once", once=True)
    work = tasks(tmp_path, slug, a=RIGHT, b=WRONG)
    rows = run(prepare(slug, roots, b"s", "auto"), work)
    assert {"a": "accepted", "b": "wrong_answer"} == verdicts(rows)


def test_closing_early_ends_every_process(tmp_path: Path, setup: Setup) -> None:
    work = tasks(tmp_path, "sgdWithMomentum", a="", b=LOOP.replace("(x)", "(*a)"), c=LOOP)
    with LocalExecutor(setup, jobs=2) as executor:
        rows = executor.run(work)
        assert {"a": "invalid_submission"} == verdicts([next(rows)])
        rows.close()
        assert [] == multiprocessing.active_children()
        assert {"a": "invalid_submission"} == verdicts(list(executor.run(work[:1])))
    assert [] == multiprocessing.active_children()


def test_after_a_stop_what_runs_is_answered_and_nothing_begins(
    tmp_path: Path, setup: Setup
) -> None:
    sources = {f"zero{index:02}": "def {}(*a):\n    return 0\n" for index in range(40)}
    work = tasks(tmp_path, "sgdWithMomentum", **sources)
    with LocalExecutor(setup, jobs=2) as executor:
        rows = executor.run(work)
        first = next(rows)
        executor.stop()
        answered = [first, *rows]
    assert 1 <= len(answered) <= 8
    assert [] == multiprocessing.active_children()


def test_a_quiet_run_has_one_worker_and_one_order_at_a_time(tmp_path: Path, setup: Setup) -> None:
    work = tasks(tmp_path, "sgdWithMomentum", **dict.fromkeys("abc", WRONG))
    with LocalExecutor(setup, jobs=2) as executor:
        for row in executor.run(work, quiet=True):
            assert "lost" not in verdicts([row]).values()
            assert 1 == len(multiprocessing.active_children())


def test_the_tier_is_known_before_any_order(setup: Setup) -> None:
    with LocalExecutor(setup, jobs=2) as executor:
        assert executor.tier in ("full", "no-namespaces", "closed")
        assert 1 == len(multiprocessing.active_children())


def test_what_was_kept_is_marked_without_a_run(tmp_path: Path, setup: Setup) -> None:
    [task] = tasks(tmp_path, "sgdWithMomentum", a=WRONG.replace("(x)", "(*a)"))
    with LocalExecutor(setup, jobs=1) as executor:
        [first] = executor.run([task])
        assert isinstance(first, Row)
        [second] = executor.run([Remark(task, first.judged.evidence)])
    assert isinstance(second, Row)
    assert first.judged == second.judged  # times included: they are those of the run


@pytest.mark.parametrize(
    ("change", "error", "complaint"),
    [
        ({"digest": "another"}, AuthorError, "changed while grading"),
        ({"tier": "paper"}, UsageError, "unknown tier"),
        ({"challenge": "noSuch"}, UsageError, "no challenge"),
    ],
)
def test_what_no_worker_can_do_is_raised(
    tmp_path: Path, setup: Setup, change: dict[str, str], error: type[Exception], complaint: str
) -> None:
    work = tasks(tmp_path, "sgdWithMomentum", a="")
    with pytest.raises(error, match=complaint):
        run(replace(setup, **change), work)
    assert [] == multiprocessing.active_children()
