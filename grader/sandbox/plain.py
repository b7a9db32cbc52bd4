"""A box without confinement: the student's own file in a plain child process, with a time limit.

For `grader check` on a system that has no box (macOS, Windows), and behind the explicit
`--unsafe-no-sandbox`. Values still cross the boundary as bytes, and no answer is in the
child; but the child may do whatever its user may do. It says so: its tier is "unsafe".

Theory of operation. Each process is a fresh interpreter; frames go through its stdin and
stdout, which the driver's launcher moves out of the submission's reach. A thread reads the
replies, for a pipe cannot be polled on every system. CPU time is not measured here: a call may
take as long on the wall as its CPU limit, twice over, before it counts as too slow.
"""

import os
import platform
import queue
import signal
import subprocess
import sys
import threading
import time
from typing import IO, Self

from grader.errors import SandboxError
from grader.sandbox import control
from grader.sandbox.box import CellConfig, End, ProcessLimits, Reply

_START_TIMEOUT_S = 30.0
_END_TIMEOUT_S = 1.0
_SLACK = 2.0
_LAST_WORDS_S = 0.2

_BOOT = """\
import importlib, os, sys
sys.path[:] = {path!r}
driver = importlib.import_module({driver!r})
if hasattr(driver, "execution"):
    driver.execution({program!r})
down, up = os.dup(0), os.dup(1)
null = os.open(os.devnull, os.O_RDWR)
for fd in (0, 1, 2):
    os.dup2(null, fd)
driver.warm()
os.write(up, {ready!r})
driver.serve(down, up)
"""


class PlainBox:
    """A `box.Box` that confines nothing."""

    tier = "unsafe"
    layers: tuple[str, ...] = ()

    def __init__(self, config: CellConfig) -> None:
        self.config = config

    @property
    def versions(self) -> tuple[str, str]:
        from importlib.metadata import version

        return platform.python_version(), version("numpy")

    def start(self, driver: str, limits: ProcessLimits) -> "PlainProcess":  # noqa: ARG002 (no kernel limit here)
        return PlainProcess(driver, self.config.program)

    def close(self) -> None:
        """Nothing outlives a process of this box."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class PlainProcess:
    """A `box.Process` that is an ordinary child of ours."""

    def __init__(self, driver: str, program: str | None = None) -> None:
        path = [entry for entry in sys.path if entry]
        boot = _BOOT.format(path=path, driver=driver, program=program, ready=control.READY)
        self._child = subprocess.Popen(
            [sys.executable, "-s", "-P", "-B", "-X", "utf8", "-c", boot],
            env={**os.environ, "PYTHONHASHSEED": "0"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if self._child.stdin is None or self._child.stdout is None:
            raise SandboxError("the child process has no pipes")
        self._down: IO[bytes] = self._child.stdin
        self._frames: queue.SimpleQueue[tuple[int, bytes] | None] = queue.SimpleQueue()
        self._cap = 0
        self._sequence = 0
        self._spent_s = 0.0
        ready = self._read_exactly(self._child.stdout, 1)
        if ready != control.READY:
            raise SandboxError("a plain child process could not be started")
        self._reader = threading.Thread(
            target=self._read_frames, args=(self._child.stdout,), daemon=True
        )
        self._reader.start()

    def exchange(self, frame: bytes, *, cpu_s: float, wall_s: float, reply_bytes: int) -> Reply:
        self._cap = reply_bytes
        sequence, self._sequence = self._sequence, self._sequence + 1
        began = time.monotonic()
        try:
            self._down.write(control.HEADER.pack(sequence, len(frame)) + frame)
            self._down.flush()
            answer = self._frames.get(timeout=min(wall_s, _SLACK * cpu_s))
        except queue.Empty:
            return self._ended(End.WALL_LIMIT, began)
        except OSError:
            return self._ended(End.DIED, began)
        if answer is None:
            return self._ended(End.DIED, began)
        if answer[0] != sequence:
            return self._ended(End.OUTPUT_LIMIT if answer[0] < 0 else End.GARBLED, began)
        spent = time.monotonic() - began
        self._spent_s += spent
        return Reply(End.REPLIED, answer[1], spent)

    def close(self) -> float:
        self._child.kill()
        self._child.wait()
        self._down.close()
        return self._spent_s

    def _ended(self, end: End, began: float) -> Reply:
        spent = time.monotonic() - began
        self._spent_s += spent
        last_words = self._interrupt() if end is End.WALL_LIMIT else b""
        if end is not End.DIED:
            self._child.kill()
        return Reply(end, last_words, spent, self._wait_status())

    def _wait_status(self) -> int | None:
        """Return the wait status; None where the child has closed its channel and runs on."""
        try:
            code = self._child.wait(_END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
            return None
        return -code if code < 0 else code << 8

    def _interrupt(self) -> bytes:
        """Ask the child where it is; b"" where it does not say."""
        if not hasattr(signal, "SIGXCPU"):
            return b""
        self._child.send_signal(signal.SIGXCPU)
        try:
            answer = self._frames.get(timeout=_LAST_WORDS_S)
        except queue.Empty:
            return b""
        return b"" if answer is None else answer[1]

    def _read_frames(self, up: IO[bytes]) -> None:
        """Reader thread: put each frame, (-1, b"") for one that is too long, None at the end."""
        while True:
            header = self._read_exactly(up, control.HEADER.size)
            if len(header) < control.HEADER.size:
                self._frames.put(None)
                return
            sequence, length = control.HEADER.unpack(header)
            if length > self._cap:
                self._frames.put((-1, b""))
                return
            self._frames.put((sequence, self._read_exactly(up, length)))

    @staticmethod
    def _read_exactly(up: IO[bytes], size: int) -> bytes:
        return up.read(size)
