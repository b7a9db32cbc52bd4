"""How an answer unfolds along a parameter: the same call with 0, 1, 2, … steps of it. Pure.

An example is as small as can be found, one step often, in which there is little to see. So it is
carried on: a whole number beyond its own, a list from its beginning again. What a right program
and a submission answer to each of these calls makes two paths, which part where the mistake is.

A path is drawn, so that three digits are enough of every number. They are also too few for a
number of a hidden case to be known by (`exam.is_telling`): no path can hold one, be it by
coincidence or because a submission tries out which are there.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from grader.agreement import number
from grader.declared import Args
from grader.explanation import Series, Trajectory

LEAST_STEPS = 8
MOST_POINTS = 13
_FEWEST_POINTS = 3
_MOST_SERIES = 3
_MOST_LOOKED_AT = 20
_LARGEST = 1e100
"""Beyond it nothing can be drawn."""


class Call(NamedTuple):
    """The arguments with so many steps; `args` are the caller's to pass on, not to change."""

    at: int
    args: Args


def steps_in(args: Args, places: Sequence[int]) -> int | None:
    """Return how many steps a call makes: the number, or the common length of the lists.

    None where these parameters count nothing, or nothing in common.

    >>> steps_in(([1.0], 3), [1]), steps_in(([1, 0], [0.5, 2.0]), [0, 1]), steps_in(([1],), [])
    (3, 2, None)
    """
    counts = {_count(args[place]) for place in places}
    return counts.pop() if len(counts) == 1 else None


def _count(value: Any) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value >= 0 else None
    if isinstance(value, np.ndarray):
        return len(value) if value.ndim else None
    return len(value) if isinstance(value, list) else None


def calls(args: Args, places: Sequence[int]) -> Iterator[Call]:
    """Yield the call with 0 steps and more, at most `MOST_POINTS`; its own number is among them."""
    own = steps_in(args, places)
    if own is None:
        return
    for at in _points(own):
        made = list(args)
        for place in places:
            made[place] = _cut(args[place], at)
            if made[place] is None:
                return
        yield Call(at, tuple(made))


def _points(own: int) -> list[int]:
    last = max(own, LEAST_STEPS)
    apart = math.ceil(last / (MOST_POINTS - 2))
    return sorted({*range(0, last, apart), own, last})


def _cut(value: Any, count: int) -> Any:
    """Return a whole number or a list with so many steps; None for more than an empty one gives."""
    if isinstance(value, int):
        return count
    if not len(value) and count:
        return None
    if isinstance(value, np.ndarray):
        return value[np.arange(count) % max(1, len(value))]
    return [value[index % len(value)] for index in range(count)]


def trajectory(
    along: tuple[str, ...],
    own: int,
    at: Sequence[int],
    expected: Sequence[Any],
    actual: Sequence[Any],
) -> Trajectory | None:
    """Return both paths, number by number; None where they show nothing.

    They show nothing where there are too few points, where the right answer never moves, or
    where what came back is no number or the same numbers. The first numbers that move, or are
    wrong, are shown.
    """
    rights = [_numbers(value) for value in expected]
    if len(at) < _FEWEST_POINTS or not all(each.keys() == rights[0].keys() for each in rights):
        return None
    every = [
        Series(
            _label(path),
            tuple(_three_digits(right[path]) for right in rights),
            tuple(_number_at(value, path) for value in actual),
        )
        for path in list(rights[0])[:_MOST_LOOKED_AT]
    ]
    series = tuple(each for each in every if _moves(each) or _parts(each))[:_MOST_SERIES]
    worth = any(map(_moves, series)) and any(map(_parts, series))
    return Trajectory(along, own, tuple(at), series) if worth else None


_Path = tuple[int | str, ...]


def _numbers(value: Any, path: _Path = ()) -> dict[_Path, float]:
    """Return the numbers of an answer by where they stand in it."""
    if (found := number(value)) is not None:
        return {path: found}
    entries = _entries(value)
    return {
        place: each
        for key, entry in entries.items()
        for place, each in _numbers(entry, (*path, key)).items()
    }


def _entries(value: Any) -> Mapping[int | str, Any]:
    if isinstance(value, Mapping):
        return {key: entry for key, entry in value.items() if isinstance(key, str)}
    if isinstance(value, np.ndarray):
        return dict(enumerate(value)) if value.ndim else {}
    return dict(enumerate(value)) if isinstance(value, list | tuple) else {}


def _three_digits(value: float) -> float:
    return float(f"{value:.3g}")


def _number_at(value: Any, path: _Path) -> float | None:
    found = number(_at(value, path))
    return None if found is None else _three_digits(found)


def _at(value: Any, path: _Path) -> Any:
    for key in path:
        value = _entry(value, key)
    return value


def _entry(value: Any, key: int | str) -> Any:
    if isinstance(value, Mapping):
        return value.get(key)
    if isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim):
        return value[key] if isinstance(key, int) and key < len(value) else None
    return None


def _label(path: _Path) -> str:
    """Name a number by where it stands, as a person would.

    >>> _label(()), _label((0,)), _label(("w", 1))
    ('', '[0]', 'w[1]')
    """
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path).lstrip(".")


def _moves(series: Series) -> bool:
    return len(set(series.expected)) > 1


def _parts(series: Series) -> bool:
    """Tell whether there are two lines to see."""
    return _is_seen(series) and series.expected != series.actual


def _is_seen(series: Series) -> bool:
    drawn = [each for each in series.actual if each is not None and abs(each) < _LARGEST]
    return len(drawn) >= _FEWEST_POINTS and all(abs(each) < _LARGEST for each in series.expected)
