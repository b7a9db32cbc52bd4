"""One submission as a page: for its student, or in full for an instructor."""

from markupsafe import Markup

from grader.reports import content
from grader.reports.html.environment import render
from grader.result import SubmissionResult, student_view


def student_page(result: SubmissionResult, *, picture: str | None = None) -> str:
    """Return the page for the student; whatever is hidden from students is taken out here.

    `picture` is an SVG element of our own making, as `plots.svg` makes them, that shows the
    submission beside the reference on the example. It stands in the page as it is.
    """
    return _page(student_view(result), picture, full=False)


def full_page(result: SubmissionResult, *, picture: str | None = None) -> str:
    """Return the page for an instructor, with the values of hidden cases."""
    return _page(result, picture, full=True)


def _page(result: SubmissionResult, picture: str | None, *, full: bool) -> str:
    return render(
        "student.html",
        said=content.of(result, full=full),
        result=result,
        picture=None if picture is None else Markup(picture),
        full=full,
    )
