"""Which files are submissions, and what they are called."""

import os
from pathlib import Path

import pytest

from grader import discovery
from grader.errors import UsageError


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fill(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def names(*paths: str) -> list[str]:
    return [task.name for task in discovery.find([Path(path) for path in paths]).tasks]


def test_a_folder_is_searched_by_name_and_in_depth(place: Path) -> None:
    fill(place / "hw", "b.py", "a/z.py", "a/deep/er.py", ".hidden.py", ".git/x.py")
    fill(place / "hw", "__pycache__/c.py", "a/__pycache__/d.py", "a/node_modules/e.js")
    fill(place / "hw", "a/UPPER.PY", "c.js", "d.mjs")
    assert ["a/UPPER.PY", "a/deep/er.py", "a/z.py", "b.py", "c.js", "d.mjs"] == names("hw")


def test_what_is_no_submission_is_listed_with_a_reason(place: Path) -> None:
    fill(place / "hw", "a.py", "notes.txt", "notes.py.bak")
    fill(place, "outside.py", "more/b.py")
    (place / "hw" / "link.py").symlink_to(place / "outside.py")
    (place / "hw" / "linked").symlink_to(place / "more")
    os.mkfifo(place / "hw" / "fifo.py")
    found = discovery.find([Path("hw")])
    assert ["a.py"] == [task.name for task in found.tasks]
    assert {
        "notes.py.bak": "not a .py, .js, .mjs or .cjs file",
        "fifo.py": "not a regular file",
        "link.py": "a link is not followed: name its target as a PATH",
        "linked": "a link is not followed: name its target as a PATH",
        "notes.txt": "not a .py, .js, .mjs or .cjs file",
    } == {each.path.name: each.reason for each in found.skipped}


def test_a_file_is_a_submission_whatever_its_suffix_and_may_be_a_link(place: Path) -> None:
    fill(place, "target.txt")
    (place / "link.py").symlink_to("target.txt")
    assert ["target.txt", "link.py"] == names("target.txt", "link.py")
    assert all(task.follow_link for task in discovery.find([Path("link.py")]).tasks)


@pytest.mark.parametrize(
    ("files", "paths", "expected"),
    [
        (["mon/x.py", "tue/x.py", "tue/y.py"], ["mon", "tue"], ["mon/x.py", "tue/x.py", "y.py"]),
        (["a/s.py", "b/s.py"], ["a/s.py", "b/s.py"], ["a/s.py", "b/s.py"]),
        (["mon/hw/x.py", "tue/hw/x.py"], ["mon/hw", "tue/hw"], ["mon/hw/x.py", "tue/hw/x.py"]),
        (["hw/x.py", "x.py"], ["hw", "x.py"], ["hw/x.py", "x.py"]),
        (["x.py"], ["x.py", "./x.py", "."], ["x.py"]),
    ],
)
def test_names_that_clash_get_longer(
    place: Path, files: list[str], paths: list[str], expected: list[str]
) -> None:
    fill(place, *files)
    assert expected == names(*paths)


def test_names_that_are_not_utf8_are_spelt_out(place: Path) -> None:
    (place / "hw").mkdir()
    (place / "hw" / os.fsdecode(b"caf\xe9.py")).touch()
    assert ["caf\\xe9.py"] == names("hw")


@pytest.mark.parametrize(
    ("path", "complaint"),
    [("missing", "does not exist"), ("empty", "no .py, .js, .mjs or .cjs file in empty")],
)
def test_nothing_to_grade_is_a_usage_error(place: Path, path: str, complaint: str) -> None:
    (place / "empty").mkdir()
    with pytest.raises(UsageError, match=complaint):
        names(path)


def test_a_folder_that_cannot_be_searched_is_skipped_and_stops_nothing(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(place / "hw", "a.py", "locked/b.py")
    scandir = os.scandir

    def refuse(path: Path) -> object:  # a mode alone would not refuse root
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = discovery.find([Path("hw")])
    assert ["a.py"] == [task.name for task in found.tasks]
    assert ["cannot read the folder: Permission denied"] == [each.reason for each in found.skipped]


def test_folders_within_folders_have_an_end(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(place / "hw", "a.py")
    monkeypatch.chdir(place / "hw")
    for _ in range(60):
        os.mkdir("d")
        monkeypatch.chdir("d")
    monkeypatch.chdir(place)
    found = discovery.find([Path("hw")])
    assert ["a.py"] == [task.name for task in found.tasks]
    assert [True] == ["more than 50 deep" in each.reason for each in found.skipped]
