"""Specs: an author's slip is refused when the spec loads, with a line that names it."""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.checks import Check
from grader.spec import (
    Args,
    ArrayOf,
    Case,
    Challenge,
    Group,
    Grows,
    Holds,
    ListOf,
    Matches,
    Misconception,
    Number,
    OneOf,
    Raises,
    Record,
    Relates,
    Space,
    Tolerance,
    Whole,
    functions_of,
)


def reference(x: float) -> float:
    return 2 * x


def variant(x: float) -> float:
    return 3 * x


def scale(x: float) -> float:
    return abs(x)


def draw(rng: np.random.Generator) -> list[Args]:
    return [(rng.normal(),)]


def is_even(output: float, x: float) -> bool:
    return output == 2 * x


def negated(x: float) -> Args:
    return (-x,)


def flipped(first: float, _: float) -> float:
    return -first


def made(size: int) -> Args:
    return ([0.0] * size,)


def as_args(x: float) -> Args:
    return (x,)


ONE = (Case(name="one", args=(1.0,)),)
HOLDS = Holds(name="even", holds=is_even, message="It is even.")
RELATES = Relates(name="odd", second=negated, expected=flipped, message="It is odd.")
RAISES = Raises(message="An empty list is an error.")
GROWS = Grows(name="linear", make=made, size=10, message="One pass is enough.")


def group(name: str = "group", check: Check | None = None, **fields: Any) -> Group:
    return Group(
        **{
            "name": name,
            "title": name.capitalize(),
            "points": 1,
            "cases": () if isinstance(check, Grows) else ONE,
            "check": check or Matches(),
        }
        | fields
    )


def challenge(*groups: Group, **fields: Any) -> Challenge:
    return Challenge(
        **{
            "id": "twice",
            "title": "Twice",
            "parameters": ("x",),
            "reference": reference,
            "groups": groups or (group(),),
        }
        | fields
    )


# --- groups -------------------------------------------------------------------------------------


def test_a_group_may_depend_on_earlier_ones() -> None:
    last = group("c", depends_on=("a", "b"))
    assert ("a", "b") == challenge(group("a"), group("b"), last).groups[2].depends_on


@pytest.mark.parametrize(
    "names", [("nowhere",), ("later",), ("middle",), ("first", "nowhere")], ids="+".join
)
def test_a_group_cannot_depend_on_what_is_no_earlier_group(names: tuple[str, ...]) -> None:
    groups = (group("first"), group("middle", depends_on=names), group("later"))
    missing = names[-1]
    with pytest.raises(ValidationError, match=f"'middle' depends on '{missing}', which is no earl"):
        challenge(*groups)


@pytest.mark.parametrize(
    "other",
    [{"cases": ONE}, {"generate": draw, "draws": 2}, {"draws": 2}],
    ids=["cases", "generator", "draws alone"],
)
def test_a_growth_brings_its_own_case(other: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="`Grows` makes its own case"):
        group(check=GROWS, **other)
    assert () == group(check=GROWS).cases


@pytest.mark.parametrize("check", [Matches(), HOLDS, RELATES, RAISES])
def test_every_other_check_needs_cases(check: Check) -> None:
    with pytest.raises(ValidationError, match="'group' has no cases"):
        group(check=check, cases=())
    assert check == group(check=check, cases=(), generate=draw, draws=2).check


@pytest.mark.parametrize("half", [{"generate": draw}, {"draws": 2}])
def test_a_generator_and_its_draws_go_together(half: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="`generate` and `draws` go together"):
        group(**half)


def test_names_are_unique() -> None:
    with pytest.raises(ValidationError, match="group 'a' is declared twice"):
        challenge(group("a"), group("b"), group("a"))
    twice = Misconception(id="m", variant=variant, title="M", hint="Look.")
    with pytest.raises(ValidationError, match="misconception 'm' is declared twice"):
        challenge(misconceptions=(twice, twice))


def test_a_case_has_as_many_arguments_as_the_function() -> None:
    with pytest.raises(
        ValidationError, match=r"case 'two' of group 'group' has 2 arguments; twice"
    ):
        challenge(group(cases=(Case(name="two", args=(1.0, 2.0)),)))


