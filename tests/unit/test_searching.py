"""The search: the same answer everywhere, as small as its steps reach, never out of bounds."""

import itertools
import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.declared import Args
from grader.searching import CALLS, DRAWS, find, make
from grader.space import ArrayOf, ListOf, Number, OneOf, Record, Space, Whole


def space(*domains: Any, **fields: Any) -> Space:
    return Space(of=domains, **fields)


class Counted:
    """A property that counts how often it is asked, and keeps what it was asked about."""

    def __init__(self, holds: Callable[..., bool]) -> None:
        self._holds = holds
        self.asked: list[Args] = []

    def __call__(self, args: Args) -> bool:
        self.asked.append(args)
        return self._holds(*args)


def found(domain: Any, holds: Callable[..., bool]) -> Any:
    (value,) = find(space(domain), lambda args: holds(*args)) or (None,)
    return value


def never(*_: Any) -> bool:
    return False


# --- the simplest -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("domain", "simplest"),
    [
        (Whole(low=-5, high=9), 0),
        (Whole(low=3, high=9), 3),
        (Whole(low=-9, high=-3), -3),
        (Number(low=-1.0, high=1.0), 0.0),
        (Number(low=0.25, high=2.0, step=0.25), 1.0),
        (Number(low=0.25, high=0.75, step=0.25), 0.25),
        (OneOf(values=("b", "a")), "b"),
        (ListOf(of=Whole(low=0, high=9)), []),
        (ListOf(of=Whole(low=1, high=9), least=2), [1, 1]),
        (Record(fields={"x": Number(low=0, high=1), "n": Whole(low=2, high=3)}), {"x": 0, "n": 2}),
    ],
)
def test_the_simplest_input_is_asked_about_first(domain: Any, simplest: Any) -> None:
    holds = Counted(lambda _: True)
    assert (simplest,) == find(space(domain), holds)
    assert [(simplest,)] == holds.asked
    assert (simplest,) == make(space(domain), ())


@pytest.mark.parametrize(
    ("domain", "holds", "smallest"),
    [
        (Whole(low=0, high=99), lambda n: n >= 37, 37),
        (Whole(low=-99, high=0), lambda n: n <= -37, -37),
        (Whole(low=0, high=99), lambda n: n != 0, 1),
        (Number(low=0, high=20), lambda x: x > 5.5, 6.0),
        (Number(low=0, high=4, step=0.25), lambda x: x != int(x), 0.25),
        (OneOf(values=(4, 2, 9, 7)), lambda n: n > 5, 9),
        (ListOf(of=Whole(low=0, high=9), most=8), lambda xs: len(xs) >= 5, [0] * 5),
        (ListOf(of=Whole(low=0, high=9), most=8), lambda xs: 7 in xs, [7]),
        (ListOf(of=Whole(low=0, high=9), most=8), lambda xs: sorted(xs) != xs, [1, 0]),
        (ListOf(of=Number(low=0, high=9), most=8), lambda xs: any(x > 4 for x in xs), [5.0]),
        (
            ListOf(of=Record(fields={"x": Whole(low=0, high=5), "y": Whole(low=0, high=5)})),
            lambda points: any(p["x"] > p["y"] for p in points),
            [{"x": 1, "y": 0}],
        ),
        (
            ListOf(of=ListOf(of=Whole(low=0, high=3)), most=4),
            lambda rows: any(len(row) == 2 for row in rows),
            [[0, 0]],
        ),
    ],
)
def test_what_is_found_is_the_smallest(
    domain: Any, holds: Callable[[Any], bool], smallest: Any
) -> None:
    assert smallest == found(domain, holds)


@pytest.mark.parametrize(
    ("domain", "holds", "smallest"),
    [
        (Whole(low=-10, high=10), lambda n: n >= 3, 3),
        (Whole(low=-10, high=10), lambda n: n <= -4, -4),
        (Whole(low=-9, high=9), lambda n: n < 0, -1),
        (Number(low=-10, high=10), lambda x: x >= 2.5, 3.0),
        (ListOf(of=Whole(low=-9, high=9)), lambda xs: any(x > 2 for x in xs), [3]),
    ],
    ids=["above", "below", "negative", "number", "list"],
)
def test_what_is_found_is_the_smallest_among_numbers_of_both_signs(
    domain: Any, holds: Callable[[Any], bool], smallest: Any
) -> None:
    assert smallest == found(domain, holds)


def test_several_arguments_are_made_small_one_by_one() -> None:
    three = space(Whole(low=0, high=20), ListOf(of=Whole(low=0, high=9)), OneOf(values=(1.0, 2.0)))
    assert (6, [], 1.0) == find(three, lambda args: args[0] > 5)
    assert (0, [0, 0], 2.0) == find(three, lambda args: len(args[1]) > 1 and args[2] == 2.0)


def test_an_array_is_made_small_entry_by_entry() -> None:
    value = found(
        ArrayOf(shape=(2, 3), low=0, high=9), lambda a: a[1, 1] >= 4 and a.shape == (2, 3)
    )
    assert [[0, 0, 0], [0, 4, 0]] == value.tolist()


