"""The tables of a run's file, and what makes an older file one of the present format."""

VERSION = 2

_PUSHES = """
CREATE TABLE pushes (
    place TEXT NOT NULL, user TEXT NOT NULL, score TEXT NOT NULL, maximum TEXT NOT NULL,
    comment TEXT NOT NULL, seen TEXT NOT NULL, sent_at TEXT NOT NULL, state TEXT NOT NULL,
    PRIMARY KEY (place, user)
) STRICT, WITHOUT ROWID;
"""
WITH_PUSHES = 2
MIGRATIONS = {1: _PUSHES}
"""By format: what makes the next one of it."""

SCHEMA = (
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
