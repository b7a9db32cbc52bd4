"""Confinement step by step, in forked children of the test: order, refusals, what is left."""

import errno
import importlib
import json
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy
import pytest

from grader.sandbox import confine, identity, kernel, landlock, mounts, probe
from grader.sandbox.layout import Layout, layout

CPU_S = 5
MEMORY = 64 << 20
PLACE = layout(("numpy",))
TIERS = ("full", "no-namespaces", "closed")


def in_cell(tier: str, look: Callable[[], Any], *, threads: int = 0, scratch_mb: int = 0) -> Any:
    """Return what `look` returns, by way of JSON, in a confined child of a cell of `tier`."""
    ours, theirs = socket.socketpair()
    cell = os.fork()
    if cell == 0:
        ours.close()
        try:
            steps = confine.Confinement(tier, scratch_mb, PLACE)
            steps.enter(theirs.fileno())
            to_take = steps.prepare_child(theirs.fileno(), CPU_S, MEMORY, threads)
            child = os.fork()
            if child == 0:
                confine.run(to_take)
                os.write(theirs.fileno(), json.dumps(["said", look()]).encode())
            else:
                os.waitpid(child, 0)
        except BaseException as error:
            os.write(theirs.fileno(), json.dumps(["failed", repr(error)]).encode())
        finally:
            os._exit(0)
    theirs.close()
    answer = b"".join(iter(lambda: ours.recv(1 << 16), b""))
    ours.close()
    os.waitpid(cell, 0)
    kind, value = json.loads(answer)
    if kind == "failed" and "StepFailed" in value:
        pytest.skip(f"tier {tier} does not hold here: {value}")
    assert kind == "said", value
    return value


def errno_of(act: Callable[[], object]) -> int:
    try:
        act()
    except OSError as error:
        return error.errno
    return 0


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("threads", [0, 4])
def test_every_forbidden_act_is_refused(tier, threads):
    findings = in_cell(tier, probe.run, threads=threads)
    assert len(probe.acts()) == len(findings)
    assert [finding for finding in findings if not finding[1]] == []


def test_scratch_opens_nothing_else():
    findings = in_cell("full", probe.run, scratch_mb=1)
    assert [finding for finding in findings if not finding[1]] == []


@pytest.mark.parametrize("tier", TIERS)
def test_nobody_is_root(tier):
    assert 0 not in in_cell(tier, lambda: [os.getuid(), os.geteuid(), os.getgid(), os.getegid()])


def test_a_full_cell_knows_neither_host_nor_processes():
    name, pid = in_cell("full", lambda: [os.uname().nodename, os.getpid()])
    assert (name, pid) == ("box", 2)


