"""Attacks by JavaScript on the driver that shares the engine with it.

Whatever a submission does to the realm, an answer is what its function returns. `naive` is a
driver that uses the realm as it finds it: of that one each deed makes something else. The engine
has no more to give than the submission's own state, so that a forged answer is just an answer.
"""

import json
import math
from collections.abc import Callable

import pytest

from grader.runner import Run
from grader.sandbox.wire import InvalidReason
from grader.values import Opaque
from grader.verdict import Verdict

HONEST = (
    "const b = new Float64Array(1);\nb[0] = 2;\n"
    "function attack(value) {\n"
    "  return {a: [1, -0.5, 'text', null, true], b, c: value};\n}\n"
)
RETURNED = {"a": [1, -0.5, "text", None, True], "b": [2], "c": {"x": [3.5]}}
NAIVE = """(function (text) {
  'use strict';
  try {
    const args = JSON.parse(text);
    const names = new Set(Object.keys(args[0]));
    const encode = (value) => {
      if (value instanceof Float64Array) return encode(Array.from(value));
      if (Array.isArray(value)) {
        const parts = [];
        for (const each of value) parts.push(encode(each));
        return '['.concat(parts.join(','), ']');
      }
      if (Object.prototype.toString.call(value) === '[object Object]') {
        const parts = [];
        for (const key in value) {
          const {get, set, enumerable, value: entry} = Object.getOwnPropertyDescriptor(value, key);
          if (get || set || !enumerable) throw new TypeError('a getter');
          parts[parts.length] = JSON.stringify(String(key)) + ':' + encode(entry);
        }
        return '{' + parts.map((part) => part.trim().slice(0)).join(',') + '}';
      }
      if (Object.is(value, undefined) || Number.isNaN(value)) return 'null';
      return JSON.stringify(value);
    };
    const found = globalThis.attack;
    const said = [];
    Promise.resolve(found.apply(undefined, args)).then((value) => said.push(encode(value)));
    return () => [said[0], names.has('x'), new Map([[1, 2]]).get(1), Reflect.ownKeys(args[0])[0]].join();
  } catch (error) {
    return () => 'failed: ' + error.message;
  }
})"""


def patched(place: str, *names: str) -> str:
    return "".join(f"{place}.{name} = function () {{ return 42; }};\n" for name in names)


