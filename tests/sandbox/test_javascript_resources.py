"""Attacks by JavaScript on the clock, the memory and what is printed.

A judge without limits that looks at what came back is shown by Node: there the first do not end
in time. Those on memory get what they are after where the limit is a higher one.
"""

import math
import subprocess
from collections.abc import Callable
from pathlib import Path

import node
import pytest

from grader.runner import Run
from grader.spec import Limits
from grader.verdict import Verdict

BRIEF = Limits(cpu_case_s=0.15, cpu_s=0.3, wall_s=2, memory_mb=64)
IMPATIENT = Limits(cpu_case_s=0.15, cpu_s=0.3, wall_s=0.3, memory_mb=64)
NAIVE_JUDGE = (
    "const look = (got) => [`${got}`, JSON.stringify(got), Object.prototype.toString.call(got)];\n"
    "(async () => { look(await attack(1)); })()\n"
    ".catch((error) => [error instanceof Error, error.name, error.message, `${error.stack}`])\n"
    ".then(() => process.exit());"
)


def returning(expression: str) -> str:
    return f"function attack(value) {{ return {expression}; }}\n"


def throwing(expression: str) -> str:
    return f"function attack(value) {{ throw {expression}; }}\n"


ENDLESS = {
    "a loop": "function attack(value) { for (;;); }\n",
    "a loop that catches everything": "function attack(value) {\n"
    "  for (;;) try { for (;;) null.x; } catch {} finally { continue; }\n}\n",
    "a loop of tasks": "async function attack(value) { for (;;) await 1; }\n",
    "tasks that make tasks": "function attack(value) {\n"
    "  const again = () => queueMicrotask(again);\n  again();\n  return new Promise(() => {});\n}\n",
    "a promise of itself, again and again": returning("{then(go) { go(this); }}"),
    "a regular expression": returning("/^(a+)+$/.test('a'.repeat(40) + 'b')"),
    "a regular expression that looks back": returning(
        "/(.*)(.*)(.*)(.*)(.*)(.*)\\1\\2\\3\\4\\5\\6x/.test('a'.repeat(900))"
    ),
    "a sort": returning("[2, 1].sort(() => { for (;;); })"),
    "a reviver": returning("JSON.parse('[1]', () => { for (;;); })"),
    "a list from a length": returning("Array.prototype.indexOf.call({length: 2 ** 53 - 1}, 1)"),
    "large integers": "function attack(value) {\n"
    "  for (;;) { let n = 3n; for (let i = 0; i < 16; i++) n *= n; n.toString(); }\n}\n",
    "a getter of an element": returning("Object.defineProperty([1], 0, {get() { for (;;); }})"),
    "an inherited element": "function attack(value) {\n"
    "  Object.defineProperty(Array.prototype, 0, {get() { for (;;); }});\n  return [,];\n}\n",
    "a prototype that is a proxy": returning(
        "Object.setPrototypeOf([,], new Proxy([], {get() { for (;;); }}))"
    ),
    "a tag": returning("{get [Symbol.toStringTag]() { for (;;); }}"),
    "a getter of then": returning("{get then() { for (;;); }}"),
    "then": returning("{then() { for (;;); }}"),
    "a rejection that thinks": "async function attack(value) {\n"
    "  throw {get [Symbol.toStringTag]() { for (;;); }, get message() { for (;;); }};\n}\n",
    "a message": throwing("{__proto__: Error.prototype, get message() { for (;;); }}"),
    "a stack": throwing("Object.defineProperty(new Error(), 'stack', {get() { for (;;); }})"),
    "an error that is a proxy": throwing("new Proxy({}, {getPrototypeOf() { for (;;); }})"),
    "prepared stacks": "Error.prepareStackTrace = () => { for (;;); };\n"
    "function attack(value) { return new Error().stack; }\n",
    "species": returning(
        "Object.assign([1], {constructor: {get [Symbol.species]() { for (;;); }}}).map((x) => x)"
    ),
}
IDLE = {
    "a promise that waits": "async function attack(value) {\n"
    "  await new Promise((go) => setTimeout(go, 1e7));\n}\n",
    "endless timers": "async function attack(value) {\n"
    "  await new Promise(() => { const again = () => setTimeout(again, 1); again(); });\n}\n",
    "an endless interval": "async function attack(value) {\n"
    "  await new Promise(() => setInterval(() => {}, 1));\n}\n",
}


def never_ends(source: str, folder: Path) -> bool:
    """Whether a judge without a limit would still wait after a while."""
    try:
        node.run(source, NAIVE_JUDGE, folder, seconds=0.25)
    except subprocess.TimeoutExpired:
        return True
    return False


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS)
def test_what_never_ends_is_ended(
    source: str, tmp_path: Path, run_javascript: Callable[..., Run]
) -> None:
    (case,) = run_javascript(source, 1, limits=BRIEF).cases
    assert Verdict.TIME_LIMIT_EXCEEDED == case.verdict
    assert never_ends(source, tmp_path)


