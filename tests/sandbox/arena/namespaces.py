"""Puts the calling process into throw-away namespaces, from which nothing outside is reached.

A pid namespace (no process but ours exists) with a session of its own, a mount namespace
whose whole root is read-only, and namespaces for network (loopback only), IPC and host name.
All of it ends with the process that `enter` returns in.
"""

import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys
from pathlib import Path

from grader.sandbox import kernel

NOBODY = 65534

_NAMESPACES = (
    kernel.CLONE_NEWNS
    | kernel.CLONE_NEWPID
    | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUTS
)
_MOUNT_SETATTR = 442
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_MOUNT_ATTR_RDONLY = 1
_SIOCSIFFLAGS = 0x8914
_IFF_UP = 1


def enter(folder: str, *, as_nobody: bool) -> None:
    """Return as first process of fresh namespaces, with `folder` an empty writable tmpfs.

    As an ordinary user, or with `as_nobody`, the process has no capability when this returns.
    """
    root = kernel.has_capabilities(kernel.CAP_SYS_ADMIN)
    _unshare(root)
    _continue_as_first_process()
    # A process group may reach across namespaces, and `kill(0)` reaches all of it.
    os.setsid()
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    if as_nobody:
        _open_the_way(_needed_paths())
    _make_root_readonly()
    kernel.mount("proc", "/proc", "proc", kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC)
    for writable in (folder, "/dev/shm"):
        kernel.mount("arena", writable, "tmpfs", kernel.MS_NODEV, "size=64m,mode=1777")
    _switch_loopback_on()
    if as_nobody:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    if as_nobody or not root:
        kernel.drop_capabilities()
        kernel.set_dumpable(1)
    kernel.die_with_parent(signal.SIGKILL)


def _unshare(root: bool) -> None:
    uid, gid = os.geteuid(), os.getegid()
    kernel.unshare(_NAMESPACES if root else _NAMESPACES | kernel.CLONE_NEWUSER)
    if not root:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")


def _continue_as_first_process() -> None:
    first = os.fork()
    if first:
        _, status = os.waitpid(first, 0)
        os._exit(abs(os.waitstatus_to_exitcode(status)))


def _make_root_readonly() -> None:
    path = ctypes.create_string_buffer(b"/")
    attributes = ctypes.create_string_buffer(struct.pack("4Q", _MOUNT_ATTR_RDONLY, 0, 0, 0), 32)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(_MOUNT_SETATTR, _AT_FDCWD, path, _AT_RECURSIVE, attributes, 32) != 0:
        raise OSError(ctypes.get_errno(), "mount_setattr")


def _switch_loopback_on() -> None:
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP))


def _needed_paths() -> list[str]:
    paths = [sys.prefix, sys.base_prefix, os.path.dirname(os.path.realpath(sys.executable))]
    return [os.path.realpath(path) for path in [*paths, *sys.path] if os.path.exists(path)]


def _open_the_way(paths: list[str]) -> None:
    """Show `paths` to everybody where a folder above them is closed, as root's home is."""
    for closed in {folder for path in paths for folder in _closed_folders(path)}:
        inside = {path for path in paths if path.startswith(closed + "/")}
        kept = {path: os.open(path, os.O_PATH) for path in inside}
        kernel.mount("arena", closed, "tmpfs", kernel.MS_NODEV, "size=1m,mode=755")
        for path, descriptor in kept.items():
            _show(descriptor, path)
            os.close(descriptor)


def _show(descriptor: int, path: str) -> None:
    if os.path.isdir(f"/proc/self/fd/{descriptor}"):
        os.makedirs(path, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        Path(path).touch()
    kernel.mount(f"/proc/self/fd/{descriptor}", path, "", kernel.MS_BIND)


def _closed_folders(path: str) -> list[str]:
    """The outermost folder above `path` that others may not pass through, if there is one."""
    above = [str(folder) for folder in reversed(Path(path).parents)]
    return [folder for folder in above if not os.stat(folder).st_mode & 0o001][:1]
