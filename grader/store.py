"""One run's submissions, results and history, in one SQLite file.

Theory of operation. The file is in WAL mode with `synchronous=FULL`: what `commit` has returned
from survives SIGKILL, a full disk and a power cut. Callers add what came in, commit, and only
then report it as done; a transaction that was not committed is as if it had never begun. A
lock file beside the database is held while a store is open, so that two processes never write
to one run; it is the kernel's lock, gone with its process however that ends. Who only reads
(`Store.reading`) takes no lock: it sees one moment, what was committed when it opened, while a
batch goes on writing, and neither waits for the other.

What the box returned (`runs`) is kept apart from how it was marked (`judgements`), each under the
key that names all it depends on. A result only says which judgement a submission has, so that
equal files share both, and a changed tolerance needs no run. A regrade adds a generation of
results beside the current one; publishing it moves one number, and so does taking it back.

What was sent to a learning platform (`pushes`) is a fact about that platform, so it outlives a
run that is begun anew. Files of format 1 lack this table: whoever writes to one adds it, and to
who only reads it is empty.

It stores and finds; it judges nothing, and knows no format but its own.

    meta         key, value
    submissions  id, name, path (the bytes that the system has for it), sha256, language, and as
                 JSON what its intake knows (`about`)
    runs         key, evidence (see `keeping`), cpu_s, wall_s
    judgements   key, run, challenge, digest, verdict, score, max_score, diagnosis, named, result
                 (zlib of the instructor's JSON for the submission `named`), hunt, example
    cases        judgement, position, group, name, verdict, score, max_score, flaky
    results      submission, challenge, generation, judgement
    faults       submission, challenge, tries, why: what our own faults have kept from a mark
    adjustments  submission, challenge, points, reason, at: by hand; they survive regrades
    pushes       place, user, score and maximum (exact, "15/2"), comment and seen (digests of what
                 was sent and of what the platform then had, "" if that is unknown), sent_at,
                 state: "sending" before a request, then its answer; the latest for each user
    journal      seq, at, event, detail
"""

import fcntl
import json
import os
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import quote

from grader.errors import UsageError
from grader.submission import printable_name

FILE = "run.sqlite"
VERSION = 2

_NAMED = re.compile(rb'"submission": ?"(?:[^"\\]|\\.)*"')

_PUSHES = """
CREATE TABLE pushes (
    place TEXT NOT NULL, user TEXT NOT NULL, score TEXT NOT NULL, maximum TEXT NOT NULL,
    comment TEXT NOT NULL, seen TEXT NOT NULL, sent_at TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (place, user)
) STRICT, WITHOUT ROWID;
"""
_WITH_PUSHES = 2
_MIGRATIONS = {1: _PUSHES}
"""By format: what makes the next one of it."""

_SCHEMA = (
    """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE submissions (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, path BLOB NOT NULL, sha256 TEXT NOT NULL,
    language TEXT NOT NULL, about TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE TABLE runs (
    key TEXT PRIMARY KEY, evidence BLOB NOT NULL, cpu_s REAL NOT NULL, wall_s REAL NOT NULL
) STRICT;
CREATE TABLE judgements (
    key TEXT PRIMARY KEY, run TEXT NOT NULL, challenge TEXT NOT NULL, digest TEXT NOT NULL,
    verdict TEXT NOT NULL, score REAL, max_score REAL NOT NULL, diagnosis TEXT NOT NULL,
    named TEXT NOT NULL, result BLOB NOT NULL, hunt TEXT, example TEXT
) STRICT;
CREATE TABLE cases (
    judgement TEXT NOT NULL, position INTEGER NOT NULL, grp TEXT NOT NULL, name TEXT NOT NULL,
    verdict TEXT NOT NULL, score REAL, max_score REAL NOT NULL, flaky INTEGER NOT NULL,
    PRIMARY KEY (judgement, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE results (
    submission TEXT NOT NULL, challenge TEXT NOT NULL, generation INTEGER NOT NULL,
    judgement TEXT NOT NULL, PRIMARY KEY (generation, challenge, submission)
) STRICT, WITHOUT ROWID;
CREATE TABLE faults (
    submission TEXT NOT NULL, challenge TEXT NOT NULL, tries INTEGER NOT NULL, why TEXT NOT NULL,
    PRIMARY KEY (submission, challenge)
) STRICT, WITHOUT ROWID;
CREATE TABLE adjustments (
    id INTEGER PRIMARY KEY, submission TEXT NOT NULL, challenge TEXT NOT NULL,
    points REAL NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, event TEXT NOT NULL, detail TEXT NOT NULL
) STRICT;
CREATE INDEX results_by_judgement ON results (judgement);
"""
    + _PUSHES
)


