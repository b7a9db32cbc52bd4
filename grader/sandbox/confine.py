"""Confinement as ordered lists of one-line steps, any of which failing stops the run.

Theory of operation. There are two lists. The first is run once per cell by the zygote,
when its modules are imported and warm and it still has a single thread; the second by each
forked child, after which it may run student code.

                     once per cell                          once per submission
    full             namespaces, root, uid, Landlock,       own domain, descriptors,
                     rlimits, no capabilities, pid 1        limits, seccomp
    no-namespaces    uid, Landlock, rlimits,                own domain, descriptors,
                     no capabilities                        limits, seccomp
    closed           uid, rlimits, no capabilities          descriptors, limits,
                                                            seccomp without files

Whoever may mount (root with CAP_SYS_ADMIN) builds the new root first, drops to a uid of
this cell alone and only then enters a user namespace, with no uid mapped in it: nothing
can be created or owned from inside. Everybody else enters the user namespace first, to be
allowed to mount. In either case the pid namespace is made inside the user namespace, and
the last step forks: the outer half only waits, the inner half is the namespace's first
process. When the inner half ends so does the outer; when the judge or the outer half dies,
the kernel kills the inner one, and with it everything in the namespace.

Scratch is a tmpfs that only the tier `full` has. The zygote has given up the right to mount,
so it cannot empty it between submissions: a cell with scratch serves one submission.

A driver may hand over to a program (see `program`). Its children have a filter of their own, may
execute that program, and have RLIMIT_DATA for RLIMIT_AS; those of the other drivers in the same
cell are held as ever. `closed` has no files, hence no such program.

Steps that `full` needs on some machines only (a uid to drop to) are decided before the
first step runs, never by a failure.
"""

import os
import signal
import socket
import stat
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from typing import NamedTuple

from grader.errors import SandboxError
from grader.sandbox import identity, kernel, landlock, mounts, rlimits, seccomp
from grader.sandbox.layout import Layout
from grader.sandbox.program import Execution

Step = tuple[str, Callable[[], object]]
"""What it does, in words, and the call that does it: it raises OSError or returns -1 to fail."""

_PROGRAM_SLACK = 64 << 20
"""What an engine needs beside its heap, to collect it and for the stacks of its threads."""

_NAMESPACES = (
    kernel.CLONE_NEWNS
    | kernel.CLONE_NEWNET
    | kernel.CLONE_NEWIPC
    | kernel.CLONE_NEWUTS
    | kernel.CLONE_NEWCGROUP
)


class StepFailed(SandboxError):
    """A step of the confinement failed: an infrastructure error, never the student's."""


class Plan(NamedTuple):
    """What a cell is to be confined to, decided before the first step.

    `uid` is the one to drop to, None to keep ours. `may_mount` says that no user namespace
    is needed for the right to mount. `landlock` is the ABI, 0 where it is not to be used.
    `owner` is the uid and gid that the zygote will have. `counts_processes` says that
    RLIMIT_NPROC counts this cell's processes alone.
    """

    tier: str
    scratch_mb: int
    layout: Layout
    uid: int | None
    owner: tuple[int, int]
    may_mount: bool
    landlock: int
    counts_processes: bool


class Confinement:
    """The steps of one cell: `enter` once, then for each submission `prepare_child` and `run`.

    `layers` names, for a report, what the tier consists of on this machine.
    """

    def __init__(self, tier: str, scratch_mb: int, layout: Layout) -> None:
        self._plan = make_plan(tier, scratch_mb, layout)
        self._programs = {threads: _program(self._plan, threads) for threads in (False, True)}
        self._address_space = 0
        self._domain: int | None = None
        self._program_domain: int | None = None
        self.layers = _layers(self._plan)
        self.prepare_child = lru_cache(maxsize=16)(self._prepare_child)

    def enter(self, keep_fd: int) -> None:
        """Confine the calling process for good. In tier `full` the caller goes on as pid 1.

        Every descriptor is closed but `keep_fd` and the null device on 0-2. Raises
        `StepFailed`; the process is then half confined and must end.
        """
        self._address_space = rlimits.address_space_bytes()
        run(worker_steps(self._plan, keep_fd))
        if self._plan.landlock:
            abi, writable = self._plan.landlock, _writable(self._plan)
            bars = bool(self._plan.layout.executables)
            self._domain = landlock.own_domain_ruleset(abi, writable, bars_execute=bars)
            self._program_domain = landlock.own_domain_ruleset(abi, writable) if bars else None

    def _prepare_child(
        self,
        channel: int,
        cpu_s: int,
        memory_bytes: int,
        threads: int,
        execution: Execution | None = None,
    ) -> tuple[Step, ...]:
        """Return the steps for a fresh fork, which then has `channel` and little else.

        The kernel kills it at `cpu_s` CPU seconds, gives it `memory_bytes` of address space
        beyond the zygote's, and lets it start `threads` threads (the memory bounds those too).
        With `execution` it may become that program, and the memory is beyond what that has of data
        when it starts.
        """
        if execution is not None:
            return self._prepare_program(channel, cpu_s, memory_bytes, threads, execution)
        limits = [
            ("CPU", cpu_s),
            ("AS", self._address_space + memory_bytes),
            *self._thread_limit(threads),
        ]
        return child_steps(self._plan, self._programs[threads > 0], self._domain, channel, limits)

    def _prepare_program(
        self, channel: int, cpu_s: int, memory_bytes: int, threads: int, execution: Execution
    ) -> tuple[Step, ...]:
        limits = [
            ("CPU", cpu_s),
            ("DATA", execution.data_bytes + _PROGRAM_SLACK + memory_bytes),
            *self._thread_limit(threads + execution.threads),
        ]
        scratch = self._plan.scratch_mb > 0
        policy = seccomp.program_policy(execution.pointers, scratch=scratch)
        return (
            ("bound on the program's heap", partial(execution.size_heap, memory_bytes >> 20)),
            *child_steps(self._plan, _compiled(policy), self._program_domain, channel, limits),
        )

    def _thread_limit(self, threads: int) -> list[tuple[str, int]]:
        counts = self._plan.counts_processes
        return [("NPROC", rlimits.PROCESSES + threads)] if counts else []


