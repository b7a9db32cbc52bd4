"""Formats for a class: a platform's table comes back with a run's grades and is else the same."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.lms import formats
from grader.lms.exporting import Asked, Exported
from grader.lms.filling import Skipped
from grader.lms.grades import Grade
from grader.lms.numbers import OverMaximum, Scaling
from grader.lms.sheet import Sheet

GOLDEN = Path(__file__).parent / "golden"
NO_ROW = "no row of the table has this key"


def grade(key: str, score: str | None, platform: str = "", **more: Any) -> Grade:
    exact = None if score is None else Fraction(score)
    why = "" if score is not None else "the judge failed"
    made = Grade(platform, key, None, (), exact, Fraction(100), None, None, (), why=why)
    return replace(made, **more)


PLAIN = (
    grade("ada", "92.5", late=False, submitted_at=datetime(2026, 11, 23, 15, tzinfo=UTC),
          feedback="92.5 of 100: accepted"),
    grade("sam", "60", late=True, feedback="=1+1\nsecond line"),
    grade("bob", "87.5", feedback="87.5 of 100"),
    grade("alan", "0"),
    grade("late", None),
    grade("gone", "100"),
)  # fmt: skip
"""A run of plain files: two change, one is as it was, a 0, one without a score, one unknown."""

CANVAS_IDS = {"ada": "501", "sam": "502", "bob": "505", "alan": "506", "late": "507", "gone": "599"}


def of_canvas(*more: Grade) -> list[Grade]:
    known = [replace(each, platform="canvas", key=CANVAS_IDS[each.key]) for each in PLAIN]
    return [*known, *more]


def golden(name: str) -> bytes:
    return (GOLDEN / name).read_bytes()


def export(
    form: str, grades: Iterable[Grade], template: str | bytes | None, **more: Any
) -> Exported:
    data = golden(template) if isinstance(template, str) else template
    return formats.for_class(form)(Asked(list(grades), data, **more))


MADE = {"column": "HW1", "match": "Username"}
CASES = [
    ("canvas-csv", of_canvas(), "canvas.csv", {"column": "HW1"}, "canvas_filled.csv"),
    ("canvas-csv", PLAIN, "canvas.csv", {"column": "HW1", "match": "SIS Login ID"},
     "canvas_filled.csv"),
    ("canvas-csv", of_canvas(), "canvas_semicolon.csv", {"decimal_comma": True},
     "canvas_semicolon_filled.csv"),
    ("brightspace", PLAIN, "brightspace.csv", {"match": "Username"}, "brightspace_filled.csv"),
    ("brightspace", PLAIN, None, MADE, "brightspace_made.csv"),
    ("blackboard", [replace(each, platform="blackboard") for each in PLAIN], "blackboard.xls",
     {"column": "HW1"}, "blackboard_filled.xls"),
    ("blackboard", PLAIN, "blackboard.csv", {"column": "547859", "match": "Username"},
     "blackboard_filled.csv"),
    ("nbgrader", PLAIN, "nbgrader.csv", {"column": "HW1", "match": "student_id"},
     "nbgrader_filled.csv"),
    ("nbgrader", PLAIN, None, {"column": "HW1"}, "nbgrader_made.csv"),
    ("csv", PLAIN, None, {}, "plain.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "grades", "template", "more", "expected"), CASES)
def test_a_format_writes_what_is_in_its_golden_file(
    form: str, grades: list[Grade], template: str | None, more: dict[str, Any], expected: str
) -> None:
    assert golden(expected) == export(form, grades, template, **more).data


WITH_TEMPLATE = [case for case in CASES if case[2]]
GRADE_COLUMNS = {
    "canvas-csv": {"HW1 Backprop (12345)", "HW1 (12345)"},
    "brightspace": {"HW1 Points Grade <Numeric MaxPoints:100 Weight:10 Category:Labs>"},
    "blackboard": {"HW1 [Total Pts: 100 Score] |547859"},
    "nbgrader": {"raw_score", "late_submission_penalty", "score"},
}


@pytest.mark.parametrize(("form", "grades", "template", "more", "expected"), WITH_TEMPLATE)
def test_only_cells_of_grades_change_and_the_rest_is_said(
    form: str, grades: list[Grade], template: str, more: dict[str, Any], expected: str
) -> None:
    exported = export(form, grades, template, **more)
    assert exported.filled is not None
    assert {cell.column for cell in exported.filled.cells} <= GRADE_COLUMNS[form]
    again = export(form, grades, golden(expected), **more)
    assert again.filled is not None
    assert ([], golden(expected)) == (again.filled.cells, again.data)
    judged = {each.key for each in exported.left_out if each.why == "the judge failed"}
    unknown = {each.key for each in exported.left_out if each.why == NO_ROW}
    asked = {each.key for each in grades}
    written = {cell.key for cell in exported.filled.cells}
    assert len(asked) == len(judged | unknown | written) + exported.filled.unchanged
    assert not judged & written


@pytest.mark.parametrize(("form", "grades", "template", "more", "_"), WITH_TEMPLATE)
def test_a_key_that_stands_twice_is_refused(
    form: str, grades: list[Grade], template: str, more: dict[str, Any], _: str
) -> None:
    with pytest.raises(UsageError, match="two grades for the key"):
        export(form, [*grades, grades[0]], template, **more)
    encoding = "utf-16" if template.endswith("xls") else "utf-8"
    text = golden(template).decode(encoding)
    [line] = [each for each in text.splitlines() if "Ada" in each and "HW2" not in each]
    twice = f"{text.rstrip()}\n{line}\n".encode(encoding)
    with pytest.raises(UsageError, match="the table has two rows with the key"):
        export(form, grades, twice, **more)


# --- Whose a row is -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "template", "column", "said"),
    [
        ("canvas-csv", "canvas.csv", "HW1", "keys of moodle, and Canvas' gradebook by 'ID'"),
        ("blackboard", "blackboard.xls", "HW1", "and Blackboard's Grade Center by 'Username'"),
        ("brightspace", "brightspace.csv", None, "a number that its gradebook does not have"),
        ("nbgrader", "nbgrader.csv", "HW1", "by 'student_id': say by --match"),
    ],
)
def test_a_run_of_another_platform_needs_match(
    form: str, template: str, column: str | None, said: str
) -> None:
    moodle = [grade("501", "1", "moodle")]
    with pytest.raises(UsageError, match="--match") as refused:
        export(form, moodle, template, column=column)
    assert said in str(refused.value)


def test_a_download_of_brightspace_is_not_matched_by_its_own_numbers() -> None:
    with pytest.raises(UsageError, match="'OrgDefinedId', 'Username', or name"):
        export("brightspace", [grade("397063", "1", "brightspace")], "brightspace.csv")


def test_names_match_only_if_asked_and_never_where_two_are_called_alike() -> None:
    named = [grade("1", "92.5", "moodle", name="Ada  LOVELACE")]
    asked = {"column": "HW1", "match": "name"}
    with pytest.raises(UsageError, match=r"two people called 'lee sam'.*'SIS Login ID'"):
        export("canvas-csv", named, "canvas.csv", **asked)
    one = golden("canvas.csv").replace(b'"Lee, Sam",503', b'"Lee, Samuel",503')
    exported = export("canvas-csv", named, one, **asked)
    assert one.replace(b'"DL101",,,9', b'"DL101",,92.5,9') == exported.data
    two = [*named, grade("2", "1", "moodle", name="Lovelace, Ada")]
    with pytest.raises(UsageError, match="the run has two people called 'ada lovelace'"):
        export("canvas-csv", two, one, **asked)


def test_a_name_that_canvas_has_wrapped_is_the_name() -> None:
    named = [grade("1", "5", "moodle", name="Eve =cmd|' /C calc'!A0")]
    one = golden("canvas.csv").replace(b'"Lee, Sam",503', b'"Lee, Samuel",503')
    exported = export("canvas-csv", named, one, column="HW1", match="name")
    assert ["not assigned to them in Canvas (N/A)"] == [each.why for each in exported.left_out]


def test_each_of_a_team_gets_its_grade() -> None:
    team = grade("S001+S002", "70", "gradescope", members=("S001", "S002"))
    exported = export("canvas-csv", [team], "canvas.csv", column="HW1", match="SIS User ID")
    assert exported.filled is not None
    assert [("S001", "70"), ("S002", "70")] == [
        (cell.key, cell.after) for cell in exported.filled.cells
    ]
    alone = grade("S001", "1", "gradescope")
    with pytest.raises(UsageError, match="two grades for the key 'S001'"):
        export("canvas-csv", [team, alone], "canvas.csv", column="HW1", match="SIS User ID")
    with pytest.raises(UsageError, match=r"'S001\+S002' is a team"):
        export("canvas-csv", [team], "canvas.csv", column="HW1", match="name")


def test_a_match_that_is_no_column_for_keys_says_which_are() -> None:
    with pytest.raises(UsageError, match="no such column for keys; it has 'ID', 'SIS User ID'"):
        export("canvas-csv", PLAIN, "canvas.csv", column="HW1", match="Section")


def test_where_nothing_matches_the_table_may_be_the_wrong_one() -> None:
    exported = export("canvas-csv", PLAIN, "canvas.csv", column="HW1", match="SIS User ID")
    assert golden("canvas.csv") == exported.data
    assert any("no row was matched" in each for each in exported.warnings)
    excused = export("canvas-csv", [grade("503", "1", "canvas")], "canvas.csv", column="HW1")
    assert not any("no row was matched" in each for each in excused.warnings)
    assert Skipped("ada", NO_ROW) in exported.left_out


# --- What is graded, and out of how much ----------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "template", "column", "said"),
    [
        ("canvas-csv", "canvas.csv", None, "say by --column which of the 2 items"),
        ("canvas-csv", "canvas.csv", "HW", "could mean 'HW1 Backprop (12345)', 'HW2 (12346)'"),
        ("canvas-csv", "canvas.csv", "Quiz", "'Quiz (12347)' takes no grades: Canvas has it read"),
        ("canvas-csv", "canvas.csv", "Current Score", "takes no grades: Canvas computes it"),
        ("canvas-csv", "canvas.csv", "Old title", "so it is no assignment that is there"),
        ("canvas-csv", "canvas.csv", "Essay", "has no column 'Essay' for grades; it has 'HW1"),
        ("blackboard", "blackboard.xls", "My column", "make a new column of text"),
        ("brightspace", "brightspace.csv", "Letter", "only a column 'Points Grade' takes points"),
        ("nbgrader", "nbgrader.csv", None, "which of the 2 items of nbgrader's export"),
    ],
)
def test_a_column_that_takes_no_grades_is_refused(
    form: str, template: str, column: str | None, said: str
) -> None:
    with pytest.raises(UsageError) as refused:
        export(form, PLAIN, template, column=column, match="name")
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("form", "template", "column", "match"),
    [
        ("canvas-csv", "canvas.csv", "HW2", "SIS Login ID"),
        ("blackboard", "blackboard.xls", "HW2", "Username"),
        ("nbgrader", "nbgrader.csv", "HW2", "student_id"),
    ],
)
def test_another_maximum_is_refused_until_it_is_said_which_is_meant(
    form: str, template: str, column: str, match: str
) -> None:
    where = {"column": column, "match": match}
    with pytest.raises(UsageError, match="is out of 10, the run out of 100: give --scale-to"):
        export(form, PLAIN, template, **where)
    scaled = export(form, [PLAIN[0]], template, to_column=True, **where)
    assert scaled.filled is not None
    assert "9.25" == scaled.filled.cells[-1].after
    as_they_are = {"scaling": Scaling(Fraction(100)), **where}
    with pytest.raises(OverMaximum, match=r"the grade of 'ada': 92\.5 is above the maximum of 10"):
        export(form, [PLAIN[0]], template, **as_they_are)
    clamped = {"scaling": Scaling(Fraction(100), over_max="clamp"), **where}
    exported = export(form, [PLAIN[0]], template, **clamped)
    assert exported.filled is not None
    assert "10" == exported.filled.cells[-1].after
    allowed = {"scaling": Scaling(Fraction(100), over_max="allow"), **where}
    exported = export(form, [PLAIN[0]], template, **allowed)
    assert exported.filled is not None
    assert "92.5" == exported.filled.cells[-1].after


def test_brightspaces_maximum_is_in_its_header() -> None:
    table = golden("brightspace.csv").replace(b"MaxPoints:100 ", b"MaxPoints:20 ")
    with pytest.raises(UsageError, match="is out of 20, the run out of 100"):
        export("brightspace", PLAIN, table, match="Username")


def test_full_marks_that_are_no_number_are_refused_and_a_comma_can_be_read() -> None:
    with pytest.raises(UsageError, match=r"'100,00', which is no number.*--decimal-comma"):
        export("canvas-csv", of_canvas(), "canvas_semicolon.csv")
    thousand = golden("canvas.csv").replace(b"100.00,10.00", b'"1,000.00",10.00')
    with pytest.raises(UsageError, match=r"'1,000\.00', which is no number"):
        export("canvas-csv", of_canvas(), thousand, column="HW1", decimal_comma=True)


def test_a_table_that_says_no_maximum_cannot_be_scaled_to() -> None:
    with pytest.raises(UsageError, match="does not say its maximum; give it as a number"):
        export("brightspace", PLAIN, None, **MADE, to_column=True)
    with pytest.raises(UsageError, match="does not say its maximum"):
        export("csv", PLAIN, None, to_column=True)


def test_numbers_have_a_point_and_as_many_digits_as_asked() -> None:
    third = [grade("ada", "100/3")]
    where = {"column": "HW1", "match": "Username"}
    for digits, expected in ((0, "33"), (2, "33.33"), (5, "33.33333")):
        exported = export("blackboard", third, "blackboard.xls",
                          scaling=Scaling(digits=digits), **where)  # fmt: skip
        assert exported.filled is not None
        assert [expected] == [cell.after for cell in exported.filled.cells]


# --- Rows without a grade -------------------------------------------------------------------------


def test_nothing_handed_in_is_0_only_if_asked_and_over_nothing_that_stands_there() -> None:
    exported = export("canvas-csv", of_canvas(), "canvas.csv", column="HW1", missing="zero")
    assert exported.filled is not None
    # 507 has a judge error, 503 is excused, 504 is not assigned: none of them is a 0.
    assert {"501": "92.5", "502": "60", "506": "0", "508": "0"} == {
        cell.key: cell.after for cell in exported.filled.cells
    }
    assert any("0 for whom the run holds nothing: '508'" in each for each in exported.warnings)
    one = [each for each in of_canvas() if each.key != "502"]
    left = export("canvas-csv", one, "canvas.csv", column="HW1", missing="zero")
    assert b"second try,55.50" in left.data


def test_canvas_cells_that_are_no_score_are_not_overwritten() -> None:
    both = [grade("503", "1", "canvas"), grade("504", "1", "canvas")]
    exported = export("canvas-csv", both, "canvas.csv", column="HW1")
    assert golden("canvas.csv") == exported.data
    assert [
        Skipped("503", "excused in Canvas (EX): empty the cell if the grade is to count"),
        Skipped("504", "not assigned to them in Canvas (N/A)"),
    ] == list(exported.left_out)


def test_canvas_rows_about_posting_and_points_are_nobodys() -> None:
    layout = formats.recognise(golden("canvas.csv"))
    assert layout is not None
    assert list(range(3, 11)) == list(layout.rows)
    exported = export("canvas-csv", of_canvas(), "canvas.csv", column="HW1")
    assert any("hidden until you post" in each for each in exported.warnings)
    other = export("canvas-csv", of_canvas(), "canvas.csv", column="HW2", to_column=True)
    assert not any("hidden until you post" in each for each in other.warnings)


def test_nobody_gets_a_zero_where_the_run_is_of_others() -> None:
    with pytest.raises(UsageError, match="everybody would get a 0: is it the right table"):
        export("canvas-csv", PLAIN, "canvas.csv", column="HW1", match="SIS User ID", missing="zero")


def test_canvas_rows_of_older_gradebooks_are_nobodys_too() -> None:
    muted = golden("canvas.csv").replace(b"Manual Posting", b"Muted")
    exported = export("canvas-csv", of_canvas(), muted, column="HW1", missing="zero")
    assert muted.splitlines()[1] == exported.data.splitlines()[1]


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_bytes_of_another_encoding_stay(mark: bytes) -> None:
    table = golden("canvas.csv")[3:].replace(b"Turing", b"T\xfcr\xff\x81")
    exported = export("canvas-csv", of_canvas(), mark + table, column="HW1")
    filled = golden("canvas_filled.csv")[3:].replace(b"Turing", b"T\xfcr\xff\x81")
    assert mark + filled == exported.data


def test_canvas_may_have_names_in_two_columns() -> None:
    header, points = "LastName,FirstName,ID,SIS Login ID,Section,HW1 (1)", "Points Possible,,,,,100"
    table = f"{header}\n{points}\nLee,Sam,1,sam,S,\nLee,Ann,2,ann,S,\n".encode()
    exported = export("canvas-csv", [grade("2", "7", "canvas")], table)
    assert table.replace(b"ann,S,", b"ann,S,7") == exported.data
    named = [grade("x", "7", "moodle", name="Ann Lee")]
    assert exported.data == export("canvas-csv", named, table, match="name").data


# --- nbgrader quotes nothing ----------------------------------------------------------------------


def test_a_comma_in_a_name_does_not_shift_nbgraders_columns() -> None:
    asked = {"column": "HW1", "match": "student_id"}
    exported = export("nbgrader", [grade("sam", "60"), grade("bob", "1")], "nbgrader.csv", **asked)
    lines = exported.data.decode().splitlines()
    assert lines[2].endswith(",Lee, Jr.,Sam,sam@example.test,60.0,0,60,100.0")
    assert lines[4].endswith(',O"Brien",Bob, the, B,b@example.test,1,0.0,1,100.0')
    assert any("2 lines are too short" in each for each in exported.warnings)


@pytest.mark.parametrize("key", ["a,b", "a\nb"])
def test_a_key_that_nbgrader_could_not_hold_is_refused(key: str) -> None:
    with pytest.raises(UsageError, match=r"quotes nothing.*use --to csv"):
        export("nbgrader", [grade(key, "1", "folders")], None, column="HW1")


def test_keys_of_a_platform_are_nbgraders_only_if_that_is_said() -> None:
    with pytest.raises(UsageError, match="--match student_id"):
        export("nbgrader", [grade("501", "1", "canvas")], None, column="HW1")
    said = export("nbgrader", [grade("501", "1", "canvas")], None, column="HW1", match="student_id")
    assert b"\nHW1,,,501,,,,1,0,1,100\n" in said.data


# --- Templates that are none ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "download"),
    [
        ("canvas-csv", "Export Entire Gradebook"),
        ("blackboard", "Work Offline > Download"),
    ],
)
def test_a_format_without_its_template_says_which_file_it_wants(form: str, download: str) -> None:
    with pytest.raises(UsageError, match=f"give --template.*{download}"):
        export(form, PLAIN, None)
    with pytest.raises(UsageError, match=f"not the table that was expected.*{download}"):
        export(form, PLAIN, "nbgrader.csv")


def test_brightspace_without_a_template_asks_for_the_key_and_the_item() -> None:
    for more in ({}, {"match": "Username"}, {"column": "HW1"}, {"match": "name", "column": "x"}):
        with pytest.raises(UsageError, match="--match OrgDefinedId or --match Username"):
            export("brightspace", PLAIN, None, **more)


@pytest.mark.parametrize(
    ("name", "form", "language", "items"),
    [
        ("canvas.csv", "canvas-csv", "English", ["HW1 Backprop (12345)", "HW2 (12346)"]),
        ("canvas_semicolon.csv", "canvas-csv", "English", ["HW1 (12345)"]),
        ("brightspace.csv", "brightspace", "English",
         ["HW1 Points Grade <Numeric MaxPoints:100 Weight:10 Category:Labs>"]),
        ("blackboard.xls", "blackboard", "English",
         ["HW1 [Total Pts: 100 Score] |547859", "HW2 [Total Pts: 10 Score] |547860"]),
        ("nbgrader.csv", "nbgrader", "English", ["HW1", "HW2"]),
        ("plain.csv", None, "", []),
    ],
)  # fmt: skip
def test_tables_are_recognised(
    name: str, form: str | None, language: str, items: list[str]
) -> None:
    layout = formats.recognise(golden(name))
    if form is None:
        assert layout is None
        return
    assert layout is not None
    assert (form, language, items) == (
        layout.format, layout.language, [each.title for each in layout.items]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("header", "language", "feedback"),
    [
        ("Identifier,Grade,Last modified (grade),Feedback comments", "English", True),
        ("ID,Bewertung,Zuletzt geändert (Bewertung),Feedback als Kommentar", "German", True),
        ("Identifiant,Note,Dernière modification (note),x", "French", False),
        ("Identyfikator,Ocena,Ostatnio modyfikowane (ocena),x", None, False),
    ],
)
def test_moodles_headers_tell_the_language(
    header: str, language: str | None, feedback: bool
) -> None:
    layout = formats.recognise(f"\ufeff{header}\nParticipant 2,,-,\n".encode())
    assert language == (None if layout is None else layout.language)
    assert feedback == (layout is not None and layout.feedback is not None)


# --- Hostile text ---------------------------------------------------------------------------------

HOSTILE = st.one_of(
    st.sampled_from(
        [
            "=cmd|' /C calc'!A0", '"', '""', "a\nb", "a\r\nb", "\u202etxt.exe", "😀", "\ud800",
            "@SUM(1)", "+1", "-1", "\t=1", " =1", "#x", "EX", "N/A", "Points Possible", ";;;;;;;",
            "=" * 100_000, "'", ",", "Muted",
        ]
    ),
    st.text(st.characters(exclude_characters="\0"), max_size=12),
)  # fmt: skip
ENCODABLE = HOSTILE.map(lambda text: text.encode("utf-8", "replace").decode())


def table(rows: Iterable[Iterable[str]], **how: Any) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, **how).writerows(rows)
    return text.getvalue().encode()


def cells(data: bytes, encoding: str = "utf-8-sig", **how: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(encoding), newline=""), **how))


Maker = Callable[[list[str], list[str]], bytes]


def a_canvas(names: list[str], keys: list[str]) -> bytes:
    header = ["Student", "ID", "SIS Login ID", "Section", "HW1 (1)", "Other (2)"]
    points = ["    Points Possible", "", "", "", "100.00", "100.00"]
    body = [[name, str(at), key, "S", "", "7"] for at, (name, key) in
            enumerate(zip(names, keys, strict=True))]  # fmt: skip
    return table([header, points, *body])


def a_brightspace(names: list[str], keys: list[str]) -> bytes:
    header = ["Username", "Last Name", "HW1 Points Grade", "End-of-Line Indicator"]
    return table([header, *([f"#{key}", name, "", "#"] for name, key in
                            zip(names, keys, strict=True))])  # fmt: skip


def a_blackboard(names: list[str], keys: list[str]) -> bytes:
    header = ["Last Name", "Username", "HW1 [Total Pts: 100 Score] |1"]
    return table([header, *([name, key, ""] for name, key in zip(names, keys, strict=True))],
                 quoting=csv.QUOTE_ALL)  # fmt: skip


def an_xls(names: list[str], keys: list[str]) -> bytes:
    rows = cells(a_blackboard(names, keys))
    return b"\xff\xfe" + table(rows, quoting=csv.QUOTE_ALL, delimiter="\t").decode().encode(
        "utf-16-le"
    )


COMMA = {"encoding": "utf-8", "delimiter": ","}
TAB = {"encoding": "utf-16", "delimiter": "\t"}
TABLES: list[tuple[str, Maker, dict[str, str], str, int]] = [
    ("canvas-csv", a_canvas, COMMA, "SIS Login ID", 4),
    ("brightspace", a_brightspace, COMMA, "Username", 2),
    ("blackboard", a_blackboard, COMMA, "Username", 2),
    ("blackboard", an_xls, TAB, "Username", 2),
]


@pytest.mark.parametrize(("form", "make", "how", "match", "column"), TABLES)
@given(data=st.data())
def test_hostile_names_and_keys_change_no_other_cell(
    form: str, make: Maker, how: dict[str, str], match: str, column: int, data: st.DataObject
) -> None:
    keys = data.draw(st.lists(ENCODABLE, min_size=1, max_size=4, unique_by=str.strip))
    names = data.draw(st.lists(ENCODABLE, min_size=len(keys), max_size=len(keys)))
    template = make(names, keys)
    assume(Sheet.read(template).delimiter == how["delimiter"])
    grades = [grade(key.strip(), "7", "folders") for key in keys if key.strip()]
    exported = export(form, grades, template, column="HW1", match=match)
    before, after = cells(template, **how), cells(exported.data, **how)
    assert [len(row) for row in before] == [len(row) for row in after]
    changed = [
        (at, where, to)
        for at, (old, new) in enumerate(zip(before, after, strict=True))
        for where, (was, to) in enumerate(zip(old, new, strict=True))
        if was != to
    ]
    assert {(column, "7")} >= {(where, to) for _, where, to in changed}
    assert exported.filled is not None
    assert len(exported.filled.cells) == len(changed)
    assert len(grades) == len(changed) + len(exported.left_out)


@given(st.lists(HOSTILE, min_size=1, max_size=4), st.lists(HOSTILE, min_size=4, max_size=4))
def test_a_table_of_our_own_holds_hostile_text_and_no_formula(
    keys: list[str], feedbacks: list[str]
) -> None:
    grades = [grade(key, "7", "folders", feedback=feedback) for key, feedback in
              zip(keys, feedbacks, strict=False)]  # fmt: skip
    exported = export("csv", grades, None)
    header, *rows = cells(exported.data)
    dangerous = any(key.lstrip(" \n")[:1] in set("=+-@\t\r") for key in keys)
    assert dangerous == any("would run as a formula" in each for each in exported.warnings)
    assert ["key", "platform", "score", "max", "late", "submitted_at", "feedback"] == header
    assert [key.encode("utf-8", "replace").decode() for key in keys] == [row[0] for row in rows]
    assert {("folders", "7", "100")} == {tuple(row[1:4]) for row in rows}
    for row in rows:
        assert row[6].lstrip(" \n")[:1] not in ("=", "+", "-", "@", "\t", "\r")
        assert len(row[6]) <= 32_000


@given(st.lists(ENCODABLE, min_size=1, max_size=4, unique_by=str.strip))
def test_a_made_brightspace_table_is_read_with_its_keys(keys: list[str]) -> None:
    grades = [grade(key, "7", "folders") for key in keys]
    exported = export("brightspace", grades, None, **MADE)
    assert [
        ["Username", "HW1 Points Grade", "End-of-Line Indicator"],
        *([f"#{key}", "7" if key and key == key.rstrip() else "", "#"] for key in keys),
    ] == cells(exported.data)


@given(
    st.text(st.characters(exclude_characters="\0\r\n", exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(['"Bob', "a,b,c", "=1,1", 'O\'Brien "x"', "\u202e", "😀", "x" * 100_000]),
)
def test_hostile_names_in_nbgraders_export_change_nothing_else(last: str, first: str) -> None:
    header = golden("nbgrader.csv").splitlines()[0].decode()
    line = f"HW1,,,ada,{last},{first},a@x,0.0,0.0,0.0,100.0"
    other = "HW1,,,bo,B,Bo,b@x,0.0,0.0,0.0,100.0"
    template = f"{header}\n{line}\n{other}\n".encode()
    exported = export("nbgrader", [grade("ada", "7")], template, match="student_id")
    expected = f"{header}\n{line[: -len('0.0,0.0,0.0,100.0')]}7,0.0,7,100.0\n{other}\n"
    assert expected.encode() == exported.data


def test_a_dangerous_key_is_written_as_it_is_and_said() -> None:
    template = a_blackboard(["x"], ["=1+1"])
    exported = export("blackboard", [grade("=1+1", "7", "folders")], template, match="Username")
    assert template.replace(b'"=1+1",""', b'"=1+1","7"') == exported.data
    assert any("'=1+1'" in each and "formula" in each for each in exported.warnings)
