"""Waits for a file to be saved, and reads it anew. Never writes."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from grader import languages
from grader.errors import UsageError
from grader.submission import Submission

_EVERY_S = 0.1


def saved(path: Path) -> Iterator[Submission]:
    """Yield the submission whenever its file holds something else; for ever.

    Editors that replace a file on saving leave it missing for a moment: that is waited out.
    """
    last = _stamp(path)
    source = b""
    while True:
        time.sleep(_EVERY_S)
        now = _stamp(path)
        if now is None or now == last:
            continue
        last = now
        try:
            submission = languages.read(path)
        except UsageError:
            continue
        if submission.source != source:
            source = submission.source
            yield submission


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is saved; None where there is no file."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns
