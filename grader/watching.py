"""Waits for a file to be saved, and reads it anew. Never writes."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from grader import languages
from grader.errors import UsageError
from grader.submission import Submission

_EVERY_S = 0.1

_Stamp = tuple[int, int, int]


def saved(path: Path) -> Iterator[Submission]:
    """Return the submission whenever its file holds something else than now; for ever.

    Editors that replace a file on saving leave it missing for a moment: that is waited out.
    """
    # Looked at now, not when the first is asked for: a save in between must not be missed.
    return _saved(path, _stamp(path))


def _saved(path: Path, last: _Stamp | None) -> Iterator[Submission]:
    source = b""
    while True:
        now = _stamp(path)
        if now is None or now == last:
            time.sleep(_EVERY_S)
            continue
        last = now
        try:
            submission = languages.read(path)
        except UsageError:
            time.sleep(_EVERY_S)
            continue
        if submission.source != source:
            source = submission.source
            yield submission


def _stamp(path: Path) -> _Stamp | None:
    """Return what changes when a file is saved; None where there is no file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
