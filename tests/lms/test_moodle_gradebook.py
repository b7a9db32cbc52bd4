"""Moodle's gradebook: no row that would abort the import of all the others (traps 4 and 5)."""

import csv
import io
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.lms import summary
from grader.lms.exporting import Asked
from grader.lms.grades import Grade
from grader.lms.moodle_gradebook import KEYS, export
from grader.lms.numbers import OverMaximum, Scaling

GOLDEN = Path(__file__).parent / "golden" / "moodle"
GRADEBOOK = (GOLDEN / "gradebook.csv").read_bytes()


def grade(
    key: str, score: str | None, said: str = "", *, platform: str = "folders", why: str = "",
    name: str | None = None, members: tuple[str, ...] = (),
) -> Grade:  # fmt: skip
    exact = None if score is None else Fraction(score)
    return Grade(
        *(platform, key, name, members, exact, Fraction(100), None, None, ()),
        feedback=said,
        why=why,
    )


def values(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


# --- A new table ---------------------------------------------------------------------------------


def test_a_table_with_a_column_for_the_key() -> None:
    grades = (
        grade("S001", "77.5", "7 of 8\ntests"),
        grade("S002", None, why="a judge error"),
        grade("S003", "1/3"),
    )
    exported = export(Asked(grades, title="HW1"))
    assert (GOLDEN / "gradebook.made.csv").read_bytes() == exported.data
    assert [("S002", "a judge error")] == list(exported.skipped)
    assert ["ID number", "HW1 grade", "HW1 feedback"] == values(exported.data)[0]


def test_a_table_without_feedback_has_no_column_that_would_empty_it() -> None:
    exported = export(Asked((grade("ada@example.test", "7"),), match="Email address", title="=HW1"))
    assert [["Email address", "'=HW1 grade"], ["ada@example.test", "7"]] == values(exported.data)


def test_a_team_is_its_members() -> None:
    teams = (
        grade("team", "7", members=("S001", "S002")),
        grade("other", None, members=("S003", "S004", "S005")),
    )
    exported = export(Asked(teams))
    assert "will set 2, skipped 3" == summary.counts(exported)
    assert ["S001", "S002"] == [row[0] for row in values(exported.data)[1:]]


KEY = st.text(max_size=8)


@given(st.lists(KEY, min_size=1, max_size=4), st.text(max_size=80))
def test_hostile_keys_are_refused_or_come_back_as_they_were(keys: list[str], said: str) -> None:
    asked = Asked([grade(key, "7", said) for key in keys])
    possible = all(key and key.isprintable() and key == key.strip() for key in keys)
    if not possible or len({key.casefold() for key in keys}) < len(keys):
        with pytest.raises(UsageError) as caught:
            export(asked)
        assert str(caught.value).isprintable()
        return
    rows = values(export(asked).data)
    assert keys == [row[0] for row in rows[1:]]
    assert all(re.fullmatch(r"<(p|pre)>[^\"<>]*</\1>", row[2]) for row in rows[1:] if len(row) > 2)


# --- Trap 4: one bad row aborts the whole file ---------------------------------------------------


@pytest.mark.parametrize(
    ("grades", "said"),
    [
        ([grade("S1", "7"), grade("S1", "8")], "two grades for 's1', which aborts"),
        ([grade("a@x", "7"), grade("A@x", "8")], "two grades for 'a@x', which aborts"),
        ([grade("", "7")], "'' can be nobody's key"),
        ([grade("a\nb", "7")], r"'a\nb' can be nobody's key"),
        ([grade("2", "7", platform="moodle")], "export --to moodle-worksheet"),
    ],
)
def test_a_row_that_would_abort_the_import_is_refused(grades: list[Grade], said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said)):
        export(Asked(grades))


def test_a_grade_above_the_maximum_is_refused_or_clamped() -> None:
    over = Asked((grade("S001", "101"),), title="HW1")
    for table, more in ((None, {}), (GRADEBOOK, {"match": "ID number", "column": "HW1"})):
        asked = replace(over, template=table, **more)
        with pytest.raises(OverMaximum, match="101 is above the maximum of 100"):
            export(asked)
        with pytest.raises(UsageError, match="aborts the import"):
            export(replace(asked, scaling=Scaling(over_max="allow")))
        clamped = export(replace(asked, scaling=Scaling(over_max="clamp")))
        assert "100" in values(clamped.data)[1]


