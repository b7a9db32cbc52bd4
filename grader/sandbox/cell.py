"""A cell: one confined interpreter, started by exec, that forks a fresh process per submission.

Theory of operation.

    judge ── control socket ──► zygote (pid 1 of its own pid namespace; holds no secret)
      │                            └─ fork ─► confined process ─► driver ─► student code
      └────────── channel: one stream socket per process, passed by SCM_RIGHTS ──┘

The zygote is exec'd, never forked from the judge: a fork would take the answers along. It
gets a start message with paths and limits, confines itself, attacks itself, and says
hello with what held. From then on the judge sends FORK with one end of a fresh channel;
the zygote forks, the child finishes its confinement and writes the ready byte. The judge
talks to the child alone. The zygote never reads a byte of a job, an input or an answer;
it tells when the child ended and how, and kills it on demand.

`Cell` starts the interpreter at once and waits for its hello on first use, so that the
caller can import and build the dataset meanwhile. A cell whose zygote stops answering is
broken for good (`SandboxError`); whoever holds it starts another.

The cell dies with the judge: the zygote ends when the control socket closes, its pid
namespace ends with it, and PR_SET_PDEATHSIG covers the outer half. A cell must be started
by the thread that keeps it: that signal is tied to the parent *thread*.
"""

import array
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any, Self

from grader.errors import SandboxError, TierUnavailable
from grader.sandbox import channel as channels
from grader.sandbox.box import CellConfig, End, ProcessLimits, Reply
from grader.sandbox.control import ENDED, FORK, FORK_REQUEST, INTERRUPT, KILL, MAX_MESSAGE

START_TIMEOUT_S = 20.0
READY_TIMEOUT_S = 10.0
KILL_TIMEOUT_S = 5.0

ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "LD_BIND_NOW": "1",
}
"""All that the zygote's environment holds. One thread: a user namespace needs a single one.

Functions of libraries are found before there are forks, each of which would look for its own.
"""

# Hooks that libraries want run after a fork (seed `random` again, make locks anew) touch some 160
# pages, half a millisecond of each submission. A zygote has one thread, and the driver seeds.
_BOOT = """\
import os, sys
os.register_at_fork = lambda **hooks: None
sys.path[:] = {path!r}
from grader.sandbox.zygote import main
main({fd})
"""


@dataclass(frozen=True, slots=True)
class Hello:
    """What a zygote that is ready says of itself."""

    tier: str
    layers: tuple[str, ...]
    proof: tuple[tuple[str, bool, str], ...]
    python: str
    numpy: str


class Cell:
    """A `box.Box` with the confinement of `tier`. Use as a context manager, or `close` it."""

    def __init__(self, tier: str, config: CellConfig, *, prove: bool = True) -> None:
        self.tier = tier
        self.config = config
        self._hello: Hello | None = None
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._zygote = _spawn(theirs.fileno())
        self._control.settimeout(START_TIMEOUT_S)
        start = {"tier": tier, "config": asdict(config), "prove": prove}
        try:
            self._control.send(json.dumps(start).encode())
        except OSError as error:
            self.close()
            raise SandboxError(f"the box's interpreter ended at once: {error}") from None

    @property
    def hello(self) -> Hello:
        """Wait for the zygote; `TierUnavailable` names what did not hold."""
        if self._hello is None:
            self._hello = self._await_hello()
        return self._hello

    @property
    def layers(self) -> tuple[str, ...]:
        return self.hello.layers

    @property
    def versions(self) -> tuple[str, str]:
        return self.hello.python, self.hello.numpy

    def start(self, driver: str, limits: ProcessLimits) -> "CellProcess":
        """Fork a confined process and wait for its ready byte; `SandboxError` if it fails."""
        _ = self.hello
        ours, theirs = channels.pair()
        try:
            with theirs:
                self._send(
                    _fork_request(self.config.drivers.index(driver), limits), theirs.fileno()
                )
            pid = channels.await_ready(ours, READY_TIMEOUT_S)
        except SandboxError:
            ours.close()
            self.close()
            raise
        return CellProcess(self, channels.Channel(ours, channels.cpu_clock(pid)))

    def interrupt(self) -> None:
        """Ask the current process where it is; its driver answers and ends."""
        self._send(INTERRUPT)

    def end(self) -> tuple[int, float, bool]:
        """Kill the current process, or what is left of it.

        Returns (wait status, CPU seconds, whether it had ended by itself).
        """
        self._send(KILL)
        self._control.settimeout(KILL_TIMEOUT_S)
        try:
            message = self._control.recv(ENDED.size + 1)
        except OSError:
            message = b""
        if len(message) != ENDED.size:
            self.close()
            raise SandboxError("the box stopped answering; it was shut down")
        status, user_s, system_s, by_itself = ENDED.unpack(message)
        return status, user_s + system_s, by_itself

    def close(self) -> None:
        """End the cell and everything in it. Idempotent."""
        self._control.close()
        if self._zygote.poll() is None:
            # The outer half may be waiting for the namespace to go: no grace, nothing to save.
            self._zygote.send_signal(signal.SIGKILL)
        self._zygote.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _send(self, message: bytes, *fds: int) -> None:
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        try:
            self._control.sendmsg([message], rights)
        except OSError as error:
            self.close()
            raise SandboxError(f"the box is gone: {error}") from None

    def _await_hello(self) -> Hello:
        reason = "its interpreter ended while it started; GRADER_DEBUG=1 shows what it said"
        try:
            message = self._control.recv(MAX_MESSAGE)
        except TimeoutError:
            message, reason = b"", f"it did not start within {START_TIMEOUT_S:g} s"
        except OSError:
            message = b""
        if not message:
            self.close()
            raise TierUnavailable(f"tier {self.tier!r} does not hold here: {reason}")
        said = json.loads(message)
        if "broken" in said:
            self.close()
            raise SandboxError(said["broken"])
        if "failed" in said:
            self.close()
            raise TierUnavailable(f"tier {self.tier!r} does not hold here: {said['failed']}")
        return _hello(said)


