"""The five kinds of check, dependent groups and random challenges, over a real box."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from grader import dataset
from grader.catalog import Loaded
from grader.errors import AuthorError
from grader.exam import Exam
from grader.judge import gather, judge
from grader.marking import Evidence, mark, raw_verdicts, unsettled
from grader.result import SandboxInfo, SubmissionResult, to_json
from grader.sandbox.box import Box, CellConfig, Process, ProcessLimits
from grader.sandbox.tiers import open_box
from grader.spec import (
    Args,
    Case,
    Challenge,
    Check,
    Group,
    Grows,
    Holds,
    Limits,
    Matches,
    Raises,
    Relates,
)
from grader.submission import Submission
from grader.verdict import Verdict, Visibility

SECRET = b"a secret of the tests"
ACCEPTED, WRONG, SKIPPED = Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.SKIPPED


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with open_box("auto", CellConfig()) as box:
        yield box


def double(x: float) -> float:
    return 2 * x


def group(name: str, *inputs: Any, check: Check | None = None, **fields: Any) -> Group:
    return Group(
        **{
            "name": name,
            "title": f"The {name} part",
            "points": 10,
            "cases": tuple(Case(name=f"case {i}", args=(x,)) for i, x in enumerate(inputs)),
            "check": check or Matches(),
        }
        | fields
    )


def exam(*groups: Group, only_visible: bool = False, **fields: Any) -> Exam:
    challenge = Challenge(
        **{
            "id": "f",
            "title": "F",
            "parameters": ("x",),
            "reference": double,
            "groups": groups,
            "limits": Limits(cpu_case_s=0.3, cpu_s=0.6, wall_s=3),
        }
        | fields
    )
    loaded = Loaded(challenge, Path(), "digest")
    return Exam(loaded, dataset.build(challenge, SECRET), SECRET, only_visible=only_visible)


def submission(source: str) -> Submission:
    return Submission("s.py", source.encode())


def verdicts(result: SubmissionResult) -> dict[str, Verdict]:
    return {group.name: group.verdict for group in result.groups}


def shown_to_students(result: SubmissionResult) -> str:
    return json.dumps(to_json(result, "student"))


def explanations(result: SubmissionResult) -> list[tuple[str, str]]:
    return [(entry.kind, entry.id) for entry in result.diagnosis]


# --- groups that depend on others -----------------------------------------------------------------

CHAIN = (
    group("first", 1.0, 2.0),
    group("second", -1.0, depends_on=("first",)),
    group("third", -2.0, depends_on=("second",)),
    group("other", -3.0),
)
WRONG_ABOVE_ONE = "def f(x): return 2*x if x < 1.5 else 0.0"


def test_a_group_is_skipped_where_another_has_to_pass_first(box: Box) -> None:
    result = judge(submission(WRONG_ABOVE_ONE), exam(*CHAIN), box)
    expected = {"first": WRONG, "second": SKIPPED, "third": SKIPPED, "other": ACCEPTED}
    assert expected == verdicts(result)
    assert [5.0, 0.0, 0.0, 10.0] == [group.score for group in result.groups]
    assert (15.0, 40.0) == (result.score, result.max_score)
    assert WRONG == result.verdict
    skipped = result.groups[1].cases[0]
    assert (SKIPPED, 0.0, None) == (skipped.verdict, skipped.score, skipped.message)


def test_a_note_names_what_was_skipped_and_what_has_to_pass(box: Box) -> None:
    result = judge(submission(WRONG_ABOVE_ONE), exam(*CHAIN), box)
    notes = [note for note in result.notes if "skipped" in note]
    pairs = [("second", "first"), ("third", "second")]
    assert len(pairs) == len(notes)
    for note, (skipped, first) in zip(notes, pairs, strict=True):
        assert f"The {skipped} part" in note
        assert f"The {first} part" in note
        assert note.index(f"The {skipped} part") < note.index(f"The {first} part")
    assert set(notes) <= set(to_json(result, "student")["notes"])


def test_a_skipped_case_says_nothing_of_what_it_answered(box: Box) -> None:
    result = judge(submission("def f(x): return 7.0"), exam(*CHAIN), box)
    assert {"first": WRONG, "second": SKIPPED, "third": SKIPPED, "other": WRONG} == verdicts(result)
    said = [[case.message is None for case in group.cases] for group in result.groups]
    assert [[False, False], [True], [True], [False]] == said


def test_nothing_is_skipped_where_everything_passes(box: Box) -> None:
    result = judge(submission("def f(x): return 2*x"), exam(*CHAIN), box)
    assert dict.fromkeys(("first", "second", "third", "other"), ACCEPTED) == verdicts(result)
    assert (40.0, ()) == (result.score, result.notes)


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        ("def f(x): return 2*x if x != 2 else [][0]", Verdict.RUNTIME_ERROR),
        ("def f(x):\n    while x == 2: pass\n    return 2*x", Verdict.TIME_LIMIT_EXCEEDED),
    ],
    ids=["error", "time-out"],
)
def test_whatever_stops_a_group_skips_those_that_depend_on_it(
    box: Box, source: str, verdict: Verdict
) -> None:
    result = judge(submission(source), exam(*CHAIN), box)
    expected = {"first": verdict, "second": SKIPPED, "third": SKIPPED, "other": ACCEPTED}
    assert expected == verdicts(result)


def test_one_of_several_that_fails_is_enough(box: Box) -> None:
    groups = (group("a", 1.0), group("b", 2.0), group("c", 3.0, depends_on=("a", "b")))
    failing = [
        verdicts(judge(submission(f"def f(x): return 2*x + (x == {x})"), exam(*groups), box))["c"]
        for x in (1.0, 2.0, 3.0, 4.0)
    ]
    assert [SKIPPED, SKIPPED, WRONG, ACCEPTED] == failing


def test_a_group_whose_forerunner_is_not_asked_is_judged(box: Box) -> None:
    groups = (group("a", 2.0), group("b", 1.0, visibility=Visibility.VISIBLE, depends_on=("a",)))
    sub = submission(WRONG_ABOVE_ONE)
    assert {"a": WRONG, "b": SKIPPED} == verdicts(judge(sub, exam(*groups), box))
    assert {"b": ACCEPTED} == verdicts(judge(sub, exam(*groups, only_visible=True), box))


def test_a_skipped_group_says_nothing_of_its_property(box: Box) -> None:
    check = Holds(name="small", holds=lambda output, _: output < 1, message="It is small")
    groups = (group("a", 2.0), group("b", 0.25, check=check, depends_on=("a",)))
    result = judge(submission("def f(x): return 7.0"), exam(*groups), box)
    assert {"a": WRONG, "b": SKIPPED} == verdicts(result)
    assert "property" not in [entry.kind for entry in result.diagnosis]


# --- Relates ------------------------------------------------------------------------------------


ODD = Relates(
    name="odd",
    second=lambda x: (-x,),
    expected=lambda first, _: -first,
    message="The function is odd",
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("2*x", ACCEPTED),
        ("x**3", ACCEPTED),
        ("0.0", ACCEPTED),
        ("x*x", WRONG),
        ("2*x + 1", WRONG),
        ("2*x if x > 0 else None", WRONG),
        ("2*x if x > 0 else [][1]", Verdict.RUNTIME_ERROR),
    ],
)
def test_a_relation_of_two_calls(box: Box, body: str, expected: Verdict) -> None:
    result = judge(submission(f"def f(x): return {body}"), exam(group("a", 1.25, check=ODD)), box)
    assert {"a": expected} == verdicts(result)


def test_a_broken_relation_is_explained_without_a_number(box: Box) -> None:
    asked = exam(group("a", 31.415926, check=ODD))
    result = judge(submission("def f(x): return x*x"), asked, box)
    assert ("property", "odd") in explanations(result)
    assert "The function is odd" in shown_to_students(result)
    for number in ("31.415", "62.831", "986.96"):
        assert number not in shown_to_students(result)


def test_a_report_shows_the_call_that_did_not_come_back(box: Box) -> None:
    source = "def f(x):\n    if x < 0: raise KeyError('below')\n    return 2*x"
    (case,) = judge(submission(source), exam(group("a", 1.25, check=ODD)), box).groups[0].cases
    assert "KeyError on line 2" in (case.message or "")
    assert case.actual is None


def test_a_second_call_that_its_author_cannot_make_is_their_fault() -> None:
    broken = Relates(
        name="odd", second=lambda x: (1 / (x - 1.25),), expected=double, message="It relates"
    )
    with pytest.raises(AuthorError):
        exam(group("a", 1.25, check=broken))


# --- Raises -------------------------------------------------------------------------------------


def root(x: float) -> float:
    if x < 0:
        raise ValueError("a negative number has no root")
    return float(x**0.5)


ROOTS = (
    group("roots", 4.0, 9.0),
    group("errors", -31.415926, -4.0, check=Raises(message="Below 0 there is no root")),
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("raise ValueError", ACCEPTED),
        ("raise UnicodeError('a subclass')", ACCEPTED),
        ("class Own(ValueError): pass\n        raise Own", ACCEPTED),
        ("raise KeyError(x)", WRONG),
        ("return None", WRONG),
        ("return -1.0", WRONG),
        ("return ValueError('returned')", WRONG),
        ("while True: pass", Verdict.TIME_LIMIT_EXCEEDED),
        ("raise SystemExit", WRONG),
        ("import os\n        os._exit(0)", Verdict.RUNTIME_ERROR),
    ],
)
def test_an_error_that_is_due(box: Box, body: str, expected: Verdict) -> None:
    source = f"def f(x):\n    if x < 0:\n        {body}\n    return x**0.5"
    result = judge(submission(source), exam(*ROOTS, reference=root), box)
    found = verdicts(result)
    assert ACCEPTED == found["roots"]
    assert expected == found["errors"]


def test_a_missing_error_is_explained_without_a_number(box: Box) -> None:
    result = judge(submission("def f(x): return abs(x)**0.5"), exam(*ROOTS, reference=root), box)
    assert ("property", "expected-error") in explanations(result)
    assert "Below 0 there is no root" in shown_to_students(result)
    assert "31.41" not in shown_to_students(result)
    message = result.groups[1].cases[0].message or ""
    assert "expected an exception of the kind ValueError, got 5.6" in message


def test_another_error_than_is_due_is_not_called_a_crash(box: Box) -> None:
    source = "def f(x):\n    if x < 0: raise KeyError\n    return x**0.5"
    result = judge(submission(source), exam(*ROOTS, reference=root), box)
    assert {"roots": ACCEPTED, "errors": WRONG} == verdicts(result)
    assert () == result.notes
    assert ("property", "expected-error") in explanations(result)


def test_an_error_that_is_due_is_no_news(box: Box) -> None:
    source = "def f(x):\n    if x < 0: raise ValueError(f'{x} is below 0')\n    return x**0.5"
    result = judge(submission(source), exam(*ROOTS, reference=root), box)
    assert (ACCEPTED, (), ()) == (result.verdict, result.notes, result.diagnosis)
    assert "31.41" not in shown_to_students(result)


# --- Holds --------------------------------------------------------------------------------------


def falling(x: float) -> list[float]:
    return [x, x / 2, x / 4]


FALLS = Holds(
    name="falls",
    holds=lambda output, _: output[0] > output[1] > output[2],
    message="The losses do not fall",
)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("[3.0, 2.0, 1.0]", ACCEPTED),
        ("(3, 2, 1)", ACCEPTED),
        ("__import__('numpy').array([3, 2, 1])", ACCEPTED),
        ("[1.0, 2.0, 3.0]", WRONG),
        ("[3.0, 2.0]", WRONG),
        ("[3.0, 2.0, None]", WRONG),
        ("[3.0, 2.0, '1.0']", WRONG),
        ("[float('inf'), 2.0, 1.0]", WRONG),
        ("[3.0, 2.0, float('nan')]", WRONG),
        ("[10**400, 2, 1]", WRONG),
        ("None", WRONG),
        ("3.0", WRONG),
        ("{0: 3.0, 1: 2.0, 2: 1.0}", WRONG),
        ("[][1]", Verdict.RUNTIME_ERROR),
    ],
)
def test_a_property_of_an_answer(box: Box, body: str, expected: Verdict) -> None:
    asked = exam(group("a", 1.25, check=FALLS), reference=falling)
    result = judge(submission(f"def f(x): return {body}"), asked, box)
    assert {"a": expected} == verdicts(result)


def test_a_property_that_does_not_hold_is_told_for_hidden_cases_too(box: Box) -> None:
    asked = exam(group("a", 31.415926, check=FALLS), reference=falling)
    result = judge(submission("def f(x): return [x, 2*x, 5.5*x]"), asked, box)
    assert ("property", "falls") in explanations(result)
    shown = to_json(result, "student")
    assert "The losses do not fall" in [entry["title"] for entry in shown["diagnosis"]]
    for number in ("31.415", "62.831", "172.78"):
        assert number not in json.dumps(shown)
    assert "The losses do not fall" == result.groups[0].cases[0].message


def test_a_property_that_holds_is_not_told(box: Box) -> None:
    asked = exam(group("a", 1.25, check=FALLS), group("b", 2.5), reference=falling)
    result = judge(submission("def f(x): return [3.0, 2.0, 1.0]"), asked, box)
    assert {"a": ACCEPTED, "b": WRONG} == verdicts(result)
    assert ("property", "falls") not in explanations(result)


def test_a_property_that_raises_is_no_mark(box: Box) -> None:
    broken = Holds(name="falls", holds=lambda output, _: output.fall, message="m")
    with pytest.raises(AuthorError, match="AttributeError"):
        judge(submission("def f(x): return 1.0"), exam(group("a", 1.25, check=broken)), box)


def test_no_answer_of_a_submission_is_called_its_authors_fault(box: Box) -> None:
    def positive(x: float) -> bool:
        return x > 0

    check = Holds(name="sign", holds=lambda output, x: output == (x > 0), message="The sign")
    asked = exam(group("a", 1.25, check=check), reference=positive)
    result = judge(submission("import numpy as np\ndef f(x): return np.ones(3)"), asked, box)
    assert WRONG == result.verdict


# --- Grows --------------------------------------------------------------------------------------


def sizes(size: int) -> Args:
    return ([1.0] * size,)


def total(x: list[float]) -> float:
    return sum(x)


PASSES = Grows(name="one-pass", make=sizes, size=700, message="One pass over the data is enough")
GROWTH: dict[str, Any] = {
    "reference": total,
    "limits": Limits(cpu_case_s=3, cpu_s=6, wall_s=12),
}
LINEAR = """
def f(x):
    s = 0.0
    for each in x:
        for _ in range(50):
            s += each
    return s / 50
