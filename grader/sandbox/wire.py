"""What the judge and the box say to each other, as bytes. Pure: no sockets, no files.

Every message is the payload of a frame (see `control`). Frame 0 goes down with the `Job`
and is answered by `Ready` or `Invalid`; frame n goes down with the arguments of call n and
is answered by `Returned`, `Raised` or `Exceeded`. What goes down may have a form of the
language's own (see `languages.Language`). A reply carries the sequence of its request.
Nobody writes out of turn. A process that is out of time is interrupted and answers
`Interrupted` to whatever it was asked.

The submission shares its process with the driver, so that it can write a reply of its own:
`parse_reply` takes a reply for what it is, data from a stranger. What gets through has
the types declared here, names of built-in exceptions only where a kind is said, and no
text longer than the caps below. Text is the student's own all the same (`message`,
`prints`, `names`, the functions of `trace`): it is for cases that the student may see.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from grader import values
from grader.sandbox.faults import (
    EXCEPTION_KINDS,
    MAX_LINE,
    MAX_MESSAGE,
    MAX_NAME,
    MAX_NAMES,
    MAX_TRACE,
    Invalid,
    InvalidReason,
    Raised,
    is_a,
)
from grader.values import DecodeLimits, Excess, Malformed

__all__ = [
    "Exceeded",
    "Interrupted",
    "Invalid",
    "InvalidReason",
    "Job",
    "Raised",
    "Ready",
    "Reply",
    "Returned",
    "is_a",
]

REPLY_OVERHEAD = 1 << 14
"""Bytes that a reply may take beyond its value and its prints."""


@dataclass(frozen=True, slots=True)
class Job:
    """A submission as the box gets it.

    `names` are the accepted names of the entry point, the preferred first; `parameters`
    those that it is called with, by position. All that is random is seeded from `seed`.
    `memory_mb` is for an engine that has a heap of its own to bound: the kernel's limit holds
    anyway.
    """

    source: bytes
    filename: str
    names: tuple[str, ...]
    parameters: tuple[str, ...]
    seed: bytes
    print_bytes: int
    result_bytes: int
    memory_mb: int = 512


@dataclass(frozen=True, slots=True)
class Ready:
    """The file was imported; `entry` is the accepted name under which it has its function."""

    entry: str
    prints: str = ""


class Returned(NamedTuple):
    """A call came back. `inputs_changed`: it left its arguments other than they were."""

    value: Any
    prints: str = ""
    inputs_changed: bool = False

    @property
    def printed(self) -> bool:
        return bool(self.prints)


@dataclass(frozen=True, slots=True)
class Exceeded:
    """A call returned, or printed, more than is allowed."""

    what: Excess


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The process was out of time, and at this line of the student's file."""

    line: int | None


Reply = Ready | Invalid | Returned | Raised | Exceeded | Interrupted


# --- Down ------------------------------------------------------------------------------------


def encode_job(job: Job) -> bytes:
    """Encode a job; the size of its source is the caller's business."""
    fields = (
        job.source,
        job.filename,
        job.names,
        job.parameters,
        job.seed,
        job.print_bytes,
        job.result_bytes,
        job.memory_mb,
    )
    return values.encode(fields, max_bytes=len(job.source) + (1 << 16))


def decode_job(payload: bytes) -> Job:
    """Decode what `encode_job` wrote; the judge is trusted."""
    return Job(*values.decode_trusted(payload))


# --- Up, in the box --------------------------------------------------------------------------
# What goes up is capped here, so that the codec need not measure it.

_READY, _INVALID, _RETURNED, _RAISED, _EXCEEDED, _INTERRUPTED = range(1, 7)
TAGS = {
    "ready": _READY,
    "invalid": _INVALID,
    "returned": _RETURNED,
    "raised": _RAISED,
    "exceeded": _EXCEEDED,
}
"""How a reply begins, for a driver that is not written in Python."""
_RETURNED_HEADER = struct.Struct("<BBI")
"""Tag, flags, length of the prints; then the prints in UTF-8, then the encoded value."""
_READY_HEADER = struct.Struct("<BI")
"""Tag, length of the prints; then the prints, then the entry in UTF-8."""


def encode_ready(entry: str, prints: bytes) -> bytes:
    return _READY_HEADER.pack(_READY, len(prints)) + prints + entry.encode()


def encode_invalid(
    reason: InvalidReason, error: Raised | None, names: tuple[str, ...], prints: bytes
) -> bytes:
    fields = (reason.value, error and _raised_fields(error), _cap_names(names), prints)
    return bytes([_INVALID]) + values.encode_trusted(fields)


def encode_returned(value: bytes, prints: bytes, inputs_changed: bool) -> bytes:
    """`value` is encoded already: by the driver, which knows the limit on it."""
    return _RETURNED_HEADER.pack(_RETURNED, inputs_changed, len(prints)) + prints + value


def encode_raised(raised: Raised, prints: bytes) -> bytes:
    fields = (_raised_fields(raised), prints)
    return bytes([_RAISED]) + values.encode_trusted(fields)


def encode_exceeded(what: Excess) -> bytes:
    return bytes([_EXCEEDED]) + values.encode_trusted(what.value)


def encode_interrupted(line: int | None) -> bytes:
    return bytes([_INTERRUPTED]) + values.encode_trusted(line)