def test_points_that_add_up_to_nothing_are_refused() -> None:
    with pytest.raises(ValidationError, match="add up to nothing"):
        challenge(group("a", points=0), group("b", points=0))
    assert 1 == challenge(group("a", points=0), group("b")).groups[1].points


@pytest.mark.parametrize("runs", [0, 6, -1])
def test_runs_are_few_and_at_least_one(runs: int) -> None:
    with pytest.raises(ValidationError, match="runs"):
        challenge(runs=runs)
    assert (1, 5) == (challenge().runs, challenge(runs=5).runs)


# --- checks -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ValueError", "ArithmeticError", "Exception", "IOError"])
def test_built_in_exceptions_can_be_expected(kind: str) -> None:
    assert (kind,) == Raises(kinds=(kind,), message="m").kinds


@pytest.mark.parametrize(
    "kind",
    ["KeyboardInterrupt", "SystemExit", "BaseException", "print", "int", "LinAlgError", "", "True"],
)
def test_what_is_no_built_in_exception_cannot_be_expected(kind: str) -> None:
    with pytest.raises(ValidationError, match=f"{kind!r} is not the name of a built-in exception"):
        Raises(kinds=("ValueError", kind), message="m")


def test_at_least_one_kind_is_expected() -> None:
    with pytest.raises(ValidationError, match="names no exception"):
        Raises(kinds=(), message="m")


def test_a_growth_is_measured_at_three_sizes() -> None:
    assert (10, 40, 160) == GROWS.sizes
    with pytest.raises(ValidationError, match="size"):
        Grows(name="linear", make=made, size=0, message="m")


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Matches, {"tolerence": Tolerance()}),
        (Holds, {"name": "a", "holds": is_even, "message": "m", "mesage": "m"}),
        (Relates, {"name": "a", "second": negated, "expected": flipped, "message": "m", "x": 1}),
        (Raises, {"message": "m", "kind": ("ValueError",)}),
        (Grows, {"name": "a", "make": made, "size": 1, "message": "m", "sizes": (1,)}),
        (Space, {"of": (Whole(low=0, high=1),), "show": ("x",)}),
        (Number, {"low": 0, "high": 1, "stpe": 1}),
        (Whole, {"low": 0, "high": 1, "max": 1}),
        (ListOf, {"of": Whole(low=0, high=1), "max": 3}),
        (Record, {"fields": {}, "field": {}}),
        (ArrayOf, {"shape": (1,), "low": 0, "high": 1, "dtype": "f4"}),
        (OneOf, {"values": (1,), "value": 1}),
        (Case, {"name": "a", "args": (1,), "arg": 1}),
    ],
)
def test_a_misspelt_field_is_refused(model: Callable[..., Any], fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        model(**fields)


def test_a_misspelt_field_of_a_group_or_a_challenge_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        group(depend_on=("a",))
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        challenge(spaces=None)


@pytest.mark.parametrize("message", ["", "m" * 301])
def test_a_message_says_something_and_not_too_much(message: str) -> None:
    for model, fields in (
        (Holds, {"name": "a", "holds": is_even}),
        (Relates, {"name": "a", "second": negated, "expected": flipped}),
        (Raises, {}),
        (Grows, {"name": "a", "make": made, "size": 1}),
    ):
        with pytest.raises(ValidationError, match="message"):
            model(**fields, message=message)


# --- spaces -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "empty",
    [
        lambda: Number(low=1.0, high=0.5),
        lambda: Whole(low=1, high=0),
        lambda: ArrayOf(shape=(2,), low=1.0, high=0.5),
        lambda: ListOf(of=Whole(low=1, high=0)),
        lambda: ListOf(of=ListOf(of=Number(low=1.0, high=0.5))),
        lambda: Record(fields={"w": Whole(low=1, high=0)}),
        lambda: ListOf(of=Record(fields={"w": ArrayOf(shape=(1,), low=1.0, high=0.5)})),
        lambda: Number(low=0.1, high=0.4, step=0.5),
        lambda: ArrayOf(shape=(2,), low=0.1, high=0.4, step=0.5),
        lambda: ListOf(of=Whole(low=0, high=1), least=3, most=2),
        lambda: Number(low=0.0, high=math.nan),
    ],
    ids=[
        *("number", "whole", "array", "list", "list of lists", "record", "list of records"),
        *("between two steps", "array between two steps", "least above most", "nan"),
    ],
)
def test_a_domain_without_a_value_is_refused(empty: Callable[[], Any]) -> None:
    with pytest.raises(ValidationError):
        Space(of=(empty(),))


