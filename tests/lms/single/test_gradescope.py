"""`results.json`: it fits the specification, adds up, and shows what Gradescope may show."""

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.lms.numbers import Scaling
from grader.lms.single import gradescope
from grader.lms.single.outline import NO_MARK, laid_out
from grader.result import SubmissionResult
from grader.verdict import Visibility

SCHEMA = json.loads(Path(__file__).with_name("gradescope.schema.json").read_text("utf-8"))
NAMES = ["right", "misconception", "runtime_error", "invalid", "judge_error"]


def made(result: SubmissionResult, scaling: Scaling | None = None) -> Any:
    results = json.loads(gradescope.render(result, scaling or Scaling()))
    jsonschema.Draft202012Validator(SCHEMA).validate(results)
    return results


def test_the_schema_is_one_and_refuses_what_gradescope_would() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    valid = jsonschema.Draft202012Validator(SCHEMA).is_valid
    assert valid({"score": 1})
    assert valid({"tests": [{"score": 1}]})
    for wrong in (
        {},
        {"tests": []},
        {"tests": [{"name": "no score"}]},
        {"score": "1"},
        {"score": None},
        {"score": 1, "visibility": "secret"},
        {"score": 1, "tests": [{"status": "ok"}]},
        {"score": 1, "stdout": "hidden"},
    ):
        assert not valid(wrong), wrong


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("maximum", [None, Fraction(20), Fraction(7, 3)])
def test_tests_add_up_to_the_score_that_is_written_above_them(
    results: Mapping[str, SubmissionResult], name: str, maximum: Fraction | None
) -> None:
    written = made(results[name], Scaling(maximum))
    most = round(Fraction(100) if maximum is None else maximum, 2)
    assert written["score"] == pytest.approx(sum(test["score"] for test in written["tests"]))
    assert float(most) == pytest.approx(sum(test["max_score"] for test in written["tests"]))


def test_a_test_has_all_of_its_points_or_none(results: Mapping[str, SubmissionResult]) -> None:
    for name in NAMES:
        for test in made(results[name])["tests"]:
            assert test["score"] in (0.0, test["max_score"])
            if test["score"]:
                assert "passed" == test["status"]


def test_what_passed_in_vain_says_so(results: Mapping[str, SubmissionResult]) -> None:
    result = results["misconception"]
    vain = [
        f"{i}.{j}"
        for i, group in enumerate(result.groups, 1)
        for j, case in enumerate(group.cases, 1)
        if case.score and not group.score
    ]
    assert vain, "the golden result has an accepted case in a group that pays for all or none"
    tests = {test["number"]: test for test in made(result)["tests"]}
    for number in vain:
        assert ("passed", 0.0) == (tests[number]["status"], tests[number]["score"])
        assert "only if all" in tests[number]["output"]


@pytest.mark.parametrize("visibility", list(Visibility))
def test_a_group_s_visibility_is_that_of_its_tests_and_nothing_hidden_is_in_the_file(
    results: Mapping[str, SubmissionResult], visibility: Visibility
) -> None:
    result = results["runtime_error"]
    groups = tuple(
        replace(
            group,
            visibility=visibility,
            cases=tuple(
                case._replace(message=f"seen {i}.", prints=f"says {i}.", inputs={"a": f"in {i}."})
                for case in group.cases
            ),
        )
        for i, group in enumerate(result.groups)
    )
    written = made(replace(result, groups=groups))
    assert {str(visibility)} == {test["visibility"] for test in written["tests"]}
    shown = visibility is Visibility.VISIBLE
    text = json.dumps(written)
    for secret in ("seen 0.", "says 0.", "in 0."):
        assert shown == (secret in text)


def test_the_text_above_the_tests_says_why_without_points_that_may_be_held_back(
    results: Mapping[str, SubmissionResult],
) -> None:
    written = made(results["misconception"])
    assert "What to do next" in written["output"]
    assert "points" not in written["output"]
    board = {entry["name"]: entry["value"] for entry in written["leaderboard"]}
    visible = [test["score"] for test in written["tests"] if test["visibility"] == "visible"]
    assert board["Points"] == pytest.approx(sum(visible))
    assert board["Points"] < written["score"]


def test_our_fault_is_no_mark(results: Mapping[str, SubmissionResult]) -> None:
    written = made(results["judge_error"])
    assert 0.0 == written["score"]
    assert [("Not graded yet", "visible", NO_MARK)] == [
        (test["name"], test["visibility"], test["output"]) for test in written["tests"]
    ]
    assert NO_MARK == written["output"]
    assert [] == written["leaderboard"]
    assert "judge_error" == written["extra_data"]["grader"]["verdict"]


@given(
    st.lists(st.fractions(0, 50), max_size=20).filter(any),
    st.fractions(0, 1000),
    st.integers(0, 5),
)
def test_parts_add_up_whatever_their_shares(
    shares: list[Fraction], total: Fraction, digits: int
) -> None:
    total = round(total, digits)
    parts = laid_out(shares, total, digits)
    assert total == sum(parts)
    for share, part in zip(shares, parts, strict=True):
        assert part == round(part, digits)
        assert 0 <= part
        assert abs(part - total * share / sum(shares)) <= Fraction(1, 10**digits)
