"""What is told from a JavaScript file's text, and how values cross as text."""

import doctest
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.form import in_the_form_of
from grader.languages import javascript, javascript_source
from grader.languages.javascript_exceptions import File, raised, refused
from grader.languages.javascript_frames import arguments_text
from grader.languages.javascript_values import value_of
from grader.reports import javascript_values as literals
from grader.reports.values import show
from grader.sandbox.faults import is_a


@pytest.mark.parametrize("module", [javascript, javascript_source, literals])
def test_the_examples_hold(module: Any) -> None:
    results = doctest.testmod(module)
    assert 0 == results.failed < results.attempted


@pytest.mark.parametrize(
    ("filename", "text", "expected"),
    [
        ("a.js", "function f() {}", False),
        ("a.mjs", "function f() {}", True),
        ("a.cjs", "export const f = 1", False),
        ("a.js", "  export default f;", True),
        ("a.js", "import { a } from 'b';", True),
        ("a.js", "import 'b';", True),
        ("a.js", "import('b').then(f)", False),
        ("a.js", "const x = import.meta", False),
        ("a.js", "exports.f = f;", False),
        ("a.js", "const important = 1;\nexportAll();", False),
        ("a.js", "// export const f = 1", False),
    ],
)
def test_a_module_is_told_by_its_name_or_statements(
    filename: str, text: str, expected: bool
) -> None:
    assert expected == javascript_source.is_module(filename, text)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("function f(a, b) {}", ("a", "b")),
        ("async function f(a) {}", ("a",)),
        ("export default function f(a, b = 2) {}", ("a", "b")),
        ("const f = (a, ...rest) => 1", ("a", "rest")),
        ("export const f = async (a) => 1", ("a",)),
        ("let f = function (a, b) {}", ("a", "b")),
        ("function g(a) {}", ()),
        ("function f({ x, y }, b) {}", ()),
    ],
)
def test_parameters_are_read_from_the_text(source: str, expected: tuple[str, ...]) -> None:
    assert expected == javascript.parameter_names(source.encode(), "f")


@given(st.text(), st.sampled_from(["f", "$", "a"]))
def test_no_text_breaks_the_searches(text: str, name: str) -> None:
    source = text.encode("utf-8", "replace")
    javascript.parameter_names(source, name)
    javascript.defined_names(source)
    javascript.check_source(source)
    javascript_source.is_module("a.js", text)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
)


@given(st.lists(PLAIN))
def test_arguments_are_json_where_every_number_is_finite(arguments: list[Any]) -> None:
    text, is_json = arguments_text(arguments)
    if is_json:
        assert arguments == json.loads(text)
    else:
        assert any(word in text for word in ("NaN", "Infinity"))


def test_what_python_alone_has_becomes_arrays() -> None:
    arguments = (np.arange(4.0).reshape(2, 2), (1, 2), {3}, 1 + 2j, np.float32(0.5), b"ab")
    expected = [[[0.0, 1.0], [2.0, 3.0]], [1, 2], [3], [1.0, 2.0], 0.5, [97, 98]]
    assert expected == json.loads(arguments_text(arguments)[0])


def test_a_key_never_sets_a_prototype() -> None:
    text, is_json = arguments_text([{"__proto__": math.nan}])
    assert (False, '[{["__proto__"]: NaN}]') == (is_json, text)


def test_numbers_come_up_as_they_are() -> None:
    text = "[1, -0.0, 1.5, 1e+21, NaN, -Infinity, 295147905179352830000, 9007199254740992]"
    value = value_of(text, has_texts=False)
    expected = [1, -0.0, 1.5, 1e21, math.nan, -math.inf, 2.0**68, 2.0**53]
    assert list(map(repr, expected)) == list(map(repr, value))


@pytest.mark.parametrize(
    ("value", "like", "expected"),
    [
        ([1, 2.5], np.zeros(2), np.array([1.0, 2.5])),
        ([[1, 2]], np.zeros((2, 2)), np.array([[1.0, 2.0]])),
        ([], np.zeros((0, 3)), np.zeros((0, 3))),
        ([1, 2], np.zeros(2, dtype=int), np.array([1, 2])),
        ([[1], [1, 2]], np.zeros((2, 2)), [[1], [1, 2]]),
        ([None, 1], np.zeros(2), [None, 1]),
        ([True], np.zeros(1), [True]),
        (["1"], np.zeros(1), ["1"]),
        ([[1.0], 2], (np.zeros(1), 0.0), (np.array([1.0]), 2)),
        ([1, 2], [0.0], [1, 2]),
        ({"w": [1]}, {"w": np.zeros(1), "b": 0}, {"w": np.array([1.0])}),
        (3, np.zeros(1), 3),
        (None, np.zeros(1), None),
    ],
)
def test_lists_take_the_form_of_the_answer(value: Any, like: Any, expected: Any) -> None:
    found = in_the_form_of(value, like)
    assert type(expected) is type(found)
    np.testing.assert_equal(found, expected)
    if isinstance(expected, np.ndarray):
        assert (expected.dtype, expected.shape) == (found.dtype, found.shape)


def test_an_exception_is_its_facts_and_the_files_own_lines() -> None:
    stack = "    at g (<input>:3:7)\n    at call (<input>:1000001:2)\n    at f (<input>:9:1)\n"
    said = "\n".join(map(json.dumps, ("TypeError", False, "bad", stack)))
    found = raised(said, File(lines=9))
    assert ("TypeError", False, 3, "bad") == (
        found.kind,
        found.own_class,
        found.line,
        found.message,
    )
    assert ((9, "f"), (3, "g")) == found.trace


def test_the_constructor_of_an_own_class_is_not_where_it_happened() -> None:
    stack = "    at Mine (<input>:1:1)\n    at f (<input>:4:9)\n"
    said = "\n".join(map(json.dumps, ("RangeError", "Mine", "", stack)))
    assert (True, 4) == ((found := raised(said, File(lines=9))).own_class, found.line)


def test_want_of_memory_is_told_from_a_null_that_is_thrown() -> None:
    said = "\n".join(map(json.dumps, ("null", False, "", "")))
    assert "MemoryError" == raised(said, File(lines=1)).kind
    assert "Error" == raised(said, File(lines=1, throws_null=True)).kind


def test_what_lies_behind_the_file_is_its_end() -> None:
    found = refused("SyntaxError: expecting '}'\n    at <input>:5:2\n", File(lines=3), 10)
    assert (3, None) == (found.line, found.column)
    assert "never closed" in found.message


def test_an_error_counts_as_what_a_spec_calls_it() -> None:
    assert is_a("RangeError", "ValueError")
    assert is_a("Error", "ValueError")
    assert is_a("OSError", "IOError")
    assert not is_a("TypeError", "ValueError")
    assert not is_a("InternalError", "ValueError")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "undefined"),
        ([None, -0.0, 1.0, 2.5], "[null, -0, 1, 2.5]"),
        (np.array([[1.0, math.nan]]), "[[1, NaN]]"),
        ({"a": {}, "b c": "é\n"}, '{ a: {}, "b c": "é\\n" }'),
        (1e300, "1e+300"),
        ("x" * 100, '"' + "x" * 48 + "…"),
    ],
)
def test_a_value_is_shown_as_javascript(value: Any, expected: str) -> None:
    assert expected == show(value, 50, "javascript")
