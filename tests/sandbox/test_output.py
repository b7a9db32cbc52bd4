"""Attacks by output: print without end, print where it is not looked for, break the streams."""

import subprocess
import sys
from collections.abc import Callable

import pytest

from grader.runner import Run
from grader.spec import Limits
from grader.verdict import Verdict

LIMITS = Limits(cpu_case_s=0.5, cpu_s=1, wall_s=3, memory_mb=64, print_bytes=1 << 16)

FLOODS = {
    "lines": "def attack(value):\n    while True: print('x' * 100)\n",
    "one long line": "def attack(value):\n    while True: print('x' * 100, end='')\n",
    "one huge text": "def attack(value):\n    print('x' * (4 << 20))\n",
    "standard error": "import sys\ndef attack(value):\n    while True: sys.stderr.write('x' * 100)\n",
    "the original stream": "import sys\n"
    "def attack(value):\n    while True: sys.__stdout__.write('x' * 100)\n",
    "the buffer beneath": "import sys\n"
    "def attack(value):\n    while True: sys.stdout.buffer.write(b'x' * 100)\n",
    "warnings": "import sys, traceback\n"
    "def attack(value):\n    while True: traceback.print_stack(file=sys.stderr)\n",
    "logging": "import logging\nlogging.basicConfig(level=0)\n"
    "def attack(value):\n    while True: logging.info('x' * 100)\n",
    "in spite of all exceptions": "def attack(value):\n    while True:\n"
    "        try:\n            while True: print('x' * 100)\n"
    "        except BaseException: pass\n",
}
BROKEN_STREAMS = {
    "closed": "import sys\ndef attack(value):\n    sys.stdout.close()\n    return value\n",
    "detached": "import sys\ndef attack(value):\n    sys.stdout.detach()\n    return value\n",
    "deleted": "import sys\ndef attack(value):\n    del sys.stdout, sys.stderr\n    return value\n",
    "none": "import sys\ndef attack(value):\n    sys.stdout = sys.stderr = None\n    return value\n",
    "evil": "import sys\nclass Evil:\n    def __getattribute__(self, name): raise SystemExit(0)\n"
    "def attack(value):\n    sys.stdout = sys.__stdout__ = Evil()\n    return value\n",
    "patched": "import sys\n"
    "def attack(value):\n    type(sys.stdout.buffer.raw).take = None\n    return value\n",
    "with the descriptors closed": "import os\n"
    "def attack(value):\n    os.close(0), os.close(1), os.close(2)\n    return value\n",
}


def prints_much(source: str) -> bool:
    """Whether a judge that keeps what is printed would get more than the limit, here at most 1 MB."""
    child = subprocess.Popen(
        [sys.executable, "-c", source + "\nattack(1)\n"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={},  # PYTHONUNBUFFERED would take a layer out of the stream
    )
    assert child.stdout is not None
    got = b""
    while len(got) <= LIMITS.print_bytes and (more := child.stdout.read1(1 << 16)):
        got += more
    child.kill()
    child.stdout.close()
    child.wait()
    return len(got) > LIMITS.print_bytes


@pytest.mark.parametrize("source", FLOODS.values(), ids=FLOODS)
def test_a_flood_ends_at_the_limit(source: str, run: Callable[..., Run]) -> None:
    assert prints_much(source)
    case = run(source, 1, limits=LIMITS).cases[0]
    assert Verdict.OUTPUT_LIMIT_EXCEEDED == case.verdict
    assert len(case.prints) <= LIMITS.print_bytes


def test_a_flood_at_import_ends_at_the_limit(run: Callable[..., Run]) -> None:
    seen = run("while True:\n    print('x' * 100)\n", 1, 2, limits=LIMITS)
    assert [Verdict.OUTPUT_LIMIT_EXCEEDED] * 2 == [case.verdict for case in seen.cases]


def test_the_limit_is_on_all_cases_together(run: Callable[..., Run]) -> None:
    source = "def attack(value):\n    print('x' * 40_000)\n    return value\n"
    seen = run(source, 1, 2, limits=LIMITS)
    assert [None, Verdict.OUTPUT_LIMIT_EXCEEDED] == [case.verdict for case in seen.cases]


@pytest.mark.parametrize("source", BROKEN_STREAMS.values(), ids=BROKEN_STREAMS)
def test_broken_streams_break_nothing_else(source: str, run: Callable[..., Run]) -> None:
    verdicts = [case.verdict for case in run(source, 1, 2, limits=LIMITS).cases]
    assert Verdict.JUDGE_ERROR not in verdicts


def test_prints_are_taken_as_data(run: Callable[..., Run]) -> None:
    """Whatever is printed, no byte of it reaches the frames around it."""
    source = "import sys\ndef attack(value):\n    sys.stdout.buffer.write(bytes(range(256)))\n"
    (case,) = run(source, 1, limits=LIMITS).cases
    assert case.verdict is None
    assert "\\xff" in case.prints
