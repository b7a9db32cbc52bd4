"""Landlock rulesets, on the ABI of this kernel and on the older ones that it can stand in for."""

import os
import signal
import struct
from collections.abc import Callable

import pytest

from grader.sandbox import kernel, landlock

NEWEST = landlock.abi()
ABIS = [abi for abi in (1, 2, 3, 4, 5, 6, NEWEST) if abi <= NEWEST]
needs_landlock = pytest.mark.skipif(not NEWEST, reason="this kernel has no Landlock")


def refused_in_child(act: Callable[[], None], *rulesets: int) -> bool:
    """Whether `act` fails with an OSError in a forked child in the domain of `rulesets`."""
    child = os.fork()
    if child == 0:
        status = 3
        try:
            kernel.set_no_new_privs()
            for ruleset in rulesets:
                kernel.landlock_restrict_self(ruleset)
            act()
            status = 0
        except OSError:
            status = 1
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in (0, 1)
    return os.waitstatus_to_exitcode(status) == 1


@pytest.fixture
def tree(tmp_path):
    for name in ("shown", "hidden", "scratch"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("text")
    return tmp_path


def write(path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT))


@pytest.mark.parametrize(("abi", "size"), [(1, 8), (3, 8), (4, 16), (5, 16), (6, 24), (7, 24)])
def test_attributes_have_the_size_that_the_abi_knows(abi, size):
    encoded = landlock.attributes(abi, landlock.file_rights(abi), 3)
    assert size == len(encoded)
    assert landlock.file_rights(abi) == struct.unpack_from("=Q", encoded)[0]


@pytest.mark.parametrize(
    ("abi", "rights"),
    [(1, 0x1FFF), (2, 0x3FFF), (3, 0x7FFF), (4, 0x7FFF), (5, 0xFFFF), (9, 0xFFFF)],
)
def test_file_rights_grow_with_the_abi(abi, rights):
    assert rights == landlock.file_rights(abi)


@needs_landlock
@pytest.mark.parametrize("abi", ABIS)
def test_only_the_given_trees_can_be_read(tree, abi):
    ruleset = landlock.readonly_ruleset(abi, [f"{tree}/shown"])
    assert not refused_in_child((tree / "shown/file").read_text, ruleset)
    assert not refused_in_child(lambda: os.listdir(tree / "shown"), ruleset)
    assert refused_in_child((tree / "hidden/file").read_text, ruleset)
    assert refused_in_child(lambda: os.listdir(tree), ruleset)
    os.close(ruleset)


@needs_landlock
@pytest.mark.parametrize("abi", ABIS)
def test_nothing_can_be_written_but_the_scratch(tree, abi):
    ruleset = landlock.readonly_ruleset(abi, [f"{tree}/shown"], [f"{tree}/scratch"])
    assert refused_in_child(lambda: write(tree / "shown/new"), ruleset)
    assert refused_in_child(lambda: write(tree / "shown/file"), ruleset)
    assert refused_in_child(lambda: os.mkdir(tree / "shown/folder"), ruleset)
    assert not refused_in_child(lambda: write(tree / "scratch/new"), ruleset)
    assert not refused_in_child(lambda: os.mkdir(tree / "scratch/folder"), ruleset)
    os.close(ruleset)


@needs_landlock
def test_a_single_file_can_be_granted(tree):
    ruleset = landlock.readonly_ruleset(NEWEST, [f"{tree}/hidden/file"])
    assert not refused_in_child((tree / "hidden/file").read_text, ruleset)
    assert refused_in_child((tree / "shown/file").read_text, ruleset)
    os.close(ruleset)


@needs_landlock
def test_a_tree_that_is_not_there_is_an_error(tree):
    with pytest.raises(FileNotFoundError):
        landlock.readonly_ruleset(NEWEST, [f"{tree}/absent"])


@pytest.mark.skipif(NEWEST < 6, reason="scopes came with Landlock 6")
def test_a_domain_of_its_own_bars_signals_to_the_outside():
    parent = os.getpid()
    ruleset = landlock.own_domain_ruleset(NEWEST)
    assert not refused_in_child(lambda: os.kill(parent, 0))
    assert refused_in_child(lambda: os.kill(parent, 0), ruleset)
    os.close(ruleset)


@needs_landlock
@pytest.mark.parametrize("abi", ABIS)
def test_a_domain_of_its_own_bars_ptrace_to_the_outside(abi):
    """The stand-in victim is a sleeping child of ours, outside the domain."""
    victim = os.fork()
    if victim == 0:
        signal.pause()
    ruleset = landlock.own_domain_ruleset(abi)
    try:
        assert not refused_in_child(lambda: read_memory_of(victim))
        assert refused_in_child(lambda: read_memory_of(victim), ruleset)
    finally:
        os.kill(victim, signal.SIGKILL)
        os.waitpid(victim, 0)
        os.close(ruleset)


def read_memory_of(pid: int) -> None:
    os.close(os.open(f"/proc/{pid}/mem", os.O_RDONLY))


@pytest.mark.skipif(NEWEST < 2, reason="moving between folders came with Landlock 2")
def test_a_domain_of_its_own_leaves_moving_within_the_scratch(tree):
    writable = [f"{tree}/scratch"]
    (tree / "scratch/folder").mkdir()
    files = landlock.readonly_ruleset(NEWEST, [], writable)
    domains = [landlock.own_domain_ruleset(NEWEST, granted) for granted in ([], writable)]

    def move() -> None:
        os.rename(tree / "scratch/file", tree / "scratch/folder/file")

    assert refused_in_child(move, files, domains[0])
    assert not refused_in_child(move, files, domains[1])
