"""The catalog and one challenge, for people and tools."""

from collections.abc import Iterable, Iterator
from typing import Any

from grader.catalog import Entry, Loaded
from grader.spec import Challenge
from grader.starting import STATEMENT


def as_json(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return the contract of `grader list --json`."""
    return [
        {"id": entry.id, "title": entry.title, "languages": list(entry.languages)}
        for entry in entries
    ]


def as_text(entries: Iterable[Entry]) -> str:
    """Return one line per challenge: its id, its title, its languages."""
    entries = list(entries)
    width = max((len(entry.id) for entry in entries), default=0)
    return "\n".join(
        f"{entry.id.ljust(width)}  {entry.title} ({', '.join(entry.languages)})"
        for entry in entries
    )


def describe(loaded: Loaded) -> str:
    """Return what a student may know: the statement, the groups and their points, the limits."""
    statement = (loaded.folder / STATEMENT).read_text(encoding="utf-8").strip()
    return "\n\n".join([statement, "\n".join(_grading(loaded.challenge))])


def _grading(challenge: Challenge) -> Iterator[str]:
    limits = challenge.limits
    yield f"How {challenge.id} is graded"
    width = max(len(group.title) for group in challenge.groups)
    for group in challenge.groups:
        yield f"  {group.title.ljust(width)}  {group.points:>4g} points  {group.visibility}"
    yield (
        f"Limits: {limits.cpu_case_s:g} s CPU a case and {limits.cpu_s:g} s in total, "
        f"{limits.memory_mb} MB of memory, {limits.print_bytes // 1024} KiB of prints."
    )
    yield f"You may import {' and '.join(('the standard library', *challenge.packages))}."