@pytest.mark.parametrize("tier", TIERS)
def test_memory_stops_at_the_limit_and_not_before(tier):
    def allocate(size: int) -> bool:
        try:
            return bool(bytearray(size))
        except MemoryError:
            return False

    assert in_cell(tier, lambda: [allocate(MEMORY // 2), allocate(MEMORY * 2)]) == [True, False]


@pytest.mark.parametrize("tier", TIERS)
def test_threads_are_refused_unless_asked_for(tier):
    assert in_cell(tier, lambda: start_threads(1)) == 0


@pytest.mark.parametrize("tier", TIERS)
def test_a_pool_of_the_asked_size_works(tier):
    assert in_cell(tier, lambda: start_threads(4), threads=4) == 4


@pytest.mark.parametrize("tier", TIERS)
def test_a_flood_of_threads_stops(tier):
    assert in_cell(tier, lambda: start_threads(100), threads=4) < 20


def start_threads(count: int) -> int:
    """Start up to `count` threads that live at the same time; return how many there were."""
    done, started = threading.Event(), []
    try:
        for _ in range(count):
            thread = threading.Thread(target=done.wait)
            thread.start()
            started.append(thread)
    except RuntimeError:
        pass
    done.set()
    for thread in started:
        thread.join()
    return len(started)


@pytest.mark.parametrize("tier", TIERS)
def test_only_the_channel_and_the_null_device_are_open(tier):
    def look() -> list[bool]:
        return [errno_of(lambda fd=fd: os.get_inheritable(fd)) == 0 for fd in range(64)]

    found = in_cell(tier, look)
    assert found[:3] == [True, True, True]
    assert sum(found[3:]) == 1


@pytest.mark.parametrize("tier", TIERS)
def test_descriptors_are_limited(tier):
    def look() -> int:
        return errno_of(lambda: [os.dup(0) for _ in range(100)])

    assert in_cell(tier, look) == errno.EMFILE


def test_the_standard_library_can_be_imported():
    rare = ("colorsys", "netrc", "plistlib", "quopri", "sched", "stringprep", "zipapp")
    name = next(name for name in rare if name not in sys.modules)
    assert in_cell("full", lambda: importlib.import_module(name).__name__) == name


@pytest.mark.skipif(not PLACE.masks, reason="this standard library holds no site-packages")
def test_what_is_installed_beside_the_standard_library_is_not_seen():
    assert os.listdir(PLACE.masks[0])
    shown = in_cell("full", lambda: os.listdir(PLACE.masks[0]))
    allowed = {tree for tree in PLACE.trees if tree.startswith(PLACE.masks[0])}
    assert {f"{PLACE.masks[0]}/{name}" for name in shown} == allowed


def test_numpys_own_files_can_be_read():
    source = os.path.realpath(numpy.__file__)
    assert in_cell("full", lambda: errno_of(lambda: os.close(os.open(source, os.O_RDONLY)))) == 0


def test_the_root_holds_the_trees_and_nothing_else():
    """Landlock refuses to list the root, so every path of the host's root is tried by name."""
    names = os.listdir("/")
    found = set(in_cell("full", lambda: [name for name in names if os.path.exists(f"/{name}")]))
    shown = {path.split("/")[1] for path in (*PLACE.trees, *dict(PLACE.links))}
    assert found <= shown


def test_scratch_can_be_filled_and_not_overfilled():
    def look() -> list[int]:
        with open("notes.txt", "w+") as notes:
            notes.write("kept")
            notes.seek(0)
            assert notes.read() == "kept"
        os.mkdir("folder")
        os.rename("notes.txt", "folder/notes.txt")
        os.unlink("folder/notes.txt")
        return [errno_of(lambda: fill("big", 3 << 20)), errno_of(lambda: fill("../out", 1))]

    too_big, outside = in_cell("full", look, scratch_mb=1)
    assert too_big in (errno.ENOSPC, errno.EFBIG)
    assert outside in (errno.EACCES, errno.EROFS)


def fill(path: str, size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    with open(path, "wb", buffering=0) as file:
        for _ in range(0, size, 1 << 16):
            file.write(bytes(1 << 16))


@pytest.mark.parametrize("tier", TIERS)
def test_the_cell_ends_with_the_process_that_started_it(tier):
    ours, theirs = socket.socketpair()
    starter = os.fork()
    if starter == 0:
        ours.close()
        become_cell(tier, theirs)
    theirs.close()
    ours.settimeout(10)
    said = ours.recv(100)
    os.kill(starter, signal.SIGKILL)
    os.waitpid(starter, 0)
    rest = ours.recv(100)  # closed when the last process of the cell is gone
    ours.close()
    if said != b"in":
        pytest.skip(f"tier {tier} does not hold here: {said!r}")
    assert rest == b""


def become_cell(tier: str, channel: socket.socket) -> None:
    """Start a cell that would sleep for ever, and wait for it as the judge does."""
    try:
        if os.fork() == 0:
            confine.Confinement(tier, 0, PLACE).enter(channel.fileno())
            channel.send(b"in")
        channel.detach()
        signal.pause()
    except BaseException as error:
        os.write(channel.fileno(), repr(error).encode()[:100])
    finally:
        os._exit(0)


def plan(tier: str, **changes: Any) -> confine.Plan:
    made = confine.Plan(
        tier=tier,
        scratch_mb=0,
        layout=Layout(trees=("/usr/lib",), masks=(), links=(), sys_path=(), modules=()),
        uid=None,
        owner=(1000, 1000),
        may_mount=False,
        landlock=0 if tier == "closed" else 7,
        counts_processes=False,
    )
    return made._replace(**changes)


def names_of(steps: tuple[confine.Step, ...]) -> list[str]:
    return [name for name, _ in steps]


@pytest.mark.parametrize(
    "wanted",
    [
        plan("full"),
        plan("full", may_mount=True, uid=70000),
        plan("full", uid=70000),
        plan("no-namespaces"),
        plan("no-namespaces", uid=70000),
        plan("closed", uid=70000),
    ],
    ids=lambda p: f"{p.tier} uid={p.uid} mount={p.may_mount}",
)
def test_steps_come_in_an_order_that_can_work(wanted):
    names = names_of(confine.worker_steps(wanted, keep_fd=9))
    order = [
        "namespaces",
        "mounts of its own",
        "old root out of reach",
        "pid namespace",
        "end with the judge",
        "no new privileges",
        "Landlock domain",
        "no capabilities",
        "first process of the namespace",
    ]
    assert [name for name in order if name in names] == [name for name in names if name in order]
    if "uid and gid of its own" in names:  # a change of uid would undo this
        assert names.index("uid and gid of its own") < names.index("end with the judge")
    assert ("namespaces" in names) == (wanted.tier == "full")
    assert ("Landlock domain" in names) == (wanted.tier != "closed")


def test_root_drops_its_uid_between_the_mounts_and_the_user_namespace():
    names = names_of(confine.worker_steps(plan("full", may_mount=True, uid=70000), keep_fd=9))
    later = [names.index(n) for n in ("read-only /", "uid and gid of its own", "user namespace")]
    assert sorted(later) == later


def test_the_filter_comes_last_in_a_child_and_landlock_first():
    steps = confine.child_steps(plan("full"), b"", 5, 3, [("CPU", 1)])
    assert names_of(steps) == [
        "Landlock domain of its own",
        "no descriptor but the channel",
        "limit CPU",
        "system call filter",
    ]


@pytest.mark.parametrize("error", [OSError(errno.EPERM, "no"), ValueError("too high")])
def test_the_first_step_that_fails_stops_the_run_and_is_named(error):
    taken = []

    def fail() -> None:
        raise error

    steps = [("one", lambda: taken.append(1)), ("two", fail), ("three", lambda: taken.append(3))]
    with pytest.raises(confine.StepFailed, match=r"step .two. failed: .*(no|too high)"):
        confine.run(steps)
    assert taken == [1]


def test_without_landlock_there_is_no_tier_without_namespaces(monkeypatch):
    monkeypatch.setattr(landlock, "abi", lambda: 0)
    with pytest.raises(confine.StepFailed, match="no Landlock"):
        confine.make_plan("no-namespaces", 0, PLACE)
    assert confine.make_plan("full", 0, PLACE).landlock == 0


@pytest.mark.parametrize("tier", ["no-namespaces", "closed"])
def test_scratch_needs_the_tier_full(tier):
    with pytest.raises(confine.StepFailed, match="only the tier full"):
        confine.make_plan(tier, 1, PLACE)


def test_everything_is_preloaded_where_nothing_can_be_imported_later(tmp_path):
    tmp_path.chmod(0o700)
    assert confine.must_preload("closed", ["/usr/lib"])
    assert not confine.must_preload("full", [str(tmp_path)])
    assert not confine.must_preload("no-namespaces", ["/usr/lib", "/usr/lib/absent.zip"])
    assert confine.must_preload("no-namespaces", [str(tmp_path)]) == (os.geteuid() == 0)


def test_a_tree_with_a_mask_is_granted_entry_by_entry(tmp_path):
    for name in ("json", "site-packages", "os.py"):
        (tmp_path / name).mkdir()
    (tmp_path / "dangling").symlink_to("nowhere")
    actual = confine.unmasked([str(tmp_path), "/usr/lib"], [f"{tmp_path}/site-packages"])
    assert {f"{tmp_path}/json", f"{tmp_path}/os.py", "/usr/lib"} == set(actual)


@pytest.mark.parametrize(
    ("text", "uid", "mapped"),
    [
        ("         0          0 4294967295\n", 0x7000_0001, True),
        ("         0     100000      65536\n", 0x7000_0001, False),
        ("         0     100000      65536\n", 65534, True),
        ("      1000       1000          1\n", 65534, False),
        ("0 1000 1\n1 100000 65536\n", 65534, True),
    ],
)
def test_only_mapped_uids_are_taken(tmp_path, text, uid, mapped):
    (tmp_path / "uid_map").write_text(text)
    assert mapped == identity.is_mapped(uid, identity.mapped_ids(str(tmp_path / "uid_map")))


def test_masks_are_mounted_over_their_tree_and_under_what_lies_in_them():
    shown = Layout(
        ("/a/lib/site/np", "/a/lib"), masks=("/a/lib/site",), links=(), sys_path=(), modules=()
    )
    names = names_of(tuple(mounts.root_steps(shown, 0, (1, 1))))
    wanted = ["show /a/lib", "empty /a/lib/site", "show /a/lib/site/np"]
    assert wanted == [name for name in names if name in wanted]
    assert names[-2:] == ["read-only /a/lib/site", "read-only /"]


@pytest.mark.skipif(not kernel.has_capabilities(kernel.CAP_SYS_ADMIN), reason="only root mounts")
@pytest.mark.skipif(kernel.release() < (5, 12), reason="recursive flags came with Linux 5.12")
def test_what_is_mounted_inside_a_tree_is_shown_read_only_too(tmp_path):
    tree = tmp_path.resolve()
    (tree / "inner").mkdir()
    shown = Layout((str(tree),), masks=(), links=(), sys_path=(), modules=())
    child = os.fork()
    if child == 0:
        flags = 0
        try:
            kernel.unshare(kernel.CLONE_NEWNS)
            kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
            kernel.mount("inner", f"{tree}/inner", "tmpfs", 0)
            confine.run(mounts.root_steps(shown, 0, (0, 0)))
            flags = os.statvfs(tree / "inner").f_flag
        finally:
            os._exit(flags & 0x7)
    _, status = os.waitpid(child, 0)
    expected = kernel.MS_RDONLY | kernel.MS_NOSUID | kernel.MS_NODEV
    assert expected == os.waitstatus_to_exitcode(status)
