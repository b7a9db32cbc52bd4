"""Which files of a batch are submissions, and what each is called. Opens none of them.

A folder of submissions is not trusted: a link in it may lead to any file of the instructor's,
so links are listed and not followed. A PATH that was named directly may be one.
"""

import itertools
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from grader.errors import UsageError
from grader.executors import Task
from grader.languages import by_suffix, suffixes
from grader.submission import printable_name

_MAX_DEPTH = 50
"""Folders within folders that are searched: an archive may hold any number of them."""


_NOT_SEARCHED = ("__pycache__", "node_modules")
"""Folders that tools make: no student has written what is in them."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is no submission, and why."""

    path: Path
    reason: str


@dataclass(slots=True)
class Found:
    """What a search found: submissions in the order of the search, and what is none."""

    tasks: list[Task] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def find(paths: Sequence[Path]) -> Found:
    """Search `paths`; `UsageError` if one is missing, unreadable or there is no submission."""
    found = Found()
    candidates: dict[Path, tuple[Task, tuple[str, ...]]] = {}
    for path in paths:
        for file, names in _search(path, found.skipped):
            # A file that is reached twice is one submission.
            key = Path(os.path.abspath(file))
            candidates.setdefault(key, (Task("", file, follow_link=file == path), names))
    if not candidates:
        raise UsageError(
            f"no {suffixes()} file in {', '.join(map(_shown, paths))}; name files, or folders "
            "that hold them"
        )
    chosen = _distinct([names for _, names in candidates.values()])
    found.tasks = [
        replace(task, name=name)
        for name, (task, _) in zip(chosen, candidates.values(), strict=True)
    ]
    return found


def _search(path: Path, skipped: list[Skipped]) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Yield each submission of one PATH with the names it may have, the preferred one first."""
    if path.is_dir():
        owner = path.name or path.resolve().name
        for file in _walk(path, skipped):
            inner = file.relative_to(path).as_posix()
            yield file, _names(inner, f"{owner}/{inner}", file)
    elif os.path.lexists(path):
        yield path, _names(path.name, path.name, path)
    else:
        raise UsageError(f"{_shown(path)} does not exist; check the name and the folder you are in")


def _names(short: str, longer: str, file: Path) -> tuple[str, ...]:
    names = (short, longer, file.as_posix(), Path(os.path.abspath(file)).as_posix())
    return tuple(map(printable_name, names))


def _walk(folder: Path, skipped: list[Skipped], depth: int = 0) -> Iterator[Path]:
    """Yield the submissions under `folder`, by name; never through a link."""
    for entry in _entries(folder, skipped, depth):
        path = folder / entry.name
        if entry.name.startswith(".") or entry.name in _NOT_SEARCHED:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(path, skipped, depth + 1)
        elif (reason := _why_not(entry)) is not None:
            skipped.append(Skipped(path, reason))
        else:
            yield path


def _entries(folder: Path, skipped: list[Skipped], depth: int) -> "list[os.DirEntry[str]]":
    """List a folder. One student's that cannot be searched does not stop a whole batch."""
    try:
        if depth <= _MAX_DEPTH:
            return sorted(os.scandir(folder), key=lambda entry: entry.name)
        reason = f"a folder more than {_MAX_DEPTH} deep is not searched: name it as a PATH"
    except OSError as error:
        reason = f"cannot read the folder: {error.strerror}"
    if depth == 0:
        raise UsageError(f"{_shown(folder)}: {reason}")
    skipped.append(Skipped(folder, reason))
    return []


def _why_not(entry: "os.DirEntry[str]") -> str | None:
    if entry.is_symlink():
        return "a link is not followed: name its target as a PATH"
    if not entry.is_file(follow_symlinks=False):
        return "not a regular file"
    if by_suffix(PurePath(entry.name)) is not None:
        return None
    return f"not a {suffixes()} file"


def _distinct(candidates: Sequence[tuple[str, ...]]) -> list[str]:
    """Choose a name for each, the earliest of its candidates that no other shares.

    >>> _distinct([("x.py", "mon/x.py"), ("x.py", "tue/x.py"), ("y.py", "mon/y.py")])
    ['mon/x.py', 'tue/x.py', 'y.py']
    """
    chosen = [0] * len(candidates)
    while True:
        names = [names[rank] for names, rank in zip(candidates, chosen, strict=True)]
        uses = Counter(names)
        clashing = [
            index
            for index, name in enumerate(names)
            if uses[name] > 1 and chosen[index] + 1 < len(candidates[index])
        ]
        if not clashing:
            return numbered(names)
        for index in clashing:
            chosen[index] += 1


def numbered(names: Iterable[str]) -> list[str]:
    r"""Return names of which none is there twice: later ones get a number.

    Bytes that are no UTF-8 are written as `\xff`, which another file may be called.

    >>> numbered(["x.py", "y.py", "x.py"])
    ['x.py', 'y.py', 'x.py (2)']
    """
    used: dict[str, None] = {}
    for name in names:
        free = (name if count == 1 else f"{name} ({count})" for count in itertools.count(1))
        used[next(each for each in free if each not in used)] = None
    return list(used)


def _shown(path: Path) -> str:
    return printable_name(str(path))
