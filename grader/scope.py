"""What a function is made of, as far as a mutant needs it: places, blocks and names. Pure.

A place is where a node hangs in its tree. Only what runs when the function is called has one:
no docstring, annotation, decorator, default value or import, and no text (not even an f-string).
Functions inside a function are functions of their own.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.bare import FunctionNode, parameters

Position = tuple[int, int]
Sets = tuple[tuple[ast.AST, str, Any], ...]
"""Fields to set, each as the node, the field's name and the new value."""

_NOT_RUN = {"annotation", "returns", "decorator_list", "type_params", "type_comment", "ctx"}
_NO_PLACE = (
    ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.ClassDef
    | ast.Import
    | ast.ImportFrom
    | ast.JoinedStr
    | ast.arguments
    | ast.operator
    | ast.boolop
    | ast.unaryop
    | ast.cmpop
)
LOOP = ast.For | ast.AsyncFor | ast.While


@dataclass(frozen=True, slots=True)
class Place:
    """`owner.field` holds `node`, in a list if there is an `index`."""

    owner: ast.AST
    field: str
    index: int | None
    node: ast.AST

    def put(self, new: ast.AST) -> Sets:
        """Return how to put another node here."""
        if self.index is None:
            return ((self.owner, self.field, new),)
        nodes = list(getattr(self.owner, self.field))
        nodes[self.index] = new
        return ((self.owner, self.field, nodes),)


@dataclass(frozen=True, slots=True)
class Block:
    """Statements that follow one another: `owner.field`."""

    owner: ast.AST
    field: str
    statements: tuple[ast.stmt, ...]

    def put(self, statements: list[ast.stmt]) -> Sets:
        """Return how to put other statements here; a body that would be empty gets a `pass`."""
        needs_one = not statements and self.field != "orelse"
        return ((self.owner, self.field, [ast.Pass()] if needs_one else statements),)


@dataclass(frozen=True, slots=True)
class Scope:
    """The names of one function.

    `bound` are those that look like numbers, with the place from which on each is bound; `whole`
    are those that count or index; `assigned` those that an assignment sets. `keys` are the
    constant keys by the text of what they index, `modules` the imported modules.
    """

    function: FunctionNode
    bound: Mapping[str, Position]
    whole: frozenset[str]
    assigned: tuple[str, ...]
    keys: Mapping[str, tuple[str, ...]]
    modules: frozenset[str]


def scope_of(function: FunctionNode, modules: frozenset[str]) -> Scope:
    """Return the names of a function."""
    nodes = [place.node for place in places(function)]
    bound = dict.fromkeys((each.arg for each in parameters(function.args)), (0, 0))
    for name, position in _bindings(nodes):
        bound.setdefault(name, position)
    other = {name for node in nodes for name in _not_numbers(node)} | {"_"}
    return Scope(
        function=function,
        bound={name: position for name, position in bound.items() if name not in other},
        whole=frozenset(name for node in nodes for name in _wholes(node)),
        assigned=tuple(dict.fromkeys(name for node in nodes for name in _assigned(node))),
        keys=_keys(nodes),
        modules=modules,
    )


def functions(statement: ast.stmt) -> list[FunctionNode]:
    """Return a function at the top level with those inside it, and nothing of other statements."""
    if not isinstance(statement, FunctionNode):
        return []
    return [node for node in ast.walk(statement) if isinstance(node, FunctionNode)]


def places(owner: ast.AST) -> Iterator[Place]:
    """Yield the places below a node, in the order of the text."""
    for field, value in ast.iter_fields(owner):
        if field in _NOT_RUN:
            continue
        is_list = isinstance(value, list)
        for index, node in enumerate(value if is_list else [value]):
            if isinstance(node, ast.AST) and not isinstance(node, _NO_PLACE):
                yield Place(owner, field, index if is_list else None, node)
                yield from places(node)


def blocks(function: FunctionNode) -> Iterator[Block]:
    """Yield the function's body and every block in it."""
    owners = [function, *(place.node for place in places(function))]
    for owner in owners:
        for field in ("body", "orelse", "finalbody"):
            value = getattr(owner, field, None)
            if isinstance(value, list) and value:
                yield Block(owner, field, tuple(value))


