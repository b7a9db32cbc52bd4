"""No right program fails: over ten thousand judged cases, in the box, in a dozen styles each."""

from pathlib import Path

from grader.catalog import Catalog, Loaded
from grader.dataset import build
from grader.exam import Exam
from grader.grading import cell_config
from grader.judge import judge
from grader.sandbox.tiers import open_box
from grader.submission import read
from grader.verdict import Verdict

DRAWN_FROM = (b"right programs, first", b"right programs, second")
LEAST_STYLES = 10
LEAST_CASES = 10_000


def _styles(loaded: Loaded) -> list[Path]:
    return sorted(loaded.folder.glob("submissions/accepted/*.py"))


def test_every_style_is_accepted_in_full(loaded: Loaded) -> None:
    failed = []
    with open_box("auto", cell_config(loaded.challenge)) as box:
        for secret in DRAWN_FROM:
            exam = Exam(loaded, build(loaded.challenge, secret), secret)
            for path in _styles(loaded):
                result = judge(read(path), exam, box)
                flaky = [case.name for g in result.groups for case in g.cases if case.flaky]
                if result.verdict is not Verdict.ACCEPTED or flaky:
                    failed.append((path.name, str(result.verdict), flaky))
    assert [] == failed


def test_these_are_more_than_ten_thousand_cases_in_ten_styles_each() -> None:
    judged = 0
    catalog = Catalog()
    for entry in catalog.list():
        loaded = catalog.load(entry.id)
        styles = len(_styles(loaded))
        assert (entry.id, True) == (entry.id, styles >= LEAST_STYLES)
        data = build(loaded.challenge, DRAWN_FROM[0])
        judged += len(DRAWN_FROM) * styles * sum(len(group.cases) for group in data.groups)
    assert LEAST_CASES < judged
