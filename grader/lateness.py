"""How late a hand-in is, and what that costs: the late policy, and the clock it reads. Pure.

A day ends when the clock in the assignment's zone shows the due time again, whatever was done
to the clocks meanwhile; an hour is 60 minutes. Times are compared in UTC: Python compares two
times of one zone by what the clock shows, which goes back in autumn.

Never reads a clock, and knows no mark: it tells a share and the reason for it.
"""

import itertools
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Annotated, Any, Literal, Self

from pydantic import Field, PlainValidator, model_validator

from grader.declared import Written

_PERCENTAGE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)[ ]?%", re.ASCII)


def _share(value: Any) -> Fraction:
    found = _PERCENTAGE.fullmatch(value) if isinstance(value, str) else None
    if found is None or Fraction(found[1]) > 100:
        raise ValueError(f'expected a percentage from "0%" to "100%", got {value!r}')
    return Fraction(found[1]) / 100


Share = Annotated[Fraction, PlainValidator(_share)]
"""A part of a whole, written as a percentage: "12.5%"."""


class LateStep(Written):
    """What a hand-in loses that comes more than `after_hours` after the due time."""

    after_hours: float = Field(ge=0, le=24 * 366, allow_inf_nan=False)
    deduct: Share


class Late(Written):
    """What lateness costs.

    `deduct` is taken for each day or hour, `of` the points that the challenge is worth ("max")
    or of what was scored ("score"), and at most `cap` of the same in all. A day or hour counts
    once it has begun, or with `count = "full"` once it is over. With "steps" the last of `steps`
    that was passed applies alone.

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


def is_cut_off(late: Late, due: datetime, handed_in: datetime) -> bool:
    """Tell whether a hand-in comes so late that it does not count."""
    if late.cutoff_days is None or in_grace(late, due, handed_in):
        return False
    return utc(handed_in) > end_of_day(due, late.cutoff_days)


def end_of_day(due: datetime, days: int) -> datetime:
    """Return when the clock shows the due time again, so many days later."""
    return later_reading(due + timedelta(days=days)) if days else utc(due)


def in_grace(late: Late, due: datetime, handed_in: datetime) -> bool:
    """Tell whether a hand-in is on time, or late by no more than is forgiven."""
    return utc(handed_in) <= utc(due) + timedelta(minutes=late.grace_minutes)


def share_lost(late: Late, due: datetime, handed_in: datetime) -> tuple[Fraction, str]:
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


def days(count: int) -> str:
    """Return "1 day", "2 days"."""
    return f"{count} day{'' if count == 1 else 's'}"


def clock(moment: datetime) -> str:
    """Return what the clock in the time's zone shows."""
    return f"{moment:%Y-%m-%d %H:%M}"


def duration(lateness: timedelta) -> str:
    """Return a time span in its two largest units, rounded up to a minute."""
    minutes = -(-lateness // timedelta(minutes=1))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {rest} min" if hours else f"{rest} min"


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.9g}%"
