"""One result as a learning platform reads it: the text of a file, or of what is printed.

Each module here is a format with its `render(result, scaling)`; `outline` and `markup` are what
they share, and `reports` has the three that are no platform's. All of them show what a student may
see and nothing else, for platforms show students what they are given; none of them writes, prints
or grades.
"""

from collections.abc import Callable, Mapping

from grader.lms.numbers import Scaling
from grader.lms.single import (
    autolab,
    coderunner,
    github_classroom,
    gradescope,
    junit,
    prairielearn,
    reports,
    tap,
    vpl,
    xqueue,
)
from grader.result import SubmissionResult

Format = Callable[[SubmissionResult, Scaling], str]

FORMATS: Mapping[str, Format] = {
    "gradescope": gradescope.render,
    "prairielearn": prairielearn.render,
    "xqueue": xqueue.render,
    "coderunner": coderunner.render,
    "vpl": vpl.render,
    "github-classroom": github_classroom.render,
    "autolab": autolab.render,
    "junit": junit.render,
    "tap": tap.render,
    "markdown": reports.render_markdown,
    "html": reports.render_html,
    "json": reports.render_json,
}
