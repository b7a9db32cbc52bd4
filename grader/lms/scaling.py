"""A grade in the points of a platform's column: scaled as asked, never above what fits. Pure.

Nothing is scaled unasked: where the column's full marks are not the run's, whoever exports says
which of both is meant.
"""

from dataclasses import replace
from fractions import Fraction

from grader.errors import UsageError
from grader.lms.exporting import Asked
from grader.lms.grades import Grade
from grader.lms.numbers import OverMaximum, Scaling, scaled, written


def for_column(asked: Asked, maximum: Fraction | None, where: str) -> Scaling:
    """Return how grades become points of a column; `maximum` is None where it says none.

    `where` names the column in messages. `UsageError` where the column's maximum is not the run's
    and nothing is said about it.
    """
    scaling = asked.scaling
    if asked.to_column:
        if maximum is None:
            raise UsageError(
                f"--scale-to column: {where} does not say its maximum; give it as a number, "
                "as in --scale-to 100"
            )
        return replace(scaling, maximum=maximum)
    own = sorted({grade.max_score for grade in asked.grades if grade.max_score != maximum})
    if scaling.maximum is None and maximum is not None and own:
        theirs, ours = written(maximum), written(own[0])
        raise UsageError(
            f"{where} is out of {theirs}, the run out of {ours}: give --scale-to column to scale "
            f"the grades to {theirs}, or --scale-to {ours} to write them as they are"
        )
    return scaling


def points(grade: Grade, scaling: Scaling, maximum: Fraction | None) -> Fraction:
    """Return the points of a grade that has a score.

    `OverMaximum`, which says whose, where they exceed the column's maximum or the run's and are
    neither to be clamped nor allowed.
    """
    if grade.score is None:
        raise ValueError("a grade without a score has no points")
    try:
        found = scaled(grade.score, grade.max_score, scaling)
        if maximum is not None and found > maximum:
            # What is asked for by --scale-to may be more than the column takes.
            found = scaled(found, maximum, replace(scaling, maximum=maximum))
    except OverMaximum as error:
        raise OverMaximum(f"the grade of {grade.key!r}: {error}") from None
    return found
