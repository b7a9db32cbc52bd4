"""The driver for real, over a socket, in a plain child process: what goes in, what comes out."""

import math
import socket
import subprocess
import sys
from textwrap import dedent

import numpy as np
import pytest

from grader import values
from grader.sandbox import control, wire
from grader.sandbox.wire import Exceeded, Invalid, InvalidReason, Raised, Ready, Returned
from grader.values import DecodeLimits, Excess, Opaque

CHILD = """
import resource, sys
sys.path[:] = {path!r}
from grader.languages import python_driver
python_driver.warm()
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
if {memory}:
    pages = int(open("/proc/self/statm").read().split()[0])
    limit = pages * resource.getpagesize() + {memory}
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
python_driver.serve({fd}, {fd})
"""


class Driver:
    """A driver in a child process, spoken to frame by frame."""

    def __init__(self, memory=0):
        ours, theirs = socket.socketpair()
        with theirs:
            code = CHILD.format(
                path=[entry for entry in sys.path if entry], fd=theirs.fileno(), memory=memory
            )
            self.child = subprocess.Popen(
                [sys.executable, "-s", "-P", "-S", "-B", "-c", code],
                pass_fds=[theirs.fileno()],
                env={"PYTHONHASHSEED": "0"},
                stdin=subprocess.DEVNULL,
            )
        self._socket = ours
        self._file = ours.makefile("rb")
        self._sequence = 0

    def exchange(self, payload):
        """Send a frame; return the parsed reply, or None when the child has ended."""
        try:
            self._socket.sendall(control.HEADER.pack(self._sequence, len(payload)) + payload)
            header = self._file.read(control.HEADER.size)
        except (BrokenPipeError, ConnectionResetError):
            return None
        if len(header) < control.HEADER.size:
            return None
        sequence, length = control.HEADER.unpack(header)
        assert self._sequence == sequence
        self._sequence += 1
        return wire.parse_reply(self._file.read(length), DecodeLimits(max_bytes=10_000))

    def start(self, source, parameters=("x",), seed=b"seed"):
        source = dedent(source).encode() if isinstance(source, str) else source
        job = wire.Job(
            source, "mine.py", ("theAnswer", "the_answer"), parameters, seed, 1000, 10_000
        )
        return self.exchange(wire.encode_job(job))

    def call(self, *args):
        return self.exchange(values.encode(args))

    def end(self):
        self._file.close()
        self._socket.close()
        return self.child.wait(timeout=20)


@pytest.fixture
def driver():
    driver = Driver()
    yield driver
    driver.end()


def called(driver, source, *args):
    """The reply to one call, of a file that can be imported."""
    ready = driver.start(source, tuple(f"p{n}" for n in range(len(args))))
    assert isinstance(ready, Ready), ready
    return driver.call(*args)


# --- Values -----------------------------------------------------------------------------------


def test_values_go_in_and_come_out(driver):
    assert Ready("theAnswer") == driver.start("def theAnswer(x):\n    return x\n")
    for value in (1.5, -0.0, math.inf, 1 << 80, (1, "é", None), [{"x": 1.0}], {1: {2}}, 2j):
        returned = driver.call(value)
        assert Returned(value) == returned
        assert type(value) is type(returned.value)
    array = driver.call(np.arange(6, dtype=np.float32).reshape(2, 3)).value
    assert array.dtype == np.float32
    assert [[0, 1, 2], [3, 4, 5]] == array.tolist()
    assert driver.end() == 0


def test_arguments_are_fresh_and_writable_and_changes_are_seen(driver):
    source = """
        def theAnswer(x, a):
            if a[0]:
                x.append(1)
                a[1] = 5
            return len(x)
    """
    driver.start(source, ("x", "a"))
    for touched in (1, 0, 1):
        reply = driver.call([0.5], np.array([touched, 0]))
        assert Returned(1 + touched, "", bool(touched)) == reply


