"""Automatic mutants of a reference: the program with one small mistake in it. Pure.

Text in, programs out: nothing is executed, and whether a mutant differs in what it answers is for
the caller to find out (`grader.fuel` runs one that may not end). The same text always gives the
same mutants with the same ids.
"""

import ast
import functools
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

from grader.bare import FunctionNode
from grader.errors import AuthorError
from grader.rearranging import REARRANGEMENTS, shown
from grader.rewriting import REWRITES, other_names
from grader.scope import Place, Position, Scope, Sets, blocks, functions, places, scope_of
from grader.trees import Compile, Shapes, nodes, plainly, rebuilt

MOST = 300
"""A reference has no more mutants: first names that stand for others are left out."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A wrong program.

    `id` is an operator with a running number, unique among the mutants of one reference.
    `tree` is the whole module with the one change, and shares the rest with the other mutants;
    `code` is what it compiles to. `change` tells it in plain words. `line` and the lines in
    `change` are those of the text that was given.
    """

    id: str
    tree: ast.Module = field(compare=False)
    code: CodeType
    change: str
    line: int

    @property
    def source(self) -> str:
        """The module's text: most mutants are run, and few are read."""
        return ast.unparse(self.tree) + "\n"


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A change that was not made yet; a higher `rank` is left out first.

    `at` is where it is in the text.
    `said` is what happened, or else `before` became `after` as both are when it is made.
    """

    slug: str
    at: ast.expr | ast.stmt
    sets: Sets
    rank: int = 0
    said: str = ""
    before: ast.AST | None = None
    after: ast.AST | None = None

    @property
    def position(self) -> Position:
        return self.at.lineno, self.at.col_offset


def mutants(source: str, entry: str, compiled: Compile = plainly) -> tuple[Mutant, ...]:
    """Return the mutants of a module's text that defines the function `entry`, by line.

    Helper functions are mutated too. Every mutant compiles and is another program than `source`
    and all the others. Who runs them all may have them `compiled` as is needed for that.
    """
    tree = ast.parse(source)
    if entry not in {each.name for each in tree.body if isinstance(each, FunctionNode)}:
        raise AuthorError(f"the program defines no function `{entry}`")
    modules = frozenset(_modules(tree))
    candidates = [
        candidate
        for statement in tree.body
        for function in functions(statement)
        for candidate in _candidates(function, scope_of(function, modules))
    ]
    return tuple(_numbered(_chosen(_Program(tree, compiled), candidates)))


def _modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.asname or each.name for each in node.names)


def _candidates(function: FunctionNode, scope: Scope) -> Iterator[_Candidate]:
    for place in places(function):
        for slug, new, rank in _replacements(place, scope):
            at, (before, after) = _located(place.node), _told(place, new)
            yield _Candidate(slug, at, place.put(new), rank, before=before, after=after)
    for block in blocks(function):
        for slug, rearrange in REARRANGEMENTS:
            for change in rearrange(block, scope):
                yield _Candidate(slug, change.at, change.sets, said=change.said)


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


def _located(node: ast.AST) -> ast.expr | ast.stmt:
    """Return what has a place in the text: of a comprehension, its first part."""
    while not isinstance(node, ast.expr | ast.stmt):
        node = next(ast.iter_child_nodes(node))
    return node


_Made = tuple[_Candidate, ast.Module, CodeType, str]
"""A change that was made: the whole module, its code, and what happened."""


class _Program:
    """A module that is made anew with one change at a time, and stays as it is."""

    def __init__(self, tree: ast.Module, compiled: Compile) -> None:
        self._tree = tree
        self._compiled = compiled
        self._owners = {part: node for node in nodes(tree) for part in ast.iter_child_nodes(node)}
        self._shapes = Shapes()
        self._seen = {self._shapes.of(tree)}
        self._shown = functools.cache(shown)

    def made(self, candidate: _Candidate) -> _Made | None:
        """Return a change that was made, unless it gives no new program."""
        fields: dict[ast.AST, dict[str, Any]] = {}
        for node, name, value in candidate.sets:
            self._place(value, candidate.at)
            fields.setdefault(node, {})[name] = value
        way = set(itertools.chain.from_iterable(map(self._way, fields)))
        tree = rebuilt(self._tree, fields, way)
        code = self._code(tree)
        if code is None:
            return None
        said = candidate.said or (
            f"{self._shown(candidate.before)} became {shown(rebuilt(candidate.after, fields, way))}"
        )
        return candidate, tree, code, said

    def _place(self, value: Any, at: ast.AST) -> None:
        """Give the nodes that were made a place, as is needed to compile them."""
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST) and node not in self._owners:
                ast.copy_location(node, at)
                for _, part in ast.iter_fields(node):
                    self._place(part, at)

    def _way(self, node: ast.AST | None) -> Iterator[ast.AST]:
        """Yield a node and all that it is part of."""
        while node is not None:
            yield node
            node = self._owners.get(node)

    def _code(self, tree: ast.Module) -> CodeType | None:
        """Return a program's code, if it compiles and is another one than all before it.

        `nonlocal x` does not compile once the assignment to x has gone.
        """
        shape = self._shapes.of(tree)
        if shape in self._seen:
            return None
        self._seen.add(shape)
        try:
            return self._compiled(tree)
        except SyntaxError:
            return None


def _chosen(program: _Program, candidates: list[_Candidate]) -> list[_Made]:
    """Return at most `MOST` different programs in source order, spread over the whole text."""
    chosen: list[_Made] = []
    in_order = sorted(candidates, key=lambda each: (each.rank, each.position))
    for _, group in itertools.groupby(in_order, key=lambda each: each.rank):
        spread = _spread(list(group), MOST - len(chosen))
        chosen += [made for made in map(program.made, spread) if made is not None]
    return sorted(chosen, key=lambda each: each[0].position)


def _spread(candidates: list[_Candidate], most: int) -> list[_Candidate]:
    """Return at most that many of them, at even distances."""
    count = len(candidates)
    if count <= most:
        return candidates
    return [candidates[at * count // most] for at in range(most)]


def _numbered(chosen: list[_Made]) -> Iterator[Mutant]:
    counts: Counter[str] = Counter()
    for candidate, tree, code, said in chosen:
        counts[candidate.slug] += 1
        line = candidate.at.lineno
        yield Mutant(
            id=f"{candidate.slug}-{counts[candidate.slug]}",
            tree=tree,
            code=code,
            change=f"{said} (line {line})",
            line=line,
        )
