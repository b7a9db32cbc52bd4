"""Thin wrappers over libc and syscall(2): one kernel call each, an OSError that names it.

No policy and no order of calls live here; `confine` has those.

In a forked child every Python object that is touched costs a page fault, and each
submission pays it again. What a child calls is therefore made before the fork, by
`prepared`: one C callable that holds its converted arguments (measured for the whole list
of a child's steps: 11 faults and 0.11 ms instead of 84 and 0.39 ms).

Sources: man pages of section 2; numbers from the kernel's syscall tables, by `syscalls`.
"""

import ctypes
import os
import re
import struct
from collections.abc import Callable
from functools import partial

from grader.sandbox import syscalls

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000
CLONE_NEWUTS = 0x04000000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY = 1
MS_NOSUID = 2
MS_NODEV = 4
MS_NOEXEC = 8
MS_REMOUNT = 32
MS_BIND = 4096
MS_REC = 16384
MS_PRIVATE = 1 << 18
MNT_DETACH = 2

CAP_SETGID = 6
CAP_SETUID = 7
CAP_SYS_ADMIN = 21

_PR_SET_PDEATHSIG = 1
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_SPEC_ALLOW = 4
_LANDLOCK_CREATE_RULESET_VERSION = 1
_LANDLOCK_RULE_PATH_BENEATH = 1
_CAPABILITY_VERSION_3 = 0x20080522
_M_ARENA_MAX = -8
_AT_FDCWD = -100
_AT_RECURSIVE = 0x8000
_MOUNT_ATTR_RDONLY_NOSUID_NODEV = 1 | 2 | 4
_ALL_DESCRIPTORS = 0xFFFFFFFF

Prepared = Callable[[], int]

_libc = ctypes.CDLL(None, use_errno=True)
_long = ctypes.c_long
_syscall = _libc.syscall
_syscall.restype = _long
_syscall.argtypes = (_long,) * 7
_prepared = _libc["syscall"]  # a second object, which takes arguments that are converted already
_prepared.restype = _long
_prctl = _libc.prctl
_prctl.argtypes = (ctypes.c_int, *(ctypes.c_ulong,) * 4)
_mount = _libc.mount
_mount.argtypes = (
    ctypes.c_char_p,
    ctypes.c_char_p,
    ctypes.c_char_p,
    ctypes.c_ulong,
    ctypes.c_char_p,
)
_umount2 = _libc.umount2
_umount2.argtypes = (ctypes.c_char_p, ctypes.c_int)
_unshare = _libc.unshare
_unshare.argtypes = (ctypes.c_int,)


def last_error(call: str) -> OSError:
    """The error of the call that has just returned -1."""
    code = ctypes.get_errno()
    return OSError(code, f"{call}: {os.strerror(code)}")


def _check(result: int, call: str) -> int:
    if result == -1:
        raise last_error(call)
    return result


def call(name: str, *args: int) -> int:
    """Issue one system call by name; integers (or addresses) only."""
    padded = (*args, 0, 0, 0, 0, 0, 0)[:6]
    return _check(_syscall(syscalls.NATIVE[name], *padded), name)


def prepared(name: str, *args: "int | ctypes.Array[ctypes.c_char] | ctypes.Structure") -> Prepared:
    """Return a system call to be made later, in a child: -1 says that it failed."""
    converted = [_long(arg) if isinstance(arg, int) else ctypes.byref(arg) for arg in args]
    return partial(_prepared, _long(syscalls.NATIVE[name]), *converted)


def release() -> tuple[int, int]:
    """The kernel's version, as (major, minor)."""
    major, minor = re.findall(r"\d+", os.uname().release)[:2]
    return int(major), int(minor)


def unshare(flags: int) -> None:
    _check(_unshare(flags), "unshare")


def mount(source: str, target: str, kind: str, flags: int, options: str = "") -> None:
    result = _mount(
        os.fsencode(source), os.fsencode(target), kind.encode(), flags, options.encode()
    )
    _check(result, f"mount {target}")


def make_mounts_readonly(path: str) -> None:
    """Make the mount at `path` and all below it read-only, nosuid and nodev (Linux 5.12).

    Flags are only added, so that it also works on mounts which a user namespace inherited.
    """
    attributes = struct.pack("=4Q", _MOUNT_ATTR_RDONLY_NOSUID_NODEV, 0, 0, 0)
    buffers = [ctypes.create_string_buffer(data) for data in (os.fsencode(path), attributes)]
    where, what = map(ctypes.addressof, buffers)
    call("mount_setattr", _AT_FDCWD, where, _AT_RECURSIVE, what, len(attributes))


def umount(target: str) -> None:
    """Detach a mount at once; what still uses it keeps it alive unseen."""
    _check(_umount2(os.fsencode(target), MNT_DETACH), f"umount2 {target}")


def pivot_root(new: str, old: str) -> None:
    paths = [ctypes.create_string_buffer(os.fsencode(path)) for path in (new, old)]
    call("pivot_root", *map(ctypes.addressof, paths))