"""
QUADRATIC = """
def f(x):
    s = 0.0
    for _ in x:
        s += sum(x)
    return s / max(1, len(x))
"""


def growing(**fields: Any) -> Exam:
    return exam(group("time", check=PASSES, **fields), **GROWTH)


def test_a_linear_program_grows_as_it_should(box: Box) -> None:
    asked = growing()
    result = judge(submission(LINEAR), asked, box)
    assert {"time": ACCEPTED} == verdicts(result)
    assert ["sizes 700, 2800, 11200"] == [case.name for case in result.groups[0].cases]
    assert (10.0, ()) == (result.score, result.notes)


def test_a_quadratic_program_is_too_slow_and_told_so(box: Box) -> None:
    asked = growing()
    evidence = gather(submission(QUADRATIC), asked, box)
    assert [Verdict.TIME_LIMIT_EXCEEDED] == raw_verdicts(evidence, asked)
    assert {0: 1} == {index: len(runs) for index, runs in evidence.again.items()}
    result = mark(evidence, submission(QUADRATIC), asked, SandboxInfo("full", ()))
    assert (Verdict.TIME_LIMIT_EXCEEDED, 0.0) == (result.verdict, result.score)
    assert [("property", "one-pass")] == explanations(result)
    (case,) = result.groups[0].cases
    assert not case.flaky
    assert "growth of order" in (case.message or "")
    assert "growth of order" not in shown_to_students(result)
    assert "One pass over the data is enough" in shown_to_students(result)


def test_a_growth_is_seen_in_two_runs_before_it_counts(box: Box) -> None:
    # Another seed, another speed: the first run is slow and the second is not, or all are.
    found: dict[Verdict, set[int]] = {}
    asked = growing()
    for index in range(20):
        source = f"import random\nSLOW = random.random() < 0.5  # {index}\n"
        source += "def f(x):\n    for _ in x: sum(x if SLOW else x[:50])\n    return sum(x)\n"
        evidence = gather(submission(source), asked, box)
        (verdict,) = raw_verdicts(evidence, asked)
        found.setdefault(verdict, set()).add(1 + len(evidence.again.get(0, ())))
        if 2 in found.get(ACCEPTED, ()):
            break
    assert {1, 2} >= found[ACCEPTED] >= {2}
    assert {2} >= found.get(Verdict.TIME_LIMIT_EXCEEDED, set())


def test_a_growth_that_ends_in_a_time_out_is_not_tried_again(box: Box) -> None:
    asked = exam(group("time", check=PASSES), reference=total)
    evidence = gather(submission("def f(x):\n    while len(x) > 700: pass"), asked, box)
    assert [Verdict.TIME_LIMIT_EXCEEDED] == raw_verdicts(evidence, asked)
    assert {} == evidence.again


def test_sizes_that_their_author_cannot_make_are_their_fault() -> None:
    broken = Grows(name="pass", make=lambda size: ([1.0] * (size // 0),), size=3, message="m")
    with pytest.raises(AuthorError):
        exam(group("time", check=broken), reference=total)


# --- random challenges ----------------------------------------------------------------------------


def noisy(x: float) -> float:
    return x + random.random()


NEAR = Holds(
    name="near",
    holds=lambda output, x: x <= output <= x + 1,
    message="The answer is not near",
)


def random_exam(*groups: Group, **fields: Any) -> Exam:
    groups = groups or (group("a", 1.25, 2.5, check=NEAR),)
    defaults: dict[str, Any] = {"reference": noisy, "runs": 3}
    return exam(*groups, **defaults | fields)


LUCK = "import random\nLUCKY = random.random() < 0.5  # {}\n"
AT_TIMES = LUCK + "def f(x): return x + random.random() if LUCKY else -9.0\n"
NEVER = "import random\ndef f(x): return -1.0 - random.random()\n"


class Counting:
    """A real box that counts the processes it starts."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self.starts = 0
        self.tier, self.layers, self.versions = box.tier, box.layers, box.versions

    def start(self, driver: str, limits: ProcessLimits) -> Process:
        self.starts += 1
        return self._box.start(driver, limits)

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None: ...


