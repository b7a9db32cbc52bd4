"""Attacks on the next submission: state, patches and memory that are left behind for it.

`in_one_process` is the judge that these work against: a worker that runs one submission after
another. The box forks a fresh process for each from a zygote that has read none of them.
"""

import pickle
import subprocess
import sys
from collections.abc import Callable

import pytest
from arena import scan

from grader.runner import Run
from grader.sandbox import syscalls
from grader.spec import Limits

SLOW = Limits(cpu_case_s=2, cpu_s=3, wall_s=6, memory_mb=128)

# What the first submission does, and the second one's code that tells whether it sees it.
LEFT_BEHIND = {
    "a built-in of its own": (
        "import builtins\nbuiltins.stolen = 42\n",
        "hasattr(__import__('builtins'), 'stolen')",
        False,
    ),
    "exit handlers": (
        "import atexit\nfor _ in range(99):\n    atexit.register(int)\n",
        "__import__('atexit')._ncallbacks() > 50",
        False,
    ),
    "an attribute of a class": (
        "import fractions\nfractions.Fraction.stolen = 42\n",
        "hasattr(__import__('fractions').Fraction, 'stolen')",
        False,
    ),
    "file descriptors": (
        "import os\nkept = [os.dup(0) for _ in range(9)]\n",
        "__import__('os').dup(0) > 9",
        False,
    ),
    "a built-in": ("import builtins\nbuiltins.len = lambda x: 42\n", "len([1])", 1),
    "json": (
        "import json\njson.dumps = lambda *a, **k: '42'\n",
        "__import__('json').dumps(1)",
        "1",
    ),
    "math": ("import math\nmath.sqrt = lambda x: 42\n", "__import__('math').sqrt(4)", 2.0),
    "numpy": (
        "import numpy\nnumpy.mean = lambda x: 42\n",
        "float(__import__('numpy').mean([1]))",
        1,
    ),
    "numpy's error state": (
        "import numpy\nnumpy.seterr(all='raise')\n",
        "__import__('numpy').geterr()['divide']",
        "warn",
    ),
    "numpy's printing": (
        "import numpy\nnumpy.set_printoptions(precision=1)\n",
        "__import__('numpy').get_printoptions()['precision']",
        8,
    ),
    "numpy's random state": (
        "import numpy\nnumpy.random.seed(1)\n",
        "__import__('numpy').random.get_state()[1][0] == 1",
        False,
    ),
    "a numpy constant": ("import numpy\nnumpy.pi = 42\n", "__import__('numpy').pi > 4", False),
    "an array of numpy": (
        "import numpy\nnumpy.stolen = numpy.arange(9)\n",
        "hasattr(__import__('numpy'), 'stolen')",
        False,
    ),
    "random": (
        "import random\nrandom.random = lambda: 42\n",
        "__import__('random').random() < 1",
        True,
    ),
    "the decimal context": (
        "import decimal\ndecimal.getcontext().prec = 1\n",
        "__import__('decimal').getcontext().prec",
        28,
    ),
    "the locale": (
        "import locale, os\nos.environ['LC_ALL'] = 'stolen'\n",
        "__import__('os').environ.get('LC_ALL')",
        None,
    ),
    "the environment": (
        "import os\nos.environ['STOLEN'] = '42'\n",
        "__import__('os').environ.get('STOLEN')",
        None,
    ),
    "a module": (
        "import sys, types\nsys.modules['stolen'] = types.ModuleType('stolen')\n",
        "'stolen' in __import__('sys').modules",
        False,
    ),
    "a module in place of another": (
        "import sys, types\nsys.modules['statistics'] = types.ModuleType('x')\n",
        "hasattr(__import__('statistics'), 'mean')",
        True,
    ),
    "the import path": (
        "import sys\nsys.path.insert(0, '/stolen')\n",
        "'/stolen' in __import__('sys').path",
        False,
    ),
    "an import hook": (
        "import sys\nsys.meta_path.insert(0, sys.meta_path[-1])\n",
        "len(__import__('sys').meta_path) - len({id(f) for f in __import__('sys').meta_path})",
        0,
    ),
    "the recursion limit": (
        "import sys\nsys.setrecursionlimit(123)\n",
        "__import__('sys').getrecursionlimit() == 123",
        False,
    ),
    "a trace function": (
        "import sys, threading\nthreading.settrace(lambda *_: None)\n",
        "__import__('threading').gettrace() is None",
        True,
    ),
    "an audit hook": (
        "import sys\nsys.addaudithook(lambda *_: setattr(sys, 'heard', 1))\n",
        "(compile('1', '', 'eval'), hasattr(__import__('sys'), 'heard'))[1]",
        False,
    ),
    "a signal handler": (
        "import signal\nsignal.signal(signal.SIGTERM, lambda *_: None)\n",
        "callable(__import__('signal').getsignal(15)) and not hasattr(__import__('signal').getsignal(15),"
        " 'name')",
        False,
    ),
    "a thread": (
        "import threading, time\ntry:\n"
        "    threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"
        "except RuntimeError: pass\n",
        "__import__('threading').active_count()",
        1,
    ),
    "the collector": ("import gc\ngc.disable()\n", "__import__('gc').isenabled()", True),
    "warnings": (
        "import warnings\nwarnings.simplefilter('error')\n",
        "__import__('warnings').filters[0][0] == 'error'",
        False,
    ),
    "a cache": (
        "import functools, re\nre.compile = lambda *a: 42\n",
        "__import__('re').compile('a') == 42",
        False,
    ),
    "an object on the heap": (
        "import gc\nclass Stolen: pass\nkept = Stolen()\nkept.me = kept\n",
        "any(type(o).__name__ == 'Stolen' for o in __import__('gc').get_objects())",
        False,
    ),
    "a subclass": (
        "class Stolen: pass\nimport sys\nsys.kept = Stolen\n",
        "any(c.__name__ == 'Stolen' for c in object.__subclasses__())",
        False,
    ),
}


