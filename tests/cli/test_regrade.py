"""A regrade after a challenge was mended: what it runs, what it says, and when it counts."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Grader = Callable[..., Any]

SPEC = """
from grader.spec import Case, Challenge, Group, Tolerance
from reference import doubled as programs

challenge = Challenge(
    id="doubled",
    title="Double",
    parameters=("x",),
    reference=programs.doubled,
    tolerance=Tolerance(rtol={rtol}),
    groups=(
        Group(name="small", title="Small", points={points}, cases=(
            Case(name="one", args=({one},)), Case(name="three", args=(3.0,)))),
        Group(name="large", title="Large", points=6, cases=(Case(name="big", args=(1e6,)),)),
    ),
)
"""

SUBMISSIONS = {
    "right.py": "def doubled(x):\n    return 2 * x\n",
    "about.py": "def doubled(x):\n    return 2 * x * (1 + 1e-4)\n",
    "wrong.py": "def doubled(x):\n    return 3 * x\n",
    "=cmd.js": "const doubled = (x) => 2 * x * (1 + 1e-4);\n",
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return furnished(tmp_path)


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place that is graded once, for the tests that change nothing but the run's folder."""
    return furnished(tmp_path_factory.mktemp("settled"))


@pytest.fixture
def out(settled: Path, process: Grader, tmp_path: Path) -> Path:
    """A copy of the run of the settled place."""
    if not (settled / "out").exists():
        graded(process, settled)
    return shutil.copytree(settled / "out", tmp_path / "out")


def furnished(folder: Path) -> Path:
    """Write a challenge and a class."""
    (folder / "challenges" / "doubled").mkdir(parents=True)
    (folder / "reference").mkdir()
    (folder / "reference" / "doubled.py").write_text("def doubled(x):\n    return 2 * x\n")
    (folder / "class").mkdir()
    for name, text in SUBMISSIONS.items():
        (folder / "class" / name).write_text(text)
    spec(folder)
    return folder


def spec(place: Path, *, rtol: str = "1e-2", points: int = 4, one: str = "1.0") -> None:
    text = SPEC.format(rtol=rtol, points=points, one=one)
    (place / "challenges" / "doubled" / "spec.py").write_text(text)


def run(process: Grader, place: Path, command: str, *arguments: str) -> Any:
    return process(command, *arguments, GRADER_CHALLENGES=str(place / "challenges"))


def graded(process: Grader, place: Path) -> None:
    out = str(place / "out")
    ran = run(process, place, "batch", "doubled", str(place / "class"), "--out", out)
    assert (0, True) == (ran.code, "4 graded" in ran.out)


def scores(place: Path) -> dict[str, float]:
    lines = (place / "out" / "results.jsonl").open()
    return {each["submission"]: each["score"] for each in map(json.loads, lines)}


