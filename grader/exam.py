"""A challenge with its data, as one judge uses it for many submissions.

Everything that depends on the challenge and the secret alone is worked out here, once: which
cases in which order, what the misconceptions' variants answer, what reports show as inputs.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from grader.catalog import Loaded
from grader.dataset import CaseData, Dataset, args_of, variant_values
from grader.spec import Challenge, Group
from grader.verdict import Visibility


@dataclass(frozen=True, slots=True)
class Question:
    """One case with the group that it belongs to."""

    group: Group
    data: CaseData

    @property
    def is_visible(self) -> bool:
        return self.group.visibility is Visibility.VISIBLE


class Exam:
    """`questions` are the cases in the spec's order; `only_visible` leaves the others out."""

    def __init__(
        self, loaded: Loaded, dataset: Dataset, secret: bytes, *, only_visible: bool = False
    ) -> None:
        self.loaded = loaded
        self.dataset = dataset
        self.secret = secret
        self.questions: Sequence[Question] = tuple(
            question
            for question in _questions(loaded.challenge, dataset)
            if question.is_visible or not only_visible
        )
        self._kept = [
            index
            for index, question in enumerate(_questions(loaded.challenge, dataset))
            if question.is_visible or not only_visible
        ]

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
        """The order to run in: whatever a student sees runs before any hidden input is known."""
        indices = range(len(self.questions))
        return tuple(sorted(indices, key=lambda index: not self.questions[index].is_visible))

    @cached_property
    def payloads(self) -> tuple[bytes, ...]:
        return tuple(question.data.payload for question in self.questions)

    @cached_property
    def inputs_digest(self) -> str:
        """Hex HMAC of the questions' inputs under the secret; it confirms no guess about them."""
        total = hmac.new(self.secret, b"inputs", hashlib.sha256)
        for payload in self.payloads:
            total.update(hashlib.sha256(payload).digest())
        return total.hexdigest()

    @cached_property
    def settings(self) -> str:
        """What the challenge says about how to run a submission, in one canonical text."""
        return self.challenge.model_dump_json(
            include={"id", "limits", "packages", "threads", "scratch_mb", "isolation"}
        )

    @cached_property
    def inputs(self) -> tuple[dict[str, Any], ...]:
        """Every question's arguments by parameter, for reports; nobody is called with these."""
        parameters = self.challenge.parameters
        return tuple(
            dict(zip(parameters, args_of(question.data), strict=True))
            for question in self.questions
        )

    @cached_property
    def variants(self) -> Mapping[str, Sequence[Any]]:
        """What each misconception answers to the questions; computed when first looked up."""
        return _Selected(variant_values(self.challenge, self.dataset), self._kept)


class _Selected(Mapping[str, Sequence[Any]]):
    """The variants' answers to some of the dataset's cases, as lazy as what it selects from."""

    def __init__(self, answers: Mapping[str, Sequence[Any]], kept: Sequence[int]) -> None:
        self._answers = answers
        self._kept = kept

    def __getitem__(self, key: str) -> Sequence[Any]:
        row = self._answers[key]
        return [row[index] for index in self._kept]

    def __iter__(self) -> Any:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)


def _questions(challenge: Challenge, dataset: Dataset) -> list[Question]:
    return [
        Question(group, case)
        for group, data in zip(challenge.groups, dataset.groups, strict=True)
        for case in data.cases
    ]