DEEDS = {
    "descriptors": "for (const name of ['get', 'set', 'value', 'enumerable'])\n"
    "  Object.defineProperty(Object.prototype, name, {__proto__: null, get: () => 42, set() {}, configurable: true});\n",
    "a key of every object": "Object.prototype.names = Object.prototype.chars = 1;\n",
    "toJSON": "Object.prototype.toJSON = String.prototype.toJSON = () => 42;\n"
    "Number.prototype.toJSON = Boolean.prototype.toJSON = () => 42;\n",
    "a setter of elements": "for (const at of [0, 1, 2, 3])\n"
    "  Object.defineProperty(Array.prototype, at, {set() {}, get: () => 42, configurable: true});\n",
    "the iterator of lists": "Array.prototype[Symbol.iterator] = function* () { yield 42; };\n",
    "its steps": "Object.getPrototypeOf([][Symbol.iterator]()).next = () => ({done: true});\n",
    "lists": patched(
        "Array.prototype", "push", "join", "map", "concat", "slice", "forEach", "keys"
    ),
    "lists themselves": patched("Array", "isArray", "from", "of"),
    "functions": patched("Function.prototype", "call", "apply", "bind", "toString"),
    "promises": patched("Promise.prototype", "then", "catch", "finally"),
    "promises themselves": patched("Promise", "resolve", "reject", "all"),
    "JSON": patched("JSON", "stringify", "parse"),
    "texts": patched("String.prototype", "slice", "concat", "trim", "toWellFormed", "valueOf"),
    "maps": patched("Map.prototype", "get", "set", "has", "forEach"),
    "sets": patched("Set.prototype", "has", "add"),
    "weak sets": patched("WeakSet.prototype", "has", "add") + patched("Set.prototype", "has"),
    "Reflect": patched("Reflect", "ownKeys", "apply", "construct", "get"),
    "Object": patched(
        "Object", "keys", "is", "getOwnPropertyDescriptor", "hasOwn", "defineProperty"
    )
    + patched("Object", "getPrototypeOf", "entries"),
    "the text of a kind": "Object.prototype.toString = () => '[object Map]';\n",
    "kinds": "Object.defineProperty(Array, Symbol.hasInstance, {value: () => true, configurable: true});\n"
    "Object.defineProperty(Float64Array, Symbol.hasInstance, {value: () => true, configurable: true});\n",
    "typed arrays": "Float64Array.prototype[Symbol.iterator] = function* () { yield 42; };\n"
    "Object.defineProperty(Float64Array.prototype, 'length', {value: 42});\n"
    "Object.defineProperty(Object.getPrototypeOf(Float64Array.prototype), Symbol.iterator, {value: 42});\n",
    "numbers": patched("Number", "isNaN", "isFinite") + patched("Number.prototype", "toString"),
    "global names": "try {\n"
    "  const {defineProperty} = Object;\n"
    "  for (const name of ['Object', 'Array', 'JSON', 'Promise', 'String', 'Reflect', 'Map', 'Error'])\n"
    "    defineProperty(globalThis, name, {get() { throw 0; }, set() {}});\n"
    "} catch {}\n",
    "no global names": "if (typeof Reflect === 'object') {\n"
    "  const all = globalThis, {deleteProperty} = Reflect;\n"
    "  for (const name of Object.getOwnPropertyNames(all))\n"
    "    if (!/Float64Array|attack/.test(name)) deleteProperty(all, name);\n}\n",
    "frozen prototypes": "Object.prototype.inherited = 42;\n"
    "Object.freeze(Object.prototype);\nObject.freeze(Array.prototype);\n",
    "another prototype": "Object.setPrototypeOf(Array.prototype, null);\n"
    "Object.setPrototypeOf(Function.prototype, null);\nArray.prototype[Symbol.iterator] = null;\n",
}


def naive(deed: str) -> str:
    """What a driver without precautions makes of the honest answer after a deed."""
    engine = pytest.importorskip("_quickjs", reason="the engine is not installed")
    context = engine.Context()
    context.set_max_stack_size(1 << 20)
    context.set_time_limit(1)
    drive = context.eval(NAIVE)
    try:
        context.eval(HONEST + "globalThis.attack = attack;\n" + deed)
        answer = drive(json.dumps([RETURNED["c"]]))
        while context.execute_pending_job():
            pass
        return str(answer())
    except engine.JSException as error:
        return f"failed: {error}"


def test_the_naive_driver_is_right_when_nothing_is_done() -> None:
    said = '{"a":[1,-0.5,"text",null,true],"b":[2],"c":{"x":[3.5]}},true,2,x'
    assert said == naive("")


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_no_deed_in_the_realm_reaches_the_driver(
    deed: str, run_javascript: Callable[..., Run]
) -> None:
    assert naive("") != naive(deed)
    for source, filename in (
        (deed + HONEST, "attack.js"),
        (HONEST.replace("{\n", "{\n" + deed, 1), "attack.js"),
        (deed + "export " + HONEST, "attack.mjs"),
    ):
        inputs = (RETURNED["c"], {"x": [math.inf], "__proto__": 1}, RETURNED["c"])
        seen = run_javascript(source, *inputs, filename=filename)
        answers = [(case.verdict, case.value, case.inputs_changed) for case in seen.cases]
        assert [(None, {**RETURNED, "c": value}, False) for value in inputs] == answers


CONSTANTS = (
    "(0, eval)('var NaN = 5, Infinity = 5, undefined = 5')",
    "(0, eval)('let NaN = 5')",
    "(0, eval)('const Infinity = 5')",
    "Object.defineProperty(globalThis, 'NaN', {value: 5})",
    "Object.setPrototypeOf(globalThis, new Proxy({}, {get: () => 5, has: () => true}))",
    "delete globalThis.NaN && delete globalThis.Infinity",
    "Function('NaN = Infinity = undefined = 5')()",
    "Function('with ({NaN: 5, Infinity: 5}) { globalThis.seen = [NaN, Infinity]; }')()",
)


