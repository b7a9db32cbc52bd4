"""Runs one submission's cases in a box, within its limits, and tells what came back.

Theory of operation. Cases go down one at a time to a confined process, each only when its
turn comes. The cases whose values or prints the student will see go first: while they run,
the process has seen no hidden input, so nothing that is shown can hold one. When a process
ends (a limit, a crash), a fresh one takes the next case. Import and restarts count towards
the submission's total; once that is spent the remaining cases are time-outs without a run.
A file that cannot be imported is not tried twice.

It knows no answer: it sees inputs, as bytes, and returns what the box returned. What it
returns is worth keeping (`run_key` names it), for it can be judged again without a run.
"""

import hashlib
import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grader import outcome
from grader.errors import SandboxError
from grader.outcome import CaseRun
from grader.sandbox import wire
from grader.sandbox.box import Box, End, Process, ProcessLimits
from grader.spec import Limits
from grader.values import DecodeLimits, Malformed
from grader.verdict import Verdict

_RESULT_BUDGET = 4
"""All replies of one submission together may take this many times the limit of one."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the box returned for one submission: `cases` in the order of the inputs given."""

    cases: tuple[CaseRun, ...]
    ready: wire.Ready | None
    invalid: wire.Invalid | None
    cpu_s: float
    wall_s: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run: the encoded job, the inputs of each case, the order to run them in.

    `names` are those that the entry point may have: a reply that says another one is forged.
    `lines` is how many lines the source has at most: a reply that names another one is forged,
    for a number that is free could carry a hidden input to the student. `frame_of` makes of a
    case's inputs what its driver reads. `crash_is_memory`: the
    engine ends itself where it lacks memory, and an honest program has no other way to crash.
    """

    job: bytes
    names: Sequence[str]
    lines: int
    payloads: Sequence[bytes]
    order: Sequence[int]
    limits: Limits
    packages: Sequence[str] = ()
    threads: int = 0
    driver: str = "grader.languages.python_driver"
    frame_of: Callable[[bytes], bytes] = bytes
    fresh_process_each: bool = False
    crash_is_memory: bool = False

    @property
    def process_limits(self) -> ProcessLimits:
        return ProcessLimits(self.limits.cpu_s, self.limits.memory_mb, self.threads)


def run(plan: Plan, box: Box) -> Run:
    """Run every case of `plan` in `box`; raise `SandboxError` only when the box itself fails."""
    began = time.monotonic()
    session = Session(plan, box, began)
    cases: dict[int, CaseRun] = {}
    try:
        for index in plan.order:
            cases[index] = session.case(plan.payloads[index])
    finally:
        session.end_process()
    return Run(
        cases=tuple(cases[index] for index in sorted(cases)),
        ready=session.ready,
        invalid=session.invalid,
        cpu_s=session.cpu_s,
        wall_s=time.monotonic() - began,
    )


def run_key(
    sha256: str,
    inputs_digest: str,
    file_name: str,
    versions: Sequence[str],
    settings: str,
    tier: str,
) -> str:
    """Name a `Run` by everything that it depends on, as hexadecimal SHA-256.

    `file_name` tells the language. `settings` is what the challenge says about running: limits,
    packages and the like.
    """
    parts = [sha256, inputs_digest, file_name, list(versions), settings, tier]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


class Session:
    """The processes of one submission, one after another, under one budget.

    `run` asks it the cases of a plan. Whoever asks it directly (a search for an input that is
    not known beforehand) gives a plan without cases, and ends it with `end_process`.
    """

    def __init__(self, plan: Plan, box: Box, began: float) -> None:
        self._plan = plan
        self._box = box
        self._wall_at = began + plan.limits.wall_s
        self._process: Process | None = None
        self._ended_cpu_s = 0.0
        self._calls = 0
        self._process_cpu_s = 0.0
        self._reply_limit = plan.limits.result_bytes + plan.limits.print_bytes + wire.REPLY_OVERHEAD
        self._bytes_left = _RESULT_BUDGET * self._reply_limit
        self._decode_limits = DecodeLimits(max_bytes=plan.limits.result_bytes)
        self._stopped: CaseRun | None = None
        self.ready: wire.Ready | None = None
        self.invalid: wire.Invalid | None = None

    @property
    def cpu_s(self) -> float:
        return self._ended_cpu_s + self._process_cpu_s

    def case(self, payload: bytes) -> CaseRun:
        """Run one case, importing the submission first where no process is waiting."""
        if self._plan.fresh_process_each:
            self.end_process()
        if self._stopped is None and self._process is None:
            self._stopped = self._import()
        cpu_left = self._plan.limits.cpu_s - self.cpu_s
        if self._stopped is None and (cpu_left <= 0 or time.monotonic() >= self._wall_at):
            self._stopped = outcome.spent(self._plan.limits)
        return self._stopped if self._stopped is not None else self._call(payload, cpu_left)

    def end_process(self) -> None:
        if self._process is not None:
            self._ended_cpu_s += self._process.close()
            self._process_cpu_s = 0.0
            self._process = None

    def _import(self) -> CaseRun | None:
        """Start a process and import the submission; return what every case is if that fails."""
        cpu_left = self._plan.limits.cpu_s - self.cpu_s
        if cpu_left <= 0 or time.monotonic() >= self._wall_at:
            return outcome.spent(self._plan.limits)
        self._process = self._box.start(self._plan.driver, self._plan.process_limits)
        self._calls = 0
        end, parsed, run = self._exchange(self._process, self._plan.job, cpu_left)
        if isinstance(parsed, wire.Ready) and parsed.entry not in self._plan.names:
            self.end_process()
            return outcome.garbled("it names a function that was not asked for")
        if isinstance(parsed, wire.Ready):
            self.ready = self.ready or parsed
            return None
        self.end_process()
        if not isinstance(parsed, wire.Invalid):
            return outcome.while_importing(run, end, self._plan.limits)
        if parsed.error is not None and self._only_this_tier_refuses(parsed.error):
            return outcome.tier_refused(parsed.error, self._box.tier)
        if self.ready is not None:
            # It was imported before and has seen inputs since: what it says now is for no student.
            return outcome.not_imported_again(parsed)
        self.invalid = parsed
        return outcome.of_invalid(parsed, self._plan.limits)

    def _call(self, payload: bytes, cpu_left: float) -> CaseRun:
        if self._process is None:
            raise SandboxError("no process to talk to")
        limit = min(self._plan.limits.cpu_case_s, cpu_left)
        end, _, run = self._exchange(self._process, self._plan.frame_of(payload), limit)
        if run.raised is not None and self._only_this_tier_refuses(run.raised):
            run = outcome.tier_refused(run.raised, self._box.tier)
        self._calls += 1
        if end is not End.REPLIED or run.verdict is Verdict.OUTPUT_LIMIT_EXCEEDED:
            self.end_process()
        return run

    def _exchange(
        self, process: Process, frame: bytes, cpu_s: float
    ) -> tuple[End, wire.Reply | None, CaseRun]:
        limits = self._plan.limits
        reply = process.exchange(
            frame,
            cpu_s=cpu_s,
            wall_s=max(0.0, self._wall_at - time.monotonic()),
            reply_bytes=min(self._reply_limit, self._bytes_left),
        )
        self._process_cpu_s += reply.cpu_s
        self._bytes_left -= len(reply.frame)
        try:
            parsed = wire.parse_reply(reply.frame, self._decode_limits) if reply.frame else None
            if type(parsed) is not wire.Returned:
                parsed = outcome.with_own_lines(parsed, self._plan.lines)
        except Malformed as error:
            if reply.end is End.REPLIED:
                run = outcome.garbled(str(error))
                return End.GARBLED, None, run._replace(cpu_s=reply.cpu_s)
            parsed = None
        if reply.end is not End.REPLIED and not isinstance(parsed, wire.Interrupted):
            parsed = None  # too late for anything but where it was
        run = outcome.from_reply(reply, parsed, limits, self._calls)
        if self._plan.crash_is_memory and outcome.crashed(reply):
            run = outcome.out_of_memory(run, limits)
        return reply.end, parsed, run

    def _only_this_tier_refuses(self, raised: wire.Raised) -> bool:
        return outcome.only_this_tier_refuses(raised, self._box.tier, self._plan.packages)