class CellProcess:
    """A `box.Process` in a cell."""

    __slots__ = ("_cell", "_channel", "_cpu_s", "_open")

    def __init__(self, cell: Cell, channel: channels.Channel) -> None:
        self._cell = cell
        self._channel = channel
        self._open = True
        self._cpu_s = 0.0

    def exchange(self, frame: bytes, *, cpu_s: float, wall_s: float, reply_bytes: int) -> Reply:
        if not self._open:
            raise SandboxError("a frame was sent to a process that has ended")
        before = self._channel.cpu_s
        end, payload = self._channel.exchange(
            frame, cpu_s=cpu_s, wall_s=wall_s, reply_bytes=reply_bytes
        )
        if end is End.REPLIED:
            return Reply(end, payload, self._channel.cpu_s - before)
        if end in (End.CPU_LIMIT, End.WALL_LIMIT):
            self._cell.interrupt()
            payload = self._channel.last_words()
        status, by_itself = self._end()
        spent = self._cpu_s - before
        if end is End.DIED and _was_killed(status):
            # Its own CPU limit, our kill because it closed the channel and stayed, or neither:
            # then it came from outside.
            if spent >= cpu_s:
                end = End.CPU_LIMIT
            elif not by_itself:
                end = End.HUNG_UP
        return Reply(end, payload, spent, status)

    def close(self) -> float:
        if self._open:
            self._end()
        return self._cpu_s

    def _end(self) -> tuple[int, bool]:
        self._open = False
        # A process that is done waits for a frame that will not come: killing it is the
        # shortest way out, and no exit handler of a student's gets to run.
        try:
            status, self._cpu_s, by_itself = self._cell.end()
        finally:
            self._channel.close()
        return status, by_itself


def _was_killed(status: int) -> bool:
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)


def _fork_request(driver: int, limits: ProcessLimits) -> bytes:
    # The kernel counts whole seconds and kills without a word: the judge, finer, comes first.
    hard_cpu_s = int(limits.cpu_s) + 2
    return FORK_REQUEST.pack(FORK, driver, hard_cpu_s, limits.memory_mb << 20, limits.threads)


def _spawn(control_fd: int) -> subprocess.Popen[bytes]:
    boot = _BOOT.format(path=_boot_path(), fd=control_fd)
    return subprocess.Popen(
        [sys.executable, "-s", "-P", "-S", "-B", "-X", "utf8", "-c", boot],
        env=ENVIRONMENT,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("GRADER_DEBUG") else subprocess.DEVNULL,
        pass_fds=(control_fd,),
        # A signal to a process group crosses pid namespaces: the judge is not to be in this one.
        # (A session of its own would cost throughput where the kernel groups tasks by session.)
        process_group=0,
    )


def _boot_path() -> list[str]:
    """Return our own import path, which the zygote forgets before any job runs."""
    return [os.path.realpath(entry) for entry in sys.path if entry]


def _hello(said: dict[str, Any]) -> Hello:
    return Hello(
        tier=said["tier"],
        layers=tuple(said["layers"]),
        proof=tuple((name, held, detail) for name, held, detail in said["proof"]),
        python=said["python"],
        numpy=said["numpy"],
    )
