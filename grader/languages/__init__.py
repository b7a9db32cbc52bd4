"""The languages that a submission may be written in.

The box imports this package for its drivers, so that what only the judge needs (the text
work on a source) is imported when it is asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from grader.sandbox.wire import Invalid


@dataclass(frozen=True, slots=True)
class SourceProblem:
    """What is wrong with a file: one sentence, and one that says what to do.

    `line` counts from 1 and is None where the whole file is meant. `kind` is a short word
    for reports and tests.
    """

    kind: str
    message: str
    hint: str
    line: int | None = None

    def __str__(self) -> str:
        where = f"line {self.line}: " if self.line is not None else ""
        return f"{where}{self.message}; {self.hint}"


@dataclass(frozen=True, slots=True)
class Language:
    """How one language is recognised and run.

    `driver` is the dotted name of the module that runs it in the box. `check_source` looks
    at the bytes of a file before anything runs and returns what makes it no program at all;
    `explain` says what its failure to compile or to import means, given the packages that
    the challenge allows.
    """

    name: str
    suffixes: tuple[str, ...]
    driver: str
    check_source: Callable[[bytes], SourceProblem | None]
    explain: Callable[[bytes, Invalid, Sequence[str]], SourceProblem | None]


def by_name(name: str) -> Language:
    """Return the language that a submission is said to be in; `KeyError` if it is none of ours."""
    return {language.name: language for language in _languages()}[name]


def by_suffix(path: PurePath) -> Language | None:
    """Return the language of a file by its suffix, None when it is none of ours."""
    return next((each for each in _languages() if path.suffix.lower() in each.suffixes), None)


def _languages() -> tuple[Language, ...]:
    from grader.languages import python  # needed by the judge alone

    return (python.LANGUAGE,)
