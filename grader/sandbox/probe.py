"""The box attacks itself: some fifty forbidden acts, tried by a fully confined child.

A tier is taken only when every act was refused, and `grader doctor` prints what was tried.
Each act is harmless where nothing confines it: signals are signal 0, calls get arguments
that the kernel rejects *after* the filter (so EFAULT or EBADF means that the act got
through), what is made is unmade. The tests run it unconfined to see that each can succeed.
"""

import errno
import os
from collections.abc import Callable, Set
from functools import partial

from grader.sandbox import kernel, syscalls

Act = Callable[[], object]
"""Returns if the act was possible, raises OSError if it was refused."""

Finding = tuple[str, bool, str]
"""What was tried, whether the box held, and what the kernel said."""

_REFUSED = (errno.EPERM, errno.ENOSYS)
_PROT_READ, _PROT_WRITE, _PROT_EXEC = 1, 2, 4
_MAP_PRIVATE, _MAP_ANONYMOUS, _MAP_NORESERVE = 0x02, 0x20, 0x4000
_PAGE = 4096
_MORE_THAN_ANY_LIMIT = 64 << 30
_NO_FD = -1
_HIGHEST_DESCRIPTOR = 64

_FAMILIES = {
    "unix": 1,
    "IPv4": 2,
    "IPv6": 10,
    "netlink": 16,
    "packet": 17,
    "kernel crypto": 38,
    "vsock": 40,
}
_STREAM, _DATAGRAM = 1, 2

# Name in words, call, arguments that make it harmless.
_CALLS: tuple[tuple[str, str, tuple[int, ...]], ...] = (
    ("start a program", "execve", ()),
    ("start a program by descriptor", "execveat", (_NO_FD,)),
    ("start a process by clone", "clone", (0x00010000,)),  # CLONE_THREAD alone is invalid
    ("start a process by clone3", "clone3", ()),
    ("leave the session", "setsid", ()),
    ("signal every process", "kill", (-1, 0)),
    ("take hold of a process", "pidfd_open", (1, 0)),
    ("signal by descriptor", "pidfd_send_signal", (_NO_FD,)),
    ("trace a process", "ptrace", (16, 0)),
    ("read another process's memory", "process_vm_readv", (1,)),
    ("write another process's memory", "process_vm_writev", (1,)),
    ("a file in memory", "memfd_create", ()),
    ("secret memory", "memfd_secret", ()),
    ("shared memory", "shmget", (0, 0, 0)),
    ("a semaphore", "semget", (0, _NO_FD, 0)),
    ("a message queue", "msgget", (0x67726472, 0)),
    ("a POSIX message queue", "mq_open", ()),
    ("a pipe", "pipe2", ()),
    ("a pair of sockets", "socketpair", (1, 1, 0, 0)),
    ("connect a descriptor", "connect", (_NO_FD,)),
    ("pass descriptors", "sendmsg", (_NO_FD,)),
    ("receive descriptors", "recvmsg", (_NO_FD,)),
    ("memory that is writable and executable", "mmap", (0, _PAGE, 7, 0x22, _NO_FD, 0)),
    ("memory that is executable and no file", "mmap", (0, _PAGE, 5, 0x22, _NO_FD, 0)),
    ("make memory executable", "mprotect", (0, 0, _PROT_EXEC)),
    ("make memory executable by key", "pkey_mprotect", (0, 0, _PROT_EXEC, -1)),
    ("raise a limit", "prlimit64", (0, 0, 0, 0)),
    ("change process attributes", "prctl", (3,)),
    ("change the execution domain", "personality", (0xFFFFFFFF,)),
    ("become root", "setuid", (0,)),
    ("gain capabilities", "capset", ()),
    ("new namespaces", "unshare", (0,)),
    ("enter a namespace", "setns", (_NO_FD,)),
    ("mount", "mount", ()),
    ("change the root", "chroot", ()),
    ("clone a mount", "open_tree", (_NO_FD,)),
    ("open a file system", "fsopen", ()),
    ("open by file handle", "open_by_handle_at", (_NO_FD,)),
    ("make a symbolic link", "symlinkat", ()),
    ("make a hard link", "linkat", ()),
    ("make a device", "mknodat", ()),
    ("watch files", "inotify_init1", ()),
    ("io_uring", "io_uring_setup", ()),
    ("userfaultfd", "userfaultfd", (1,)),
    ("performance counters", "perf_event_open", ()),
    ("BPF", "bpf", ()),
    ("add a key", "add_key", ()),
    ("read keys", "keyctl", ()),
)