def test_a_set_as_input_is_not_taken_for_changed(driver):
    names = {f"name {n}" for n in range(50)}
    assert Returned(50) == called(driver, "def theAnswer(x):\n    return len(x)\n", names)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("(n for n in x)", Opaque("generator")),
        ("theAnswer", Opaque("function")),
        ("coroutine()", Opaque("coroutine")),
        ("__import__('decimal').Decimal(1)", Opaque("Decimal")),
        ("Evil()", Opaque("object")),
        ("[Evil(), EvilFloat(2)]", [Opaque("object")] * 2),
        ("np.float32(0.5)", np.float32(0.5)),
        ("None", None),
    ],
)
def test_odd_values_come_out_as_what_they_are(driver, expression, value):
    source = f"""
        import numpy as np

        async def coroutine(): pass

        class Evil:
            def explode(self, *args): raise SystemExit("evil")
            __class__ = property(explode)
            __reduce__ = __array__ = __float__ = __repr__ = __eq__ = __hash__ = explode

        class EvilFloat(float):
            __float__ = __repr__ = __eq__ = Evil.explode

        def theAnswer(x):
            return {expression}
    """
    assert Returned(value) == called(driver, source, [1])


@pytest.mark.parametrize(
    ("expression", "excess"),
    [
        ("[0.0] * 300_000", Excess.ITEMS),
        ("'x' * 20_000", Excess.BYTES),
        ("[1.0] * 5000", Excess.BYTES),
        ("deep(100)", Excess.DEPTH),
        ("cycle()", Excess.DEPTH),
        ("1 << 999_999", Excess.INTEGER),
    ],
)
def test_a_value_over_a_bound_is_said_so_and_the_next_call_goes_on(driver, expression, excess):
    source = f"""
        def deep(n):
            return [deep(n - 1)] if n else 0

        def cycle():
            x = []
            x.append(x)
            return x

        def theAnswer(x):
            return {expression} if x else 1
    """
    assert Exceeded(excess) == called(driver, source, True)
    assert Returned(1) == driver.call(False)


# --- Finding the function ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "def theAnswer(x, y=2, *, z=3): return 7",
        "def theAnswer(*args): return 7",
        "theAnswer = lambda x: 7",
        "import functools\ntheAnswer = functools.partial(lambda a, b: 7, 1)",
        "class theAnswer(float):\n def __new__(cls, x): return 7",
        "class C:\n def __call__(self, x): return 7\ntheAnswer = C()",
        "class C:\n def f(self, x): return 7\ntheAnswer = C().f",
        "import functools\ndef wrap(f):\n @functools.wraps(f)\n def g(*a): return f(*a, 1)\n"
        " return g\n@wrap\ndef theAnswer(x, y): return 7",
        "from __future__ import annotations\ndef theAnswer(x: list[Unknown]) -> int: return 7",
        "if __name__ == '__main__':\n raise ValueError\ndef theAnswer(x): return 7",
        "import sys\nassert sys.modules[__name__].__file__ == 'mine.py'\ntheAnswer = lambda x: 7",
        "global_name = 7\ndef theAnswer(x): exec('y = global_name'); return eval('global_name')",
        "import re, json, collections, statistics, numpy.linalg\ndef theAnswer(x): return 7",
        "from math import *\nimport unittest.mock\ndef theAnswer(x): return 7",
    ],
)
def test_what_can_be_called_is_called(driver, source):
    assert Returned(7) == called(driver, source, 1)


def test_dataclasses_and_type_hints_find_their_module(driver):
    source = """
        from __future__ import annotations
        from dataclasses import dataclass, field
        from typing import NamedTuple, get_type_hints
        import enum, pickle

        @dataclass(slots=True)
        class A:
            b: "B"
            c: list[int] = field(default_factory=list)

        class B(NamedTuple):
            x: int

        def theAnswer(x):
            restored = pickle.loads(pickle.dumps(A(B(1))))
            return get_type_hints(A)["b"] is B and restored == A(B(1))
    """
    assert Returned(True) == called(driver, source, 1)


def test_snake_case_is_found_second(driver):
    assert Ready("the_answer") == driver.start("def the_answer(x): pass")


