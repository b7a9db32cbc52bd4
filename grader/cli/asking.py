"""What `grader export` and `grader template` are both asked: which grades, into which cells."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar

import click

from grader.cli import options

if TYPE_CHECKING:
    from grader.lms.exporting import Asked, Missing
    from grader.lms.grades import FeedbackKind, Grade
    from grader.lms.numbers import OverMax, Scaling
    from grader.marks import Rules
    from grader.store import Store

COLUMN = "column"
_Function = TypeVar("_Function", bound=Callable[..., Any])


class Wishes(TypedDict):
    """The options by their names."""

    challenge: str | None
    assignment: Path | None
    column: str | None
    match: str | None
    scale_to: Fraction | Literal["column"] | None
    digits: int
    over_max: "OverMax"
    missing: "Missing"
    decimal_comma: bool


def _maximum(_: click.Context, __: click.Parameter, text: str | None) -> Fraction | str | None:
    if text is None or text == COLUMN:
        return text
    from grader.lms import numbers

    found = numbers.read(text)
    if found is None or found <= 0:
        raise click.BadParameter(f"{text!r} is no maximum; expected a number above 0, or {COLUMN}")
    return found


def wishes(function: _Function) -> _Function:
    """Add the options that `Wishes` holds."""
    for add in reversed(_OPTIONS):
        function = add(function)
    return function


ROUND = click.option(
    "--round",
    "digits",
    metavar="N",
    type=click.IntRange(0, 5),
    default=2,
    show_default=True,
    help="Digits after the point; a half goes to the even one.",
)
OVER_MAX = click.option(
    "--over-max",
    type=click.Choice(["error", "clamp", "allow"]),
    default="error",
    show_default=True,
    help="What becomes of a grade above the maximum.",
)
"""These two are asked of a push as well."""

_OPTIONS = (
    click.option(
        "--challenge",
        metavar="ID",
        help="Of an assignment, one challenge's marks. Default: the total.",
    ),
    click.option(
        "--assignment",
        metavar="FILE",
        type=options.A_PATH,
        help="The assignment.toml whose policies apply. Default: the one the run was graded for.",
    ),
    click.option(
        "--column",
        metavar="TEXT",
        help="What is graded, by its header in the table or a part that says it alone.",
    ),
    click.option(
        "--match",
        metavar="COLUMN",
        help="The header under which the run's keys stand in the table, or `name`. "
        "Default: the platform's own key, if the run was imported from there.",
    ),
    click.option(
        "--scale-to",
        metavar="MAX|column",
        callback=_maximum,
        help="Scale grades to this maximum, or to the one that the table says. "
        "Default: points as they are.",
    ),
    ROUND,
    OVER_MAX,
    click.option(
        "--missing",
        type=click.Choice(["skip", "zero"]),
        default="skip",
        show_default=True,
        help="What a row of the table gets for which nothing was handed in.",
    ),
    click.option(
        "--decimal-comma",
        is_flag=True,
        help="Numbers in the table have a decimal comma. Written ones never have.",
    ),
)


def scaling(wished: Wishes) -> "Scaling":
    """Return how points are scaled, as far as no table has a say in it."""
    from grader.lms.numbers import Scaling

    scale_to = wished["scale_to"]
    maximum = scale_to if isinstance(scale_to, Fraction) else None
    return Scaling(maximum, wished["digits"], wished["over_max"])


def asked(
    store: "Store", wished: Wishes, template: bytes | None, feedback: "FeedbackKind"
) -> "Asked":
    """Return what a format is asked, of the run in a store that stays open meanwhile."""
    from grader import assignment as assignments
    from grader import marks
    from grader.lms import grades
    from grader.lms.exporting import Asked

    path, challenge = wished["assignment"], wished["challenge"]
    rules = marks.rules_of(store, None if path is None else assignments.load(path))
    found = grades.of(store, rules=rules, challenge=challenge, kind=feedback)
    return Asked(
        grades=found,
        template=template,
        scaling=scaling(wished),
        column=wished["column"],
        match=wished["match"],
        to_column=wished["scale_to"] == COLUMN,
        missing=wished["missing"],
        decimal_comma=wished["decimal_comma"],
        title=_title(rules, challenge),
        page=_pages(store, rules, challenge),
    )


def read(path: Path) -> bytes:
    """Return a table's bytes; `UsageError` where it cannot be read."""
    from grader.errors import UsageError
    from grader.lms.sheet import MOST_BYTES
    from grader.submission import printable_name

    try:
        with open(path, "rb") as file:
            # One byte more shows that it is too long, whatever it is.
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        shown = printable_name(str(path))
        raise UsageError(
            f"cannot read the table {shown}: {error.strerror}; name the file that was downloaded"
        ) from None


def _title(rules: "Rules", challenge: str | None) -> str:
    if challenge is None and rules.assignment is not None:
        return rules.assignment.title
    return challenge or ", ".join(rules.challenges)


def _pages(store: "Store", rules: "Rules", challenge: str | None) -> Callable[["Grade"], str]:
    """Return what makes the student's page of a grade."""
    from grader.errors import UsageError
    from grader.lms import grades
    from grader.reports import single

    def page(grade: "Grade") -> str:
        about = [challenge] if challenge else rules.challenges
        if len(about) != 1:
            raise UsageError(
                f"a page is about one challenge, and the run has {', '.join(about)}: "
                "say which by --challenge"
            )
        for submission in grade.submissions:
            result = grades.result_of(store, submission, about[0])
            if result is not None:
                return single.report(result, "student", "html")
        return ""

    return page
