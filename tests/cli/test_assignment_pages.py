"""`grader report` of an assignment: one page a student, the class's, and what opens when."""

import json
import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from grader.reports.html import folder
from grader.store import FILE, Store

Grader = Callable[..., Any]

SPEC = """
from grader.spec import Case, Challenge, Group
from grader.verdict import Visibility
from reference import {name} as programs

challenge = Challenge(
    id="{name}",
    title="Times",
    parameters=("x",),
    reference=programs.{name},
    groups=(
        Group(name="never", title="Never", points=2, cases=(Case(name="n", args=(1111.25,)),)),
        Group(name="published", title="Published", points=2, visibility=Visibility.AFTER_PUBLISHED,
              cases=(Case(name="p", args=(2222.25,)),)),
        Group(name="due", title="Due", points=2, visibility=Visibility.AFTER_DUE_DATE,
              cases=(Case(name="d", args=(3333.25,)),)),
        Group(name="shown", title="Shown", points=4, visibility=Visibility.VISIBLE,
              cases=(Case(name="s", args=(4444.25,)),)),
    ),
)
"""
NEVER, PUBLISHED, DUE, SHOWN = "1111.25", "2222.25", "3333.25", "4444.25"
ASSIGNMENT = """
title = "Times <b>two</b>"
timezone = "Europe/Berlin"
due = {due}
{more}
late = {{ kind = "per_day", deduct = "10%", cutoff_days = 1 }}
[[challenges]]
id = "doubled"
[[challenges]]
id = "tripled"
weight = 2
points = 50
"""
RIGHT = "def doubled(x):\n    return 2 * x\n"
BOTH = RIGHT + "def tripled(x):\n    return 3 * x if x > 2000 else 0.5\n"
HOARDER = """
seen = []
def doubled(x):
    seen.append(x)
    print("seen", seen, "<script>alert(1)</script>")
    return [str(each) for each in seen]
"""


class Place:
    """A folder with two challenges, a class and a run."""

    def __init__(self, folder: Path, grader: Grader, process: Grader) -> None:
        self.folder, self.out = folder, folder / "out"
        self._grader, self._process = grader, process
        (folder / "reference").mkdir()
        for name, factor in (("doubled", 2), ("tripled", 3)):
            (folder / "challenges" / name).mkdir(parents=True)
            source = f"def {name}(x):\n    return {factor} * x\n"
            (folder / "reference" / f"{name}.py").write_text(source)
            (folder / "challenges" / name / "spec.py").write_text(SPEC.format(name=name))

    def write(self, name: str, text: str) -> None:
        path = self.folder / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def batch(self, due: str, more: str = "", roster: str = "") -> None:
        (self.folder / "a.toml").write_text(ASSIGNMENT.format(due=due, more=more))
        (self.folder / "roster.csv").write_text(roster)
        options = ("--roster", self.folder / "roster.csv") if roster else ()
        roots = ("--challenges", self.folder / "challenges")
        where = (self.folder / "class", "--out", self.out, "--jobs", "1", "--quiet")
        ran = self._process("batch", self.folder / "a.toml", *where, *roots, *options)
        assert 0 == ran.code, ran.err

    def report(self) -> str:
        ran = self._grader("report", self.out)
        assert 0 == ran.code, ran.err
        return str(ran.out)

    def page(self, student: str) -> str:
        [found] = (self.out / "students").glob(f"{student}*.html")
        return found.read_text("utf-8")


@pytest.fixture
def place(tmp_path: Path, grader: Grader, process: Grader) -> Place:
    return Place(tmp_path, grader, process)


def words(page: str) -> str:
    """Return what a reader reads, with one space wherever there is a space or a tag."""
    body = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def shown(page: str) -> set[str]:
    return {each for each in (NEVER, PUBLISHED, DUE, SHOWN) if each in page}


def test_a_student_has_one_page_with_every_challenge_and_the_total(place: Place) -> None:
    place.write("ada/both.py", BOTH)
    place.write("bob/one.py", RIGHT)
    place.batch("2199-11-30T23:59:00", roster="key,name\nada,Ada <i>L</i>\nbob,\ncy,Cy\n")
    assert "2 students: " in place.report()
    ada, bob = words(place.page("ada")), words(place.page("bob"))
    assert "Times <b>two</b> Ada <i>L</i> ada 90 of 110 points" in ada
    assert "doubled ✓ accepted 10 of 10 tripled ✗ wrong answer 40 of 50" in ada
    assert "points 8 -> 40: of 10 become 50 in this assignment weight 40 -> 80: 2 times" in ada
    assert "Due 2199-11-30 23:59." in ada
    assert "bob 10 of 110 points" in bob
    assert "Nothing was handed in for this challenge." in bob
    assert {"report.html", "report-doubled.html", "report-tripled.html"} == {
        path.name for path in place.out.glob("*.html")
    }
    page = (place.out / "report.html").read_text("utf-8")
    said = words(page)
    for expected in (
        "students 3 handed in 2",
        "mean of the total 45 %",
        "doubled 2 of 2 accepted, worth 10 of the total",
        "tripled 0 of 1 accepted, worth 100 of the total",
        "The hardest cases Accepted n Never 0 %",
        "1 of the class has handed in nothing: the total is 0, and counts in no figure above.",
        "Ada <i>L</i> doubled 10 of 10, tripled 40 of 50 90 of 110",
        "Cy doubled 0 of 10, tripled 0 of 50 nothing handed in 0 of 110",
    ):
        assert expected in said
    for linked in re.findall(r'href="([^"#]+)', page):
        assert (place.out / linked).is_file()
    challenge = (place.out / "report-tripled.html").read_text("utf-8")
    assert re.search(r'href="students/ada-\w+\.html#tripled"', challenge)
    assert 'id="tripled"' in place.page("ada")


