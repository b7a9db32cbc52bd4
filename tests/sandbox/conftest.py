"""Fixtures of the attacks: arenas and boxes, one of each for the whole run.

As root, everything is tried twice: as root and as nobody, for a cell that an ordinary user
starts is put together differently.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace

import pytest
from arena import Arena, Unavailable

from grader import runner, values
from grader.errors import TierUnavailable
from grader.languages import javascript
from grader.runner import Plan, Run
from grader.sandbox import wire
from grader.sandbox.box import Box, CellConfig
from grader.sandbox.tiers import open_box
from grader.spec import Limits

TIERS_AND_USERS = [
    ("full", "self"),
    ("full", "nobody"),
    ("no-namespaces", "self"),
    ("no-namespaces", "nobody"),
    ("closed", "self"),
    ("closed", "nobody"),
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test of `attack` runs for each of its module's `attacks`, one of `tier` in each tier."""
    if "attack" in metafunc.fixturenames:
        metafunc.parametrize("attack", metafunc.module.attacks, ids=str)
    if {"tier", "user"} <= set(metafunc.fixturenames):
        ids = [f"{tier}-{user}" for tier, user in TIERS_AND_USERS]
        metafunc.parametrize(("tier", "user"), TIERS_AND_USERS, ids=ids)


@pytest.fixture(scope="session")
def arena() -> Iterator[Callable[[str], Arena]]:
    """Return the arena of a user ("self" or "nobody"), started when it is first asked for."""
    arenas: dict[str, Arena] = {}
    with ExitStack() as stack:

        def get(user: str) -> Arena:
            if user == "nobody" and os.geteuid() != 0:
                pytest.skip("only root can become another user, and these tests run as one already")
            if user not in arenas or not arenas[user].runs:
                try:
                    arenas[user] = stack.enter_context(Arena(user))
                except Unavailable as reason:
                    pytest.skip(str(reason))
            return arenas[user]

        yield get


@pytest.fixture(scope="session")
def box() -> Iterator[Box]:
    """The strongest box that holds here."""
    yield from _opened(CellConfig())


@pytest.fixture(scope="session")
def javascript_box() -> Iterator[Box]:
    """The same for JavaScript, where its engine is installed."""
    missing = javascript.missing_engine()
    if missing is not None:
        pytest.skip(missing)
    yield from _opened(CellConfig(drivers=DRIVERS, lean=DRIVERS))


def _opened(config: CellConfig) -> Iterator[Box]:
    with open_box("auto", config) as opened:
        try:
            _ = opened.tier
        except TierUnavailable as reason:
            pytest.skip(str(reason))
        yield opened


DRIVERS = (javascript.LANGUAGE.driver,)

QUICK = Limits(cpu_case_s=0.2, cpu_s=0.4, wall_s=1.0, memory_mb=64)


@pytest.fixture
def run(box: Box) -> Iterator[Callable[..., Run]]:
    """Return a function that runs a submission's `attack` on each of some inputs, in the box.

    Whatever a test has run there, an honest submission after it must get its answer.
    """

    def run(source: str, *inputs: object, limits: Limits = QUICK, threads: int = 0) -> Run:
        plan = _plan(source, inputs, limits, "attack.py")
        return runner.run(replace(plan, threads=threads), box)

    yield run
    honest = run("def attack(value):\n    return value\n", 7)
    assert [(None, 7)] == [(case.verdict, case.value) for case in honest.cases]


@pytest.fixture
def run_javascript(javascript_box: Box) -> Iterator[Callable[..., Run]]:
    """Return what `run` returns, for a submission in JavaScript."""

    def run(
        source: str, *inputs: object, limits: Limits = QUICK, filename: str = "attack.js"
    ) -> Run:
        ours = javascript.LANGUAGE
        plan = _plan(source, inputs, limits, filename, ours.job_of)
        plan = replace(plan, driver=ours.driver, frame_of=ours.frame_of)
        return runner.run(plan, javascript_box)

    yield run
    honest = run("function attack(value) { return value; }", 7)
    assert [(None, 7)] == [(case.verdict, case.value) for case in honest.cases]


def _plan(
    source: str,
    inputs: Sequence[object],
    limits: Limits,
    filename: str,
    job_of: Callable[[wire.Job], bytes] = wire.encode_job,
) -> Plan:
    job = wire.Job(
        source=source.encode(),
        filename=filename,
        names=("attack",),
        parameters=("value",),
        seed=b"seed",
        print_bytes=limits.print_bytes,
        result_bytes=limits.result_bytes,
        memory_mb=limits.memory_mb,
    )
    return Plan(
        job=job_of(job),
        names=job.names,
        lines=source.count("\n") + 1,
        payloads=[values.encode((value,)) for value in inputs],
        order=range(len(inputs)),
        limits=limits,
    )
