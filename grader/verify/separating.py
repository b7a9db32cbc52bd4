"""Can the misconceptions be told apart, and is each explained as itself?"""

import itertools
from collections.abc import Iterator, Sequence

from grader.agreement import agrees, numbers_in
from grader.dataset import args_of
from grader.declared import MARGIN, Tolerance
from grader.exam import Call, six_digits
from grader.judge import judge_again
from grader.known import Family, Program
from grader.programs import source_of
from grader.spec import Holds
from grader.submission import Submission
from grader.verify.certificate import Fault, Separation
from grader.verify.subject import Subject

_SHORT = 7
_OUTCOME_MARGIN = 2.0
"""Outcomes are compared within percents: ten times that would be no tolerance at all."""


def separate(subject: Subject) -> tuple[Separation, list[Fault], list[set[str]]]:
    """Hold every misconception against the reference and against all others.

    Also returns the groups that reject each though it has the right form.
    """
    programs = subject.known.programs(Family.VARIANT)
    deciding = [
        index
        for index, call in enumerate(subject.exam.calls)
        if call.decides and not subject.exam.questions[call.question].is_visible
    ]
    faults = [*_too_near(subject, programs, deciding)]
    carriers: dict[str, tuple[str, ...]] = {}
    telling: list[set[str]] = []
    diagnosed = 0
    for program in programs:
        (entry,) = program.entries
        file = Submission("ours.py", source_of(entry.variant, subject.challenge.id).encode())
        result, evidence = judge_again(file, subject.exam, subject.box, None)
        rejections = subject.rejected(evidence)
        carriers[entry.id] = tuple(dict.fromkeys(each.group for each in rejections))
        telling.append({each.group for each in rejections if each.tells})
        found = [each.id for each in result.diagnosis]
        if found[:1] == [entry.id]:
            diagnosed += 1
        else:
            faults.append(_other_diagnosis(entry.id, found))
    bad = {fault.message for fault in faults if fault.check == "separation"}
    separated = sum(
        not any(f"{e.id!r}" in text for text in bad) for p in programs for e in p.entries
    )
    known = Separation(len(programs), separated, diagnosed, carriers)
    return known, faults, telling


def shown_by_mistake(subject: Subject) -> Iterator[Fault]:
    """No mistake may answer a visible case with a number of a hidden one: it would be told."""
    exam = subject.exam
    visible = [i for i, call in enumerate(exam.calls) if exam.questions[call.question].is_visible]
    public = {
        six_digits(number)
        for index in visible
        for number in numbers_in((args_of(exam.calls[index].data), exam.calls[index].data.desired))
    }
    for program in subject.known.programs(Family.VARIANT):
        for index in visible:
            answer = subject.known.answer(program, index)
            # A short number may well be there twice by chance; one of full length is not.
            told = {each for each in map(six_digits, numbers_in(answer)) if len(each) > _SHORT}
            told = (told - public) & exam.hidden_numbers
            if told:
                name = exam.questions[exam.calls[index].question].data.name
                yield Fault(
                    "leaks",
                    f"the mistake {program.entries[0].id!r} answers the visible case {name!r} with "
                    f"{sorted(told)[0]}, which a hidden case holds: give "
                    "the hidden one other numbers",
                )


def _other_diagnosis(identifier: str, found: Sequence[str]) -> Fault:
    said = f"is explained as {', '.join(found)}" if found else "is not explained at all"
    return Fault("diagnosis", f"the misconception {identifier!r}, handed in as a file, {said}")


def _too_near(
    subject: Subject, programs: Sequence[Program], deciding: Sequence[int]
) -> Iterator[Fault]:
    for program in programs:
        if all(_same(subject, program, None, index) for index in deciding):
            yield Fault(
                "separation",
                f"the misconception {program.entries[0].id!r} cannot be told from the reference: "
                f"in no hidden case does it differ by {MARGIN:g} times the tolerance",
            )
    for one, other in itertools.combinations(programs, 2):
        if all(_same(subject, one, other, index) for index in deciding):
            yield Fault(
                "separation",
                f"the misconceptions {one.entries[0].id!r} and {other.entries[0].id!r} coincide: "
                f"in no hidden case do they differ by {MARGIN:g} times the tolerance",
            )


def _same(subject: Subject, one: Program, other: Program | None, index: int) -> bool:
    """Tell whether two programs (None: the reference) agree in a call, generously."""
    call = subject.exam.calls[index]
    first = subject.known.answer(one, index)
    second = call.data.desired if other is None else subject.known.answer(other, index)
    return agrees(first, second, call.data.scale, _wide(subject, call))


def _wide(subject: Subject, call: Call) -> Tolerance:
    check = subject.exam.questions[call.question].group.check
    times = _OUTCOME_MARGIN if isinstance(check, Holds) else MARGIN
    own = call.tolerance
    return Tolerance.model_construct(rtol=times * own.rtol, atol=times * own.atol)
