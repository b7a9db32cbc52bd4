"""A value as JavaScript would write it: what stands for it there, as one literal."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from grader.agreement import number
from grader.values import Opaque

_SAFE = 1 << 53


def literal(value: Any, budget: int) -> str:
    """Return a value's literal; what is beyond about `budget` characters may be missing.

    >>> literal([{"x": 1.0, "a-b": None}, float("-inf"), (True, "a")], 80)
    '[{ x: 1, "a-b": null }, -Infinity, [true, "a"]]'
    """
    if value is None:
        return "null"
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, Opaque):
        return f"<{value.kind}>"
    if isinstance(value, str):
        return json.dumps(value[: budget + 1], ensure_ascii=False)
    if isinstance(value, dict):
        if not value:
            return "{}"
        return f"{{ {_joined(value.items(), budget, _property)} }}"
    if isinstance(value, np.ndarray) and value.ndim:
        return literal(value.tolist() if value.size <= budget else [*value], budget)
    if isinstance(value, list | tuple | set | frozenset):
        return f"[{_joined(value, budget, literal)}]"
    found = number(value)
    return str(value) if found is None else _number(found)


def _number(value: float) -> str:
    if value != value:
        return "NaN"
    if abs(value) == float("inf"):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value) and abs(value) < _SAFE:
        negative_zero = value == 0 and str(value).startswith("-")
        return "-0" if negative_zero else str(int(value))
    return repr(float(value))


def _property(entry: tuple[Any, Any], budget: int) -> str:
    key = str(entry[0])
    name = key if key.isidentifier() and key.isascii() else json.dumps(key, ensure_ascii=False)
    return f"{name}: {literal(entry[1], budget)}"


def _joined(values: Iterable[Any], budget: int, text: Callable[[Any, int], str]) -> str:
    """Join the values' texts, up to the first that is beyond the budget."""
    parts: list[str] = []
    for value in values:
        if budget < 0:
            break
        parts.append(text(value, budget))
        budget -= len(parts[-1]) + 2
    return ", ".join(parts)
