"""The checker: what it accepts, what it refuses and why, and that nothing makes it raise."""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.compare import Mismatch, MismatchKind, compare
from grader.errors import AuthorError
from grader.scale import OVERFLOW
from grader.spec import Tolerance
from grader.values import Opaque, decode, encode

TOLERANCE = Tolerance(rtol=2.0**-20, atol=1e-12)
STRICT = Tolerance(rtol=0, atol=0)
HUGE = 10**400


def check(actual: Any, desired: Any, scale: Any = None, finite: bool = True) -> Mismatch | None:
    """Compare with S = |desired| where no scale is given."""
    scale = magnitude(desired) if scale is None else scale
    return compare(actual, desired, scale, TOLERANCE, finite)


def magnitude(desired: Any) -> Any:
    if isinstance(desired, dict):
        return {key: magnitude(value) for key, value in desired.items()}
    if isinstance(desired, list | tuple):
        return [magnitude(value) for value in desired]
    if isinstance(desired, np.ndarray) and desired.dtype.kind in "iuf":
        sizes = np.abs(desired.astype(float))
        return np.where(np.isfinite(sizes), sizes, 0.0)
    if isinstance(desired, int | float | np.integer | np.floating):
        return abs(float(desired)) if math.isfinite(desired) else 0.0
    return None


def kind_of(mismatch: Mismatch | None) -> MismatchKind | None:
    return mismatch and mismatch.kind


# --- numbers ------------------------------------------------------------------------------------


def test_the_bound_itself_is_accepted_and_the_next_float_is_not() -> None:
    tolerance = Tolerance(rtol=2.0**-20, atol=0)
    bound = 1.0 + 2.0**-20
    assert compare(bound, 1.0, 1.0, tolerance) is None
    assert compare(math.nextafter(bound, 2), 1.0, 1.0, tolerance) is not None


def test_the_tolerance_grows_with_the_scale_and_not_with_the_answer() -> None:
    assert check(0.5, 0.0, scale=0.0) is not None
    assert check(0.5, 0.0, scale=2.0**20) is None
    assert check(1e300, 1.0) is not None


def test_atol_serves_where_the_scale_is_zero() -> None:
    assert check(1e-12, 0.0) is None
    assert check(1.1e-12, 0.0) is not None


@pytest.mark.parametrize(
    "actual",
    [
        3.0,
        3,
        np.float64(3),
        np.float32(3),
        np.float16(3),
        np.longdouble(3),
        np.int8(3),
        np.uint64(3),
        np.array(3.0),
        np.array(3),
        np.array(3, dtype=np.float32),
    ],
    ids=lambda value: f"{type(value).__name__}-{getattr(value, 'dtype', '')}",
)
@pytest.mark.parametrize("desired", [3.0, 3, np.float64(3), np.int64(3), np.array(3.0)], ids=repr)
def test_every_real_number_is_a_number(actual: Any, desired: Any) -> None:
    assert check(actual, desired, scale=3.0) is None


