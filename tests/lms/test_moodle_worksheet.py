"""Moodle's worksheet: a grade where Moodle takes it, nothing that it would misread, nothing lost.

Numbers of traps are those of what Moodle 4.5.6 did when it was tried:
1 misread numbers, 2 grades above the maximum, 3 unknown rows and emptied feedback, 5 overridden
grades, 6 feedback as HTML, 12 hostile names.
"""

import csv
import html
import io
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.lms import moodle
from grader.lms.exporting import Asked, Exported
from grader.lms.filling import Cell
from grader.lms.grades import Grade
from grader.lms.moodle_worksheet import export
from grader.lms.numbers import OverMaximum, Scaling
from grader.lms.sheet import Sheet

GOLDEN = Path(__file__).parent / "golden" / "moodle"
NO_ROW = "no row of the worksheet has this number"
LOCKED = "it cannot be changed, says Moodle: locked or overridden in the gradebook"


def grade(
    key: str, score: str | None, said: str = "", *, most: int = 100, name: str | None = None,
    platform: str = "moodle", why: str = "",
) -> Grade:  # fmt: skip
    exact = None if score is None else Fraction(score)
    return Grade(
        platform, key, name, (), exact, Fraction(most), None, None, (), feedback=said, why=why
    )


def golden(name: str) -> bytes:
    return (GOLDEN / f"{name}.csv").read_bytes()


def asked(name: str, *grades: Grade, **more: object) -> Asked:
    return replace(Asked(grades, golden(name)), **more)


def values(data: bytes) -> list[list[str]]:
    """Return the cells as Python's own reader sees them."""
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def changed(before: bytes, after: bytes) -> dict[tuple[int, int], tuple[str, str]]:
    old, new = values(before), values(after)
    assert [len(row) for row in old] == [len(row) for row in new]
    return {
        (at, column): (cell, new[at][column])
        for at, row in enumerate(old)
        for column, cell in enumerate(row)
        if cell != new[at][column]
    }


def skipped(exported: Exported) -> dict[str, str]:
    assert exported.filled is not None
    return {each.key: each.why for each in exported.filled.skipped}


GRADES = (
    grade("2", "77.5", "77.5 of 100 points: <b>the factor 2</b>"),
    grade("3", "90", "two\nlines"),
    grade("4", "12.5", "the same grade as before"),
    grade("5", "10", "locked"),
    grade("99", "1", "nobody"),
    grade("7", None, why="a judge error"),
)
CASES = {
    "worksheet": GRADES,
    "worksheet-german": GRADES[:4],
    "worksheet-blind": (grade("16", "15.333333", "said", most=20),),
}


@pytest.mark.parametrize("name", CASES)
def test_the_file_is_what_it_was_but_for_grades_and_feedback(name: str) -> None:
    assert golden(f"{name}.filled") == export(asked(name, *CASES[name])).data
    # The other way: without a grade nothing changes, and what was written changes no more.
    assert golden(name) == export(asked(name)).data
    again = Asked(CASES[name], golden(f"{name}.filled"))
    filled = export(again).filled
    assert filled is not None
    assert [] == filled.cells


def test_who_gets_what_and_who_not() -> None:
    exported = export(asked("worksheet", *GRADES))
    assert exported.filled is not None
    assert ["2", "3", "4"] == exported.filled.keys
    assert Cell("3", "Grade", "50.00", "90") in exported.filled.cells
    assert {"7": "a judge error", "99": NO_ROW, "5": LOCKED} == skipped(exported)
    before = golden("worksheet")
    assert {(1, 4), (1, 9), (2, 4), (2, 9), (3, 9)} == set(changed(before, exported.data))


# --- Trap 1: a number that is misread ------------------------------------------------------------


@given(st.fractions(0, 100), st.integers(0, 5), st.sampled_from(["worksheet", "worksheet-german"]))
def test_a_grade_is_digits_and_a_point(score: Fraction, digits: int, name: str) -> None:
    exported = export(asked(name, grade("2", str(score)), scaling=Scaling(digits=digits)))
    [(_, written)] = changed(golden(name), exported.data).values()
    assert (
        re.fullmatch(rf"[0-9]+(\.[0-9]{{1,{digits}}})?", written) if digits else written.isdigit()
    )
    assert abs(Fraction(written) - score) <= Fraction(1, 2 * 10**digits)


def test_an_equal_grade_stays_as_its_language_writes_it() -> None:
    exported = export(asked("worksheet-german", grade("3", "12.5")))
    assert golden("worksheet-german") == exported.data
    assert exported.filled is not None
    assert 1 == exported.filled.unchanged


