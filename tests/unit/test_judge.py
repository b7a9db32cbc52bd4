"""The judge over a real box: marks, notes, keys, judging again, what a student may see."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from grader import dataset, marking
from grader.catalog import Loaded
from grader.diagnosis import Diagnosis
from grader.errors import SandboxError
from grader.exam import Exam
from grader.judge import gather, judge
from grader.result import SandboxInfo, SubmissionResult, student_view, to_json
from grader.sandbox.box import Box, CellConfig, Process, ProcessLimits
from grader.sandbox.tiers import open_box
from grader.spec import Case, Challenge, Group, Limits, Misconception, Tolerance
from grader.submission import Submission
from grader.verdict import Verdict, Visibility

SECRET = b"a secret of the tests"


def double(x: float) -> float:
    return 2 * x


def triple(x: float) -> float:
    return 3 * x


CHALLENGE = Challenge(
    id="doubleIt",
    title="Double it",
    parameters=("x",),
    reference=double,
    limits=Limits(cpu_case_s=0.3, cpu_s=0.6, wall_s=2),
    groups=(
        Group(
            name="shown",
            title="Shown",
            points=2,
            visibility=Visibility.VISIBLE,
            cases=(Case(name="one", args=(1.0,)),),
        ),
        Group(
            name="kept",
            title="Kept",
            points=8,
            inputs_unchanged=True,
            cases=(Case(name="two", args=(2.25,)), Case(name="three", args=(31.415926,))),
        ),
    ),
    misconceptions=(Misconception(id="tripled", variant=triple, title="Tripled", hint="Count."),),
)


def exam(challenge: Challenge = CHALLENGE, *, only_visible: bool = False) -> Exam:
    loaded = Loaded(challenge, Path(), "digest")
    data = dataset.build(challenge, SECRET)
    return Exam(loaded, data, SECRET, only_visible=only_visible)


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with open_box("auto", CellConfig()) as box:
        yield box


Grade = Callable[..., SubmissionResult]


@pytest.fixture
def grade(box: Box) -> Grade:
    def grade(source: str, **options: bool) -> SubmissionResult:
        return judge(Submission("s.py", source.encode()), exam(**options), box)

    return grade


def test_a_right_submission_gets_everything(grade: Grade) -> None:
    result = grade("def doubleIt(x): return x + x")
    assert Verdict.ACCEPTED == result.verdict
    assert (10.0, 10.0) == (result.score, result.max_score)
    assert ((), ()) == (result.diagnosis, result.notes)


def test_a_named_mistake_is_named(grade: Grade) -> None:
    result = grade("def doubleIt(x): return 3*x")
    assert (Verdict.WRONG_ANSWER, 0.0) == (result.verdict, result.score)
    assert ["tripled"] == [entry.id for entry in result.diagnosis]


def test_snake_case_is_accepted_with_a_note(grade: Grade) -> None:
    result = grade("double_it = lambda x: 2*x")
    assert Verdict.ACCEPTED == result.verdict
    assert ("the function was found as double_it; the challenge calls it doubleIt",) == result.notes


def test_state_between_calls_is_named(grade: Grade) -> None:
    result = grade(
        "seen = []\ndef doubleIt(x):\n    seen.append(x)\n    return 2*x + len(seen) - 1"
    )
    assert Verdict.WRONG_ANSWER == result.verdict
    assert ["state-kept"] == [entry.id for entry in result.diagnosis]


def test_changed_inputs_lose_their_group_alone(box: Box) -> None:
    def total(values: list[float]) -> float:
        return sum(values)

    shown, kept = CHALLENGE.groups
    groups = (
        shown.model_copy(update={"cases": (Case(name="a", args=([1.0, 2.0],)),)}),
        kept.model_copy(update={"cases": (Case(name="b", args=([3.0, 4.0],)),)}),
    )
    changes = {"reference": total, "groups": groups, "misconceptions": ()}
    popping = b"def doubleIt(values):\n    t = 0\n    while values: t += values.pop()\n    return t"
    result = judge(Submission("s.py", popping), exam(CHALLENGE.model_copy(update=changes)), box)
    assert [Verdict.ACCEPTED, Verdict.WRONG_ANSWER] == [group.verdict for group in result.groups]
    assert ["inputs-changed"] == [entry.id for entry in result.diagnosis]


def test_only_visible_asks_and_counts_nothing_else(grade: Grade) -> None:
    result = grade("def doubleIt(x): return 2*x", only_visible=True)
    assert ["shown"] == [group.name for group in result.groups]
    assert (2.0, 2.0) == (result.score, result.max_score)


def test_the_same_submission_gets_the_same_result(grade: Grade) -> None:
    source = "import random\nimport numpy as np\ndef doubleIt(x):\n"
    source += "    return random.random() + np.random.rand() + np.random.default_rng().normal()"
    first, second = (to_json(grade(source), "instructor") for _ in range(2))
    for result in (first, second):
        del result["cpu_s"], result["wall_s"]
        for group in result["groups"]:
            for case in group["cases"]:
                del case["cpu_s"]
    assert first == second


def test_kept_evidence_is_judged_again_without_a_box(box: Box) -> None:
    nearly = Submission("s.py", b"def doubleIt(x): return 2*x*(1 + 1e-5)")
    strict = exam()
    evidence = gather(nearly, strict, box)
    sandbox = SandboxInfo("full", ())
    before = marking.mark(evidence, nearly, strict, sandbox)
    loose = exam(CHALLENGE.model_copy(update={"tolerance": Tolerance(rtol=1e-4)}))
    loose.loaded = replace(loose.loaded, digest="another digest")
    after = marking.mark(evidence, nearly, loose, sandbox)
    assert [Verdict.WRONG_ANSWER, Verdict.ACCEPTED] == [before.verdict, after.verdict]
    assert before.run_key == after.run_key
    assert before.judgement_key != after.judgement_key


def test_a_total_that_is_spent_is_noted(grade: Grade) -> None:
    result = grade("def doubleIt(x):\n    while True: pass")
    assert Verdict.TIME_LIMIT_EXCEEDED == result.verdict
    assert ["not run" in (case.message or "") for g in result.groups for case in g.cases][-1]
    assert "in a hidden case the time was over on line 2" == result.notes[0]
    assert "used up its total" in result.notes[1]


LEAKY = """
def doubleIt(x):
    print("saw", x)
    class Saw(Exception): pass
    Saw.__name__ = Saw.__qualname__ = f"Saw{x}"
    raise Saw(f"the input was {x}")
