"""Replies come back as they were sent, and what a stranger sends is Malformed or harmless."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import values
from grader.sandbox import wire
from grader.values import DecodeLimits, Excess, Malformed

LIMITS = DecodeLimits(max_bytes=1000)

text = st.text(max_size=50)
positions = st.none() | st.integers(0, wire.MAX_LINE - 1)
raised = st.builds(
    wire.Raised,
    kind=st.sampled_from(sorted(wire.EXCEPTION_KINDS)),
    own_class=st.booleans(),
    line=positions,
    message=text,
    trace=st.lists(st.tuples(st.integers(0, 99), text), max_size=3).map(tuple),
    column=positions,
)
prints = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


@given(st.binary(), text, st.lists(text).map(tuple), st.binary(), st.integers(0, 99))
def test_a_job_comes_back_as_it_was_sent(source, filename, names, seed, limit):
    job = wire.Job(source, filename, names, names, seed, limit, limit)
    assert job == wire.decode_job(wire.encode_job(job))


@given(st.floats(allow_nan=False), prints, st.booleans())
def test_a_returned_value_comes_back(value, printed, changed):
    payload = wire.encode_returned(values.encode(value), printed.encode(), changed)
    desired = wire.Returned(value, printed, changed)
    assert desired == wire.parse_reply(payload, LIMITS)
    assert bool(printed) == desired.printed


@given(raised, prints)
def test_an_exception_comes_back(error, printed):
    parsed = wire.parse_reply(wire.encode_raised(error, printed.encode()), LIMITS)
    desired = (error.kind, error.own_class, error.line, error.message, error.trace, error.column)
    assert desired == (
        parsed.kind,
        parsed.own_class,
        parsed.line,
        parsed.message,
        parsed.trace,
        parsed.column,
    )
    assert printed == parsed.prints


@given(st.sampled_from(wire.InvalidReason), st.none() | raised, prints)
def test_a_refusal_comes_back(reason, error, printed):
    payload = wire.encode_invalid(reason, error, ("a", "b"), printed.encode())
    assert wire.Invalid(reason, error, ("a", "b"), printed) == wire.parse_reply(payload, LIMITS)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=wire.MAX_NAME), prints)
def test_an_entry_comes_back(name, printed):
    payload = wire.encode_ready(name, printed.encode())
    assert wire.Ready(name, printed) == wire.parse_reply(payload, LIMITS)


def test_the_short_replies_come_back():
    for excess in Excess:
        assert wire.Exceeded(excess) == wire.parse_reply(wire.encode_exceeded(excess), LIMITS)


def test_text_is_cut_and_escaped_where_it_is_sent():
    error = wire.Raised("ValueError", message="\ud800" * 1000, trace=((1, "n" * 1000),) * 50)
    parsed = wire.parse_reply(wire.encode_raised(error, b"\xff"), LIMITS)
    assert len(parsed.message) == wire.MAX_MESSAGE
    assert len(parsed.trace) == wire.MAX_TRACE
    assert parsed.trace[0] == (1, "n" * wire.MAX_NAME)
    assert parsed.prints == "\\xff"
    parsed.message.encode()


def test_the_limits_are_on_the_value_and_not_on_the_prints():
    value = values.encode("x" * 900)
    assert wire.parse_reply(wire.encode_returned(value, b"p" * 5000, False), LIMITS).printed
    with pytest.raises(Malformed):
        wire.parse_reply(wire.encode_returned(values.encode("x" * 1000), b"", False), LIMITS)


def _message(tag, fields):
    return bytes([tag]) + values.encode(fields)


RAISED = ("ValueError", False, 1, "text", ((1, "f"),), None)
FORGED = {
    "nothing": b"",
    "an unknown tag": b"\x09\x00",
    "ready without its header": b"\x01\x00\x00",
    "ready with prints beyond the end": b"\x01\xff\xff\xff\xffprints",
    "ready with a long name": b"\x01\x00\x00\x00\x00" + b"f" * 101,
    "ready with a name of long characters": b"\x01\x00\x00\x00\x00" + "\U0001f600".encode() * 101,
    "an unknown reason": _message(2, ("because", None, (), b"")),
    "a reason that is no text": _message(2, (["no"], None, (), b"")),
    "names that are a list": _message(2, ("no_entry_point", None, ["f"], b"")),
    "too many names": _message(2, ("no_entry_point", None, ("f",) * 99, b"")),
    "a returned value cut short": b"\x03\x00\x00",
    "prints beyond the end": b"\x03\x00\xff\xff\xff\xff\xc0",
    "unknown flags": b"\x03\x07\x00\x00\x00\x00\xc0",
    "no value": b"\x03\x00\x00\x00\x00\x00",
    "an exception of a name of one's own": _message(4, (("<b>", *RAISED[1:]), b"")),
    "a built-in that is no exception": _message(4, (("print", *RAISED[1:]), b"")),
    "a line that is a float": _message(4, (("ValueError", False, 1.5, *RAISED[3:]), b"")),
    "a line that is True": _message(4, (("ValueError", False, True, *RAISED[3:]), b"")),
    "a negative line": _message(4, (("ValueError", False, -1, *RAISED[3:]), b"")),
    "a long message": _message(4, (("ValueError", False, 1, "x" * 501, (), None), b"")),
    "a trace that is not pairs": _message(
        4, (("ValueError", False, 1, "", ((1, 2, 3),), None), b"")
    ),
    "an unknown excess": _message(5, "patience"),
}


@pytest.mark.parametrize("payload", FORGED.values(), ids=FORGED.keys())
def test_a_forged_reply_is_malformed(payload):
    with pytest.raises(Malformed):
        wire.parse_reply(payload, LIMITS)


@given(st.integers(0, 6), st.binary(max_size=100))
def test_random_bytes_are_a_reply_or_malformed(tag, rest):
    try:
        wire.parse_reply(bytes([tag]) + rest, LIMITS)
    except Malformed:
        return
