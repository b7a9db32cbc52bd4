"""Plain values as bytes: what crosses between the judge and the box, and nothing else.

msgpack, with extension types for what it lacks: tuple, set, frozenset, complex, integers
beyond 64 bits, numpy scalars and arrays. NaN, infinities and -0.0 are exact; a value comes
back with the type that it had, except that bytearray and memoryview come back as bytes and
a lone surrogate in a string as its escape. Whatever is not plain data (a generator, a
Decimal, a subclass of int) travels as `Opaque(kind)`: its kind, never its content.

Nothing here calls a method that a value's own class could define: exact types are looked
up by identity. Nothing here unpickles, evaluates or imports. It runs on both sides, so it
needs the standard library, numpy and msgpack only; and what it uses of them is bound by name,
for in the box a submission may replace it in its module.

How it works. A tuple or set is an array whose first element is an empty extension (a
marker), so that encoding is one pass of the C packer and needs no nested payloads.
`encode` measures a value before it packs it. `decode` reads bytes that a student may have
forged: `walk` first goes over the headers alone and bounds bytes, items and depth, because
an unpacker allocates what a header claims; and the keys of dicts and sets are bounded
before they are put in, because integers with equal hashes make a dict quadratic.
"""

from grader.values.decoder import decode, decode_trusted
from grader.values.encoder import encode, encode_trusted, encodes_to
from grader.values.headers import walk
from grader.values.limits import DecodeLimits, Excess, Malformed, TooLarge
from grader.values.opaque import Opaque

__all__ = [
    "DecodeLimits",
    "Excess",
    "Malformed",
    "Opaque",
    "TooLarge",
    "decode",
    "decode_trusted",
    "encode",
    "encode_trusted",
    "encodes_to",
    "walk",
]
