"""Values between the driver and a JavaScript engine, as text, in the box. Pure.

Down go the arguments of a call as `javascript_frames` has written them. Up comes what the prelude
has written: JSON in which each text begins with a letter that says what it is.
"""

import json
from typing import Any

from grader.values.opaque import OWN_KIND, Opaque

JSON, EXPRESSION = "j", "x"
"""How a call's frame begins: what the rest is."""

_EXACT_DIGITS = 15
"""A whole number of so few digits is written exactly; longer ones are rounded to be short."""


def value_of(text: str, *, has_texts: bool) -> Any:
    """Read what the prelude wrote; `has_texts` says that it has texts or opaque values."""
    value, _ = _read(text)
    return _untagged(value) if has_texts else value


def _number(digits: str) -> int | float:
    return int(digits) if len(digits) <= _EXACT_DIGITS else float(digits)


# Made once: `json.loads` makes one at every call that has such wishes. And its bare half: there
# is no white space, before or after, to look for.
_read = json.JSONDecoder(parse_int=_number).raw_decode


def _untagged(value: Any) -> Any:
    if type(value) is str:
        return value[1:] if value.startswith("t") else Opaque(value[1:] or OWN_KIND)
    if type(value) is list:
        return [_untagged(entry) for entry in value]
    if type(value) is dict:
        return {key: _untagged(entry) for key, entry in value.items()}
    return value