# --- Trap 2: a grade above the maximum -----------------------------------------------------------


def test_a_grade_above_the_maximum_is_refused_or_clamped() -> None:
    over = grade("2", "101", "its feedback would be saved all the same")
    with pytest.raises(OverMaximum, match="grade of '2': 101 is above the maximum of 100"):
        export(asked("worksheet", over))
    with pytest.raises(UsageError, match=r"no grade above the maximum .* --over-max clamp"):
        export(asked("worksheet", over, scaling=Scaling(over_max="allow")))
    exported = export(asked("worksheet", over, scaling=Scaling(over_max="clamp")))
    assert "100" == values(exported.data)[1][4]


def test_another_maximum_is_never_scaled_to_unasked() -> None:
    with pytest.raises(UsageError, match=r"is out of 100, the run out of 10: give --scale-to"):
        export(asked("worksheet", grade("2", "7", most=10)))
    scaled = export(asked("worksheet", grade("2", "7", most=10), to_column=True))
    assert "70" == values(scaled.data)[1][4]
    too_much = asked("worksheet", grade("2", "7", most=10), scaling=Scaling(Fraction(200)))
    with pytest.raises(OverMaximum, match="140 is above the maximum of 100"):
        export(too_much)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"Maximum grade"', b"Scale", "graded by a scale"),
        (b",100.00,", b",good,", "maximum grade is 'good'; expected one number"),
        (b",100.00,", b",0.00,", "maximum grade is '0.00'; expected one number above 0"),
        (b"50.00,100.00", b"50.00,90.00", "has the maximum grade '90.00', and others have 100"),
        (b'"Ada Lovelace"', rb'"x\""', "row 2 of the worksheet has the maximum grade"),
    ],
)
def test_a_maximum_that_is_none_is_refused(old: bytes, new: bytes, said: str) -> None:
    table = golden("worksheet").replace(old, new)
    with pytest.raises(UsageError, match=re.escape(said)):
        export(Asked((grade("2", "7"),), table))


# --- Trap 3: rows passed over, feedback erased ---------------------------------------------------


def test_no_feedback_leaves_what_is_there_and_no_score_leaves_the_grade() -> None:
    exported = export(asked("worksheet", grade("3", "51"), grade("4", None, "said", why="later")))
    assert {(2, 4): ("50.00", "51")} == changed(golden("worksheet"), exported.data)
    blank = export(asked("worksheet", grade("3", "51", " \n ")))
    assert {(2, 4): ("50.00", "51")} == changed(golden("worksheet"), blank.data)
    assert {"4": "later"} == skipped(exported)


def test_a_grade_that_moodle_would_pass_over_is_listed() -> None:
    assert {"99": NO_ROW, "default-group": NO_ROW} == skipped(
        export(asked("worksheet", grade("99", "1"), grade("default-group", "1")))
    )


@pytest.mark.parametrize("name", [b"Participant", b"Ada", b"Participant 2x", b'""'])
def test_a_row_that_moodle_would_pass_over_is_refused(name: bytes) -> None:
    table = golden("worksheet").replace(b'"Participant 2"', name)
    with pytest.raises(UsageError, match=r"row 2 of the worksheet is called .* Moodle would pass"):
        export(Asked((grade("3", "7"),), table))


def test_rows_and_grades_that_stand_twice_are_refused() -> None:
    table = golden("worksheet").replace(b'"Participant 3"', b'"Participant 2"')
    with pytest.raises(UsageError, match="two rows with the key '2'"):
        export(Asked((grade("2", "7"),), table))
    with pytest.raises(UsageError, match="two grades for the key '2'"):
        export(asked("worksheet", grade("2", "7"), grade("2", "8")))


# --- Trap 5: overridden and stale ----------------------------------------------------------------


def test_what_cannot_be_changed_is_left_and_said() -> None:
    exported = export(asked("worksheet", grade("5", "10", "said")))
    assert golden("worksheet") == exported.data
    assert {"5": LOCKED} == skipped(exported)
    assert any("stays as it is until the override is taken back" in w for w in exported.warnings)
    german = export(asked("worksheet-german", grade("5", "10", "said")))
    assert {"5": LOCKED} == skipped(german)


def test_the_last_change_of_the_grade_stays_and_the_tick_is_asked_for() -> None:
    exported = export(asked("worksheet-german", *GRADES[:2]))
    assert [row[8] for row in values(golden("worksheet-german"))] == [
        row[8] for row in values(exported.data)
    ]
    assert "upload it with Moodle in German" in exported.warnings[0]
    assert "'Allow updating records that have been modified more recently" in exported.warnings[0]