@pytest.mark.parametrize("source", IDLE.values(), ids=IDLE)
def test_what_only_waits_is_ended(
    source: str, tmp_path: Path, run_javascript: Callable[..., Run]
) -> None:
    (case,) = run_javascript(source, 1, limits=IMPATIENT).cases
    assert Verdict.TIME_LIMIT_EXCEEDED == case.verdict
    assert never_ends(source, tmp_path)


def test_no_thread_can_be_waited_for(tmp_path: Path, run_javascript: Callable[..., Run]) -> None:
    source = returning("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)")
    (case,) = run_javascript(source, 1, limits=IMPATIENT).cases
    assert case.verdict in (Verdict.RUNTIME_ERROR, Verdict.TIME_LIMIT_EXCEEDED)
    assert never_ends(source, tmp_path)


# --- Memory --------------------------------------------------------------------------------

MEGABYTES = 80
SCARCE = Limits(cpu_case_s=4, cpu_s=8, wall_s=20, memory_mb=64)
AMPLE = Limits(cpu_case_s=4, cpu_s=8, wall_s=20, memory_mb=600)
SHORT = Limits(cpu_case_s=0.5, cpu_s=1, wall_s=9, memory_mb=64)


def taking(piece: str, bytes_of_it: int) -> str:
    count = (MEGABYTES << 20) // bytes_of_it
    return (
        "const kept = [];\nfunction attack(value) {\n"
        f"  for (let i = 0; i < {count}; i++) kept.push({piece});\n"
        f"  return kept.length === {count};\n}}\n"
    )


TAKEN = {
    "lists": taking("new Array(1000).fill(0.5)", 8000),
    "objects": taking("{a: {b: i}, c: [i]}", 200),
    "texts": taking("String.fromCharCode(i % 99).repeat(1 << 16)", 1 << 16),
    "typed arrays": taking("new Float64Array(1 << 16).fill(1)", 8 << 16),
    "buffers": taking("new ArrayBuffer(1 << 20)", 1 << 20),
    "shared buffers": taking("new SharedArrayBuffer(1 << 20)", 1 << 20),
    "one buffer that grows": "function attack(value) {\n"
    f"  const buffer = new ArrayBuffer(8, {{maxByteLength: {MEGABYTES << 20}}});\n"
    f"  buffer.resize({MEGABYTES << 20});\n"
    "  return new Uint8Array(buffer).fill(1).length > 8;\n}\n",
    "one large list": returning(f"new Float64Array({MEGABYTES << 17}).length > 8"),
    "one large text": returning(f"'x'.repeat({MEGABYTES << 20}).length > 8"),
    "a text that doubles": "function attack(value) {\n"
    f"  let text = 'é漢';\n  while (text.length < {MEGABYTES << 19}) text += text;\n"
    "  return text.charCodeAt(5) > 0;\n}\n",
    "maps and sets": taking("new Map([[i, new Set([i])]])", 800),
    "functions": taking("() => [value, kept]", 250),
    "generators": taking("(function* () { yield i; })()", 800),
    "promises": taking("new Promise(() => {})", 400),
    "large integers": taking("1n << 400000n", 50000),
    "in spite of all exceptions": "function attack(value) {\n  const kept = [];\n"
    "  for (let i = 0; i < 1500; i++) try { kept.push(new ArrayBuffer(1 << 16)); } catch {}\n"
    "  return kept.length === 1500;\n}\n",
}
BOMBS = {
    "a generator": returning("[...(function* () { for (;;) yield [0.5]; })()]"),
    "an iterator": returning("[...{[Symbol.iterator]() { return {next() { return {}; }}; }}]"),
    "a list of any length": returning("new Array(2 ** 32 - 1).fill(0)"),
    "a list joined": returning("new Array(2 ** 29).join('xxxxxxxx')"),
    "flattened": returning("new Array(1e5).fill(new Array(1e5)).flat()"),
    "texts replaced": "function attack(value) {\n"
    "  for (let text = 'xx';;) text = text.replace(/x/g, '$`$&$\\'xx');\n}\n",
    "texts padded": returning("'x'.padEnd(2 ** 29, 'é')"),
    "a power": returning("2n ** (2n ** 64n)"),
    "an expression": returning("new RegExp('(?:' + 'a'.repeat(1e7) + '){9}').test('a')"),
    "prints that are kept": "function attack(value) {\n"
    "  const all = new Array(1e7).fill(value);\n  for (;;) all.push([...all]);\n}\n",
    "arguments": returning("Math.max(...new Array(1e7).fill(1))"),
    "copies": "function attack(value) { for (let all = [1];;) all = structuredClone([all, all]); }\n",
}


