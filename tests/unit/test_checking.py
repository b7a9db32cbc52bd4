"""Each kind of check over what the box may return: a verdict, and never a surprise."""

import doctest
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader import checking
from grader.checking import Finding, authors, growth, judge_case, public_group
from grader.dataset import CallData, CaseData, build, build_case
from grader.errors import AuthorError
from grader.form import Unlike, plain_form
from grader.outcome import CaseRun
from grader.sandbox import wire
from grader.scale import OVERFLOW
from grader.spec import (
    Args,
    Case,
    Challenge,
    Check,
    Group,
    Grows,
    Holds,
    Matches,
    Raises,
    Relates,
    Space,
    Tolerance,
    Whole,
)
from grader.values import Opaque
from grader.verdict import Verdict

ACCEPTED, WRONG = Verdict.ACCEPTED, Verdict.WRONG_ANSWER


def double(x: Any) -> Any:
    return 2 * x


def returned(value: Any, cpu_s: float = 0.0) -> CaseRun:
    return CaseRun(None, value=value, cpu_s=cpu_s)


def raised(kind: str) -> CaseRun:
    return CaseRun(Verdict.RUNTIME_ERROR, f"{kind} on line 3", raised=wire.Raised(kind))


OUT_OF_TIME = CaseRun(Verdict.TIME_LIMIT_EXCEEDED, "stopped at the limit")


class Asked:
    """A challenge of one case, as its group's check judges it."""

    def __init__(
        self, check: Check, reference: Callable[..., Any], args: Args, **fields: Any
    ) -> None:
        names = ("a", "b", "c")[: len(args)] or ("a",)
        is_growth = isinstance(check, Grows)
        self.group = Group(
            name="group",
            title="Group",
            points=1,
            cases=() if is_growth else (Case(name="case", args=args),),
            check=check,
        )
        self.challenge = Challenge(
            **{
                "id": "asked",
                "title": "Asked",
                "parameters": names,
                "reference": reference,
                "groups": (self.group,),
            }
            | fields
        )
        self.case: CaseData = next(build(self.challenge, b"secret").cases())

    def judge(self, *runs: CaseRun) -> Finding:
        return judge_case(self.challenge, self.group, self.case, runs)

    def verdict(self, *values: Any) -> Verdict:
        return self.judge(*map(returned, values)).verdict


# --- Matches ------------------------------------------------------------------------------------


def pair(x: float) -> dict[str, float]:
    return {"w": 2 * x, "b": 3 * x}


WIDE, NARROW = Tolerance(rtol=2.0**-5, atol=0), Tolerance(rtol=2.0**-20, atol=0)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"w": 2.0, "b": 3.0}, ACCEPTED),
        ({"b": 3.0, "w": 2}, ACCEPTED),
        ({"w": 2.04, "b": 3.0}, ACCEPTED),
        ({"w": 2.0, "b": 3.04}, WRONG),
        ({"w": 2.4, "b": 3.0}, WRONG),
        ({"w": 2.0}, WRONG),
        ({"w": 2.0, "b": 3.0, "c": 1.0}, WRONG),
        ([2.0, 3.0], WRONG),
        (None, WRONG),
    ],
)
def test_a_key_may_have_a_tolerance_of_its_own(value: Any, expected: Verdict) -> None:
    asked = Asked(Matches(keys={"w": WIDE}), pair, (1.0,), tolerance=NARROW)
    assert expected == asked.verdict(value)


def test_the_groups_tolerance_stands_in_for_the_challenges() -> None:
    assert [WRONG, ACCEPTED] == [
        Asked(Matches(tolerance=own), double, (1.0,), tolerance=NARROW).verdict(2.02)
        for own in (None, WIDE)
    ]


def test_a_wrong_value_is_told_with_its_place() -> None:
    found = Asked(Matches(), pair, (1.0,)).judge(returned({"w": 2.0, "b": 7.0}))
    assert Finding(WRONG, "at result['b']: expected 3.0, got 7.0") == found


