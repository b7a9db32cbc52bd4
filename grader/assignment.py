"""An `assignment.toml`: several challenges, what they are worth, when they are due.

    title = "Optimisers"
    timezone = "Europe/Berlin"
    due = 2026-11-30T23:59:00          # what the clock shows there
    published = 2026-12-07T12:00:00    # opens what is `after_published`; may be left out

    [late]                             # grader.lateness.Late
    kind = "per_day"
    deduct = "10%"
    cutoff_days = 7

    [attempts]                         # grader.policies.Attempts
    max = 5
    keep = "best"

    [drop]                             # grader.policies.Drop
    lowest = 1

    [[challenges]]
    id = "sgdWithMomentum"
    weight = 2
    points = 50                        # what its score is scaled to; by default its own maximum

A time that the zone's clocks leave out when they are put on is refused. One that they show
twice, when they are put back, is the second; written with its offset (`+02:00`) it is the one
that is meant. Extensions are in no assignment: they are the roster's.

Knows no challenge but by its id, and no student.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    model_validator,
)
from pydantic_core import ErrorDetails

from grader import lateness, policies
from grader.declared import Identifier, Written
from grader.errors import UsageError
from grader.lateness import Late, LateStep
from grader.policies import Attempts, Drop, Mark, Worth, exact
from grader.submission import printable_name
from grader.verdict import Visibility

MAX_BYTES = 1_000_000
_A_TIME = "2026-11-30T23:59:00"


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = sorted(available_timezones())
    if not known:
        raise ValueError("this machine has no time zones: pip install tzdata")
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]!r}?" if near else "such as 'Europe/Berlin' or 'UTC'"
    raise ValueError(f"expected an IANA time zone, got {name!r}; {hint}")


def _is_a_time(value: Any) -> Any:
    if not isinstance(value, datetime):
        got = repr(value) if isinstance(value, str) else str(value)
        raise ValueError(f"expected a date and a time, {_A_TIME}, without quotes; got {got}")
    if not 1980 <= value.year <= 2200:
        raise ValueError(f"the year {value.year} is a slip; write the year of the course")
    return value


def _in_zone(value: datetime, info: ValidationInfo) -> datetime:
    if "timezone" not in info.data:  # refused already, with a message of its own
        return value
    zone = ZoneInfo(info.data["timezone"])
    if value.tzinfo is None:
        return _unless_left_out(value, zone)
    local = value.astimezone(zone)
    if local.utcoffset() != value.utcoffset():
        raise ValueError(
            f"{value.isoformat()} is not an offset that {zone.key} has then; "
            f"write {local.isoformat()}, or leave the offset out"
        )
    return local


def _unless_left_out(value: datetime, zone: ZoneInfo) -> datetime:
    local = lateness.later_reading(value.replace(tzinfo=zone)).astimezone(zone)
    if local.replace(tzinfo=None, fold=0) != value:
        raise ValueError(
            f"there is no {value.isoformat()} in {zone.key}, where clocks are put on just then; "
            f"write {local.replace(tzinfo=None).isoformat()}"
        )
    return local


Moment = Annotated[datetime, BeforeValidator(_is_a_time), AfterValidator(_in_zone)]
Positive = Annotated[float, Field(gt=0, le=1e6, allow_inf_nan=False)]


class Part(Written):
    """A challenge in an assignment: its weight, and the points that its score is scaled to.

    In the total it gives its points, times its weight.
    """

    id: Identifier
    weight: Positive = 1.0
    points: Positive | None = None


class Assignment(Written):
    """What is declared about an assignment; times are in its zone."""

    title: str = Field(min_length=1, max_length=100)
    timezone: Annotated[str, AfterValidator(_zone)]
    due: Moment
    published: Moment | None = None
    late: Late = Late()
    attempts: Attempts = Attempts()
    drop: Drop | None = None
    challenges: Annotated[tuple[Part, ...], Field(strict=False, min_length=1, max_length=1000)]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        names = [part.id for part in self.challenges]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"challenge {twice[0]!r} is declared twice")
        if self.drop is not None and not 1 <= self.drop.kept_of(len(names)) < len(names):
            raise ValueError(
                f"`drop` must leave out some of the {len(names)} challenges and not all; "
                f"{self.drop.kept_of(len(names))} would count"
            )
        if self.published is not None and lateness.utc(self.published) < lateness.utc(self.due):
            raise ValueError("`published` is before `due`; it opens what nobody may see till then")
        return self


def load(path: Path) -> Assignment:
    """Read an assignment; `UsageError` names the file and everything that is wrong in it."""
    return parsed(read(path), printable_name(str(path)))


def read(path: Path) -> bytes:
    """Return what an assignment's file holds; `UsageError` if it cannot be one."""
    name = printable_name(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}; name an assignment.toml") from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"{name} is larger than {MAX_BYTES} bytes: this is no assignment.toml")
    return data


def parsed(data: bytes, name: str) -> Assignment:
    """Return the assignment that a file's bytes declare; `UsageError` says what is wrong."""
    try:
        return Assignment.model_validate(_parsed(data))
    except ValidationError as error:
        faults = "; ".join(_said(entry) for entry in error.errors())
    except ValueError as error:
        faults = str(error)
    raise UsageError(f"{name}: {faults}")


