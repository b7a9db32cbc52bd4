"""Attacks on what a submission may use: memory and threads.

Unprotected they take no more than 60 MB or 15 threads; the box that they meet allows 32 MB
and no thread.
"""

# ruff: noqa: ARG001 (every attack is told of all decoys)
from collections.abc import Callable

from arena import Arena, Attack, Attacks, Loss, World
from arena.checks import check_that_it_fails, check_that_it_works

from grader.runner import Run
from grader.spec import Limits

attacks = Attacks()


def test_hole_is_real(attack: Attack, arena: Callable[[str], Arena]) -> None:
    check_that_it_works(attack, arena)


def test_box_holds(attack: Attack, tier: str, user: str, arena: Callable[[str], Arena]) -> None:
    check_that_it_fails(attack, arena, tier, user)


# --- Memory --------------------------------------------------------------------------------


@attacks.costing(Loss.GRANTED)
def take_one_large_piece(world: World) -> object:
    return len(bytes(world["megabytes"] << 20)) > 0


@attacks.costing(Loss.GRANTED)
def take_many_small_pieces(world: World) -> object:
    kept = [bytes(1 << 10) for _ in range(world["megabytes"] << 10)]
    return len(kept) > 0


@attacks.costing(Loss.GRANTED)
def take_an_array(world: World) -> object:
    import numpy

    return bool(numpy.ones(world["megabytes"] << 17).all())


@attacks.costing(Loss.GRANTED)
def take_an_array_that_is_not_touched(world: World) -> object:
    import numpy

    return numpy.empty(world["megabytes"] << 17).size > 0


@attacks.costing(Loss.GRANTED)
def map_private_memory(world: World) -> object:
    import mmap

    return len(mmap.mmap(-1, world["megabytes"] << 20, flags=mmap.MAP_PRIVATE)) > 0


@attacks.costing(Loss.GRANTED)
def map_shared_memory(world: World) -> object:
    import mmap

    return len(mmap.mmap(-1, world["megabytes"] << 20, flags=mmap.MAP_SHARED)) > 0


@attacks.costing(Loss.GRANTED)
def move_the_end_of_the_heap(world: World) -> object:
    import ctypes

    libc = ctypes.CDLL(None)
    libc.sbrk.restype = ctypes.c_ssize_t
    libc.sbrk.argtypes = [ctypes.c_ssize_t]
    if libc.sbrk(world["megabytes"] << 20) == -1:
        raise MemoryError
    return True


@attacks.costing(Loss.GRANTED)
def grow_a_mapping(world: World) -> object:
    import mmap

    kept = mmap.mmap(-1, 4096)
    kept.resize(world["megabytes"] << 20)
    return True


@attacks.costing(Loss.GRANTED)
def take_more_after_a_memory_error(world: World) -> object:
    """What is given back to let the error be reported is not for the submission to keep."""
    from contextlib import suppress

    kept = []
    with suppress(MemoryError):
        while len(kept) < world["megabytes"]:
            kept.append(bytes(1 << 20))
    return len(kept) == world["megabytes"]


@attacks.costing(Loss.LEFTOVER)
def take_memory_in_children(world: World) -> None:
    import os
    import time

    for _ in range(3):
        if os.fork() == 0:
            kept = bytes(world["megabytes"] // 3 << 20)
            time.sleep(600)
            os._exit(len(kept) > 0)


@attacks.costing(Loss.GRANTED)
def take_memory_in_files_of_memory(world: World) -> object:
    import os

    file = os.memfd_create("memory")
    os.ftruncate(file, world["megabytes"] << 20)
    return True


@attacks.costing(Loss.GRANTED)
def take_memory_in_pipes(world: World) -> object:
    import os

    kept = [os.pipe() for _ in range(15)]
    return sum(os.write(writer, bytes(1 << 16)) for _, writer in kept) > 0


@attacks.costing(Loss.GRANTED)
def take_memory_in_sockets(world: World) -> object:
    import socket

    kept = [socket.socketpair() for _ in range(15)]
    return sum(ours.send(bytes(1 << 16)) for ours, _ in kept) > 0


@attacks.costing(Loss.GRANTED)
def lock_memory(world: World) -> object:
    import ctypes

    page = ctypes.create_string_buffer(1 << 16)
    return ctypes.CDLL(None).mlock(page, 1 << 16) == 0


@attacks.costing(Loss.GRANTED)
def open_many_files(world: World) -> object:
    import os

    return max(os.dup(0) for _ in range(200)) > 100


# --- Threads -------------------------------------------------------------------------------


@attacks.costing(Loss.GRANTED)
def start_threads(world: World) -> object:
    import threading
    import time

    for _ in range(15):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    return True


@attacks.costing(Loss.GRANTED)
def start_a_thread_behind_python(world: World) -> object:
    import ctypes

    libc = ctypes.CDLL(None)
    return libc.pthread_create(ctypes.byref(ctypes.c_ulong()), None, libc.pause, None) == 0


def test_threads_that_are_allowed_work(run: Callable[..., Run]) -> None:
    source = (
        "from concurrent.futures import ThreadPoolExecutor\n"
        "def attack(value):\n"
        "    with ThreadPoolExecutor(4) as pool:\n"
        "        return sum(pool.map(abs, range(value)))\n"
    )
    assert [4950] == [case.value for case in run(source, 100, threads=8).cases]


FLOOD = (
    "import threading, time\n"
    "def attack(value):\n"
    "    started = 0\n"
    "    try:\n"
    "        for _ in range(value):\n"
    "            threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"
    "            started += 1\n"
    "    except RuntimeError:\n"
    "        pass\n"
    "    return started\n"
)


def test_a_flood_of_allowed_threads_stops(run: Callable[..., Run]) -> None:
    """By the count of processes where the kernel counts ours alone, else by the memory."""
    roomy = Limits(memory_mb=512)
    assert [15] == [case.value for case in run(FLOOD, 15, threads=15, limits=roomy).cases]
    (flood,) = run(FLOOD, 100, threads=4, limits=Limits(memory_mb=64)).cases
    assert flood.value <= 20
