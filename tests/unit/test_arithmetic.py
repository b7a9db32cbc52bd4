"""Shadows: as Python's floats in double, rounded or exact elsewhere, never turned into floats."""

import copy
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.arithmetic import (
    Arithmetic,
    DomainError,
    Float32,
    LongDouble,
    MovedInputs,
    MovedResults,
    Reversed,
)
from grader.errors import AuthorError
from grader.shadow import Shadow, ShadowArray, adopted
from grader.shadowing import shadowing
from grader.truth import Truth

ALL = [Arithmetic(), Float32(), LongDouble(), Reversed(), MovedResults(0), MovedInputs(0), Truth()]
all_arithmetics = pytest.mark.parametrize("arithmetic", ALL, ids=lambda entry: entry.name)
checked = pytest.mark.parametrize("arithmetic", [Float32(), LongDouble()], ids=lambda a: a.name)


def shadows(arithmetic: Arithmetic, *xs: float) -> list[Shadow]:
    return [Shadow(arithmetic, x if isinstance(x, int) else arithmetic.number(x)) for x in xs]


def run(function: Callable[..., Any], *args: Any, arithmetic: Arithmetic | None = None) -> Any:
    """Run a function in a world of its own, by default on shadows of Python's floats."""
    chosen = arithmetic or Arithmetic()
    with np.errstate(all="ignore"):
        return shadowing(function, chosen)(*adopted(chosen, list(args)))


def values(result: Any) -> Any:
    """Return the plain values of a result."""
    if isinstance(result, np.ndarray):
        return [values(entry) for entry in result]
    if isinstance(result, list | tuple):
        return [values(entry) for entry in result]
    return result.value if isinstance(result, Shadow) else result


def outcome(compute: Callable[[], Any]) -> Any:
    """Return a value's type and digits, or the type of the exception that came instead."""
    try:
        found = compute()
    except ArithmeticError as error:
        return type(error)
    except ValueError:
        return ValueError
    except AuthorError:
        return AuthorError
    found = found.value if isinstance(found, Shadow) else found
    return type(found), repr(found)


# --- double: bit for bit ------------------------------------------------------------------------

Tree = Callable[[Callable[[Any], Any]], Any]
"""An expression: given what makes a leaf of a number, its value."""


def _power(x: Any, y: Any) -> Any:
    z = x**y
    if isinstance(z, complex):
        raise AuthorError("as a shadow does")
    return z


BINARY = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.floordiv,
    operator.mod,
    lambda x, y: divmod(x, y)[1],
    lambda x, y: _power(x, min(max(y, -3), 3)),
    max,
    lambda x, y: x if x <= y else y * 0.5,
]
UNARY = [
    operator.neg,
    operator.pos,
    abs,
    lambda x: round(x, 2),
    lambda x: _power(x, 0.5),
    lambda x: 1 / x,
    lambda x: 1.0 if x else x,
]


def _unary(entry: tuple[Any, Tree]) -> Tree:
    function, x = entry
    return lambda leaf: function(x(leaf))


def _binary(entry: tuple[Any, Tree, Tree]) -> Tree:
    function, x, y = entry
    return lambda leaf: function(x(leaf), y(leaf))


def _leaf(number: float) -> Tree:
    return lambda leaf: leaf(number)


numbers = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.floats(-10, 10),
    st.integers(-5, 5),
)
trees = st.recursive(
    numbers.map(_leaf) | st.floats(-10, 10).map(lambda x: lambda _leaf: x),
    lambda inner: (
        st.tuples(st.sampled_from(UNARY), inner).map(_unary)
        | st.tuples(st.sampled_from(BINARY), inner, inner).map(_binary)
    ),
    max_leaves=12,
)


@given(trees)
def test_double_shadows_are_python_s_numbers_bit_for_bit(tree: Tree) -> None:
    arithmetic = Arithmetic()
    expected = outcome(lambda: tree(lambda x: x))
    assert expected == outcome(lambda: tree(lambda x: Shadow(arithmetic, x)))


