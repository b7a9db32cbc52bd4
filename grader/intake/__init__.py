"""Intake: from what a platform lets a teacher download to submissions in a WORK folder.

`take` reads a folder, a zip or a tar once, refuses what is hostile member by member, tells by
the names whose each file is, and writes the files under opaque ids and a manifest. `choose`
says which of a student's files is the submission for which challenge. Nothing here runs a
submission, and no name from a source is ever a path, a key where the platform has one, or
part of a command.
"""

from grader.intake.choosing import Ambiguous, Choice, Chosen, Nothing, choose, unused
from grader.intake.manifest import (
    POLICIES,
    Enrolment,
    Entry,
    Intake,
    Note,
    Source,
    StoredFile,
    counted,
)
from grader.intake.platforms import CHOICES
from grader.intake.taking import Taken, take

__all__ = [
    "CHOICES",
    "POLICIES",
    "Ambiguous",
    "Choice",
    "Chosen",
    "Enrolment",
    "Entry",
    "Intake",
    "Note",
    "Nothing",
    "Source",
    "StoredFile",
    "Taken",
    "choose",
    "counted",
    "take",
    "unused",
]