@dataclass(frozen=True, slots=True)
class Filed:
    """A submission as the store knows it. `about` is what its intake knows: late, attempt, ..."""

    id: str
    name: str
    path: Path
    sha256: str
    language: str
    about: Mapping[str, Any]


class Case(NamedTuple):
    """One case of a judgement, as far as statistics ask for it."""

    group: str
    name: str
    verdict: str
    score: float | None
    max_score: float
    flaky: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement with the run that it is of. `line` is the result for `named`: zlib of JSON.

    `hunt` is None where no example is wanted, else the id of the known program that explains it.
    """

    key: str
    run: str
    evidence: bytes
    cpu_s: float
    wall_s: float
    challenge: str
    digest: str
    verdict: str
    score: float | None
    max_score: float
    diagnosis: str
    named: str
    line: bytes
    hunt: str | None
    cases: Sequence[Case]


class Mark(NamedTuple):
    """A submission's standing in one challenge, without the whole result."""

    submission: str
    name: str
    challenge: str
    judgement: str
    verdict: str
    score: float | None
    max_score: float
    diagnosis: str


class Push(NamedTuple):
    """The latest grade that was sent to a platform's column for one of its users."""

    user: str
    score: str
    maximum: str
    comment: str
    seen: str
    sent_at: str
    state: str


