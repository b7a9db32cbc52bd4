"""Values cross the boundary exactly; forged bytes are refused, quickly and in one way."""

import datetime
import decimal
import fractions
import math
import struct
from array import array
from collections import OrderedDict, defaultdict, deque, namedtuple
from enum import Enum, IntEnum

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.values import (
    DecodeLimits,
    Excess,
    Malformed,
    Opaque,
    TooLarge,
    decode,
    decode_trusted,
    encode,
    encode_trusted,
    encodes_to,
    walk,
)

DTYPES = [f"<{name}" for name in ("i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")]
numbers = (
    st.booleans()
    | st.integers()
    | st.integers(min_value=-(2**300), max_value=2**300)
    | st.floats()
    | st.complex_numbers()
)
keys = st.none() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]))
leaves = (
    numbers
    | keys
    | st.binary()
    | st.sampled_from([*DTYPES, "<c8", "<c16", "?"]).flatmap(
        lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=4))
    )
    | st.sampled_from(DTYPES).flatmap(lambda dtype: hnp.from_dtype(np.dtype(dtype)))
)
plain = st.recursive(
    leaves,
    lambda children: (
        st.lists(children, max_size=4)
        | st.lists(children, max_size=4).map(tuple)
        | st.dictionaries(keys, children, max_size=4)
        | st.sets(keys, max_size=4)
        | st.frozensets(keys | st.tuples(keys, keys), max_size=4)
    ),
    max_leaves=20,
)


def same(desired, actual):
    """Equal in type and in every bit, at every depth."""
    if type(desired) is not type(actual):
        return False
    if isinstance(desired, list | tuple):
        return len(desired) == len(actual) and all(map(same, desired, actual))
    if isinstance(desired, dict):
        return same(list(desired.items()), list(actual.items()))
    if isinstance(desired, float) and not isinstance(desired, np.generic):
        return struct.pack("<d", desired) == struct.pack("<d", actual)
    if isinstance(desired, complex) and not isinstance(desired, np.generic):
        return same([desired.real, desired.imag], [actual.real, actual.imag])
    if isinstance(desired, np.ndarray | np.generic):
        bytes_equal = desired.tobytes() == actual.tobytes()
        return desired.dtype == actual.dtype and desired.shape == actual.shape and bytes_equal
    return desired == actual


@given(plain)
def test_a_value_comes_back_with_its_types_and_bits(value):
    data = encode(value)
    assert same(value, decode(data))
    assert same(value, decode_trusted(data))
    assert encodes_to(data, decode(data))
    assert data == encode_trusted(decode(data))


@pytest.mark.parametrize(
    "value", [-0.0, math.inf, -math.inf, math.nan, 5e-324, 2**63, 2**64, -(2**63) - 1, 10**400]
)
def test_numbers_at_the_edges_are_exact(value):
    assert same(value, decode(encode(value)))


def test_an_array_of_another_byte_order_keeps_its_numbers():
    desired = [1, 2, 300]
    actual = decode(encode(np.array(desired, dtype=">i4")))
    assert desired == actual.tolist()
    assert actual.flags.writeable


def test_equal_sets_have_equal_bytes_however_they_were_built():
    assert encode({1, 2, "a", 1 << 40}) == encode({1 << 40, "a", 2, 1})


class Own(float):
    """A number of the student's own."""

    def __float__(self):
        raise AssertionError("the student's code was run")

    __reduce__ = __repr__ = __eq__ = __float__
    __hash__ = None


class Meta(type):
    def __hash__(cls):
        raise AssertionError("the student's code was run")

    def __eq__(cls, other):
        raise AssertionError("the student's code was run")


class OfMeta(metaclass=Meta):
    @property
    def __class__(self):
        raise AssertionError("the student's code was run")

    def __array__(self):
        raise AssertionError("the student's code was run")


Colour = IntEnum("Colour", "RED")
Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (decimal.Decimal(1), "Decimal"),
        (fractions.Fraction(1, 2), "Fraction"),
        (datetime.date(2020, 1, 1), "date"),
        (lambda: 0, "function"),
        (print, "built-in function"),
        ((n for n in ()), "generator"),
        (math, "module"),
        (int, "class"),
        (range(3), "range"),
        (np.str_("a"), "str_"),
        (np.datetime64("2020-01-01"), "datetime64"),
        (np.array([None]), "array of objects"),
        (np.array(["a"]), "array of strings"),
        (np.array([(1, 2.0)], dtype="i4,f8"), "structured array"),
        (np.ma.array([1.0]), "MaskedArray"),
        (Colour.RED, "object"),
        (Opaque("a text of the student's own"), "object"),
    ],
    ids=lambda value: value if type(value) is str else "",
)
def test_what_is_not_plain_data_crosses_as_its_kind_only(value, kind):
    assert Opaque(kind) == decode(encode(value))
    assert [Opaque(kind)] == decode(encode([value]))


