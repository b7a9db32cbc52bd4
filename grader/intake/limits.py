"""How much a source may hold, counted as it is read. Pure; headers are never believed."""

from collections.abc import Iterable
from dataclasses import dataclass

from grader.intake.raw import Broken

MEMBERS = 250_000
MEMBER_BYTES = 16_000_000
"""A source over 1 MB is judged to be too large; this much of one is kept so that it can be."""
TOTAL_BYTES = 4_000_000_000
RATIO = 200
"""Bytes out per byte in. Text that people write shrinks to a fifth, a log to a fiftieth."""
FREE_BYTES = 1_000_000
"""What may be unpacked whatever the ratio: too little to hurt, and tiny files shrink oddly."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one source may hold."""

    members: int = MEMBERS
    member_bytes: int = MEMBER_BYTES
    total_bytes: int = TOTAL_BYTES
    ratio: int = RATIO
    free_bytes: int = FREE_BYTES


@dataclass(slots=True)
class Budget:
    """What is left of the limits while a source is read."""

    limits: Limits
    kept: int = 0

    def collect(self, chunks: Iterable[bytes], packed: int | None) -> bytes:
        """Join the chunks of one member; `Broken` at the first byte that is too many."""
        data = bytearray()
        for chunk in chunks:
            data += chunk
            if excess := self._excess(len(data), packed):
                raise Broken(excess)
        self.kept += len(data)
        return bytes(data)

    def _excess(self, size: int, packed: int | None) -> str | None:
        limits = self.limits
        if size > limits.member_bytes:
            return f"larger than {_bytes(limits.member_bytes)}: hand in only the code"
        if packed is not None and size > max(limits.free_bytes, limits.ratio * packed):
            return f"unpacks to over {limits.ratio} times its size, as a bomb: pack only the code"
        if self.kept + size > limits.total_bytes:
            return f"the files are over {_bytes(limits.total_bytes)} in all: import them in parts"
        return None


def unpacked_limit(limits: Limits, packed: int) -> int:
    """Return the most that a whole compressed stream of `packed` bytes may unpack to."""
    room = max(limits.ratio * packed, 4 * limits.member_bytes)
    return min(room, 2 * limits.total_bytes)


def _bytes(count: int) -> str:
    for unit, size in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if count >= size:
            return f"{count / size:g} {unit}"
    return f"{count} bytes"
