"""The tape and the scale: right where a hand can check it, refusing what cannot be followed."""

import math
import operator
import sys
from collections.abc import Callable
from functools import lru_cache
from math import exp, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import AuthorError
from grader.scale import OVERFLOW, condition, declared, trace

reasonable = st.floats(-1e6, 1e6).filter(lambda x: x == 0 or abs(x) > 1e-6)


def norm(xs: Any) -> Any:
    return sqrt(sum(x * x for x in xs))


def logistic(x: Any) -> Any:
    return 1 / (1 + exp(-x))


def softmax_first(xs: Any) -> Any:
    largest = max(xs)
    weights = [math.exp(x - largest) for x in xs]
    return weights[0] / math.fsum(weights)


def through_a_helper(x: Any) -> Any:
    return norm([x, 2 * x])


# --- what S is -------------------------------------------------------------------------------


def test_an_input_handed_back_counts_once() -> None:
    assert 3.0 == trace(lambda x: x, (-3.0,)).scale


def test_a_product_counts_its_factors_and_itself() -> None:
    assert 18.0 == trace(operator.mul, (2.0, 3.0)).scale


def test_a_cancelling_difference_keeps_the_size_of_its_terms() -> None:
    traced = trace(lambda a, b: a - b, (1e6, 1e6 + 1))
    assert -1.0 == traced.desired
    assert 2e6 + 2 == traced.scale


def test_a_sum_counts_terms_and_partial_sums() -> None:
    # inputs 1 + 2 + 4, partial sums (from the plain 0) 1 + 3 + 7
    assert 18.0 == trace(sum, ([1.0, 2.0, 4.0],)).scale


def test_a_number_used_twice_adds_its_adjoints() -> None:
    # y = x*x: dy/dx = 2x, so |2x * x| + |x*x|
    assert 27.0 == trace(lambda x: x * x, (3.0,)).scale


def test_a_result_that_depends_on_nothing_has_its_own_size() -> None:
    assert 2.5 == trace(lambda _: -2.5, (1.0,)).scale


def test_zero_from_nothing_has_scale_zero() -> None:
    assert 0.0 == trace(sum, ([],)).scale


def test_a_pole_gives_an_infinite_scale() -> None:
    assert math.inf == trace(lambda a, b: sqrt(a - b), (1.0, 1.0)).scale


def test_an_exact_zero_carries_no_error_through_a_pole() -> None:
    assert 0.0 == trace(norm, ([0.0, 0.0],)).scale


@given(st.lists(reasonable, min_size=1, max_size=6), st.data())
def test_small_relative_changes_of_the_inputs_stay_within_the_scale(
    xs: list[float], data: st.DataObject
) -> None:
    """The definition: inputs wrong by u relative give a result wrong by u * S at most."""
    u = 2.0**-40  # far above double's own rounding, and small enough for first order
    signs = data.draw(st.lists(st.sampled_from([-1, 1]), min_size=len(xs), max_size=len(xs)))
    changed = [x * (1 + sign * u) for x, sign in zip(xs, signs, strict=True)]
    for function in (sum, norm, softmax_first):
        traced = trace(function, (xs,))
        assert abs(function(changed) - traced.desired) <= 1.01 * u * traced.scale


@given(st.lists(reasonable, min_size=1, max_size=6))
def test_the_scale_is_never_below_the_result(xs: list[float]) -> None:
    for function in (sum, norm, max, softmax_first):
        traced = trace(function, (xs,))
        assert abs(traced.desired) <= traced.scale


# --- derivatives of every function that is known ----------------------------------------------

POINTS: dict[str, float] = dict.fromkeys(
    [
        "sqrt",
        "exp",
        "expm1",
        "log",
        "log2",
        "log10",
        "log1p",
        "sin",
        "cos",
        "tan",
        "asin",
        "acos",
        "atan",
        "sinh",
        "cosh",
        "tanh",
        "asinh",
        "atanh",
        "fabs",
        "erf",
        "erfc",
        "degrees",
        "radians",
        "cbrt",
        "exp2",
    ],
    0.3,
) | {"acosh": 1.7}


@pytest.mark.parametrize("name", POINTS)
def test_a_function_of_math_has_its_derivative(name: str) -> None:
    x, step = POINTS[name], 1e-6
    function = getattr(math, name)
    slope = (function(x + step) - function(x - step)) / (2 * step)
    traced = trace(lambda x: getattr(math, name)(x), (x,))
    assert function(x) == traced.desired
    assert abs(slope * x) + abs(function(x)) == pytest.approx(traced.scale)


