"""The text of a function as a program of its own: with what it uses of its module, and no more.

This reads the file that the function came from and never executes it. What a function needs is
told by names alone: module-level definitions that bind or change a name it uses, and what those
use in turn. Names that are made otherwise (`globals()`, `setattr`) are not seen.
"""

import ast
import importlib.util
import inspect
import symtable
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from types import FunctionType
from typing import Any

from grader.bare import FunctionNode, bare, renamed
from grader.errors import AuthorError
from grader.trees import copied

_IMPORT = ast.Import | ast.ImportFrom
_HEADER = "from __future__ import annotations\n"


def source_of(function: Callable[..., Any], name: str) -> str:
    """Return a module's text that defines `function` as `name`; `AuthorError` if none can be made.

    Before it stand the imports, helpers, constants and classes it uses, in their own order: it is
    the last, unless one of them needs it while the module is imported. Docstrings and annotations
    are left out.
    """
    function = _plain(function)
    every = _pieces_of(_text(function))
    entry = _definition([each.statement for each in every], function)
    pieces = [each for each in every if each.statement is entry or not _is_left_out(each.statement)]
    needed = _needed(pieces, entry)
    # The statements are kept for the next function of the file; renaming changes them.
    body = copied(_in_order(needed, entry, function))
    names = _new_names(needed, entry.name, name)
    tree = renamed(ast.Module(body=body, type_ignores=[]), names)
    return _HEADER + "\n" + ast.unparse(tree) + "\n"


class _Piece:
    """A statement at the top level: the globals it binds or changes, and those it uses."""

    def __init__(self, statement: ast.stmt) -> None:
        self.statement = statement
        self.makes = frozenset(_made(statement))

    @cached_property
    def uses(self) -> frozenset[str]:
        return frozenset(_used(_table(self.statement)))

    @cached_property
    def uses_at_import(self) -> frozenset[str]:
        return frozenset(_used_at_import(_table(self.statement)))


@lru_cache(maxsize=16)
def _pieces_of(text: str) -> tuple[_Piece, ...]:
    """Return the statements of a module; all variants of a reference share one file."""
    return tuple(_Piece(each) for each in bare(ast.parse(text)).body)


def _plain(function: Callable[..., Any]) -> FunctionType:
    plain = inspect.unwrap(function)
    if not isinstance(plain, FunctionType):
        raise AuthorError(f"{function!r} has no source: give a function that is written with def")
    if plain.__qualname__ != plain.__name__ or plain.__name__ == "<lambda>":
        raise AuthorError(
            f"{plain.__qualname__} has no source of its own: define it with def at the top level"
        )
    return plain


def _text(function: FunctionType) -> str:
    try:
        return "".join(inspect.findsource(function)[0])
    except (OSError, TypeError) as error:
        raise AuthorError(f"the source of {function.__name__} cannot be read: {error}") from None


def _definition(statements: list[ast.stmt], function: FunctionType) -> FunctionNode:
    """Return the definition that counts: the last of this name."""
    for statement in reversed(statements):
        if isinstance(statement, FunctionNode) and statement.name == function.__name__:
            return statement
    raise AuthorError(
        f"the source of {function.__name__} does not define it at its top level: the file has "
        "changed, or the definition stands under an `if`"
    )


def _is_left_out(statement: ast.stmt) -> bool:
    """Tell whether this is `if __name__ == "__main__":`, which no import runs, or a `del`."""
    if isinstance(statement, ast.If):
        return "__name__" in {
            node.id for node in ast.walk(statement.test) if isinstance(node, ast.Name)
        }
    return isinstance(statement, ast.Delete)


def _table(statement: ast.stmt) -> symtable.SymbolTable:
    return symtable.symtable(ast.unparse(statement), "<piece>", "exec")


def _made(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, FunctionNode | ast.ClassDef):
        yield statement.name
        return
    for symbol in _table(statement).get_symbols():
        if symbol.is_assigned() or symbol.is_imported():
            yield symbol.get_name()
    yield from _changed(statement)


