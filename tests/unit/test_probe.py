"""The self-attack: it finds a missing layer, and is harmless where there is none at all."""

import json
import os

import pytest

from grader.sandbox import probe

POSSIBLE_FOR_ANYBODY = {
    "start a program",
    "start a process by clone",
    "fork",
    "leave the session",
    "signal every process",
    "take hold of a process",
    "trace a process",
    "a file in memory",
    "a pipe",
    "a pair of sockets",
    "socket: unix",
    "socket: IPv4",
    "socket: TCP",
    "pass descriptors",
    "receive descriptors",
    "make memory executable",
    "memory that is writable and executable",
    "memory that is executable and no file",
    "raise a limit",
    "change process attributes",
    "make a symbolic link",
    "make a hard link",
    "read the machine's users",
    "read the judge's code",
    "list the judge's code",
    "list the root",
    "read the environment in /proc",
    "write memory through /proc",
    "write a file in /tmp",
    "make a folder",
}
"""Others need root, a kernel option or a container that does not refuse them already."""


def run_unconfined() -> list[probe.Finding]:
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(theirs, json.dumps(probe.run()).encode())
        finally:
            os._exit(0)
    os.close(theirs)
    with open(ours, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return [(name, held, detail) for name, held, detail in json.loads(said)]


@pytest.fixture(scope="module")
def findings():
    return run_unconfined()


def test_every_act_is_tried_once(findings):
    names = [name for name, _, _ in findings]
    assert len(set(names)) == len(names)
    assert [name for name, _ in probe.acts()] == names


def test_unconfined_the_acts_succeed(findings):
    possible = {name for name, held, _ in findings if not held}
    assert POSSIBLE_FOR_ANYBODY - possible == set()


def test_what_succeeded_is_said_so(findings):
    details = {detail for _, held, detail in findings if not held}
    assert details == {"it was possible"}


def test_nothing_is_left_behind(findings):
    assert findings
    assert [name for name in os.listdir("/tmp") if name.startswith("box-probe-")] == []


def test_a_call_that_the_kernel_took_but_disliked_got_through():
    name, held, _ = probe._judge("close nothing", lambda: probe._call("close", -1))
    assert (name, held) == ("close nothing", False)


def test_a_call_that_this_machine_does_not_have_is_held():
    _, held, detail = probe._judge("nonsense", lambda: probe._call("no such call"))
    assert (held, detail) == (True, "ENOSYS")
