"""Attacks by leaving: end the process at import, in the call or at exit, and look successful.

A judge that goes by the exit status is fooled by each of them; `exits_well` is such a judge.
"""

import subprocess
import sys
from collections.abc import Callable

import pytest

from grader.runner import Run
from grader.sandbox.wire import InvalidReason
from grader.verdict import Verdict

AT_IMPORT = {
    "sys.exit": "import sys\nsys.exit(0)\n",
    "raise SystemExit": "raise SystemExit(0)\n",
    "quit": "import sys\nglobals().get('quit', sys.exit)(0)\n",
    "os._exit": "import os\nos._exit(0)\n",
    "a SystemExit of its own": "class Leave(SystemExit): pass\nraise Leave(0)\n",
    "libc": "import ctypes\nctypes.CDLL(None).exit(0)\n",
}
IN_THE_CALL = {
    "sys.exit": "import sys\ndef attack(value): sys.exit(0)\n",
    "raise SystemExit": "def attack(value): raise SystemExit(0)\n",
    "exit": "import sys\ndef attack(value): globals().get('exit', sys.exit)(0)\n",
    "os._exit": "import os\ndef attack(value): os._exit(0)\n",
    "libc": "import ctypes\ndef attack(value): ctypes.CDLL(None)._exit(0)\n",
    "a generator": "import os\ndef attack(value):\n    for _ in (os._exit(0) for _ in '1'): pass\n",
    "a trace function": "import os, sys\ndef attack(value):\n    sys.settrace(lambda *_: os._exit(0))\n"
    "    (lambda: 0)()\n",
    "a finaliser": "import os\nclass Leave:\n    def __del__(self): os._exit(0)\n"
    "def attack(value):\n    Leave()\n    return value\n",
}
AT_EXIT = {
    "atexit": "import atexit, os\natexit.register(os._exit, 0)\ndef attack(value): return value\n",
    "a thread": "import os, threading\n"
    "def attack(value):\n    threading.Timer(0.01, os._exit, (0,)).start()\n    return value\n",
    "a module's end": "import os\nclass Leave:\n    def __del__(self): os._exit(0)\n"
    "kept = Leave()\ndef attack(value): return value\n",
}
CRASHES = {
    "a null pointer": "import ctypes\ndef attack(value): ctypes.string_at(0)\n",
    "abort": "import ctypes\ndef attack(value): ctypes.CDLL(None).abort()\n",
    "a broken code object": "def attack(value):\n"
    "    exec(attack.__code__.replace(co_code=b'\\x01\\x00' * 40, co_stacksize=0, co_consts=()))\n",
    "recursion in C": "def attack(value):\n"
    "    for _ in range(300_000):\n        value = (value,)\n"
    "    return hash(value)\n",
}


def exits_well(source: str) -> bool:
    """A judge that runs the file and believes its exit status. The grader never asks for it."""
    program = source + "\nif 'attack' in globals(): attack(1)\n"
    return subprocess.run([sys.executable, "-c", program], timeout=10).returncode == 0


@pytest.mark.parametrize("source", AT_IMPORT.values(), ids=AT_IMPORT)
def test_leaving_at_import_is_an_invalid_submission(source: str, run: Callable[..., Run]) -> None:
    assert exits_well(source)
    seen = run(source, 1, 2)
    assert [Verdict.INVALID_SUBMISSION] * 2 == [case.verdict for case in seen.cases]


def test_leaving_at_import_is_said_to_be_that(run: Callable[..., Run]) -> None:
    invalid = run(AT_IMPORT["sys.exit"], 1).invalid
    assert invalid is not None
    assert InvalidReason.EXITS_AT_IMPORT == invalid.reason


@pytest.mark.parametrize("source", IN_THE_CALL.values(), ids=IN_THE_CALL)
def test_leaving_in_the_call_is_a_runtime_error(source: str, run: Callable[..., Run]) -> None:
    assert exits_well(source)
    seen = run(source, 1, 2)
    assert [Verdict.RUNTIME_ERROR] * 2 == [case.verdict for case in seen.cases]


@pytest.mark.parametrize("source", AT_EXIT.values(), ids=AT_EXIT)
def test_leaving_at_the_end_changes_no_answer(source: str, run: Callable[..., Run]) -> None:
    assert exits_well(source)
    assert [(None, 1)] == [(case.verdict, case.value) for case in run(source, 1, threads=1).cases]


@pytest.mark.parametrize("source", CRASHES.values(), ids=CRASHES)
def test_a_crash_is_the_submission_s_own(source: str, run: Callable[..., Run]) -> None:
    """Never a judge error: that would cost no points."""
    died = subprocess.run(
        [sys.executable, "-c", source + "\nattack(1)\n"], timeout=20, stderr=subprocess.DEVNULL
    )
    assert 0 != died.returncode
    verdict = run(source, 1).cases[0].verdict
    assert verdict in (Verdict.RUNTIME_ERROR, Verdict.MEMORY_LIMIT_EXCEEDED)


@pytest.mark.parametrize("status", [0, 1, 97, 98, 130, 137, 139, 255])
def test_no_exit_status_looks_like_our_own_fault(status: int, run: Callable[..., Run]) -> None:
    source = f"import os\ndef attack(value): os._exit({status})\n"
    left = subprocess.run([sys.executable, "-c", source + "\nattack(1)\n"])
    assert status == left.returncode
    assert Verdict.RUNTIME_ERROR == run(source, 1).cases[0].verdict
