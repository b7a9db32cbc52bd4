"""The judge's box: picks the tier once, keeps one cell alive, replaces it when it breaks or ages.

Theory of operation. `auto` means: start a cell of the strongest tier; a cell confines
itself and attacks itself before it says hello; where something gets through, take the next
tier. The first that holds is the tier for as long as the supervisor lives. A later failure
to start is our fault and is raised: nothing is ever run in a weaker box than was promised.
"""

from typing import Self

from grader.errors import SandboxError, TierUnavailable
from grader.sandbox.box import CellConfig, Process, ProcessLimits
from grader.sandbox.cell import Cell, CellProcess

_RECYCLE_AFTER = 10_000
"""Processes per cell: whatever may leak slowly in an interpreter that forks, leaks no further."""


class Supervisor:
    """A `box.Box` over one cell at a time; `tiers` are tried in order until one holds."""

    def __init__(self, tiers: tuple[str, ...], config: CellConfig) -> None:
        self._tiers = tiers
        self._config = config
        self._cell: Cell | None = Cell(tiers[0], config)
        self._started = 0

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
        """Return a cell that has proved its tier, starting or stepping down as needed."""
        failures: list[str] = []
        while True:
            cell = self._cell or Cell(self._tiers[0], self._config)
            self._cell = cell
            try:
                _ = cell.hello
            except TierUnavailable as error:
                self._cell = None
                failures.append(str(error))
                if len(self._tiers) == 1:
                    raise TierUnavailable(_refusal(failures)) from None
                self._tiers = self._tiers[1:]
                continue
            self._tiers = (cell.tier,)
            return cell

    def start(self, driver: str, limits: ProcessLimits) -> Process:
        if self._started >= _RECYCLE_AFTER or (self._started and self._config.scratch_mb):
            self._drop()
        self._started += 1
        try:
            return self._start(driver, limits)
        except TierUnavailable:
            raise
        except SandboxError:
            # The cell may have died while it was idle: a new one gets one try.
            self._drop()
            return self._start(driver, limits)

    def close(self) -> None:
        self._drop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _start(self, driver: str, limits: ProcessLimits) -> CellProcess:
        return self.settle().start(driver, limits)

    def _drop(self) -> None:
        if self._cell is not None:
            self._cell.close()
        self._cell = None
        self._started = 0


def _refusal(failures: list[str]) -> str:
    return (
        "; ".join(failures)
        + ". Run `grader doctor` to see what was tried. Without a sandbox nothing is graded; "
        "`--unsafe-no-sandbox` would run submissions unconfined, as this user"
    )