def test_a_domain_without_an_end_is_refused() -> None:
    with pytest.raises((ValidationError, OverflowError)):
        Space(of=(Number(low=0.0, high=math.inf),))


def test_a_space_has_domains_and_a_choice_has_values() -> None:
    with pytest.raises(ValidationError, match="at least 1 item"):
        Space(of=())
    with pytest.raises(ValidationError, match="at least 1 item"):
        OneOf(values=())


@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (Number, {"low": 0, "high": 1, "step": 0}),
        (Number, {"low": 0, "high": 1, "step": -0.5}),
        (ArrayOf, {"shape": (1,), "low": 0, "high": 1, "step": 0}),
        (ListOf, {"of": Whole(low=0, high=1), "least": -1}),
        (ListOf, {"of": Whole(low=0, high=1), "most": 21}),
        (Space, {"of": (Whole(low=0, high=1),), "shows": ("not a name",)}),
    ],
)
def test_a_domain_that_makes_no_sense_is_refused(
    model: Callable[..., Any], fields: dict[str, Any]
) -> None:
    with pytest.raises(ValidationError):
        model(**fields)


def test_a_single_value_is_a_domain() -> None:
    point = (Number(low=0.5, high=0.5), Whole(low=3, high=3), ArrayOf(shape=(1,), low=2, high=2))
    assert point == Space(of=point).of


def test_domains_keep_their_kind_at_every_depth() -> None:
    domain = ListOf(of=Record(fields={"x": Number(low=0, high=1), "n": Whole(low=0, high=1)}))
    (kept,) = Space(of=(domain,)).of
    assert domain == kept
    assert isinstance(kept, ListOf)
    assert isinstance(kept.of, Record)
    assert [Number, Whole] == [type(kept.of.fields["x"]), type(kept.of.fields["n"])]


# --- functions of a declaration -----------------------------------------------------------------


def names(declaration: Any) -> list[str]:
    return sorted(each.__name__ for each in functions_of(declaration))


def test_every_function_of_a_challenge_is_found() -> None:
    found = challenge(
        group("matches", generate=draw, draws=1),
        group("holds", HOLDS),
        group("relates", RELATES),
        group("raises", RAISES),
        group("grows", GROWS),
        misconceptions=(Misconception(id="m", variant=variant, title="M", hint="Look."),),
        scale=scale,
        space=Space(of=(Whole(low=0, high=1),), make=as_args, check=HOLDS),
    )
    expected = [reference, variant, scale, draw, is_even, negated, flipped, made, as_args, is_even]
    assert sorted(each.__name__ for each in expected) == names(found)


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        (HOLDS, ["is_even"]),
        (RELATES, ["flipped", "negated"]),
        (GROWS, ["made"]),
        (RAISES, []),
        (Matches(keys={"w": Tolerance()}), []),
        (Space(of=(Whole(low=0, high=1),), make=as_args), ["as_args"]),
        (Space(of=(Whole(low=0, high=1),), check=RELATES), ["flipped", "negated"]),
        ([(reference, {"a": [variant]})], ["reference", "variant"]),
        (OneOf(values=(math.sqrt, 1.0)), ["sqrt"]),
        (float, []),
        ("text", []),
        (None, []),
    ],
)
def test_functions_are_found_where_they_stand(declaration: Any, expected: list[str]) -> None:
    assert expected == names(declaration)


def test_a_partial_function_is_a_function() -> None:
    bound = functools.partial(reference, 2.0)
    assert [bound] == list(functions_of([bound]))


@given(st.integers(0, 40), st.lists(st.sampled_from(["tuple", "list", "dict"]), max_size=8))
def test_functions_are_found_at_any_depth(beside: int, wrappings: list[str]) -> None:
    nested: Any = reference
    for wrapping in wrappings:
        around = (beside, nested, "text")
        nested = {"a": nested, "b": beside} if wrapping == "dict" else around
        nested = list(around) if wrapping == "list" else nested
    assert [reference] == list(functions_of(nested))