def test_pages_of_who_and_what_is_gone_are_removed(place: Place) -> None:
    place.write("ada/both.py", BOTH)
    place.write("bob/one.py", RIGHT)
    place.batch("2199-11-30T23:59:00")
    place.report()
    (place.out / "report-gone.html").touch()
    (place.out / "report-of mine.html").touch()
    (place.folder / "class" / "bob" / "one.py").unlink()
    place.batch("2199-11-30T23:59:00")
    place.report()
    assert 1 == len(list((place.out / "students").iterdir()))
    assert not (place.out / "report-gone.html").exists()
    assert (place.out / "report-of mine.html").exists()


def test_no_page_takes_the_place_of_anothers(place: Place) -> None:
    place.write("canvas:7/one.py", RIGHT)
    place.write("A b/one.py", BOTH)
    place.write("a-b/one.py", HOARDER)
    place.batch("2199-11-30T23:59:00")
    with Store(place.out / FILE) as store:
        # One of the folders is called as a platform's student is, of whom there is a hand-in, too.
        expected = json.loads(store.meta("handed in"))
        at = next(i for i, each in enumerate(expected) if each[1] == "a-b/one.py")
        expected[at][3] = {"platform": "canvas", "key": "7"}
        store.set_meta("handed in", json.dumps(expected))
        store.commit()
    assert "3 students: " in place.report()
    pages = sorted(path.name for path in (place.out / "students").iterdir())
    assert 3 == len(pages)
    assert all(re.fullmatch(r"[a-z0-9-]+\.html", name) for name in pages)


def test_the_reason_of_an_adjustment_is_not_the_students(place: Place, grader: Grader) -> None:
    place.write("ada/one.py", RIGHT)
    place.batch("2199-11-30T23:59:00")
    options = ("--reason", "looks copied", "--challenge", "doubled")
    assert 0 == grader("adjust", place.out, *options, "--", "ada/one.py", "-1.5").code
    place.report()
    page = place.page("ada")
    assert "adjust 10 -> 8.5: by hand" in words(page)
    assert "looks copied" not in page


def test_what_is_open_is_shown_and_nothing_before_its_time(place: Place) -> None:
    place.write("ada/one.py", HOARDER)
    # Cy has handed in nothing, and may until the third of December.
    roster = "key,due\nada,\ncy,2026-12-03T12:00\n"
    place.batch("2026-11-30T23:59:00", "published = 2026-12-10T12:00:00", roster)
    for now, expected in (
        ("2026-11-30T12:00:00", {SHOWN}),
        ("2026-12-01T23:59:00", {SHOWN}),
        ("2026-12-02T12:00:00", {SHOWN}),
        ("2026-12-04T12:00:00", {SHOWN}),
        ("2026-12-04T12:00:01", {SHOWN, DUE}),
        ("2026-12-10T11:59:59", {SHOWN, DUE}),
        ("2026-12-10T12:00:00", {SHOWN, DUE, PUBLISHED}),
        ("2199-01-01T00:00:00", {SHOWN, DUE, PUBLISHED}),
        ("2026-11-30T12:00:00", {SHOWN}),
    ):
        moment = datetime.fromisoformat(now).replace(tzinfo=ZoneInfo("Europe/Berlin"))
        with Store.reading(place.out / FILE) as store:
            folder.write_assignment(store, place.out, now=moment)
        page = place.page("ada")
        assert expected == shown(page), now
        assert (DUE in expected) == ("shown since the due date has passed" in page)
        assert (PUBLISHED in expected) == ("shown since the results were published" in page)
        assert "<script" not in page
    assert {SHOWN, DUE, PUBLISHED, NEVER} == shown((place.out / "results.jsonl").read_text())


@pytest.mark.parametrize(
    ("due", "expected"),
    [("2199-11-30T23:59:00", {SHOWN}), ("2001-11-30T23:59:00", {SHOWN, DUE})],
)
def test_the_command_goes_by_the_clock(place: Place, due: str, expected: set[str]) -> None:
    place.write("ada/one.py", HOARDER)
    place.batch(due)
    said = place.report()
    assert expected == shown(place.page("ada"))
    assert (DUE in expected) == ("open to students by now: groups that are after_due_date" in said)


def test_an_ambiguity_is_said_and_our_own_fault_is_not_explained(place: Place) -> None:
    place.write("cy/a.py", RIGHT)
    place.write("cy/b.py", RIGHT + "# again\n")
    place.write("dan/notes.py", "x = 1\n")
    place.write("dan/more.py", "y = 1\n")
    place.batch("2199-11-30T23:59:00")
    place.report()
    assert "no mark (of 110) points" in words(place.page("cy"))
    assert "a.py and b.py each define doubled; hand in one of them" in words(place.page("cy"))
    assert "no file is a submission to any challenge" in words(place.page("dan"))
    assert "without a total yet 1" in words((place.out / "report.html").read_text("utf-8"))
