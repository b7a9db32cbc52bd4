"""The cell as the judge sees it: exchanges, clocks, ends, and what becomes of a broken one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import numpy as np
import pytest

from grader import values
from grader.errors import SandboxError, TierUnavailable, UsageError
from grader.languages import javascript
from grader.sandbox import cell as cells
from grader.sandbox import wire
from grader.sandbox.box import Box, CellConfig, End, ProcessLimits, Reply
from grader.sandbox.cell import Cell, CellProcess
from grader.sandbox.supervisor import Supervisor
from grader.sandbox.tiers import open_box

MB = 1 << 20

DRIVER = CellConfig().drivers[0]


@pytest.fixture(scope="module")
def cell() -> Iterator[Cell]:
    with Cell("full", CellConfig()) as cell:
        yield cell


def start(box: Box | Cell, source: str, limits: ProcessLimits | None = None) -> CellProcess:
    """Start a process that has imported `source`, whose function is `f(x)`."""
    process = box.start(DRIVER, limits or ProcessLimits())
    job = wire.Job(source.encode(), "s.py", ("f",), ("x",), b"seed", 1 << 16, MB)
    ready = process.exchange(wire.encode_job(job), cpu_s=2, wall_s=5, reply_bytes=MB)
    assert isinstance(wire.parse_reply(ready.frame, values.DecodeLimits()), wire.Ready)
    return process  # type: ignore[return-value]  # a cell's and a supervisor's are the same


def ask(process: CellProcess, value: object, cpu_s: float = 2, wall_s: float = 5) -> Reply:
    frame = values.encode((value,), 4 * MB)
    return process.exchange(frame, cpu_s=cpu_s, wall_s=wall_s, reply_bytes=2 * MB)


def value_of(reply: Reply) -> object:
    parsed = wire.parse_reply(reply.frame, values.DecodeLimits())
    assert isinstance(parsed, wire.Returned)
    return parsed.value


def test_calls_are_answered_in_turn(cell: Cell) -> None:
    process = start(cell, "def f(x): return x + 1")
    assert [2, 3, 4] == [value_of(ask(process, x)) for x in (1, 2, 3)]
    process.close()


def test_frames_larger_than_a_sockets_buffer_go_both_ways(cell: Cell) -> None:
    process = start(cell, "def f(x): return x")
    large = "x" * (900 * 1024)
    assert large == value_of(ask(process, large))
    process.close()


def test_cpu_time_is_that_of_the_exchange(cell: Cell) -> None:
    process = start(cell, "import time\ndef f(x):\n    if x: time.sleep(0.2)\n    return 0")
    burning = start_burning = ask(process, 0)
    sleeping = ask(process, 1)
    assert End.REPLIED == burning.end == sleeping.end
    assert sleeping.cpu_s < 0.1
    assert start_burning.cpu_s < 0.1
    process.close()


def test_a_loop_is_stopped_at_its_cpu_limit_and_tells_its_line(cell: Cell) -> None:
    process = start(cell, "def f(x):\n    while True:\n        x += 1")
    reply = ask(process, 0, cpu_s=0.2)
    assert End.CPU_LIMIT == reply.end
    assert 0.2 <= reply.cpu_s < 1
    parsed = wire.parse_reply(reply.frame, values.DecodeLimits())
    assert isinstance(parsed, wire.Interrupted)
    assert parsed.line in (2, 3)


def test_a_sleeper_is_stopped_at_the_wall_limit(cell: Cell) -> None:
    process = start(cell, "import time\ndef f(x):\n    time.sleep(60)")
    reply = ask(process, 0, wall_s=0.2)
    assert End.WALL_LIMIT == reply.end
    assert wire.encode_interrupted(3) == reply.frame


def test_who_does_not_read_is_stopped_too(cell: Cell) -> None:
    process = start(cell, "import time\ndef f(x):\n    while True: time.sleep(1)")
    reply = process.exchange(bytes(3 * MB), cpu_s=1, wall_s=0.3, reply_bytes=MB)
    assert reply.end in (End.WALL_LIMIT, End.DIED)


def test_after_its_end_a_process_takes_no_frame(cell: Cell) -> None:
    process = start(cell, "def f(x): return x")
    process.close()
    with pytest.raises(SandboxError, match="has ended"):
        ask(process, 1)
    assert process.close() > 0


def test_memory_is_limited_for_each_process(cell: Cell) -> None:
    source = "def f(x): return len(bytearray(x << 20))"
    small, large = ProcessLimits(memory_mb=64), ProcessLimits(memory_mb=512)
    for limits, expected in ((small, wire.Raised), (large, wire.Returned)):
        process = start(cell, source, limits)
        reply = wire.parse_reply(ask(process, 200).frame, values.DecodeLimits())
        assert expected is type(reply)
        process.close()


def test_a_cell_whose_zygote_is_gone_says_so_and_a_supervisor_replaces_it() -> None:
    with Supervisor(("full",), CellConfig()) as box:
        first = box.settle()
        _kill_cell(first)
        process = start(box, "def f(x): return x")
        assert 5 == value_of(ask(process, 5))
        assert first is not box.settle()
        process.close()


def test_after_a_replaced_cell_a_scratch_folder_is_still_nobody_elses() -> None:
    with Supervisor(("full",), CellConfig(scratch_mb=1)) as box:
        _kill_cell(box.settle())
        start(box, "def f(x): return x").close()
        replaced = box.settle()
        start(box, "def f(x): return x").close()
        assert replaced is not box.settle()


def test_a_cell_that_dies_under_a_process_is_our_fault() -> None:
    with Cell("full", CellConfig()) as cell:
        process = start(cell, "import time\ndef f(x): time.sleep(60)")
        _kill_cell(cell)
        with pytest.raises(SandboxError):
            ask(process, 1)


JAVASCRIPT = "grader.languages.javascript_driver"
BOTH = CellConfig(drivers=(DRIVER, JAVASCRIPT), lean=(JAVASCRIPT,))


@pytest.mark.skipif(javascript.missing_engine() is not None, reason="no JavaScript engine here")
def test_each_driver_has_a_cell_with_what_it_needs_from_its_first_process_on() -> None:
    with Supervisor(("full",), BOTH) as box:
        process = start(box, "import numpy as np\ndef f(x): return float(np.sqrt(x))")
        assert 3.0 == value_of(ask(process, 9))
        process.close()
        assert [True, False] == [slot.cell is not None for slot in box._slots.values()]
        for _ in range(2):
            box.start(JAVASCRIPT, ProcessLimits()).close()
        lean = box._slots[JAVASCRIPT].cell
        assert lean is not None
        assert (box.tier, ("full", (box.versions[0], ""))) == ("full", (lean.tier, lean.versions))
        assert np.__version__ == box.versions[1]
        _kill_cell(lean)
        box.start(JAVASCRIPT, ProcessLimits()).close()
        assert lean is not box._slots[JAVASCRIPT].cell


@pytest.mark.skipif(javascript.missing_engine() is not None, reason="no JavaScript engine here")
def test_a_later_cell_is_never_in_a_weaker_tier(monkeypatch: pytest.MonkeyPatch) -> None:
    with Supervisor(("full", "no-namespaces"), BOTH) as box:
        assert "full" == box.tier
        monkeypatch.setattr(cells, "_BOOT", "raise SystemExit")
        with pytest.raises(TierUnavailable, match=r"'full' does not hold here.*grader doctor"):
            box.start(JAVASCRIPT, ProcessLimits())
        assert "full" == box.tier


def _kill_cell(cell: Cell) -> None:
    cell._zygote.send_signal(signal.SIGKILL)
    cell._zygote.wait()


def test_a_cell_ends_with_its_judge() -> None:
    script = (
        "import os, sys\nfrom grader.sandbox.cell import Cell\n"
        "from grader.sandbox.box import CellConfig\n"
        "cell = Cell('full', CellConfig())\ncell.hello\n"
        "print(cell._zygote.pid, flush=True)\nos.kill(os.getpid(), 9)\n"
    )
    judge = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert -signal.SIGKILL == judge.returncode
    outer = int(judge.stdout)
    deadline = time.monotonic() + 5
    while _is_running(outer) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _is_running(outer)


def _is_running(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_package_that_is_not_there_is_named() -> None:
    config = CellConfig(packages=("no-such-package",))
    with (
        pytest.raises(SandboxError, match="no-such-package") as raised,
        Cell("full", config) as cell,
    ):
        _ = cell.hello
    assert not isinstance(raised.value, TierUnavailable)


def test_an_unknown_tier_is_the_users_mistake() -> None:
    with pytest.raises(UsageError, match="there are auto, full, no-namespaces, closed"):
        open_box("fortress", CellConfig())


def test_auto_takes_the_strongest_tier_and_says_what_holds() -> None:
    with open_box("auto", CellConfig()) as box:
        assert box.tier in ("full", "no-namespaces", "closed")
        assert "seccomp" in box.layers


def test_a_tier_is_not_taken_where_the_box_cannot_stop_an_attack(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A planted fault: a child that takes no step of its confinement must not pass the proof."""
    hole = (
        "from grader.sandbox import confine\nconfine.child_steps = lambda *_, **__: ()\nfrom grader"
    )
    monkeypatch.setattr(cells, "_BOOT", cells._BOOT.replace("from grader", hole, 1))
    with pytest.raises(TierUnavailable, match="got through"), Cell("full", CellConfig()) as cell:
        _ = cell.hello


def test_environment_and_arguments_tell_nothing() -> None:
    os.environ["GRADER_TEST_MARK"] = "seen"
    with Cell("full", CellConfig()) as fresh:
        process = start(fresh, "import os, sys\ndef f(x): return dict(os.environ), sys.argv")
        environment, arguments = value_of(ask(process, 0))
        process.close()
    del os.environ["GRADER_TEST_MARK"]
    threads = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
    assert {"PYTHONHASHSEED": "0", **threads} == environment
    assert [""] == arguments
