"""How the results of a batch are kept: a spool while it runs, sorted files at its end.

Results are written as they come to `results.partial.jsonl`, so that neither an interrupt nor
a crash loses what is finished; the sorted `results.jsonl` replaces an older one in a single
step at the end. Nothing in the output folder is deleted that this module did not write.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.errors import UsageError
from grader.executors import Executor, Explained, Hunt, Row, Task
from grader.submission import printable_name

RESULTS = "results.jsonl"
SUMMARY = "summary.csv"
PARTIAL = "results.partial.jsonl"


class Output:
    """The output folder of one batch, as a context: a spool of results while it runs.

    `rows` holds what came in so far, without the JSON lines, which stay on disk.
    """

    def __init__(self, folder: Path, *, fresh: bool) -> None:
        """Take the folder; `UsageError` if it is in use and not `fresh`, or cannot be written."""
        self.folder = folder
        used = [name for name in (RESULTS, PARTIAL, SUMMARY) if os.path.lexists(folder / name)]
        if used and not fresh:
            raise UsageError(
                f"{_shown(folder)} already holds {used[0]}; name another --out, "
                "or give --fresh to replace what is there"
            )
        self.rows: list[Row] = []
        self._places: list[tuple[int, int]] = []
        self._examples: dict[str, Mapping[str, Any]] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / PARTIAL).unlink(missing_ok=True)
            self._spool = open(folder / PARTIAL, "xb+")  # noqa: SIM115 (closed by __exit__)
        except OSError as error:
            raise UsageError(f"cannot write to {_shown(folder)}: {error.strerror}") from None

    def add(self, row: Row) -> None:
        """Keep one row; it is on disk when this returns."""
        self._places.append((self._spool.tell(), len(row.line)))
        self._spool.write(row.line + b"\n")
        self._spool.flush()
        self.rows.append(replace(row, line=b""))

    def explain(self, executor: Executor, tasks: Sequence[Task]) -> Iterator[Explained]:
        """Look for examples for what failed, and keep them for `finish`.

        All marks are on disk when this begins.
        """
        by_name = {task.name: task for task in tasks}
        hunts = [
            Hunt(by_name[row.submission], row.hunt)
            for row in self.sorted_rows()
            if row.hunt is not None
        ]
        if not hunts:
            return
        with closing(executor.explain(hunts)) as answers:
            for answer in answers:
                if answer.entry is not None:
                    self._examples[answer.submission] = answer.entry
                yield answer

    def wanted(self) -> int:
        """Return how many submissions an example is wanted for."""
        return sum(row.hunt is not None for row in self.rows)

    def finish(self, texts: Mapping[str, str]) -> None:
        """Replace `results.jsonl` and the files of `texts` (by name), each in one step."""
        _replace(self.folder / RESULTS, self._sorted_lines())
        for name, text in texts.items():
            _replace(self.folder / name, [text.encode("utf-8")])
        self._spool.close()
        (self.folder / PARTIAL).unlink()

    def kept(self, count: int) -> str:
        """Say what an unfinished batch of `count` submissions leaves behind."""
        if not self.rows:
            return "nothing was graded"
        return (
            f"stopped: the {len(self.rows)} of {count} submissions that were graded "
            f"are in {_shown(self.folder / PARTIAL)}"
        )

    def sorted_rows(self) -> list[Row]:
        return sorted(self.rows, key=lambda row: row.submission)

    def _sorted_lines(self) -> Iterator[bytes]:
        self._spool.flush()
        order = sorted(range(len(self.rows)), key=lambda index: self.rows[index].submission)
        for index in order:
            offset, length = self._places[index]
            line = os.pread(self._spool.fileno(), length + 1, offset)
            yield self._with_example(self.rows[index].submission, line)

    def _with_example(self, name: str, line: bytes) -> bytes:
        if name not in self._examples:
            return line
        result = json.loads(line)
        result["diagnosis"].append(self._examples[name])
        return json.dumps(result, allow_nan=False).encode("ascii") + b"\n"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._spool.close()
        if not self.rows:
            (self.folder / PARTIAL).unlink(missing_ok=True)


def _replace(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file beside its place and move it there: a reader finds the old or the new one."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with open(draft, "wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _shown(path: Path) -> str:
    return printable_name(str(path))
