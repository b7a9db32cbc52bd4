"""Searches a challenge's public input space for a small input with a property. Pure.

Theory of operation. A draw is a sequence of choices, each a rank in what may stand there, the
simplest being 0; so an input is simpler the shorter its choices are, and then the smaller.
Random draws look for an input with the property; then choices are left out, set to 0 and
lowered for as long as the property stays. Everything is seeded and counted, never timed: the
same question has the same answer everywhere.

`hypothesis.find` does this for any type there is, but takes 0.2 s to import and 0.13 s a
search (here: a few ms), draws from constants that it collects in whatever modules happen to be
loaded, and keeps them in a folder in the user's own. What is searched here are the six domains
of `grader.space`.
"""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from grader.declared import Args
from grader.errors import AuthorError
from grader.space import ArrayOf, Domain, ListOf, Number, OneOf, Record, Space, Whole

DRAWS = 200
CALLS = 600
"""How often the property is asked at most, drawing and simplifying together."""

_LONGEST_CUT = 8

_NEARLY = 1e-9

Property = Callable[[Args], bool]


def find(space: Space, holds: Property, draws: int = DRAWS, calls: int = CALLS) -> Args | None:
    """Return a simple input for which `holds` is true; None if none was found."""
    search = _Search(space, holds, calls)
    found = search.draw(draws)
    return None if found is None else make(space, search.simplest(found))


def make(space: Space, choices: Sequence[int]) -> Args:
    """Return the input that a sequence of choices stands for; missing ones are 0."""
    return _made(space, _Replay(choices))


class _Replay:
    """Gives the choices of a sequence, as far as they fit, and 0 after its end."""

    def __init__(self, choices: Sequence[int]) -> None:
        self._choices = choices
        self.taken: list[int] = []

    def take(self, count: int) -> int:
        at = len(self.taken)
        wanted = self._choices[at] if at < len(self._choices) else 0
        self.taken.append(min(wanted, count - 1))
        return self.taken[-1]


class _Fresh(_Replay):
    """Gives random choices."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__(())
        self._rng = rng

    def take(self, count: int) -> int:
        self.taken.append(self._rng.randrange(count))
        return self.taken[-1]


class _Search:
    """One search: it remembers what was asked, and stops asking when the calls are used up."""

    def __init__(self, space: Space, holds: Property, calls: int) -> None:
        self._space = space
        self._holds = holds
        self._left = calls
        self._known: dict[tuple[int, ...], bool] = {}

    def draw(self, draws: int) -> tuple[int, ...] | None:
        """Return the choices of the first random input that has the property."""
        rng = random.Random(0)
        simplest = _Replay(())
        _made(self._space, simplest)
        if self._ask(tuple(simplest.taken)):
            return tuple(simplest.taken)
        for _ in range(draws):
            fresh = _Fresh(rng)
            _made(self._space, fresh)
            if self._ask(tuple(fresh.taken)):
                return tuple(fresh.taken)
        return None

    def simplest(self, choices: tuple[int, ...]) -> tuple[int, ...]:
        """Return the simplest choices that are reached in steps that keep the property."""
        best = choices
        while better := next(self._better(best), None):
            best = better
        return best

    def _better(self, best: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        for candidate in _simpler(best):
            replay = _Replay(candidate)
            _made(self._space, replay)
            taken = tuple(replay.taken)
            if _size(taken) < _size(best) and self._ask(taken):
                yield taken

    def _ask(self, choices: tuple[int, ...]) -> bool:
        if choices not in self._known:
            if not self._left:
                return False
            self._left -= 1
            self._known[choices] = bool(self._holds(make(self._space, choices)))
        return self._known[choices]


def _size(choices: tuple[int, ...]) -> tuple[int, tuple[int, ...]]:
    return len(choices), choices


def _simpler(choices: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Yield simpler choices, the boldest steps first."""
    count = len(choices)
    for length in range(min(count, _LONGEST_CUT), 0, -1):
        for start in range(count - length + 1):
            rest = choices[:start], choices[start + length :]
            yield rest[0] + rest[1]
            # A list's length stands somewhere before its entries: one less, and one is gone.
            for at in range(start - 1, -1, -1):
                if choices[at]:
                    lowered = (*choices[:at], choices[at] - 1, *choices[at + 1 : start])
                    yield lowered + rest[1]
    for at, choice in enumerate(choices):
        for lower in _lower(choice):
            yield (*choices[:at], lower, *choices[at + 1 :])


def _lower(choice: int) -> Iterator[int]:
    """Yield what is below: 0, 1, half, one less; two less, for ranks change sign in turn."""
    lower = (0, 1, choice // 2, choice // 2 + 1, choice - 2, choice - 1)
    yield from dict.fromkeys(each for each in lower if 0 <= each < choice)


def _made(space: Space, source: _Replay) -> Args:
    values = tuple(_draw(domain, source) for domain in space.of)
    if space.make is None:
        return values
    try:
        return tuple(space.make(*values))
    except Exception as error:
        raise AuthorError(
            f"`make` of the space raised {type(error).__name__} for {values!r}: {error}"
        ) from error


def _draw(domain: Domain, source: _Replay) -> Any:
    match domain:
        case Number():
            return _number(domain, source)
        case Whole():
            values = _simplest_first(domain.low, domain.high, 1)
            return int(values[source.take(len(values))])
        case OneOf():
            return domain.values[source.take(len(domain.values))]
        case ListOf():
            length = domain.least + source.take(domain.most - domain.least + 1)
            return [_draw(domain.of, source) for _ in range(length)]
        case Record():
            return {name: _draw(inner, source) for name, inner in domain.fields.items()}
        case ArrayOf():
            count = math.prod(domain.shape)
            flat = [_number(domain, source) for _ in range(count)]
            return np.array(flat, dtype=float).reshape(domain.shape)


def _number(domain: Number | ArrayOf, source: _Replay) -> float:
    values = _simplest_first(domain.low, domain.high, domain.step)
    return float(values[source.take(len(values))])


@lru_cache(maxsize=256)
def _simplest_first(low: float, high: float, step: float) -> Sequence[float]:
    """Return the multiples of `step` in a range: whole ones first, small before large, + before -.

    `grader.space` bounds how many there may be.
    """
    first, last = math.ceil(low / step - _NEARLY), math.floor(high / step + _NEARLY)
    # As a person writes it: 3 times 0.1 is 0.3, and no more than that.
    values = (float(f"{count * step:.12g}") for count in range(first, last + 1))
    return sorted(values, key=lambda value: (value != int(value), abs(value), value < 0))
