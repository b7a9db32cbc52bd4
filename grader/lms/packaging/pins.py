"""The versions of everything that grading needs, as they are installed here: pip's constraints.

pip decides on the other machine what is needed there (markers, another Python); what it decides
for is then of the version that was seen to work here. So the list may hold more than is needed,
and holds nothing that is not installed. It names no index and no address. Nor does it hold digests:
an installation keeps none of the archive that it came from, and another machine gets another one.
"""

import re
from collections.abc import Collection, Iterator

from grader.lms.packaging.wheel import DISTRIBUTION, installed

LEAST_PYTHON = (3, 11)

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([^'"]+)['"]""")
_LEAST = re.compile(r">=\s*3\.(\d+)")

Wanted = tuple[str, frozenset[str]]
"""A distribution and its extras."""


def versions(packages: Collection[str], extras: Collection[str]) -> dict[str, str]:
    """Return the versions of what the grader (with `extras`) and `packages` need, by name."""
    found: dict[str, str] = {}
    seen: set[Wanted] = set()
    waiting: list[Wanted] = [(normal(DISTRIBUTION), frozenset(map(normal, extras)))]
    waiting += [(normal(name), frozenset()) for name in packages]
    while waiting:
        wanted = waiting.pop()
        known = installed(wanted[0])
        if wanted in seen or known is None:
            continue
        seen.add(wanted)
        found[wanted[0]] = known.version
        waiting += needs(known.requires or (), wanted[1])
    del found[normal(DISTRIBUTION)]
    return dict(sorted(found.items()))


def least_python(names: Collection[str]) -> tuple[int, int]:
    """Return the least Python that the installed versions of `names` and the grader run on."""
    least = LEAST_PYTHON
    for name in names:
        known = installed(name)
        said = _LEAST.search(known.metadata["Requires-Python"] or "") if known else None
        if said is not None:
            least = max(least, (3, int(said[1])))
    return least


def needs(requirements: Collection[str], extras: Collection[str]) -> Iterator[Wanted]:
    """Yield what requirements name; of those that belong to extras, what `extras` ask for.

    >>> list(needs(["a>=1", "b[x]; extra == 'js'", "c; extra == 'dev'"], ["js"]))
    [('a', frozenset()), ('b', frozenset({'x'}))]
    """
    for requirement in requirements:
        said, _, marker = requirement.partition(";")
        asked = {normal(each) for each in _EXTRA.findall(marker)}
        match = _NAME.match(said)
        if match is None or (asked and not asked & set(extras)):
            continue
        theirs = (each.strip() for each in (match[2] or "").split(","))
        yield normal(match[1]), frozenset(normal(each) for each in theirs if each)


def normal(name: str) -> str:
    """Return a name as packaging compares it.

    >>> normal("Typing_Extensions")
    'typing-extensions'
    """
    return re.sub(r"[-_.]+", "-", name).lower()
