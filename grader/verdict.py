"""Verdicts and visibilities: the words in which an outcome is said. Pure values."""

from collections.abc import Collection, Iterable
from enum import StrEnum


class Verdict(StrEnum):
    """The outcome of a case, a group or a submission, worst first (see `worst`)."""

    JUDGE_ERROR = "judge_error"
    INVALID_SUBMISSION = "invalid_submission"
    TIME_LIMIT_EXCEEDED = "time_limit_exceeded"
    MEMORY_LIMIT_EXCEEDED = "memory_limit_exceeded"
    OUTPUT_LIMIT_EXCEEDED = "output_limit_exceeded"
    WRONG_ANSWER = "wrong_answer"
    RUNTIME_ERROR = "runtime_error"
    ACCEPTED = "accepted"
    SKIPPED = "skipped"


class Visibility(StrEnum):
    """When a student may see a group's inputs and values, in Gradescope's words."""

    VISIBLE = "visible"
    HIDDEN = "hidden"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"

    def is_open(self, opened: Collection["Visibility"]) -> bool:
        """Tell whether a student may see it when `opened` are; what is hidden never is."""
        return self is not Visibility.HIDDEN and self in opened


ALWAYS_OPEN = frozenset({Visibility.VISIBLE})
"""What a student may see at any time."""

OPENING = (
    Visibility.VISIBLE,
    Visibility.AFTER_DUE_DATE,
    Visibility.AFTER_PUBLISHED,
    Visibility.HIDDEN,
)
"""Visibilities, the one that opens first first, the one that never does last."""

_SEVERITY = {verdict: rank for rank, verdict in enumerate(Verdict)}


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the worst verdict; `SKIPPED` only when everything was skipped or nothing was judged.

    >>> str(worst([Verdict.ACCEPTED, Verdict.RUNTIME_ERROR, Verdict.WRONG_ANSWER]))
    'wrong_answer'
    """
    return min(verdicts, key=_SEVERITY.__getitem__, default=Verdict.SKIPPED)
