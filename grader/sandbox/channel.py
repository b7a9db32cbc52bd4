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
    """Exchanges frames with one process. `parallel` is how many threads may use CPU at once."""

    __slots__ = ("_clock", "_parallel", "_poll", "_sequence", "_socket", "cpu_s")

    def __init__(self, ours: socket.socket, clock: CpuClock, parallel: int = 1) -> None:
        self._socket = ours
        self._clock = clock
        self._parallel = parallel
        self._sequence = 0
        self._poll = select.poll()
        self.cpu_s = 0.0

    def exchange(
        self, frame: bytes, *, cpu_s: float, wall_s: float, reply_bytes: int
    ) -> tuple[End, bytes]:
        """Send `frame` and return how it ended, with the reply's payload if it was answered."""
        deadline = _Deadline(self, self.cpu_s + cpu_s, time.monotonic() + wall_s)
        sequence, self._sequence = self._sequence, self._sequence + 1
        message = control.HEADER.pack(sequence, len(frame)) + frame
        end = self._send(message, deadline)
        if end is not None:
            return end, b""
        return self._receive(sequence, reply_bytes, deadline)

    def last_words(self) -> bytes:
        """Return the payload that an interrupted process still answers with, b"" if it does not.

        It may be busy where no signal reaches it, or have other plans: the wait is short.
        """
        self._poll.register(self._socket, select.POLLIN)
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

    def _send(self, message: bytes, deadline: "_Deadline") -> End | None:
        view = memoryview(message)
        while view:
            try:
                view = view[self._socket.send(view) :]
            except BlockingIOError:
                end = self._wait(select.POLLOUT, deadline)
                if end is not None:
                    return end
            except OSError:
                return End.DIED
        return None

    def _receive(self, sequence: int, reply_bytes: int, deadline: "_Deadline") -> tuple[End, bytes]:
        received = bytearray()
        needed = control.HEADER.size
        while True:
            end = self._wait(select.POLLIN, deadline)
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
            received += chunk
            if needed == control.HEADER.size and len(received) >= needed:
                got, length = control.HEADER.unpack_from(received)
                if got != sequence or length == 0:
                    return End.GARBLED, b""
                if length > reply_bytes:
                    return End.OUTPUT_LIMIT, b""
                needed += length
            if len(received) >= needed and needed > control.HEADER.size:
                self.measure()
                if len(received) > needed:
                    return End.GARBLED, b""
                return End.REPLIED, bytes(received[control.HEADER.size :])
            # A reply that drips in keeps the wait below from ever running out of patience.
            end = deadline.passed()
            if end is not None:
                return end, b""

    def _wait(self, event: int, deadline: "_Deadline") -> End | None:
        """Wait until the socket is ready; return the limit that was passed before, if one was."""
        self._poll.register(self._socket, event)
        while not self._poll.poll(deadline.patience_s(self._parallel) * 1000):
            end = deadline.passed()
            if end is not None:
                return end
        return None


class _Deadline:
    """The CPU time and the moment at which one exchange is over."""

    __slots__ = ("_channel", "_cpu_at", "_wall_at")

    def __init__(self, channel: Channel, cpu_at: float, wall_at: float) -> None:
        self._channel = channel
        self._cpu_at = cpu_at
        self._wall_at = wall_at

    def patience_s(self, parallel: int) -> float:
        cpu_left = (self._cpu_at - self._channel.cpu_s) / parallel
        wall_left = self._wall_at - time.monotonic()
        return max(_PATIENCE_S, min(cpu_left, wall_left))

    def passed(self) -> End | None:
        if self._channel.measure() >= self._cpu_at:
            return End.CPU_LIMIT
        if time.monotonic() >= self._wall_at:
            return End.WALL_LIMIT
        return None
