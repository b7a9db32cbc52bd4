"""What Moodle's three formats share: whose row of a worksheet is whose, and feedback as HTML. Pure.

Theory of operation. Moodle passes over what it does not like without a word (a row of somebody
unknown, a grade above the maximum) and takes the rest, so whatever it would pass over is refused
or listed here, before anything is written. A worksheet's row is a person by `Participant N`; the
run's key is the same N, for it comes from the folders of Moodle's download. With teams it is not:
there the key is the group's number, which no worksheet has and which may well be some other
person's N. Such grades are joined by the group's name if that is asked for, and not at all else.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape as html_escape

from grader.errors import UsageError
from grader.intake import moodle_worksheet
from grader.intake.moodle_worksheet import LANGUAGES, Columns, participant
from grader.lms import feedback, filling, joining
from grader.lms.exporting import Asked
from grader.lms.filling import Skipped
from grader.lms.grades import Grade
from grader.lms.sheet import Sheet
from grader.reports import escape

PLATFORM = "moodle"


# --- The worksheet --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Worksheet:
    """A worksheet of which every row that is not blank is a participant's."""

    sheet: Sheet
    columns: Columns

    @cached_property
    def rows(self) -> Sequence[int]:
        """The rows of people."""
        return [row for row in range(1, len(self.sheet)) if any(self.sheet.values(row))]

    def key(self, row: int) -> str:
        """Return the participant's number; `UsageError` where a row has none."""
        text = self.sheet.get(row, self.columns.identifier)
        number = participant(text)
        if number is None:
            raise UsageError(
                f"row {row + 1} of the worksheet is called {escape.line(text)!r}; expected a "
                "number as in 'Participant 12': Moodle would pass over it; download it again"
            )
        return number

    def cell(self, row: int, column: int | None) -> str:
        """Return what a row says there, "" where the worksheet has no such column."""
        return "" if column is None else self.sheet.get(row, column)


def worksheet(template: bytes | None) -> Worksheet:
    """Read a worksheet; `UsageError` where there is none or it is another table."""
    if template is None:
        raise UsageError(
            "there is no worksheet: give the one that Moodle's assignment lets you download "
            "(Download grading worksheet) as --template"
        )
    sheet = Sheet.read(template)
    header = sheet.values(0) if len(sheet) else []
    columns = moodle_worksheet.columns(header)
    if columns is None:
        english = LANGUAGES[0]
        raise UsageError(
            f"the table is no grading worksheet of Moodle's: expected the columns "
            f"{english.identifier!r}, {english.grade!r} and {english.graded_at!r}, or those of "
            f"another known language ({', '.join(each.language for each in LANGUAGES[1:])}), "
            f"it has {escape.line(', '.join(header)) or 'none'}; download the worksheet from the "
            "assignment, with Moodle in a known language"
        )
    found = Worksheet(sheet, columns)
    if not found.rows:
        raise UsageError("the worksheet has no rows: download it again, with all participants")
    return found


# --- Who gets which -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Joined:
    """Grades by the number of their participant, and those for which there is no row."""

    grades: tuple[Grade, ...]
    left_out: tuple[Skipped, ...] = ()


def joined(asked: Asked, found: Worksheet) -> Joined:
    """Return each participant's grade, with the participant's number as its key.

    `UsageError` where the run's keys are not participants', or a name could mean two.
    """
    columns = found.columns
    if asked.match is None:
        return _by_number(asked.grades, found)
    if asked.match == joining.BY_NAME:
        column = columns.name if columns.group is None else columns.group
        if column is None:
            raise UsageError("the worksheet has no names (blind marking): leave --match out")
        return _by_text(asked.grades, found, column, lambda grade: grade.name or "", _letters)
    titles = [title.strip() for title in found.sheet.values(0)]
    column = filling.column_of(titles, asked.match, "key")
    if any(grade.platform == PLATFORM for grade in asked.grades):
        raise UsageError(
            f"--match {asked.match}: the run's keys are participants' (or groups') numbers, which "
            "stand in no such column: leave --match out, or give --match name"
        )
    if column == columns.identifier:
        return _present(joining.people(asked.grades), found)
    people = joining.people(asked.grades)
    return _by_text(people, found, column, lambda grade: grade.key, str.casefold)


