"""The zygote: the exec'd interpreter of a cell, from its first line to its service loop.

Theory of operation. `main` reads one start message (paths, limits, the tier; no secret),
imports the drivers and warms them, confines itself for good, lets a fully confined child
attack it, and says hello with what held. Then, for each FORK: it forks, hands the child
its end of the channel, and waits for the order to interrupt or to end it.

It never reads a byte of a job, an input or an answer. A prototype that did kept student
A's source on its heap, where student B found it. What a child inherits is therefore the same
for every submission, whatever ran before.

A child that fails before its ready byte says why on the channel, as a zero byte and a
sentence: no student code has run by then, so the sentence can be believed.
"""

import gc
import importlib
import importlib.util
import json
import os
import platform
import signal
import socket
import struct
import sys
from types import ModuleType
from typing import Any, NoReturn

from grader.sandbox import confine, kernel, probe
from grader.sandbox.control import ENDED, FORK_REQUEST, INTERRUPT, MAX_MESSAGE, READY
from grader.sandbox.layout import Layout, layout
from grader.sandbox.probe import Finding
from grader.sandbox.program import Execution

_RIGHTS_SPACE = socket.CMSG_SPACE(struct.calcsize("i"))
_NOT_CONFINED = 97
_REHEARSAL_BYTES = 64 << 20
"""As little memory as a challenge can allow."""
_REHEARSAL_TIMEOUT = struct.pack("ll", 10, 0)


def main(control_fd: int) -> NoReturn:
    """Run a cell on the control socket `control_fd`; never returns."""
    gc.disable()  # until a fork has its own: what is imported stays, and is looked at once below
    control = socket.socket(fileno=control_fd)
    try:
        start = json.loads(control.recv(MAX_MESSAGE))
        drivers, where = _prepare(start["tier"], start["config"])
        executions = [_execution_of(driver, start["config"]["program"]) for driver in drivers]
    except BaseException as error:
        _give_up(control, "broken", error)
    try:
        steps = confine.Confinement(start["tier"], start["config"]["scratch_mb"], where)
        steps.enter(keep_fd=control_fd)
        proof = _prove(steps, drivers, executions) if start["prove"] else []
        fallen = [name for name, held, _ in proof if not held]
        if fallen:
            raise RuntimeError(
                f"the box attacked itself and these got through: {', '.join(fallen)}"
            )
        gc.collect()
        kernel.release_free_memory()
        gc.freeze()
        control.send(_hello(start, steps, proof))
    except BaseException as error:
        _give_up(control, "failed", error)
    try:
        _serve(control, drivers, executions, steps)
    finally:
        os._exit(0)


def _give_up(control: socket.socket, how: str, error: BaseException) -> NoReturn:
    """Tell the judge why there is no cell: "broken" anywhere, "failed" in this tier."""
    control.send(json.dumps({how: f"{type(error).__name__}: {error}"[:2000]}).encode())
    os._exit(_NOT_CONFINED)


def _prepare(tier: str, config: dict[str, Any]) -> tuple[list[ModuleType], Layout]:
    """Import and warm everything that a job needs, then forget how we got here."""
    for name in ("LC_CTYPE", "LD_BIND_NOW"):
        os.environ.pop(name, None)
    if set(config["drivers"]) <= set(config["lean"]):
        sys.modules["numpy"] = None  # type: ignore[assignment]  # an import says that it is not there
    drivers = [importlib.import_module(name) for name in config["drivers"]]
    where = layout(tuple(config["packages"]), config["program"])
    everything = where.modules if confine.must_preload(tier, where.sys_path) else None
    for driver in drivers:
        driver.warm(everything)
    sys.path[:] = where.sys_path
    sys.path_importer_cache.clear()
    # Landlock may leave a folder's entries readable but not the list of them: have it read now.
    importlib.util.find_spec("no_such_module")
    sys.orig_argv[:] = sys.argv[:] = [""]
    return drivers, where


def _execution_of(driver: ModuleType, program: str | None) -> Execution | None:
    """Return the `Execution` of a driver that hands over to the cell's program; None for others."""
    if not hasattr(driver, "execution"):
        return None
    if program is None:
        raise ValueError(f"{driver.__name__} needs a program, and the cell was given none")
    made: Execution = driver.execution(program)
    return made