"""


@pytest.mark.parametrize(
    "source",
    [LEAKY, "def doubleIt(x): return {'saw': [x, str(x)]}", "def doubleIt(x): return x*3"],
)
def test_a_student_sees_no_hidden_number(grade: Grade, source: str) -> None:
    shown = json.dumps(to_json(grade(source), "student"))
    for secret in ("2.25", "4.5", "6.75", "31.41", "62.83", "94.24"):
        assert secret not in shown
    assert "31.415926" in json.dumps(to_json(grade(source), "instructor"))


HOARDER = """
seen = []
def doubleIt(x):
    seen.append(x)
    print("seen so far", seen)
    return list(seen)
"""
LATEST_FIRST = {
    Visibility.HIDDEN: 4444.25,
    Visibility.AFTER_PUBLISHED: 3333.25,
    Visibility.AFTER_DUE_DATE: 2222.25,
    Visibility.VISIBLE: 1111.25,
}


def in_time(*visibilities: Visibility) -> Challenge:
    groups = tuple(
        Group(
            name=f"group_{at}",
            title=str(each),
            points=1,
            visibility=each,
            cases=(Case(name="it", args=(LATEST_FIRST[each],)),),
        )
        for at, each in enumerate(visibilities)
    )
    return CHALLENGE.model_copy(update={"groups": groups})


@pytest.mark.parametrize(
    "opened",
    [
        {Visibility.VISIBLE},
        {Visibility.VISIBLE, Visibility.AFTER_DUE_DATE},
        {Visibility.VISIBLE, Visibility.AFTER_DUE_DATE, Visibility.AFTER_PUBLISHED},
        set(Visibility),
    ],
)
def test_what_is_open_holds_nothing_of_what_opens_later(box: Box, opened: set[Visibility]) -> None:
    hoarder = Submission("s.py", HOARDER.encode())
    result = judge(hoarder, exam(in_time(*LATEST_FIRST)), box)
    shown = json.dumps(to_json(student_view(result, opened), "instructor"))
    for visibility, secret in LATEST_FIRST.items():
        is_open = visibility in opened and visibility is not Visibility.HIDDEN
        assert is_open == (str(secret) in shown), visibility


def test_what_ran_in_another_order_is_run_again_before_more_is_shown() -> None:
    hidden = exam(in_time(Visibility.HIDDEN, Visibility.AFTER_DUE_DATE))
    kept = exam(in_time(Visibility.AFTER_DUE_DATE, Visibility.HIDDEN))
    shut = CHALLENGE.model_copy(
        update={
            "groups": tuple(
                group.model_copy(update={"visibility": Visibility.HIDDEN})
                for group in hidden.challenge.groups
            )
        }
    )
    assert ((0, 1), (1, 0)) == (exam(shut).order, hidden.order)
    assert exam(shut).settings == kept.settings != hidden.settings


def test_of_hidden_errors_a_student_sees_one_kind_and_one_line(grade: Grade) -> None:
    result = grade("def doubleIt(x):\n    if x == 1: return 2\n    return {}[x]")
    assert ("in a hidden case the function stopped with KeyError on line 3",) == result.notes


def test_times_that_a_student_sees_are_coarse(grade: Grade) -> None:
    result = to_json(
        grade("def doubleIt(x):\n    for _ in range(10**6): pass\n    return 2*x"), "student"
    )
    times = [result["cpu_s"], result["wall_s"]]
    times += [case["cpu_s"] for group in result["groups"] for case in group["cases"]]
    assert [round(time, 1) for time in times] == times


def test_a_box_that_breaks_once_costs_nothing(box: Box) -> None:
    result = judge(Submission("s.py", b"def doubleIt(x): return 2*x"), exam(), Breaking(box, 1))
    assert (Verdict.ACCEPTED, 10.0) == (result.verdict, result.score)


def test_a_box_that_breaks_again_is_a_judge_error_without_a_mark(box: Box) -> None:
    result = judge(Submission("s.py", b"def doubleIt(x): return 2*x"), exam(), Breaking(box, 2))
    assert (Verdict.JUDGE_ERROR, None) == (result.verdict, result.score)


class Breaking:
    """A real box whose first starts fail."""

    def __init__(self, box: Box, failures: int) -> None:
        self._box = box
        self._failures = failures
        self.tier, self.layers, self.versions = box.tier, box.layers, box.versions

    def start(self, driver: str, limits: ProcessLimits) -> Process:
        if self._failures:
            self._failures -= 1
            raise SandboxError("broken on purpose")
        return self._box.start(driver, limits)

    def close(self) -> None: ...

    def __enter__(self) -> "Breaking":
        return self

    def __exit__(self, *exc: object) -> None: ...


def test_a_refused_file_is_explained_and_never_run() -> None:
    class Untouchable(Breaking):
        def __init__(self) -> None:
            self.tier, self.layers, self.versions = "full", (), ("", "")

    result = judge(Submission("s.py", b'{"cells": [], "nbformat": 4}'), exam(), Untouchable())
    assert (Verdict.INVALID_SUBMISSION, 0.0) == (result.verdict, result.score)
    assert isinstance(result.diagnosis[0], Diagnosis)
    assert ("interface", "notebook") == (result.diagnosis[0].kind, result.diagnosis[0].id)
