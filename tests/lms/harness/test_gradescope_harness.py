"""What Gradescope is told where there is no ordinary result: always a valid file, and fairly."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from grader.lms.harness import graded, gradescope
from grader.lms.harness.graded import Fault, NotGradable
from grader.lms.harness.history import History
from grader.lms.harness.settings import Home, Settings, to_json
from grader.lms.single.outline import NO_MARK
from grader.stored import from_json

TESTS = Path(__file__).resolve().parents[1]
ROOT = TESTS.parents[1]
SCHEMA = json.loads((TESTS / "single" / "gradescope.schema.json").read_text("utf-8"))
SETTINGS = Settings("sgdWithMomentum", "d", "h", 100.0, "20", private=False)


def checked(results: dict[str, Any]) -> dict[str, Any]:
    jsonschema.Draft202012Validator(SCHEMA).validate(results)
    return results


def stored(name: str) -> Any:
    path = TESTS / "golden" / "single" / "results" / f"{name}.json"
    return from_json(json.loads(path.read_text("utf-8")))


def test_what_the_student_has_to_mend_is_one_visible_test_without_points() -> None:
    results = checked(gradescope.results(NotGradable("two files"), SETTINGS, History(earlier=9.0)))
    [test] = results["tests"]
    assert (0, 20.0) == (results["score"], test["max_score"])
    assert ("two files", "visible", "failed") == (
        *(test["output"], test["visibility"], test["status"]),
    )


@pytest.mark.parametrize(("earlier", "score"), [(None, 0), (9.0, 9.0)])
@pytest.mark.parametrize("settings", [SETTINGS, None])
def test_a_fault_of_ours_keeps_the_score_before_and_tells_the_instructor_alone(
    earlier: float | None, score: float, settings: Settings | None
) -> None:
    fault = Fault("TierUnavailable: nothing confines here")
    results = checked(gradescope.results(fault, settings, History(earlier=earlier)))
    shown, hidden = results["tests"]
    assert score == results["score"]
    assert "hidden" == results["stdout_visibility"]
    assert ("visible", NO_MARK) == (shown["visibility"], shown["output"])
    assert "hidden" == hidden["visibility"]
    assert "nothing confines here" in hidden["output"]
    assert "nothing confines" not in json.dumps([results["extra_data"], shown])
    assert "judge_error" == results["extra_data"]["grader"]["verdict"]


def test_a_judge_error_keeps_the_score_before() -> None:
    error = stored("judge_error")
    assert 9.0 == checked(gradescope.results(error, SETTINGS, History(earlier=9.0)))["score"]
    assert 0 == checked(gradescope.results(error, SETTINGS, History()))["score"]


def test_a_mark_is_that_of_this_attempt_in_the_points_of_the_platform() -> None:
    right = gradescope.results(stored("right"), SETTINGS, History(attempt=2, earlier=3.0))
    assert 20.0 == checked(right)["score"]
    assert 2 == right["extra_data"]["attempt"]
    assert "accepted" == right["extra_data"]["grader"]["verdict"]


def test_a_package_that_is_broken_is_our_fault_and_still_a_file(tmp_path: Path) -> None:
    (tmp_path / "source" / "grader").mkdir(parents=True)
    written = tmp_path / "results" / "results.json"
    for broken in (None, b"{", b"[]", b'{"challenge": "x"}'):
        if broken is not None:
            (tmp_path / "source" / "grader" / "settings.json").write_bytes(broken)
        assert 0 == gradescope.main([str(tmp_path)])
        results = checked(json.loads(written.read_text("utf-8")))
        assert "settings.json" in results["tests"][1]["output"]
        assert ["results.json"] == [path.name for path in written.parent.iterdir()]


def test_a_grading_that_was_killed_keeps_the_score_before(tmp_path: Path) -> None:
    about = {"previous_submissions": [{"score": "9.0"}]}
    (tmp_path / "submission_metadata.json").write_text(json.dumps(about), "utf-8")
    (tmp_path / "source" / "grader").mkdir(parents=True)
    (tmp_path / "source" / "grader" / "settings.json").write_bytes(to_json(SETTINGS))
    python = tmp_path / "grader-venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    # -I would hide the grader that is tested; with a folder alone it is killed.
    python.write_text(
        "#!/bin/sh\nshift 4\n[ $# -gt 1 ] || kill -9 $$\n"
        f'exec {sys.executable} -c "import sys; sys.path.insert(0, sys.argv.pop(1)); '
        f'from grader.lms.harness.gradescope import main; main(sys.argv[1:])" {ROOT} "$@"\n'
    )
    python.chmod(0o755)
    script = ROOT / "grader" / "lms" / "packaging" / "gradescope.sh"
    environment = {**os.environ, "AUTOGRADER_ROOT": str(tmp_path)}
    subprocess.run(["bash", script], env=environment, timeout=60, check=True)
    results = checked(json.loads((tmp_path / "results" / "results.json").read_text("utf-8")))
    assert 9.0 == results["score"]
    assert "ended with exit code 137" in results["tests"][1]["output"]


@pytest.mark.parametrize("break_it", ["secret", "challenge", "folder"])
def test_whatever_is_missing_is_named_and_nobody_is_graded(tmp_path: Path, break_it: str) -> None:
    home = Home(tmp_path / "grader")
    folder = tmp_path / "submission"
    for path in (home.folder, folder):
        path.mkdir()
    (folder / "it.py").write_text("def sgdWithMomentum(a, b, c, d): return 0\n", "utf-8")
    settings = SETTINGS
    if break_it == "challenge":
        settings = Settings("sgdWithMomentun", "d", "h", 100.0, None, private=False)
    if break_it == "folder":
        folder = tmp_path / "elsewhere"
    if break_it != "secret":
        (home.folder / "secret").write_bytes(b"a secret")
    found = graded.outcome(home, settings, folder)
    assert isinstance(found, Fault)
    expected = {"secret": "secret file", "challenge": "did you mean", "folder": "elsewhere"}
    assert expected[break_it] in found.sentence


def test_settings_come_back_as_they_were_packed(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_bytes(to_json(SETTINGS))
    assert SETTINGS == Home(tmp_path).settings()
    assert (20, 100) == (
        SETTINGS.most,
        Settings("a", "d", "h", 100.0, None, private=False).most,
    )


def test_an_only_file_that_defines_something_else_is_graded_and_told_so(tmp_path: Path) -> None:
    home = Home(tmp_path / "grader")
    home.folder.mkdir()
    (home.folder / "secret").write_bytes(b"a secret")
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "it.py").write_text("def sgd(a, b, c, d): return 0\n", "utf-8")
    found = graded.outcome(home, SETTINGS, tmp_path / "submission")
    results = checked(gradescope.results(found, SETTINGS, History()))
    assert (0, "invalid_submission") == (
        *(results["score"], results["extra_data"]["grader"]["verdict"]),
    )
    assert "sgdWithMomentum" in results["output"]


def test_a_name_that_lies_about_itself_is_shown_harmless(tmp_path: Path) -> None:
    (tmp_path / "submission").mkdir()
    for name in ("a\u202e\n\x1b[31m.py", "b.py"):
        text = f"def sgdWithMomentum(a, b, c, d): return {name!r}\n"
        (tmp_path / "submission" / name).write_text(text, "utf-8")
    found = graded.outcome(Home(tmp_path), SETTINGS, tmp_path / "submission")
    assert isinstance(found, NotGradable)
    assert found.sentence.isprintable()
    assert "each define sgdWithMomentum" in found.sentence


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("def sgdWithMomentum(a, b, c, d): return 0\n", "utf-8")
    (tmp_path / "submission").mkdir()
    (tmp_path / "submission" / "it.py").symlink_to(tmp_path / "secret.py")
    found = graded.outcome(Home(tmp_path), SETTINGS, tmp_path / "submission")
    assert isinstance(found, NotGradable)
    assert "nothing was handed in" in found.sentence
