"""The table of formats: what `--to` may be, and where each is written. Imports none of them.

Those for a class are a module each with `export(asked)`; those for one submission are in
`single.FORMATS`. Tables that a platform gives are recognised by the modules in `RECOGNISERS`.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from grader.lms.exporting import Format
    from grader.lms.layout import Layout
    from grader.lms.numbers import Scaling
    from grader.result import SubmissionResult


class ForClass(NamedTuple):
    """A format for a class: its module, whether it takes a template, whether it holds feedback."""

    module: str
    template: Literal["needed", "optional", "none"] = "needed"
    feedback: bool = False


CLASS: Mapping[str, ForClass] = {
    "csv": ForClass("plain_csv", "none", feedback=True),
    "canvas-csv": ForClass("canvas_csv"),
    "moodle-worksheet": ForClass("moodle_worksheet", feedback=True),
    "moodle-gradebook": ForClass("moodle_gradebook", "optional", feedback=True),
    "moodle-feedback-zip": ForClass("moodle_feedback_zip", "optional"),
    "brightspace": ForClass("brightspace", "optional"),
    "blackboard": ForClass("blackboard"),
    "nbgrader": ForClass("nbgrader", "optional"),
}

SINGLE = (
    *("gradescope", "prairielearn", "xqueue", "coderunner", "vpl", "github-classroom", "autolab"),
    *("junit", "tap", "markdown", "html", "json"),
)

RECOGNISERS = ("canvas_csv", "brightspace", "blackboard", "nbgrader", "moodle_table")


def for_class(name: str) -> "Format":
    """Return what makes a class's file of a format."""
    made: Format = import_module(f"grader.lms.{CLASS[name].module}").export
    return made


def for_one(name: str) -> Callable[["SubmissionResult", "Scaling"], str]:
    """Return what makes one submission's text of a format."""
    made: Callable[[SubmissionResult, Scaling], str]
    made = import_module("grader.lms.single").FORMATS[name]
    return made


def recognise(data: bytes) -> "Layout | None":
    """Return the table that a platform gave as that platform's, None where it is nobody's."""
    for name in RECOGNISERS:
        found: Layout | None = import_module(f"grader.lms.{name}").recognise(data)
        if found is not None:
            return found
    return None


def downloads() -> list[str]:
    """Return which tables are recognised, and where each is to be had."""
    modules = [import_module(f"grader.lms.{name}") for name in RECOGNISERS]
    return [f"{module.TITLE}: {module.DOWNLOAD}" for module in modules]
