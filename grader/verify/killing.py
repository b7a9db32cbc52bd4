"""Is the challenge sharp? Every mutant of the reference that matters is rejected.

Each mutant runs in the box as a submission would, under limits of its own: one that loops is
dead. What survives is compared with the reference in this process, on the cases that other
secrets would draw and on the public input space; only what differs nowhere is called
equivalent.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from grader import searching
from grader.checking import accepts, public_group
from grader.dataset import CallData, CaseData, args_of, build_case, seeded
from grader.errors import AuthorError
from grader.fuel import OutOfFuel, compile_limited
from grader.jsonable import plain
from grader.known import FUEL
from grader.mutation import Mutant, mutants
from grader.programs import source_of
from grader.scale import NOTHING, outcome_of
from grader.spec import Args, Challenge
from grader.submission import Submission
from grader.verify.certificate import Fault, Mutation
from grader.verify.subject import Subject

_OTHER_SECRETS = 8
_DRAWS = 1500
_CALLS = 2500
_SHOWN = 300


def kill(subject: Subject, slowest_s: float) -> Mutation:
    """Run every mutant, and look closely at those that live."""
    challenge = subject.challenge
    made = mutants(source_of(challenge.reference, challenge.id), challenge.id)
    hurried = subject.hurried(slowest_s)
    kills: Counter[str] = Counter({group.name: 0 for group, _ in subject.exam.groups})
    living: list[Mutant] = []
    matrix: dict[str, tuple[str, ...]] = {}
    for mutant in made:
        rejections = hurried.rejections(Submission("mutant.py", mutant.source.encode()))
        kills.update({each.group for each in rejections if each.tells})
        matrix[mutant.id] = tuple(dict.fromkeys(each.group for each in rejections))
        if not any(each.hidden for each in rejections):
            living.append(mutant)
    apart = _Apart(subject) if living else None
    found = [(mutant, apart.example(mutant)) for mutant in living if apart is not None]
    return Mutation(
        total=len(made),
        killed=len(made) - len(living),
        kills=dict(kills),
        matrix=matrix,
        survivors=tuple(f"{mutant.change}: {said}" for mutant, said in found if said is not None),
        equivalents=tuple(mutant.change for mutant, said in found if said is None),
        tried=apart.tried if apart is not None else 0,
    )


class _Apart:
    """The honest search for an input on which a mutant differs from the reference."""

    def __init__(self, subject: Subject) -> None:
        self._challenge = subject.challenge
        self._cases = subject.other_cases(_OTHER_SECRETS)
        self.tried = len(self._cases) + (_DRAWS if self._challenge.space is not None else 0)

    def example(self, mutant: Mutant) -> str | None:
        """Return the simplest input found that tells the mutant from the reference, in words."""
        run = _runner(self._challenge, mutant)
        return self._in_space(run) or self._in_draws(run)

    def _in_space(self, run: Callable[[Any], Any]) -> str | None:
        space = self._challenge.space
        if space is None:
            return None
        group = public_group(space)

        def differs(args: Args) -> bool:
            try:
                case = build_case(self._challenge, group, "public", args)
            except AuthorError:
                return False
            return case.finite and not accepts(self._challenge, group, case, run)

        args = searching.find(space, differs, _DRAWS, _CALLS)
        return None if args is None else _told(self._challenge, args)

    def _in_draws(self, run: Callable[[Any], Any]) -> str | None:
        for group, case in self._cases:
            if case.finite and not accepts(self._challenge, group, case, run):
                return _told(self._challenge, args_of(case))
        return None


def _runner(challenge: Challenge, mutant: Mutant) -> Callable[[CaseData | CallData], Any]:
    try:
        function = compile_limited(mutant.source, challenge.id, FUEL)
    except (Exception, OutOfFuel):
        return lambda _: NOTHING  # it is not even imported

    def run(call: CaseData | CallData) -> Any:
        try:
            with seeded(0):
                return outcome_of(function, args_of(call))
        except OutOfFuel:
            return NOTHING

    return run


def _told(challenge: Challenge, args: Args) -> str:
    named = dict(zip(challenge.parameters, args, strict=True))
    inputs = ", ".join(f"{name} = {json.dumps(plain(value))}" for name, value in named.items())
    return f"the input {inputs[:_SHOWN]} tells it apart"


def faults(mutation: Mutation) -> Iterator[Fault]:
    for survivor in mutation.survivors:
        yield Fault("mutation", f"no hidden case rejects this wrong program: {survivor}")


def idle_groups(
    subject: Subject, mutation: Mutation, rejected: Iterable[set[str]]
) -> Iterator[Fault]:
    """Name the groups that reject no answer of the right form: they test nothing.

    `rejected` are the groups that reject each further wrong program; no more of them are looked
    at than needed.
    """
    idle = {group.name for group, _ in subject.exam.groups if not mutation.kills.get(group.name)}
    programs = iter(rejected)
    while idle and (groups := next(programs, None)) is not None:
        idle -= groups
    for group, _ in subject.exam.groups:
        if group.name in idle:
            yield Fault(
                "groups",
                f"the group {group.name!r} tests nothing: it accepts whatever has the right form, "
                "every mutant, every misconception and every wrong submission",
            )
