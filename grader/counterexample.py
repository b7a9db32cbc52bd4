"""Finds the smallest public input on which a submission fails, after it has been marked.

Theory of operation. Where a known wrong program explains the submission, the smallest input on
which that program fails is found once, here, and tried on the submission: a class that makes a
mistake fifty times pays for one search, and no student's code has a say in what another is
shown. Elsewhere a search (`grader.searching`) proposes inputs of the challenge's public space;
each is answered by the reference here and by the submission in the box, in processes that have
seen no hidden input, and judged by the space's own check. What was found is tried once more in
a fresh process, so that it fails by itself and not for what came before it. For an iterative
algorithm the smallest input is the first step that goes wrong; where its space says along which
parameter it `unfolds`, the example is asked with fewer and with more steps, which makes a path.

An input that is also a hidden one is never proposed, nor one where a number of a hidden case
would have to be shown, be it by coincidence; where the submission's own answer holds one, there
is no example. All inputs and the expected values are public, and what the submission made of
them it made without knowing anything else: so all of it may be shown. It never changes a mark.
"""

import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from grader import languages, searching, unfolding, worked
from grader.agreement import numbers_in
from grader.checking import judge_case, outcome_run, public_group
from grader.dataset import CallData, CaseData, args_of, build_case, seeded_by
from grader.declared import Args
from grader.diagnosis import Diagnosis, Example
from grader.errors import AuthorError, SandboxError
from grader.exam import Exam, six_digits
from grader.explanation import Trajectory
from grader.jsonable import plain
from grader.jsonable import shown as shown_as_json
from grader.judge import in_the_forms_of, plan_of
from grader.known import Program
from grader.outcome import CaseRun
from grader.result import SubmissionResult
from grader.runner import Session
from grader.sandbox.box import Box
from grader.spec import Grows, Holds, Raises, Relates
from grader.submission import Submission
from grader.verdict import Verdict

SECONDS = 1.0
"""What a search may take, and again its confirmation, by the clock and in CPU time."""

_A_CALL_S = 0.2

_MOST_KEPT = 200
"""Examples whose steps are kept."""

_WORTH_EXPLAINING = (Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR)


@dataclass(frozen=True, slots=True)
class Found:
    """The input's arguments (encoded), and what is said of it."""

    payload: bytes
    diagnosis: Diagnosis


def is_wanted(result: SubmissionResult) -> bool:
    """Tell whether a marked submission gives wrong values, which an example would show."""
    return result.verdict in _WORTH_EXPLAINING


def explains(diagnosis: Sequence[Diagnosis]) -> str:
    """Return the id of the known program that explains a submission; "" where none does."""
    named = (entry.id for entry in diagnosis if entry.kind in ("misconception", "mutant"))
    return next(named, "")


def find(
    submission: Submission, exam: Exam, box: Box, diagnosis: Sequence[Diagnosis] = ()
) -> Found | None:
    """Return the smallest failing input that was found; None without a space or a failure."""
    return Finder(exam).find(submission, box, explains(diagnosis))


class Finder:
    """Finds examples for the submissions to one exam; what is found for known programs is kept."""

    def __init__(self, exam: Exam) -> None:
        self._exam = exam
        self._public = None if exam.challenge.space is None else _Public(exam)
        self._known: dict[str, Args | None] = {}

    def find(self, submission: Submission, box: Box, known: str = "") -> Found | None:
        """Return an example for a submission that `known` (an id, or "") explains."""
        if self._public is None:
            return None
        # Before the submission's own time begins: what is found here serves many.
        args = self._of_known(known, self._public) if known else None
        trial = _Trial(submission, self._exam, box, self._public)
        try:
            if args is not None and (found := trial.fails_alone(args)) is not None:
                return found
            args = searching.find(self._public.space, trial.fails)
            return None if args is None else trial.fails_alone(args)
        except (SandboxError, AuthorError):
            # A box or a space that breaks here costs an explanation, and no mark.
            return None
        finally:
            trial.end()

    def _of_known(self, known: str, public: "_Public") -> Args | None:
        if known not in self._known:
            program = self._exam.known.by_id(known)
            try:
                self._known[known] = None if program is None else self._search(program, public)
            except AuthorError:
                self._known[known] = None  # the submission's own search may fare better
        return self._known[known]

    def _search(self, program: Program, public: "_Public") -> Args | None:
        challenge = self._exam.challenge

        def differs(args: Args) -> bool:
            case = public.case(args)
            if case is None:
                return False
            calls: list[CaseData | CallData] = [case, *case.more]
            runs = [outcome_run(self._exam.known.run(program, call)) for call in calls]
            return judge_case(challenge, public.group, case, runs).verdict in _WORTH_EXPLAINING

        return searching.find(public.space, differs)


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


