"""The driver of JavaScript submissions: QuickJS in the box, and the code that calls the function.

Theory of operation. `warm` runs once, in the zygote, before it is locked: it makes an engine and
runs our prelude in it, which binds what it needs of the realm and gives programs what they
expect around them (console, timers, structuredClone). Each fork finds that engine ready, as its
own copy. `serve` runs in a confined child: it reads the job, runs the file as Node would (a
module, or a script within CommonJS's function) and answers call after call.

Engine and driver share the process with the student's code, which cannot leave the engine: it
has no `require` and no `std`. It can forge its own answers, which is the same as returning
them. The module `quickjs` starts a thread when imported, which a confined process must not
have, so that its C half is used by itself.
"""

import json
import os
import signal
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NoReturn

import _quickjs

from grader import values
from grader.languages import javascript_source as sources
from grader.languages.driver_channel import Channel, rehearse
from grader.languages.javascript_exceptions import File, raised, refused
from grader.languages.javascript_job import job_of, parts_of
from grader.languages.javascript_values import EXPRESSION, JSON, value_of
from grader.sandbox import wire
from grader.sandbox.faults import InvalidReason, Raised

_exit = os._exit

_STACK_BYTES = 6 << 20
"""Of the 8 MiB that a process has: some 4000 calls deep, where Python stops at 1000."""

_OWN_MEMORY = 24 << 20
"""What the driver keeps for itself of a process's memory, so that it can say that it is spent."""

_PRELUDE_LINE = 1_000_000
"""Our own code begins at this line: the engine knows no file names, and no file is so long."""

_REHEARSALS = 16
"""So often is each call rehearsed. The interpreter writes into what it runs until it knows it."""

_REHEARSAL = b"""
class Model { constructor() { this.w = 0; } step(g) { this.w -= 0.1 * g; return this; } }
const work = (points, matrix) => {
  console.log("rehearsal", points);
  if (points.length === 0) throw new RangeError("nothing");
  const model = points.map((p) => p.x * p.y).reduce((m, g) => m.step(g), new Model());
  return { w: model.w, all: matrix.map((row) => [...row]), s: Math.sqrt(2) };
};
"""


def serve(read_fd: int, write_fd: int) -> NoReturn:
    """Answer the judge on the channel until it closes, then end the process."""
    try:
        _serve(Channel(read_fd, write_fd), _engine())
        _exit(0)
    finally:
        _exit(1)


def warm(everything: Sequence[str] | None = None) -> None:  # noqa: ARG001 - a driver's signature
    """Make the engine in the zygote, and rehearse a job in another: it touches the code's pages.

    A signal cannot reach Python while the engine runs, so that SIGXCPU has no handler here and ends
    the process. It is said once, for the cell has no other driver.
    """
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    job = wire.Job(
        _REHEARSAL, "rehearsal.js", ("work",), ("points", "matrix"), b"0" * 16, 9999, 9999
    )
    calls = (JSON + '[[{"x": 1.5, "y": 2}], [[1, 2.5]]]', EXPRESSION + "[[], [[NaN]]]")
    frames = [job_of(job), *map(str.encode, _REHEARSALS * calls)]
    rehearse(lambda channel: _serve(channel, _Engine()), frames)
    _engine()


class Prints:
    """What the submission prints, in bytes; beyond those allowed `on_overflow` is called."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def allow(self, limit: int, on_overflow: Callable[[], object]) -> None:
        self._left = limit
        self._on_overflow = on_overflow

    def write(self, text: object) -> None:
        data = str(text).encode("utf-8", "backslashreplace")
        self._left -= len(data)
        if self._left < 0:
            self._on_overflow()
        self._parts.append(data)

    def take(self) -> bytes:
        """Return what was printed since the last call."""
        if not self._parts:
            return b""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken


class _Engine:
    """A context with our prelude in it. `ask` is the prelude's one function."""

    def __init__(self) -> None:
        self.context = _quickjs.Context()
        self.context.set_max_stack_size(_STACK_BYTES)
        self.prints = Prints()
        self.context.add_callable("write", self.prints.write)
        kinds, prelude = (_text(f"javascript_{name}.js") for name in ("kinds", "prelude"))
        start = "\n" * (_PRELUDE_LINE - 1)
        self.ask = self.context.eval(
            f"{start}(() => {{ const w = write; delete globalThis.write;"
            f"return ({prelude})({kinds}, (text) => {{ w(text); }}); }})()"
        )

    def settle(self) -> str:
        """Run jobs and timers until what was asked for is settled; return how it ended."""
        while True:
            while self.context.execute_pending_job():
                pass
            state = str(self.ask("state"))
            if state:
                return state
            pause = self.ask("pause")
            if not pause:
                return _never()
            time.sleep(max(0.0, float(pause)) / 1e3)
            self.ask("timer")


@cache
def _engine() -> _Engine:
    return _Engine()


def _text(name: str) -> str:
    return (Path(__file__).parent / name).read_text("utf-8")


def _serve(channel: Channel, engine: _Engine) -> None:
    payload = channel.read()
    if payload is None:
        return

    def refuse_prints() -> NoReturn:
        channel.reply(wire.encode_exceeded(values.Excess.PRINTS))
        _exit(0)

    program = _Program(payload, engine, refuse_prints)
    answer, goes_on = program.load()
    channel.reply(answer)
    while goes_on and (payload := channel.read()) is not None:
        channel.reply(program.call(payload))