def _raised_fields(raised: Raised) -> tuple[object, ...]:
    trace = tuple((line, _cap(name, MAX_NAME)) for line, name in raised.trace[-MAX_TRACE:])
    message = _cap(raised.message, MAX_MESSAGE)
    return (raised.kind, raised.own_class, raised.line, message, trace, raised.column)


def _cap_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_cap(name, MAX_NAME) for name in names[:MAX_NAMES])


def _cap(text: str, most: int) -> str:
    # Escaped before it is cut: the codec escapes lone surrogates, which makes a text longer.
    return text[:most].encode("utf-8", "backslashreplace").decode()[:most]


# --- Up, in the judge ------------------------------------------------------------------------


def parse_reply(payload: bytes, limits: DecodeLimits) -> Reply:
    """Read the payload of a reply; `limits` are on the returned value. Raises `Malformed`."""
    if not payload:
        raise Malformed("an empty reply")
    if payload[0] == _RETURNED:
        return _parse_returned(payload, limits)
    if payload[0] == _READY:
        return _parse_ready(payload)
    parse = _PARSERS.get(payload[0])
    if parse is None:
        raise Malformed(f"a reply of unknown kind {payload[0]}")
    return parse(values.decode(payload[1:], DecodeLimits(max_bytes=len(payload), max_items=500)))


def _parse_returned(payload: bytes, limits: DecodeLimits) -> Returned:
    if len(payload) < _RETURNED_HEADER.size:
        raise Malformed("a reply without its header")
    _, flags, length = _RETURNED_HEADER.unpack_from(payload)
    start = _RETURNED_HEADER.size + length
    if flags > 1 or start > len(payload):
        raise Malformed("a reply with a wrong header")
    prints = _text(payload[_RETURNED_HEADER.size : start]) if length else ""
    return Returned(values.decode(payload[start:], limits), prints, flags == 1)


def _parse_ready(payload: bytes) -> Ready:
    if len(payload) < _READY_HEADER.size:
        raise Malformed("a reply without its header")
    _, length = _READY_HEADER.unpack_from(payload)
    start = _READY_HEADER.size + length
    if start > len(payload):
        raise Malformed("a reply with a wrong header")
    entry = _text(payload[start : start + 4 * MAX_NAME + 1])
    return Ready(_string(entry, MAX_NAME), _text(payload[_READY_HEADER.size : start]))


def _parse_invalid(fields: object) -> Invalid:
    reason, error, names, prints = _fields(fields, 4)
    try:
        known = InvalidReason(_string(reason, MAX_NAME))
    except ValueError:
        raise Malformed("an unknown reason") from None
    raised = None if error is None else _raised(error)
    texts = tuple(_string(name, MAX_NAME) for name in _tuple(names, MAX_NAMES))
    return Invalid(known, raised, texts, _text(prints))


def _parse_raised(fields: object) -> Raised:
    error, prints = _fields(fields, 2)
    return _raised(error, _text(prints))


def _parse_exceeded(what: object) -> Exceeded:
    try:
        return Exceeded(Excess(_string(what, MAX_NAME)))
    except ValueError:
        raise Malformed("an unknown excess") from None


def _parse_interrupted(line: object) -> Interrupted:
    return Interrupted(_position(line))


_PARSERS: dict[int, Callable[[object], Reply]] = {
    _INVALID: _parse_invalid,
    _RAISED: _parse_raised,
    _EXCEEDED: _parse_exceeded,
    _INTERRUPTED: _parse_interrupted,
}


def _raised(fields: object, prints: str = "") -> Raised:
    kind, own_class, line, message, trace, column = _fields(fields, 6)
    if _string(kind, MAX_NAME) not in EXCEPTION_KINDS or type(own_class) is not bool:
        raise Malformed("an exception that is not built in")
    return Raised(
        kind=kind,
        own_class=own_class,
        line=_position(line),
        message=_string(message, MAX_MESSAGE),
        trace=tuple(_trace_entry(entry) for entry in _tuple(trace, MAX_TRACE)),
        column=_position(column),
        prints=prints,
    )


def _trace_entry(entry: object) -> tuple[int, str]:
    line, name = _fields(entry, 2)
    return _position(line) or 0, _string(name, MAX_NAME)


def _position(value: object) -> int | None:
    if value is None:
        return None
    if type(value) is not int or not 0 <= value < MAX_LINE:
        raise Malformed("a line or column that is no such number")
    return value


def _fields(value: object, count: int) -> tuple[Any, ...]:
    fields = _tuple(value, count)
    if len(fields) != count:
        raise Malformed(f"{len(fields)} fields where {count} are due")
    return fields


def _tuple(value: object, most: int) -> tuple[Any, ...]:
    if type(value) is not tuple or len(value) > most:
        raise Malformed("a field is not the tuple that is due")
    return value


def _string(value: object, most: int) -> str:
    if type(value) is not str or len(value) > most:
        raise Malformed("a field is not the text that is due")
    return value


def _text(prints: object) -> str:
    """Prints are bytes: a program may print any. What is not UTF-8 is shown as its escape."""
    if type(prints) is not bytes:
        raise Malformed("prints that are not bytes")
    return prints.decode("utf-8", "backslashreplace")