@settings(max_examples=60)
@given(st.integers(0, 20), st.integers(0, 25))
def test_one_number_is_always_the_smallest(high: int, least: int) -> None:
    expected = least if least <= high else None
    assert expected == found(Whole(low=0, high=high), lambda n: n >= least)


@settings(max_examples=40)
@given(st.integers(0, 3), st.integers(0, 5))
def test_a_list_is_always_the_shortest(length: int, least: int) -> None:
    def holds(xs: list[int]) -> bool:
        return len(xs) >= length and all(x >= least for x in xs)

    assert [least] * length == found(ListOf(of=Whole(low=0, high=9), most=4), holds)


@pytest.mark.parametrize("wanted", range(2, 18, 3))
def test_entries_before_the_one_that_matters_are_left_out(wanted: int) -> None:
    numbers = ListOf(of=Whole(low=0, high=19), most=9)
    assert [wanted] == found(numbers, lambda xs: wanted in xs)
    pairs = ListOf(of=Record(fields={"x": Whole(low=0, high=3), "y": Whole(low=0, high=19)}))
    assert [{"x": 0, "y": wanted}] == found(pairs, lambda ps: any(p["y"] == wanted for p in ps))


# --- nothing, the same, not too often -------------------------------------------------------------


def test_nothing_is_found_where_nothing_is() -> None:
    assert find(space(Whole(low=0, high=9)), never) is None
    assert find(space(Whole(low=0, high=9)), lambda args: args[0] > 9) is None


def random_looking(*args: Any) -> bool:
    return random.Random(repr(args)).random() < 0.2


MIXED = space(
    ListOf(of=Record(fields={"x": Number(low=-3, high=3), "y": Whole(low=0, high=4)}), most=5),
    ArrayOf(shape=(2,), low=-1, high=1, step=0.25),
    OneOf(values=(None, "text", 0.5)),
)


def test_the_same_question_is_asked_and_answered_in_the_same_way() -> None:
    first, second = Counted(random_looking), Counted(random_looking)
    random.seed(1)
    one = find(MIXED, first)
    random.seed(2)
    other = find(MIXED, second)
    assert repr(one) == repr(other)
    assert one is not None
    assert repr(first.asked) == repr(second.asked)


def test_it_leaves_the_random_numbers_of_others_alone() -> None:
    random.seed(7)
    np.random.seed(7)
    expected = (random.random(), np.random.rand())
    random.seed(7)
    np.random.seed(7)
    find(MIXED, random_looking)
    assert expected == (random.random(), np.random.rand())


@pytest.mark.parametrize("calls", [1, 2, 10, 50])
@pytest.mark.parametrize("holds", [never, random_looking], ids=["never", "sometimes"])
def test_no_more_is_asked_than_was_allowed(calls: int, holds: Callable[..., bool]) -> None:
    counted = Counted(holds)
    find(MIXED, counted, DRAWS, calls)
    assert len(counted.asked) <= calls


def test_without_a_call_nothing_is_asked() -> None:
    counted = Counted(lambda *_: True)
    assert find(MIXED, counted, DRAWS, 0) is None
    assert [] == counted.asked


def test_what_is_found_when_the_calls_run_out_has_the_property() -> None:
    for calls in range(1, 60):
        value = find(MIXED, lambda args: random_looking(*args), DRAWS, calls)
        assert value is None or random_looking(*value)


def test_without_draws_only_the_simplest_is_asked_about() -> None:
    counted = Counted(never)
    assert find(MIXED, counted, 0) is None
    assert 1 == len(counted.asked)


def test_nothing_is_asked_about_twice() -> None:
    counted = Counted(random_looking)
    find(MIXED, counted)
    shown = list(map(repr, counted.asked))
    assert len(shown) == len(set(shown)) > 10
    assert len(shown) <= CALLS


def test_a_small_space_is_searched_as_a_whole() -> None:
    counted = Counted(never)
    find(space(Whole(low=0, high=3), OneOf(values=("a", "b"))), counted)
    assert set(itertools.product(range(4), "ab")) == set(counted.asked)


def test_a_property_may_change_what_it_is_asked_about() -> None:
    def eating(args: Args) -> bool:
        long_enough = len(args[0]) >= 3
        args[0].clear()
        return long_enough

    assert ([0, 0, 0],) == find(space(ListOf(of=Whole(low=0, high=3), most=6)), eating)


# --- make ---------------------------------------------------------------------------------------


def test_make_turns_values_into_arguments() -> None:
    def args(n: int, x: float) -> Args:
        return ([x] * n, n)

    made = space(Whole(low=1, high=9), Number(low=0, high=9), make=args)
    assert ([0.0], 1) == make(made, ())
    assert ([0.0, 0.0, 0.0], 3) == find(made, lambda args: args[1] > 2)
    assert ([5.0], 1) == find(made, lambda args: args[0][0] > 4)


