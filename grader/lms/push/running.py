"""One push: what is to be sent, sent once, and read back.

Theory of operation. A grade is there if the platform shows its score, and its comment, or what the
ledger says that the platform made of that comment. What is there is not sent. The rest is sent in
portions; before each the ledger says so, and after each answer it says which (see `ledger`), so
that a push that was killed is gone on with by the same command. What failed, or whose answer was
lost, is looked up first, and sent again only where it has not arrived, up to `ROUNDS` times. At the
end the platform is asked once more about all that it took: that is what is reported.

Times. Platforms refuse a score whose time is not later than that of the last one, some of them by
the whole second, and one from the future blocks all later ones. So a time is at least a second
after the last one in the ledger, and never later than now: until then it is waited, and where that
would take long (somebody has set the clock back) the grade is left for the next push.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

from grader.errors import UsageError
from grader.lms import feedback, filling
from grader.lms.grades import Grade
from grader.lms.numbers import OverMaximum, Scaling, scaled, written
from grader.lms.push.ledger import SENDING, Entry, Ledger, digest
from grader.lms.push.target import Answer, Change, Outcome, Standing, State, Target
from grader.reports import escape

ROUNDS = 3
APART = timedelta(seconds=1)
"""Between two times claimed for one user; the coarsest clock that platforms compare them by."""

PATIENCE = timedelta(seconds=5)
_IN_A_ROW = 5
"""Failures after which a round ends: the platform is down, and each may have cost half a minute."""

_ALIKE = Fraction(1, 100_000)
"""Of the maximum: platforms keep scores as floats, or with five decimals in their own points."""

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Clock:
    """What the time is, and how to wait."""

    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    sleep: Callable[[float], None] = field(default=time.sleep)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A grade that is to be on the platform, and what is there for its user."""

    key: str
    user: str
    score: Fraction
    maximum: Fraction
    comment: str
    submitted_at: datetime | None
    before: Standing | None

    def outcome(self, state: State, why: str = "", after: Standing | None = None) -> Outcome:
        return Outcome(
            self.key, state, why, self.user, self.score, self.maximum, self.before, after
        )


def run(
    target: Target,
    grades: Iterable[Grade],
    ledger: Ledger,
    *,
    send: bool,
    scaling: Scaling | None = None,
    clock: Clock | None = None,
) -> list[Outcome]:
    """Bring a run's grades to a column and return what became of each, in their order.

    Unless `send` is true nothing is sent and nothing kept: what would be is returned. A team's
    grade is that of each of its members. `UsageError` where nothing can be done at all; what was
    done until then is in the ledger.
    """
    wanted = _for_each(grades)
    _refuse_unfit(target, wanted.values())
    scaling = _with_maximum(scaling or Scaling(), target.maximum)
    users = target.users(list(wanted))
    _refuse_shared(users)
    standings = target.standings([users[key] for key in wanted if key in users])
    outcomes = dict[str, Outcome]()
    plans = list[_Plan]()
    for key, (grade, points) in _scaled(wanted, scaling).items():
        user = users.get(key)
        if points is None:
            outcomes[key] = Outcome(key, State.SKIPPED, grade.why or "no score yet", user or "")
        elif user is None:
            outcomes[key] = Outcome(key, State.UNKNOWN, "the platform has nobody with this key")
        else:
            most = scaling.maximum or grade.max_score
            comment = sendable(grade.feedback)
            before = standings.get(user)
            plans.append(_Plan(key, user, points, most, comment, grade.submitted_at, before))
    due, there = list[_Plan](), list[_Plan]()
    for plan in plans:
        if not _is_there(plan, plan.before, ledger.entry(plan.user)):
            due.append(plan)
            outcomes[plan.key] = plan.outcome(State.WOULD_SEND)
        else:
            there.append(plan)
            outcomes[plan.key] = plan.outcome(State.UNCHANGED)
    if send:
        _settle_found(ledger, there)
        outcomes |= _pushed(target, due, ledger, clock or Clock())
    return [outcomes[key] for key in wanted]


# --- What is wanted -------------------------------------------------------------------------------


def _for_each(grades: Iterable[Grade]) -> dict[str, Grade]:
    """Return grades by whom they are for; `UsageError` where somebody would get two."""
    return filling.by_key(
        replace(grade, key=key) for grade in grades for key in grade.members or (grade.key,)
    )


