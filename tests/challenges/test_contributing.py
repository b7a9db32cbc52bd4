"""Follows `.github/CONTRIBUTING.md` to the letter, in an empty folder."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import grader
from grader.catalog import Catalog
from grader.dataset import build

CLONE = Path(__file__).resolve().parents[2]
PAGE = (CLONE / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
FILE = re.compile(r"^`(mine/\S+)`\n\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write every file that the page shows."""
    for name, text in FILE.findall(PAGE):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def run(commands: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a block of the page with this very interpreter, `grader` and `python` being on PATH."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    for name, words in (("python", [sys.executable]), ("grader", [sys.executable, "-m", "grader"])):
        script = programs / name
        script.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', encoding="utf-8")
        script.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(grader.__file__).resolve().parents[1]),
        "GRADER_SECRET": "the secret of one who follows the page",
        "CLONE": str(CLONE),
    }
    return subprocess.run(
        ["bash", "-ec", commands],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_every_fence_of_the_page_is_a_file_or_a_command() -> None:
    assert len(re.findall("^```[a-z]+$", PAGE, re.MULTILINE)) == len(FILE.findall(PAGE)) + 2
    assert len(COMMANDS.findall(PAGE)) == 2


def test_the_challenge_loads_and_builds(folder: Path) -> None:
    loaded = Catalog([folder / "mine" / "challenges"]).load("meanSquaredError")
    names = [group.name for group in build(loaded.challenge, b"page" * 8).groups]
    assert ["example", "ordinary", "symmetric", "edges"] == names


def test_trying_it(folder: Path) -> None:
    tried = run(COMMANDS.findall(PAGE)[0], folder)
    assert tried.returncode == 0, tried.stderr[-2000:]
    assert "meanSquaredError" in tried.stdout
    assert "accepted, 100 of 100 points" in tried.stdout
    summary = (folder / "results" / "summary.csv").read_text(encoding="utf-8").splitlines()
    assert len(summary) == 1 + 4


def test_proving_it(folder: Path) -> None:
    proved = run(COMMANDS.findall(PAGE)[1], folder)
    assert proved.returncode == 0, proved.stdout[-4000:]
    assert "meanSquaredError  holds" in proved.stdout
    assert "1 of 1 challenges hold" in proved.stdout