def values(evidence: Evidence) -> list[list[Any]]:
    """Return what each attempt answered, the first one for all questions."""
    first = [run.value for run in evidence.run.cases]
    later = [[run.value for run in runs] for tries in evidence.again.values() for runs in tries]
    return [first, *later]


def attempts(evidence: Evidence, index: int) -> int:
    return 1 + len(evidence.again.get(index, ()))


def test_a_submission_that_is_right_at_times_is_accepted_and_called_flaky(box: Box) -> None:
    asked = random_exam()
    tries: set[int] = set()
    for index in range(16):
        source = submission(AT_TIMES.format(index))
        evidence = gather(source, asked, box)
        result = judge(source, asked, box)
        tries.add(attempts(evidence, 0))
        passed = max(each[0] for each in values(evidence)) > 0
        assert (ACCEPTED if passed else WRONG) == result.verdict
        flaky = passed and attempts(evidence, 0) > 1
        cases = to_json(result, "instructor")["groups"][0]["cases"]
        assert [flaky, flaky] == [case["flaky"] for case in cases]
        notes = [note for note in result.notes if "flaky" in note]
        assert flaky == bool(notes)
        if flaky:
            assert "2 of 2 cases" in notes[0]
            assert (20 - 10, ()) == (result.score, result.diagnosis)
    assert {1, 2, 3} == tries


