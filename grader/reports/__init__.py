"""Results for people and their tools: text for a terminal, JSON, CSV.

A report renders what it is given and hides nothing itself: what a student may see was
decided in `grader.result.student_view`. Every string that a submission could have made goes
through `escape` before it is shown.
"""
