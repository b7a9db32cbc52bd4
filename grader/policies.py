"""From the scores of a student's attempts to a mark, with every step that led there. Pure.

The order of the steps is fixed (`ORDER`): an attempt's score is scaled to what the challenge is
worth, reduced for lateness, adjusted by hand, then the attempts are made one mark, which is
weighted; the lowest challenges are dropped and the rest is added up. Numbers are fractions, read
from a float as it is written (0.1 is a tenth), and rounded to `scoring.DIGITS` only by
`Mark.score`.

What always holds: a reduction never raises a mark nor takes it below 0, a later hand-in is never
worth more, an extension never hurts, who is on time loses nothing, and the last step's `after`
is the mark. An adjustment by hand alone may lift a mark over what there is to gain. A judge
error stays None through every step: it is never a mark.

Never reads a file, a clock or a roster: what it is given is what it judges.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Literal, Self

from pydantic import Field, model_validator

from grader import lateness
from grader.declared import Written
from grader.lateness import Late, utc
from grader.scoring import DIGITS

ORDER = ("score", "points", "late", "adjust", "attempts", "weight", "drop", "total")
"""The words of `Step.what`, in the order in which a mark comes about."""


NO_SCORE = "the judge failed: no score"


class Attempts(Written):
    """Which attempts at a challenge count: the first `max`; and which of these is the mark."""

    max: int | None = Field(None, ge=1, le=1000)
    keep: Literal["latest", "best", "average"] = "latest"


class Drop(Written):
    """Which challenges count: all but the `lowest` so many, or the `best` so many."""

    lowest: int | None = Field(None, ge=1)
    best: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _says_one(self) -> Self:
        if (self.lowest is None) == (self.best is None):
            raise ValueError("give `lowest` (how many are dropped) or `best` (how many count)")
        return self

    def kept_of(self, count: int) -> int:
        """Return how many of `count` challenges count."""
        return self.best if self.best is not None else count - (self.lowest or 0)


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way to a mark: `what` (of `ORDER`), what it made of the mark, and why.

    `before` is None at the start and wherever a judge error leaves no mark. `about` names the
    challenge and the attempt, as far as the step is about one.
    """

    what: str
    before: Fraction | None
    after: Fraction | None
    why: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark with how it came about; None where the judge failed, which is no mark."""

    value: Fraction | None
    steps: tuple[Step, ...]

    @property
    def score(self) -> float | None:
        """Return the mark as it is published."""
        return None if self.value is None else round(float(self.value), DIGITS)


@dataclass(frozen=True, slots=True)
class ByHand:
    """Points that somebody gave or took, in the points of the assignment, and why."""

    points: float
    reason: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One hand-in: its score as the judge gave it, when it came, and what was changed by hand.

    The score is None where there is none, which `why` explains: by default a judge error.
    """

    score: float | None
    handed_in: datetime
    by_hand: Sequence[ByHand] = ()
    why: str = NO_SCORE


@dataclass(frozen=True, slots=True)
class Worth:
    """What a challenge gives at most: by its own spec, and in this assignment."""

    max_score: Fraction
    points: Fraction


def exact(number: float) -> Fraction:
    """Return the number that is written, not the binary one beside it.

    >>> exact(0.1) + exact(0.2)
    Fraction(3, 10)
    """
    return Fraction(repr(number))


def challenge_mark(
    attempts: Sequence[Attempt],
    worth: Worth,
    late: Late,
    policy: Attempts,
    due: datetime,
    extended: datetime | None = None,
) -> Mark:
    """Return the mark of one challenge, out of `worth.points`.

    `due` is in the assignment's zone, `extended` the student's own due time. An attempt that
    is worse may come to count by an extension, where the latest is kept; so that it never hurts,
    the higher of both marks is given.
    """
    usual = _mark_by(attempts, worth, late, policy, due, "")
    if extended is None or utc(extended) <= utc(due):
        return usual
    own = _mark_by(attempts, worth, late, policy, extended.astimezone(due.tzinfo), "own ")
    if own.value is None or usual.value is None or own.value >= usual.value:
        return own
    why = f"by the own due time, {lateness.clock(extended)}, it would be {_number(own.value)}"
    return Mark(usual.value, (*usual.steps, Step("attempts", own.value, usual.value, why)))