@pytest.mark.parametrize(
    ("reason", "names", "source"),
    [
        (InvalidReason.NO_ENTRY_POINT, (), ""),
        (
            InvalidReason.NO_ENTRY_POINT,
            ("theanswer", "other", "S.theAnswer"),
            "from math import sin\nfrom os.path import join\ndef theanswer(x): pass\n"
            "def _own(x): pass\ndef other(): pass\nclass S:\n def theAnswer(self, x): pass",
        ),
        (InvalidReason.NOT_CALLABLE, (), "theAnswer = 42"),
        (InvalidReason.NOT_CALLABLE, (), "theAnswer = None\ndef the_answer(x): pass"),
        (InvalidReason.WRONG_PARAMETERS, ("a", "b"), "def theAnswer(a, b): pass"),
        (InvalidReason.WRONG_PARAMETERS, (), "def theAnswer(): pass"),
        (InvalidReason.WRONG_PARAMETERS, ("x", "k"), "def theAnswer(x, *, k): pass"),
    ],
)
def test_a_file_without_its_function_is_refused(driver, reason, names, source):
    assert Invalid(reason, names=names) == driver.start(source)
    assert driver.end() == 0


# --- Import -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "kind", "line", "source"),
    [
        (InvalidReason.DOES_NOT_COMPILE, "SyntaxError", 2, "x = 1\nx = = 2\n"),
        (InvalidReason.DOES_NOT_COMPILE, "IndentationError", 2, "def f():\nx = 1\n"),
        (InvalidReason.DOES_NOT_COMPILE, "TabError", 3, "if 1:\n        x = 1\n\tx = 2\n"),
        (InvalidReason.IMPORT_RAISED, "ModuleNotFoundError", 2, "\nimport no_such_module\n"),
        (InvalidReason.IMPORT_RAISED, "ZeroDivisionError", 2, "def f():\n 1/0\nf()\n"),
        (InvalidReason.IMPORT_RAISED, "KeyboardInterrupt", 1, "raise KeyboardInterrupt"),
        (InvalidReason.IMPORT_RAISED, "SyntaxError", 1, "eval('= =')"),
        (InvalidReason.IMPORT_RAISED, "RecursionError", 2, "def f():\n f()\nf()"),
        (InvalidReason.EXITS_AT_IMPORT, "SystemExit", 2, "import sys\nsys.exit(0)\n"),
        (InvalidReason.EXITS_AT_IMPORT, "SystemExit", 1, "exit()\n"),
    ],
)
def test_a_file_that_cannot_be_imported_is_told_with_its_line(driver, reason, kind, line, source):
    refused = driver.start(source)
    assert (reason, kind, line) == (refused.reason, refused.error.kind, refused.error.line)
    assert driver.end() == 0


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbftheAnswer = len\r\n",
        b"# coding: latin-1\ntheAnswer = lambda x: '\xe9'\n",
        b"theAnswer = len\r",
    ],
)
def test_encodings_are_read_as_python_reads_them(driver, source):
    assert Ready("theAnswer") == driver.start(source)


def test_what_does_not_compile_at_all_is_no_end_of_the_driver(driver):
    refused = driver.start("x = " + "-" * 200_000 + "1")
    assert refused.reason is InvalidReason.DOES_NOT_COMPILE
    assert refused.error.kind in ("RecursionError", "MemoryError", "SyntaxError")


# --- Exceptions -------------------------------------------------------------------------------


def test_an_exception_has_its_line_and_its_frames(driver):
    source = """
        import json
        def inner(x):
            return json.loads(x)
        def theAnswer(x):
            return inner(x)
    """
    raised = called(driver, source, "{")
    assert ("ValueError", True, 4) == (raised.kind, raised.own_class, raised.line)
    assert ((6, "theAnswer"), (4, "inner")) == raised.trace