@pytest.mark.parametrize(
    "name",
    [
        "sqrt",
        "cbrt",
        "exp",
        "exp2",
        "expm1",
        "log",
        "log2",
        "log10",
        "log1p",
        "sin",
        "cos",
        "tan",
        "arcsin",
        "arccos",
        "arctan",
        "sinh",
        "cosh",
        "tanh",
        "arcsinh",
        "arctanh",
        "fabs",
        "degrees",
        "radians",
        "square",
        "negative",
        "absolute",
        "reciprocal",
    ],
)
def test_a_ufunc_has_its_derivative_on_arrays_and_numbers(name: str) -> None:
    function = getattr(np, name)
    xs, step = np.array([0.3, 0.45]), 1e-6
    slopes = (function(xs + step) - function(xs - step)) / (2 * step)
    traced = trace(lambda xs: function(xs), (xs,))
    least = np.abs(slopes * xs) + np.abs(function(xs))
    np.testing.assert_array_equal(function(xs), traced.desired)
    np.testing.assert_allclose(traced.scale, least, rtol=1e-6)
    assert least[0] == pytest.approx(trace(lambda x: function(x), (0.3,)).scale)


BINARY: dict[str, Callable[[Any], Any]] = {
    "add": lambda p: p[0] + p[1],
    "sub": lambda p: p[0] - p[1],
    "mul": lambda p: p[0] * p[1],
    "truediv": lambda p: p[0] / p[1],
    "floordiv": lambda p: p[0] // p[1],
    "mod": lambda p: p[0] % p[1],
    "divmod": lambda p: divmod(p[0], p[1])[1],
    "pow": lambda p: p[0] ** p[1],
    "math.pow": lambda p: math.pow(p[0], p[1]),
    "math.atan2": lambda p: math.atan2(p[0], p[1]),
    "math.fmod": lambda p: math.fmod(p[0], p[1]),
    "math.log": lambda p: math.log(p[0], p[1]),
    "math.hypot": lambda p: math.hypot(p[0], p[1]),
}
COUNT_MORE = {"math.log", "math.hypot"}
"""Made of several operations on the tape: their intermediates are counted as well."""


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize("at", [(7.3, 2.1), (7, 2.1), (7.3, 2), (0.4, 3.0)])
def test_a_function_of_two_numbers_has_both_derivatives(name: str, at: tuple[Any, Any]) -> None:
    function, (x, y), step = BINARY[name], at, 1e-6
    slope_x = (function([x + step, y]) - function([x - step, y])) / (2 * step)
    slope_y = (function([x, y + step]) - function([x, y - step])) / (2 * step)
    least = abs(slope_x * x) + abs(slope_y * y) + abs(function(at))
    traced = trace(function, (at,))  # within a tuple, ints are inputs too
    assert function(at) == traced.desired
    assert least <= traced.scale * (1 + 1e-6)
    assert name in COUNT_MORE or traced.scale <= least * (1 + 1e-6)


@pytest.mark.parametrize("function", [operator.add, operator.sub, operator.mul, operator.truediv])
def test_plain_operands_on_either_side(function: Callable[[Any, Any], Any]) -> None:
    assert function(2, 3.0) == trace(lambda x: function(2, x), (3.0,)).desired
    assert function(3.0, 2) == trace(lambda x: function(x, 2), (3.0,)).desired


def test_a_negative_base_has_whole_powers() -> None:
    traced = trace(lambda xs: xs[0] ** xs[1], ([-2.0, 3],))
    assert (-8.0, 32.0) == (traced.desired, traced.scale)


# --- what the reference finds in its world ------------------------------------------------------


def test_functions_imported_from_math_and_helpers_are_followed() -> None:
    assert 5.0 == pytest.approx(trace(through_a_helper, (math.sqrt(5),)).desired)
    assert math.isfinite(trace(logistic, (0.5,)).scale)


def test_the_real_math_is_untouched_while_tracing() -> None:
    seen = []

    def reference(x: Any) -> Any:
        seen.append(sys.modules["math"].sqrt)
        return math.sqrt(x)

    trace(reference, (4.0,))
    assert [math.sqrt, math.sqrt] == seen


def test_traces_nest() -> None:
    def outer(x: Any) -> Any:
        return x * trace(norm, ([3.0, 4.0],)).desired

    assert 10.0 == trace(outer, (2.0,)).desired


def test_closures_defaults_and_keyword_only_arguments_are_kept() -> None:
    factor = 3.0

    def reference(x: Any, y: float = 2.0, *, z: float = 5.0) -> Any:
        return factor * x + y + z

    assert 10.0 == trace(reference, (1.0,)).desired


