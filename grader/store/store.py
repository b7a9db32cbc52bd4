"""What is kept in a run's file, and found there. Judges nothing."""

import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.store.database import Database
from grader.store.rows import Case, Filed, Judged, Mark, Push
from grader.store.schema import WITH_PUSHES

_NAMED = re.compile(rb'"submission": ?"(?:[^"\\]|\\.)*"')


class Store(Database):
    """An open store: everything that is asked of it."""

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

    def run_of(self, judgement: str) -> str:
        """Return the key of the run that a judgement is of; "" where there is no such judgement."""
        row = self._one("SELECT run FROM judgements WHERE key = ?", judgement)
        return "" if row is None else str(row[0])

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
        if self._format < WITH_PUSHES:
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

    def _or_current(self, generation: int | None) -> int:
        return self.generation if generation is None else generation


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
