"""The submissions to each challenge of an assignment, and what is none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader import discovery, intake
from grader.collecting.folders import WORK, about_of, check_apart, distinct, sort
from grader.collecting.student import choose
from grader.discovery import Skipped
from grader.errors import UsageError
from grader.executors import Task
from grader.intake import Ambiguous, Choice, Chosen, Intake, StoredFile
from grader.intake.attendance import Attendance
from grader.submission import identifier, printable_name


@dataclass(frozen=True, slots=True)
class Refused:
    """What a student handed in and cannot be graded; `challenge` is "" where no file is for any."""

    name: str
    challenge: str
    about: Mapping[str, Any]
    why: str


@dataclass(slots=True)
class Assigned:
    """The submissions to each challenge of an assignment, and what is none."""

    tasks: dict[str, list[Task]]
    refused: list[Refused] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def assign(
    paths: Sequence[Path],
    challenges: Sequence[str],
    out: Path,
    attendance: Attendance | None = None,
    *,
    fresh: bool = False,
) -> Assigned:
    """Search `paths` for the submissions to an assignment; `UsageError` if there is nothing.

    `attendance` is told who has handed in. `fresh` forgets what was imported into `out` before.
    """
    attendance = attendance or Attendance()
    paths_of = sort(paths, out / WORK, "all", fresh=fresh)
    found = Assigned({challenge: [] for challenge in challenges}, skipped=paths_of.skipped)
    places: dict[tuple[str, Any, Any], Path] = {}
    for work, held in paths_of.held.items():
        before = {challenge: len(tasks) for challenge, tasks in found.tasks.items()}
        _assign_entries(found, attendance.intake(held), work)
        for challenge, tasks in found.tasks.items():
            check_apart(places, challenge, tasks[before[challenge] :], work)
    if paths_of.plain:
        _assign_plain(found, paths_of.plain, attendance)
    _name_apart(found)
    if not any(found.tasks.values()) and not found.refused:
        raise UsageError(
            "there is no submission; name files, folders, or a download that holds some"
        )
    return found


def _name_apart(found: Assigned) -> None:
    """Give submissions of one name names of their own; a file may be one to several challenges."""
    chosen = {task.id: task for tasks in found.tasks.values() for task in tasks}
    named = dict(zip(chosen, distinct(list(chosen.values())), strict=True))
    for tasks in found.tasks.values():
        tasks[:] = [named[task.id] for task in tasks]


def _assign_entries(found: Assigned, held: Intake, work: Path) -> None:
    for entry in held.entries:
        name = printable_name(f"{entry.platform}:{entry.key}@{entry.attempt}")
        about = dict(about_of(entry, held.policy))
        tasks = {
            file: Task(
                f"{name}/{printable_name(file.name)}",
                work / file.path,
                id=identifier(f"{entry.id}/{file.path}"),
                about=about,
            )
            for file in entry.files
        }
        _take(found, name, about, tasks, intake.choose(entry, list(found.tasks), work))


def _assign_plain(found: Assigned, paths: Sequence[Path], attendance: Attendance) -> None:
    searched = discovery.find(paths)
    found.skipped += searched.skipped
    students: dict[str, list[Task]] = {}
    for task in searched.tasks:
        students.setdefault(_student_of(task, paths), []).append(task)
    for student, theirs in students.items():
        about = {"student": student, **attendance.plain(student)}
        read, choices = choose(theirs, student, list(found.tasks))
        tasks = {
            file: Task(task.name, task.path, task.follow_link, identifier(task.name), about)
            for file, task in read.items()
        }
        _take(found, student, about, tasks, choices)


def _take(
    found: Assigned,
    name: str,
    about: Mapping[str, Any],
    tasks: Mapping[StoredFile, Task],
    choices: Mapping[str, Choice],
) -> None:
    """Add what was chosen of one hand-in, and what there is to say about the rest."""
    used = set()
    for challenge, choice in choices.items():
        if isinstance(choice, Chosen):
            used.add(choice.file)
            found.tasks[challenge].append(tasks[choice.file])
            continue
        found.skipped.append(Skipped(Path(name), choice.sentence))
        if isinstance(choice, Ambiguous):
            used.update(choice.files)
            found.refused.append(Refused(name, challenge, about, choice.sentence))
    found.skipped += [
        Skipped(Path(task.name), "it is the submission for no challenge")
        for file, task in tasks.items()
        if file not in used
    ]
    if not used:
        why = "no file is a submission to any challenge"
        found.refused.append(Refused(name, "", about, why))


def _student_of(task: Task, paths: Sequence[Path]) -> str:
    """Return the name of the folder that a student's files are in, else of the file itself."""
    for path in paths:
        if not path.is_dir() or not task.path.is_relative_to(path):
            continue
        inside = task.path.relative_to(path).parts[1:]
        rest = printable_name("/".join(inside))
        if inside and task.name.endswith(f"/{rest}"):
            return task.name.removesuffix(f"/{rest}")
    return task.name