class Store:
    """An open store; a context that closes it. Nothing is durable before `commit`."""

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

    # --- Meta and history ----------------------------------------------------------------------

    def meta(self, key: str, default: str = "") -> str:
        row = self._one("SELECT value FROM meta WHERE key = ?", key)
        return default if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        self._write("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    @property
    def challenges(self) -> list[str]:
        """The challenges of the run, by id, in their order."""
        return self.meta("challenge").split()

    @property
    def assignment(self) -> str:
        """The text of the assignment that the run is for; "" where it is for one challenge."""
        return self.meta("assignment")

    def begin(self, max_scores: Mapping[str, float], assignment: str = "") -> None:
        """Say which challenges the run is about, what each gives, and for which assignment."""
        self.set_meta("challenge", " ".join(max_scores))
        self.set_meta("assignment", assignment)
        for challenge, most in max_scores.items():
            self.set_meta(f"max score of {challenge}", repr(most))

    def max_score(self, challenge: str) -> float | None:
        """Return what a challenge of the run gives, as far as that is known without a result."""
        kept = self.meta(f"max score of {challenge}")
        return float(kept) if kept else None

    @property
    def generation(self) -> int:
        """The generation of results that counts at present."""
        return int(self.meta("generation", "1"))

    def note(self, event: str, detail: str = "") -> None:
        """Write a line of history."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        values = (at, event, detail)
        self._write("INSERT INTO journal (at, event, detail) VALUES (?, ?, ?)", values)

    def journal(self) -> list[tuple[str, str, str]]:
        return list(self._db.execute("SELECT at, event, detail FROM journal ORDER BY seq"))

    # --- Submissions ---------------------------------------------------------------------------

    def file(self, submissions: Iterable[Filed]) -> None:
        """Add submissions, or what has changed of them.

        Who has handed in a file of the same name again has the name with the new one; the earlier
        submission, which may have been adjusted or be part of another generation, keeps its id.
        """
        submissions = list(submissions)
        self._write_all(
            "UPDATE submissions SET name = name || ' (' || id || ')' WHERE name = ? AND id != ?",
            ((s.name, s.id) for s in submissions),
        )
        self._write_all(
            "INSERT INTO submissions VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "name = excluded.name, path = excluded.path, sha256 = excluded.sha256, "
            "language = excluded.language, about = excluded.about",
            ((s.id, s.name, os.fsencode(s.path), s.sha256, s.language, json.dumps(dict(s.about)))
             for s in submissions),
        )  # fmt: skip

    def submissions(self) -> Iterator[Filed]:
        """Yield every submission by name."""
        query = "SELECT id, name, path, sha256, language, about FROM submissions ORDER BY name"
        for identifier, name, path, sha256, language, about in self._db.execute(query):
            yield Filed(
                identifier, name, Path(os.fsdecode(path)), sha256, language, json.loads(about)
            )

    # --- Runs and judgements -------------------------------------------------------------------

    def has_judgement(self, key: str) -> bool:
        """Tell whether a mark is known; what our own fault prevented is none."""
        query = "SELECT 1 FROM judgements WHERE key = ? AND verdict != 'judge_error'"
        return self._one(query, key) is not None

    def evidence(self, run: str) -> bytes | None:
        row = self._one("SELECT evidence FROM runs WHERE key = ?", run)
        return None if row is None else bytes(row[0])

    def add(self, judged: Judged) -> None:
        """Keep a run and its judgement; one that is there already is replaced.

        Without evidence there was no run that could be marked again.
        """
        j = judged
        if j.evidence:
            run = (j.run, j.evidence, j.cpu_s, j.wall_s)
            self._write("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?)", run)
        self._write(
            "INSERT OR REPLACE INTO judgements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            (j.key, j.run, j.challenge, j.digest, j.verdict, j.score, j.max_score, j.diagnosis,
             j.named, j.line, j.hunt),
        )  # fmt: skip
        self._write("DELETE FROM cases WHERE judgement = ?", (j.key,))
        self._write_all(
            "INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((j.key, position, *case) for position, case in enumerate(j.cases)),
        )

    def assign(self, submission: str, challenge: str, generation: int, judgement: str) -> None:
        """Say which judgement a submission has."""
        row = (submission, challenge, generation, judgement)
        self._write("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?)", row)

    # --- Faults of ours ------------------------------------------------------------------------

    def fault(self, submission: str, challenge: str, why: str) -> int:
        """Count a fault that has kept a submission from its mark; return how many there were."""
        row = self._one(
            "INSERT INTO faults VALUES (?, ?, 1, ?) ON CONFLICT DO UPDATE SET "
            "tries = tries + 1, why = excluded.why RETURNING tries",
            submission,
            challenge,
            why,
        )
        return int(row[0]) if row is not None else 0

    def quarantine(self, submission: str, challenge: str, tries: int) -> None:
        """Try a submission no more: it has had all its tries."""
        self._write(
            "UPDATE faults SET tries = max(tries, ?) WHERE submission = ? AND challenge = ?",
            (tries, submission, challenge),
        )

    def faults(self) -> list[tuple[str, str, int, str]]:
        """Return (submission, challenge, tries, why) of what is without a mark by our fault."""
        return list(self._db.execute("SELECT * FROM faults ORDER BY submission, challenge"))

    def recover(self, submission: str, challenge: str) -> None:
        """Forget the faults of a submission that has its mark after all."""
        self._write(
            "DELETE FROM faults WHERE submission = ? AND challenge = ?", (submission, challenge)
        )

    def forget_faults(self) -> None:
        """Give everything that was quarantined its tries anew."""
        self._write("DELETE FROM faults")

    # --- Results -------------------------------------------------------------------------------

    def result_of(self, submission: str, challenge: str, generation: int) -> str | None:
        """Return the key of a submission's judgement."""
        row = self._one(
            "SELECT judgement FROM results WHERE submission = ? AND challenge = ? "
            "AND generation = ?",
            submission,
            challenge,
            generation,
        )
        return None if row is None else str(row[0])

    def keep_results(self, challenge: str, generation: int, submissions: Iterable[str]) -> None:
        """Drop the results of all other submissions; what was found out about them stays."""
        self._write("CREATE TEMP TABLE IF NOT EXISTS kept (id TEXT PRIMARY KEY)")
        self._write("DELETE FROM kept")
        self._write_all("INSERT INTO kept VALUES (?)", ((each,) for each in submissions))
        self._write(
            "DELETE FROM results WHERE challenge = ? AND generation = ? "
            "AND submission NOT IN (SELECT id FROM kept)",
            (challenge, generation),
        )

    def copy_results(self, challenge: str, before: int, after: int) -> None:
        """Give a generation the results that another has for a challenge."""
        self._write(
            "INSERT OR REPLACE INTO results SELECT submission, challenge, ?, judgement "
            "FROM results WHERE challenge = ? AND generation = ?",
            (after, challenge, before),
        )

    def drop_generation(self, generation: int) -> None:
        """Forget the results of a generation; what was found out for them stays."""
        self._write("DELETE FROM results WHERE generation = ?", (generation,))

    def marks(self, generation: int | None = None) -> Iterator[Mark]:
        """Yield every submission's standing, by name and challenge."""
        query = (
            "SELECT s.id, s.name, r.challenge, j.key, j.verdict, j.score, j.max_score, j.diagnosis "
            "FROM results r JOIN submissions s ON s.id = r.submission "
            "JOIN judgements j ON j.key = r.judgement WHERE r.generation = ? "
            "ORDER BY s.name, r.challenge"
        )
        yield from map(Mark._make, self._db.execute(query, (self._or_current(generation),)))

    def lines(self, generation: int | None = None) -> Iterator[bytes]:
        """Yield every result as JSON in the instructor's view, with its example, by name."""
        query = (
            "SELECT s.name, j.named, j.result, j.example "
            "FROM results r JOIN submissions s ON s.id = r.submission "
            "JOIN judgements j ON j.key = r.judgement WHERE r.generation = ? "
            "ORDER BY s.name, r.challenge"
        )
        for name, named, result, example in self._db.execute(
            query, (self._or_current(generation),)
        ):
            yield _with_example(_renamed(zlib.decompress(result), named, name), example)

    def line(self, submission: str, challenge: str) -> bytes | None:
        """Return one submission's result that counts, as `lines` has it; None if there is none."""
        row = self._one(
            "SELECT s.name, j.named, j.result, j.example "
            "FROM results r JOIN submissions s ON s.id = r.submission "
            "JOIN judgements j ON j.key = r.judgement "
            "WHERE r.generation = ? AND r.challenge = ? AND r.submission = ?",
            self.generation,
            challenge,
            submission,
        )
        if row is None:
            return None
        name, named, result, example = row
        return _with_example(_renamed(zlib.decompress(result), named, name), example)

    def count(self, generation: int | None = None) -> int:
        """Return how many results there are."""
        query = "SELECT count(*) FROM results WHERE generation = ?"
        row = self._one(query, self._or_current(generation))
        return int(row[0]) if row is not None else 0

    def result(self, judgement: str) -> Mapping[str, Any]:
        """Return a judgement as JSON in the instructor's view; it names one of its submissions."""
        row = self._one("SELECT result FROM judgements WHERE key = ?", judgement)
        found: Mapping[str, Any] = json.loads(zlib.decompress(row[0]))
        return found

    def cases(self, judgement: str) -> list[Case]:
        """Return a judgement's cases in their order."""
        query = (
            "SELECT grp, name, verdict, score, max_score, flaky FROM cases "
            "WHERE judgement = ? ORDER BY position"
        )
        rows = self._db.execute(query, (judgement,))
        return [Case._make((*row[:5], bool(row[5]))) for row in rows]

    # --- Examples ------------------------------------------------------------------------------

    def hunts(
        self, generation: int | None = None, challenge: str = ""
    ) -> list[tuple[str, str, str]]:
        """Return (judgement, a submission with it, known program) where an example is due.

        Of one challenge, or of all.
        """
        query = (
            "SELECT j.key, min(r.submission), j.hunt FROM judgements j "
            "JOIN results r ON r.judgement = j.key "
            "WHERE r.generation = ? AND j.hunt IS NOT NULL AND j.example IS NULL "
            "AND (j.challenge = ? OR ? = '') GROUP BY j.key ORDER BY j.key"
        )
        values = (self._or_current(generation), challenge, challenge)
        return list(self._db.execute(query, values))

    def explain(self, judgement: str, entry: Mapping[str, Any] | None) -> None:
        """Keep what a search for an example brought, be it nothing."""
        text = json.dumps(entry, allow_nan=False)
        self._write("UPDATE judgements SET example = ? WHERE key = ?", (text, judgement))

    # --- Adjustments ---------------------------------------------------------------------------

    def adjust(self, submission: str, challenge: str, points: float, reason: str) -> None:
        """Add points (or take some away) by hand, with a reason."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self._write(
            "INSERT INTO adjustments (submission, challenge, points, reason, at) "
            "VALUES (?, ?, ?, ?, ?)",
            (submission, challenge, points, reason, at),
        )

    def adjustments(self, submission: str) -> list[tuple[str, float, str, str]]:
        """Return (challenge, points, reason, at) of a submission, in order."""
        query = (
            "SELECT challenge, points, reason, at FROM adjustments WHERE submission = ? ORDER BY id"
        )
        return list(self._db.execute(query, (submission,)))

    # --- What was sent to a platform -----------------------------------------------------------

    def push(self, place: str, push: Push) -> None:
        """Keep what is sent to a column for a user, in the stead of what was sent before."""
        self._write("INSERT OR REPLACE INTO pushes VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (place, *push))

    def pushes(self, place: str) -> list[Push]:
        """Return what was sent to a column."""
        if self._format < _WITH_PUSHES:
            return []
        query = (
            "SELECT user, score, maximum, comment, seen, sent_at, state FROM pushes "
            "WHERE place = ? ORDER BY user"
        )
        return [Push._make(row) for row in self._db.execute(query, (place,))]

    def clear(self) -> None:
        """Forget everything but what was sent to platforms: a new run begins."""
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'pushes'"
        for name in [row[0] for row in self._db.execute(query)]:
            self._write(f"DELETE FROM {name}")

    # --- The file ------------------------------------------------------------------------------

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

    def _or_current(self, generation: int | None) -> int:
        return self.generation if generation is None else generation

    def _one(self, query: str, *values: object) -> Any:
        return self._db.execute(query, values).fetchone()

    def _check_version(self) -> None:
        found = int(self._one("PRAGMA user_version")[0])
        if found == 0 and self._lock is not None:
            self._become(_SCHEMA, VERSION)
        elif found in _MIGRATIONS and self._lock is not None:
            for older in range(found, VERSION):
                self._become(_MIGRATIONS[older], older + 1)
        elif found in _MIGRATIONS:
            self._format = found  # a reader changes nothing, and does without what is not there
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


def _renamed(line: bytes, named: str, name: str) -> bytes:
    """Give a result another submission's name: it stands before anything that a student wrote."""
    if named == name:
        return line
    return _NAMED.sub(lambda _: b'"submission":' + json.dumps(name).encode(), line, count=1)


def _with_example(line: bytes, example: str | None) -> bytes:
    if example is None or example == "null":
        return line
    result = json.loads(line)
    result["diagnosis"].append(json.loads(example))
    return json.dumps(result, allow_nan=False, separators=(",", ":")).encode("ascii")


def _shown(path: Path) -> str:
    return printable_name(str(path))
