"""What every package holds, whatever the platform: the folder `grader` as its files.

    grader/
      grader-….whl       the grader as it is installed here, with its challenges
      requirements.txt   what pip is to install: that wheel, and what the challenge allows
      constraints.txt    in which versions
      python.sh          the Python that it is to run on
      settings.json, secret, private/    see `grader.lms.harness.settings`

Whoever has a package can read the secret and the reference: it is for the teacher and the
platform, and no student ever gets it.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from grader import dataset
from grader.catalog import Catalog, Loaded, is_built_in, sources_of
from grader.errors import UsageError
from grader.lms.harness import settings
from grader.lms.harness.settings import Settings
from grader.lms.numbers import written
from grader.lms.packaging import pins, wheel
from grader.spec import Challenge

FOLDER = "grader"
"""Where all but a platform's own scripts lies in a package."""

READABLE, PRIVATE, EXECUTABLE = 0o644, 0o600, 0o755

MEMORY_MB = 768
"""What Gradescope gives a container, and as good a guess as any for others."""

_OURS_MB = 200
"""Measured: 98 MB while a submission runs that holds 10."""


class File(NamedTuple):
    """A packed file: its bytes and its mode."""

    data: bytes
    mode: int = READABLE


class Package(NamedTuple):
    """What is packed, by the path in the package, and sentences for the teacher."""

    files: Mapping[str, File]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The challenge to be packed. `scale_to` is what full marks are there, None for its own."""

    loaded: Loaded
    secret: bytes
    scale_to: Fraction | None = None


def asked(
    challenge: str, roots: tuple[Path, ...], secret: bytes, scale_to: Fraction | None
) -> Asked:
    """Load the challenge that is to be packed."""
    return Asked(Catalog(roots).load(challenge), secret, scale_to)


def package(asked: Asked) -> Package:
    """Return what every platform needs: the folder `grader`."""
    files = {f"{FOLDER}/{path}": file for path, file in _files(asked)}
    return Package(files, tuple(_warnings(asked.loaded.challenge)))


def script(name: str) -> bytes:
    """Return a script as it lies in this folder."""
    return resources.files(__package__).joinpath(name).read_bytes()


def _files(asked: Asked) -> Iterator[tuple[str, File]]:
    own = wheel.own()
    challenge = asked.loaded.challenge
    extras = ["javascript"] if _wants_quickjs(asked.loaded) else []
    versions = pins.versions(challenge.packages, extras)
    wanted = f"./{own.name}[{','.join(extras)}]" if extras else f"./{own.name}"
    yield own.name, File(own.data)
    yield "requirements.txt", File(_lines([wanted, *challenge.packages]))
    yield "constraints.txt", File(_lines(f"{name}=={held}" for name, held in versions.items()))
    yield "python.sh", File(_python(pins.least_python(list(versions))))
    yield settings.NAME, File(settings.to_json(_settings(asked)))
    yield settings.SECRET, File(asked.secret + b"\n", PRIVATE)
    if not is_built_in(asked.loaded):
        for path, data in _private(asked.loaded).items():
            yield f"{settings.PRIVATE}/{path}", File(data, PRIVATE)


def _warnings(challenge: Challenge) -> Iterator[str]:
    if challenge.javascript_engine == "node" and "javascript" in challenge.languages:
        yield (
            f"{challenge.id} has JavaScript run by Node.js, which setup.sh does not install: add "
            "it there, or .js submissions cannot be graded"
        )
    if challenge.limits.memory_mb > MEMORY_MB - _OURS_MB:
        yield (
            f"a submission to {challenge.id} may take {challenge.limits.memory_mb} MB and the "
            f"grader takes {_OURS_MB}: platforms give {MEMORY_MB} MB unless you ask for more"
        )


def _settings(asked: Asked) -> Settings:
    challenge = asked.loaded.challenge
    return Settings(
        challenge=challenge.id,
        digest=asked.loaded.digest,
        dataset_digest=dataset.build(challenge, asked.secret).digest,
        max_score=sum(group.points for group in challenge.groups),
        scale_to=None if asked.scale_to is None else written(asked.scale_to),
        private=not is_built_in(asked.loaded),
    )


def _wants_quickjs(loaded: Loaded) -> bool:
    challenge = loaded.challenge
    return "javascript" in challenge.languages and challenge.javascript_engine != "node"


def _python(least: tuple[int, int]) -> bytes:
    """Return the least Python, and the one that was seen to work, as variables of a shell."""
    here = sys.version_info
    return _lines(
        [
            "# The least Python that the pinned packages run on, and the one that they were seen "
            "on.",
            f"least=3.{least[1]}",
            f"seen={here.major}.{here.minor}",
        ]
    )


def _private(loaded: Loaded) -> Mapping[str, bytes]:
    """Return a private challenge's files, by their path under the parent of its root.

    These are its own folder, and whatever sources it uses of its root and of the `reference` beside
    it: other challenges of that root are nobody's business there. The folder may be called
    anything here and is `challenges` there; a digest does not depend on it.
    """
    root = loaded.folder.parent
    paths = {path for path in loaded.folder.rglob("*") if path.is_file() and _is_source(path)}
    paths |= {path for path in sources_of(loaded) if path.is_relative_to(root.parent)}
    packed = {}
    for path in sorted(paths):
        if path.is_relative_to(root):
            packed[f"{settings.ROOT}/{path.relative_to(root).as_posix()}"] = _read(path)
        else:
            packed[path.relative_to(root.parent).as_posix()] = _read(path)
    return packed


def _is_source(path: Path) -> bool:
    return "__pycache__" not in path.parts and not path.name.startswith(".")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}; make it readable") from None


def _lines(lines: Iterator[str] | list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()
