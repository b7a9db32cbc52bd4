"""PrairieLearn's harness: one submission of `/grade/student` to `/grade/results/results.json`.

Run as `python -m grader.lms.harness.prairielearn ROOT GRADE` by the package's entry point, which
writes a result of its own where this could not. What could not be graded is "not gradable", which
costs neither points nor an attempt: no file, two of them, and our own faults, which stderr names.
PrairieLearn may show that to students, so it never says more than a sentence.
"""

import json
import sys
from pathlib import Path
from typing import Any

import click

from grader.errors import GraderError
from grader.lms.harness import graded
from grader.lms.harness.graded import Fault, NotGradable, Outcome
from grader.lms.harness.settings import Home
from grader.lms.harness.writing import write
from grader.lms.numbers import Scaling
from grader.lms.single import prairielearn
from grader.lms.single.outline import NO_MARK


def main(arguments: list[str]) -> int:
    """Grade below the second folder that is named with the package below the first."""
    root, grade = map(Path, arguments)
    outcome = _outcome(Home(root / "source" / "grader"), grade / "student")
    if isinstance(outcome, Fault):
        click.echo(f"grader: {outcome.sentence.splitlines()[0]}", err=True)
    write(results(outcome), grade / "results" / "results.json")
    return 0


def results(outcome: Outcome) -> dict[str, Any]:
    """Return `results.json`."""
    if isinstance(outcome, NotGradable):
        return {"gradable": False, "format_errors": [outcome.sentence]}
    if isinstance(outcome, Fault):
        return {"gradable": False, "format_errors": [NO_MARK]}
    said: dict[str, Any] = json.loads(prairielearn.render(outcome, Scaling()))
    return said


def _outcome(home: Home, folder: Path) -> Outcome:
    try:
        settings = home.settings()
    except GraderError as error:
        return Fault(str(error))
    return graded.outcome(home, settings, folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
