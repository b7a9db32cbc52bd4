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
    _Metered(tree).visit(tree)
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
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        raise OutOfFuel
    if isinstance(value, str | bytes | list | tuple) and len(value) > MOST_ITEMS:
        raise OutOfFuel


# Names that end in two underscores are not mangled inside a class.
_TANK = "__tank__"
_WORLD = {
    "__OutOfFuel__": OutOfFuel,
    "__weigh__": _weigh,
    "__low__": -(1 << MOST_BITS),
    "__high__": 1 << MOST_BITS,
}

# An iterator in C costs a third of what counting down a global costs. It stays empty once it is.
_CHARGE = f"""
for __spent__ in {_TANK}:
    break
else:
    raise __OutOfFuel__
"""
# What is a float or a small whole number costs no call.
_WEIGH = """
if {0}.__class__ is not float and ({0}.__class__ is not int or not __low__ < {0} < __high__):
    __weigh__({0})
"""


class _Metered(ast.NodeTransformer):
    def __init__(self, tree: ast.Module) -> None:
        self._read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}

    def visit_For(self, node: ast.For) -> ast.AST:
        return self._loop(node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        return self._loop(node)

    def visit_While(self, node: ast.While) -> ast.AST:
        return self._loop(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def visit_Assign(self, node: ast.Assign) -> list[ast.stmt]:
        return [node, *_weighed(node, node.targets, node.value)]

    def visit_AugAssign(self, node: ast.AugAssign) -> list[ast.stmt]:
        return [node, *_weighed(node, [node.target], node)]

    def visit_AnnAssign(self, node: ast.AnnAssign) -> list[ast.stmt]:
        return [node, *([] if node.value is None else _weighed(node, [node.target], node.value))]

    def _loop(self, node: ast.For | ast.AsyncFor | ast.While) -> ast.AST:
        self.generic_visit(node)
        node.body = [*_statements(_CHARGE, node), *node.body]
        return node

    def _function(self, node: FunctionNode) -> ast.AST:
        self.generic_visit(node)
        # A number may also grow from call to call: `power(x * x, n // 2)`.
        is_called = node.name in self._read
        names = [each.arg for each in parameters(node.args)] if is_called else []
        at = 0 if ast.get_docstring(node, clean=False) is None else 1
        node.body[at:at] = _statements(_CHARGE + "".join(map(_WEIGH.format, names)), node)
        return node


def _weighed(node: ast.stmt, targets: list[ast.expr], value: ast.AST) -> list[ast.stmt]:
    """Return what weighs the variables that were just assigned, if `value` may double one."""
    if not _may_double(value):
        return []
    names = [each.id for target in targets for each in _names(target)]
    return _statements("".join(map(_WEIGH.format, names)), node)


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


def _statements(text: str, at: ast.stmt) -> list[ast.stmt]:
    """Return statements that count as the line of another: a traceback shows that one."""
    body = ast.parse(text).body
    for statement in body:
        for node in ast.walk(statement):
            ast.copy_location(node, at)
    return body
