"""Finds the smallest public input on which a submission fails, after it has been marked.

Theory of operation. A search (`grader.searching`) proposes inputs of the challenge's public
space; each is answered by the reference here and by the submission in the box, in processes
that have seen no hidden input, and judged by the space's own check. What was found is tried
once more in a fresh process, so that it fails by itself and not for what came before it. For an
iterative algorithm the smallest input is the first step that goes wrong.

An input that is also a hidden one is never proposed, nor one where a number of a hidden case
would have to be shown, be it by coincidence. All inputs and the expected values are
public, and what the submission made of them it made without knowing anything else: so all of it
may be shown. It never changes a mark.
"""

import hashlib
import json
import re
import time
from dataclasses import dataclass, replace
from typing import Any

from grader import searching, worked
from grader.agreement import flat, numbers_in
from grader.checking import judge_case, public_group
from grader.dataset import CallData, CaseData, args_of, build_case
from grader.declared import Args
from grader.diagnosis import Diagnosis, Example
from grader.errors import AuthorError, SandboxError
from grader.exam import Exam, six_digits
from grader.jsonable import plain
from grader.jsonable import shown as shown_as_json
from grader.judge import plan_of
from grader.outcome import CaseRun
from grader.result import SubmissionResult
from grader.runner import Session
from grader.sandbox.box import Box
from grader.spec import Grows, Holds, Raises, Relates, Space
from grader.submission import Submission
from grader.values import encode
from grader.verdict import Verdict

SECONDS = 2.0
"""What one search may take, by the clock and of the submission's CPU time."""

_A_CALL_S = 0.2

_WORTH_EXPLAINING = (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)


@dataclass(frozen=True, slots=True)
class Found:
    """The input's arguments (encoded), and what is said of it."""

    payload: bytes
    diagnosis: Diagnosis


def is_wanted(result: SubmissionResult) -> bool:
    """Tell whether a marked submission gives wrong values, which an example would show."""
    return result.verdict in _WORTH_EXPLAINING


def behaviour(result: SubmissionResult) -> str:
    """Return the same text for submissions that answer alike, to six digits; "" for right ones.

    A class makes the same few mistakes: what is found for one is tried first for the others.
    """
    if not is_wanted(result):
        return ""
    total = hashlib.sha256()
    for group in result.groups:
        for case in group.cases:
            numbers = flat(case.actual)
            known = None if numbers is None else [f"{number:.6g}" for number in numbers]
            total.update(repr((str(case.verdict), known)).encode())
    return total.hexdigest()


def find(submission: Submission, exam: Exam, box: Box, guess: bytes | None = None) -> Found | None:
    """Return the smallest failing input that was found; None without a space or a failure.

    `guess` is an input on which another submission that behaves alike fails: if this one fails on
    it too, nothing is searched.
    """
    space = exam.challenge.space
    if space is None:
        return None
    trial = _Trial(submission, exam, box, space)
    try:
        if guess is not None and (found := trial.fails_alone(guess)) is not None:
            return found
        args = searching.find(space, trial.fails)
        return None if args is None else trial.fails_alone(encode(args))
    except (SandboxError, AuthorError):
        # A box or a space that breaks here costs an explanation, and no mark.
        return None
    finally:
        trial.end()


_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def _decoded_text(payload: bytes) -> str:
    return _as_text(args_of(CallData(payload)))


def _as_text(args: Args) -> str:
    """Return the same text for arguments that are equal, whatever the types of their numbers."""
    return json.dumps(_in_floats(plain(args)))


