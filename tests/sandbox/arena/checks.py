"""The two halves of every test of an attack."""

import errno
import os
from collections.abc import Callable

import pytest

from arena.attack import Attack
from arena.client import Arena

_NOT_IN_THIS_KERNEL = (
    errno.ENOSYS,
    errno.EAFNOSUPPORT,
    errno.EPROTONOSUPPORT,
    errno.ESOCKTNOSUPPORT,
)


def check_that_it_works(attack: Attack, arena: Callable[[str], Arena]) -> None:
    """The hole is real: without protection, among decoys, the attack gets what it is after."""
    if attack.as_root and os.geteuid() != 0:
        pytest.skip(
            "without protection only root could do this, and these tests do not run as root"
        )
    report = arena("self").attack(attack, "none")
    if any(f"[Errno {code}]" in report.said for code in _NOT_IN_THIS_KERNEL):
        pytest.skip(f"this kernel does not have what the attack uses: {report.said}")
    assert attack.loss in report.losses, report


def check_that_it_fails(
    attack: Attack, arena: Callable[[str], Arena], tier: str, user: str
) -> None:
    """The box holds: the same attack gets nothing at all, and the next submission is served."""
    report = arena(user).attack(attack, tier)
    assert () == report.losses, report
    assert report.goes_on, report
