"""What the box returned for one case, in words: from a reply or an end to a verdict. Pure.

One table of sentences for people, in one place. Every sentence says what happened and what
to do next. A sentence may name the submission's own exception and line, so it is for the
instructor and for visible cases; `result.student_view` takes it out of the hidden ones.
"""

import os
import re
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from grader.sandbox import wire
from grader.sandbox.box import End, Reply
from grader.spec import Limits
from grader.values import Excess
from grader.values.limits import MAX_DEPTH, MAX_INT_BITS, MAX_ITEMS, MAX_KEYS
from grader.verdict import Verdict


class CaseRun(NamedTuple):
    """One case as the box returned it. `verdict` is None when a value came back to be compared.

    `line` of the student's file is where it was when its time was over. `calls_before` counts the
    calls that the same process had answered before this one. `stopped` is "cpu", "wall" or "signal"
    where that ended the process.
    """

    verdict: Verdict | None
    message: str | None = None
    value: Any = None
    raised: wire.Raised | None = None
    prints: str = ""
    inputs_changed: bool = False
    line: int | None = None
    cpu_s: float = 0.0
    calls_before: int = 0
    stopped: str = ""


def from_reply(
    reply: Reply, parsed: wire.Reply | None, limits: Limits, calls_before: int
) -> CaseRun:
    """Return the case run that an exchange amounts to; `parsed` is its frame, if it had one."""
    if type(parsed) is wire.Returned and reply.end is End.REPLIED:
        value, prints, changed = parsed
        return CaseRun(None, None, value, None, prints, changed, None, reply.cpu_s, calls_before)
    if reply.end is End.REPLIED:
        run = _from_parsed(parsed, limits)
    else:
        line = parsed.line if isinstance(parsed, wire.Interrupted) else None
        run = _from_end(reply, limits, _on_line(line))._replace(line=line, stopped=_stopped(reply))
    return run._replace(cpu_s=reply.cpu_s, calls_before=calls_before)


def _stopped(reply: Reply) -> str:
    """Say what ended the process, where that is worth a second look."""
    if reply.end in (End.CPU_LIMIT, End.WALL_LIMIT):
        return "cpu" if reply.end is End.CPU_LIMIT else "wall"
    crashed = reply.end is End.DIED and reply.status is not None and os.WIFSIGNALED(reply.status)
    return "signal" if crashed else ""


def spent(limits: Limits) -> CaseRun:
    """A case that was not run, because the submission's total time is used up."""
    return CaseRun(
        Verdict.TIME_LIMIT_EXCEEDED,
        f"not run: the submission had used its total of {limits.cpu_s:g} s CPU time "
        f"({limits.wall_s:g} s by the clock) on earlier cases; make those faster first",
    )


def garbled(why: str) -> CaseRun:
    """An answer that is not one: something else than the grader's driver wrote it."""
    return CaseRun(
        Verdict.RUNTIME_ERROR,
        f"what came back is not an answer ({why}): the file wrote to the grader's own channel; "
        "return the value and leave open file descriptors alone",
    )


def _from_parsed(parsed: wire.Reply | None, limits: Limits) -> CaseRun:
    match parsed:
        case wire.Raised():
            return from_raised(parsed, limits)
        case wire.Exceeded():
            return _exceeded(parsed.what, limits)
        case _:
            return garbled("an answer to another question")


def of_invalid(invalid: wire.Invalid, limits: Limits) -> CaseRun:
    """Return what every case is of a file that cannot be called; its reason is told elsewhere."""
    error = invalid.error
    imported = invalid.reason is wire.InvalidReason.IMPORT_RAISED
    if imported and error is not None and error.kind == "MemoryError":
        return CaseRun(Verdict.MEMORY_LIMIT_EXCEEDED, memory_message(limits))
    return CaseRun(Verdict.INVALID_SUBMISSION)


def not_imported_again(invalid: wire.Invalid) -> CaseRun:
    """Return what is left of the cases when a file that was imported cannot be once more.

    The exception goes into the message alone: it is none of the function's, to be judged as one.
    """
    said = f" ({describe(invalid.error)})" if invalid.error is not None else ""
    return CaseRun(
        Verdict.RUNTIME_ERROR,
        f"the file was imported once, and after a crash or a limit could not be again{said}: does "
        "its top level depend on the time or on chance?",
    )


def while_importing(run: CaseRun, end: End, limits: Limits) -> CaseRun:
    """Return what every case is when the process ended before the file was imported."""
    if end is End.CPU_LIMIT or end is End.WALL_LIMIT:
        message = (
            f"the file was still being imported{_on_line(run.line)} after "
            f"{limits.cpu_s:g} s CPU time ({limits.wall_s:g} s by the clock): is there a loop at "
            "its top level? Keep to definitions there"
        )
        return run._replace(message=message)
    if run.verdict is Verdict.RUNTIME_ERROR:
        return run._replace(verdict=Verdict.INVALID_SUBMISSION, message=f"at import, {run.message}")
    return run


def from_raised(raised: wire.Raised, limits: Limits) -> CaseRun:
    """Return the case run of an exception that left the student's function."""
    if raised.kind == "MemoryError":
        verdict, message = Verdict.MEMORY_LIMIT_EXCEEDED, memory_message(limits)
    else:
        verdict, message = Verdict.RUNTIME_ERROR, describe(raised)
    return CaseRun(verdict, message, raised=raised, prints=raised.prints)


def with_own_lines(parsed: wire.Reply | None, lines: int) -> wire.Reply | None:
    """Return the reply without any line number that a file of so many lines does not have."""
    match parsed:
        case wire.Interrupted():
            return wire.Interrupted(_own_line(parsed.line, lines))
        case wire.Raised():
            return _raised_in(parsed, lines)
        case wire.Invalid() if parsed.error is not None:
            return replace(parsed, error=_raised_in(parsed.error, lines))
        case _:
            return parsed


