"""An exception in the box as plain facts, though its class may be the student's own.

What a class can override is not asked: the type is `type(error)`, the bases and the
traceback come from the slots of `type` and `BaseException` themselves. Only `str(error)`
runs the student's code, as an uncaught exception would, and it may fail.
"""

import builtins
from collections import deque
from contextlib import suppress
from types import TracebackType

from grader.sandbox.faults import (
    MAX_LINE,
    MAX_MESSAGE,
    MAX_NAME,
    MAX_TRACE,
    PYTHON_KINDS,
    Raised,
)

_KIND_OF_CLASS = {id(getattr(builtins, name)): name for name in PYTHON_KINDS}
_bases_of = type.__dict__["__mro__"].__get__
_traceback_of = BaseException.__dict__["__traceback__"].__get__
_with_traceback = BaseException.with_traceback
_item = str.__getitem__

_reserve = bytearray(4 << 20)
"""Memory that is asked for and never touched, given back so that its want can be reported."""


def describe(error: BaseException, filename: str) -> Raised:
    """Describe an exception that left the student's code, which is in the file `filename`.

    Lets go of its traceback, which holds the variables of every frame that it went through.
    """
    kind = _kind(error)
    if kind == "MemoryError":
        _release_memory(_traceback_of(error))
    trace = _frames(_traceback_of(error), filename)
    _with_traceback(error, None)
    return Raised(
        kind=kind,
        own_class=id(type(error)) not in _KIND_OF_CLASS,
        line=trace[-1][0] if trace else None,
        message=_text(error),
        trace=trace,
    )


def describe_syntax(error: BaseException) -> Raised:
    """Describe what `compile` raised: a SyntaxError, or else why it gave up."""
    if not isinstance(error, SyntaxError):
        return Raised(kind=_kind(error), message=_text(error))
    return Raised(
        kind=_kind(error),
        line=_position(error.lineno),
        message=str(error.msg)[:MAX_MESSAGE],
        column=_position(error.offset),
    )


def _release_memory(trace: TracebackType | None) -> None:
    """Give back the reserve, and the variables of the frames that the exception went through."""
    _reserve.clear()
    while trace is not None:
        # A frame that still runs, such as our own, cannot be cleared.
        with suppress(RuntimeError):
            trace.tb_frame.clear()
        trace = trace.tb_next


def _kind(error: BaseException) -> str:
    known = (_KIND_OF_CLASS.get(id(base)) for base in _bases_of(type(error)))
    return next(name for name in known if name is not None)


def _frames(trace: TracebackType | None, filename: str) -> tuple[tuple[int, str], ...]:
    frames: deque[tuple[int, str]] = deque(maxlen=MAX_TRACE)
    while trace is not None:
        code = trace.tb_frame.f_code
        if type(code.co_filename) is str and code.co_filename == filename:
            frames.append((_position(trace.tb_lineno) or 0, _item(code.co_name, slice(MAX_NAME))))
        trace = trace.tb_next
    return tuple(frames)


def _text(error: BaseException) -> str:
    try:
        return _item(str(error), slice(MAX_MESSAGE))
    except BaseException as failure:
        return f"(its text cannot be shown: str() raised {_kind(failure)})"


def _position(number: object) -> int | None:
    return number if type(number) is int and 0 < number < MAX_LINE else None
