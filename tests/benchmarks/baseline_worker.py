"""F0 and F1: what a submission costs without any isolation. A worker of the benchmark.

F0 (`forked`) is the floor: a bare fork of the same warm interpreter per submission, with the
same driver, protocol and codec, one case at a time. F1 (`cold`) is a fresh interpreter per
submission, which imports numpy and the driver. In both the parent sends the job and then
each case's inputs, and decodes each reply; it compares nothing and confines nothing.

The forking parent does to its heap what the zygote does: no hooks at fork, warm, collect,
freeze, no GC.
"""

import os

os.register_at_fork = lambda **_hooks: None  # before anything can register one

import gc
import resource
import socket
import sys
import time
from collections.abc import Callable, Sequence
from typing import Any

import talk

from grader.sandbox import control, wire
from grader.values import DecodeLimits

_CHUNK = 1 << 16

Start = Callable[[socket.socket, socket.socket], int]
"""Starts a process that serves on the second end of a channel (the first is ours); its pid."""

_COLD_BOOT = """\
import sys
sys.path[:] = {path!r}
from grader.languages import python_preload
python_preload.preload = lambda: None  # a cold interpreter imports what it needs, no more
from grader.languages import python_driver
python_driver.serve({fd}, {fd})
"""


def main() -> None:
    """Serve orders, by the kind that is the first argument."""
    start = {"forked": _prepare_forked, "cold": _prepare_cold}[sys.argv[1]]()
    workloads = talk.read(0)
    talk.answer(lambda order: _run(start, workloads[order[0]], order[1]))


def _prepare_forked() -> Start:
    from grader.languages import python_driver

    def start(ours: socket.socket, theirs: socket.socket) -> int:
        child = os.fork()
        if child:
            return child
        try:
            ours.close()
            gc.enable()
            python_driver.serve(theirs.fileno(), theirs.fileno())
        finally:
            os._exit(1)

    python_driver.warm()
    gc.disable()
    gc.collect()
    gc.freeze()
    return start


def _prepare_cold() -> Start:
    def start(_: socket.socket, theirs: socket.socket) -> int:
        theirs.set_inheritable(True)
        boot = _COLD_BOOT.format(path=sys.path, fd=theirs.fileno())
        # An ordinary interpreter, with site packages: the flags of `plain`, the box without a box.
        command = [sys.executable, "-s", "-P", "-B", "-X", "utf8", "-c", boot]
        return os.posix_spawn(sys.executable, command, os.environ)

    return start


def _run(start: Start, workload: dict[str, Any], submissions: int) -> dict[str, Any]:
    """Run a workload so many times; return CPU and wall seconds. Wrong replies end the worker."""
    wall, cpu = time.monotonic(), _cpu_s()
    for _ in range(submissions):
        replies = _submission(start, workload["job"], workload["inputs"])
    spent = {"cpu_s": _cpu_s() - cpu, "wall_s": time.monotonic() - wall}
    if replies != workload["replies"]:
        raise SystemExit(f"expected what the box returned, {workload['replies']}, got {replies}")
    return spent


def _submission(start: Start, job: bytes, inputs: Sequence[bytes]) -> list[bytes]:
    """Run one submission in a process of its own; return the replies to its calls."""
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            child = start(ours, theirs)
        _, *replies = [_ask(ours, number, frame) for number, frame in enumerate((job, *inputs))]
    os.waitpid(child, 0)
    return replies


def _ask(channel: socket.socket, sequence: int, frame: bytes) -> bytes:
    channel.sendall(control.HEADER.pack(sequence, len(frame)) + frame)
    received = channel.recv(_CHUNK)
    _, length = control.HEADER.unpack_from(received)
    while len(received) < control.HEADER.size + length:
        received += channel.recv(_CHUNK)
    payload = received[control.HEADER.size :]
    wire.parse_reply(payload, DecodeLimits())
    return payload


def _cpu_s() -> float:
    """Return the CPU seconds of this process and of the children that it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
