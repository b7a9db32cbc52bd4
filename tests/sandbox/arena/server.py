"""The arena's first process: answers each request with a report. Run as a program.

Arguments: a folder, "nobody" or "self", the secret. A request is one line of JSON: `where`
(a tier, or "none"), `source`, `name`. The reply is one line too: the fields of `client.Report`.
It knows the secret in every place where a judge might have it: arguments, environment,
variables, an open file. So does every process that is forked from it.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from arena import namespaces
from arena.unprotected import UnprotectedBox
from arena.world import World
from grader import values
from grader.sandbox import wire
from grader.sandbox.box import Box, CellConfig, End, Process, ProcessLimits
from grader.sandbox.tiers import open_box
from grader.values import DecodeLimits

LIMITS = ProcessLimits(cpu_s=1, memory_mb=32)
_CPU_S, _WALL_S = 0.4, 1.0
_REPLY_BYTES = 1 << 20
_HARMLESS = ("def harmless(world):\n    return world\n", "harmless", 3)


class Answers:
    """What a judge has in its memory: an attack in the same process looks for it."""

    found_by_name: "Answers"

    def __init__(self, secret: str) -> None:
        self.desired = {"desired": secret}


class Server:
    """Runs attacks in boxes of each kind, which it opens when they are first asked for."""

    def __init__(self, folder: str, secret: str) -> None:
        self._folder = Path(folder)
        self._secret = secret
        self._answers = Answers.found_by_name = Answers(secret)
        self._boxes: dict[str, Box] = {}

    def answer(self, request: dict[str, str]) -> dict[str, Any]:
        """Run one attack among fresh decoys, and a harmless submission after it."""
        box = self._box(request["where"])
        if request["where"] != "none":
            _run(box, *_HARMLESS)  # an unprotected attack may have killed its cell
        with World(self._folder, self._secret) as world:
            descriptor = os.open(self._folder / "secret.txt", os.O_RDONLY)
            os.set_inheritable(descriptor, True)
            end, said, returned = _run(box, request["source"], request["name"], world.facts())
            os.close(descriptor)
            losses = world.losses(returned, end is End.WALL_LIMIT)
        _, _, after = _run(box, *_HARMLESS) if request["where"] != "none" else (end, said, 3)
        return {
            "end": end,
            "said": said,
            "losses": losses,
            "goes_on": after == 3,
            "layers": box.layers,
        }

    def _box(self, where: str) -> Box:
        if where not in self._boxes:
            self._boxes[where] = (
                UnprotectedBox() if where == "none" else open_box(where, CellConfig())
            )
        return self._boxes[where]


def _run(box: Box, source: str, name: str, argument: object) -> tuple[End, str, object]:
    """Run a submission on one argument: how it ended, what it said, what it returned."""
    job = wire.Job(
        source=source.encode(),
        filename="attack.py",
        names=(name,),
        parameters=("world",),
        seed=b"arena",
        print_bytes=1 << 16,
        result_bytes=_REPLY_BYTES,
    )
    process = box.start(CellConfig().drivers[0], LIMITS)
    try:
        end, said = _exchange(process, wire.encode_job(job))
        if not isinstance(said, wire.Ready):
            return end, str(said), None
        end, said = _exchange(process, values.encode((argument,)))
        returned = said.value if isinstance(said, wire.Returned) else None
        return end, str(said), returned
    finally:
        process.close()


def _exchange(process: Process, frame: bytes) -> tuple[End, object]:
    reply = process.exchange(frame, cpu_s=_CPU_S, wall_s=_WALL_S, reply_bytes=_REPLY_BYTES)
    if reply.end is not End.REPLIED:
        return reply.end, f"ended: {reply.end}, status {reply.status}"
    return reply.end, wire.parse_reply(reply.frame, DecodeLimits())


def main(folder: str, user: str, secret: str) -> None:
    try:
        namespaces.enter(folder, as_nobody=user == "nobody")
    except OSError as error:
        sys.stdout.write(json.dumps({"unavailable": str(error)}) + "\n")
        return
    sys.stdout.write("{}\n")
    sys.stdout.flush()
    server = Server(folder, secret)
    for line in sys.stdin:
        sys.stdout.write(json.dumps(server.answer(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
