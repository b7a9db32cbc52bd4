"""Which of a student's files is the submission for which challenge. Executes nothing.

A file is one for a challenge if it defines the entry point, by its text alone. Two that do
are an ambiguity, which is named and not resolved: unless they are the same, or the same file
handed in again (`solution.py`, `solution-1.py`), of which the last counts. An only file that
defines none is taken all the same: whoever wrote it is to be told what is wrong with it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader import submission
from grader.intake.manifest import Entry, StoredFile
from grader.languages import by_suffix, languages

_AGAIN = re.compile(r"-[0-9]{1,4}$")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The file that counts for a challenge, and why."""

    file: StoredFile
    sentence: str


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several files that could count; the sentence names them and says what to do."""

    files: tuple[StoredFile, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """No file for a challenge."""

    sentence: str


Choice = Chosen | Ambiguous | Nothing


def choose(entry: Entry, challenges: Sequence[str], root: Path) -> dict[str, Choice]:
    """Return the choice for each challenge; `root` is the WORK folder."""
    return choices(
        entry.files,
        {file: _implemented(file, challenges, root) for file in entry.files},
        challenges,
    )


def choices(
    files: Sequence[StoredFile],
    implemented: Mapping[StoredFile, Sequence[str]],
    challenges: Sequence[str],
) -> dict[str, Choice]:
    """Choose by what each file implements. Pure."""
    if len(files) == 1 and not implemented[files[0]]:
        only = Chosen(files[0], f"{files[0].name} is the only file")
        return dict.fromkeys(challenges, only)
    return {
        challenge: _choice(challenge, [file for file in files if challenge in implemented[file]])
        for challenge in challenges
    }


def unused(entry: Entry, chosen: Mapping[str, Choice]) -> list[str]:
    """Return a sentence for each file that is the submission for no challenge."""
    used = {choice.file for choice in chosen.values() if isinstance(choice, Chosen)}
    return [
        f"{file.name} is skipped: it is the submission for no challenge"
        for file in entry.files
        if file not in used
    ]


def _implemented(file: StoredFile, challenges: Sequence[str], root: Path) -> list[str]:
    language = by_suffix(PurePosixPath(file.path)) or languages()[0]
    source = submission.read(root / file.path, follow_link=False).source
    return submission.entry_points(language.defined_names(source), challenges)


def _choice(challenge: str, candidates: Sequence[StoredFile]) -> Choice:
    if not candidates:
        return Nothing(f"no file defines {challenge}; hand in one that does")
    last = _last(candidates)
    if last is None:
        names = " and ".join(file.name for file in candidates)
        sentence = f"{names} each define {challenge}; hand in one of them"
        return Ambiguous(tuple(candidates), sentence)
    if len(candidates) == 1:
        return Chosen(last, f"{last.name} defines {challenge}")
    others = ", ".join(file.name for file in candidates if file is not last)
    return Chosen(last, f"{last.name} defines {challenge}; {others}: an earlier or equal copy")


def _last(candidates: Sequence[StoredFile]) -> StoredFile | None:
    """Return the only one there is, or the last of what is one file handed in several times."""
    if len({file.sha256 for file in candidates}) == 1:
        return candidates[0]
    again = {_original(file.name) for file in candidates}
    orders = {file.order for file in candidates}
    if len(again) == 1 and len(orders) == len(candidates):
        return max(candidates, key=lambda file: file.order)
    return None


def _original(name: str) -> str:
    """Return a file's name before a platform told a later one of its name apart.

    >>> _original("src/solution-1.py")
    'src/solution.py'
    """
    path = PurePosixPath(name)
    return str(path.with_name(_AGAIN.sub("", path.stem) + path.suffix))
