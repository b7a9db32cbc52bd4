"""What the statements of one block become in a mutant: gone, moved, repeated. Pure.

Each operator gets a block and the names of its function and yields changes, each with the plain
words for it. Statements are put elsewhere as they are, so that a changed tree shares them with
the original and is never changed itself.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grader.scope import LOOP, Block, Scope, Sets, loads, pairs, places, reads, writes
from grader.trees import like

LONGEST = 100
"""Characters of a program that are shown; more is cut off."""

_SIMPLE = ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Expr
_MOVABLE = _SIMPLE | ast.If | ast.For | ast.While
_REMOVABLE = _MOVABLE | ast.Assert | ast.Break | ast.Continue | ast.Delete | ast.Raise
_LEAVING = ast.Return | ast.Break | ast.Continue | ast.Raise


@dataclass(frozen=True, slots=True)
class Change:
    """Fields to set, where that is in the text, and plain words for it."""

    at: ast.stmt
    sets: Sets
    said: str


Rearrange = Callable[[Block, Scope], Iterator[Change]]


def shown(node: ast.AST) -> str:
    """Return a node as an instructor reads it, in backquotes: of a compound one, its head."""
    if isinstance(node, ast.stmt) and hasattr(node, "body"):
        node = like(node, body=[])  # what is not shown need not be written
    head = ast.unparse(node).strip().partition("\n")[0]
    if isinstance(node, ast.stmt):
        head = head.removesuffix(":")
    return f"`{head}`" if len(head) <= LONGEST else f"`{head[: LONGEST - 3]}...`"


def deleted(block: Block, scope: Scope) -> Iterator[Change]:
    """Remove one statement; of the returns, those that come early."""
    for at, statement in enumerate(block.statements):
        is_last = block.owner is scope.function and at == len(block.statements) - 1
        is_early = isinstance(statement, ast.Return) and not is_last
        if (isinstance(statement, _REMOVABLE) and _runs(statement)) or is_early:
            rest = [*block.statements[:at], *block.statements[at + 1 :]]
            yield Change(statement, block.put(rest), f"{_named(statement)} was removed")


def _runs(statement: ast.stmt) -> bool:
    """Tell whether a statement does something: a docstring does not, nor does `x: int`."""
    match statement:
        case ast.Expr(value=ast.Constant()) | ast.AnnAssign(value=None):
            return False
    return True


def _named(statement: ast.stmt) -> str:
    has_body = hasattr(statement, "body")
    return shown(statement) + (" with all that is in it" if has_body else "")


def swapped(block: Block, _: Scope) -> Iterator[Change]:
    """Let two neighbours change places, where one depends on the other."""
    for at, (one, other) in enumerate(zip(block.statements, block.statements[1:], strict=False)):
        if _can_move(one) and _can_move(other) and _depend(one, other):
            rest = block.statements[at + 2 :]
            order = [*block.statements[:at], other, one, *rest]
            yield Change(one, block.put(order), f"{shown(one)} and {shown(other)} changed places")


def _can_move(statement: ast.stmt) -> bool:
    return isinstance(statement, _MOVABLE) and _runs(statement)


def _depend(one: ast.stmt, other: ast.stmt) -> bool:
    both = writes(one) & writes(other)
    return bool(both or writes(one) & reads(other) or writes(other) & reads(one))


def delayed(block: Block, _: Scope) -> Iterator[Change]:
    """Move an update behind a later use, which so gets the value from before.

    Where the use comes next, the two have changed places already.
    """
    for at, update in enumerate(block.statements):
        names = reads(update) & writes(update) if isinstance(update, _SIMPLE) else set()
        for to in range(at + 2, len(block.statements)):
            use = block.statements[to]
            if names & reads(use) and _can_move(use):
                between = block.statements[at + 1 : to + 1]
                order = [*block.statements[:at], *between, update, *block.statements[to + 1 :]]
                said = f"{shown(update)} was moved behind {shown(use)}"
                yield Change(update, block.put(order), said)


def outdated(block: Block, scope: Scope) -> Iterator[Change]:
    """Read a variable as it was before an inner loop, where that loop goes on changing it."""
    for at, loop in enumerate(block.statements):
        if block.owner is scope.function or not isinstance(loop, LOOP):
            continue
        for name in sorted(_carried(loop) & _bound_before(loop, scope)):
            uses, old = list(_other_uses(loop, name)), f"old_{name}"
            save = _assign(old, ast.Name(name, ast.Load()), loop)
            sets = block.put([*block.statements[:at], save, *block.statements[at:]])
            if uses and old not in scope.assigned:
                said = f"`{name}` was read in {shown(loop)} as it had been before that loop"
                yield Change(loop, (*sets, *((use, "id", old) for use in uses)), said)


def _bound_before(node: ast.stmt, scope: Scope) -> set[str]:
    here = (node.lineno, node.col_offset)
    return {name for name, since in scope.bound.items() if since <= here}


def _other_uses(loop: ast.AST, name: str) -> Iterator[ast.Name]:
    """Yield where the statements of a loop read a name that they do not set."""
    for place in places(loop):
        if isinstance(place.node, _SIMPLE) and name not in writes(place.node):
            yield from (each for each in loads(place.node) if each.id == name)


def _assign(name: str, value: ast.expr, at: ast.stmt) -> ast.stmt:
    return ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], value), at)


def unpacked(block: Block, _: Scope) -> Iterator[Change]:
    """Set two variables one after the other: `a, b = b, a + b` becomes `a = b`, `b = a + b`."""
    for at, statement in enumerate(block.statements):
        both = list(pairs(statement))
        if _is_pairwise(statement) and _is_changed_midway(both):
            ones = [_assign(name, value, statement) for name, value in both]
            order = [*block.statements[:at], *ones, *block.statements[at + 1 :]]
            said = f"{shown(statement)} became " + " and then ".join(map(shown, ones))
            yield Change(statement, block.put(order), said)


def _is_pairwise(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Tuple(elts=targets)]):
            return all(isinstance(target, ast.Name) for target in targets)
    return False


def _is_changed_midway(both: list[tuple[str, ast.expr]]) -> bool:
    """Tell whether a later value reads a name that is set before it."""
    names = [name for name, _ in both]
    return any(reads(value) & set(names[:at]) for at, (_, value) in enumerate(both))


def ended(block: Block, _: Scope) -> Iterator[Change]:
    """End a loop after its first round."""
    for loop in block.statements:
        if isinstance(loop, LOOP) and not isinstance(loop.body[-1], _LEAVING):
            sets: Sets = ((loop, "body", [*loop.body, ast.Break()]),)
            yield Change(loop, sets, f"{shown(loop)} ended after its first round")


def returning(block: Block, scope: Scope) -> Iterator[Change]:
    """Return at the end of a loop's first round, where a `break` would not do the same."""
    final = scope.function.body[-1]
    for loop, after in zip(block.statements, (*block.statements[1:], None), strict=True):
        if not isinstance(loop, LOOP) or not isinstance(final, ast.Return) or after is final:
            continue
        if not isinstance(loop.body[-1], _LEAVING):
            said = f"{shown(final)} was repeated at the end of the body of {shown(loop)}"
            yield Change(loop, ((loop, "body", [*loop.body, final]),), said)


