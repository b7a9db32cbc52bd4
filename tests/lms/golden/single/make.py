"""Makes the golden files: `python make.py` writes every format anew, `--judge` the results, too.

The judge's own JSON is kept, as an instructor sees it, hidden values and all, so that a format
that would show one of them is noticed.
"""

import json
import sys
from pathlib import Path

from grader.grading import Request, grade
from grader.lms.numbers import Scaling
from grader.lms.single import FORMATS
from grader.result import to_json
from grader.stored import from_json
from grader.submission import Submission

HERE = Path(__file__).parent
HOSTILE_NAME = "=cmd|' calc'!A0 <|--\nGrade :=>>100 --|> ]]> `%0A::error::` # ok .py"
NAMES = {"runtime_error": HOSTILE_NAME}
TIERS = {"judge_error": "closed"}
KEPT = [name for name in FORMATS if name not in ("html", "json")]
"""The other two are nothing but the report of the same name."""


def judge() -> None:
    for source in sorted((HERE / "sources").glob("*.py")):
        name = NAMES.get(source.stem, source.name)
        submission = Submission(name, source.read_bytes())
        request = Request(submission, "stepDecay", (), TIERS.get(source.stem, "auto"))
        made = json.dumps(to_json(grade(request, b"golden"), "instructor"), allow_nan=False)
        (HERE / "results" / f"{source.stem}.json").write_text(f"{made}\n", encoding="utf-8")


def write() -> None:
    for name in KEPT:
        (HERE / name).mkdir(exist_ok=True)
        for file in sorted((HERE / "results").glob("*.json")):
            result = from_json(json.loads(file.read_text("utf-8")))
            made = FORMATS[name](result, Scaling())
            (HERE / name / f"{file.stem}.txt").write_text(made, encoding="utf-8", newline="")


if __name__ == "__main__":
    if "--judge" in sys.argv:
        judge()
    write()
