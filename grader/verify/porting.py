"""How far are the right programs in another language from the reference, which is Python's?

Where nothing but rounding lies between them, their answers are as near as those of Python's own
submissions. They were run with everything else that ships; nothing is run again here.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from grader import languages
from grader.declared import MARGIN
from grader.languages import Language
from grader.verdict import Verdict
from grader.verify.certificate import Fault, Port
from grader.verify.soundness import Shipped
from grader.verify.subject import Subject
from grader.verify.tolerating import errors_of


def ports(subject: Subject, entries: Sequence[Shipped]) -> tuple[tuple[Port, ...], list[Fault]]:
    """Measure each language but the reference's own that has a file in submissions/accepted."""
    found, faults = [], []
    for language in languages.languages()[1:]:
        paths = _accepted(subject.loaded.folder, language)
        if not paths:
            continue
        errors = [
            error
            for entry in entries
            if entry.path in paths and entry.result.verdict is Verdict.ACCEPTED
            for error in _errors(subject, entry)
        ]
        farthest = max((error.in_s for error in errors), default=None)
        found.append(Port(language.title, len(paths), farthest, language.missing_engine()))
        # One fault a file, for the case in which it shows most.
        worst = {error.file: error for error in sorted(errors, key=lambda error: error.share)}
        faults += [_far(error) for error in worst.values() if error.share * MARGIN > 1]
    return tuple(found), faults


class _Error(NamedTuple):
    """How far a file's answer to a case is from the reference's, and what is allowed, in S."""

    file: str
    case: str
    in_s: float
    rtol: float

    @property
    def share(self) -> float:
        return self.in_s / self.rtol if self.in_s else 0.0


def _errors(subject: Subject, entry: Shipped) -> Iterator[_Error]:
    if subject.challenge.runs > 1:
        return
    for question, in_s in errors_of(subject, entry):
        rtol = subject.exam.calls[question.calls[0]].tolerance.rtol
        yield _Error(entry.path.name, question.data.name, in_s, rtol)


def _accepted(folder: Path, language: Language) -> list[Path]:
    files = sorted((folder / "submissions" / Verdict.ACCEPTED).glob("*"))
    return [path for path in files if languages.by_suffix(path) is language]


def _far(error: _Error) -> Fault:
    return Fault(
        "languages",
        f"accepted/{error.file} is {error.in_s:.2g} S from the reference in case {error.case!r}, "
        f"and rtol is {error.rtol:.2g}, where {MARGIN:g} times that is due: other languages round "
        "as Python does, so let the file compute in doubles what the reference does",
    )
