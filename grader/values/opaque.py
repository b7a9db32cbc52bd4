"""What stands for a value that is not plain data: its kind, from a closed list."""

import sys
import types
from collections import Counter
from typing import Any

from grader.values.extensions import NDARRAY, SELF_NAMED


class Opaque:
    """Stands for a value that is not plain data; `kind` is one of `KINDS`."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and self.kind == other.kind

    def __hash__(self) -> int:
        return hash((Opaque, self.kind))

    def __repr__(self) -> str:
        return f"Opaque({self.kind!r})"


OWN_KIND = "object"
"""The kind of everything that the student's own code (or a rare library) defines."""

_SELF_NAMED: tuple[type, ...] = (
    *(range, slice, map, filter, zip, enumerate, reversed, Counter),
    *SELF_NAMED,
)
_KIND_OF_TYPE: dict[type, str] = {
    types.FunctionType: "function",
    types.BuiltinFunctionType: "built-in function",
    types.MethodType: "method",
    types.GeneratorType: "generator",
    types.CoroutineType: "coroutine",
    types.AsyncGeneratorType: "asynchronous generator",
    types.ModuleType: "module",
    types.SimpleNamespace: "SimpleNamespace",
    type: "class",
    type(...): "ellipsis",
    type(NotImplemented): "NotImplemented",
    type({}.keys()): "dict_keys",
    type({}.values()): "dict_values",
    type({}.items()): "dict_items",
    **{each: each.__name__ for each in _SELF_NAMED},
}
_LIBRARY_KINDS = (
    ("array", "array"),
    ("collections", "OrderedDict"),
    ("collections", "defaultdict"),
    ("collections", "deque"),
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("datetime", "timedelta"),
    ("decimal", "Decimal"),
    ("fractions", "Fraction"),
    ("functools", "partial"),
    ("numpy.ma", "MaskedArray"),
)
_ARRAY_KINDS = {
    "O": "array of objects",
    "U": "array of strings",
    "T": "array of strings",
    "S": "array of bytes",
    "V": "structured array",
    "M": "array of dates",
    "m": "array of time spans",
}
_JAVASCRIPT_KINDS = (
    *("BigInt", "symbol", "getter", "Proxy", "iterator", "arguments object"),
    *("Map", "Set", "WeakMap", "WeakSet", "WeakRef", "Date", "RegExp", "Promise", "Error"),
    *("ArrayBuffer", "SharedArrayBuffer", "DataView"),
    *("Number object", "String object", "Boolean object", "Symbol object", "BigInt object"),
)
KINDS = frozenset(
    {OWN_KIND, *_KIND_OF_TYPE.values(), *_ARRAY_KINDS.values(), *_JAVASCRIPT_KINDS}
    | {name for _, name in _LIBRARY_KINDS}
)


def kind_of(value: Any) -> str:
    """Name the exact type of a value that is not plain data, without running any of its code."""
    cls = type(value)
    if cls is Opaque:
        kind = value.kind
        return kind if type(kind) is str and kind in KINDS else OWN_KIND
    if cls is NDARRAY:
        return _ARRAY_KINDS.get(value.dtype.kind, OWN_KIND)
    if type(cls) is type and cls in _KIND_OF_TYPE:  # a lookup would call another metaclass
        return _KIND_OF_TYPE[cls]
    return _library_kind(cls)


def _library_kind(cls: type) -> str:
    # Looked up among the modules that are loaded: importing them here would cost the judge.
    for module_name, name in _LIBRARY_KINDS:
        module = sys.modules.get(module_name)
        if type(module) is types.ModuleType and module.__dict__.get(name) is cls:
            return name
    return OWN_KIND
