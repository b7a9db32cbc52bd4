"""Why a file cannot be called, and what an exception is, as facts of closed kinds. Values only.

A part of `wire` that imports nothing, for those who put such facts into words.
"""

import builtins
from dataclasses import dataclass
from enum import StrEnum

MAX_MESSAGE = 500
MAX_NAME = 100
MAX_NAMES = 20
MAX_TRACE = 20
MAX_LINE = 1 << 31


class InvalidReason(StrEnum):
    """Why a file cannot be called at all."""

    DOES_NOT_COMPILE = "does_not_compile"
    IMPORT_RAISED = "import_raised"
    EXITS_AT_IMPORT = "exits_at_import"
    NO_ENTRY_POINT = "no_entry_point"
    NOT_CALLABLE = "not_callable"
    WRONG_PARAMETERS = "wrong_parameters"


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception. `kind` is its nearest built-in class, `line` is one of the student's file.

    `own_class`: the class is not the built-in one itself. `column` (from 1) is known for
    what does not compile. `trace` has the student's frames, outermost first: (line, name of
    the function).
    """

    kind: str
    own_class: bool = False
    line: int | None = None
    message: str = ""
    trace: tuple[tuple[int, str], ...] = ()
    column: int | None = None
    prints: str = ""


@dataclass(frozen=True, slots=True)
class Invalid:
    """The file cannot be called.

    `names`: with NO_ENTRY_POINT the functions that the file does define, with
    WRONG_PARAMETERS the parameters that its function has.
    """

    reason: InvalidReason
    error: Raised | None = None
    names: tuple[str, ...] = ()
    prints: str = ""


_ANCESTORS: dict[str, tuple[str, ...]] = {
    name: tuple(base.__name__ for base in value.__mro__[:-1])
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException) and value.__name__ == name
}
PYTHON_KINDS = frozenset(_ANCESTORS)
# What JavaScript throws, and the kind that a spec would call it by: where a value is refused,
# Python has a ValueError, JavaScript an Error or a RangeError.
_ANCESTORS |= {
    name: (name, "Error", "ValueError", "Exception") for name in ("RangeError", "EvalError")
}
_ANCESTORS |= {"Error": ("Error", "ValueError", "Exception")}
_ANCESTORS |= {
    name: (name, "Error", "Exception") for name in ("URIError", "InternalError", "AggregateError")
}

EXCEPTION_KINDS = frozenset(_ANCESTORS)


def is_a(kind: str, wanted: str) -> bool:
    """Tell whether an exception of the built-in `kind` is one of the kind `wanted`, or below it.

    >>> is_a("KeyError", "LookupError"), is_a("RangeError", "ValueError")
    (True, True)
    """
    # A name such as IOError is another one's alias.
    meant = getattr(getattr(builtins, wanted, None), "__name__", wanted)
    return meant in _ANCESTORS.get(kind, (kind,))