def loads(node: ast.AST) -> Iterator[ast.Name]:
    """Yield where names are read."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load):
            yield each


def reads(node: ast.AST) -> set[str]:
    """Return the names that a statement or expression reads."""
    names = {each.id for each in loads(node)}
    for each in ast.walk(node):
        if isinstance(each, ast.AugAssign) and isinstance(each.target, ast.Name):
            names.add(each.target.id)
    return names


def writes(node: ast.AST) -> set[str]:
    """Return the names that a statement binds, or whose object it may change."""
    names = set()
    for each in ast.walk(node):
        match each:
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                names.add(name)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))):
                names.add(name)
    return names


def pairs(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name that an assignment sets on its own, with the value it gets."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _paired(target, value)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _paired(target, value)


def _paired(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match target, value:
        case ast.Name(id=name), _:
            yield name, value
        case ast.Tuple(elts=targets), ast.Tuple(elts=values) if len(targets) == len(values):
            for one, other in zip(targets, values, strict=True):
                yield from _paired(one, other)


def _stores(targets: list[ast.expr]) -> Iterator[str]:
    for target in targets:
        for each in ast.walk(target):
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
                yield each.id


def _bindings(nodes: list[ast.AST]) -> Iterator[tuple[str, Position]]:
    """Yield names with where they are bound; those of a comprehension live in it alone."""
    for node in nodes:
        match node:
            case ast.Assign(targets=targets):
                yield from ((name, _end(node)) for name in _stores(targets))
            case ast.AnnAssign(target=target) | ast.NamedExpr(target=target):
                yield from ((name, _end(node)) for name in _stores([target]))
            case ast.For(target=target, iter=iterated):
                yield from ((name, _end(iterated)) for name in _stores([target]))


def _end(node: ast.AST) -> Position:
    return getattr(node, "end_lineno", 0), getattr(node, "end_col_offset", 0)


def _assigned(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Assign(targets=targets):
            yield from _stores(targets)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            yield from _stores([target])


_OF_COLLECTIONS = {
    *("all", "any", "dict", "enumerate", "iter", "len", "list", "map", "reversed", "set"),
    *("sorted", "sum", "tuple", "zip"),
}
_COLLECTION = (
    ast.Dict
    | ast.DictComp
    | ast.GeneratorExp
    | ast.JoinedStr
    | ast.Lambda
    | ast.List
    | ast.ListComp
    | ast.Set
    | ast.SetComp
    | ast.Tuple
)


def _not_numbers(node: ast.AST) -> Iterator[str]:
    """Yield names that are used as no number is: iterated over, indexed, called, filled."""
    match node:
        case ast.Subscript(value=each) | ast.Attribute(value=each) | ast.Starred(value=each):
            yield from _named(each)
        case ast.For(iter=each) | ast.comprehension(iter=each):
            yield from _named(each)
        case ast.Call(func=called, args=args):
            yield from _named(called)
            if isinstance(called, ast.Name) and called.id in _OF_COLLECTIONS:
                yield from (name for each in args for name in _named(each))
        case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[each]):
            yield from _named(each)
        case ast.Assign() | ast.AnnAssign():
            yield from (name for name, value in pairs(node) if _is_collection(value))


def _is_collection(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return isinstance(value.value, str)
    return isinstance(value, _COLLECTION)


def _named(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id


def _wholes(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Name(id="range"), args=args):
            yield from (each.id for arg in args for each in loads(arg))
        case ast.Subscript(slice=index):
            yield from (each.id for each in loads(index))
        case ast.For(target=target, iter=ast.Call(func=ast.Name(id="range" | "enumerate"))):
            yield from list(_stores([target]))[:1]
        case ast.Assign() | ast.AnnAssign():
            yield from (name for name, value in pairs(node) if _is_whole(value))


def _is_whole(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=number):
            return type(number) is int
        case ast.Call(func=ast.Name(id="len")):
            return True
    return False


def _keys(nodes: list[ast.AST]) -> dict[str, tuple[str, ...]]:
    keys: dict[str, list[str]] = {}
    for node in nodes:
        match node:
            case ast.Subscript(value=value, slice=ast.Constant(value=str() as key)):
                keys.setdefault(ast.unparse(value), []).append(key)
    return {text: tuple(dict.fromkeys(found)) for text, found in keys.items()}
