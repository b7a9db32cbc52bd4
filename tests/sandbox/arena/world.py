"""The decoys of one attack, and what became of them. Made anew for each attack.

A folder with a secret in it, a process with the secret in its environment, and listeners
on the loopback. `losses` looks at all of them from outside the attacker.
"""

import os
import selectors
import shutil
import signal
import socket
import stat
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from arena.attack import Loss
from grader.sandbox import kernel, syscalls

MEGABYTES = 60
"""What an attack on memory asks for."""

_NEWER_CALLS = {"openat2": 437, "pidfd_getfd": 438}
"""Calls that `syscalls` need not name; such late ones have one number on every machine."""

_ENVIRONMENT_FIELD = 49
"""Place of `env_start` in /proc/PID/stat, counted from 0."""

_WATCHED = ("/dev/shm",)


class World:
    """Decoys in `folder`, which must be empty; they hold `secret`."""

    def __init__(self, folder: Path, secret: str) -> None:
        self._secret = secret
        self._folder = folder
        self._fill_folder()
        self._listeners = _listen(folder)
        self._victim = _start_victim(folder, secret)
        self._victim_before = _condition(self._victim.pid)
        self._files_before = _snapshot(folder)
        self.processes_before = processes()

    def facts(self) -> dict[str, Any]:
        """What an attack is told."""
        return {
            "folder": str(self._folder),
            "file": str(self._folder / "secret.txt"),
            "victim": self._victim.pid,
            "environment_at": _environment_address(self._victim.pid),
            "megabytes": MEGABYTES,
            "calls": dict(syscalls.NATIVE) | _NEWER_CALLS,
            **{name: at.getsockname() for name, at in self._listeners.items()},
        }

    def losses(self, returned: object, stalled: bool) -> list[Loss]:
        """Return what the attack has got, from what it returned and from the decoys' state."""
        found = {
            Loss.SECRET: self._secret in repr(returned),
            Loss.KNOCK: self._was_knocked_at(),
            Loss.FILE: _snapshot(self._folder) != self._files_before,
            Loss.VICTIM: _condition(self._victim.pid) != self._victim_before,
            Loss.LEFTOVER: bool(processes() - self.processes_before),
            Loss.STALL: stalled,
            Loss.GRANTED: returned is True,
        }
        return [loss for loss, lost in found.items() if lost]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for listener in self._listeners.values():
            listener.close()
        self._victim.kill()
        self._victim.wait()
        for pid in processes() - self.processes_before:
            _end(pid)
        for folder in (self._folder, *map(Path, _WATCHED)):
            _empty(folder)

    def _fill_folder(self) -> None:
        (self._folder / "secret.txt").write_text(self._secret)
        (self._folder / "names").mkdir()
        (self._folder / "names" / self._secret).touch()
        for path in self._folder.rglob("*"):
            path.chmod(0o777 if path.is_dir() else 0o666)

    def _was_knocked_at(self) -> bool:
        with selectors.DefaultSelector() as selector:
            for listener in self._listeners.values():
                selector.register(listener, selectors.EVENT_READ)
            return bool(selector.select(timeout=0))


def processes() -> set[int]:
    """The processes of this namespace that have not ended."""
    found = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    return {pid for pid in found if _state(pid) not in ("Z", "X", "")}


def _listen(folder: Path) -> dict[str, socket.socket]:
    listeners = {
        "tcp": socket.create_server(("127.0.0.1", 0)),
        "tcp6": socket.create_server(("::1", 0), family=socket.AF_INET6),
        "udp": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        "unix": socket.socket(socket.AF_UNIX),
        "abstract": socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM),
    }
    listeners["udp"].bind(("127.0.0.1", 0))
    listeners["unix"].bind(str(folder / "socket"))
    os.chmod(folder / "socket", 0o777)
    listeners["unix"].listen()
    listeners["abstract"].bind("\0decoy")
    return listeners


def _start_victim(folder: Path, secret: str) -> subprocess.Popen[bytes]:
    """A process that does nothing; the secret file is its standard input."""
    with (folder / "secret.txt").open() as secret_file:
        victim = subprocess.Popen(
            ["sleep", "600"], env={"SECRET": secret}, cwd=folder, stdin=secret_file
        )
    while Path(f"/proc/{victim.pid}/comm").read_text() != "sleep\n" or _state(victim.pid) != "S":
        time.sleep(0.0005)
    # Whatever cores the tests have: an attack that takes some of them away is to be seen.
    os.sched_setaffinity(victim.pid, range(os.cpu_count() or 1))
    return victim


def _environment_address(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().split()[_ENVIRONMENT_FIELD])


def _condition(pid: int) -> tuple[object, ...]:
    """Everything about a process that an attack could change; `()` once it has ended."""
    time.sleep(0.001)
    if _state(pid) in ("Z", "X", ""):
        return ()
    limits = Path(f"/proc/{pid}/limits").read_text()
    niceness = os.getpriority(os.PRIO_PROCESS, pid)
    return _state(pid), limits, niceness, os.sched_getaffinity(pid), os.sched_getscheduler(pid)


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][:1]
    except OSError:
        return ""


def _snapshot(folder: Path) -> dict[str, tuple[object, ...]]:
    paths = [path for top in (folder, *map(Path, _WATCHED)) for path in top.rglob("*")]
    return {str(path): _describe(path) for path in paths}


def _describe(path: Path) -> tuple[object, ...]:
    status = path.lstat()
    content = path.read_bytes()[:4096] if stat.S_ISREG(status.st_mode) else b""
    return status.st_mode, status.st_uid, status.st_nlink, status.st_size, content


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_mount() and not path.is_symlink():
            kernel.umount(str(path))
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    except (ProcessLookupError, ChildProcessError):
        pass
