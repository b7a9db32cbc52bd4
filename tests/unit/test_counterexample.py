"""Examples for wrong submissions: small, confirmed, public, and never dear."""

import json
import math
import random
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

from grader import dataset
from grader.batch import RESULTS, Output
from grader.catalog import Loaded
from grader.counterexample import Found, behaviour, explained, find, is_wanted
from grader.dataset import CallData, args_of
from grader.errors import SandboxError
from grader.exam import Exam
from grader.executors import Explained, Hunt, Row, Task
from grader.judge import judge
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
    Number,
    Raises,
    Relates,
    Space,
    Whole,
)
from grader.submission import Submission
from grader.values import encode
from grader.verdict import Verdict

SECRET = b"a secret of the tests"


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with open_box("auto", CellConfig()) as box:
        yield box


def double(x: float) -> float:
    return 2 * x


def total(xs: list[float]) -> float:
    result = 0.0
    for x in xs:
        result = result + x
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


def submission(source: str) -> Submission:
    return Submission("s.py", source.encode())


def hunt(box: Box, source: str, asked: Exam, guess: bytes | None = None) -> Found | None:
    return find(submission(source), asked, box, guess)


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


def test_a_hidden_guess_is_not_shown(box: Box) -> None:
    asked = exam(NUMBERS, 3.0)
    found = hunt(box, "def f(x): return 3*x", asked, encode((3.0,)))
    assert {"x": 1.0} == example(found)["inputs"]


EIGHTHS = Space(of=(Number(low=1, high=2, step=0.125),))


def leaks(box: Box, source: str, space: Space = EIGHTHS, **fields: Any) -> bool:
    """Tell whether an example shows the one hidden number that can be known by its digits."""
    found = hunt(box, source, exam(space, 1.125, **fields))
    shown = "" if found is None else json.dumps(diagnosis_json(found.diagnosis))
    return "1.125" in shown


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
    assert not leaks(box, f"def f(x): return {body}")
    # It is the coincidence that forbids it: with another number there is an example.
    other = body.replace("1.125", "1.375")
    assert hunt(box, f"def f(x): return {other}", exam(EIGHTHS, 1.125)) is not None


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
    assert not leaks(box, f"def f(x):\n    {body}")


def stepwise(x: float) -> float:
    y = 1.125 * x
    pair = [y, 1.0]
    state = {"w": y}
    return 2 * x * len(pair) * len(state) / 2


@pytest.mark.parametrize("name", ["y", "pair", "state"])
def test_a_hidden_number_is_in_no_step(box: Box, name: str) -> None:
    space = EIGHTHS.model_copy(update={"shows": (name,)})
    assert not leaks(box, "def f(x): return 7.0", space, reference=stepwise)


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


# --- guesses --------------------------------------------------------------------------------------


