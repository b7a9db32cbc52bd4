"""A platform's download, graded as it comes."""

import csv
import json
import os
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


def canvas(place: Path, **files: bytes) -> Path:
    """Write a download of Canvas's."""
    with zipfile.ZipFile(place, "w") as archive:
        for name, source in files.items():
            archive.writestr(f"{name}_momentum.py", source)
    return place


def points(out: Path) -> dict[str, float]:
    lines = (out / "results.jsonl").open()
    return {each["submission"]: each["score"] for each in map(json.loads, lines)}


def test_who_hands_in_a_file_of_the_same_name_again_has_the_mark_of_the_new_one(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    out, wrong = tmp_path / "out", b"def sgdWithMomentum(*_):\n    return 0.0\n"
    first = canvas(tmp_path / "w1.zip", ada_501_1=wrong, bob_502_2=right)
    second = canvas(tmp_path / "w2.zip", ada_501_3=right, bob_502_2=right)
    assert 0 == grader("batch", "sgdWithMomentum", first, "--out", out).code
    assert 0.0 == points(out)["canvas:501/momentum.py"]
    assert 0 == grader("batch", "sgdWithMomentum", second, "--out", out).code
    assert {"canvas:501/momentum.py": 100.0, "canvas:502/momentum.py": 100.0} == points(out)


def test_two_downloads_at_once_are_one_class(tmp_path: Path, grader: Grader, right: bytes) -> None:
    one = canvas(tmp_path / "one.zip", ada_501_1=right)
    two = canvas(tmp_path / "two.zip", bob_502_2=right)
    ran = grader("batch", "sgdWithMomentum", one, two, "--out", tmp_path / "out")
    assert (0, True) == (ran.code, "2 graded: 2 accepted" in ran.out)


def test_to_begin_anew_forgets_what_was_imported(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    out = tmp_path / "out"
    for name in ("ada_501_1", "bob_502_2"):
        archive = canvas(tmp_path / "class.zip", **{name: right})
        assert 0 == grader("batch", "sgdWithMomentum", archive, "--out", out, "--fresh").code
    assert {"canvas:502/momentum.py": 100.0} == points(out)
    # What was imported is what is named: it is not forgotten.
    again = grader("batch", "sgdWithMomentum", out / "work", "--out", out, "--fresh")
    assert (0, {"canvas:502/momentum.py": 100.0}) == (again.code, points(out))


def test_a_student_in_two_imports_is_refused(tmp_path: Path, grader: Grader, right: bytes) -> None:
    works = [tmp_path / "one", tmp_path / "two"]
    for number, work in enumerate(works):
        archive = canvas(tmp_path / "class.zip", **{f"ada_501_{number}": right + b"#" * number})
        assert 0 == grader("import", archive, "--out", work, "--from", "canvas").code
    ran = grader("batch", "sgdWithMomentum", *works, "--out", tmp_path / "out")
    assert (2, True) == (ran.code, "canvas:501 has handed in to" in ran.err)
    assert "`grader import` both downloads into one folder" in ran.err


def test_an_empty_roster_is_not_taken_for_none(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    (tmp_path / "ada.py").write_bytes(right)
    (tmp_path / "class.csv").write_text("key\nada\neve\n")
    (tmp_path / "empty.csv").write_text("")
    batch = ("batch", "sgdWithMomentum", tmp_path / "ada.py", "--out", tmp_path / "out")
    assert 0 == grader(*batch, "--roster", tmp_path / "class.csv").code
    ran = grader(*batch, "--roster", tmp_path / "empty.csv")
    assert (2, True) == (ran.code, "roster names no key" in ran.err)
    assert "eve" in (tmp_path / "out" / "marks.csv").read_text()
    # Without a roster there is no more to a mark, and none from before is left lying about.
    assert 0 == grader(*batch, "--fresh").code
    assert not (tmp_path / "out" / "marks.csv").exists()


def test_names_that_are_written_alike_are_two_submissions(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for name in (b"a\xff.py", rb"a\xff.py"):
        (folder / os.fsdecode(name)).write_bytes(right)
    ran = grader("batch", "sgdWithMomentum", folder, "--out", tmp_path / "out")
    assert (0, True) == (ran.code, "2 graded: 2 accepted" in ran.out)


def test_a_download_without_a_submission_is_none_itself(tmp_path: Path, grader: Grader) -> None:
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        archive.writestr("ada_501_1_notes.txt", b"see attachment")
        archive.writestr("bob_502_2_notes.txt", b"see attachment")
    ran = grader("batch", "sgdWithMomentum", tmp_path / "class.zip", "--out", tmp_path / "out")
    assert (2, True) == (ran.code, "nobody has handed in a submission to sgdWith" in ran.err)
    assert "canvas:501: no file defines sgdWithMomentum" in ran.err
    assert not (tmp_path / "out" / "results.jsonl").exists()
