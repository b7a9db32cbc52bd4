"""Pages and Markdown: they say what there is to say, fetch nothing, and hostile text is text."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.diagnosis import Diagnosis, Example
from grader.errors import UsageError
from grader.explanation import Series, Trajectory
from grader.reports import content, escape, markdown
from grader.reports.html import folder, instructor, plots
from grader.reports.html.student import full_page, student_page
from grader.result import (
    CaseResult,
    GroupResult,
    SandboxInfo,
    SubmissionResult,
    student_view,
    to_json,
)
from grader.values import Opaque
from grader.verdict import ALWAYS_OPEN, Verdict, Visibility

NAME = "<img src=x onerror=alert(1)>"
ATTACKS = (
    NAME,
    "</pre></code></style></title></textarea><script>alert(2)</script>",
    '"><svg onload=alert(3)>',
    "' onmouseover='alert(4)",
    "{{ 7 * 191 }}{% include 'base.html' %}",
    "javascript:alert(5)",
    "```\n</pre>\n# heading\n| a | b |\n[link](https://evil.example) ![i](//evil.example/i.png)",
    "https://evil.example/?q=1 www.evil.example @everyone a@evil.example",
    "\x1b[2J\x1b]0;title\x07\x9b31m\x00\r\n",
    "abc\u202edef\u2066ghi\u200f",
    "\ud800 lone",
    "A" * 100_000,
    "\u0301" * 500,
)
ALL = "\n".join(ATTACKS)
SECRETS = (48151.6234, 9630.3247, 7777.1234)
VOID = {"meta", "br", "link", "img", "input", "hr", "path", "use", "rect"}
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "footer", "header", "nav"),
    *("section", "h1", "h2", "h3", "h4", "p", "div", "span", "ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary", "pre"),
    *("code", "bdi", "br", "em", "abbr", "a", "figure", "figcaption"),
    *("svg", "g", "path", "defs", "use", "text", "rect", "clippath"),
}


class Page(HTMLParser):
    """A page taken apart: its tags with their attributes, and its text outside of `style`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    @property
    def words(self) -> str:
        """The text with one space wherever there is a space or a tag."""
        return " ".join(" ".join(self.texts).split())

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for each, attributes in self.tags if each == tag]


def case(name: str = "a case", **fields: Any) -> CaseResult:
    known: dict[str, Any] = {
        "name": name,
        "verdict": Verdict.WRONG_ANSWER,
        "score": 0.0,
        "max_score": 5.0,
        "cpu_s": 0.0123,
        "message": "expected a number, got a list",
        "inputs": {"data": [1.5, 2.5], "lr": 0.1},
        "desired": 4.25,
        "actual": [4.25],
        "prints": "debugging",
    }
    return CaseResult(**{**known, **fields})


def group(title: str, visibility: Visibility, *cases: CaseResult) -> GroupResult:
    return GroupResult(title, title, visibility, 0.0, 5.0, Verdict.WRONG_ANSWER, cases)


PATH = Trajectory(("epochs",), 1, (0, 1, 2), (Series("", (0.0, 1.0, 1.5), (0.0, 0.5, None)),))

EXAMPLE = Diagnosis(
    "counterexample",
    "counterexample",
    "A small input on which it fails",
    "Work it out.",
    example=Example({"lr": 0.5}, 1.0, 0.25, None, ("w = 0", "w = 1")),
)


def result(**fields: Any) -> SubmissionResult:
    secret = case(
        "drawn",
        message=f"got {SECRETS[2]}",
        inputs={"x": SECRETS[0]},
        desired=SECRETS[1],
        actual=SECRETS[2],
        prints=str(SECRETS[0]),
    )
    known: dict[str, Any] = {
        "challenge": "sgdWithMomentum",
        "challenge_digest": "c" * 64,
        "dataset_digest": "d" * 64,
        "submission": "alice.py",
        "language": "python",
        "sha256": "5" * 64,
        "verdict": Verdict.WRONG_ANSWER,
        "score": 2.5,
        "max_score": 10.0,
        "groups": (
            group("Shown", Visibility.VISIBLE, case(), case("fine", verdict=Verdict.ACCEPTED)),
            group("Hidden", Visibility.HIDDEN, secret),
        ),
        "diagnosis": (
            Diagnosis("misconception", "m", "the factor is lost", "Look (w*x - y)**2."),
            Diagnosis("mutant", "u", "One change", f"the reference's line {SECRETS[1]}"),
            EXAMPLE,
        ),
        "notes": ("found as sgd_with_momentum",),
        "sandbox": SandboxInfo("full", ("seccomp",)),
        "cpu_s": 0.0123,
        "wall_s": 0.0456,
    }
    return SubmissionResult(**{**known, **fields})


