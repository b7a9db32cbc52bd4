"""What holds for `warmupCosine` alone: its statement's numbers, the kinds of its cases."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from grader.catalog import Catalog, Loaded
from grader.dataset import Dataset, args_of, build
from grader.exam import Exam
from grader.grading import cell_config
from grader.judge import judge
from grader.sandbox.box import Box
from grader.sandbox.tiers import open_box
from grader.submission import read

LOADED = Catalog().load("warmupCosine")
REFERENCE: Callable[..., Any] = LOADED.challenge.reference
SECRET = b"warm" * 8
EXAMPLE = (4, 12, 0.5, 0.1)


@pytest.fixture(scope="module")
def drawn() -> Dataset:
    return build(LOADED.challenge, SECRET)


def text(loaded: Loaded) -> str:
    return (loaded.folder / "statement.md").read_text(encoding="utf-8")


def table(loaded: Loaded) -> list[list[str]]:
    """Return the rows of the worked example: step, rule, progress, rate."""
    rows = re.findall(r"^\| (\d+ \|.*)\|$", text(loaded), re.MULTILINE)
    return [[cell.strip() for cell in row.split("|")] for row in rows]


def rule(step: int, warmup: int, total: int) -> str:
    if step >= total:
        return "after the end"
    return "warm-up" if step < warmup else "cosine"


def test_the_statements_table_is_what_the_reference_computes() -> None:
    warmup, total, *_ = EXAMPLE
    rows = table(LOADED)
    assert [int(step) for step, *_ in rows] == list(range(total + 2))
    for number, name, progress, rate in rows:
        step = int(number)
        assert rule(step, warmup, total) == name
        assert (f"{(step - warmup) / (total - warmup):.3f}" if name == "cosine" else "") == progress
        assert f"{REFERENCE(step, *EXAMPLE):.6f}" == rate


def test_the_statement_names_the_examples_settings() -> None:
    names = LOADED.challenge.parameters[1:]
    for name, value in zip(names, EXAMPLE, strict=True):
        assert f"`{name} = {value}`" in text(LOADED)
    rate = f"{REFERENCE(6, *EXAMPLE):.6f}"
    assert f"`warmupCosine(6, 4, 12, 0.5, 0.1)` returns about `{rate}`" in text(LOADED)


def test_the_visible_cases_are_steps_of_the_example() -> None:
    visible = LOADED.challenge.groups[0].cases
    assert {EXAMPLE} == {case.args[1:] for case in visible}
    assert [rule(case.args[0], 4, 12) for case in visible] == ["warm-up", "cosine", "after the end"]


def test_every_case_is_measured_on_the_scale_of_its_rates(drawn: Dataset) -> None:
    for case in drawn.cases():
        _, _, _, base, low = args_of(case)
        assert case.scale == abs(base) + abs(low)


@pytest.mark.parametrize(
    ("group", "name"), [("warm-up", "warm-up"), ("decay", "cosine"), ("any-order", None)]
)
def test_drawn_steps_fall_under_the_groups_rule(
    drawn: Dataset, group: str, name: str | None
) -> None:
    (found,) = (each for each in drawn.groups if each.name == group)
    rules = [rule(*args_of(case)[:3]) for case in found.cases]
    if name is not None:
        assert {name} == set(rules)
    else:
        assert rules == ["after the end", "cosine", "cosine", "warm-up"]


def test_a_constant_earns_nothing(drawn: Dataset) -> None:
    for group, data in zip(LOADED.challenge.groups, drawn.groups, strict=True):
        rates = {round(case.desired / case.scale, 4) for case in data.cases}
        assert len(rates) > 1
        assert group.award == "all" or 0 not in rates


def test_whole_numbers_stay_whole(drawn: Dataset) -> None:
    found = [args_of(case) for case in drawn.cases() if case.name.startswith("whole numbers only")]
    assert len(found) == 2
    assert {int} == {type(number) for args in found for number in args}


@pytest.fixture(scope="module")
def exam(drawn: Dataset) -> Exam:
    return Exam(LOADED, drawn, SECRET)


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with open_box("auto", cell_config(LOADED.challenge)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("file", "kind", "name"),
    [
        ("wrong_answer/warmup_from_one.py", "misconception", "warm-up-one-ahead"),
        ("wrong_answer/cosine_over_everything.py", "misconception", "progress-of-whole"),
        ("wrong_answer/straight_line.py", "misconception", "linear-decay"),
        ("wrong_answer/never_ends.py", "misconception", "no-end"),
        ("wrong_answer/warmup_comes_first.py", "misconception", "warm-up-first"),
        ("wrong_answer/angle_in_degrees.py", "misconception", "degrees"),
        ("wrong_answer/cached_by_step.py", "state", "state-kept"),
        ("wrong_answer/prints_the_rate.py", "shape", "printed-not-returned"),
        ("wrong_answer/whole_schedule.py", "shape", "not-a-number"),
        ("wrong_answer/nothing_after_the_end.py", "shape", "nothing-returned"),
        ("invalid_submission/uses_torch.py", "interface", "package"),
    ],
)
def test_a_shipped_mistake_is_explained(
    exam: Exam, box: Box, file: str, kind: str, name: str
) -> None:
    result = judge(read(LOADED.folder / "submissions" / file), exam, box)
    assert [(entry.kind, entry.id) for entry in result.diagnosis] == [(kind, name)]
