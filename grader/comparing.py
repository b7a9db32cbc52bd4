"""What is held against each other: the sources of a run, or of files and folders as they lie there.

A run knows its submissions and its challenge, and so the starters that all were given. Of each
student it takes the latest attempt, for nobody copies from themselves. A file counts only as
it was graded: by its digest, so that a link or another file in its place shows nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader import discovery, languages
from grader.catalog import Catalog
from grader.discovery import Skipped
from grader.errors import UsageError
from grader.similarity import Source
from grader.store import FILE, Filed, Store
from grader.submission import printable_name


@dataclass(slots=True)
class Gathered:
    """The sources with names that tell them apart, the starters, and what could not be read."""

    sources: list[Source] = field(default_factory=list)
    starters: list[Source] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def is_run(path: Path) -> bool:
    """Tell whether a folder holds what `grader batch --out` has written."""
    return (path / FILE).is_file()


def gather(paths: Sequence[Path], starters: Sequence[Path], roots: Sequence[Path]) -> Gathered:
    """Read everything in `paths`; `UsageError` where one is missing or holds nothing.

    `roots` are further folders of challenges, for the starters of runs.
    """
    found = Gathered(starters=[_read(path, path.name) for path in starters])
    runs = [path for path in paths if is_run(path)]
    plain = [path for path in paths if path not in runs]
    for path in runs:
        own = _of_run(path, roots, found)
        if len(paths) > 1:  # two runs may have submissions of one name
            own = [replace(each, name=f"{printable_name(str(path))}/{each.name}") for each in own]
        found.sources += own
    if plain:
        _of_files(plain, found)
    return found


def _of_run(folder: Path, roots: Sequence[Path], found: Gathered) -> list[Source]:
    """Return a run's sources; add its starters and what was skipped to `found`."""
    with Store.reading(folder / FILE) as store:
        graded = {mark.submission for mark in store.marks()}
        filed = _latest(each for each in store.submissions() if each.id in graded)
        challenge = store.meta("challenge")
    found.starters += _starters(challenge, roots)
    sources = []
    for each in filed:
        try:
            sources.append(_as_graded(each))
        except UsageError as error:
            found.skipped.append(Skipped(each.path, str(error)))
    return sources


def _latest(filed: Iterable[Filed]) -> list[Filed]:
    """Return the last attempt of each student, as far as it is known whose a submission is."""
    last: dict[tuple[str, ...], Filed] = {}
    for each in filed:
        about = each.about
        who = (str(about["platform"]), str(about["key"])) if "key" in about else (each.id,)
        if who not in last or about.get("attempt", 0) >= last[who].about.get("attempt", 0):
            last[who] = each
    return list(last.values())


def _as_graded(filed: Filed) -> Source:
    read = languages.read(filed.path, filed.name)
    if hashlib.sha256(read.source).hexdigest() != filed.sha256:
        name = printable_name(str(filed.path))
        raise UsageError(f"{name} has changed since it was graded; grade it again to compare it")
    return Source(filed.name, _text(read.source), read.language)


def _starters(challenge: str, roots: Sequence[Path]) -> Iterator[Source]:
    """Yield the starters of a challenge: one for each language that it has one in."""
    loaded = Catalog(roots).load(challenge)
    for name in loaded.challenge.languages:
        path = loaded.folder / languages.by_name(name).starter
        if path.is_file():
            yield _read(path, path.name)


def _of_files(paths: Sequence[Path], found: Gathered) -> None:
    searched = discovery.find(paths)
    found.skipped += searched.skipped
    for task in searched.tasks:
        try:
            found.sources.append(_read(task.path, task.name, follow_link=task.follow_link))
        except UsageError as error:
            found.skipped.append(Skipped(task.path, str(error)))


def _read(path: Path, name: str, *, follow_link: bool = True) -> Source:
    read = languages.read(path, name, follow_link=follow_link)
    return Source(name, _text(read.source), read.language)


def _text(source: bytes) -> str:
    return source.decode("utf-8-sig", "replace")