def hostile(attack: str, **fields: Any) -> SubmissionResult:
    """A result that says `attack` wherever a submission has a say."""
    bad = case(
        attack, message=attack, inputs={"x": attack}, desired=attack, actual=[attack], prints=attack
    )
    known: dict[str, Any] = {
        "submission": attack,
        "groups": (group("Shown", Visibility.VISIBLE, bad, case("other")),),
        "diagnosis": (
            Diagnosis(
                *("interface", attack, attack, attack),
                example=Example(
                    {"x": attack},
                    attack,
                    attack,
                    attack,
                    (attack,),
                    replace(PATH, series=(replace(PATH.series[0], label=attack),)),
                ),
            ),
        ),
        "notes": (attack,),
    }
    return result(**{**known, **fields})


def stored(*results: SubmissionResult) -> Iterator[dict[str, Any]]:
    for each in results:
        yield json.loads(json.dumps(to_json(each, "instructor")))


def class_page(*results: SubmissionResult) -> str:
    return instructor.class_page(stored(*results))


MAKERS: list[Callable[[SubmissionResult], str]] = [student_page, full_page, class_page]


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("attack", [*ATTACKS, ALL], ids=range(len(ATTACKS) + 1))
def test_hostile_text_is_text(make: Callable[[SubmissionResult], str], attack: str) -> None:
    made = make(hostile(attack))
    page = Page(made)
    assert {tag for tag, _ in page.tags} <= TAGS
    assert [] == page.open
    for _, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        for name in {"href", "src", "xlink:href"} & attributes.keys():
            assert str(attributes[name]).startswith("#")
    assert escape.line(attack)[:60] in page.text
    assert made.replace("\n", "").isprintable()
    assert len(made) < 200_000
    assert "1337" not in page.text


@pytest.mark.parametrize("make", MAKERS)
def test_a_page_fetches_nothing_and_says_so(make: Callable[[SubmissionResult], str]) -> None:
    made = make(result())
    page = Page(made)
    assert made.startswith("<!DOCTYPE html>")
    assert not re.search(r"https?:|@import|<script", made)
    assert set(re.findall(r"url\((.)", made)) <= {"#"}
    [policy] = [each for each in page.of("meta") if "http-equiv" in each]
    assert policy["content"] == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    # It is the first that could matter: nothing before it could be fetched.
    assert [{"charset": "utf-8"}, policy] == page.of("meta")[:2]


@pytest.mark.parametrize("make", MAKERS)
def test_a_page_can_be_read_by_everybody(make: Callable[[SubmissionResult], str]) -> None:
    page = Page(make(result()))
    assert [{"lang": "en"}] == page.of("html")
    assert 1 == len(page.of("h1"))
    assert all("scope" in each for each in page.of("th"))
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch(r"h\d", tag)]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels)), levels
    assert "✗ wrong answer" in page.text


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_text_stands_out_from_its_ground_by_day_and_by_night() -> None:
    style = files("grader.reports.html").joinpath("templates/style.css").read_text("utf-8")
    palettes = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    assert 2 == len(palettes)
    for palette in palettes:
        colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", palette))
        pairs = [(text, ground) for text in ("ink", "soft") for ground in ("paper", "card", "code")]
        pairs += [("accent", ground) for ground in ("paper", "card")]
        pairs += [("ink", "good-back"), ("ink", "bad-back")]
        pairs += [(name, f"{name}-back") for name in ("good", "bad", "fault", "none")]
        for text, ground in pairs:
            assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)


# --- a student's ------------------------------------------------------------------------------