def test_float_converts_on_the_tape_and_knows_a_float() -> None:
    def reference(sample: Any) -> Any:
        assert isinstance(sample["a"], float)
        assert not isinstance(sample["b"], float)
        return float(sample["a"]) - float(sample["b"])

    traced = trace(reference, ({"a": 1.5, "b": 1},))
    assert (0.5, 5.5) == (traced.desired, traced.scale)


def test_a_top_level_int_is_a_count() -> None:
    assert 6.0 == trace(lambda x, n: sum(x for _ in range(n)), (2.0, 3)).desired


def test_ints_in_data_stay_ints() -> None:
    traced = trace(lambda xs: xs[0] * xs[1] + 1, ([2**70, 3],))
    assert 3 * 2**70 + 1 == traced.desired
    assert type(traced.desired) is int


def test_booleans_strings_and_none_are_left_alone() -> None:
    def reference(options: Any) -> Any:
        assert options["yes"] is True
        assert options["none"] is None
        return options["name"]

    traced = trace(reference, ({"yes": True, "none": None, "name": "n"},))
    assert ("n", None) == (traced.desired, traced.scale)


@pytest.mark.parametrize("data", [[3.0, -1.0, 2.0], (1.0, 2), [np.float64(1.5), np.float32(2.5)]])
def test_the_desired_value_is_that_of_the_untraced_run(data: Any) -> None:
    for function in (sum, max, sorted, norm, np.mean, np.sum, np.std):
        desired = trace(function, (data,)).desired
        assert function(data) == desired
        assert type(function(data)) is type(desired)


def test_a_reference_that_changes_its_inputs_starts_from_the_right_ones() -> None:
    def reference(xs: list[Any], flags: Any) -> Any:
        xs.append(1.0)
        flags[0] = not flags[0]
        return sum(xs) if flags[0] else 0.0

    assert 4.0 == trace(reference, ([3.0], np.array([False]))).desired


# --- results of several numbers, arrays -----------------------------------------------------------


def test_every_number_of_a_nested_result_has_its_own_scale() -> None:
    def reference(x: Any, y: Any) -> Any:
        return [x + y, {"p": x * y, "name": "s"}, (x, [y], None)]

    traced = trace(reference, (1.0, -2.0))
    assert [-1.0, {"p": -2.0, "name": "s"}, (1.0, [-2.0], None)] == traced.desired
    assert [4.0, {"p": 6.0, "name": None}, (1.0, [2.0], None)] == traced.scale


@pytest.mark.parametrize("count", [2, 63, 64, 65])
def test_many_results_are_scaled_as_each_alone(count: int) -> None:
    xs = np.random.default_rng(count).normal(size=count).tolist()

    def running(xs: Any) -> Any:
        return [sum(xs[: i + 1]) for i in range(len(xs))]

    together = trace(running, (xs,)).scale
    alone = [trace(lambda xs, i=i: running(xs)[i], (xs,)).scale for i in range(len(xs))]
    np.testing.assert_allclose(together, alone, rtol=1e-12)


def test_arrays_are_traced_element_by_element() -> None:
    matrix, vector = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([2.0, -1.0])
    traced = trace(lambda a, x: np.maximum(a @ x, 0.0), (matrix, vector))
    np.testing.assert_array_equal([0.0, 7.0], traced.desired)
    assert (2,) == traced.scale.shape
    assert np.dtype(float) == traced.scale.dtype
    assert traced.scale[1] >= 7.0


def test_an_array_reference_without_loops() -> None:
    def standardise(xs: Any) -> Any:
        return (xs - np.mean(xs)) / np.std(xs)

    xs = np.array([1.0, 2.0, 4.0, 8.0])
    traced = trace(standardise, (xs,))
    np.testing.assert_array_equal(standardise(xs), traced.desired)
    assert np.all(np.isfinite(traced.scale))


def test_an_array_asked_for_as_float_stays_on_the_tape() -> None:
    assert 17.0 == trace(lambda xs: np.asarray(xs, dtype=float).sum(), ([1.0, 2.0, 4.0],)).scale


# --- what does not stay finite --------------------------------------------------------------------


def test_an_overflow_on_the_way_is_noted() -> None:
    traced = trace(lambda x: 1 / (x * x), (1e200,))
    assert (0.0, False) == (traced.desired, traced.finite)


def test_nan_on_the_way_is_noted() -> None:
    assert not trace(lambda x: x * x - x * x, (1e200,)).finite


def test_an_overflow_error_is_an_outcome() -> None:
    traced = trace(lambda x: math.exp(x), (1e3,))
    assert OVERFLOW is traced.desired
    assert not traced.finite