def test_only_what_failed_is_tried_again_and_called_flaky(box: Box) -> None:
    source = LUCK + "def f(x): return x + 0.5 if LUCKY or x < 2 else -9.0\n"
    asked = random_exam()
    for index in range(12):
        evidence = gather(submission(source.format(index)), asked, box)
        assert set(evidence.again) <= {1}
        if evidence.again and raw_verdicts(evidence, asked) == [ACCEPTED, ACCEPTED]:
            break
    else:
        pytest.fail("no submission failed at first and passed later")
    result = judge(submission(source.format(index)), asked, box)
    assert [False, True] == [case.flaky for case in result.groups[0].cases]
    assert "1 of 2 cases" in next(note for note in result.notes if "flaky" in note)
    # What is shown is what was accepted.
    assert 3.0 == result.groups[0].cases[1].actual


def test_a_submission_that_always_fails_is_wrong_after_three_attempts(box: Box) -> None:
    asked, counting = random_exam(), Counting(box)
    evidence = gather(submission(NEVER), asked, counting)
    assert 3 == counting.starts
    assert [3, 3] == [attempts(evidence, index) for index in range(2)]
    assert [] == unsettled(evidence, asked, 3)
    result = judge(submission(NEVER), asked, box)
    assert (WRONG, 0.0) == (result.verdict, result.score)
    assert [False, False] == [case.flaky for case in result.groups[0].cases]
    assert not [note for note in result.notes if "flaky" in note]
    assert ("property", "near") in explanations(result)


