"""What a challenge promises without a box: its mistakes fail, its equivalents pass."""

import doctest
import importlib.util
import itertools
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.agreement import agrees
from grader.catalog import Loaded
from grader.compare import compare
from grader.dataset import CaseData, Dataset, args_of, variant_values
from grader.diagnosis import Judged, diagnose
from grader.scale import result_of
from grader.spec import Challenge, Tolerance

MARGIN = 10
"""Two programs count as apart when they differ by this many times the tolerance."""


def answers(function: Callable[..., Any], cases: Sequence[CaseData]) -> list[Any]:
    return [result_of(function, args_of(case)) for case in cases]


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


def test_doctests(challenge: Challenge) -> None:
    module = sys.modules[challenge.reference.__module__]
    result = doctest.testmod(module)
    assert result.attempted > len(challenge.misconceptions)
    assert result.failed == 0


def test_the_points_add_up_to_100(challenge: Challenge) -> None:
    assert sum(group.points for group in challenge.groups) == 100


def test_every_mistake_is_rejected_in_a_hidden_case(
    challenge: Challenge, dataset: Dataset, cases: Sequence[CaseData], deciding: Sequence[int]
) -> None:
    values = variant_values(challenge, dataset)
    accepted = [
        entry.id
        for entry in challenge.misconceptions
        if not any(
            compare(values[entry.id][i], cases[i].desired, cases[i].scale, challenge.tolerance)
            for i in deciding
        )
    ]
    assert accepted == []


def test_mistakes_are_far_from_the_reference_and_from_each_other(
    challenge: Challenge, dataset: Dataset, cases: Sequence[CaseData], deciding: Sequence[int]
) -> None:
    tolerance = challenge.tolerance
    wide = Tolerance(rtol=MARGIN * tolerance.rtol, atol=MARGIN * tolerance.atol)
    rows = {"reference": [case.desired for case in cases], **variant_values(challenge, dataset)}
    too_near = [
        (one, other)
        for one, other in itertools.combinations(rows, 2)
        if all(agrees(rows[one][i], rows[other][i], cases[i].scale, wide) for i in deciding)
    ]
    assert too_near == []


def test_every_mistake_is_diagnosed_as_itself(
    challenge: Challenge, dataset: Dataset, cases: Sequence[CaseData]
) -> None:
    values = variant_values(challenge, dataset)
    for entry in challenge.misconceptions:
        judged = [
            Judged(case.desired, case.scale, decides=case.finite, actual=value)
            for case, value in zip(cases, values[entry.id], strict=True)
        ]
        found = diagnose(judged, challenge.misconceptions, values, challenge.tolerance)
        assert [entry.id] == [diagnosis.id for diagnosis in found]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_equivalent_programs_are_accepted(loaded: Loaded, cases: Sequence[CaseData]) -> None:
    challenge = loaded.challenge
    paths = sorted((loaded.folder / "submissions" / "accepted").glob("*.py"))
    assert len(paths) >= 2
    for path in paths:
        got = answers(function_of(path, challenge), cases)
        rejected = [
            (path.name, case.name, value)
            for case, value in zip(cases, got, strict=True)
            if compare(value, case.desired, case.scale, challenge.tolerance, case.finite)
        ]
        assert rejected == []


def test_the_starter_earns_nothing(loaded: Loaded, cases: Sequence[CaseData]) -> None:
    challenge = loaded.challenge
    starter = function_of(loaded.folder / "starter.py", challenge)
    accepted = [
        case.name
        for case, value in zip(cases, answers(starter, cases), strict=True)
        if compare(value, case.desired, case.scale, challenge.tolerance, case.finite) is None
    ]
    assert accepted == []


def test_the_statement_names_the_function_and_its_parameters(loaded: Loaded) -> None:
    statement = (loaded.folder / "statement.md").read_text(encoding="utf-8")
    missing = [
        name
        for name in (loaded.challenge.id, *loaded.challenge.parameters)
        if name not in statement
    ]
    assert missing == []
