"""Syntax trees that share their parts: what is changed is copied, nothing is written into. Pure.

Hundreds of programs differ from one in a statement each. As long as no node of theirs is ever
changed, all that was found out about a statement holds for every program that has it.
"""

import ast
from collections.abc import Callable, Mapping, Set
from types import CodeType
from typing import Any, TypeVar

_Node = TypeVar("_Node", bound=ast.AST)

Compile = Callable[[ast.Module], CodeType]
"""Compiles a program, in the way its user needs; a SyntaxError says that it is none."""

_NOT_WRITTEN = {"ctx", "kind", "type_comment"}


def plainly(tree: ast.Module) -> CodeType:
    """Compile a program as it is."""
    return compile(tree, "<program>", "exec", dont_inherit=True)


def nodes(tree: ast.AST) -> list[ast.AST]:
    """Return a tree's nodes in a fixed order, in half the time of `ast.walk`.

    Those without fields are left out: operators, how a name is used, `pass` and the like.
    """
    found = [tree]
    for node in found:
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                found += [each for each in value if isinstance(each, ast.AST) and each._fields]
            elif isinstance(value, ast.AST) and value._fields:
                found.append(value)
    return found


def like(node: _Node, **changed: Any) -> _Node:
    """Return a copy of a node with other fields, at the same place in the text."""
    return type(node)(**{**vars(node), **changed})


def copied(value: Any) -> Any:
    """Return a copy of a node, or list of nodes, with all that is in it."""
    if isinstance(value, list):
        return [copied(each) for each in value]
    if not isinstance(value, ast.AST) or not value._fields:
        return value
    return type(value)(**{name: copied(part) for name, part in vars(value).items()})


def rebuilt(value: Any, fields: Mapping[ast.AST, Mapping[str, Any]], way: Set[ast.AST]) -> Any:
    """Return a node, or list of nodes, whose parts have other `fields`.

    `way` are the nodes that get them, and all that stand above one: only these are copied.
    """
    if isinstance(value, list):
        return [rebuilt(each, fields, way) for each in value]
    if value not in way:
        return value
    parts = {**vars(value), **fields.get(value, {})}
    return type(value)(**{name: rebuilt(part, fields, way) for name, part in parts.items()})


class Shapes:
    """Numbers for what is written: the same one for the same text, wherever it stands."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._shapes: dict[ast.AST, int] = {}

    def of(self, value: Any) -> Any:
        """Return what tells a node, or what it consists of, from others."""
        if isinstance(value, list):
            return tuple(map(self.of, value))
        if not isinstance(value, ast.AST):
            return type(value), repr(value)  # 1, 1.0 and True are equal, but not as texts
        if value not in self._shapes:
            self._shapes[value] = self._number(value)
        return self._shapes[value]

    def _number(self, node: ast.AST) -> int:
        parts = (self.of(part) for name, part in ast.iter_fields(node) if name not in _NOT_WRITTEN)
        return self._numbers.setdefault((type(node), *parts), len(self._numbers))
