"""The judge's end of the channel to one confined process: frames down, capped frames up.

Theory of operation. The channel is one unix stream socket. A frame is `control.HEADER`
(sequence, length) and a payload. The judge sends a frame, then waits for the reply that
carries the same sequence number; nothing is read before it was asked for, so a process
never holds an input before its turn. A reply that is too long, carries another number or
is followed by further bytes ends the process: whoever else wrote on the channel, it was
the submission.

Time is the process's own CPU clock, which the kernel keeps and any process may read by
pid; the pid is the one that the kernel stamped on the ready byte (SO_PASSCRED), so the
process has no say in it. The kernel itself (SO_RCVTIMEO) wakes the judge every `PATIENCE_S`
to look at the clock; an answer that comes sooner costs no look, no poll and no timer.

It never decodes a payload.
"""

import socket
import struct
import time
from collections.abc import Callable

from grader.errors import SandboxError
from grader.sandbox import control
from grader.sandbox.box import End

_TIMEOUT = struct.Struct("ll")
_CREDENTIALS = struct.Struct("3i")
_CREDENTIALS_SPACE = socket.CMSG_SPACE(_CREDENTIALS.size)
_CHUNK = 1 << 16
_pack, _unpack, _HEADER_BYTES = control.HEADER.pack, control.HEADER.unpack_from, control.HEADER.size

PATIENCE_S = 0.02
"""How late a limit may be noticed, in the student's favour, in seconds."""

_LAST_WORDS = 3
"""How many times that long an interrupted process has for its last words."""

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
    _set_timeout(ours, timeout_s)
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
    _set_timeout(ours, PATIENCE_S)
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_CREDENTIALS:
            return int(_CREDENTIALS.unpack(data[: _CREDENTIALS.size])[0])
    raise SandboxError("the kernel did not say which process became ready")


def _set_timeout(ours: socket.socket, timeout_s: float) -> None:
    """Let the kernel end a wait: with Python's own timeouts each call would poll first."""
    whole, rest = divmod(timeout_s, 1)
    timeout = _TIMEOUT.pack(int(whole), int(rest * 1e6))
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, timeout)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, timeout)


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
    """Exchanges frames with one process, over a socket that `await_ready` has prepared."""

    __slots__ = ("_clock", "_cpu_at", "_sequence", "_socket", "_wall_at", "cpu_s")

    def __init__(self, ours: socket.socket, clock: CpuClock) -> None:
        self._socket = ours
        self._clock = clock
        self._sequence = 0
        self._cpu_at = self._wall_at = 0.0
        self.cpu_s = 0.0

    def exchange(
        self, frame: bytes, *, cpu_s: float, wall_s: float, reply_bytes: int
    ) -> tuple[End, bytes]:
        """Send `frame` and return how it ended, with the reply's payload if it was answered."""
        self._cpu_at = self.cpu_s + cpu_s
        self._wall_at = time.monotonic() + wall_s
        sequence, self._sequence = self._sequence, self._sequence + 1
        end = self._send(_pack(sequence, len(frame)) + frame)
        return self._receive(sequence, reply_bytes) if end is None else (end, b"")

    def last_words(self) -> bytes:
        """Return the payload that an interrupted process still answers with, b"" if it does not.

        It may be busy where no signal reaches it, or have other plans: the wait is short.
        """
        received = b""
        for _ in range(_LAST_WORDS):
            try:
                received = self._socket.recv(_CHUNK)
            except BlockingIOError:
                continue
            except OSError:
                return b""
            break
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
        """Send it all, which a process that does not read may keep from happening."""
        rest: bytes | memoryview = message
        while True:
            try:
                sent = self._socket.send(rest)
            except BlockingIOError:
                sent = 0
            except OSError:
                return End.DIED
            if sent == len(rest):
                return None
            rest = memoryview(rest)[sent:]
            end = self._passed()
            if end is not None:
                return end

    def _receive(self, sequence: int, reply_bytes: int) -> tuple[End, bytes]:
        received = b""
        while True:
            try:
                chunk = self._socket.recv(_CHUNK)
            except BlockingIOError:
                pass
            except OSError:
                return End.DIED, b""
            else:
                if not chunk:
                    return End.DIED, b""
                received = received + chunk if received else chunk
                done = _read(received, sequence, reply_bytes)
                if done is not None:
                    self.measure()
                    return done
            # Looked at after every chunk, too: a reply may drip in for ever.
            end = self._passed()
            if end is not None:
                return end, b""

    def _passed(self) -> End | None:
        if self.measure() >= self._cpu_at:
            return End.CPU_LIMIT
        if time.monotonic() >= self._wall_at:
            return End.WALL_LIMIT
        return None


def _read(received: bytes, sequence: int, reply_bytes: int) -> tuple[End, bytes] | None:
    """Return what has been received, or None while a reply in order is not complete."""
    if len(received) < _HEADER_BYTES:
        return None
    got, length = _unpack(received)
    if got != sequence or length == 0:
        return End.GARBLED, b""
    if length > reply_bytes:
        return End.OUTPUT_LIMIT, b""
    missing = _HEADER_BYTES + length - len(received)
    if missing > 0:
        return None
    return (End.REPLIED, received[_HEADER_BYTES:]) if missing == 0 else (End.GARBLED, b"")
