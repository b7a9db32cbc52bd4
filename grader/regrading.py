"""A regrade: a new generation of results beside the current one, and what would change.

Only what the change of a challenge asks for is run: where the inputs are the same, what the box
returned then is marked again. Nothing counts before it is published, and publishing is one number
in the store, so that taking it back is another.

A regrade costs nobody their mark. Who cannot be graded again, for a fault of ours or because the
file is gone or is another one by now, keeps what counts. And it is about the results that were
there when it began: once a batch has changed them, neither publishing nor taking back would leave
everybody the mark of what they have handed in last, so both are refused.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader import languages
from grader.errors import UsageError
from grader.executors import Task
from grader.store import Case, Filed, Mark, Store

_PREVIOUS = "previous generation"
_DRAFT = "draft generation"
_BASIS = "results that the draft is of"
_PUBLISHED = "results when they were published"

Place = tuple[str, str]
"""A submission's id and a challenge's."""


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


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be graded again for a challenge, and why what else was graded cannot be."""

    tasks: tuple[Task, ...]
    unlike: Mapping[str, str]
    """By a submission's id: a sentence on its file, which is not what was graded."""


def due(store: Store, challenge: str) -> Due:
    """Return the submissions to a challenge of the run whose files are as they were graded."""
    graded = {mark.submission for mark in store.marks() if mark.challenge == challenge}
    filed = [each for each in store.submissions() if each.id in graded]
    unlike = {each.id: why for each in filed if (why := _why_unlike(each))}
    # What was named directly may be a link; what was found in a folder was none.
    ready = (
        Task(each.name, each.path, follow_link=True, id=each.id, about=each.about)
        for each in filed
        if each.id not in unlike
    )
    return Due(tuple(ready), unlike)


def named(store: Store, found: Mapping[str, Due]) -> dict[str, str]:
    """Return why files were not graded again, by name, with the challenge where of several."""
    names = {each.id: each.name for each in store.submissions()}
    return {
        f"{names[submission]} ({challenge})" if len(found) > 1 else names[submission]: why
        for challenge, each in found.items()
        for submission, why in each.unlike.items()
    }


def _why_unlike(filed: Filed) -> str:
    """Say what is wrong with a submission's file; "" where it is the one that was graded."""
    if not filed.sha256:
        return "its file could not be read: start the batch again first"
    try:
        read = languages.read(filed.path, filed.name, follow_link=True)
    except UsageError as error:
        return str(error)
    if hashlib.sha256(read.source).hexdigest() != filed.sha256:
        return "its file is another one than was graded: start the batch again first"
    return ""


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
    these alone. What has had all its tries for a fault of ours gets them anew: a mended challenge
    may be what it waits for.
    """
    old = store.meta(_DRAFT)
    generation = max(store.generation, int(old or 0)) + 1
    if old:
        store.drop_generation(int(old))
    for challenge in store.challenges:
        if challenge not in challenges:
            store.copy_results(challenge, store.generation, generation)
    for submission, challenge, _, _ in store.faults():
        if challenge in challenges:
            store.recover(submission, challenge)
    store.set_meta(_DRAFT, str(generation))
    store.set_meta(_BASIS, _digest(store))
    store.commit()
    return generation


def keep_marks(store: Store, generation: int) -> list[Place]:
    """Let who has no mark in a draft keep the one that counts; return whom and for what.

    For when all has been graded again that could be.
    """
    lacking = _lacking(store, generation)
    for submission, challenge in lacking:
        judgement = store.result_of(submission, challenge, store.generation)
        if judgement is not None:
            store.assign(submission, challenge, generation, judgement)
        store.recover(submission, challenge)
    store.commit()
    return lacking


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
    if store.meta(_BASIS) != _digest(store):
        raise UsageError(
            "what counts has changed since the regrade began, by another run of the batch: run "
            "`grader regrade DIR` again, which does only what is new"
        )
    lacking = _lacking(store, int(generation))
    if lacking:
        raise UsageError(
            f"the regrade lacks {len(lacking)} of the marks that count: it was stopped; run "
            "`grader regrade DIR` again"
        )
    store.set_meta(_PREVIOUS, str(store.generation))
    store.set_meta("generation", generation)
    store.set_meta(_DRAFT, "")
    store.set_meta(_PUBLISHED, _digest(store))
    store.note("publish", f"generation {generation}")
    store.commit()
    return store.count()


def roll_back(store: Store) -> int:
    """Let the generation before the published one count again; return how many results it has."""
    previous = store.meta(_PREVIOUS)
    if not previous:
        raise UsageError("there is nothing to take back: no regrade was published")
    # A run that an earlier version published does not say what it was then.
    if store.meta(_PUBLISHED) not in ("", _digest(store)):
        raise UsageError(
            "more was graded since the regrade was published, which taking it back would lose: "
            "make the challenge what it was, run `grader regrade DIR` and publish that"
        )
    store.set_meta(_DRAFT, str(store.generation))
    store.set_meta("generation", previous)
    store.set_meta(_BASIS, _digest(store))
    store.set_meta(_PREVIOUS, "")
    store.note("rollback", f"generation {previous}")
    store.commit()
    return store.count()


def _lacking(store: Store, generation: int) -> list[Place]:
    """Return who has a mark that counts, and none in a generation."""
    there = {(m.submission, m.challenge) for m in store.marks(generation) if m.score is not None}
    now = [(m.submission, m.challenge) for m in store.marks() if m.score is not None]
    return [place for place in now if place not in there]


def _digest(store: Store) -> str:
    """Return a digest of which judgements count, and whose they are."""
    total = hashlib.sha256()
    for mark in store.marks():
        total.update(f"{mark.submission} {mark.challenge} {mark.judgement}\n".encode())
    return total.hexdigest()


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
