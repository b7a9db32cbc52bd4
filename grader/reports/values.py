"""Show a value that came out of the codec as its language writes it, safely and not endlessly."""

from typing import Any

import numpy as np

from grader.reports.escape import line
from grader.reports.javascript_values import literal
from grader.values import Opaque

_PRINTABLE_BITS = 1024
"""A longer integer is shown by its size: beyond 4300 digits Python refuses to print one."""
_PRINTABLE_ELEMENTS = 10_000
"""numpy leaves out the middle of a long dimension, but of many short ones shows every element."""


def show(value: Any, limit: int, language: str = "python") -> str:
    """Return `value` as one printable line of at most `limit` characters."""
    if language == "javascript":
        # What a function returns without `return`; the codec tells no null from it.
        return "undefined" if value is None else line(literal(value, limit), limit)
    return line(_text(value, limit), limit)


def _text(value: Any, budget: int) -> str:
    """Return `value`'s literal; what is beyond about `budget` characters may be missing."""
    if isinstance(value, int) and value.bit_length() > _PRINTABLE_BITS:
        return f"<an integer of {value.bit_length()} bits>"
    if isinstance(value, str | bytes):
        return repr(value[: budget + 1])
    if isinstance(value, list):
        return f"[{_joined(value, budget)}]"
    if isinstance(value, tuple):
        return f"({_joined(value, budget)},)" if len(value) == 1 else f"({_joined(value, budget)})"
    if isinstance(value, set | frozenset) and value:
        # By their texts: Python refuses the `repr` of a long integer.
        texts = sorted(_text(each, budget) for each in value)
        return f"{{{_joined(texts, budget, lambda text, _: text)}}}"
    if isinstance(value, dict):
        return f"{{{_joined(value.items(), budget, _pair)}}}"
    if isinstance(value, np.ndarray):
        if value.size > _PRINTABLE_ELEMENTS:
            return f"<an array of shape {value.shape}>"
        return " ".join(np.array_repr(value).split())
    if isinstance(value, Opaque):
        return f"<{value.kind}>"
    if isinstance(value, np.generic):
        return str(value)  # not np.float64(1.5), which says more about numpy than about the value
    return repr(value)


def _pair(entry: tuple[Any, Any], budget: int) -> str:
    return f"{_text(entry[0], budget)}: {_text(entry[1], budget)}"


def _joined(values: Any, budget: int, text: Any = _text) -> str:
    """Join the values' texts, up to the first that is beyond the budget."""
    parts: list[str] = []
    for value in values:
        if budget < 0:
            break
        parts.append(text(value, budget))
        budget -= len(parts[-1]) + 2
    return ", ".join(parts)
