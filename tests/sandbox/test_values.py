"""Attacks by what is returned: classes that answer for themselves, deep, huge and odd values.

`accepted_naively` compares as most judges would, in the process where the value lives: there an
evil class decides about its own mark. Over the box's boundary only plain values come.
"""

import json
from collections.abc import Callable

import numpy as np
import pytest

from grader.compare import compare
from grader.runner import Run
from grader.spec import Tolerance
from grader.values import Opaque
from grader.verdict import Verdict

DESIRED = 3.25

EVIL = {
    "equal to everything": "class Evil:\n"
    "    def __eq__(self, other): return True\n"
    "    def __sub__(self, other): return 0.0\n"
    "    __rsub__ = __sub__\n"
    "def attack(value): return Evil()\n",
    "a float that is equal": "class Evil(float):\n"
    "    def __eq__(self, other): return True\n"
    "    def __sub__(self, other): return 0.0\n"
    "    __rsub__ = __sub__\n"
    "def attack(value): return Evil(0)\n",
    "an int that is equal": "class Evil(int):\n"
    "    def __eq__(self, other): return True\n"
    "    def __sub__(self, other): return 0.0\n"
    "    __rsub__ = __sub__\n"
    "def attack(value): return Evil(0)\n",
    "a complex number that is equal": "class Evil(complex):\n"
    "    def __eq__(self, other): return True\n"
    "    def __sub__(self, other): return 0.0\n"
    "def attack(value): return Evil(0)\n",
    "small whatever it is": "class Evil(float):\n"
    "    def __sub__(self, other): return self\n"
    "    def __abs__(self): return self\n"
    "    def __le__(self, other): return True\n"
    "def attack(value): return Evil(0)\n",
    "an array that is equal": "import numpy as np\nclass Evil(np.ndarray):\n"
    "    def __eq__(self, other): return True\n"
    "    def __sub__(self, other): return 0.0\n"
    "    __rsub__ = __sub__\n"
    "def attack(value): return np.zeros(()).view(Evil)\n",
    "an array of evil objects": "import numpy as np\nclass Evil:\n"
    "    def __eq__(self, other): return True\n"
    "    def __sub__(self, other): return 0.0\n"
    "def attack(value): return np.array(Evil(), dtype=object)[()]\n",
    "above ufuncs": "class Evil:\n    __array_priority__ = 1e9\n"
    "    def __array_ufunc__(self, *args, **kwargs): return True\n"
    "    def __eq__(self, other): return True\n"
    "    def __sub__(self, other): return 0.0\n"
    "def attack(value): return Evil()\n",
    "a mock": "from unittest.mock import MagicMock, ANY\ndef attack(value): return ANY\n",
}

REFUSED = {
    "a float subclass": "class Evil(float):\n    def __float__(self): raise SystemExit(0)\n"
    "def attack(value): return Evil(3.25)\n",
    "__float__ only": "class Evil:\n    def __float__(self): return 3.25\n"
    "def attack(value): return Evil()\n",
    "__index__ that leaves": "class Evil:\n    def __index__(self): raise SystemExit(0)\n"
    "def attack(value): return Evil()\n",
    "__array__": "import numpy as np\nclass Evil:\n"
    "    def __array__(self, *args, **kwargs): return np.array(3.25)\n"
    "def attack(value): return Evil()\n",
    "an array interface that points at nothing": "class Evil:\n"
    "    __array_interface__ = {'version': 3, 'shape': (9,), 'typestr': '<f8', 'data': (1, True)}\n"
    "def attack(value): return Evil()\n",
    "__reduce__": "class Evil:\n    def __reduce__(self): return exec, ('import os; os._exit(0)',)\n"
    "def attack(value): return Evil()\n",
    "__class__ that lies": "class Evil:\n    __class__ = float\n    def __float__(self): return 3.25\n"
    "def attack(value): return Evil()\n",
    "a Decimal": "from decimal import Decimal\ndef attack(value): return Decimal('3.25')\n",
    "a Fraction": "from fractions import Fraction\ndef attack(value): return Fraction(13, 4)\n",
    "a text": "def attack(value): return '3.25'\n",
    "a bool": "def attack(value): return True\n",
    "a complex number": "def attack(value): return 3.25 + 0j\n",
    "an array of one": "import numpy as np\ndef attack(value): return np.array([3.25])\n",
    "a list of one": "def attack(value): return [3.25]\n",
    "an array of objects": "import numpy as np\n"
    "def attack(value): return np.array([3.25, None], dtype=object)\n",
    "a record": "import numpy as np\ndef attack(value): return np.zeros(1, dtype='f8,O')[0]\n",
    "a masked array": "import numpy as np\n"
    "def attack(value): return np.ma.masked_array([3.25], mask=[True])\n",
    "an array over freed memory": "import ctypes, numpy as np\nclass Evil(np.ndarray): pass\n"
    "def attack(value): return Evil((1,), buffer=bytearray(8))\n",
    "a function": "def attack(value): return attack\n",
    "a module": "import sys\ndef attack(value): return sys\n",
    "a generator": "def attack(value): return (3.25 for _ in '1')\n",
    "a coroutine": "async def attack(value): return 3.25\n",
    "nothing": "def attack(value): pass\n",
    "not a number": "def attack(value): return float('nan')\n",
    "infinity": "def attack(value): return float('inf')\n",
    "an exception": "def attack(value): return ValueError('3.25')\n",
    "a class": "class Evil: pass\ndef attack(value): return Evil\n",
}