class Counting:
    """A real box that counts the processes it starts."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self.starts = 0
        self.tier, self.layers, self.versions = box.tier, box.layers, box.versions

    def start(self, driver: int, limits: ProcessLimits) -> Process:
        self.starts += 1
        return self._box.start(driver, limits)

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None: ...


def test_a_guess_that_fails_is_taken_without_a_search(box: Box) -> None:
    counting, guess = Counting(box), encode((3.5,))
    found = hunt(counting, "def f(x): return 3*x", exam(), guess)
    assert found is not None
    assert guess == found.payload
    assert ({"x": 3.5}, 10.5) == (example(found)["inputs"], example(found)["actual"])
    assert 1 == counting.starts


def test_a_guess_that_is_answered_rightly_costs_nothing_but_a_call(box: Box) -> None:
    found = hunt(box, "def f(x): return 3*x if x < 3 else 2*x", exam(), encode((3.5,)))
    assert {"x": 1.0} == example(found)["inputs"]


def test_what_a_guess_found_is_the_submissions_own_answer(box: Box) -> None:
    first = hunt(box, "def f(x): return 3*x", exam())
    assert first is not None
    second = hunt(box, "def f(x): return 5*x", exam(), first.payload)
    assert (first.payload, 5.0) == (second and second.payload, example(second)["actual"])


# --- loops, exceptions, broken boxes --------------------------------------------------------------


def test_a_submission_that_never_ends_has_no_example_soon(box: Box) -> None:
    began = time.monotonic()
    assert hunt(box, "def f(x):\n    while True: pass", exam()) is None
    assert time.monotonic() - began < 6


def test_a_submission_that_ends_at_times_has_an_example(box: Box) -> None:
    source = "def f(x):\n    while x > 2: pass\n    return 3*x"
    assert {"x": 1.0} == example(hunt(box, source, exam()))["inputs"]


def test_a_submission_that_raises_has_an_example_with_its_own_message(box: Box) -> None:
    source = "def f(x):\n    if x > 0.25:\n        raise KeyError(f'no {x}')\n    return 2*x"
    shown = example(hunt(box, source, exam()))
    assert {"x": 1.0} == shown["inputs"]
    assert (2.0, None) == (shown["expected"], shown["actual"])
    assert "KeyError on line 3: 'no 1.0'" == shown["message"]


class Broken(Counting):
    """A box in which no process can be started."""

    def start(self, driver: int, limits: ProcessLimits) -> Process:
        raise SandboxError("broken on purpose")


def test_a_box_that_breaks_costs_the_example_alone(box: Box) -> None:
    assert hunt(Broken(box), "def f(x): return 3*x", exam()) is None


def test_no_process_is_left_behind(box: Box) -> None:
    class Watching(Counting):
        ended = 0

        def start(self, driver: int, limits: ProcessLimits) -> Any:
            process, outer = super().start(driver, limits), self

            class Watched:
                exchange = process.exchange

                def close(self) -> float:
                    outer.ended += 1
                    return process.close()

            return Watched()

    watching = Watching(box)
    for source in ("def f(x): return 3*x", "def f(x): return 2*x", "def f(x): raise KeyError"):
        hunt(watching, source, exam(), encode((1.0,)))
    assert watching.starts == watching.ended >= 3


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


def test_a_broken_relation_is_said(box: Box) -> None:
    check = Relates(
        name="odd",
        second=lambda x: (-x,),
        expected=lambda first, _: -first,
        message="The function is odd",
    )
    asked = exam(Space(of=(Number(low=0, high=4),), check=check), 7.5)
    shown = example(hunt(box, "def f(x): return 2*x if x >= 0 else 0.0", asked))
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


# --- who answers alike ----------------------------------------------------------------------------


def judged(box: Box, body: str) -> SubmissionResult:
    return judge(submission(f"def f(x):\n    {body}"), exam(NUMBERS, 7.5, 8.5), box)


def test_submissions_that_answer_alike_have_one_behaviour(box: Box) -> None:
    bodies = ("return 3*x", "return x + x + x", "return 3*x*(1 + 1e-12)")
    same = {behaviour(judged(box, body)) for body in bodies}
    assert 1 == len(same)
    others = ("return 4*x", "return 3*x if x < 8 else 2*x", "return None", "raise KeyError")
    assert 4 == len({behaviour(judged(box, body)) for body in others} - same - {""})


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
    result = judged(box, body)
    assert wanted == is_wanted(result)
    assert wanted == bool(behaviour(result))


# --- a whole class --------------------------------------------------------------------------------


class Scripted:
    """An executor that answers hunts from a table, the last one first."""

    def __init__(self, found: Mapping[str, Mapping[str, Any]]) -> None:
        self._found = found
        self.rounds: list[list[tuple[str, bytes | None]]] = []
        self.closed = 0

    def run(self, tasks: Sequence[Task]) -> Generator[Row, None, None]:
        raise AssertionError(f"asked to grade {tasks}")

    def explain(self, hunts: Sequence[Hunt]) -> Generator[Explained, None, None]:
        self.rounds.append([(hunt.task.name, hunt.guess) for hunt in hunts])
        try:
            for hunt in reversed(hunts):
                name = hunt.task.name
                if name in self._found:
                    yield Explained(name, f"input of {name}".encode(), self._found[name])
                else:
                    yield Explained(name)
        finally:
            self.closed += 1


BEHAVIOURS = {"e": "two", "a": "one", "c": "", "d": "one", "b": "two", "f": "one", "g": "three"}


def row(name: str) -> Row:
    line = json.dumps({"submission": name, "diagnosis": [{"id": "first"}], "score": 0.0})
    return Row(name, Verdict.WRONG_ANSWER, 0.0, 1.0, "", line.encode(), BEHAVIOURS[name])


def entry(name: str) -> dict[str, Any]:
    return {"id": "counterexample", "example": {"inputs": {"x": name}}}


def explain_all(
    folder: Path, found: Sequence[str]
) -> tuple[Scripted, list[Explained], dict[str, list[Any]]]:
    """Explain the batch; return the executor, the answers and each line's explanations."""
    executor = Scripted({name: entry(name) for name in found})
    with Output(folder, fresh=False) as output:
        for name in BEHAVIOURS:
            output.add(row(name))
        assert 6 == output.wanted()
        tasks = [Task(name, Path(f"{name}.py")) for name in BEHAVIOURS]
        answers = list(output.explain(executor, tasks))
        output.finish({})
    lines = map(json.loads, (folder / RESULTS).read_text().splitlines())
    return executor, answers, {line["submission"]: line["diagnosis"] for line in lines}


