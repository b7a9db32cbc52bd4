"""Gradescope's autograder: `setup.sh` and `run_autograder` at the root of a zip.

Gradescope unpacks it into `/autograder/source` of an image, runs `setup.sh` there once, as root and
with the network, and for each submission `/autograder/run_autograder`, which needs none.
"""

from grader.lms.packaging import contents
from grader.lms.packaging.contents import EXECUTABLE, Asked, File, Package


def package(asked: Asked) -> Package:
    """Return the package."""
    common = contents.package(asked)
    scripts = {
        "setup.sh": File(contents.script("setup.sh"), EXECUTABLE),
        "run_autograder": File(contents.script("gradescope.sh"), EXECUTABLE),
    }
    return Package({**scripts, **common.files}, common.warnings)