def test_what_is_kept_between_calls_does_not_look_like_chance(box: Box) -> None:
    source = (
        "seen = []\ndef f(x):\n    seen.append(x)\n    return x + 0.5 if len(seen) == 1 else -9"
    )
    result = judge(submission(source), random_exam(), box)
    assert [ACCEPTED, WRONG] == [case.verdict for case in result.groups[0].cases]
    assert not [note for note in result.notes if "flaky" in note]


def test_a_right_submission_runs_once(box: Box) -> None:
    asked, counting = random_exam(), Counting(box)
    source = submission("import random\ndef f(x): return x + random.random()")
    assert ACCEPTED == judge(source, asked, counting).verdict
    assert 1 == counting.starts


def test_a_challenge_without_chance_runs_once(box: Box) -> None:
    asked = random_exam(runs=1, reference=double)
    evidence = gather(submission(NEVER), asked, box)
    assert [WRONG, WRONG] == raw_verdicts(evidence, asked)
    assert {} == evidence.again


def test_every_attempt_has_other_random_numbers_and_a_rerun_the_same(box: Box) -> None:
    asked = random_exam()
    first, second = (values(gather(submission(NEVER), asked, box)) for _ in range(2))
    assert first == second
    numbers = [number for attempt in first for number in attempt]
    assert len(numbers) == len(set(numbers)) == 6


