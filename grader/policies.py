"""From the scores of a student's attempts to a mark, with every step that led there. Pure.

The order of the steps is fixed (`ORDER`): an attempt's score is scaled to what the challenge is
worth, reduced for lateness, then the attempts are made one mark, which is weighted; the lowest
challenges are dropped and the rest is added up. Numbers are fractions, read from a float as it
is written (0.1 is a tenth), and rounded to `scoring.DIGITS` only by `Mark.score`.

What always holds: a reduction never raises a mark nor takes it below 0, a later hand-in is never
worth more, an extension never hurts, who is on time loses nothing, and the last step's `after`
is the mark. A judge error stays None through every step: it is never a mark.

Never reads a file, a clock or a roster: what it is given is what it judges.
"""

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, PlainValidator, model_validator

from grader.declared import Spec
from grader.scoring import DIGITS

ORDER = ("score", "points", "late", "attempts", "weight", "drop", "total")
"""The words of `Step.what`, in the order in which a mark comes about."""


_PERCENTAGE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)[ ]?%", re.ASCII)


def _share(value: Any) -> Fraction:
    found = _PERCENTAGE.fullmatch(value) if isinstance(value, str) else None
    if found is None or Fraction(found[1]) > 100:
        raise ValueError(f'expected a percentage from "0%" to "100%", got {value!r}')
    return Fraction(found[1]) / 100


Share = Annotated[Fraction, PlainValidator(_share)]
"""A part of a whole, written as a percentage: "12.5%"."""


class Written(Spec):
    """Base of what is written in TOML, which has types: a number in quotes is refused."""

    model_config = ConfigDict(strict=True)


class LateStep(Written):
    """What a hand-in loses that comes more than `after_hours` after the due time."""

    after_hours: float = Field(ge=0, le=24 * 366, allow_inf_nan=False)
    deduct: Share


class Late(Written):
    """What lateness costs.

    `deduct` is taken for each day or hour, `of` the points that the challenge is worth ("max")
    or of what was scored ("score"), and at most `cap` of the same in all. A day or hour counts
    once it has begun, or with `count = "full"` once it is over. An hour is 60 minutes; a day ends
    when the clock in the assignment's zone shows the due time again, though clocks may have been
    put on or back meanwhile. With "steps" the last of `steps` that was passed applies alone.

    Up to `grace_minutes` are not late; what comes later is late from the due time on. What comes
    more than `cutoff_days` late counts as not handed in; 0 accepts nothing late.
    """

    kind: Literal["none", "per_day", "per_hour", "steps"] = "none"
    deduct: Share | None = None
    of: Literal["max", "score"] = "max"
    cap: Share | None = None
    count: Literal["started", "full"] = "started"
    steps: Annotated[tuple[LateStep, ...], Field(strict=False)] = ()
    grace_minutes: int = Field(0, ge=0, le=7 * 24 * 60)
    cutoff_days: int | None = Field(None, ge=0, le=366)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        per_unit = self.kind in ("per_day", "per_hour")
        if per_unit != (self.deduct is not None):
            raise ValueError(f"kind {self.kind!r} {_needs(per_unit)} `deduct`")
        if (self.kind == "steps") != bool(self.steps):
            raise ValueError(f"kind {self.kind!r} {_needs(self.kind == 'steps')} `steps`")
        if self.kind == "none" and self.cap is not None:
            raise ValueError("kind 'none' deducts nothing that a `cap` could limit: remove it")
        for earlier, later in itertools.pairwise(self.steps):
            if later.after_hours <= earlier.after_hours or later.deduct < earlier.deduct:
                raise ValueError(
                    "each of `steps` must come later than the one before it and deduct no less: "
                    f"{earlier.after_hours:g} h, {_percent(earlier.deduct)} is followed by "
                    f"{later.after_hours:g} h, {_percent(later.deduct)}"
                )
        return self


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
class Attempt:
    """One hand-in: its score as the judge gave it (None with a judge error), and when it came."""

    score: float | None
    handed_in: datetime


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


