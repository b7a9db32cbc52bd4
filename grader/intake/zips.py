"""The files of a zip as raw entries, read by its directory. Unpacks a chunk at a time.

Not `zipfile`: that refuses a whole archive for one entry with a name that is no UTF-8, a
broken extra field or a version it does not know, cuts names at a NUL, keeps a directory of
any size in memory and unpacks bzip2 without a bound. Here each entry is judged by itself.
"""

import bz2
import re
import stat
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import BinaryIO, NamedTuple

from grader.intake.raw import CHUNK_BYTES, Broken, Raw, Stopped, nothing

_END = struct.Struct("<4s4H2LH")
_LOCATOR64 = struct.Struct("<4sLQL")
_END64 = struct.Struct("<4sQ2H2L4Q")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_MAX_COMMENT = 65535
_FULL = 0xFFFFFFFF
"""In a 32-bit field: the number is in the zip64 extra field."""
_ENCRYPTED, _UTF8 = 0x2041, 0x800
_AGAIN = "download or pack the archive again"


class _Directory(NamedTuple):
    start: int
    size: int
    shift: int
    """What stands before the archive in its file: a self-extractor's program."""


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    mode: int
    offset: int

    @property
    def is_folder(self) -> bool:
        return self.name.endswith(b"/")

    @property
    def end(self) -> int:
        """The first byte after it, at least."""
        return self.offset + _LOCAL.size + len(self.name) + self.packed


def entries(file: BinaryIO, most: int) -> Iterator[Raw | Stopped]:
    """Yield the files that the directory names, the first `most` + 1 of them at most."""
    directory = _directory(file)
    listed: list[_Entry] = []
    stopped = None
    try:
        for entry in _listed(file, directory):
            if not entry.is_folder or entry.size:
                listed.append(entry)
            if len(listed) > most:
                break
    except Broken as error:
        stopped = Stopped(str(error))
    shared = _shared(listed, directory.start)
    for index, entry in enumerate(listed):
        yield _raw(file, entry, index in shared)
    if stopped is not None:
        yield stopped


# --- The directory ---------------------------------------------------------------------------


def _directory(file: BinaryIO) -> _Directory:
    length = file.seek(0, 2)
    start = max(0, length - _END.size - _MAX_COMMENT)
    tail = _at(file, start, length - start)
    for found in reversed([match.start() for match in re.finditer(b"PK\5\6", tail)]):
        if found + _END.size > len(tail):
            continue
        *_, size, offset, comment = _END.unpack_from(tail, found)
        if found + _END.size + comment == len(tail):
            return _checked(*_directory64(file, start + found, size, offset))
    raise Broken(f"is no zip or was cut off: its directory is missing; {_AGAIN}")


def _directory64(file: BinaryIO, end: int, size: int, offset: int) -> tuple[int, int, int]:
    """Return where the directory ends, its size and its offset, by the zip64 record if any."""
    at = end - _LOCATOR64.size
    if at < 0 or not (locator := _at(file, at, _LOCATOR64.size)).startswith(b"PK\6\7"):
        return end, size, offset
    _, _, end64, _ = _LOCATOR64.unpack(locator)
    record = _at(file, end64, _END64.size) if end64 + _END64.size <= at else b""
    if not record.startswith(b"PK\6\6"):
        raise Broken(f"its zip64 directory is not where it should be; {_AGAIN}")
    *_, size, offset = _END64.unpack(record)
    return end64, size, offset


def _checked(end: int, size: int, offset: int) -> _Directory:
    start = end - size
    if start < 0 or start < offset:
        raise Broken(f"its directory is not where it should be; {_AGAIN}")
    return _Directory(start, size, start - offset)


def _listed(file: BinaryIO, directory: _Directory) -> Iterator[_Entry]:
    at, end = directory.start, directory.start + directory.size
    file.seek(at)
    while at < end:
        head = _exactly(file, _ENTRY.size)
        if not head.startswith(b"PK\1\2"):
            raise Broken(f"its directory is damaged from entry to entry; {_AGAIN}")
        fields = _ENTRY.unpack(head)
        *_, name, extra, comment = fields[:13]
        variable = _exactly(file, name + extra + comment)
        at += _ENTRY.size + len(variable)
        entry = _entry(fields, variable[:name], variable[name : name + extra])
        yield replace(entry, offset=entry.offset + directory.shift)


def _entry(fields: tuple[int, ...], name: bytes, extra: bytes) -> _Entry:
    _, _, _, flags, method, _, _, crc, packed, size, *_, attributes, offset = fields
    size, packed, offset = _wide(extra, size, packed, offset)
    return _Entry(name, flags, method, crc, packed, size, attributes >> 16, offset)