@pytest.mark.parametrize(
    ("kind", "own", "source"),
    [
        ("SystemExit", False, "raise SystemExit(3)"),
        ("KeyboardInterrupt", False, "raise KeyboardInterrupt"),
        ("GeneratorExit", False, "raise GeneratorExit"),
        ("RecursionError", False, "theAnswer(x)"),
        ("EOFError", False, "input('n = ')"),
        ("LookupError", True, "raise type('Mine', (LookupError,), {})(x)"),
        ("ExceptionGroup", False, "raise ExceptionGroup('both', [ValueError(1)])"),
        ("TypeError", False, "raise x"),
        ("OSError", False, "raise IOError"),
        ("ValueError", False, "raise ValueError('\\ud800' * 999)"),
        ("ValueError", True, "raise Exploding(x)"),
        ("ValueError", True, "raise Lying(x)"),
    ],
)
def test_every_exception_is_told_by_its_built_in_kind(driver, kind, own, source):
    source = f"""
        class Lying(ValueError):
            __class__ = property(lambda self: KeyError)
            __mro__ = ()
            __traceback__ = property(lambda self: 1/0)
            def __str__(self): return type('S', (str,), {{'__getitem__': exit}})('fine')

        class Meta(type):
            __mro__ = property(lambda cls: exit())
            def __eq__(cls, other): exit()
            def __hash__(cls): exit()

        class Exploding(ValueError, metaclass=Meta):
            def __str__(self): raise SystemExit
            __repr__ = __str__

        def theAnswer(x):
            {source}
    """
    for raised in (called(driver, source, 1), driver.call(1)):
        assert (kind, own, 18) == (raised.kind, raised.own_class, raised.line)
    assert len(raised.message) <= wire.MAX_MESSAGE


def test_running_out_of_memory_is_reported():
    small = Driver(memory=64 << 20)
    source = """
        kept = []
        def theAnswer(x):
            if not x:
                kept.clear()
            while x:
                kept.append(bytes(1000))
            return 1
    """
    try:
        assert called(small, source, True).kind == "MemoryError"
        assert Returned(1) == small.call(False)
    finally:
        small.end()


# --- Prints -----------------------------------------------------------------------------------


def test_prints_belong_to_the_call_that_made_them(driver):
    source = """
        import sys
        print("import", flush=True)
        def theAnswer(x):
            print("call", x, end="!")
            sys.stderr.write(" err")
            sys.__stdout__.write(" \\ud800")
            sys.stdout.flush()
            sys.stdout.buffer.write(b" \\xff")
            if x == 2:
                raise ValueError
    """
    assert driver.start(source).prints == "import\n"
    assert driver.call(1).prints == "call 1! err \\ud800 \\xff"
    assert driver.call(2).prints == "call 2! err \\ud800 \\xff"
    assert driver.call(3).printed


def test_numpy_warnings_are_not_prints(driver):
    source = "import numpy as np\ndef theAnswer(x): return np.float64(x) * 1e300"
    assert Returned(math.inf) == called(driver, source, 1e300)


@pytest.mark.parametrize("source", ["while True: print('flood')", "print('x' * 10_000)"])
def test_a_flood_of_prints_ends_the_process(driver, source):
    assert Exceeded(Excess.PRINTS) == called(driver, f"def theAnswer(x):\n    {source}\n", 1)
    assert driver.call(1) is None
    assert driver.end() == 0


def test_prints_are_counted_over_all_calls(driver):
    replies = [called(driver, "def theAnswer(x):\n    print('x' * 399)\n", 1)]
    replies += [driver.call(1), driver.call(1)]
    assert [Returned, Returned, Exceeded] == [type(reply) for reply in replies]


# --- What a file leaves behind ----------------------------------------------------------------


