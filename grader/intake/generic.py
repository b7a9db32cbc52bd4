"""No platform: a file per student, or a folder per student. Pure.

The key is what the file (without its suffix) or the folder is called: nothing else is known.
"""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from grader.intake.found import Aside, Found, Recogniser, Strange, Texts
from grader.languages import by_suffix

FILES, FOLDERS = "files", "folders"


def is_source(name: str) -> bool:
    """Tell whether a file is called as a source of one of our languages is."""
    return by_suffix(PurePosixPath(name)) is not None


def layout(names: Sequence[str]) -> str:
    """Tell a file per student from a folder per student, by what lies at the top.

    >>> layout(["ada.py", "bob.py"]), layout(["README.md", "ada/a.py", "bob/a.py"])
    ('files', 'folders')
    """
    top = [name for name in names if "/" not in name]
    if any(map(is_source, top)) or len(top) == len(names):
        return FILES
    return FOLDERS


def by_file(names: Sequence[str], _: Texts) -> Iterator[Found | Strange | Aside]:
    """Read each file at the top as a student's; a folder there is one's, too."""
    for name in names:
        if "/" in name:
            yield _in_folder(name)
        else:
            key = PurePosixPath(name).stem
            yield Found(member=name, key=key, name=key, file=name)


def by_folder(names: Sequence[str], _: Texts) -> Iterator[Found | Strange | Aside]:
    """Read each folder at the top as a student's; a file there is nobody's."""
    for name in names:
        if "/" in name:
            yield _in_folder(name)
        else:
            yield Aside(name, "in no student's folder")


def _in_folder(name: str) -> Found:
    folder, _, file = name.partition("/")
    return Found(member=name, key=folder, name=folder, file=file)


# Any name will do.
RECOGNISERS = {
    FILES: Recogniser("a file per student", bool, by_file),
    FOLDERS: Recogniser("a folder per student", bool, by_folder),
}
