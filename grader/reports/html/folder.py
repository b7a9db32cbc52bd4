"""The pages of a batch, as files: one for the class, one for each submission.

An assignment's are one for the class, one for each challenge, and one for each student.
"""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader import marks
from grader.assignment import open_visibilities
from grader.errors import UsageError
from grader.marks import Rules, Standing, Student
from grader.reports.html import assignment, instructor
from grader.reports.html.assignment import Terms
from grader.reports.html.statistics import Tally
from grader.reports.html.student import student_page
from grader.result import SubmissionResult
from grader.store import Store
from grader.stored import from_json
from grader.verdict import Visibility

CLASS_PAGE = "report.html"
STUDENTS = "students"

_DIGEST = 16
"""Hexadecimal digits: too many for a student to find a name with another one's digest."""
_LONGEST = 60
_A_PAGE = re.compile(rf"(?:[a-z0-9-]+-)?[0-9a-f]{{{_DIGEST}}}\.html")
_OF_A_CHALLENGE = re.compile(r"report-\w+\.html")
_UNSAFE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Written:
    """How many students have a page, and which visibilities are open to them."""

    students: int
    opened: frozenset[Visibility]


def write(
    results: Iterable[Mapping[str, Any]],
    folder: Path,
    *,
    title: str = "",
    idle: Collection[str] = (),
) -> int:
    """Write the pages of all results, and return how many submissions there are.

    `idle` are the names of attempts that do not count: each has its page, which says so, and is
    in none of the class's figures. One pass: no more than one result is held at a time. Pages that
    an earlier call has written for submissions that are gone are removed. `UsageError` where a
    file cannot be written or a result is none.
    """
    tally = Tally()
    pages: dict[str, str] = {}
    try:
        for stored in results:
            result = from_json(stored)
            if result.submission in pages:
                raise UsageError(f"two results are called {result.submission}")
            counts = result.submission not in idle
            if counts:
                tally.add(result)
            address = f"{STUDENTS}/{file_name(result.submission)}"
            pages[result.submission] = address
            _write(folder / address, student_page(result, counts=counts))
        _remove_others(folder, set(pages.values()))
        page = instructor.page(tally, title=title, pages=pages, idle=len(idle))
        _write(folder / CLASS_PAGE, page)
    except OSError as error:
        raise UsageError(f"cannot write {error.filename or folder}: {error.strerror}") from None
    return len(pages)


def write_assignment(store: Store, folder: Path, *, title: str = "", now: datetime) -> Written:
    """Write the pages of an assignment's run; what students may see by `now` is open to them.

    One student's results are held at a time. Pages of who, or what, is gone are removed.
    """
    found, rules = marks.assignment_of(store), marks.rules_of(store)
    if found is None:
        raise UsageError("the run is for no assignment: grade an assignment.toml")
    everybody = marks.everybody(store, rules)
    dues = [each.due for each in everybody if each.due is not None]
    terms = Terms(found, rules, open_visibilities(found, now, dues), now)
    tallies = {challenge: Tally() for challenge in rules.challenges}
    linked: dict[str, dict[str, str]] = {challenge: {} for challenge in rules.challenges}
    pages: dict[Student, str] = {}
    try:
        for standing in everybody:
            if not standing.hand_ins:
                continue
            results = dict(_results(store, standing, rules))
            # As JSON, in which no folder is called what a platform's key is.
            called = json.dumps(standing.student, ensure_ascii=False)
            address = f"{STUDENTS}/{file_name(called)}"
            for challenge, result in results.items():
                tallies[challenge].add(result)
                linked[challenge][result.submission] = f"{address}#{challenge}"
            pages[standing.student] = address
            _write(folder / address, assignment.student_page(standing, results, terms))
        _remove_others(folder, set(pages.values()))
        _write_class(folder, everybody, tallies, terms, title, pages, linked)
    except OSError as error:
        raise UsageError(f"cannot write {error.filename or folder}: {error.strerror}") from None
    return Written(len(pages), terms.opened)


def _results(
    store: Store, standing: Standing, rules: Rules
) -> Iterator[tuple[str, SubmissionResult]]:
    """Yield the result of the attempt that counts for each challenge, where there is one."""
    for challenge in rules.challenges:
        for hand_in in marks.counted(standing, challenge, rules)[-1:]:
            line = store.line(hand_in.submission, challenge)
            if line is not None:
                yield challenge, from_json(json.loads(line))


def _write_class(
    folder: Path,
    everybody: Sequence[Standing],
    tallies: Mapping[str, Tally],
    terms: Terms,
    title: str,
    pages: Mapping[Student, str],
    linked: Mapping[str, Mapping[str, str]],
) -> None:
    """Write the class's page and those of its challenges, which `linked` leads to students from."""
    addresses = {challenge: f"report-{challenge}.html" for challenge in tallies}
    for path in folder.glob("report-*.html"):
        if path.name not in addresses.values() and _OF_A_CHALLENGE.fullmatch(path.name):
            path.unlink()
    for challenge, tally in tallies.items():
        page = instructor.page(tally, title=challenge, pages=linked[challenge])
        _write(folder / addresses[challenge], page)
    page = assignment.class_page(
        everybody, tallies, terms, title=title, pages=pages, challenge_pages=addresses
    )
    _write(folder / CLASS_PAGE, page)


def file_name(submission: str) -> str:
    r"""Return a file's name for a submission's, whatever that is: no path, the same every time.

    What can be read of it comes first, a digest makes it unique.

    >>> file_name("../Zoë's solution.py")
    'zo-s-solution-py-3464e20854d12617.html'
    """
    digest = hashlib.sha256(submission.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST]
    readable = _UNSAFE.sub("-", submission.lower())[-_LONGEST:].strip("-")
    return f"{readable}-{digest}.html" if readable else f"{digest}.html"


def _remove_others(folder: Path, pages: Set[str]) -> None:
    """Remove files that are called as pages are and are none of `pages`; nothing else."""
    if not (folder / STUDENTS).is_dir():
        return
    for path in (folder / STUDENTS).iterdir():
        is_page = _A_PAGE.fullmatch(path.name) and path.is_file() and not path.is_symlink()
        if is_page and f"{STUDENTS}/{path.name}" not in pages:
            path.unlink()


def _write(path: Path, page: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(page, encoding="utf-8")