def test_a_table_that_a_spreadsheet_has_saved_is_said_to_be_one() -> None:
    text = golden("worksheet").decode("utf-8-sig")
    rows = io.StringIO(newline="")
    csv.writer(rows, delimiter=";").writerows(csv.reader(io.StringIO(text, newline="")))
    exported = export(Asked((grade("2", "7"),), rows.getvalue().encode("utf-16")))
    assert any("separator ';', encoding utf-16-le" in each for each in exported.warnings)


def test_feedback_without_a_column_is_said_to_be_lost() -> None:
    table = golden("worksheet").replace(b',"Feedback comments"', b"")
    exported = export(Asked((grade("2", "7", "said"),), table))
    assert any("no column 'Feedback comments', so grades alone" in w for w in exported.warnings)


# --- Trap 6: feedback is HTML --------------------------------------------------------------------


def test_feedback_shows_what_was_written() -> None:
    exported = export(asked("worksheet", *GRADES))
    rows = values(exported.data)
    assert "<p>77.5 of 100 points: &lt;b&gt;the factor 2&lt;/b&gt;</p>" == rows[1][9]
    assert "<pre>two\nlines</pre>" == rows[2][9]


HOSTILE = st.text(
    st.one_of(
        st.sampled_from("=+-@\t\r\n\"'\\<>&,;|\u202e\u2066\u200f\x1b\0\ud800😀é"),
        st.characters(),
    ),
    max_size=60,
)


@given(HOSTILE)
@example("=cmd|' /C calc'!A0")
@example("</pre><script>alert(1)</script>")
@example('ends with \\"')
@example("A" * 100_000)
@example("'" * 100_000)
@example("\U0001f600" * 40_000)
@example("=1\r\n\x0b\x85\u2028@2")
def test_feedback_is_harmless_whatever_it_is(text: str) -> None:
    shown = moodle.as_html(text)
    assert 32_000 >= len(shown)
    tag = re.fullmatch(r"<(p|pre)>([^<>\"]*)</\1>", shown)
    assert tag is not None
    assert all(line.isprintable() for line in html.unescape(tag[2]).split("\n"))


# --- Trap 12: names ------------------------------------------------------------------------------


def row_of(number: int, name: str, said: str) -> str:
    cells = [f"Participant {number}", name, "a@example.test", "Submitted for grading", "", "100.00",
             "Yes", "-", "-", said]  # fmt: skip
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
    return text.getvalue()


@given(st.lists(HOSTILE, min_size=1, max_size=4), HOSTILE, HOSTILE)
@example(["=cmd|' /C calc'!A0 Eve", '"";\n'], "=cmd|' /C calc'!A0", "x" * 100_000)
def test_hostile_names_and_feedback_change_no_other_cell(
    names: list[str], before: str, said: str
) -> None:
    header = golden("worksheet").split(b"\n")[0].decode("utf-8-sig")
    rows = [
        row_of(at, name.replace("\0", ""), before.replace("\0", ""))
        for at, name in enumerate(names, 1)
    ]
    table = f"\ufeff{header}\n{''.join(rows)}".encode("utf-8", "replace")
    exported = export(Asked((grade("1", "7", said),), table))
    old, new = Sheet.read(table), Sheet.read(exported.data)
    assert len(old) == len(new)
    cells = {(row, column) for row in range(len(old)) for column in range(10)
             if old.rows[row].cells[column] != new.rows[row].cells[column]}  # fmt: skip
    assert {(1, 4), (1, 9)} - (set() if said.strip() else {(1, 9)}) == cells
    assert new.get(1, 9) == (moodle.as_html(said) if said.strip() else old.get(1, 9))


def test_a_name_is_no_key() -> None:
    impostor = grade("99", "1", name="Ada Lovelace")
    assert golden("worksheet") == export(asked("worksheet", impostor)).data


def test_a_formula_of_moodles_is_left_and_said() -> None:
    exported = export(asked("worksheet", *GRADES))
    assert b"\"=cmd|' /C calc'!A0 Eve\"" in exported.data
    assert any("run as a formula; they stay as" in each for each in exported.warnings)
    blind = export(asked("worksheet-blind", *CASES["worksheet-blind"]))
    assert not any("formula" in each for each in blind.warnings)


# --- Zeros for what is missing -------------------------------------------------------------------


