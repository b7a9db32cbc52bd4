"""The policy, by simulation for every call number and by issuing every call for real."""

import ctypes
import errno
import os
import re
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import SandboxError
from grader.sandbox import kernel, seccomp, syscalls
from grader.sandbox.seccomp import ALLOW, DENY, KILL, Instruction, refuse

MACHINES = ("x86_64", "aarch64")
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
VARIANTS = [
    {"files": files, "threads": threads, "scratch": scratch}
    for files in (False, True)
    for threads in (False, True)
    for scratch in (False, True)
]
PTHREAD = 0x3D0F00


def simulate(program: list[Instruction], number: int, args=(), machine="x86_64") -> tuple[int, int]:
    """Run classic BPF over one struct seccomp_data; return (verdict, instructions executed)."""
    padded = (*args, *[0] * 6)[:6]
    words = [value & 0xFFFFFFFFFFFFFFFF for value in padded]
    data = struct.pack("<IIQ6Q", number, AUDIT.get(machine, 0), 0, *words)
    accumulator = place = steps = 0
    while True:
        steps += 1
        code, jump_true, jump_false, operand = program[place]
        place += 1
        if code == 0x20:
            accumulator = struct.unpack_from("<I", data, operand)[0]
        elif code == 0x54:
            accumulator &= operand
        elif code == 0x06:
            return operand, steps
        else:
            jumps = {
                0x15: accumulator == operand,
                0x35: accumulator >= operand,
                0x45: accumulator & operand != 0,
            }
            place += jump_true if jumps[code] else jump_false


def verdict(name: str, *args: int, machine: str = "x86_64", **variant: bool) -> int:
    program = seccomp.compile_policy(seccomp.policy(**variant), machine)
    return simulate(program, syscalls.TABLES[machine][name], args, machine)[0]


def interpret(decision: seccomp.Decision, args: tuple[int, ...]) -> int:
    """The meaning of a decision, straight from its definition."""
    if isinstance(decision, int):
        return decision
    assert not isinstance(decision, seccomp.Split)
    value = args[decision.arg] & 0xFFFFFFFF
    if isinstance(decision, seccomp.Bits):
        found = bool(value & decision.mask)
    else:
        found = value & ~decision.ignore in decision.values
    return interpret(decision.yes if found else decision.no, args)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_every_number_has_the_verdict_that_the_policy_names(machine, variant):
    rules = seccomp.policy(**variant)
    program = seccomp.compile_policy(rules, machine)
    table = syscalls.TABLES[machine]
    by_number = {table[name]: rule for name, rule in rules.items() if name in table}
    patterns = [(0,) * 6, (0xFFFFFFFF,) * 6, (1, 1, 1, 1, 1, 1), (0, 9 | 128, 4, 2, 3, 0)]
    for number in range(601):
        for args in patterns:
            actual, steps = simulate(program, number, args, machine)
            assert actual == interpret(by_number.get(number, DENY), args), (number, args)
            assert steps <= 24


@given(
    name=st.sampled_from(["mmap", "mprotect", "openat", "fcntl", "futex", "clone"]),
    args=st.tuples(*[st.integers(0, 2**64 - 1)] * 6),
)
def test_argument_checks_compile_to_what_they_say(name, args):
    rules = seccomp.policy(threads=True)
    program = seccomp.compile_policy(rules, "x86_64")
    actual = simulate(program, syscalls.X86_64[name], args)[0]
    assert actual == interpret(rules[name], args)


@pytest.mark.parametrize("machine", MACHINES)
def test_a_foreign_architecture_is_killed(machine):
    program = seccomp.compile_policy(seccomp.policy(), machine)
    foreign = {"x86_64": "aarch64", "aarch64": "x86_64"}[machine]
    assert simulate(program, 0, machine=foreign)[0] == KILL
    assert simulate(program, 0, machine="i386")[0] == KILL


@given(number=st.integers(0x40000000, 0xFFFFFFFF))
def test_x32_numbers_are_killed(number):
    program = seccomp.compile_policy(seccomp.policy(), "x86_64")
    assert simulate(program, number)[0] == KILL


@given(number=st.integers(601, 0x3FFFFFFF))
def test_calls_of_kernels_to_come_are_denied(number):
    for machine in MACHINES:
        program = seccomp.compile_policy(seccomp.policy(threads=True, scratch=True), machine)
        assert simulate(program, number, machine=machine)[0] == DENY


