"""A platform's own table with a run's grades in the cells of one item. Pure.

Which rows are whose is `joining`'s, which cells change `filling`'s; here is what every platform's
table has in common: the item, its maximum, numbers that are there already, rows without a grade.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from grader.errors import UsageError
from grader.lms import joining, numbers
from grader.lms.exporting import Asked, Exported
from grader.lms.filling import Filled, Wanted, fill
from grader.lms.grades import Grade
from grader.lms.layout import Item, Layout, formulas, listed
from grader.lms.numbers import Scaling
from grader.lms.scaling import for_column, points


def filled(
    asked: Asked,
    layout: Layout,
    item: Item,
    *,
    refused: Callable[[str], str] = lambda _: "",
    cells: Callable[[int, Grade, str], Wanted] | None = None,
    warnings: Sequence[str] = (),
) -> Exported:
    """Return the table with the run's grades in an item's cells.

    `refused` says why a cell that holds something is not to be overwritten, "" where it may be.
    `cells` returns all the cells of a row given its points as text; without it that is one.
    """
    if item.unread:
        raise UsageError(
            f"the full marks of the column {item.title!r} are {item.unread!r}, which is no number: "
            "expected one as 100.00; --decimal-comma reads 100,00"
        )
    scaling = for_column(asked, item.maximum, f"the column {item.title!r}")
    rows = layout.rows if item.rows is None else item.rows
    joined = joining.joined(asked, layout, rows)
    grades, zeros = _with_zeros(asked, layout, item, rows, joined)
    want = cells or (lambda _, __, number: {item.column: number})

    def cells_of(row: int, grade: Grade) -> Wanted | str:
        before = layout.sheet.get(row, item.column)
        return refused(before) or want(row, grade, _number(asked, grade, scaling, item, before))

    done = fill(layout.sheet, rows, joined.key_of, grades, cells_of)
    said = (*warnings, *_warnings(layout, done, zeros, matched=done.unknown < len(rows)))
    return Exported(layout.sheet.to_bytes(), done, said)


def template(asked: Asked, recognise: Callable[[bytes], Layout | None], download: str) -> Layout:
    """Return the template as the format's own table.

    `UsageError` where there is none, or it is another one; `download` says where it comes from.
    """
    if asked.template is None:
        raise UsageError(
            f"this format fills in the platform's own table: give --template, {download}"
        )
    found = recognise(asked.template)
    if found is None:
        raise UsageError(
            f"the template is not the table that was expected: {download}; "
            "`grader template FILE` says what it is taken for"
        )
    return found


def _number(asked: Asked, grade: Grade, scaling: Scaling, item: Item, before: str) -> str:
    """Return a grade as text: what stands there already, if that is the same number."""
    exact = points(grade, scaling, item.maximum)
    same = numbers.read(before, decimal_comma=asked.decimal_comma) == exact
    return before if same else numbers.written(exact, scaling.digits)


def _with_zeros(
    asked: Asked, layout: Layout, item: Item, rows: Sequence[int], joined: joining.Joined
) -> tuple[list[Grade], list[str]]:
    """Add a 0 for each row that has neither a grade of the run nor one of its own.

    `UsageError` where the run's students are none of the table's.
    """
    grades = list(joined.grades)
    if asked.missing == "skip" or not grades:
        return grades, []
    known = {grade.key for grade in grades}
    if known.isdisjoint(map(joined.key_of, rows)):
        raise UsageError(
            f"--missing zero: no row of {layout.title} is one of the run's students, so everybody "
            "would get a 0: is it the right table, and does --match name the right column?"
        )
    absent = [
        key
        for row in rows
        if (key := joined.key_of(row))
        and key not in known
        and layout.sheet.get(row, item.column).strip() in _EMPTY
    ]
    like = replace(
        grades[0], name=None, members=(), late=None, submitted_at=None, submissions=(),
        score=Fraction(0), feedback="nothing was handed in", why="",
    )  # fmt: skip
    return [*grades, *(replace(like, key=key) for key in absent)], absent


_EMPTY = ("", "-")


def _warnings(
    layout: Layout, done: Filled, zeros: Sequence[str], *, matched: bool
) -> Iterator[str]:
    if zeros:
        yield (
            f"0 for whom the run holds nothing: {listed(zeros)}; make sure that nothing of theirs "
            "was refused or left out"
        )
    yield from formulas(done.keys)
    if not matched:
        yield "no row was matched: is it the right table, and does --match name the right column?"
    yield from layout.notes