def _mark_by(
    attempts: Sequence[Attempt],
    worth: Worth,
    late: Late,
    policy: Attempts,
    due: datetime,
    whose: str,
) -> Mark:
    in_order = sorted(attempts, key=lambda attempt: utc(attempt.handed_in))
    marks: list[Mark] = []
    missed: list[Step] = []
    for number, attempt in enumerate(in_order[: policy.max], start=1):
        full = full_mark(attempt.score, worth, attempt.why)
        mark = reduced(full, late, worth.points, due, attempt.handed_in, whose)
        mark = labelled(adjusted(mark, attempt.by_hand), f"attempt {number}")
        if lateness.is_cut_off(late, due, attempt.handed_in):
            missed.extend(mark.steps)
        else:
            marks.append(mark)
    chosen = one_of(marks, policy, beyond=len(in_order[policy.max :]) if policy.max else 0)
    return Mark(chosen.value, (*missed, *chosen.steps))


def full_mark(score: float | None, worth: Worth, why_none: str = NO_SCORE) -> Mark:
    """Return a score as it is before any policy: scaled to what the challenge is worth."""
    value = None if score is None else exact(score)
    own = f"of {_number(worth.max_score)}"
    scored = Step("score", None, value, own if value is not None else why_none)
    if worth.points == worth.max_score:
        return Mark(value, (scored,))
    scaled = None if value is None else value * worth.points / worth.max_score
    why = f"{own} become {_number(worth.points)} in this assignment"
    return Mark(scaled, (scored, Step("points", value, scaled, why)))


def reduced(
    mark: Mark, late: Late, points: Fraction, due: datetime, handed_in: datetime, whose: str = ""
) -> Mark:
    """Return the mark after lateness; nothing changes, and no step is added, where it is on time.

    A hand-in within the grace, or accepted late at no cost, gets a step that says so.
    """
    by = utc(handed_in) - utc(due)
    if by <= timedelta(0):
        return _on_time(mark, whose, due)
    said = f"{lateness.duration(by)} after the {whose}due time, {lateness.clock(due)}"
    if lateness.in_grace(late, due, handed_in):
        after, why = mark.value, f"{said}: within the grace of {late.grace_minutes} min"
    elif lateness.is_cut_off(late, due, handed_in):
        after = None if mark.value is None else Fraction(0)
        last = lateness.days(late.cutoff_days or 0)
        why = f"{said}: nothing counts that is more than {last} late"
    else:
        share, because = lateness.share_lost(late, due, handed_in)
        base = points if late.of == "max" else mark.value
        after = (
            None
            if mark.value is None or base is None
            else max(Fraction(0), mark.value - share * base)
        )
        why = f"{said}: {because}"
    return Mark(after, (*mark.steps, Step("late", mark.value, after, why)))


def adjusted(mark: Mark, by_hand: Sequence[ByHand]) -> Mark:
    """Return the mark with what was given or taken by hand; it never falls below 0.

    Where the judge failed there is no mark that could be adjusted.
    """
    for each in by_hand:
        before = mark.value
        after = None if before is None else max(Fraction(0), before + exact(each.points))
        step = Step("adjust", before, after, f"{each.points:+.15g} by hand: {each.reason}")
        mark = Mark(after, (*mark.steps, step))
    return mark


