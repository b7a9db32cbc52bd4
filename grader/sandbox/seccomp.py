"""Which system calls student code may make: the policy as data, and its compiler to BPF.

An allow-list. Whatever it does not name, today's calls and those of kernels to come, gets
EPERM: the student sees a PermissionError, and an attempt gains nothing. Calls of a foreign
architecture end the process. No process, no socket, no signal, no memfd, no memory that
is both filled by the program and executable; files are opened for reading only.

A filter is a tree of decisions: `Split` by the call's number, then `Bits` and `Among` on
its arguments, with a verdict at each leaf. The split tree is balanced, so a call costs
some twenty BPF instructions, and the kernel caches the verdicts that look at no argument.

A child that becomes a program with an engine of its own (`program`, for Node.js) has a policy of
its own, a little wider; nobody else's is touched by it.

Nothing is loaded here; `kernel.Filter` does that.
"""

import errno
import struct
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from grader.errors import SandboxError
from grader.sandbox import syscalls

ALLOW = 0x7FFF0000
KILL = 0x80000000
_ERRNO = 0x00050000


def refuse(code: int) -> int:
    """The verdict that makes a call fail with errno `code`."""
    return _ERRNO | code


DENY = refuse(errno.EPERM)


class Bits(NamedTuple):
    """Is any bit of `mask` set in argument `arg`?"""

    arg: int
    mask: int
    yes: "Decision"
    no: "Decision"


class Among(NamedTuple):
    """Is argument `arg`, apart from the bits in `ignore`, one of `values`?"""

    arg: int
    values: tuple[int, ...]
    yes: "Decision"
    no: "Decision"
    ignore: int = 0


class Split(NamedTuple):
    """Is the call's number at or above `pivot`?"""

    pivot: int
    below: "Decision"
    above: "Decision"


Decision: TypeAlias = "int | Bits | Among | Split"
Policy = Mapping[str, Decision]
"""What happens to each call, by name. A name that is not in it is denied."""

# Constants of the kernel's interface; equal on x86_64 and aarch64.
_O_WRITING = 0o1 | 0o2 | 0o100 | 0o1000 | 0o20000000  # WRONLY RDWR CREAT TRUNC __O_TMPFILE
_PROT_WRITE, _PROT_EXEC = 2, 4
_MAP_ANONYMOUS = 0x20
_FCNTL = (1, 2, 3, 1030)  # GETFD SETFD GETFL DUPFD_CLOEXEC
_FUTEX = (0, 1, 9, 10)  # WAIT WAKE WAIT_BITSET WAKE_BITSET
_FUTEX_OPTIONS = 128 | 256  # PRIVATE, CLOCK_REALTIME
# VM FS FILES SIGHAND THREAD SYSVSEM SETTLS PARENT_SETTID CHILD_CLEARTID; musl adds DETACHED.
_PTHREAD_FLAGS = (0x3D0F00, 0x7D0F00)
_MAP_SHARED = 1
_ARCH_SET_FS = 0x1002
_PIPE_OPTIONS = 0o4000 | 0o2000000  # NONBLOCK, CLOEXEC


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_ALWAYS = _names("""
    read write close fstat lseek pread64 readv writev dup
    munmap mremap madvise brk
    rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack restart_syscall
    poll ppoll select pselect6 nanosleep clock_nanosleep
    clock_gettime clock_getres gettimeofday time times getrandom
    getpid gettid getuid getgid geteuid getegid getcwd getcpu getrusage uname sysinfo
    sched_yield sched_getaffinity rseq exit exit_group
""")

_READING = _names("""
    newfstatat stat lstat statx readlink readlinkat access faccessat faccessat2 getdents64
""")

_WRITING = _names("""
    pwrite64 ftruncate truncate fsync fdatasync unlink unlinkat mkdir mkdirat rmdir
    rename renameat renameat2 chmod fchmod fchmodat utimensat
""")

