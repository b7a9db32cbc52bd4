"""Which files of a class are the submissions to an assignment, and that none is passed over."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import collecting, intake
from grader.collecting import Assigned
from grader.errors import UsageError

ONE, TWO = "def one(x):\n    return x\n", "def two(x):\n    return x\n"
CHALLENGES = ("one", "two")


def lay(root: Path, **files: str) -> None:
    """Write files, `ada__a` as `ada/a.py`."""
    for name, text in files.items():
        path = root / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def names(found: Assigned) -> dict[str, list[tuple[str, str]]]:
    return {
        challenge: [(task.name, task.about["student"]) for task in tasks]
        for challenge, tasks in found.tasks.items()
    }


def assign(root: Path, paths: Sequence[Path] = ()) -> Assigned:
    return collecting.assign(paths or [root / "class"], CHALLENGES, root / "out")


def test_a_folder_is_a_students_and_a_file_beside_it_one_of_its_own(tmp_path: Path) -> None:
    lay(tmp_path / "class", ada__deep__a=ONE, ada__b=TWO, bob=ONE + TWO)
    assert {
        "one": [("ada/deep/a.py", "ada"), ("bob.py", "bob.py")],
        "two": [("ada/b.py", "ada"), ("bob.py", "bob.py")],
    } == names(assign(tmp_path))


def test_students_of_two_sections_who_share_a_name_stay_two(tmp_path: Path) -> None:
    lay(tmp_path, mon__ada__a=ONE, tue__ada__a=ONE)
    found = names(assign(tmp_path, [tmp_path / "mon", tmp_path / "tue"]))
    assert [("mon/ada/a.py", "mon/ada"), ("tue/ada/a.py", "tue/ada")] == found["one"]


def test_ambiguity_is_refused_by_name_and_nobody_is_forgotten(tmp_path: Path) -> None:
    lay(tmp_path / "class", ada__a=ONE, ada__b=ONE + "#\n", bob__a="x = 1\n", bob__b="y = 1\n")
    found = assign(tmp_path)
    assert {"one": [], "two": []} == names(found)
    assert [("ada", "one"), ("bob", "")] == [(each.name, each.challenge) for each in found.refused]
    assert "a.py and b.py each define one; hand in one of them" == found.refused[0].why


def test_an_only_file_that_defines_nothing_is_graded_for_everything(tmp_path: Path) -> None:
    lay(tmp_path / "class", ada__a="x = 1\n")
    assert 2 == sum(len(tasks) for tasks in assign(tmp_path).tasks.values())


def test_every_attempt_of_an_intake_counts_by_the_assignments_policy(tmp_path: Path) -> None:
    for text in (ONE, ONE + "# again\n"):
        lay(tmp_path / "class", ada__a=text)
        intake.take(tmp_path / "class", tmp_path / "work")
    found = assign(tmp_path, [tmp_path / "work"])
    assert [1, 2] == [task.about["attempt"] for task in found.tasks["one"]]
    assert ["folders:ada@1/a.py", "folders:ada@2/a.py"] == [
        task.name for task in found.tasks["one"]
    ]
    assert 2 == len({task.id for task in found.tasks["one"]})


def test_nothing_at_all_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    with pytest.raises(UsageError, match="name files, or folders"):
        assign(tmp_path)


@settings(max_examples=40)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["", "ada", "bob"]), st.sampled_from("abc")),
        st.sampled_from([ONE, TWO, ONE + TWO, "x = 1\n"]),
        min_size=1,
    )
)
def test_every_file_is_a_submission_or_named_as_none(files: dict[tuple[str, str], str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        lay(root / "class", **{
            f"{student}__{name}" if student else name: text
            for (student, name), text in files.items()
        })  # fmt: skip
        found = assign(root)
        graded = {task.name for tasks in found.tasks.values() for task in tasks}
        said = " ".join(f"{each.path} {each.reason}" for each in found.skipped)
        for student, name in files:
            shown = f"{student}/{name}.py" if student else f"{name}.py"
            assert shown in graded or f"{name}.py" in said
        for challenge, tasks in found.tasks.items():
            students = [task.about["student"] for task in tasks]
            assert len(students) == len(set(students)), challenge
