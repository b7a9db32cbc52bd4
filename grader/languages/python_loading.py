"""From a submission's source to the function that it is asked for, in the box."""

import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

from grader.languages.python_exceptions import describe, describe_syntax
from grader.languages.python_guard import guarded
from grader.sandbox.faults import InvalidReason, Raised
from grader.sandbox.wire import Job

MODULE_NAME = "submission"

_namespace_of = type.__dict__["__dict__"].__get__


@dataclass(frozen=True, slots=True)
class Loaded:
    """The function, and the name under which it was found."""

    entry: str
    function: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is no function to call; the fields are those of `wire.Invalid`."""

    reason: InvalidReason
    error: Raised | None = None
    names: tuple[str, ...] = ()


def load(job: Job) -> Loaded | Refused:
    """Compile and run the file as a module that is not `__main__`; find its function."""
    try:
        code = compile(job.source, job.filename, "exec", dont_inherit=True)
    except BaseException as error:
        return Refused(InvalidReason.DOES_NOT_COMPILE, describe_syntax(error))
    namespace = _new_module(job.filename).__dict__
    _, raised = guarded(exec, code, namespace)
    if raised is not None:
        exits = type(raised) is SystemExit
        reason = InvalidReason.EXITS_AT_IMPORT if exits else InvalidReason.IMPORT_RAISED
        return Refused(reason, describe(raised, job.filename))
    return _find(namespace, job)


def _new_module(filename: str) -> ModuleType:
    """Make the module and register it: dataclasses and type hints look it up by its name."""
    module = ModuleType(MODULE_NAME)
    module.__file__ = filename
    module.__dict__["__builtins__"] = sys.modules["builtins"].__dict__
    sys.modules[MODULE_NAME] = module
    return module


def _find(namespace: dict[str, Any], job: Job) -> Loaded | Refused:
    for name in job.names:
        if name in namespace:
            return _accept(name, namespace[name], len(job.parameters))
    return Refused(InvalidReason.NO_ENTRY_POINT, names=_own_functions(namespace, job.names))


def _accept(name: str, function: Any, arguments: int) -> Loaded | Refused:
    if not callable(function):
        return Refused(InvalidReason.NOT_CALLABLE)
    parameters = _unfit_parameters(function, arguments)
    if parameters is not None:
        return Refused(InvalidReason.WRONG_PARAMETERS, names=parameters)
    return Loaded(name, function)


def _unfit_parameters(function: Callable[..., Any], arguments: int) -> tuple[str, ...] | None:
    """Return the parameters of a function that cannot take so many by position, else None.

    A decorator's wrapper is judged by its own signature (usually `*args`): the function
    within may have another. What has no signature that can be read is left to the call.
    """
    if type(function) is FunctionType and _takes(function, arguments):
        return None
    try:
        signature = inspect.signature(function, follow_wrapped=False)
    except BaseException:
        return None
    try:
        signature.bind(*range(arguments))
    except TypeError:
        return tuple(signature.parameters)
    return None


def _takes(function: FunctionType, arguments: int) -> bool:
    """Tell from its code alone whether a plain function takes so many by position.

    `inspect.signature` would tell as well, for a quarter of a millisecond of fresh pages.
    """
    code = function.__code__
    required = code.co_argcount - len(function.__defaults__ or ())
    most = arguments if code.co_flags & inspect.CO_VARARGS else code.co_argcount
    keywords_due = code.co_kwonlyargcount - len(function.__kwdefaults__ or ())
    return required <= arguments <= most and keywords_due == 0


def _own_functions(namespace: dict[str, Any], wanted: tuple[str, ...]) -> tuple[str, ...]:
    """Name the public functions that the file defines, and a wanted one within a class."""
    found = []
    for name, value in namespace.items():
        if type(value) is FunctionType and value.__globals__ is namespace:
            if not name.startswith("_"):
                found.append(name)
        elif type(value) is type:
            found += [f"{name}.{method}" for method in wanted if method in _namespace_of(value)]
    return tuple(found)