def _wide(extra: bytes, *numbers: int) -> tuple[int, ...]:
    """Replace each number that is full by its 64-bit one in the extra field, in this order."""
    wide = iter(struct.iter_unpack("<Q", _zip64(extra)))
    return tuple(next(wide, (n,))[0] if n == _FULL else n for n in numbers)


def _zip64(extra: bytes) -> bytes:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            data = extra[at + 4 : at + 4 + size]
            return data[: len(data) // 8 * 8]
        at += 4 + size
    return b""


def _shared(listed: list[_Entry], directory_start: int) -> set[int]:
    """Return the entries whose bytes are another's too: a small file could unpack to any size."""
    order = sorted(range(len(listed)), key=lambda index: listed[index].offset)
    found = {index for index in order if listed[index].end > directory_start}
    furthest = order[0] if order else 0
    for index in order[1:]:
        if listed[index].offset < listed[furthest].end:
            found |= {furthest, index}
        if listed[index].end > listed[furthest].end:
            furthest = index
    return found


# --- One entry -------------------------------------------------------------------------------


def _raw(file: BinaryIO, entry: _Entry, shared: bool) -> Raw:
    name, misnamed = _name(entry)
    trouble = misnamed or _trouble(entry, shared)
    # Its time has no zone, so it says nothing that could be compared.
    chunks = nothing if trouble else partial(_chunks, file, entry)
    return Raw(name, chunks, packed=entry.packed, trouble=trouble)


def _name(entry: _Entry) -> tuple[str, str | None]:
    """Decode as the flag says; macOS writes UTF-8 without it, everybody else cp437."""
    try:
        return entry.name.decode("utf-8"), None
    except UnicodeDecodeError:
        if not entry.flags & _UTF8:
            return entry.name.decode("cp437"), None
        shown = entry.name.decode("utf-8", "replace")
        return shown, f"the name is marked as UTF-8 and is not: rename the file, {_AGAIN}"


def _trouble(entry: _Entry, shared: bool) -> str | None:
    kind = stat.S_IFMT(entry.mode)
    if stat.S_ISLNK(entry.mode):
        return "a symbolic link is not followed: pack the file itself"
    if kind not in (0, stat.S_IFREG):
        return "a device, pipe or socket is no file: leave it out of the archive"
    if entry.is_folder:
        return f"it is called a folder and has content, so that its name was cut off; {_AGAIN}"
    if entry.flags & _ENCRYPTED:
        return "encrypted: pack the files without a password"
    if shared:
        return f"its bytes overlap with another member's, as in a zip bomb; {_AGAIN}"
    if entry.method not in _UNPACKERS:
        return f"compressed by method {entry.method}: pack it by deflate, as is usual"
    return None


def _chunks(file: BinaryIO, entry: _Entry) -> Iterator[bytes]:
    """Unpack one entry; at its end its length and checksum must be what the directory says."""
    crc = size = 0
    try:
        for chunk in _UNPACKERS[entry.method](_packed(file, entry)):
            crc, size = zlib.crc32(chunk, crc), size + len(chunk)
            yield chunk
    except (zlib.error, OSError, EOFError, ValueError):
        raise Broken(f"is damaged: its data cannot be unpacked; {_AGAIN}") from None
    if (crc, size) != (entry.crc, entry.size):
        raise Broken(f"is damaged: length or checksum differ from what is said; {_AGAIN}")


def _packed(file: BinaryIO, entry: _Entry) -> Iterator[bytes]:
    file.seek(entry.offset)
    *_, name, extra = fields = _LOCAL.unpack(_exactly(file, _LOCAL.size))
    if fields[0] != b"PK\3\4" or _exactly(file, name) != entry.name:
        raise Broken(f"its name is another in its header than in the directory; {_AGAIN}")
    _exactly(file, extra)
    left = entry.packed
    while left:
        chunk = _exactly(file, min(left, CHUNK_BYTES))
        left -= len(chunk)
        yield chunk


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    for data in packed:
        while data:
            yield engine.decompress(data, CHUNK_BYTES)
            data = engine.unconsumed_tail
    yield engine.flush()
    if not engine.eof:
        raise EOFError


def _bunzipped(packed: Iterator[bytes]) -> Iterator[bytes]:
    engine = bz2.BZ2Decompressor()
    for data in packed:
        yield engine.decompress(data, CHUNK_BYTES)
        while not engine.needs_input and not engine.eof:
            yield engine.decompress(b"", CHUNK_BYTES)
    if not engine.eof:
        raise EOFError


_UNPACKERS: dict[int, Callable[[Iterator[bytes]], Iterator[bytes]]] = {
    0: iter,
    8: _inflated,
    12: _bunzipped,
}


def _at(file: BinaryIO, position: int, count: int) -> bytes:
    file.seek(position)
    return _exactly(file, count)


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise Broken(f"is cut off; {_AGAIN}")
    return data
