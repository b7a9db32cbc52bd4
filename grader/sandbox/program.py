"""A program that a confined child becomes by execve: its files, and the call, prepared.

Theory of operation. Most drivers run a submission inside the forked interpreter. One that hands
over to a program of its own (Node.js) makes an `Execution` in the zygote, before that is locked.
The child's filter allows execve with that object's three pointers and no others (see
`seccomp.program_policy`), so that the call has to be made with the very buffers it was prepared
with: `start` does. What may differ between children, the bound on the program's heap, is written
into its own argument's place beforehand.

A program's engine reserves far more address space than it uses, so that RLIMIT_AS cannot bound
it; RLIMIT_DATA counts what it has made writable. `data_bytes` is what it counts of the program
when that has just started, to be measured on the machine.
"""

import ctypes
import os
import struct
from collections.abc import Sequence

from grader.errors import SandboxError
from grader.sandbox import kernel

_ELF = b"\x7fELF\x02\x01"
"""64 bits, little-endian: all that the sandbox knows."""
_HEADER = struct.Struct("<32xQ14xHH")
"""Of the ELF header: where the program headers begin, the size of one and how many there are."""
_SEGMENT = struct.Struct("<I4xQ16xQ")
"""Of a program header: its type, then where in the file it is and how long."""
_INTERPRETER = 3
_HEAP_DIGITS = 8


def is_executable(path: str) -> bool:
    """Tell whether a file is a program for this kind of machine, not a script in front of one."""
    try:
        with open(path, "rb") as file:
            return file.read(len(_ELF)) == _ELF and os.access(path, os.X_OK)
    except OSError:
        return False


def interpreter_of(path: str) -> str | None:
    """Return the dynamic loader that a program names, None where it needs none."""
    with open(path, "rb") as file:
        start = file.read(64)
        if not start.startswith(_ELF):
            raise SandboxError(f"{path} is no program for a 64-bit machine")
        offset, size, count = _HEADER.unpack_from(start)
        for index in range(count):
            file.seek(offset + index * size)
            kind, place, length = _SEGMENT.unpack(file.read(_SEGMENT.size))
            if kind == _INTERPRETER:
                file.seek(place)
                return os.fsdecode(file.read(length).rstrip(b"\0"))
    return None


class Execution:
    """One execve, prepared: `pointers` are its arguments.

    `threads` is how many the program starts beside its main one.
    """

    def __init__(
        self,
        path: str,
        arguments: Sequence[str],
        *,
        heap_argument: str,
        environment: Sequence[str] = (),
        threads: int = 0,
        data_bytes: int = 0,
    ) -> None:
        self.path = path
        self.threads = threads
        self.data_bytes = data_bytes
        self._heap_argument = heap_argument
        self._path = _buffer(path)
        self._heap = _buffer(self._heap_text(0))
        # Each holds on to the buffers that it points to.
        self._arguments = _pointers([self._path, self._heap, *map(_buffer, arguments)])
        self._environment = _pointers([_buffer(each) for each in environment])
        self.pointers = (
            ctypes.addressof(self._path),
            ctypes.addressof(self._arguments),
            ctypes.addressof(self._environment),
        )
        self._execve = kernel.prepared("execve", *self.pointers)

    def size_heap(self, megabytes: int) -> None:
        """Bound the program's own heap. Meant for a child, before it calls `start`."""
        self._heap.value = self._heap_text(megabytes).encode()

    def start(self) -> None:
        """Become the program; returns only by the `OSError` that says why not."""
        if self._execve() == -1:
            raise kernel.last_error(f"execve {self.path}")

    def _heap_text(self, megabytes: int) -> str:
        return f"{self._heap_argument}{megabytes:0{_HEAP_DIGITS}}"


def _buffer(text: str) -> "ctypes.Array[ctypes.c_char]":
    return ctypes.create_string_buffer(os.fsencode(text))


def _pointers(buffers: "Sequence[ctypes.Array[ctypes.c_char]]") -> "ctypes.Array[ctypes.c_char_p]":
    """Return a null-terminated array of pointers, as execve takes it."""
    made = (ctypes.c_char_p * (len(buffers) + 1))()
    for index, buffer in enumerate(buffers):
        made[index] = ctypes.cast(buffer, ctypes.c_char_p)
    return made