TOO_MUCH = {
    "a list in itself": "def attack(value):\n    a = []\n    a.append(a)\n    return a\n",
    "a dict in itself": "def attack(value):\n    a = {}\n    a['a'] = a\n    return a\n",
    "100 000 deep": "def attack(value):\n    for _ in range(100_000): value = [value]\n    return value\n",
    "100 deep, tuples": "def attack(value):\n    for _ in range(100): value = (value,)\n    return value\n",
    "a million items": "def attack(value): return [0] * 1_000_000\n",
    "a billion times the same list": "def attack(value):\n"
    "    for _ in range(30): value = [value, value]\n    return value\n",
    "16 MB of text": "def attack(value): return 'x' * (16 << 20)\n",
    "16 MB of bytes": "def attack(value): return bytes(16 << 20)\n",
    "16 MB of array": "import numpy as np\ndef attack(value): return np.zeros(2 << 20)\n",
    "an array without bytes": "import numpy as np\n"
    "def attack(value): return np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 20, 1 << 10), (0, 0))\n",
    "an integer of a million bits": "def attack(value): return 1 << 1_000_000\n",
}


def accepted_naively(source: str) -> bool:
    """Whether a judge would take the value that compares it where it lives."""
    namespace: dict[str, Callable[[int], object]] = {}
    exec(source, namespace)
    value = namespace["attack"](1)
    difference: object = value - DESIRED if hasattr(value, "__sub__") else None  # type: ignore[operator]
    return bool(value == DESIRED or abs(difference) <= 1e-9)  # type: ignore[arg-type]


def accepted(value: object) -> bool:
    return compare(value, DESIRED, abs(DESIRED), Tolerance()) is None


@pytest.mark.parametrize("source", EVIL.values(), ids=EVIL)
def test_a_value_does_not_decide_about_itself(source: str, run: Callable[..., Run]) -> None:
    assert accepted_naively(source)
    case = run(source, 1).cases[0]
    assert case.verdict is None
    assert not accepted(case.value)


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_only_a_plain_number_is_a_number(source: str, run: Callable[..., Run]) -> None:
    case = run(source, 1).cases[0]
    assert case.verdict is None
    assert not accepted(case.value)


def test_honest_numbers_of_any_kind_are_accepted(run: Callable[..., Run]) -> None:
    """What the tests above refuse is refused for what it is, not for want of a comparison."""
    for honest in ("3.25", "np.float32(3.25)", "np.array(3.25)", "np.longdouble(3.25)"):
        source = f"import numpy as np\ndef attack(value): return {honest}\n"
        assert accepted(run(source, 1).cases[0].value), honest


@pytest.mark.parametrize("source", TOO_MUCH.values(), ids=TOO_MUCH)
def test_a_value_without_bounds_is_too_much(source: str, run: Callable[..., Run]) -> None:
    case = run(source, 1).cases[0]
    assert case.verdict in (Verdict.OUTPUT_LIMIT_EXCEEDED, Verdict.MEMORY_LIMIT_EXCEEDED)


def test_values_without_bounds_break_a_naive_reader() -> None:
    namespace: dict[str, Callable[[object], object]] = {}
    for name in ("a list in itself", "a dict in itself", "100 000 deep"):
        exec(TOO_MUCH[name], namespace)
        with pytest.raises((ValueError, RecursionError)):
            json.dumps(namespace["attack"](1))


def test_the_name_of_an_own_class_does_not_cross(run: Callable[..., Run]) -> None:
    source = "def attack(value): return type('answer_is_42', (), {})()\n"
    assert Opaque("object") == run(source, 1).cases[0].value


def test_a_value_that_changes_while_it_is_encoded_harms_nobody(run: Callable[..., Run]) -> None:
    source = (
        "import threading\n"
        "def attack(value):\n"
        "    shared = {n: [n] * 5 for n in range(2000)}\n"
        "    def churn():\n"
        "        while True:\n"
        "            shared.clear()\n"
        "            shared.update({str(n): n for n in range(2000)})\n"
        "    threading.Thread(target=churn, daemon=True).start()\n"
        "    return shared\n"
    )
    for case in run(source, 1, 2, 3, threads=2).cases:
        assert case.verdict is not Verdict.JUDGE_ERROR


def test_an_array_that_lies_about_its_memory_ends_only_its_process(run: Callable[..., Run]) -> None:
    source = (
        "import numpy as np\n"
        "class Liar:\n"
        "    __array_interface__ = {'version': 3, 'shape': (9,), 'typestr': '<f8', 'data': (8, True)}\n"
        "def attack(value): return np.asarray(Liar())\n"
    )
    assert Verdict.RUNTIME_ERROR == run(source, 1).cases[0].verdict


def test_stand_in_arrays_are_what_numpy_would_take() -> None:
    """Outside the box numpy takes `__array__` at its word: the hole is real."""
    namespace: dict[str, Callable[[int], object]] = {}
    exec(REFUSED["__array__"], namespace)
    assert np.allclose(np.asarray(namespace["attack"](1)), DESIRED)