def _prove(
    steps: confine.Confinement, drivers: list[ModuleType], executions: list[Execution | None]
) -> list[Finding]:
    """Let a confined child attack the box; return (attack, held, detail) for each.

    And another that may become a program, where a driver has one; that program must also run.
    """
    found = _attack(steps, None)
    for driver, execution in zip(drivers, executions, strict=True):
        if execution is not None:
            name = os.path.basename(execution.path)
            attacks = _attack(steps, execution)
            found += [(f"{act} ({name})", held, detail) for act, held, detail in attacks]
            _rehearse(driver, steps, execution)
    return found


def _rehearse(driver: ModuleType, steps: confine.Confinement, execution: Execution) -> None:
    """Have the driver see its program answer, so that what it lacks here is no student's fault."""
    ours, theirs = socket.socketpair()
    to_take = steps.prepare_child(theirs.fileno(), 10, _REHEARSAL_BYTES, 0, execution)
    child = os.fork()
    if child == 0:
        _become_submission(driver, to_take, theirs.fileno())
    theirs.close()
    try:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _REHEARSAL_TIMEOUT)
        if ours.recv(1) != READY:
            raise RuntimeError(ours.recv(MAX_MESSAGE).decode("utf-8", "replace"))
        driver.rehearse(ours.fileno())
    except Exception as error:
        raise RuntimeError(f"{execution.path} does not run in it ({error})") from None
    finally:
        ours.close()
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _attack(steps: confine.Confinement, execution: Execution | None) -> list[Finding]:
    ours, theirs = socket.socketpair()
    # The policy with threads is the wider one: what it refuses, both do.
    to_take = steps.prepare_child(theirs.fileno(), 5, 64 << 20, 1, execution)
    spared = probe.A_PROGRAM_MAY if execution is not None else frozenset()
    child = os.fork()
    if child == 0:
        try:
            confine.run(to_take)
            report = json.dumps(probe.run(spared)).encode()
        except BaseException as error:
            said = f"{type(error).__name__}: {error}"
            report = json.dumps([["confinement", False, said]]).encode()
        os.write(theirs.fileno(), report)
        os._exit(0)
    theirs.close()
    report = b""
    while chunk := ours.recv(1 << 16):
        report += chunk
    ours.close()
    os.waitpid(child, 0)
    if not report:
        return [("probe", False, "the attacking child ended without a report")]
    return [(str(name), bool(held), str(detail)) for name, held, detail in json.loads(report)]


def _hello(start: dict[str, Any], steps: confine.Confinement, proof: list[Finding]) -> bytes:
    numpy = sys.modules.get("numpy")
    said = {
        "tier": start["tier"],
        "layers": list(steps.layers),
        "proof": proof,
        "python": platform.python_version(),
        "numpy": getattr(numpy, "__version__", ""),
    }
    return json.dumps(said).encode()


def _serve(
    control: socket.socket,
    drivers: list[ModuleType],
    executions: list[Execution | None],
    steps: confine.Confinement,
) -> None:
    """Answer FORK requests until the judge closes the control socket."""
    while True:
        message, ancillary, _, _ = control.recvmsg(FORK_REQUEST.size, _RIGHTS_SPACE)
        if not message:
            return
        _, driver, *limits = FORK_REQUEST.unpack(message)
        channel = struct.unpack("i", ancillary[0][2])[0]
        to_take = steps.prepare_child(channel, *limits, executions[driver])
        child = os.fork()
        if child == 0:
            _become_submission(drivers[driver], to_take, channel)
        os.close(channel)
        if not _watch(control, child):
            return


def _become_submission(
    driver: ModuleType, steps: tuple[confine.Step, ...], channel: int
) -> NoReturn:
    """In the child: finish the confinement, say ready, hand over to the driver."""
    try:
        confine.run(steps)
    except BaseException as error:
        os.write(channel, f"\0{type(error).__name__}: {error}".encode())
        os._exit(_NOT_CONFINED)
    try:
        gc.enable()
        os.write(channel, READY)
        driver.serve(channel, channel)
    finally:
        os._exit(_NOT_CONFINED)


def _watch(control: socket.socket, child: int) -> bool:
    """Pass orders on to the child until it is to end; False when the judge is gone.

    Nothing needs to watch for the child's own end: the judge sees the channel close.
    """
    while (order := control.recv(FORK_REQUEST.size)) == INTERRUPT:
        os.kill(child, signal.SIGXCPU)
    by_itself = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    os.kill(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    if order:
        control.send(ENDED.pack(status, usage.ru_utime, usage.ru_stime, by_itself))
    return bool(order)