class _Program:
    """One submission in an engine, made of a job as `javascript_job` writes it.

    Answers are payloads of `wire`.
    """

    def __init__(self, job: bytes, engine: _Engine, refuse_prints: Callable[[], object]) -> None:
        parts = parts_of(job)
        memory_mb, print_bytes, self._result_bytes, self._is_module = parts[:4]
        self._settings, self._text = parts[4:]
        self._engine = engine
        self._prints = engine.prints
        self._prints.allow(print_bytes, refuse_prints)
        engine.context.set_memory_limit((memory_mb << 20) - _OWN_MEMORY)
        engine.ask("begin", self._settings)

    def load(self) -> tuple[bytes, bool]:
        """Run the file and find its function; return the reply, and whether it can be called."""
        try:
            said = self._import() if self._is_module else self._run()
        except _quickjs.JSException as error:
            head = 0 if self._is_module else sources.HEAD_COLUMNS
            problem = refused(str(error.args[0]), self._file(), head)
            reason = InvalidReason.DOES_NOT_COMPILE
            if problem.kind == "ReferenceError":  # a module that is imported and not there
                reason = InvalidReason.IMPORT_RAISED
            return self._invalid(reason, problem), False
        if said[0] == "r":
            return wire.encode_ready(said[1:], self._prints.take()), True
        return self._not_found(said[0], said[1:]), False

    def call(self, payload: bytes) -> bytes:
        """Answer one call: a value, an exception, or what went over its limit."""
        said = self._called(payload)
        changed = said[0] == "!"
        letter, rest = said[changed], said[changed + 1 :]
        if letter == "e":
            return wire.encode_exceeded(values.Excess(rest))
        if letter == "x":
            error = raised(rest, self._file())
            if error.kind == "MemoryError":
                self._engine.context.gc()  # the engine would not, before it fails again
            return wire.encode_raised(error, self._prints.take())
        value = value_of(rest, has_texts=letter == "w")
        try:
            encoded = values.encode(value, self._result_bytes)
        except values.TooLarge as too_large:
            return wire.encode_exceeded(too_large.excess)
        return wire.encode_returned(encoded, self._prints.take(), changed)

    def _called(self, payload: bytes) -> str:
        text = payload.decode("ascii")
        if text[0] == JSON:
            return self._ask("json", text[1:])
        context = self._engine.context
        try:
            # Twice: for the function, and for us, to see afterwards whether they have changed.
            given, kept = (context.eval(f"({text[1:]})") for _ in range(2))
        except _quickjs.JSException as error:  # earlier calls have left no memory for them
            return _thrown_by(error)
        return self._ask("call", given, kept)

    def _run(self) -> str:
        wrapper = self._engine.context.eval(self._text)
        return self._ask("run", wrapper)

    def _import(self) -> str:
        """Run the file as a module. An error at its top level shows only to who imports it."""
        context = self._engine.context
        context.module(self._text)
        return self._ask("import", context.eval('import("<input>")'))

    def _ask(self, what: str, *given: object) -> str:
        try:
            said = str(self._engine.ask(what, *given))
            return self._engine.settle() if said == "p" else said
        except _quickjs.JSException as error:
            return _thrown_by(error)

    def _file(self) -> File:
        settings = json.loads(self._settings)
        return File(settings["lines"], settings["throwsNull"])

    def _not_found(self, letter: str, rest: str) -> bytes:
        if letter == "l":
            names = tuple(sources.parameters(json.loads(rest)))
            return self._invalid(InvalidReason.WRONG_PARAMETERS, names=names)
        if letter == "c":
            return self._invalid(InvalidReason.NOT_CALLABLE)
        if letter == "n":
            own = sources.unwrapped(self._text, is_module=self._is_module)
            exported = [json.loads(name) for name in rest.split("\n") if name]
            found = dict.fromkeys([*exported, *sources.defined_names(own)])
            return self._invalid(InvalidReason.NO_ENTRY_POINT, names=tuple(found))
        error = raised(rest, self._file())
        exits = error.kind == "SystemExit"
        reason = InvalidReason.EXITS_AT_IMPORT if exits else InvalidReason.IMPORT_RAISED
        return self._invalid(reason, error)

    def _invalid(
        self, reason: InvalidReason, error: Raised | None = None, names: tuple[str, ...] = ()
    ) -> bytes:
        return wire.encode_invalid(reason, error, names, self._prints.take())


_HALVES = ("InternalError", "out of memory")
"""What the engine has left of "InternalError: out of memory" where it lacks the memory for both."""


def _thrown_by(error: BaseException) -> str:
    """Say what the engine raised where none of the prelude's code was there to catch it."""
    said = str(error.args[0]) if error.args else "null"
    head, _, stack = said.partition("\n")
    if head in _HALVES:
        head = "InternalError: out of memory"
    kind, separator, message = head.partition(": ")
    parts = (kind, False, message, stack) if separator else (head, False, head, stack)
    return "x" + "\n".join(map(json.dumps, parts))


def _never() -> str:
    message = "the promise that is waited for is never settled"
    return "x" + "\n".join(map(json.dumps, ("Error", False, message, "")))
