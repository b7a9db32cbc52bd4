"""Attacks by JavaScript on the engine itself: known ways to crash engines of its kind.

A crash is nobody's gain, for the process has nothing but the submission; still it has to be the
submission's own failure and no more. What is asked of each is a verdict of its own, without a
crash: with the engine of today there is none, and a test that fails tells of one to come.
"""

from collections.abc import Callable

import pytest

from grader.runner import Run
from grader.spec import Limits
from grader.verdict import Verdict

LIMITS = Limits(cpu_case_s=0.4, cpu_s=0.8, wall_s=9, memory_mb=96)
OWN = (
    None,
    Verdict.RUNTIME_ERROR,
    Verdict.MEMORY_LIMIT_EXCEEDED,
    Verdict.TIME_LIMIT_EXCEEDED,
    Verdict.OUTPUT_LIMIT_EXCEEDED,
)


def body(text: str) -> str:
    return f"function attack(value) {{\n{text}\n}}\n"


def nested(grow: str, use: str, times: str = "1e5") -> str:
    return body(f"let it = []; for (let i = 0; i < {times}; i++) it = {grow}; return {use};")


def resizing(act: str) -> str:
    """Return an act on a typed array `list` in whose midst `gone()` takes the memory from it."""
    return body(
        "const buffer = new ArrayBuffer(8000, {maxByteLength: 8000});\n"
        "const list = new Float64Array(buffer), whole = new Int32Array(buffer);\n"
        "const gone = {valueOf() { buffer.resize(0); return 1; }};\n"
        f"return {act};"
    )


