"""Attacks on the clock: never come back, and do not let anybody end it.

`is_silent` is the judge without a limit: it would wait for ever, and is given 0.2 s.
"""

import socket
from collections.abc import Callable

import pytest
from arena.plain import plain_process, read_frame, send

from grader import values
from grader.runner import Run
from grader.verdict import Verdict

SPIN = "    while True:\n        pass\n"
IN_THE_CALL = {
    "a loop without end": "def attack(value):\n" + SPIN,
    "a loop in C": "def attack(value):\n    return sum(iter(int, 1))\n",
    "one long step in C": "def attack(value):\n    return 3 ** 10 ** 9\n",
    "a regular expression": "import re\n"
    "def attack(value):\n    re.match(r'(a+)+$', 'a' * 60 + 'b')\n",
    "all signals ignored": "import signal\ndef attack(value):\n"
    "    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:\n"
    "        try:\n            signal.signal(number, signal.SIG_IGN)\n"
    "        except OSError:\n            pass\n" + SPIN,
    "all signals blocked": "import signal\ndef attack(value):\n"
    "    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())\n" + SPIN,
    "the CPU signal caught": "import signal\n"
    "def attack(value):\n    signal.signal(signal.SIGXCPU, lambda *_: None)\n" + SPIN,
    "every exception caught": "def attack(value):\n    while True:\n"
    "        try:\n            while True:\n                pass\n"
    "        except BaseException:\n            pass\n",
    "a finaliser without end": "class Kept:\n    def __del__(self):\n        while True: pass\n"
    "def attack(value):\n    Kept()\n    return value\n",
    "a text without end": "class Evil(Exception):\n    def __str__(self):\n        while True: pass\n"
    "def attack(value):\n    raise Evil()\n",
    "an import in the call": "def attack(value):\n    exec('while True: pass')\n",
    "sums of hostile hashes": "class Same:\n    def __hash__(self): return 1\n"
    "    def __eq__(self, other): return False\n"
    "def attack(value):\n    return {Same() for _ in range(10**6)}\n",
}
ASLEEP = {
    "sleep": "import time\ndef attack(value):\n    time.sleep(600)\n",
    "a lock": "import threading\ndef attack(value):\n"
    "    lock = threading.Lock()\n    lock.acquire()\n    lock.acquire()\n",
    "a signal that never comes": "import select\ndef attack(value):\n    select.select([], [], [], 600)\n",
    "reading the channel": "import os\ndef attack(value):\n"
    "    for descriptor in range(3, 64):\n"
    "        try:\n            os.read(descriptor, 1)\n"
    "        except OSError:\n            pass\n",
}


def is_silent(source: str) -> bool:
    """Whether a judge without a limit would be waiting still."""
    with plain_process(source) as channel:
        read_frame(channel)
        send(channel, 1, values.encode((1,)))
        channel.settimeout(0.2)
        try:
            return channel.recv(1, socket.MSG_PEEK) == b"never"
        except TimeoutError:
            return True


@pytest.mark.parametrize("source", IN_THE_CALL.values(), ids=IN_THE_CALL)
def test_computing_for_ever_ends_at_the_cpu_limit(source: str, run: Callable[..., Run]) -> None:
    assert is_silent(source)
    case = run(source, 1).cases[0]
    assert Verdict.TIME_LIMIT_EXCEEDED == case.verdict
    assert case.cpu_s < 1


@pytest.mark.parametrize("source", ASLEEP.values(), ids=ASLEEP)
def test_waiting_for_ever_ends_at_the_wall_limit(source: str, run: Callable[..., Run]) -> None:
    assert is_silent(source)
    seen = run(source, 1, 2, 3)
    assert [Verdict.TIME_LIMIT_EXCEEDED] * 3 == [case.verdict for case in seen.cases]
    assert seen.wall_s < 3  # once for all cases, not once for each


def test_a_loop_at_import_is_run_once(run: Callable[..., Run]) -> None:
    seen = run("while True:\n    pass\n", 1, 2, 3)
    assert [Verdict.TIME_LIMIT_EXCEEDED] * 3 == [case.verdict for case in seen.cases]
    assert seen.cpu_s < 1


def test_dying_in_every_case_buys_no_time(run: Callable[..., Run]) -> None:
    """Each restart imports the file again: the total is for all of them together."""
    source = (
        "import os, time\n"
        "end = time.process_time() + 0.1\n"
        "while time.process_time() < end:\n"
        "    pass\n"
        "def attack(value):\n"
        "    os._exit(0)\n"
    )
    seen = run(source, *range(40))
    assert Verdict.TIME_LIMIT_EXCEEDED == seen.cases[-1].verdict
    assert seen.cpu_s < 1


def test_threads_do_not_multiply_the_time(run: Callable[..., Run]) -> None:
    source = (
        "import threading, zlib\n"
        "def spin():\n"
        "    while True:\n"
        "        zlib.crc32(bytes(1 << 20))\n"
        "def attack(value):\n"
        "    for _ in range(4):\n"
        "        threading.Thread(target=spin, daemon=True).start()\n"
        "    spin()\n"
    )
    seen = run(source, 1, threads=4)
    assert [Verdict.TIME_LIMIT_EXCEEDED] == [case.verdict for case in seen.cases]
    assert seen.cpu_s < 1


def test_a_thread_that_goes_on_is_charged(run: Callable[..., Run]) -> None:
    """Answering and computing on in the background does not pay."""
    source = (
        "import threading\n"
        "def spin():\n"
        "    while True:\n"
        "        pass\n"
        "def attack(value):\n"
        "    if value == 1:\n"
        "        threading.Thread(target=spin, daemon=True).start()\n"
        "    sum(range(10**6))\n"
        "    return value\n"
    )
    seen = run(source, *range(1, 60), threads=2)
    assert Verdict.TIME_LIMIT_EXCEEDED == seen.cases[-1].verdict


def test_lying_about_the_time_does_not_help(run: Callable[..., Run]) -> None:
    source = (
        "import time\n"
        "time.process_time = time.perf_counter = time.time = lambda: 0.0\n"
        "def attack(value):\n"
        "    while True:\n"
        "        time.process_time()\n"
    )
    assert Verdict.TIME_LIMIT_EXCEEDED == run(source, 1).cases[0].verdict
