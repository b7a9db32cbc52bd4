"""Attacks on the channel: forge, cut, flood or close what goes up; read what goes down too early.

A submission shares its process with the driver, so it can write what it likes. The judge
has to take the worst of it as a failure of this one case. That the attacks do write what they
claim is shown against a reader that trusts: `trusting_reader`.
"""

import fcntl
import os
import socket
import termios
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from arena.plain import plain_process, read_frame, send

from grader import values
from grader.runner import Run
from grader.sandbox import control, wire
from grader.values import DecodeLimits, Malformed
from grader.verdict import Verdict

# What every attack here starts with: the channel's descriptor, and frames of one's own.
FORGER = """
import os, struct, sys, time
def channel():
    for descriptor in range(3, 64):
        try:
            os.fstat(descriptor)
            return descriptor
        except OSError:
            pass
def frame(sequence, payload):
    return struct.pack("<II", sequence, len(payload)) + payload
def answer(value):  # Returned, unchanged inputs, no prints, then a small int
    return struct.pack("<BBI", 3, 0, 0) + bytes([value])
"""


def trusting_reader(source: str, calls: int) -> list[bytes]:
    """What a reader gets that takes the next frame for the answer, whatever its number."""
    frames = []
    with plain_process(source) as channel:
        read_frame(channel)
        for number in range(1, calls + 1):
            send(channel, number, values.encode((number,)))
            frames.append(read_frame(channel)[1])
    return frames


def verdicts(run: Run) -> list[Verdict | None]:
    return [case.verdict for case in run.cases]


# --- Forged frames -------------------------------------------------------------------------


def test_an_answer_with_another_number_is_no_answer(run: Callable[..., Run]) -> None:
    source = FORGER + (
        "def attack(value):\n    os.write(channel(), frame(9, answer(42)))\n    return value\n"
    )
    assert [_returned(42)] == trusting_reader(source, calls=1)
    assert [Verdict.RUNTIME_ERROR] == verdicts(run(source, 1))


def test_a_second_answer_is_not_kept_for_the_next_case(run: Callable[..., Run]) -> None:
    """Left in the stream, every later case would be given the answer of the one before."""
    source = FORGER + (
        "def attack(value):\n    os.write(channel(), frame(value, answer(42)))\n    return value\n"
    )
    assert [_returned(42), _returned(1)] == trusting_reader(source, calls=2)
    seen = run(source, 1, 2, 3)
    assert 1 not in [case.value for case in seen.cases[1:]]
    assert 2 not in [case.value for case in seen.cases[2:]]


def test_an_answer_ahead_of_its_case_spoils_only_its_own_process(run: Callable[..., Run]) -> None:
    source = FORGER + (
        "def attack(value):\n"
        "    if value == 1:\n"
        "        os.write(channel(), frame(1, answer(1)) + frame(2, answer(42)))\n"
        "        time.sleep(9)\n"
        "    return value\n"
    )
    with plain_process(source) as channel:
        read_frame(channel)
        send(channel, 1, values.encode((1,)))
        assert [(1, _returned(1)), (2, _returned(42))] == [read_frame(channel) for _ in "ab"]
    seen = run(source, 1, 2)
    assert [Verdict.RUNTIME_ERROR, None] == verdicts(seen)
    assert 2 == seen.cases[1].value


def test_a_cut_frame_is_a_failure_when_the_process_ends(run: Callable[..., Run]) -> None:
    source = FORGER + (
        "def attack(value):\n    os.write(channel(), frame(1, answer(42))[:-1])\n    os._exit(0)\n"
    )
    assert [_returned(42)[:-1]] == trusting_reader(source, calls=1)
    assert [Verdict.RUNTIME_ERROR] == verdicts(run(source, 1))


def test_a_frame_that_never_ends_is_a_timeout(run: Callable[..., Run]) -> None:
    source = FORGER + (
        "def attack(value):\n"
        "    os.write(channel(), frame(1, answer(42))[:-1])\n"
        "    while True:\n"
        "        pass\n"
    )
    with plain_process(source) as channel:
        read_frame(channel)
        send(channel, 1, values.encode((1,)))
        channel.settimeout(0.3)
        while len(channel.recv(1 << 16)) == 1 << 16:
            pass
        with pytest.raises(TimeoutError):
            channel.recv(1)
    assert [Verdict.TIME_LIMIT_EXCEEDED] == verdicts(run(source, 1))


def test_a_frame_that_says_it_has_four_gigabytes_is_not_waited_for(run: Callable[..., Run]) -> None:
    source = FORGER + (
        "def attack(value):\n"
        '    os.write(channel(), struct.pack("<II", 1, 0xFFFFFFFF))\n'
        "    time.sleep(9)\n"
    )
    with plain_process(source) as channel:
        read_frame(channel)
        send(channel, 1, values.encode((1,)))
        header = channel.recv(control.HEADER.size, socket.MSG_WAITALL)
        assert (1, 0xFFFFFFFF) == control.HEADER.unpack(header)
    assert [Verdict.OUTPUT_LIMIT_EXCEEDED] == verdicts(run(source, 1))