@pytest.mark.parametrize(
    "mischief",
    [
        "import builtins\nfor name in list(vars(builtins)):\n"
        "    if name not in ('setattr', '__build_class__'): setattr(builtins, name, None)",
        "len = type = print = isinstance = None",
        "import os, sys, struct, json, msgpack, io\nos.write = os.read = os._exit = None\n"
        "struct.pack = json.dumps = msgpack.packb = sys.settrace = io.TextIOWrapper = None",
        "import sys\nsys.stdout.close()",
        "import sys\nsys.stdout = sys.stderr = sys.stdin = None",
        "import sys\nsys.stdout.flush = sys.stdout.buffer.write = lambda *a: 1 / 0",
        "import sys\nsys.settrace(lambda *a: 1 / 0)",
        "import sys\nsys.setprofile(lambda *a: None)",
        "import sys\ndel sys.modules['submission'], sys.modules['builtins']",
        "import sys\nsys.modules.clear()",
        "import atexit\natexit.register(lambda: 1 / 0)",
        "import gc\ngc.disable()\ngc.set_threshold(1)\ngc.callbacks.append(lambda *a: 1 / 0)",
        "import threading\nthreading.Thread(target=threading.Event().wait).start()",
        "import warnings\nwarnings.simplefilter('error')",
        "import signal\nfor n in range(1, 32):\n"
        "    if n not in (9, 19): signal.signal(n, signal.SIG_IGN)",
    ],
)
def test_what_a_file_breaks_by_accident_does_not_reach_the_driver(driver, mischief):
    source = f"{mischief}\ndef theAnswer(x):\n    return [x]\n"
    assert Ready("theAnswer") == driver.start(source.encode())
    assert Returned([1]) == driver.call(1)
    assert Returned([2]) == driver.call(2)
    assert driver.end() == 0


def test_a_trace_function_and_a_low_recursion_limit_end_with_the_call(driver):
    source = """
        import sys
        def theAnswer(x):
            if x:
                sys.setrecursionlimit(20)
                sys.settrace(lambda *a: 1 / 0)
                sys.setprofile(lambda *a: None)
            return [[x]]
    """
    assert Returned([[1]]) == called(driver, source, 1)
    assert Returned([[0]]) == driver.call(0)


def test_closing_every_descriptor_ends_only_the_child(driver):
    source = "import os\ndef theAnswer(x):\n    os.closerange(3, 99)\n    return 1\n"
    assert called(driver, source, 1) is None
    assert driver.end() == 1


def test_os_exit_is_no_answer(driver):
    assert called(driver, "import os\ndef theAnswer(x):\n    os._exit(0)\n", 1) is None


def test_earlier_inputs_are_not_kept(driver):
    source = """
        import gc
        class Seen(list): pass
        def theAnswer(x):
            return sum(type(each) is list and each[:1] == ["marked"] for each in gc.get_objects())
    """
    assert Returned(1) == called(driver, source, ["marked", [1]])
    assert Returned(1) == driver.call(["marked", [2]])


# --- Randomness -------------------------------------------------------------------------------

RANDOM = """
    import random, numpy as np
    def theAnswer(x):
        rngs = [np.random.default_rng(), np.random.RandomState(), np.random.default_rng()]
        return [random.random(), np.random.rand(), *[float(rng.normal()) for rng in rngs]]
"""


def _random_numbers(seed):
    driver = Driver()
    try:
        driver.start(RANDOM, seed=seed)
        return driver.call(1).value + driver.call(1).value
    finally:
        driver.end()


def test_all_randomness_comes_from_the_seed():
    first, again, other = (_random_numbers(seed) for seed in (b"one", b"one", b"two"))
    assert first == again
    assert len(set(first + other)) == len(first + other)


def test_the_module_random_is_not_seeded_again_in_a_fork():
    code = """
        from grader.languages import python_driver
        python_driver.warm()
        import os, random
        random.seed(1)
        state = random.getstate()
        child = os.fork()
        if not child:
            os._exit(random.getstate() != state)
        raise SystemExit(os.waitpid(child, 0)[1])
    """
    path = [entry for entry in sys.path if entry]
    boot = f"import sys\nsys.path[:] = {path!r}\n{dedent(code)}"
    subprocess.run([sys.executable, "-s", "-P", "-S", "-B", "-c", boot], check=True, timeout=60)


def test_the_judge_can_close_before_the_job(driver):
    assert driver.end() == 0


def test_raised_is_the_reply_of_a_wrong_call(driver):
    driver.start("def theAnswer(*args): return args[1]")
    assert Raised(
        "IndexError", line=1, message="tuple index out of range", trace=((1, "theAnswer"),)
    ) == (driver.call(1))