def die_with_parent(signal: int) -> None:
    """Ask for `signal` when the parent *thread* ends. A change of uid clears this."""
    _check(prepared_die_with_parent(signal)(), "prctl(PR_SET_PDEATHSIG)")


def prepared_die_with_parent(signal: int) -> Prepared:
    return prepared("prctl", _PR_SET_PDEATHSIG, signal, 0, 0, 0)


def set_dumpable(value: int) -> None:
    """0 takes /proc/<pid> and ptrace away from processes of the same uid."""
    _check(_prctl(_PR_SET_DUMPABLE, value, 0, 0, 0), "prctl(PR_SET_DUMPABLE)")


def set_no_new_privs() -> None:
    _check(_prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)")


def _capability_header() -> ctypes.Array[ctypes.c_uint32]:
    return (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)


def has_capabilities(*capabilities: int) -> bool:
    """Whether all of these capabilities are effective now."""
    header, data = _capability_header(), (ctypes.c_uint32 * 6)()
    call("capget", ctypes.addressof(header), ctypes.addressof(data))
    effective = data[0] | data[3] << 32
    return all(effective >> capability & 1 for capability in capabilities)


def drop_capabilities() -> None:
    """Empty the effective, permitted and inheritable sets (and with them the ambient one)."""
    header, data = _capability_header(), (ctypes.c_uint32 * 6)()
    call("capset", ctypes.addressof(header), ctypes.addressof(data))


def close_from(low: int) -> None:
    """Close every descriptor from `low` on."""
    if _close_range(low, _ALL_DESCRIPTORS)() == -1:  # before Linux 5.9, or refused by a container
        os.closerange(low, 65536)


def close_all_but(descriptor: int) -> None:
    """Close every descriptor from 3 on except this one."""
    if descriptor > 3:
        os.closerange(3, descriptor)
    close_from(max(3, descriptor + 1))


def prepared_close_all_but(descriptor: int) -> "list[Callable[[], int | None]]":
    """The same as calls to be made in a child, in any order."""
    if _close_range(_ALL_DESCRIPTORS, _ALL_DESCRIPTORS)() == -1:
        return [partial(close_all_but, descriptor)]
    below = [_close_range(3, descriptor - 1)] if descriptor > 3 else []
    return [*below, _close_range(max(3, descriptor + 1), _ALL_DESCRIPTORS)]


def _close_range(first: int, last: int) -> Prepared:
    return prepared("close_range", first, last, 0)


def prepared_limit(which: int, value: int) -> Prepared:
    """Set soft and hard limit `which` of the calling process."""
    both = ctypes.create_string_buffer(struct.pack("=QQ", value, value), 16)
    return prepared("prlimit64", 0, which, both, 0)


def limit_malloc_arenas(count: int) -> None:
    """Keep glibc from reserving 128 MB of address space for each new thread."""
    mallopt = getattr(_libc, "mallopt", None)
    if mallopt is not None:  # musl has neither the arenas nor the call
        mallopt(_M_ARENA_MAX, count)


def release_free_memory() -> None:
    """Give back what the heap holds and nobody uses: each fork would copy the tables of it."""
    trim = getattr(_libc, "malloc_trim", None)
    if trim is not None:  # musl has none
        trim(0)


def landlock_abi() -> int:
    """The version of Landlock that the kernel offers; OSError where it offers none."""
    return call("landlock_create_ruleset", 0, 0, _LANDLOCK_CREATE_RULESET_VERSION)


def landlock_create_ruleset(attributes: bytes) -> int:
    """A new ruleset's descriptor (close-on-exec)."""
    buffer = ctypes.create_string_buffer(attributes, len(attributes))
    return call("landlock_create_ruleset", ctypes.addressof(buffer), len(attributes))


def landlock_add_path(ruleset: int, rule: bytes) -> None:
    buffer = ctypes.create_string_buffer(rule, len(rule))
    call("landlock_add_rule", ruleset, _LANDLOCK_RULE_PATH_BENEATH, ctypes.addressof(buffer))


def landlock_restrict_self(ruleset: int) -> None:
    call("landlock_restrict_self", ruleset, 0)


class _Fprog(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.POINTER(ctypes.c_char)))


def prepared_filter(program: bytes) -> Prepared:
    """Filter the calling thread and all that it starts, for ever, by a seccomp program.

    SPEC_ALLOW keeps kernels before 5.16 from switching on slow speculation barriers; the flag
    came with Linux 4.17.
    """
    instructions = ctypes.create_string_buffer(program, len(program))
    first = ctypes.cast(instructions, ctypes.POINTER(ctypes.c_char))  # keeps them alive
    header = _Fprog(len(program) // 8, first)
    flags = _SECCOMP_FILTER_FLAG_SPEC_ALLOW if release() >= (4, 17) else 0
    return prepared("seccomp", _SECCOMP_SET_MODE_FILTER, flags, header)