def test_an_unknown_machine_is_refused_by_name():
    with pytest.raises(SandboxError, match=r"riscv64: grade on one of those"):
        seccomp.compile_policy(seccomp.policy(), "riscv64")


@pytest.mark.parametrize(
    "flags", [os.O_WRONLY, os.O_RDWR, os.O_CREAT, os.O_TRUNC, os.O_TMPFILE | os.O_RDWR]
)
def test_files_open_for_reading_only(flags):
    assert verdict("openat", -100, 0, flags) == DENY
    assert verdict("openat", -100, 0, flags, scratch=True) == ALLOW


def test_reading_flags_are_allowed():
    flags = os.O_CLOEXEC | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_PATH
    assert verdict("openat", -100, 0, flags) == ALLOW


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
@pytest.mark.parametrize("flags", [0x02, 0x22, 0x01])
def test_memory_is_never_writable_and_executable(flags, variant):
    writable_executable = (0, 4096, 7, flags)
    assert verdict("mmap", *writable_executable, **variant) == DENY


def test_only_a_file_is_mapped_executable():
    read_execute = 5
    assert verdict("mmap", 0, 4096, read_execute, 0x02, 4) == ALLOW
    assert verdict("mmap", 0, 4096, read_execute, 0x22, -1) == DENY
    assert verdict("mmap", 0, 4096, 3, 0x22, -1) == ALLOW


def test_memory_never_becomes_executable():
    assert verdict("mprotect", 0, 4096, 4) == DENY
    assert verdict("mprotect", 0, 4096, 7) == DENY
    assert verdict("mprotect", 0, 4096, 3) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_threads_are_an_option_and_processes_never(machine):
    fork, new_namespace = 17, PTHREAD | kernel.CLONE_NEWUSER
    assert verdict("clone", PTHREAD, machine=machine) == DENY
    assert verdict("clone", PTHREAD, machine=machine, threads=True) == ALLOW
    for flags in (0, fork, new_namespace, PTHREAD & ~0x10000):
        assert verdict("clone", flags, machine=machine, threads=True) == DENY
    assert verdict("clone3", machine=machine, threads=True) == refuse(errno.ENOSYS)


@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_no_variant_names_what_leaves_the_box(variant):
    never = """
        fork vfork execve execveat kill tkill tgkill pidfd_open pidfd_send_signal ptrace
        process_vm_readv process_vm_writev memfd_create memfd_secret pkey_mprotect
        socket socketpair connect sendmsg recvmsg prctl prlimit64 unshare setns mount chroot
        pivot_root open_tree fsopen setuid setresuid capset io_uring_setup userfaultfd bpf add_key
        keyctl request_key perf_event_open shmget semget msgget mq_open open_by_handle_at
        pipe2 symlinkat linkat mknodat setsid personality seccomp
    """
    assert set() == seccomp.policy(**variant).keys() & set(never.split())


def test_without_files_no_call_takes_a_path():
    with_paths = {"openat", "truncate", "chdir"} | {
        name for name in seccomp._READING + seccomp._WRITING if not name.startswith("f")
    }
    closed = seccomp.policy(files=False, threads=True, scratch=True).keys()
    assert set() == closed & with_paths


def test_assembled_instructions_have_the_kernels_layout():
    jump = Instruction(0x15, 1, 2, 0x12345678)
    assert bytes.fromhex("1500 01 02 78563412") == seccomp.assemble([jump])


