"""Canvas gets each grade and each comment once, and what it then has is what is said."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from fake_canvas import FakeCanvas, Student
from fake_site import TOKEN, Trouble
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.lms.push.canvas import Canvas, Config
from grader.lms.push.running import sendable
from grader.lms.push.site import Patience
from grader.lms.push.target import Answer, Change, State, Target
from grader.lms.push.web import Web

QUICK = Patience(job=0.2, unclear=0.2, first=0.01, longest=0.02)


def change(user: str, score: str, comment: str = "", known: bool = False) -> Change:
    return Change(
        user, f"key {user}", Fraction(score), Fraction(10), comment, datetime.now(UTC), known
    )


@pytest.fixture
def canvas() -> Iterator[FakeCanvas]:
    students = (
        Student("501", "S001", "Ada@example.org"),
        Student("502", "S002", "bo"),
        Student("503", "S003", "cy"),
    )
    with FakeCanvas(*students) as site:
        yield site


Open = Callable[..., Canvas]


@pytest.fixture
def opened(canvas: FakeCanvas, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setenv("CANVAS_TOKEN", TOKEN)
    with Web(sleep=lambda _: None) as web:

        def open_target(**settings: Any) -> Canvas:
            given = {"base_url": canvas.url, "course": 1, "assignment": 2, **settings}
            return Canvas(Config(token_env="CANVAS_TOKEN", **given), web, QUICK)

        yield open_target


def test_grades_and_comments_arrive(canvas: FakeCanvas, opened: Open) -> None:
    target: Target = opened()
    assert f"canvas {canvas.url}/api/v1/courses/1/assignments/2" == target.place
    assert Fraction(10) == target.maximum
    answers = list(target.send([change("501", "7.5", "7 of 8"), change("502", "0")]))
    assert [Answer("501", State.SENT), Answer("502", State.SENT)] == answers
    assert [7.5, 0.0, None] == [each.entered for each in canvas.students.values()]
    assert [["7 of 8"], [], []] == [canvas.comments(user) for user in canvas.students]
    there = target.standings(["501", "503", "9"])
    assert {"501": Fraction(15, 2), "503": None} == {k: v.score for k, v in there.items()}
    assert ["7.5"] == [
        each.form["grade_data[501][posted_grade]"] for each in canvas.posts("update_grades")
    ]


@pytest.mark.parametrize(
    ("field", "keys"),
    [
        ("id", ["501", "502", "no"]),
        ("sis_user_id", ["S001", "S002", "s001"]),
        ("login_id", ["ada@EXAMPLE.org", "bo", "no"]),
    ],
)
def test_people_are_found_by_the_field_that_is_named(
    opened: Open, field: str, keys: list[str]
) -> None:
    assert {keys[0]: "501", keys[1]: "502"} == opened(users=field).users(keys)


def test_who_cannot_be_told_apart_or_seen_is_refused(canvas: FakeCanvas, opened: Open) -> None:
    canvas.students["503"].login_id = "BO"
    with pytest.raises(UsageError, match="two people with the login_id 'bo'"):
        opened(users="login_id").users(["bo"])
    assert {"ada@example.org": "501"} == opened(users="login_id").users(["ada@example.org"])
    for each in canvas.students.values():
        each.sis_user_id = None
    with pytest.raises(UsageError, match="3 people and nobody's sis_user_id"):
        opened(users="sis_user_id").users(["S001"])


def test_lists_are_read_to_their_last_page(canvas: FakeCanvas, opened: Open) -> None:
    canvas.page = 1
    assert {"501", "502", "503"} == set(opened().users(["501", "502", "503"]).values())
    assert {"501", "502", "503"} == opened().standings(["501", "502", "503"]).keys()


def test_a_list_that_goes_on_elsewhere_gets_no_token(canvas: FakeCanvas, opened: Open) -> None:
    canvas.page = 1
    with FakeCanvas() as elsewhere:
        canvas.next_host = elsewhere.url
        with pytest.raises(UsageError, match=r"expected the list .* to go on at"):
            opened().users(["501"])
        assert [] == elsewhere.asked


def test_a_comment_is_never_there_twice(canvas: FakeCanvas, opened: Open) -> None:
    target = opened()
    for _ in range(2):  # by what Canvas has, as from a new run with no ledger
        assert [State.SENT] == [a.state for a in target.send([change("501", "7", "well\ndone")])]
    assert ["well\ndone"] == canvas.comments("501")
    assert 1 == len(canvas.posts("update_grades"))
    canvas.students["501"].comments.append(("1", "by hand"))
    list(target.send([change("501", "8", "well\ndone", known=True)]))  # by the ledger
    assert ["well\ndone", "by hand"] == canvas.comments("501")
    assert 8.0 == canvas.students["501"].entered
    list(target.send([change("501", "7", "other"), change("502", "1", "well\ndone")]))
    assert ["well\ndone", "by hand", "other"] == canvas.comments("501")
    assert ["well\ndone"] == canvas.comments("502")


def test_a_students_own_comment_is_none_of_ours(canvas: FakeCanvas, opened: Open) -> None:
    canvas.students["501"].comments.append(("501", "7 of 8"))
    list(opened().send([change("501", "7", "7 of 8")]))
    assert ["7 of 8", "7 of 8"] == canvas.comments("501")


def test_keys_of_another_kind_are_no_users(opened: Open) -> None:
    assert (
        ""
        == opened().unfit("canvas")
        == opened().unfit("")
        == opened(users="a.csv").unfit("moodle")
    )
    assert "participants' numbers" in opened().unfit("moodle")
    assert "in its downloads alone" in opened().unfit("brightspace")
    assert 'expected users = "id"' in opened(users="login_id").unfit("canvas")
    assert "" == opened(users="login_id").unfit("blackboard")


def test_whom_a_job_does_not_find_is_unknown_and_the_others_are_graded(
    canvas: FakeCanvas, opened: Open
) -> None:
    many = [change(str(user), "1") for user in range(600, 690)]
    answers = list(opened().send([change("501", "7", "hm"), *many, change("77", "3")]))
    assert Answer("501", State.SENT) == answers[0]
    assert {State.UNKNOWN} == {answer.state for answer in answers[1:]}
    assert 7.0 == canvas.students["501"].entered


def test_a_job_that_fails_says_why(canvas: FakeCanvas, opened: Open) -> None:
    canvas.fails = "no database\x1b[31m"
    (answer,) = opened().send([change("501", "7", "hm")])
    assert State.FAILED == answer.state
    assert r"Canvas' job 1 failed: 'no database\x1b[31m': there is no grade, expected 7" == (
        answer.why
    )


def test_a_job_without_an_end_ends_the_push(canvas: FakeCanvas, opened: Open) -> None:
    canvas.polls = None
    with pytest.raises(UsageError, match="job 1 is 'queued' after 0 s: expected it to end"):
        list(opened().send([change("501", "7", "hm")]))
    canvas.work()
    assert [Answer("501", State.SENT)] == list(opened().send([change("501", "7", "hm")]))
    assert ["hm"] == canvas.comments("501")


def test_a_list_that_is_a_little_behind_is_read_again(canvas: FakeCanvas, opened: Open) -> None:
    canvas.lag = 1
    assert [Answer("501", State.SENT)] == list(opened().send([change("501", "7", "hm")]))
    assert 0 == canvas.lag


def test_what_canvas_keeps_otherwise_is_refused(canvas: FakeCanvas, opened: Open) -> None:
    canvas.students["501"].locked = True
    canvas.students["502"].entered = 3.0
    canvas.students["502"].locked = True
    one, other = opened().send([change("501", "7"), change("502", "5")])
    assert [State.REFUSED] * 2 == [one.state, other.state]
    assert "is done and there is no grade, expected 7" in one.why
    assert "is done and there is 3, expected 5" in other.why
    assert "'points'" in other.why


def test_who_is_excused_stays_so(canvas: FakeCanvas, opened: Open) -> None:
    canvas.students["501"].excused = True
    (answer,) = opened().send([change("501", "7", "hm")])
    assert State.REFUSED == answer.state
    assert answer.why.startswith("excused in Canvas")
    assert canvas.students["501"].excused
    assert [] == canvas.posts("update_grades")


def test_what_the_student_sees_otherwise_is_said(canvas: FakeCanvas, opened: Open) -> None:
    canvas.students["501"].deducted = 1.5
    canvas.students["502"].posted = False
    one, other = opened().send([change("501", "7"), change("502", "5")])
    assert Answer("501", State.SENT, "Canvas' late policy takes 1.5 of it") == one
    assert State.SENT == other.state
    assert other.why.startswith("hidden from the student")
    assert Fraction(7) == opened().standings(["501"])["501"].score


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ({"published": False}, "is not published"),
        ({"anonymize_students": True}, "hides who its students are"),
        ({"grading_type": "not_graded"}, "is not graded in Canvas"),
    ],
)
def test_an_assignment_that_takes_no_grades_is_refused(
    canvas: FakeCanvas, opened: Open, setting: dict[str, Any], said: str
) -> None:
    canvas.assignment |= setting
    with pytest.raises(UsageError, match=said):
        _ = opened().maximum


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble("update_grades", 429, headers={"Retry-After": "3"}, times=3),
        Trouble("update_grades", 403, "403 Forbidden (Rate Limit Exceeded)\n", times=3),
        Trouble("/submissions?", 500, "<h1>oops</h1>", times=3),
        Trouble("/submissions?", times=2),
        Trouble("/submissions?", midway=True, times=2),
        Trouble("/progress/", 503, times=3),
    ],
)
def test_passing_trouble_passes(canvas: FakeCanvas, opened: Open, trouble: Trouble) -> None:
    canvas.troubles.append(trouble)
    assert [Answer("501", State.SENT)] == list(opened().send([change("501", "7", "hm")]))
    assert 0 == trouble.times
    assert ["hm"] == canvas.comments("501")


@pytest.mark.parametrize("midway", [False, True])
def test_a_lost_answer_is_looked_for(canvas: FakeCanvas, opened: Open, midway: bool) -> None:
    canvas.troubles.append(Trouble("update_grades", before=False, midway=midway))
    looks = itertools.count()
    (failed,) = opened().send([change("501", "7", "hm")])
    assert State.FAILED == failed.state
    assert failed.why.startswith("the answer of Canvas was lost")

    def sleep(_: float) -> None:
        if next(looks) == 2:
            canvas.work()

    target = opened()
    target._patience = Patience(unclear=60, first=0.01, sleep=sleep)
    again = replace(change("501", "7", "hm"), in_doubt=True)
    assert [Answer("501", State.SENT)] == list(target.send([again]))
    assert ["hm"] == canvas.comments("501")
    assert 1 == len(canvas.posts("update_grades"))


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (Trouble("update_grades"), "the answer of Canvas was lost"),
        (Trouble("update_grades", 502, "<html>"), "Canvas answered 502 to POST"),
    ],
)
def test_what_does_not_appear_has_failed_and_is_sent_again(
    canvas: FakeCanvas, opened: Open, trouble: Trouble, said: str
) -> None:
    canvas.troubles.append(trouble)
    target = opened()
    (answer,) = target.send([change("501", "7", "hm")])
    assert State.FAILED == answer.state
    assert answer.why.startswith(said)
    again = replace(change("501", "7", "hm"), in_doubt=True)
    assert [Answer("501", State.SENT)] == list(target.send([again]))
    assert ["hm"] == canvas.comments("501")


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        (
            Trouble("/assignments/2", 401, '{"errors":[{"message":"Invalid access token."}]}'),
            r"401 to GET .*: 'Invalid access token.'; make a new token",
        ),
        (Trouble("/assignments/2", 403, "no"), "403 .*: 'no'; see that the token's owner"),
        (Trouble("/assignments/2", 404, "{}"), "404 .*; check the numbers"),
        (Trouble("/assignments/2", 302, headers={"Location": "https://a.b/c"}), "set base_url"),
        (Trouble("/assignments/2", 200, "<html>login"), "expected JSON, got '<html>login'"),
        (Trouble("/assignments/2", 200, "[]"), "expected an assignment"),
        (Trouble("/assignments/2", 429, times=99), "429 .*: it was asked too often"),
        (Trouble("/assignments/2", 429, headers={"Retry-After": "3600"}), "asks to wait 3600 s"),
        (Trouble("/assignments/2", 500, f"your header: Bearer {TOKEN}", times=99), r"Bearer \*"),
    ],
)
def test_what_stops_a_push_is_one_line_without_the_token(
    canvas: FakeCanvas, opened: Open, trouble: Trouble, said: str
) -> None:
    canvas.troubles.append(trouble)
    with pytest.raises(UsageError, match=said) as raised:
        _ = opened().maximum
    assert TOKEN not in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_token_is_in_no_url(canvas: FakeCanvas, opened: Open) -> None:
    target = opened()
    target.users(["501"])
    list(target.send([change("501", "7", "hm")]))
    assert len(canvas.asked) > 5
    assert [] == [each.target for each in canvas.asked if TOKEN in each.target]
    assert {f"Bearer {TOKEN}"} == {each.headers["Authorization"] for each in canvas.asked}


def test_batches_are_bounded(canvas: FakeCanvas, opened: Open) -> None:
    long = "x" * 400_000
    list(opened().send([change(user, "7", long) for user in canvas.students]))
    assert [2, 1] == [
        sum(name.endswith("[posted_grade]") for name in each.form)
        for each in canvas.posts("update_grades")
    ]


ANYTHING = st.text(st.characters(exclude_categories=()))


def test_whatever_a_comment_holds_it_arrives_once(canvas: FakeCanvas, opened: Open) -> None:
    canvas.polls = 0
    target = opened()

    @given(comment=ANYTHING.map(sendable), score=st.decimals(0, 10, places=5))
    @settings(max_examples=40, deadline=None)
    def arrives(comment: str, score: Decimal) -> None:
        canvas.students = {"501": Student("501"), "502": Student("502")}
        for _ in range(2):
            answers = list(target.send([change("501", str(score), comment)]))
            assert [Answer("501", State.SENT)] == answers
        assert float(score) == canvas.students["501"].entered
        assert ([comment] if comment else []) == canvas.comments("501")
        assert Student("502") == canvas.students["502"]

    arrives()


def test_a_token_that_others_can_read_is_refused(canvas: FakeCanvas, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(TOKEN)
    token.chmod(0o640)
    config = Config(base_url=canvas.url, course=1, assignment=2, token_file=str(token))
    with Web() as web:
        with pytest.raises(UsageError, match=r"mode 0640.*expected 0600"):
            Canvas(config, web)
        token.chmod(0o600)
        assert Fraction(10) == Canvas(config, web).maximum