_CHECKED: Policy = {
    "mmap": Bits(
        arg=2,
        mask=_PROT_EXEC,
        no=ALLOW,
        yes=Bits(
            arg=2,
            mask=_PROT_WRITE,
            yes=DENY,
            no=Bits(arg=3, mask=_MAP_ANONYMOUS, yes=DENY, no=ALLOW),
        ),
    ),
    "mprotect": Bits(arg=2, mask=_PROT_EXEC, yes=DENY, no=ALLOW),
    "fcntl": Among(arg=1, values=_FCNTL, yes=ALLOW, no=DENY),
    "futex": Among(arg=1, values=_FUTEX, ignore=_FUTEX_OPTIONS, yes=ALLOW, no=DENY),
    "ioctl": refuse(errno.ENOTTY),  # keeps isatty() quiet
    "clone3": refuse(errno.ENOSYS),  # makes glibc fall back to clone, whose flags can be seen
}


def policy(*, files: bool = True, threads: bool = False, scratch: bool = False) -> Policy:
    """Return the policy of one kind of cell.

    `files` allows reading what the mount namespace and Landlock leave to be read; `threads`
    allows exactly pthread_create's clone; `scratch` allows writing, where those two let it.
    """
    rules: dict[str, Decision] = {**dict.fromkeys(_ALWAYS, ALLOW), **_CHECKED}
    if files:
        rules |= dict.fromkeys(_READING, ALLOW)
        rules["openat"] = Bits(arg=2, mask=_O_WRITING, yes=DENY, no=ALLOW)
    if threads:
        rules["clone"] = Among(arg=0, values=_PTHREAD_FLAGS, yes=ALLOW, no=DENY)
        rules["set_robust_list"] = ALLOW
    if files and scratch:
        rules |= dict.fromkeys((*_WRITING, "openat"), ALLOW)
    return rules


_PROGRAM = _names("""
    epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2 dup2 dup3 set_tid_address
""")


def program_policy(pointers: tuple[int, int, int], *, scratch: bool = False) -> Policy:
    """Return the policy of a child that becomes the program which `pointers` name by execve.

    What it may do beside any other child with threads, and why:

    - execve, with exactly the three pointers (path, arguments, environment) that were made before
      the fork. The program begins in an address space of its own, where other things (or
      nothing) lie there: so it happens once. Their lower halves are compared, 96 bits in all.
    - make memory executable, for an engine that compiles: without it V8 takes 18 times as long
      over plain arithmetic and has no WebAssembly. So a program may run machine code of its own
      making, which the Python driver's children may not; these very rules hold for that code.
    - an event loop: epoll, eventfd, pipes (to itself; the limit on open files bounds them).
    - what the loader and the C library ask for when they start: a limit may be read, not set.

    No shared memory, which no limit would count, and otherwise nothing new: no process, no
    socket, no signal, no writing.
    """
    path, arguments, environment = (pointer & 0xFFFFFFFF for pointer in pointers)
    return {
        **policy(threads=True, scratch=scratch),
        **dict.fromkeys(_PROGRAM, ALLOW),
        "execve": _all_equal(path, arguments, environment),
        "mmap": Bits(arg=3, mask=_MAP_SHARED, yes=DENY, no=_CHECKED["mmap"]),
        "mprotect": ALLOW,
        "pipe2": Bits(arg=1, mask=~_PIPE_OPTIONS & 0xFFFFFFFF, yes=DENY, no=ALLOW),
        "arch_prctl": Among(arg=0, values=(_ARCH_SET_FS,), yes=ALLOW, no=DENY),
        "prlimit64": Among(
            arg=0, values=(0,), yes=Among(arg=2, values=(0,), yes=ALLOW, no=DENY), no=DENY
        ),
    }


def _all_equal(*values: int) -> Decision:
    """Allow a call whose first arguments are these, by their lower halves."""
    decision: Decision = ALLOW
    for arg in reversed(range(len(values))):
        decision = Among(arg=arg, values=(values[arg],), yes=decision, no=DENY)
    return decision