@pytest.mark.parametrize("check", [Matches(), Holds(name="a", holds=double, message="m")])
def test_what_did_not_come_back_keeps_its_verdict_and_its_message(check: Check) -> None:
    asked = Asked(check, double, (1.0,))
    assert Finding(Verdict.TIME_LIMIT_EXCEEDED, "stopped at the limit") == asked.judge(OUT_OF_TIME)
    assert Finding(Verdict.RUNTIME_ERROR, "KeyError on line 3") == asked.judge(raised("KeyError"))


def test_where_the_reference_overflows_an_overflow_error_passes() -> None:
    finite, huge = Asked(Matches(), double, (1.0,)), Asked(Matches(), double, (1e308,))
    assert ACCEPTED == huge.judge(raised("OverflowError")).verdict
    assert ACCEPTED == huge.verdict(math.inf)
    # What other tools raise for the same: math.fsum, numpy under errstate, warnings as errors.
    for kind in ("ValueError", "FloatingPointError", "ArithmeticError", "RuntimeWarning"):
        assert ACCEPTED == huge.judge(raised(kind)).verdict
    assert Verdict.RUNTIME_ERROR == huge.judge(raised("TypeError")).verdict
    assert Verdict.RUNTIME_ERROR == finite.judge(raised("OverflowError")).verdict


# --- Holds --------------------------------------------------------------------------------------

MESSAGE = "The loss does not fall."


def never_called(*args: Any) -> bool:
    raise AssertionError(f"the property was asked about {args}")


def holding(function: Callable[..., Any], reference: Callable[..., Any], *args: Any) -> Asked:
    return Asked(Holds(name="falls", holds=function, message=MESSAGE), reference, args)


def number(_: float) -> float:
    return 1.5


def numbers(_: float) -> list[float]:
    return [1.0, 2.0]


def nested(_: float) -> dict[str, Any]:
    return {"w": [1.0, 2.0], "b": 3.0}


def matrix(_: float) -> Any:
    return np.array([[1.0, 2.0], [3.0, 4.0]])


NO_NUMBERS = [
    *(None, "1.5", b"1.5", True, 1j, [1.5], (1.5,), {"w": 1.5}, {1.5}, np.array([1.5])),
    *(Opaque("Decimal"), Opaque("object"), math.nan, math.inf, -math.inf, 10**400, -(10**400)),
    *(np.float64(math.nan), np.float16(math.inf), np.complex64(1), np.bool_(True)),
    np.longdouble("1e4000"),
]


@pytest.mark.parametrize("value", NO_NUMBERS, ids=repr)
def test_the_property_sees_finite_numbers_only(value: Any) -> None:
    found = holding(never_called, number, 1.0).judge(returned(value))
    assert WRONG == found.verdict
    assert MESSAGE != found.message


@pytest.mark.parametrize(
    "value",
    [
        *NO_NUMBERS,
        [],
        [1.0],
        [1.0, 2.0, 3.0],
        [1.0, None],
        ["1.0", "2.0"],
        [1.0, math.nan],
        [10**400, 2.0],
        {0: 1.0, 1: 2.0},
        "12",
        np.array([1.0, math.inf]),
        np.array([1j, 2j]),
        np.array([True, False]),
        np.ones((2, 2)),
        np.ones((2, 0)),
    ],
    ids=repr,
)
def test_the_property_sees_lists_of_the_right_length_only(value: Any) -> None:
    assert WRONG == holding(never_called, numbers, 1.0).verdict(value)


