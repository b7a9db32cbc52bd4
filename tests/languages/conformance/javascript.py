"""The table's column of JavaScript."""

import numpy as np

from conformance.cells import (
    Absent,
    Cell,
    Column,
    Gives,
    Raises,
    Refused,
    Stops,
    cell,
    giving,
    raising,
)
from conformance.rows import ECHOED, LONG_MESSAGE
from grader.sandbox.faults import InvalidReason
from grader.values import Opaque
from grader.verdict import Verdict


def f(body: str, parameters: str = "x") -> str:
    """Return a file whose function has this body."""
    return f"function theAnswer({parameters}) {{\n{body}\n}}\n"


def later(body: str) -> str:
    return "async " + f(body)


def opaque(kind: str, *expressions: str) -> Cell:
    return giving(Opaque(kind), *(f(f"return {each};") for each in expressions))


_SYNTAX = InvalidReason.DOES_NOT_COMPILE
_FAILED = InvalidReason.IMPORT_RAISED
_ECHO = f("return x;")

_ECHOED_AS: dict[str, object] = {
    "a number too large to be exact": float(2**80),
    "an array of no dimension": 3.5,
    "an array of truths": [True, False],
    "a scalar of numpy's": float(np.float32(0.5)),
    "a complex number": [2.0, -3.0],
    "bytes": [97, 98],
    "a set": [1, 2, 3],
    "keys that are no text": {"1": "one", "2.5": "more"},
}

_FORMS = (
    "function theAnswer(x) { return 7; }",
    "const theAnswer = (x) => 7;",
    "let theAnswer = x => 7",
    "var theAnswer = function (x) { return 7; };",
    "const theAnswer = function named(x) { return 7; };",
    "async function theAnswer(x) { return 7; }",
    "const theAnswer = async (x) => 7;",
    "const theAnswer = (...xs) => 7;",
    "theAnswer = () => 7;",  # sloppily, a global
    "'use strict';\nfunction theAnswer(x) { return this === undefined ? 7 : 0; }",
    "globalThis.theAnswer = (x) => 7;",
    "this.theAnswer = (x) => 7;",
    "const theAnswer = ((n) => n).bind(null, 7);",
    "const theAnswer = new Proxy((x) => 7, {});",
    "class Model { static f(x) { return 7; } }\nconst theAnswer = Model.f;",
    # CommonJS
    "module.exports = { theAnswer: (x) => 7 };",
    "module.exports = { theAnswer(x) { return 7; } };",
    "function theAnswer(x) { return 7; }\nmodule.exports = { theAnswer };",
    "function theAnswer(x) { return 7; }\nmodule.exports = theAnswer;",
    "module.exports = (x) => 7;",
    "module.exports.theAnswer = (x) => 7;",
    "exports.theAnswer = (x) => 7;",
    "exports.the_answer = (x) => 7;",
    "exports.default = (x) => 7;",
    "module.exports = { default: { theAnswer: (x) => 7 } };",
    "exports.theAnswer = (x) => 7;\nfunction theAnswer(x) { return 8; }",
    "if (require.main === module) throw new Error();\nexports.theAnswer = (x) => 7;",
    # modules
    "export function theAnswer(x) { return 7; }",
    "export const theAnswer = (x) => 7;",
    "export async function theAnswer(x) { return 7; }",
    "export default function (x) { return 7; }",
    "export default function theAnswer(x) { return 7; }",
    "export default function other(x) { return 7; }",
    "export default (x) => 7;",
    "export default { theAnswer: (x) => 7 };",
    "const theAnswer = (x) => 7;\nexport { theAnswer };",
    "const other = (x) => 7;\nexport { other as theAnswer };",
    "const other = (x) => 7;\nexport { other as default };",
    "const theAnswer = (x) => 7;\nexport default theAnswer;",
    "export const other = 1;\nfunction theAnswer(x) { return 7; }",
    "const { performance } = require('node:perf_hooks');\nconst theAnswer = (x) => 7;",
    ("mine.mjs", "const theAnswer = (x) => 7;"),
    ("mine.mjs", "export default (x) => (this === undefined ? 7 : 0);"),
    ("mine.cjs", "exports.theAnswer = (x) => 7;"),
    ("MINE.MJS", "export const theAnswer = (x) => 7;"),
)

_UNENDING = Raises("Error", message="never settled")

