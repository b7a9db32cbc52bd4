"""`grader export` and `grader template`: from a platform's download back into its table."""

import contextlib
import csv
import io
import json
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader import cli

Grader = Callable[..., Any]

CANVAS = '''\
Student,ID,SIS User ID,SIS Login ID,Section,HW1 (12345),HW2 (12346)
    Points Possible,,,,,100.00,10.00
"Lovelace, Ada",501,S001,ada,DL101,,9
"=""=cmd|' /C calc'!A0 Eve""",502,S002,eve,DL101,12.00,
"O'Brien ""Bob""",503,S003,bob,DL101,,
'''
BLACKBOARD = (
    '"Last Name"\t"First Name"\t"Username"\t"HW1 [Total Pts: 100 Score] |547859"\n'
    '"Lovelace"\t"Ada"\t"ada"\t""\n'
    '"=cmd|calc"\t"Eve"\t"eve_x"\t"12.00"\n'
)


WRONG = (b"2 * (w", b"(w")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory, right: bytes) -> Path:
    """A run of a download of Canvas's: 501 is right, 502 wrong, 509 in no table. Only read."""
    folder = tmp_path_factory.mktemp("canvas")
    with zipfile.ZipFile(folder / "canvas.zip", "w") as archive:
        archive.writestr("lovelaceada_501_90210_momentum.py", right)
        archive.writestr("cmdccalca0eve_LATE_502_90211_momentum.py", right.replace(*WRONG))
        archive.writestr("gone_509_90212_momentum.py", right + b"# once more\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_SECRET", "the tests' own")
        arguments = ["sgdWithMomentum", str(folder / "canvas.zip"), "--out", str(folder / "run")]
        assert 0 == cli.run(["batch", *arguments, "--quiet"])
    return folder / "run"


@pytest.fixture
def template(tmp_path: Path) -> Path:
    path = tmp_path / "grades.csv"
    path.write_bytes(CANVAS.replace("\n", "\r\n").encode("utf-8-sig"))
    return path


def test_a_canvas_download_is_graded_and_goes_back_into_its_gradebook(
    tmp_path: Path, grader: Grader, run: Path, template: Path
) -> None:
    out = tmp_path / "out.csv"
    before = template.read_bytes()
    ran = grader("export", run, "--to", "canvas-csv", "--template", template, "--column", "HW1",
                 "-o", out)  # fmt: skip
    assert (0, "") == (ran.code, ran.err)
    assert before.replace(b"ada,DL101,,9", b"ada,DL101,100,9").replace(b"12.00", b"0") == (
        out.read_bytes()
    )
    assert before == template.read_bytes()
    assert "will set 2, unchanged 0, skipped 1; rows without a grade in this run" in ran.out
    assert "skipped 509: no row of the table has this key\n" in ran.out
    assert "note: Canvas' CSV carries no feedback" in ran.out
    again = grader("export", run, "--to", "canvas-csv", "--template", out, "--column", "HW1",
                   "-o", out, "--strict")  # fmt: skip
    assert (4, True) == (again.code, "will set 0, unchanged 2, skipped 1" in again.out)


def test_without_out_the_file_alone_is_on_stdout(grader: Grader, run: Path, template: Path) -> None:
    ran = grader("export", run, "--to", "canvas-csv", "--template", template, "--column", "HW1")
    assert (0, "\ufeff" + CANVAS.replace("\n", "\r\n").replace("DL101,,9", "DL101,100,9")
            .replace("12.00", "0")) == (ran.code, ran.out)  # fmt: skip
    assert "will set 2" in ran.err


def test_our_own_table_says_late_and_tells_the_student_why(grader: Grader, run: Path) -> None:
    ran = grader("export", run, "--to", "csv", "--scale-to", "10")
    assert [
        ["key", "platform", "score", "max", "late", "submitted_at", "feedback"],
        ["501", "canvas", "10", "10", "no", "", "100 of 100: accepted"],
        ["502", "canvas", "0", "10", "yes", "",
         "0 of 100: The gradient has lost its factor 2"],
        ["509", "canvas", "10", "10", "no", "", "100 of 100: accepted"],
    ] == list(csv.reader(io.StringIO(ran.out)))  # fmt: skip
    assert "will set 3, skipped 0\n" == ran.err
    full = grader("export", run, "--to", "csv", "--feedback", "full")
    assert "expected 1.8800000000000003, got 1.02" in full.out
    none = grader("export", run, "--to", "csv", "--feedback", "none")
    assert "accepted" not in none.out


