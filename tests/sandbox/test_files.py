"""Attacks on files: read, write or find anything outside the box."""

# ruff: noqa: ARG001 (every attack is told of all decoys)
from collections.abc import Callable

from arena import Arena, Attack, Attacks, Loss, World, call
from arena.checks import check_that_it_fails, check_that_it_works

attacks = Attacks()


def test_hole_is_real(attack: Attack, arena: Callable[[str], Arena]) -> None:
    check_that_it_works(attack, arena)


def test_box_holds(attack: Attack, tier: str, user: str, arena: Callable[[str], Arena]) -> None:
    check_that_it_fails(attack, arena, tier, user)


# --- Reading -----------------------------------------------------------------------------


@attacks.costing(Loss.SECRET)
def read_a_file_outside(world: World) -> object:
    with open(world["file"]) as file:
        return file.read()


@attacks.costing(Loss.SECRET)
def read_by_climbing_out(world: World) -> object:
    with open("../" * 40 + world["file"]) as file:
        return file.read()


@attacks.costing(Loss.SECRET)
def read_from_an_open_folder(world: World) -> object:
    import os

    folder = os.open(world["folder"], os.O_PATH | os.O_DIRECTORY)
    return os.read(os.open("secret.txt", os.O_RDONLY, dir_fd=folder), 100)


@attacks.costing(Loss.SECRET)
def read_by_a_newer_call(world: World) -> object:
    import ctypes
    import os

    how = (ctypes.c_uint64 * 3)(os.O_RDONLY, 0, 0)
    path = ctypes.create_string_buffer(world["file"].encode())
    return os.read(call(world, "openat2", -100, path, how, 24), 100)


@attacks.costing(Loss.SECRET)
def map_a_file(world: World) -> object:
    import mmap
    import os

    descriptor = os.open(world["file"], os.O_RDONLY)
    return mmap.mmap(descriptor, 0, prot=mmap.PROT_READ).read(100)


@attacks.costing(Loss.SECRET)
def list_a_folder(world: World) -> object:
    import os

    return os.listdir(world["folder"] + "/names")


@attacks.costing(Loss.SECRET)
def read_through_another_process_root(world: World) -> object:
    with open(f"/proc/{world['victim']}/root{world['file']}") as file:
        return file.read()


@attacks.costing(Loss.SECRET)
def read_through_another_process_folder(world: World) -> object:
    with open(f"/proc/{world['victim']}/cwd/secret.txt") as file:
        return file.read()


@attacks.costing(Loss.SECRET)
def read_another_process_open_file(world: World) -> object:
    with open(f"/proc/{world['victim']}/fd/0") as file:
        return file.read()


@attacks.costing(Loss.SECRET, as_root=True)
def read_by_file_handle(world: World) -> object:
    import ctypes
    import os

    libc = ctypes.CDLL(None, use_errno=True)
    handle = ctypes.create_string_buffer(136)
    handle[0] = 128
    path = world["file"].encode()
    if libc.name_to_handle_at(-100, path, handle, ctypes.byref(ctypes.c_int()), 0) != 0:
        raise OSError(ctypes.get_errno(), "name_to_handle_at")
    mount = os.open(world["folder"], os.O_RDONLY)
    return os.read(call(world, "open_by_handle_at", mount, handle, os.O_RDONLY), 100)


@attacks.costing(Loss.SECRET)
def read_an_inherited_descriptor(world: World) -> object:
    import os
    from contextlib import suppress

    found = []
    for descriptor in range(256):
        with suppress(OSError):
            found.append(os.pread(descriptor, 100, 0))
    return found


@attacks.costing(Loss.GRANTED)
def import_the_reference(world: World) -> object:
    import importlib

    return bool(vars(importlib.import_module("reference.sgd_with_momentum")))


@attacks.costing(Loss.GRANTED)
def import_the_judge(world: World) -> object:
    import importlib

    return hasattr(importlib.import_module("grader.dataset"), "build")


@attacks.costing(Loss.GRANTED)
def read_the_judge_source(world: World) -> object:
    import sys

    with open(sys.modules["grader"].__path__[0] + "/dataset.py") as file:
        return bool(file.read())


