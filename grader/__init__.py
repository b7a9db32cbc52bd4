"""A coding-challenge autograder; see README.md.

Nothing is imported here: the command line imports lazily, and the box imports
`grader.values` without the rest of the package.
"""

__version__ = "0.1.0"