def test_a_blackboard_download_goes_back_in_its_encoding(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    with zipfile.ZipFile(tmp_path / "gradebook.zip", "w") as archive:
        for user, source in (("ada", right), ("eve_x", right.replace(*WRONG))):
            stem = f"HW1_{user}_attempt_2026-11-23-15-00-00"
            archive.writestr(f"{stem}.txt", f"Name: Somebody ({user})\n")
            archive.writestr(f"{stem}_momentum.py", source)
    run, template = tmp_path / "run", tmp_path / "gc.xls"
    ran = grader("batch", "sgdWithMomentum", tmp_path / "gradebook.zip", "--out", run)
    assert 0 == ran.code
    template.write_bytes(b"\xff\xfe" + BLACKBOARD.encode("utf-16-le"))
    ran = grader("export", run, "--to", "blackboard", "--template", template, "-o",
                 tmp_path / "out.xls")  # fmt: skip
    assert (0, "") == (ran.code, ran.err)
    expected = BLACKBOARD.replace('"ada"\t""', '"ada"\t"100"').replace('"12.00"', '"0"')
    assert b"\xff\xfe" + expected.encode("utf-16-le") == (tmp_path / "out.xls").read_bytes()


def test_plain_files_are_matched_by_the_column_that_is_named(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    (tmp_path / "class").mkdir()
    for student in ("ada", "bob", "zoe"):
        (tmp_path / "class" / f"{student}.py").write_bytes(right + f"# {student}\n".encode())
    run, template = tmp_path / "run", tmp_path / "grades.csv"
    grader("batch", "sgdWithMomentum", tmp_path / "class", "--out", run)
    template.write_text(CANVAS)
    arguments = ("export", run, "--to", "canvas-csv", "--template", template, "--column", "HW1")
    ran = grader(*arguments)
    assert (2, "", 1) == (ran.code, ran.out, len(ran.err.splitlines()))
    assert "by the names of files and folders" in ran.err
    assert "by --match in which column those keys stand: 'ID', 'SIS User ID'" in ran.err
    ran = grader(*arguments, "--match", "sis login id")
    assert (0, CANVAS.replace("DL101,,9", "DL101,100,9").replace("bob,DL101,,", "bob,DL101,100,"),
            ) == (ran.code, ran.out)  # fmt: skip
    assert "skipped zoe: no row of the table has this key" in ran.err
    made = grader("export", run, "--to", "nbgrader", "--column", "HW1")
    assert (0, 4) == (made.code, len(made.out.splitlines()))
    assert "HW1,,,ada,,,,100,0,100,100\n" in made.out


def test_a_template_is_told_with_what_would_be_set(
    grader: Grader, run: Path, template: Path
) -> None:
    ran = grader("template", template)
    assert (0, "") == (ran.code, ran.err)
    for said in (
        "Canvas' gradebook: grader export RUN --to canvas-csv",
        "utf-8 with a byte order mark; delimiter ,",
        "headers   English",
        "key       'ID'",
        "grade     'HW1 (12345)', out of 100",
        "grade     'HW2 (12346)', out of 10",
        "feedback  no column for it is known",
    ):
        assert said in ran.out
    counted = grader("template", template, run, "--column", "HW1")
    assert "will set 2, unchanged 0, skipped 1" in counted.out
    refused = grader("template", template, run, "--column", "HW2")
    assert (2, True) == (refused.code, "is out of 10, the run out of 100" in refused.err)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,2\n", "is no table that is known; expected one of: Canvas' gradebook: the file"),
        (b"PK\x03\x04\0\0", "holds zero bytes"),
        (b"", "is no table that is known"),
        (None, "cannot read the table"),
    ],
)
def test_what_is_no_table_is_one_line(
    tmp_path: Path, grader: Grader, content: bytes | None, said: str
) -> None:
    file = tmp_path / "x.csv"
    if content is not None:
        file.write_bytes(content)
    ran = grader("template", file)
    assert (2, "", 1) == (ran.code, ran.out, len(ran.err.splitlines()))
    assert said in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "canvas-csv"], "give --template, the file that Grades > Export"),
        (["--to", "canvas-csv", "--template", "none.csv"], "cannot read the table none.csv"),
        (["--to", "canvas-csv", "--feedback", "full"], "canvas-csv holds no feedback"),
        (["--to", "csv", "--template", "x"], "csv fills in no table: leave --template out"),
        (["--to", "csv", "--missing", "zero"], "leave --column, --match and --missing out"),
        (["--to", "csv", "--submission", "x"], "csv is for a class: leave --submission out"),
        (["--to", "csv", "--scale-to", "12,5"], "'12,5' is no maximum; expected a number above 0"),
        (["--to", "csv", "--scale-to", "0"], "'0' is no maximum"),
        (["--to", "csv", "--scale-to", "column"], "does not say its maximum"),
        (["--to", "csv", "--round", "6"], "6 is not in the range 0<=x<=5"),
        (["--to", "csv", "--challenge", "adamW"], "the run has no challenge 'adamW'"),
        (["--to", "word"], "'word' is not one of"),
        (["--to", "json", "--missing", "zero"], "json is for one submission and no table"),
        (["--to", "json"], "the run has 3 results: say which by --submission"),
        (["--to", "html", "--scale-to", "20"], "html has the challenge's own points: leave --sca"),
        (["--to", "json", "--round", "1"], "json has the challenge's own points: leave --round"),
        (["--to", "coderunner", "--scale-to", "20"], "takes a share from 0 to 1: leave --scale-to"),
        (["--to", "vpl", "--over-max", "clamp"], "vpl is for one submission and no table: leave"),
        (["--to", "json", "--submission", "x"], "the run has 0 results of 'x'"),
        (["--to", "csv", "-o", "no/such/folder.csv"], "cannot write no/such/folder.csv"),
    ],
)
def test_a_request_that_cannot_be_met_is_said(
    grader: Grader, run: Path, arguments: list[str], said: str
) -> None:
    ran = grader("export", run, *arguments)
    assert (2, "") == (ran.code, ran.out)
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_where_there_is_no_run_it_is_said(tmp_path: Path, grader: Grader) -> None:
    ran = grader("export", tmp_path, "--to", "csv")
    assert (2, True) == (ran.code, "there is no run in" in ran.err)


