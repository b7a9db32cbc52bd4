"""Running the command line as a user would, in this process or in one of its own."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from grader import cli
from grader.sandbox import tiers
from grader.sandbox.box import Box, CellConfig

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


def _settle(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Keep the settings and the secret of whoever runs the tests out of them."""
    patch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    patch.setenv("GRADER_SECRET", "the tests' own")
    for name in ("GRADER_CHALLENGES", "GRADER_DEBUG"):
        patch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _private_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _settle(monkeypatch, tmp_path)


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


@pytest.fixture(scope="module")
def kept_boxes() -> Iterator[None]:
    """Let the commands of this process share boxes: for tests of what is said, not of a box.

    To start one takes ten times as long as to grade a file in it.
    """
    opened: dict[tuple[str, CellConfig], Box] = {}
    open_box = tiers.open_box
    with contextlib.ExitStack() as stack, pytest.MonkeyPatch.context() as patch:

        def kept(tier: str, config: CellConfig) -> contextlib.AbstractContextManager[Box]:
            if (tier, config) not in opened:
                opened[tier, config] = stack.enter_context(open_box(tier, config))
            return contextlib.nullcontext(opened[tier, config])

        patch.setattr(tiers, "open_box", kept)
        yield


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Grade files once for the tests of a module; each of them copies the run that it changes."""

    def run(challenge: str, files: Mapping[str, bytes]) -> Path:
        folder = tmp_path_factory.mktemp("graded")
        (folder / "class").mkdir()
        for name, source in files.items():
            (folder / "class" / name).write_bytes(source)
        with pytest.MonkeyPatch.context() as patch:
            _settle(patch, folder)
            arguments = [challenge, str(folder / "class"), "--out", str(folder / "out")]
            assert 0 == cli.run(["batch", *arguments, "--quiet"])
        return folder

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
