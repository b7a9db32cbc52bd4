"""A batch that is killed again and again ends as one that was left alone."""

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

KILLS = 20
SUBMISSIONS = 300

RIGHT = """\
def sgdWithMomentum(data, lr, beta, epochs):
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            gradient = {factor} * (w * sample["x"] - sample["y"]) * sample["x"]
            velocity = beta * velocity + gradient
            w -= lr * velocity
    return w
# {number}
"""
CRASH = "def sgdWithMomentum(data, lr, beta, epochs):\n    return [][{number}]\n"


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    """A class in which one in four is wrong, one in eight crashes, and one in ten is a copy."""
    folder = tmp_path / "class"
    folder.mkdir()
    for number in range(SUBMISSIONS):
        text = RIGHT.format(factor=1 if number % 4 == 1 else 2, number=number - number % 10 // 9)
        if number % 8 == 2:
            text = CRASH.format(number=number)
        (folder / f"{number:03}.py").write_text(text)
    return folder


def start(folder: Path, out: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "grader", "batch", "sgdWithMomentum", "class"),
            *("--out", out, "--jobs", "2"),
        ],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "GRADER_SECRET": "the tests' own"},
    )


def count(out: Path) -> int:
    """Count the marks that are on disk."""
    with contextlib.closing(sqlite3.connect(f"file:{out}/run.sqlite?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM results").fetchone()[0])


def soft_count(out: Path) -> int:
    try:
        return count(out)
    except sqlite3.OperationalError:  # not yet there, or being made
        return 0


def kill_at(batch: "subprocess.Popen[bytes]", out: Path, chance: random.Random) -> int:
    """Kill a batch, some time after its start or some marks later; return the marks it left."""
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0.0, 1.5))
    else:
        goal = soft_count(out) + chance.randint(1, 12)
        deadline = time.monotonic() + 30
        while soft_count(out) < goal and batch.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
    batch.send_signal(signal.SIGKILL)
    batch.wait()
    return soft_count(out)


def outcome(out: Path) -> dict[str, Any]:
    """Return all that a run has found out, times aside."""
    results = [json.loads(line) for line in (out / "results.jsonl").open()]
    for result in results:
        del result["cpu_s"], result["wall_s"]
        for group in result["groups"]:
            for case in group["cases"]:
                del case["cpu_s"]
    tables = {
        "submissions": "SELECT * FROM submissions ORDER BY id",
        "runs": "SELECT key FROM runs ORDER BY key",
        "judgements": "SELECT key, run, verdict, score, diagnosis, hunt, example "
        "FROM judgements ORDER BY key",
        "cases": "SELECT * FROM cases ORDER BY judgement, position",
        "results": "SELECT * FROM results ORDER BY submission",
        "faults": "SELECT * FROM faults",
    }
    with contextlib.closing(sqlite3.connect(out / "run.sqlite")) as db:
        assert [("ok",)] == db.execute("PRAGMA integrity_check").fetchall()
        found = {name: db.execute(query).fetchall() for name, query in tables.items()}
    return {"results.jsonl": results, "summary": (out / "summary.csv").read_text(), **found}


def test_a_batch_that_is_killed_twenty_times_ends_like_one_that_was_not(
    tmp_path: Path, submissions: Path
) -> None:
    assert submissions.is_dir()
    chance = random.Random(20)
    kept = [0]
    for _ in range(KILLS):
        batch = start(tmp_path, "killed")
        kept.append(kill_at(batch, tmp_path / "killed", chance))
        assert -signal.SIGKILL == batch.returncode, "the batch was over before it was killed"
    assert kept == sorted(kept), "a mark that was on disk is gone"
    assert 0 < kept[-1] < SUBMISSIONS
    assert 0 == start(tmp_path, "killed").wait()
    assert 0 == start(tmp_path, "undisturbed").wait()
    assert SUBMISSIONS == count(tmp_path / "killed")
    expected, actual = outcome(tmp_path / "undisturbed"), outcome(tmp_path / "killed")
    for name in expected:
        assert expected[name] == actual[name], name