def test_a_student_reads_what_failed_why_and_what_next() -> None:
    text = Page(student_page(result())).words
    for expected in (
        "alice.py",
        "✗ wrong answer 2.5 of 10 points",
        "The factor is lost Look (w*x - y)**2.",
        "A small input on which it fails Work it out. lr 0.5",
        "Worked by hand, step by step w = 0 w = 1 expected 1.0 got 0.25",
        "What to do next",
        "1 of 2 cases accepted 0 of 5",
        "0 of 1 cases accepted, hidden",
        "a case ✗ wrong answer expected a number, got a list data [1.5, 2.5] lr 0.1 expected 4.25",
        "It printed debugging",
        "fine ✓ accepted",
        "found as sgd_with_momentum",
    ):
        assert expected in text


HIDDEN = ("48151", "9630.3", "7777.1", "One change", "the reference's line", "0.0123", "0.0456")


@pytest.mark.parametrize("make", [student_page, markdown.student_markdown])
def test_a_student_sees_nothing_hidden(make: Callable[[SubmissionResult], str]) -> None:
    made = make(result())
    for hidden in HIDDEN:
        assert hidden not in made


TIMED = {each: f"drawn {at}{at}.5" for at, each in enumerate(Visibility, 1)}


def timed() -> SubmissionResult:
    """A result with a group of every visibility, each with a value of its own."""
    return result(
        groups=tuple(
            group(f"Group {at}", each, case(inputs={"x": secret}, message=secret, actual=secret))
            for at, (each, secret) in enumerate(TIMED.items(), 1)
        )
    )


@given(st.frozensets(st.sampled_from(Visibility)))
def test_a_student_sees_what_is_open_and_never_what_is_hidden(
    opened: frozenset[Visibility],
) -> None:
    shown = student_view(timed(), opened)
    made = json.dumps(to_json(shown, "instructor"))
    said = content.of(shown, opened=opened)
    for (each, secret), about in zip(TIMED.items(), said.groups, strict=True):
        is_open = each in opened and each is not Visibility.HIDDEN
        assert is_open == (secret in made)
        assert is_open == bool(about.cases)
        assert is_open == ("hidden" not in about.tally)


def test_what_opens_later_is_shut_unless_its_time_is_said() -> None:
    assert student_view(timed()) == student_view(timed(), ALWAYS_OPEN)
    page = student_page(timed())
    assert {Visibility.VISIBLE} == {each for each, secret in TIMED.items() if secret in page}


def test_that_something_was_opened_is_said() -> None:
    opened = frozenset(Visibility)
    said = content.of(student_view(timed(), opened), opened=opened)
    assert [
        "0 of 1 cases accepted",
        "0 of 1 cases accepted, hidden",
        "0 of 1 cases accepted, shown since the due date has passed",
        "0 of 1 cases accepted, shown since the results were published",
    ] == [each.tally for each in said.groups]


@pytest.mark.parametrize("make", [full_page, markdown.full_markdown])
def test_an_instructor_sees_it_all(make: Callable[[SubmissionResult], str]) -> None:
    made = make(result())
    for there in HIDDEN[:4]:
        assert there in made


def unfolded(path: Trajectory = PATH, **inputs: Any) -> SubmissionResult:
    example = replace(EXAMPLE, example=Example(inputs or {"epochs": 1}, 1.0, 0.5, trajectory=path))
    return result(diagnosis=(example,))


TABLE = "epochs expected got 0 0 0 1 1 0.5 2 1.5 no number"


def test_a_path_is_a_picture_and_a_table() -> None:
    pytest.importorskip("matplotlib", reason="the extra `plots` is not installed")
    assert not Page(student_page(result())).of("figure")
    for make in (student_page, full_page):
        page = Page(make(unfolded()))
        [picture] = page.of("svg")
        assert "expected 0, 1, 1.5; yours 0, 0.5, none" in str(picture["aria-label"]).replace(
            ", yours", "; yours"
        )
        assert {"class": "path"} in page.of("details")
        assert TABLE in page.words
        assert "The answer to this input with epochs from 0 to 2. The dashed line" in page.words


