"""Gradescope's `submission_metadata.yml`: who handed in what, and when. Pure.

Not a YAML parser: it reads the subset that Ruby writes for this one file, a line at a time,
and takes four fields. Whatever lies deeper (outputs of students' programs among it) is
indented further and passed over; nothing is constructed, no tag or alias is followed. A line
that stands where none can is an error that names it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from grader.errors import UsageError
from grader.intake.found import Person

_KEY = re.compile(r"(?P<indent> *)(?P<item>- )?:?(?P<key>[A-Za-z0-9_]+):(?: +(?P<value>.*))?")
_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[ T](?P<time>\d\d:\d\d:\d\d)(?:\.\d*)?"
    r" ?(?P<zone>Z|UTC|[+-]\d\d:?\d\d)"
)
_ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_PLAIN_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "0": "\0", "a": "\a", "b": "\b"}
_NAME_KEYS = ("sid", "email")
"""What a submitter is known by, the best first."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What the file says about one folder."""

    submitters: tuple[Person, ...] = ()
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    indent: int
    item: bool
    key: str
    value: str


def read(data: bytes) -> dict[str, Submission]:
    """Return the submissions by folder; `UsageError` where the file is not of the known form."""
    found: dict[str, Submission] = {}
    folder = section = ""
    people: list[dict[str, str]] = []
    for line in _lines(data):
        if line.indent == 0 and not line.item:
            folder, section, people = line.key, "", []
            found[folder] = Submission()
        elif not folder:
            continue
        elif line.indent == 2 and not line.item:
            section = line.key
            if section == "created_at":
                found[folder] = replace(found[folder], created_at=_time(line.value))
        elif section == "submitters":
            if line.item:
                people.append({})
            if people and line.indent + 2 * line.item == 4:
                people[-1][line.key] = _text(line.value)
            found[folder] = replace(found[folder], submitters=tuple(map(_person, people)))
    return found


def _lines(data: bytes) -> Iterator[_Line]:
    """Yield the lines that hold a key; of those at the two outer levels every one must."""
    text = data.decode("utf-8-sig", "replace")
    for number, line in enumerate(text.split("\n"), 1):
        match = _KEY.fullmatch(line.removesuffix("\r"))
        if match:
            indent, item = len(match["indent"]), match["item"] is not None
            yield _Line(number, indent, item, match["key"], match["value"] or "")
        elif line.strip() and not line.startswith(("   ", "  - ", "---", "...", "#")):
            raise UsageError(
                f"line {number} of submission_metadata.yml is not as Gradescope writes it: "
                "download the export again, or leave the file out"
            )


def _person(fields: dict[str, str]) -> Person:
    key = next((fields[each] for each in _NAME_KEYS if fields.get(each)), "")
    return Person(key, fields.get("name") or None)


def _text(value: str) -> str:
    """Return a scalar that is complete on its line, "" for any other and for none."""
    value = value.strip()
    if value in ("", "~", "null") or value[0] in "&*!|>%@`{[":
        return ""
    if value[0] == "'":
        return value[1:-1].replace("''", "'") if re.fullmatch(r"'(?:[^']|'')*'", value) else ""
    if value[0] == '"':
        complete = re.fullmatch(r'"(?:[^"\\]|\\.)*"', value)
        return _ESCAPE.sub(_unescaped, value[1:-1]) if complete else ""
    return value


def _unescaped(match: re.Match[str]) -> str:
    escape = match[1]
    if len(escape) == 1:
        return _PLAIN_ESCAPES.get(escape, escape)
    code = int(escape[1:], 16)
    valid = code < 0x110000 and not 0xD800 <= code < 0xE000
    return chr(code) if valid else "\ufffd"


def _time(value: str) -> datetime | None:
    match = _TIME.fullmatch(_text(value))
    if match is None:
        return None
    zone = "+00:00" if match["zone"] in ("Z", "UTC") else match["zone"]
    try:
        return datetime.fromisoformat(f"{match['day']}T{match['time']}{zone}")
    except ValueError:
        return None
