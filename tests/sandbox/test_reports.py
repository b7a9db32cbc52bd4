"""Attacks by report: carry a hidden input, or an expected value, out in what a student may read.

A submission sees its inputs; the report is its only way out. Each attack tries to write a
hidden input into some field of the result. That it gets there is shown by the instructor's
view; the student's view, the whole of it as JSON, holds no trace of it.
"""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from grader import dataset
from grader.catalog import Loaded
from grader.exam import Exam
from grader.judge import judge
from grader.result import SubmissionResult, View, to_json
from grader.sandbox.box import Box
from grader.spec import Case, Challenge, Group, Limits
from grader.submission import Submission
from grader.verdict import Visibility

LABEL = "hidden-label-7f3a"
NUMBER = 48_151_623
DESIRED = 96_303_246
TRACES = (LABEL, LABEL[::-1], LABEL.encode().hex(), str(NUMBER), str(DESIRED), hex(NUMBER)[2:])


def twice(label: str, number: float) -> float:
    """The reference: `label` is for the attacks to carry."""
    return 2 * number if label else 0.0


def challenge(first_visible: bool) -> Challenge:
    shown = Group(
        name="shown",
        title="Shown",
        points=1,
        visibility=Visibility.VISIBLE,
        cases=(Case(name="shown", args=("open", 1)), Case(name="again", args=("open", 2))),
    )
    hidden = [
        Group(
            name=str(visibility).replace("_", "-"),
            title="Hidden",
            points=1,
            visibility=visibility,
            cases=(Case(name="first", args=(LABEL, NUMBER)), Case(name="next", args=(LABEL, 3))),
        )
        for visibility in Visibility
        if visibility is not Visibility.VISIBLE
    ]
    return Challenge(
        id="twice",
        title="Twice",
        parameters=("label", "number"),
        reference=twice,
        groups=(shown, *hidden) if first_visible else (*hidden, shown),
        limits=Limits(cpu_case_s=0.3, cpu_s=0.8, wall_s=2, memory_mb=64),
    )


@pytest.fixture(scope="module", params=[True, False], ids=["shown-first", "hidden-first"])
def exam(request: pytest.FixtureRequest) -> Exam:
    made = challenge(request.param)
    loaded = Loaded(made, Path("nowhere"), "0" * 64)
    return Exam(loaded, dataset.build(made, b"secret"), b"secret")


@pytest.fixture
def result(box: Box, exam: Exam) -> Callable[[str], SubmissionResult]:
    return lambda source: judge(Submission("twice.py", source.encode()), exam, box)


def text(result: SubmissionResult, view: View) -> str:
    return json.dumps(to_json(result, view))


def traces(result: SubmissionResult) -> list[str]:
    """The traces of hidden things in what a student gets to see."""
    shown = text(result, "student").lower()
    return [trace for trace in TRACES if trace.lower() in shown]


ANSWER = "    return 2 * number\n"
CARRIED = {
    "in the message of an exception": "def twice(label, number):\n"
    "    raise ValueError(f'{label} {number}')\n",
    "in the arguments of a KeyError": "def twice(label, number):\n    return {}[label, number]\n",
    "in a conversion's message": "def twice(label, number):\n    return float(label)\n",
    "in an assertion": "def twice(label, number):\n    assert number == 0, (label, number)\n",
    "in a note": "def twice(label, number):\n"
    "    error = ValueError(label)\n    error.add_note(label)\n    raise error\n",
    "in the name of a class": "def twice(label, number):\n"
    "    raise type(label.replace('-', '_'), (ValueError,), {})(label)\n",
    "in the name of a function": "def twice(label, number):\n"
    "    space = {}\n    name = label.replace('-', '_')\n"
    "    exec(compile(f'def {name}(): raise ValueError({label!r})', __file__, 'exec'), space)\n"
    "    space[name]()\n",
    "in a print": "def twice(label, number):\n    print(label, number)\n" + ANSWER,
    "in a print to standard error": "import sys\ndef twice(label, number):\n"
    "    sys.stderr.write(f'{label} {number}')\n" + ANSWER,
    "in a value": "def twice(label, number):\n    return number\n",
    "in a value of another kind": "def twice(label, number):\n    return [label, number]\n",
    "in a print and nothing": "def twice(label, number):\n    print(label)\n",
    "in an exit": "import sys\ndef twice(label, number):\n    sys.exit(label)\n",
    "in a recursion": "def twice(label, number):\n    raise RecursionError(label)\n",
    "in a memory error": "def twice(label, number):\n    print(label)\n    raise MemoryError(label)\n",
    "in changed inputs": "def twice(label, number):\n    print(label)\n    return number + 1\n",
}

