"""A regrade: a new generation of results beside the current one, and what would change.

Only what the change of a challenge asks for is run: where the inputs are the same, what the box
returned then is marked again. Nothing counts before it is published, and publishing is one number
in the store, so that taking it back is another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from grader.errors import UsageError
from grader.executors import Task
from grader.store import Case, Mark, Store

_PREVIOUS = "previous generation"
_DRAFT = "draft generation"


@dataclass(frozen=True, slots=True)
class Change:
    """A submission whose mark, verdict or cases are others after the regrade."""

    before: Mark
    after: Mark
    cases: tuple[str, ...]

    @property
    def points(self) -> float | None:
        """By how much its score changes; None where either has none."""
        if self.before.score is None or self.after.score is None:
            return None
        return round(self.after.score - self.before.score, 6)


def tasks(store: Store, challenge: str) -> list[Task]:
    """Return the submissions to a challenge of the run, as they were graded."""
    graded = {mark.submission for mark in store.marks() if mark.challenge == challenge}
    return [
        Task(each.name, each.path, id=each.id, about=each.about)
        for each in store.submissions()
        if each.id in graded
    ]


def chosen(store: Store, asked: Sequence[str]) -> list[str]:
    """Return which challenges of the run to grade again: those asked for, by default all."""
    unknown = [each for each in asked if each not in store.challenges]
    if unknown:
        raise UsageError(
            f"the run has no challenge {unknown[0]!r}; it has {', '.join(store.challenges)}"
        )
    return [each for each in store.challenges if not asked or each in asked]


def draft(store: Store, challenges: Sequence[str]) -> int:
    """Begin a generation that does not count yet; one that was not published is replaced.

    It begins with the results of all challenges but `challenges`, so that publishing it changes
    these alone.
    """
    old = store.meta(_DRAFT)
    generation = max(store.generation, int(old or 0)) + 1
    if old:
        store.drop_generation(int(old))
    for challenge in store.challenges:
        if challenge not in challenges:
            store.copy_results(challenge, store.generation, generation)
    store.set_meta(_DRAFT, str(generation))
    store.commit()
    return generation


def changes(store: Store, before: int, after: int) -> Iterator[Change]:
    """Yield what differs between two generations, by submission."""
    old = {(mark.submission, mark.challenge): mark for mark in store.marks(before)}
    for mark in list(store.marks(after)):
        was = old.get((mark.submission, mark.challenge))
        if was is None or was.judgement == mark.judgement:
            continue
        told = tuple(_differences(store.cases(was.judgement), store.cases(mark.judgement)))
        if told or (was.verdict, was.score, was.max_score) != (
            mark.verdict,
            mark.score,
            mark.max_score,
        ):
            yield Change(was, mark, told)


def publish(store: Store) -> int:
    """Let the draft count; return how many results it has. `UsageError` where there is none."""
    generation = store.meta(_DRAFT)
    if not generation:
        raise UsageError("there is no regrade to publish: run `grader regrade DIR` first")
    _check_complete(store, int(generation))
    store.set_meta(_PREVIOUS, str(store.generation))
    store.set_meta("generation", generation)
    store.set_meta(_DRAFT, "")
    store.note("publish", f"generation {generation}")
    store.commit()
    return store.count()


def roll_back(store: Store) -> int:
    """Let the generation before the published one count again; return how many results it has."""
    previous = store.meta(_PREVIOUS)
    if not previous:
        raise UsageError("there is nothing to take back: no regrade was published")
    store.set_meta(_DRAFT, str(store.generation))
    store.set_meta("generation", previous)
    store.set_meta(_PREVIOUS, "")
    store.note("rollback", f"generation {previous}")
    store.commit()
    return store.count()


def _check_complete(store: Store, generation: int) -> None:
    """Refuse to publish what would cost marks: a regrade that was stopped."""
    faults = {(submission, challenge) for submission, challenge, _, _ in store.faults()}
    now = {(mark.submission, mark.challenge) for mark in store.marks()} - faults
    missing = now - {(mark.submission, mark.challenge) for mark in store.marks(generation)}
    if missing:
        raise UsageError(
            f"the regrade lacks {len(missing)} of {len(now)} results: it was stopped, or more were "
            "graded since; run `grader regrade DIR` again"
        )


def _differences(before: Sequence[Case], after: Sequence[Case]) -> Iterator[str]:
    """Say which cases differ, and how."""
    old = {(case.group, case.name): case for case in before}
    for case in after:
        was = old.pop((case.group, case.name), None)
        place = f"{case.group}/{case.name}"
        if was is None:
            yield f"{place}: new, {_told(case)}"
        elif (was.verdict, was.score, was.max_score) != (case.verdict, case.score, case.max_score):
            yield f"{place}: {_told(was)} became {_told(case)}"
    for group, name in old:
        yield f"{group}/{name}: no longer there"


def _told(case: Case) -> str:
    score = "no mark" if case.score is None else f"{case.score:g} of {case.max_score:g}"
    return f"{case.verdict.replace('_', ' ')} ({score})"
