"""What one expression, or the head of one statement, becomes in a mutant. Pure.

Each operator gets a node and the names of its function and yields what may stand in its place;
nodes that do not concern it give nothing. A node that is yielded shares parts with the tree, so
that neither is ever changed. No operator makes a power: numbers shall not explode.
"""

import ast
from collections.abc import Callable, Iterator

from grader.scope import Place, Scope
from grader.trees import like

Rewrite = Callable[[ast.AST, Scope], Iterator[ast.AST]]

MOST_NAMES = 6
"""So many other names stand in for one that is used, or for what is returned."""

_ARITHMETIC: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}
_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt),
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_REDUCTIONS = {
    "all": ("any",),
    "any": ("all",),
    "argmax": ("argmin",),
    "argmin": ("argmax",),
    "ceil": ("floor",),
    "floor": ("ceil",),
    "max": ("min", "sum"),
    "maximum": ("minimum",),
    "mean": ("sum",),
    "median": ("mean",),
    "min": ("max",),
    "minimum": ("maximum",),
    "prod": ("sum",),
    "std": ("var",),
    "sum": ("max", "mean"),
    "var": ("std",),
}
_BUILT_IN = {"all", "any", "max", "min", "sum"}
_CONVERSIONS = {
    *("abs", "bool", "float", "int", "list", "max", "min", "reversed", "round", "set", "sorted"),
    "tuple",
}
_METHODS = {"copy", "flatten", "ravel", "transpose"}


def replaced_operator(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`a + b` becomes `a - b`, `a += b` becomes `a -= b`."""
    match node:
        case ast.BinOp(left=left, op=op, right=right):
            for new in _ARITHMETIC.get(type(op), ()):
                yield ast.BinOp(left, new(), right)
        case ast.AugAssign(target=target, op=op, value=value):
            for new in _ARITHMETIC.get(type(op), ()):
                yield ast.AugAssign(target, new(), value)


def dropped_update(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`a += b` becomes `a = b`."""
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value, lineno=node.lineno)


