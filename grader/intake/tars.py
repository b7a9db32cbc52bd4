"""The files of a tar as raw entries, in their order. Unpacks a chunk at a time, never back.

`tarfile` reads it from a stream that knows no way back and gives out no more than it may: an
extended header of any size, an offset below zero and a stream that never ends are errors.
A tar has no directory, so what comes after a fault cannot be reached, and this is said.
"""

import bz2
import gzip
import lzma
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import BinaryIO, cast

from grader.intake.limits import Limits, unpacked_limit
from grader.intake.raw import CHUNK_BYTES, Broken, Raw, Stopped, nothing

_BROKEN = (
    *(tarfile.TarError, EOFError, OSError, zlib.error, lzma.LZMAError),
    *(ValueError, ArithmeticError, RecursionError),
)
_OPENERS: dict[bytes, Callable[[BinaryIO], object]] = {
    b"\x1f\x8b": gzip.open,
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,
    b"]\0\0": lzma.LZMAFile,
}
_MAX_READ = 1_000_000
"""Nothing but an extended header is read at once, and no honest one is as large."""
_AGAIN = "download or pack the archive again"


class _Forward:
    """A stream of at most `limit` bytes that is read forward only."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        self._stream, self._limit, self._at = stream, limit, 0
        self.last = b""

    def read(self, count: int) -> bytes:
        if count > _MAX_READ:
            raise Broken(f"a header in it is larger than any honest one; {_AGAIN}")
        self.last = self._stream.read(count)
        self._at += len(self.last)
        if self._at > self._limit:
            raise Broken("it unpacks to far more than its size: leave out what is so large")
        return self.last

    def tell(self) -> int:
        return self._at

    def seek(self, position: int) -> None:
        if position < self._at:
            raise Broken(f"a header in it leads backwards; {_AGAIN}")
        while self._at < position and self.read(min(position - self._at, CHUNK_BYTES)):
            pass


def entries(file: BinaryIO, limits: Limits) -> Iterator[Raw | Stopped]:
    """Yield the files of a tar, compressed or not; each is to be read before the next."""
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    opened = next((opener for magic, opener in _OPENERS.items() if head.startswith(magic)), None)
    stream = _Forward(
        file if opened is None else cast(BinaryIO, opened(file)),
        size if opened is None else unpacked_limit(limits, size),
    )
    yield from _read(stream)


def _read(stream: _Forward) -> Iterator[Raw | Stopped]:
    try:
        archive = tarfile.TarFile(
            fileobj=cast(BinaryIO, stream), encoding="utf-8", errors="surrogateescape"
        )
    except _BROKEN:
        raise Broken("is neither a folder nor a zip nor a tar that can be read") from None
    with archive:
        try:
            while (entry := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined]  # or it keeps them all
                if not entry.isdir():
                    yield _raw(archive, entry)
        except Broken as error:
            yield Stopped(f"cannot be read to its end: {error}")
        except _BROKEN:
            yield Stopped(f"cannot be read to its end: it is damaged or cut off; {_AGAIN}")
        else:
            if not stream.last or stream.last.strip(b"\0"):
                yield Stopped(f"ends without its end mark: damaged; {_AGAIN}")


def _raw(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> Raw:
    trouble = _trouble(entry)
    chunks = nothing if trouble else partial(_chunks, archive, entry)
    return Raw(entry.name, chunks, time=_time(entry.mtime), trouble=trouble)


def _trouble(entry: tarfile.TarInfo) -> str | None:
    if entry.issym():
        return "a symbolic link is not followed: pack the file itself"
    if entry.islnk():
        return "a hard link is not followed: pack the file itself"
    if entry.issparse():
        return "a sparse file can claim any size: pack it as an ordinary one"
    if not entry.isreg():
        return "a device, pipe or socket is no file: leave it out of the archive"
    return None


def _time(seconds: float) -> datetime | None:
    with suppress(ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(int(seconds), UTC)
    return None


def _chunks(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> Iterator[bytes]:
    try:
        file = archive.extractfile(entry)
        while file is not None and (chunk := file.read(CHUNK_BYTES)):
            yield chunk
    except _BROKEN:
        raise Broken(f"is damaged or cut off; {_AGAIN}") from None
