"""A driver's end of the channel to the judge: frames over file descriptors, whatever the language.

It runs in the box. What it needs is bound before any of the student's code runs, which may
replace it in its module.
"""

import os

from grader.sandbox import control

_read, _write = os.read, os.write


class Channel:
    """Frames over file descriptors. A reply carries the sequence of the last frame read."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._sequence = 0

    def read(self) -> bytes | None:
        """Read the payload of the next frame; None when the judge has closed the channel."""
        header = self._read_exactly(control.HEADER.size)
        if len(header) < control.HEADER.size:
            return None
        self._sequence, length = control.HEADER.unpack(header)
        return self._read_exactly(length)

    def reply(self, payload: bytes) -> None:
        rest = memoryview(control.HEADER.pack(self._sequence, len(payload)) + payload)
        while rest:
            rest = rest[_write(self._write_fd, rest) :]

    def _read_exactly(self, size: int) -> bytes:
        data = _read(self._read_fd, size)
        while len(data) < size:
            more = _read(self._read_fd, size - len(data))
            if not more:
                break
            data += more
        return data