@pytest.mark.parametrize(
    "value",
    [
        *NO_NUMBERS,
        {},
        {"w": [1.0, 2.0]},
        {"w": [1.0, 2.0], "b": 3.0, "c": 0.0},
        {"w": 1.0, "b": 3.0},
        {"w": [1.0, 2.0], "b": [3.0]},
        {"w": [1.0, math.nan], "b": 3.0},
        {Opaque("object"): 1.0, "b": 3.0},
        {math.nan: [1.0, 2.0], "b": 3.0},
        [("w", [1.0, 2.0]), ("b", 3.0)],
    ],
    ids=repr,
)
def test_the_property_sees_dicts_with_the_right_keys_only(value: Any) -> None:
    assert WRONG == holding(never_called, nested, 1.0).verdict(value)


@pytest.mark.parametrize(
    "value",
    [
        *NO_NUMBERS,
        [[1.0, 2.0], [3.0, 4.0]],
        np.ones((2, 3)),
        np.ones(4),
        np.array([[1.0, 2.0], [3.0, math.nan]]),
        np.full((2, 2), np.longdouble("1e4000")),
        np.ones((2, 2), dtype=complex),
        np.ones((2, 2), dtype=bool),
    ],
    ids=repr,
)
def test_the_property_sees_arrays_of_the_right_shape_only(value: Any) -> None:
    assert WRONG == holding(never_called, matrix, 1.0).verdict(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (2, 2.0),
        (np.float32(0.5), 0.5),
        (np.int8(-3), -3.0),
        (np.array(1.25), 1.25),
    ],
    ids=repr,
)
def test_a_number_comes_as_a_plain_float(value: Any, expected: float) -> None:
    seen: list[Any] = []

    def note(output: Any, _: float) -> bool:
        seen.append(output)
        return True

    assert ACCEPTED == holding(note, number, 1.0).verdict(value)
    assert [expected] == seen
    assert float is type(seen[0])


@pytest.mark.parametrize("value", [[1, 2], (1.0, np.float32(2)), np.array([1, 2])], ids=repr)
def test_a_sequence_comes_as_a_list_of_floats(value: Any) -> None:
    plain = plain_form(value, [0.0, 0.0])
    assert [1.0, 2.0] == plain
    assert [list, float, float] == [type(plain), *map(type, plain)]


@pytest.mark.parametrize("kind", ["i1", "u8", "f2", "f4", "f8", ">f8", "longdouble"])
def test_an_array_comes_as_floats_and_as_a_copy(kind: str) -> None:
    value = np.array([1, 2], dtype=kind)
    plain = plain_form(value, np.zeros(2))
    assert ([1.0, 2.0], np.dtype(np.float64)) == (plain.tolist(), plain.dtype)
    plain[0] = 7
    assert [1, 2] == value.tolist()


def test_what_stands_beside_the_numbers_is_passed_on() -> None:
    desired = {"name": "sgd", "done": True, "none": None, "w": 1.0}
    value = {"w": 2, "name": "adam", "done": False, "none": None}
    assert {"name": "adam", "done": False, "none": None, "w": 2.0} == plain_form(value, desired)


@pytest.mark.parametrize(("value", "expected"), [(3.0, ACCEPTED), (4.0, WRONG)])
def test_the_property_decides_and_sees_the_arguments(value: float, expected: Verdict) -> None:
    def is_sum(output: float, a: float, b: float) -> bool:
        return output == a + b

    def add(a: float, b: float) -> float:
        return a + b

    found = holding(is_sum, add, 1.0, 2.0).judge(returned(value))
    assert Finding(expected, None if expected is ACCEPTED else MESSAGE) == found


def test_a_property_that_spoils_its_arguments_spoils_nothing() -> None:
    def spoil(output: float, a: list[float]) -> bool:
        return output == a.pop() + a.pop()

    asked = holding(spoil, sum, [1.0, 2.0])
    assert [ACCEPTED, ACCEPTED] == [asked.verdict(3.0), asked.verdict(3.0)]


def test_a_property_that_raises_is_its_authors_fault() -> None:
    def broken(output: float, _: float) -> bool:
        nothing: dict[float, bool] = {}
        return nothing[output]

    with pytest.raises(AuthorError, match="the spec's function broken raised KeyError"):
        holding(broken, number, 1.0).verdict(1.0)


