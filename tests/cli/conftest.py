"""Running the command line as a user would, in this process or in one of its own."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader import cli

RIGHT = b"""\
def sgdWithMomentum(data, lr, beta, epochs):
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            gradient = 2 * (w * sample["x"] - sample["y"]) * sample["x"]
            velocity = beta * velocity + gradient
            w -= lr * velocity
    return w
"""


@dataclass(frozen=True)
class Ran:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str


Grader = Callable[..., Ran]


@pytest.fixture(autouse=True)
def _private_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings and the secret of whoever runs the tests out of them."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("GRADER_SECRET", "the tests' own")
    for name in ("GRADER_CHALLENGES", "GRADER_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def right() -> bytes:
    """The source of an accepted submission to `sgdWithMomentum`."""
    return RIGHT


@pytest.fixture
def grader(capfd: pytest.CaptureFixture[str]) -> Grader:
    """Run `grader ARGUMENTS…` in this process."""

    def run(*arguments: str | Path) -> Ran:
        capfd.readouterr()
        code = cli.run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture
def process() -> Grader:
    """Run `grader ARGUMENTS…` in a process of its own."""

    def run(*arguments: str | Path, **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "grader", *map(str, arguments)],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