@given(st.floats(allow_nan=False), st.floats(allow_nan=False) | st.integers(-9, 9))
def test_comparisons_compare_values(x: float, y: float) -> None:
    a, b = shadows(Arithmetic(), x, y)
    for compare in (operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne):
        expected = compare(x, y)
        assert [expected] * 3 == [compare(a, b), compare(a, y), compare(x, b)]


@given(st.floats(allow_nan=False))
def test_functions_of_math_are_the_same_in_double(x: float) -> None:
    for function in (math.sqrt, math.exp, math.log, math.atan, math.cos, math.floor, math.fabs):

        def reference(x: Any, function: Any = function) -> Any:
            name = function.__name__
            return getattr(math, name)(x)

        assert outcome(lambda f=function: f(x)) == outcome(lambda r=reference: run(r, x))


# --- the other arithmetics ----------------------------------------------------------------------


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3).filter(lambda y: abs(y) > 1e-3))
def test_float32_is_numpy_s_single_precision(x: float, y: float) -> None:
    a, b = shadows(Float32(), x, y)
    c, d = np.float32(x), np.float32(y)
    assert [c + d, c - d, c * d, c / d] == values([a + b, a - b, a * b, a / b])
    assert np.float32 is type((a * 2 + 0.1).value)
    assert c * np.float32(2) + np.float32(0.1) == (a * 2 + 0.1).value


def test_long_double_keeps_its_type() -> None:
    (a,) = shadows(LongDouble(), 0.1)
    assert np.longdouble is type((3 * a**2 / 7 - 0.25).value)
    assert np.longdouble(1) / np.longdouble(3) == (a / a / 3).value


def test_the_truth_has_fifty_digits() -> None:
    mpmath = pytest.importorskip("mpmath")
    before = mpmath.mp.dps
    result = run(lambda x: math.sqrt(x), 2.0, arithmetic=Truth())
    assert mpmath.nstr(result.value, 45) == "1.41421356237309504880168872420969807856967188"
    assert before == mpmath.mp.dps


def test_the_truth_takes_inputs_and_constants_as_they_are_in_double() -> None:
    result = run(lambda x: x + 0.2, 0.1, arithmetic=Truth())
    assert 0.1 + 0.2 == float(result.value)  # the nearest double ...
    assert result.value != 0.1 + 0.2  # ... to an exact sum that is none
    assert 0 == run(lambda x: x - 0.1, 0.1, arithmetic=Truth()).value


def test_inexact_results_are_moved_by_one_ulp_at_most() -> None:
    arithmetic = MovedResults(seed=1)
    found = {(Shadow(arithmetic, 1.5) + 1.25).value for _ in range(50)}
    assert {2.75, math.nextafter(2.75, 0), math.nextafter(2.75, 9)} == found


@pytest.mark.parametrize(
    "exact",
    [
        lambda x: -x,
        lambda x: abs(x),
        lambda x: +x,
        lambda x: float(x),
        lambda x: x // 0.5,
        lambda x: round(x, 1),
        lambda x: math.fabs(x),
        lambda x: x - x,
        lambda _x: math.sqrt(16),
        lambda _x: math.log2(8),
        lambda _x: np.sqrt(np.array([4, 9]))[0],
    ],
)
def test_exact_results_are_not_moved(exact: Callable[[Any], Any]) -> None:
    found = {run(exact, 1.5, arithmetic=MovedResults(seed)).value for seed in range(20)}
    assert {exact(1.5)} == found


def test_only_inputs_are_moved_where_inputs_are() -> None:
    arithmetic = MovedInputs(seed=1)
    found = {arithmetic.read(0.3) for _ in range(50)}
    assert {0.3, math.nextafter(0.3, 0), math.nextafter(0.3, 9)} == found
    assert 0.0 == arithmetic.read(0.0)
    assert {0.75} == {run(lambda x: x + 0.5, 0.25, arithmetic=arithmetic).value for _ in range(50)}


# --- raising as floats do -----------------------------------------------------------------------


