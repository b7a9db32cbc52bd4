"""Two mistakes in one program: a three-way merge of two edits of the same program. Pure.

The programs are compared as they are written, token by token, after docstrings, annotations
and layout are taken away. An edit that both make, or two at the same place, are no merge; nor
is a result that reads a variable which is never set, as happens where one edit removes what the
other relies on. Nothing is executed, so that a merged program may still fail when it runs.
"""

import ast
import io
import tokenize
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from types import CodeType

from grader.bare import FunctionNode, bare, renamed
from grader.trees import Compile, nodes, plainly

Line = tuple[str, ...]
"""One logical line: a newline with its indentation, then its tokens.

Indentation that is absolute keeps an edit local: a line comes or goes without its neighbours.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """The tokens `start` to `end` of the base become `tokens`; a pure insertion has no length."""

    start: int
    end: int
    tokens: Line

    def meets(self, other: "Change") -> bool:
        """Tell whether both change the same token or insert at the same place."""
        if self.start == self.end == other.start == other.end:
            return True
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Edits:
    """What makes one program of the base.

    `free` are the names that it reads and never sets, `kinds` what kinds of nodes it is made of:
    two programs of other kinds need not be written down to tell that they differ.
    """

    source: str
    changes: tuple[Change, ...]
    free: frozenset[str]
    kinds: tuple[type[ast.AST], ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """A program that both edits made, and what it compiles to."""

    tree: ast.Module
    code: CodeType

    @property
    def source(self) -> str:
        """The program's text: most merged programs are run, and few are read."""
        return ast.unparse(self.tree)


class Merger:
    """Merges edits of one base. The last function of each program is what is compared by name.

    Who runs the merged programs may have them `compiled` as is needed for that.
    """

    def __init__(self, base: str, compiled: Compile = plainly) -> None:
        tree = bare(ast.parse(base))
        self._compiled = compiled
        self._name = _last_function(tree)
        self._lines = _lines(ast.unparse(tree))
        self._tokens = _joined(self._lines)
        self._unedited = self._edits(tree)

    def edits(self, variant: str) -> Edits:
        """Return what has to change in the base to get `variant`."""
        tree = bare(ast.parse(variant))
        name = _last_function(tree)
        if name is not None and self._name is not None:
            tree = renamed(tree, {name: self._name})
        return self._edits(tree)

    def _edits(self, tree: ast.Module) -> Edits:
        source, parts = ast.unparse(tree), nodes(tree)
        changes = tuple(_changes(self._lines, _lines(source)))
        return Edits(source, changes, _free(parts), _kinds(parts))

    def merge(self, one: Edits, other: Edits) -> Merged | None:
        """Return the base with both edits, or None where they meet or give nothing new."""
        if any(mine.meets(yours) for mine in one.changes for yours in other.changes):
            return None
        tree = _parsed(_text(self._edited([*one.changes, *other.changes])))
        if tree is None:
            return None
        known, parts = (self._unedited, one, other), nodes(tree)
        if not _free(parts) <= frozenset[str]().union(*(each.free for each in known)):
            return None
        alike = {each.source for each in known if each.kinds == _kinds(parts)}
        return None if alike and ast.unparse(tree) in alike else self._made(tree)

    def _made(self, tree: ast.Module) -> Merged | None:
        """Return a program, if it compiles: `break` without a loop parses and does not."""
        try:
            return Merged(tree, self._compiled(tree))
        except SyntaxError:
            return None

    def _edited(self, changes: Sequence[Change]) -> list[str]:
        tokens = list(self._tokens)
        for change in sorted(changes, key=lambda each: (each.start, each.end), reverse=True):
            tokens[change.start : change.end] = change.tokens
        return tokens


def merge(base: str, one: str, other: str) -> str | None:
    """Return `base` with what `one` and `other` change in it, or None where that cannot be."""
    merger = Merger(base)
    merged = merger.merge(merger.edits(one), merger.edits(other))
    return None if merged is None else merged.source


def _last_function(tree: ast.Module) -> str | None:
    names = [each.name for each in tree.body if isinstance(each, FunctionNode)]
    return names[-1] if names else None


def _free(parts: Sequence[ast.AST]) -> frozenset[str]:
    """Return the names that are read and bound nowhere, such as those of built-in functions."""
    read, bound = set(), set()
    for node in parts:
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Name(id=name) | ast.arg(arg=name):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
    return frozenset(read - bound)


def _kinds(parts: Sequence[ast.AST]) -> tuple[type[ast.AST], ...]:
    return tuple(map(type, parts))


def _lines(source: str) -> list[Line]:
    lines: list[Line] = []
    tokens: list[str] = []
    for token in _tokens(source):
        if not tokens:
            tokens = ["\n" + " " * token.start[1]]
        if token.type == tokenize.NEWLINE:
            lines.append(tuple(tokens))
            tokens = []
        else:
            tokens.append(token.string)
    return lines


def _tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    """Yield the tokens that say something. A string is one, whatever is in its braces."""
    rows = source.splitlines(keepends=True)
    start: tokenize.TokenInfo | None = None
    depth = 0
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = tokenize.tok_name[token.type]  # by name: Python 3.11 splits no strings
        if kind.endswith("STRING_START"):
            start, depth = (start or token), depth + 1
        elif kind.endswith("STRING_END"):
            depth -= 1
        if start is not None and depth == 0:
            yield start._replace(string=_between(rows, start.start, token.end))
            start = None
        elif depth == 0 and token.type not in _SILENT:
            yield token


_SILENT = {
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.NL,
    tokenize.COMMENT,
    tokenize.ENDMARKER,
}


def _between(rows: Sequence[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    (first, left), (last, right) = start, end
    if first == last:
        return rows[first - 1][left:right]
    middle = rows[first : last - 1]
    return "".join([rows[first - 1][left:], *middle, rows[last - 1][:right]])


def _joined(lines: Sequence[Line]) -> list[str]:
    return [token for line in lines for token in line]


def _text(tokens: Sequence[str]) -> str:
    return "".join(each if each.startswith("\n") else each + " " for each in tokens) + "\n"


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except SyntaxError:
        return None


def _changes(base: Sequence[Line], variant: Sequence[Line]) -> Iterator[Change]:
    """Yield what changes: first by whole lines, then by tokens inside lines that differ.

    Lines first, or else a token of one statement is found again in another one.
    """
    starts = [0]
    for line in base:
        starts.append(starts[-1] + len(line))
    for tag, i, j, k, m in SequenceMatcher(None, base, variant, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _inside(starts[i], _joined(base[i:j]), _joined(variant[k:m]))


def _inside(start: int, base: Sequence[str], variant: Sequence[str]) -> Iterator[Change]:
    for tag, i, j, k, m in SequenceMatcher(None, base, variant, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Change(start + i, start + j, tuple(variant[k:m]))
