"""Which platform a download is from, by the names in it, and what they say. Pure.

A platform is recognised where it could have given more than half of the names, so that no
student decides it by what they call their file. Two that could, or none: then the names say
no more than a file or a folder per student, and the layout says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from grader.errors import UsageError
from grader.intake import blackboard, brightspace, canvas, generic, gradescope, moodle
from grader.intake.found import Aside, Found, Recogniser, Strange

PLATFORMS: Mapping[str, Recogniser] = {
    "canvas": canvas.RECOGNISER,
    "moodle": moodle.RECOGNISER,
    "gradescope": gradescope.RECOGNISER,
    "blackboard": blackboard.RECOGNISER,
    "brightspace": brightspace.RECOGNISER,
}
CHOICES = (*PLATFORMS, *generic.RECOGNISERS)
_MAX_WRAPPERS = 3
"""Folders around a download that packing and unpacking it may have left."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the names say: the platform, why it is this one, and each file's owner."""

    platform: str
    why: str
    found: tuple[Found, ...] = ()
    strange: tuple[Strange, ...] = ()
    aside: tuple[Aside, ...] = ()


def is_metadata(name: str) -> bool:
    """Tell whether a member is a platform's own and wanted by `recognise`, wherever it lies."""
    last = name.rpartition("/")[2]
    return gradescope.is_metadata(last) or blackboard.is_metadata(last)


def recognise(
    names: Sequence[str],
    texts: Mapping[str, bytes],
    *,
    forced: str | None = None,
    packed: bool = True,
) -> Layout:
    """Say whose each member is; `texts` are the contents of those that `is_metadata` names.

    `forced` is the platform that the user says it is; `packed` tells an archive from a folder.
    """
    wrappers = _wrappers(names)
    if forced is not None and forced in PLATFORMS:
        return _forced(forced, names, texts, wrappers)
    reason = "no platform would have named the files so"
    for wrapper in wrappers if forced is None else []:
        candidates = _candidates(names, wrapper)
        if len(candidates) == 1:
            return _read(candidates[0], names, texts, wrapper)
        if candidates:
            titles = " and ".join(PLATFORMS[each].title for each in candidates)
            reason = f"{titles} could both have named the files so: say which by --from"
            break
    return _generic(names, reason, forced, packed)


def _forced(
    platform: str, names: Sequence[str], texts: Mapping[str, bytes], wrappers: Sequence[str]
) -> Layout:
    wrapper = max(wrappers, key=lambda each: _matching(platform, names, each))
    if not _matching(platform, names, wrapper):
        title = PLATFORMS[platform].title
        raise UsageError(
            f"no file is named as {title} names its downloads; without --from, the platform is "
            "recognised, or each file or folder taken for a student's"
        )
    return _read(platform, names, texts, wrapper)


def _candidates(names: Sequence[str], wrapper: str) -> list[str]:
    return [each for each in PLATFORMS if 2 * _matching(each, names, wrapper) > len(names)]


def _matching(platform: str, names: Sequence[str], wrapper: str) -> int:
    matches = PLATFORMS[platform].matches
    return sum(matches(name.removeprefix(wrapper)) for name in names)


def _read(platform: str, names: Sequence[str], texts: Mapping[str, bytes], wrapper: str) -> Layout:
    count = _matching(platform, names, wrapper)
    recogniser = PLATFORMS[platform]
    why = f"{count} of {len(names)} files are named as {recogniser.title} names its downloads"
    return _layout(platform, why, recogniser, names, texts, wrapper)


def _generic(names: Sequence[str], reason: str, forced: str | None, packed: bool) -> Layout:
    wrapper = _generic_wrapper(names, forced, packed)
    platform = forced or generic.layout([name.removeprefix(wrapper) for name in names])
    recogniser = generic.RECOGNISERS[platform]
    return _layout(platform, f"{recogniser.title}: {reason}", recogniser, names, {}, wrapper)


def _generic_wrapper(names: Sequence[str], forced: str | None, packed: bool) -> str:
    """Return the folder around all students: one that holds several files if it was packed so.

    >>> _generic_wrapper(["hw/a.py", "hw/b.py"], None, packed=True)
    'hw/'
    >>> _generic_wrapper(["ada/a.py", "ada/b.py"], None, packed=False)
    ''
    """
    *_, deepest = wrappers = _wrappers(names)
    around = [each for each in wrappers if not any(map(generic.is_source, _tops(names, each)))]
    if forced == generic.FILES or (forced is None and packed and len(names) > 1):
        return deepest
    if forced == generic.FOLDERS or packed:
        return around[-1] if around else ""
    return deepest if deepest in around and len(_tops(names, deepest)) > 1 else ""


def _tops(names: Sequence[str], wrapper: str) -> set[str]:
    """Return what lies directly in a wrapper: files, and folders with a slash."""
    parts = (name.removeprefix(wrapper).partition("/") for name in names)
    return {first + slash for first, slash, _ in parts}


def _layout(
    platform: str,
    why: str,
    recogniser: Recogniser,
    names: Sequence[str],
    texts: Mapping[str, bytes],
    wrapper: str,
) -> Layout:
    inner = {name.removeprefix(wrapper): text for name, text in texts.items()}
    read = recogniser.read([name.removeprefix(wrapper) for name in names], inner)
    every = [replace(each, member=wrapper + each.member) for each in read]
    return Layout(
        platform,
        why,
        found=tuple(each for each in every if isinstance(each, Found)),
        strange=tuple(each for each in every if isinstance(each, Strange)),
        aside=tuple(each for each in every if isinstance(each, Aside)),
    )


def _wrappers(names: Sequence[str]) -> list[str]:
    """Return "" and the folders that all names begin with, the outermost first."""
    if not names:
        return [""]
    shared: list[str] = []
    for parts in zip(*(name.split("/")[:-1] for name in names), strict=False):
        if len(set(parts)) > 1 or len(shared) == _MAX_WRAPPERS:
            break
        shared.append(f"{parts[0]}/")
    return ["", *accumulate(shared)]
