"""Feedback files for Moodle's assignments: each participant's report in one zip. No network.

Moodle reads from a path the participant's number and nothing else, so nothing else of a student is
in it. Equal grades give equal bytes: times are fixed and the order is that of the numbers.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping

from grader.errors import UsageError
from grader.intake.moodle import DEFAULT_GROUP
from grader.lms import filling, moodle
from grader.lms.exporting import Asked, Exported
from grader.lms.filling import Skipped
from grader.lms.moodle import Joined

FILE = "report.html"

_WORD = "feedback"
"""Where Moodle has a person's name."""
_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16
_UNIX = 3


def export(asked: Asked) -> Exported:
    """Return the zip; with a worksheet as the template, for people who are in it alone."""
    joined = _joined(asked)
    left = list(joined.left_out)
    pages = {}
    for key, grade in sorted(filling.by_key(joined.grades).items(), key=_by_number):
        if not (key.isascii() and key.isdigit()):
            left.append(Skipped(key, "no participant's number"))
        elif page := asked.page(grade):
            pages[key] = page
        else:
            left.append(Skipped(key, grade.why or "there is no report"))
    if not pages:
        why = "; ".join(f"{each.key!r}: {each.why}" for each in left[:1]) or "the run has no grade"
        raise UsageError(f"there is no report to put into the zip ({why})")
    return Exported(
        _zipped(pages), warnings=tuple(_warnings(asked)), skipped=tuple(left), written=len(pages)
    )


def _joined(asked: Asked) -> Joined:
    if asked.template is not None:
        return moodle.joined(asked, moodle.worksheet(asked.template))
    if asked.match is not None:
        raise UsageError(
            f"--match {asked.match} needs the worksheet whose column it is: give --template"
        )
    if any(grade.key == DEFAULT_GROUP for grade in asked.grades):
        raise UsageError(
            "the run is of an assignment in teams, whose numbers are other people's here: give the "
            "grading worksheet as --template, and --match name"
        )
    return Joined(tuple(moodle.numbered(asked.grades)))


def _by_number(item: tuple[str, object]) -> tuple[int, str]:
    return len(item[0]), item[0]


def _zipped(pages: Mapping[str, str]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for key, page in pages.items():
            member = zipfile.ZipInfo(f"{_WORD}_{key}_assignfeedback_file/{FILE}", _TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = _MODE
            member.create_system = _UNIX
            archive.writestr(member, page.encode("utf-8", "replace"))
    return data.getvalue()


def _warnings(asked: Asked) -> Iterator[str]:
    yield (
        "switch 'Feedback files' on in the assignment's settings, and choose 'Upload multiple "
        "feedback files in a zip' there; a worksheet that is uploaded later needs its tick at "
        "'Allow updating records …'"
    )
    if asked.template is None:
        yield (
            "Moodle passes over numbers that it does not know; in an assignment in teams the run's "
            "numbers are groups', here somebody else's: give the grading worksheet as --template "
            "to be sure"
        )
