"""The README opens with the two commands, and .ci/run runs the second."""

import re
import subprocess
from pathlib import Path

import click
import pytest

from grader.catalog import Catalog
from grader.cli import grader

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def blocks() -> list[tuple[str, str]]:
    """Every fenced block of the README as (language, text)."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_first_block_installs_and_grades(blocks: list[tuple[str, str]]) -> None:
    language, first = blocks[0]
    assert "bash" == language
    for step in ("-m venv", "pip install", "grader batch sgdWithMomentum challenges/"):
        assert step in first


def test_the_second_block_installs_and_tests(blocks: list[tuple[str, str]]) -> None:
    language, second = blocks[1]
    assert "bash" == language
    for step in ("-m venv", "pip install", "pytest"):
        assert step in second


def test_both_are_valid_bash(blocks: list[tuple[str, str]]) -> None:
    for _, block in blocks[:2]:
        subprocess.run(["bash", "-n", "-ec", block], check=True)


def test_ci_runs_the_second_block_as_it_stands(blocks: list[tuple[str, str]]) -> None:
    extraction = re.search(r"\$\((awk .*)\)", (ROOT / ".ci" / "run").read_text())
    assert extraction is not None
    found = subprocess.run(
        ["bash", "-ec", extraction[1]], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert blocks[1][1] == found.stdout


def test_every_command_is_in_the_table() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in grader.list_commands(click.Context(grader)):
        assert f"| `grader {name}" in text


def test_every_challenge_is_in_the_table() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [] == [entry.id for entry in Catalog().list() if f"| `{entry.id}` |" not in text]
