"""Who of a run has which grade, and who has none yet."""

from pathlib import Path

from grader.lms import grades
from grader.store import FILE, Filed, Store


def test_who_has_no_result_yet_has_a_grade_without_a_score(tmp_path: Path) -> None:
    about = {"platform": "canvas", "key": "501", "display": "ada", "team": [{"key": "7"}, {}]}
    with Store(tmp_path / FILE) as store:
        store.begin({"sgdWithMomentum": 10.0})
        store.file([
            Filed("1", "canvas:501@1/a.py", tmp_path, "", "", about),
            Filed("2", "canvas:501@2/a.py", tmp_path, "", "", about),
            Filed("3", "ada.py", tmp_path, "", "", {}),
        ])  # fmt: skip
        store.commit()
        found = grades.of(store)
    assert [("", "ada.py", ()), ("canvas", "501", ("7",))] == [
        (each.platform, each.key, each.members) for each in found
    ]
    assert {(None, 10, "sgdWithMomentum: not graded yet: start the batch again")} == {
        (each.score, each.max_score, each.why) for each in found
    }