def one_of(marks: Sequence[Mark], policy: Attempts, beyond: int = 0) -> Mark:
    """Make one mark of those of the attempts that count, in the order of their hand-in.

    `beyond` attempts more were handed in than count. The best, or the average, is known only
    when all are.
    """
    if not marks:
        why = "nothing was handed in that counts"
        return Mark(Fraction(0), (Step("attempts", None, Fraction(0), why),))
    steps = tuple(step for mark in marks for step in mark.steps)
    if len(marks) == 1 and not beyond:
        return Mark(marks[0].value, steps)
    latest = marks[-1].value
    known = [mark.value for mark in marks if mark.value is not None]
    after: Fraction | None
    if policy.keep == "latest":
        after = latest
    elif len(known) < len(marks):
        after = None
    else:
        after = max(known) if policy.keep == "best" else sum(known, Fraction(0)) / len(known)
    why = f"the {policy.keep} of {len(marks)} that count"
    if beyond:
        why += f"; {beyond} more came after the {policy.max} that are allowed"
    return Mark(after, (*steps, Step("attempts", latest, after, why)))


def weighted(mark: Mark, weight: Fraction) -> Mark:
    """Return the mark times the challenge's weight."""
    if weight == 1:
        return mark
    after = None if mark.value is None else mark.value * weight
    return Mark(after, (*mark.steps, Step("weight", mark.value, after, f"{_number(weight)} times")))


def total(marks: Mapping[str, Mark], drop: Drop | None = None) -> Mark:
    """Add up the challenges' weighted marks, without the lowest where `drop` says so.

    The challenges must be worth the same where some are dropped. Of equal ones the later is
    dropped. While one has no mark, there is no total, and nothing is dropped.
    """
    labelled_marks = {name: labelled(mark, name) for name, mark in marks.items()}
    steps = tuple(step for mark in labelled_marks.values() for step in mark.steps)
    known = {name: mark.value for name, mark in marks.items() if mark.value is not None}
    if len(known) < len(marks):
        missing = ", ".join(name for name in marks if name not in known)
        return Mark(None, (*steps, Step("total", None, None, f"no mark yet for {missing}")))
    dropped = _dropped(known, drop)
    why_dropped = "" if drop is None else f"the best {drop.kept_of(len(known))} of {len(known)}"
    for name in dropped:
        step = Step("drop", known[name], Fraction(0), f"{why_dropped} count", name)
        steps = (*steps, step)
    value = sum((known[name] for name in known if name not in dropped), Fraction(0))
    count = len(known) - len(dropped)
    why = f"sum of {count} challenge{'' if count == 1 else 's'}"
    return Mark(value, (*steps, Step("total", sum(known.values(), Fraction(0)), value, why)))


def labelled(mark: Mark, about: str) -> Mark:
    """Return the mark with steps that say what they are about."""
    steps = (
        replace(step, about=f"{about}, {step.about}" if step.about else about)
        for step in mark.steps
    )
    return Mark(mark.value, tuple(steps))


def lines(mark: Mark) -> list[str]:
    """Return the steps as lines of text, the mark last.

    >>> lines(full_mark(7.5, Worth(Fraction(10), Fraction(20))))
    ['score 7.5: of 10', 'points 7.5 -> 15: of 10 become 20 in this assignment']
    """
    return [_line(step) for step in mark.steps]


def _line(step: Step) -> str:
    about = f"{step.about}: " if step.about else ""
    after = _shown(step.after)
    change = after if step.before is None else f"{_shown(step.before)} -> {after}"
    return f"{about}{step.what} {change}: {step.why}"


def _dropped(known: Mapping[str, Fraction], drop: Drop | None) -> list[str]:
    if drop is None:
        return []
    highest_first = sorted(known, key=lambda name: -known[name])
    return [name for name in known if name in highest_first[drop.kept_of(len(known)) :]]


def _on_time(mark: Mark, whose: str, due: datetime) -> Mark:
    if not whose:
        return mark
    why = f"on time by the {whose}due time, {lateness.clock(due)}"
    return Mark(mark.value, (*mark.steps, Step("late", mark.value, mark.value, why)))


def _shown(value: Fraction | None) -> str:
    return "none" if value is None else _number(value)


def _number(value: Fraction) -> str:
    return f"{round(float(value), DIGITS):.15g}"
