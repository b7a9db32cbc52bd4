"""Hidden data: the same from the same secret, other from another, never ill-conditioned."""

import math
import pickle
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader import dataset as module
from grader.dataset import CaseData, Dataset, args_of, build
from grader.errors import AuthorError
from grader.scale import OVERFLOW, trace
from grader.spec import Args, Case, Challenge, Group

SECRET = b"a secret of the test"


def total(xs: Any) -> Any:
    return sum(xs)


def consuming_total(xs: Any) -> Any:
    """A reference that empties its input."""
    result = 0.0
    while xs:
        result += xs.pop()
    return result


def mean(xs: Any) -> Any:
    return sum(xs) / len(xs)


def total_or_overflow(xs: Any) -> Any:
    return math.exp(1000.0 * len(xs))


def draw(rng: np.random.Generator) -> Sequence[Args]:
    return [(rng.uniform(1, 2, 3).tolist(),)]


def draw_two(rng: np.random.Generator) -> Sequence[Args]:
    return [*draw(rng), *draw(rng)]


def make(
    cases: Sequence[Case] = (),
    generate: Callable[[np.random.Generator], Sequence[Args]] | None = None,
    draws: int = 3,
    group_name: str = "group",
    **fields: Any,
) -> Challenge:
    group = Group(
        name=group_name,
        title="A group",
        points=1,
        cases=tuple(cases),
        generate=generate,
        draws=draws if generate else 0,
    )
    return Challenge(
        **{
            "id": "total",
            "title": "Total",
            "parameters": ("xs",),
            "reference": total,
            "groups": (group,),
        }
        | fields
    )


def payloads(dataset: Dataset) -> list[bytes]:
    return [case.payload for case in dataset.cases()]


def one(challenge: Challenge) -> CaseData:
    return next(build(challenge, SECRET).cases())


HAND_MADE = Case(name="three", args=([1.0, 2.0, 4.0],))


def test_a_case_has_inputs_desired_value_and_scale() -> None:
    case = one(make([HAND_MADE]))
    assert ("three", 7.0, 18.0, True) == (case.name, case.desired, case.scale, case.finite)
    assert ([1.0, 2.0, 4.0],) == args_of(case)


def test_cases_keep_the_order_of_the_spec_and_neutral_names() -> None:
    data = build(make([HAND_MADE], draw_two, draws=2), SECRET)
    names = [case.name for case in data.groups[0].cases]
    assert ["three", "random 1", "random 2", "random 3", "random 4"] == names


def test_the_same_secret_gives_the_same_bytes() -> None:
    challenge = make([HAND_MADE], draw)
    assert pickle.dumps(build(challenge, SECRET)) == pickle.dumps(build(challenge, SECRET))


def test_it_pickles() -> None:
    data = build(make([HAND_MADE], draw), SECRET)
    assert data == pickle.loads(pickle.dumps(data))


@settings(max_examples=20)
@given(st.binary(max_size=40), st.binary(max_size=40))
def test_another_secret_gives_other_inputs(one: bytes, other: bytes) -> None:
    challenge = make(generate=draw)
    first, second = build(challenge, one), build(challenge, other)
    # HMAC pads a short key with zero bytes: keys that differ in those alone are one key.
    same = one.rstrip(b"\0") == other.rstrip(b"\0")
    assert same == (payloads(first) == payloads(second))
    assert same == (first.digest == second.digest)


def test_every_draw_is_another() -> None:
    drawn = payloads(build(make(generate=draw, draws=10), SECRET))
    assert 10 == len(set(drawn))


def test_groups_and_challenges_draw_from_streams_of_their_own() -> None:
    here = payloads(build(make(generate=draw), SECRET))
    there = payloads(build(make(generate=draw, group_name="other"), SECRET))
    elsewhere = payloads(build(make(generate=draw, id="sum"), SECRET))
    assert 9 == len({*here, *there, *elsewhere})


def test_the_digest_of_known_inputs_needs_the_secret() -> None:
    challenge = make([HAND_MADE])
    first, second = build(challenge, SECRET), build(challenge, b"another")
    assert payloads(first) == payloads(second)
    assert first.digest != second.digest


def test_the_digest_covers_every_input() -> None:
    other = Case(name="three", args=([1.0, 2.0, 4.5],))
    assert build(make([HAND_MADE]), SECRET).digest != build(make([other]), SECRET).digest


