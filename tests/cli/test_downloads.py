"""A platform's download, graded as it comes."""

import csv
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Grader = Callable[..., Any]


def test_a_download_is_graded_as_it_comes(tmp_path: Path, grader: Grader, right: bytes) -> None:
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        archive.writestr("lovelaceada_501_90210_momentum.py", right)
        archive.writestr("leesam_LATE_502_90211_momentum.py", right)
        archive.writestr("leesam_503_90212_a.py", right)
        archive.writestr("leesam_503_90213_b.py", right + b"# another\n")
        archive.writestr("turing_504_90214_notes.txt", b"see attachment")
        archive.writestr("../501_1_2_evil.py", right)
    out = tmp_path / "out"
    ran = grader("batch", "sgdWithMomentum", tmp_path / "submissions.zip", "--out", out)
    assert 0 == ran.code
    found = [json.loads(line) for line in (out / "results.jsonl").open()]
    assert {"canvas:501/momentum.py": 100.0, "canvas:502/momentum.py": 100.0} == {
        each["submission"]: each["score"] for each in found
    }
    assert "canvas:503" in ran.err  # two files define the function: which one counts is asked
    assert "evil.py" in ran.err
    assert not (tmp_path / "501_1_2_evil.py").exists()
    again = grader("batch", "sgdWithMomentum", tmp_path / "submissions.zip", "--out", out)
    assert (0, True) == (again.code, "2 known before" in again.err)


def test_a_folder_that_was_imported_is_graded_by_its_manifest(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    for student in ("ada", "=cmd"):
        (tmp_path / "class" / student).mkdir(parents=True)
        (tmp_path / "class" / student / "momentum.py").write_bytes(right + student.encode()[:0])
        (tmp_path / "class" / student / "helper.py").write_text("x = 1\n")
    work = tmp_path / "work"
    assert 0 == grader("import", tmp_path / "class", "--out", work).code
    ran = grader("batch", "sgdWithMomentum", work, "--out", tmp_path / "out")
    assert (0, True) == (ran.code, "2 graded: 2 accepted" in ran.out)
    summary = (tmp_path / "out" / "summary.csv").read_text()
    assert "folders:ada/momentum.py,accepted,100,100," in summary


def test_of_several_attempts_the_tables_and_the_pages_say_which_one_counts(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    handed_in = tmp_path / "hw"
    handed_in.mkdir()
    work = tmp_path / "work"
    for text in (right, b"def sgdWithMomentum(*_):\n    return 0.0\n"):
        (handed_in / "ada.py").write_bytes(text)
        (handed_in / "bob.py").write_bytes(right)
        assert 0 == grader("import", handed_in, "--out", work, "--attempt", "best").code
    out = tmp_path / "out"
    ran = grader("batch", "sgdWithMomentum", work, "--out", out, "--jobs", "1")
    assert 0 == ran.code, ran.err
    rows = list(csv.DictReader((out / "summary.csv").open(newline="")))
    assert [
        ("files:ada@1/ada.py", "accepted", "yes"),
        ("files:ada@2/ada.py", "wrong_answer", "no"),
        ("files:bob@1/bob.py", "accepted", "yes"),
    ] == [(row["submission"], row["verdict"], row["counts"]) for row in rows]
    marks = list(csv.DictReader((out / "marks.csv").open(newline="")))
    assert [("ada", "100"), ("bob", "100")] == [(row["student"], row["total"]) for row in marks]
    assert "3 submissions" in grader("report", out).out
    page = (out / "report.html").read_text("utf-8")
    assert "Without 1 attempt in whose place another one of the same student counts." in page
    assert "files:ada@2/ada.py" not in page
    [first] = (out / "students").glob("files-ada-1-*.html")
    [second] = (out / "students").glob("files-ada-2-*.html")
    assert "Another one of your attempts counts." in second.read_text("utf-8")
    assert "Another one of your attempts counts." not in first.read_text("utf-8")


def test_a_roster_without_an_assignment_says_who_is_missing(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    (tmp_path / "hw" / "mon").mkdir(parents=True)
    (tmp_path / "hw" / "ada.py").write_bytes(right)
    (tmp_path / "hw" / "mon" / "bob.py").write_bytes(right)
    (tmp_path / "roster.csv").write_text("key\nada\nbob\ncy\n")
    out = tmp_path / "out"
    options = ("--out", out, "--jobs", "1", "--roster", tmp_path / "roster.csv")
    ran = grader("batch", "sgdWithMomentum", tmp_path / "hw", *options)
    assert (0, True) == (ran.code, "1 of the class have handed in nothing: cy" in ran.err)
    marks = list(csv.DictReader((out / "marks.csv").open(newline="")))
    assert [("ada.py", "100", ""), ("cy", "0", "nothing handed in"), ("mon/bob.py", "100", "")] == [
        (row["student"], row["total"], row["note"]) for row in marks
    ]
    assert "2 submissions" in grader("report", out).out