def run(steps: Iterable[Step]) -> None:
    """Take every step in order; the first that fails stops it all."""
    for name, step in steps:
        try:
            if step() == -1:
                raise kernel.last_error(name)
        except (OSError, ValueError) as error:
            raise StepFailed(f"confinement step {name!r} failed: {error}") from error


def must_preload(tier: str, sys_path: Iterable[str]) -> bool:
    """Whether nothing can be imported any more once this process is confined to `tier`.

    So it is where no file may be opened, and where the uid is dropped while the interpreter
    lies in somebody's closed home folder. (The tier `full` shows it in a root of its own.)
    """
    if tier == "closed":
        return True
    dropped = tier == "no-namespaces" and identity.choose_uid() is not None
    return dropped and not all(map(_open_to_all, sys_path))


def _open_to_all(path: str) -> bool:
    """Whether every folder on the way to `path` lets anybody through."""
    parts = path.split("/")
    above = ("/".join(parts[:count]) or "/" for count in range(1, len(parts) + 1))
    return all(os.stat(folder).st_mode & stat.S_IXOTH for folder in above if os.path.isdir(folder))


def make_plan(tier: str, scratch_mb: int, layout: Layout) -> Plan:
    """Look at what this process may do; `StepFailed` if that is too little for the tier."""
    abi = 0 if tier == "closed" else landlock.abi()
    if tier == "no-namespaces" and not abi:
        raise StepFailed("this kernel has no Landlock, or has it switched off")
    if tier == "closed" and layout.executables:
        raise StepFailed(
            f"{layout.executables[0]} is a program that reads files, and this tier has none"
        )
    if tier != "full" and scratch_mb:
        raise StepFailed("scratch space needs a mount namespace: only the tier full has it")
    uid = identity.choose_uid()
    return Plan(
        tier=tier,
        scratch_mb=scratch_mb,
        layout=layout,
        uid=uid,
        owner=(os.geteuid(), os.getegid()) if uid is None else (uid, uid),
        may_mount=kernel.has_capabilities(kernel.CAP_SYS_ADMIN),
        landlock=abi,
        counts_processes=rlimits.counts_own_processes(tier, uid),
    )


def worker_steps(plan: Plan, keep_fd: int) -> tuple[Step, ...]:
    """Return the steps that a cell's zygote takes once, in order."""
    full = plan.tier == "full"
    early_drop = not (full and plan.may_mount)
    ruleset = _Ruleset(plan)
    return (
        ("keyboard interrupts left to the judge", _ignore_interrupts),
        ("no descriptor but ours", partial(_close_descriptors, keep_fd)),
        ("one malloc arena for all threads", partial(kernel.limit_malloc_arenas, 1)),
        *_when(plan.landlock and not full, ("Landlock ruleset", ruleset.make)),
        *_when(early_drop, *_uid_steps(plan.uid)),
        *_when(full, *_namespace_steps(plan)),
        *_when(plan.landlock and full, ("Landlock ruleset", ruleset.make)),
        *_when(not early_drop, *_uid_steps(plan.uid)),
        *_when(full and plan.may_mount, ("user namespace", _unshare(kernel.CLONE_NEWUSER))),
        *_when(full, ("pid namespace", _unshare(kernel.CLONE_NEWPID))),
        ("end with the judge", partial(kernel.die_with_parent, signal.SIGKILL)),
        *(
            (f"limit {name}", rlimits.prepare(name, n))
            for name, n in rlimits.cell_limits(plan.scratch_mb)
        ),
        ("no new privileges", kernel.set_no_new_privs),
        *_when(plan.landlock, ("Landlock domain", ruleset.restrict)),
        ("no capabilities", kernel.drop_capabilities),
        ("closed to processes of the same uid", partial(kernel.set_dumpable, 0)),
        *_when(full, ("first process of the namespace", continue_as_first_process)),
    )


