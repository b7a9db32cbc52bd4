"""The files of a folder as raw entries. Follows no link, opens nothing but regular files."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from grader.intake import names
from grader.intake.raw import CHUNK_BYTES, Broken, Raw, in_trouble

_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_FLAGS |= getattr(os, "O_BINARY", 0)


def entries(root: Path) -> Iterator[Raw]:
    """Yield every file under `root`, by name."""
    yield from _walk(root, "")


def _walk(root: Path, inside: str, depth: int = 1) -> Iterator[Raw]:
    try:
        listed = sorted(os.scandir(root / inside), key=lambda entry: entry.name)
    except OSError as error:
        reason = f"cannot be read: {error.strerror}; change its permissions"
        if not inside:
            raise Broken(reason) from None
        # One student's folder does not stop the others.
        yield in_trouble(inside, reason)
        return
    for entry in listed:
        name = f"{inside}/{entry.name}" if inside else entry.name
        if not entry.is_dir(follow_symlinks=False):
            yield _raw(name, entry)
        elif names.junk(name) is not None or depth >= names.MAX_PARTS:
            # One line for the folder: it may hold any number of files.
            yield in_trouble(name, "a folder too deep to be searched: move it up")
        else:
            yield from _walk(root, name, depth + 1)


def _raw(name: str, entry: "os.DirEntry[str]") -> Raw:
    if entry.is_symlink():
        return in_trouble(name, "a symbolic link is not followed: put the file itself there")
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError as error:
        return in_trouble(name, f"cannot be read: {error.strerror}; change its permissions")
    if not stat.S_ISREG(found.st_mode):
        return in_trouble(name, "a device, pipe or socket is no file: put a regular one there")
    time = datetime.fromtimestamp(int(found.st_mtime), UTC)
    return Raw(name, partial(_chunks, entry.path), time=time)


def _chunks(path: str) -> Iterator[bytes]:
    try:
        descriptor = os.open(path, _FLAGS)
        with open(descriptor, "rb", buffering=0) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Broken("is no regular file any more: import again")
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
    except OSError as error:
        raise Broken(f"cannot be read: {error.strerror}; change its permissions") from None
