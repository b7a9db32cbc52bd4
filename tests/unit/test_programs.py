"""The text of a function on its own: what comes along, what stays behind, what is refused."""

import ast
import functools
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest

from grader.catalog import Catalog
from grader.errors import AuthorError
from grader.programs import source_of
from reference import sgd_with_momentum as sgd

LINE = [{"x": 1.0, "y": 2.0}, {"x": 2.0, "y": 5.0}, {"x": -1.0, "y": -1.0}]
ARGS = (LINE, 0.0625, 0.75, 2)

FUNCTIONS = [
    each
    for name, each in vars(sgd).items()
    if isinstance(each, FunctionType) and not name.startswith("_")
]

Load = Callable[[str], ModuleType]


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Import a text as the module `lessons.made`."""
    package = tmp_path / "lessons"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "other.py").write_text("def seven():\n    return 7\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    def imported(text: str) -> ModuleType:
        (package / "made.py").write_text(text, encoding="utf-8")
        importlib.invalidate_caches()
        return importlib.import_module("lessons.made")

    yield imported
    for name in ("lessons", "lessons.made", "lessons.other"):
        sys.modules.pop(name, None)


def run(source: str, name: str) -> Any:
    namespace: dict[str, Any] = {"__name__": __name__}
    exec(compile(source, "<alone>", "exec", dont_inherit=True), namespace)
    return namespace[name]


def lines(source: str) -> list[str]:
    return [line for line in source.splitlines() if line]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda each: each.__name__)
def test_every_function_of_a_reference_answers_the_same_on_its_own(function):
    source = source_of(function, "sgdWithMomentum")
    assert function(*ARGS) == run(source, "sgdWithMomentum")(*ARGS)
    assert [
        "from __future__ import annotations",
        "def sgdWithMomentum(data, lr, beta, epochs):",
    ] == (lines(source)[:2])
    assert '"""' not in source


def test_there_are_functions_to_test():
    challenge = Catalog().load("sgdWithMomentum").challenge
    assert 27 == len(FUNCTIONS)
    assert {challenge.reference, *(each.variant for each in challenge.misconceptions)} == set(
        FUNCTIONS
    )


HELPERS = '''
"""A lesson."""
from __future__ import annotations

import math, cmath
import os.path
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from decimal import Decimal

FACTOR: Final = 3
UNUSED = FACTOR * 100
TABLE = {}
for key in range(4):
    TABLE[key] = key * FACTOR
OTHER = []
OTHER.append(1)


def third(x: Decimal) -> float:
    """Return the third."""
    return x / FACTOR


@dataclass
class Point:
    """A point."""

    x: float
    y: float = 0.0

    def size(self) -> float:
        """Return how far it is."""
        return math.hypot(self.x, self.y)


def unused() -> None:
    print(OTHER)


def entry(x: float, points: Sequence[Point] = ()) -> float:
    """Return something."""
    y: float = third(x)
    later: Decimal
    "a lone string"
    return y + TABLE[2] + Point(3.0, 4.0).size()


def after(x):
    return entry(x)


if __name__ == "__main__":
    entry = None
    TABLE.clear()
'''

ALONE = """
from __future__ import annotations
import math
from dataclasses import dataclass
FACTOR = 3
TABLE = {}
for key in range(4):
    TABLE[key] = key * FACTOR
def third(x):
    return x / FACTOR
@dataclass
class Point:
    x: float
    y: float = 0.0
    def size(self):
        return math.hypot(self.x, self.y)
def answer(x, points=()):
    y = third(x)
    return y + TABLE[2] + Point(3.0, 4.0).size()
"""


def test_what_is_used_comes_along_in_its_order(load):
    source = source_of(load(HELPERS).entry, "answer")
    assert lines(ALONE) == lines(source)
    assert 1.0 + 6 + 5.0 == run(source, "answer")(3.0)


def test_a_function_that_calls_itself_calls_its_new_name(load):
    module = load(
        """
def entry(n):
    return 1 if n < 2 else n * helper(n - 1)

def helper(n):
    return entry(n)

def shadowed(entry):
    return entry + 1

def both(n):
    return entry(shadowed(n))
"""
    )
    source = source_of(module.entry, "factorial")
    assert "entry" not in source
    assert 120 == run(source, "factorial")(5)
    source = source_of(module.both, "entry")
    assert 24 == run(source, "entry")(3)


