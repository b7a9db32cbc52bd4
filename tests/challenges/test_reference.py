"""What a challenge promises without a box, whatever the secret: equivalent programs pass."""

import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.catalog import Loaded
from grader.checking import accepts
from grader.dataset import CallData, CaseData, Dataset, args_of, build, seeded
from grader.scale import Raising, outcome_of
from grader.spec import Challenge, Grows
from grader.verdict import Visibility

EXAMPLES = "example"


def function_of(path: Path, challenge: Challenge) -> Callable[..., Any]:
    """Import one of the shipped submissions (our own file) as the driver would."""
    spec = importlib.util.spec_from_file_location(f"shipped_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found = [getattr(module, name, None) for name in (challenge.id, path.parents[2].name)]
    function: Callable[..., Any] = next(each for each in found if each is not None)
    return function


def rejected(function: Callable[..., Any], challenge: Challenge, dataset: Dataset) -> list[str]:
    """Return the cases that a function of ours fails, but those that measure time."""

    def run(call: CaseData | CallData) -> Any:
        with np.errstate(all="ignore"), seeded(1):
            return outcome_of(function, args_of(call))

    return [
        f"{group.name}: {case.name}"
        for group, data in zip(challenge.groups, dataset.groups, strict=True)
        if not isinstance(group.check, Grows)
        for case in data.cases
        if not accepts(challenge, group, case, run)
    ]


def accepted_files(loaded: Loaded) -> list[Path]:
    return sorted((loaded.folder / "submissions" / "accepted").glob("*.py"))


def test_the_points_add_up_to_100(challenge: Challenge) -> None:
    assert 100 == sum(group.points for group in challenge.groups)


def test_there_is_a_visible_group_and_most_points_are_hidden(challenge: Challenge) -> None:
    shown = sum(g.points for g in challenge.groups if g.visibility is Visibility.VISIBLE)
    assert 0 < shown <= 30


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_equivalent_programs_are_accepted(loaded: Loaded, dataset: Dataset) -> None:
    paths = accepted_files(loaded)
    assert len(paths) >= 2
    for path in paths:
        if path.stem == "debug_prints":
            continue  # it is told by its prints, which belong to the box
        function = function_of(path, loaded.challenge)
        assert (path.name, []) == (path.name, rejected(function, loaded.challenge, dataset))


def test_the_starter_earns_nothing(loaded: Loaded, dataset: Dataset) -> None:
    challenge = loaded.challenge
    starter = function_of(loaded.folder / "starter.py", challenge)
    asked = sum(
        len(data.cases)
        for group, data in zip(challenge.groups, dataset.groups, strict=True)
        if not isinstance(group.check, Grows)
    )
    assert asked == len(rejected(starter, challenge, dataset))


def test_the_statement_names_the_function_and_its_parameters(loaded: Loaded) -> None:
    statement = (loaded.folder / "statement.md").read_text(encoding="utf-8")
    missing = [
        name
        for name in (loaded.challenge.id, *loaded.challenge.parameters)
        if name not in statement
    ]
    assert [] == missing


def test_variants_raise_only_where_the_reference_may(
    challenge: Challenge, cases: Sequence[CaseData]
) -> None:
    """A variant that crashes where nothing is wrong with the input explains nobody's mistake."""
    crashing = [
        entry.id
        for entry in challenge.misconceptions
        if all(isinstance(outcome_of(entry.variant, args_of(case)), Raising) for case in cases)
    ]
    assert [] == crashing


def test_no_hint_shows_a_line_of_the_reference(challenge: Challenge) -> None:
    import inspect

    lines = {
        line.strip().rstrip(":")
        for line in inspect.getsource(challenge.reference).splitlines()
        if "=" in line and len(line.strip()) > 12 and ">>>" not in line
    }
    told = [
        (entry.id, line)
        for entry in challenge.misconceptions
        for line in lines
        if line in entry.hint or line in entry.title
    ]
    assert [] == told


def test_the_hidden_cases_are_other_ones_under_another_secret(challenge: Challenge) -> None:
    if any(group.generate for group in challenge.groups):
        assert build(challenge, b"one secret").digest != build(challenge, b"another").digest
