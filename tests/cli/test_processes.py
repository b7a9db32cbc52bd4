"""What only a process of its own shows: signals, pipes, closed streams, modules imported."""

import contextlib
import os
import select
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

Grader = Callable[..., Any]
COMMAND = (sys.executable, "-m", "grader")
LOOP = "def sgdWithMomentum(data, lr, beta, epochs):\n    while True:\n        pass\n"
SLOWLY = "import time\nwhile time.process_time() < 0.3:\n    pass\n"


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def descendants(pid: int) -> set[int]:
    """Return the processes that `pid` started, and those that these started."""
    found: set[int] = set()
    for task in Path("/proc", str(pid), "task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | descendants(child)
    return found


def alive(pids: set[int]) -> set[int]:
    """Return those that still run; a zombie does not."""
    states = {pid: Path("/proc", str(pid), "stat") for pid in pids}
    return {pid for pid, stat in states.items() if stat.exists() and ") Z " not in stat.read_text()}


BATCH = (*COMMAND, "batch", "sgdWithMomentum", "class", "--out", "out", "--jobs", "2")


def begun(folder: Path, right: bytes, others: str, count: int) -> "subprocess.Popen[str]":
    """Start a batch of a right submission and of others, which differ; wait for a mark."""
    (folder / "class").mkdir()
    (folder / "class" / "a.py").write_bytes(right)
    for number in range(count):
        (folder / "class" / f"b{number:02}.py").write_text(others + "#" * number)
    batch = subprocess.Popen(
        BATCH,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(lambda: marks(folder / "out") > 0)
    return batch


def marks(out: Path) -> int:
    """Count the marks that another process has committed."""
    if not (out / "run.sqlite").exists():
        return 0
    with contextlib.closing(sqlite3.connect(f"file:{out}/run.sqlite?mode=ro", uri=True)) as db:
        try:
            return int(db.execute("SELECT count(*) FROM results").fetchone()[0])
        except sqlite3.OperationalError:  # it is being made
            return 0


def test_an_interrupt_finishes_what_runs_and_the_same_command_goes_on(
    tmp_path: Path, right: bytes
) -> None:
    batch = begun(tmp_path, right, SLOWLY + right.decode(), 12)
    family = descendants(batch.pid)
    os.killpg(batch.pid, signal.SIGINT)  # as a terminal does: to all of the group
    _, err = batch.communicate(timeout=30)
    assert 130 == batch.returncode
    assert "of 13 are graded and kept; the same command goes on" in err
    assert "Traceback" not in err
    kept = marks(tmp_path / "out")
    assert 1 <= kept < 13
    assert kept == len((tmp_path / "out" / "results.jsonl").read_text().splitlines())
    assert family
    wait_for(lambda: not alive(family))
    done = subprocess.run(BATCH, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert 0 == done.returncode
    assert f"{kept} known before" in done.stderr
    assert 13 == len((tmp_path / "out" / "results.jsonl").read_text().splitlines())


def test_a_second_interrupt_ends_a_batch_at_once(tmp_path: Path, right: bytes) -> None:
    batch = begun(tmp_path, right, LOOP, 8)
    family = descendants(batch.pid)
    batch.send_signal(signal.SIGINT)
    time.sleep(0.2)
    batch.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, err = batch.communicate(timeout=30)
    assert (130, "grader: interrupted") == (batch.returncode, err.strip().splitlines()[-1])
    assert time.monotonic() - began < 2
    assert 1 <= marks(tmp_path / "out") < 9
    wait_for(lambda: not alive(family))


def test_an_interrupted_grade_ends_at_once(tmp_path: Path) -> None:
    (tmp_path / "loop.py").write_text(LOOP)
    grade = subprocess.Popen(
        [*COMMAND, "grade", "sgdWithMomentum", "loop.py"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    wait_for(lambda: bool(descendants(grade.pid)))
    family = descendants(grade.pid)
    grade.send_signal(signal.SIGINT)
    out, err = grade.communicate(timeout=30)
    assert (130, "", "grader: interrupted") == (grade.returncode, out, err.strip())
    wait_for(lambda: not alive(family))


@pytest.mark.parametrize("lines", [0, 1])
def test_a_reader_that_leaves_is_no_error(lines: int) -> None:
    with subprocess.Popen(
        [*COMMAND, "show", "sgdWithMomentum"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as show:
        assert show.stdout is not None
        assert show.stderr is not None
        for _ in range(lines):
            show.stdout.readline()
        show.stdout.close()
        assert b"" == show.stderr.read()
    assert show.returncode in (0, 141)


def test_a_closed_stdout_is_no_error() -> None:
    closed = "import os, runpy, sys; os.close(1); sys.stdout = None; sys.argv = ['grader', 'list']"
    done = subprocess.run(
        [sys.executable, "-c", f"{closed}; runpy.run_module('grader', run_name='__main__')"],
        stderr=subprocess.PIPE,
        check=False,
    )
    assert (0, b"") == (done.returncode, done.stderr)


def test_an_encoding_without_a_character_gets_an_escape(process: Grader, tmp_path: Path) -> None:
    (tmp_path / "ω.py").write_text("")
    ran = process("grade", "sgdWithMomentum", tmp_path / "ω.py", PYTHONIOENCODING="latin-1")
    assert (1, "") == (ran.code, ran.err)
    assert "\\u03c9.py" in ran.out


def test_help_and_usage_need_nothing_that_takes_long_to_import() -> None:
    heavy = "{'numpy', 'pydantic', 'rich', 'msgpack'}"
    code = (
        "import sys; from grader import cli; cli.run(['--help']); cli.run(['grade']);"
        f"sys.exit(bool({heavy} & set(sys.modules)))"
    )
    assert 0 == subprocess.run([sys.executable, "-c", code], capture_output=True).returncode


def test_the_box_starts_before_anything_heavy_is_imported(tmp_path: Path, right: bytes) -> None:
    (tmp_path / "a.py").write_bytes(right)
    code = (
        "import sys; from grader import cli; from grader.sandbox import cell;"
        "init = cell.Cell.__init__;"
        "seen = [];"
        "cell.Cell.__init__ = lambda *a, **k: (seen.append(set(sys.modules)), init(*a, **k))[1];"
        f"code = cli.run(['grade', 'sgdWithMomentum', {str(tmp_path / 'a.py')!r}]);"
        "sys.exit(code or bool({'numpy', 'pydantic', 'rich'} & seen[0]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (0, "") == (done.returncode, done.stderr)


def test_a_watched_file_is_checked_again_when_it_is_saved(tmp_path: Path, right: bytes) -> None:
    file = tmp_path / "mine.py"
    file.write_bytes(right.replace(b"2 * (w", b"1 * (w"))
    with subprocess.Popen(
        [*COMMAND, "check", "sgdWithMomentum", str(file), "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as check:
        try:
            assert check.stdout is not None
            said = _read_until(check.stdout, b"waiting for mine.py")
            assert b"wrong answer, 0 of 10 points" in said
            draft = tmp_path / "draft"
            draft.write_bytes(right)
            began = time.monotonic()
            draft.replace(file)
            assert b"accepted, 10 of 10 points" in _read_until(check.stdout, b"waiting for mine.py")
            assert time.monotonic() - began < 5  # a tenth of a second where the machine is idle
            check.send_signal(signal.SIGINT)
            assert 130 == check.wait(timeout=10)
        finally:
            check.kill()  # it never ends by itself, and what began it waits for it


def _read_until(stream: IO[bytes], text: bytes) -> bytes:
    said = b""
    while text not in said:
        assert select.select([stream], [], [], 30)[0], said
        chunk = os.read(stream.fileno(), 1 << 16)
        assert chunk, said
        said += chunk
    return said
