"""Automatic mutants of a reference: the program with one small mistake in it. Pure.

Text in, texts out: nothing is executed, and whether a mutant differs in what it answers is for
the caller to find out (`grader.fuel` runs one that may not end). The same text always gives the
same mutants with the same ids.
"""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from grader.bare import FunctionNode
from grader.errors import AuthorError
from grader.rearranging import REARRANGEMENTS, shown
from grader.rewriting import REWRITES, other_names
from grader.scope import Place, Position, Scope, Sets, blocks, functions, places, scope_of

MOST = 300
"""A reference has no more mutants: first names that stand for others are left out."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong program.

    `id` is an operator with a running number, unique among the mutants of one reference.
    `source` is the whole module with the one change, `change` tells it in plain words. `line`
    and the lines in `change` are those of the text that was given.
    """

    id: str
    source: str
    change: str
    line: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A change that was not made yet; a higher `rank` is left out first.

    `home` is the statement of the module that it changes.
    `said` is what happened, or else `before` became `after` as both are when it is made.
    """

    home: int
    slug: str
    position: Position
    sets: Sets
    rank: int = 0
    said: str = ""
    before: ast.AST | None = None
    after: ast.AST | None = None


def mutants(source: str, entry: str) -> tuple[Mutant, ...]:
    """Return the mutants of a module's text that defines the function `entry`, by line.

    Helper functions are mutated too. Every mutant compiles and is another program than `source`
    and all the others.
    """
    tree = ast.parse(source)
    if entry not in {each.name for each in tree.body if isinstance(each, FunctionNode)}:
        raise AuthorError(f"the program defines no function `{entry}`")
    modules = frozenset(_modules(tree))
    candidates = [
        candidate
        for home, statement in enumerate(tree.body)
        for function in functions(statement)
        for candidate in _candidates(home, function, scope_of(function, modules))
    ]
    return tuple(_numbered(_chosen(_Program(tree), candidates)))


def _modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.asname or each.name for each in node.names)


def _candidates(home: int, function: FunctionNode, scope: Scope) -> Iterator[_Candidate]:
    for place in places(function):
        for slug, new, rank in _replacements(place, scope):
            sets = place.put(new)
            before, after = _told(place, new)
            yield _Candidate(
                home, slug, _position(place.node), sets, rank, before=before, after=after
            )
    for block in blocks(function):
        for slug, rearrange in REARRANGEMENTS:
            for change in rearrange(block, scope):
                yield _Candidate(home, slug, _position(change.at), change.sets, said=change.said)


def _replacements(place: Place, scope: Scope) -> Iterator[tuple[str, ast.AST, int]]:
    """Yield what may stand in a place, each with its operator and rank."""
    for slug, rewrite in REWRITES:
        for new in rewrite(place.node, scope):
            yield slug, new, 0
    for rank, new in enumerate(other_names(place, scope), start=1):
        yield "name", new, rank


def _told(place: Place, new: ast.AST) -> tuple[ast.AST, ast.AST]:
    """Return what is shown before and after: of a lone name or number, what it stands in."""
    if isinstance(place.node, ast.Name | ast.Constant):
        return place.owner, place.owner
    return place.node, new


def _position(node: ast.AST) -> Position:
    """Return where a node begins; parts of a comprehension are where their first part is."""
    while not isinstance(node, ast.expr | ast.stmt):
        node = next(ast.iter_child_nodes(node))
    return node.lineno, node.col_offset


_Made = tuple[_Candidate, str, str]
"""A change that was made: the whole text, and what happened."""


class _Program:
    """A module of which one statement at a time is written anew."""

    def __init__(self, tree: ast.Module) -> None:
        self._statements = tree.body
        self._texts = [_written(each) for each in tree.body]
        self._seen = set(enumerate(map(_signature, self._texts)))

    def made(self, candidate: _Candidate) -> _Made | None:
        """Return a change that was made, unless it gives no new program; nothing is changed."""
        before = _shown(candidate.before)
        undo = [(node, field, getattr(node, field)) for node, field, _ in candidate.sets]
        _set(candidate.sets)
        text, after = _written(self._statements[candidate.home]), _shown(candidate.after)
        _set(undo)
        if not self._is_new(candidate.home, text):
            return None
        texts = [*self._texts[: candidate.home], text, *self._texts[candidate.home + 1 :]]
        return candidate, "\n".join(texts) + "\n", candidate.said or f"{before} became {after}"

    def _is_new(self, home: int, text: str) -> bool:
        """Tell whether a statement compiles and is another one than all before it."""
        signature = _signature(text)
        if signature is None or (home, signature) in self._seen:
            return False
        self._seen.add((home, signature))
        return True


def _chosen(program: _Program, candidates: list[_Candidate]) -> list[_Made]:
    """Return at most `MOST` different programs in source order, spread over the whole text."""
    chosen: list[_Made] = []
    in_order = sorted(candidates, key=lambda each: (each.rank, each.position))
    for _, group in groupby(in_order, key=lambda each: each.rank):
        spread = _spread(list(group), MOST - len(chosen))
        chosen += [made for made in map(program.made, spread) if made is not None]
    return sorted(chosen, key=lambda each: each[0].position)


def _spread(candidates: list[_Candidate], most: int) -> list[_Candidate]:
    """Return at most that many of them, at even distances."""
    count = len(candidates)
    if count <= most:
        return candidates
    return [candidates[at * count // most] for at in range(most)]


def _written(statement: ast.stmt) -> str:
    """Return a statement's text, as it stands in a module."""
    text = ast.unparse(ast.Module(body=[statement], type_ignores=[])).strip("\n")
    return f"\n{text}" if isinstance(statement, FunctionNode | ast.ClassDef) else text


def _shown(node: ast.AST | None) -> str:
    return "" if node is None else shown(node)


def _set(sets: Iterable[tuple[ast.AST, str, Any]]) -> None:
    for node, field, value in sets:
        setattr(node, field, value)


def _signature(source: str) -> str | None:
    """Return what tells a statement from others, or None if it does not compile.

    `nonlocal x` does not once the assignment to x has gone.
    """
    try:
        compile(source, "<mutant>", "exec", dont_inherit=True)
    except SyntaxError:
        return None
    # `ast.unparse` has written it: equal programs are equal texts.
    return source


def _numbered(chosen: list[_Made]) -> Iterator[Mutant]:
    counts: Counter[str] = Counter()
    for candidate, source, said in chosen:
        counts[candidate.slug] += 1
        line = candidate.position[0]
        yield Mutant(
            id=f"{candidate.slug}-{counts[candidate.slug]}",
            source=source,
            change=f"{said} (line {line})",
            line=line,
        )
