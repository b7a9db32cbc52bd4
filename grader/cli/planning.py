"""What `grader batch` is asked for: one challenge, or all of an assignment's."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader import assignment as assignments
from grader import collecting, marks
from grader.batch import Batch
from grader.discovery import Skipped
from grader.errors import UsageError
from grader.executors import Task
from grader.executors.worker import Setup, prepare
from grader.intake import roster as rosters
from grader.intake.attendance import Attendance
from grader.marks import Expected, Rules, Student
from grader.store import FILE, Store
from grader.submission import printable_name

_ROSTER = "roster"


@dataclass(frozen=True, slots=True)
class Plan:
    """The challenges with the submissions to each, and who has handed in.

    `assignment` and `roster` are their texts, "" without one.
    """

    setups: tuple[Setup, ...]
    tasks: dict[str, list[Task]]
    skipped: list[Skipped]
    attendance: Attendance
    assignment: str = ""
    expected: tuple[Expected, ...] = ()
    roster: str = ""


def planned(
    challenge: str,
    paths: Sequence[Path],
    out: Path,
    roots: tuple[Path, ...],
    secret: bytes,
    tier: str,
    roster: str,
    *,
    fresh: bool,
) -> Plan:
    """Find out what is to be graded; `UsageError` before anything is, where something is wrong.

    `fresh` forgets what was imported for an earlier run in `out`.
    """
    attendance = Attendance(rosters.parsed(roster) if roster else None)
    if not challenge.endswith(".toml"):
        setup = prepare(challenge, roots, secret, tier)
        found = collecting.collect(paths, setup.challenge, out, attendance, fresh=fresh)
        tasks = {setup.challenge: found.tasks}
        return Plan((setup,), tasks, found.skipped, attendance, roster=roster)
    path = Path(challenge)
    data = assignments.read(path)
    assignment = assignments.parsed(data, printable_name(challenge))
    setups = tuple(prepare(part.id, roots, secret, tier) for part in assignment.challenges)
    for part, setup in zip(assignment.challenges, setups, strict=True):
        if part.id != setup.challenge:
            raise UsageError(
                f"{printable_name(challenge)}: {part.id!r} is a challenge's folder; write "
                f'id = "{setup.challenge}"'
            )
    rules = Rules(assignment, {setup.challenge: setup.max_score for setup in setups})
    marks.max_total(rules)  # refuses a `drop` that does not fit
    assigned = collecting.assign(paths, rules.challenges, out, attendance, fresh=fresh)
    expected = [
        Expected(task.id, task.name, name, task.about)
        for name, tasks in assigned.tasks.items()
        for task in tasks
    ]
    expected += [
        Expected("", each.name, each.challenge, each.about, each.why) for each in assigned.refused
    ]
    return Plan(
        setups,
        assigned.tasks,
        assigned.skipped,
        attendance,
        data.decode("utf-8-sig"),
        tuple(expected),
        roster,
    )


def roster_of(given: Path | None, out: Path, *, fresh: bool) -> str:
    """Return the text of the roster given, else of the one that the run in `out` has, else ""."""
    if given is not None:
        text = rosters.text_of(given)
        rosters.parsed(text)  # an empty file is no roster, and not to be taken for none
        return text
    path = out / FILE
    if fresh or not path.is_file():
        return ""
    with Store.reading(path) as store:
        return store.meta(_ROSTER)


def remember(store: Store, plan: Plan) -> None:
    """Keep the roster, and who has handed in nothing; what was handed in to an assignment.

    What no longer is has no results any more.
    """
    store.set_meta(_ROSTER, plan.roster)
    missing = plan.attendance.missing()
    marks.remember_missing(
        store, {Student(each.platform, each.key): each.about for each in missing}
    )
    store.commit()
    if not plan.assignment:
        return
    marks.remember(store, plan.expected)
    for challenge, tasks in plan.tasks.items():
        store.keep_results(challenge, store.generation, [task.id for task in tasks])
    store.commit()


def without_a_mark(works: Sequence[Batch]) -> dict[str, str]:
    """Return why submissions have no mark, by their names, which say the challenge of several."""
    return {
        f"{name} ({work.challenge})" if len(works) > 1 else name: why
        for work in works
        for name, why in work.without_a_mark().items()
    }