def child_steps(
    plan: Plan,
    program: bytes,
    domain: int | None,
    channel: int,
    limits: Iterable[tuple[str, int]],
) -> tuple[Step, ...]:
    """Return the steps that each submission's process takes, in order, ready to be called.

    The Landlock step is first because its ruleset is one of the descriptors to close.
    """
    prepared = kernel.prepared
    domain_steps: list[Step] = []
    if domain is not None:
        restrict = prepared("landlock_restrict_self", domain, 0)
        domain_steps.append(("Landlock domain of its own", restrict))
    if plan.tier != "full":
        die = kernel.prepared_die_with_parent(signal.SIGKILL)
        domain_steps.append(("end with the zygote", die))
    closing = kernel.prepared_close_all_but(channel)
    return (
        *domain_steps,
        *(("no descriptor but the channel", close) for close in closing),
        *((f"limit {name}", rlimits.prepare(name, value)) for name, value in limits),
        ("system call filter", kernel.prepared_filter(program)),
    )


def continue_as_first_process() -> None:
    """Fork; the child returns as pid 1 of the namespace, the parent waits for its end and exits."""
    inner = os.fork()
    if inner == 0:
        kernel.die_with_parent(signal.SIGKILL)
        return
    try:
        kernel.close_from(3)
        _, status = os.waitpid(inner, 0)
        os._exit(abs(os.waitstatus_to_exitcode(status)))
    finally:
        os._exit(1)


def _when(condition: object, *steps: Step) -> tuple[Step, ...]:
    return steps if condition else ()


def _unshare(flags: int) -> partial[None]:
    return partial(kernel.unshare, flags)


def _namespace_steps(plan: Plan) -> tuple[Step, ...]:
    """Namespaces and the new root. Who may not mount enters a user namespace to be allowed to."""
    own = ("namespaces", _unshare(_NAMESPACES))
    in_user = (
        ("own /proc entry writable", partial(kernel.set_dumpable, 1)),
        ("namespaces", _unshare(_NAMESPACES | kernel.CLONE_NEWUSER)),
        ("one uid and gid", partial(identity.map_ids, *plan.owner)),
    )
    return (
        *((own,) if plan.may_mount else in_user),
        *mounts.root_steps(plan.layout, plan.scratch_mb, plan.owner),
        ("host name", partial(socket.sethostname, "box")),
    )


def _uid_steps(uid: int | None) -> tuple[Step, ...]:
    return () if uid is None else (("uid and gid of its own", partial(identity.drop_to, uid)),)


class _Ruleset:
    """Landlock's ruleset: opened while its paths are still within reach and applied later."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._descriptor = -1

    def make(self) -> None:
        """Open the trees; outside a root of our own, the masks have to be left out by name."""
        plan = self._plan
        shown = plan.layout
        readable = shown.trees if plan.tier == "full" else unmasked(shown.trees, shown.masks)
        self._descriptor = landlock.readonly_ruleset(
            plan.landlock, readable, _writable(plan), shown.executables
        )

    def restrict(self) -> None:
        kernel.landlock_restrict_self(self._descriptor)
        os.close(self._descriptor)


def unmasked(trees: Iterable[str], masks: Iterable[str]) -> list[str]:
    """Replace each tree that holds a mask by its entries without the mask."""
    masked = set(masks)
    holders = {os.path.dirname(mask) for mask in masked}
    paths: list[str] = []
    for tree in trees:
        entries = [f"{tree}/{name}" for name in os.listdir(tree)] if tree in holders else [tree]
        paths += [path for path in entries if path not in masked and os.path.exists(path)]
    return paths


def _writable(plan: Plan) -> tuple[str, ...]:
    return (mounts.SCRATCH,) if plan.scratch_mb else ()


def _program(plan: Plan, threads: bool) -> bytes:
    policy = seccomp.policy(
        files=plan.tier != "closed", threads=threads, scratch=plan.scratch_mb > 0
    )
    return _compiled(policy)


def _compiled(policy: seccomp.Policy) -> bytes:
    return seccomp.assemble(seccomp.compile_policy(policy))


def _layers(plan: Plan) -> tuple[str, ...]:
    uid = () if plan.uid is None else ("uid of its own",)
    namespaces = ("namespaces", "read-only root") if plan.tier == "full" else ()
    rules = (f"Landlock {plan.landlock}",) if plan.landlock else ()
    return (*namespaces, *uid, *rules, "seccomp", "rlimits")


def _ignore_interrupts() -> None:
    """The terminal's Ctrl-C reaches the whole process group; the judge answers for all of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _close_descriptors(keep: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    kernel.close_all_but(keep)