@pytest.mark.parametrize("source", TAKEN.values(), ids=TAKEN)
def test_memory_ends_at_the_limit(source: str, run_javascript: Callable[..., Run]) -> None:
    (case,) = run_javascript(source, 1, limits=SCARCE).cases
    assert case.value is not True
    assert case.verdict in (None, Verdict.MEMORY_LIMIT_EXCEEDED)
    assert [True] == [case.value for case in run_javascript(source, 1, limits=AMPLE).cases]


@pytest.mark.parametrize("source", BOMBS.values(), ids=BOMBS)
def test_a_bomb_ends_at_some_limit(source: str, run_javascript: Callable[..., Run]) -> None:
    """Whichever comes first: memory, time, or what the engine allows of anything."""
    (case,) = run_javascript(source, 1, limits=SHORT).cases
    assert case.verdict in (
        Verdict.MEMORY_LIMIT_EXCEEDED,
        Verdict.TIME_LIMIT_EXCEEDED,
        Verdict.RUNTIME_ERROR,
    )
    assert "exit" not in (case.message or "")


def test_memory_that_is_kept_is_no_exit(run_javascript: Callable[..., Run]) -> None:
    """Whether there is enough left for the next input is the submission's own affair."""
    source = (
        "const kept = [];\nfunction attack(value) {\n"
        "  for (const size of [9999, 99, 1]) try { for (;;) kept.push(new Array(size).fill({})); }\n"
        "    catch {}\n  return 1;\n}\n"
    )
    cases = run_javascript(source, [1], ["x" * 9999], limits=SCARCE).cases
    assert {case.verdict for case in cases} <= {None, Verdict.MEMORY_LIMIT_EXCEEDED}


@pytest.mark.parametrize("value", [1, math.nan])
def test_want_of_memory_for_an_input_is_told_as_such(
    value: float, run_javascript: Callable[..., Run]
) -> None:
    """An input that is no JSON is evaluated, where none of our code can catch what is thrown."""
    source = (
        "const kept = [];\nfunction attack(value) {\n"
        "  try { for (;;) kept.push([]); } catch {}\n  return 1;\n}\n"
    )
    cases = run_javascript(source, value, value, value, limits=SCARCE).cases
    assert {case.verdict for case in cases} <= {None, Verdict.MEMORY_LIMIT_EXCEEDED}


# --- Prints --------------------------------------------------------------------------------

PRINTED = Limits(cpu_case_s=1, cpu_s=2, wall_s=5, memory_mb=64, print_bytes=1 << 16)

FLOODS = {
    "lines": "function attack(value) { for (;;) console.log('x'.repeat(100)); }\n",
    "one huge text": "function attack(value) { console.log('x'.repeat(4 << 20)); }\n",
    "one huge list": "function attack(value) {\n"
    "  console.log(new Array(99).fill(new Array(99).fill('x'.repeat(99))));\n}\n",
    "errors": "function attack(value) { for (;;) console.error('x'.repeat(100)); }\n",
    "the stream": "function attack(value) { for (;;) process.stdout.write('x'.repeat(100)); }\n",
    "in spite of all exceptions": "function attack(value) {\n"
    "  for (;;) try { for (;;) console.log('x'.repeat(100)); } catch {} finally { continue; }\n}\n",
    "in tasks": "async function attack(value) { for (;;) { console.log('x'.repeat(99)); await 1; } }\n",
    "in timers": "async function attack(value) {\n"
    "  await new Promise(() => setInterval(() => console.log('x'.repeat(9999)), 1));\n}\n",
    "while it is shown": "function attack(value) {\n"
    "  const list = Object.defineProperty([1], 0, {get() { console.log('x'.repeat(9999)); return list; }});\n"
    "  for (;;) console.log(list);\n}\n",
}


@pytest.mark.parametrize("source", FLOODS.values(), ids=FLOODS)
def test_a_flood_ends_at_the_limit(source: str, run_javascript: Callable[..., Run]) -> None:
    (case,) = run_javascript(source, 1, limits=PRINTED).cases
    assert Verdict.OUTPUT_LIMIT_EXCEEDED == case.verdict
    assert len(case.prints) <= PRINTED.print_bytes


def test_a_flood_is_one_elsewhere(tmp_path: Path) -> None:
    said = node.run(FLOODS["one huge text"], "attack(1);", tmp_path)
    assert len(said) > PRINTED.print_bytes


def test_a_flood_at_import_ends_at_the_limit(run_javascript: Callable[..., Run]) -> None:
    seen = run_javascript("for (;;) console.log('x'.repeat(100));\n", 1, 2, limits=PRINTED)
    assert [Verdict.OUTPUT_LIMIT_EXCEEDED] * 2 == [case.verdict for case in seen.cases]
