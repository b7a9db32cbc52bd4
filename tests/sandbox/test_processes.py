"""Attacks on processes: signal, stop, trace or change one, start one, stay behind as one.

Without protection they run in a pid namespace of their own, where the only other process is
a decoy. No attack starts more than 15 processes.
"""

# ruff: noqa: ARG001 (every attack is told of all decoys)
from collections.abc import Callable

from arena import Arena, Attack, Attacks, Loss, World, call
from arena.checks import check_that_it_fails, check_that_it_works

attacks = Attacks()


def test_hole_is_real(attack: Attack, arena: Callable[[str], Arena]) -> None:
    check_that_it_works(attack, arena)


def test_box_holds(attack: Attack, tier: str, user: str, arena: Callable[[str], Arena]) -> None:
    check_that_it_fails(attack, arena, tier, user)


# --- Signals -----------------------------------------------------------------------------


@attacks.costing(Loss.VICTIM)
def kill_another_process(world: World) -> None:
    import os
    import signal

    os.kill(world["victim"], signal.SIGKILL)


@attacks.costing(Loss.VICTIM)
def terminate_another_process(world: World) -> None:
    import os
    import signal

    os.kill(world["victim"], signal.SIGTERM)


@attacks.costing(Loss.VICTIM)
def stop_another_process(world: World) -> None:
    import os
    import signal

    os.kill(world["victim"], signal.SIGSTOP)


@attacks.costing(Loss.VICTIM)
def kill_every_process(world: World) -> None:
    import os
    import signal

    os.kill(-1, signal.SIGTERM)


@attacks.costing(Loss.VICTIM)
def kill_the_process_group(world: World) -> None:
    import os
    import signal

    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.killpg(os.getpgid(world["victim"]), signal.SIGTERM)


@attacks.costing(Loss.VICTIM)
def kill_by_descriptor(world: World) -> None:
    import signal

    signal.pidfd_send_signal(call(world, "pidfd_open", world["victim"], 0), signal.SIGKILL)


@attacks.costing(Loss.VICTIM)
def kill_by_thread(world: World) -> None:
    call(world, "tgkill", world["victim"], world["victim"], 9)


@attacks.costing(Loss.VICTIM)
def kill_by_thread_the_old_way(world: World) -> None:
    call(world, "tkill", world["victim"], 9)


@attacks.costing(Loss.VICTIM)
def kill_with_a_queued_signal(world: World) -> None:
    import ctypes

    ctypes.CDLL(None).sigqueue(world["victim"], 9, None)


@attacks.costing(Loss.VICTIM)
def kill_through_a_file(world: World) -> None:
    """Have the kernel send SIGKILL to the owner of a pipe when it becomes readable."""
    import fcntl
    import os
    import signal

    reader, writer = os.pipe()
    fcntl.fcntl(reader, fcntl.F_SETOWN, world["victim"])
    fcntl.fcntl(reader, 10, signal.SIGKILL)  # F_SETSIG
    fcntl.fcntl(reader, fcntl.F_SETFL, os.O_ASYNC)
    os.write(writer, b"x")


@attacks.costing(Loss.GRANTED)
def kill_through_the_channel(world: World) -> object:
    """The same with the one descriptor that every submission has, at the next case."""
    import fcntl
    import os
    import signal
    from contextlib import suppress

    for descriptor in range(3, 64):
        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_SETOWN, world["victim"])
            fcntl.fcntl(descriptor, 10, signal.SIGKILL)
            flags = fcntl.fcntl(descriptor, fcntl.F_GETFL)
            fcntl.fcntl(descriptor, fcntl.F_SETFL, flags | os.O_ASYNC)
            return True
    raise PermissionError("no descriptor would take an owner")


@attacks.costing(Loss.STALL)
def stop_itself(world: World) -> None:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGSTOP)


@attacks.costing(Loss.GRANTED)
def kill_itself_as_if_from_outside(world: World) -> object:
    """A death by SIGKILL looks like the machine's fault, which costs no points."""
    import os
    import signal

    os.kill(os.getpid(), 0)
    signal.raise_signal(0)
    return True