def test_an_assignments_total_or_one_challenge_and_points_by_hand(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    (tmp_path / "class" / "ada").mkdir(parents=True)
    (tmp_path / "class" / "ada" / "momentum.py").write_bytes(right)
    (tmp_path / "class" / "bob.py").write_bytes(right.replace(*WRONG))
    parts = "".join(f'[[challenges]]\nid = "{name}"\n' for name in ("sgdWithMomentum", "adamW"))
    head = 'title = "Optimisers"\ntimezone = "UTC"\ndue = 2026-11-30T23:59:00\n'
    (tmp_path / "a.toml").write_text(head + parts)
    run = tmp_path / "run"
    assert 0 == grader("batch", tmp_path / "a.toml", tmp_path / "class", "--out", run).code
    total = grader("export", run, "--to", "csv", "--feedback", "none")
    assert ["ada,,100,200,,,", "bob.py,,0,200,,,"] == total.out.splitlines()[1:]
    made = grader("export", run, "--to", "nbgrader")
    assert "Optimisers,,,bob,,,,0,0,0,200\n" in made.out
    one = ("export", run, "--to", "csv", "--challenge", "sgdWithMomentum", "--feedback", "none")
    assert ["ada,,100,100,,,", "bob.py,,0,100,,,"] == grader(*one).out.splitlines()[1:]
    grader("adjust", run, "ada/momentum.py", "5", "--reason", "a bug in the statement")
    ran = grader(*one)
    assert (2, "") == (ran.code, ran.out)
    assert "the grade of 'ada': 105 is above the maximum of 100: give --over-max clamp" in ran.err
    for choice, expected in (("clamp", "100"), ("allow", "105")):
        ran = grader(*one, "--over-max", choice)
        assert (0, f"ada,,{expected},100,,,") == (ran.code, ran.out.splitlines()[1])
    # A result knows nothing of it, and that is said.
    asked = ("export", run, "--to", "json", "--challenge", "sgdWithMomentum", "--submission")
    ran = grader(*asked, "ada/momentum.py")
    said = "grader: points by hand are in no format for one submission\n"
    assert (0, 100, said) == (ran.code, json.loads(ran.out)["score"], ran.err)
    assert "" == grader(*asked, "bob.py").err


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory, right: bytes) -> Path:
    """Two attempts of 501's, imported: the first is right, the second wrong. Only read."""
    folder = tmp_path_factory.mktemp("attempts")
    work = folder / "work"
    for number, source in enumerate([right, right.replace(*WRONG)], 1):
        with zipfile.ZipFile(folder / f"{number}.zip", "w") as archive:
            archive.writestr(f"lovelaceada_501_9021{number}_momentum.py", source)
        taken = ["import", str(folder / f"{number}.zip"), "--out", str(work), "--attempt", "all"]
        assert 0 == cli.run(taken)
    return work


