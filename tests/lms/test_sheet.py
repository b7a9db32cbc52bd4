"""A table that comes back: byte for byte, but for the cells that are set."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.lms.sheet import Sheet

TABLES = st.text('a,;"\n\r\t é=', max_size=40)
MARKS = st.sampled_from(
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
    ]
)


@given(TABLES, MARKS)
def test_a_table_is_written_as_it_was_read(text: str, mark: tuple[str, bytes]) -> None:
    data = mark[1] + text.encode(mark[0])
    assert data == Sheet.read(data).to_bytes()


@given(
    st.binary(max_size=40).filter(
        lambda data: b"\0" not in data and not data.startswith((b"\xff\xfe", b"\xfe\xff"))
    )
)
def test_bytes_of_no_encoding_are_kept(data: bytes) -> None:
    assert data == Sheet.read(data).to_bytes()


CELLS = st.lists(
    st.lists(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=8),
        min_size=2,
        max_size=4,
    ),
    min_size=1,
    max_size=4,
)


@given(CELLS, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
def test_cells_are_what_the_csv_module_reads(rows: list[list[str]], quoting: int) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting).writerows(rows)
    sheet = Sheet.read(text.getvalue().encode(), ",")
    # What `csv` takes for a line's end within a cell differs from version to version.
    expected = list(csv.reader(io.StringIO(text.getvalue(), newline="")))
    if not any(
        character in text.getvalue() for character in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
    ):
        assert expected == [sheet.values(row) for row in range(len(sheet))]


@given(CELLS, st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), st.data())
def test_a_cell_that_is_set_is_read_again_and_no_other_changes(
    rows: list[list[str]], value: str, data: st.DataObject
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    sheet = Sheet.read(text.getvalue().encode(), ",")
    row = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[row]) - 1))
    before = [sheet.values(each) for each in range(len(sheet))]
    was = sheet.set(row, column, value)
    assert was == (before[row][column] != value)
    assert ([(row, column)] if was else []) == list(sheet.changed)
    again = Sheet.read(sheet.to_bytes(), ",")
    before[row][column] = value
    assert before == [again.values(each) for each in range(len(again))]


def test_only_the_cell_s_bytes_change() -> None:
    table = b'\xef\xbb\xbfId,"Full name",Grade\r\n1,"=cmd|\' /C calc\'!A0 Eve",\r\n2,"a ""b"" c" ,5'
    sheet = Sheet.read(table)
    assert sheet.set(1, 2, "7.5")
    assert table.replace(b'Eve",\r', b'Eve",7.5\r') == sheet.to_bytes()


def test_a_short_row_grows_and_the_quotes_of_the_table_are_kept() -> None:
    sheet = Sheet.read(b'"a";"b"\n"1"\n')
    assert (";", True) == (sheet.delimiter, sheet.quoted)
    assert sheet.set(1, 1, 'x"y')
    assert b'"a";"b"\n"1";"x""y"\n' == sheet.to_bytes()


def test_a_lone_surrogate_is_replaced_and_what_an_encoding_lacks_too() -> None:
    sheet = Sheet.read(b"a,\xe9\n1,2\n")
    assert "cp1252" == sheet.encoding
    sheet.set(1, 1, "\ud800 😀 é")
    assert b"a,\xe9\n1,? ? \xe9\n" == sheet.to_bytes()


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(UsageError, match="zero bytes"):
        Sheet.read(b"PK\x03\x04\0\0")


@pytest.mark.parametrize(
    ("table", "cells"),
    [
        (b'"a,b\nc,d\n', [['"a', "b"], ["c", "d"]]),
        (b'"a""b" c,"",""""\n', [['"a""b" c', "", '"']]),
        (b'""x,"\n",', [['""x', "\n", ""]]),
    ],
)
def test_quotes_that_are_never_closed_and_what_stands_behind_some_belong_to_their_cell(
    table: bytes, cells: list[list[str]]
) -> None:
    sheet = Sheet.read(table, ",")
    assert cells == [sheet.values(row) for row in range(len(sheet))]
    assert table == sheet.to_bytes()


def test_a_cell_of_a_whole_text_takes_a_few_times_its_size() -> None:
    text = ("x" * 50 + '""') * 20_000
    table = f'a,"{text}"\n'.encode()
    tracemalloc.start()
    try:
        sheet = Sheet.read(table, ",")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert text.replace('""', '"') == sheet.get(0, 1)
    assert most < 10 * len(table)