@pytest.mark.parametrize("said", ["yes", 1, 0, 1.0, [True], np.array([True, False])], ids=repr)
def test_a_property_that_says_neither_true_nor_false_is_its_authors_fault(said: Any) -> None:
    with pytest.raises(AuthorError, match="'falls' has to say True or False"):
        holding(lambda *_: said, number, 1.0).verdict(1.0)


@pytest.mark.parametrize(("said", "expected"), [(np.True_, ACCEPTED), (np.False_, WRONG)])
def test_numpys_booleans_are_answers(said: Any, expected: Verdict) -> None:
    assert expected == holding(lambda *_: said, number, 1.0).verdict(1.0)


def test_numbers_that_overflow_in_a_property_are_not_accepted() -> None:
    def grows(output: float, _: float) -> bool:
        return math.exp(output) > 0

    assert ACCEPTED == holding(grows, number, 1.0).verdict(1.0)
    assert Finding(WRONG, MESSAGE) == holding(grows, number, 1.0).judge(returned(1e4))


def test_numpy_overflows_without_a_word() -> None:
    def square(output: Any, _: float) -> bool:
        return bool(np.isfinite(np.square(output)).all())

    with np.errstate(all="raise"):
        assert WRONG == holding(square, matrix, 1.0).verdict(np.full((2, 2), 1e300))


@pytest.mark.parametrize("value", [None, 1.5, True, ["abc"], Opaque("object")], ids=repr)
def test_no_property_meets_another_kind_where_a_text_is_wanted(value: Any) -> None:
    def begins(output: str, _: float) -> bool:
        return output.startswith("a")

    asked = holding(begins, lambda _: "abc", 1.0)
    assert [ACCEPTED, WRONG] == [asked.verdict("abcd"), asked.verdict("bcd")]
    assert WRONG == asked.verdict(value)


@pytest.mark.parametrize("value", [None, "yes", [True], np.ones(3), Opaque("object")], ids=repr)
def test_no_property_meets_another_kind_where_a_boolean_is_wanted(value: Any) -> None:
    def agrees(output: bool, a: float) -> bool:
        return output == (a > 0)

    asked = holding(agrees, lambda a: a > 0, 1.0)
    assert [ACCEPTED, WRONG] == [asked.verdict(True), asked.verdict(False)]
    assert WRONG == asked.verdict(value)


def test_an_array_of_booleans_is_passed_on_where_one_is_wanted() -> None:
    def first(output: Any, _: float) -> bool:
        return bool(output[0])

    asked = holding(first, lambda a: np.array([a, -a]) > 0, 1.0)
    assert ACCEPTED == asked.verdict(np.array([True, False]))
    assert WRONG == asked.verdict(np.array([False, False]))


@pytest.mark.parametrize("value", [math.inf, math.nan, 10**400], ids=["inf", "nan", "huge"])
def test_a_value_may_run_away_where_a_huge_whole_number_is_wanted(value: Any) -> None:
    assert WRONG == holding(never_called, lambda _: 10**400, 1.0).verdict(value)


def overflowing(_: float) -> float:
    raise OverflowError("math range error")


@pytest.mark.parametrize("value", [math.inf, math.nan, None])
def test_a_value_may_run_away_where_the_reference_overflows(value: Any) -> None:
    assert holding(lambda *_: False, overflowing, 1.0).verdict(value) in (ACCEPTED, WRONG)


# --- plain_form, whatever comes -----------------------------------------------------------------

DTYPES = ["?", "i1", "i8", "u8", "f2", "f4", "f8", "longdouble", "c8", "clongdouble"]
arrays = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=3))
)
scalars = st.sampled_from(DTYPES).flatmap(lambda dtype: hnp.from_dtype(np.dtype(dtype)))
keys = st.none() | st.integers() | st.text(max_size=3) | st.floats() | st.booleans()
leaves = (
    keys
    | st.binary(max_size=3)
    | st.complex_numbers()
    | st.integers(-(2**2000), 2**2000)
    | st.sampled_from(["Decimal", "object", "array of objects"]).map(Opaque)
    | arrays
    | scalars
)


