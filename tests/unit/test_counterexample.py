"""Examples for wrong submissions: small, confirmed, public, and never dear."""

import json
import math
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

from grader import counterexample, dataset, searching
from grader.catalog import Loaded
from grader.counterexample import Finder, Found, explained, explains, find, is_wanted
from grader.dataset import CallData, args_of
from grader.diagnosis import Diagnosis, Kind
from grader.errors import SandboxError
from grader.exam import Exam
from grader.fuel import OutOfFuel
from grader.judge import judge
from grader.known import Family
from grader.result import SubmissionResult, diagnosis_json, to_json
from grader.sandbox.box import Box, CellConfig, Process, ProcessLimits
from grader.sandbox.tiers import open_box
from grader.spec import (
    ArrayOf,
    Case,
    Challenge,
    Group,
    Holds,
    Limits,
    ListOf,
    Misconception,
    Number,
    OneOf,
    Raises,
    Relates,
    Space,
    Whole,
)
from grader.submission import Submission
from grader.verdict import Verdict

SECRET = b"a secret of the tests"


@pytest.fixture(autouse=True)
def _time_enough(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Let no search end early because the machine is busy, but where it is to end."""
    if "never_ends" not in request.node.name:
        monkeypatch.setattr(counterexample, "SECONDS", 20.0)
        monkeypatch.setattr(counterexample, "_A_CALL_S", 2.0)


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with open_box("auto", CellConfig()) as box:
        yield box


def double(x: float) -> float:
    return 2 * x


def tripled(x: float) -> float:
    return 3 * x


def total(xs: list[float]) -> float:
    result = 0.0
    for x in xs:
        result = result + x
    return result


def from_one(xs: list[float]) -> float:
    result = 1.0
    for x in xs:
        result = result + x
    return result


def twice_each(xs: list[float]) -> float:
    result = 0.0
    for x in xs:
        result = result + 2 * x
    return result


NUMBERS = Space(of=(Number(low=-4, high=4),))
LISTS = Space(of=(ListOf(of=Number(low=0, high=4), most=4),))


def exam(space: Space | None = NUMBERS, *hidden: Any, **fields: Any) -> Exam:
    cases = tuple(Case(name=f"case {i}", args=(x,)) for i, x in enumerate(hidden or (31.415926,)))
    challenge = Challenge(
        **{
            "id": "f",
            "title": "F",
            "parameters": ("x",),
            "reference": double,
            "groups": (Group(name="kept", title="Kept", points=1, cases=cases),),
            "space": space,
            "limits": Limits(cpu_case_s=0.2, cpu_s=0.4, wall_s=2),
        }
        | fields
    )
    loaded = Loaded(challenge, Path(), "digest")
    return Exam(loaded, dataset.build(challenge, SECRET), SECRET)


def lists(*hidden: Any, **fields: Any) -> Exam:
    return exam(LISTS, *(hidden or ([31.415926],)), reference=total, **fields)


def mistakes(*variants: Callable[..., Any]) -> tuple[Misconception, ...]:
    return tuple(
        Misconception(id=each.__name__, variant=each, title="A mistake", hint="Look.")
        for each in variants
    )


def submission(source: str) -> Submission:
    return Submission("s.py", source.encode())


def named(identifier: str, kind: Kind = "misconception") -> Diagnosis:
    return Diagnosis(kind, identifier, "A mistake", "Look.")


def hunt(box: Box, source: str, asked: Exam, known: str = "") -> Found | None:
    return find(submission(source), asked, box, (named(known),) if known else ())


def example(found: Found | None) -> dict[str, Any]:
    assert found is not None
    shown: dict[str, Any] = diagnosis_json(found.diagnosis)["example"]
    return shown


# --- the smallest ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "smallest", "expected", "actual"),
    [
        ("3*x", 1.0, 2.0, 3.0),
        ("2*x + 1", 0.0, 0.0, 1.0),
        ("2*int(x)", 0.5, 1.0, 0),
        ("None", 0.0, 0.0, None),
        ("float('nan')", 0.0, 0.0, "NaN"),
        ("str(2*x)", 0.0, 0.0, "0.0"),
    ],
)
def test_the_smallest_input_is_found(
    box: Box, body: str, smallest: float, expected: float, actual: Any
) -> None:
    found = hunt(box, f"def f(x): return {body}", exam())
    assert found is not None
    assert (smallest,) == args_of(CallData(found.payload))
    shown = example(found)
    assert {"x": smallest} == shown["inputs"]
    assert (expected, actual, None) == (shown["expected"], shown["actual"], shown["message"])


@pytest.mark.parametrize(
    ("body", "smallest"),
    [
        ("sum(x[1:])", [1.0]),
        ("sum(x[:2])", [0.0, 0.0, 1.0]),
        ("sum(x) if len(x) < 4 else -1.0", [0.0, 0.0, 0.0, 0.0]),
        ("sum(x) if x else -1.0", []),
        ("sum(y for y in x if y < 2)", [2.0]),
    ],
)
def test_the_shortest_list_is_found(box: Box, body: str, smallest: list[float]) -> None:
    assert {"x": smallest} == example(hunt(box, f"def f(x): return {body}", lists()))["inputs"]


def test_the_same_is_found_twice(box: Box) -> None:
    source = "def f(x): return sum(y for y in x if y < 3)"
    first, second = (hunt(box, source, lists()) for _ in range(2))
    assert first is not None
    assert first == second


def test_a_right_submission_has_no_example(box: Box) -> None:
    assert hunt(box, "def f(x): return x + x", exam()) is None


def test_rounding_is_no_mistake(box: Box) -> None:
    assert hunt(box, "def f(x): return 2*x*(1 + 1e-9)", exam()) is None


def test_without_a_space_there_is_no_example(box: Box) -> None:
    counting = Counting(box)
    assert hunt(counting, "def f(x): return 3*x", exam(None)) is None
    assert 0 == counting.starts


@pytest.mark.parametrize("source", ["def f(x) return x", "def g(x): return x", "1/0", ""])
def test_what_cannot_be_called_has_no_example(box: Box, source: str) -> None:
    assert hunt(box, source, exam()) is None


def test_a_reference_that_fails_somewhere_is_asked_elsewhere(box: Box) -> None:
    def inverse(x: float) -> float:
        return 1 / x

    found = hunt(box, "def f(x): return -1/x if x else 0.0", exam(reference=inverse))
    assert {"x": 1.0} == example(found)["inputs"]


def test_an_input_where_the_reference_overflows_is_no_example(box: Box) -> None:
    def growing(x: float) -> float:
        return math.exp(500 * x)

    # exp(750) is beyond a float: whatever is answered there decides nothing.
    source = "import math\ndef f(x): return math.exp(500*x) if x < {} else 7.0"
    asked = exam(NUMBERS, 0.25, reference=growing)
    assert hunt(box, source.format(1.25), asked) is None
    assert {"x": 1.0} == example(hunt(box, source.format(0.75), asked))["inputs"]


def test_an_input_that_no_rounding_can_be_told_of_costs_no_mark(box: Box) -> None:
    def root(x: float) -> float:
        return math.sqrt(x - 1)

    space = Space(of=(Number(low=1, high=4),))
    asked = exam(space, 2.5, reference=root)
    found = hunt(box, "def f(x): return 1.0 + x", asked)
    assert found is None or 1.0 < example(found)["inputs"]["x"]


# --- what is hidden stays hidden ------------------------------------------------------------------


def test_a_hidden_input_is_never_shown(box: Box) -> None:
    asked = exam(NUMBERS, 0.0, 1.0, -1.0)
    assert {"x": 2.0} == example(hunt(box, "def f(x): return 2*x + 1", asked))["inputs"]


def test_where_every_failing_input_is_hidden_there_is_no_example(box: Box) -> None:
    asked = exam(NUMBERS, 3.0)
    assert hunt(box, "def f(x): return 2*x if x != 3 else 0.0", asked) is None


@pytest.mark.parametrize("hidden", [0, np.float64(0.0), np.int8(0)], ids=repr)
def test_a_hidden_input_is_not_shown_in_another_type(box: Box, hidden: Any) -> None:
    found = hunt(box, "def f(x): return 2*x + 1", exam(NUMBERS, hidden))
    assert {"x": 0.0} != example(found)["inputs"]


@pytest.mark.parametrize("hidden", [1.0, 1, np.float64(1.0), np.int8(1)], ids=repr)
def test_a_hidden_input_on_which_a_known_program_fails_is_not_shown(box: Box, hidden: Any) -> None:
    asked = exam(NUMBERS, hidden, misconceptions=mistakes(tripled))
    found = hunt(box, "def f(x): return 3*x", asked, "tripled")
    assert {"x": -1.0} == example(found)["inputs"]


EIGHTHS = Space(of=(Number(low=1, high=2, step=0.125),))


def test_a_hidden_number_is_no_public_input_and_no_answer_of_the_reference(box: Box) -> None:
    source = "def f(x): return 2*x if x not in (1.125, 1.5) else 7.0"
    asked = exam(EIGHTHS, 1.125)
    assert {"1.125"} == asked.hidden_numbers
    assert {"x": 1.5} == example(hunt(box, source, asked))["inputs"]
    # Its double is the hidden input.
    halves = Space(of=(Number(low=0.5625, high=0.5625, step=0.5625),))
    assert hunt(box, "def f(x): return 7.0", exam(halves, 1.125)) is None


@pytest.mark.parametrize(
    "body",
    [
        "1.125*x",
        "[1.125*x]",
        "(0.0, {'a': 1.125*x})",
        "__import__('numpy').array([1.125*x, 0.0])",
        "__import__('numpy').float32(1.125*x)",
        "['text', 1.125*x, None]",
    ],
)
def test_a_hidden_number_is_in_no_example_by_coincidence(box: Box, body: str) -> None:
    asked = exam(EIGHTHS, 1.125, misconceptions=mistakes(tripled))
    for known in ("", "tripled"):
        assert hunt(box, f"def f(x): return {body}", asked, known) is None
    # It is the coincidence that forbids it: with another number there is an example.
    other = body.replace("1.125", "1.375")
    assert {"x": 1.0} == example(hunt(box, f"def f(x): return {other}", asked))["inputs"]


@pytest.mark.parametrize(
    "body",
    [
        "return str(1.125*x)",
        "return f'about {1.125*x:.3f}'.encode()",
        "return {1.125*x: 'a'}",
        "return {1.125*x}",
        "return complex(1.125*x)",
        "return __import__('numpy').array([1.125j*x])",
        "raise ValueError(f'{1.125*x} is too much')",
    ],
)
def test_a_hidden_number_is_in_no_example_at_whatever_place(box: Box, body: str) -> None:
    assert hunt(box, f"def f(x):\n    {body}", exam(EIGHTHS, 1.125)) is None
    other = body.replace("1.125", "1.375")
    assert hunt(box, f"def f(x):\n    {other}", exam(EIGHTHS, 1.125)) is not None


def test_no_other_example_is_looked_for_where_an_answer_holds_a_hidden_number(box: Box) -> None:
    # What is found must not tell which numbers are hidden, so the search looks at none.
    asked = exam(EIGHTHS, 1.125)
    for number, smallest in ((1.125, None), (1.375, 1.0)):
        found = hunt(box, f"def f(x): return {number} if x == 1 else 7.0", asked)
        assert smallest == (None if found is None else example(found)["inputs"]["x"])


def stepwise(x: float) -> float:
    y = 1.125 * x
    pair = [y, 1.0]
    state = {"w": y}
    return 2 * x * len(pair) * len(state) / 2


@pytest.mark.parametrize("name", ["y", "pair", "state"])
def test_a_hidden_number_is_in_no_step(box: Box, name: str) -> None:
    space = EIGHTHS.model_copy(update={"shows": (name,)})
    shown = example(hunt(box, "def f(x): return 7.0", exam(space, 1.125, reference=stepwise)))
    assert [] == shown["steps"]
    assert "1.125" not in json.dumps(shown)
    other = exam(space, 1.375, reference=stepwise)
    assert [] != example(hunt(box, "def f(x): return 7.0", other))["steps"]


# --- known wrong programs -------------------------------------------------------------------------


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[searching.Property]:
    """The properties that were searched for, as they come."""
    asked: list[searching.Property] = []
    really = searching.find

    def counting(space: Space, holds: searching.Property) -> Any:
        asked.append(holds)
        return really(space, holds)

    monkeypatch.setattr("grader.counterexample.searching.find", counting)
    return asked


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


def test_the_example_of_a_known_program_is_found_once(
    box: Box, searches: list[searching.Property]
) -> None:
    counting = Counting(box)
    finder = Finder(exam(misconceptions=mistakes(tripled)))
    for factor in range(3, 9):
        found = finder.find(submission(f"def f(x): return {factor}*x"), counting, "tripled")
        # The input is the known program's, the answer the submission's own.
        assert ({"x": 1.0}, factor) == (example(found)["inputs"], example(found)["actual"])
    assert 1 == len(searches)
    assert 6 == counting.starts


def test_each_known_program_has_an_example_of_its_own(
    box: Box, searches: list[searching.Property]
) -> None:
    finder = Finder(lists(misconceptions=mistakes(from_one, twice_each)))
    source = submission("def f(x): return 1.0 + 2*sum(x)")
    for _ in range(3):
        for known, smallest in (("from_one", []), ("twice_each", [1.0])):
            assert {"x": smallest} == example(finder.find(source, box, known))["inputs"]
    assert 2 == len(searches)


def test_no_submission_has_a_say_in_what_another_is_shown(box: Box) -> None:
    asked = exam(misconceptions=mistakes(tripled))
    bodies = ("3*x", "3*x if x else 1.0", "2*x if x == 1 else 3*x", "2*x", "[][0]", "3*x + 1e-300")
    sources = [submission(f"def f(x): return {body}") for body in bodies]
    alone = [Finder(asked).find(each, box, "tripled") for each in sources]
    assert [1.0, 1.0, -1.0, None, 1.0, 1.0] == [
        None if found is None else example(found)["inputs"]["x"] for found in alone
    ]
    for rotated in range(len(sources)):
        finder, order = Finder(asked), [*range(rotated, len(sources)), *range(rotated)]
        together = {index: finder.find(sources[index], box, "tripled") for index in order}
        assert alone == [together[index] for index in range(len(sources))]


def test_a_broken_box_spoils_the_example_of_nobody_else(box: Box) -> None:
    finder = Finder(exam(misconceptions=mistakes(tripled)))
    source = submission("def f(x): return 3*x")
    assert finder.find(source, Broken(box), "tripled") is None
    assert {"x": 1.0} == example(finder.find(source, box, "tripled"))["inputs"]


def test_where_the_known_example_is_answered_rightly_the_submission_is_searched(
    box: Box, searches: list[searching.Property]
) -> None:
    finder = Finder(exam(misconceptions=mistakes(tripled)))
    source = submission("def f(x): return 2*x if x == 1 else 3*x")
    for count in (2, 3):
        assert {"x": -1.0} == example(finder.find(source, box, "tripled"))["inputs"]
        assert count == len(searches)


def test_what_fails_on_the_known_example_only_after_other_calls_is_no_example(box: Box) -> None:
    source = "seen = []\ndef f(x):\n    seen.append(x)\n    return 2*x + len(seen) - 1"
    assert hunt(box, source, exam(misconceptions=mistakes(tripled)), "tripled") is None


def wrong_where_hidden(x: float) -> float:
    return 7.0 if x == 31.415926 else 2 * x


@pytest.mark.parametrize(
    ("known", "count"), [("", 1), ("no-such-program", 1), ("wrong_where_hidden", 2)]
)
def test_without_a_known_example_the_submission_is_searched(
    box: Box, searches: list[searching.Property], known: str, count: int
) -> None:
    finder = Finder(exam(misconceptions=mistakes(wrong_where_hidden)))
    source = submission("def f(x): return 3*x")
    for times in range(3):
        assert {"x": 1.0} == example(finder.find(source, box, known))["inputs"]
        # That a known program fails nowhere is found once, too.
        assert count + times == len(searches)


def slowly_wrong_where_hidden(x: float) -> float:
    time.sleep(0.1)  # and 17 times as much for a search
    return wrong_where_hidden(x)


def test_the_search_for_a_known_example_is_not_at_the_submissions_cost(box: Box) -> None:
    finder = Finder(exam(misconceptions=mistakes(slowly_wrong_where_hidden)))
    source = submission("def f(x): return 3*x")
    for _ in range(2):
        found = finder.find(source, box, "slowly_wrong_where_hidden")
        assert {"x": 1.0} == example(found)["inputs"]


def test_two_mistakes_at_once_have_an_example(box: Box, searches: list[searching.Property]) -> None:
    asked = lists([31.415926, 2.5], [1.5], [7.25], misconceptions=mistakes(from_one, twice_each))
    source = submission("def f(x): return 1.0 + 2*sum(x)")
    diagnosis = judge(source, asked, box).diagnosis
    assert "from_one+twice_each" == explains(diagnosis)
    shown = example(find(source, asked, box, diagnosis))
    assert ({"x": []}, 0.0, 1.0) == (shown["inputs"], shown["expected"], shown["actual"])
    assert 1 == len(searches)


def test_a_mutant_of_the_reference_has_an_example(
    box: Box, searches: list[searching.Property]
) -> None:
    asked = lists()
    finder = Finder(asked)
    programs = asked.known.programs(Family.MUTANT)
    assert len(programs) > 3
    for program in programs:
        assert program.mutant is not None
        source, before = submission(program.mutant.source), len(searches)
        found = finder.find(source, box, program.id)
        assert found == finder.find(source, box, program.id)
        if found is not None:
            assert before + 1 == len(searches)
            assert example(found)["expected"] != example(found)["actual"]
    assert len(searches) < 2 * len(programs)


def test_a_known_program_is_told_by_the_first_explanation_that_names_one() -> None:
    state, shape = named("state-kept", "state"), named("other-shape", "shape")
    one, two, mutant = named("one"), named("one+two"), named("sign-1", "mutant")
    for diagnosis, known in (
        ((), ""),
        ((state, shape, named("odd", "property"), named("no", "interface")), ""),
        ((named("counterexample", "counterexample"),), ""),
        ((state, one, two), "one"),
        ((two, one), "one+two"),
        ((shape, mutant, one), "sign-1"),
    ):
        assert known == explains(diagnosis)


# --- confirmed, or none ---------------------------------------------------------------------------


def test_what_fails_only_after_other_calls_is_no_example(box: Box) -> None:
    source = "seen = []\ndef f(x):\n    seen.append(x)\n    return 2*x + len(seen) - 1"
    assert hunt(box, source, exam()) is None


def test_what_fails_alone_is_an_example_though_state_is_kept(box: Box) -> None:
    source = "seen = []\ndef f(x):\n    seen.append(x)\n    return 3*x + len(seen) - 1"
    shown = example(hunt(box, source, exam()))
    assert shown["actual"] == 3 * shown["inputs"]["x"] != shown["expected"]


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_a_submission_of_chance_has_a_confirmed_example_or_none(box: Box, share: float) -> None:
    source = f"import random\ndef f(x): return 2*x + (random.random() < {share})"
    found = hunt(box, source, exam())
    if found is not None:
        shown = example(found)
        assert shown["expected"] + 1 == shown["actual"]
    assert found == hunt(box, source, exam())


def noisy(x: float) -> float:
    return x + random.random()


def test_a_random_challenge_has_examples_too(box: Box) -> None:
    check = Holds(name="near", holds=lambda y, x: x <= y <= x + 1, message="It is not near")
    space = Space(of=(Number(low=-4, high=4),), check=check)
    group = Group(
        name="kept", title="Kept", points=1, cases=(Case(name="a", args=(7.5,)),), check=check
    )
    asked = exam(space, groups=(group,), reference=noisy, runs=3)
    assert hunt(box, "import random\ndef f(x): return x + random.random()", asked) is None
    found = hunt(box, "import random\ndef f(x): return 5*x + random.random()", asked)
    assert {"x": 1.0} == example(found)["inputs"]


def test_in_a_random_challenge_an_input_has_to_fail_in_every_run(box: Box) -> None:
    # It fails in every other call, and so never three times in a row; alone it would fail.
    source = "n = 0\ndef f(x):\n    global n\n    n += 1\n    return 2*x + n % 2"
    assert hunt(box, source, exam(runs=3)) is None
    assert hunt(box, source, exam(runs=1)) is not None


@pytest.mark.parametrize("known", ["", "tripled"])
@pytest.mark.parametrize("right", [1, 2, 3])
def test_in_a_random_challenge_every_run_of_a_confirmation_has_to_fail(
    box: Box, right: int, known: str
) -> None:
    # Whatever comes fourth or later fails, and one of the three calls of a fresh process does not.
    source = f"n = 0\ndef f(x):\n    global n\n    n += 1\n    return (2 if n == {right} else 3)*x"
    known_to = mistakes(tripled)
    assert hunt(box, source, exam(runs=3, misconceptions=known_to), known) is None
    once = hunt(box, source, exam(runs=1, misconceptions=known_to), known)
    assert (right == 1) == (once is None)


def noisy_fivefold(x: float) -> float:
    return 5 * x + random.random()


def test_a_known_program_of_a_random_challenge_has_an_example(
    box: Box, searches: list[searching.Property]
) -> None:
    check = Holds(name="near", holds=lambda y, x: x <= y <= x + 1, message="It is not near")
    asked = exam(
        Space(of=NUMBERS.of, check=check),
        reference=noisy,
        runs=3,
        misconceptions=mistakes(noisy_fivefold),
    )
    found = hunt(
        box, "import random\ndef f(x): return 5*x + random.random()", asked, "noisy_fivefold"
    )
    assert {"x": 1.0} == example(found)["inputs"]
    assert "It is not near" == example(found)["message"]
    assert 1 == len(searches)


def noisy_by_steps(x: float) -> float:
    noise = random.random()
    return x + noise


def test_the_steps_of_a_random_challenge_are_those_of_the_expected_value(box: Box) -> None:
    check = Holds(name="near", holds=lambda y, x: x <= y <= x + 1, message="It is not near")
    space = Space(of=NUMBERS.of, check=check, shows=("noise",))
    shown = example(
        hunt(box, "def f(x): return 7.0", exam(space, reference=noisy_by_steps, runs=3))
    )
    assert {"x": 0.0} == shown["inputs"]
    assert [f"noise = {shown['expected']:.6g}"] == shown["steps"]


def test_finding_an_example_leaves_the_judges_random_numbers_alone(box: Box) -> None:
    asked = exam(runs=3, misconceptions=mistakes(tripled))
    before = random.getstate()
    assert hunt(box, "def f(x): return 3*x", asked, "tripled") is not None
    assert before == random.getstate()


# --- loops, exceptions, broken boxes --------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    while True: pass",
        "while True: pass",
        "import time\ndef f(x): time.sleep(60)",
        "import time\ntime.sleep(60)",
        "n = 0\ndef f(x):\n    global n\n    n += 1\n    while n > 1: pass\n    return 2*x",
    ],
)
def test_a_submission_that_never_ends_has_no_example_soon(box: Box, source: str) -> None:
    asked = exam(misconceptions=mistakes(tripled))
    for known in ("", "tripled"):
        began = time.monotonic()
        assert hunt(box, source, asked, known) is None
        assert time.monotonic() - began < 3.5


def test_a_submission_that_ends_at_times_has_an_example(box: Box) -> None:
    source = "def f(x):\n    while x > 2: pass\n    return 3*x"
    assert {"x": 1.0} == example(hunt(box, source, exam()))["inputs"]


def endless_at_zero(x: float) -> float:
    if x == 0:
        raise OutOfFuel
    return 3 * x


def test_a_submission_that_ends_but_on_the_known_example_has_another(box: Box) -> None:
    asked = exam(misconceptions=mistakes(tripled, endless_at_zero))
    source = "def f(x):\n    while x == 1: pass\n    return 3*x"
    assert {"x": -1.0} == example(hunt(box, source, asked, "tripled"))["inputs"]
    source = "def f(x):\n    while x == 0: pass\n    return 3*x"
    assert {"x": 1.0} == example(hunt(box, source, asked, "endless_at_zero"))["inputs"]


def test_a_submission_that_raises_has_an_example_with_its_own_message(box: Box) -> None:
    source = "def f(x):\n    if x > 0.25:\n        raise KeyError(f'no {x}')\n    return 2*x"
    shown = example(hunt(box, source, exam()))
    assert {"x": 1.0} == shown["inputs"]
    assert (2.0, None) == (shown["expected"], shown["actual"])
    assert "KeyError on line 3: 'no 1.0'" == shown["message"]


class Broken(Counting):
    """A box in which no process can be started."""

    def start(self, driver: str, limits: ProcessLimits) -> Process:
        raise SandboxError("broken on purpose")


def test_a_box_that_breaks_costs_the_example_alone(box: Box) -> None:
    assert hunt(Broken(box), "def f(x): return 3*x", exam()) is None


def failing(*_: Any) -> Any:
    raise ZeroDivisionError("the author's fault")


@pytest.mark.parametrize(
    "space",
    [
        Space(of=NUMBERS.of, make=failing),
        Space(of=NUMBERS.of, check=Holds(name="no", holds=failing, message="No")),
        Space(
            of=NUMBERS.of,
            check=Relates(name="no", second=lambda x: (-x,), expected=failing, message="No"),
        ),
    ],
    ids=["make", "holds", "expected"],
)
@pytest.mark.parametrize("known", ["", "tripled"])
def test_an_error_of_the_author_costs_the_example_alone(box: Box, space: Space, known: str) -> None:
    asked = exam(space, misconceptions=mistakes(tripled))
    source = submission("def f(x): return 3*x")
    finder = Finder(asked)
    assert [None, None] == [finder.find(source, box, known) for _ in range(2)]
    result = judge(source, asked, box)
    assert (Verdict.WRONG_ANSWER, 0.0) == (result.verdict, result.score)
    assert result is explained(result, None)


def of_three(y: float, x: float) -> bool:
    if y == 3:
        raise ZeroDivisionError("the author's fault")
    return y == 2 * x


def test_an_author_error_about_a_known_program_is_met_once_and_costs_no_search_of_ones_own(
    box: Box, searches: list[searching.Property]
) -> None:
    space = Space(of=NUMBERS.of, check=Holds(name="twice", holds=of_three, message="No"))
    finder = Finder(exam(space, misconceptions=mistakes(tripled)))
    for count in (2, 3):
        found = finder.find(submission("def f(x): return 2*x + 1"), box, "tripled")
        assert {"x": 0.0} == example(found)["inputs"]
        assert count == len(searches)


def test_a_known_program_that_raises_spoils_no_example(box: Box) -> None:
    asked = exam(misconceptions=mistakes(failing))
    assert {"x": 1.0} == example(hunt(box, "def f(x): return 3*x", asked, "failing"))["inputs"]
    shown = example(hunt(box, "def f(x): return 1/0", asked, "failing"))
    assert {"x": 0.0} == shown["inputs"]
    assert "ZeroDivisionError" in shown["message"]


def test_no_process_is_left_behind(box: Box) -> None:
    class Watching(Counting):
        ended = 0

        def start(self, driver: str, limits: ProcessLimits) -> Any:
            process, outer = super().start(driver, limits), self

            class Watched:
                exchange = process.exchange

                def close(self) -> float:
                    outer.ended += 1
                    return process.close()

            return Watched()

    watching = Watching(box)
    for source in ("def f(x): return 3*x", "def f(x): return 2*x", "def f(x): raise KeyError"):
        for known in ("", "tripled"):
            hunt(watching, source, exam(misconceptions=mistakes(tripled)), known)
    assert watching.starts == watching.ended >= 6


# --- what is told ---------------------------------------------------------------------------------


def test_an_example_in_json(box: Box) -> None:
    space = LISTS.model_copy(update={"shows": ("x", "result")})
    asked = exam(space, [31.415926], reference=total)
    found = hunt(box, "def f(x): return sum(x[1:]) if len(x) > 1 else 0.0", asked)
    assert found is not None
    entry = diagnosis_json(found.diagnosis)
    assert json.loads(json.dumps(entry)) == entry
    assert ("counterexample", "counterexample") == (entry["kind"], entry["id"])
    assert {"kind", "id", "title", "hint", "confidence", "evidence", "example"} == set(entry)
    assert {
        "inputs": {"x": [1.0]},
        "expected": 1.0,
        "actual": 0.0,
        "message": None,
        "steps": ["result = 0", "x = 1, result = 1"],
        "trajectory": None,
    } == entry["example"]


def test_an_example_with_arrays_in_json(box: Box) -> None:
    space = Space(of=(ArrayOf(shape=(2,), low=0, high=4),))
    asked = exam(space, np.array([31.5, 1.0]), reference=double)
    source = "import numpy as np\ndef f(x): return np.where(x > 0, np.inf, 2*x)"
    shown = example(hunt(box, source, asked))
    assert {"x": [1.0, 0.0]} == shown["inputs"] or {"x": [0.0, 1.0]} == shown["inputs"]
    assert {0.0, "Infinity"} == set(shown["actual"])


def test_steps_are_shown_where_the_challenge_names_variables(box: Box) -> None:
    named = LISTS.model_copy(update={"shows": ("result",)})
    for space, steps in ((named, ["result = 0", "result = 1"]), (LISTS, [])):
        asked = exam(space, [31.415926], reference=total)
        assert steps == example(hunt(box, "def f(x): return sum(x[1:])", asked))["steps"]


def halving(w: float, steps: int) -> float:
    for _ in range(steps):
        w = w - w / 2
    return w


def unfolding(*hidden: tuple[float, int], **fields: Any) -> Exam:
    """An exam on steps that halve a number: `steps` counts them."""
    cases = tuple(
        Case(name=f"case {i}", args=args) for i, args in enumerate(hidden or ((31.415926, 2),))
    )
    space = Space(of=(OneOf(values=(1.0, 2.0)), Whole(low=0, high=3)), unfolds=("steps",))
    return exam(
        space,
        reference=halving,
        parameters=("w", "steps"),
        groups=(Group(name="kept", title="Kept", points=1, cases=cases),),
        **fields,
    )


QUARTERS = "def f(w, steps): return w * 0.75**steps"
HALVES = [1.0, 0.5, 0.25, 0.125, 0.0625, 0.0312, 0.0156, 0.00781, 0.00391]


def test_an_example_is_carried_on_along_its_steps(box: Box) -> None:
    path = example(hunt(box, QUARTERS, unfolding()))["trajectory"]
    assert (["steps"], 1, [*range(9)]) == (path["along"], path["own"], path["at"])
    [series] = path["series"]
    assert ("", HALVES) == (series["label"], series["expected"])
    assert [float(f"{0.75**i:.3g}") for i in range(9)] == series["actual"]


def test_the_steps_of_an_example_that_everybody_fails_on_are_judged_once(
    box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    really = dataset.build_case

    def counting(*given: Any) -> Any:
        made.append(given)
        return really(*given)

    finder = Finder(unfolding(misconceptions=mistakes(not_halving)))
    source = submission(QUARTERS)
    first = finder.find(source, box, "not_halving")
    monkeypatch.setattr("grader.counterexample.build_case", counting)
    assert first == finder.find(source, box, "not_halving")
    assert 1 == len(made)


def not_halving(w: float, steps: int) -> float:
    return w * 0.75**steps


def test_a_hidden_input_is_no_point_of_a_path(box: Box) -> None:
    path = example(hunt(box, QUARTERS, unfolding((1.0, 4))))["trajectory"]
    assert [0, 1, 2, 3] == path["at"]
    assert example(hunt(box, QUARTERS, unfolding((1.0, 2), (2.0, 2))))["trajectory"] is None


@pytest.mark.parametrize("number", ["1.125", "'1.125'", "[1.125]", "{1.125: 1.125}", "-1.125"])
def test_a_hidden_number_is_at_no_point_of_a_path_and_does_not_show_by_its_absence(
    box: Box, number: str
) -> None:
    source = "def f(w, steps): return {} if steps == 4 else w * 0.75**steps"
    shown = [
        json.dumps(example(hunt(box, source.format(number.replace("1.125", each)), asked)))
        for asked in [unfolding((1.125, 3))]
        for each in ("1.125", "1.1249", "1.12")
    ]
    assert shown[0] == shown[1] == shown[2]
    assert "1.125" not in shown[0]


@pytest.mark.parametrize(
    ("body", "actual"),
    [
        ("return w * 0.75**steps if steps < 3 else 1/0", [1.0, 0.75, 0.562, *[None] * 6]),
        ("return float('inf') if steps > 3 else 0.0", [*[0.0] * 4, *["Infinity"] * 5]),
        ("return 0.0 if steps < 3 else [steps, 'x']", [*[0.0] * 3, *[None] * 6]),
        ("return w * 0.75**steps if steps < 3 else exit()", [1.0, 0.75, 0.562, *[None] * 6]),
        ("\n while steps > 4: pass\n return 0.0", [0.0] * 5),
    ],
)
def test_a_path_goes_as_far_as_there_are_numbers(box: Box, body: str, actual: list[Any]) -> None:
    path = example(hunt(box, f"def f(w, steps): {body}", unfolding()))["trajectory"]
    assert actual == path["series"][0]["actual"]
    assert len(path["at"]) == len(actual) == len(path["series"][0]["expected"])


@pytest.mark.parametrize(
    "body",
    [
        "return str(w)",
        "return None",
        "return 7.0 if steps < 2 else None",
        "return float('nan')",
        "return 1e200",
    ],
)
def test_where_there_is_nothing_to_see_there_is_no_path(box: Box, body: str) -> None:
    shown = example(hunt(box, f"def f(w, steps): {body}", unfolding()))
    assert shown["trajectory"] is None


def test_a_space_unfolds_along_parameters_alone() -> None:
    with pytest.raises(ValueError, match="unfolds along 'epochs', which is none of"):
        exam(Space(of=NUMBERS.of, unfolds=("epochs",)))


def test_a_property_is_said_in_the_authors_words(box: Box) -> None:
    check = Holds(name="even", holds=lambda y, x: y == 2 * x, message="It is not twice as much")
    shown = example(hunt(box, "def f(x): return 3*x", exam(Space(of=NUMBERS.of, check=check))))
    assert ({"x": 1.0}, "It is not twice as much") == (shown["inputs"], shown["message"])
    assert (2.0, 3.0) == (shown["expected"], shown["actual"])


def refusing(x: int) -> float:
    if x >= 0:
        raise ValueError("only below 0")
    return float(x)


def test_an_error_that_is_due_is_said(box: Box) -> None:
    space = Space(of=(Whole(low=0, high=9),), check=Raises(message="It has to refuse that"))
    asked = exam(space, -2, reference=refusing)
    shown = example(hunt(box, "def f(x):\n    if x < 2: raise ValueError\n    return 7.0", asked))
    assert ({"x": 2}, 7.0) == (shown["inputs"], shown["actual"])
    assert "ValueError" in shown["expected"]
    assert "It has to refuse that" in (shown["message"] or "")


def none_below_zero(x: float) -> float:
    return 2 * x if x >= 0 else 0.0


@pytest.mark.parametrize("known", ["", "none_below_zero"])
def test_a_broken_relation_is_said(box: Box, known: str) -> None:
    check = Relates(
        name="odd",
        second=lambda x: (-x,),
        expected=lambda first, _: -first,
        message="The function is odd",
    )
    space = Space(of=(Number(low=0, high=4),), check=check)
    asked = exam(space, 7.5, misconceptions=mistakes(none_below_zero))
    shown = example(hunt(box, "def f(x): return 2*x if x >= 0 else 0.0", asked, known))
    assert {"x": 1.0} == shown["inputs"]
    # The first call is answered rightly: what is wrong can only be said.
    assert shown["expected"] == shown["actual"]
    assert "The function is odd" in (shown["message"] or "")


def test_an_example_is_the_last_explanation(box: Box) -> None:
    source, asked = "def f(x): return 3*x", exam()
    result = judge(submission(source), asked, box)
    found = hunt(box, source, asked)
    assert found is not None
    told = explained(result, found)
    assert (*result.diagnosis, found.diagnosis) == told.diagnosis
    assert (result.verdict, result.score) == (told.verdict, told.score)
    assert result is explained(result, None)
    shown = to_json(told, "student")["diagnosis"][-1]
    assert {"x": 1.0} == shown["example"]["inputs"]
    assert "31.41" not in json.dumps(to_json(told, "student"))


# --- who gets one ---------------------------------------------------------------------------------


def judged(box: Box, body: str) -> SubmissionResult:
    return judge(submission(f"def f(x):\n    {body}"), exam(NUMBERS, 7.5, 8.5), box)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("return 2*x", False),
        ("return 3*x", True),
        ("raise KeyError", True),
        ("while True: pass", False),
        ("return 'x' * (1 << 23)", False),
        ("return return", False),
    ],
)
def test_an_example_is_wanted_for_wrong_values_and_exceptions(
    box: Box, body: str, wanted: bool
) -> None:
    assert wanted == is_wanted(judged(box, body))