@all_arithmetics
def test_a_division_by_zero_raises_as_in_python(arithmetic: Arithmetic) -> None:
    a, zero = shadows(arithmetic, 1.5, 0.0)
    for divide in (operator.truediv, operator.floordiv, operator.mod, divmod):
        with pytest.raises(ZeroDivisionError):
            divide(a, zero)
    with pytest.raises(ZeroDivisionError):
        zero**-1


@all_arithmetics
def test_the_domain_of_math_is_kept(arithmetic: Arithmetic) -> None:
    for function in (lambda x: math.log(x - x), lambda x: math.sqrt(-x), lambda x: math.acos(x)):
        with pytest.raises(DomainError):
            run(function, 1.5, arithmetic=arithmetic)


@checked
def test_overflow_raises_as_in_python(arithmetic: Arithmetic) -> None:
    with pytest.raises(OverflowError):
        run(lambda x: math.exp(x), 1e5, arithmetic=arithmetic)
    with pytest.raises(OverflowError):
        run(lambda x: x**999999, 1e5, arithmetic=arithmetic)


@all_arithmetics
def test_numpy_gives_infinity_and_nan_instead(arithmetic: Arithmetic) -> None:
    def reference(xs: Any) -> Any:
        with np.errstate(all="ignore"):
            bad = [1 / xs, xs / xs, np.log(-xs), np.sqrt(xs - 1), xs // np.floor(xs / 2)]
        return [np.isfinite(entry).tolist() for entry in bad]

    expected = [[False, True], [False, True], [False, False], [False, True], [False, True]]
    assert expected == run(reference, np.array([0.0, 2.0]), arithmetic=arithmetic)


@all_arithmetics
def test_complex_numbers_are_refused(arithmetic: Arithmetic) -> None:
    with pytest.raises(AuthorError, match="complex number"):
        shadows(arithmetic, -8.0)[0] ** 0.5


# --- shadows ------------------------------------------------------------------------------------


@all_arithmetics
def test_whole_numbers_come_of_floor_ceil_trunc_int_and_round(arithmetic: Arithmetic) -> None:
    (a,) = shadows(arithmetic, -2.75)
    found = [math.floor(a), math.ceil(a), math.trunc(a), int(a), round(a)]
    assert [-3, -2, -2, -2, -3] == found
    assert {int} == set(map(type, found))


@all_arithmetics
def test_ints_stay_ints(arithmetic: Arithmetic) -> None:
    a, b = shadows(arithmetic, 2**70, 3)
    assert [3 * 2**70 + 1, 2**70 // 3, -(2**70)] == values([a * b + 1, a // b, -a])
    assert [0, 1, 2] == list(range(b))
    assert "d" == "abcd"[b]
    assert {3: "x"}[b] == "x"


@all_arithmetics
def test_a_shadow_never_becomes_a_plain_float(arithmetic: Arithmetic) -> None:
    (a,) = shadows(arithmetic, 1.5)
    for escape in (float, complex, math.sin, lambda x: np.array([x], dtype=np.float64)):
        with pytest.raises(AuthorError, match=r"float\(\)|complex\(\)"):
            escape(a)


def test_a_float_does_not_count() -> None:
    with pytest.raises(TypeError):
        range(shadows(Arithmetic(), 2.0)[0])  # type: ignore[call-overload]


def test_a_shadow_is_shown_as_its_number_and_copied_as_itself() -> None:
    a, b = shadows(Float32(), 0.5, 3)
    assert ("0.5", "0.50", "3", "  3") == (str(a), f"{a:.2f}", str(b), f"{b:3d}")
    assert a is copy.deepcopy(a)
    assert a is copy.copy(a)


# --- numpy --------------------------------------------------------------------------------------

VECTOR = np.array([0.5, -1.25, 2.0, 0.75])
MATRIX = np.array([[1.0, -2.0], [0.25, 3.0], [0.0, -0.5]])
SCALAR = 0.3

ELEMENTWISE: dict[str, Callable[..., Any]] = {
    "operators": lambda v, _m, x: [v + x, x - v, v * v, v / x, 2**v, v**2, -v, v // x, v % x],
    "in place": lambda v, _m, x: _in_place(v, x),
    "functions": lambda v, _m, _x: [np.exp(v), np.sqrt(abs(v)), np.tanh(v), np.log1p(v * v)],
    "arc functions": lambda v, _m, x: [np.arctan(v), np.arcsinh(v), np.arctan2(v, x)],
    "numbers": lambda v, _m, x: [np.exp(x), np.sqrt(v[0]), np.maximum(x, 0.5), np.float64(x) * 3],
    "clipping": lambda v, m, _x: [np.maximum(v, 0.0), np.clip(v, -1, 1), np.minimum(m, 0.25)],
    "where": lambda v, _m, _x: np.where(v > 0, v, 0.01 * v),
    "signs": lambda v, _m, x: [
        np.sign(v) / 3,
        np.floor(v) * x,
        np.abs(v),
        np.rint(v),
        np.square(v),
    ],
    "masks": lambda v, _m, x: [(v > x).astype(float) * v, v[v > x], np.mean(v > x)],
    "questions": lambda v, _m, _x: [np.isfinite(v), np.any(v < 0), np.isnan(v[0])],
    "more functions": lambda v, _m, x: [np.hypot(v, x), np.copysign(x, v), np.fmod(v, x)],
    "made of numbers": lambda v, _m, x: np.array([v[0], x, 1.0]) * 3,
    "made of nothing": lambda v, _m, x: [np.zeros(3) + x, np.full(2, 0.1) * x, np.eye(2) / x, v],
    "made like others": lambda v, m, x: [np.zeros_like(v) + x, np.ones_like(m) / 3],
    "written into": lambda v, _m, x: _written_into(v, x),
    "put together": lambda v, m, x: [np.stack([v, v * x]), np.concatenate([v, m[0], [x]])],
    "shapes": lambda v, m, _x: [m.T, m.reshape(-1), m[:, 0], v[::-1], m.shape, len(m), v.copy()],
    "iteration": lambda v, m, _x: [[e * 2 for e in row] for row in m] + [sorted(v), max(v), min(v)],
    "largest": lambda v, m, _x: [np.max(v), m.max(axis=0), np.argmax(v), m.argmin(axis=1)],
    "sorting": lambda v, _m, _x: [np.sort(v), np.argsort(v), v[np.argsort(v)], np.median(v)],
    "ranges": lambda _v, _m, x: [np.linspace(0.0, x, 4), np.arange(0.0, 1.0, 0.3) * x],
    "constants": lambda _v, _m, x: [np.pi * x, math.pi * x, np.inf > x, np.finfo(float).eps + x],
    "rounding": lambda v, _m, _x: [np.round(v, 1), v.round(), round(v[1], 1)],
    "outer": lambda v, m, _x: [np.outer(v, v), v[:, None] * v, np.add.outer(v, m[0])],
    "lists": lambda v, _m, _x: [np.exp(v.tolist()), np.max(v.tolist()), np.array(v.tolist()) * 2],
    "log of a sum of powers": lambda v, _m, x: np.logaddexp(v, x),
    "divided where it can be": lambda v, _m, _x: _divided(v),
}
SUMS: dict[str, Callable[..., Any]] = {
    "sums": lambda v, m, _x: [np.sum(v), m.sum(axis=0), m.sum(axis=1, keepdims=True), np.prod(v)],
    "means": lambda v, m, _x: [np.mean(v), m.mean(axis=0), np.std(v), np.var(m, axis=1)],
    "products": lambda v, m, _x: [v @ v, m.T @ m, np.dot(m, m[0]), m.dot(m[1]), v.dot(v)],
    "norms": lambda v, m, _x: [np.linalg.norm(v), np.linalg.norm(m, axis=1), np.linalg.norm(v, 1)],
    "lists of numbers": lambda v, _m, _x: [
        np.sum(v.tolist()),
        np.mean(v.tolist()),
        sum(v.tolist()),
    ],
    "others": lambda v, m, _x: [np.cumsum(v), np.einsum("ij->j", m), np.average(v), np.inner(v, v)],
}


def _in_place(v: Any, x: Any) -> Any:
    v = v.copy()
    before = v
    v -= x
    v *= 3
    v[1:] += 1
    np.add.at(v, [0, 0], x)
    assert before is v
    return v


def _written_into(v: Any, x: Any) -> Any:
    found = np.zeros((2, len(v)))
    for i in range(len(v)):
        found[0, i] = v[i] * x
    found[1] = np.exp(v)
    found[1, 0] = 7.0
    found[1, 1] = 2
    other = np.empty(3)
    other.fill(0.5)
    return [found / 3, np.exp(other)]


def _divided(v: Any) -> Any:
    above = np.maximum(v, 0.0)
    with np.errstate(all="ignore"):
        one = np.where(above == 0, 0.0, v / above)
    return [one, np.divide(v, above, out=np.zeros_like(v), where=above != 0)]


def same(expected: Any, found: Any, rtol: float) -> None:
    if isinstance(expected, list | tuple):
        assert len(expected) == len(found)
        for one, other in zip(expected, found, strict=True):
            same(one, other, rtol)
        return
    assert np.shape(expected) == np.shape(found)
    if isinstance(found, np.ndarray) and found.dtype == object:
        assert all(isinstance(entry, Shadow) for entry in found.flat)
    # In the least ulps: numpy's loops over arrays may compute a function otherwise.
    np.testing.assert_allclose(np.array(values(found), dtype=float), expected, rtol=rtol)


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_numpy_computes_elements_as_it_does_on_floats(name: str) -> None:
    function = ELEMENTWISE[name]
    expected = function(VECTOR, MATRIX, SCALAR)
    same(expected, run(function, VECTOR, MATRIX, SCALAR), 1e-15)


@pytest.mark.parametrize("name", SUMS)
def test_numpy_s_sums_are_its_own_but_for_rounding(name: str) -> None:
    function = SUMS[name]
    expected = function(VECTOR, MATRIX, SCALAR)
    same(expected, run(function, VECTOR, MATRIX, SCALAR), 1e-15)
    same(expected, run(function, VECTOR, MATRIX, SCALAR, arithmetic=Reversed()), 1e-15)


@all_arithmetics
@pytest.mark.parametrize("name", {**ELEMENTWISE, **SUMS})
def test_numpy_works_in_every_arithmetic(name: str, arithmetic: Arithmetic) -> None:
    function = {**ELEMENTWISE, **SUMS}[name]
    expected = function(VECTOR, MATRIX, SCALAR)
    same(expected, run(function, VECTOR, MATRIX, SCALAR, arithmetic=arithmetic), 3e-6)


def test_every_element_is_kept_in_float32() -> None:
    result = run(lambda v: np.exp(v * 0.1).mean() + np.zeros(2), VECTOR, arithmetic=Float32())
    assert [np.float32, np.float32] == [type(entry.value) for entry in result]


def test_arrays_of_labels_count_and_index() -> None:
    def reference(m: Any, labels: Any) -> Any:
        rows = np.arange(len(labels))
        return [
            m[rows, labels],
            np.eye(2)[labels],
            np.bincount(labels),
            (labels == 1) * 2,
            labels / 2,
        ]

    labels = np.array([0, 1, 1])
    lifted = np.array(shadows(Arithmetic(), 0, 1, 1), dtype=object)
    found = run(reference, MATRIX, lifted)
    expected = reference(MATRIX, labels)
    same(expected, found, 0.0)


def test_arrays_stay_arrays() -> None:
    result = run(lambda v: [v * 2, v[1:], np.stack([v, v]), v > 0], VECTOR)
    assert [ShadowArray, ShadowArray, ShadowArray, np.ndarray] == list(map(type, result))


@pytest.mark.parametrize("count", [3, 10])
def test_a_reversed_sum_starts_at_the_end(count: int) -> None:
    terms = [1.0, 1e16, -1e16, 1.0, 3.0, 1e-3, 7.0, -1e5, 0.1, 0.3][:count]
    backwards = sum(Shadow(Arithmetic(), x) for x in terms[::-1]).value  # not compensated
    array = np.array(terms)
    for function, argument in [
        (lambda xs: sum(xs), terms),
        (lambda xs: math.fsum(xs), terms),
        (lambda xs: np.sum(xs), terms),
        (lambda xs: np.sum(xs), array),
        (lambda xs: xs.sum(), array),
        (lambda xs: xs @ np.ones(len(xs)), array),
        (lambda xs: np.dot(xs, np.ones(len(xs))), array),
        (lambda xs: np.mean(xs) * len(xs), array),
        (lambda xs: np.sum(np.sum(xs)), array),
        (lambda xs: xs.reshape(1, -1).sum(axis=1)[0], array),
    ]:
        found = run(function, argument, arithmetic=Reversed()).value
        assert backwards == pytest.approx(found, rel=1e-15, abs=0)


# --- what a function finds ----------------------------------------------------------------------

CONSTANT = 0.1


def helper(x: Any, factor: float = 0.1) -> Any:
    return x * factor


def of_constants(x: Any) -> Any:
    inner = [step * 0.1 for step in (0.1, 0.2)]
    return [CONSTANT * CONSTANT, helper(0.1), inner[0], math.pi * 0.1, float("0.1") * 0.1 + 0 * x]


def test_constants_are_in_the_arithmetic_too() -> None:
    tenth = np.float32(0.1)
    squared = tenth * tenth
    expected = [squared, squared, squared, np.float32(math.pi) * tenth, squared]
    assert expected == values(run(of_constants, 1.0, arithmetic=Float32()))


def test_the_real_function_is_untouched() -> None:
    before = (of_constants.__code__, helper.__defaults__, math.sqrt, np.exp)
    run(of_constants, 1.0, arithmetic=Float32())
    assert before == (of_constants.__code__, helper.__defaults__, math.sqrt, np.exp)
    assert {float} == set(map(type, of_constants(1.0)))


def test_float_keeps_a_shadow_and_knows_a_float() -> None:
    def reference(x: Any, n: Any) -> Any:
        assert isinstance(x, float)
        assert not isinstance(n, float)
        assert isinstance(float(n), float)
        assert not isinstance("1", float)
        return [float(x), float(n) / 2, float("0.25"), float(1), np.float64(x)]

    result = run(reference, 0.1, Shadow(Float32(), 3), arithmetic=Float32())
    assert [np.float32(0.1), 1.5, 0.25, 1.0, np.float32(0.1)] == values(result)
    assert {Shadow} == set(map(type, result))


def test_the_rest_of_math() -> None:
    def reference(x: Any, n: Any) -> Any:
        return [
            math.log(x, 3),
            math.pow(x, 3),
            math.pow(-2, 3),
            math.hypot(x, 2.0, 3.0),
            math.dist([x, 1.0], [0.0, 2.0]),
            math.prod([x, x, 2]),
            math.erf(x),
            math.lgamma(x),
            math.degrees(x),
            math.copysign(x, -1.0),
            math.fmod(x, 0.2),
            math.comb(5, n),
            math.gcd(12, 2 * n),
            math.isclose(x, 0.7, rel_tol=1e-6),
            math.isnan(x),
        ]

    expected = reference(0.7, 3)
    for arithmetic in ALL:
        found = run(reference, 0.7, Shadow(arithmetic, 3), arithmetic=arithmetic)
        same(expected, found, 1e-6)


def test_what_is_refused_is_named() -> None:
    for name, function in {
        r"math\.frexp\(\)": lambda x: math.frexp(x),
        r"numpy's solve\(\)": lambda x: np.linalg.solve(np.eye(2) * x, np.ones(2)),
        r"numpy's interp\(\)": lambda x: np.interp(x, [0.0, 1.0], [0.0, 2.0]),
        r"norm\(ord=3\)": lambda x: np.linalg.norm([x, x], 3),
        r"float\(\) in compiled code": lambda x: abs(np.random.default_rng(0).normal(x)),
    }.items():
        with pytest.raises(AuthorError, match=name):
            run(function, 0.5)