def counted(grader: Grader, run: Path, *more: str | Path) -> dict[str, str]:
    """Return the one row of our own table."""
    ran = grader("export", run, "--to", "csv", *more)
    (row,) = csv.DictReader(io.StringIO(ran.out))
    return row


@pytest.mark.parametrize(
    ("policy", "score", "said"),
    [
        ("max = 1", "100", "100 of 100: accepted"),
        ('keep = "latest"', "0", "0 of 100: The gradient has lost its factor 2"),
        (
            'keep = "average"',
            "50",
            "sgdWithMomentum, attempt 1: 100 of 100: accepted\n\n"
            "sgdWithMomentum, attempt 2: 0 of 100: The gradient has lost its factor 2",
        ),
    ],
)
def test_a_student_is_told_of_the_attempts_that_count(
    tmp_path: Path, grader: Grader, attempts: Path, policy: str, score: str, said: str
) -> None:
    assignment = tmp_path / "a.toml"
    assignment.write_text(
        'title = "HW1"\ntimezone = "UTC"\ndue = 2030-01-01T00:00:00\n'
        f'attempts = {{ {policy} }}\n[[challenges]]\nid = "sgdWithMomentum"\n',
        encoding="utf-8",
    )
    assert 0 == grader("batch", assignment, attempts, "--out", tmp_path / "run", "--quiet").code
    row = counted(grader, tmp_path / "run")
    assert (score, said) == (row["score"], row["feedback"])


def test_an_earlier_attempt_is_no_grade_while_the_one_that_counts_has_none(
    tmp_path: Path, grader: Grader, attempts: Path
) -> None:
    run = tmp_path / "run"
    assert 0 == grader("batch", "sgdWithMomentum", attempts, "--out", run, "--quiet").code
    assert "0" == counted(grader, run)["score"]
    with contextlib.closing(sqlite3.connect(run / "run.sqlite")) as store, store:
        store.execute(
            "DELETE FROM results WHERE submission IN "
            "(SELECT id FROM submissions WHERE name LIKE 'canvas:501@2/%')"
        )
    policies = tmp_path / "a.toml"
    policies.write_text(
        'title = "HW1"\ntimezone = "UTC"\ndue = 2030-01-01T00:00:00\n'
        'attempts = { keep = "latest" }\n[[challenges]]\nid = "sgdWithMomentum"\n',
        encoding="utf-8",
    )
    asked = ["export", run, "--to", "csv", "-o", tmp_path / "out.csv", "--strict"]
    for more in [], ["--assignment", policies]:
        ran = grader(*asked, *more)
        assert 4 == ran.code
        assert (
            "will set 0, skipped 1\n"
            "skipped 501: sgdWithMomentum: not graded yet: start the batch again\n"
        ) == ran.out


