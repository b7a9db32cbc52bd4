"""The reports that people and their tools read, in the student's view, as formats like any other.

They have no range of their own, so points stay the challenge's.
"""

from typing import Final

from grader.lms.numbers import Scaling
from grader.reports import markdown, single
from grader.result import SubmissionResult

MOST_MARKDOWN: Final = 1_000_000
"""Bytes; GitHub Actions drops a step's whole summary above 1024 kB."""


def render_html(result: SubmissionResult, _: Scaling) -> str:
    """Return a page that stands alone."""
    return single.report(result, "student", "html")


def render_json(result: SubmissionResult, _: Scaling) -> str:
    """Return the result as in `grader grade --format json`."""
    return single.report(result, "student", "json")


def render_markdown(result: SubmissionResult, _: Scaling) -> str:
    """Return a summary that GitHub Actions takes: without the cases where they are too long."""
    whole = single.report(result, "student", "markdown")
    if len(whole.encode("utf-8")) <= MOST_MARKDOWN:
        return whole
    return markdown.summary_markdown(result)
