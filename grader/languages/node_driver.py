"""The driver of JavaScript submissions that ask for Node.js: hands the confined child over to it.

Theory of operation. `execution` prepares, in the zygote, the one execve that the children may do:
`node`, flags, and as its program our own code (`node_driver.js` with what it shares with QuickJS).
`serve` puts the channel where that code looks for it and becomes node; from there on it is Node
that reads the job and answers call after call, in the same process and within the same limits.

Each process starts an engine, which takes 40 ms of CPU time (measured with ten short calls; 3 ms
in QuickJS, 60 ms for a bare `node -e 0`): the price of what QuickJS does not have. It counts as
import, towards the total and not towards a case.

Node is confined by the kernel alone (see `seccomp.program_policy`): that it has `fs`, `net` and
`child_process` gives a submission objects whose calls are all refused. The flags are not what
holds it. They keep it to few threads and quiet.

- `--single-threaded` with a pool of one: V8 compiles and collects on the thread that the judge
  measures, and fits the limit on threads. UV_THREADPOOL_SIZE bounds libuv's pool in the same way.
- The JIT stays on: `--jitless` takes 18 times as long over plain arithmetic and lacks WebAssembly.
- `--max-old-space-size` is written by each child, from the memory that its challenge allows. What
  lies outside of the heap (typed arrays, WebAssembly's memory) RLIMIT_DATA bounds, 64 MB above it.
  Compiled code alone may take more: newer versions make 512 MB for it writable at once, which is
  counted as theirs from the start, and cost much CPU time to fill.
"""

import fcntl
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from grader import values
from grader.errors import SandboxError
from grader.languages import javascript_source as sources
from grader.languages.driver_channel import Channel
from grader.languages.javascript_exceptions import NEVER_CLOSED
from grader.sandbox import control, wire
from grader.sandbox.faults import MAX_MESSAGE, MAX_NAME, MAX_NAMES, MAX_TRACE
from grader.sandbox.program import Execution
from grader.values import extensions

_DOWN, _UP = 3, 4
"""Descriptors of the channel in node."""

_THREADS = 4
"""Node's own, beside the main one: V8's worker and scheduler, libuv's, and one for a signal."""

_FLAGS = (
    "--single-threaded",
    "--v8-pool-size=1",
    "--random-seed=1",
    "--experimental-vm-modules",
    "--unhandled-rejections=none",
    "--no-addons",
    "--no-warnings",
)
_OPTIONAL_FLAGS = ("--disable-sigusr1",)
"""Flags that newer versions have: this one keeps the inspector from waiting for a signal."""

_HEAP_FLAG = "--max-old-space-size="
_ENVIRONMENT = (
    "UV_THREADPOOL_SIZE=1",
    # The system's file may be there and not to be read, which is an error to OpenSSL; a file that
    # is not there is none.
    "OPENSSL_CONF=/no-such-file",
)

_LOOK_AT_ITSELF = """\
const status = require("fs").readFileSync("/proc/self/status", "latin1");
const { allowedNodeEnvironmentFlags: flags } = process;
console.log(JSON.stringify([+/^VmData:\\s*(\\d+) kB$/m.exec(status)[1], [...flags]]));
"""

_REHEARSAL = b"exports.work = (value) => ({ twice: 2 * value });"

_executions: list[Execution] = []
"""The one that `execution` has made, for `serve`."""


def execution(path: str) -> Execution:
    """Prepare the execve of the node at `path`; runs it once, to see what it needs."""
    data_bytes, known = _look_at(path)
    flags = [*_FLAGS, *(flag for flag in _OPTIONAL_FLAGS if flag in known)]
    made = Execution(
        path,
        [*flags, "-e", _program()],
        heap_argument=_HEAP_FLAG,
        environment=_ENVIRONMENT,
        threads=_THREADS,
        data_bytes=data_bytes,
    )
    _executions[:] = [made]
    return made


def warm(everything: Sequence[str] | None = None) -> None:
    """Do nothing: a program starts from its file, and `execution` has had that read."""


def serve(read_fd: int, write_fd: int) -> NoReturn:
    """Become node, which answers the judge on the channel until it closes."""
    try:
        _place(read_fd, write_fd)
        _executions[0].start()
    finally:
        os._exit(1)


def rehearse(channel_fd: int) -> None:
    """Be the judge of a harmless job on the channel; raises where the answer is not right."""
    job = wire.Job(_REHEARSAL, "rehearsal.js", ("work",), ("value",), b"0", 999, 9999)
    frames = [wire.encode_job(job), values.encode((21,))]
    expected = (wire.TAGS["ready"], wire.TAGS["returned"])
    answer = b""
    for sequence, (frame, tag) in enumerate(zip(frames, expected, strict=True)):
        os.write(channel_fd, control.HEADER.pack(sequence, len(frame)) + frame)
        answer = Channel(channel_fd, channel_fd).read() or b""
        if answer[:1] != bytes([tag]):
            raise RuntimeError(f"it answered {answer!r}" if answer else "it ended without a word")
    if wire.parse_reply(answer, values.DecodeLimits()) != wire.Returned({"twice": 42}):
        raise RuntimeError(f"it answered {answer!r}")


def _look_at(path: str) -> tuple[int, frozenset[str]]:
    """Return how many bytes node has of data when it has started, and the flags that it knows."""
    command = [path, *_FLAGS, "-e", _LOOK_AT_ITSELF]
    try:
        said = subprocess.run(command, env={}, capture_output=True, timeout=20, check=True)
        kilobytes, flags = json.loads(said.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise SandboxError(f"{path} does not start as Node.js would: {error}") from None
    return kilobytes << 10, frozenset(flags)


def _program() -> str:
    driver, kinds, prelude = map(_text, ("node_driver", "javascript_kinds", "javascript_prelude"))
    settings = json.dumps(_settings())
    return f"({driver.rstrip()})(require, {settings}, {kinds.rstrip()}, {prelude.rstrip()})"


def _settings() -> dict[str, object]:
    """What Python knows and the driver's other half needs, so that it is written down once."""
    kinds = ("tuple", "complex", "integer", "scalar", "array", "opaque")
    return {
        "down": _DOWN,
        "up": _UP,
        "codes": {kind: getattr(extensions, kind.upper()) for kind in kinds},
        "dtypes": extensions.DTYPES,
        "tags": wire.TAGS,
        "most": {"message": MAX_MESSAGE, "name": MAX_NAME, "names": MAX_NAMES, "trace": MAX_TRACE},
        "definition": sources.DEFINITION.pattern,
        "moduleStatement": sources.MODULE_STATEMENT.pattern,
        "found": sources.FOUND,
        "neverClosed": NEVER_CLOSED,
    }


def _text(name: str) -> str:
    return (Path(__file__).parent / f"{name}.js").read_text("utf-8")


def _place(read_fd: int, write_fd: int) -> None:
    """Put the channel at `_DOWN` and `_UP`, by way of copies: either may lie in the other's place.

    The copies end with the execve, and what lies at the two places outlives it.
    """
    first = max(_DOWN, _UP) + 1
    copies = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, first) for fd in (read_fd, write_fd)]
    for copy, place in zip(copies, (_DOWN, _UP), strict=True):
        os.dup2(copy, place)
    for fd in {read_fd, write_fd} - {_DOWN, _UP}:
        os.close(fd)