@pytest.mark.parametrize(
    ("machine", "header"),
    [
        ("x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        ("aarch64", "/usr/include/asm-generic/unistd.h"),
    ],
)
def test_numbers_agree_with_the_systems_headers(machine, header):
    if not Path(header).exists():
        pytest.skip(f"no {header} on this machine")
    pairs = re.findall(r"#define __NR(?:3264)?_(\w+) +(\d+)", Path(header).read_text())
    numbers = {name: int(number) for name, number in pairs}
    numbers.setdefault("newfstatat", numbers.get("fstatat", -1))
    known = {name: number for name, number in syscalls.TABLES[machine].items() if name in numbers}
    assert known == {name: numbers[name] for name in known}
    assert len(known) > 0.9 * len(syscalls.TABLES[machine])


UNFILTERED = (335, 336)
"""uretprobe and uprobe bypass seccomp by the kernel's design; they only raise SIGILL."""


@pytest.mark.skipif(not syscalls.NATIVE, reason="this machine has no table")
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_no_other_call_reaches_the_kernel(variant):
    """Issue each number once, with bad arguments: outside the list every one answers EPERM."""
    rules = seccomp.policy(**variant)
    program = seccomp.compile_policy(rules)
    listed = {syscalls.NATIVE[name] for name in rules if name in syscalls.NATIVE}
    tried = [n for n in range(601) if n not in listed and n not in UNFILTERED]
    for number in tried:  # nothing is issued for real that the simulator would let through
        assert simulate(program, number, (BAD,) * 6, syscalls.MACHINE)[0] == DENY
    assert [errno.EPERM] * len(tried) == answers(program, tried)


BAD = 2**64 - 1


def answers(program: list[Instruction], numbers: list[int]) -> list[int]:
    """Issue each call in a forked child without capabilities, under the filter."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            kernel.set_no_new_privs()
            kernel.drop_capabilities()
            kernel.prepared_filter(seccomp.assemble(program))()
            os.write(theirs, struct.pack(f"{len(numbers)}H", *map(issue, numbers)))
        finally:
            os._exit(0)
    os.close(theirs)
    with open(ours, "rb") as pipe:
        said = pipe.read()
    os.waitpid(child, 0)
    return list(struct.unpack(f"{len(numbers)}H", said))


def issue(number: int) -> int:
    """The errno of one raw call, 0 if it succeeded."""
    result = kernel._syscall(number, *(-1,) * 6)
    return ctypes.get_errno() if result == -1 else 0


POINTERS = (0x7F12_3456_7000, 0x7F12_3456_8010, 0x5555_0000_0020)


def program_verdict(name: str, *args: int, machine: str = "x86_64") -> int:
    compiled = seccomp.compile_policy(seccomp.program_policy(POINTERS), machine)
    return simulate(compiled, syscalls.TABLES[machine][name], args, machine)[0]


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_only_the_prepared_call_starts_a_program(machine: str) -> None:
    path, arguments, environment = POINTERS

    assert ALLOW == program_verdict("execve", *POINTERS, machine=machine)
    assert DENY == program_verdict("execve", path + 1, arguments, environment, machine=machine)
    assert DENY == program_verdict("execve", path, arguments + 8, environment, machine=machine)
    assert DENY == program_verdict("execve", path, arguments, 0, machine=machine)
    assert DENY == program_verdict("execve", machine=machine)
    assert DENY == program_verdict("execveat", -1, path, arguments, environment, machine=machine)


def test_no_other_child_may_call_it() -> None:
    compiled = seccomp.compile_policy(seccomp.policy(threads=True, scratch=True), "x86_64")

    assert DENY == simulate(compiled, syscalls.X86_64["execve"], POINTERS)[0]
    assert DENY == simulate(compiled, syscalls.X86_64["mprotect"], (0, 0, 4))[0]


def test_what_a_program_gets_beside_is_what_an_engine_needs() -> None:
    wider = {
        name
        for name in syscalls.X86_64
        if program_verdict(name) == ALLOW != seccomp.policy(threads=True).get(name, DENY)
    }

    assert wider - set(seccomp.policy(threads=True)) == {
        *("epoll_create1", "epoll_ctl", "epoll_wait", "epoll_pwait", "eventfd2", "pipe2"),
        *("dup2", "dup3", "set_tid_address", "prlimit64"),
    }


def test_a_program_has_no_shared_memory_and_sets_no_limit() -> None:
    private, shared, anonymous = 2, 1, 0x20

    assert ALLOW == program_verdict("mmap", 0, 4096, 3, private | anonymous)
    assert DENY == program_verdict("mmap", 0, 4096, 3, shared | anonymous)
    assert DENY == program_verdict("mmap", 0, 4096, 3, shared | private | anonymous)
    assert DENY == program_verdict("mmap", 0, 4096, 7, private | anonymous)
    assert ALLOW == program_verdict("mprotect", 0, 4096, 7)
    assert ALLOW == program_verdict("prlimit64", 0, 3, 0, 0x7000)
    assert DENY == program_verdict("prlimit64", 0, 3, 0x7000, 0)
    assert DENY == program_verdict("prlimit64", 1, 3, 0, 0x7000)
    assert ALLOW == program_verdict("arch_prctl", 0x1002)
    assert DENY == program_verdict("arch_prctl", 0x1001)
    assert ALLOW == program_verdict("pipe2", 0, 0o2004000)
    assert DENY == program_verdict("pipe2", 0, 0o200)  # a queue of notifications