COLUMN: Column = {
    **{
        f"echo: {name}": giving(_ECHOED_AS[name], _ECHO) if name in _ECHOED_AS else cell(_ECHO)
        for name in ECHOED
    },
    "out: nothing": cell(*map(f, ("", "return;", "return undefined;", "return null;"))),
    "out: truths": cell(f("return [true, false];")),
    "out: numbers": cell(
        f("return [0, -0, 0.5, NaN, Infinity, -Infinity, Number.MIN_VALUE];"),
        f(
            "const a = [0, 0, 0, 0, 0, 0, 5e-324]; a[1] = -0; a[2] = 1 / 2; a[3] = 0 / 0;\n"
            "a[4] = 1 / 0; a[5] = -1 / 0; return a;"
        ),
        f("return new Float64Array([0, -0, 0.5, NaN, Infinity, -Infinity, 5e-324]);"),
    ),
    "out: a large whole number": cell(f("return Number.MAX_SAFE_INTEGER;")),
    "out: text": cell(f(r"""return 'é😀\0\n"\'\\';"""), f(r"return `é\u{1F600}\x00${'\n'}\"'\\`;")),
    "out: a lone surrogate": cell(f(r"return '\ud800';"), f("return '\\ud800😀'[0];")),
    "out: nested": cell(f("return [[1, 2], {a: {b: [3]}}, 'text'];")),
    "out: special keys": cell(
        f("return {['__proto__']: 1, constructor: 2, '': 3, é: 4};"),
        f('return JSON.parse(\'{"__proto__": 1, "constructor": 2, "": 3, "é": 4}\');'),
        f(
            "const made = Object.create(null); made['__proto__'] = 1; made.constructor = 2;\n"
            "made[''] = 3; made.é = 4; made[Symbol('no')] = 5; return made;"
        ),
    ),
    "out: one value in two places": cell(f("const a = [1]; return [a, a];")),
    "out: a tuple": Absent("there are no tuples"),
    "out: an array of numbers": giving(
        [1.5, 2.5],
        f("return [1.5, 2.5];"),
        *(f(f"return new {kind}([1.5, 2.5]);") for kind in ("Float64Array", "Float32Array")),
        f("return new Float64Array([0, 1.5, 2.5]).subarray(1);"),
        f("class Own extends Array {} return Own.of(1.5, 2.5);"),
    ),
    "out: a list with holes": cell(f("return [1, , 3];"), f("const a = [1]; a[2] = 3; return a;")),
    "out: a function": opaque("function", "theAnswer", "() => 1", "class A {}", "Math.sin"),
    "out: a generator": opaque("generator", "(function* () {})()", "(async function* () {})()"),
    "out: an iterator": opaque(
        "iterator", "[].values()", "new Map().keys()", "[].keys().map(String)"
    ),
    "out: a big integer": opaque("BigInt", "1n", "2n ** 100n"),
    "out: a symbol": opaque("symbol", "Symbol('s')", "Symbol.iterator"),
    "out: a set": opaque("Set", "new Set([1])"),
    "out: a map": opaque("Map", "new Map([[1, 2]])"),
    "out: a date": opaque("Date", "new Date(0)"),
    "out: a pattern": opaque("RegExp", "/x/"),
    "out: an error": opaque("Error", "new RangeError('x')"),
    "out: what is to come": giving([Opaque("Promise")], f("return [Promise.resolve(1)];")),
    "out: a boxed number": opaque("Number object", "new Number(5)", "Object(5)"),
    "out: a getter": giving({"a": Opaque("getter")}, f("return { get a() { throw 1; } };")),
    "out: a proxy": opaque(
        "Proxy", "new Proxy([], {})", "new Proxy({}, {})", "Proxy.revocable({}, {}).proxy"
    ),
    "out: a buffer": opaque("ArrayBuffer", "new ArrayBuffer(8)"),
    "out: an object of its own": giving(
        {"w": 1},
        "class Model { constructor() { this.w = 1; } step() {} }\n" + f("return new Model();"),
    ),
    "out: an opaque value within others": giving(
        {"a": [1, Opaque("Map")], "b": Opaque("function")}, f("return {a: [1, new Map()], b() {}};")
    ),
    "out: a cycle": cell(f("const a = []; a.push(a); return x ? 1 : a;")),
    "out: a cycle of mappings": cell(f("const a = {}; a.a = a; return x ? 1 : a;")),
    "out: too deep": cell(
        f("let a = 0; for (let i = 0; i < 100; i++) a = [a]; return x ? 1 : a;"),
        f("let a = 0; for (let i = 0; i < 1e5; i++) a = [a]; return x ? 1 : a;"),
    ),
    "out: too many items": cell(
        f("return x ? 1 : new Array(300000).fill(0);"),
        f("return x ? 1 : new Array(4294967295);"),
        f("return x ? 1 : new Uint8Array(300000);"),
        f("const a = new Array(1000).fill(0); return x ? 1 : new Array(1000).fill(a);"),
    ),
    "out: too long a text": cell(
        f("return x ? 1 : 'x'.repeat(2 ** 21);"),
        f("return x ? 1 : 'é'.repeat(2 ** 20);"),
        f("return x ? 1 : '\\0'.repeat(2 ** 21);"),
    ),
    "out: too many bytes": cell(
        f("return x ? 1 : new Array(150000).fill(1.2345678901234567);"),
        f("return x ? 1 : new Array(100).fill('x'.repeat(100000));"),
        f("return x ? 1 : { ['x'.repeat(2 ** 21)]: 1 };"),
    ),
    "out: too large an integer": Absent("a BigInt is refused whatever its size"),
    "inputs: changed by one call of three": cell(
        f("if (x.length) x.push(1); return x.length || 2;"),
        f("if (x.length) x.sort((a, b) => b - a); return x.length ? 3 : 2;"),
        f("if (x.length) x.length = 0; else return 2; return 3;"),
    ),
    "inputs: put back as they were": cell(
        f("x.reverse(); x.reverse(); return x;"), f("x[0] = [...x][0]; return x;")
    ),
    "inputs: changed deep within": cell(
        f("x.a[0].b = 2; return 1;"), f("delete x.a[0].b; return 1;"), f("x.a[0] = x; return 1;")
    ),
    "inputs: given a further key": cell(
        f("x.b = 1; return 2;"),
        f("Object.defineProperty(x, 'a', {get() { return 1; }}); return 2;"),
    ),
    "inputs: an array written to": cell(f("x[1][0] = 9; return x[1][0];")),
    "inputs: kept, and fresh in the next call": cell(
        "let kept;\n" + f("const told = kept ? kept.length : 0; kept = [...x]; return told;")
    ),
    "inputs: two of them": cell(f("return [x, y];", "x, y"), f("return [...arguments];", "x, y")),
    "inputs: none": cell(f("return arguments.length + 7;", "")),
    "entry: in every form": cell(*_FORMS[:22], *_FORMS[23:]),
    "entry: by its other name": cell(
        f("return 7;").replace("theAnswer", "the_answer"),
        _FORMS[22],
        "export const the_answer = (x) => 7;",
        "function theanswer(x) {}\nconst the_answer = (x) => 7;",
    ),
    "entry: with more parameters than are given": cell(
        f("return y;", "x, y = 7"), f("return 7;", "x, ...more"), f("return 7;", "x, {y} = {}")
    ),
    "entry: with fewer parameters than are given": giving(
        7, f("return 7;", ""), "const theAnswer = () => 7;"
    ),
    "entry: not there": cell(
        "function other(x) {}\nconst theanswer = (x) => {\n  const inner = () => 1;\n};\n",
        "export function theanswer(x) {}\nexport const other = (x) => 1;\n",
        "module.exports = { other(x) {}, theanswer: (x) => 1, number: 5 };",
        "export default { other(x) {}, theanswer: (x) => 1 };",
    ),
    "entry: an empty file": cell("", "\n", "'use strict';", "5;", ("mine.mjs", "")),
    "entry: not callable": cell(
        "const theAnswer = 42;",
        "exports.theAnswer = 42;",
        "exports.theAnswer = null;",
        "export const theAnswer = {};",
        "export default {theAnswer: 'x'};",
    ),
    "entry: too many parameters": cell(
        f("return a;", "a, b"),
        "const theAnswer = (a, b) => a;",
        "export const theAnswer = async (a, b) => a;",
        "module.exports = function (a, b) {};",
    ),
    "error: a value refused": raising(
        Raises("RangeError", 2), f("return new Array(-x);"), f("return x.toFixed(-1);")
    ),
    "error: of the wrong type": cell(
        f("return x[0].y;"),
        f("const a = null; return a.y;"),
        f("return x();"),
        f("const c = 1; c = 2;"),
    ),
    "error: an unknown name": raising(
        Raises("ReferenceError", 2, message="nobody"), f("nobody(x);")
    ),
    "error: of its own class": raising(
        Raises("RangeError", 5, own_class=True, message="hm", trace=((5, "theAnswer"),)),
        "class Own extends RangeError {\n  constructor(text) { super(text); }\n}\n"
        + f("throw new Own('hm');"),
    ),
    "error: frames": raising(
        Raises("SyntaxError", 2, trace=((5, "theAnswer"), (2, "inner"))),
        *(
            f"function inner(x) {{\n  return {broken};\n}}\n" + f("return inner(x);")
            for broken in ("JSON.parse('\\n\\n{')", "new Function('= =')", "new RegExp('(')")
        ),
    ),
    "error: no error at all": Cell(
        (f("throw 'text';"), f("throw ['te', 'xt'].join('');")),
        (Raises("Error", message="thrown: text"),),
    ),
    "error: without a message": raising(Raises("Error", 2), f("throw new Error();")),
    "error: a long message": raising(
        Raises("Error", 2, message=LONG_MESSAGE), f("throw new Error('m'.repeat(1e6));")
    ),
    "error: a text that cannot be had": raising(
        Raises("Error", None, message="cannot be shown"),
        f("throw Object.defineProperty(new Error(), 'message', {get() { throw 1; }});"),
        f("throw Object.defineProperty(new Error(), 'stack', {get() { throw 1; }});"),
        f("throw Object.defineProperty(new Error(), 'message', {get() { process.exit(); }});"),
    ),
    "error: a message that is no text": raising(
        Raises("Error", 2),
        f("throw Object.assign(new Error(), {message: 5});"),
        f("throw Object.assign(new Error(), {message: {toString() { throw 1; }}, name: 3});"),
        f("throw Object.assign(new Error('\\ud800'), {name: Symbol()});"),
    ),
    "error: recursion": Cell((f("return theAnswer(x) + 1;"),), (Raises("RangeError", 2),)),
    "error: recursion within conversions": raising(
        Raises("RangeError"),
        f("const a = {toString() { return `${this}`; }}; return `${a}`;"),
        f("const a = {toJSON() { return JSON.stringify(this); }}; return JSON.stringify(a);"),
        f("const a = {get b() { return this.b; }}; return a.b;"),
        f("const a = {valueOf() { return +this; }}; return +a;"),
        f("let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return String(a);"),
        f("return {get [Symbol.toStringTag]() { return String(this); }};"),
    ),
    "error: out of memory, and on": cell(
        f("const a = []; while (!x) a.push(new Array(1000).fill(0.5)); return 1;"),
        f("const a = []; while (!x) a.push(new ArrayBuffer(1 << 20)); return 1;"),
        f("const a = []; while (!x) a.push('x'.repeat(1e6) + a.length); return 1;"),
        later("const a = []; while (!x) a.push({a}); return 1;"),
    ),
    "error: in one call, and on": Cell(
        (f("if (!x) throw new Error('no'); return x;"),),
        (Raises("Error", 2, message="no"), Gives(1)),
    ),
    "error: in a text evaluated": raising(
        Raises("TypeError", 4, trace=((4, "theAnswer"),)), f("\n\n  eval('\\nnull.x');")
    ),
    "file: wrong on its first line": raising(
        Refused(_SYNTAX, kind="SyntaxError", line=1),
        "const = 1;\nfunction theAnswer(x) {}\n",
        "export const = 1;\nfunction theAnswer(x) {}\n",
        "'unclosed\nfunction theAnswer(x) {}\n",
    ),
    "file: wrong on its last line": raising(
        Refused(_SYNTAX, kind="SyntaxError", line=4),
        f("return x;") + "x = = 2",
        "export " + f("return x;") + "x = = 2\n",
    ),
    "file: a bracket left open": raising(
        Refused(_SYNTAX, kind="SyntaxError", line=3),
        "\nfunction theAnswer(x) {\n  return x;\n",
        "\nfunction theAnswer(x) {\n  return x;\n\n\n",
        "\nexport function theAnswer(x) {\n  return x;",
        "function theAnswer(x) {\n  return x;\n}}",
        "\n\nconst theAnswer = (x) => x +",
    ),
    "file: wrong, with CRLF": raising(
        Refused(_SYNTAX, kind="SyntaxError", line=3), "// a\r\n\r\nx = = 2\r\n// end\r\n"
    ),
    "file: wrong, with CR": raising(
        Refused(_SYNTAX, kind="SyntaxError", line=3), "// a\r\rx = = 2\r// end\r"
    ),
    "file: fails when loaded": raising(
        Refused(_FAILED, kind="TypeError", line=2),
        "const a = null;\na.b;\n" + f("return x;"),
        "const a = null;\na.b;\nexport " + f("return x;"),
        "function g() {\n  null.x;\n}\ng();",
        "\nawait null.x;\nexport " + f("return x;"),
        "\nexports.a = null.x;",
    ),
    "file: loads what is not there": raising(
        Refused(_FAILED, kind="Error"), "const fs = require('fs');", "require('./other.js');"
    ),
    "file: nested beyond measure": raising(
        Refused(_SYNTAX),
        "(" * 200_000,
        "[" * 200_000,
        "x = " + "-" * 200_000 + "1",
        "x = " + "`${" * 100_000,
    ),
    "file: with a byte order mark": cell(b"\xef\xbb\xbffunction theAnswer(x) { return 7; }"),
    "file: with CRLF": cell(
        "// one\r\nfunction theAnswer(x) {\r\n  return 7\r\n}\r\n",
        "// one\r\nexport function theAnswer(x) {\r\n  return 7\r\n}\r\n",
    ),
    "file: with CR": cell("// one\rfunction theAnswer(x) {\r  return 7\r}\r"),
    "file: with a line for the shell": cell(
        "#!/usr/bin/env node\nfunction theAnswer(x) { return 7; }",
        b"\xef\xbb\xbf#!/usr/bin/env node\nexport const theAnswer = (x) => 7;",
    ),
    "file: without a line break at its end": cell("const theAnswer = (x) => 7"),
    "file: ends in a comment": cell(
        "const theAnswer = (x) => 7; // end",
        "export const theAnswer = (x) => 7; // end",
        "const theAnswer = (x) => 7; /* end */",
        "const theAnswer = (x) => 7\n<!-- end",
    ),
    "print: at import": cell(
        "console.log('import');\n" + f("console.log('call'); return x;"),
        "console.log('import');\nexport " + f("console.log('call'); return x;"),
        "process.stdout.write('import\\n');\n" + f("console.log('ca' + 'll'); return x;"),
    ),
    "print: in each call": cell(
        f("console.log(x, 'a'); return x;"), f("console.info(`${x} a`); return x;")
    ),
    "print: before an error": raising(
        Raises("Error", 2, prints="told\n"), f("console.log('told'); throw new Error();")
    ),
    "print: before a refusal": raising(
        Refused(InvalidReason.NO_ENTRY_POINT, prints="told\n"),
        "console.log('told');",
        "console.log('told');\nexport {};",
    ),
    "print: text of every kind": cell(f("console.log('é😀'); return x;")),
    "print: a lone surrogate": Cell(
        (f("console.log('\\ud800'); return 1;"),), (Gives(1, "\ufffd\n"),)
    ),
    "print: to the streams": cell(
        f("process.stdout.write('out '); process.stderr.write('err'); return x;")
    ),
    "print: a flood": cell(
        f("for (;;) console.log('x'.repeat(50));"),
        f("for (;;) try { for (;;) console.error('x'); } catch {}"),
        later("for (;;) { console.log('x'.repeat(50)); await 1; }"),
    ),
    "print: a flood at once": cell(
        f("console.log('x'.repeat(1e6));"), f("process.stdout.write('x'.repeat(1e6));")
    ),
    "print: a flood at import": cell(
        "for (;;) console.log('x');", "for (;;) console.log('x');\nexport {};"
    ),
    "print: counted over all calls": cell(f("console.log('x'.repeat(3000)); return x;")),
    "end: exit at import": cell(
        "process.exit(0);", "process.exit();\nexport const theAnswer = (x) => 7;"
    ),
    "end: exit in the call": cell(
        f("if (!x) process.exit(0); return x;"), later("if (!x) process.exit(0); return x;")
    ),
    "end: a loop": cell(
        f("while (!x); return x;"),
        f("while (!x) try { while (!x); } finally { continue; } return x;"),
        f("while (!x) /^(a+)+$/.test('a'.repeat(40) + 'b'); return x;"),
    ),
    "end: a loop at import": cell("for (;;);", "for (;;);\nexport {};"),
    "end: sleep": cell(later("await new Promise((go) => setTimeout(go, 1e6));")),
    "state: kept from call to call": cell("let n = 0;\n" + f("return ++n;")),
    "state: lost with the process": cell("let n = 0;\n" + f("n++; while (x); return n;")),
    "chance: random numbers": cell(f("return [Math.random(), Math.random(), Math.random()];")),
    "later: a value": cell(
        later("return 7;"),
        later("return await new Promise((go) => setTimeout(go, 2, 7));"),
        f("return Promise.resolve(7);"),
        f("return new Promise((go) => setTimeout(() => go(7), 1));"),
        later("let s = 0; for await (const n of [3, Promise.resolve(4)]) s += n; return s;"),
        later("return (await Promise.all([3, Promise.resolve(4)])).reduce((a, b) => a + b);"),
    ),
    "later: an object to wait for": cell(
        f("return {then(go) { go(7); }};"),
        later("return {then(go) { setTimeout(go, 1, 7); }};"),
        later("return await {then(go) { go({then(go) { go(7); }}); }};"),
    ),
    "later: an error": raising(
        Raises("RangeError", 2, message="no"),
        later("throw new RangeError('no');"),
        later("await 1; throw new RangeError('no');"),
        f("return Promise.reject(new RangeError('no'));"),
        f("return {then() { throw new RangeError('no'); }};"),
        f("return {get then() { throw new RangeError('no'); }};"),
    ),
    "later: an exit": cell(later("await 1; process.exit();")),
    "later: an input changed": cell(later("await 1; x.push(1); return 1;")),
    "later: prints": cell(later("console.log('a'); await 1; console.log('b'); return x;")),
    "later: the order of things": cell(
        later(
            "const seen = [];\n"
            "setTimeout(() => seen.push('3'), 20); setTimeout(() => seen.push('1'), 0);\n"
            "setTimeout((text) => seen.push(text), 10, '2');\n"
            "const cleared = setTimeout(() => seen.push('never'), 1); clearTimeout(cleared);\n"
            "process.nextTick((text) => seen.push(text), 'tick');\n"
            "queueMicrotask(() => seen.push('micro')); seen.push('now');\n"
            "await new Promise((go) => setTimeout(go, 30)); return seen;"
        )
    ),
    "later: a repeated timer, cleared": cell(
        later(
            "let n = 0; await new Promise((go) => {\n"
            "  const timer = setInterval(() => { if (++n === 3) { clearInterval(timer); go(); } }, 1);\n"
            "});\nawait new Promise((go) => setTimeout(go, 9)); return n;"
        )
    ),
    "later: timers of strange pauses": cell(
        *(
            later(f"await new Promise((go) => setTimeout(go, {pause})); return 'done';")
            for pause in (
                "-1",
                "NaN",
                "Infinity",
                "1e300",
                "undefined",
                "'2'",
                "{valueOf: () => 1}",
            )
        ),
        later("await new Promise((go) => setImmediate(go)); return 'done';"),
    ),
    "later: an error in a timer": raising(
        Raises("RangeError", 2, message="no"),
        later("await new Promise((go) => setTimeout(() => { throw new RangeError('no'); }));"),
    ),
    "later: an error in a task": raising(
        Raises("RangeError", 2, message="no"),
        later(
            "queueMicrotask(() => { throw new RangeError('no'); }); await new Promise(() => {});"
        ),
        later(
            "process.nextTick(() => { throw new RangeError('no'); }); await new Promise(() => {});"
        ),
    ),
    "later: never": raising(
        _UNENDING, later("await new Promise(() => {});"), f("return {then() {}};")
    ),
    "later: too late for its own call": Cell(
        (
            "let go;\n"
            + f(
                "if (!x) return new Promise((settle) => { go = settle; });\n"
                "return new Promise((settle) => { go('first'); setTimeout(settle, 1, 'second'); });"
            ),
        ),
        (_UNENDING, Gives("second")),
    ),
    "later: awaited at import": cell(
        "const seven = await Promise.resolve(7);\nexport const theAnswer = (x) => seven;",
        "let n; await new Promise((go) => setTimeout(go, 1)); n = 7;\nexport default (x) => n;",
        ("mine.mjs", "const theAnswer = await (async () => (x) => 7)();"),
    ),
    "later: never at import": raising(
        Refused(_FAILED, kind="Error"), "await new Promise(() => {});\nexport default (x) => 7;"
    ),
    "later: a loop of tasks": Cell(
        (
            later("for (;;) await 1;"),
            f("const again = () => queueMicrotask(again); again(); return Promise.resolve(1);"),
            f("return {then(go) { go(this); }};"),
        ),
        (Stops(Verdict.TIME_LIMIT_EXCEEDED, "CPU time"),),
    ),
    "later: a loop of timers": cell(
        later("await new Promise(() => setInterval(() => {}, 1));"),
        later("const again = () => setTimeout(again); again(); await new Promise(() => {});"),
    ),
}