def test_no_code_of_the_value_itself_is_run():
    for evil in (Own(1), OfMeta(), OfMeta):
        assert Opaque("object") == decode(encode(evil))
        assert [Opaque("object")] == decode(encode([evil]))


def test_a_memoryview_with_gaps_is_no_fault_of_the_encoder():
    assert decode(encode(memoryview(b"abcd")[::2])) == Opaque("object")


def _nested(depth):
    value = []
    for _ in range(depth - 1):
        value = [value]
    return value


def _cycle():
    value = []
    value.append(value)
    return value


def _doubling():
    value = []
    for _ in range(60):
        value = [value, value]
    return value


def HUGE():  # noqa: N802 (stands for a value that pytest cannot print)
    return 1 << (1 << 20)


@pytest.mark.parametrize(
    ("value", "excess"),
    [
        ([0.0] * 200_001, Excess.ITEMS),
        (_doubling(), Excess.ITEMS),
        (_nested(65), Excess.DEPTH),
        (_cycle(), Excess.DEPTH),
        ("x" * (1 << 20), Excess.BYTES),
        (["x" * 100_000] * 100_000, Excess.BYTES),
        (np.zeros(1 << 18), Excess.BYTES),
        ([1.0] * 150_000, Excess.BYTES),
        (np.broadcast_to(1.0, (1 << 20, 1 << 20)), Excess.BYTES),
        (np.zeros((0, 1 << 40)), Excess.ITEMS),
        (dict.fromkeys(range(5000)), Excess.KEYS),
        (HUGE, Excess.INTEGER),
    ],
)
def test_a_value_over_a_bound_is_refused_before_it_is_packed(value, excess):
    with pytest.raises(TooLarge) as caught:
        encode(value() if value is HUGE else value)
    assert excess == caught.value.excess


def test_the_bounds_themselves_are_within():
    for value in (_nested(64), [0] * 199_999, {str(n): 0 for n in range(50_000)}):
        assert value == decode(encode(value))


def test_a_changed_value_no_longer_encodes_to_its_bytes():
    data = encode(([1, 2.0], np.zeros(2)))
    for change in (
        lambda args: args[0].append(3),
        lambda args: args[0].__setitem__(0, True),
        lambda args: args[0].__setitem__(1, 2),
        lambda args: args[1].__setitem__(0, -0.0),
        lambda args: args[0].append(args[0]),
        lambda args: args[0].append(object()),
    ):
        args = decode_trusted(data)
        assert encodes_to(data, args)
        change(args)
        assert not encodes_to(data, args)


def _extension(code, payload):
    return msgpack.packb(msgpack.ExtType(code, payload))


ARRAY = 7
MARK_TUPLE, MARK_SET = _extension(1, b""), _extension(2, b"")


def _array(code, shape, data):
    return _extension(ARRAY, struct.pack(f"<BB{len(shape)}Q", code, len(shape), *shape) + data)


def _colliding(count):
    """Integers whose hashes are all 0: a dict of them takes quadratic time."""
    return [k * ((1 << 61) - 1) for k in range(1, count + 1)]


FORGED = {
    "nothing": b"",
    "cut within a float": b"\xcb\x00",
    "cut within a string": b"\xd9\xffabc",
    "cut within a header": b"\xdd\x00",
    "more after the value": b"\x00\x00",
    "a reserved byte": b"\xc1",
    "an array that claims 4 G items": b"\xdd\xff\xff\xff\xff",
    "nested arrays that claim 100 000 items each": b"\xdd\x00\x01\x86\xa0" * 60,
    "a map that claims 4 G keys": b"\xdf\xff\xff\xff\xff",
    "100 000 levels": b"\x91" * 100_000 + b"\xc0",
    "bad UTF-8": b"\xa1\xff",
    "a list as key": b"\x81\x90\x00",
    "a key twice": b"\x82\x01\x00\x01\x00",
    "a key twice, of two types": b"\x82\x01\x00\xc3\x00",
    "a value twice in a set": b"\x93" + MARK_SET + b"\x01\x01",
    "a dict in a set": b"\x92" + MARK_SET + b"\x80",
    "a marker alone": MARK_TUPLE,
    "a marker in second place": b"\x92\x00" + MARK_TUPLE,
    "a marker that is not empty": b"\x91" + _extension(1, b"x"),
    "a timestamp": msgpack.packb(msgpack.Timestamp(0)),
    "an unknown extension": _extension(99, b""),
    "an integer of no bytes": _extension(5, b""),
    "an endless integer": _extension(5, b"\x01" * 20_000),
    "half a complex number": _extension(4, b"\x00" * 8),
    "a scalar without dtype": _extension(6, b""),
    "a scalar of unknown dtype": _extension(6, b"\xff\x00"),
    "a scalar without bytes": _extension(6, b"\x01"),
    "two scalars in one": _extension(6, b"\x01\x01\x01"),
    "a boolean scalar 2": _extension(6, b"\x00\x02"),
    "an array without header": _extension(ARRAY, b"\x00"),
    "an array without shape": _extension(ARRAY, b"\x00\x02\x00"),
    "an array of an unknown dtype": _array(200, (0,), b""),
    "an array with too few bytes": _array(1, (3,), b"\x00\x00"),
    "an array whose shape overflows": _array(1, (1 << 63, 2), b""),
    "an empty array with a huge side": _array(1, (0, 1 << 40), b""),
    "an array of 200 dimensions": _array(1, (1,) * 200, b"\x00"),
    "an array of booleans 2": _array(0, (1,), b"\x02"),
    "300 keys with one hash": b"\xde\x01\x2c"
    + b"".join(encode(key) + b"\x00" for key in _colliding(300)),
    "9000 integer keys": b"\xde\x23\x28" + b"".join(encode(n) + b"\x00" for n in range(9000)),
}


