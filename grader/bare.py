"""A program without what does not run: docstrings and annotations. Pure, on syntax trees.

Two programs that do the same with other words and types become the same text, and no import
is needed for an annotation. A tree that is given is changed and returned; nothing is executed.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef


def bare(tree: ast.Module) -> ast.Module:
    """Return `tree` without docstrings, other lone strings, annotations and type parameters.

    The fields of a class stay annotated: a dataclass is made of them.
    """
    _Bare().visit(tree)
    return tree


def renamed(tree: ast.Module, names: Mapping[str, str]) -> ast.Module:
    """Return a bare tree with global names changed; a parameter of such a name hides it."""
    _Renamed(names).visit(tree)
    return tree


def parameters(arguments: ast.arguments) -> Iterator[ast.arg]:
    """Yield every parameter, in the order in which they are written."""
    yield from arguments.posonlyargs
    yield from arguments.args
    if arguments.vararg is not None:
        yield arguments.vararg
    yield from arguments.kwonlyargs
    if arguments.kwarg is not None:
        yield arguments.kwarg


class _Bare(ast.NodeTransformer):
    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if getattr(node, "body", None) == [] and not isinstance(node, ast.Module):
            setattr(node, "body", [ast.Pass()])  # noqa: B010 - not every node has one
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        match node.value:
            case ast.Constant(value=str()):
                return None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        plain = ast.Assign(targets=[node.target], value=node.value)
        return self.generic_visit(ast.copy_location(plain, node))

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
        self._untyped(node)
        self._keeping(fields, node)
        return node

    def _keeping(self, fields: list[ast.AnnAssign], node: ast.ClassDef) -> None:
        body: list[ast.stmt] = []
        for each in node.body:
            new = each if each in fields else self.visit(each)
            body += [] if new is None else [new]
        node.body = body or [ast.Pass()]

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def _function(self, node: FunctionNode) -> ast.AST:
        node.returns = None
        self._untyped(node)
        return self.generic_visit(node)

    def _untyped(self, node: Any) -> None:
        if hasattr(node, "type_params"):  # from Python 3.12 on
            node.type_params = []

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node


class _Renamed(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = dict(names)

    def _new(self, name: str) -> str:
        return self._names.get(name, name)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        node.id = self._new(node.id)
        return node

    def visit_Global(self, node: ast.Global) -> ast.AST:
        node.names = [self._new(name) for name in node.names]
        return node

    def visit_alias(self, node: ast.alias) -> ast.AST:
        name = node.asname or node.name
        if name in self._names:
            node.asname = self._new(name)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.name = self._new(node.name)
        return self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._function(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        return self._function(node)

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self._inside(node.args, [node.body], node)

    def _function(self, node: FunctionNode) -> ast.AST:
        node.name = self._new(node.name)
        for decorator in node.decorator_list:
            self.visit(decorator)
        return self._inside(node.args, node.body, node)

    def _inside(self, arguments: ast.arguments, body: Sequence[ast.AST], node: ast.AST) -> ast.AST:
        """Visit what a function consists of, each part once; defaults belong to the outside."""
        self.visit(arguments)
        outside = self._names
        hidden = {each.arg for each in parameters(arguments)}
        self._names = {old: new for old, new in outside.items() if old not in hidden}
        for each in body:
            self.visit(each)
        self._names = outside
        return node
