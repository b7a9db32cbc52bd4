"""The table's column of Python."""

import numpy as np

from conformance.cells import (
    Absent,
    Cell,
    Column,
    Gives,
    Raises,
    Refused,
    cell,
    giving,
    raising,
)
from conformance.rows import ECHOED, LONG_MESSAGE
from grader.sandbox.faults import InvalidReason
from grader.values import Opaque


def f(body: str, parameters: str = "x") -> str:
    """Return a file whose function has this body."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return f"def theAnswer({parameters}):\n{lines}"


def opaque(kind: str, *expressions: str) -> Cell:
    return giving(Opaque(kind), *(f(f"return {each}") for each in expressions))


_SYNTAX = InvalidReason.DOES_NOT_COMPILE
_FAILED = InvalidReason.IMPORT_RAISED
_ECHO = f("return x")
_NEVER_AWAITED = Absent("a coroutine is a value that nobody awaits, and there are no timers")
_SPECIAL = "{'__proto__': 1, 'constructor': 2, '': 3, 'é': 4}"

COLUMN: Column = {
    **{f"echo: {name}": cell(_ECHO) for name in ECHOED},
    "out: nothing": cell(f("pass"), f("return"), f("return None")),
    "out: truths": cell(f("return [True, False]")),
    "out: numbers": cell(
        f("inf = float('inf')\nreturn [0, -0.0, 0.5, inf - inf, inf, -inf, 5e-324]")
    ),
    "out: a large whole number": cell(f("return 2**53 - 1")),
    "out: text": cell(f(r"""return 'é😀\0\n"\'\\'""")),
    "out: a lone surrogate": cell(f(r"return '\ud800'")),
    "out: nested": cell(f("return [[1, 2], {'a': {'b': [3]}}, 'text']")),
    "out: special keys": cell(f(f"return {_SPECIAL}"), f(f"return dict({_SPECIAL})")),
    "out: one value in two places": cell(f("a = [1]\nreturn [a, a]")),
    "out: a tuple": cell(f("return 1, 2"), f("return (1, 2)")),
    "out: an array of numbers": giving(
        np.array([1.5, 2.5]),
        "import numpy as np\n" + f("return np.array([1.5, 2.5])"),
        "import numpy as np\n" + f("return np.array([1.5, 0, 2.5])[::2]"),
    ),
    "out: a list with holes": Absent("a list has no holes"),
    "out: a function": opaque("function", "theAnswer", "lambda: 1"),
    "out: a generator": opaque("generator", "(n for n in [])"),
    "out: an iterator": opaque("object", "iter([])"),
    "out: a big integer": giving(1 << 80, f("return 1 << 80")),
    "out: a symbol": Absent("there are no symbols"),
    "out: a set": giving({1, 2}, f("return {1, 2}")),
    "out: a map": giving(
        {1: 2}, "import collections\n" + f("return collections.OrderedDict({1: 2})")
    ),
    "out: a date": opaque("datetime", "__import__('datetime').datetime(2000, 1, 1)"),
    "out: a pattern": opaque("object", "__import__('re').compile('x')"),
    "out: an error": opaque("object", "ValueError('x')"),
    "out: what is to come": giving(
        [Opaque("coroutine")], "async def later(): pass\n" + f("return [later()]")
    ),
    "out: a boxed number": opaque("Decimal", "__import__('decimal').Decimal(5)"),
    "out: a getter": Absent("a dict has no getters"),
    "out: a proxy": opaque("object", "__import__('types').MappingProxyType({})"),
    "out: a buffer": giving(b"x", f("return memoryview(b'x')")),
    "out: an object of its own": opaque("object", "type('Model', (), {})()"),
    "out: an opaque value within others": giving(
        {"a": [1, Opaque("range")], "b": Opaque("function")},
        f("return {'a': [1, range(2)], 'b': theAnswer}"),
    ),
    "out: a cycle": cell(f("a = []\na.append(a)\nreturn 1 if x else a")),
    "out: a cycle of mappings": cell(f("a = {}\na['a'] = a\nreturn 1 if x else a")),
    "out: too deep": cell(f("a = 0\nfor _ in range(100): a = [a]\nreturn 1 if x else a")),
    "out: too many items": cell(f("return 1 if x else [0] * 300_000")),
    "out: too long a text": cell(
        f("return 1 if x else 'x' * 2**21"), f("return 1 if x else 'é' * 2**20")
    ),
    "out: too many bytes": cell(
        f("return 1 if x else [1.5] * 150_000"), f("return 1 if x else ['x' * 100_000] * 100")
    ),
    "out: too large an integer": cell(f("return 1 if x else 1 << 999_999")),
    "inputs: changed by one call of three": cell(
        f("if x: x.append(1)\nreturn len(x) or 2"),
        f("if x: x.reverse()\nreturn 3 if x else 2"),
    ),
    "inputs: put back as they were": cell(f("x.reverse()\nx.reverse()\nreturn x")),
    "inputs: changed deep within": cell(
        f("x['a'][0]['b'] = 2\nreturn 1"), f("del x['a'][0]['b']\nreturn 1")
    ),
    "inputs: given a further key": cell(f("x['b'] = 1\nreturn 2")),
    "inputs: an array written to": cell(f("x[1][0] = 9\nreturn int(x[1][0])")),
    "inputs: kept, and fresh in the next call": cell(
        "kept = []\n" + f("told = len(kept)\nkept[:] = x\nreturn told")
    ),
    "inputs: two of them": cell(f("return [x, y]", "x, y"), f("return list(xs)", "*xs")),
    "inputs: none": cell(f("return 7", "")),
    "entry: in every form": cell(
        f("return 7"),
        "theAnswer = lambda x: 7",
        "import functools\ntheAnswer = functools.partial(lambda a, b: 7, 1)",
        "class C:\n    def __call__(self, x): return 7\ntheAnswer = C()",
        "class C:\n    def f(self, x): return 7\ntheAnswer = C().f",
        f("return 7") + "def the_answer(x): return 8\n",
        "if __name__ == '__main__':\n    raise ValueError\n" + f("return 7"),
    ),
    "entry: by its other name": cell(f("return 7").replace("theAnswer", "the_answer")),
    "entry: with more parameters than are given": cell(
        f("return y", "x, y=7"), f("return 7", "x, *y")
    ),
    "entry: with fewer parameters than are given": raising(
        Refused(InvalidReason.WRONG_PARAMETERS, names=()), f("return 7", "")
    ),
    "entry: not there": cell("def other(x): pass\ndef theanswer(x):\n    def inner(): pass\n"),
    "entry: an empty file": cell("", "\n", "5\n"),
    "entry: not callable": cell("theAnswer = 42", "theAnswer = None\n"),
    "entry: too many parameters": cell(f("return a", "a, b"), "theAnswer = lambda a, b: a"),
    "error: a value refused": raising(Raises("ValueError", 2), f("return float('x')")),
    "error: of the wrong type": cell(f("return x + ''"), f("return x()"), f("return None[0]")),
    "error: an unknown name": raising(Raises("NameError", 2, message="nobody"), f("nobody(x)")),
    "error: of its own class": raising(
        Raises("ValueError", 3, own_class=True, message="hm", trace=((3, "theAnswer"),)),
        "class Own(ValueError): pass\n" + f("raise Own('hm')"),
    ),
    "error: frames": raising(
        Raises("ValueError", 3, own_class=True, trace=((5, "theAnswer"), (3, "inner"))),
        "import json\ndef inner(x):\n    return json.loads('{')\n" + f("return inner(x)"),
    ),
    "error: no error at all": raising(Raises("TypeError", 2), f("raise 'text'")),
    "error: without a message": raising(Raises("ValueError", 2), f("raise ValueError")),
    "error: a long message": raising(
        Raises("ValueError", 2, message=LONG_MESSAGE), f("raise ValueError('m' * 10**6)")
    ),
    "error: a text that cannot be had": raising(
        Raises("ValueError", 4, own_class=True),
        "class Own(ValueError):\n    def __str__(self): raise SystemExit\n" + f("raise Own"),
    ),
    "error: a message that is no text": raising(
        Raises("ValueError", 2), f("raise ValueError(5, None)"), f(r"raise ValueError('\ud800')")
    ),
    "error: recursion": raising(Raises("RecursionError", 2), f("return theAnswer(x) + 1")),
    "error: recursion within conversions": raising(
        Raises("RecursionError"),
        "class A:\n    def __str__(self): return str(self)\n" + f("return str(A())"),
    ),
    "error: out of memory, and on": cell(
        f("a = []\nwhile not x: a.append(bytes(1000))\nreturn 1"),
        f("return 1 if x else len(bytes(1 << 30))"),
    ),
    "error: in one call, and on": Cell(
        (f("if not x: raise ValueError('no')\nreturn x"),),
        (Raises("ValueError", 2, message="no"), Gives(1)),
    ),
    "error: in a text evaluated": raising(
        Raises("TypeError", 4, trace=((4, "theAnswer"),)), f("\n\nexec('\\nNone[0]')")
    ),
    "file: wrong on its first line": raising(
        Refused(_SYNTAX, kind="SyntaxError", line=1), "x = = 1\n" + f("return x")
    ),
    "file: wrong on its last line": raising(
        Refused(_SYNTAX, kind="SyntaxError", line=3), f("return x") + "x = = 2"
    ),
    "file: a bracket left open": raising(
        Refused(_SYNTAX, kind="SyntaxError", line=3), "\ndef theAnswer(x):\n    return (x\n"
    ),
    "file: wrong, with CRLF": raising(
        Refused(_SYNTAX, kind="SyntaxError", line=3), "# a\r\n\r\nx = = 2\r\n# end\r\n"
    ),
    "file: wrong, with CR": raising(
        Refused(_SYNTAX, kind="SyntaxError", line=3), "# a\r\rx = = 2\r# end\r"
    ),
    "file: fails when loaded": raising(
        Refused(_FAILED, kind="TypeError", line=2),
        "\nNone[0]\n" + f("return x"),
        "def g():\n    None[0]\ng()\n",
    ),
    "file: loads what is not there": raising(
        Refused(_FAILED, kind="ModuleNotFoundError", line=1), "import no_such_module\n"
    ),
    "file: nested beyond measure": raising(
        Refused(_SYNTAX), "(" * 200_000, "[" * 200_000, "x = " + "-" * 200_000 + "1"
    ),
    "file: with a byte order mark": cell(b"\xef\xbb\xbfdef theAnswer(x): return 7\n"),
    "file: with CRLF": cell("# one\r\ndef theAnswer(x):\r\n    return 7\r\n"),
    "file: with CR": cell("# one\rdef theAnswer(x):\r    return 7\r"),
    "file: with a line for the shell": cell("#!/usr/bin/env python3\n" + f("return 7")),
    "file: without a line break at its end": cell("def theAnswer(x): return 7"),
    "file: ends in a comment": cell(f("return 7") + "# end"),
    "print: at import": cell("print('import')\n" + f("print('call')\nreturn x")),
    "print: in each call": cell(f("print(x, 'a')\nreturn x")),
    "print: before an error": raising(
        Raises("ValueError", 3, prints="told\n"), f("print('told')\nraise ValueError")
    ),
    "print: before a refusal": raising(
        Refused(InvalidReason.NO_ENTRY_POINT, prints="told\n"), "print('told')\n"
    ),
    "print: text of every kind": cell(f("print('é😀')\nreturn x")),
    "print: a lone surrogate": Cell((f("print('\\ud800')\nreturn 1"),), (Gives(1, "\\ud800\n"),)),
    "print: to the streams": cell(
        "import sys\n" + f("sys.stdout.write('out ')\nsys.stderr.write('err')\nreturn x")
    ),
    "print: a flood": cell(f("while True: print('x' * 50)")),
    "print: a flood at once": cell(f("print('x' * 10**6)")),
    "print: a flood at import": cell("while True: print('x')\n"),
    "print: counted over all calls": cell(f("print('x' * 3000)\nreturn x")),
    "end: exit at import": cell("import sys\nsys.exit(0)\n", "exit()\n"),
    "end: exit in the call": cell("import sys\n" + f("if not x: sys.exit(0)\nreturn x")),
    "end: a loop": cell(f("while not x: pass\nreturn x")),
    "end: a loop at import": cell("while True: pass\n"),
    "end: sleep": cell("import time\n" + f("time.sleep(100)")),
    "state: kept from call to call": cell("n = 0\n" + f("global n\nn += 1\nreturn n")),
    "state: lost with the process": cell(
        "n = 0\n" + f("global n\nn += 1\nwhile x: pass\nreturn n")
    ),
    "chance: random numbers": cell(
        "import random, numpy\n"
        + f("return [random.random(), numpy.random.random(), numpy.random.default_rng().random()]")
    ),
    **{
        f"later: {what}": _NEVER_AWAITED
        for what in (
            *("a value", "an object to wait for", "an error", "an exit", "an input changed"),
            *("prints", "the order of things", "a repeated timer, cleared"),
            *("timers of strange pauses", "an error in a timer", "an error in a task", "never"),
            *("too late for its own call", "awaited at import", "never at import"),
            *("a loop of tasks", "a loop of timers"),
        )
    },
}
