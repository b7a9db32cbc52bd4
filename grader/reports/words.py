"""The words in which a verdict is said to a person, in one table: its name and what to do next."""

from grader.verdict import Verdict

NEXT_STEP = {
    Verdict.JUDGE_ERROR: "This is not your fault and costs no points: tell your instructor.",
    Verdict.INVALID_SUBMISSION: (
        "Nothing could be run. Mend what is said above and try the file on your own machine first."
    ),
    Verdict.TIME_LIMIT_EXCEEDED: (
        "Look for a loop whose condition never becomes false, and for work that is done again "
        "in every step."
    ),
    Verdict.MEMORY_LIMIT_EXCEEDED: (
        "Look for a list or an array that grows with every step and keep only what is needed."
    ),
    Verdict.OUTPUT_LIMIT_EXCEEDED: "Take out debug prints and return the result alone.",
    Verdict.WRONG_ANSWER: (
        "Take the smallest case that fails, work it out by hand, and compare every step with "
        "what your code does."
    ),
    Verdict.RUNTIME_ERROR: (
        "Run the function on a case that fails and follow the exception to its line."
    ),
    Verdict.ACCEPTED: "Nothing to do.",
    Verdict.SKIPPED: "Nothing was run.",
}

STEP_FOR = {
    "state": (
        "Call your function twice in a row on your own machine, with the same arguments and then "
        "with others: every call has to answer as if it were the first."
    ),
    "inputs-changed": (
        "Print the arguments before and after a call on your own machine. `*=`, `-=` and `+=` "
        "change an array or a list in place, as .sort() and .pop() do."
    ),
    "parameters-in-another-order": "Put the parameters into the order of the statement.",
    "interface": (
        "Nothing could be run. Mend what is said above, and hand in the one file with the function "
        "at its top level."
    ),
}
"""What to do next where the first explanation, by its id or kind, asks for something else."""

_SIGNS = {Verdict.ACCEPTED: "✓", Verdict.JUDGE_ERROR: "!", Verdict.SKIPPED: "–"}
_COLOURS = {Verdict.ACCEPTED: "green", Verdict.JUDGE_ERROR: "magenta", Verdict.SKIPPED: None}


def words(verdict: Verdict) -> str:
    """Return the verdict as people read it.

    >>> words(Verdict.WRONG_ANSWER)
    'wrong answer'
    """
    return verdict.replace("_", " ")


def colour(verdict: Verdict) -> str | None:
    """Return the colour of a verdict, by its name in ANSI, or None."""
    return _COLOURS.get(verdict, "red")


def sign(verdict: Verdict) -> str:
    """Return what stands before a verdict, for whoever tells no colours."""
    return _SIGNS.get(verdict, "✗")


def points(score: float | None, max_score: float) -> str:
    """Return a score as people write it; a judge error has none.

    >>> points(2.5, 10.0)
    '2.5 of 10'
    """
    if score is None:
        return f"no mark (of {max_score:g})"
    return f"{round(score, 2):g} of {round(max_score, 2):g}"
