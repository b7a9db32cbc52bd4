"""Moodle's offline grading worksheet, filled in: the file for grades of its assignments. Pure.

Template in, template out: of all bytes only those of the cells for grade and feedback change. What
Moodle compares on upload, above all the last change of the grade, comes back as it was; a feedback
cell is never emptied, for that would erase what is there.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from grader.errors import UsageError
from grader.intake.moodle_worksheet import is_submitted
from grader.lms import filling, moodle
from grader.lms.exporting import Asked, Exported
from grader.lms.filling import Filled, Skipped, Wanted
from grader.lms.grades import Grade
from grader.lms.moodle import Worksheet
from grader.lms.numbers import Scaling, read, written
from grader.lms.scaling import for_column, points
from grader.reports import escape

_LOCKED = "it cannot be changed, says Moodle: locked or overridden in the gradebook"
_FORMULA_STARTS = frozenset("=+-@")


def export(asked: Asked) -> Exported:
    """Fill a worksheet; `UsageError` where Moodle would take it for something else."""
    moodle.refuse_allowing(asked)
    worksheet = moodle.worksheet(asked.template)
    sheet, columns = worksheet.sheet, worksheet.columns
    joined = moodle.joined(asked, worksheet)
    maximum = _maximum(worksheet)
    scaling = for_column(asked, maximum, f"the column {columns.words.maximum!r}")
    zeros, left = _missing(worksheet, joined.grades, maximum, asked.missing == "zero")

    def cells_of(row: int, grade: Grade) -> Wanted | str:
        return _cells(worksheet, row, grade, scaling, maximum)

    filled = filling.fill(sheet, worksheet.rows, worksheet.key, [*joined.grades, *zeros], cells_of)
    filled.skipped += [*joined.left_out, *left]
    warnings = _warnings(worksheet, joined.grades, filled)
    return Exported(sheet.to_bytes(), filled, tuple(warnings))


def _cells(
    worksheet: Worksheet, row: int, grade: Grade, scaling: Scaling, maximum: Fraction
) -> Wanted | str:
    """Return what a row's cells are to hold, or why nothing is to change."""
    columns = worksheet.columns
    if worksheet.cell(row, columns.changeable).strip().casefold() == columns.words.no.casefold():
        return _LOCKED
    wanted = {}
    exact = points(grade, scaling, maximum)
    if read(worksheet.cell(row, columns.grade), decimal_comma=True) != exact:
        wanted[columns.grade] = written(exact, scaling.digits)
    if grade.feedback.strip() and columns.feedback is not None:
        wanted[columns.feedback] = moodle.as_html(grade.feedback)
    return wanted


def _maximum(worksheet: Worksheet) -> Fraction:
    """Return the assignment's maximum, which every row of a worksheet repeats."""
    column = worksheet.columns.maximum
    if column is None:
        raise UsageError(
            f"the worksheet has no column {worksheet.columns.words.maximum!r}: the assignment is "
            "graded by a scale, and a score is none of its words; set it to points in Moodle and "
            "download the worksheet again"
        )
    # Moodle writes it as its language does, and never with anything between thousands.
    numbers = {row: read(worksheet.cell(row, column), decimal_comma=True) for row in worksheet.rows}
    ((most, _),) = Counter(numbers.values()).most_common(1)
    if most is None or most <= 0:
        shown = escape.line(worksheet.cell(worksheet.rows[0], column))
        raise UsageError(
            f"the worksheet's maximum grade is {shown!r}; expected one number above 0 in every "
            "row: download it again"
        )
    other = next((row for row, number in numbers.items() if number != most), None)
    if other is not None:
        raise UsageError(
            f"row {other + 1} of the worksheet has the maximum grade "
            f"{escape.line(worksheet.cell(other, column))!r}, and others have {written(most)}: "
            "expected one in every row; take that row out and enter its grade by hand, for a name "
            r"with \" in it shifts what follows; or download it again"
        )
    return most


def _missing(
    worksheet: Worksheet, grades: Iterable[Grade], maximum: Fraction, wanted: bool
) -> tuple[list[Grade], list[Skipped]]:
    """Return a zero for each row for which nothing was handed in, and who gets none, and why.

    Moodle may know of something that the run does not, or somebody may have given a grade.
    """
    zeros: list[Grade] = []
    left: list[Skipped] = []
    if not wanted:
        return zeros, left
    given = {grade.key for grade in grades}
    for row in worksheet.rows:
        key = worksheet.key(row)
        if key in given:
            continue
        before = worksheet.cell(row, worksheet.columns.grade).strip()
        if is_submitted(worksheet.cell(row, worksheet.columns.status), worksheet.columns.words):
            left.append(Skipped(key, "handed in by what Moodle says, and the run has no grade"))
        elif before:
            left.append(Skipped(key, f"nothing was handed in, and there is the grade {before}"))
        else:
            zeros.append(_zero(key, maximum))
    return zeros, left


def _zero(key: str, maximum: Fraction) -> Grade:
    said = "Nothing was handed in."
    return Grade(
        moodle.PLATFORM, key, None, (), Fraction(0), maximum, None, None, (), feedback=said
    )


def _warnings(worksheet: Worksheet, grades: Iterable[Grade], filled: Filled) -> Iterator[str]:
    words, sheet = worksheet.columns.words, worksheet.sheet
    yield (
        f"upload it with Moodle in {words.language}, its header's language, and tick 'Allow "
        "updating records that have been modified more recently than the spreadsheet': without, "
        "Moodle passes over rows that it takes for older ones, and says nothing"
    )
    yield (
        "upload it soon: what somebody grades in Moodle between download and upload is "
        "overwritten by that tick, feedback included"
    )
    if sheet.delimiter != "," or sheet.encoding != "utf-8":
        yield (
            f"the table is not as Moodle writes it (separator {sheet.delimiter!r}, encoding "
            f"{sheet.encoding}): choose these on upload, or download it again and keep it away "
            "from spreadsheets"
        )
    if worksheet.columns.feedback is None and any(grade.feedback for grade in grades):
        yield (
            f"the worksheet has no column {words.feedback!r}, so grades alone are written: switch "
            "feedback comments on in the assignment's settings and download it again"
        )
    if any(each.why == _LOCKED for each in filled.skipped):
        yield (
            "a grade that is overridden in the gradebook (an import of a gradebook CSV does that) "
            "stays as it is until the override is taken back there"
        )
    if any(map(_is_formula, (cell for row in worksheet.rows for cell in sheet.values(row)))):
        yield (
            "the worksheet holds texts that a spreadsheet would run as a formula; they stay as "
            "Moodle wrote them, so upload the file without opening it in one"
        )


def _is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet may run a cell; Moodle's `-` for nothing is none."""
    bare = cell.strip()
    return len(bare) > 1 and bare[0] in _FORMULA_STARTS and read(bare, decimal_comma=True) is None
