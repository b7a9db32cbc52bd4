"""Resource limits: those of a cell, those of a submission, and how one is set.

All are hard limits, so that nothing confined can lift them again.
"""

import resource

from grader.sandbox import identity, kernel

_OPEN_FILES = 64
_STACK_BYTES = 8 << 20
_SIGNALS_QUEUED = 16
PROCESSES = 3
"""The outer half, the zygote and one child."""


def cell_limits(scratch_mb: int) -> list[tuple[str, int]]:
    """Limits in bytes or counts, by their names in `resource` without the RLIMIT_."""
    return [
        ("FSIZE", scratch_mb << 20),
        ("NOFILE", _OPEN_FILES),
        ("STACK", _STACK_BYTES),
        ("CORE", 0),
        ("MEMLOCK", 0),
        ("MSGQUEUE", 0),
        ("SIGPENDING", _SIGNALS_QUEUED),
        ("NICE", 0),
        ("RTPRIO", 0),
    ]


def counts_own_processes(tier: str, uid: int | None) -> bool:
    """Whether RLIMIT_NPROC counts this cell's processes alone, not all of the user's.

    It does for a uid that nobody else has, and since Linux 5.14 in a user namespace.
    """
    by_namespace = tier == "full" and kernel.release() >= (5, 14)
    return by_namespace or (uid is not None and uid >= identity.OWN_UIDS)


def prepare(name: str, value: int) -> kernel.Prepared:
    """Set soft and hard limit, never above the hard limit that we came with."""
    which: int = getattr(resource, f"RLIMIT_{name}")
    _, hard = resource.getrlimit(which)
    bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
    return kernel.prepared_limit(which, bound)


def address_space_bytes() -> int:
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()
