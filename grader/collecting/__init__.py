"""What a batch grades: files and folders as they lie there, downloads by way of an intake.

A platform's archive is imported first, into a folder `work` beside the results; a folder that
`grader import` has written is taken as it is. Runs nothing.

For an assignment all attempts are taken, because its policy says which of them count, and of
each student's files the one that defines a challenge's entry point is the submission for it.
Files that lie in a folder of a PATH are one student's, those in a PATH itself one student's each.
"""

from grader.collecting.assigned import Assigned, Refused, assign
from grader.collecting.folders import WORK
from grader.collecting.single import collect
from grader.collecting.student import Only, only

__all__ = ["WORK", "Assigned", "Only", "Refused", "assign", "collect", "only"]
