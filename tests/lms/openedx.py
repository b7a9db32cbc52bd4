"""A learning platform that is not ours, for whoever tests a push: see `openedx_server`.

It is installed once, into a virtual environment in pytest's cache. Where it cannot be, its tests
are skipped, but never in CI.
"""

import contextlib
import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SERVER = Path(__file__).with_name("openedx_server.py")
REQUIREMENTS = ("lti-consumer-xblock>=11.4,<12", "djangorestframework", "cryptography")


@dataclass(frozen=True)
class Platform:
    """A running platform: what a tool has to know of it, and what it was asked."""

    tool: dict[str, str]
    folder: Path

    def requests(self) -> list[dict[str, Any]]:
        log = self.folder / "log"
        return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []

    def scores(self) -> list[dict[str, Any]]:
        """Return the scores that were taken, in their order."""
        return [
            each["score"]
            for each in self.requests()
            if each["score"] and each["status"].startswith("201")
        ]


def interpreter(cache: Path) -> Path:
    """Return the interpreter of the platform's own environment, made if it is not there."""
    environment, done = cache / "openedx", cache / "openedx.done"
    python = environment / "bin" / "python"
    with (cache / "openedx.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one worker makes it, the others wait
        if not (done.exists() and python.exists()):
            # Most of what comes with it is never imported, so nothing is compiled in advance.
            pip = [python, "-m", "pip", "--disable-pip-version-check"]
            install = [*pip, "install", "--quiet", "--no-compile", *REQUIREMENTS]
            for command in ([sys.executable, "-m", "venv", "--clear", environment], install):
                made = subprocess.run(command, capture_output=True, text=True, check=False)
                if made.returncode:
                    _cannot(made.stderr.strip()[-500:])
            done.touch()
    return python


@contextlib.contextmanager
def running(python: Path, public_key: bytes, folder: Path) -> Iterator[Platform]:
    """Serve on loopback until the context ends."""
    key = folder / "public.pem"
    key.write_bytes(public_key)
    with (
        (folder / "said").open("w") as said,
        subprocess.Popen(
            [python, SERVER, key, folder], stdout=subprocess.PIPE, stderr=said, text=True
        ) as server,
    ):
        assert server.stdout is not None
        try:
            line = server.stdout.readline()
            assert line, (folder / "said").read_text()[-2000:]
            yield Platform(json.loads(line), folder)
        finally:
            server.kill()


def _cannot(why: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"cannot install the platform: {why}")
    pytest.skip(f"cannot install the platform: {why}")