def test_a_helper_gives_up_the_name_that_the_function_gets(load):
    module = load(
        """
from math import sqrt as root

def right(x):
    return root(x)

def wrong(x):
    return right(x) + 1
"""
    )
    assert 4.0 == run(source_of(module.wrong, "right"), "right")(9)
    assert 3.0 == run(source_of(module.right, "root"), "root")(9)


def test_what_needs_the_function_at_import_comes_after_it(load):
    module = load(
        """
def entry(x, entry=abs, again=None):
    return entry(x) + (TABLE[0] if again else 0)

def twice(x):
    return 2 * entry(x)

TABLE = [twice(1), 5]
del twice
"""
    )
    source = source_of(module.entry, "f")
    assert 5 == run(source, "f")(-3, again=True)
    assert "def f(x, entry=abs, again=None):" in source


def test_a_default_value_is_not_what_its_parameter_hides(load):
    module = load(
        """
def entry(x, deeper=0, entry=None):
    return x if deeper else helper(x)

def helper(x, entry=entry):
    return entry(x, 1) + 1
"""
    )
    assert 4 == run(source_of(module.entry, "f"), "f")(3)


def test_a_class_that_names_a_field_as_a_global_brings_it_along(load):
    text = "sep = '-'\n\nclass Box:\n    sep = sep\n\ndef entry():\n    return Box.sep\n"
    assert "-" == run(source_of(load(text).entry, "f"), "f")()


def test_a_global_that_a_helper_sets_comes_along(load):
    module = load(
        """
COUNT = 0

def count():
    global COUNT
    COUNT += 1

def entry():
    count()
    return 5
"""
    )
    assert 5 == run(source_of(module.entry, "entry"), "entry")()


def test_a_relative_import_becomes_an_absolute_one(load):
    source = source_of(
        load("from .other import seven\n\ndef entry():\n    return seven()\n").entry, "f"
    )
    assert "from lessons.other import seven" in source
    assert 7 == run(source, "f")()


def test_a_star_import_stays_since_nobody_knows_what_it_brings(load):
    module = load("from math import *\n\ndef entry(x):\n    return sqrt(x)\n")
    assert 3.0 == run(source_of(module.entry, "f"), "f")(9)


def test_a_decorated_function_keeps_its_decorator(load):
    module = load("import functools\n\n@functools.cache\ndef entry(x):\n    return 2 * x\n")
    assert 8 == run(source_of(module.entry, "f"), "f")(4)


def test_names_of_locals_bring_nothing_along(load):
    module = load("total = 5\n\ndef entry(xs):\n    total = sum(xs)\n    return total\n")
    assert "total = 5" not in source_of(module.entry, "f")


def test_a_body_of_words_only_becomes_a_pass(load):
    source = source_of(load('def entry():\n    """Nothing."""\n').entry, "f")
    assert ["def f():", "    pass"] == lines(source)[1:]
    assert run(source, "f")() is None


def nested() -> Callable[[], int]:
    def inside() -> int:
        return 1

    return inside


def executed() -> Any:
    namespace: dict[str, Any] = {"__name__": "nowhere"}
    exec("def entry():\n    return 1\n", namespace)
    return namespace["entry"]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (len, "has no source"),
        (functools.partial(nested), "has no source"),
        (lambda: 1, "define it with def at the top level"),
        (nested(), "define it with def at the top level"),
        (executed(), "the source of entry cannot be read"),
    ],
    ids=["built-in", "partial", "lambda", "nested", "executed"],
)
def test_what_has_no_text_of_its_own_is_refused_in_one_line(function, message):
    with pytest.raises(AuthorError, match=message) as caught:
        source_of(function, "f")
    assert "\n" not in str(caught.value)


def test_a_definition_that_is_not_at_the_top_is_refused(load):
    module = load("if True:\n    def entry():\n        return 1\n")
    with pytest.raises(AuthorError, match="under an `if`"):
        source_of(module.entry, "f")


def test_the_text_is_what_unparse_gives():
    source = source_of(sgd.sgd_with_momentum, "sgdWithMomentum")
    assert ast.dump(ast.parse(source)) == ast.dump(ast.parse(ast.unparse(ast.parse(source))))
    assert "'x'" in source
    assert '"x"' in inspect.getsource(sgd.sgd_with_momentum)
