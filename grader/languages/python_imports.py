"""What a failed import means, said to a student."""

import re
import sys
from collections.abc import Sequence

from grader.languages import SourceProblem
from grader.sandbox.faults import Raised

_MISSING = re.compile(r"No module named '([A-Za-z_][\w.]{0,60})'")
_OF_PYTHON_2 = {
    "ConfigParser": "configparser",
    "Queue": "queue",
    "StringIO": "io",
    "Tkinter": "tkinter",
    "__builtin__": "builtins",
    "cPickle": "pickle",
    "cStringIO": "io",
    "urllib2": "urllib.request",
}
_WELL_KNOWN = (
    *("IPython", "jax", "keras", "matplotlib", "numba", "numpy", "pandas", "plotly", "polars"),
    *("pytest", "requests", "scipy", "seaborn", "sklearn", "statsmodels", "sympy", "tensorflow"),
    *("torch", "tqdm"),
)


def explain_import_error(error: Raised, packages: Sequence[str]) -> SourceProblem:
    """Say which module is missing and what there is instead."""
    allowed = " and ".join(["the standard library", *packages])
    match = _MISSING.search(error.message)
    if match is None:
        message = "this import fails: the module does not have the name that is asked for"
        return SourceProblem("import_name", message, "check its spelling", error.line)
    name = match[1]
    top = name.partition(".")[0]
    if top in _OF_PYTHON_2:
        return SourceProblem(
            "python2",
            f"the module {name!r} is Python 2's",
            f"in Python 3 it is {_OF_PYTHON_2[top]!r}",
            error.line,
        )
    if top in _WELL_KNOWN and top not in packages:
        hint = f"use {allowed} only; delete the import if nothing needs it"
        return SourceProblem("package", f"{name!r} is not available here", hint, error.line)
    if top in sys.stdlib_module_names or top in packages:
        message = f"there is no module {name!r} here"
        return SourceProblem("import_missing", message, "check its spelling", error.line)
    return SourceProblem(
        "import_missing",
        f"there is no module {name!r} here: only {allowed} and this one file",
        "if it is a file of your own, copy what you use of it into this file",
        error.line,
    )