def reset(block: Block, _: Scope) -> Iterator[Change]:
    """Set a variable anew in each round of a loop that carries it on."""
    for at, start in enumerate(block.statements):
        for name, value in pairs(start):
            for loop in _loops(block.statements[at + 1 :]):
                if name in _carried(loop):
                    again = _assign(name, value, start)
                    said = (
                        f"{shown(again)} was repeated at the start of each round of {shown(loop)}"
                    )
                    yield Change(loop, ((loop, "body", [again, *loop.body]),), said)


def kept(block: Block, _: Scope) -> Iterator[Change]:
    """Set a variable once before a loop that should set it anew in each round."""
    for at, loop in enumerate(block.statements):
        if not isinstance(loop, LOOP):
            continue
        for to, start in enumerate(loop.body):
            if _starts(start, loop, loop.body[to + 1 :]):
                body = [*loop.body[:to], *loop.body[to + 1 :]] or [ast.Pass()]
                around = [*block.statements[:at], start, *block.statements[at:]]
                sets = ((loop, "body", body), *block.put(around))
                yield Change(start, sets, f"{shown(start)} was moved in front of {shown(loop)}")


def _loops(statements: tuple[ast.stmt, ...]) -> Iterator[ast.For | ast.AsyncFor | ast.While]:
    """Yield the loops among statements, and those inside them."""
    for statement in statements:
        for node in (statement, *(place.node for place in places(statement))):
            if isinstance(node, LOOP):
                yield node


def _carried(loop: ast.For | ast.AsyncFor | ast.While) -> set[str]:
    """Return the names that a round of a loop changes and some round reads."""
    written = {name for statement in loop.body for name in writes(statement)}
    return written & {name for statement in loop.body for name in reads(statement)}


def _starts(start: ast.stmt, loop: ast.AST, rest: list[ast.stmt]) -> bool:
    """Tell whether a statement sets what the rest of a round goes on changing."""
    changed = {name for each in rest for name in writes(each) & reads(each)}
    return any(name in changed and not reads(value) & writes(loop) for name, value in pairs(start))


REARRANGEMENTS: tuple[tuple[str, Rearrange], ...] = (
    ("deleted", deleted),
    ("order", swapped),
    ("stale", delayed),
    ("outdated", outdated),
    ("unpacked", unpacked),
    ("ended", ended),
    ("early", returning),
    ("reset", reset),
    ("kept", kept),
)
"""The operators with their slugs."""
