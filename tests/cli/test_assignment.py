"""An assignment of several challenges: graded in one run, marked by its policies, regraded."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.store import FILE, Store

Grader = Callable[..., Any]

SPEC = """
from grader.spec import Case, Challenge, Group, Tolerance
from reference import {name} as programs

challenge = Challenge(
    id="{name}",
    title="Times",
    parameters=("x",),
    reference=programs.{name},
    tolerance=Tolerance(rtol={rtol}),
    groups=(
        Group(name="small", title="Small", points=4, cases=(Case(name="one", args=(1.0,)),)),
        Group(name="large", title="Large", points=6, cases=(Case(name="big", args=(1e6,)),)),
    ),
)
"""
ASSIGNMENT = """
title = "Times"
timezone = "Europe/Berlin"
due = 2026-11-30T23:59:00
late = { kind = "per_day", deduct = "10%", cutoff_days = 5 }
attempts = { keep = "best" }
[[challenges]]
id = "doubled"
[[challenges]]
id = "tripled"
weight = 2
points = 50
"""
DOUBLED = "def doubled(x):\n    return 2 * x\n"
TRIPLED = "def tripled(x):\n    return 3 * x\n"
ABOUT_TRIPLED = "def tripled(x):\n    return 3 * x * (1 + 1e-4)\n"
WRONG = "def doubled(x):\n    return 2 * x if x < 5 else 0\n"


class Place:
    """A folder with two challenges, an assignment, and a run of it."""

    def __init__(self, folder: Path, process: Grader) -> None:
        self.folder = folder
        self.out = folder / "out"
        self._process = process
        (folder / "reference").mkdir()
        for name, factor in (("doubled", 2), ("tripled", 3)):
            (folder / "challenges" / name).mkdir(parents=True)
            source = f"def {name}(x):\n    return {factor} * x\n"
            (folder / "reference" / f"{name}.py").write_text(source)
            self.spec(name)
        self.assign(ASSIGNMENT)

    def spec(self, name: str, rtol: str = "1e-2") -> None:
        text = SPEC.format(name=name, rtol=rtol)
        (self.folder / "challenges" / name / "spec.py").write_text(text)

    def assign(self, text: str) -> None:
        (self.folder / "a.toml").write_text(text)

    def write(self, **files: str) -> None:
        """Write files of the class, `ada__momentum` as `ada/momentum.py`."""
        for name, text in files.items():
            path = self.folder / "class" / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def run(self, command: str, *arguments: Path | str) -> Any:
        roots = str(self.folder / "challenges")
        return self._process(command, *arguments, GRADER_CHALLENGES=roots)

    def batch(self, *more: Path | str) -> Any:
        paths = more or (self.folder / "class",)
        return self.run("batch", self.folder / "a.toml", *paths, "--out", self.out)

    def rows(self, name: str) -> list[dict[str, str]]:
        with (self.out / name).open(newline="") as file:
            return list(csv.DictReader(file))

    def marks(self) -> dict[str, dict[str, str]]:
        return {row["student"]: row for row in self.rows("marks.csv")}


@pytest.fixture
def place(tmp_path: Path, process: Grader) -> Place:
    return Place(tmp_path, process)


def test_folders_are_graded_for_every_challenge_and_marked_once(place: Place) -> None:
    place.write(
        ada__one=DOUBLED, ada__deep__two=TRIPLED, ada__notes="x = 1\n",
        bob__both=WRONG + TRIPLED, cy__a=DOUBLED, cy__b=DOUBLED + "# another\n", dan="",
    )  # fmt: skip
    ran = place.batch()
    assert 0 == ran.code, ran.err
    assert "grading doubled 3/3" in ran.err
    assert "grading tripled 3/3" in ran.err
    assert "cy: cy/a.py" not in ran.err
    assert "skipped cy: a.py and b.py each define doubled; hand in one of them" in ran.err
    assert "skipped ada/notes.py: it is the submission for no challenge" in ran.err
    summary = {(row["submission"], row["challenge"]): row["score"] for row in
               place.rows("summary.csv")}  # fmt: skip
    assert {
        ("ada/one.py", "doubled"): "10", ("ada/deep/two.py", "tripled"): "10",
        ("bob/both.py", "doubled"): "4", ("bob/both.py", "tripled"): "10",
        ("dan.py", "doubled"): "0", ("dan.py", "tripled"): "0",
    } == summary  # fmt: skip
    marks = place.marks()
    assert {"ada": "110", "bob": "104", "cy": "", "dan.py": "0"} == {
        name: row["total"] for name, row in marks.items()
    }
    assert ("", "0", "110") == (
        marks["cy"]["doubled"], marks["cy"]["tripled"], marks["cy"]["max_total"]
    )  # fmt: skip
    assert "a.py and b.py each define doubled" in marks["cy"]["note"]
    again = place.batch()
    assert 2 == again.err.count(": 3 known before")
    told = place.run("explain", place.out, "cy")
    assert "no score: a.py and b.py each define doubled" in told.out
    assert "mark: none yet, of 110" in told.out


def test_a_stopped_regrade_costs_no_mark(place: Place) -> None:
    place.write(ada__one=DOUBLED, ada__two=TRIPLED)
    assert 0 == place.batch().code
    assert 0 == place.run("regrade", place.out).code
    with Store(place.out / FILE) as store:
        store.keep_results("tripled", 2, [])
        store.commit()
    ran = place.run("regrade", place.out, "--publish")
    said = "the regrade lacks 1 of the marks that count"
    assert (2, "", True) == (ran.code, ran.out, said in ran.err)
    assert "110" == place.marks()["ada"]["total"]


def test_a_download_is_marked_by_its_times_and_attempts(place: Place) -> None:
    prefix = "assignment_1_export/submission_"
    people = {
        1: ("2026-11-30 20:00:00 +0100", {"one.py": DOUBLED, "two.py": TRIPLED}),
        2: ("2026-12-01 20:00:00 +0100", {"one.py": DOUBLED}),
    }
    metadata = ""
    with zipfile.ZipFile(place.folder / "export.zip", "w") as archive:
        for number, (at, files) in people.items():
            metadata += (
                f"submission_{number}:\n  :submitters:\n  - :name: S {number}\n"
                f"    :sid: '{number}'\n    :email: s{number}@x.org\n  :created_at: {at}\n"
                "  :score: 0.0\n  :status: processed\n  :results: {}\n  :history: []\n"
            )
            for name, text in files.items():
                archive.writestr(f"{prefix}{number}/{name}", text)
        archive.writestr("assignment_1_export/submission_metadata.yml", f"---\n{metadata}")
    ran = place.batch(place.folder / "export.zip")
    assert 0 == ran.code, ran.err
    first, second = place.rows("marks.csv")
    assert ("110", "no", "2026-11-30T19:00:00+00:00") == (
        first["total"], first["late"], first["submitted_at"]
    )  # fmt: skip
    assert ("9", "-1", "0", "9", "yes") == (
        second["doubled"], second["doubled_lateness"], second["tripled"], second["total"],
        second["late"],
    )  # fmt: skip
    assert "gradescope" == second["platform"]
    exported = place.run("export", place.out, "--to", "csv")
    said = [row["feedback"] for row in csv.DictReader(io.StringIO(exported.out))]
    assert [False, True] == ["Your mark is" in each for each in said]
    assert said[1].endswith("10 of 10: accepted. Your mark is 9 of 110, after lateness (-1).")


def test_a_regrade_takes_every_challenge_and_adjustments_stay(place: Place) -> None:
    place.write(ada__one=DOUBLED, ada__two=ABOUT_TRIPLED)
    assert 0 == place.batch().code
    given = place.run(
        "adjust", place.out, "ada/one.py", "-1.5", "--reason", "a hint", "--challenge", "doubled"
    )
    assert 0 == given.code, given.err
    ada = place.marks()["ada"]
    assert ("8.5", "-1.5", "50", "108.5") == (
        ada["doubled"], ada["doubled_adjustments"], ada["tripled"], ada["total"]
    )  # fmt: skip
    place.spec("tripled", rtol="1e-6")
    ran = place.run("regrade", place.out)
    assert (0, True) == (ran.code, "2 submissions: 0 go up, 1 go down" in ran.out), ran.err
    assert "1 were marked again from what was kept, 0 were run" in ran.out
    assert "108.5" == place.marks()["ada"]["total"]
    assert "published: 2 results" in place.run("regrade", place.out, "--publish").out
    assert "8.5" == place.marks()["ada"]["total"]
    told = json.loads(place.run("explain", place.out, "ada", "--json").out)
    assert (8.5, 110.0, 2) == (told["total"], told["out_of"], told["generation"])
    assert "taken back: 2 results" in place.run("regrade", place.out, "--rollback").out
    assert "108.5" == place.marks()["ada"]["total"]


def test_one_challenge_is_graded_again_and_the_others_keep_their_marks(place: Place) -> None:
    place.write(ada__one=DOUBLED, ada__two=ABOUT_TRIPLED, bob__one=WRONG)
    assert 0 == place.batch().code
    place.spec("doubled", rtol="1e-3")
    place.spec("tripled", rtol="1e-6")
    ran = place.run("regrade", place.out, "--challenge", "doubled")
    assert (0, True) == (ran.code, "2 submissions: 0 go up, 0 go down" in ran.out), ran.err
    assert "grading tripled" not in ran.err
    assert "published: 3 results" in place.run("regrade", place.out, "--publish").out
    assert ("110", "4") == (place.marks()["ada"]["total"], place.marks()["bob"]["total"])
    ran = place.run("regrade", place.out, "--challenge", "tripled", "--challenge", "doubled")
    assert "3 submissions: 0 go up, 1 go down" in ran.out
    assert "published: 3 results" in place.run("regrade", place.out, "--publish").out
    assert ("10", "4") == (place.marks()["ada"]["total"], place.marks()["bob"]["total"])


def test_a_challenge_that_the_run_does_not_have_is_named(place: Place) -> None:
    place.write(ada__one=DOUBLED)
    assert 0 == place.batch().code
    ran = place.run("regrade", place.out, "--challenge", "doubeld")
    assert (2, "", 1) == (ran.code, ran.out, len(ran.err.splitlines()))
    assert "the run has no challenge 'doubeld'; it has doubled, tripled" in ran.err
    ran = place.run("regrade", place.out, "--challenge", "doubled", "--publish")
    assert (2, True) == (ran.code, "take the last regrade whole: leave it out" in ran.err)


def test_who_is_in_the_roster_and_handed_in_nothing_has_a_row(place: Place) -> None:
    place.write(ada__one=DOUBLED, ada__two=TRIPLED, eve__one=DOUBLED, bob=DOUBLED)
    roster = place.folder / "roster.csv"
    roster.write_text("key,name,due\nada,Ada,\nbob,Bob,\n=cy,Cy,2026-12-09T12:00\n")
    ran = place.batch(place.folder / "class", "--roster", roster)
    assert 0 == ran.code, ran.err
    assert "1 of the class have handed in nothing: =cy" in ran.err
    assert "1 who have handed in are not in the roster: eve" in ran.err
    marks = place.marks()
    assert ["'=cy", "ada", "bob.py", "eve"] == list(marks)
    cy = marks["'=cy"]
    assert ("0", "0", "0", "110", "nothing handed in") == (
        cy["doubled"], cy["tripled"], cy["total"], cy["max_total"], cy["note"]
    )  # fmt: skip
    assert "nothing was handed in that counts" in place.run("explain", place.out, "=cy").out
    again = place.batch()
    assert "1 of the class have handed in nothing: =cy" in again.err
    assert ["'=cy", "ada", "bob.py", "eve"] == list(place.marks())
    place.write(**{"=cy__one": DOUBLED})
    assert "have handed in nothing" not in place.batch().err
    assert "10" == place.marks()["'=cy"]["total"]


def test_a_roster_that_is_none_is_one_line(place: Place) -> None:
    place.write(ada__one=DOUBLED)
    (place.folder / "roster.csv").write_text("name\nAda\n")
    ran = place.batch(place.folder / "class", "--roster", place.folder / "roster.csv")
    assert (2, "", 1) == (ran.code, ran.out, len(ran.err.splitlines())), ran.err
    assert "names no key" in ran.err


def test_an_assignment_may_grow_and_change_but_is_no_other_one(place: Place) -> None:
    place.write(ada__one=DOUBLED, ada__two=TRIPLED)
    place.assign(ASSIGNMENT[: ASSIGNMENT.rindex("[[challenges]]")])
    assert 0 == place.batch().code
    assert "10" == place.marks()["ada"]["total"]
    place.assign(ASSIGNMENT)
    assert 0 == place.batch().code
    assert "110" == place.marks()["ada"]["total"]
    place.assign(ASSIGNMENT.replace("weight = 2", "weight = 3"))
    again = place.batch()
    assert ("160", 2) == (place.marks()["ada"]["total"], again.err.count("1 known before"))
    place.assign(ASSIGNMENT[: ASSIGNMENT.rindex("[[challenges]]")])
    ran = place.batch()
    assert 2 == ran.code
    assert "holds a run of an assignment of doubled, tripled, not of" in ran.err
    single = place.run("batch", "doubled", place.folder / "class", "--out", place.out)
    assert 2 == single.code
    assert "holds a run of an assignment of doubled, tripled, not of doubled" in single.err


def test_what_is_no_assignment_is_one_line(place: Place) -> None:
    place.write(ada__one=DOUBLED)
    for text, complaint in (
        (ASSIGNMENT.replace("tripled", "quadrupled"), "quadrupled"),
        (ASSIGNMENT + "[drop]\nlowest = 1\n", "`drop` needs challenges that are worth the same"),
    ):
        place.assign(text)
        ran = place.batch()
        assert (2, "", 1) == (ran.code, ran.out, len(ran.err.splitlines())), ran.err
        assert complaint in ran.err
    assert not (place.out / "run.sqlite").exists()
