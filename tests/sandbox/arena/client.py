"""The test's side of an arena: starts its first process and sends it attacks."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from arena.attack import Attack, Loss

_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Only a process with a single thread may enter a user namespace, and numpy starts more."""


class Unavailable(Exception):
    """This machine does not let us make throw-away namespaces: no attack may be run on it."""


@dataclass(frozen=True, slots=True)
class Report:
    """How an attack went. `goes_on`: a harmless submission after it was served as ever."""

    end: str
    said: str
    losses: tuple[Loss, ...]
    goes_on: bool
    layers: tuple[str, ...]


class Arena:
    """A running arena; `user` is "self" or "nobody" (for tests that root runs)."""

    def __init__(self, user: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="arena-")
        os.chmod(self._folder.name, 0o755)
        path = os.pathsep.join(sys.path)
        secret = f"answer={secrets.token_hex(8)}"
        self._server = subprocess.Popen(
            [sys.executable, "-B", "-m", "arena.server", self._folder.name, user, secret],
            env=os.environ | _ONE_THREAD | {"PYTHONPATH": path, "GRADER_SECRET": secret},
            cwd="/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        hello = self._receive()
        if "unavailable" in hello:
            self.close()
            raise Unavailable(f"no throw-away namespaces here: {hello['unavailable']}")

    def attack(self, attack: Attack, where: str) -> Report:
        """Run an attack in the box of tier `where`, or in none (`where="none"`)."""
        self._send({"where": where, "source": attack.source, "name": attack.name})
        said = self._receive()
        return Report(
            end=said["end"],
            said=said["said"],
            losses=tuple(Loss(loss) for loss in said["losses"]),
            goes_on=said["goes_on"],
            layers=tuple(said["layers"]),
        )

    @property
    def runs(self) -> bool:
        """Whether it still answers: an attack that ends it must not fail the tests after it."""
        return self._server.poll() is None

    def close(self) -> None:
        """End it and all that is in it. Idempotent."""
        if self._server.stdin is not None:
            self._server.stdin.close()
        self._server.wait()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _send(self, request: dict[str, str]) -> None:
        assert self._server.stdin is not None
        self._server.stdin.write(json.dumps(request) + "\n")
        self._server.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._server.stdout is not None
        line = self._server.stdout.readline()
        if not line:
            raise RuntimeError(f"the arena ended with exit code {self._server.wait()}")
        said: dict[str, Any] = json.loads(line)
        return said
