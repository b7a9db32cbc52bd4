"""What a push asks of a platform, as types: no network, no platform's rules."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple, Protocol


class State(StrEnum):
    """What became of one grade."""

    SENT = "sent"  # and read back
    UNCHANGED = "unchanged"  # the platform had it
    WOULD_SEND = "would send"  # a dry run
    REFUSED = "refused"  # by the platform; sending it again would not help
    UNKNOWN = "unknown"  # the platform has nobody with this key
    SKIPPED = "skipped"  # no score to send
    FAILED = "failed"  # not sent, or not there when it was read back: try again


class Standing(NamedTuple):
    """What a platform has for somebody: the score in its own points, None without one.

    `comment` is None where the platform does not tell; where it would, and has none, it is "".
    """

    score: Fraction | None
    maximum: Fraction | None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One grade to send. `user` is the platform's id; `score` is in points of `maximum`.

    `comment` is plain text, and always the whole of it: a platform that forgets the comment that
    is not sent again gets it each time. `comment_known` tells that the platform has it already, by
    the ledger or as it was read: a platform that adds whatever comment it is sent leaves it out.
    `in_doubt` tells that it has been sent before and nobody heard what became of it: a platform
    that works on what it is sent later may have it still to do.
    `sent_at` is the time to be claimed for it, in UTC: later than that of anything sent before for
    this user, and never in the future.
    """

    user: str
    key: str
    score: Fraction
    maximum: Fraction
    comment: str
    sent_at: datetime
    comment_known: bool = False
    in_doubt: bool = False
    submitted_at: datetime | None = None


class Answer(NamedTuple):
    """How the platform answered for one user, and why.

    `State.SENT`: it took the grade; `REFUSED` or `UNKNOWN`: it never will; `FAILED`: it did not,
    or nobody knows (an answer was lost), so what it has is read before anything is sent again.
    """

    user: str
    state: State
    why: str = ""


_NUMBERS = {
    "brightspace": "Brightspace's: numbers that stand in its downloads alone",
    "canvas": "Canvas': its own ids, which no other platform has",
    "moodle": "Moodle's: participants' numbers, which are none of their users' own",
}
"""By platform: what its downloads call students by, where that is somebody else elsewhere."""


def foreign(platform: str, own: str = "") -> str:
    """Return why a platform's keys are none in any field of another, "" where they may be.

    `own` is the platform whose field is meant, if its own ids stand there.
    """
    if platform == own or platform not in _NUMBERS:
        return ""
    return (
        f"the run's keys are from a download of {_NUMBERS[platform]}; expected a mapping file in "
        'push.toml that says whose they are (users = "users.csv")'
    )


class Target(Protocol):
    """One gradebook column. Any method may raise `UsageError`: then nothing more can be done."""

    @property
    def place(self) -> str:
        """What names the column in the ledger: the same column, the same text."""
        ...

    @property
    def maximum(self) -> Fraction | None:
        """The column's full marks, None where it has none of its own."""
        ...

    @property
    def at_once(self) -> int:
        """How many changes `send` is to get at once: those in doubt when a push is killed."""
        ...

    def unfit(self, platform: str) -> str:
        """Return why keys that an import from a platform gave are none here, "" where they may be.

        Numbers are alike: one that means another thing here would be somebody else's.
        """
        ...

    def users(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Return the platform's user for each key of the run that it knows."""
        ...

    def standings(self, users: Sequence[str]) -> Mapping[str, Standing]:
        """Return what the platform has at present; somebody may be left out who has nothing."""
        ...

    def send(self, changes: Sequence[Change]) -> Iterator[Answer]:
        """Send them and yield an answer for each, as soon as it is known."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one grade of the run: what was wanted, what was there, what there is now.

    `score` and `maximum` are in the column's points, None where nothing was to be sent; `after` is
    what the platform said when it was asked again, None where nothing was sent.
    """

    key: str
    state: State
    why: str = ""
    user: str = ""
    score: Fraction | None = None
    maximum: Fraction | None = None
    before: Standing | None = None
    after: Standing | None = None
