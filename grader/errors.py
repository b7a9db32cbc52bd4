"""Our own faults and the user's wrong requests, as exceptions.

A student's outcome is a value (`grader.verdict.Verdict`) and never an exception
that leaves the runner; an exception of this tree is somebody else's fault and
never costs a student a point.

    GraderError                 exit code 3
      SandboxError              the box could not be built, or broke
        TierUnavailable         the tier that was asked for does not hold here
      AuthorError               a challenge is wrong: its spec, reference or generator
      UsageError                exit code 2: what the user asked for cannot be done
"""


class GraderError(Exception):
    """Something that is not the student's fault went wrong; the message says what to do."""

    exit_code = 3


class SandboxError(GraderError):
    """The box could not be built or broke while it was in use."""


class TierUnavailable(SandboxError):
    """The confinement that was asked for does not hold on this machine."""


class AuthorError(GraderError):
    """A challenge is at fault: its spec, its reference, a generator or a checker."""


class UsageError(GraderError):
    """The request itself is wrong: an unknown challenge, a missing file."""

    exit_code = 2