def containers(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.lists(children, max_size=3)
        | st.lists(children, max_size=3).map(tuple)
        | st.dictionaries(keys, children, max_size=3)
        | st.sets(keys, max_size=3)
    )


decoded = st.recursive(leaves, containers, max_leaves=10)
real_arrays = st.sampled_from(["f8", "f4", "i8"]).flatmap(
    lambda dtype: hnp.arrays(
        dtype,
        hnp.array_shapes(min_dims=0, max_side=3),
        elements={"allow_nan": False, "allow_infinity": False} if dtype[0] == "f" else None,
    )
)
desired_leaves = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-99, 99)
desired_values = st.recursive(
    desired_leaves | st.text(max_size=2) | st.none() | st.booleans() | real_arrays,
    lambda children: (
        st.lists(children, max_size=3)
        | st.lists(children, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=2) | st.integers(), children, max_size=3)
    ),
    max_leaves=6,
)


def form_of(actual: Any, desired: Any) -> Any:
    try:
        return plain_form(actual, desired)
    except Unlike as unlike:
        return unlike


def is_plain(plain: Any, desired: Any) -> bool:
    """Tell whether a form is made of what an author's function may rely on."""
    if isinstance(desired, dict):
        return (
            type(plain) is dict
            and plain.keys() == desired.keys()
            and all(is_plain(plain[key], desired[key]) for key in desired)
        )
    if isinstance(desired, list | tuple):
        same = type(plain) is list and len(plain) == len(desired)
        return same and all(map(is_plain, plain, desired))
    if isinstance(desired, np.ndarray) and desired.ndim:
        return (
            type(plain) is np.ndarray
            and (plain.dtype, plain.shape) == (np.dtype(float), desired.shape)
            and bool(np.isfinite(plain).all())
        )
    if isinstance(desired, bool | str | None):
        return True
    return type(plain) is float and math.isfinite(plain)


@given(decoded, desired_values)
def test_every_value_has_the_form_or_is_unlike(actual: Any, desired: Any) -> None:
    found = form_of(actual, desired)
    assert isinstance(found, Unlike) or is_plain(found, desired)


@given(desired_values)
def test_an_answer_has_its_own_form(desired: Any) -> None:
    assert is_plain(form_of(desired, desired), desired)


@given(decoded)
def test_every_value_is_a_finite_number_or_unlike_one(actual: Any) -> None:
    found = form_of(actual, 1.0)
    assert isinstance(found, Unlike) or (type(found) is float and math.isfinite(found))


@pytest.mark.parametrize(
    "actual", [math.nan, 10**400, "text", 1.0], ids=["nan", "huge", "text", "number"]
)
@pytest.mark.parametrize("desired", [OVERFLOW, 10**400], ids=["overflow", "huge"])
def test_what_is_wanted_may_be_beyond_a_float(actual: Any, desired: Any) -> None:
    found = form_of(actual, desired)
    assert isinstance(found, Unlike) or 1.0 == found


def test_what_is_unlike_tells_its_place_and_nothing_of_a_value_in_public() -> None:
    found = form_of({"w": [1.0, "31.41"]}, {"w": [1.0, 2.0]})
    assert "at result['w'][1]: expected a number, got a string" in found.mismatch.detail
    assert "31.41" not in found.mismatch.public


# --- Relates ------------------------------------------------------------------------------------

ODD = "f(-x) has to be -f(x)."


def negated(x: float) -> Args:
    return (-x,)


def flipped(first: float, _: float) -> float:
    return -first


