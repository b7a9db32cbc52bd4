"""The last step of `setup.sh`: is what was unpacked what was packed, and can it grade here?

Run as `python -m grader.lms.harness.ready FOLDER`. It ends with a code other than 0, and so does
the building of the image, if the challenge is another one than where it was packed: marks would
not be the same. Which confinement holds is said and decides nothing, for an image is often built
elsewhere than where it runs.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from grader import dataset
from grader.catalog import Catalog
from grader.errors import GraderError, UsageError
from grader.lms.harness.settings import Home
from grader.reports import doctor
from grader.sandbox import tiers
from grader.sandbox.box import CellConfig


def main(arguments: list[str]) -> int:
    """Look at the package in the folder that is named, and print what was seen."""
    try:
        for sentence in checked(Home(Path(arguments[0]))):
            click.echo(sentence)
    except GraderError as error:
        click.echo(f"setup.sh: {error}", err=True)
        return error.exit_code
    return 0


def checked(home: Home) -> Iterator[str]:
    """Yield what was seen; `GraderError` where what was packed cannot be graded here."""
    settings = home.settings()
    loaded = Catalog(home.roots(settings)).load(settings.challenge)
    if loaded.digest != settings.digest:
        raise UsageError(
            f"{settings.challenge} has other files than where it was packed: expected digest "
            f"{settings.digest[:12]}, got {loaded.digest[:12]}; upload the package again"
        )
    same = dataset.build(loaded.challenge, home.secret()).digest == settings.dataset_digest
    yield f"{settings.challenge} is here, as it was packed."
    yield (
        "Its hidden cases are those of where it was packed."
        if same
        else "Its hidden cases differ from those of where it was packed, by another version or "
        "processor: marks are fair, and not always those that you get at home."
    )
    tier = doctor.as_json(tiers.doctor(CellConfig()))["tier"]
    yield (
        "No confinement holds here: where none does, nothing is graded and the instructor is told."
        if tier is None
        else f"Submissions are confined; the strongest that holds here is {tier}."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
