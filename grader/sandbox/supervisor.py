"""The judge's box: picks the tier once, keeps cells alive, replaces them when they break or age.

Theory of operation. `auto` means: start a cell of the strongest tier; a cell confines
itself and attacks itself before it says hello; where something gets through, take the next
tier. The first that holds is the tier for as long as the supervisor lives. A later failure
to start is our fault and is raised: nothing is ever run in a weaker box than was promised.

Each driver has a cell of its own, which holds what that driver needs and no more: a fork copies
the tables of all of a zygote's memory. The first driver's starts at once and decides on the tier;
the others' start with their first submission, in that tier.
"""

from dataclasses import dataclass
from typing import Self

from grader.errors import SandboxError, TierUnavailable
from grader.sandbox.box import CellConfig, Process, ProcessLimits
from grader.sandbox.cell import Cell, CellProcess

_RECYCLE_AFTER = 10_000
"""Processes per cell: whatever may leak slowly in an interpreter that forks, leaks no further."""


@dataclass(slots=True)
class _Slot:
    """The cell of one driver, None while there is none, and how many processes it has started."""

    cell: Cell | None = None
    started: int = 0


class Supervisor:
    """A `box.Box` over a cell for each driver; `tiers` are tried in order until one holds."""

    def __init__(self, tiers: tuple[str, ...], config: CellConfig) -> None:
        self._tiers = tiers
        self._config = config
        self._slots = {driver: _Slot() for driver in config.drivers}
        self._first = config.drivers[0]
        self._slots[self._first].cell = self._new(self._first)

    @property
    def tier(self) -> str:
        return self.settle().tier

    @property
    def layers(self) -> tuple[str, ...]:
        return self.settle().layers

    @property
    def versions(self) -> tuple[str, str]:
        return self.settle().versions

    def settle(self) -> Cell:
        """Return the first driver's cell, which has proved its tier, stepping down as needed."""
        failures: list[str] = []
        while True:
            try:
                cell = self._awake(self._first)
            except TierUnavailable as error:
                failures.append(str(error))
                if len(self._tiers) == 1:
                    raise TierUnavailable(_refusal(failures)) from None
                self._tiers = self._tiers[1:]
                continue
            self._tiers = (cell.tier,)
            return cell

    def start(self, driver: str, limits: ProcessLimits) -> Process:
        slot = self._slots[driver]
        if slot.started >= _RECYCLE_AFTER or (slot.started and self._config.scratch_mb):
            self._drop(slot)
        slot.started += 1
        try:
            return self._start(driver, limits)
        except TierUnavailable:
            raise
        except SandboxError:
            # The cell may have died while it was idle: a new one gets one try.
            self._drop(slot)
            slot.started = 1
            return self._start(driver, limits)

    def close(self) -> None:
        for slot in self._slots.values():
            self._drop(slot)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _start(self, driver: str, limits: ProcessLimits) -> CellProcess:
        first = self.settle()
        if driver == self._first:
            return first.start(driver, limits)
        try:
            return self._awake(driver).start(driver, limits)
        except TierUnavailable as error:
            raise TierUnavailable(_refusal([str(error)])) from None

    def _awake(self, driver: str) -> Cell:
        """Return a driver's cell when it has said hello; one that does not is not kept."""
        slot = self._slots[driver]
        slot.cell = slot.cell or self._new(driver)
        try:
            _ = slot.cell.hello
        except SandboxError:
            slot.cell = None
            raise
        return slot.cell

    def _new(self, driver: str) -> Cell:
        return Cell(self._tiers[0], self._config.alone(driver))

    @staticmethod
    def _drop(slot: _Slot) -> None:
        if slot.cell is not None:
            slot.cell.close()
        slot.cell = None
        slot.started = 0


def _refusal(failures: list[str]) -> str:
    return (
        "; ".join(failures)
        + ". Run `grader doctor` to see what was tried. Without a sandbox nothing is graded; "
        "`--unsafe-no-sandbox` would run submissions unconfined, as this user"
    )
