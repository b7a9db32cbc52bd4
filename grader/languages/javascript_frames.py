"""A call's arguments as text for a JavaScript engine, in the judge. Pure.

JavaScript has one kind of number, one of list and one of record: an array of numpy's becomes an
array (of arrays), a tuple or a set an array, a complex number an array of two. The text is JSON or,
where a number is not finite, an expression: a first letter says which. It is made once for all
submissions, and spares their boxes numpy.
"""

import json
import re
from functools import lru_cache
from typing import Any

import numpy as np

from grader import values
from grader.languages.javascript_values import EXPRESSION, JSON


@lru_cache(maxsize=1024)
def frame_of(payload: bytes) -> bytes:
    """Return the frame of a call, given its arguments as `values` encodes them.

    >>> frame_of(values.encode(((1, 2.5), True)))
    b'j[[1, 2.5], true]'
    """
    text, is_json = arguments_text(values.decode_trusted(payload))
    return ((JSON if is_json else EXPRESSION) + text).encode("ascii")


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


# Made once: `json.dumps` makes one at every call that has such wishes.
_JSON = json.JSONEncoder(default=_plain, allow_nan=False)
_EXPRESSION = json.JSONEncoder(default=_plain)