class Instruction(NamedTuple):
    """One classic BPF instruction, `struct sock_filter`."""

    code: int
    jump_true: int
    jump_false: int
    operand: int


_LOAD, _AND = 0x20, 0x54
_JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT = 0x15, 0x35, 0x45
_RETURN = 0x06
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_INSTRUCTION = struct.Struct("<HBBI")
_MAX_JUMP = 255

_AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x40000000
"""On x86_64, numbers from here on are the x32 interface: the same calls by another name."""


def compile_policy(rules: Policy, machine: str = syscalls.MACHINE) -> list[Instruction]:
    """Compile `rules` for `machine`; names that the machine does not have are left out."""
    if machine not in _AUDIT_ARCH:
        raise SandboxError(
            f"the sandbox knows the system calls of {' and '.join(_AUDIT_ARCH)} (64-bit), "
            f"and this is {machine}: grade on one of those"
        )
    table = syscalls.TABLES[machine]
    numbered = {table[name]: rule for name, rule in rules.items() if name in table}
    if machine == "x86_64":
        numbered[_X32_BIT] = KILL
    tree = _emit(_balanced(_runs(numbered)))
    return [
        Instruction(_LOAD, 0, 0, _ARCHITECTURE),
        Instruction(_JUMP_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        Instruction(_RETURN, 0, 0, KILL),
        Instruction(_LOAD, 0, 0, _NUMBER),
        *tree,
    ]


def assemble(program: Sequence[Instruction]) -> bytes:
    """Encode a program as an array of `struct sock_filter`."""
    return b"".join(_INSTRUCTION.pack(*instruction) for instruction in program)


Run = tuple[int, Decision]
"""The first number of a run of equal decisions."""


def _runs(numbered: Mapping[int, Decision]) -> list[Run]:
    """Cover all numbers from 0 with runs; gaps between those given are denied."""
    runs: list[Run] = [(0, DENY)]
    for number in sorted(numbered):
        _start_run(runs, number, numbered[number])
        if number != _X32_BIT:
            _start_run(runs, number + 1, DENY)
    return runs


def _start_run(runs: list[Run], start: int, decision: Decision) -> None:
    if runs[-1][0] == start:
        runs.pop()
    if not runs or runs[-1][1] != decision:
        runs.append((start, decision))


def _balanced(runs: Sequence[Run]) -> Decision:
    if len(runs) == 1:
        return runs[0][1]
    middle = len(runs) // 2
    return Split(runs[middle][0], _balanced(runs[:middle]), _balanced(runs[middle:]))


def _emit(decision: Decision) -> list[Instruction]:
    """Return code that ends in a verdict; a `Split` expects the number in the accumulator."""
    if isinstance(decision, int):
        return [Instruction(_RETURN, 0, 0, decision)]
    if isinstance(decision, Split):
        below, above = _emit(decision.below), _emit(decision.above)
        return [_jump(_JUMP_AT_LEAST, decision.pivot, len(below), 0), *below, *above]
    yes, no = _emit(decision.yes), _emit(decision.no)
    load = Instruction(_LOAD, 0, 0, _ARGUMENTS + 8 * decision.arg)
    if isinstance(decision, Bits):
        return [load, _jump(_JUMP_ANY_BIT, decision.mask, 0, len(yes)), *yes, *no]
    mask = Instruction(_AND, 0, 0, ~decision.ignore & 0xFFFFFFFF)
    count = len(decision.values)
    tests = [
        _jump(_JUMP_EQUAL, value, count - 1 - place, len(yes) if place == count - 1 else 0)
        for place, value in enumerate(decision.values)
    ]
    return [load, mask, *tests, *yes, *no]


def _jump(code: int, operand: int, when_true: int, when_false: int) -> Instruction:
    if max(when_true, when_false) > _MAX_JUMP:
        raise ValueError("the policy has outgrown BPF's 8-bit jumps: split it in two trees")
    return Instruction(code, when_true, when_false, operand)
