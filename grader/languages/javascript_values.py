"""Values between Python and a JavaScript engine, as text. Pure.

Down go the arguments of a call as JSON, or, where a number is not finite, as an expression.
JavaScript has one kind of number, one of list and one of record: an array of numpy's becomes
an array (of arrays), a tuple or a set an array, a complex number an array of two. Up comes what
the prelude has written: JSON in which each text begins with a letter that says what it is.
"""

import json
import re
from typing import Any

import numpy as np

from grader.values.opaque import OWN_KIND, Opaque

_EXACT_DIGITS = 15
"""A whole number of so few digits is written exactly; longer ones are rounded to be short."""


def arguments_text(arguments: object) -> tuple[str, bool]:
    """Return arguments as text, and whether that is JSON; if not, it is an expression."""
    try:
        return _JSON.encode(arguments), True
    except ValueError:
        text = _EXPRESSION.encode(arguments)
        # In an expression, though not in JSON, this key would set the prototype.
        return _PROTOTYPE_KEY.sub('["__proto__"]:', text), False


_PROTOTYPE_KEY = re.compile(r'(?<!\\)"__proto__":')


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, complex | np.complexfloating):
        return [float(value.real), float(value.imag)]
    if isinstance(value, np.floating):
        return float(value)  # a longdouble's item is itself
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, set | frozenset):
        return sorted(value, key=repr)
    return list(value)  # bytes


def value_of(text: str, *, has_texts: bool) -> Any:
    """Read what the prelude wrote; `has_texts` says that it has texts or opaque values."""
    value = _READER.decode(text)
    return _untagged(value) if has_texts else value


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _EXACT_DIGITS else float(digits)


# Made once: `json.dumps` and `json.loads` make one at every call that has such wishes.
_JSON = json.JSONEncoder(default=_plain, allow_nan=False)
_EXPRESSION = json.JSONEncoder(default=_plain)
_READER = json.JSONDecoder(parse_int=_number)


def _untagged(value: Any) -> Any:
    if type(value) is str:
        return value[1:] if value.startswith("t") else Opaque(value[1:] or OWN_KIND)
    if type(value) is list:
        return [_untagged(entry) for entry in value]
    if type(value) is dict:
        return {key: _untagged(entry) for key, entry in value.items()}
    return value
