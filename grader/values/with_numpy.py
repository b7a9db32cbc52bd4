"""What the codec knows of numpy's types. Imported where numpy is; see `without_numpy`."""

from typing import Any

import numpy as np

NDARRAY: type[Any] = np.ndarray
SCALARS: dict[type, str] = {scalar: np.dtype(scalar).str[1:] for scalar in np.sctypeDict.values()}
"""Each scalar type's dtype, less the byte order."""

SELF_NAMED: tuple[type, ...] = (
    *(np.matrix, np.poly1d, np.ufunc),
    *(np.str_, np.bytes_, np.void, np.datetime64, np.timedelta64),
)
"""Types whose values are no plain data, and are called by the type's name."""

_dtype, _frombuffer, _uint8 = np.dtype, np.frombuffer, np.uint8


def elements_of(dtype: str, data: bytes, start: int) -> Any:
    """Return the elements in `data` from `start` on; `ValueError` where it holds no such."""
    kind = _dtype("<" + dtype)
    if (len(data) - start) % kind.itemsize:
        raise ValueError("a broken array element")
    elements = _frombuffer(data, kind, offset=start)
    if kind.kind == "b" and (elements.view(_uint8) > 1).any():
        raise ValueError("a boolean that is neither 0 nor 1")
    return elements