HW1 = Asked((), GRADEBOOK, column="HW1", match="ID number")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b",12.50,", b",A+,", "row 4 of the table has the grade 'A+'; expected a number with '.'"),
        (b",12.50,", b',"12,50",', "row 4 of the table has the grade '12,50'"),
        (b",S003,", b",,", "row 4 of the table has no 'ID number', and one such row aborts"),
        (b",S003,", b",s002,", "two rows of the table have the 'ID number' 's002'"),
    ],
)
def test_a_row_of_the_template_that_would_abort_the_import_is_refused(
    old: bytes, new: bytes, said: str
) -> None:
    asked = replace(HW1, grades=(grade("S001", "7"),), template=GRADEBOOK.replace(old, new))
    with pytest.raises(UsageError, match=re.escape(said)):
        export(asked)


def test_a_number_above_the_maximum_that_is_asked_for_is_refused_wherever_it_stands() -> None:
    asked = replace(HW1, grades=(grade("S001", "7"),), scaling=Scaling(Fraction(20)))
    with pytest.raises(UsageError, match=r"row 3 of the table has the grade '50\.00'.* up to 20"):
        export(asked)


def test_a_decimal_comma_is_read_where_it_is_said() -> None:
    table = GRADEBOOK.replace(b",12.50,", b',"12,50",')
    asked = replace(HW1, grades=(grade("S003", "12.5"),), template=table, decimal_comma=True)
    assert table == export(asked).data


# --- The gradebook's own -------------------------------------------------------------------------


def test_the_template_comes_back_with_one_item_filled() -> None:
    grades = (
        grade("S001", "77.5", "<b>7</b> of 8\ntests"),
        grade("S003", "12.5"),
        grade("S9", "1"),
    )
    exported = export(replace(HW1, grades=grades))
    assert (GOLDEN / "gradebook.filled.csv").read_bytes() == exported.data
    assert exported.filled is not None
    assert ["S001"] == exported.filled.keys
    assert ["S9"] == [each.key for each in exported.filled.skipped]
    assert GRADEBOOK == export(HW1).data


def test_what_is_missing_gets_a_zero_where_nothing_stands() -> None:
    exported = export(replace(HW1, grades=(grade("S003", "10"),), missing="zero"))
    assert ["0", "50.00", "10"] == [row[6] for row in values(exported.data)[1:]]
    with pytest.raises(UsageError, match="--missing zero: only the gradebook's export says"):
        export(Asked((grade("S003", "10"),), missing="zero"))


def test_the_column_has_to_be_plain() -> None:
    with pytest.raises(UsageError, match=r"say by --column which of the"):
        export(replace(HW1, column=None))
    with pytest.raises(UsageError, match="takes no grades: it holds feedback"):
        export(replace(HW1, column="HW1 (Feedback)"))
    with pytest.raises(UsageError, match="by keys that no platform's download has; say which by"):
        export(replace(HW1, match=None))


def test_names_find_a_participant_in_the_gradebook_if_asked_for() -> None:
    participant = grade("2", "7", platform="moodle", name="Ada Lovelace")
    exported = export(replace(HW1, grades=(participant,), match="name"))
    assert "7" == values(exported.data)[1][6]


def test_another_table_is_refused() -> None:
    worksheet = (GOLDEN / "worksheet.csv").read_bytes()
    for table in (worksheet, b"a,b\n1,2\n", b""):
        with pytest.raises(UsageError, match="not the table that was expected"):
            export(replace(HW1, template=table))
    with pytest.raises(UsageError, match=f"expected {', '.join(KEYS)}"):
        export(Asked((grade("S003", "10"),), match="Name"))


# --- Trap 5: overridden grades, and what else the teacher has to know ----------------------------


def test_what_an_import_does_to_assignments_is_said() -> None:
    for asked in (Asked((grade("S001", "7", "said"),)), replace(HW1, grades=(grade("S001", "7"),))):
        warnings = export(asked).warnings
        assert any("marks its grades as overridden" in each for each in warnings)
        assert any("moodle-worksheet" in each for each in warnings)
        assert any("the grades are out of 100" in each for each in warnings)
        assert all(len(each) < 300 for each in warnings)


def test_a_key_that_a_spreadsheet_would_run_is_written_and_said() -> None:
    exported = export(Asked((grade("=1+1", "7"),)))
    assert "=1+1" == values(exported.data)[1][0]
    assert any("run as a formula: '=1+1'" in each for each in exported.warnings)


def test_feedback_without_a_column_is_said_to_be_lost() -> None:
    table = GRADEBOOK.replace(b"HW1 (Feedback)", b"HW1 (Range)")
    asked = replace(HW1, column="HW1 (Real)", grades=(grade("S001", "7", "said"),), template=table)
    assert any("no column for the feedback on" in each for each in export(asked).warnings)