DEEP = {
    "calls": body("return attack(value) + 1;"),
    "lists let go": nested("[it]", "(it = null, 1)", "3e5"),
    "lists returned": nested("[it]", "it"),
    "lists as text": nested("[it]", "String(it)"),
    "lists as JSON": nested("[it]", "JSON.stringify(it)", "2e4"),
    "lists flattened": nested("[it]", "it.flat(Infinity)"),
    "lists cloned": nested("[it]", "structuredClone(it)"),
    "lists printed": nested("[it]", "console.log(it)"),
    "text of brackets": body("return JSON.parse('['.repeat(1e6));"),
    "prototypes": nested("Object.create(it)", "it.missing === undefined", "5e4"),
    "proxies": nested("new Proxy(it, {})", "it.x", "5e4"),
    "bound functions": nested("(i ? it : Math.sin).bind()", "it(1)", "5e4"),
    "texts to the left": nested("'yyyyyyyyyy' + it", "it.charCodeAt(5)", "2e5"),
    "texts on both sides": body(
        "let it = 'x'.repeat(9000);\nfor (let i = 0; i < 2e4; i++) it = 'a' + (it + 'b');\n"
        "return it.charCodeAt(5);"
    ),
    "generators": body("function* g() { yield* g(); }\nreturn [...g()];"),
    "asynchronous calls": body("const f = async (n) => (n ? await f(n - 1) : 0);\nreturn f(1e5);"),
    "thenables": body(
        "let it = 1; for (let i = 0; i < 2e4; i++) { const to = it; it = {then(go) { go(to); }}; }\n"
        "return it;"
    ),
    "promises": body(
        "let it = Promise.resolve(1); for (let i = 0; i < 2e4; i++) it = it.then((x) => x);\nreturn it;"
    ),
    "parentheses": body("return eval('('.repeat(1e6));"),
    "functions within functions": body("return eval('()=>'.repeat(1e5) + '1');"),
    "signs": body("return eval('-'.repeat(1e6) + '1');"),
    "templates": body("return eval('`${'.repeat(1e5));"),
    "classes": body("return eval('class A extends '.repeat(1e5) + 'B {}');"),
    "members": body("return eval('this' + '.a'.repeat(1e5));"),
    "conditions": body("return eval('if (1); else '.repeat(1e5) + ';');"),
    "groups of an expression": body("return new RegExp('(?:'.repeat(5e4) + ')'.repeat(5e4));"),
    "classes of an expression": body("return new RegExp('['.repeat(1e5) + ']'.repeat(1e5), 'v');"),
    "views of an expression": body(
        "return new RegExp('(?=.*'.repeat(3000) + ')'.repeat(3000)).test('a');"
    ),
    "getters": body("return {get a() { return this.a; }}.a;"),
    "conversions": body("const it = {toString: () => `${it}`}; return `${it}`;"),
    "iterators": body(
        "const it = {[Symbol.iterator]: () => it[Symbol.iterator]()}; return [...it];"
    ),
    "replacements": body("const f = () => 'a'.replace('a', f); return f();"),
    "sorts": body("const f = () => [2, 1].sort(f); return f();"),
    "an error's making": body(
        "Error.prepareStackTrace = () => new Error().stack; return new Error().stack;"
    ),
}
CHANGED = {
    "a fill": resizing("list.fill(gone).length"),
    "a sort": resizing("list.sort(() => gone.valueOf()).length"),
    "a sort of a list": body(
        "const it = [3, 2, 1]; it.sort(() => { it.length = 0; return 1; }); return it;"
    ),
    "a set": resizing("list.set([1, gone, 3])"),
    "a search": resizing(
        "[list.indexOf(1, gone), list.includes(1, gone), list.lastIndexOf(1, gone)]"
    ),
    "a copy within": resizing("list.copyWithin(gone, 0).length"),
    "a slice": resizing("list.slice(gone).length"),
    "a part": resizing("list.subarray(gone).length"),
    "a replacement": resizing("list.with(900, gone).length"),
    "a join": resizing("list.join({toString() { gone.valueOf(); return ','; }}).length"),
    "an atomic act": resizing("Atomics.add(whole, 1500, gone)"),
    "an atomic exchange": resizing("Atomics.compareExchange(whole, 1500, gone, gone)"),
    "a view": resizing("new DataView(buffer).setFloat64(7000, gone)"),
    "a copy's species": resizing(
        "Object.assign(list, {constructor: {[Symbol.species]: function (n) {\n"
        "  buffer.resize(8); return new Float64Array(n); }}}).slice(1).length"
    ),
    "a transfer": body(
        "const list = new Float64Array(1000);\n"
        "list.set([1, {valueOf() { list.buffer.transfer(); return 1; }}, 3]); return list.length;"
    ),
    "a splice": body(
        "const it = [1, 2, 3]; it.splice(0, {valueOf() { it.length = 0; return 2; }}, 9); return it;"
    ),
    "a concatenation": body(
        "const it = [1, 2, 3];\n"
        "return [].concat(Object.defineProperty(it, 1, {get() { it.length = 0; return 9; }}));"
    ),
    "an apply": body(
        "const it = Object.defineProperty([1, 2, 3], 0, {get() { it.length = 0; return 9; }});\n"
        "return Math.max.apply(null, it);"
    ),
    "a reviver": body(
        "return JSON.parse('[1, 2, 3]', function () { this.length = 0; return this; });"
    ),
    "a map that grows": body(
        "const it = new Map([[1, 1]]); let n = 0;\n"
        "it.forEach((_, key) => { it.delete(key); if (++n < 1e5) it.set({}, 1); }); return n;"
    ),
    "an expression's last place": body(
        "const it = /a/y; it.lastIndex = {valueOf() { it.compile('b'); return 0; }}; return it.test('a');"
    ),
    "a collection of the last": body(
        "const all = new FinalizationRegistry(() => { for (;;); });\n"
        "for (let i = 0; i < 1e4; i++) all.register({}, i); return 1;"
    ),
}
WHILE_READ = {
    "a list that ends": "Object.defineProperty([0, 1, 2, 3], 0, {get() { this.length = 1; return 9; }})",
    "a list that grows": "Object.defineProperty([0, 1], 0, {get() { for (let i = 9; i--;) this.push(1); return 9; }})",
    "a buffer that shrinks": "(() => { const b = new ArrayBuffer(80, {maxByteLength: 80});\n"
    "  const list = new Float64Array(b);\n"
    "  return [Object.defineProperty([1], 0, {get() { b.resize(8); return 1; }}), list, list]; })()",
    "a buffer that goes": "(() => { const b = new ArrayBuffer(80); const list = new Float64Array(b);\n"
    "  return [Object.defineProperty([1], 0, {get() { b.transfer(); return 1; }}), list, list]; })()",
    "a list of holes": "new Array(1000)",
    "a list of nearly all holes": "Object.assign([], {length: 2 ** 32 - 1})",
    "holes with a getter": "(Object.defineProperty(Array.prototype, 5, {get: () => 'inherited',\n"
    "  configurable: true}), new Array(9))",
    "holes of a proxy": "Object.setPrototypeOf(new Array(9), new Proxy([], {get: (_, name) => name}))",
    "a mapping that changes": "Object.assign(Object.create({}), {get: [Object.defineProperty([1], 0,\n"
    "  {get() { delete this.x; Object.prototype.y = 1; return 1; }})], x: 1})",
    "a list of another class": "new (class extends Array { get length() { return 9; } })()",
    "a list whose length lies": "Object.setPrototypeOf([1], {get length() { return -1; }})",
    "a typed array whose length lies": "Object.defineProperty(new Int8Array(3), 'length', {value: 2 ** 31})",
    "keys without end": "Object.fromEntries(new Array(50000).fill(0).map((_, i) => [i + 'x', i]))",
    "a key that is long": "{['x'.repeat(2 ** 21)]: 1}",
    "half a pair, twice": "{['\\ud800']: 1, ['\\udc00']: '\\ud800'}",
    "a tag of any kind": "{[Symbol.toStringTag]: Symbol('x')}",
    "a tag that is long": "{[Symbol.toStringTag]: 'x'.repeat(2 ** 21)}",
    "a proxy that is revoked": "(() => { const r = Proxy.revocable([], {}); r.revoke(); return [r.proxy]; })()",
    "the global object": "globalThis",
    "every prototype": "[Object, Array, Function, Map, Promise, RegExp, Proxy].map((it) => it.prototype)",
    "the arguments": "arguments",
    "an error with a cause of itself": "(() => { const e = new Error(); e.cause = e; return {e, all: [e]}; })()",
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_depth_is_bounded(source: str, run_javascript: Callable[..., Run]) -> None:
    _check(run_javascript(source, 1, limits=LIMITS))


@pytest.mark.parametrize("source", CHANGED.values(), ids=CHANGED)
def test_what_changes_in_the_midst_of_an_act_is_safe(
    source: str, run_javascript: Callable[..., Run]
) -> None:
    _check(run_javascript(source, 1, limits=LIMITS))


@pytest.mark.parametrize("expression", WHILE_READ.values(), ids=WHILE_READ)
def test_what_changes_while_it_is_read_is_safe(
    expression: str, run_javascript: Callable[..., Run]
) -> None:
    source = body(f"return {expression};")
    _check(run_javascript(source, 1, limits=LIMITS))
    _check(
        run_javascript(
            body(f"const it = {expression}; console.log(it); throw it;"), 1, limits=LIMITS
        )
    )
    _check(run_javascript(body(f"value.a = {expression}; return 1;"), {"a": 1}, limits=LIMITS))


def _check(seen: Run) -> None:
    (case,) = seen.cases
    assert case.verdict in OWN
    for word in ("crashed", "ended itself", "not an answer"):
        assert word not in (case.message or "")
