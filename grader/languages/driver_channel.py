"""A driver's end of the channel to the judge: frames over file descriptors, whatever the language.

It runs in the box. What it needs is bound before any of the student's code runs, which may
replace it in its module.
"""

import os
from collections.abc import Callable, Iterable

from grader.sandbox import control

_read, _write = os.read, os.write
_unpack, _pack, _SIZE = control.HEADER.unpack_from, control.HEADER.pack, control.HEADER.size
_CHUNK = 1 << 12
"""Most frames are shorter, and room for more would be new pages for each."""


class Channel:
    """Frames over file descriptors. A reply carries the sequence of the last frame read.

    A frame is read in one piece where it comes in one: the judge sends the next only when it has
    the reply to this one, so that nothing else is there to be read.
    """

    def __init__(self, read_fd: int, write_fd: int, begun: bytes = b"") -> None:
        """`begun` is what has been read already."""
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._sequence = 0
        self._rest = begun

    def read(self) -> bytes | None:
        """Read the payload of the next frame; None when the judge has closed the channel."""
        data = self._rest or _read(self._read_fd, _CHUNK)
        while len(data) < _SIZE:
            more = _read(self._read_fd, _CHUNK)
            if not more:
                return None
            data += more
        self._sequence, length = _unpack(data)
        end = _SIZE + length
        while len(data) < end:
            more = _read(self._read_fd, end - len(data))
            if not more:
                break
            data += more
        self._rest = data[end:]
        return data[_SIZE:end]

    def reply(self, payload: bytes) -> None:
        data = _pack(self._sequence, len(payload)) + payload
        sent = _write(self._write_fd, data)
        while sent < len(data):
            sent += _write(self._write_fd, memoryview(data)[sent:])


def rehearse(serve: Callable[[Channel], None], payloads: Iterable[bytes]) -> None:
    """Have a driver answer a judge that has said all this at once, and hears nothing.

    Without a pipe: where a user has many of them open, a new one takes a page or two, and
    whoever fills it before anyone reads waits for ever.
    """
    frames = b"".join(_pack(0, len(each)) + each for each in payloads)
    nobody = os.open(os.devnull, os.O_RDWR)
    serve(Channel(nobody, nobody, frames))
    os.close(nobody)
