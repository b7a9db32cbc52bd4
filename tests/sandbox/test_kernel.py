"""Attacks on the kernel: gain rights, change namespaces, reach calls that had many bugs."""

# ruff: noqa: ARG001 (every attack is told of all decoys)
from collections.abc import Callable

from arena import Arena, Attack, Attacks, Loss, World, call
from arena.checks import check_that_it_fails, check_that_it_works

attacks = Attacks()


def test_hole_is_real(attack: Attack, arena: Callable[[str], Arena]) -> None:
    check_that_it_works(attack, arena)


def test_box_holds(attack: Attack, tier: str, user: str, arena: Callable[[str], Arena]) -> None:
    check_that_it_fails(attack, arena, tier, user)


# --- Rights --------------------------------------------------------------------------------


@attacks.costing(Loss.GRANTED, as_root=True)
def become_root(world: World) -> object:
    import os

    os.setuid(0)
    return True


@attacks.costing(Loss.GRANTED, as_root=True)
def gain_capabilities(world: World) -> object:
    import ctypes

    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    call(world, "capget", header, data)
    return bool(data[0]) and call(world, "capset", header, data) == 0


@attacks.costing(Loss.GRANTED)
def raise_its_limits(world: World) -> object:
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    resource.setrlimit(resource.RLIMIT_NOFILE, resource.getrlimit(resource.RLIMIT_NOFILE))
    return True


@attacks.costing(Loss.GRANTED)
def become_traceable(world: World) -> object:
    set_dumpable = 4
    return call(world, "prctl", set_dumpable, 1) == 0


@attacks.costing(Loss.GRANTED)
def add_a_filter_of_its_own(world: World) -> object:
    """One that makes every call fail would blame the grader for what follows."""
    import ctypes
    import struct

    allow_all = ctypes.create_string_buffer(struct.pack("<HBBI", 0x06, 0, 0, 0x7FFF0000))
    program = struct.pack("HxxxxxxQ", 1, ctypes.addressof(allow_all))
    call(world, "prctl", 38, 1)
    return call(world, "seccomp", 1, 0, ctypes.create_string_buffer(program)) == 0


@attacks.costing(Loss.GRANTED)
def weaken_the_address_space(world: World) -> object:
    no_randomisation = 0x0040000
    return call(world, "personality", no_randomisation) >= 0


# --- Namespaces and mounts -----------------------------------------------------------------


@attacks.costing(Loss.GRANTED)
def make_a_user_namespace(world: World) -> object:
    return call(world, "unshare", 0x10000000) == 0


@attacks.costing(Loss.GRANTED, as_root=True)
def make_other_namespaces(world: World) -> object:
    return call(world, "unshare", 0x00020000 | 0x40000000) == 0


@attacks.costing(Loss.GRANTED, as_root=True)
def enter_another_process_namespaces(world: World) -> object:
    victim = call(world, "pidfd_open", world["victim"], 0)
    return call(world, "setns", victim, 0x40000000) == 0


@attacks.costing(Loss.FILE, as_root=True)
def mount_over_a_folder(world: World) -> None:
    import ctypes

    names = ctypes.create_string_buffer((world["folder"] + "/names").encode())
    kind = ctypes.create_string_buffer(b"tmpfs")
    call(world, "mount", kind, names, kind, 0, 0)


@attacks.costing(Loss.GRANTED, as_root=True)
def change_the_root(world: World) -> object:
    import os

    os.chroot(world["folder"])
    return True


@attacks.costing(Loss.GRANTED, as_root=True)
def open_a_file_system(world: World) -> object:
    import ctypes

    return call(world, "fsopen", ctypes.create_string_buffer(b"tmpfs"), 0) >= 0


@attacks.costing(Loss.GRANTED, as_root=True)
def clone_a_mount(world: World) -> object:
    import ctypes

    folder = ctypes.create_string_buffer(world["folder"].encode())
    return call(world, "open_tree", -100, folder, 1) >= 0


@attacks.costing(Loss.GRANTED, as_root=True)
def rename_the_machine(world: World) -> object:
    import socket

    socket.sethostname("owned")
    return True


# --- Executable memory ---------------------------------------------------------------------


@attacks.costing(Loss.GRANTED)
def map_memory_that_is_writable_and_executable(world: World) -> object:
    import mmap

    return len(mmap.mmap(-1, 4096, prot=7)) == 4096


@attacks.costing(Loss.GRANTED)
def make_memory_executable(world: World) -> object:
    import ctypes
    import mmap

    page = mmap.mmap(-1, 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return call(world, "mprotect", ctypes.c_void_p(address), 4096, 5) == 0


@attacks.costing(Loss.GRANTED)
def map_a_file_of_its_own_as_code(world: World) -> object:
    import mmap
    import os

    code = os.open(world["folder"] + "/code", os.O_RDWR | os.O_CREAT)
    os.ftruncate(code, 4096)
    return len(mmap.mmap(code, 4096, flags=mmap.MAP_PRIVATE, prot=5)) == 4096


# --- Calls with a history ------------------------------------------------------------------


@attacks.costing(Loss.GRANTED)
def set_up_io_uring(world: World) -> object:
    """Its operations pass by every filter of system calls."""
    import ctypes

    return call(world, "io_uring_setup", 1, ctypes.create_string_buffer(120)) >= 0


@attacks.costing(Loss.GRANTED)
def handle_page_faults(world: World) -> object:
    user_mode_only = 1
    return call(world, "userfaultfd", user_mode_only) >= 0


@attacks.costing(Loss.GRANTED, as_root=True)
def load_a_program_into_the_kernel(world: World) -> object:
    import ctypes
    import struct

    one_array = struct.pack("<5I", 2, 4, 4, 1, 0)
    map_create = 0
    return call(world, "bpf", map_create, ctypes.create_string_buffer(one_array, 72), 72) >= 0


@attacks.costing(Loss.GRANTED, as_root=True)
def watch_the_processor(world: World) -> object:
    import ctypes
    import struct

    task_clock = struct.pack("<IIQ", 1, 112, 1)
    attributes = ctypes.create_string_buffer(task_clock, 112)
    return call(world, "perf_event_open", attributes, 0, -1, -1, 0) >= 0


@attacks.costing(Loss.GRANTED)
def hide_memory_from_the_kernel(world: World) -> object:
    return call(world, "memfd_secret", 0) >= 0


@attacks.costing(Loss.GRANTED)
def open_a_pipe(world: World) -> object:
    """Pipes and their splices hold kernel memory that no limit of a process counts."""
    import os

    return os.pipe()[0] >= 0


@attacks.costing(Loss.GRANTED)
def push_bytes_into_a_terminal(world: World) -> object:
    """TIOCSTI types into the terminal of whoever runs the grader; here a terminal of our own."""
    import fcntl
    import os
    import termios

    _, terminal = os.openpty()
    return fcntl.ioctl(terminal, termios.TIOCGWINSZ, bytes(8)) is not None
