"""Programs that would not end: what burns fuel, what is weighed, and that nothing else changes."""

import ast
import traceback

import pytest

from grader.errors import AuthorError
from grader.fuel import MOST_BITS, Meter, OutOfFuel, compile_limited, limited
from grader.trees import like

FUEL = 1000

ENDLESS = {
    "while": "def f():\n    while True:\n        pass\n",
    "nested": "def f():\n    for _ in range(2):\n        while 1:\n            x = 1\n",
    "for": "import itertools\ndef f():\n    for i in itertools.count():\n        pass\n",
    "caught": """
def f():
    while True:
        try:
            g()
        except Exception:
            pass
def g():
    return 1
""",
    "calls": "def f(n=40):\n    return 1 if n < 2 else f(n - 1) + f(n - 2)\n",
    "method": """
class C:
    def loop(self):
        while True:
            pass
def f():
    C().loop()
""",
    "generator": """
def g():
    while True:
        yield 1
def f():
    return sum(g())
""",
    "growing list": """
def f():
    xs = [1]
    for x in xs:
        xs.append(x)
""",
}

GROWING = {
    "square": "    for _ in range(99):\n        x = x * x\n",
    "negative square": "    for _ in range(99):\n        x = -(x * x)\n",
    "augmented": "    for _ in range(99):\n        x *= x\n",
    "power": "    for _ in range(99):\n        x **= 9\n",
    "by two names": "    for _ in range(99):\n        y = x * x\n        x = y\n",
    "in a helper": "    for _ in range(99):\n        x = square(x)\n",
    "text": "    s = 'ab'\n    for _ in range(99):\n        s = s + s\n",
    "list": "    a, b = [1], [2]\n    for _ in range(199):\n        a, b = b, a + b\n",
    "from call to call": "    deeper(x)\n",
}
HELPERS = """
def square(x):
    return x * x
def deeper(x, n=0):
    return x if n > 900 else deeper(x * x, n + 1)
def f(x):
"""


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS)
def test_what_would_not_end_is_out_of_fuel(source):
    with pytest.raises(OutOfFuel):
        compile_limited(source, "f", FUEL)()


@pytest.mark.parametrize("body", GROWING.values(), ids=GROWING)
def test_what_grows_without_end_is_out_of_fuel(body):
    with pytest.raises(OutOfFuel):
        compile_limited(HELPERS + body, "f", FUEL)(3)


def test_numbers_that_stay_within_bounds_may_grow():
    source = "def f(n):\n    x = 1\n    for _ in range(n):\n        x = x * 2\n    return x\n"
    function = compile_limited(source, "f", 2 * MOST_BITS)
    assert 2 ** (MOST_BITS - 1) == function(MOST_BITS - 1)
    with pytest.raises(OutOfFuel):
        function(MOST_BITS)


def test_what_may_double_may_be_anything():
    source = """
def f(x):
    y = x * 1
    y = abs(y)
    y += y
    a, b = y, y + y
    return b
"""
    function = compile_limited(source, "f", FUEL)
    assert 12.0 == function(3.0)
    assert 12 == function(-3)
    assert 8 + 0j == function(2j)
    assert float("inf") == function(float("inf"))


def test_every_call_gets_its_fuel_anew():
    source = "def f(n):\n    for _ in range(n):\n        pass\n    return n\n"
    function = compile_limited(source, "f", 11)  # one for the call
    assert [10] * 5 == [function(10) for _ in range(5)]
    with pytest.raises(OutOfFuel):
        function(11)
    assert 10 == function(n=10)


def test_an_empty_tank_stays_empty():
    source = """
def f():
    try:
        while True:
            pass
    except BaseException:
        while True:
            pass
"""
    with pytest.raises(OutOfFuel):
        compile_limited(source, "f", FUEL)()


def test_a_loop_at_the_top_level_burns_too():
    with pytest.raises(OutOfFuel):
        compile_limited("while True:\n    pass\n", "f", FUEL)


def test_nothing_else_changes():
    source = '''
from __future__ import annotations
import dataclasses

@dataclasses.dataclass
class Box:
    size: int = 2 * 2
    def grown(self, by: Unknown) -> int:
        __secret = self.size * by
        return __secret

def f(n, *rest, start: Unknown = 0, **named):
    """Doc."""
    total: int = start
    while total < n:
        total += 1
        if total == 5:
            continue
        if total > 8:
            break
    else:
        total = -1
    for i in rest:
        total *= i
    for _ in []:
        pass
    else:
        total -= 1
    return total + Box().grown(1) + sum(v * 2 for v in named.values())
'''
    plain: dict[str, object] = {"__name__": __name__}
    exec(source, plain)
    function, real = compile_limited(source, "f", FUEL), plain["f"]
    for args, options in [((4,), {}), ((20, 2, 3), {"start": 1}), ((0,), {"a": 3})]:
        assert real(*args, **options) == function(*args, **options)


def test_a_traceback_shows_the_line_of_the_text():
    source = "def f(x):\n    for i in [1]:\n        y = x * i\n        y = y / 0\n"
    try:
        compile_limited(source, "f", FUEL)(1)
    except ZeroDivisionError as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
    assert ("<f>", 4) == (last.filename, last.lineno)


def test_two_programs_share_nothing():
    source = "seen = []\ndef f():\n    seen.append(1)\n    return len(seen)\n"
    one, other = compile_limited(source, "f", FUEL), compile_limited(source, "f", FUEL)
    assert (1, 2, 1) == (one(), one(), other())


def test_a_program_without_the_function_is_the_authors_fault():
    with pytest.raises(AuthorError, match="no function `g`"):
        compile_limited("def f():\n    pass\n", "g", FUEL)


def test_programs_that_share_statements_share_a_meter():
    tree = ast.parse("def f(n):\n    for _ in range(n):\n        n = n * n\n    return n\n")
    before, meter = ast.dump(tree), Meter("f")
    first = limited(meter.compiled(tree), "f", FUEL)
    (definition,) = tree.body
    shorter = ast.Module([like(definition, body=[definition.body[1]])], [])
    second = limited(meter.compiled(shorter), "f", FUEL)
    assert (16, 3) == (first(2), second(3))
    with pytest.raises(OutOfFuel):
        first(99)
    assert before == ast.dump(tree)