@pytest.mark.parametrize("deed", CONSTANTS)
def test_no_deed_changes_the_numbers_that_come_in(
    deed: str, run_javascript: Callable[..., Run]
) -> None:
    """Those that JSON does not have are written as names, which are no one's to change."""
    source = f"try {{ {deed}; }} catch {{}}\n{HONEST}"
    inputs = ([math.inf, -math.inf, -0.0], None)
    seen = run_javascript(source, *inputs)
    assert [(None, {**RETURNED, "c": value}) for value in inputs] == [
        (case.verdict, case.value) for case in seen.cases
    ]


def test_no_deed_makes_a_value_of_a_getter(run_javascript: Callable[..., Run]) -> None:
    source = DEEDS["descriptors"] + "function attack() { return {get a() { return 1; }}; }\n"
    (case,) = run_javascript(source, 1).cases
    assert {"a": Opaque("getter")} == case.value


@pytest.mark.parametrize(
    "deed", [DEEDS["promises"], DEEDS["functions"], DEEDS["JSON"], DEEDS["a setter of elements"]]
)
def test_no_deed_hides_an_error(deed: str, run_javascript: Callable[..., Run]) -> None:
    source = deed + "function attack(value) {\n  throw new RangeError('no');\n}\n"
    (case,) = run_javascript(source, 1).cases
    assert case.raised is not None
    assert ("RangeError", "no") == (case.raised.kind, case.raised.message)


# --- What is within reach ------------------------------------------------------------------

GIVEN = {
    *("console", "process", "global", "setTimeout", "setInterval", "setImmediate", "clearTimeout"),
    *("clearInterval", "clearImmediate", "structuredClone"),
}
"""What the prelude puts beside the language, and nothing else."""


def test_nothing_of_ours_is_left_in_the_realm(run_javascript: Callable[..., Run]) -> None:
    engine = pytest.importorskip("_quickjs", reason="the engine is not installed")
    bare = json.loads(
        engine.Context().eval("JSON.stringify(Object.getOwnPropertyNames(globalThis))")
    )
    source = "function attack() { return Object.getOwnPropertyNames(globalThis); }\n"
    for form in (source, "export " + source):
        (case,) = run_javascript(form, 1).cases
        assert set(bare) | GIVEN == set(case.value)


REACHING = {
    "the caller": "function attack(value) { return attack.caller ?? arguments.callee.caller; }\n",
    "the caller of a callback": "let seen;\n"
    "async function attack(value) {\n"
    "  await new Promise((go) => setTimeout(function f() { seen = f.caller; go(); }, 1));\n"
    "  return seen;\n}\n",
    "the arguments of the caller": "function attack(value) {\n"
    "  return attack.arguments?.callee?.caller?.arguments;\n}\n",
    "the calls of a stack": "function attack(value) {\n"
    "  let found = [];\n"
    "  Error.prepareStackTrace = (_, calls) => { found = calls; };\n"
    "  new Error().stack;\n"
    "  for (const call of found) {\n"
    "    for (let at = call; at; at = Object.getPrototypeOf(at))\n"
    "      for (const name of Object.getOwnPropertyNames(at)) {\n"
    "        let got; try { got = call[name](); } catch {}\n"
    "        if (typeof got === 'function' && got !== attack) return got;\n"
    "      }\n  }\n}\n",
    "what prints": "function attack(value) {\n"
    "  const names = Object.getOwnPropertyNames(console.log);\n"
    "  return names.map((name) => console.log[name]).find((it) => typeof it === 'function');\n}\n",
    "an engine's own proxies": "function attack(value) {\n"
    "  return Object.getOwnPropertyNames(Proxy).map((name) => Proxy[name])\n"
    "    .find((it) => typeof it === 'function' && /native/.test(it) && it.name === 'revocable');\n}\n",
}


@pytest.mark.parametrize("source", REACHING.values(), ids=REACHING)
def test_none_of_our_functions_is_within_reach(
    source: str, run_javascript: Callable[..., Run]
) -> None:
    (case,) = run_javascript(source, 1).cases
    assert case.verdict in (None, Verdict.RUNTIME_ERROR)
    assert case.value is None