def test_another_submission_has_other_random_numbers(box: Box) -> None:
    asked = random_exam()
    first, second = (
        values(gather(submission(NEVER + end), asked, box)) for end in ("", "# another\n")
    )
    assert first != second


def without_times(result: dict[str, Any]) -> dict[str, Any]:
    groups = [
        {**group, "cases": [{**case, "cpu_s": 0} for case in group["cases"]]}
        for group in result["groups"]
    ]
    return {**result, "groups": groups, "cpu_s": 0, "wall_s": 0}


@pytest.mark.parametrize("index", range(3))
def test_a_random_submission_gets_the_same_result_twice(box: Box, index: int) -> None:
    source, asked = submission(AT_TIMES.format(index)), random_exam()
    first, second = (to_json(judge(source, asked, box), "instructor") for _ in range(2))
    assert without_times(first) == without_times(second)


@pytest.mark.parametrize(
    ("body", "verdict", "again"),
    [
        ("while True: pass", Verdict.TIME_LIMIT_EXCEEDED, 0),
        ("return 'x' * (1 << 23)", Verdict.OUTPUT_LIMIT_EXCEEDED, 0),
        ("return [][1]", Verdict.RUNTIME_ERROR, 2),
        ("return None", WRONG, 2),
    ],
)
def test_what_no_chance_can_change_is_not_tried_again(
    box: Box, body: str, verdict: Verdict, again: int
) -> None:
    asked = random_exam(group("a", 1.25, check=NEAR))
    evidence = gather(submission(f"def f(x):\n    {body}"), asked, box)
    assert [verdict] == raw_verdicts(evidence, asked)
    assert again == len(evidence.again.get(0, ()))