def test_without_matplotlib_a_path_is_a_table_and_nothing_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plots.trajectory.cache_clear()
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    page = Page(student_page(unfolded()))
    plots.trajectory.cache_clear()
    assert not page.of("svg")
    assert {"class": "path", "open": None} in page.of("details")
    assert TABLE in page.words
    assert "grader[plots]" not in page.text
    assert "dashed" not in page.text


def test_a_path_along_lists_says_that_they_begin_again() -> None:
    path = replace(PATH, along=("actions", "rewards"))
    words = Page(student_page(unfolded(path, actions=[1], rewards=[0.5]))).words
    assert (
        "The answer after the first 0 to 2 entries of actions and rewards, which begin "
        "anew where they end." in words
    )
    words = Page(student_page(unfolded(replace(path, own=2), actions=[1, 1]))).words
    assert "entries of actions and rewards." in words


def test_a_path_in_markdown_is_an_aligned_table() -> None:
    made = markdown.student_markdown(unfolded())
    assert "```text\nepochs  expected        got\n     0         0          0\n" in made
    assert "\n     2       1.5  no number\n```" in made


def test_a_student_reads_no_time_finer_than_a_tenth() -> None:
    assert "less than 0.1 s CPU" in Page(student_page(result())).words
    assert "0.0123 s CPU" in Page(full_page(result())).words


def test_no_mark_is_no_zero() -> None:
    page = Page(student_page(result(score=None, verdict=Verdict.JUDGE_ERROR)))
    assert "no mark (of 10)" in page.text
    assert "! judge error" in page.text
    assert "tell your instructor" in page.text


# --- Markdown ---------------------------------------------------------------------------------