@attacks.costing(Loss.GRANTED)
def read_the_list_of_users(world: World) -> object:
    with open("/etc/passwd") as file:
        return "root" in file.read()


@attacks.costing(Loss.GRANTED)
def watch_files(world: World) -> object:
    return call(world, "inotify_init1", 0) >= 0


# --- Writing -----------------------------------------------------------------------------


@attacks.costing(Loss.FILE)
def write_a_new_file(world: World) -> object:
    with open(world["folder"] + "/new", "w") as file:
        return file.write("here")


@attacks.costing(Loss.FILE)
def overwrite_a_file(world: World) -> object:
    with open(world["file"], "r+") as file:
        return file.write("overwritten")


@attacks.costing(Loss.FILE)
def truncate_a_file(world: World) -> None:
    import os

    os.truncate(world["file"], 0)


@attacks.costing(Loss.FILE)
def delete_a_file(world: World) -> None:
    import os

    os.unlink(world["file"])


@attacks.costing(Loss.FILE)
def rename_a_file(world: World) -> None:
    import os

    os.rename(world["file"], world["folder"] + "/renamed")


@attacks.costing(Loss.FILE)
def change_a_mode(world: World) -> None:
    import os

    os.chmod(world["file"], 0o4777)


@attacks.costing(Loss.FILE)
def make_a_folder(world: World) -> None:
    import os

    os.mkdir(world["folder"] + "/made")


@attacks.costing(Loss.FILE)
def make_a_symbolic_link(world: World) -> None:
    import os

    os.symlink(world["file"], world["folder"] + "/link")


@attacks.costing(Loss.FILE)
def make_a_hard_link(world: World) -> None:
    import os

    os.link(world["file"], world["folder"] + "/link")


@attacks.costing(Loss.FILE)
def make_a_fifo(world: World) -> None:
    import os

    os.mkfifo(world["folder"] + "/fifo")


@attacks.costing(Loss.GRANTED)
def write_a_file_without_a_name(world: World) -> object:
    import os

    return os.write(os.open(world["folder"], os.O_TMPFILE | os.O_RDWR), b"here") == 4


@attacks.costing(Loss.GRANTED)
def write_a_file_in_memory(world: World) -> object:
    import os

    return os.write(os.memfd_create("hidden"), b"here") == 4


@attacks.costing(Loss.FILE)
def write_shared_memory(world: World) -> object:
    with open("/dev/shm/left-here", "w") as file:
        return file.write("for the next one")


@attacks.costing(Loss.FILE)
def write_a_temporary_file(world: World) -> object:
    import tempfile

    with tempfile.NamedTemporaryFile("w", dir=world["folder"], delete=False) as file:
        return file.write("here")


@attacks.costing(Loss.FILE)
def fill_the_disk(world: World) -> None:
    with open(world["folder"] + "/big", "wb") as file:
        for _ in range(16):
            file.write(bytes(1 << 20))


@attacks.costing(Loss.FILE)
def use_up_the_inodes(world: World) -> None:
    for number in range(200):
        with open(f"{world['folder']}/{number}", "w"):
            pass


@attacks.costing(Loss.FILE)
def leave_bytecode(world: World) -> None:
    """A .pyc beside a module is imported in its place by whoever comes next."""
    import importlib.util
    import json
    import marshal
    import os
    import sys
    from contextlib import suppress

    code = compile("stolen = True", "json", "exec")
    compiled = importlib.util.MAGIC_NUMBER + bytes(12) + marshal.dumps(code)
    for folder in [world["folder"], os.path.dirname(json.__file__), *sys.path]:
        with suppress(OSError), open(folder + "/numbers.pyc", "xb") as file:
            file.write(compiled)


@attacks.costing(Loss.FILE)
def leave_site_files(world: World) -> None:
    """Every interpreter runs these when it starts."""
    import sys
    from contextlib import suppress

    for folder in [world["folder"], *sys.path]:
        for name in ("evil.pth", "sitecustomize.py", "usercustomize.py"):
            with suppress(OSError), open(f"{folder}/{name}", "x") as file:
                file.write("import os; os._exit(0)\n")
