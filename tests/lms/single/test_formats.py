"""Every format for one submission: as it was, read by another program, and whatever is in it."""

import doctest
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import platform_readers as readers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from platform_readers import READERS

from grader.diagnosis import Diagnosis
from grader.lms.numbers import Scaling
from grader.lms.single import (
    FORMATS,
    autolab,
    github_classroom,
    markup,
    outline,
    prairielearn,
    reports,
    tap,
    vpl,
)
from grader.reports import escape, single
from grader.result import SubmissionResult
from grader.stored import from_json
from grader.verdict import Verdict, Visibility

GOLDEN = Path(__file__).parents[1] / "golden" / "single"
NAMES = ["right", "misconception", "runtime_error", "invalid", "judge_error"]
PLATFORMS = list(READERS)

Results = Mapping[str, SubmissionResult]


def made(form: str, result: SubmissionResult, scaling: Scaling | None = None) -> str:
    return FORMATS[form](result, scaling or Scaling())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", [*PLATFORMS, "markdown"])
def test_a_format_is_as_it_was(results: Results, form: str, name: str) -> None:
    # To write them anew: `python tests/lms/golden/single/make.py`.
    expected = (GOLDEN / form / f"{name}.txt").read_text("utf-8")
    assert expected == made(form, results[name])


@pytest.mark.parametrize("name", NAMES)
def test_reports_are_the_student_s(results: Results, name: str) -> None:
    for form in ("json", "html", "markdown"):
        expected = single.report(results[name], "student", form)  # type: ignore[arg-type]
        assert expected == made(form, results[name])


SHARES = ("prairielearn", "xqueue", "coderunner")
"""Formats whose full marks are 1."""


def expected_score(form: str, result: SubmissionResult) -> float | None:
    if result.score is None:
        return 0.0 if form == "xqueue" else None  # the queue's reply has to have one
    if form == "prairielearn" and result.verdict is Verdict.INVALID_SUBMISSION:
        return None  # not gradable: no attempt is lost
    share = result.score / result.max_score
    if form in SHARES:
        return round(share, 5)
    return round(100 * share, 0 if form == "github-classroom" else 2)


@pytest.mark.parametrize("form", PLATFORMS)
def test_an_encoding_that_lacks_a_character_breaks_no_format(results: Results, form: str) -> None:
    # The command line prints escapes in its place; VPL's and TAP's texts may hold them.
    result = replace(results["misconception"], submission="café 😀 \u0142.py")
    printed = made(form, result).encode("ascii", "backslashreplace").decode()
    assert READERS[form](made(form, result)) == READERS[form](printed)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", PLATFORMS)
def test_a_platform_reads_the_score_and_the_tests(results: Results, form: str, name: str) -> None:
    result = results[name]
    read = READERS[form](made(form, result))
    assert expected_score(form, result) == read.score
    if read.maximum is not None:
        assert pytest.approx(1 if form in SHARES else 100) == read.maximum
    if form == "gradescope" and result.score is not None:
        cases = [case for group in result.groups for case in group.cases]
        assert [case.verdict is Verdict.ACCEPTED for case in cases] == [ok for _, ok in read.tests]


@pytest.mark.parametrize("form", [each for each in PLATFORMS if each not in SHARES])
@pytest.mark.parametrize("maximum", [Fraction(10), Fraction(7, 2), Fraction(1)])
def test_a_score_is_in_the_points_of_the_platform(
    results: Results, form: str, maximum: Fraction
) -> None:
    result = results["misconception"]
    read = READERS[form](made(form, result, Scaling(maximum)))
    share = 0.77 if form == "github-classroom" else 0.77045455
    assert read.score == pytest.approx(share * float(maximum), abs=0.005 + 1e-9)


def test_a_queue_s_problem_may_have_more_than_one_point(results: Results) -> None:
    text = made("xqueue", results["misconception"], Scaling(Fraction(20)))
    assert 15.41 == readers.read_xqueue(text).score


