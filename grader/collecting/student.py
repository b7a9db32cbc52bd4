"""Which of one student's files is the submission to a challenge, by what each defines."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import discovery, languages
from grader.discovery import Skipped
from grader.errors import UsageError
from grader.executors import Task
from grader.intake import Choice, Chosen, StoredFile, choosing
from grader.languages import suffixes
from grader.submission import entry_points


@dataclass(frozen=True, slots=True)
class Only:
    """The submission among the files of one student, None where there is none, and why."""

    task: Task | None
    why: str
    skipped: tuple[Skipped, ...] = ()


def only(folder: Path, challenge: str) -> Only:
    """Search the folder of one student for the submission to a challenge."""
    try:
        found = discovery.find([folder])
    except UsageError:
        wanted = f"hand in one that defines {challenge}"
        return Only(None, f"nothing was handed in that is a {suffixes()} file; {wanted}")
    read, choices = choose(found.tasks, "", [challenge])
    choice = choices[challenge]
    task = read[choice.file] if isinstance(choice, Chosen) else None
    return Only(task, choice.sentence, tuple(found.skipped))


def choose(
    tasks: Sequence[Task], student: str, challenges: Sequence[str]
) -> tuple[dict[StoredFile, Task], dict[str, Choice]]:
    """Return one student's files, and which of them is the submission to each challenge."""
    read: dict[StoredFile, Task] = {}
    implemented: dict[StoredFile, list[str]] = {}
    for task in tasks:
        file, names = _looked_at(task, student, challenges)
        read[file] = task
        implemented[file] = names
    return read, choosing.choices(list(read), implemented, challenges)


def _looked_at(task: Task, student: str, challenges: Sequence[str]) -> tuple[StoredFile, list[str]]:
    """Return a file as an intake would know it, and the challenges that it implements."""
    name = task.name.removeprefix(f"{student}/")
    try:
        read = languages.read(task.path, task.name, follow_link=task.follow_link)
    except UsageError:
        # That it cannot be read is said when it is graded, or that it is used for nothing.
        return StoredFile(str(task.path), name, "", 0), []
    names = languages.by_name(read.language).defined_names(read.source)
    sha256 = hashlib.sha256(read.source).hexdigest()
    file = StoredFile(str(task.path), name, sha256, len(read.source))
    return file, entry_points(names, challenges)
