"""WORK on disk: one import at a time, and never a manifest without the files that it names.

Files are written to WORK/.incoming under numbers, moved to WORK/submissions/ID as whole
folders, and named by the manifest last, which is replaced in one step. What dies in between
is finished by the next import: a folder without an entry is replaced, a lost file restored.
Names are made here, of ids, positions and our own suffixes; a student's is never among them.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from grader.errors import UsageError
from grader.intake import manifest
from grader.intake.manifest import Entry, Intake
from grader.submission import printable_name

_INCOMING, _SUBMISSIONS = ".incoming", "submissions"


@dataclass(frozen=True, slots=True)
class Work:
    """A WORK folder that is ours until it is closed."""

    root: Path

    @property
    def incoming(self) -> Path:
        """Where files are put before anybody knows whose they are."""
        return self.root / _INCOMING

    def intake(self) -> Intake:
        """Return what it holds so far."""
        try:
            return manifest.from_json((self.root / manifest.NAME).read_bytes())
        except FileNotFoundError:
            return Intake()

    def holds(self, entry: Entry) -> bool:
        """Tell whether every file of an entry is there in its size."""
        return all(_size(self.root / each.path) == each.bytes for each in entry.files)

    def place(self, entry: Entry, spooled: Sequence[Path]) -> None:
        """Move an entry's files from `incoming` to where its paths say."""
        draft = self.incoming / entry.id
        draft.mkdir()
        for stored, file in zip(entry.files, spooled, strict=True):
            file.rename(draft / Path(stored.path).name)
        target = self.root / _SUBMISSIONS / entry.id
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(exist_ok=True)
        draft.rename(target)

    def write(self, intake: Intake) -> None:
        """Replace the manifest, unless it says the same."""
        data, path = manifest.to_json(intake), self.root / manifest.NAME
        if path.exists() and path.read_bytes() == data:
            return
        draft = self.incoming / manifest.NAME
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)


def path_of(entry_id: str, position: int, suffix: str) -> str:
    """Return where in WORK a file is kept; `suffix` is one of a language's."""
    return f"{_SUBMISSIONS}/{entry_id}/{position}{suffix}"


@contextmanager
def opened(root: Path) -> Iterator[Work]:
    """Open or make WORK for one import; `UsageError` if it is in use or another's."""
    try:
        made = not root.exists()
        root.mkdir(parents=True, exist_ok=True)
        lock = os.open(root, os.O_RDONLY)
        try:
            _claim(root, lock)
            work = Work(root)
            shutil.rmtree(work.incoming, ignore_errors=True)
            work.incoming.mkdir()
            try:
                yield work
            finally:
                shutil.rmtree(work.incoming, ignore_errors=True)
                if made:
                    with suppress(OSError):
                        root.rmdir()  # where nothing was taken at all
        finally:
            os.close(lock)
    except OSError as error:
        raise UsageError(f"cannot write into {_shown(root)}: {error.strerror}") from None


def _claim(root: Path, lock: int) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise UsageError(f"{_shown(root)} is in use by another import; wait for it") from None
    found = {entry.name for entry in root.iterdir()}
    if manifest.NAME not in found and not found <= {_INCOMING, _SUBMISSIONS}:
        raise UsageError(f"{_shown(root)} holds other files; name a new or empty folder as --out")
    if (root / _SUBMISSIONS).is_symlink():
        raise UsageError(f"{_shown(root)}/{_SUBMISSIONS} is a link; name another folder as --out")


def _size(path: Path) -> int | None:
    with suppress(OSError):
        return path.stat().st_size
    return None


def _shown(path: Path) -> str:
    return printable_name(str(path))
