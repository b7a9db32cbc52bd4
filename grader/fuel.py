"""Runs a reference's mutant so that it cannot hang: loops and calls burn fuel.

The text that is executed is the author's own, with one small change that we made: it is trusted,
and this is no sandbox. Never use it for what a student wrote.

Every function and every round of a loop burns one unit. Without a limit on numbers a loop of few
rounds could still take for ever (`n = n * n`, on whole numbers), so what may double in a step is
weighed too. What C code does in one call is not metered, nor are comprehensions.
"""

import ast
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import repeat
from types import CodeType
from typing import Any, TypeVar

from grader.bare import FunctionNode, parameters
from grader.errors import AuthorError
from grader.trees import like, nodes

_Node = TypeVar("_Node", bound=ast.AST)

MOST_BITS = 1 << 17
"""A whole number of more bits is out of fuel: 39000 digits."""
MOST_ITEMS = 1 << 22
"""So is a list, tuple or text that is longer than this."""


class OutOfFuel(BaseException):
    """The program ran for too long; no `except Exception` of its own stops this."""


def compile_limited(source: str, name: str, fuel: int) -> Callable[..., Any]:
    """Return the function `name` of a module's text; `fuel` is what each of its calls may burn."""
    return limited(Meter(name).compiled(ast.parse(source)), name, fuel)


def limited(code: CodeType, name: str, fuel: int) -> Callable[..., Any]:
    """Return the function `name` of a module that a meter compiled."""
    # A dataclass looks for the module of its class, so that it has to be one that exists.
    namespace: dict[str, Any] = {"__name__": __name__, **_WORLD, _TANK: repeat(None, fuel)}
    exec(code, namespace)
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
    is.
    """
    spent = ast.Name("__spent__", ast.Store())
    out = ast.Raise(ast.Name("__OutOfFuel__", ast.Load()), None)
    return [_placed(ast.For(spent, ast.Name(_TANK, ast.Load()), [ast.Break()], [out]))]


@lru_cache(maxsize=256)
def _weighing(name: str) -> ast.stmt:
    """Return `__weigh__(x)` for a name."""
    weigh = ast.Name("__weigh__", ast.Load())
    return _placed(ast.Expr(ast.Call(weigh, [ast.Name(name, ast.Load())], [])))


def _placed(statement: ast.stmt) -> ast.stmt:
    """Let a statement be on the first line: nobody reads where the fuel ran out."""
    return ast.fix_missing_locations(statement)


_CHARGE = _charge()


class Meter:
    """Compiles programs with the charges added, each statement that they share being done once.

    Expressions are left alone, and visited only to see what they may double.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._done: dict[ast.stmt, list[ast.stmt]] = {}

    def compiled(self, tree: ast.Module) -> CodeType:
        """Return a module's code; `tree` stays as it is, and has to from now on."""
        metered = ast.Module(self._block(tree.body), [])
        return compile(metered, f"<{self._name}>", "exec", dont_inherit=True)

    def _block(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return [each for statement in body for each in self._statement(statement)]

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if node not in self._done:
            self._done[node] = self._metered(node)
        return self._done[node]

    def _metered(self, node: ast.stmt) -> list[ast.stmt]:
        match node:
            case ast.For() | ast.AsyncFor() | ast.While():
                inner = self._inner(node)
                return [like(inner, body=[*_CHARGE, *inner.body])]
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return [_charged(self._inner(node))]
            case ast.Assign():
                return [node, *_weighed(node.targets, node.value)]
            case ast.AugAssign():
                return [node, *_weighed([node.target], node)]
            case ast.AnnAssign(value=ast.expr() as value):
                return [node, *_weighed([node.target], value)]
        return [self._inner(node)]

    def _inner(self, node: _Node) -> _Node:
        """Return a statement with charges in its blocks, those of handlers and cases as well."""
        blocks = {f: self._block(getattr(node, f)) for f in node._fields if f in _BLOCKS}
        parts = {f: [*map(self._inner, getattr(node, f))] for f in node._fields if f in _PARTS}
        return like(node, **blocks, **parts) if blocks or parts else node


_BLOCKS = {"body", "orelse", "finalbody"}
_PARTS = {"handlers", "cases"}


def _charged(node: FunctionNode) -> FunctionNode:
    # A number may also grow from call to call: `power(x * x, n // 2)`.
    weighing = [_weighing(each.arg) for each in parameters(node.args)]
    at = 0 if ast.get_docstring(node, clean=False) is None else 1
    body = [*node.body[:at], *_CHARGE, *weighing, *node.body[at:]]
    return like(node, body=body)


def _weighed(targets: list[ast.expr], value: ast.AST) -> list[ast.stmt]:
    """Return what weighs the variables that were just assigned, if `value` may double one."""
    if not _may_double(value):
        return []
    return [_weighing(each.id) for target in targets for each in _names(target)]


def _may_double(value: ast.AST) -> bool:
    """Tell whether a number or list can come out far larger than those it is made from.

    A sum that reads no name twice grows by one bit or by what it is given: fuel limits that.
    A remainder is as small as what divides.
    """
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Mod):
        return False
    inside = nodes(value)
    operators = {type(each.op) for each in inside if isinstance(each, ast.BinOp | ast.AugAssign)}
    if operators & _DOUBLING or any(isinstance(each, ast.Call) for each in inside):
        return True
    names = [each.id for each in inside if isinstance(each, ast.Name)]
    return ast.Add in operators and len(names) > len(set(names))


_DOUBLING = {ast.Mult, ast.Pow, ast.LShift}


def _names(target: ast.expr) -> Iterator[ast.Name]:
    for node in nodes(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node
