"""The submissions to one challenge: of each student the attempts that count."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grader import discovery, intake
from grader.collecting.folders import WORK, about_of, check_apart, distinct, sort
from grader.discovery import Found, Skipped
from grader.errors import UsageError
from grader.executors import Task
from grader.intake import Chosen, Intake
from grader.intake.attendance import Attendance
from grader.submission import printable_name

_MOST_TOLD = 3


def collect(
    paths: Sequence[Path],
    challenge: str,
    out: Path,
    attendance: Attendance | None = None,
    *,
    fresh: bool = False,
) -> Found:
    """Search `paths` for the submissions to a challenge; `UsageError` if there is none.

    `attendance` is told who has handed in. `fresh` forgets what was imported into `out` before.
    """
    attendance = attendance or Attendance()
    paths_of = sort(paths, out / WORK, "latest", fresh=fresh)
    found = Found(skipped=paths_of.skipped)
    places: dict[tuple[str, Any, Any], Path] = {}
    for work, held in paths_of.held.items():
        tasks = list(_chosen_of(found.skipped, attendance.intake(held), challenge, work))
        check_apart(places, challenge, tasks, work)
        found.tasks += tasks
    if paths_of.plain:
        more = discovery.find(paths_of.plain)
        for task in more.tasks:
            attendance.plain(task.name)
        found.tasks += more.tasks
        found.skipped += more.skipped
    if not found.tasks:
        told = "".join(f"; {each.path}: {each.reason}" for each in found.skipped[:_MOST_TOLD])
        raise UsageError(f"nobody has handed in a submission to {challenge}{told}")
    found.tasks = distinct(found.tasks)
    return found


def _chosen_of(skipped: list[Skipped], held: Intake, challenge: str, work: Path) -> Iterator[Task]:
    """Yield the submissions of an import; who has none is put into `skipped`."""
    for entry in intake.counted(held):
        choice = intake.choose(entry, [challenge], work)[challenge]
        name = printable_name(f"{entry.platform}:{entry.key}")
        if held.policy != "latest":
            name += f"@{entry.attempt}"
        if isinstance(choice, Chosen):
            file = choice.file
            yield Task(
                f"{name}/{printable_name(file.name)}",
                work / file.path,
                id=entry.id,
                about=dict(about_of(entry, held.policy)),
            )
        else:
            skipped.append(Skipped(Path(name), choice.sentence))
