"""Canvas: `lovelaceada_LATE_501_90210_solution.py`, the user's id and the attachment's. Pure.

The name in front is the student's, who may well put `_777_888` into it, and a file may be
called `12_a.py`. Canvas itself takes the first two numbers; so do we, unless one id would
then belong to two names: of these, those that can be read in two ways are refused.
A download holds each student's latest attempt, whose files differ by their attachment ids.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from grader.intake.found import Aside, Found, Recogniser, Strange, Texts, strange

TITLE = "Canvas"
_NUMBER = "[0-9]{1,18}"
_FILE = rf"_(?:(?P<attachment>{_NUMBER})_(?P<file>[^/]+)|(?P<kind>text|link)\.html)"
_NAMED = re.compile(rf"(?:(?P<name>[^/]*?)_)??(?:(?P<late>LATE)_)?(?P<key>{_NUMBER}){_FILE}")
_BLIND = re.compile(rf"(?:(?P<late>LATE)_)?(?P<key>anon_[A-Za-z0-9]+){_FILE}")
_TWO_NUMBERS = re.compile(rf"(?=(?:^|_){_NUMBER}_{_NUMBER}_.)")
_KINDS = {"text": "a text entry, no file", "link": "a link to a web page, no file"}


def matches(name: str) -> bool:
    return _NAMED.fullmatch(name) is not None or _BLIND.fullmatch(name) is not None


def read(names: Sequence[str], _: Texts) -> Iterator[Found | Strange | Aside]:
    # A student may be called Anon, but not everybody.
    blind = all(map(_BLIND.fullmatch, filter(matches, names)))
    found = {name: _found(name, _BLIND if blind else _NAMED) for name in names}
    owners = defaultdict(set)
    for each in found.values():
        if each is not None:
            owners[each.key].add(each.name)
    for name, each in found.items():
        if each is None:
            yield strange(name, TITLE)
        elif len(owners[each.key]) > 1 and _ambiguous(name):
            yield Strange(
                name,
                f"the id {each.key} belongs to two names if it is read as usual, and it can be "
                "read otherwise: import this file from a folder named by the student's id",
            )
        else:
            yield each


def _found(name: str, pattern: re.Pattern[str]) -> Found | None:
    match = pattern.fullmatch(name)
    if match is None:
        return None
    kind = match["kind"]
    return Found(
        member=name,
        key=match["key"],
        name=match.groupdict().get("name"),
        file=match["file"] or f"{kind}.html",
        late=match["late"] is not None,
        order=(match["attachment"] or "").zfill(18),
        needless=_KINDS.get(kind),
    )


def _ambiguous(name: str) -> bool:
    return len(_TWO_NUMBERS.findall(name)) > 1


RECOGNISER = Recogniser(TITLE, matches, read)