def test_an_endless_stream_is_cut_off(run: Callable[..., Run]) -> None:
    source = FORGER + (
        "def attack(value):\n    while True:\n        os.write(channel(), bytes(65536))\n"
    )
    with plain_process(source) as channel:
        read_frame(channel)
        send(channel, 1, values.encode((1,)))
        for _ in range(64):
            assert channel.recv(1 << 16, socket.MSG_WAITALL)
    assert [Verdict.RUNTIME_ERROR] == verdicts(run(source, 1))


FORGED_PAYLOADS = {
    "nothing": b"",
    "noise": bytes(range(256)),
    "an unknown tag": b"\x99",
    "a list that says it has 4 billion items": b"\x03\x00" + bytes(4) + b"\xdd\xff\xff\xff\xff",
    "prints that are longer than the frame": b"\x03\x00\xff\xff\xff\x7f",
    "a value 100 000 deep": b"\x03\x00" + bytes(4) + b"\x91" * 100_000 + b"\x00",
    "a million items": b"\x03\x00" + bytes(4) + b"\xdd\x00\x0f\x42\x40" + bytes(1_000_000),
    "bytes after the value": b"\x03\x00" + bytes(4) + b"\x01\x01",
    "half a value": b"\x03\x00" + bytes(4) + b"\xcb\x00",
    "a pickle": b"\x80\x04cos\nsystem\n.",
    "an exception that is no built-in one": b"\x04"
    + values.encode((("Stolen", False, 1, "", (), None), b"")),
    "an exception on line 10**30": b"\x04"
    + values.encode((("ValueError", False, 10**30, "", (), None), b"")),
    "a refusal of the file in the middle": wire.encode_invalid(
        wire.InvalidReason.NO_ENTRY_POINT, None, ("stolen",), b""
    ),
    "a second Ready": wire.encode_ready("stolen", b""),
    "a mapping of unhashable keys": b"\x03\x00" + bytes(4) + b"\x81\x90\x01",
    "an unknown extension": b"\x03\x00" + bytes(4) + b"\xd4\x7f\x00",
}


@pytest.mark.parametrize("payload", FORGED_PAYLOADS.values(), ids=FORGED_PAYLOADS)
def test_a_forged_payload_is_never_an_answer(payload: bytes, run: Callable[..., Run]) -> None:
    source = FORGER + (
        "def attack(value):\n"
        f"    forged = frame(1, {payload!r})\n"
        "    while forged:\n"
        "        forged = forged[os.write(channel(), forged):]\n"
        "    time.sleep(9)\n"
    )
    assert [payload[: 1 << 16]] == trusting_reader(source, calls=1)
    seen = run(source, 1)
    assert seen.cases[0].verdict in (Verdict.RUNTIME_ERROR, Verdict.OUTPUT_LIMIT_EXCEEDED)
    assert "stolen" not in (seen.cases[0].message or "").lower()
    assert seen.invalid is None


def _returned(value: int) -> bytes:
    return wire.encode_returned(values.encode(value), b"", False)


def test_forging_an_answer_is_no_more_than_returning_it(run: Callable[..., Run]) -> None:
    source = FORGER + (
        "def attack(value):\n    os.write(channel(), frame(1, answer(42)))\n    os._exit(0)\n"
    )
    returning = run("def attack(value):\n    return 42\n", 1)
    assert [case.value for case in returning.cases] == [c.value for c in run(source, 1).cases]


LAST_WORDS = {
    "an answer": "answer(42)",
    "that the file is imported": repr(wire.encode_ready("attack", b"")),
    "that it is no program": repr(
        wire.encode_invalid(wire.InvalidReason.NO_ENTRY_POINT, None, ("stolen",), b"")
    ),
    "nothing": "b''",
    "noise": "bytes(range(99))",
}


@pytest.mark.parametrize("when", ["at import", "in the call"])
@pytest.mark.parametrize("words", LAST_WORDS.values(), ids=LAST_WORDS)
def test_last_words_do_not_count_as_an_answer(
    words: str, when: str, run: Callable[..., Run]
) -> None:
    """A process that is out of time is asked where it is; it may say anything."""
    source = FORGER + (
        "import signal\n"
        "calls = 0\n"
        "def speak(*_):\n"
        f"    os.write(channel(), frame(calls, {words}))\n"
        "signal.signal(signal.SIGXCPU, speak)\n"
        "def attack(value):\n"
        "    global calls\n"
        "    calls += 1\n"
        "    while True:\n"
        "        pass\n"
    )
    if when == "at import":
        source += "while True:\n    pass\n"
    with plain_process(source) as channel:
        if when == "in the call":
            read_frame(channel)
            send(channel, 1, values.encode((1,)))
        channel.settimeout(0.2)
        with pytest.raises(TimeoutError):
            channel.recv(1)
    # A file that calls itself no program harms itself only.
    expected = {Verdict.TIME_LIMIT_EXCEEDED, Verdict.INVALID_SUBMISSION}
    assert set(verdicts(run(source, 1, 2))) <= expected


