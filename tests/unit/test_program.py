"""A program that a child becomes: how it is found out about, prepared, allowed and confined."""

import errno
import os
from pathlib import Path

import pytest

from grader.errors import SandboxError
from grader.sandbox import confine, kernel, landlock, program
from grader.sandbox.layout import layout

TRUE = os.path.realpath("/bin/true")


def test_the_files_of_a_program_are_shown_and_alone_may_be_executed() -> None:
    shown = layout((), TRUE)

    assert TRUE in shown.trees
    assert TRUE == shown.executables[0]
    assert {os.path.realpath(path) for path in shown.executables} == set(shown.executables)
    assert () == layout(()).executables


def test_a_loader_is_read_from_the_file_and_a_script_is_no_program(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)

    loader = program.interpreter_of(TRUE)

    assert loader is None or os.path.exists(loader)
    assert program.is_executable(TRUE)
    assert not program.is_executable(str(script))
    assert not program.is_executable(str(tmp_path / "absent"))
    with pytest.raises(SandboxError, match="is no program"):
        program.interpreter_of(str(script))


def test_a_tier_without_files_has_no_program() -> None:
    with pytest.raises(confine.StepFailed, match="this tier has none"):
        confine.make_plan("closed", 0, layout((), TRUE))


def test_an_execution_becomes_the_program_with_the_heap_that_was_set() -> None:
    made = program.Execution(
        os.path.realpath("/bin/echo"), ["last"], heap_argument="heap=", environment=["A=1"]
    )
    down, up = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.dup2(up, 1)
            made.size_heap(512)
            made.start()
        finally:
            os._exit(1)
    os.close(up)
    with open(down, "rb") as said:
        assert b"heap=00000512 last\n" == said.read()
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_an_execution_that_fails_says_so() -> None:
    with pytest.raises(OSError, match="execve /no/such") as raised:
        program.Execution("/no/such", [], heap_argument="").start()

    assert errno.ENOENT == raised.value.errno


def in_domains(rulesets: list[int], path: str) -> int:
    """Return the exit code of a child that executes `path` in these domains, or the errno."""
    child = os.fork()
    if child == 0:
        try:
            kernel.set_no_new_privs()
            for ruleset in rulesets:
                kernel.landlock_restrict_self(ruleset)
            os.execv(path, [path])
        except OSError as error:
            os._exit(error.errno or 1)
        finally:
            os._exit(1)
    for ruleset in rulesets:
        os.close(ruleset)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")
def test_landlock_lets_a_program_be_executed_where_it_is_granted() -> None:
    abi = landlock.abi()
    shown = layout((), TRUE)

    def cell(executables: tuple[str, ...]) -> int:
        return landlock.readonly_ruleset(abi, shown.trees, (), executables)

    assert 0 == in_domains([cell(shown.executables)], TRUE)
    assert 0 == in_domains([cell(shown.executables), landlock.own_domain_ruleset(abi)], TRUE)
    assert errno.EACCES == in_domains([cell(())], TRUE)
    barred = landlock.own_domain_ruleset(abi, bars_execute=True)
    assert errno.EACCES == in_domains([cell(shown.executables), barred], TRUE)