class _Unfolded(NamedTuple):
    """The steps of an example, and the cases with as many steps as `at` says."""

    own: int
    at: list[int]
    cases: list[CaseData]


class _Public:
    """The public inputs of an exam: which may be used, and what may be shown."""

    def __init__(self, exam: Exam) -> None:
        space = exam.challenge.space
        if space is None:
            raise AuthorError(f"{exam.challenge.id} has no public input space")
        self.space = space
        self.group = public_group(space)
        self._challenge = exam.challenge
        self._unfolded: dict[bytes, _Unfolded] = {}
        self._places = [exam.challenge.parameters.index(name) for name in space.unfolds]
        self._numbers = exam.hidden_numbers
        self._sizes = {text.lstrip("-") for text in self._numbers}
        self._hidden = {
            _decoded_text(exam.payloads[call])
            for question in exam.questions
            if not question.is_visible and not isinstance(question.group.check, Grows)
            for call in question.calls
        }

    def case(self, args: Args) -> CaseData | None:
        """Return a case of an input; None where it may not be shown, or says nothing."""
        case = self._usable(args)
        coincides = case is not None and any(
            six_digits(number) in self._numbers for number in numbers_in((args, case.desired))
        )
        return None if coincides else case

    def _usable(self, args: Args) -> CaseData | None:
        """Return a case of an input; None where it is hidden, or the reference says nothing."""
        try:
            case = build_case(self._challenge, self.group, "public", args)
        except AuthorError:
            return None
        hidden = not self._hidden.isdisjoint(map(_decoded_text, case.payloads))
        return case if case.finite and not hidden else None

    def unfolded(self, example: CaseData) -> "_Unfolded":
        """Return the example with fewer and more steps, as far as each may be used.

        It is kept: where a class makes one mistake, they all share one example.
        """
        if example.payload not in self._unfolded:
            if len(self._unfolded) >= _MOST_KEPT:
                self._unfolded.clear()
            self._unfolded[example.payload] = self._unfold(example)
        return self._unfolded[example.payload]

    def _unfold(self, example: CaseData) -> "_Unfolded":
        args = args_of(example)
        found = _Unfolded(unfolding.steps_in(args, self._places) or 0, [], [])
        for at, more in unfolding.calls(args, self._places):
            case = self._usable(more)
            if case is not None:
                found.at.append(at)
                found.cases.append(case)
            elif found.at:
                break  # a path has no gap
        return found

    def tells(self, text: str) -> bool:
        """Tell whether a text holds a number of a hidden case, be it by coincidence."""
        # Without signs: a hyphen before a number would be taken for one.
        found = {six_digits(abs(float(word))) for word in _NUMBER.findall(text)}
        return not found.isdisjoint(self._sizes)


