"""Explains why a submission could not be called at all. Pure: facts in, sentences out.

The facts are the submission's own and from its import, when it has seen no input: a student may
see all of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from grader.diagnosis import Diagnosis

MOST_NAMES = 5


class Problem(StrEnum):
    """Why no case could be run; the value is the diagnosis's id."""

    NO_ENTRY_POINT = "no-entry-point"
    NOT_CALLABLE = "not-callable"
    WRONG_ARITY = "wrong-arity"
    EXITS_AT_IMPORT = "exits-at-import"
    MISSING_MODULE = "missing-module"
    SYNTAX = "syntax-error"
    IMPORT_RAISED = "import-raised"


@dataclass(frozen=True, slots=True)
class Interface:
    """What stands between the judge and the function.

    `names` are the public functions found; with `WRONG_ARITY` they are the parameters found.
    `line` is of the submission (from 1), `error` the built-in kind of exception and `detail` its
    message.
    """

    problem: Problem
    entry: str
    parameters: tuple[str, ...]
    names: tuple[str, ...] = ()
    line: int | None = None
    error: str | None = None
    detail: str | None = None


def diagnose_interface(facts: Interface) -> Diagnosis:
    """Return the one explanation of what stands in the way."""
    title, hint = _SENTENCES[facts.problem](facts)
    return Diagnosis("interface", str(facts.problem), title, hint)


def _no_entry_point(facts: Interface) -> tuple[str, str]:
    call = f"{facts.entry}({', '.join(facts.parameters)})"
    near = _nearest(facts.entry, facts.names)
    if near is not None:
        title = f"There is no {facts.entry}: did you mean {near}?"
        return (
            title,
            f"The function is called by its name, {call}. Rename yours, capitals included.",
        )
    return f"There is no {facts.entry}", f"Define {call} at the top level. {_found(facts.names)}"


def _found(names: Sequence[str]) -> str:
    method = next((name for name in names if "." in name), None)
    if method is not None and len(names) == 1:
        owner, _, name = method.rpartition(".")
        return f"{name} was found inside {owner}: move it out of there, and drop `self`."
    if not names:
        return "No function was found at the top level of the file."
    more = ", ..." if len(names) > MOST_NAMES else ""
    return f"Functions found: {', '.join(names[:MOST_NAMES])}{more}."


def _nearest(entry: str, names: Sequence[str]) -> str | None:
    """Return the name that `entry` was probably meant to be; case and underscores weigh nothing."""
    import difflib  # only where a name was not found

    folded = {name.replace("_", "").lower(): name for name in names}
    near = difflib.get_close_matches(entry.replace("_", "").lower(), folded, n=1, cutoff=0.75)
    return folded[near[0]] if near else None


def _not_callable(facts: Interface) -> tuple[str, str]:
    return (
        f"Your {facts.entry} is not a function",
        f"The name {facts.entry} is bound to a value that cannot be called. Look for a later "
        "assignment that replaces your function, such as its own result.",
    )


def _wrong_arity(facts: Interface) -> tuple[str, str]:
    count = len(facts.parameters)
    return (
        f"Your {facts.entry} takes another number of arguments",
        f"It is called with {count} argument{'s' if count != 1 else ''}, by position: "
        f"{', '.join(facts.parameters)}. Yours takes {', '.join(facts.names) or 'none'}.",
    )


def _missing_module(facts: Interface) -> tuple[str, str]:
    return (
        f"An import fails{_on_line(facts)}",
        f"{_said(facts)} Only the standard library and the packages that the challenge allows "
        "can be imported, and no other file of yours: put everything into the one file.",
    )


def _syntax(facts: Interface) -> tuple[str, str]:
    return (
        f"The file is not valid Python{_on_line(facts)}",
        f"{_said(facts)} Look at that line and at the end of the line before it; running the file "
        "on your own machine shows the same message.",
    )


def _import_raised(facts: Interface) -> tuple[str, str]:
    return (
        f"The file stops with an error{_on_line(facts)} before the function can be called",
        f"{_said(facts)} Code at the top level runs at import: keep to definitions there, and put "
        'trials under `if __name__ == "__main__":`.',
    )


def _exits_at_import(facts: Interface) -> tuple[str, str]:
    return (
        f"The file ends the program{_on_line(facts)} before {facts.entry} can be called",
        "A call such as exit(), quit() or sys.exit() at the top level ends everything. Remove it, "
        'or put it under `if __name__ == "__main__":`.',
    )


def _on_line(facts: Interface) -> str:
    return f" on line {facts.line}" if facts.line is not None else ""


def _said(facts: Interface) -> str:
    """Return the error in Python's own words, as a sentence."""
    kind = facts.error or "The import failed"
    return f"{kind}: {facts.detail.rstrip('.')}." if facts.detail else f"{kind}."


_SENTENCES: dict[Problem, Callable[[Interface], tuple[str, str]]] = {
    Problem.NO_ENTRY_POINT: _no_entry_point,
    Problem.NOT_CALLABLE: _not_callable,
    Problem.WRONG_ARITY: _wrong_arity,
    Problem.EXITS_AT_IMPORT: _exits_at_import,
    Problem.MISSING_MODULE: _missing_module,
    Problem.SYNTAX: _syntax,
    Problem.IMPORT_RAISED: _import_raised,
}
