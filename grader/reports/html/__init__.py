"""Reports as pages: a student's, and an instructor's about a whole class.

A page is one file that fetches nothing and runs nothing: its style is inside, its policy
(Content-Security-Policy) forbids the rest, and everything that a submission could have made
arrives as one printable line (see `grader.reports.escape`) that jinja2 then escapes as text.
"""