class _Trial:
    """One submission on inputs of the public space."""

    def __init__(self, submission: Submission, exam: Exam, box: Box, public: _Public) -> None:
        self._challenge = exam.challenge
        self._language = languages.by_name(submission.language)
        self._public = public
        limits = exam.challenge.limits.model_copy(
            update={"cpu_case_s": _A_CALL_S, "cpu_s": SECONDS, "wall_s": SECONDS}
        )
        # The same time for every language: it bounds the search, and decides no mark.
        self._plan = replace(plan_of(submission, exam, limits), limits=limits)
        self._box = box
        self._session = Session(self._plan, box, time.monotonic())

    def fails(self, args: Args) -> bool:
        """Tell whether the submission fails on `args`, in as many runs as decide."""
        case = self._public.case(args)
        if case is None:
            return False
        return all(self._rejects(case, self._ask(case)) for _ in range(self._challenge.runs))

    def fails_alone(self, args: Args) -> Found | None:
        """Try an input as the first of a fresh process; say what happened if it fails."""
        self.end()
        self._session = Session(self._plan, self._box, time.monotonic())
        case = self._public.case(args)
        if case is None:
            return None
        every = [self._ask(case) for _ in range(self._challenge.runs)]
        if not all(self._rejects(case, runs) for runs in every):
            return None
        told = self._told(case, every[0])
        return None if told is None else Found(case.payload, told)

    def end(self) -> None:
        self._session.end_process()

    def _ask(self, case: CaseData) -> tuple[CaseRun, ...]:
        runs = [self._session.case(payload) for payload in case.payloads]
        calls: list[CaseData | CallData] = [case, *case.more]
        forms = [call.desired for call in calls]
        return in_the_forms_of(forms, runs, self._language.name)

    def _rejects(self, case: CaseData, runs: tuple[CaseRun, ...]) -> bool:
        found = judge_case(self._challenge, self._public.group, case, runs)
        return found.verdict in _WORTH_EXPLAINING

    def _told(self, case: CaseData, runs: tuple[CaseRun, ...]) -> Diagnosis | None:
        """Return what is said of an input; None where that would hold a hidden number."""
        check = self._public.group.check
        found = judge_case(self._challenge, self._public.group, case, runs)
        said = found.message and self._language.said(found.message)
        is_outcome = isinstance(check, Holds | Raises | Relates)
        message = said if is_outcome or runs[0].verdict is not None else None
        if self._public.tells(f"{shown_as_json(runs[0].value)} {message}"):
            return None
        example = Example(
            inputs=dict(zip(self._challenge.parameters, args_of(case), strict=True)),
            expected=case.desired,
            actual=runs[0].value,
            message=message,
            steps=self._steps(case),
            trajectory=self._trajectory(case, runs[0]),
        )
        return Diagnosis(
            "counterexample",
            "counterexample",
            "A small input on which it fails",
            "It is none of the hidden ones. Work it out on paper and compare each step with "
            "what your code does.",
            example=example,
        )

    def _steps(self, case: CaseData) -> tuple[str, ...]:
        shows = self._public.space.shows
        if not shows:
            return ()
        with seeded_by(case.payload):
            lines = worked.steps(self._challenge.reference, args_of(case), shows)
        return () if self._public.tells(" ".join(lines)) else lines

    def _trajectory(self, example: CaseData, known: CaseRun) -> Trajectory | None:
        """Return how both answers unfold, as far as time allows.

        It goes on in the example's own process, which has seen public inputs alone.
        """
        unfolded = self._public.unfolded(example)
        actual: list[Any] = []
        for case in unfolded.cases:
            run = known if case.payload == example.payload else self._ask(case)[0]
            if run.verdict is Verdict.TIME_LIMIT_EXCEEDED:
                break
            actual.append(run.value)
        return unfolding.trajectory(
            along=self._public.space.unfolds,
            own=unfolded.own,
            at=unfolded.at[: len(actual)],
            expected=[case.desired for case in unfolded.cases[: len(actual)]],
            actual=actual,
        )


def explained(result: SubmissionResult, found: Found | None) -> SubmissionResult:
    """Return the result with the example as its last explanation."""
    if found is None:
        return result
    return replace(result, diagnosis=(*result.diagnosis, found.diagnosis))
