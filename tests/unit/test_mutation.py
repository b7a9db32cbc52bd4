"""Mutants: what each operator makes, what is never touched, and what holds for all of them."""

import ast
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.catalog import Catalog
from grader.errors import AuthorError
from grader.fuel import OutOfFuel, compile_limited
from grader.mutation import MOST, Mutant, mutants
from grader.programs import source_of

NAME = "sgdWithMomentum"
LINE = [{"x": 1.0, "y": 2.0}, {"x": 2.0, "y": 5.0}, {"x": -1.0, "y": -1.0}]
INPUTS = [
    (LINE, 0.0625, 0.75, 2),
    (LINE[:1], 0.1, 0.5, 1),
    ([], 0.1, 0.9, 3),
    (LINE, 1, 1, 3),
    (LINE[1:], 0.01, 0.0, 4),
]
FUEL = 10_000


@pytest.fixture(scope="module")
def reference() -> str:
    return source_of(Catalog().load(NAME).challenge.reference, NAME)


@pytest.fixture(scope="module")
def found(reference: str) -> tuple[Mutant, ...]:
    return mutants(reference, NAME)


def changes(source: str, entry: str = "f") -> set[str]:
    """Return what happened, without the line."""
    return {each.change.rpartition(" (line ")[0] for each in mutants(source, entry)}


def became(source: str, entry: str = "f") -> set[tuple[str, str]]:
    pairs = (change.split(" became ") for change in changes(source, entry))
    return {(pair[0].strip("`"), pair[1].strip("`")) for pair in pairs if len(pair) == 2}


def body(*lines: str, head: str = "def f(a, b, xs):") -> str:
    return "\n".join([head, *("    " + line for line in lines)]) + "\n"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("return a + b", {"a - b", "a", "b"}),
        ("return a - b", {"a + b", "a", "b", "b - a"}),
        ("return a * b", {"a / b", "a", "b"}),
        ("return a / b", {"a * b", "a // b", "a", "b / a"}),
        ("return a // b", {"a / b", "a"}),
        ("return a % b", {"a // b", "a"}),
        ("return a ** b", {"a * b", "a"}),
    ],
)
def test_arithmetic(line, expected):
    whole = line.removeprefix("return ")
    found = [each.change for each in mutants(body(line), "f") if not each.id.startswith("name")]
    start = f"`{whole}` became "
    assert {f"{start}`{new}` (line 2)" for new in expected} == {
        each for each in found if each.startswith(start)
    }


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["return -a"], ("-a", "a")),
        (["return a"], ("return a", "return -a")),
        (["c = a * b", "return c"], ("c = a * b", "c = -(a * b)")),
        (["return a < b"], ("a < b", "a <= b")),
        (["return a < b"], ("a < b", "a > b")),
        (["return a <= b"], ("a <= b", "a > b")),
        (["return a == b"], ("a == b", "a != b")),
        (["return 0 < a < b"], ("0 < a < b", "0 < a <= b")),
        (["return a in xs"], ("a in xs", "a not in xs")),
        (["return a is None"], ("a is None", "a is not None")),
        (["return a and b"], ("a and b", "a or b")),
        (["return a or b"], ("a or b", "b")),
        (["return not a"], ("not a", "a")),
        (["return a + 0"], ("a + 0", "a + 1")),
        (["return a + 1"], ("a + 1", "a + 0")),
        (["return a + 1"], ("a + 1", "a + 2")),
        (["return a + 7"], ("a + 7", "a + 6")),
        (["return a + 0.0"], ("a + 0.0", "a + 1.0")),
        (["return a + 0.5"], ("a + 0.5", "a + 1.0")),
        (["return a + 0.5"], ("a + 0.5", "a + 0.25")),
        (["return True"], ("return True", "return False")),
        (["c = 0", "return c"], ("c = 0", "c = 1")),
        (["a += b", "return a"], ("a += b", "a -= b")),
        (["a += b", "return a"], ("a += b", "a = b")),
        (["return a * (b - 2) / 3"], ("a * (b - 2) / 3", "a * b - 2 / 3")),
        (["return pow(a, b)"], ("pow(a, b)", "pow(b, a)")),
        (["c, d = a, b", "return c - d"], ("c, d = (a, b)", "c, d = (b, a)")),
        (["for i in range(a): b += i", "return b"], ("range(a)", "range(a - 1)")),
        (["for i in range(a): b += i", "return b"], ("range(a)", "range(a + 1)")),
        (["for i in range(a): b += i", "return b"], ("range(a)", "range(1, a)")),
        (["for i in range(a + 1): b += i", "return b"], ("range(a + 1)", "range(a)")),
        (["for i in range(a - 1): b += i", "return b"], ("range(a - 1)", "range(a - 2)")),
        (["for i in range(9): b += i", "return b"], ("range(9)", "range(8)")),
        (["for i in range(1, a): b += i", "return b"], ("range(1, a)", "range(0, a)")),
        (["for i in range(0, a, 2): b += i", "return b"], ("range(0, a, 2)", "range(0, a)")),
        (["for x in xs: b += x", "return b"], ("for x in xs", "for x in xs[1:]")),
        (["for x in xs: b += x", "return b"], ("for x in xs", "for x in xs[:-1]")),
        (["for x in xs[a]: b += x", "return b"], ("for x in xs[a]", "for x in xs[a][::-1]")),
        (
            ["for x, y in zip(xs, b): a += x", "return a"],
            ("for x, y in zip(xs, b)", "for x, y in zip(xs, b[1:])"),
        ),
        (["return [x for x in xs if x > a]"], ("for x in xs if x > a", "for x in xs")),
        (["if a: b = 1", "return b"], ("if a", "if True")),
        (["if a: b = 1", "return b"], ("if a", "if False")),
        (["while a: a -= 1", "return b"], ("while a", "while False")),
        (["return a if b else 3"], ("a if b else 3", "a")),
        (["return sum(xs)"], ("sum(xs)", "max(xs)")),
        (["return sum(xs)"], ("sum(xs)", "sum(xs) / len(xs)")),
        (["return sum(xs) / len(xs)"], ("sum(xs) / len(xs)", "sum(xs)")),
        (["return max(xs)"], ("max(xs)", "min(xs)")),
        (["return max(xs)"], ("max(xs)", "sum(xs)")),
        (["return max(0, a)"], ("max(0, a)", "a")),
        (["return xs.mean()"], ("xs.mean()", "xs.sum()")),
        (["return xs.sum(axis=0)"], ("xs.sum(axis=0)", "xs.sum()")),
        (["return xs.sum(axis=0)"], ("axis=0", "axis=1")),
        (["return abs(a)"], ("abs(a)", "a")),
        (["return float(a)"], ("float(a)", "a")),
        (["return round(a, 2)"], ("round(a, 2)", "round(a)")),
        (["return sorted(xs, key=b)"], ("sorted(xs, key=b)", "xs")),
        (["return xs.copy()"], ("xs.copy()", "xs")),
        (["return xs.T @ b"], ("xs.T", "xs")),
        (["return xs[a]"], ("xs[a]", "xs[a - 1]")),
        (["return xs[a - 1]"], ("xs[a - 1]", "xs[a]")),
        (["return xs['x'] - xs['y']"], ("xs['x']", "xs['y']")),
        (["c = a + b", "return a"], ("return a", "return c")),
        (["return a * b"], ("a * b", "a * a")),
    ],
    ids=str,
)
def test_expressions(lines, expected):
    assert expected in became(body(*lines))