@pytest.mark.parametrize(
    ("actual", "came"),
    [
        (True, "a boolean"),
        (np.True_, "a boolean"),
        ("3.0", "a string"),
        (b"3", "a string of bytes"),
        (None, "None"),
        (3 + 0j, "a complex number"),
        (np.complex128(3), "a complex number"),
        ([3.0], "a list"),
        ((3.0,), "a tuple"),
        ({"w": 3.0}, "a dict"),
        ({3.0}, "a set"),
        (frozenset({3.0}), "a frozenset"),
        (np.array([3.0]), "an array"),
        (Decimal(3), "a Decimal"),
        (Fraction(3), "a Fraction"),
        ((x for x in [3.0]), "a generator"),
        (lambda: 3.0, "a function"),
        (object(), "an object of a class that is no plain value"),
        (np.array([3.0], dtype=object), "an array of objects"),
        (np.timedelta64(3), "a timedelta64"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_number_is_told_by_name(actual: Any, came: str) -> None:
    mismatch = check(decode(encode(actual)), 3.0)
    assert mismatch is not None
    assert MismatchKind.TYPE is mismatch.kind
    assert mismatch.public.startswith(f"expected a number, got {came}; ")


def test_the_sentence_for_a_string_says_what_to_do() -> None:
    mismatch = check("0.25", 0.25)
    assert mismatch is not None
    assert (
        "expected a number, got a string; return the number itself, not a text that shows it"
        == mismatch.public
    )
    assert "'0.25'" in mismatch.detail


def test_nan_never_equals_a_number() -> None:
    assert MismatchKind.NAN is kind_of(check(math.nan, 1.0, scale=1e300))
    assert MismatchKind.NAN is kind_of(check(np.float32("nan"), 1))


@pytest.mark.parametrize("actual", [math.inf, -math.inf, np.float32("inf")])
def test_an_infinity_never_equals_a_number(actual: Any) -> None:
    assert MismatchKind.INFINITE is kind_of(check(actual, 1.0))


@pytest.mark.parametrize("scale", [0.0, 1e308])
def test_what_is_not_finite_equals_only_itself(scale: float) -> None:
    values = [math.inf, -math.inf, math.nan]
    for i, desired in enumerate(values):
        for j, actual in enumerate(values):
            assert (i == j) == (check(actual, desired, scale) is None)
            assert (i == j) == (check(np.float64(actual), desired, scale) is None)
        assert check(1.0, desired, scale) is not None
        assert check(HUGE, desired, scale) is not None


@pytest.mark.parametrize("scale", [math.inf, math.nan, -1.0])
def test_a_scale_that_means_nothing_is_the_author_s_error(scale: float) -> None:
    with pytest.raises(AuthorError, match="error scale"):
        check(5.0, 1.0, scale)


def test_an_infinite_scale_accepts_nothing_near_an_infinity() -> None:
    with pytest.raises(AuthorError, match="error scale"):
        check(5.0, math.inf, math.inf)


def test_ints_of_any_size() -> None:
    assert check(HUGE, HUGE, scale=0.0) is None
    assert MismatchKind.VALUE is kind_of(compare(HUGE + 1, HUGE, 0.0, STRICT))
    assert compare(2**60 + 1, 2**60, 0.0, STRICT) is not None
    assert MismatchKind.VALUE is kind_of(check(HUGE, 1.0))
    assert MismatchKind.VALUE is kind_of(check(-HUGE, 1.0))
    assert MismatchKind.VALUE is kind_of(check(1.0, HUGE, scale=0.0))


def test_a_huge_int_is_described_and_not_printed() -> None:
    mismatch = check(10**100_000, 1.0)
    assert mismatch is not None
    assert "an integer of 332193 bits" in mismatch.detail


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(0, 1e6))
def test_a_number_is_near_itself(value: float, extra: float) -> None:
    scale = min(abs(value) + extra, 1e308)
    assert check(value, value, scale) is None
    assert check(np.float64(value), value, scale) is None


# --- containers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("actual", [[1.0, 2], (1, 2.0), np.array([1.0, 2.0]), np.array([1, 2])])
@pytest.mark.parametrize("desired", [[1.0, 2.0], (1.0, 2.0)])
def test_any_sequence_of_numbers_is_a_sequence(actual: Any, desired: Any) -> None:
    assert check(actual, desired) is None


def test_rows_of_an_array_are_sequences_too() -> None:
    assert check(np.array([[1.0, 2.0], [3.0, 4.0]]), [[1.0, 2.0], (3.0, 4.0)]) is None
    assert MismatchKind.TYPE is kind_of(check(np.array([1.0, 2.0]), [[1.0], [2.0]]))


def test_a_sequence_of_another_length() -> None:
    mismatch = check([1.0, 2.0], [1.0])
    assert mismatch is not None
    assert (MismatchKind.SHAPE, "expected 1 entry, got 2 entries") == (
        mismatch.kind,
        mismatch.public,
    )


@pytest.mark.parametrize("actual", [1.0, "ab", {1.0, 2.0}, {0: 1.0, 1: 2.0}, None, np.array(1.0)])
def test_what_is_no_sequence(actual: Any) -> None:
    assert MismatchKind.TYPE is kind_of(check(actual, [1.0, 2.0]))


def test_an_array_is_wanted_as_an_array_of_its_shape() -> None:
    desired = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert check(desired.astype(np.float32), desired) is None
    assert MismatchKind.TYPE is kind_of(check(desired.astype(int), desired))
    assert check(desired, desired.astype(int)) is None
    assert MismatchKind.TYPE is kind_of(check(desired.tolist(), desired))
    assert MismatchKind.TYPE is kind_of(check(desired.astype(complex), desired))
    assert MismatchKind.TYPE is kind_of(check(desired > 0, desired))
    mismatch = check(desired.ravel(), desired)
    assert mismatch is not None
    assert "expected an array of shape (2, 2), got one of shape (4,)" == mismatch.public


def test_the_wrong_number_of_an_array_is_found() -> None:
    desired = np.array([[1.0, math.nan], [math.inf, 4.0]])
    assert check(desired.copy(), desired) is None
    actual = desired.copy()
    actual[1, 1] = 4.5
    mismatch = check(actual, desired)
    assert mismatch is not None
    assert "at result[1, 1]: expected 4.0, got 4.5" == mismatch.detail
    actual[0, 1] = 0.0
    assert MismatchKind.NAN is kind_of(check(actual, desired))


def test_each_number_of_an_array_has_its_own_scale() -> None:
    desired, actual = np.array([0.0, 0.0]), np.array([1e-3, 0.0])
    assert check(actual, desired, np.array([1e6, 0.0])) is None
    assert check(actual[::-1], desired, np.array([1e6, 0.0])) is not None


def test_an_array_of_booleans() -> None:
    desired = np.array([True, False])
    assert check(np.array([True, False]), desired) is None
    assert MismatchKind.VALUE is kind_of(check(np.array([True, True]), desired))
    assert MismatchKind.TYPE is kind_of(check(np.array([1, 0]), desired))


def test_an_empty_array() -> None:
    assert check(np.zeros((0, 3)), np.zeros((0, 3))) is None
    assert MismatchKind.SHAPE is kind_of(check(np.zeros((3, 0)), np.zeros((0, 3))))


def test_a_dict_has_exactly_the_keys() -> None:
    desired = {"w": 1.0, "b": [2.0]}
    assert check({"b": (2.0,), "w": 1}, desired) is None
    mismatch = check({"w": 1.0, "bias": 2.0, "n": 3}, desired)
    assert mismatch is not None
    assert MismatchKind.KEYS is mismatch.kind
    assert "'bias'" not in mismatch.public
    assert "missing: 'b'; not expected: 'bias', 'n'" in mismatch.detail
    assert MismatchKind.TYPE is kind_of(check([("w", 1.0)], desired))


def test_the_detail_tells_the_place() -> None:
    mismatch = check({"w": [1.0, (2.0, 3.5)]}, {"w": [1.0, (2.0, 3.0)]})
    assert mismatch is not None
    assert "at result['w'][1][1]: expected 3.0, got 3.5" == mismatch.detail


@pytest.mark.parametrize("desired", [True, False, "yes", b"yes", None])
def test_other_plain_values_are_equal_and_of_the_same_type(desired: Any) -> None:
    assert check(desired, desired) is None
    for actual in (True, "yes", b"yes", None, 1, 1.0, "no", [], Opaque("object")):
        same = type(actual) is type(desired) and actual == desired
        assert same == (check(actual, desired) is None)


def test_numpy_s_booleans_are_booleans() -> None:
    assert check(np.True_, True) is None
    assert check(True, np.True_) is None
    assert MismatchKind.VALUE is kind_of(check(np.False_, True))


@pytest.mark.parametrize("desired", [1j, {1.0}, Decimal(1), np.array([1j])], ids=repr)
def test_a_desired_value_that_nothing_can_compare_is_the_author_s_error(desired: Any) -> None:
    with pytest.raises(AuthorError, match="must not return"):
        compare(1.0, desired, None, TOLERANCE)


# --- where the reference overflows ----------------------------------------------------------------


@pytest.mark.parametrize("desired", [math.nan, math.inf, 2.0, HUGE])
@pytest.mark.parametrize("actual", [math.nan, -math.inf, np.float32("inf"), HUGE])
def test_an_overflow_on_the_way_excuses_whatever_is_not_finite(actual: Any, desired: Any) -> None:
    assert check(actual, desired, 0.0, finite=False) is None


def test_the_right_value_passes_after_an_overflow_and_a_wrong_one_does_not() -> None:
    assert check(2.0, 2.0, finite=False) is None
    assert MismatchKind.VALUE is kind_of(check(2.5, 2.0, finite=False))
    assert MismatchKind.NAN is kind_of(check(2.5, math.nan, finite=False))
    assert MismatchKind.TYPE is kind_of(check("inf", 2.0, finite=False))


def test_an_overflow_excuses_numbers_one_by_one() -> None:
    assert check([math.inf, 1.0], [2.0, 1.0], finite=False) is None
    assert check([math.inf, 1.5], [2.0, 1.0], finite=False) is not None
    desired = np.array([2.0, 1.0])
    assert check(np.array([math.nan, 1.0]), desired, finite=False) is None
    assert check(np.array([math.nan, 1.5]), desired, finite=False) is not None


@pytest.mark.parametrize(
    "actual",
    [
        math.inf,
        math.nan,
        np.float32("nan"),
        HUGE,
        [1.0, math.inf],
        {"w": math.nan},
        np.array([1.0, math.inf]),
        np.array(math.nan),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_overflow_error_is_matched_by_anything_not_finite(actual: Any) -> None:
    assert check(actual, OVERFLOW, finite=False) is None


@pytest.mark.parametrize("actual", [0.0, "inf", None, [], [1.0], {}, np.zeros(2), True, 1j])
def test_an_overflow_error_is_not_matched_by_ordinary_values(actual: Any) -> None:
    assert check(actual, OVERFLOW, finite=False) is not None


# --- anything at all ------------------------------------------------------------------------------


class EvilFloat(float):
    """A float that would raise or lie wherever it is asked anything."""

    def _explode(self, *_: Any) -> Any:
        raise RuntimeError("boom")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _explode
    __sub__ = __rsub__ = __abs__ = __float__ = __bool__ = __repr__ = __str__ = _explode
    __hash__ = None  # type: ignore[assignment]


class EvilList(list[Any]):
    def __len__(self) -> int:
        raise RuntimeError("boom")

    __iter__ = __getitem__ = __repr__ = __len__  # type: ignore[assignment]


DESIRED = [1.0, 7, OVERFLOW, math.nan, [1.0, 2.0], {"w": 1.0}, np.ones(2), np.array([True]), "s"]


@pytest.mark.parametrize("desired", DESIRED, ids=repr)
@pytest.mark.parametrize("actual", [EvilFloat(1.0), EvilList([1.0, 2.0])], ids=["float", "list"])
@pytest.mark.parametrize("finite", [True, False])
def test_a_subclass_is_not_what_it_pretends_to_be(actual: Any, desired: Any, finite: bool) -> None:
    mismatch = check(actual, desired, finite=finite)
    assert mismatch is not None


numbers = st.one_of(
    st.integers(),
    st.floats(),
    st.just(HUGE),
    npst.from_dtype(np.dtype("f4")),
    npst.from_dtype(np.dtype("i8")),
)
arrays = npst.arrays(
    st.sampled_from([np.dtype(name) for name in ("f8", "f4", "i4", "u8", "?")]),
    npst.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3),
)
values = st.recursive(
    st.one_of(
        numbers,
        arrays,
        st.none(),
        st.booleans(),
        st.text(max_size=5),
        st.binary(max_size=5),
        st.complex_numbers(),
        st.sampled_from([Opaque("Decimal"), Opaque("object")]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=2) | st.integers(0, 3), inner, max_size=3),
        st.frozensets(st.integers(), max_size=3),
    ),
    max_leaves=6,
)
desired_values = st.recursive(
    st.one_of(st.floats(), st.integers(-(2**60), 2**60), arrays, st.booleans(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=2), inner, max_size=3),
    ),
    max_leaves=6,
)


@given(values, st.one_of(desired_values, st.just(OVERFLOW)), st.booleans())
def test_no_value_makes_it_raise(actual: Any, desired: Any, finite: bool) -> None:
    result = compare(actual, desired, magnitude(desired), TOLERANCE, finite)
    assert result is None or (result.public and len(result.detail) < 2000)


@given(desired_values, st.booleans())
def test_every_value_that_is_finite_or_not_equals_itself(desired: Any, finite: bool) -> None:
    assert compare(desired, desired, magnitude(desired), TOLERANCE, finite) is None


@given(st.floats(1e3, 1e9), st.floats(1e3, 1e9))
def test_the_public_sentence_quotes_no_number(actual: float, desired: float) -> None:
    for one, other in ((actual, desired), ([actual], [desired]), ({"w": actual}, {"w": desired})):
        mismatch = check(one, other)
        assert mismatch is None or not set("0123456789") & set(mismatch.public.replace("0/0", ""))


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=5), st.data())
def test_arrays_and_lists_are_judged_alike(desired: list[float], data: st.DataObject) -> None:
    noise = st.sampled_from([0.0, 1e-13, 1e-9, 1e-3, math.nan, math.inf])
    actual = [value + data.draw(noise) for value in desired]
    as_list = check(actual, desired)
    as_array = check(np.array(actual), np.array(desired))
    assert kind_of(as_list) == kind_of(as_array)