PROXIES = {
    "made": "new Proxy({}, handler)",
    "revocable": "Proxy.revocable({}, handler).proxy",
    "by its descriptor": "Object.getOwnPropertyDescriptor(Proxy, 'revocable').value({}, handler).proxy",
    "by Reflect": "Reflect.construct(Proxy, [{}, handler])",
    "by Reflect, for another": "Reflect.construct(Proxy, [{}, handler], class Own {})",
    "bound": "new (Proxy.bind(null, {}, handler))()",
    "by a proxy of Proxy": "new (new Proxy(Proxy, {}))({}, handler)",
    "of a list": "new Proxy([1], handler)",
    "of a proxy": "new Proxy(new Proxy({}, handler), handler)",
}


@pytest.mark.parametrize("expression", PROXIES.values(), ids=PROXIES)
def test_a_proxy_is_known_however_it_is_made(
    expression: str, run_javascript: Callable[..., Run]
) -> None:
    """And none of its traps is called: they could answer differently each time."""
    source = (
        "const traps = [];\n"
        "const handler = new Proxy({}, {get(_, name) { traps.push(name); }});\n"
        f"function attack(value) {{ const made = {expression}; traps.length = 0;\n"
        "  return value ? [made] : traps; }\n"
    )
    values = [case.value for case in run_javascript(source, 1).cases]
    assert [[Opaque("Proxy")]] == values
    told = source.replace("traps.length = 0;\n", "").replace("value ? [made]", "value === 1 ? made")
    (case,) = run_javascript(told, 1).cases
    assert Opaque("Proxy") == case.value


# --- Forged answers ------------------------------------------------------------------------

FORGED = {
    "an object like an excess": ("function attack() { throw {what: 'items'}; }", "thrown"),
    "a class like an excess": (
        "class Excess { constructor(what) { this.what = what; } }\n"
        "function attack() { throw new Excess('items'); }",
        "thrown",
    ),
    "a class like an exit": ("class Exit {}\nfunction attack() { throw new Exit(); }", "thrown"),
    "our exit, thrown again": (
        "let kept;\ntry { process.exit(); } catch (error) { kept = error; }\n"
        "function attack() { throw kept; }",
        "process.exit()",
    ),
    "our exit, altered": (
        "let kept;\ntry { process.exit(); } catch (error) { kept = error; }\n"
        "Object.defineProperty(kept.constructor, Symbol.hasInstance, {value() { throw 1; }});\n"
        "function attack() { throw new RangeError('own'); }",
        "cannot be shown",
    ),
    "a text like an answer": ("function attack() { throw 'v1'; }", "thrown: v1"),
}


@pytest.mark.parametrize(("source", "said"), FORGED.values(), ids=FORGED)
def test_what_is_thrown_is_an_error_of_its_own(
    source: str, said: str, run_javascript: Callable[..., Run]
) -> None:
    (case,) = run_javascript(source, 1).cases
    assert Verdict.RUNTIME_ERROR == case.verdict
    assert said in (case.message or "")


@pytest.mark.parametrize("text", ["v1", "w1", "r", "p", "!v1", 'x"Error"', "eitems", "", "\ud800"])
def test_a_text_like_an_answer_is_a_text(text: str, run_javascript: Callable[..., Run]) -> None:
    source = f"function attack(value) {{ console.log({text!r}); return {text!r}; }}"
    (case,) = run_javascript(source, 1).cases
    assert (None, text.encode("utf-8", "backslashreplace").decode()) == (case.verdict, case.value)