def test_calls_of_a_module():
    source = body("return math.sqrt(a) + np.exp(b)")
    found = became("import math\nimport numpy as np\n" + source)
    assert {("math.sqrt(a)", "a"), ("np.exp(b)", "b")} <= found
    assert ("math.sqrt(a)", "a") not in became("math = Fake()\n" + source)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["c = a", "return c + b"], "`c = a` was removed"),
        (["a += b", "return a"], "`a += b` was removed"),
        (["xs.append(a)", "return xs"], "`xs.append(a)` was removed"),
        (["if a:", "    return b", "return a"], "`return b` was removed"),
        (["if a:", "    return b", "return a"], "`if a` with all that is in it was removed"),
        (["c = a", "d = c + 1", "return d"], "`c = a` and `d = c + 1` changed places"),
        (
            ["a = a + 1", "c = b", "d = a * 2", "return c + d"],
            "`a = a + 1` was moved behind `d = a * 2`",
        ),
        (
            [
                "for x in xs:",
                "    for y in x:",
                "        b = b + y * a",
                "        a = a + b",
                "return a",
            ],
            "`a` was read in `for y in x` as it had been before that loop",
        ),
        (
            ["a, b = b, a + b", "return b"],
            "`a, b = (b, a + b)` became `a = b` and then `b = a + b`",
        ),
        (["for x in xs:", "    b += x", "return b"], "`for x in xs` ended after its first round"),
        (["while a:", "    a -= 1", "return b"], "`while a` ended after its first round"),
        (
            ["for x in xs:", "    for y in x:", "        b += y", "return b"],
            "`return b` was repeated at the end of the body of `for y in x`",
        ),
        (
            ["c = d = 0", "for x in xs:", "    c += x", "return c + d"],
            "`c = 0` was repeated at the start of each round of `for x in xs`",
        ),
        (
            [
                "for x in xs:",
                "    c = 0",
                "    for y in x:",
                "        c += y",
                "    b += c",
                "return b",
            ],
            "`c = 0` was moved in front of `for x in xs`",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_statements(lines, expected):
    assert expected in changes(body(*lines))


def answers(source: str, kind: str, *args: Any) -> set[Any]:
    chosen = [each for each in mutants(source, "f") if each.id.partition("-")[0] == kind]
    return {compile_limited(each.source, "f", FUEL)(*args) for each in chosen}


def test_what_moved_statements_do():
    source = body(
        "total = 0",
        "for x in xs:",
        "    part = 0",
        "    for y in x:",
        "        part += y",
        "    total += part",
        "return total",
    )
    args = (0, 0, [[1, 2], [3, 4]])
    assert {10} == {compile_limited(source, "f", FUEL)(*args)}
    assert {13} == answers(source, "kept", *args)  # 3 and then 3 + 7
    assert {7, 6} == answers(source, "reset", *args)  # the last part; the last of each part
    assert {3, 4} == answers(source, "ended", *args)
    assert {0} == answers(source, "early", *args)


def test_what_a_value_from_before_does():
    source = body(
        "for x in xs:",
        "    for y in x:",
        "        b += a * y",
        "        a += 1",
        "return b",
    )
    assert 1 + 2 + 3 == compile_limited(source, "f", FUEL)(1, 0, [[1, 1], [1]])
    assert {1 + 1 + 3} == answers(source, "outdated", 1, 0, [[1, 1], [1]])


def test_only_what_runs_in_a_call_is_touched():
    source = '''
"""Module 1 + 1."""
from math import exp as e1, log

LIMIT: int = 1 + 1

@cached(1 + 1)
def helper(a: int = 1 + 1) -> "1 + 1":
    """Return 1 + 1."""
    return a

def f(a: "1 + 1", b=1 + 1):
    """Return 2 + 2."""
    c: "1 + 1"
    s = "1 + 1"
    t = f"{a + 1}"
    return {"1 + 1": a}
'''
    shown = [each for each in changes(source) if "1 + 1" in each]
    assert ["`s = '1 + 1'` was removed"] == [each for each in shown if "{'" not in each]
    for mutant in mutants(source, "f"):
        assert mutant.source.startswith('"""Module 1 + 1."""\nfrom math import exp as e1, log\n')
        for kept in ("LIMIT: int = 1 + 1", "@cached(1 + 1)", "Return 2 + 2.", "b=1 + 1"):
            assert kept in mutant.source


def test_helpers_and_functions_inside_are_mutated():
    helper = body("return a + 1", head="def g(a):")
    source = helper + body("def h(b):", "    return b * 2", "return h(g(a))")
    assert {("a + 1", "a - 1"), ("b * 2", "b / 2")} <= became(source)


def test_no_names_stand_in_that_are_no_numbers_or_not_yet_bound():
    source = body(
        "n = len(xs)",
        "rows = [a]",
        "for i in range(n):",
        "    first = xs[i] * a",
        "    later = first + b",
        "return later",
    )
    found = became(source)
    assert ("xs[i] * a", "xs[i] * b") in found
    names = {each.change for each in mutants(source, "f") if each.id.startswith("name")}
    assert not [each for each in names if re.search(r"became .*\b(xs \*|rows)", each)]
    assert not [each for each in names if re.search(r"became `xs\[i\] \* (first|later)", each)]
    assert ("range(n)", "range(a)") not in found  # a need not be a whole number


def test_a_change_that_does_not_compile_is_left_out():
    source = body(
        "total = 0", "def add():", "    nonlocal total", "    total += a", "add()", "return total"
    )
    assert "`total = 0` was removed" not in changes(source)
    assert "`add()` was removed" in changes(source)


def test_a_body_that_would_be_empty_passes():
    source = body("if a:", "    b = 1", "return b")
    removed = next(each for each in mutants(source, "f") if each.change.startswith("`b = 1` was"))
    assert "    if a:\n        pass\n" in removed.source


def test_a_long_statement_is_cut():
    source = body("return [" + ", ".join(f"a + {i}" for i in range(100)) + "]")
    assert max(map(len, changes(source))) < 260


def test_a_program_without_the_function_is_the_authors_fault():
    with pytest.raises(AuthorError, match="no function `g`"):
        mutants("def f():\n    pass\n", "g")


def long(count: int) -> str:
    lines = [f"v{i} = v{i - 1} * {i} + v{i - 2} if a < {i} else b" for i in range(2, count)]
    return body("v0 = v1 = a", *lines, f"return v{count - 1}")


def test_too_many_mutants_leave_out_names_first():
    found = mutants(long(12), "f")
    kinds = {each.id.partition("-")[0] for each in found}
    assert MOST - 20 <= len(found) <= MOST
    assert "name" in kinds
    everything_else = [each for each in mutants(long(10), "f") if not each.id.startswith("name")]
    assert {each.id for each in everything_else} <= {each.id for each in found}


def test_far_too_many_are_spread_over_the_text():
    found = mutants(long(60), "f")
    lines = [each.line for each in found]
    assert MOST - 20 <= len(found) <= MOST
    assert not [each for each in found if each.id.startswith("name")]
    assert set(range(3, 60)) <= set(lines)


def holds_for_all(source: str, entry: str) -> None:
    found = mutants(source, entry)
    dumps = {ast.dump(ast.parse(each.source)) for each in found}
    assert len(found) == len(dumps) == len({each.id for each in found})
    assert ast.dump(ast.parse(source)) not in dumps
    assert sorted(each.line for each in found) == [each.line for each in found]
    assert found == mutants(source, entry)
    for each in found:
        assert ast.dump(ast.parse(each.source)) == ast.dump(each.tree)
        assert re.fullmatch(r"[a-z]+-\d+", each.id)
        assert f"(line {each.line})" in each.change
        assert "\n" not in each.change


ATOMS = st.sampled_from(["a", "b", "c", "0", "1", "2.5", "xs[0]", "xs[a]", "xs['k']", "len(xs)"])
OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "<", "==", "and", "or"]
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        inner.map(lambda text: f"-{text}"),
        inner.map(lambda text: f"(not {text})"),
        inner.map(lambda text: f"abs({text})"),
        inner.map(lambda text: f"sum(x * {text} for x in xs if x > {text})"),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} else a)"),
    ),
    max_leaves=4,
)
SIMPLE = st.one_of(
    st.tuples(st.sampled_from(["a", "b", "c", "a, b", "c = b"]), EXPRESSIONS).map(" = ".join),
    EXPRESSIONS.map(lambda text: f"c += {text}"),
    EXPRESSIONS.map(lambda text: f"a, b = b, {text}"),
    EXPRESSIONS.map(lambda text: f"return {text}"),
    st.sampled_from(["pass", "xs.append(a)", "del c", "assert a", "raise ValueError"]),
)


