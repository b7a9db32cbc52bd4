"""What known wrong programs answer to the calls of an exam: worked out when asked, then kept.

Three families, in the order in which an explanation looks at them: the named misconceptions
(variants beside the reference), pairs of them (both edits made to the reference's text), and
mutants (one automatic change of it). All of them are our own text; they run here, in the
judge, where a count of loop turns ends one that would not stop.

A wrong answer is looked up, not searched: for one call the answers of a whole family are
sorted by a number that they contain, so that few programs have to be compared, and run on the
other calls.
"""

import itertools
import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from types import CodeType
from typing import Any

import numpy as np

from grader.agreement import number
from grader.dataset import CallData, CaseData, args_of, seeded
from grader.errors import AuthorError
from grader.fuel import Meter, OutOfFuel, limited
from grader.merging import Merger
from grader.mismatch import show
from grader.mutation import Mutant, mutants
from grader.programs import source_of
from grader.scale import NOTHING, outcome_of
from grader.spec import Challenge, Misconception

FUEL = 200_000
"""Turns of loops that a program of ours may take for one call; the references take thousands."""

_MOST_PAIRS = 400


class Family(StrEnum):
    """Where a program comes from."""

    VARIANT = "variant"
    PAIR = "pair"
    MUTANT = "mutant"


@dataclass(slots=True)
class Program:
    """A wrong program; `entries` are the misconceptions it makes, `mutant` the change it is."""

    function: Callable[..., Any]
    entries: tuple[Misconception, ...] = ()
    mutant: Mutant | None = None
    answers: dict[int, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return "+".join(entry.id for entry in self.entries) if self.entries else self.change[0]

    @property
    def change(self) -> tuple[str, str]:
        """A mutant's id and its change in words."""
        return ("", "") if self.mutant is None else (self.mutant.id, self.mutant.change)


class Known:
    """The answers of all known wrong programs to `calls`."""

    def __init__(self, challenge: Challenge, calls: Sequence[CaseData | CallData]) -> None:
        self._challenge = challenge
        self._calls = calls
        self._indices: dict[tuple[Family, int], _Index] = {}

    def programs(self, family: Family) -> Sequence[Program]:
        """Return a family's programs, in a fixed order."""
        match family:
            case Family.VARIANT:
                return self.variants
            case Family.PAIR:
                return self._pairs
            case Family.MUTANT:
                return self._mutants

    def near(self, family: Family, call: int, value: Any, width: float) -> Iterator[Program]:
        """Yield the programs whose answer to `call` may be `value`, give or take `width`."""
        key = (family, call)
        if key not in self._indices:
            programs = self.programs(family)
            self._indices[key] = _Index([(self.answer(each, call), each) for each in programs])
        yield from self._indices[key].near(value, width)

    def by_id(self, identifier: str) -> Program | None:
        """Return a program by the id of its misconception, both ids of a pair, or its mutant's."""
        every = itertools.chain.from_iterable(map(self.programs, Family))
        return next((each for each in every if each.id == identifier), None)

    def answer(self, program: Program, call: int) -> Any:
        """Return a program's answer: a value, OVERFLOW, `Raising`, or NOTHING."""
        if call not in program.answers:
            program.answers[call] = self.run(program, self._calls[call])
        return program.answers[call]

    def run(self, program: Program, call: CaseData | CallData) -> Any:
        """Run a program on any call's arguments."""
        function = program.function
        try:
            with np.errstate(all="ignore"):
                if self._challenge.runs == 1:
                    return outcome_of(function, args_of(call))
                with seeded(0):
                    return outcome_of(function, args_of(call))
        except OutOfFuel:
            return NOTHING

    @cached_property
    def variants(self) -> Sequence[Program]:
        return [Program(each.variant, (each,)) for each in self._entries]

    @cached_property
    def _pairs(self) -> Sequence[Program]:
        if self._source is None:
            return []
        # Pairs are parsed one by one: they share no statements that a meter could keep.
        merger = Merger(self._source, lambda tree: Meter(self._challenge.id).compiled(tree))
        texts = [(each, _text(each.variant, self._challenge)) for each in self._entries]
        edits = [(each, merger.edits(text)) for each, text in texts if text is not None]
        merged = (
            ((one, other), merger.merge(first, second))
            for (one, first), (other, second) in itertools.combinations(edits, 2)
        )
        run = ((pair, self._defined(each.code)) for pair, each in merged if each is not None)
        found = (Program(function, pair) for pair, function in run if function is not None)
        return list(itertools.islice(found, _MOST_PAIRS))

    @cached_property
    def _mutants(self) -> Sequence[Program]:
        if self._source is None:
            return []
        meter = Meter(self._challenge.id)
        made = mutants(self._source, self._challenge.id, meter.compiled)
        run = ((each, self._defined(each.code)) for each in made)
        return [Program(function, mutant=each) for each, function in run if function is not None]

    @property
    def _entries(self) -> Sequence[Misconception]:
        return self._challenge.misconceptions

    @cached_property
    def _source(self) -> str | None:
        return _text(self._challenge.reference, self._challenge)

    def _defined(self, code: CodeType) -> Callable[..., Any] | None:
        """Return a program; None where a change already shows when its module is run."""
        try:
            return limited(code, self._challenge.id, FUEL)
        except (Exception, OutOfFuel):
            return None


def _text(function: Callable[..., Any], challenge: Challenge) -> str | None:
    """Return a function as a file; None where it has no source (it was made by a call)."""
    try:
        return source_of(function, challenge.id)
    except AuthorError:
        return None


class _Index:
    """Programs by the first number of their answer to one call; those without one in a row."""

    def __init__(self, answers: Sequence[tuple[Any, Program]]) -> None:
        keyed = [(_fingerprint(answer), program) for answer, program in answers]
        finite = [(key, i) for i, (key, _) in enumerate(keyed) if key is not None]
        self._programs = [program for _, program in keyed]
        self._sorted = sorted(finite)
        self._keys = [key for key, _ in self._sorted]
        self._others = [program for key, program in keyed if key is None]

    def near(self, value: Any, width: float) -> Sequence[Program]:
        key = _fingerprint(value)
        if key is None:
            return self._others
        low, high = bisect_left(self._keys, key - width), bisect_right(self._keys, key + width)
        return [self._programs[i] for i in sorted(i for _, i in self._sorted[low:high])]


def _fingerprint(value: Any) -> float | None:
    """Return the first number in a value, if it is finite; of a dict, that of its first key."""
    while isinstance(value, list | tuple | dict) and value:
        value = value[min(value, key=show)] if isinstance(value, dict) else value[0]
    if isinstance(value, np.ndarray) and value.ndim and value.size and value.dtype.kind in "iuf":
        value = value.reshape(-1)[0]
    found = number(value)
    return found if found is not None and math.isfinite(found) else None