def test_our_own_fault_in_a_format_for_one_is_said_to_be_no_mark(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    (tmp_path / "ada.py").write_bytes(right)
    run = tmp_path / "run"
    assert 0 == grader("batch", "sgdWithMomentum", tmp_path / "ada.py", "--out", run).code
    with contextlib.closing(sqlite3.connect(run / "run.sqlite")) as store, store:
        (line,) = store.execute("SELECT result FROM judgements").fetchone()
        lost = {**json.loads(zlib.decompress(line)), "score": None, "verdict": "judge_error"}
        store.execute(
            "UPDATE judgements SET score = NULL, verdict = 'judge_error', result = ?",
            (zlib.compress(json.dumps(lost).encode()),),
        )
    asked = ["export", run, "--to", "xqueue"]
    said = "grader: judge_error: what was written is no mark\n"
    for more, code in ([], 0), (["--strict"], 4):
        ran = grader(*asked, *more)
        assert (code, said) == (ran.code, ran.err)
        assert 0 == json.loads(ran.out)["score"]


def test_a_brightspace_download_goes_back_by_name_where_that_is_asked(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    with zipfile.ZipFile(tmp_path / "download.zip", "w") as archive:
        for number, name, source in (
            ("397063", "Mary-Ann Smith", right),
            ("397064", "José Núñez", right.replace(*WRONG)),
        ):
            folder = f"{number}-2557369 - {name} - Sep 24, 2024 926 PM"
            archive.writestr(f"{folder}/momentum.py", source)
        archive.writestr("index.html", "<html></html>")
    run, template, out = tmp_path / "run", tmp_path / "grades.csv", tmp_path / "out.csv"
    assert 0 == grader("batch", "sgdWithMomentum", tmp_path / "download.zip", "--out", run).code
    header = "OrgDefinedId,Username,Last Name,First Name,HW1 Points Grade <Numeric MaxPoints:100>"
    table = (
        f"{header},End-of-Line Indicator\r\n"
        "#S001,#mary,Smith,Mary-Ann,12,#\r\n"
        "#S002,#jose,Núñez,José,,#\r\n"
        "#S003,#gone,Smith,Bob,55,#\r\n"
    )
    template.write_bytes(table.encode("utf-8-sig"))
    asked = ("export", run, "--to", "brightspace", "--template", template, "-o", out)
    refused = grader(*asked)
    assert (2, "") == (refused.code, refused.out)
    assert "--match" in refused.err
    assert not out.exists()
    ran = grader(*asked, "--match", "name")
    assert (0, "") == (ran.code, ran.err)
    expected = table.replace("Ann,12", "Ann,100").replace("José,,", "José,0,")
    assert expected.encode("utf-8-sig") == out.read_bytes()
    again = grader(*asked[:5], out, *asked[6:], "--match", "name")
    assert "will set 0, unchanged 2" in again.out


def test_nbgraders_folders_go_back_into_its_unquoted_table(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    for student, source in (("ada", right), ("eve", right.replace(*WRONG))):
        path = tmp_path / "submitted" / student / "momentum.py"
        path.parent.mkdir(parents=True)
        path.write_bytes(source)
    run, template, out = tmp_path / "run", tmp_path / "grades.csv", tmp_path / "out.csv"
    assert 0 == grader("batch", "sgdWithMomentum", tmp_path / "submitted", "--out", run).code
    table = (
        "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,"
        "late_submission_penalty,score,max_score\n"
        "hw1,,2026-11-23 15:00:00,ada,Smith, Jr.,Ada,a@example.org,1.0,0.0,1.0,100.0\n"
        "hw1,,,eve,Eve,,,0.0,0.0,0.0,100.0\n"
        "hw1,,,bob,Bob,,,5.0,0.0,5.0,100.0\n"
    )
    template.write_text(table)
    ran = grader("export", run, "--to", "nbgrader", "--template", template, "--match",
                 "student_id", "-o", out)  # fmt: skip
    assert (0, "") == (ran.code, ran.err)
    assert table.replace("1.0,0.0,1.0,", "100,0.0,100,") == out.read_text()


def test_a_mark_that_was_changed_is_told_beside_the_points(
    tmp_path: Path, grader: Grader, run: Path
) -> None:
    """Else a student reads 100 points and finds 94.5."""
    shutil.copytree(run, tmp_path / "run")
    ada = next(
        row["submission"]
        for row in csv.DictReader((run / "summary.csv").open(newline=""))
        if "501" in row["submission"]
    )
    assert 0 == grader("adjust", tmp_path / "run", ada, "-5.5", "--reason", "copied").code
    ran = grader("export", tmp_path / "run", "--to", "csv")
    rows = {row["key"]: row for row in csv.DictReader(io.StringIO(ran.out))}
    assert (
        "94.5",
        "100 of 100: accepted. Your mark is 94.5 of 100, after an adjustment by hand (-5.5).",
    ) == (rows["501"]["score"], rows["501"]["feedback"])
    assert "100 of 100: accepted" == rows["509"]["feedback"]