def indented(lines: list[str]) -> list[str]:
    return ["    " + line for line in lines]


BLOCKS = st.recursive(
    st.lists(SIMPLE, min_size=1, max_size=2),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda two: two[0] + two[1]),
        inner.map(lambda lines: ["for x in xs:", *indented(lines)]),
        inner.map(lambda lines: ["for i in range(a):", *indented(lines), "    continue"]),
        inner.map(lambda lines: ["while a > 1:", *indented(lines), "    break"]),
        st.tuples(EXPRESSIONS, inner, inner).map(
            lambda three: [f"if {three[0]}:", *indented(three[1]), "else:", *indented(three[2])]
        ),
        inner.map(lambda lines: ["try:", *indented(lines), "finally:", *indented(lines)]),
        inner.map(lambda lines: ["def g(c):", *indented(lines)]),
    ),
    max_leaves=3,
)


@settings(max_examples=60, deadline=None)
@given(lines=BLOCKS)
def test_all_mutants_of_any_program_compile_and_differ(lines):
    holds_for_all(body(*lines), "f")


def test_all_mutants_of_a_reference_compile_and_differ(reference):
    holds_for_all(reference, NAME)


def test_a_reference_has_mutants_of_every_kind_that_it_allows(found):
    assert 120 <= len(found) <= MOST
    kinds = {each.id.partition("-")[0] for each in found}
    assert {
        *("operator", "sign", "constant", "term", "operands", "parentheses", "range", "iteration"),
        *("key", "returned", "name", "deleted", "order", "outdated", "ended", "early", "reset"),
    } == kinds


@pytest.mark.parametrize(
    "expected",
    [
        "`beta * velocity + gradient` became `beta * velocity - gradient` (line 9)",
        "`2 * (w * x - y)` became `w * x - y` (line 8)",
        "`w = 0.0` was repeated at the start of each round of `for _ in range(epochs)` (line 5)",
        "`velocity = beta * velocity + gradient` was removed (line 9)",
        "`for sample in data` became `for sample in data[1:]` (line 6)",
        "`return w` became `return velocity` (line 11)",
    ],
)
def test_mistakes_of_the_catalogue_are_among_the_mutants(found, expected):
    assert expected in {each.change for each in found}


def test_no_mutant_of_a_reference_hangs(reference, found):
    right = [compile_limited(reference, NAME, FUEL)(*args) for args in INPUTS]
    wrong = 0
    for mutant in found:
        function = compile_limited(mutant.source, NAME, FUEL)
        given_answers = [attempt(function, args) for args in INPUTS]
        wrong += given_answers != right
    assert wrong > 0.9 * len(found)


def attempt(function: Any, args: tuple[Any, ...]) -> Any:
    try:
        return function(*args)
    except (ArithmeticError, NameError, TypeError, ValueError, OutOfFuel) as error:
        return type(error)