def relating(expected: Callable[..., Any] = flipped, **fields: Any) -> Asked:
    check = Relates(name="odd", second=negated, expected=expected, message=ODD, **fields)
    return Asked(check, double, (1.5,))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((3.0, -3.0), ACCEPTED),
        ((7, np.float32(-7)), ACCEPTED),
        ((0.0, 0.0), ACCEPTED),
        ((3.0, 3.0), WRONG),
        ((3.0, -3.1), WRONG),
        ((3.0, None), WRONG),
        (("3.0", -3.0), WRONG),
        ((math.nan, math.nan), WRONG),
        ((math.inf, -math.inf), WRONG),
        (([3.0], [-3.0]), WRONG),
        ((Opaque("Decimal"), -3.0), WRONG),
    ],
    ids=repr,
)
def test_two_answers_have_to_relate(values: tuple[Any, Any], expected: Verdict) -> None:
    assert expected == relating().verdict(*values)


def test_a_broken_relation_is_said_in_the_authors_words() -> None:
    assert Finding(WRONG, ODD) == relating().judge(returned(3.0), returned(3.0))
    assert "expected a number" in (relating().judge(returned(3.0), returned(None)).message or "")


@pytest.mark.parametrize(("own", "expected"), [(None, WRONG), (WIDE, ACCEPTED)])
def test_a_relation_has_a_tolerance(own: Tolerance | None, expected: Verdict) -> None:
    assert expected == relating(tolerance=own).verdict(3.0, -3.01)


@pytest.mark.parametrize("first", [True, False])
def test_a_call_that_does_not_come_back_breaks_no_relation(first: bool) -> None:
    runs = (OUT_OF_TIME, returned(1.0)) if first else (returned(1.0), OUT_OF_TIME)
    assert Finding(Verdict.TIME_LIMIT_EXCEEDED, "stopped at the limit") == relating().judge(*runs)


def test_a_relation_that_raises_is_its_authors_fault() -> None:
    with pytest.raises(AuthorError, match="raised TypeError"):
        relating(lambda first, _: first + "").verdict(3.0, -3.0)


def test_numbers_that_overflow_in_a_relation_are_not_accepted() -> None:
    asked = relating(lambda first, _: math.exp(first))
    assert Finding(WRONG, ODD) == asked.judge(returned(1e4), returned(0.0))


def test_a_relation_of_arrays_is_checked_entry_by_entry() -> None:
    def scaled(x: Any) -> Any:
        return 2.0 * x

    check = Relates(
        name="odd", second=lambda x: (-x,), expected=lambda first, _: -first, message=ODD
    )
    asked = Asked(check, scaled, (np.array([1.0, -2.0]),))
    right = np.array([2.0, -4.0])
    assert ACCEPTED == asked.verdict(right, -right)
    assert WRONG == asked.verdict(right, np.array([-2.0, -4.0]))
    assert WRONG == asked.verdict(right, -right[:1])


# --- Raises -------------------------------------------------------------------------------------


def refuse(_: float) -> float:
    raise ZeroDivisionError("no data")


def raising(*kinds: str) -> Asked:
    return Asked(Raises(kinds=kinds, message="No data is an error."), refuse, (1.0,))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("ZeroDivisionError", ACCEPTED),
        ("OverflowError", ACCEPTED),
        ("ArithmeticError", ACCEPTED),
        ("ValueError", WRONG),
        ("Exception", WRONG),
        ("BaseException", WRONG),
        ("KeyboardInterrupt", WRONG),
        ("TypeError", WRONG),
    ],
)
def test_an_exception_of_the_kind_or_a_subclass_is_accepted(kind: str, expected: Verdict) -> None:
    found = raising("ArithmeticError").judge(raised(kind))
    assert expected == found.verdict
    if expected is WRONG:
        said = (
            f"expected an exception of the kind ArithmeticError, got {kind}: No data is an error."
        )
        assert said == found.message


def test_any_of_the_kinds_is_accepted() -> None:
    asked = raising("ValueError", "ZeroDivisionError")
    expected = {"ValueError": ACCEPTED, "UnicodeError": ACCEPTED, "IndexError": WRONG}
    assert expected == {kind: asked.judge(raised(kind)).verdict for kind in expected}
    assert "ValueError or ZeroDivisionError" in (asked.judge(raised("KeyError")).message or "")


