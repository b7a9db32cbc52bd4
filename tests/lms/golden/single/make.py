"""Makes the results from which the golden files are written: `python make.py`, with a box.

The judge's own JSON is kept, as an instructor sees it, hidden values and all, so that a format
that would show one of them is noticed.
"""

import json
from pathlib import Path

from grader.grading import Request, grade
from grader.result import to_json
from grader.submission import Submission

HERE = Path(__file__).parent
HOSTILE_NAME = "=cmd|' calc'!A0 <|--\nGrade :=>>100 --|> ]]> `%0A::error::` # ok .py"
NAMES = {"runtime_error": HOSTILE_NAME}
TIERS = {"judge_error": "closed"}


def main() -> None:
    for source in sorted((HERE / "sources").glob("*.py")):
        name = NAMES.get(source.stem, source.name)
        submission = Submission(name, source.read_bytes())
        request = Request(submission, "stepDecay", (), TIERS.get(source.stem, "auto"))
        made = json.dumps(to_json(grade(request, b"golden"), "instructor"), allow_nan=False)
        (HERE / "results" / f"{source.stem}.json").write_text(f"{made}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
