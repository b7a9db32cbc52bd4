"""A plain child with the driver in it, and a reader that trusts it: the judge that is fooled."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from grader.languages import python_driver
from grader.sandbox import control, wire


@contextmanager
def plain_process(source: str) -> Iterator[socket.socket]:
    """A plain child that has the submission's job; its channel, on which it says Ready first."""
    ours, theirs = socket.socketpair()
    ours.settimeout(5)
    pid = os.fork()
    if pid == 0:
        try:
            ours.close()
            channel = os.dup2(theirs.fileno(), 3)
            os.closerange(4, 256)
            python_driver.serve(channel, channel)
        finally:
            os._exit(1)
    theirs.close()
    job = wire.Job(source.encode(), "attack.py", ("attack",), ("value",), b"", 1000, 10_000)
    try:
        send(ours, 0, wire.encode_job(job))
        yield ours
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, 9)
        os.waitpid(pid, 0)
        ours.close()


def send(channel: socket.socket, sequence: int, payload: bytes) -> None:
    """Send one frame."""
    channel.sendall(control.HEADER.pack(sequence, len(payload)) + payload)


def read_frame(channel: socket.socket) -> tuple[int, bytes]:
    """Return a frame's number and the first 64 KB of its payload, without a look at either."""
    header = channel.recv(control.HEADER.size, socket.MSG_WAITALL)
    sequence, length = control.HEADER.unpack(header)
    return sequence, channel.recv(min(length, 1 << 16), socket.MSG_WAITALL)