# --- Two writers, no writer ----------------------------------------------------------------


def test_a_thread_that_writes_too_spoils_its_own_case_only(run: Callable[..., Run]) -> None:
    source = FORGER + (
        "import threading\n"
        "def write():\n"
        "    while True:\n"
        "        os.write(channel(), frame(1, answer(42)) * 50)\n"
        "def attack(value):\n"
        "    if value == 1:\n"
        "        threading.Thread(target=write, daemon=True).start()\n"
        "        time.sleep(0.05)\n"
        "    return value\n"
    )
    with plain_process(source) as channel:
        read_frame(channel)
        send(channel, 1, values.encode((1,)))
        assert [(1, _returned(42))] * 2 == [read_frame(channel) for _ in "ab"]
    seen = run(source, 1, 2, threads=2)
    assert [Verdict.RUNTIME_ERROR, None] == verdicts(seen)
    assert 2 == seen.cases[1].value


def test_closing_the_channel_and_staying_is_the_end(run: Callable[..., Run]) -> None:
    """And the submission's own doing: its death by our hand is no judge error."""
    source = FORGER + "def attack(value):\n    os.close(channel())\n    time.sleep(9)\n"
    with plain_process(source) as channel:
        read_frame(channel)
        send(channel, 1, values.encode((1,)))
        assert b"" == channel.recv(1)  # and the process is still there: nobody waits for its end
    seen = run(source, 1)
    assert [Verdict.RUNTIME_ERROR] == verdicts(seen)
    assert seen.wall_s < 5


def test_the_channel_as_standard_output_is_not_an_answer(run: Callable[..., Run]) -> None:
    """What is written to descriptors 1 and 2 goes nowhere, neither to us nor to the terminal."""
    source = (
        "import os\n"
        "def attack(value):\n"
        "    os.write(1, b'to the terminal')\n"
        "    os.write(2, b'to the terminal')\n"
        "    return value\n"
    )
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        exec(source + "attack(1)\nos._exit(0)\n", {})
    os.waitpid(pid, 0)
    os.close(writer)
    assert b"to the terminal" * 2 == os.read(reader, 100)
    os.close(reader)
    seen = run(source, 1)
    assert [(1, "")] == [(case.value, case.prints) for case in seen.cases]


# --- What goes down ------------------------------------------------------------------------


PEEK = FORGER + (
    "import select\n"
    "def attack(value):\n"
    "    ready, _, _ = select.select([channel()], [], [], 0.5)\n"
    "    return os.read(channel(), 99) if ready else None\n"
)


def test_a_later_case_is_not_there_to_be_read(run: Callable[..., Run]) -> None:
    with plain_process(PEEK) as channel:  # a judge that does not wait for an answer
        read_frame(channel)
        send(channel, 1, values.encode(("first",)))
        while any(fcntl.ioctl(channel, termios.TIOCOUTQ, b"\0" * 4)):
            time.sleep(0.001)
        send(channel, 2, values.encode(("the second",)))
        assert b"the second" in read_frame(channel)[1]
    assert [None, None] == [case.value for case in run(PEEK, "first", "the second").cases]


SEARCH = (
    "import gc\n"
    "kept = []\n"
    "def attack(value):\n"
    "    mark = '-'.join(('hid', 'den'))\n"
    "    return sum(mark in str(o)[:80] for o in gc.get_objects() if type(o) in (list, tuple))\n"
)


def test_an_earlier_case_is_not_there_any_more(run: Callable[..., Run]) -> None:
    """The driver keeps nothing of an earlier input; a submission may, in its own process."""
    keeping = SEARCH.replace("    mark", "    kept.append(value)\n    mark")
    inputs = (["hid-den 1"], ["hid-den 2"], ["shown"])
    kept, seen = run(keeping, *inputs), run(SEARCH, *inputs)
    assert kept.cases[2].value > 0
    assert 0 == seen.cases[2].value


@pytest.mark.parametrize("payload", FORGED_PAYLOADS.values(), ids=FORGED_PAYLOADS)
def test_reading_a_forged_payload_raises_nothing_unforeseen(payload: bytes) -> None:
    with suppress(Malformed):
        wire.parse_reply(payload, DecodeLimits())


FORGED_ENTRY = '''
import sys
wire = sys.modules["grader.sandbox.wire"]
true_ready = wire.encode_ready
wire.encode_ready = lambda entry, prints: true_ready({entry!r}, prints)
"""
def {long}(
"""
def attack(value):
    return value
'''


@pytest.mark.parametrize("entry", ["(a|aa)*!", "(", "another", ""])
def test_no_other_name_is_believed_than_those_that_were_asked_for(
    run: Callable[..., Run], entry: str
) -> None:
    """A judge that searched the source for such a name did not come back."""
    came = run(FORGED_ENTRY.format(entry=entry, long="a" * 5000), 1.0)
    assert came.ready is None
    assert [Verdict.RUNTIME_ERROR] == verdicts(came)
