class ScheduleError(ValueError):
    """The schedule makes no sense."""


def stepDecay(epoch: int, baseLr: float, factor: float, every: int) -> float:
    if every <= 0:
        raise ScheduleError(f"a drop every {every} epochs")
    drops, _since = divmod(epoch, every)
    return pow(factor, drops) * baseLr
