"""Runs a reference's mutant so that it cannot hang: loops and calls burn fuel.

The text that is executed is the author's own, with one small change that we made: it is trusted,
and this is no sandbox. Never use it for what a student wrote.

Every function and every round of a loop burns one unit. Without a limit on numbers a loop of few
rounds could still take for ever (`n = n * n`, on whole numbers), so what may double in a step is
weighed too. What C code does in one call is not metered, nor are comprehensions.
"""

import ast
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

from grader.bare import FunctionNode, parameters
from grader.errors import AuthorError

MOST_BITS = 1 << 17
"""A whole number of more bits is out of fuel: 39000 digits."""
MOST_ITEMS = 1 << 22
"""So is a list, tuple or text that is longer than this."""


class OutOfFuel(BaseException):
    """The program ran for too long; no `except Exception` of its own stops this."""


def compile_limited(source: str, name: str, fuel: int) -> Callable[..., Any]:
    """Return the function `name` of a module's text; `fuel` is what each of its calls may burn."""
    tree = ast.parse(source)
    tree.body = _Meter(source).block(tree.body)
    # A dataclass looks for the module of its class, so that it has to be one that exists.
    namespace: dict[str, Any] = {"__name__": __name__, **_WORLD, _TANK: repeat(None, fuel)}
    exec(compile(tree, f"<{name}>", "exec", dont_inherit=True), namespace)
    function = namespace.get(name)
    if not callable(function):
        raise AuthorError(f"the program defines no function `{name}`")

    def metered(*args: Any, **options: Any) -> Any:
        namespace[_TANK] = repeat(None, fuel)
        return function(*args, **options)

    return metered


def _weigh(value: Any) -> None:
    if value.__class__ is float:
        return
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise OutOfFuel
    if isinstance(value, str | bytes | list | tuple) and len(value) > MOST_ITEMS:
        raise OutOfFuel


# Names that end in two underscores are not mangled inside a class.
_TANK = "__tank__"
_WORLD = {
    "__OutOfFuel__": OutOfFuel,
    "__weigh__": _weigh,
}


def _charge() -> list[ast.stmt]:
    """Return `for __spent__ in __tank__: break` with `else: raise __OutOfFuel__`.

    An iterator in C costs a third of what counting down a global costs. It stays empty once it
    is. Made of nodes, not parsed from a text: hundreds of programs are compiled at a time.
    """
    spent = ast.Name("__spent__", ast.Store())
    out = ast.Raise(ast.Name("__OutOfFuel__", ast.Load()), None)
    return [ast.For(spent, ast.Name(_TANK, ast.Load()), [ast.Break()], [out])]


def _weighing(names: list[str]) -> list[ast.stmt]:
    """Return `__weigh__(x)` for each name."""
    weigh = "__weigh__"
    return [
        ast.Expr(ast.Call(ast.Name(weigh, ast.Load()), [ast.Name(name, ast.Load())], []))
        for name in names
    ]


class _Meter:
    """Adds the charges to a program's statements. Expressions are left alone, and not visited."""

    def __init__(self, source: str) -> None:
        self._source = source

    def block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [each for statement in body for each in self._statement(statement)]

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        self._inner(node)
        match node:
            case ast.For() | ast.AsyncFor() | ast.While():
                node.body = [*_at(_charge(), node), *node.body]
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._function(node)
            case ast.Assign():
                return [node, *_weighed(node, node.targets, node.value)]
            case ast.AugAssign():
                return [node, *_weighed(node, [node.target], node)]
            case ast.AnnAssign(value=ast.expr() as value):
                return [node, *_weighed(node, [node.target], value)]
        return [node]

    def _inner(self, node: ast.AST) -> None:
        """Go through the blocks inside a statement, those of handlers and cases as well."""
        for field in ("body", "orelse", "finalbody"):
            block = getattr(node, field, None)
            if isinstance(block, list):
                setattr(node, field, self.block(block))
        for part in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
            self._inner(part)

    def _function(self, node: FunctionNode) -> None:
        # A number may also grow from call to call: `power(x * x, n // 2)`.
        is_called = self._source.count(f"{node.name}(") > 1
        names = [each.arg for each in parameters(node.args)] if is_called else []
        at = 0 if ast.get_docstring(node, clean=False) is None else 1
        node.body[at:at] = _at([*_charge(), *_weighing(names)], node)


def _weighed(node: ast.stmt, targets: list[ast.expr], value: ast.AST) -> list[ast.stmt]:
    """Return what weighs the variables that were just assigned, if `value` may double one."""
    if not _may_double(value):
        return []
    names = [each.id for target in targets for each in _names(target)]
    return _at(_weighing(names), node)


def _may_double(value: ast.AST) -> bool:
    """Tell whether a number or list can come out far larger than those it is made from.

    A sum that reads no name twice grows by one bit or by what it is given: fuel limits that.
    A remainder is as small as what divides.
    """
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod):
        return False
    nodes = list(ast.walk(value))
    if any(isinstance(node, ast.Call | ast.Mult | ast.Pow | ast.LShift) for node in nodes):
        return True
    names = [node.id for node in nodes if isinstance(node, ast.Name)]
    return len(names) > len(set(names)) and any(isinstance(node, ast.Add) for node in nodes)


def _names(target: ast.expr) -> Iterator[ast.Name]:
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node


def _at(body: list[ast.stmt], place: ast.stmt) -> list[ast.stmt]:
    """Let statements count as the line of another: a traceback shows that one."""
    for statement in body:
        ast.copy_location(statement, place)
        ast.fix_missing_locations(statement)
    return body
