"""A box without a single layer, for showing that a hole is real. Never leaves the arena.

It does what the real box avoids: the process that serves the attack is forked from one that
knows the answers, has read every job and keeps its descriptors open.
"""

import os
import signal
from types import TracebackType
from typing import Self

from grader.languages import python_driver
from grader.sandbox import channel as channels
from grader.sandbox import control
from grader.sandbox.box import ProcessLimits, Reply


class UnprotectedBox:
    """A `box.Box` of plain forks."""

    tier = "none"
    layers: tuple[str, ...] = ()

    def __init__(self) -> None:
        python_driver.warm()
        self.frames_seen: list[bytes] = []

    def start(self, driver: int, limits: ProcessLimits) -> "UnprotectedProcess":
        ours, theirs = channels.pair()
        pid = os.fork()
        if pid == 0:
            try:
                ours.close()
                theirs.send(control.READY)
                python_driver.serve(theirs.fileno(), theirs.fileno())
            finally:
                os._exit(1)
        theirs.close()
        channels.await_ready(ours, 5)
        return UnprotectedProcess(self, pid, channels.Channel(ours, channels.cpu_clock(pid)))

    def close(self) -> None:
        """Its processes have ended, or belong to the arena now."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class UnprotectedProcess:
    """A `box.Process` that is a plain child."""

    def __init__(self, box: UnprotectedBox, pid: int, channel: channels.Channel) -> None:
        self._box = box
        self._pid = pid
        self._channel = channel

    def exchange(self, frame: bytes, *, cpu_s: float, wall_s: float, reply_bytes: int) -> Reply:
        self._box.frames_seen.append(frame)
        end, payload = self._channel.exchange(
            frame, cpu_s=cpu_s, wall_s=wall_s, reply_bytes=reply_bytes
        )
        return Reply(end, payload)

    def close(self) -> float:
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        self._channel.close()
        return 0.0
