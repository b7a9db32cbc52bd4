"""A roster: who is in the class, from a CSV of the platform's or of one's own. Reads one file.

Columns are known by their heading in any case and order; others are ignored. A person is
found by a key of the platform, never by the name. Two lines with one key are refused.

    key                    whatever the platform's key is; for folders, what a folder is called
    id, canvas id          Canvas's number          identifier       Moodle's `Participant N`
    username, sis login id, login                   sid, student id, sis user id, id number
    org defined id         Brightspace's            email, email address
    name, full name, student, or first name and last name
    section, sections, group                        extension_hours  hours more, `1.5`
    due                    another due date, `2026-11-30T23:59`, with its zone or without

Moodle's offline grading worksheet is a roster in any language of `moodle_worksheet`. It says more:
who was late, and, where its dates are English, when each handed in and who has until when.
"""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from grader.errors import UsageError
from grader.intake import moodle_worksheet
from grader.intake.moodle_worksheet import Columns

MAX_BYTES = 50_000_000
_KEYS = {
    "key": ("key",),
    "canvas": ("id", "canvasid", "canvasuserid"),
    "moodle": ("identifier", "participant"),
    "username": ("username", "sisloginid", "login"),
    "sid": ("sid", "studentid", "sisuserid", "idnumber"),
    "org": ("orgdefinedid",),
    "email": ("email", "emailaddress"),
}
_OTHERS = {
    "name": ("name", "fullname", "student"),
    "first": ("firstname",),
    "last": ("lastname",),
    "section": ("section", "sections", "group"),
    "extension_hours": ("extensionhours",),
    "due": ("due", "duedate"),
}
_LOOKED_UP = {
    "canvas": ("key", "canvas"),
    "moodle": ("key", "moodle"),
    "gradescope": ("key", "sid", "email"),
    "blackboard": ("key", "username"),
    "brightspace": ("key", "org", "username"),
}
"""The columns in which a platform's key may stand; elsewhere, any."""
_TITLES = {title: column for column, titles in (_KEYS | _OTHERS).items() for title in titles}
_NO_PERSON = ("points possible", "manual posting", "muted")
"""How the first text of Canvas's lines begins that are no student's and have no key."""


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody of the class; texts are "" where the roster does not say.

    `late` and `local_time` are about what this person handed in last, by a platform's worksheet,
    None where it does not say.
    """

    line: int
    keys: Mapping[str, str]
    name: str = ""
    section: str = ""
    extension_hours: float = 0.0
    due: datetime | None = None
    late: bool | None = None
    local_time: datetime | None = None

    @property
    def shown(self) -> str:
        """How a list calls them: by a key, since names may be shared."""
        return next(iter(self.keys.values()))

    def key_on(self, platform: str) -> str:
        """Return what a platform calls them, as far as the roster says."""
        columns = _LOOKED_UP.get(platform, ())
        return next((self.keys[each] for each in columns if each in self.keys), self.shown)


@dataclass(frozen=True, slots=True)
class Roster:
    """The class, and whom a platform means by a key."""

    people: tuple[Enrolled, ...] = ()
    _by_key: Mapping[tuple[str, str], Enrolled] = field(default_factory=dict)

    def find(self, platform: str, key: str) -> Enrolled | None:
        """Return who is called `key` by `platform`, None if nobody is."""
        columns = _LOOKED_UP.get(platform, tuple(_KEYS))
        found = (self._by_key.get((column, _comparable(key))) for column in columns)
        return next((each for each in found if each is not None), None)


def read(path: Path) -> Roster:
    """Read a roster; `UsageError` names the lines that are wrong."""
    return parsed(text_of(path))


def text_of(path: Path) -> str:
    """Return a roster's text: UTF-8, or UTF-16 with a mark; `UsageError` if it is none."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read the roster {path}: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise UsageError(f"the roster {path} is over {MAX_BYTES // 10**6} MB; is it another file?")
    return _decoded(data)


def parse(data: bytes) -> Roster:
    """Read a roster's bytes: UTF-8 or UTF-16 with a mark."""
    return parsed(_decoded(data))


