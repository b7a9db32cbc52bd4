"""The driver of Python submissions: the code in the box that calls the student's function.

Theory of operation. `warm` runs once, in the zygote, before it is locked: it imports what
submissions import and rehearses one harmless job, so that the pages are there when a
child needs them. `serve` runs in a confined child: it reads the job, imports the
submission and answers call after call until the judge closes the channel.

The student's code shares this process. It can forge its own answers, which is the same as
returning them, and finds nothing else here: its own source, the inputs of the present
call, a channel. What it breaks by accident (built-ins, sys.stdout, a trace function, the
recursion limit) is kept from the driver; what it breaks on purpose ends its own process.
Inputs of earlier calls are not kept.
"""

import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from types import FrameType
from typing import NoReturn

import numpy as np

from grader import values
from grader.languages import python_preload
from grader.languages.driver_channel import Channel, rehearse
from grader.languages.python_exceptions import describe
from grader.languages.python_guard import guarded
from grader.languages.python_loading import MODULE_NAME, Loaded, Refused, load
from grader.languages.python_surroundings import Prints, surroundings
from grader.sandbox import wire

# Bound before any of the student's code runs, which may replace it in its module.
_exit = os._exit

_REHEARSALS = 16
"""So often is each call rehearsed. The interpreter writes into what it runs until it knows it."""

_REHEARSAL = b"""
from dataclasses import dataclass
import numpy as np

@dataclass
class Point:
    x: float
    y: float

def work(values, matrix):
    print("rehearsal")
    if not values:
        raise ValueError("nothing")
    points = [Point(v["x"], v["y"]) for v in values]
    np.linalg.eigvalsh(matrix)
    np.linalg.solve(matrix, np.random.default_rng().normal(size=2))
    return sum(p.x * p.y for p in points) + float(np.mean(matrix @ matrix))
"""


def serve(read_fd: int, write_fd: int) -> NoReturn:
    """Answer the judge on the channel until it closes, then end the process."""
    try:
        _serve(Channel(read_fd, write_fd))
        _exit(0)
    finally:
        _exit(1)


def warm(everything: Sequence[str] | None = None) -> None:
    """Import in the zygote what submissions import, and rehearse a job: it touches the pages.

    `everything` is given where nothing can be imported later: the import names of the allowed
    packages, which are then loaded whole, as is the standard library.
    """
    python_preload.preload()
    if everything is not None:
        python_preload.preload_everything(everything)
    job = wire.Job(_REHEARSAL, "rehearsal.py", ("work",), ("values", "matrix"), b"0", 9999, 9999)
    calls: tuple[object, ...] = (([{"x": 1.5, "y": 2}], np.eye(2)), ([], (1, None, "text")))
    payloads = [wire.encode_job(job), *map(values.encode, _REHEARSALS * calls)]
    rehearse(_serve, payloads)
    _at_work.clear()
    if hasattr(signal, "SIGXCPU"):
        signal.signal(signal.SIGXCPU, _tell_where)
    del sys.modules[MODULE_NAME]


def _serve(channel: Channel) -> None:
    payload = channel.read()
    if payload is None:
        return
    job = wire.decode_job(payload)
    _at_work.append((channel, job.filename))
    prints = _PRINTS
    prints.allow(job.print_bytes, partial(_refuse_prints, channel))
    with surroundings(prints, job.seed):
        loaded = load(job)
        if isinstance(loaded, Refused):
            refused = (loaded.reason, loaded.error, loaded.names)
            channel.reply(wire.encode_invalid(*refused, prints.take()))
            return
        channel.reply(wire.encode_ready(loaded.entry, prints.take()))
        calls = _Calls(loaded, job, prints)
        while calls.answer_next(channel):
            pass


_PRINTS = Prints()

_at_work: list[tuple[Channel, str]] = []
"""The channel and the submission's file name, once there are any."""


def _tell_where(_signal: int, frame: FrameType | None) -> None:
    """Answer, out of time, with the line of the submission that is being run; then end."""
    channel, filename = _at_work[0]
    while frame is not None and frame.f_code.co_filename != filename:
        frame = frame.f_back
    channel.reply(wire.encode_interrupted(frame and frame.f_lineno))
    _exit(0)


def _refuse_prints(channel: Channel) -> NoReturn:
    """End the process at once: a flood of prints is not worth running on for."""
    channel.reply(wire.encode_exceeded(values.Excess.PRINTS))
    _exit(0)


class _Calls:
    """Calls the student's function, once per frame."""

    def __init__(self, loaded: Loaded, job: wire.Job, prints: Prints) -> None:
        self._function = loaded.function
        self._filename = job.filename
        self._result_bytes = job.result_bytes
        self._prints = prints

    def answer_next(self, channel: Channel) -> bool:
        """Answer one frame; False when there is none. A frame is forgotten with its reply."""
        payload = channel.read()
        if payload is None:
            return False
        channel.reply(self._answer(payload))
        return True

    def _answer(self, payload: bytes) -> bytes:
        arguments = values.decode_trusted(payload)
        value, error = guarded(self._function, *arguments)
        if error is not None:
            return wire.encode_raised(describe(error, self._filename), self._prints.take())
        try:
            encoded = values.encode(value, self._result_bytes)
        except values.TooLarge as too_large:
            return wire.encode_exceeded(too_large.excess)
        changed = not values.encodes_to(payload, arguments)
        return wire.encode_returned(encoded, self._prints.take(), changed)