def _with_maximum(scaling: Scaling, maximum: Fraction | None) -> Scaling:
    """Return a scaling to a column's full marks, whatever they are."""
    if maximum is None:
        return scaling
    if scaling.maximum not in (None, maximum):
        raise UsageError(
            f"--scale-to {written(scaling.maximum or maximum)}: the column's maximum is "
            f"{written(maximum)} on the platform; leave --scale-to out, or change the column there"
        )
    return replace(scaling, maximum=maximum)


def _refuse_unfit(target: Target, grades: Iterable[Grade]) -> None:
    for platform in sorted({grade.platform for grade in grades}):
        why = target.unfit(platform)
        if why:
            raise UsageError(f"nothing is sent: {why}")


def _refuse_shared(users: Mapping[str, str]) -> None:
    by_user = dict[str, str]()
    for key, user in users.items():
        if user in by_user:
            raise UsageError(
                f"the keys {by_user[user]!r} and {key!r} both lead to the platform's user "
                f"{user!r}: nothing is sent; make each lead to somebody of their own"
            )
        by_user[user] = key


def _scaled(
    wanted: Mapping[str, Grade], scaling: Scaling
) -> dict[str, tuple[Grade, Fraction | None]]:
    """Return each grade with its points; `UsageError` names those that are above the maximum."""
    found = dict[str, tuple[Grade, Fraction | None]]()
    over = list[str]()
    told = ""
    for key, grade in wanted.items():
        points = None
        if grade.score is not None:
            try:
                points = scaled(grade.score, grade.max_score, scaling)
            except OverMaximum as error:
                over.append(key)
                told = told or str(error)
        found[key] = grade, points
    if over:
        names = ", ".join(map(repr, over[:_SHOWN])) + (", …" if len(over) > _SHOWN else "")
        raise UsageError(f"nothing is sent, for {names}: {told}")
    return found


def sendable(text: str) -> str:
    """Return feedback as every platform can store it: lines of printable characters."""
    lines = text.strip().splitlines()
    return feedback.cut("\n".join(escape.line(each, feedback.CELL_LIMIT) for each in lines))


# --- What is there --------------------------------------------------------------------------------


def _is_there(plan: _Plan, standing: Standing | None, entry: Entry | None) -> bool:
    return _has_score(plan, standing) and _has_comment(plan.comment, standing, entry)


def _has_score(plan: _Plan, standing: Standing | None) -> bool:
    if standing is None or standing.score is None:
        return False
    score = standing.score
    if standing.maximum:
        score = score * plan.maximum / standing.maximum
    return abs(score - plan.score) <= _ALIKE * plan.maximum


def _has_comment(comment: str, standing: Standing | None, entry: Entry | None) -> bool:
    """Tell whether the platform has a comment, as it stands or as what it made of it."""
    shown = None if standing is None else standing.comment
    if shown is not None and shown == comment:
        return True
    if entry is None or entry.state != State.SENT or entry.comment != digest(comment):
        return False
    return shown is None or not entry.seen or digest(shown) == entry.seen


def _settle_found(ledger: Ledger, plans: Iterable[_Plan]) -> None:
    """Note of grades that a killed push has sent, or has not read back, that they have arrived."""
    for plan in plans:
        entry = ledger.entry(plan.user)
        if entry is not None and (entry.state == SENDING or not entry.seen):
            shown = None if plan.before is None else plan.before.comment
            ledger.settle(plan.user, State.SENT, shown)
    ledger.commit()


# --- Sending --------------------------------------------------------------------------------------


def _pushed(
    target: Target, due: Sequence[_Plan], ledger: Ledger, clock: Clock
) -> dict[str, Outcome]:
    answers = dict[str, Answer]()
    try:
        _send_all(target, due, ledger, clock, answers)
        taken = [plan for plan in due if answers[plan.user].state is State.SENT]
        standings = target.standings([plan.user for plan in taken]) if taken else {}
    except UsageError as error:
        sent = sum(answer.state is State.SENT for answer in answers.values())
        raise UsageError(
            f"{error}; {sent} of {len(due)} grades were sent before, and the same command goes on"
        ) from None
    return {plan.key: _verified(plan, answers[plan.user], standings, ledger) for plan in due}


