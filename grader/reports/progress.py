"""How far a batch is, on stderr: a bar with rate, time left and verdicts; lines in a log."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from grader.batch import Batch, Done
from grader.executors import Executor
from grader.reports.words import words
from grader.verdict import Verdict

T = TypeVar("T")

_A_LINE_EVERY_S = 10.0


def _nothing(_item: object) -> str:
    return ""


def show(work: Batch, executor: Executor, *, quiet: bool, named: bool = False) -> None:
    """Grade a batch, then look for examples, and show how far it is.

    `named`: with the challenge, where there are several.
    """
    of = f" {work.challenge}" if named else ""
    counts: Counter[str] = Counter()

    def told(entry: Done) -> str:
        counts[entry.verdict if entry.worked else _KNOWN] += 1
        return _tally(counts)

    for _ in shown(work.grade(executor), len(work), f"grading{of}", told, quiet=quiet):
        pass
    hunts = work.hunts()
    for _ in shown(work.explain(executor), hunts, f"looking for examples{of}", quiet=quiet):
        pass


_KNOWN = "known before"


def shown(
    items: Iterable[T],
    count: int,
    what: str,
    told: Callable[[T], str] = _nothing,
    *,
    quiet: bool = False,
) -> Iterator[T]:
    """Yield `items` on, showing progress of `count` steps; none where there is nothing to do."""
    console = Console(stderr=True)
    if quiet or not count:
        yield from items
    elif console.is_terminal:
        yield from _on_a_bar(items, count, what, told, console)
    else:
        yield from _in_lines(items, count, what, told)


def _on_a_bar(
    items: Iterable[T], count: int, what: str, told: Callable[[T], str], console: Console
) -> Iterator[T]:
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}/s, time left"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[told]}", style="dim"),
    )
    began = time.monotonic()
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(what, total=count, told="", rate="0")
        for number, item in enumerate(items, 1):
            rate = _rate(number, began)
            bar.update(task, advance=1, told=told(item), rate=rate)
            yield item


def _in_lines(items: Iterable[T], count: int, what: str, told: Callable[[T], str]) -> Iterator[T]:
    """Say a line now and then, and one at the end."""
    began = last = time.monotonic()
    number, text = 0, ""
    for number, item in enumerate(items, 1):
        text = told(item)
        now = time.monotonic()
        if now - last >= _A_LINE_EVERY_S:
            last = now
            left = (count - number) * (now - began) / number
            click.echo(_line(what, number, count, began, text) + f", {left:.0f} s left", err=True)
        yield item
    click.echo(_line(what, number, count, began, text), err=True)


def _line(what: str, number: int, count: int, began: float, text: str) -> str:
    said = f"{what} {number}/{count}, {_rate(number, began)}/s"
    return f"{said}: {text}" if text else said


def _rate(number: int, began: float) -> str:
    return f"{number / max(time.monotonic() - began, 1e-6):.3g}"


def _tally(counts: Counter[str]) -> str:
    known = [(words(verdict), counts[verdict]) for verdict in Verdict if counts[verdict]]
    before = [(_KNOWN, counts[_KNOWN])] if counts[_KNOWN] else []
    return ", ".join(f"{count} {name}" for name, count in (*known, *before))
