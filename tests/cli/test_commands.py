"""The commands as a contract: options, exit codes, fields and file names."""

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.cli import options
from grader.errors import TierUnavailable
from grader.sandbox import tiers
from grader.store import Store
from grader.verdict import Verdict

Grader = Callable[..., Any]

WRONG = b"def sgdWithMomentum(data, lr, beta, epochs):\n    return 0.0\n"
RESULT_FIELDS = {
    *("schema", "challenge", "challenge_digest", "dataset_digest", "submission", "language"),
    *("sha256", "verdict", "score", "max_score", "groups", "diagnosis", "notes", "sandbox"),
    *("cpu_s", "wall_s"),
}
CASE_FIELDS = {
    *("name", "verdict", "score", "max_score", "cpu_s", "message", "inputs", "desired", "actual"),
}


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    (tmp_path / "wrong.py").write_bytes(WRONG)
    return tmp_path / "wrong.py"


@pytest.fixture
def good(tmp_path: Path, right: bytes) -> Path:
    (tmp_path / "good.py").write_bytes(right)
    return tmp_path / "good.py"


# --- list, show, start, doctor ----------------------------------------------------------------


def test_list_names_every_challenge(grader: Grader) -> None:
    ran = grader("list", "--json")
    entry = {"id": "sgdWithMomentum", "languages": ["python", "javascript"]}
    assert 0 == ran.code
    (found,) = (each for each in json.loads(ran.out) if each["id"] == entry["id"])
    assert entry.items() <= found.items()
    assert {"id", "title", "languages"} == json.loads(ran.out)[0].keys()
    assert "sgdWithMomentum" in grader("list").out


def test_show_tells_the_statement_the_groups_and_the_limits(grader: Grader) -> None:
    ran = grader("show", "sgdWithMomentum")
    assert 0 == ran.code
    for said in ("momentum", "hidden", "points", "1 s CPU", "numpy"):
        assert said in ran.out


def test_an_unknown_challenge_is_a_usage_error_that_names_the_nearest(grader: Grader) -> None:
    for command in (["show"], ["start"], ["grade"]):
        ran = grader(*command, "sgdWithMomentun", *([__file__] if command == ["grade"] else []))
        assert (2, "") == (ran.code, ran.out)
        assert "did you mean sgdWithMomentum" in ran.err


