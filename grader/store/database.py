"""A run's file: its lock, its connection, its format, and when what was written is durable."""

import fcntl
import os
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from grader.errors import UsageError
from grader.store.schema import MIGRATIONS, SCHEMA, VERSION
from grader.submission import printable_name


class Database:
    """An open file of a run; a context that closes it. Nothing is durable before `commit`."""

    def __init__(self, path: Path, *, create: bool = True, write: bool = True) -> None:
        """Open or make the store; `UsageError` if it cannot be, or another process has it.

        Without `write` nothing can be changed, and nobody else is kept from it.
        """
        self.path = path
        self._format = VERSION
        if not (create and write) and not path.is_file():
            raise UsageError(
                f"there is no run in {_shown(path.parent)}: it would hold a file {path.name}; "
                "name the folder that `grader batch --out` was given"
            )
        self._lock: int | None = None
        try:
            if write:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._lock = _locked(path)
            self._db = _connected(path) if write else _connected_to_read(path)
        except (OSError, sqlite3.Error) as error:
            said = error.strerror if isinstance(error, OSError) else str(error)
            raise UsageError(f"cannot use {_shown(path)}: {said}; name another folder") from None
        self._check_version()

    @classmethod
    def reading(cls, path: Path) -> Self:
        """Open a store to read it, be it in use or not."""
        return cls(path, write=False)

    def commit(self) -> None:
        """Make everything so far durable; `UsageError` where the disk does not take it."""
        try:
            self._db.commit()
        except sqlite3.OperationalError as error:
            raise self._cannot_write(error) from None

    def close(self) -> None:
        """Close the store; what was not committed is gone."""
        self._db.close()
        if self._lock is not None:
            os.close(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _write(self, query: str, values: Sequence[object] = ()) -> None:
        try:
            self._db.execute(query, values)
        except sqlite3.OperationalError as error:
            raise self._cannot_write(error) from None

    def _write_all(self, query: str, rows: Iterable[Sequence[object]]) -> None:
        try:
            self._db.executemany(query, rows)
        except sqlite3.OperationalError as error:
            raise self._cannot_write(error) from None

    def _cannot_write(self, error: sqlite3.Error) -> UsageError:
        return UsageError(
            f"cannot write to {_shown(self.path)}: {error}; what was committed before is kept: "
            "make room and start again"
        )

    def _one(self, query: str, *values: object) -> Any:
        return self._db.execute(query, values).fetchone()

    def _check_version(self) -> None:
        found = int(self._one("PRAGMA user_version")[0])
        if found == 0 and self._lock is not None:
            self._become(SCHEMA, VERSION)
        elif found in MIGRATIONS and self._lock is not None:
            for older in range(found, VERSION):
                self._become(MIGRATIONS[older], older + 1)
        elif found in MIGRATIONS:
            self._format = found  # a reader changes nothing, and does without what is not there
        elif found == 0:
            self.close()
            raise UsageError(
                f"{_shown(self.path)} holds no run yet: the batch was ended as it began; start it "
                "again"
            )
        elif found != VERSION:
            self.close()
            raise UsageError(
                f"{_shown(self.path)} was written by another version of grader (its format is "
                f"{found}, this one's {VERSION}); use that one, or start a new run"
            )

    def _become(self, script: str, version: int) -> None:
        """Make or change the tables, in one transaction with the number that says so."""
        try:
            self._db.executescript(f"BEGIN; {script} PRAGMA user_version = {version}; COMMIT;")
        except sqlite3.OperationalError as error:
            self.close()
            raise self._cannot_write(error) from None


def _connected(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=30.0)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    return db


def _connected_to_read(path: Path) -> sqlite3.Connection:
    """Connect within one transaction, in which everything is as it was at its beginning."""
    where = f"file:{quote(os.fsencode(path.absolute()))}?mode=ro"
    db = sqlite3.connect(where, timeout=30.0, uri=True, isolation_level=None)
    try:
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        db.close()
        raise
    return db


def _locked(path: Path) -> int:
    """Take the lock of a store; `UsageError` where another process has it."""
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(lock, 32, 0).decode("ascii", "replace").strip() or "unknown"
        os.close(lock)
        raise UsageError(
            f"{_shown(path.parent)} is in use by another grader (process {holder}); wait for it, "
            "or name another --out"
        ) from None
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    return lock


def _shown(path: Path) -> str:
    return printable_name(str(path))