def test_a_class_is_hunted_once_for_each_behaviour(tmp_path: Path) -> None:
    executor, answers, kept = explain_all(tmp_path, "abdefg")
    first, rest = executor.rounds
    assert {("a", None), ("b", None), ("g", None)} == set(first)
    assert [("d", b"input of a"), ("f", b"input of a"), ("e", b"input of b")] == sorted(
        rest, key=lambda hunt: (hunt[1], hunt[0])
    )
    assert sorted("abdefg") == sorted(answer.submission for answer in answers)
    assert {name: [{"id": "first"}, entry(name)] for name in "abdefg"} | {
        "c": [{"id": "first"}]
    } == kept
    assert 2 == executor.closed


def test_where_nothing_was_found_the_others_are_left_alone(tmp_path: Path) -> None:
    executor, answers, kept = explain_all(tmp_path, "b")
    first, rest = executor.rounds
    assert 3 == len(first)
    assert [("e", b"input of b")] == rest
    assert 4 == len(answers)
    assert {"b"} == {name for name, entries in kept.items() if len(entries) > 1}


def test_where_nothing_is_wrong_nobody_is_asked(tmp_path: Path) -> None:
    executor = Scripted({})
    with Output(tmp_path, fresh=False) as output:
        output.add(row("c"))
        assert 0 == output.wanted()
        assert [] == list(output.explain(executor, [Task("c", Path("c.py"))]))
        output.finish({})
    assert [] == executor.rounds
    assert row("c").line + b"\n" == (tmp_path / RESULTS).read_bytes()


def test_what_has_no_example_stays_byte_for_byte(tmp_path: Path) -> None:
    explain_all(tmp_path, "a")
    lines = (tmp_path / RESULTS).read_bytes().splitlines()
    assert [row(name).line for name in "bcdefg"] == lines[1:]
    assert row("a").line != lines[0]


def test_explaining_may_be_given_up_half_way(tmp_path: Path) -> None:
    executor = Scripted({name: entry(name) for name in "abg"})
    with Output(tmp_path, fresh=False) as output:
        for name in BEHAVIOURS:
            output.add(row(name))
        answers = output.explain(executor, [Task(name, Path(name)) for name in BEHAVIOURS])
        first = next(iter(answers)).submission
        answers.close()  # type: ignore[attr-defined]
        output.finish({})
    assert 1 == executor.closed
    lines = map(json.loads, (tmp_path / RESULTS).read_text().splitlines())
    assert [first] == [line["submission"] for line in lines if len(line["diagnosis"]) > 1]