@pytest.mark.parametrize("value", [None, 0.0, math.nan, "ZeroDivisionError", Opaque("object")])
def test_an_answer_is_no_exception(value: Any) -> None:
    found = raising("ZeroDivisionError").judge(returned(value))
    assert WRONG == found.verdict
    assert found.message is not None
    assert found.message.startswith("expected an exception of the kind ZeroDivisionError, got ")
    assert found.message.endswith(": No data is an error.")


@pytest.mark.parametrize("verdict", [v for v in Verdict if v not in (ACCEPTED, Verdict.SKIPPED)])
def test_what_is_no_exception_keeps_its_verdict(verdict: Verdict) -> None:
    run = CaseRun(verdict, "as it was")
    assert Finding(verdict, "as it was") == raising("ZeroDivisionError").judge(run)


@pytest.mark.parametrize("kind", sorted(wire.EXCEPTION_KINDS))
def test_every_kind_that_the_box_may_name_has_a_verdict(kind: str) -> None:
    assert raising("ZeroDivisionError").judge(raised(kind)).verdict in (ACCEPTED, WRONG)


def test_an_overflow_may_be_the_error_that_is_expected() -> None:
    asked = Asked(Raises(kinds=("OverflowError",), message="m"), overflowing, (1.0,))
    assert ACCEPTED == asked.judge(raised("OverflowError")).verdict


@pytest.mark.parametrize("kind", ["IOError", "OSError"])
def test_an_exception_may_be_expected_by_its_other_name(kind: str) -> None:
    def missing(_: float) -> float:
        raise OSError("no file")

    asked = Asked(Raises(kinds=(kind,), message="m"), missing, (1.0,))
    assert ACCEPTED == asked.judge(raised("FileNotFoundError")).verdict


@pytest.mark.parametrize("reference", [double, overflowing])
def test_a_reference_that_does_not_raise_as_expected_is_its_authors_fault(
    reference: Callable[..., Any],
) -> None:
    with pytest.raises(AuthorError, match="the reference has to raise KeyError"):
        Asked(Raises(kinds=("KeyError",), message="m"), reference, (1.0,))


# --- Grows --------------------------------------------------------------------------------------


def growing(order: float = 1.0) -> Asked:
    check = Grows(
        name="linear",
        make=lambda size: ([1.0] * size,),
        size=10,
        order=order,
        message="One pass is enough.",
    )
    return Asked(check, sum, ([1.0],))


def timed(*seconds: float) -> list[CaseRun]:
    return [returned(size, cpu_s) for size, cpu_s in zip((10, 40, 160), seconds, strict=True)]


@pytest.mark.parametrize(
    ("order", "times", "expected"),
    [
        (1.0, (0.001, 0.004, 0.016), ACCEPTED),
        (1.0, (0.001, 0.006, 0.060), ACCEPTED),
        (1.0, (0.001, 0.016, 0.256), Verdict.TIME_LIMIT_EXCEEDED),
        (2.0, (0.001, 0.016, 0.256), ACCEPTED),
        (2.0, (0.001, 0.064, 4.096), Verdict.TIME_LIMIT_EXCEEDED),
        (0.0, (0.001, 0.002, 0.004), ACCEPTED),
        (0.0, (0.001, 0.004, 0.016), Verdict.TIME_LIMIT_EXCEEDED),
        (1.0, (0.0, 0.0, 0.0), ACCEPTED),
        (1.0, (0.1, 0.05, 0.02), ACCEPTED),
        # What takes next to nothing says nothing: the clock's own grain.
        (1.0, (1e-9, 1e-7, 1e-5), ACCEPTED),
        # Work in the middle hides no growth.
        (1.0, (0.002, 0.5, 0.5), Verdict.TIME_LIMIT_EXCEEDED),
    ],
)
def test_time_may_grow_as_declared(
    order: float, times: tuple[float, ...], expected: Verdict
) -> None:
    assert expected == growing(order).judge(*timed(*times)).verdict


