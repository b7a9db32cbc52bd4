"""Which uid a cell runs as: chosen before the first step, taken by one of them.

Whoever may change its uid takes one that no other process has, so that limits which the
kernel counts per uid are the cell's own; everybody else keeps theirs.
"""

import os

from grader.sandbox import kernel

OWN_UIDS = 0x7000_0000
"""A uid per cell: this plus its pid. Above what systemd and container tools hand out."""

_NOBODY = 65534


def choose_uid() -> int | None:
    """Return a uid for this cell alone, else nobody's, or None without the right to change."""
    if not kernel.has_capabilities(kernel.CAP_SETUID, kernel.CAP_SETGID):
        return None
    candidates = (OWN_UIDS + os.getpid(), _NOBODY)
    maps = [mapped_ids("/proc/self/uid_map"), mapped_ids("/proc/self/gid_map")]
    return next((uid for uid in candidates if all(is_mapped(uid, ids) for ids in maps)), None)


def mapped_ids(path: str) -> list[range]:
    """The ids that exist in our user namespace."""
    with open(path, encoding="ascii") as lines:
        rows = [tuple(map(int, line.split())) for line in lines]
    return [range(first, first + count) for first, _, count in rows]


def is_mapped(uid: int, ids: list[range]) -> bool:
    return any(uid in mapped for mapped in ids)


def drop_to(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def map_ids(uid: int, gid: int) -> None:
    """Map our own uid and gid, which anyone may; no other id exists in the namespace."""
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{uid} {uid} 1")
    _write("/proc/self/gid_map", f"{gid} {gid} 1")


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    try:
        os.write(descriptor, text.encode())
    finally:
        os.close(descriptor)
