"""Gradescope's harness: one submission of `/autograder/submission` to `results/results.json`.

Run as `python -m grader.lms.harness.gradescope ROOT` by the package's `run_autograder`; once more,
with the exit code, where that has left no result (it was killed); and where this could not do that
either, `run_autograder` writes a result of its own.

Gradescope takes no result without a number. Where nothing could be graded for a fault that is not
the student's, the score of their attempt before stands, and 0 only where there is none; a visible
test says that this is no mark, one that is hidden tells the instructor why. As long as that one is
there, Gradescope shows the student no total.
"""

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.errors import GraderError
from grader.lms.harness import graded, history
from grader.lms.harness.graded import Fault, NotGradable, Outcome
from grader.lms.harness.history import History
from grader.lms.harness.settings import Home, Settings
from grader.lms.harness.writing import write
from grader.lms.single import gradescope
from grader.lms.single.outline import NO_MARK
from grader.result import SubmissionResult
from grader.verdict import Verdict

_METADATA_BYTES = 64 << 20
"""It holds all earlier results; beyond this it is not read."""


def main(arguments: list[str]) -> int:
    """Grade below the folder that is named, and write the result there.

    With the exit code of a grading that has left none, write that instead.
    """
    root, *ended = arguments
    folder = Path(root)
    past = _history(folder / "submission_metadata.json")
    outcome, settings = _outcome(folder, ended[0] if ended else None)
    write(results(outcome, settings, past), folder / "results" / "results.json")
    return 0


def _outcome(folder: Path, ended: str | None) -> tuple[Outcome, Settings | None]:
    home = Home(folder / "source" / "grader")
    try:
        settings = home.settings()
    except GraderError as error:
        return Fault(str(error)), None
    if ended is not None:
        return Fault(f"The grader ended with exit code {ended} {_CODES}"), settings
    return graded.outcome(home, settings, folder / "submission"), settings


_CODES = (
    "(124: over 570 s; 137: killed, perhaps for its memory) and wrote no result. Standard output "
    "has what it said."
)


def results(outcome: Outcome, settings: Settings | None, past: History) -> dict[str, Any]:
    """Return `results.json`; `settings` are None only with a fault."""
    if isinstance(outcome, SubmissionResult) and settings is not None:
        said: dict[str, Any] = json.loads(gradescope.render(outcome, settings.scaling))
        if outcome.verdict is Verdict.JUDGE_ERROR:
            said["score"] = past.earlier or 0
        said["extra_data"] = {**said.get("extra_data", {}), **_extra(past)}
        return said
    tests = list(_tests(outcome, settings))
    return {
        "score": (past.earlier or 0) if isinstance(outcome, Fault) else 0,
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": tests,
        "extra_data": {"grader": {"verdict": str(_VERDICTS[type(outcome)])}, **_extra(past)},
    }


_VERDICTS = {NotGradable: Verdict.INVALID_SUBMISSION, Fault: Verdict.JUDGE_ERROR}


def _tests(outcome: Outcome, settings: Settings | None) -> Iterator[dict[str, Any]]:
    most = {} if settings is None else {"max_score": float(settings.most)}
    if isinstance(outcome, NotGradable):
        yield _test("The submission", outcome.sentence, "visible") | most
    elif isinstance(outcome, Fault):
        yield _test("Not graded yet", NO_MARK, "visible") | most
        yield _test("For instructors: what went wrong", f"{outcome.sentence}\n{_MEND}", "hidden")


_MEND = "Nothing was graded. Mend it (`grader doctor` says what confines here), then regrade."


def _test(name: str, output: str, visibility: str) -> dict[str, Any]:
    return {
        "name": name,
        "status": "failed",
        "score": 0,
        "output": output,
        "output_format": "text",
        "visibility": visibility,
    }


def _extra(past: History) -> dict[str, Any]:
    """Return what the platform said of this attempt, for whoever reads many of these files."""
    created = None if past.created_at is None else past.created_at.isoformat()
    return {"attempt": past.attempt, "created_at": created, "late": past.late}


def _history(path: Path) -> History:
    with contextlib.suppress(OSError), path.open("rb") as file:
        return history.of(file.read(_METADATA_BYTES))
    return History()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
