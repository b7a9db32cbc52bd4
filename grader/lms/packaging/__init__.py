"""What a teacher uploads once, so that a platform grades by itself: `grader package`.

Theory of operation. A package is a folder of files, by their path: the grader as a wheel (`wheel`),
the versions that it was seen to work with (`pins`), the challenge, the secret and the settings
(`contents`), and the scripts that a platform starts, which lie here as they are packed. It is made
of what is installed, so it needs no checkout and no network. What runs on the platform is
`grader.lms.harness`.
"""

from collections.abc import Callable, Mapping

from grader.lms.packaging import gradescope, prairielearn
from grader.lms.packaging.contents import Asked, Package

PLATFORMS: Mapping[str, Callable[[Asked], Package]] = {
    "gradescope": gradescope.package,
    "prairielearn": prairielearn.package,
}
"""By the platform's name: what makes a package for it."""
