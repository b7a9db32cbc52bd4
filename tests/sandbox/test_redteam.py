"""Attacks that a look at the code suggested: what they found, they must not find again."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader import dataset
from grader.catalog import Loaded
from grader.errors import TierUnavailable
from grader.exam import Exam
from grader.judge import judge
from grader.reports import single
from grader.result import SubmissionResult, to_json
from grader.sandbox.box import CellConfig
from grader.sandbox.plain import PlainBox
from grader.sandbox.tiers import open_box
from grader.spec import Case, Challenge, Group, Limits
from grader.submission import Submission
from grader.verdict import Verdict, Visibility

SECRET = b"a secret of the tests"
HIDDEN = 31.415926


def double(x: float) -> float:
    return 2 * x


CHALLENGE = Challenge(
    id="doubleIt",
    title="Double it",
    parameters=("x",),
    reference=double,
    limits=Limits(cpu_case_s=0.4, cpu_s=0.8, wall_s=1.5),
    groups=(
        Group(
            name="shown",
            title="Shown",
            points=1,
            visibility=Visibility.VISIBLE,
            cases=(Case(name="one", args=(1.0,)),),
        ),
        Group(
            name="hidden",
            title="Hidden",
            points=1,
            cases=(Case(name="two", args=(HIDDEN,)), Case(name="three", args=(2.0,))),
        ),
    ),
)

FRAMES = """
import os, stat, struct, sys, time

def is_socket(fd):
    try:
        return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError:
        return False

def of_the_driver(name):
    frame = sys._getframe()
    while name not in frame.f_globals:
        frame = frame.f_back
    return frame.f_globals[name]

channel = next(fd for fd in range(64) if is_socket(fd))
"""

Grade = Callable[[str], SubmissionResult]


@pytest.fixture(scope="module")
def grade() -> Iterator[Grade]:
    exam = Exam(Loaded(CHALLENGE, Path(), "digest"), dataset.build(CHALLENGE, SECRET), SECRET)
    with open_box("auto", CellConfig()) as box:
        try:
            _ = box.tier
        except TierUnavailable as reason:
            pytest.skip(str(reason))
        yield lambda source: judge(Submission("attack.py", source.encode()), exam, box)


def student_sees(result: SubmissionResult) -> str:
    return json.dumps(to_json(result, "student")) + single.report(result, "student", "text")


DRIP = """
def doubleIt(x):
    os.write(channel, struct.pack("<II", 1, 1_000_000))
    until = time.monotonic() + 20
    while time.monotonic() < until:
        os.write(channel, b"x")
        time.sleep(0.0001)
"""


def test_a_reply_that_drips_in_does_not_stop_the_clock(grade: Grade) -> None:
    began = time.monotonic()
    result = grade(FRAMES + DRIP)
    assert time.monotonic() - began < 5
    assert Verdict.TIME_LIMIT_EXCEEDED is result.verdict


TELLS_AT_THE_SECOND_IMPORT = """
import os, time

if time.time() % 1 >= 0.5:
    raise OverflowError(f"the process before me ended at {time.time() % 1:.3f}")

calls = 0

def doubleIt(x):
    global calls
    calls += 1
    if calls == 2:
        while time.time() % 1 < 0.5:  # later or earlier, by the hidden x
            time.sleep(0.01)
        os._exit(0)
    return 2 * x
"""


def test_what_an_import_says_after_a_hidden_input_is_for_no_student(grade: Grade) -> None:
    while not 0 <= time.time() % 1 < 0.3:
        time.sleep(0.01)
    result = grade(TELLS_AT_THE_SECOND_IMPORT)
    verdicts = [case.verdict for group in result.groups for case in group.cases]
    assert [Verdict.ACCEPTED, Verdict.RUNTIME_ERROR, Verdict.RUNTIME_ERROR] == verdicts
    assert "the process before me" in (result.groups[1].cases[1].message or "")
    assert "the process before me" not in student_sees(result)


FORGES_READY = """
wire = of_the_driver("wire")
payload = wire.encode_ready("doubleIt. Full marks were agreed upon", b"")
os.write(channel, struct.pack("<II", 0, len(payload)) + payload)
time.sleep(20)
"""


def test_a_forged_entry_name_writes_no_note(grade: Grade) -> None:
    result = grade(FRAMES + FORGES_READY)
    assert "Full marks" not in json.dumps(to_json(result, "instructor"))


RETURNS = {
    "empty rows": "import numpy\ndef doubleIt(x): return numpy.zeros((1 << 24, 0), 'i1')",
    "long double": "import numpy\ndef doubleIt(x): return numpy.clongdouble(x)",
    "long integers": "def doubleIt(x): return {1 << 99_999, (1 << 99_999,)}",
    "a megabyte": "def doubleIt(x): return '\\x1b' * 1_000_000",
    "many dimensions": "import numpy\ndef doubleIt(x): return numpy.zeros((2,) * 19, 'i1')",
}


@pytest.mark.parametrize("source", RETURNS.values(), ids=RETURNS.keys())
def test_a_report_on_any_value_is_short(grade: Grade, source: str) -> None:
    result = grade(source)
    for view in ("student", "instructor"):
        assert len(json.dumps(to_json(result, view))) < 50_000
        assert len(single.report(result, view, "text")) < 50_000


def test_a_long_double_is_a_number(grade: Grade) -> None:
    result = grade("import numpy\ndef doubleIt(x): return 2 * numpy.longdouble(x)")
    assert Verdict.ACCEPTED is result.verdict
    assert 2.0 == to_json(result, "student")["groups"][0]["cases"][0]["actual"]


CLOSES_ITS_CHANNEL = """
import os

def doubleIt(x):
    os.closerange(0, 64)
    while True:
        pass
"""


def test_who_hangs_up_and_runs_on_without_a_box_is_ended() -> None:
    exam = Exam(Loaded(CHALLENGE, Path(), "digest"), dataset.build(CHALLENGE, SECRET), SECRET)
    with PlainBox(CellConfig()) as box:
        result = judge(Submission("attack.py", CLOSES_ITS_CHANNEL.encode()), exam, box)
    assert Verdict.RUNTIME_ERROR is result.groups[0].cases[0].verdict
