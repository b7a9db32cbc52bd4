"""Grade what lies in a platform's folder: a result, what the student has to mend, or our fault.

The strongest confinement that holds in the container is taken, and none where none holds: that is
our fault, too. Raises nothing.
"""

import traceback
from dataclasses import dataclass
from pathlib import Path

from grader import collecting, grading, languages
from grader.errors import GraderError, UsageError
from grader.lms.harness.settings import Home, Settings
from grader.reports.escape import line
from grader.result import SubmissionResult

_SENTENCE = 1000
"""Characters: names of files are the student's and may be of any length."""


@dataclass(frozen=True, slots=True)
class NotGradable:
    """There is no one file to grade; the sentence tells the student what was expected."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Nothing could be graded, and it is not the student's fault. For the instructor alone."""

    sentence: str


Outcome = SubmissionResult | NotGradable | Fault


def outcome(home: Home, settings: Settings, folder: Path) -> Outcome:
    """Grade the one submission in `folder`."""
    try:
        return _outcome(home, settings, folder)
    except GraderError as error:
        return Fault(f"{type(error).__name__}: {error}")
    except Exception:
        return Fault(f"internal error of grader\n{traceback.format_exc()}")


def _outcome(home: Home, settings: Settings, folder: Path) -> SubmissionResult | NotGradable:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder: expected the one with the student's files")
    found = collecting.only(folder, settings.challenge)
    if found.task is None:
        return NotGradable(line(found.why, _SENTENCE))
    try:
        submission = languages.read(found.task.path, found.task.name, follow_link=False)
    except UsageError as error:
        return NotGradable(line(str(error), _SENTENCE))
    request = grading.Request(submission, settings.challenge, home.roots(settings), "auto")
    return grading.grade(request, home.secret())