def test_a_reference_that_empties_its_inputs_harms_nothing() -> None:
    xs = [1.0, 2.0, 4.0]
    challenge = make([Case(name="three", args=(xs,))], reference=consuming_total)
    case = one(challenge)
    assert 7.0 == case.desired
    assert [1.0, 2.0, 4.0] == xs
    args_of(case)[0].clear()
    assert ([1.0, 2.0, 4.0],) == args_of(case)


def test_inputs_keep_their_types() -> None:
    args = ([1, 2.0, np.float32(3.0)],)
    decoded = args_of(one(make([Case(name="types", args=args)])))
    assert [int, float, np.float32] == [type(x) for x in decoded[0]]


# --- condition --------------------------------------------------------------------------------

CANCELLING = [1.0, 1e6, -1e6]


def test_ill_conditioned_hand_made_cases_are_all_named() -> None:
    cases = [
        Case(name="good", args=([1.0],)),
        Case(name="bad", args=(CANCELLING,)),
        Case(name="worse", args=([1.0, 1e8, -1e8],)),
    ]
    with pytest.raises(AuthorError, match=r"'bad' of group 'group' \(.*'worse'") as caught:
        build(make(cases), SECRET)
    assert "'good'" not in str(caught.value)


def test_a_case_that_cancels_to_exactly_zero_is_used() -> None:
    case = one(make([Case(name="zero", args=([1.0, -1.0],))]))
    assert (0.0, 3.0) == (case.desired, case.scale)


def test_scale_and_value_may_both_be_zero() -> None:
    case = one(make([Case(name="none", args=([],))]))
    assert (0, 0.0) == (case.desired, case.scale)


def test_ill_conditioned_draws_are_drawn_again_as_a_whole() -> None:
    def sometimes(rng: np.random.Generator) -> Sequence[Args]:
        second = CANCELLING if rng.random() < 0.5 else [1.0]
        return [*draw(rng), (second,)]

    data = build(make(generate=sometimes, draws=8), SECRET)
    assert 16 == len(list(data.cases()))
    assert [[1.0]] * 8 == [args_of(case)[0] for case in list(data.cases())[1::2]]


def test_a_generator_that_only_draws_ill_conditioned_data_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "ATTEMPTS", 5)
    with pytest.raises(AuthorError, match="draw 1 of group 'group' was ill-conditioned 5 times"):
        build(make(generate=lambda _: [(CANCELLING,)]), SECRET)


def test_a_declared_scale_replaces_the_trace() -> None:
    def scale(xs: Any) -> float:
        return 5.0 * len(xs)

    assert 15.0 == one(make([HAND_MADE], scale=scale)).scale


def test_a_case_that_overflows_is_used_and_marked() -> None:
    case = one(make([Case(name="huge", args=([1e308, 1e308],))]))
    assert (math.inf, False) == (case.desired, case.finite)


def test_a_reference_may_raise_overflow_error() -> None:
    case = one(make([HAND_MADE], reference=total_or_overflow))
    assert OVERFLOW is case.desired
    assert case == pickle.loads(pickle.dumps(case))
    assert OVERFLOW is pickle.loads(pickle.dumps(case)).desired


# --- the author's errors ------------------------------------------------------------------------


def test_a_reference_that_fails_is_named_with_its_case() -> None:
    with pytest.raises(AuthorError, match=r"total: case 'empty' .*mean raised ZeroDivisionError"):
        build(make([Case(name="empty", args=([],))], reference=mean), SECRET)


def _raise(_: np.random.Generator) -> Sequence[Args]:
    raise RuntimeError("no data today")


BAD_GENERATORS: dict[str, Callable[[np.random.Generator], Any]] = {
    "raised RuntimeError: no data today": _raise,
    "one or more tuples": lambda _: [],
    "tuples of arguments": lambda _: [[1.0, 2.0]],
    "has 2 arguments; total takes 1": lambda _: [([1.0], 2.0)],
    "only plain values": lambda _: [([object()],)],
    "too large": lambda _: [([0] * 300_000,)],
}


@pytest.mark.parametrize("message", BAD_GENERATORS)
def test_what_a_generator_does_wrong_is_named(message: str) -> None:
    with pytest.raises(AuthorError, match=message):
        build(make(generate=BAD_GENERATORS[message]), SECRET)


# --- what the variants answer -------------------------------------------------------------------


def test_the_desired_value_is_that_of_the_trace() -> None:
    data = build(make(generate=draw), SECRET)
    for case in data.cases():
        assert trace(total, args_of(case)).scale == case.scale