def sign(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`-a` becomes `a`; what is returned, or a product that is assigned, gets a minus."""
    match node:
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            yield operand
        case ast.Return(value=ast.Name() | ast.BinOp() | ast.Call() | ast.Subscript() as value):
            yield ast.Return(_minus(value))
        case ast.Assign(targets=targets, value=ast.BinOp(op=ast.Mult() | ast.Div()) as value):
            yield ast.Assign(targets, _minus(value), lineno=node.lineno)


def comparison(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`a < b` becomes `a <= b`, `a > b`, `a >= b`."""
    if not isinstance(node, ast.Compare):
        return
    for at, op in enumerate(node.ops):
        for new in _COMPARISONS[type(op)]:
            yield ast.Compare(
                node.left, [*node.ops[:at], new(), *node.ops[at + 1 :]], node.comparators
            )


def logic(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`a and b` becomes `a or b`, `a`, `b`; `not a` becomes `a`."""
    match node:
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for at in range(len(values)):
                rest = [*values[:at], *values[at + 1 :]]
                yield ast.BoolOp(op, rest) if len(rest) > 1 else rest[0]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand


def constant(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """0 becomes 1, 1 becomes 0 and 2, 0.5 becomes 1.0 and 0.25."""
    if isinstance(node, ast.Constant):
        yield from (ast.Constant(value) for value in _near(node.value))


def _near(value: object) -> tuple[float, ...]:
    if isinstance(value, bool):
        return (not value,)
    if isinstance(value, int):
        return (value - 1, value + 1) if value else (1,)
    if isinstance(value, float):
        return (2 * value, value / 2) if value else (1.0,)
    return ()


def dropped_term(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`a + b` becomes `a` and `b`, `a / b` becomes `a`."""
    match node:
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult(), right=right):
            yield left
            yield right
        case ast.BinOp(left=left, op=ast.Div() | ast.FloorDiv() | ast.Mod() | ast.Pow()):
            yield left


def swapped_operands(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`a - b` becomes `b - a`, `f(a, b)` becomes `f(b, a)`, `x, y = a, b` becomes `x, y = b, a`."""
    match node:
        case ast.BinOp(left=left, op=ast.Sub() | ast.Div() | ast.MatMult() as op, right=right):
            yield ast.BinOp(right, op, left)
        case ast.Call(func=ast.Name(id="max" | "min" | "round" | "isinstance")):
            return  # the same, or nonsense
        case ast.Call(func=called, args=[one, other], keywords=named):
            yield ast.Call(called, [other, one], named)
        case ast.Assign(targets=targets, value=ast.Tuple(elts=[one, other])):
            yield ast.Assign(targets, ast.Tuple([other, one], ast.Load()), lineno=node.lineno)


def dropped_parentheses(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`a * (b - c) * d` becomes `a * b - c * d`: what it says without the parentheses."""
    chain = _factors(node)
    for at, (op, factor) in enumerate(chain):
        match factor:
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as between, right=right):
                before, after = [*chain[:at], (op, left)], [(op, right), *chain[at + 1 :]]
                yield ast.BinOp(_product(before), between, _product(after))


def _factors(node: ast.AST) -> list[tuple[ast.operator, ast.expr]]:
    """Return the factors of a product, each with the operator before it (the first has none)."""
    factors: list[tuple[ast.operator, ast.expr]] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        factors.append((node.op, node.right))
        node = node.left
    if factors and isinstance(node, ast.expr):
        factors.append((ast.Mult(), node))
    return factors[::-1]


def _product(factors: list[tuple[ast.operator, ast.expr]]) -> ast.expr:
    product = factors[0][1]
    for op, factor in factors[1:]:
        product = ast.BinOp(product, op, factor)
    return product


def counted(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`range(n)` becomes `range(n - 1)`, `range(n + 1)`, `range(1, n)`."""
    match node:
        case ast.Call(func=ast.Name(id="range") as called, args=[stop]):
            bounds = [[_plus(stop, -1)], [_plus(stop, 1)], [ast.Constant(1), stop]]
        case ast.Call(func=ast.Name(id="range") as called, args=[start, stop, *step]):
            ends = [[_plus(start, 1), stop], [start, _plus(stop, -1)], [start, _plus(stop, 1)]]
            bounds = [[*each, *step] for each in [*ends, [_plus(start, -1), stop]]]
            bounds += [[start, stop]] if step else []
        case _:
            return
    yield from (ast.Call(called, args, []) for args in bounds)


def _plus(node: ast.expr, step: int) -> ast.expr:
    """Return `node + step`, as one would write it."""
    match node:
        case ast.Constant(value=int(value)):
            return _whole(value + step)
        case ast.BinOp(left=left, op=ast.Add(), right=ast.Constant(value=int(value))):
            return _shifted(left, value + step)
        case ast.BinOp(left=left, op=ast.Sub(), right=ast.Constant(value=int(value))):
            return _shifted(left, step - value)
    return _shifted(node, step)


def _whole(value: int) -> ast.expr:
    return ast.Constant(value) if value >= 0 else _minus(ast.Constant(-value))


def _minus(node: ast.expr) -> ast.expr:
    return ast.UnaryOp(ast.USub(), node)


def _shifted(node: ast.expr, by: int) -> ast.expr:
    if by == 0:
        return node
    return ast.BinOp(node, ast.Add() if by > 0 else ast.Sub(), ast.Constant(abs(by)))


def iterated(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`for x in xs` becomes `for x in xs[1:]`, without the last, the other way round."""
    if not isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
        return
    match node.iter:
        case ast.Name() | ast.Attribute() | ast.Subscript():
            others = [*_parts(node.iter), _sliced(node.iter, None, None, _whole(-1))]
        case ast.Call(func=ast.Name(id="enumerate" | "zip") as called, args=args, keywords=named):
            others = [ast.Call(called, new, named) for new in _parts_of_one(args)]
        case _:
            return
    yield from (like(node, iter=each) for each in others)


def _parts(node: ast.expr) -> list[ast.expr]:
    return [_sliced(node, ast.Constant(1)), _sliced(node, None, _whole(-1))]


def _sliced(node: ast.expr, *bounds: ast.expr | None) -> ast.expr:
    return ast.Subscript(node, ast.Slice(*bounds), ast.Load())


def _parts_of_one(args: list[ast.expr]) -> Iterator[list[ast.expr]]:
    for at, arg in enumerate(args):
        if isinstance(arg, ast.Name | ast.Attribute | ast.Subscript):
            yield from ([*args[:at], part, *args[at + 1 :]] for part in _parts(arg))


def condition(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`if a` becomes `if True` and `if False`, `while a` becomes `while False`."""
    match node:
        case ast.If():
            yield from (like(node, test=ast.Constant(value)) for value in (True, False))
        case ast.While():
            yield like(node, test=ast.Constant(False))
        case ast.IfExp(body=body, orelse=orelse):
            yield body
            yield orelse
        case ast.comprehension(ifs=[_, *_]):
            yield like(node, ifs=[])


def reduction(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`sum(xs)` becomes `max(xs)`, `np.mean(xs)` becomes `np.sum(xs)`."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=args, keywords=named) if name in _BUILT_IN:
            for other in _REDUCTIONS[name]:
                if other in _BUILT_IN and (other != "sum" or (len(args) == 1 and not named)):
                    yield ast.Call(ast.Name(other, ast.Load()), args, named)
            if name == "sum" and args and isinstance(args[0], ast.Name):
                yield ast.BinOp(node, ast.Div(), _call("len", args[0]))
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=args, keywords=named):
            for other in _REDUCTIONS.get(name, ()):
                yield ast.Call(ast.Attribute(value, other, ast.Load()), args, named)


def _call(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])


def dropped_call(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    """`math.sqrt(x)`, `abs(x)` and `float(x)` become `x`; `max(0, x)` becomes `0` and `x`."""
    match node:
        case ast.Call(func=ast.Name(id=name), args=[first, *rest]) if name in _CONVERSIONS:
            yield first
            if name in ("max", "min"):
                yield from rest
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module)), args=[only]):
            if module in scope.modules:
                yield only
        case ast.Call(func=ast.Attribute(value=value, attr=name), args=[]) if name in _METHODS:
            yield value
        case ast.Attribute(value=value, attr="T", ctx=ast.Load()):
            yield value


def dropped_argument(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`np.sum(a, axis=0)` becomes `np.sum(a)`, `round(x, 2)` becomes `round(x)`."""
    match node:
        case ast.Call(func=called, args=args, keywords=named):
            for at in range(len(named)):
                yield ast.Call(called, args, [*named[:at], *named[at + 1 :]])
            if isinstance(called, ast.Name) and called.id == "round" and len(args) == 2:
                yield ast.Call(called, args[:1], named)


def other_key(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    """`sample["x"]` becomes `sample["y"]` where the function reads both."""
    match node:
        case ast.Subscript(value=value, slice=ast.Constant(value=str(key)), ctx=ast.Load()):
            others = [each for each in scope.keys[ast.unparse(value)] if each != key]
            for other in others[:MOST_NAMES]:
                yield ast.Subscript(value, ast.Constant(other), ast.Load())


def index(node: ast.AST, _: Scope) -> Iterator[ast.AST]:
    """`xs[i]` becomes `xs[i - 1]` and `xs[i + 1]`."""
    match node:
        case ast.Subscript(value=value, slice=ast.Name() | ast.BinOp() as at, ctx=ast.Load()):
            for step in (-1, 1):
                yield ast.Subscript(value, _plus(at, step), ast.Load())


def returned(node: ast.AST, scope: Scope) -> Iterator[ast.AST]:
    """`return a` becomes `return b`, for what is assigned elsewhere in the function."""
    if not isinstance(node, ast.Return) or node.value is None:
        return
    own = node.value.id if isinstance(node.value, ast.Name) else None
    others = [name for name in scope.assigned if name not in (own, "_")]
    for name in others[:MOST_NAMES]:
        yield ast.Return(ast.Name(name, ast.Load()))


REWRITES: tuple[tuple[str, Rewrite], ...] = (
    ("operator", replaced_operator),
    ("update", dropped_update),
    ("sign", sign),
    ("comparison", comparison),
    ("logic", logic),
    ("constant", constant),
    ("term", dropped_term),
    ("operands", swapped_operands),
    ("parentheses", dropped_parentheses),
    ("range", counted),
    ("iteration", iterated),
    ("condition", condition),
    ("reduction", reduction),
    ("call", dropped_call),
    ("argument", dropped_argument),
    ("key", other_key),
    ("index", index),
    ("returned", returned),
)
"""The operators with their slugs: the more telling ones first, where two give the same."""


def other_names(place: Place, scope: Scope) -> Iterator[ast.AST]:
    """Yield the names that may stand for one, the likeliest first.

    All look like numbers and are bound above. A count or an index stays a whole number.
    """
    node = place.node
    if not isinstance(node, ast.Name) or not isinstance(node.ctx, ast.Load):
        return
    if node.id not in scope.bound:
        return
    here = (node.lineno, node.col_offset)
    others = [name for name, since in scope.bound.items() if name != node.id and since <= here]
    if _wants_whole(place):
        others = [name for name in others if name in scope.whole]
    whole = node.id in scope.whole
    others.sort(key=lambda name: (name not in scope.assigned, (name in scope.whole) is not whole))
    yield from (ast.Name(name, ast.Load()) for name in others[:MOST_NAMES])


def _wants_whole(place: Place) -> bool:
    match place.owner:
        case ast.Call(func=ast.Name(id="range")) | ast.Slice() | ast.Subscript():
            return True
    return False
