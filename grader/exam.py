"""A challenge with its data, as one judge uses it for many submissions.

Everything that depends on the challenge and the secret alone is worked out here, once: which
cases in which order, what known wrong programs answer, what reports show as inputs. A
question is one case; it is asked with one call, or with as many as its group's check needs.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from grader.agreement import numbers_in
from grader.catalog import Loaded
from grader.dataset import CallData, CaseData, Dataset, args_of
from grader.spec import Challenge, Group, Grows, Holds, Limits, Matches, Relates, Tolerance
from grader.verdict import OPENING, Visibility

if TYPE_CHECKING:
    from grader.known import Known


@dataclass(frozen=True, slots=True)
class Question:
    """One case with the group that it belongs to, and the indices of its calls."""

    group: Group
    data: CaseData
    calls: tuple[int, ...]

    @property
    def is_visible(self) -> bool:
        return self.group.visibility is Visibility.VISIBLE


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the exam: the question it belongs to, its data, when two answers are the same.

    `decides` is false where many answers pass (the reference overflows, time is what counts).
    """

    question: int
    data: CaseData | CallData
    tolerance: Tolerance
    decides: bool


class Exam:
    """`questions` are the cases in the spec's order; `only_visible` leaves the others out."""

    def __init__(
        self, loaded: Loaded, dataset: Dataset, secret: bytes, *, only_visible: bool = False
    ) -> None:
        self.loaded = loaded
        self.dataset = dataset
        self.secret = secret
        self.questions: tuple[Question, ...] = tuple(
            _questions(loaded.challenge, dataset, only_visible=only_visible)
        )
        self.calls: tuple[Call, ...] = tuple(
            call
            for index, question in enumerate(self.questions)
            for call in _calls(index, question, loaded.challenge)
        )

    @property
    def challenge(self) -> Challenge:
        return self.loaded.challenge

    @cached_property
    def groups(self) -> tuple[tuple[Group, tuple[int, ...]], ...]:
        """Each group that is asked, with the indices of its questions."""
        members: dict[str, list[int]] = {}
        for index, question in enumerate(self.questions):
            members.setdefault(question.group.name, []).append(index)
        return tuple(
            (group, tuple(members[group.name]))
            for group in self.challenge.groups
            if group.name in members
        )

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The order to call in: whatever a student sees runs before any hidden input is known.

        What opens later runs later: nothing that is shown may hold what is to be seen after it.
        """

        def opens(index: int) -> int:
            return OPENING.index(self.questions[self.calls[index].question].group.visibility)

        return tuple(sorted(range(len(self.calls)), key=opens))

    @cached_property
    def most_attempts(self) -> int:
        """How many runs have to fail before a case of any group is wrong."""
        return max(attempts(group, self.challenge) for group, _ in self.groups)

    @cached_property
    def payloads(self) -> tuple[bytes, ...]:
        return tuple(call.data.payload for call in self.calls)

    @cached_property
    def inputs_digest(self) -> str:
        """Hex HMAC of the questions' inputs under the secret; it confirms no guess about them."""
        total = hmac.new(self.secret, b"inputs", hashlib.sha256)
        for payload in self.payloads:
            total.update(hashlib.sha256(payload).digest())
        return total.hexdigest()

    @cached_property
    def settings(self) -> str:
        """What the challenge says about how to run a submission, in one canonical text.

        With the order, where it is not the spec's: what ran when more was hidden before it must
        not be taken for what may be shown.
        """
        order = "" if self.order == tuple(range(len(self.calls))) else json.dumps(self.order)
        return order + self.challenge.model_dump_json(
            include={
                *("id", "limits", "packages", "threads", "scratch_mb", "isolation", "runs"),
                "javascript_engine",
            }
        )

    @cached_property
    def inputs(self) -> tuple[dict[str, Any], ...]:
        """Every question's first arguments by parameter, for reports; nobody is called with it."""
        return tuple(self._inputs_of(question) for question in self.questions)

    def _inputs_of(self, question: Question) -> dict[str, Any]:
        parameters = self.challenge.parameters
        if isinstance(question.group.check, Grows):
            return dict.fromkeys(parameters, f"made for the {question.data.name}")
        return dict(zip(parameters, args_of(question.data), strict=True))

    def _is_growth(self, call: Call) -> bool:
        return isinstance(self.questions[call.question].group.check, Grows)

    def limits(self, cpu_factor: float) -> Limits:
        """Return the challenge's limits for a language that takes `cpu_factor` times as long."""
        return scaled(self.challenge.limits, cpu_factor)

    @cached_property
    def hidden_numbers(self) -> frozenset[str]:
        """Every number of a hidden case to six digits, if it has enough of them to be known by.

        Nothing that a student is shown may hold one, not even by coincidence.
        """
        numbers = (
            number
            for call in self.calls
            # What a growth is measured on is made by rule, and far too much to tell anything.
            if not self.questions[call.question].is_visible and not self._is_growth(call)
            for number in numbers_in((args_of(call.data), call.data.desired))
        )
        return frozenset(text for text in map(six_digits, numbers) if is_telling(text))

    @cached_property
    def known(self) -> "Known":
        """What misconceptions and mutants answer to the calls; worked out when it is asked for."""
        from grader.known import Known  # most submissions never need it

        return Known(self.challenge, [call.data for call in self.calls])


def _questions(challenge: Challenge, dataset: Dataset, *, only_visible: bool) -> list[Question]:
    questions: list[Question] = []
    count = 0
    for group, data in zip(challenge.groups, dataset.groups, strict=True):
        if only_visible and group.visibility is not Visibility.VISIBLE:
            continue
        for case in data.cases:
            calls = tuple(range(count, count + len(case.payloads)))
            questions.append(Question(group, case, calls))
            count += len(calls)
    return questions


def _calls(index: int, question: Question, challenge: Challenge) -> list[Call]:
    tolerance = tolerance_of(question.group, challenge)
    data: list[CaseData | CallData] = [question.data, *question.data.more]
    decides = question.data.decides
    return [Call(index, each, tolerance, decides and each.finite) for each in data]


_TELLING_DIGITS = 4


def six_digits(number: float) -> str:
    return f"{number:.6g}"


def is_telling(text: str) -> bool:
    """Tell whether a number has enough digits to be known by.

    >>> is_telling("-1.125"), is_telling("0.25"), is_telling("3e-05"), is_telling("1000")
    (True, False, False, False)
    """
    digits = text.partition("e")[0].replace(".", "").lstrip("-0").rstrip("0")
    return len(digits) >= _TELLING_DIGITS


def scaled(limits: Limits, factor: float) -> Limits:
    """Return limits with `factor` times the time."""
    if factor == 1.0:
        return limits
    times = {name: getattr(limits, name) * factor for name in ("cpu_case_s", "cpu_s", "wall_s")}
    return limits.model_copy(update=times)


def attempts(group: Group, challenge: Challenge) -> int:
    """Return how many runs have to fail. A growth is measured, so that it takes two at least."""
    return max(challenge.runs, 2 if isinstance(group.check, Grows) else 1)


def tolerance_of(group: Group, challenge: Challenge) -> Tolerance:
    """Return within which tolerance two answers in a group count as the same."""
    match group.check:
        case Matches(tolerance=own) | Relates(tolerance=own):
            return own or challenge.tolerance
        case Holds(near=near):
            return near
        case _:
            return challenge.tolerance
