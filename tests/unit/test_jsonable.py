"""A student's value in a report: valid JSON, and never out of proportion."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import jsonable, values
from grader.jsonable import plain, shown
from grader.reports.values import show

LONG = 1 << 100_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.longdouble("1.5"), 1.5),
        (np.longdouble("1e400"), "Infinity"),
        (np.array([np.longdouble("0.5"), np.longdouble("nan")]), [0.5, "NaN"]),
        (np.clongdouble(1), "(1+0j)"),
        (np.array([np.clongdouble(1)]), ["(1+0j)"]),
        ({"b", "a"}, ["a", "b"]),
        ({LONG}, ["an integer of 100001 bits"]),
        (
            {(LONG,): 1, LONG: 2},
            {"['an integer of 100001 bits']": 1, "an integer of 100001 bits": 2},
        ),
        (b"\xff", "b'\\xff'"),
        (values.Opaque("generator"), "<generator>"),
    ],
)
def test_every_value_of_the_codec_has_a_form(value: object, expected: object) -> None:
    assert expected == plain(value) == shown(value)
    assert json.loads(json.dumps(plain(value), allow_nan=False)) == expected


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (np.zeros((1 << 24, 0), np.int8), "an array"),
        (np.zeros(1 << 20, np.int8), "an array"),
        ([0] * 200_000, "a list"),
        ({str(i): i for i in range(9_000)}, "a dict"),
        ([[[]] * 3_000] * 3_000, "a list"),
        ("\x1b" * 1_000_000, "a string"),
        (b"\0" * 1_000_000, "a string of bytes"),
    ],
    ids=["empty rows", "bytes of an array", "items", "keys", "nested", "text", "bytes"],
)
def test_a_value_out_of_proportion_is_named_by_its_kind(value: object, kind: str) -> None:
    assert f"{kind} that is too large to show" == shown(value)


def test_what_is_short_is_shown_in_full() -> None:
    assert list(range(4_000)) == shown(list(range(4_000)))
    assert [] == shown(np.zeros((0, 1 << 24)))


def test_a_set_of_long_integers_can_be_shown_in_a_text() -> None:
    assert "{'a', <an integer of 100001 bits>}" == show({"a", LONG}, 200)


def test_an_array_of_many_short_dimensions_is_shown_by_its_shape() -> None:
    assert f"<an array of shape {(2,) * 20}>" == show(np.zeros((2,) * 20, np.int8), 200)


keys = st.one_of(st.integers(), st.text(), st.floats(), st.binary(), st.tuples(st.integers()))
anything = st.recursive(
    st.one_of(keys, st.none(), st.booleans(), st.complex_numbers(), st.just(np.longdouble(1))),
    lambda inner: st.one_of(
        st.lists(inner), st.dictionaries(keys, inner), st.sets(keys), st.tuples(inner, inner)
    ),
    max_leaves=20,
)


@given(anything)
def test_anything_becomes_strict_json(value: object) -> None:
    json.dumps(shown(value), allow_nan=False)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    )
)  # fmt: skip
def test_a_line_is_ascii_and_what_json_reads(value: object) -> None:
    text = jsonable.line(value)
    assert text.isascii()
    assert b"\n" not in text
    assert json.dumps(value) == json.dumps(json.loads(text))


def test_a_line_escapes_what_a_terminal_may_act_on() -> None:
    assert rb'["\u001b[31m","\u202e","\ud800"]' == jsonable.line(["\x1b[31m", "\u202e", "\ud800"])