def refuse_allowing(asked: Asked) -> None:
    """Raise `UsageError` where grades above the maximum are to stay: Moodle never takes any."""
    if asked.scaling.over_max == "allow":
        raise UsageError(
            "--over-max allow: Moodle takes no grade above the maximum (a worksheet's is passed "
            "over without a word, a gradebook's aborts the import): give --over-max clamp"
        )


def numbered(grades: Iterable[Grade]) -> Sequence[Grade]:
    """Return grades whose keys are those of Moodle's download; `UsageError` with any other."""
    kept = list(grades)
    others = sorted({each.platform or "files" for each in kept} - {PLATFORM})
    if others:
        raise UsageError(
            f"the run's keys are those of {' and '.join(others)}, and Moodle knows participants of "
            "one assignment by their numbers: name the worksheet's column in which the keys stand "
            "by --match, or grade Moodle's own download"
        )
    return kept


def _by_number(grades: Iterable[Grade], found: Worksheet) -> Joined:
    if found.columns.group is not None:
        title = found.sheet.get(0, found.columns.group)
        raise UsageError(
            f"the worksheet is of an assignment in teams (it has the column {title!r}): its rows "
            "are people, and the run's keys are groups' numbers, which Moodle does not write into "
            "it; give --match name to join them by the groups' names"
        )
    return _present(numbered(grades), found)


def _present(grades: Iterable[Grade], found: Worksheet) -> Joined:
    there = {found.key(row) for row in found.rows}
    kept = filling.by_key(grades)
    missing = [
        Skipped(key, "no row of the worksheet has this number") for key in kept.keys() - there
    ]
    return Joined(tuple(kept[key] for key in kept if key in there), tuple(sorted(missing)))


def _by_text(
    grades: Iterable[Grade],
    found: Worksheet,
    column: int,
    said: Callable[[Grade], str],
    folded: Callable[[str], str],
) -> Joined:
    """Join by what stands in a column. People of one team share it, nobody else may."""
    shared = column == found.columns.group
    rows = defaultdict(list)
    for row in found.rows:
        rows[folded(found.sheet.get(row, column))].append(row)
    taken: dict[str, Grade] = {}
    made, missing = [], []
    for grade in grades:
        text = folded(said(grade))
        here = rows.get(text, []) if text else []
        if not here:
            missing.append(Skipped(grade.key, f"no row of the worksheet has {said(grade)!r}"))
            continue
        different = {found.sheet.get(row, column) for row in here}
        if text in taken or (len(different) > 1 if shared else len(here) > 1):
            raise UsageError(
                f"{said(grade)!r} could mean two: nothing is written; rename one of them in Moodle "
                "and download again, or enter these grades by hand"
            )
        taken[text] = grade
        made += [replace(grade, key=found.key(row)) for row in here]
    return Joined(tuple(made), tuple(missing))


def _letters(name: str) -> str:
    """Return what of a name is left wherever Moodle writes it: it drops other characters of some.

    >>> _letters("Team_A/x"), _letters("team A  x")
    ('teamax', 'teamax')
    """
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name))).casefold()


# --- Feedback -------------------------------------------------------------------------------------


def as_html(text: str) -> str:
    """Return feedback as Moodle's HTML, which shows it as it is, lines and all.

    It begins with `<` and ends with `>` and has no quote in it: so no spreadsheet takes it for a
    formula, and PHP, for which a backslash escapes the quote behind it, finds the cell's end.
    """
    limit = feedback.CELL_LIMIT
    lines = text.expandtabs(4).splitlines()
    safe = "\n".join(escape.line(each, limit) for each in lines)
    size = limit
    while len(shown := _marked_up(feedback.cut(safe, size))) > limit:
        size = size * limit // len(shown)
    return shown


def _marked_up(text: str) -> str:
    tag = "pre" if "\n" in text else "p"
    return f"<{tag}>{html_escape(text)}</{tag}>"