def test_a_changed_tolerance_runs_nothing_and_counts_when_it_is_published(
    place: Path, process: Grader
) -> None:
    graded(process, place)
    before = {"right.py": 10.0, "about.py": 10.0, "wrong.py": 0.0, "=cmd.js": 10.0}
    assert before == scores(place)
    spec(place, rtol="1e-6")
    out = str(place / "out")
    ran = run(process, place, "regrade", out)
    assert 0 == ran.code
    assert "4 submissions: 0 go up, 2 go down, 0 change otherwise, 2 stay as they are" in ran.out
    assert "4 were marked again from what was kept, 0 were run" in ran.out
    assert "about.py  -10 (10 -> 0): small/one: accepted (2 of 2) became wrong answer" in ran.out
    assert "nothing counts yet" in ran.out
    assert before == scores(place)
    with (place / "out" / "regrade.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {"'=cmd.js": "-10", "about.py": "-10"} == {r["submission"]: r["change"] for r in rows}
    assert "published: 4 results" in run(process, place, "regrade", out, "--publish").out
    after = {**before, "about.py": 0.0, "=cmd.js": 0.0}
    assert after == scores(place)
    assert "taken back: 4 results" in run(process, place, "regrade", out, "--rollback").out
    assert before == scores(place)
    assert "published: 4 results" in run(process, place, "regrade", out, "--publish").out
    assert after == scores(place)


def test_a_changed_input_is_run_and_changed_points_are_not(place: Path, process: Grader) -> None:
    graded(process, place)
    spec(place, points=14)
    ran = run(process, place, "regrade", str(place / "out"))
    assert "4 were marked again from what was kept, 0 were run" in ran.out
    assert "3 go up" in ran.out
    spec(place, one="-1.0")
    ran = run(process, place, "regrade", str(place / "out"))
    assert "0 were marked again from what was kept, 4 were run" in ran.out
    assert "0 go up, 0 go down, 0 change otherwise, 4 stay as they are" in ran.out


def test_an_unchanged_challenge_is_no_work(settled: Path, out: Path, process: Grader) -> None:
    ran = run(process, settled, "regrade", str(out))
    assert (0, True) == (ran.code, "0 were marked again from what was kept, 0 were run" in ran.out)


@pytest.mark.parametrize(
    ("option", "complaint"), [("--publish", "no regrade to publish"), ("--rollback", "take back")]
)
def test_what_is_not_there_is_a_usage_error(
    settled: Path, out: Path, process: Grader, option: str, complaint: str
) -> None:
    ran = run(process, settled, "regrade", str(out), option)
    assert (2, "", True) == (ran.code, ran.out, complaint in ran.err)


def test_a_folder_without_a_run_is_a_usage_error(tmp_path: Path, process: Grader) -> None:
    ran = process("regrade", tmp_path)
    assert (2, "", True) == (ran.code, ran.out, "there is no run in" in ran.err)


def test_who_cannot_be_graded_again_keeps_the_mark(place: Path, process: Grader) -> None:
    graded(process, place)
    spec(place, points=14)
    out, right = str(place / "out"), place / "class" / "right.py"
    source = right.read_text()
    for write in (right.unlink, lambda: right.write_text(SUBMISSIONS["wrong.py"])):
        write()
        ran = run(process, place, "regrade", out)
        assert (3, True) == (ran.code, "not graded again: right.py: " in ran.err)
        assert "1 of them keep the mark that counts" in ran.err
        assert "2 go up" in ran.out
        assert "no longer there" not in ran.out
    assert "published: 4 results" in run(process, place, "regrade", out, "--publish").out
    assert {"right.py": 10.0, "about.py": 20.0, "wrong.py": 0.0, "=cmd.js": 20.0} == scores(place)
    right.write_text(source)
    ran = run(process, place, "regrade", out)
    assert (0, True) == (ran.code, "right.py  +10 (10 -> 20)" in ran.out)
    assert "published: 4 results" in run(process, place, "regrade", out, "--publish").out
    assert 20.0 == scores(place)["right.py"]


def test_a_draft_of_what_counted_before_is_not_published(place: Path, process: Grader) -> None:
    graded(process, place)
    spec(place, rtol="1e-6")
    run(process, place, "regrade", str(place / "out"))
    spec(place)
    (place / "class" / "wrong.py").write_text(SUBMISSIONS["right.py"])
    (place / "class" / "about.py").unlink()
    run(process, place, "batch", "doubled", str(place / "class"), "--out", str(place / "out"))
    before = {"right.py": 10.0, "wrong.py": 10.0, "=cmd.js": 10.0}
    assert before == scores(place)
    ran = run(process, place, "regrade", str(place / "out"), "--publish")
    assert (2, True) == (ran.code, "what counts has changed since the regrade began" in ran.err)
    assert before == scores(place)


def test_what_was_graded_since_is_not_lost_by_a_rollback(place: Path, process: Grader) -> None:
    graded(process, place)
    spec(place, rtol="1e-6")
    out = str(place / "out")
    run(process, place, "regrade", out)
    run(process, place, "regrade", out, "--publish")
    (place / "class" / "new.py").write_text(SUBMISSIONS["right.py"])
    run(process, place, "batch", "doubled", str(place / "class"), "--out", out)
    ran = run(process, place, "regrade", out, "--rollback")
    assert (2, True) == (ran.code, "more was graded since the regrade was published" in ran.err)
    assert 10.0 == scores(place)["new.py"]


def test_to_publish_and_to_take_back_at_once_is_refused(
    settled: Path, out: Path, process: Grader
) -> None:
    run(process, settled, "regrade", str(out))
    ran = run(process, settled, "regrade", str(out), "--publish", "--rollback")
    assert (2, True) == (ran.code, "opposites: give one of them" in ran.err)
