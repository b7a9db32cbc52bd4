"""What a submission finds around it in the box: streams, built-ins, seeded randomness.

The submission gets a copy of the built-ins as its own: a file that replaces `len` or
`print` breaks itself and not the driver, which shares the process.
"""

import builtins
import io
import itertools
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import shake_128
from types import ModuleType
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import numpy.random
import numpy.random.bit_generator

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_flush = io.TextIOWrapper.flush
_STREAMS = ("stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__")


class Prints(io.RawIOBase):
    """What the submission prints, in bytes. Made before any fork, as it costs 45 page faults."""

    def __init__(self) -> None:
        self._left = 0
        self._on_overflow: Callable[[], object] | None = None
        self._parts: list[bytes] = []
        # Its buffer of 8 KiB spares a Python call per print; `take` empties it.
        raw: Any = self  # typeshed asks for more of a raw stream than the wrapper does
        self.text = io.TextIOWrapper(raw, "utf-8", "backslashreplace", newline="\n")

    def allow(self, limit: int, on_overflow: Callable[[], NoReturn]) -> None:
        """Take `limit` bytes in all, beyond which `on_overflow` is called."""
        self._left = limit
        self._on_overflow = on_overflow

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer") -> int:
        copied = bytes(data)
        self._left -= len(copied)
        if self._left < 0 and self._on_overflow is not None:
            self._on_overflow()
        self._parts.append(copied)
        return len(copied)

    def take(self) -> bytes:
        """Return what was printed since the last call."""
        with suppress(ValueError):  # the submission closed or detached it
            _flush(self.text)
        if not self._parts:
            return b""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


@contextmanager
def surroundings(prints: Prints, seed: bytes) -> Iterator[None]:
    """Give a submission its surroundings, and take them away again (which only `warm` needs)."""
    saved = {name: getattr(sys, name) for name in _STREAMS}
    saved_filters, saved_entropy = warnings.filters, _source_of_entropy.randbits
    try:
        _replace_streams(prints.text)
        sys.modules["builtins"] = _OWN_BUILTINS
        # numpy warns of an overflow on stderr: that is not something the student printed.
        warnings.filters = [("ignore", None, Warning, None, 0)]
        _seed(seed)
        _source_of_entropy.randbits = _entropy(seed)
        yield
    finally:
        for name, stream in saved.items():
            setattr(sys, name, stream)
        sys.modules["builtins"] = builtins
        warnings.filters, _source_of_entropy.randbits = saved_filters, saved_entropy


def _replace_streams(text: TextIO) -> None:
    for name in _STREAMS:
        setattr(sys, name, _NOTHING if "stdin" in name else text)


def _copy_of_builtins() -> ModuleType:
    copy = ModuleType("builtins", builtins.__doc__)
    copy.__dict__.update(builtins.__dict__)
    # `exit` and `quit` come from the site module, which the box does not load.
    copy.__dict__.update(input=_no_input, exit=sys.exit, quit=sys.exit)
    return copy


def _no_input(_prompt: object = "", /) -> NoReturn:
    raise EOFError("input() has nothing to read: the values come as the function's arguments")


_NOTHING = io.TextIOWrapper(io.BytesIO())
_OWN_BUILTINS = _copy_of_builtins()
"""Made before any fork, whose memory is its own: each process serves one submission only."""


def _seed(seed: bytes) -> None:
    random.seed(seed)
    # Drawn, not hashed: the hash is OpenSSL's, and its first use costs 22 page faults.
    numpy.random.seed(random.getrandbits(32))


_source_of_entropy: Any = numpy.random.bit_generator
"""The module whose `randbits` is all that `numpy.random.default_rng()` starts from."""


def _entropy(seed: bytes) -> Callable[[int], int]:
    calls = itertools.count()

    def randbits(bits: int) -> int:
        size = -(-bits // 8)
        digest = shake_128(seed + next(calls).to_bytes(8, "little")).digest(size)
        return int.from_bytes(digest, "little") >> (8 * size - bits)

    return randbits
