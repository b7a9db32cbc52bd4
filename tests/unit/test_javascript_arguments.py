"""A call in JavaScript tells whether it changed what it was given, and draws the same numbers."""

import itertools
from typing import Any

import pytest

from grader import values
from grader.languages import javascript
from grader.languages.javascript_exceptions import File, raised
from grader.languages.javascript_job import job_of
from grader.sandbox import wire
from grader.values import DecodeLimits

driver = pytest.importorskip(
    "grader.languages.javascript_driver", reason="the engine of JavaScript is not installed"
)

GIVEN = ([1.5, 0.0, float("nan")], {"x": 1, "y": [2, None, "a"], "z": True}, -0.0)


def returned(source: str, *arguments: Any, seed: bytes = bytes(16)) -> wire.Returned:
    job = wire.Job(source.encode(), "file.js", ("f",), ("a", "b", "c"), seed, 1000, 1 << 20)
    program = driver._Program(job_of(job), driver._Engine(), lambda: None)
    program.load()
    reply = wire.parse_reply(
        program.call(javascript.frame_of(values.encode(list(arguments)))), DecodeLimits()
    )
    assert isinstance(reply, wire.Returned)
    return reply


@pytest.mark.parametrize(
    "body",
    [
        "return 1;",
        "return [...a, b, c];",
        "return a;",
        "a[0] = 2; a[0] = 1.5; return 1;",
        "a[2] = 0 / 0; return 1;",
        "a.push(4); a.pop(); return 1;",
        "c = 4; a = []; b = null; return 1;",
        "const d = structuredClone(b); d.y.push(1); d.x = 3; return 1;",
        "return a.toSorted();",
        "return a.map((x) => x + 1);",
        "Object.freeze(a); Object.freeze(b); return 1;",
        "Object.prototype.toJSON = () => 1; Array.prototype.join = null; return 1;",
    ],
)
def test_a_call_that_leaves_its_arguments_alone_is_said_to(body: str) -> None:
    assert not returned(f"const f = (a, b, c) => {{ {body} }};", *GIVEN).inputs_changed


@pytest.mark.parametrize(
    "body",
    [
        "a[0] = 2; return 1;",
        "a[1] = -0; return 1;",
        "a[2] = 0; return 1;",
        "a.push(4); return 1;",
        "a.length = 1; return 1;",
        "a.sort(); return 1;",
        "b.x += 1; return 1;",
        "b.y[0] = 3; return 1;",
        "b.y[1] = 0; return 1;",
        "b.y[2] = 'b'; return 1;",
        "b.z = 1; return 1;",
        "b.w = 1; return 1;",
        "delete b.x; return 1;",
        "delete b.x; b.v = 1; return 1;",
        "b.y = { 0: 2, 1: null, 2: 'a' }; return 1;",
        "b.y = new Proxy(b.y, {}); return 1;",
        "Object.defineProperty(b, 'x', { get: () => 1 }); return 1;",
        "return Promise.resolve().then(() => { a[0] = 7; return 1; });",
    ],
)
def test_a_call_that_changes_its_arguments_is_noticed(body: str) -> None:
    assert returned(f"const f = (a, b, c) => {{ {body} }};", *GIVEN).inputs_changed


@pytest.mark.parametrize("other", ["new Map()", "new Date()", "[]", "new Number(1)"])
def test_something_else_with_the_same_keys_is_a_change(other: str) -> None:
    source = f"const f = (a) => {{ a.r = Object.assign({other}, a.r); return 1; }};"
    assert returned(source, {"r": {"x": 1}}).inputs_changed
    kept = "const f = (a) => { a.r = { ...a.r }; return 1; };"
    assert not returned(kept, {"r": {"x": 1}}).inputs_changed


def test_a_key_of_a_given_record_may_be_called_proto() -> None:
    for given in (1.5, float("inf")):
        reply = returned("const f = (a) => Object.keys(a);", {"__proto__": given})
        assert (["__proto__"], False) == (reply.value, reply.inputs_changed)


TEN = "const f = () => Array.from({ length: 10000 }, Math.random);"


def test_numbers_drawn_are_the_same_for_one_seed_and_others_for_another() -> None:
    one, again, other = (
        returned(TEN, seed=seed).value for seed in (b"1" * 16, b"1" * 16, b"1" * 15 + b"2")
    )
    assert one == again
    assert not set(one) & set(other)


def test_numbers_drawn_are_spread_evenly_and_use_all_digits() -> None:
    drawn = returned(TEN, seed=b"\xff" * 16).value
    assert all(0 <= number < 1 for number in drawn)
    assert len(drawn) == len(set(drawn))
    for low in range(10):
        assert 850 < sum(10 * number // 1 == low for number in drawn) < 1150
    mean = sum(drawn) / len(drawn)
    assert abs(sum((x - mean) * (y - mean) for x, y in itertools.pairwise(drawn))) < 40
    finest = [number * 2**53 % 2 for number in drawn if number > 0.5]
    assert {0.0, 1.0} == set(finest)


@pytest.mark.parametrize("said", ["InternalError: out of memory", "InternalError", "out of memory"])
def test_want_of_memory_is_known_by_what_is_left_of_it(said: str) -> None:
    error = driver._quickjs.JSException(f"{said}\nundefined")
    told = driver._thrown_by(error).removeprefix("x")
    assert "MemoryError" == raised(told, File(lines=1)).kind
