"""From a run to marks: whose each hand-in is, when it came, and what the policies make of it.

`kept` reads a store; everything else is plain functions over values, so that a mark can be
computed again from what is written down, and explained (`policies.Mark.steps`).

Who was handed in for is what the intake says: the platform's key, or the folder; else each
submission stands for itself. Times are those of the platform: one with a zone is meant as it is,
one without is what the clock showed in the assignment's zone, the earlier one where that is in
doubt. Where no time is known a hand-in counts as on time, which is said if the platform calls it
late. Who of the roster has handed in nothing has 0 by the policies, and a note that says so. What
was handed in and has no score by no fault of the student's (a judge error, two files
that could both be meant, not graded yet) is None in every sum, never 0.
"""

from grader.marks.kept import (
    assignment_of,
    everybody,
    hand_ins,
    idle,
    missing,
    remember,
    remember_missing,
    rules_of,
)
from grader.marks.marking import counted, counting, has_attempts, standing, standings
from grader.marks.values import (
    Expected,
    HandIn,
    Rules,
    Standing,
    Student,
    handed_in,
    max_total,
    own_due,
    student_of,
)

FILE = "marks.csv"

__all__ = [
    "FILE",
    "Expected",
    "HandIn",
    "Rules",
    "Standing",
    "Student",
    "assignment_of",
    "counted",
    "counting",
    "everybody",
    "hand_ins",
    "handed_in",
    "has_attempts",
    "idle",
    "max_total",
    "missing",
    "own_due",
    "remember",
    "remember_missing",
    "rules_of",
    "standing",
    "standings",
    "student_of",
]
