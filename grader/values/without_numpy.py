"""What `with_numpy` says, where there is no numpy: in the cell of a language that has no arrays.

Nothing there is of these types, and the judge sends nothing that is.
"""

from typing import Any, NoReturn


class _Nothing:
    """A type that nothing has."""


NDARRAY: type[Any] = _Nothing
SCALARS: dict[type, str] = {}
SELF_NAMED: tuple[type, ...] = ()


def elements_of(dtype: str, data: bytes, start: int) -> NoReturn:  # noqa: ARG001 - as `with_numpy`
    """Refuse: there are no arrays here."""
    raise ValueError("an array where there is no numpy")
