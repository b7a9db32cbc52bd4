"""The versions that go along: those that are installed, of what is needed and of nothing else."""

import doctest
from importlib import metadata
from types import ModuleType

import pytest

from grader.lms.harness import history
from grader.lms.packaging import pins, wheel


def test_what_grading_needs_is_pinned_to_what_is_installed() -> None:
    held = pins.versions(["numpy"], ["javascript"])
    for name in ("click", "jinja2", "markupsafe", "msgpack", "numpy", "pydantic", "pydantic-core"):
        assert metadata.version(name) == held[name]
    assert metadata.version("quickjs-ng") == held["quickjs-ng"]
    assert held.keys() & {"grader", "pytest", "mypy", "matplotlib", "distributed"} == set()
    assert list(held) == sorted(held)


def test_an_extra_is_left_out_where_nobody_asks_for_it() -> None:
    assert "quickjs-ng" not in pins.versions(["numpy"], [])


def test_the_least_python_is_the_highest_that_any_of_them_asks_for() -> None:
    assert (3, 11) == pins.least_python([])
    wanted = metadata.metadata("numpy")["Requires-Python"]
    assert f"3.{max(11, int(wanted.removeprefix('>=3.')))}" == "{}.{}".format(
        *pins.least_python(["numpy", "click"])
    )


def test_markers_are_left_to_pip_and_extras_are_not() -> None:
    said = [
        "colorama; platform_system == 'Windows'",
        "Some.Thing[one, two] >=1 ; python_version < '4'",
        'extra-only>=2; extra == "Java_Script"',
        "another (>=1) ; extra == 'x' or extra == 'y'",
        "@ not a requirement",
    ]
    found = list(pins.needs(said, ["java-script"]))
    assert [
        ("colorama", frozenset()),
        ("some-thing", frozenset({"one", "two"})),
        ("extra-only", frozenset()),
    ] == found


@pytest.mark.parametrize("module", [pins, wheel, history])
def test_the_examples_in_the_documentation_hold(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert results.attempted > 0
    assert 0 == results.failed
