"""Give a student a folder to work in: the starter and the statement of a challenge."""

import os
from pathlib import Path

from grader import languages
from grader.catalog import Loaded
from grader.errors import AuthorError, UsageError

STATEMENT = "statement.md"


def copy(loaded: Loaded, language: str, folder: Path | None) -> list[Path]:
    """Copy both files into `folder`, by default one named after the challenge; never overwrite.

    Returns the files written. `UsageError` if a file is already there, or the language is
    not offered; nothing has been written then.
    """
    if language not in loaded.challenge.languages:
        offered = ", ".join(loaded.challenge.languages)
        raise UsageError(f"{loaded.challenge.id} is not offered in {language!r}, only in {offered}")
    target = Path(loaded.folder.name) if folder is None else folder
    names = (languages.by_name(language).starter, STATEMENT)
    contents = [_content(loaded.folder / name) for name in names]
    for name in names:
        if os.path.lexists(target / name):
            raise UsageError(f"{target / name} exists and is left as it is; name another folder")
    try:
        return [_write(target / name, text) for name, text in zip(names, contents, strict=True)]
    except OSError as error:
        raise UsageError(f"cannot write to {target}: {error.strerror}") from None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AuthorError(f"{path}: {error.strerror}; every challenge has one") from None


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(content)
    return path
