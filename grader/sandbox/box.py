"""What the runner asks of a box, as types: no implementation, no I/O.

A `Box` starts one confined process for one submission; a `Process` answers one frame at
a time. `cell.Cell` is the real one, `plain.PlainBox` the one without confinement, and
tests of pure logic may bring a fake.

A down frame is the job (first) or the inputs of one call; an up frame is one reply. The
box moves bytes and does not look into them.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple, Protocol, Self


class End(StrEnum):
    """How one exchange with the process ended."""

    REPLIED = "replied"
    CPU_LIMIT = "cpu_limit"
    WALL_LIMIT = "wall_limit"
    OUTPUT_LIMIT = "output_limit"
    DIED = "died"
    HUNG_UP = "hung_up"
    GARBLED = "garbled"


class Reply(NamedTuple):
    """One answer of the process.

    `frame` is the reply; after a time limit it may hold the process's last words, which say where
    it was, and after any other end it is empty.

    `cpu_s` is the process's CPU time spent on this exchange, in seconds. `status` is the
    wait status where the process died (`os.waitstatus_to_exitcode` reads it), else None.
    After any end but `REPLIED` the process is gone.
    """

    end: End
    frame: bytes = b""
    cpu_s: float = 0.0
    status: int | None = None


@dataclass(frozen=True, slots=True)
class CellConfig:
    """What a box is built for; boxes of equal config are interchangeable.

    `drivers` are dotted module names, imported in the zygote before it is locked; each has
    `warm()` and `serve(read_fd, write_fd)`, which never returns. Those that are also in `lean`
    need neither numpy nor packages: with less memory to copy a fork costs half. `packages` are
    distributions. `scratch_mb` is the size of the one writable folder, 0 for none. `program` is
    the file that a driver with an `execution(path)` hands over to (see `program`), None where
    none does.
    """

    drivers: tuple[str, ...] = ("grader.languages.python_driver",)
    packages: tuple[str, ...] = ("numpy",)
    scratch_mb: int = 0
    program: str | None = None
    lean: tuple[str, ...] = ()

    def alone(self, driver: str) -> "CellConfig":
        """Return what a cell for this one driver is built for."""
        packages = () if driver in self.lean else self.packages
        return replace(self, drivers=(driver,), packages=packages)


@dataclass(frozen=True, slots=True)
class ProcessLimits:
    """What the kernel itself holds one process to.

    `cpu_s` is a backstop in CPU seconds, a little above what the judge measures; `memory_mb`
    is address space beyond what the zygote had; `threads` may run beside the main one.
    """

    cpu_s: float = 2.0
    memory_mb: int = 512
    threads: int = 0


class Process(Protocol):
    """One confined process that runs one submission."""

    def exchange(self, frame: bytes, *, cpu_s: float, wall_s: float, reply_bytes: int) -> Reply:
        """Send one frame and wait for its reply, within limits in seconds and bytes."""
        ...

    def close(self) -> float:
        """End the process if it still runs; return its total CPU seconds."""
        ...


class Box(Protocol):
    """Starts confined processes, one at a time."""

    @property
    def tier(self) -> str: ...

    @property
    def layers(self) -> tuple[str, ...]: ...

    @property
    def versions(self) -> tuple[str, str]:
        """The versions of Python and of numpy that submissions run on; "" where there is none."""
        ...

    def start(self, driver: str, limits: ProcessLimits) -> Process:
        """Start a fresh process that waits for its job; `SandboxError` if it cannot be confined.

        `driver` is one of the config's `drivers`.
        """
        ...

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...
