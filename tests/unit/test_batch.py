"""The output folder of a batch: nothing is lost, nothing foreign is touched."""

import json
from pathlib import Path

import pytest

from grader.batch import PARTIAL, RESULTS, SUMMARY, Output
from grader.errors import UsageError
from grader.executors import Row
from grader.verdict import Verdict


def row(name: str, content: object = None) -> Row:
    line = json.dumps({"submission": name, "content": content}).encode()
    return Row(name, Verdict.ACCEPTED, 1.0, 1.0, "", line)


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def results(folder: Path) -> list[str]:
    lines = (folder / RESULTS).read_text().splitlines()
    return [json.loads(line)["submission"] for line in lines]


def test_results_are_sorted_and_nothing_else_stays(tmp_path: Path) -> None:
    out = tmp_path / "new" / "out"
    with Output(out, fresh=False) as output:
        for name in ("b", "a/b", "c", "a"):
            output.add(row(name, "x" * len(name) * 1000))
        output.finish({SUMMARY: "text"})
    assert ["a", "a/b", "b", "c"] == results(out)
    assert ["a", "a/b", "b", "c"] == [each.submission for each in output.sorted_rows()]
    assert [RESULTS, SUMMARY] == files(out)
    assert "text" == (out / SUMMARY).read_text()


def test_what_was_added_is_on_disk_at_once_and_stays_when_it_breaks(tmp_path: Path) -> None:
    with Output(tmp_path, fresh=False) as output:
        output.add(row("a"))
        assert b"a" in (tmp_path / PARTIAL).read_bytes()
    assert [PARTIAL] == files(tmp_path)
    assert "1 of 3" in output.kept(3)


def test_a_batch_that_graded_nothing_leaves_nothing(tmp_path: Path) -> None:
    with Output(tmp_path, fresh=False) as output:
        pass
    assert [] == files(tmp_path)
    assert "nothing" in output.kept(3)


@pytest.mark.parametrize("used", [RESULTS, PARTIAL, SUMMARY])
def test_a_folder_in_use_is_taken_over_only_when_asked(tmp_path: Path, used: str) -> None:
    (tmp_path / used).write_text("old")
    (tmp_path / "foreign.txt").write_text("mine")
    with pytest.raises(UsageError, match=used):
        Output(tmp_path, fresh=False)
    assert "old" == (tmp_path / used).read_text()
    with Output(tmp_path, fresh=True) as output:
        output.add(row("a"))
        output.finish({SUMMARY: "new"})
    assert ["foreign.txt", RESULTS, SUMMARY] == files(tmp_path)
    assert "mine" == (tmp_path / "foreign.txt").read_text()


def test_older_results_stay_until_newer_ones_are_whole(tmp_path: Path) -> None:
    (tmp_path / RESULTS).write_text("old")
    with Output(tmp_path, fresh=True) as output:
        output.add(row("a"))
    assert "old" == (tmp_path / RESULTS).read_text()


def test_a_folder_with_other_files_is_not_in_use(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    Output(tmp_path, fresh=False).__exit__(None, None, None)


def test_a_file_in_the_folders_place_is_a_usage_error(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(UsageError, match="cannot write"):
        Output(tmp_path / "out", fresh=True)
