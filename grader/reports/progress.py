"""A progress bar with the time that is left, on stderr; in a log, its last state alone."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from grader.executors import Row


def shown(rows: Iterable[Row], count: int) -> Iterator[Row]:
    """Yield `rows` on, advancing a bar of `count` steps."""
    columns = (
        TextColumn("grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("time left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("grading", total=count)
        for row in rows:
            bar.advance(task)
            yield row