def test_choices_that_are_missing_or_too_large_are_set_right() -> None:
    two = space(Whole(low=0, high=3), OneOf(values=("a", "b")))
    assert (0, "a") == make(two, ())
    assert (2, "a") == make(two, (2,))
    assert (3, "b") == make(two, (99, 99, 99))


# --- bounds -------------------------------------------------------------------------------------

steps = st.sampled_from([0.125, 0.25, 0.5, 1.0, 2.0])


@st.composite
def numbers(draw: st.DrawFn) -> Number:
    step = draw(steps)
    low, more = draw(st.integers(-8, 8)), draw(st.integers(0, 12))
    return Number(low=low * step, high=(low + more) * step, step=step)


@st.composite
def wholes(draw: st.DrawFn) -> Whole:
    low = draw(st.integers(-20, 20))
    return Whole(low=low, high=low + draw(st.integers(0, 20)))


@st.composite
def arrays(draw: st.DrawFn) -> ArrayOf:
    number = draw(numbers())
    shape = tuple(draw(st.lists(st.integers(0, 3), max_size=2)))
    return ArrayOf(shape=shape, low=number.low, high=number.high, step=number.step)


@st.composite
def lists_of(draw: st.DrawFn, inner: st.SearchStrategy[Any]) -> ListOf:
    least = draw(st.integers(0, 3))
    return ListOf(of=draw(inner), least=least, most=least + draw(st.integers(0, 3)))


choices = st.lists(st.sampled_from([None, 0, "text", 1.5]), min_size=1, max_size=3)
domains = st.recursive(
    numbers() | wholes() | arrays() | choices.map(lambda values: OneOf(values=tuple(values))),
    lambda inner: (
        lists_of(inner)
        | st.dictionaries(st.sampled_from("wxyz"), inner, max_size=3).map(
            lambda fields: Record(fields=fields)
        )
    ),
    max_leaves=6,
)


def is_on_grid(value: float, domain: Number | ArrayOf) -> bool:
    return domain.low <= value <= domain.high and (value / domain.step).is_integer()


def is_within(value: Any, domain: Any) -> bool:
    match domain:
        case Number():
            return type(value) is float and is_on_grid(value, domain)
        case Whole():
            return type(value) is int and domain.low <= value <= domain.high
        case OneOf():
            return any(value is each for each in domain.values)
        case ListOf():
            fits = type(value) is list and domain.least <= len(value) <= domain.most
            return fits and all(is_within(entry, domain.of) for entry in value)
        case Record():
            same = type(value) is dict and list(value) == list(domain.fields)
            return same and all(is_within(value[name], of) for name, of in domain.fields.items())
        case ArrayOf():
            same = (value.dtype, value.shape) == (np.dtype(float), domain.shape)
            return same and all(is_on_grid(x, domain) for x in value.reshape(-1).tolist())
    raise AssertionError(f"a domain of another kind: {domain!r}")


@settings(max_examples=100)
@given(st.lists(domains, min_size=1, max_size=3), st.integers(0, 5))
def test_every_input_is_within_its_bounds(of: list[Any], seed: int) -> None:
    declared = space(*of)
    asked: list[Args] = []

    def holds(args: Args) -> bool:
        asked.append(args)
        return random.Random(f"{seed}{args!r}").random() < 0.3

    value = find(declared, holds, 20, 60)
    for args in asked if value is None else [*asked, value]:
        assert len(args) == len(of)
        assert all(map(is_within, args, of))


@given(st.lists(domains, min_size=1, max_size=3), st.lists(st.integers(0, 1000), max_size=20))
def test_any_choices_stand_for_an_input(of: list[Any], chosen: list[int]) -> None:
    assert all(map(is_within, make(space(*of), chosen), of))


@given(numbers())
def test_both_ends_of_a_number_are_reached(domain: Number) -> None:
    count = round((domain.high - domain.low) / domain.step) + 1
    reached = {make(space(domain), (rank,))[0] for rank in range(count)}
    assert count == len(reached)
    assert {domain.low, domain.high} <= reached


@pytest.mark.parametrize(
    ("low", "high", "step"),
    [(0.0, 0.3, 0.1), (0.0, 0.82, 0.01), (-0.85, 0.0, 0.05), (0.1, 0.7, 0.1), (0.9, 1.1, 0.1)],
)
def test_steps_of_tenths_keep_to_their_bounds_and_reach_both(
    low: float, high: float, step: float
) -> None:
    domain = Number(low=low, high=high, step=step)
    count = round((high - low) / step) + 1
    reached = {make(space(domain), (rank,))[0] for rank in range(count)}
    assert all(low <= value <= high for value in reached)
    assert {low, high} <= reached


def test_whole_numbers_come_before_others_and_small_before_large() -> None:
    declared = space(Number(low=-1, high=1, step=0.5))
    order = [make(declared, (rank,))[0] for rank in range(5)]
    assert [0.0, 1.0, -1.0, 0.5, -0.5] == order
    assert 1.0 == math.copysign(1, order[0])