def test_a_zero_is_for_whom_nobody_knows_anything() -> None:
    exported = export(asked("worksheet", *GRADES[:2], missing="zero"))
    rows = values(exported.data)
    assert ["0", "<p>Nothing was handed in.</p>"] == [rows[5][4], rows[5][9]]
    assert {
        "4": "handed in by what Moodle says, and the run has no grade",
        "5": "handed in by what Moodle says, and the run has no grade",
        "7": "handed in by what Moodle says, and the run has no grade",
        "8": "nothing was handed in, and there is the grade 40.00",
    } == skipped(exported)
    assert golden("worksheet") == export(asked("worksheet", missing="skip")).data
    draft = values(export(asked("worksheet-blind", missing="zero")).data)
    assert ["", "0"] == [draft[1][2], draft[2][2]]


# --- Whose row is whose --------------------------------------------------------------------------


def test_keys_of_another_platform_are_no_participants() -> None:
    with pytest.raises(UsageError, match=r"keys are those of canvas.*--match"):
        export(asked("worksheet", grade("2", "7", platform="canvas")))
    with pytest.raises(UsageError, match="keys are those of files"):
        export(asked("worksheet", grade("2", "7", platform="")))


def test_a_column_can_hold_the_keys() -> None:
    found = export(
        asked("worksheet", grade("Ada@example.test/a.py", "7", platform=""), match="Email address")
    )
    assert "7" == values(found.data)[1][4]
    by_number = export(asked("worksheet", grade("2", "7", platform="folders"), match="Identifier"))
    assert "7" == values(by_number.data)[1][4]
    with pytest.raises(UsageError, match="leave --match out"):
        export(asked("worksheet", grade("2", "7"), match="Email address"))
    with pytest.raises(UsageError, match="the key column 'Mail' is nowhere"):
        export(asked("worksheet", grade("2", "7", platform=""), match="Mail"))


def test_names_are_matched_where_that_is_asked_for_and_plain() -> None:
    asking = asked("worksheet", grade("1", "7", name="Sam Smith"), match="name")
    assert {"1": "no row of the worksheet has 'Sam Smith'"} == skipped(export(asking))
    found = export(replace(asking, grades=(grade("1", "7", name="Smith Sam Jr."),)))
    assert "7" == values(found.data)[2][4]
    two = (grade("1", "7", name="Ada Lovelace"), grade("2", "8", name="Ada  Lovelace"))
    with pytest.raises(UsageError, match="could mean two"):
        export(replace(asking, grades=two))
    twice = golden("worksheet").replace(b"Locked,", b"Absent,")
    with pytest.raises(UsageError, match="'Absent' could mean two"):
        export(Asked((grade("1", "7", name="Absent"),), twice, match="name"))
    with pytest.raises(UsageError, match="no names"):
        export(asked("worksheet-blind", grade("1", "7", name="Ada"), match="name"))


def test_a_groups_number_is_nobodys_number() -> None:
    team = grade("1", "7", name="Team A x")
    for match in (None, "Identifier", "Email address"):
        with pytest.raises(UsageError, match="--match name"):
            export(asked("worksheet-teams", team, match=match))


def test_a_team_is_joined_by_its_name_if_asked_for() -> None:
    grades = (
        grade("2", "70", "for A", name="Team Ax"),
        grade("default-group", "60", name="Default group"),
        grade("1", "50", name="Team C"),
    )
    exported = export(asked("worksheet-teams", *grades, match="name"))
    assert ["Grade", "70", "", "70", "60"] == [row[5] for row in values(exported.data)]
    # Team C's number is 1, and participant 1, of another team, does not get its grade.
    assert {"1": "no row of the worksheet has 'Team C'"} == skipped(exported)
    alike = golden("worksheet-teams").replace(b'"Team B"', b"Team-Ax")
    with pytest.raises(UsageError, match="'Team Ax' could mean two"):
        export(Asked(grades, alike, match="name"))


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (None, "give the one that Moodle's assignment lets you download"),
        (b"", "it has none"),
        (b"Student,ID,Section\n", "it has Student, ID, Section"),
        (b"Identifier,Grade\nParticipant 1,\n", "expected the columns 'Identifier', 'Grade' and"),
        (b"Identifier,Grade,Last modified (grade)\n\n", "has no rows"),
        (b"PK\x03\x04\0\0", "zero bytes"),
    ],
)
def test_what_is_no_worksheet_is_refused(template: bytes | None, said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        export(Asked((grade("1", "7"),), template))
