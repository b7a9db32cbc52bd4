"""A control group of the kernel's, with a limit on memory and on CPU, where this user may make one.

It lies below the one that the tests run in, holds only what is started in it, and goes with the
block. Version 1 has a folder for each controller; version 2 lends controllers to groups below only
where nothing runs beside them, which a test cannot arrange: there, and without the right, there is
none.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PERIOD_US = 100_000


@dataclass(frozen=True)
class Group:
    """`prefix` goes before a command to run it in the group."""

    folders: tuple[Path, ...]

    @property
    def prefix(self) -> tuple[str, ...]:
        enter = "; ".join(f"echo $$ > {folder}/cgroup.procs" for folder in self.folders)
        return ("sh", "-ec", f'{enter}; exec "$@"', "sh")

    def peak_bytes(self) -> int:
        """Return the most memory that was held at one time, the page cache among it."""
        return int((self.folders[0] / "memory.max_usage_in_bytes").read_text())

    def was_short(self) -> bool:
        """Tell whether a process of the group was killed for want of memory."""
        control = (self.folders[0] / "memory.oom_control").read_text().split()
        return control[control.index("oom_kill") + 1] != "0"


@contextmanager
def limited(memory_bytes: int, cpus: float) -> Iterator[Group | None]:
    """Make a group; None where none can be made."""
    made: list[Path] = []
    settings = {
        "memory": {"memory.limit_in_bytes": memory_bytes},
        "cpu": {"cpu.cfs_period_us": PERIOD_US, "cpu.cfs_quota_us": int(PERIOD_US * cpus)},
    }
    try:
        for controller, limits in settings.items():
            folder = _ours(controller) / f"grader-tests-{os.getpid()}"
            folder.mkdir()
            made.append(folder)
            for name, value in limits.items():
                (folder / name).write_text(str(value))
    except (OSError, LookupError):
        _remove(made)
        yield None
        return
    try:
        yield Group(tuple(made))
    finally:
        _remove(made)


def _ours(controller: str) -> Path:
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        if controller in names.split(","):
            return Path("/sys/fs/cgroup", controller, path.lstrip("/"))
    raise LookupError(controller)


def _remove(folders: list[Path]) -> None:
    for folder in folders:
        for _ in range(100):  # what ran in it may still be ending
            try:
                folder.rmdir()
                break
            except OSError:
                time.sleep(0.05)
