"""A wheel of the grader that is running, made of its files as they are installed.

No checkout is needed and nothing is built: a wheel is a zip of what was installed, with a list of
its digests. It works where `grader` came from a wheel and where it is an editable checkout; equal
files give equal bytes. Runs nothing and asks no network.
"""

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path, PurePath
from typing import NamedTuple

import grader
from grader.errors import UsageError

DISTRIBUTION = "grader"
PACKAGES = ("grader", "challenges", "reference")
"""The top folders that belong to it, as pyproject.toml says."""

_TAG = "py3-none-any"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_METADATA = ("METADATA", "entry_points.txt", "licenses/LICENSE")


class Wheel(NamedTuple):
    """A wheel's file name, on which pip insists, and its bytes."""

    name: str
    data: bytes


def own() -> Wheel:
    """Return a wheel of this grader; `UsageError` where it was never installed."""
    found = installed(DISTRIBUTION)
    if found is None:
        raise UsageError(
            "grader runs from a folder and is not installed, so nobody knows what it needs: "
            "expected an installation; run `pip install .` (or `pip install -e .`) in its folder"
        )
    top = Path(grader.__file__).resolve().parent.parent
    files = {name: (top / name).read_bytes() for name in sorted(_own_files(found, top))}
    about = {name: text.encode() for name in _METADATA if (text := found.read_text(name))}
    return packed(found.name, found.version, _TAG, files, about)


def packed(
    name: str, version: str, tag: str, files: Mapping[str, bytes], about: Mapping[str, bytes]
) -> Wheel:
    """Return files (by their path in site-packages) as a wheel; `about` is for its dist-info."""
    pure = "true" if tag.endswith("-none-any") else "false"
    stem = f"{name.replace('-', '_')}-{version}"
    info = f"{stem}.dist-info"
    tags = "".join(f"Tag: {each}\n" for each in _expanded(tag))
    said = f"Wheel-Version: 1.0\nGenerator: grader\nRoot-Is-Purelib: {pure}\n{tags}".encode()
    members = dict(files)
    members |= {f"{info}/{key}": data for key, data in about.items()}
    members[f"{info}/WHEEL"] = said
    lines = [f"{path},{_digest(data)},{len(data)}\n" for path, data in members.items()]
    members[f"{info}/RECORD"] = "".join([*lines, f"{info}/RECORD,,\n"]).encode()
    return Wheel(f"{stem}-{tag}.whl", _zipped(members))


def installed(name: str) -> metadata.Distribution | None:
    """Return what is known about an installed distribution, None where there is none."""
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def _own_files(found: metadata.Distribution, top: Path) -> Iterator[str]:
    """Yield the paths under `top` that are the grader's: those recorded, else those there are.

    An editable installation records a pointer to the checkout and none of its files.
    """
    recorded = [file for file in found.files or () if file.parts[0] in PACKAGES]
    at_home = Path(str(found.locate_file(""))).resolve() == top
    if at_home and recorded:
        paths: Iterator[PurePath] = iter(recorded)
    else:
        paths = (
            path.relative_to(top)
            for package in PACKAGES
            for path in (top / package).rglob("*")
            if path.is_file()
        )
    for path in paths:
        if not any(part == "__pycache__" or part.startswith(".") for part in path.parts):
            yield path.as_posix()


def _expanded(tag: str) -> Iterator[str]:
    """Yield the single tags that a compressed one stands for.

    >>> list(_expanded("py2.py3-none-any"))
    ['py2-none-any', 'py3-none-any']
    """
    pythons, abis, platforms = (part.split(".") for part in tag.rsplit("-", 2))
    yield from (f"{p}-{a}-{f}" for p in pythons for a in abis for f in platforms)


def _digest(data: bytes) -> str:
    raw = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode()
    return f"sha256={raw.rstrip('=')}"


def _zipped(members: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for path, data in members.items():
            about = zipfile.ZipInfo(path, _EPOCH)
            about.external_attr = 0o644 << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(about, data)
    return buffer.getvalue()