def utc(moment: datetime) -> datetime:
    """Return the same moment in UTC, where times can be compared; one in no zone is refused."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} is in no time zone: give it one")
    return moment.astimezone(UTC)


def later_reading(local: datetime) -> datetime:
    """Return the moment that a clock time in a zone means; the later one where it is in doubt.

    A time that clocks show twice means the second; one that they leave out means as long after
    the change as it seems to be: both in favour of who has to be on time.

    >>> from zoneinfo import ZoneInfo
    >>> str(later_reading(datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))))
    '2026-10-25 01:30:00+00:00'
    """
    return max(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


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
    why = f"by the own due time, {_clock(extended)}, it would be {_number(own.value)}"
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
        full = full_mark(attempt.score, worth)
        mark = labelled(
            reduced(full, late, worth.points, due, attempt.handed_in, whose), f"attempt {number}"
        )
        if is_cut_off(late, due, attempt.handed_in):
            missed.extend(mark.steps)
        else:
            marks.append(mark)
    chosen = one_of(marks, policy, beyond=len(in_order[policy.max :]) if policy.max else 0)
    return Mark(chosen.value, (*missed, *chosen.steps))


def full_mark(score: float | None, worth: Worth) -> Mark:
    """Return a score as it is before any policy: scaled to what the challenge is worth."""
    value = None if score is None else exact(score)
    own = f"of {_number(worth.max_score)}"
    scored = Step("score", None, value, own if value is not None else "the judge failed: no score")
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
    lateness = utc(handed_in) - utc(due)
    if lateness <= timedelta(0):
        return _on_time(mark, whose, due)
    said = f"{_duration(lateness)} after the {whose}due time, {_clock(due)}"
    if _in_grace(late, due, handed_in):
        after, why = mark.value, f"{said}: within the grace of {late.grace_minutes} min"
    elif is_cut_off(late, due, handed_in):
        after = None if mark.value is None else Fraction(0)
        why = f"{said}: nothing counts that is more than {_days(late.cutoff_days or 0)} late"
    else:
        share, because = _deduction(late, due, handed_in)
        base = points if late.of == "max" else mark.value
        after = (
            None
            if mark.value is None or base is None
            else max(Fraction(0), mark.value - share * base)
        )
        why = f"{said}: {because}"
    return Mark(after, (*mark.steps, Step("late", mark.value, after, why)))


def is_cut_off(late: Late, due: datetime, handed_in: datetime) -> bool:
    """Tell whether a hand-in comes so late that it does not count."""
    if late.cutoff_days is None or _in_grace(late, due, handed_in):
        return False
    return utc(handed_in) > end_of_day(due, late.cutoff_days)


def end_of_day(due: datetime, days: int) -> datetime:
    """Return when the clock shows the due time again, so many days later."""
    return later_reading(due + timedelta(days=days)) if days else utc(due)


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
    why = f"on time by the {whose}due time, {_clock(due)}"
    return Mark(mark.value, (*mark.steps, Step("late", mark.value, mark.value, why)))


def _in_grace(late: Late, due: datetime, handed_in: datetime) -> bool:
    return utc(handed_in) <= utc(due) + timedelta(minutes=late.grace_minutes)


def _deduction(late: Late, due: datetime, handed_in: datetime) -> tuple[Fraction, str]:
    """Return which share of its base a late hand-in loses, and why."""
    of = "the points" if late.of == "max" else "the score"
    if late.kind == "none":
        return Fraction(0), "nothing is deducted"
    if late.kind == "steps":
        share, why = _step_passed(late.steps, utc(handed_in) - utc(due))
    else:
        by_day = late.kind == "per_day"
        count = (_days_late if by_day else _hours_late)(due, handed_in, late.count == "started")
        share = min(Fraction(1), count * (late.deduct or Fraction(0)))
        unit = "day" if by_day else "hour"
        why = (
            f"{count} {late.count} {unit}{'' if count == 1 else 's'}, "
            f"{_percent(late.deduct or Fraction(0))} of {of} for each"
        )
    if late.cap is not None and share > late.cap:
        return late.cap, f"{why}, at most {_percent(late.cap)} in all"
    return share, why if late.kind != "steps" else f"{why} of {of}"


def _step_passed(steps: Sequence[LateStep], lateness: timedelta) -> tuple[Fraction, str]:
    passed = [step for step in steps if lateness > timedelta(hours=step.after_hours)]
    if not passed:
        return Fraction(0), f"before {steps[0].after_hours:g} h, 0%"
    return passed[-1].deduct, f"after {passed[-1].after_hours:g} h, {_percent(passed[-1].deduct)}"


def _hours_late(due: datetime, handed_in: datetime, started: bool) -> int:
    whole, rest = divmod(utc(handed_in) - utc(due), timedelta(hours=1))
    return whole + (started and rest > timedelta(0))


def _days_late(due: datetime, handed_in: datetime, started: bool) -> int:
    """Count the days by the clock in the due time's zone."""
    moment = utc(handed_in)
    # A day of the clock is some hours longer or shorter than 24 h at most.
    days = max(0, (moment - utc(due)) // timedelta(days=1) - 2)
    while end_of_day(due, days + 1) <= moment:
        days += 1
    return days + (started and end_of_day(due, days) < moment)


def _needs(needed: bool) -> str:
    return "needs" if needed else "does not use"


def _days(count: int) -> str:
    return f"{count} day{'' if count == 1 else 's'}"


def _clock(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _duration(lateness: timedelta) -> str:
    """Return a time span in its two largest units, rounded up to a minute."""
    minutes = -(-lateness // timedelta(minutes=1))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def _percent(share: Fraction) -> str:
    return f"{_number(share * 100)}%"


def _shown(value: Fraction | None) -> str:
    return "none" if value is None else _number(value)


def _number(value: Fraction) -> str:
    return f"{round(float(value), DIGITS):.15g}"
