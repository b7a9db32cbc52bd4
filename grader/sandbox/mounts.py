"""The file system of a cell: an empty root in memory with read-only views of a few trees.

Steps for `confine`, to be taken in the order of `root_steps` inside a mount namespace of
one's own. Sources are taken from the old root after the pivot, so that no tree is hidden by
the mount point that the new root was prepared on.
"""

import os
from collections.abc import Callable
from functools import partial

from grader.sandbox import kernel
from grader.sandbox.layout import Layout

Step = tuple[str, Callable[[], object]]
"""As in `confine`."""

SCRATCH = "/scratch"
"""Where student code may write if the challenge asks for it."""

_PREPARED_ON = "/tmp"
_OLD = "/.old"
_PRIVATE = kernel.MS_REC | kernel.MS_PRIVATE
_BARE = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
_KEPT = kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC
_REMOUNT = kernel.MS_REMOUNT | kernel.MS_BIND | kernel.MS_RDONLY


def root_steps(layout: Layout, scratch_mb: int, owner: tuple[int, int]) -> list[Step]:
    """Return the steps from the machine's root to the cell's; `owner` owns the scratch.

    Masks are mounted between the tree that they lie in and the trees that lie in them.
    """
    masked = set(layout.masks)
    show = [
        (f"empty {path}", partial(_mask, path))
        if path in masked
        else (f"show {path}", partial(_show, path))
        for path in sorted({*layout.trees, *masked})
    ]
    return [
        ("mounts of its own", partial(kernel.mount, "none", "/", "", _PRIVATE)),
        ("empty root", _prepare_root),
        ("change of root", _pivot),
        *show,
        *((f"link {path}", partial(_link, path, target)) for path, target in layout.links),
        *_scratch_steps(scratch_mb, owner),
        ("old root out of reach", _forget_old_root),
        *((f"read-only {path}", partial(_make_readonly, path)) for path in (*sorted(masked), "/")),
    ]


def _prepare_root() -> None:
    os.umask(0o022)
    kernel.mount("box", _PREPARED_ON, "tmpfs", _BARE, "size=1m,mode=755")
    os.mkdir(_PREPARED_ON + _OLD)


def _pivot() -> None:
    os.chdir(_PREPARED_ON)
    kernel.pivot_root(".", "." + _OLD)
    os.chdir("/")


def _show(path: str) -> None:
    """Bind one tree read-only, with what is mounted inside it.

    In a user namespace the kernel refuses to bind a tree without the mounts inside, which may
    hide something. Before Linux 5.12 only trees with none inside can be made read-only.
    """
    source = _OLD + path
    if os.path.isdir(source):
        os.makedirs(path, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_CLOEXEC, 0o444))
    if kernel.release() >= (5, 12):
        kernel.mount(source, path, "", kernel.MS_BIND | kernel.MS_REC)
        kernel.make_mounts_readonly(path)
    else:
        kernel.mount(source, path, "", kernel.MS_BIND)
        _remount_readonly(path)


def _remount_readonly(path: str) -> None:
    """Add flags to one mount; those that a user namespace may not clear have to be repeated."""
    inherited = os.statvfs(path).f_flag & _KEPT
    kernel.mount("none", path, "", _REMOUNT | kernel.MS_NOSUID | kernel.MS_NODEV | inherited)


def _mask(path: str) -> None:
    kernel.mount("box", path, "tmpfs", _BARE, "size=1m,mode=755")


def _link(path: str, target: str) -> None:
    if os.path.lexists(path):  # it came with a tree
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    os.symlink(target, path)


def _scratch_steps(scratch_mb: int, owner: tuple[int, int]) -> list[Step]:
    if not scratch_mb:
        return []
    return [(f"{scratch_mb} MB of scratch", partial(_make_scratch, scratch_mb, owner))]


def _make_scratch(scratch_mb: int, owner: tuple[int, int]) -> None:
    os.mkdir(SCRATCH)
    options = f"size={scratch_mb}m,nr_inodes=4096,mode=700"
    kernel.mount("box", SCRATCH, "tmpfs", _BARE, options)
    os.chown(SCRATCH, *owner)
    os.chdir(SCRATCH)


def _forget_old_root() -> None:
    kernel.umount(_OLD)
    os.rmdir(_OLD)


def _make_readonly(path: str) -> None:
    kernel.mount("none", path, "", _REMOUNT | _BARE)
