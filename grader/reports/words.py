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


def points(score: float | None, max_score: float) -> str:
    """Return a score as people write it; a judge error has none.

    >>> points(2.5, 10.0)
    '2.5 of 10'
    """
    return f"no mark (of {max_score:g})" if score is None else f"{score:g} of {max_score:g}"