@pytest.mark.parametrize("data", FORGED.values(), ids=FORGED.keys())
def test_forged_bytes_are_malformed(data):
    with pytest.raises(Malformed):
        decode(data)


def test_keys_in_many_dicts_add_up():
    small = b"\xde\x04\x00" + b"".join(encode(n) + b"\x00" for n in range(1024))
    assert len(decode(b"\x94" + small * 4)) == 4
    with pytest.raises(Malformed):
        decode(b"\x95" + small * 5)


def test_an_unknown_kind_of_opaque_says_nothing():
    assert Opaque("object") == decode(_extension(8, b"<script>"))
    assert Opaque("object") == decode(_extension(8, b"\xff\xfe"))


@given(st.binary(max_size=300))
def test_random_bytes_are_a_value_or_malformed(data):
    _decode_or_malformed(data)


@given(plain, st.data())
@settings(max_examples=200)
def test_damaged_bytes_are_a_value_or_malformed(value, data):
    good = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(good)))
    _decode_or_malformed(bytes(good))
    _decode_or_malformed(bytes(good[:cut]))


def _decode_or_malformed(data):
    try:
        value = decode(data)
    except Malformed:
        return
    encode(value)


@given(plain)
def test_the_walk_ends_where_every_value_ends(value):
    data = encode(value)
    walk(data, DecodeLimits())
    for damaged in (data[:-1], data + b"\x00"):
        with pytest.raises(Malformed):
            walk(damaged, DecodeLimits())


@pytest.mark.parametrize(
    ("limits", "value"),
    [
        (DecodeLimits(max_bytes=10), "x" * 10),
        (DecodeLimits(max_items=10), [0] * 10),
        (DecodeLimits(max_depth=3), _nested(4)),
    ],
)
def test_the_limits_hold(limits, value):
    with pytest.raises(Malformed):
        decode(encode(value), limits)


class Key(str, Enum):  # noqa: UP042 (StrEnum has another str())
    WEIGHT = "weight"


class Numbers(list):
    """A list whose own methods lie."""

    def __iter__(self):
        raise RuntimeError("never asked")

    def __len__(self):
        raise RuntimeError("never asked")

    __getitem__ = __len__


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Point(1, 2), (1, 2)),
        (Numbers([1.0, 2.0]), [1.0, 2.0]),
        (deque([1.5, 2.5]), [1.5, 2.5]),
        (array("d", [1.5, 2.5]), [1.5, 2.5]),
        (OrderedDict(weight=1.0), {"weight": 1.0}),
        (defaultdict(float, bias=2.0), {"bias": 2.0}),
        ({Key.WEIGHT: 1.0, "bias": 2.0}, {"weight": 1.0, "bias": 2.0}),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_container_of_a_nearly_plain_kind_crosses_as_what_it_holds(value, plain):
    decoded = decode(encode(value))
    assert plain == decoded
    assert type(plain) is type(decoded)


def test_inside_another_it_is_still_its_kind():
    assert [Opaque("deque")] == decode(encode([deque([1.0])]))


def test_keys_that_are_no_plain_values_accuse_nobody():
    assert Opaque("object") == decode(encode({object(): 1, object(): 2}))
    assert {Opaque("object"): 1} == decode(encode({object(): 1}))


def test_a_nearly_plain_container_is_measured_like_any_other():
    with pytest.raises(TooLarge):
        encode(deque(range(300_000)))