def _used(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield the globals that the code of a table, or one inside it, reads or rebinds."""
    yield from _used_at_import(table)
    for symbol in table.get_symbols():
        if table.get_type() == "function" and symbol.is_global():
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _used(inner)


def _used_at_import(table: symtable.SymbolTable) -> Iterator[str]:
    """Yield what is read when a statement runs, not when a function in it does.

    A class may read a global by the name that it then gives to a field: `sep = sep`.
    """
    if table.get_type() == "function":
        return
    for symbol in table.get_symbols():
        if symbol.is_referenced():
            yield symbol.get_name()
    for inner in table.get_children():
        yield from _used_at_import(inner)


def _changed(statement: ast.stmt) -> Iterator[str]:
    """Yield the names whose objects a statement changes: `TABLE[0] = 1`, `TABLE.append(1)`."""
    for node in ast.walk(statement):
        match node:
            case ast.Subscript(ctx=ast.Store() | ast.Del()) | ast.Attribute(ctx=ast.Store()):
                yield from _base(node)
            case ast.Expr(value=ast.Call(func=ast.Attribute() as method)):
                yield from _base(method)


def _base(node: ast.expr) -> Iterator[str]:
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _needed(pieces: list[_Piece], entry: FunctionNode) -> list[_Piece]:
    """Return the pieces that the entry uses, at first or second hand, and itself."""
    kept = [each for each in pieces if each.statement is entry or _stars(each)]
    while True:
        uses = _uses(kept)
        more = [each for each in pieces if each not in kept and each.makes & uses]
        if not more:
            return [each for each in pieces if each in kept]
        kept += more


def _uses(pieces: list[_Piece]) -> frozenset[str]:
    return frozenset[str]().union(*(each.uses for each in pieces))


def _in_order(pieces: list[_Piece], entry: FunctionNode, function: FunctionType) -> list[ast.stmt]:
    at = next(at for at, each in enumerate(pieces) if each.statement is entry)
    later = pieces[at + 1 :]
    if entry.name not in _reached({name for each in later for name in each.uses_at_import}, pieces):
        pieces = [*pieces[:at], *later, pieces[at]]
    uses = _uses(pieces)
    statements = (_trimmed(each, uses, function) for each in pieces)
    return [each for each in statements if each is not None]


def _reached(names: set[str], pieces: list[_Piece]) -> set[str]:
    """Return the names with those that their definitions use, and so on."""
    while more := {use for each in pieces if each.makes & names for use in each.uses} - names:
        names = names | more
    return names


def _stars(piece: _Piece) -> bool:
    """Tell whether this imports nobody knows what, and so maybe something that is used."""
    return isinstance(piece.statement, ast.ImportFrom) and piece.statement.names[0].name == "*"


def _trimmed(piece: _Piece, uses: frozenset[str], function: FunctionType) -> ast.stmt | None:
    """Return a statement as it is; of an import what is used, by a name that holds anywhere."""
    statement = piece.statement
    if not isinstance(statement, _IMPORT):
        return statement
    names = [each for each in statement.names if _name(each) in uses or each.name == "*"]
    if isinstance(statement, ast.Import):
        return ast.Import(names=names)
    if statement.module == "__future__":
        return None
    return ast.ImportFrom(module=_absolute(statement, function), names=names, level=0)


def _name(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _absolute(statement: ast.ImportFrom, function: FunctionType) -> str:
    module = "." * statement.level + (statement.module or "")
    return importlib.util.resolve_name(module, function.__globals__.get("__package__"))


def _new_names(pieces: list[_Piece], old: str, new: str) -> dict[str, str]:
    """Return what is called otherwise: the function, and whatever has the name that it gets."""
    made = (each.makes for each in pieces if not isinstance(each.statement, _IMPORT))
    taken = _uses(pieces).union(*made)  # of what is imported, no more is kept than is used
    if old == new or new not in taken:
        return {old: new}
    free = "_" + new
    while free in taken:
        free = "_" + free
    return {old: new, new: free}
