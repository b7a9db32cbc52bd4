"""What every format for a class is asked, and what it answers. Values only."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from grader.lms.filling import Filled, Skipped
from grader.lms.grades import Grade
from grader.lms.numbers import Scaling

Missing = Literal["skip", "zero"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A run's grades to be exported.

    `template` is the platform's own table, None where the format has none. `column` names the item
    there (a header, or a part of one that says it alone). `match` names the column of the template
    in which the run's keys stand, None for the format's own; "name" is the one that has to be asked
    for. `to_column` scales to what the template says the column's full marks are. `missing` says
    what a row for which nothing was handed in gets. `title` names what is graded. `page` makes a
    grade's report as HTML, where a format carries files.
    """

    grades: Sequence[Grade]
    template: bytes | None = None
    scaling: Scaling = field(default_factory=Scaling)
    column: str | None = None
    match: str | None = None
    to_column: bool = False
    missing: Missing = "skip"
    decimal_comma: bool = False
    title: str = ""
    page: Callable[[Grade], str] = field(default=lambda _: "")


@dataclass(frozen=True, slots=True)
class Exported:
    """The bytes of the file, and which rows of a template changed (None without a template).

    `written` counts the grades in a file without a template, one for each person or team that it
    names, and `skipped` are those that it lacks. `warnings` are sentences for the
    teacher: what the platform will do with this file that may surprise, and where to click.
    """

    data: bytes
    filled: Filled | None = None
    warnings: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    written: int = 0

    @property
    def left_out(self) -> tuple[Skipped, ...]:
        """Every grade that is not in the file, and why."""
        return (*(() if self.filled is None else self.filled.skipped), *self.skipped)


Format = Callable[[Asked], Exported]