LINE = "def twice(label, number):\n    exec(compile('\\n' * {} + 'raise ValueError', __file__, 'exec'))\n"
FORGED = """
import os, struct
def channel():
    for descriptor in range(3, 64):
        try:
            os.fstat(descriptor)
            return descriptor
        except OSError:
            pass
def forge(sequence, payload):
    os.write(channel(), struct.pack("<II", sequence, len(payload)) + payload)
    os._exit(0)
"""
NOT_CARRIED = {
    "in a forged line": FORGED + "calls = 0\n"
    "def twice(label, number):\n"
    "    global calls\n    calls += 1\n"
    "    from grader import values\n"
    "    fields = (('ValueError', False, int(number), label, (), None), b'')\n"
    "    forge(calls, bytes([4]) + values.encode(fields))\n",
    "in a forged line of a timeout": FORGED + "import signal\ncalls = 0\n"
    "def twice(label, number):\n"
    "    global calls\n    calls += 1\n"
    "    from grader import values\n"
    "    words = bytes([6]) + values.encode(int(number))\n"
    "    signal.signal(signal.SIGXCPU, lambda *_: forge(calls, words))\n"
    "    while label[0] == 'h': pass\n" + ANSWER,
    "in a forged refusal": FORGED + "calls = 0\n"
    "def twice(label, number):\n"
    "    global calls\n    calls += 1\n"
    "    from grader import values\n"
    "    fields = ('no_entry_point', None, (label, str(number)), label.encode())\n"
    "    forge(calls, bytes([2]) + values.encode(fields))\n",
    "in the line of an exception": LINE.format("(number // 1000 if number > 999 else 1)"),
    "in an exit status": "import os\n"
    "def twice(label, number):\n    os._exit(number % 251 if label[0] == 'h' else 0)\n",
    "in an earlier input": "seen = []\ndef twice(label, number):\n"
    "    seen.append((label, number))\n    print(seen)\n    return str(seen)\n",
    "in an earlier input after a death": "import os\nseen = []\ndef twice(label, number):\n"
    "    seen.append(label)\n    print(seen)\n"
    "    if len(seen) == 2: os._exit(0)\n    return str(seen)\n",
    "in an earlier input's thread": "import threading, time\n"
    "def twice(label, number):\n    print(label)\n"
    "    try: threading.Timer(0.01, print, (label,)).start()\n"
    "    except RuntimeError: pass\n" + ANSWER,
    "in a docstring": "def twice(label, number):\n    twice.__doc__ = twice.__name__ = label\n"
    "    twice.__qualname__ = label\n" + ANSWER,
    "in an attribute of the module": "import sys\ndef twice(label, number):\n"
    "    module = sys.modules[__name__]\n    module.__name__ = module.__file__ = label\n"
    "    raise ValueError\n",
    "in a forged file name": "def twice(label, number):\n"
    "    exec(compile('raise ValueError', label, 'exec'))\n",
}


@pytest.mark.parametrize("source", CARRIED.values(), ids=CARRIED)
def test_what_the_instructor_sees_the_student_does_not(
    source: str, result: Callable[[str], SubmissionResult]
) -> None:
    judged = result(source)
    assert any(trace in text(judged, "instructor") for trace in TRACES)
    assert [] == traces(judged)


@pytest.mark.parametrize("source", NOT_CARRIED.values(), ids=NOT_CARRIED)
def test_no_field_of_the_student_s_view_takes_a_hidden_input(
    source: str, result: Callable[[str], SubmissionResult]
) -> None:
    assert [] == traces(result(source))


def test_a_line_number_is_one_of_the_file_s_own(
    result: Callable[[str], SubmissionResult],
) -> None:
    """Any other number would be 31 bits of a hidden input at a time."""
    judged = result(LINE.format("(int(number) // 1000)"))
    assert [] == traces(judged)
    for note in to_json(judged, "student")["notes"]:
        numbers = [int(word) for word in note.replace(".", " ").split() if word.isdigit()]
        assert all(number <= 3 for number in numbers), note


def test_times_are_coarse(result: Callable[[str], SubmissionResult]) -> None:
    source = (
        "import time\n"
        "def twice(label, number):\n"
        "    end = time.process_time() + (0.037 if label[0] == 'h' else 0)\n"
        "    while time.process_time() < end:\n"
        "        pass\n" + ANSWER
    )
    judged = result(source)
    shown = to_json(judged, "student")
    times = [shown["cpu_s"], shown["wall_s"]]
    times += [case["cpu_s"] for group in shown["groups"] for case in group["cases"]]
    assert any(case.cpu_s > 0.03 for group in judged.groups for case in group.cases)
    assert [round(time, 1) for time in times] == times


def test_visible_cases_are_shown_in_full(result: Callable[[str], SubmissionResult]) -> None:
    """The projection takes out what is hidden, and nothing else."""
    shown = to_json(result("def twice(label, number):\n    return number\n"), "student")
    (group,) = [group for group in shown["groups"] if group["visibility"] == "visible"]
    assert [2, 4] == [case["desired"] for case in group["cases"]]
    assert [1, 2] == [case["actual"] for case in group["cases"]]


def test_both_views_give_the_same_marks(result: Callable[[str], SubmissionResult]) -> None:
    judged = result("def twice(label, number):\n    return 2 * number if number < 9 else 0\n")
    views = [to_json(judged, view) for view in ("student", "instructor")]
    marks = [
        [(case["verdict"], case["score"]) for group in view["groups"] for case in group["cases"]]
        for view in views
    ]
    assert marks[0] == marks[1]