def test_start_copies_and_never_overwrites(
    tmp_path: Path, grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert 0 == grader("start", "sgdWithMomentum").code
    folder = tmp_path / "sgd_with_momentum"
    assert {"starter.py", "statement.md"} == {path.name for path in folder.iterdir()}
    (folder / "starter.py").write_text("my work")
    again = grader("start", "sgdWithMomentum", folder)
    assert 2 == again.code
    assert "exists" in again.err
    assert "my work" == (folder / "starter.py").read_text()
    assert 0 == grader("start", "sgdWithMomentum", "--language", "python", "new/folder").code
    assert (tmp_path / "new" / "folder" / "statement.md").is_file()
    refused = grader("start", "sgdWithMomentum", "--language", "cobol", "other")
    assert 2 == refused.code
    assert "only in python" in refused.err
    assert not (tmp_path / "other").exists()


def test_doctor_tells_what_holds(grader: Grader) -> None:
    ran = grader("doctor", "--json")
    report = json.loads(ran.out)
    assert list(tiers.TIERS) == [each["tier"] for each in report["tiers"]]
    assert (0 if report["tier"] else 3) == ran.code


def test_the_tiers_to_choose_from_are_the_ones_there_are() -> None:
    assert ("auto", *tiers.TIERS) == options.TIERS
    assert tiers.UNSAFE == options.UNSAFE


# --- grade ------------------------------------------------------------------------------------


def test_a_result_has_the_fields_of_the_contract(grader: Grader, wrong: Path) -> None:
    ran = grader("grade", "sgdWithMomentum", wrong, "--view", "instructor", "--format", "json")
    result = json.loads(ran.out)
    assert 1 == ran.code
    assert RESULT_FIELDS <= result.keys()
    assert (1, "sgdWithMomentum", "wrong.py", "python", "wrong_answer") == tuple(
        result[key] for key in ("schema", "challenge", "submission", "language", "verdict")
    )
    cases = [case for group in result["groups"] for case in group["cases"]]
    assert all(CASE_FIELDS <= case.keys() for case in cases)
    assert all(case["inputs"].keys() == {"data", "lr", "beta", "epochs"} for case in cases)
    assert result["sandbox"]["tier"] in tiers.TIERS
    assert result["max_score"] == sum(group["max_score"] for group in result["groups"])


def test_a_student_sees_no_hidden_value(grader: Grader, wrong: Path) -> None:
    result = json.loads(grader("grade", "sgdWithMomentum", wrong, "--format", "json").out)
    for group in result["groups"]:
        shown = [case for case in group["cases"] if case["inputs"] is not None]
        assert (len(group["cases"]) if group["visibility"] == "visible" else 0) == len(shown)
        for case in group["cases"]:
            assert case in shown or [None] * 4 == [
                case[key] for key in ("message", "inputs", "desired", "actual")
            ]


def test_the_same_secret_gives_the_same_result(grader: Grader, wrong: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("one\n")
    (tmp_path / "other").write_text("two\n")
    digests = [
        json.loads(
            grader("grade", "sgdWithMomentum", wrong, "--format", "json", "--secret-file", file).out
        )["dataset_digest"]
        for file in (tmp_path / "secret", tmp_path / "secret", tmp_path / "other")
    ]
    assert digests[0] == digests[1] != digests[2]


def test_a_report_can_go_to_a_file(grader: Grader, good: Path, tmp_path: Path) -> None:
    ran = grader("grade", "sgdWithMomentum", good, "-o", tmp_path / "report.txt")
    assert (0, "", "") == (ran.code, ran.out, ran.err)
    assert "accepted, 100 of 100" in (tmp_path / "report.txt").read_text()


def test_without_a_secret_one_is_made_and_announced_once(
    grader: Grader, good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GRADER_SECRET")
    first = grader("grade", "sgdWithMomentum", good)
    second = grader("grade", "sgdWithMomentum", good)
    assert (0, 0) == (first.code, second.code)
    assert str(tmp_path / "config" / "grader" / "secret") in first.err
    assert "" == second.err


def test_grading_without_a_box_is_loud(grader: Grader, good: Path) -> None:
    ran = grader("grade", "sgdWithMomentum", good, "--unsafe-no-sandbox")
    assert 0 == ran.code
    assert "NO SANDBOX" in ran.err
    both = grader("grade", "sgdWithMomentum", good, "--unsafe-no-sandbox", "--tier", "full")
    assert 2 == both.code


@pytest.mark.parametrize(
    "arguments",
    [["grade"], ["grade", "sgdWithMomentum"], ["check"], ["check", "a", "b", "c"], ["no-such"]],
)
def test_wrong_usage_is_told_from_a_wrong_answer(grader: Grader, arguments: list[str]) -> None:
    ran = grader(*arguments)
    assert (2, "") == (ran.code, ran.out)
    assert "Usage: grader" in ran.err


def test_a_broken_challenge_is_the_authors_fault(
    grader: Grader, good: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine" / "broken"
    folder.mkdir(parents=True)
    (folder / "spec.py").write_text("challenge = 3\n")
    ran = grader("grade", "broken", good, "--challenges", tmp_path / "mine")
    assert (3, "") == (ran.code, ran.out)
    assert 1 == ran.err.count("\n")


def test_a_fault_of_ours_is_one_line_and_its_traceback_can_be_had(
    grader: Grader, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError("no\x1b one's fault")

    monkeypatch.setattr(options, "secret_of", breaks)
    ran = grader("grade", "sgdWithMomentum", good)
    assert (3, 1) == (ran.code, ran.err.count("\n"))
    assert "ZeroDivisionError: no\\x1b one's fault" in ran.err
    assert "GRADER_DEBUG=1" in ran.err
    monkeypatch.setenv("GRADER_DEBUG", "1")
    assert "Traceback" in grader("grade", "sgdWithMomentum", good).err


@pytest.mark.parametrize(
    ("verdict", "expected"),
    [(Verdict.ACCEPTED, 0), (Verdict.RUNTIME_ERROR, 1), (Verdict.JUDGE_ERROR, 3)],
)
def test_a_verdict_has_an_exit_code(verdict: Verdict, expected: int) -> None:
    assert expected == options.exit_code(verdict)


@pytest.mark.parametrize(("form", "start"), [("html", "<!DOCTYPE html>"), ("markdown", "# sgd")])
def test_a_report_is_a_page_or_markdown_where_that_is_wanted(
    grader: Grader, wrong: Path, form: str, start: str
) -> None:
    ran = grader("grade", "sgdWithMomentum", wrong, "--format", form)
    assert 1 == ran.code
    assert ran.out.startswith(start)
    assert ran.out.endswith("\n")
    assert "wrong answer" in ran.out
    assert "random 1" not in ran.out
    full = grader("grade", "sgdWithMomentum", wrong, "--format", form, "--view", "instructor")
    assert "random 1" in full.out


# --- check ------------------------------------------------------------------------------------


def test_check_finds_the_challenge_and_runs_visible_cases_only(
    grader: Grader, good: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("GRADER_SECRET")
    ran = grader("check", good)
    assert (0, "") == (ran.code, ran.err)
    assert "accepted, 10 of 10 points" in ran.out
    assert "hidden" not in ran.out
    assert not (tmp_path / "config").exists(), "visible cases need no secret"
    assert 0 == grader("check", "sgdWithMomentum", good).code


def test_check_asks_for_the_challenge_where_it_cannot_tell(
    grader: Grader, tmp_path: Path, right: bytes
) -> None:
    (tmp_path / "a.py").write_bytes(right.replace(b"sgdWithMomentum", b"train"))
    ran = grader("check", tmp_path / "a.py")
    assert (2, "") == (ran.code, ran.out)
    assert "grader check CHALLENGE a.py" in ran.err


def test_check_works_where_there_is_no_box(
    grader: Grader, good: Path, wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> None:
        raise TierUnavailable("forced")

    monkeypatch.setattr(tiers, "require_support", refuses)
    ran = grader("check", good)
    assert 0 == ran.code
    assert "no sandbox on this system" in ran.err
    assert 1 == ran.err.count("\n")
    assert 1 == grader("check", wrong).code
    insisted = grader("check", good, "--tier", "closed")
    assert 3 == insisted.code
    assert 3 == grader("grade", "sgdWithMomentum", good).code


def test_check_takes_another_system_for_one_without_a_box(
    grader: Grader, good: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    ran = grader("check", good)
    assert 0 == ran.code
    assert "no sandbox on this system" in ran.err


def test_a_loop_ends_without_a_box_too(grader: Grader, tmp_path: Path) -> None:
    (tmp_path / "loop.py").write_bytes(WRONG.replace(b"return 0.0", b"while True: pass"))
    ran = grader("check", tmp_path / "loop.py", "--unsafe-no-sandbox")
    assert 1 == ran.code
    assert "time limit exceeded" in ran.out


# --- batch ------------------------------------------------------------------------------------


def test_a_batch_writes_sorted_results_and_a_summary(
    grader: Grader, tmp_path: Path, right: bytes
) -> None:
    folder = tmp_path / "class"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "=right.py").write_bytes(right)
    (folder / "a.py").write_bytes(WRONG)
    (folder / "c.py").write_bytes(b"")
    (folder / "notes.txt").touch()
    out = tmp_path / "out"
    ran = grader("batch", "sgdWithMomentum", folder, "--out", out, "--jobs", 2)
    assert 0 == ran.code
    assert "notes.txt: not a .py, .js, .mjs or .cjs file\n1 files skipped" in ran.err
    assert "3/3" in ran.err
    assert "3 graded: 1 invalid submission, 1 wrong answer, 1 accepted" in ran.out
    results = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    assert ["a.py", "b/=right.py", "c.py"] == [each["submission"] for each in results]
    assert all(RESULT_FIELDS <= each.keys() for each in results)
    with (out / "summary.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert ["submission", "verdict", "score", "max_score", "first_diagnosis"] == rows[0]
    assert ["b/=right.py", "accepted", "100", "100", ""] == rows[2]
    assert {"results.jsonl", "summary.csv", "run.sqlite", "run.sqlite.lock"} == {
        path.name for path in out.iterdir()
    }

    before = (out / "results.jsonl").read_bytes()
    again = grader("batch", "sgdWithMomentum", folder, "--out", out, "--quiet")
    assert (0, ran.out) == (again.code, again.out)
    assert "1 files skipped\n" == again.err.split("file\n")[-1]
    assert before == (out / "results.jsonl").read_bytes()
    other = grader("batch", "adamW", folder, "--out", out)
    assert (2, "") == (other.code, other.out)
    assert "holds a run of sgdWithMomentum, not of adamW" in other.err
    assert "--fresh" in other.err
    assert 0 == grader("batch", "sgdWithMomentum", folder / "c.py", "--out", out).code
    assert 1 == len((out / "results.jsonl").read_text().splitlines())


def test_a_batch_gives_what_grade_gives(grader: Grader, wrong: Path, tmp_path: Path) -> None:
    single = grader("grade", "sgdWithMomentum", wrong, "--view", "instructor", "--format", "json")
    assert 0 == grader("batch", "sgdWithMomentum", wrong, "--out", tmp_path / "out").code
    results = [json.loads(single.out), json.loads((tmp_path / "out/results.jsonl").read_text())]
    for result in results:
        for key in ("cpu_s", "wall_s"):
            del result[key]
        for group in result["groups"]:
            for case in group["cases"]:
                del case["cpu_s"]
    assert results[0] == results[1]


def test_a_batch_with_a_judge_error_says_so(grader: Grader, good: Path, tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "good.py").write_bytes(good.read_bytes())
    (tmp_path / "dangling.py").symlink_to(tmp_path / "gone")
    ran = grader(
        *("batch", "sgdWithMomentum", tmp_path / "class", tmp_path / "dangling.py"),
        *("--out", tmp_path / "out", "--jobs", 1),
    )
    assert 3 == ran.code
    assert "dangling.py,judge_error,,100," in (tmp_path / "out" / "summary.csv").read_text()
    assert "good.py,accepted,100,100," in (tmp_path / "out" / "summary.csv").read_text()


@pytest.mark.parametrize("path", ["missing", "empty"])
def test_a_batch_of_nothing_is_a_usage_error(grader: Grader, tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    ran = grader("batch", "sgdWithMomentum", tmp_path / path, "--out", tmp_path / "out")
    assert (2, "") == (ran.code, ran.out)
    assert not (tmp_path / "out").exists()


# --- report -----------------------------------------------------------------------------------


def test_a_batch_becomes_pages(
    grader: Grader, good: Path, wrong: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "out"
    assert 0 == grader("batch", "sgdWithMomentum", good, wrong, "--out", out).code
    ran = grader("report", out, "--title", "Week <3>")
    assert (0, "") == (ran.code, ran.err)
    assert f"2 submissions: {out / 'report.html'}" in ran.out
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "Week &lt;3&gt;" in page
    pages = sorted((out / "students").iterdir())
    assert ["good-py", "wrong-py"] == [path.stem.rpartition("-")[0] for path in pages]
    for path in pages:
        assert f'href="students/{path.name}"' in page
    graded = grader("grade", "sgdWithMomentum", good, "--format", "html").out
    without_times = [
        [line for line in text.splitlines() if "s CPU" not in line]
        for text in (graded, pages[0].read_text(encoding="utf-8"))
    ]
    assert without_times[0] == without_times[1]
    assert 0 == grader("report", out).code, "it can be made again"


def test_pages_are_made_of_the_run_while_it_is_in_use(
    grader: Grader, good: Path, wrong: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert 0 == grader("batch", "sgdWithMomentum", good, wrong, "--out", out).code
    (out / "results.jsonl").unlink()
    with Store(out / "run.sqlite") as store:
        store.set_meta("not", "committed")
        ran = grader("report", out)
        assert (0, "") == (ran.code, ran.err)
        store.commit()
    assert "2 submissions" in ran.out
    text = "\n".join(path.read_text("utf-8") for path in (out / "students").iterdir())
    assert "A small input on which it fails" in text
    assert "How it goes on" in text


def test_pages_of_students_who_are_gone_are_removed_and_nothing_else(
    grader: Grader, good: Path, wrong: Path, tmp_path: Path
) -> None:
    out, students = tmp_path / "out", tmp_path / "out" / "students"
    assert 0 == grader("batch", "sgdWithMomentum", good, wrong, "--out", out).code
    assert 0 == grader("report", out).code
    others = {"mine.html", "notes.txt", "good-py-0123456789abcdef.htm"}
    for name in others:
        (students / name).write_text("mine")
    (students / "link-0123456789abcdef.html").symlink_to(good)
    (students / "0123456789abcdef.html").write_text("an old page")
    assert 0 == grader("batch", "sgdWithMomentum", good, "--out", out).code
    assert 0 == grader("report", out).code
    left = {path.name for path in students.iterdir()} - others
    assert {"good-py", "link"} == {name.rpartition("-")[0] for name in left}
    assert good.exists()


@pytest.mark.parametrize("content", [None, b"{}\n", b"no json\n", b"[1]\n", b'{"a": "\xff"}\n'])
def test_what_is_no_batch_has_no_pages(
    grader: Grader, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "results.jsonl").write_bytes(content)
    ran = grader("report", tmp_path)
    assert (2, "") == (ran.code, ran.out)
    assert 1 == ran.err.count("\n")
    assert "results.jsonl" in ran.err or "not a result" in ran.err
    assert not (tmp_path / "report.html").exists()
