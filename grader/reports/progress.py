"""A progress bar with the time that is left, on stderr; in a log, its last state alone."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

T = TypeVar("T")


def shown(rows: Iterable[T], count: int, what: str = "grading") -> Iterator[T]:
    """Yield `rows` on, advancing a bar of `count` steps; none where there is nothing to do."""
    if not count:
        yield from rows
        return
    columns = (
        TextColumn(what),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("time left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(what, total=count)
        for row in rows:
            bar.advance(task)
            yield row