def worths(assignment: Assignment, max_scores: Mapping[str, float]) -> dict[str, Worth]:
    """Return what each challenge is worth, given the maximum that its own spec gives.

    `UsageError` where some are dropped but not all are worth the same, so that students would
    be marked out of different totals.
    """
    found = {
        part.id: Worth(
            exact(max_scores[part.id]),
            exact(max_scores[part.id] if part.points is None else part.points),
        )
        for part in assignment.challenges
    }
    if assignment.drop is not None:
        each = {
            part.id: found[part.id].points * exact(part.weight) for part in assignment.challenges
        }
        least, most = min(each, key=each.__getitem__), max(each, key=each.__getitem__)
        if each[least] != each[most]:
            raise UsageError(
                "`drop` needs challenges that are worth the same: "
                f"{most} is worth {float(each[most]):g} and {least} {float(each[least]):g}; "
                "give both the same `weight` and the same `points`"
            )
    return found


def total(assignment: Assignment, marks: Mapping[str, Mark]) -> Mark:
    """Return the mark of an assignment: of every challenge's mark (see `challenge_mark`)."""
    weighted = {
        part.id: policies.weighted(marks[part.id], exact(part.weight))
        for part in assignment.challenges
    }
    return policies.total(weighted, assignment.drop)


def max_total(assignment: Assignment, worth: Mapping[str, Worth]) -> Fraction:
    """Return what an assignment gives at most: the total of full marks."""
    full = {name: Mark(each.points, ()) for name, each in worth.items()}
    return total(assignment, full).value or Fraction(0)


def open_visibilities(
    assignment: Assignment, now: datetime, extended: Iterable[datetime] = ()
) -> frozenset[Visibility]:
    """Return which groups a student may see at a moment.

    What is `after_due_date` opens when nothing that is handed in counts any more: after the
    grace, the late days, and the latest of the `extended` due times. Where late days have no end
    (no `cutoff_days`) it opens when the due time is over, though who is late may still hand in.
    What is `after_published` opens when that has been and the moment of publishing has come.
    """
    ends = (_end(assignment.late, due) for due in (assignment.due, *extended))
    opened = {Visibility.VISIBLE}
    if lateness.utc(now) > max(ends):
        opened.add(Visibility.AFTER_DUE_DATE)
        published = assignment.published
        if published is not None and lateness.utc(now) >= lateness.utc(published):
            opened.add(Visibility.AFTER_PUBLISHED)
    return frozenset(opened)


_DURATION = re.compile(r"\+?(\d{1,4}) ?(d|days?|h|hours?)", re.ASCII)


def extended_due(assignment: Assignment, cell: str) -> datetime | None:
    """Return a student's own due time from the roster's cell; None where the cell is empty.

    "2 days" and "36 h" are added to the due time, days by the clock; "2026-12-03 23:59" is a time
    in the assignment's zone, the later one where that is in doubt.
    """
    text = cell.strip()
    if not text:
        return None
    if found := _DURATION.fullmatch(text):
        count = int(found[1])
        if found[2].startswith("h"):
            extended = lateness.utc(assignment.due) + timedelta(hours=count)
        else:
            extended = lateness.end_of_day(assignment.due, count)
    else:
        extended = _time_of(text, assignment.timezone)
    return extended.astimezone(ZoneInfo(assignment.timezone))


def _time_of(text: str, timezone: str) -> datetime:
    try:
        if len(text) <= len("2026-12-03"):
            raise ValueError(text)
        read = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"extension {text!r}: expected '2 days', '36 h' or a time such as '2026-12-03 23:59'"
        ) from None
    if read.tzinfo is not None:
        return read
    return lateness.later_reading(read.replace(tzinfo=ZoneInfo(timezone)))


def _end(late: Late, due: datetime) -> datetime:
    grace = lateness.utc(due) + timedelta(minutes=late.grace_minutes)
    return max(grace, lateness.end_of_day(due, late.cutoff_days or 0))


def _parsed(data: bytes) -> dict[str, Any]:
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not UTF-8: save the file as UTF-8") from None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"no TOML: {error}{_line_of(text, str(error))}") from None


def _line_of(text: str, message: str) -> str:
    """Return the line that a message of tomllib's names, with what is often wrong with it."""
    found = re.search(r"at line (\d+)", message)
    if found is None:
        return ""
    line = text.split("\n")[int(found[1]) - 1].strip()[:80]
    unfinished = re.search(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?!:)", line)
    return f": {line!r}" + (f"; write the seconds too: {_A_TIME}" if unfinished else "")


def _said(entry: ErrorDetails) -> str:
    """Return one of pydantic's errors as a sentence that begins with the key."""
    place = [str(part) if isinstance(part, str) else part for part in entry["loc"]]
    key = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place)
    where = f"{key.removeprefix('.')}: " if key else ""
    kind, message, given = entry["type"], entry["msg"], entry["input"]
    if kind == "missing":
        return f"{where}is missing"
    if kind == "extra_forbidden":
        return f"{where}is no key here{_known(place)}"
    if kind == "value_error":
        return f"{where}{message.removeprefix('Value error, ')}"
    shown = repr(given)
    shown = shown if len(shown) <= 60 else f"{shown[:59]}…"
    return f"{where}{message[0].lower()}{message[1:]}, got {shown}"


def _known(place: list[Any]) -> str:
    """Name the keys that a table may have."""
    tables: dict[str, type[BaseModel]] = {"late": Late, "attempts": Attempts, "drop": Drop}
    model = Assignment if len(place) == 1 else tables.get(str(place[0]), Part)
    if "steps" in place:
        model = LateStep
    return f"; there are {', '.join(model.model_fields)}"