A_PROGRAM_MAY = frozenset({"make memory executable", "a pipe", "raise a limit"})
"""Acts that a child which may become a program is not refused (see `seccomp.program_policy`).

The last one is tried with arguments that read a limit, and that is all it may.
"""


def run(spared: Set[str] = frozenset()) -> list[Finding]:
    """Try every act but `spared` in this process. Meant for a forked child that ends afterwards."""
    return [_judge(name, act) for name, act in acts() if name not in spared]


def acts() -> tuple[tuple[str, Act], ...]:
    """Return all forbidden acts, named in words."""
    return (
        *((name, partial(_call, call, *arguments)) for name, call, arguments in _CALLS),
        *(
            (f"socket: {family}", partial(_call, "socket", number, kind))
            for family, number in _FAMILIES.items()
            for kind in (_STREAM if family == "unix" else _DATAGRAM,)
        ),
        ("socket: TCP", partial(_call, "socket", _FAMILIES["IPv4"], _STREAM)),
        ("fork", _fork),
        ("read the machine's users", partial(_read, "/etc/passwd")),
        ("read the judge's code", partial(_read, __file__)),
        ("list the judge's code", partial(os.listdir, os.path.dirname(__file__))),
        ("list the root", partial(os.listdir, "/")),
        ("read the environment in /proc", partial(_read, "/proc/self/environ")),
        ("read the first process's /proc", partial(_read, "/proc/1/status")),
        ("write memory through /proc", partial(_open, "/proc/self/mem", os.O_RDWR)),
        ("write a device", partial(_open, "/dev/shm", os.O_TMPFILE | os.O_RDWR)),
        ("write a file in /tmp", partial(_open, "/tmp", os.O_TMPFILE | os.O_RDWR)),
        ("write a file in the root", partial(_open, "/", os.O_TMPFILE | os.O_RDWR)),
        ("make a folder", partial(_make_folder, f"/tmp/box-probe-{os.getpid()}")),
        ("allocate 64 GB", _allocate),
        ("find inherited descriptors", _find_descriptors),
    )


def _judge(name: str, act: Act) -> Finding:
    try:
        act()
    except OSError as error:
        return name, True, errno.errorcode.get(error.errno or 0, "refused")
    return name, False, "it was possible"


def _call(name: str, *arguments: int) -> None:
    """Issue a call; any answer but the filter's own means that the kernel took it."""
    if name not in syscalls.NATIVE:
        raise OSError(errno.ENOSYS, "there is no such call on this machine")
    try:
        kernel.call(name, *arguments)
    except OSError as error:
        if error.errno in _REFUSED:
            raise


def _fork() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)


def _open(path: str, flags: int) -> None:
    os.close(os.open(path, flags | os.O_CLOEXEC))


def _read(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.read(descriptor, 1)
    finally:
        os.close(descriptor)


def _make_folder(path: str) -> None:
    os.mkdir(path)
    os.rmdir(path)


def _allocate() -> None:
    flags = _MAP_PRIVATE | _MAP_ANONYMOUS | _MAP_NORESERVE
    protection = _PROT_READ | _PROT_WRITE
    address = kernel.call("mmap", 0, _MORE_THAN_ANY_LIMIT, protection, flags, _NO_FD, 0)
    kernel.call("munmap", address, _MORE_THAN_ANY_LIMIT)


def _find_descriptors() -> None:
    """Possible if more is open than one channel beside the three standard streams."""
    found = sum(_is_open(descriptor) for descriptor in range(3, _HIGHEST_DESCRIPTOR))
    if found <= 1:
        raise OSError(errno.EBADF, "only the channel is open")


def _is_open(descriptor: int) -> bool:
    try:
        os.get_inheritable(descriptor)  # fcntl, which every tier allows
    except OSError:
        return False
    return True