def _send_all(
    target: Target,
    due: Sequence[_Plan],
    ledger: Ledger,
    clock: Clock,
    answers: dict[str, Answer],
) -> None:
    """Fill in an answer for each plan, so that whoever breaks in finds those there are."""
    pending = list(due)
    for tried in range(ROUNDS):
        if tried:
            clock.sleep(2.0**tried)
            pending = _still_missing(target, pending, ledger, answers)
        for answer in _one_round(target, pending, ledger, clock):
            answers[answer.user] = answer
        pending = [plan for plan in pending if answers[plan.user].state is State.FAILED]
        if not pending:
            return


def _still_missing(
    target: Target, plans: Sequence[_Plan], ledger: Ledger, answers: dict[str, Answer]
) -> list[_Plan]:
    """Return what has not arrived of what failed."""
    standings = target.standings([plan.user for plan in plans])
    missing = list[_Plan]()
    for plan in plans:
        standing, entry = standings.get(plan.user), ledger.entry(plan.user)
        if _is_there(plan, standing, entry):
            answers[plan.user] = Answer(plan.user, State.SENT)
            ledger.settle(plan.user, State.SENT)
        else:
            missing.append(plan)
    ledger.commit()
    return missing


def _one_round(
    target: Target, plans: Sequence[_Plan], ledger: Ledger, clock: Clock
) -> Iterator[Answer]:
    in_a_row = 0
    for start in range(0, len(plans), target.at_once):
        portion = plans[start : start + target.at_once]
        if in_a_row >= _IN_A_ROW:
            for plan in portion:
                yield Answer(plan.user, State.FAILED, "not sent: the platform failed before")
            continue
        changes = list[Change]()
        for plan in portion:
            change = _change(plan, ledger, clock)
            if change is None:
                yield Answer(plan.user, State.FAILED, _SET_BACK)
            else:
                changes.append(change)
        for answer in _one_portion(target, changes, ledger):
            in_a_row = in_a_row + 1 if answer.state is State.FAILED else 0
            yield answer


def _one_portion(target: Target, changes: Sequence[Change], ledger: Ledger) -> Iterator[Answer]:
    if not changes:
        return
    for change in changes:
        ledger.begin(change)
    ledger.commit()
    unanswered = {change.user for change in changes}
    for answer in target.send(changes):
        # What failed may have arrived: it stays in doubt until the platform has been asked.
        if answer.state is not State.FAILED:
            ledger.settle(answer.user, answer.state)
            ledger.commit()
        unanswered.discard(answer.user)
        yield answer
    for user in sorted(unanswered):
        yield Answer(user, State.FAILED, "the platform said nothing about it")


_SET_BACK = (
    "the last score was sent at a time that this machine's clock has not reached: set the clock, "
    "or push again later"
)


def _change(plan: _Plan, ledger: Ledger, clock: Clock) -> Change | None:
    """Return what is to be sent, when it may be; None where that would take too long."""
    entry = ledger.entry(plan.user)
    at = claimed(None if entry is None else entry.sent_at, clock)
    if at is None:
        return None
    return Change(
        user=plan.user,
        key=plan.key,
        score=plan.score,
        maximum=plan.maximum,
        comment=plan.comment,
        sent_at=at,
        comment_known=_has_comment(plan.comment, plan.before, entry),
        in_doubt=entry is not None and entry.state == SENDING,
        submitted_at=plan.submitted_at,
    )


def claimed(last: datetime | None, clock: Clock) -> datetime | None:
    """Return the time to claim: later than the last one and never in the future."""
    earliest = None if last is None else last + APART
    now = clock.now()
    while earliest is not None and now < earliest:
        if earliest - now > PATIENCE:
            return None
        clock.sleep((earliest - now).total_seconds())
        now = clock.now()
    # Cut, not rounded: half a millisecond of future is future.
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


# --- Reading back ---------------------------------------------------------------------------------


def _verified(
    plan: _Plan, answer: Answer, standings: Mapping[str, Standing], ledger: Ledger
) -> Outcome:
    """Return what the platform has of what it has taken."""
    if answer.state is not State.SENT:
        return plan.outcome(answer.state, answer.why)
    after = standings.get(plan.user)
    if after is None or after.score is None:
        why = "the platform took it, and shows no score: push again later to see whether it does"
        return plan.outcome(State.FAILED, why, after)
    if not _has_score(plan, after):
        why = f"the platform took {written(plan.score)}, and has another score: see there why"
        return plan.outcome(State.REFUSED, why, after)
    ledger.settle(plan.user, State.SENT, after.comment)
    ledger.commit()
    silent = "the platform shows no comment" if plan.comment and after.comment == "" else ""
    return plan.outcome(State.SENT, answer.why or silent, after)