def test_a_growth_is_told_with_sizes_times_and_orders() -> None:
    found = growing().judge(*timed(0.001, 0.016, 0.256))
    expected = (
        "sizes 10, 40, 160 took 1.0 ms, 16.0 ms, 256.0 ms: growth of order 2.0 where 1 was "
        "expected; One pass is enough."
    )
    assert expected == found.message


@pytest.mark.parametrize("value", [None, "text", math.nan, 170.0, [160.0]])
def test_no_answer_is_fast_for_being_none(value: Any) -> None:
    right = timed(0.001, 0.004, 0.016)
    found = growing().judge(*right[:2], returned(value, 0.0))
    assert WRONG == found.verdict
    assert "its time says nothing; One pass is enough." in (found.message or "")


def test_of_a_long_answer_some_entries_are_looked_at() -> None:
    check = Grows(name="copy", make=lambda n: ([1.5] * n,), size=40, message="Copy once.")
    asked = Asked(check, list, ([1.0],))
    right = [[1.5] * size for size in (40, 160, 640)]
    wrong = ([1.5] * 639, [1.5] * 639 + [2.5], [0.0] * 640, {0: 1.5})
    assert ACCEPTED == asked.judge(*(returned(value, 0.001) for value in right)).verdict
    for last in wrong:
        runs = [returned(value, 0.001) for value in (*right[:2], last)]
        assert WRONG == asked.judge(*runs).verdict


@pytest.mark.parametrize("at", range(3))
def test_a_growing_call_that_does_not_come_back_keeps_its_verdict(at: int) -> None:
    runs = timed(0.001, 0.004, 0.016)
    runs[at] = OUT_OF_TIME
    assert Finding(Verdict.TIME_LIMIT_EXCEEDED, "stopped at the limit") == growing().judge(*runs)


def test_one_time_that_is_read_wrongly_fails_nobody() -> None:
    for times in ((0.0, 0.04, 0.16), (0.01, 0.0, 0.16), (0.01, 0.04, 0.0)):
        assert ACCEPTED == growing().judge(*timed(*times)).verdict


@given(st.floats(1e-3, 1e-2), st.floats(0.0, 3.0))
def test_the_order_of_a_power_is_its_exponent(first: float, order: float) -> None:
    times = [first * size**order for size in (1, 4, 16)]
    assert growth(times) == pytest.approx(order, abs=1e-9)


def test_the_examples_of_the_module_hold() -> None:
    results = doctest.testmod(checking)
    assert results.attempted > 0
    assert 0 == results.failed


# --- the author's functions, and the public space -------------------------------------------------


def test_an_authors_function_that_raises_is_named() -> None:
    def slip(x: float) -> float:
        return 1 / x

    assert 0.5 == authors(slip, 2.0)
    assert authors(lambda x: math.exp(x), 1e4) is None
    with pytest.raises(AuthorError, match="function slip raised ZeroDivisionError: float division"):
        authors(slip, 0.0)


def test_a_public_input_is_judged_by_the_spaces_own_check() -> None:
    check = Holds(name="even", holds=lambda output, a: output == 2 * a, message="It is even.")
    space = Space(of=(Whole(low=0, high=3),), check=check)
    asked = Asked(Matches(), double, (1.0,), space=space)
    group = public_group(space)
    case = build_case(asked.challenge, group, "public", (3,))
    found = [judge_case(asked.challenge, group, case, [returned(each)]) for each in (6, 7)]
    assert [Finding(ACCEPTED), Finding(WRONG, "It is even.")] == found


def test_a_case_knows_its_further_calls() -> None:
    second = relating().case.more[0]
    assert CallData is type(second)
    assert (-3.0, True) == (second.desired, second.finite)
