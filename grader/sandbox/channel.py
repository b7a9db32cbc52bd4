"""The judge's end of the channel to one confined process: frames down, capped frames up.

Theory of operation. The channel is one unix stream socket. A frame is `control.HEADER`
(sequence, length) and a payload. The judge sends a frame, then waits for the reply that
carries the same sequence number; nothing is read before it was asked for, so a process
never holds an input before its turn. A reply that is too long, carries another number or
is followed by further bytes ends the process: whoever else wrote on the channel, it was
the submission.

Time is the process's own CPU clock, which the kernel keeps and any process may read by
pid; the pid is the one that the kernel stamped on the ready byte (SO_PASSCRED), so the
process has no say in it. One thread cannot use CPU faster than the wall runs: the wait is
as long as the CPU that is left, and honest work is never polled.

It never decodes a payload.
"""

import select
import socket
import struct
import time
from collections.abc import Callable

from grader.errors import SandboxError
from grader.sandbox import control
from grader.sandbox.box import End

_CREDENTIALS = struct.Struct("3i")
_CREDENTIALS_SPACE = socket.CMSG_SPACE(_CREDENTIALS.size)
_CHUNK = 1 << 16
_PATIENCE_S = 0.002
"""Shortest wait: the clock and the scheduler agree no finer."""

_LAST_WORDS_S = 0.05

CpuClock = Callable[[], float | None]
"""CPU seconds that the process has used so far, None once it is gone."""


def pair() -> tuple[socket.socket, socket.socket]:
    """Return (judge's end, process's end); the judge's end learns the sender's pid."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
    return ours, theirs


def await_ready(ours: socket.socket, timeout_s: float) -> int:
    """Wait for the byte that follows the last confinement step; return the process's pid.

    Until that byte no student code has run, so whatever else comes is our own fault.
    """
    ours.settimeout(timeout_s)
    try:
        first, ancillary, _, _ = ours.recvmsg(1, _CREDENTIALS_SPACE)
    except OSError as error:
        raise SandboxError(
            f"the box did not become ready within {timeout_s:g} s: {error}"
        ) from None
    if first != control.READY:
        rest = ours.recv(4096) if first else b""
        said = rest.decode("utf-8", "replace") or "it ended without a word"
        raise SandboxError(f"a process could not be confined: {said}")
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
    ours.setblocking(False)
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
            return int(_CREDENTIALS.unpack(data[: _CREDENTIALS.size])[0])
    raise SandboxError("the kernel did not say which process became ready")


def cpu_clock(pid: int) -> CpuClock:
    """Return the reader of a process's CPU clock (the kernel's CPUCLOCK_SCHED of `pid`)."""
    clock = (~pid << 3) | 2

    def read() -> float | None:
        try:
            return time.clock_gettime(clock)
        except OSError:
            return None

    return read


class Channel:
    """Exchanges frames with one process. `parallel` is how many threads may use CPU at once.

    Most exchanges are small and quick: one send, one wait, one receive, one look at the clock.
    """

    __slots__ = (
        "_clock",
        "_cpu_at",
        "_parallel",
        "_poll",
        "_sequence",
        "_socket",
        "_wall_at",
        "cpu_s",
    )

    def __init__(self, ours: socket.socket, clock: CpuClock, parallel: int = 1) -> None:
        self._socket = ours
        self._clock = clock
        self._parallel = parallel
        self._sequence = 0
        self._poll = select.poll()
        self._poll.register(ours, select.POLLIN)
        self._cpu_at = self._wall_at = 0.0
        self.cpu_s = 0.0

    def exchange(
        self, frame: bytes, *, cpu_s: float, wall_s: float, reply_bytes: int
    ) -> tuple[End, bytes]:
        """Send `frame` and return how it ended, with the reply's payload if it was answered."""
        self._cpu_at = self.cpu_s + cpu_s
        self._wall_at = time.monotonic() + wall_s
        sequence, self._sequence = self._sequence, self._sequence + 1
        end = self._send(control.HEADER.pack(sequence, len(frame)) + frame)
        if end is not None:
            return end, b""
        return self._receive(sequence, reply_bytes)

    def last_words(self) -> bytes:
        """Return the payload that an interrupted process still answers with, b"" if it does not.

        It may be busy where no signal reaches it, or have other plans: the wait is short.
        """
        if not self._poll.poll(_LAST_WORDS_S * 1000):
            return b""
        try:
            received = self._socket.recv(_CHUNK)
        except OSError:
            return b""
        if len(received) <= control.HEADER.size:
            return b""
        sequence, length = control.HEADER.unpack_from(received)
        payload = received[control.HEADER.size :]
        return payload if (sequence, length) == (self._sequence - 1, len(payload)) else b""

    def measure(self) -> float:
        """Update and return the CPU seconds used; the last known ones once the process is gone."""
        now = self._clock()
        if now is not None:
            self.cpu_s = now
        return self.cpu_s

    def close(self) -> None:
        self._socket.close()

    def _send(self, message: bytes) -> End | None:
        try:
            sent = self._socket.send(message)
        except BlockingIOError:
            sent = 0
        except OSError:
            return End.DIED
        return None if sent == len(message) else self._send_rest(memoryview(message)[sent:])

    def _send_rest(self, rest: memoryview) -> End | None:
        """Send what a process does not take at once; it may never take it."""
        writable = select.poll()
        writable.register(self._socket, select.POLLOUT)
        while rest:
            end = self._wait(writable)
            if end is not None:
                return end
            try:
                rest = rest[self._socket.send(rest) :]
            except BlockingIOError:
                continue
            except OSError:
                return End.DIED
        return None

    def _receive(self, sequence: int, reply_bytes: int) -> tuple[End, bytes]:
        received = b""
        while True:
            end = self._wait(self._poll)
            if end is not None:
                return end, b""
            try:
                chunk = self._socket.recv(_CHUNK)
            except BlockingIOError:
                continue
            except OSError:
                return End.DIED, b""
            if not chunk:
                return End.DIED, b""
            received = received + chunk if received else chunk
            done = _read(received, sequence, reply_bytes)
            if done is not None:
                self.measure()
                return done
            # A reply that drips in keeps the wait above from ever running out of patience.
            end = self._passed()
            if end is not None:
                return end, b""

    def _wait(self, ready: select.poll) -> End | None:
        """Wait until the socket is ready; return the limit that was passed before, if one was."""
        while not ready.poll(self._patience_ms()):
            end = self._passed()
            if end is not None:
                return end
        return None

    def _patience_ms(self) -> float:
        cpu_left = (self._cpu_at - self.cpu_s) / self._parallel
        return max(_PATIENCE_S, min(cpu_left, self._wall_at - time.monotonic())) * 1000

    def _passed(self) -> End | None:
        if self.measure() >= self._cpu_at:
            return End.CPU_LIMIT
        if time.monotonic() >= self._wall_at:
            return End.WALL_LIMIT
        return None


def _read(received: bytes, sequence: int, reply_bytes: int) -> tuple[End, bytes] | None:
    """Return what has been received, or None while a reply in order is not complete."""
    if len(received) < control.HEADER.size:
        return None
    got, length = control.HEADER.unpack_from(received)
    if got != sequence or length == 0:
        return End.GARBLED, b""
    if length > reply_bytes:
        return End.OUTPUT_LIMIT, b""
    missing = control.HEADER.size + length - len(received)
    if missing > 0:
        return None
    return (End.REPLIED, received[control.HEADER.size :]) if missing == 0 else (End.GARBLED, b"")