HANDED_OVER = {
    "an export of ours": "export const __grader_found__ = [() => 'forged'];\n",
    "an export of ours, as a function": "const forged = () => 'forged';\n"
    "export { forged as __grader_found__ };\n",
    "a name of ours": "const __grader_found__ = [() => 'forged'];\nexport function attack() { return 1; }\n",
    "a global of ours": "globalThis.__grader_found__ = [() => 'forged'];\n"
    "export function attack() { return 1; }\n",
    "its own namespace": "import * as own from '<input>';\n"
    "export function attack() { return own.__grader_found__[0] === attack ? 1 : 2; }\n",
    "its own namespace, written to": "import * as own from '<input>';\n"
    "try { own.__grader_found__ = [() => 'forged']; } catch {}\n"
    "export function attack() { own.__grader_found__[0] = () => 'forged'; return 1; }\n",
    "a list of other things": "import * as own from '<input>';\n"
    "Object.defineProperty(Array.prototype, 0, {get() { throw 1; }, configurable: true});\n"
    "export function attack() { return 1; }\n",
    "out of the function around it": "}); process.exit(); (function () {\n",
    "out of the function around it, in a loop": "})(); (function () { for (;;); })(); (function () {\n",
    "a length of any kind": "export function attack() { return 1; }\n"
    "Object.defineProperty(attack, 'length', {value: {toJSON() { throw 1; }, valueOf() { throw 1; }}});\n",
    "a length beyond": "export function attack() { return 1; }\n"
    "Object.defineProperty(attack, 'length', {value: 1e999});\n",
    "a length that thinks": "export function attack() { return 1; }\n"
    "Object.defineProperty(attack, 'length', {get() { return Object(1n); }});\n",
}


@pytest.mark.parametrize("source", HANDED_OVER.values(), ids=HANDED_OVER)
def test_a_forged_hand_over_is_its_own_function_or_none(
    source: str, run_javascript: Callable[..., Run]
) -> None:
    seen = run_javascript(source, 1, 2)
    for case in seen.cases:
        assert (case.verdict, case.value) in (
            (None, 1),
            (None, "forged"),
            (Verdict.INVALID_SUBMISSION, None),
            (Verdict.TIME_LIMIT_EXCEEDED, None),
        )
        assert "ended itself" not in (case.message or "")


LEAVING = {
    "process.exit": "function attack() { process.exit(0); }\n",
    "in a task": "async function attack() { await 1; process.exit(0); }\n",
    "in a callback": "function attack() { [1].forEach(() => process.exit(0)); }\n",
    "in a timer": "function attack() {\n"
    "  return new Promise(() => setTimeout(() => process.exit(0), 1));\n}\n",
    "in a microtask": "function attack() {\n"
    "  queueMicrotask(() => process.exit(0)); return new Promise(() => {});\n}\n",
    "in a getter": "function attack() {\n"
    "  return Object.defineProperty([1], 0, {get() { process.exit(0); }});\n}\n",
    "in a message": "function attack() { throw {get [Symbol.toStringTag]() { process.exit(0); }}; }\n",
}


@pytest.mark.parametrize("source", LEAVING.values(), ids=LEAVING)
def test_leaving_is_a_runtime_error(source: str, run_javascript: Callable[..., Run]) -> None:
    cases = run_javascript(source, 1, 2).cases
    assert [Verdict.RUNTIME_ERROR] * 2 == [case.verdict for case in cases]


def test_a_flood_of_exits_ends_at_the_limit(run_javascript: Callable[..., Run]) -> None:
    source = "function attack() { for (;;) try { process.exit(); } catch {} }\n"
    (case,) = run_javascript(source, 1).cases
    assert Verdict.TIME_LIMIT_EXCEEDED == case.verdict


def test_leaving_at_import_is_said_to_be_that(run_javascript: Callable[..., Run]) -> None:
    for source in ("process.exit(0);\n", "process.exit(0);\nexport {};\n"):
        seen = run_javascript(source, 1, 2)
        assert [Verdict.INVALID_SUBMISSION] * 2 == [case.verdict for case in seen.cases]
        assert seen.invalid is not None
        assert InvalidReason.EXITS_AT_IMPORT == seen.invalid.reason


def test_nothing_is_left_for_the_next_submission(run_javascript: Callable[..., Run]) -> None:
    """Each has a fork of an engine that has read none."""
    deed = "globalThis.stolen = 42; Array.prototype.map = null; Math.random = () => 42;\n"
    asks = "function attack() { return [typeof stolen, typeof [].map, Math.random() < 1]; }\n"
    (within,) = run_javascript(deed + asks, 1).cases
    (after,) = run_javascript(asks, 1).cases
    assert ["number", "object", False] == within.value
    assert ["undefined", "function", True] == after.value