# --- Changing another process --------------------------------------------------------------


@attacks.costing(Loss.VICTIM)
def slow_down_another_process(world: World) -> None:
    import os

    os.setpriority(os.PRIO_PROCESS, world["victim"], 19)


@attacks.costing(Loss.VICTIM)
def limit_another_process(world: World) -> None:
    import resource

    resource.prlimit(world["victim"], resource.RLIMIT_CPU, (1, 1))


@attacks.costing(Loss.VICTIM)
def reschedule_another_process(world: World) -> None:
    import os

    os.sched_setscheduler(world["victim"], os.SCHED_IDLE, os.sched_param(0))


@attacks.costing(Loss.VICTIM)
def pin_another_process(world: World) -> None:
    import os

    os.sched_setaffinity(world["victim"], {max(os.sched_getaffinity(0))})


@attacks.costing(Loss.GRANTED)
def write_another_process_memory(world: World) -> object:
    import ctypes

    buffer = ctypes.create_string_buffer(b"overwritten")
    here = (ctypes.c_uint64 * 2)(ctypes.addressof(buffer), 4)
    there = (ctypes.c_uint64 * 2)(world["environment_at"], 4)
    return call(world, "process_vm_writev", world["victim"], here, 1, there, 1, 0) == 4


@attacks.costing(Loss.GRANTED)
def ask_to_be_traced(world: World) -> object:
    trace_me = 0
    return call(world, "ptrace", trace_me, 0, 0, 0) == 0


# --- Starting processes --------------------------------------------------------------------


@attacks.costing(Loss.LEFTOVER)
def fork(world: World) -> None:
    import os
    import time

    if os.fork() == 0:
        time.sleep(600)


@attacks.costing(Loss.LEFTOVER)
def fork_into_a_daemon(world: World) -> None:
    """A session of its own and no parent: what kills by group or by parent misses it."""
    import os
    import signal
    import time

    if os.fork() == 0:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if os.fork() == 0:
            time.sleep(600)
        os._exit(0)


@attacks.costing(Loss.LEFTOVER)
def fork_many_times(world: World) -> None:
    import os
    import time

    for _ in range(15):
        if os.fork() == 0:
            time.sleep(600)


@attacks.costing(Loss.LEFTOVER)
def fork_with_raw_calls(world: World) -> None:
    import signal
    import time

    if call(world, "clone", int(signal.SIGCHLD), 0, 0, 0, 0) == 0:
        time.sleep(600)


@attacks.costing(Loss.LEFTOVER)
def fork_with_the_newest_call(world: World) -> None:
    import ctypes
    import time

    arguments = (ctypes.c_uint64 * 8)(0, 0, 0, 0, 17)
    if call(world, "clone3", arguments, 64) == 0:
        time.sleep(600)


@attacks.costing(Loss.LEFTOVER)
def start_a_program(world: World) -> None:
    import subprocess

    subprocess.Popen(["sleep", "600"])


@attacks.costing(Loss.LEFTOVER)
def start_a_program_by_spawn(world: World) -> None:
    import os

    os.posix_spawn("/bin/sleep", ["sleep", "600"], {})


@attacks.costing(Loss.FILE)
def start_a_shell(world: World) -> None:
    import os

    os.system(f"echo > {world['folder']}/from-a-shell")


@attacks.costing(Loss.FILE)
def become_a_program(world: World) -> None:
    import os
    from contextlib import suppress

    for descriptor in range(3, 64):
        with suppress(OSError):
            os.set_inheritable(descriptor, True)
    os.execv("/bin/sh", ["sh", "-c", f"echo > {world['folder']}/from-a-shell"])


@attacks.costing(Loss.LEFTOVER)
def start_a_worker_process(world: World) -> None:
    import multiprocessing
    import time

    multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,)).start()


@attacks.costing(Loss.GRANTED)
def leave_the_session(world: World) -> object:
    import os

    os.setsid()
    return True
