"""Runs the student's code and comes back from it, whatever it raised or left switched on."""

import sys
from collections.abc import Callable
from typing import Any

# Bound before any of the student's code runs, which may replace them in `sys`.
_settrace, _setprofile = sys.settrace, sys.setprofile
_get_recursion_limit, _set_recursion_limit = sys.getrecursionlimit, sys.setrecursionlimit

_OWN_RECURSION = 200
"""Frames that the driver itself needs at most."""


def guarded(function: Callable[..., Any], *arguments: object) -> tuple[Any, BaseException | None]:
    """Call a function; return its value and None, or None and what it raised."""
    try:
        value, error = function(*arguments), None
    except BaseException as raised:
        value, error = None, raised
    # Here and not in a function of its own: calling one would set off the student's trace
    # function, or go over the recursion limit that the student has set.
    _settrace(None)
    _setprofile(None)
    if _get_recursion_limit() < _OWN_RECURSION:
        _set_recursion_limit(_OWN_RECURSION)
    return value, error