def _raised_in(raised: wire.Raised, lines: int) -> wire.Raised:
    trace = tuple((line, name) for line, name in raised.trace if line <= lines)
    return replace(raised, line=_own_line(raised.line, lines), trace=trace)


def _own_line(line: int | None, lines: int) -> int | None:
    return line if line is not None and 1 <= line <= lines else None


def only_this_tier_refuses(raised: wire.Raised, tier: str, packages: Sequence[str]) -> bool:
    """Whether an import failed that the strongest tier would have allowed.

    Below `full` a box may have no file system, and what was not imported beforehand is missing.
    """
    if tier in _IMPORTING_TIERS or raised.kind not in ("ImportError", "ModuleNotFoundError"):
        return False
    named = _MISSING_MODULE.match(raised.message)
    return named is not None and (named[1] in sys.stdlib_module_names or named[1] in packages)


def tier_refused(raised: wire.Raised, tier: str) -> CaseRun:
    return CaseRun(
        Verdict.JUDGE_ERROR,
        f"{raised.message} in the tier {tier!r}, which cannot import it later on; it would be "
        "there in the tier 'full': see `grader doctor`",
    )


_IMPORTING_TIERS = ("full", "unsafe")
_MISSING_MODULE = re.compile(r"No module named '([A-Za-z_0-9]+)")


def describe(raised: wire.Raised) -> str:
    """Say an exception in one line, with the line of the student's own file."""
    where = _on_line(raised.line)
    what = f": {raised.message}" if raised.message else ""
    own = " (a class of its own beneath that)" if raised.own_class else ""
    return f"{raised.kind}{where}{what}{own}"


def crashed(reply: Reply) -> bool:
    """Whether the process ended by a signal of its own making."""
    if reply.end is not End.DIED or reply.status is None or not os.WIFSIGNALED(reply.status):
        return False
    return os.WTERMSIG(reply.status) != signal.SIGKILL


def out_of_memory(run: CaseRun, limits: Limits) -> CaseRun:
    """Return the case run of an engine that had no memory left to say so."""
    return run._replace(verdict=Verdict.MEMORY_LIMIT_EXCEEDED, message=memory_message(limits))


def memory_message(limits: Limits) -> str:
    return (
        f"more than {limits.memory_mb} MB of memory was asked for; "
        "look for a list or an array that grows with every step"
    )


def _exceeded(what: Excess, limits: Limits) -> CaseRun:
    sentences = {
        Excess.PRINTS: f"more than {limits.print_bytes // 1024} KiB was printed; "
        "remove the prints that were for debugging",
        Excess.BYTES: f"the returned value is larger than {limits.result_bytes // 1024} KiB; "
        "return only the result",
        Excess.ITEMS: f"the returned value has more than {MAX_ITEMS} items; return only the result",
        Excess.DEPTH: f"the returned value is nested deeper than {MAX_DEPTH}, or holds itself; "
        "return a plain value",
        Excess.KEYS: f"the returned value has more than {MAX_KEYS} keys that are not text; "
        "return only the result",
        Excess.INTEGER: f"the returned integer has more than {MAX_INT_BITS} bits; "
        "does something grow that should converge?",
    }
    return CaseRun(Verdict.OUTPUT_LIMIT_EXCEEDED, sentences[what])


def _on_line(line: int | None) -> str:
    return f" on line {line}" if line is not None else ""


def _from_end(reply: Reply, limits: Limits, where: str) -> CaseRun:
    match reply.end:
        case End.CPU_LIMIT:
            return CaseRun(Verdict.TIME_LIMIT_EXCEEDED, _cpu_message(limits, where))
        case End.WALL_LIMIT:
            return CaseRun(
                Verdict.TIME_LIMIT_EXCEEDED,
                f"stopped{where} after {limits.wall_s:g} s by the clock, with little work done: "
                "does the code sleep or wait for something?",
            )
        case End.OUTPUT_LIMIT:
            return CaseRun(
                Verdict.OUTPUT_LIMIT_EXCEEDED,
                f"the answer is larger than {limits.result_bytes // 1024} KiB; "
                "return only the result",
            )
        case End.GARBLED:
            return garbled("it is out of turn")
        case End.HUNG_UP:
            return garbled("it closed the channel")
        case _:
            return _died(reply.status)


def _cpu_message(limits: Limits, where: str) -> str:
    return (
        f"stopped{where} at the limit of {limits.cpu_case_s:g} s CPU time a case "
        f"({limits.cpu_s:g} s in total): is there a loop that never ends?"
    )


def _signal_name(number: int) -> str:
    return next((each.name for each in signal.Signals if each == number), f"signal {number}")


def _died(status: int | None) -> CaseRun:
    if status is None:
        return CaseRun(Verdict.RUNTIME_ERROR, "the process ended without an answer")
    code = os.waitstatus_to_exitcode(status)
    if code == -signal.SIGKILL:
        # The submission has no way to kill; so it came from outside, for want of memory most often.
        return CaseRun(
            Verdict.JUDGE_ERROR,
            "the process was killed from outside the grader; is the machine out of memory?",
        )
    if code < 0:
        return CaseRun(
            Verdict.RUNTIME_ERROR,
            f"the interpreter crashed ({_signal_name(-code)}): very deep recursion or "
            "damaged memory does that",
        )
    return CaseRun(
        Verdict.RUNTIME_ERROR,
        "the process ended itself (exit, quit or os._exit) instead of returning; remove that call",
    )
