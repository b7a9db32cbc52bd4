"""The pages of a finished batch, as files: one for the class, one for each submission."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Set
from pathlib import Path
from typing import Any

from grader.errors import UsageError
from grader.reports.html import instructor
from grader.reports.html.statistics import Tally
from grader.reports.html.student import student_page
from grader.stored import from_json

CLASS_PAGE = "report.html"
STUDENTS = "students"

_DIGEST = 16
"""Hexadecimal digits: too many for a student to find a name with another one's digest."""
_LONGEST = 60
_A_PAGE = re.compile(rf"(?:[a-z0-9-]+-)?[0-9a-f]{{{_DIGEST}}}\.html")
_UNSAFE = re.compile(r"[^a-z0-9]+")


def write(results: Iterable[Mapping[str, Any]], folder: Path, *, title: str = "") -> int:
    """Write the pages of all results, and return how many submissions there are.

    One pass: no more than one result is held at a time. Pages that an earlier call has written
    for submissions that are gone are removed. `UsageError` where a file cannot be written or a
    result is none.
    """
    tally = Tally()
    pages: dict[str, str] = {}
    try:
        for stored in results:
            result = from_json(stored)
            if result.submission in pages:
                raise UsageError(f"two results are called {result.submission}")
            tally.add(result)
            address = f"{STUDENTS}/{file_name(result.submission)}"
            pages[result.submission] = address
            _write(folder / address, student_page(result))
        _remove_others(folder, set(pages.values()))
        _write(folder / CLASS_PAGE, instructor.page(tally, title=title, pages=pages))
    except OSError as error:
        raise UsageError(f"cannot write {error.filename or folder}: {error.strerror}") from None
    return len(tally.standings)


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
