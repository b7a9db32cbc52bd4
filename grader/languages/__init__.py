"""The languages that a submission may be written in.

The box imports this package for its drivers, so that what only the judge needs (the text
work on a source) is imported when it is asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from grader.sandbox.faults import Invalid

if TYPE_CHECKING:
    from grader.sandbox.wire import Job
    from grader.spec import Challenge
    from grader.submission import Submission


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


def _none() -> None:
    return None


def encoded_job(job: "Job") -> bytes:
    """Return the frame of a job for a driver that works out by itself what the source says."""
    from grader.sandbox import wire  # numpy, which a command may do without

    return wire.encode_job(job)


@dataclass(frozen=True, slots=True)
class Language:
    """How one language is recognised and run: all that the judge knows of it.

    `title` is its name in sentences. `driver` is the dotted name of the module that runs it in
    the box; `starter` the file of a challenge that a student starts from. `check_source` looks
    at the bytes of a file before anything runs and returns what makes it no program at all;
    `explain` says what its failure to compile or to import means, given the packages that the
    challenge allows.
    `defined_names` and `parameter_names` read a source by its text alone.

    `missing_engine` says what to install where the language cannot be run, `engine_version`
    what it is run by, beside Python. CPU limits are `cpu_factor` times Python's. Without
    `has_arrays` lists stand for tuples and for numpy's arrays (see `form.in_the_form_of`), and
    there is no numpy in its box. `job_of` makes of a submission what the driver is sent first,
    `frame_of` of a call's encoded arguments what it is sent then.
    `words` are phrases of our own sentences that the language has others for.

    `program` is the file that the driver hands over to, for an engine that is one (see
    `sandbox.program`); such an engine crashes where it lacks memory.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    starter: str
    driver: str
    check_source: Callable[[bytes], SourceProblem | None]
    explain: Callable[[bytes, Invalid, Sequence[str]], SourceProblem | None]
    defined_names: Callable[[bytes], frozenset[str]]
    parameter_names: Callable[[bytes, str], tuple[str, ...]]
    missing_engine: Callable[[], str | None] = _none
    engine_version: Callable[[], tuple[str, ...]] = tuple
    cpu_factor: float = 1.0
    has_arrays: bool = True
    words: tuple[tuple[str, str], ...] = ()
    program: Callable[[], str | None] = _none
    job_of: Callable[["Job"], bytes] = encoded_job
    frame_of: Callable[[bytes], bytes] = bytes

    def versions(self, python: str, numpy: str) -> tuple[str, ...]:
        """Return the versions of all that a run in this language depends on."""
        return (python, *((numpy,) if self.has_arrays else ()), *self.engine_version())

    def file_name(self, name: str) -> str:
        """Return what a submission's file is called in the box: the same for all but its suffix."""
        suffix = PurePath(name).suffix.lower()
        return f"submission{suffix if suffix in self.suffixes else self.suffixes[0]}"

    def said(self, sentence: str) -> str:
        """Return a sentence of ours in the language's own words."""
        for ours, theirs in self.words:
            sentence = sentence.replace(ours, theirs)
        return sentence


def read(path: Path, name: str | None = None, *, follow_link: bool = True) -> "Submission":
    """Read a submission in the language of its suffix; `UsageError` if it cannot be read."""
    from grader import submission  # needed by the judge alone

    language = by_suffix(path) or languages()[0]
    return submission.read(path, name, language=language.name, follow_link=follow_link)


def by_name(name: str) -> Language:
    """Return the language that a submission is said to be in; `KeyError` if it is none of ours."""
    return {language.name: language for language in languages()}[name]


def engine_of(name: str, challenge: "Challenge") -> Language:
    """Return a language as `challenge` has it run: by its usual engine, or by the one asked for."""
    from grader.languages import javascript  # needed by the judge alone

    if name == javascript.LANGUAGE.name and challenge.javascript_engine == "node":
        return javascript.ON_NODE
    return by_name(name)


def by_suffix(path: PurePath) -> Language | None:
    """Return the language of a file by its suffix, None when it is none of ours."""
    return next((each for each in languages() if path.suffix.lower() in each.suffixes), None)


def suffixes() -> str:
    """Return what a source may be called, for a sentence: `.py, .js or .mjs`."""
    *most, last = (suffix for language in languages() for suffix in language.suffixes)
    return f"{', '.join(most)} or {last}"


def languages() -> tuple[Language, ...]:
    """Return every language; the first is what a file of no suffix of ours is taken for."""
    from grader.languages import javascript, python  # needed by the judge alone

    return (python.LANGUAGE, javascript.LANGUAGE)