def test_an_overflow_error_that_the_reference_survives_is_noted() -> None:
    def reference(x: Any) -> float:
        try:
            return float(math.exp(x))
        except OverflowError:
            return math.inf

    traced = trace(reference, (1e3,))
    assert (math.inf, False) == (traced.desired, traced.finite)


def test_an_int_beyond_any_float_is_noted() -> None:
    traced = trace(lambda xs: xs[0] ** 400, ([10],))
    assert (10**400, False) == (traced.desired, traced.finite)


def test_an_infinite_input_that_is_only_compared_does_no_harm() -> None:
    traced = trace(lambda xs: min(xs), ([math.inf, 2.0],))
    assert (2.0, 2.0, True) == (traced.desired, traced.scale, traced.finite)


# --- what is refused ------------------------------------------------------------------------------


@lru_cache
def remembered(x: Any) -> Any:
    return x


REFUSED: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    r"int\(\)": (lambda x: int(x), (2.5,)),
    r"float\(\)": (lambda xs: np.array(xs, dtype=np.float64), ([2.5],)),
    r"complex\(\)": (lambda x: complex(x), (2.5,)),
    "index or a count": (lambda xs: list(range(xs[0])), ([3],)),
    r"hash\(\)": (remembered, (2.5,)),
    r"math\.gamma\(\)": (lambda x: math.gamma(x), (2.5,)),
    r"math\.dist\(\)": (lambda x: math.dist([x], [0.0]), (2.5,)),
    "complex number": (lambda x: x**0.5, (-2.5,)),
    "spacing": (lambda x: np.spacing(np.array([x])), (2.5,)),
    "set": (lambda xs: sum(xs), ({1.0, 2.0},)),
}


@pytest.mark.parametrize("operation", REFUSED)
def test_an_operation_that_cannot_be_traced_is_named(operation: str) -> None:
    with pytest.raises(AuthorError, match=operation):
        trace(*REFUSED[operation])


def test_a_refusal_says_what_to_do() -> None:
    with pytest.raises(AuthorError, match="give `scale=` in the spec"):
        trace(lambda x: int(x), (2.5,))


def test_an_exception_of_the_reference_is_its_author_s() -> None:
    with pytest.raises(AuthorError, match=r"ZeroDivisionError"):
        trace(lambda x: 1 / x, (0.0,))


def test_a_reference_that_asks_for_types_is_found_out() -> None:
    with pytest.raises(AuthorError, match="type of a number"):
        trace(lambda x: 1.0 if type(x) is float else 2.0, (2.5,))
    with pytest.raises(AuthorError, match="type of a number"):
        trace(lambda x: [x] if type(x) is float else [x, x], (2.5,))


# --- scales that a spec declares ------------------------------------------------------------------


def _declared(function: Callable[..., Any], scale: Callable[..., Any]) -> Any:
    return declared(function, scale, lambda: (2.0, [3.0]))


def test_a_declared_scale_is_taken_where_it_is_larger() -> None:
    result = _declared(lambda x, xs: [x, xs[0], "s"], lambda *_: [5.0, 0.5, None])
    assert [5.0, 3.0, None] == result.scale
    assert result.finite


def test_one_declared_scale_serves_every_number() -> None:
    assert {"a": 4.0, "b": 4.0} == _declared(lambda x, xs: {"a": x, "b": xs[0]}, lambda *_: 4).scale


@pytest.mark.parametrize("bad", [math.inf, math.nan, -1.0])
def test_a_declared_scale_is_finite_and_not_negative(bad: float) -> None:
    with pytest.raises(AuthorError, match="finite numbers >= 0"):
        _declared(lambda x, _: x, lambda *_: bad)


def test_a_declared_scale_has_the_structure_of_the_result() -> None:
    with pytest.raises(AuthorError, match="structure"):
        _declared(lambda x, _: [x, x], lambda *_: [1.0])


def test_a_declared_scale_with_an_overflow() -> None:
    assert not _declared(lambda x, _: x * math.inf, lambda *_: 1.0).finite
    assert OVERFLOW is _declared(lambda x, _: math.exp(x * 1e3), lambda *_: 1.0).desired


# --- condition ------------------------------------------------------------------------------------


def test_the_condition_is_that_of_the_worst_number() -> None:
    assert 8.0 == condition([1.0, {"a": -0.5}, "s"], [2.0, {"a": 4.0}, None])
    assert 3.0 == condition(np.array([1.0, 2.0]), np.array([3.0, 2.0]))


def test_zero_has_no_condition_unless_its_scale_is_infinite() -> None:
    assert 0.0 == condition(0.0, 5.0)
    assert math.inf == condition(0.0, math.inf)
    assert 0.0 == condition([], [])
