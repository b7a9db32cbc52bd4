"""What a worker of a Dask cluster is given to do in `scaling.py`: nothing, at its real size."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from distributed import get_worker

from grader.executors import Row, task_of


def keep(rows: Sequence[Row]) -> int:
    """Hold answers, to be given again."""
    get_worker().kept_rows = list(rows)
    return len(rows)


def answer(_: Any, parcel: Any) -> list[Row]:
    """Return an answer of the real size to each order of a parcel, and do nothing for it."""
    kept = get_worker().kept_rows
    found = []
    for at, order in enumerate(parcel.orders):
        task, row = task_of(order), kept[at % len(kept)]
        judged = replace(row.judged, key=f"judgement {task.id}", run=f"run {task.id}")
        found.append(Row(task, replace(judged, named=task.name)))
    return found