def outside_of_code(report: str) -> str:
    """What is left of a report without its fences and code spans: what Markdown would read."""
    left = re.sub(r"^(`{3,})text\n.*?^\1$", "", report, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", left)


@pytest.mark.parametrize("attack", [*ATTACKS, ALL], ids=range(len(ATTACKS) + 1))
def test_hostile_text_is_no_markup(attack: str) -> None:
    for make in (markdown.student_markdown, markdown.full_markdown):
        report = make(hostile(attack))
        assert report.replace("\n", "").replace("\u2060", "").isprintable()
        assert len(report) < 100_000
        read = outside_of_code(report)
        assert not re.search(r"(?<!\\)[<>\[\]~&$]", read)
        assert not re.search(r"(?<!\\)://|www\.|@\w", read)
        assert "`" not in read.replace("\\`", "")
        for line in read.splitlines():
            assert not line.startswith("    ")
            if line.startswith("| ") and "---" not in line:
                assert 5 == len(re.findall(r"(?<!\\)\|", line))


def test_a_fence_is_longer_than_what_is_in_it() -> None:
    assert markdown.fence(["a", "````", "b"]).startswith("`````text\n")
    assert "`` ` ``" == markdown.code("`")
    assert "`a\\|b`" == markdown.code("a|b")


@pytest.mark.parametrize("start", ["# x", "- x", "+ x", "= x", "1. x", "12) x", "> x", "* x"])
def test_a_sentence_begins_nothing(start: str) -> None:
    assert re.match(r"\\|\d+\\[.)]", markdown.text(start))


def test_markdown_says_what_the_page_says() -> None:
    report = markdown.student_markdown(result())
    for expected in (
        "# sgdWithMomentum: `alice.py`\n\n**wrong answer**, 2.5 of 10 points\n",
        "### The factor is lost\n\nLook (w\\*x - y)\\*\\*2.\n",
        "```text\n1. w = 0\n2. w = 1\n```",
        "| Hidden | wrong answer | 0 of 5 | 0 of 1 cases accepted, hidden |",
        "✓ fine: **accepted**",
        "It printed:\n\n```text\ndebugging\n```",
        "- `found as sgd_with_momentum`",
    ):
        assert expected in report


# --- a class ----------------------------------------------------------------------------------


def test_an_instructor_reads_what_the_class_has_done() -> None:
    fine = case("fine", verdict=Verdict.ACCEPTED, score=5.0)
    right = result(
        submission="right.py",
        verdict=Verdict.ACCEPTED,
        score=10.0,
        groups=(group("Shown", Visibility.VISIBLE, fine, fine),),
        diagnosis=(),
    )
    broken = case(verdict=Verdict.JUDGE_ERROR, score=None, message="the box broke")
    ours = result(
        submission="ours.py",
        verdict=Verdict.JUDGE_ERROR,
        score=None,
        groups=(group("Shown", Visibility.VISIBLE, broken),),
        diagnosis=(),
    )
    unexplained = result(submission="odd.js", language="javascript", diagnosis=(EXAMPLE,))
    lucky = result(
        submission="lucky.py",
        groups=(group("Shown", Visibility.VISIBLE, case(flaky=True)),),
    )
    shown = class_page(result(), right, ours, unexplained, lucky, result(submission="b.py"))
    text = Page(shown).words
    for expected in (
        "sgdWithMomentum",
        "submissions 6",
        "accepted 1",
        "mean of the points 40 %",
        "median of the points 25 %",
        "judge errors 1",
        "ours.py the box broke",
        "20 to 30 % 4",
        "90 to 100 % 1",
        "The factor is lost m Look (w*x - y)**2. 3 submissions alice.py lucky.py b.py",
        "One change",
        "Shown: a case expected a number, got a list expected 4.25 got [4.25] 1 submission odd.js",
        "lucky.py 1",
        "odd.js ✗ wrong answer A small input on which it fails 2.5 of 10",
        "javascript (1), python (5)",
        "hint at most",
    ):
        assert expected in text


def test_without_matplotlib_the_page_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    page = Page(class_page(result()))
    assert not page.of("svg")
    assert "pip install 'grader[plots]'" in page.text


def test_with_matplotlib_there_are_pictures() -> None:
    if not plots.is_available():
        pytest.skip("the extra `plots` is not installed")
    page = Page(class_page(result()))
    assert page.of("svg")
    assert "grader[plots]" not in page.text
    assert all(each["aria-label"] for each in page.of("svg"))


def test_a_class_of_nobody_has_a_page() -> None:
    assert "submissions 0" in Page(class_page()).words


# --- as files ---------------------------------------------------------------------------------


def test_every_submission_has_a_file_that_the_class_page_links(tmp_path: Path) -> None:
    names = [*ATTACKS, "../../etc/passwd", "a/b.py", "A/B.py", "a b.py", "CON", "", ".", "con.py"]
    count = folder.write(stored(*(hostile(name) for name in names)), tmp_path)
    assert len(names) == count
    written = {path.name for path in (tmp_path / "students").iterdir()}
    assert len(names) == len({name.casefold() for name in written})
    assert all(re.fullmatch(r"[a-z0-9-]+\.html", name) and len(name) < 90 for name in written)
    page = Page((tmp_path / "report.html").read_text("utf-8"))
    linked = {str(each["href"]) for each in page.of("a")} - {"#"}
    assert {f"students/{name}" for name in written} <= linked
    assert {"report.html", "students"} == {path.name for path in tmp_path.iterdir()}
    [first] = [name for name in written if "onerror" in name]
    assert NAME in Page((tmp_path / "students" / first).read_text("utf-8")).text


def test_a_file_of_a_student_holds_nothing_hidden(tmp_path: Path) -> None:
    folder.write(stored(result()), tmp_path)
    [path] = (tmp_path / "students").iterdir()
    text = path.read_text("utf-8")
    assert [] == [hidden for hidden in HIDDEN if hidden in text]
    assert student_page(result()) == text


def test_a_value_of_any_kind_can_be_shown_again(tmp_path: Path) -> None:
    odd = case(actual=Opaque("generator"), desired=float("nan"), inputs={"x": {1, 2}})
    folder.write(stored(result(groups=(group("S", Visibility.VISIBLE, odd),))), tmp_path)
    [path] = (tmp_path / "students").iterdir()
    assert "nan" in path.read_text("utf-8")


def test_no_page_takes_the_place_of_another(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"two results are called alice\.py"):
        folder.write(stored(result(), result()), tmp_path)


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "students").write_text("a file")
    with pytest.raises(UsageError, match=r"cannot write .*students"):
        folder.write(stored(result()), tmp_path)
