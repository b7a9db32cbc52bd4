"""A batch on a real Dask cluster: a scheduler and two workers, each a process on loopback."""

import contextlib
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

distributed = pytest.importorskip("distributed", reason="Dask is not installed: grader[cluster]")

Grader = Callable[..., Any]
ROOT = Path(__file__).resolve().parents[2]
SUBMISSIONS = 1000

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
JAVASCRIPT = """\
export const sgdWithMomentum = (data, lr, beta, epochs) => {{
  let w = 0, velocity = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {{
    for (const {{ x, y }} of data) w -= lr * (velocity = beta * velocity + 2 * (w * x - y) * x);
  }}
  return w;
}}; // {number}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A scheduler and its workers, as processes that can be killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = f"tcp://127.0.0.1:{free_port()}"
        port = self.address.rpartition(":")[2]
        self._scheduler = self._started("scheduler", "--host", "127.0.0.1", "--port", port)
        self.workers: list[subprocess.Popen[bytes]] = []

    def hire(self, *options: str) -> "subprocess.Popen[bytes]":
        options = options or ("--nthreads", "1")
        worker = self._started("worker", self.address, "--no-nanny", *options)
        self.workers.append(worker)
        return worker

    def _started(self, what: str, *options: str) -> "subprocess.Popen[bytes]":
        log = (self._folder / f"{what}-{time.monotonic_ns()}.log").open("wb")
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard", *options],
            cwd=self._folder,
            stdout=log,
            stderr=log,
        )

    def close(self) -> None:
        for process in (*self.workers, self._scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    opened = Cluster(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def submissions(tmp_path: Path) -> Path:
    folder = tmp_path / "class"
    folder.mkdir()
    for number in range(SUBMISSIONS):
        factor = 1 if number % 4 == 1 else 2
        name, text = f"{number:04}.py", RIGHT.format(factor=factor, number=number)
        if number % 10 == 3:
            name, text = f"{number:04}.mjs", JAVASCRIPT.format(number=number)
        (folder / name).write_text(text)
    return folder


def begin(folder: Path, out: str, *options: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "grader",
            "batch",
            "sgdWithMomentum",
            "class",
            "--out",
            out,
            *options,
        ],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "GRADER_SECRET": "the tests' own"},
    )


def marks(out: Path) -> int:
    with contextlib.closing(sqlite3.connect(f"file:{out}/run.sqlite?mode=ro", uri=True)) as db:
        try:
            return int(db.execute("SELECT count(*) FROM results").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def results(out: Path) -> list[dict[str, Any]]:
    """Return all results without their times."""
    found = [json.loads(line) for line in (out / "results.jsonl").open()]
    for result in found:
        del result["cpu_s"], result["wall_s"]
        for group in result["groups"]:
            for case in group["cases"]:
                del case["cpu_s"]
    return found


def test_a_thousand_on_a_cluster_that_loses_a_worker_get_what_they_get_here(
    tmp_path: Path, submissions: Path, cluster: Cluster
) -> None:
    assert submissions.is_dir()
    victim, _ = cluster.hire(), cluster.hire()
    batch = begin(tmp_path, "there", "--executor", "dask", "--scheduler", cluster.address)
    deadline = time.monotonic() + 60
    while not (tmp_path / "there" / "run.sqlite").exists() or marks(tmp_path / "there") < 100:
        assert batch.poll() is None, batch.communicate()[0]
        assert time.monotonic() < deadline
        time.sleep(0.01)
    victim.send_signal(signal.SIGKILL)
    said, _ = batch.communicate(timeout=120)
    assert 0 == batch.returncode, said
    local = begin(tmp_path, "here", "--jobs", "2")
    said, _ = local.communicate(timeout=120)
    assert 0 == local.returncode, said
    assert SUBMISSIONS == marks(tmp_path / "there")
    assert results(tmp_path / "here") == results(tmp_path / "there")


def test_a_worker_that_is_another_declines_and_the_rest_goes_on(
    tmp_path: Path, cluster: Cluster, grader: Grader, right: bytes
) -> None:
    (tmp_path / "a.py").write_bytes(right)
    cluster.hire("--nthreads", "2")
    options = ("--executor", "dask", "--scheduler", cluster.address, "--out", tmp_path / "out")
    alone = grader("batch", "sgdWithMomentum", tmp_path / "a.py", *options)
    assert 3 == alone.code
    assert "no worker of the cluster can grade this" in alone.err
    assert "it has 2 threads: start it with --nthreads 1" in alone.err
    cluster.hire()
    with distributed.Client(cluster.address) as client:
        client.wait_for_workers(2, timeout=60)
    both = grader("batch", "sgdWithMomentum", tmp_path / "a.py", *options)
    assert (0, True) == (both.code, "1 graded: 1 accepted" in both.out)


ASSIGNMENT = """
title = "Two"
timezone = "Europe/Berlin"
due = 2199-11-30T23:59:00
[[challenges]]
id = "sgdWithMomentum"
[[challenges]]
id = "stepDecay"
weight = 2
"""


def test_an_assignment_on_a_cluster_gets_what_it_gets_here(
    tmp_path: Path, cluster: Cluster, grader: Grader
) -> None:
    cluster.hire()
    (tmp_path / "a.toml").write_text(ASSIGNMENT)
    decay = (ROOT / "challenges" / "step_decay" / "starter.py").read_text()
    for number in range(6):
        student = tmp_path / "class" / f"student{number}"
        student.mkdir(parents=True)
        text = RIGHT.format(factor=1 if number == 3 else 2, number=number)
        (student / "momentum.py").write_text(text + (decay if number % 2 else ""))
    (tmp_path / "class" / "student0" / "decay.py").write_text(decay)
    there = ("--executor", "dask", "--scheduler", cluster.address, "--out", tmp_path / "there")
    ran = grader("batch", tmp_path / "a.toml", tmp_path / "class", *there)
    assert 0 == ran.code, ran.err
    assert "grading sgdWithMomentum 6/6" in ran.err
    assert "grading stepDecay 4/4" in ran.err
    here = ("--jobs", "1", "--out", tmp_path / "here")
    assert 0 == grader("batch", tmp_path / "a.toml", tmp_path / "class", *here).code
    assert 10 == len(results(tmp_path / "here"))
    assert results(tmp_path / "here") == results(tmp_path / "there")
    tables = [(tmp_path / out / "marks.csv").read_text() for out in ("here", "there")]
    assert tables[0] == tables[1]


def test_no_scheduler_is_a_clear_line(
    tmp_path: Path, grader: Grader, right: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.executors.dask._CONNECT_TIMEOUT_S", 0.5)
    (tmp_path / "a.py").write_bytes(right)
    address = f"tcp://127.0.0.1:{free_port()}"
    ran = grader(
        *("batch", "sgdWithMomentum", tmp_path / "a.py", "--out", tmp_path / "out"),
        *("--executor", "dask", "--scheduler", address),
    )
    assert 2 == ran.code
    assert f"there is no Dask scheduler at {address}" in ran.err
    assert "Traceback" not in ran.err


def test_a_scheduler_without_a_cluster_is_a_usage_error(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    (tmp_path / "a.py").write_bytes(right)
    options = ("--scheduler", "tcp://127.0.0.1:1", "--out", tmp_path / "out")
    ran = grader("batch", "sgdWithMomentum", tmp_path / "a.py", *options)
    assert (2, "") == (ran.code, ran.out)
    assert "--scheduler goes with --executor dask" in ran.err


def test_processes_of_this_machine_and_a_scheduler_of_another_are_a_usage_error(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    (tmp_path / "a.py").write_bytes(right)
    options = ("--executor", "dask", "--scheduler", "tcp://127.0.0.1:1", "--jobs", "3")
    ran = grader("batch", "sgdWithMomentum", tmp_path / "a.py", *options, "--out", tmp_path / "out")
    assert (2, "") == (ran.code, ran.out)
    assert "leave one of them out" in ran.err
