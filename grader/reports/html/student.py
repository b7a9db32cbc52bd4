"""One submission as a page: for its student, or in full for an instructor."""

from markupsafe import Markup

from grader.reports import content
from grader.reports.html import plots
from grader.reports.html.environment import render
from grader.result import SubmissionResult, student_view


def student_page(result: SubmissionResult, *, counts: bool = True) -> str:
    """Return the page for the student; whatever is hidden from students is taken out here.

    Where it is an attempt in whose place another one counts, it says so.
    """
    return _page(student_view(result), full=False, counts=counts)


def full_page(result: SubmissionResult) -> str:
    """Return the page for an instructor, with the values of hidden cases."""
    return _page(result, full=True, counts=True)


def _page(result: SubmissionResult, *, full: bool, counts: bool) -> str:
    said = content.of(result, full=full)
    drawn = picture(result)
    return render("student.html", said=said, result=result, picture=drawn, full=full, counts=counts)


def picture(result: SubmissionResult) -> Markup | None:
    """Return how the example unfolds as a part of the page; None where matplotlib is missing."""
    examples = [entry.example for entry in result.diagnosis if entry.example is not None]
    path = next((each.trajectory for each in examples if each.trajectory is not None), None)
    drawn = None if path is None else plots.trajectory(path)
    return None if drawn is None else Markup(drawn)
