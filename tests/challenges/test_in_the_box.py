"""Every challenge through the real box: it is verified, and no report tells a student too much."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

import click
import pytest

from grader import counterexample
from grader.agreement import numbers_in
from grader.catalog import Loaded
from grader.dataset import args_of, build
from grader.exam import Exam
from grader.grading import cell_config
from grader.jsonable import plain
from grader.judge import judge
from grader.programs import source_of
from grader.reports.single import Form, report
from grader.result import SubmissionResult
from grader.sandbox.box import Box
from grader.sandbox.tiers import open_box
from grader.spec import Misconception
from grader.submission import Submission, read
from grader.verdict import Verdict, Visibility
from grader.verify import verify

from .conftest import ROOTS

SECRET = b"in the box " * 3
LEAST_DIGITS = 4
FORMS: tuple[Form, ...] = ("text", "json", "html", "markdown")


@pytest.fixture(scope="module")
def exam(loaded: Loaded) -> Exam:
    return Exam(loaded, build(loaded.challenge, SECRET), SECRET)


@pytest.fixture(scope="module")
def box(loaded: Loaded) -> Iterator[Box]:
    with open_box("auto", cell_config(loaded.challenge)) as opened:
        yield opened


class Mistake(NamedTuple):
    """A named mistake as somebody hands it in, what it gets, and the small input that is found."""

    entry: Misconception
    file: Submission
    result: SubmissionResult
    example: counterexample.Found | None


@pytest.fixture(scope="module")
def mistakes(exam: Exam, box: Box) -> list[Mistake]:
    """All named mistakes of a challenge, judged and searched once for all tests."""
    return list(_mistakes(exam, box))


def _mistakes(exam: Exam, box: Box) -> Iterator[Mistake]:
    finder = counterexample.Finder(exam)
    for entry in exam.challenge.misconceptions:
        source = source_of(entry.variant, exam.challenge.id)
        file = Submission(f"{entry.id}.py", source.encode())
        yield Mistake(entry, file, judge(file, exam, box), finder.find(file, box))


def test_it_is_proved_fair_and_sharp(loaded: Loaded) -> None:
    certificate = verify(loaded.challenge.id, tuple(ROOTS))
    assert () == certificate.faults
    assert 1.0 == certificate.mutation.score
    assert len(loaded.challenge.misconceptions) == certificate.separation.separated
    assert len(loaded.challenge.misconceptions) == certificate.separation.diagnosed


def test_every_mistake_is_explained_by_its_own_sentence(mistakes: list[Mistake]) -> None:
    """As an instructor and as a student see it; and with an example wherever there is a space."""
    for entry, _, result, _ in mistakes:
        assert (entry.id, Verdict.ACCEPTED) != (entry.id, result.verdict)
        assert ["misconception", entry.id] == [result.diagnosis[0].kind, result.diagnosis[0].id]
        assert entry.title.split()[0] in report(result, "student", "text")


def _hidden_numbers(exam: Exam, shown: str) -> set[str]:
    """Return what no student may read: hidden numbers in full and to six digits.

    Numbers of fewer digits, and those that anybody can read in `shown`, may stand there anyway.
    """
    texts: set[str] = set()
    for question in exam.questions:
        if question.is_visible:
            continue
        for call in (question.data, *question.data.more):
            for number in numbers_in((args_of(call), call.desired)):
                texts |= {repr(number), f"{number:.6g}", f"{number:.6f}"}
    digits = {text for text in texts if len(re.sub(r"e.*|\D", "", text).strip("0")) >= LEAST_DIGITS}
    return {text for text in digits if text not in shown}


def _everybodys(exam: Exam, loaded: Loaded) -> str:
    """Return what everybody may read: the statement and the visible cases."""
    shown = [(loaded.folder / "statement.md").read_text(encoding="utf-8")]
    for question in exam.questions:
        if question.is_visible:
            shown.append(json.dumps(plain((args_of(question.data), question.data.desired))))
    return "\n".join(shown)


ECHO = """
def {name}({parameters}):
    print("saw", {parameters})
    class Saw(Exception): pass
    Saw.__name__ = repr(({parameters},))
    raise Saw({parameters})
"""


def _short_answers(result: SubmissionResult) -> set[str]:
    values = [
        case.actual
        for group in result.groups
        if group.visibility is Visibility.VISIBLE
        for case in group.cases
    ]
    texts = {repr(number) for number in numbers_in(values)}
    return {text for text in texts if len(text.lstrip("-")) <= 7}


def test_no_report_for_a_student_holds_a_hidden_number(
    loaded: Loaded, exam: Exam, box: Box, mistakes: list[Mistake]
) -> None:
    challenge = exam.challenge
    parameters = ", ".join(challenge.parameters)
    echo = ECHO.format(name=challenge.id, parameters=parameters)
    files = [
        *(read(path) for path in sorted((loaded.folder / "submissions").glob("*_*/*.py"))
          if path.parent.name != Verdict.TIME_LIMIT_EXCEEDED),
        Submission("echo.py", echo.encode()),
        Submission("returns.py", f"{challenge.id} = lambda *args: args".encode()),
    ]  # fmt: skip
    seen = [(file, judge(file, exam, box), counterexample.find(file, exam, box)) for file in files]
    seen += [(file, result, example) for _, file, result, example in mistakes]
    hidden = _hidden_numbers(exam, _everybodys(exam, loaded))
    assert len(hidden) > 20
    noticed = 0
    for file, judged, example in seen:
        result = counterexample.explained(judged, example)
        own = file.source.decode("utf-8", "replace")
        for form in FORMS:
            shown = click.unstyle(report(result, "student", form)).split("</style>")[-1]
            words = set(re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", shown))
            # What it answers to a visible case is its own, and short numbers meet by chance.
            answered = _short_answers(result)
            leaked = sorted(words & hidden - answered - {word for word in words if word in own})
            assert (file.name, form, []) == (file.name, form, leaked)
        full = set(re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", report(result, "instructor", "json")))
        noticed += bool(full & hidden)
    # The search would notice: in the instructor's reports it finds them.
    assert noticed >= len(seen) // 2


def test_an_example_is_found_for_every_mistake_that_shows_in_the_space(
    exam: Exam, box: Box, mistakes: list[Mistake]
) -> None:
    if exam.challenge.space is None:
        pytest.skip("the challenge declares no public input space")
    without = []
    for entry, file, _, found in mistakes:
        if found is None:
            without.append(entry.id)
            continue
        assert found.payload not in set(exam.payloads) or found.payload in {
            exam.payloads[call]
            for question in exam.questions
            if question.is_visible
            for call in question.calls
        }
        again = counterexample.find(file, exam, box)
        assert again is not None
        assert found.payload == again.payload
        assert json.dumps(found.diagnosis.title)
    assert len(without) <= len(mistakes) // 5