def _in_floats(value: Any) -> Any:
    if isinstance(value, list):
        return [_in_floats(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _in_floats(entry) for key, entry in value.items()}
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


class _Trial:
    """One submission on inputs of the public space."""

    def __init__(self, submission: Submission, exam: Exam, box: Box, space: Space) -> None:
        self._challenge = exam.challenge
        self._group = public_group(space)
        self._shows = space.shows
        self._numbers = exam.hidden_numbers
        self._hidden = {
            _decoded_text(exam.payloads[call])
            for question in exam.questions
            if not question.is_visible and not isinstance(question.group.check, Grows)
            for call in question.calls
        }
        limits = exam.challenge.limits.model_copy(
            update={"cpu_case_s": _A_CALL_S, "cpu_s": SECONDS, "wall_s": SECONDS}
        )
        self._plan = plan_of(submission, exam, limits)
        self._box = box
        self._began = time.monotonic()
        self._session = Session(self._plan, box, self._began)

    def fails(self, args: Args) -> bool:
        """Tell whether the submission fails on `args`, and all is well with the input itself."""
        case = self._case(args)
        if case is None:
            return False
        return all(self._judge(case, self._ask(case)) for _ in range(self._challenge.runs))

    def fails_alone(self, payload: bytes) -> Found | None:
        """Try an input as the only call of a fresh process; say what happened if it fails."""
        self.end()
        self._session = Session(self._plan, self._box, self._began)
        case = self._case(args_of(CallData(payload)))
        if case is None:
            return None
        runs = self._ask(case)
        if not self._judge(case, runs):
            return None
        return Found(payload, self._told(case, runs))

    def end(self) -> None:
        self._session.end_process()

    def _case(self, args: Args) -> CaseData | None:
        try:
            case = build_case(self._challenge, self._group, "public", args)
        except AuthorError:
            return None  # the reference has nothing to say here
        hidden = not self._hidden.isdisjoint(map(_decoded_text, case.payloads))
        coincides = self._is_telling((args, case.desired))
        return case if case.finite and not hidden and not coincides else None

    def _ask(self, case: CaseData) -> tuple[CaseRun, ...]:
        return tuple(self._session.case(payload) for payload in case.payloads)

    def _judge(self, case: CaseData, runs: tuple[CaseRun, ...]) -> bool:
        """Tell whether the submission fails, and in a way that may be shown."""
        found = judge_case(self._challenge, self._group, case, runs)
        if found.verdict not in _WORTH_EXPLAINING:
            return False
        shown = [(shown_as_json(run.value), run.message) for run in runs]
        return not self._tells(f"{shown} {found.message}")

    def _steps(self, case: CaseData) -> tuple[str, ...]:
        lines = worked.steps(self._challenge.reference, args_of(case), self._shows)
        return () if self._tells(" ".join(lines)) else lines

    def _tells(self, text: str) -> bool:
        """Tell whether a text holds a number of a hidden case, be it by coincidence."""
        found = {six_digits(float(word)) for word in _NUMBER.findall(text)}
        return not found.isdisjoint(self._numbers)

    def _is_telling(self, value: Any) -> bool:
        """Tell whether a value holds a number of a hidden case, be it by coincidence."""
        return any(six_digits(number) in self._numbers for number in numbers_in(value))

    def _told(self, case: CaseData, runs: tuple[CaseRun, ...]) -> Diagnosis:
        check = self._group.check
        inputs = dict(zip(self._challenge.parameters, args_of(case), strict=True))
        said = judge_case(self._challenge, self._group, case, runs).message
        is_outcome = isinstance(check, Holds | Raises | Relates)
        example = Example(
            inputs=inputs,
            expected=case.desired,
            actual=runs[0].value,
            message=said if is_outcome or runs[0].verdict is not None else None,
            steps=self._steps(case),
        )
        return Diagnosis(
            "counterexample",
            "counterexample",
            "A small input on which it fails",
            "It is none of the hidden ones. Work it out on paper and compare each step with "
            "what your code does.",
            example=example,
        )


def explained(result: SubmissionResult, found: Found | None) -> SubmissionResult:
    """Return the result with the example as its last explanation."""
    if found is None:
        return result
    return replace(result, diagnosis=(*result.diagnosis, found.diagnosis))
