"""Imports, before anything is locked, what a submission is likely to import itself.

A module that is loaded in the zygote costs a submission nothing; one that is not costs it
milliseconds of its own time, and where the box has no file system it cannot be had at all.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO

_USUAL = (
    "__future__ abc array ast base64 bisect builtins calendar cmath collections.abc "
    "contextlib copy csv dataclasses datetime decimal enum fractions functools gc hashlib "
    "heapq inspect io itertools json keyword linecache locale logging math numbers operator "
    "os os.path pathlib pickle pprint queue random re secrets statistics string struct sys "
    "textwrap threading time timeit traceback types typing unicodedata uuid warnings weakref "
    "zlib numpy.fft numpy.linalg numpy.polynomial numpy.random numpy.typing "
)
"""What one meets in the submissions of a course; about 40 ms in all beyond numpy itself."""


def preload(names: Iterable[str] = tuple(_USUAL.split())) -> None:
    """Import the modules; one that this interpreter was built without is left out."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            continue


def preload_everything(packages: Iterable[str]) -> None:
    """Import the whole standard library and `packages` (import names), as far as that is harmless.

    For a box in which nothing can be imported later. Left out: what opens a window or a
    browser, tests and installers, and whatever this interpreter or system cannot import.
    """
    wanted = [name for name in sorted(sys.stdlib_module_names) if name not in _NOT_PRELOADED]
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        for name in (*wanted, *packages):
            for module in _with_submodules(name):
                # Whatever a module does not like about this place, it is then not there.
                with suppress(Exception, SystemExit):
                    importlib.import_module(module)


_NOT_PRELOADED = frozenset(
    {"antigravity", "ensurepip", "idlelib", "lib2to3", "pip", "pydoc_data", "test", "this"}
    | {"tkinter", "turtle", "turtledemo", "venv", "_tkinter"}
)
_NOT_PRELOADED_PARTS = frozenset(
    {"__main__", "conftest", "distutils", "f2py", "idle_test", "setup", "test", "tests"}
    | {"testing_tools", "_pyinstaller"}
)


def _with_submodules(name: str) -> Iterator[str]:
    """Yield `name` and, once it is imported, the modules below it."""
    yield name
    module = sys.modules.get(name)
    for found in pkgutil.iter_modules(getattr(module, "__path__", ())):
        if found.name not in _NOT_PRELOADED_PARTS:
            yield from _with_submodules(f"{name}.{found.name}")
