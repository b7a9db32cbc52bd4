"""Gradescope's export: `submission_123/solution.py` and `submission_metadata.yml`. Pure.

The key is the submitter's student id, else their email; a team's are joined. Where the
metadata does not say, it is the submission's, which is another after a resubmission.
"""

import re
from collections.abc import Iterator, Sequence

from grader.intake import ruby_yaml
from grader.intake.found import Aside, Found, Person, Recogniser, Strange, Texts, strange
from grader.intake.ruby_yaml import Submission

TITLE = "Gradescope"
METADATA = "submission_metadata.yml"
_FOLDER = re.compile(r"submission_(?P<id>[0-9]{1,18})")
_UNKNOWN = Submission()


def matches(name: str) -> bool:
    folder, slash, _ = name.partition("/")
    return is_metadata(name) or (bool(slash) and _FOLDER.fullmatch(folder) is not None)


def is_metadata(name: str) -> bool:
    """Tell whether a file is Gradescope's own about all submissions."""
    return name == METADATA


def read(names: Sequence[str], texts: Texts) -> Iterator[Found | Strange | Aside]:
    known = ruby_yaml.read(texts[METADATA]) if METADATA in texts else {}
    for name in names:
        folder, slash, file = name.partition("/")
        match = _FOLDER.fullmatch(folder)
        if is_metadata(name):
            yield Aside(name, "Gradescope's own list of submissions")
        elif match is None or not slash:
            yield strange(name, TITLE)
        else:
            yield _found(name, file, match["id"], known.get(folder, _UNKNOWN))


def _found(name: str, file: str, number: str, submission: Submission) -> Found:
    people = submission.submitters
    return Found(
        member=name,
        key=_key(people) or f"submission_{number}",
        name=", ".join(person.name for person in people if person.name) or None,
        file=file,
        attempt=number.zfill(18),
        submitted_at=submission.created_at,
        team=people if len(people) > 1 else (),
    )


def _key(people: Sequence[Person]) -> str:
    keys = [person.key for person in people]
    return "+".join(sorted(keys)) if all(keys) else ""


RECOGNISER = Recogniser(TITLE, matches, read)