@pytest.mark.parametrize("source", ["def g(x): return x", "def f(x) return x"])
def test_what_cannot_be_called_is_not_tried_again(box: Box, source: str) -> None:
    counting = Counting(box)
    evidence = gather(submission(source), random_exam(), counting)
    assert {} == evidence.again
    assert counting.starts <= 1


def test_a_group_that_passed_at_last_skips_nothing(box: Box) -> None:
    groups = (
        group("a", 1.25, check=NEAR),
        group("b", 2.5, check=NEAR, depends_on=("a",)),
    )
    asked = random_exam(*groups)
    for index in range(12):
        result = judge(submission(AT_TIMES.format(index)), asked, box)
        passed = result.groups[0].verdict is ACCEPTED
        assert (ACCEPTED if passed else SKIPPED) == result.groups[1].verdict
        if any(case.flaky for case in result.groups[0].cases):
            break
    else:
        pytest.fail("no submission was flaky")


TELLTALE = LUCK + (
    "seen = []\n"
    "def f(x):\n"
    "    print('before this came', seen)\n"
    "    seen.append(x)\n"
    "    return x + 0.5 if LUCKY else -9.0\n"
)


@pytest.mark.parametrize("order", [("kept", "shown"), ("shown", "kept")], ids="+".join)
def test_what_a_student_sees_of_a_later_attempt_has_seen_no_hidden_input(
    box: Box, order: tuple[str, str]
) -> None:
    groups = {
        "kept": group("kept", 31.415926, 27.182818, check=NEAR),
        "shown": group("shown", 2.5, check=NEAR, visibility=Visibility.VISIBLE),
    }
    asked = random_exam(*(groups[name] for name in order))
    flaky = 0
    for index in range(12):
        result = judge(submission(TELLTALE.format(index)), asked, box)
        flaky += any(case.flaky for group in result.groups for case in group.cases)
        shown = shown_to_students(result)
        assert "before this came" in shown
        assert "31.41" not in shown
        assert "27.18" not in shown
    assert flaky


def test_a_random_reference_gives_the_same_data_and_disturbs_nobody() -> None:
    random.seed(3)
    expected = random.random()
    random.seed(3)
    first, second = (random_exam().dataset for _ in range(2))
    assert expected == random.random()
    assert first == second
    one, other = first.cases()
    assert 1.25 <= one.desired <= 2.25
    assert 2.5 <= other.desired <= 3.5
