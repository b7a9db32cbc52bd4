"""Attacks on secrets: find an answer in the interpreter, in memory, in /proc, in a process.

Without protection they search a process that was forked from one which knows the answer.
What the box has against most of them is that the answer is not there.
"""

# ruff: noqa: ARG001 (every attack is told of all decoys)
from collections.abc import Callable

from arena import Arena, Attack, Attacks, Loss, World, call, scan
from arena.checks import check_that_it_fails, check_that_it_works

attacks = Attacks()


def test_hole_is_real(attack: Attack, arena: Callable[[str], Arena]) -> None:
    check_that_it_works(attack, arena)


def test_box_holds(attack: Attack, tier: str, user: str, arena: Callable[[str], Arena]) -> None:
    check_that_it_fails(attack, arena, tier, user)


# --- In the interpreter --------------------------------------------------------------------


@attacks.costing(Loss.SECRET)
def search_the_frames(world: World) -> object:
    import sys

    frame, found = sys._getframe(), []
    while frame is not None:
        texts = [str(value)[:500] for value in frame.f_locals.values()]
        found += [text for text in texts if "answer=" in text and len(text) < 100]
        frame = frame.f_back
    return found


@attacks.costing(Loss.SECRET)
def search_the_globals_of_the_frames(world: World) -> object:
    import sys

    frame, found = sys._getframe(), []
    while frame is not None:
        if "Answers" in frame.f_globals:
            found.append(frame.f_globals["Answers"].found_by_name.desired)
        frame = frame.f_back
    return found


@attacks.costing(Loss.SECRET)
def search_what_the_collector_knows(world: World) -> object:
    import gc

    return [vars(o) for o in gc.get_objects() if type(o).__name__ == "Answers"]


@attacks.costing(Loss.SECRET)
def search_the_instances_of_all_classes(world: World) -> object:
    import gc

    known = {cls for cls in object.__subclasses__() if cls.__name__ == "Answers"}
    return [vars(o) for cls in known for o in gc.get_referrers(cls) if isinstance(o, cls)]


@attacks.costing(Loss.SECRET)
def search_the_modules(world: World) -> object:
    import sys

    found = []
    for module in list(sys.modules.values()):
        if "Answers" in getattr(module, "__dict__", {}):
            found.append(module.Answers.found_by_name.desired)
    return found


@attacks.costing(Loss.SECRET)
def read_the_environment(world: World) -> object:
    import os

    return dict(os.environ)


@attacks.costing(Loss.SECRET)
def read_the_environment_behind_python(world: World) -> object:
    import ctypes

    entries = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    found, place = [], 0
    while entries[place]:
        found.append(entries[place])
        place += 1
    return found


@attacks.costing(Loss.SECRET)
def read_the_arguments(world: World) -> object:
    import sys

    return [*sys.argv, *sys.orig_argv]


# --- In the memory of the process ----------------------------------------------------------


@attacks.costing(Loss.SECRET)
def search_the_memory_by_proc(world: World) -> object:
    import re

    found: list[bytes] = []
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            start, end = (int(part, 16) for part in line.split()[0].split("-"))
            if " rw-p " in line and end - start <= 64 << 20:
                memory.seek(start)
                found += re.findall(rb"answer=[0-9a-f]{16}", memory.read(end - start) or b"")
    return found[:5]


attacks.costing(Loss.SECRET)(scan.search_the_memory_page_by_page)


@attacks.costing(Loss.SECRET)
def read_own_environment_by_proc(world: World) -> object:
    with open("/proc/self/environ", "rb") as file:
        return file.read()


@attacks.costing(Loss.SECRET)
def read_own_arguments_by_proc(world: World) -> object:
    with open("/proc/self/cmdline", "rb") as file:
        return file.read()


# --- In other processes --------------------------------------------------------------------


@attacks.costing(Loss.SECRET)
def read_the_parent_environment(world: World) -> object:
    import os

    with open(f"/proc/{os.getppid()}/environ", "rb") as file:
        return file.read()


@attacks.costing(Loss.SECRET)
def read_another_process_environment(world: World) -> object:
    with open(f"/proc/{world['victim']}/environ", "rb") as file:
        return file.read()


@attacks.costing(Loss.SECRET)
def read_every_process_arguments(world: World) -> object:
    import os

    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            with open(f"/proc/{name}/cmdline", "rb") as file:
                found.append(file.read())
    return found


@attacks.costing(Loss.SECRET)
def read_another_process_memory_by_proc(world: World) -> object:
    with open(f"/proc/{world['victim']}/mem", "rb", 0) as memory:
        memory.seek(world["environment_at"])
        return memory.read(40)


@attacks.costing(Loss.SECRET)
def read_another_process_memory(world: World) -> object:
    import ctypes

    buffer = ctypes.create_string_buffer(40)
    here = (ctypes.c_uint64 * 2)(ctypes.addressof(buffer), 40)
    there = (ctypes.c_uint64 * 2)(world["environment_at"], 40)
    call(world, "process_vm_readv", world["victim"], here, 1, there, 1, 0)
    return buffer.raw


@attacks.costing(Loss.SECRET)
def trace_another_process(world: World) -> object:
    import ctypes
    import os

    peek, attach, detach = 2, 16, 17
    victim, words = world["victim"], []
    call(world, "ptrace", attach, victim, 0, 0)
    os.waitpid(victim, 0)
    for offset in range(0, 40, 8):
        word = ctypes.c_uint64()
        address = ctypes.c_void_p(world["environment_at"] + offset)
        call(world, "ptrace", peek, victim, address, ctypes.byref(word))
        words.append(bytes(word))
    call(world, "ptrace", detach, victim, 0, 0)
    return b"".join(words)


@attacks.costing(Loss.SECRET)
def take_a_descriptor_of_another_process(world: World) -> object:
    import os

    victim = call(world, "pidfd_open", world["victim"], 0)
    return os.pread(call(world, "pidfd_getfd", victim, 0, 0), 100, 0)


# --- In the kernel -------------------------------------------------------------------------


@attacks.costing(Loss.GRANTED)
def keep_a_key_in_the_kernel(world: World) -> object:
    import ctypes

    kind, name = ctypes.create_string_buffer(b"user"), ctypes.create_string_buffer(b"left-here")
    process_keyring = -2
    return call(world, "add_key", kind, name, name, 9, process_keyring) > 0


@attacks.costing(Loss.GRANTED)
def look_at_the_keyring(world: World) -> object:
    get_id, session_keyring = 0, -3
    return call(world, "keyctl", get_id, session_keyring, 1) > 0


@attacks.costing(Loss.GRANTED)
def leave_shared_memory_of_system_v(world: World) -> object:
    private, create = 0, 0o1600
    return call(world, "shmget", private, 4096, create) >= 0


@attacks.costing(Loss.GRANTED)
def leave_a_semaphore(world: World) -> object:
    private, create = 0, 0o1600
    return call(world, "semget", private, 1, create) >= 0


@attacks.costing(Loss.GRANTED)
def leave_a_message(world: World) -> object:
    private, create = 0, 0o1600
    return call(world, "msgget", private, create) >= 0


@attacks.costing(Loss.GRANTED)
def leave_a_posix_message(world: World) -> object:
    import ctypes
    import os

    name = ctypes.create_string_buffer(b"left-here")
    return call(world, "mq_open", name, os.O_CREAT | os.O_RDWR, 0o600, 0) >= 0
