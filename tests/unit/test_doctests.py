"""Every example in a docstring of the package does what it says."""

import doctest
import importlib
from pathlib import Path

import pytest

import grader

ROOT = Path(grader.__file__).parent
MODULES = sorted(
    ".".join(("grader", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
    for path in ROOT.rglob("*.py")
    if ">>> " in path.read_text("utf-8")
)


@pytest.mark.parametrize("name", MODULES)
def test_a_module_s_examples_hold(name: str) -> None:
    results = doctest.testmod(importlib.import_module(name))
    assert results.attempted > 0
    assert 0 == results.failed