def parsed(text: str) -> Roster:
    """Read a roster's text: commas, semicolons or tabs."""
    rows = _rows(text)
    line, header = next(rows, (1, []))
    columns = [_TITLES.get(re.sub(r"[^a-z]", "", title.lower())) for title in header]
    worksheet = moodle_worksheet.columns(header)
    if worksheet is not None:
        columns = _of_worksheet(columns, worksheet)
    _check_header(columns, line, header)
    people = []
    for line, cells in rows:
        person = _person(line, columns, cells)
        if person is not None:
            people.append(person if worksheet is None else _with_status(person, worksheet, cells))
    return Roster(tuple(people), _indexed(people))


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"line {line} of the roster is not {encoding.upper()[:6].rstrip('-')}: save it as UTF-8"
        ) from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that are not blank, with the number of their last one."""
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise UsageError(f"line {reader.line_num} of the roster is no CSV: {error}") from None


def _of_worksheet(columns: Sequence[str | None], worksheet: Columns) -> list[str | None]:
    """Return the columns of a worksheet, in which some headers mean something else.

    With teams its rows are people and a download's numbers are groups': no number of the one is
    the same person's in the other.
    """
    if worksheet.group is not None:
        raise UsageError(
            "the roster is Moodle's worksheet of an assignment in teams: its rows are people, and "
            "Moodle's download knows groups only; leave --roster out"
        )
    meant = [None if column in ("due", "canvas") else column for column in columns]
    meant[worksheet.identifier] = "moodle"
    if worksheet.name is not None:
        meant[worksheet.name] = "name"
    return meant


def _with_status(person: Enrolled, worksheet: Columns, cells: Sequence[str]) -> Enrolled:
    """Add what a worksheet says about what was handed in."""

    def cell(column: int | None) -> str:
        return cells[column] if column is not None and column < len(cells) else ""

    return replace(
        person,
        due=moodle_worksheet.own_due(cell(worksheet.due), cell(worksheet.status)),
        late=moodle_worksheet.is_late(cell(worksheet.status), worksheet.words),
        local_time=moodle_worksheet.moment(cell(worksheet.submitted_at)),
    )


def _check_header(columns: Sequence[str | None], line: int, header: Sequence[str]) -> None:
    known = [column for column in columns if column is not None]
    if not set(known) & set(_KEYS):
        raise UsageError(
            f"line {line} of the roster names no key ({', '.join(header[:8])}): give it a header "
            "with a column such as key, id, username, sid or email"
        )
    if twice := sorted({column for column in known if known.count(column) > 1}):
        raise UsageError(
            f"line {line} of the roster has two columns for {', '.join(twice)}: leave one of them"
        )


def _person(line: int, columns: Sequence[str | None], cells: Sequence[str]) -> Enrolled | None:
    if len(cells) > len(columns):
        raise UsageError(
            f"line {line} of the roster has {len(cells)} cells, the header {len(columns)}: "
            'put text that holds the delimiter into "quotes"'
        )
    values = {column: cell.strip() for column, cell in zip(columns, cells, strict=False) if column}
    keys = {column: _key(column, values[column]) for column in _KEYS if values.get(column)}
    if not any(keys.values()):
        if next(filter(None, map(str.strip, cells))).lower().startswith(_NO_PERSON):
            return None
        raise UsageError(f"line {line} of the roster has no key: fill it in, or leave it out")
    return Enrolled(
        line=line,
        keys={column: key for column, key in keys.items() if key},
        name=_name(values),
        section=values.get("section", ""),
        extension_hours=_hours(values.get("extension_hours", ""), line),
        due=_due(values.get("due", ""), line),
    )


def _key(column: str, text: str) -> str:
    """Return a key without what an export puts around it: Brightspace's #, Moodle's word."""
    if column == "moodle":
        return moodle_worksheet.participant(text) or text
    return text.removeprefix("#") if column in ("org", "username") else text


def _name(values: Mapping[str, str]) -> str:
    """Return the name; Canvas writes `="=x"` for one that a spreadsheet would compute."""
    parts = [values.get(column, "") for column in ("first", "last")]
    name = values.get("name") or " ".join(filter(None, parts))
    match = re.fullmatch(r'="(.*)"', name)
    return match[1].replace('""', '"') if match else name


def _hours(text: str, line: int) -> float:
    if re.fullmatch(r"[0-9]{0,6}(\.[0-9]{0,6})?", text) and text != ".":
        return float(text or 0)
    raise UsageError(
        f"line {line} of the roster: extension_hours is {text!r}; expected hours such as 24 or 1.5"
    )


def _due(text: str, line: int) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"line {line} of the roster: due is {text!r}; expected a time such as 2026-11-30T23:59"
        ) from None


def _indexed(people: Sequence[Enrolled]) -> dict[tuple[str, str], Enrolled]:
    found = defaultdict(list)
    for person in people:
        for column, key in person.keys.items():
            found[column, _comparable(key)].append(person)
    if twice := {each: who for each, who in found.items() if len(who) > 1}:
        (column, key), who = next(iter(twice.items()))
        more = f", and {len(twice) - 1} more such keys" if len(twice) > 1 else ""
        lines = " and ".join(str(person.line) for person in who)
        raise UsageError(
            f"lines {lines} of the roster have the same {column} {key!r}{more}: leave one of them"
        )
    return {each: who[0] for each, who in found.items()}


def _comparable(key: str) -> str:
    """Platforms take user names and addresses in any case; numbers have none."""
    return key.casefold()
