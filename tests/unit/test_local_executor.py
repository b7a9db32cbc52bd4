"""Worker processes: every task gets one row, whatever happens to a worker."""

import json
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import AuthorError, UsageError
from grader.executors import Row, Task
from grader.executors.local import LocalExecutor
from grader.executors.worker import Setup, prepare
from grader.verdict import Verdict

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


def verdicts(rows: list[Row]) -> dict[str, Verdict]:
    assert len(rows) == len({row.submission for row in rows})
    return {row.submission: row.verdict for row in rows}


@pytest.fixture(scope="module")
def setup() -> Setup:
    return prepare("sgdWithMomentum", (), b"a secret", "auto")


def test_every_task_gets_one_row_from_either_worker(tmp_path: Path, setup: Setup) -> None:
    sources = {f"zero{index}": "def {}(*a):\n    return 0\n" for index in range(20)}
    work = tasks(tmp_path, "sgdWithMomentum", **sources)
    rows = list(LocalExecutor(setup, jobs=2).run(work))
    assert dict.fromkeys(sources, Verdict.WRONG_ANSWER) == verdicts(rows)
    for row in rows:
        result = json.loads(row.line)
        assert row.submission == result["submission"]
        assert (row.score, row.max_score) == (result["score"], result["max_score"])
        assert "auto" != result["sandbox"]["tier"]
    assert [] == multiprocessing.active_children()


def test_a_task_that_breaks_its_worker_twice_has_no_mark(tmp_path: Path, setup: Setup) -> None:
    work = tasks(tmp_path, "sgdWithMomentum", a=WRONG, z="def {}(*a):\n    return 0\n")
    work.insert(1, Task("gone", tmp_path / "gone.py"))
    rows = list(LocalExecutor(setup, jobs=1).run(work))
    assert Verdict.JUDGE_ERROR is verdicts(rows)["gone"]
    assert ["a", "gone", "z"] == sorted(verdicts(rows))
    broken = next(json.loads(row.line) for row in rows if row.submission == "gone")
    assert broken["score"] is None
    assert "does not exist" in broken["notes"][0]


def test_a_worker_that_dies_is_replaced_and_costs_its_task_alone(tmp_path: Path) -> None:
    slug, roots = challenge(tmp_path, "double_or_die")
    work = tasks(tmp_path, slug, a=RIGHT, b=WRONG, c=RIGHT, d=RIGHT)
    rows = list(LocalExecutor(prepare(slug, roots, b"s", "auto"), jobs=1).run(work))
    accepted = dict.fromkeys("acd", Verdict.ACCEPTED)
    assert {**accepted, "b": Verdict.JUDGE_ERROR} == verdicts(rows)
    broken = next(json.loads(row.line) for row in rows if row.submission == "b")
    assert "exit code 9" in broken["notes"][0]
    assert (None, 10.0) == (broken["score"], broken["max_score"])


def test_a_second_try_counts(tmp_path: Path) -> None:
    slug, roots = challenge(tmp_path, "double_or_die_once", once=True)
    work = tasks(tmp_path, slug, a=RIGHT, b=WRONG)
    rows = list(LocalExecutor(prepare(slug, roots, b"s", "auto"), jobs=1).run(work))
    assert {"a": Verdict.ACCEPTED, "b": Verdict.WRONG_ANSWER} == verdicts(rows)


def test_closing_early_ends_every_process(tmp_path: Path, setup: Setup) -> None:
    work = tasks(tmp_path, "sgdWithMomentum", a="", b=LOOP.replace("(x)", "(*a)"), c=LOOP)
    rows = LocalExecutor(setup, jobs=2).run(work)
    assert Verdict.INVALID_SUBMISSION is next(rows).verdict
    rows.close()
    assert [] == multiprocessing.active_children()


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
        list(LocalExecutor(replace(setup, **change), jobs=1).run(work))
    assert [] == multiprocessing.active_children()
