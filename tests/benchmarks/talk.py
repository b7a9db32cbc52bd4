"""How the benchmark and its workers talk: frames of plain values on a worker's stdin and stdout.

A worker gets its workloads first, then one order after another: (workload, submissions).
It answers each with a mapping of plain values. Nothing is buffered, nobody polls.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from grader import values
from grader.sandbox import control

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Worker:
    """A worker process on one core, started by exec. Use it as a context manager."""

    def __init__(self, module: str, core: int, *arguments: str) -> None:
        path = [str(HERE), str(ROOT), *(entry for entry in sys.path if entry)]
        boot = f"import sys; sys.path[:] = {path!r}; import {module}; {module}.main()"
        # The flags and the environment of a cell's interpreter, so that all are equally warm.
        self._process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-S", "-B", "-X", "utf8", "-c", boot, *arguments],
            env={**os.environ, **_ENVIRONMENT},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        os.sched_setaffinity(self._process.pid, {core})

    def send(self, value: Any) -> None:
        write(self._descriptor("stdin"), value)

    def receive(self) -> Any:
        """Return the worker's answer; whatever went wrong in it has been said on stderr."""
        try:
            return read(self._descriptor("stdout"))
        except EOFError:
            raise SystemExit("a worker of the benchmark failed; see above") from None

    def ask(self, value: Any) -> Any:
        self.send(value)
        return self.receive()

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *_: object) -> None:
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process.wait()

    def _descriptor(self, name: str) -> int:
        return int(getattr(self._process, name).fileno())


_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


def answer(reply: Callable[[Sequence[Any]], Any]) -> None:
    """In a worker: answer every order with `reply` until the benchmark closes stdin."""
    for order in _orders():
        write(1, reply(order))


def _orders() -> Iterator[Any]:
    while True:
        try:
            yield read(0)
        except EOFError:
            return


def write(descriptor: int, value: Any) -> None:
    payload = values.encode(value)
    message = control.HEADER.pack(0, len(payload)) + payload
    while message:
        message = message[os.write(descriptor, message) :]


def read(descriptor: int) -> Any:
    _, length = control.HEADER.unpack(_read_exactly(descriptor, control.HEADER.size))
    return values.decode_trusted(_read_exactly(descriptor, length))


def _read_exactly(descriptor: int, size: int) -> bytes:
    received = b""
    while len(received) < size:
        chunk = os.read(descriptor, size - len(received))
        if not chunk:
            raise EOFError
        received += chunk
    return received