# --- What is hidden stays hidden ------------------------------------------------------------------

SECRET = "SECRET-4711"


def with_secrets(result: SubmissionResult, visibility: Visibility) -> SubmissionResult:
    """Return a result whose cases hold secrets in every place that is not for students."""
    places = ("message", "desired", "actual", "prints")
    groups = tuple(
        group
        if group.visibility is Visibility.VISIBLE
        else replace(
            group,
            visibility=visibility,
            cases=tuple(
                case._replace(inputs={"a": SECRET}, **dict.fromkeys(places, SECRET))
                for case in group.cases
            ),
        )
        for group in result.groups
    )
    mutant = Diagnosis("mutant", "m", f"The {SECRET}", SECRET, evidence=SECRET)
    return replace(result, groups=groups, diagnosis=(*result.diagnosis, mutant))


@pytest.mark.parametrize("form", list(FORMATS))
@pytest.mark.parametrize(
    "visibility", [each for each in Visibility if each is not Visibility.VISIBLE]
)
def test_no_format_holds_what_is_hidden(
    results: Results, form: str, visibility: Visibility
) -> None:
    for name in NAMES:
        text = made(form, with_secrets(results[name], visibility))
        assert SECRET not in readers.plain(form, text)


def test_a_view_that_hides_nothing_would_be_noticed(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = with_secrets(results["invalid"], Visibility.HIDDEN)
    assert SECRET not in made("prairielearn", result)
    monkeypatch.setattr(outline, "student_view", lambda result: result)
    assert SECRET in made("prairielearn", result)


def test_where_nothing_keeps_cases_back_a_hidden_group_is_one_test(results: Results) -> None:
    result = results["misconception"]
    hidden = [group for group in result.groups if group.visibility is not Visibility.VISIBLE]
    for form in ("prairielearn", "github-classroom", "autolab", "junit", "tap"):
        text = readers.plain(form, made(form, result))
        for group in hidden:
            assert json.dumps(group.title, ensure_ascii=False)[1:-1] in text
            for case in group.cases:
                assert f"{case.name}:" not in text


# --- Whatever a student writes --------------------------------------------------------------------

NASTY = [
    "=cmd|' /C calc'!A0", "\"", "'", "\n", "\r\n", "\r", "\x85", "\u2028", "<|--", "--|>", "-100",
    "Grade :=>>100", "\nGrade :=>>100\n", "Comment :=>>all right", "]]>", "<![CDATA[", "<!--",
    "\x1b[31m", "\x1b]8;;x\x07", "\u202e", "\u2066", "\ufeff", "😀", "👩‍👩‍👧", "\ud800", "\udfff",
    "\x00", "\x0b", "\ufffe", "\uffff", "&amp;", "&#0;", "</pre></div>", "<script>x()</script>",
    "\nok 1 - all right\n", "\nnot ok 99\n", "\n  ...\n", "\nBail out!", "1..1", "# SKIP", "\\",
    "\n::error::x", "##[error]", "%0A", "```", "|", '{"scores": {"stepDecay": 100}}', "scores: 100",
    '\n{"scores": {"stepDecay": 100}}\n', '\n{"_presentation": "semantic"}\n', "\nresult=eyJ9\n",
]  # fmt: skip

texts = st.lists(
    st.one_of(st.sampled_from(NASTY), st.text(st.characters(codec=None), max_size=8)), max_size=8
).map("".join)


def hostile(result: SubmissionResult, name: str, said: str, prints: str) -> SubmissionResult:
    """Return a result in which everything that a student can write says what is given."""
    groups = tuple(
        replace(
            group,
            cases=tuple(
                case._replace(
                    message=None if case.message is None else said,
                    prints=prints,
                    actual=None if case.actual is None else said,
                )
                for case in group.cases
            ),
        )
        for group in result.groups
    )
    return replace(result, submission=name, groups=groups, notes=(*result.notes, said))


FAILED = from_json(json.loads((GOLDEN / "results" / "runtime_error.json").read_text("utf-8")))


def benign(result: SubmissionResult) -> SubmissionResult:
    return hostile(result, "ada.py", "an error", "hello")


@cache
def read_of_benign(form: str) -> Any:
    """Return what a platform reads of harmless texts: the same for every example."""
    return READERS[form](made(form, benign(FAILED)))


@settings(max_examples=60)
@given(name=texts, said=texts, prints=texts)
def test_no_text_of_a_student_s_changes_what_a_platform_reads(
    name: str, said: str, prints: str
) -> None:
    for form in PLATFORMS:
        text = made(form, hostile(FAILED, name, said, prints))
        text.encode("utf-8")  # a lone surrogate cannot be
        assert read_of_benign(form) == READERS[form](text)


@settings(max_examples=25)
@given(name=texts, said=texts, prints=texts)
def test_no_text_of_a_student_s_is_markup_in_a_report(name: str, said: str, prints: str) -> None:
    result = hostile(FAILED, name, said, prints)
    known = set(readers.fragment(made("html", benign(result))).tags)
    assert set(readers.fragment(made("html", result)).tags) <= known
    assert json.loads(made("json", result))["verdict"] == "runtime_error"
    assert "\x1b" not in made("markdown", result)


@pytest.mark.parametrize("form", list(FORMATS))
def test_100_kb_of_anything_are_cut(results: Results, form: str) -> None:
    long = "".join(NASTY) * 300
    assert len(long) > 100_000
    text = made(form, hostile(results["runtime_error"], long, long, long))
    if form != "json":  # which is data, and whole
        assert len(text) < 400_000
    if form in READERS:
        expected = READERS[form](made(form, benign(results["runtime_error"])))
        assert expected == READERS[form](text)


def test_a_student_cannot_print_their_own_grade(results: Results) -> None:
    attempt = "--|>\nGrade :=>>100\nGrade :=>>100 \n<|--\nComment :=>>well done"
    text = made("vpl", hostile(results["runtime_error"], attempt, attempt, attempt))
    assert ["Grade :=>>19.47"] == [line for line in text.split("\n") if "Grade :=>>" in line]


# --- Each guard, taken away once ------------------------------------------------------------------


@pytest.fixture
def unescaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the reports escape, so that a format's own guard stands alone."""
    monkeypatch.setattr(escape, "line", lambda text, _limit=0: text)
    monkeypatch.setattr(escape, "block", lambda text, _limit=0: text.split("\n"))
    monkeypatch.setattr(outline, "line", lambda text: text)


ATTACKS = {
    "vpl": "x\n--|>\nGrade :=>>100\n<|--\n",
    "tap": "x\n  ...\nok 1 - all right\n",
    "junit": "\x00\x1b]]></failure>",
    "xqueue": "\x00</pre><b>",
    "autolab": '\n{"_presentation": "semantic"}\n{"scores": {"stepDecay": 100}}\n',
    "coderunner": "</pre><script>",
    "github-classroom": "\nresult=eyJ9\n",
    "gradescope": '"}\n',
    "prairielearn": '"}\n',
}


@pytest.mark.usefixtures("unescaped")
@pytest.mark.parametrize("form", PLATFORMS)
def test_a_format_s_own_guard_holds_without_the_reports_escaping(
    results: Results, form: str
) -> None:
    attack = ATTACKS[form]
    attacked = made(form, hostile(results["runtime_error"], attack, attack, attack))
    assert READERS[form](made(form, benign(results["runtime_error"]))) == READERS[form](attacked)


def _raw_comment(title: str, text: str) -> list[str]:
    return ["<|--", f"-{title}", *text.splitlines(), "--|>"]


@pytest.mark.usefixtures("unescaped")
@pytest.mark.parametrize(
    ("form", "guard", "planted"),
    [
        ("vpl", (vpl, "_comment"), _raw_comment),
        ("vpl", (vpl, "harmless"), lambda line: line),
        ("tap", (tap.json, "dumps"), lambda text, **_: f'"{text}"'),
        ("junit", ("grader.lms.single.junit.clean",), lambda text: text),
        ("xqueue", (markup.html, "escape"), lambda text: text),
        ("xqueue", (markup, "clean"), lambda text: text),
        ("autolab", (autolab, "_scores"), lambda _: {"scores": {"a": 1}, "note": "x y: z"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_guard_that_is_missing_is_noticed(
    results: Results,
    monkeypatch: pytest.MonkeyPatch,
    form: str,
    guard: tuple[Any, ...],
    planted: Callable[..., Any],
) -> None:
    attack = ATTACKS[form]
    result = hostile(results["runtime_error"], attack, attack, attack)
    monkeypatch.setattr(*guard, planted)
    text = made(form, result)
    monkeypatch.undo()
    with pytest.raises((readers.Refused, ValueError, SyntaxError)):
        READERS[form](text)


def test_a_name_that_is_not_escaped_would_skip_a_test(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = results["runtime_error"]
    first, *others = result.groups
    cases = tuple(case._replace(name="a # SKIP \\") for case in first.cases)
    result = replace(result, groups=(replace(first, cases=cases), *others))
    expected = [True, False, False]
    assert expected == [ok for _, ok in readers.read_tap(made("tap", result)).tests[:3]]
    assert readers.read_tap(made("tap", result)).tests[0][0].endswith("a # SKIP \\")
    monkeypatch.setattr(tap, "escaped", lambda name: name)
    assert expected != [ok for _, ok in readers.read_tap(made("tap", result)).tests[:3]]


def test_scores_that_are_only_added_up_would_be_noticed(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    scaling = Scaling(Fraction(10))
    result = results["misconception"]
    assert 7.7 == readers.read_classroom(made("github-classroom", result, scaling)).score
    monkeypatch.setattr(github_classroom, "summable", lambda worth, count: [float(worth)] * count)
    with pytest.raises(readers.Refused, match="sends"):
        readers.read_classroom(made("github-classroom", result, scaling))


@given(st.fractions(Fraction(1, 100), 100), st.integers(0, 100))
def test_doubles_come_to_their_sum(worth: Fraction, count: int) -> None:
    total = 0.0
    for score in github_classroom.summable(worth, count):
        total += score
    assert float(worth * count) == total


def test_almost_all_is_not_all(results: Results) -> None:
    result = replace(results["misconception"], score=99.9)
    read = readers.read_classroom(made("github-classroom", result))
    assert 99.0 == read.score


@pytest.mark.parametrize("module", [markup, outline, tap, vpl], ids=lambda each: each.__name__)
def test_doctests(module: ModuleType) -> None:
    done = doctest.testmod(module)
    assert done.attempted > 0
    assert 0 == done.failed


# --- Limits of size -------------------------------------------------------------------------------


def test_what_is_too_long_for_prairielearn_keeps_its_points(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = results["runtime_error"]
    whole = made("prairielearn", result)
    monkeypatch.setattr(prairielearn, "MOST_BYTES", len(whole.encode()) - 1)
    cut = made("prairielearn", result)
    assert readers.read_prairielearn(whole) == readers.read_prairielearn(cut)
    assert len(cut) < len(whole)
    assert {""} == {test["message"] for test in json.loads(cut)["tests"]}


def test_what_is_too_long_for_a_step_s_summary_keeps_its_reasons(
    results: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = results["runtime_error"]
    whole = made("markdown", result)
    monkeypatch.setattr(reports, "MOST_MARKDOWN", len(whole.encode()) - 1)
    cut = made("markdown", result)
    assert len(cut) < len(whole)
    assert "at the third drop" in whole
    assert "at the third drop" not in cut
    assert "## Points" in cut
    assert 0 == len(re.findall("^```", cut, re.MULTILINE)) % 2