def second(expression: str) -> str:
    return f"def attack(value):\n    return {expression}\n"


def first(deed: str) -> str:
    return deed + "def attack(value):\n    return value\n"


def in_one_process(deed: str, expression: str) -> object:
    """What the second submission sees in a worker that ran the first one itself."""
    worker = (
        "import sys\nimport numpy\n"
        f"for source in {[first(deed), second(expression)]!r}:\n"
        "    space = {}\n    exec(source, space)\n    seen = space['attack'](1)\n"
        "sys.__stdout__.write(__import__('pickle').dumps(seen).hex())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", worker], capture_output=True, text=True, timeout=20
    )
    return pickle.loads(bytes.fromhex(done.stdout.splitlines()[0]))


@pytest.mark.parametrize(
    ("deed", "expression", "clean"), LEFT_BEHIND.values(), ids=list(LEFT_BEHIND)
)
def test_nothing_is_left_for_the_next_submission(
    deed: str, expression: str, clean: object, run: Callable[..., Run]
) -> None:
    assert clean != in_one_process(deed, expression)
    run(first(deed), 1)
    assert [clean] == [case.value for case in run(second(expression), 1).cases]


def test_random_numbers_are_the_same_whatever_ran_before(run: Callable[..., Run]) -> None:
    source = (
        "import random, numpy\n"
        "def attack(value):\n"
        "    return random.random(), numpy.random.random(), numpy.random.default_rng().random()\n"
    )
    drawn = run(source, 1, 1)
    run("import random, numpy\nrandom.seed(1)\nnumpy.random.seed(1)\ndef attack(value): pass\n", 1)
    assert [case.value for case in drawn.cases] == [c.value for c in run(source, 1, 1).cases]


def test_the_source_of_the_one_before_is_not_on_the_heap(run: Callable[..., Run]) -> None:
    """A zygote that reads the jobs hands each of them on to all later processes."""
    mark = "# answer=0123456789abcdef\n"
    seeking = scan.SUBMISSION
    calls = {"calls": dict(syscalls.NATIVE)}
    assert run(seeking + mark, calls, limits=SLOW).cases[0].value  # its own source it does find
    run(first(mark), 1)
    assert [[]] == [case.value for case in run(seeking, calls, limits=SLOW).cases]
