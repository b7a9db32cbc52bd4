"""In which language the headers of Moodle's grading worksheet are. Pure.

Moodle writes them in the language of whoever downloads the worksheet, and reads them only in that
of whoever uploads it. The table holds what was found in Moodle's published translations (the
feedback's header only for German and English); a worksheet in another language is not recognised.
"""

from typing import NamedTuple

from grader.lms.layout import Item, Layout, headers
from grader.lms.sheet import Sheet

TITLE = "Moodle's grading worksheet"
DOWNLOAD = "the file that the assignment's Download grading worksheet gives"


class Headers(NamedTuple):
    """What the columns that Moodle reads are called; `feedback` is "" where that is not known."""

    identifier: str
    grade: str
    modified: str
    feedback: str = ""


LANGUAGES = {
    "English": Headers("Identifier", "Grade", "Last modified (grade)", "Feedback comments"),
    "German": Headers("ID", "Bewertung", "Zuletzt geändert (Bewertung)", "Feedback als Kommentar"),
    "French": Headers("Identifiant", "Note", "Dernière modification (note)"),
    "Spanish": Headers("Identificador", "Calificación", "Última modificación (calificación)"),
}


def recognise(data: bytes) -> Layout | None:
    """Return the table as Moodle's worksheet, None if it is none or in another language."""
    sheet = Sheet.read(data)
    titles = headers(sheet)
    for language, known in LANGUAGES.items():
        if all(each in titles for each in known[:3]):
            return _layout(sheet, titles, language, known)
    return None


def _layout(sheet: Sheet, titles: list[str], language: str, known: Headers) -> Layout:
    return Layout(
        format="moodle-worksheet",
        title=TITLE,
        platform="moodle",
        sheet=sheet,
        header=0,
        rows=tuple(row for row in range(1, len(sheet)) if any(sheet.values(row))),
        keys={known.identifier: titles.index(known.identifier)},
        own=known.identifier,
        items=(Item(titles.index(known.grade), known.grade),),
        feedback=known.feedback if known.feedback in titles else None,
        language=language,
    )
