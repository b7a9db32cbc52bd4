"""Moodle gets grades and feedback, and what it then has is what is said: not its `null`."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from fake_moodle import FakeMoodle, Learner
from fake_site import TOKEN, Trouble
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.errors import UsageError
from grader.lms.push.moodle import Config, Moodle, flattened
from grader.lms.push.running import sendable
from grader.lms.push.target import Answer, Change, State, Target
from grader.lms.push.web import Web

ANYTHING = st.text(st.characters(exclude_categories=()))


def change(user: str, score: str, comment: str = "7 of 8") -> Change:
    return Change(
        user, f"key {user}", Fraction(score), Fraction(10), comment, datetime.now(UTC), False
    )


@pytest.fixture
def moodle() -> Iterator[FakeMoodle]:
    learners = (
        Learner("4", "S001", "Ada@example.org", "ada"),
        Learner("5", "S002", "bo@example.org", "bo"),
        Learner("6", "S003", "cy@example.org", "cy"),
    )
    with FakeMoodle(*learners) as site:
        yield site


Open = Callable[..., Moodle]


@pytest.fixture
def opened(moodle: FakeMoodle, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    monkeypatch.setenv("MOODLE_TOKEN", TOKEN)
    with Web(sleep=lambda _: None) as web:

        def open_target(**changed: Any) -> Moodle:
            given = {"base_url": moodle.url, "course": 5, "assignment": 7, **changed}
            return Moodle(Config(token_env="MOODLE_TOKEN", **given), web)

        yield open_target


def test_grades_and_feedback_arrive(moodle: FakeMoodle, opened: Open) -> None:
    target: Target = opened()
    assert Fraction(10) == target.maximum
    answers = list(target.send([change("4", "7.5", "a\n<b>b</b>"), change("5", "0")]))
    assert [Answer("4", State.SENT), Answer("5", State.SENT)] == answers
    assert [7.5, 0.0, None] == [each.grade for each in moodle.learners.values()]
    assert "<pre>a\n&lt;b&gt;b&lt;/b&gt;</pre>" == moodle.learners["4"].feedback
    there = target.standings(["4", "5", "6", "9"])
    assert {"4": Fraction(15, 2), "5": 0, "6": None} == {k: v.score for k, v in there.items()}
    assert "7.5" == moodle.posts("mod_assign_save_grades")[0].form["grades[0][grade]"]


def test_an_assignment_is_one_column_by_either_number(opened: Open) -> None:
    by_number, by_page = opened(), opened(assignment=None, cmid=31)
    assert by_number.place == by_page.place
    assert by_number.place.endswith(" assignment 7")
    with pytest.raises(UsageError, match=r"no assignment with the cmid 99 .* one of: '7, 31'"):
        _ = opened(assignment=None, cmid=99).maximum
    with pytest.raises(ValidationError, match="expected one of assignment"):
        opened(assignment=7, cmid=31)


@pytest.mark.parametrize(
    ("field", "keys"),
    [
        ("id", ["4", "5", "no"]),
        ("idnumber", ["S001", "S002", "s001"]),
        ("email", ["ada@EXAMPLE.org", "bo@example.org", "no"]),
        ("username", ["ada", "BO", "no"]),
    ],
)
def test_people_are_found_by_the_field_that_is_named(
    opened: Open, field: str, keys: list[str]
) -> None:
    assert {keys[0]: "4", keys[1]: "5"} == opened(users=field).users(keys)


def test_who_cannot_be_told_apart_or_seen_is_refused(moodle: FakeMoodle, opened: Open) -> None:
    moodle.learners["6"].email = "BO@example.org"
    with pytest.raises(UsageError, match=r"two people with the email .bo@example\.org."):
        opened(users="email").users(["bo@example.org"])
    for each in moodle.learners.values():
        each.idnumber = ""
    with pytest.raises(UsageError, match="3 people and nobody's idnumber"):
        opened().users(["S001"])


def test_a_participants_number_is_no_users_number(opened: Open) -> None:
    assert "participants' numbers" in opened(users="id").unfit("moodle")
    assert "which no other platform has" in opened(users="id").unfit("canvas")
    assert "" == opened(users="id").unfit("") == opened(users="a.csv").unfit("moodle")


def test_a_large_course_is_read_to_its_end(moodle: FakeMoodle, opened: Open) -> None:
    moodle.learners = {str(at): Learner(str(at), f"S{at}") for at in range(1, 1203)}
    assert {"S1": "1", "S1202": "1202"} == opened().users(["S1", "S1202"])
    assert 4 == len(moodle.posts("core_enrol_get_enrolled_users"))


def test_an_overridden_or_locked_grade_is_refused_before_anything_is_sent(
    moodle: FakeMoodle, opened: Open
) -> None:
    moodle.learners["4"].overridden = 3.0
    moodle.learners["5"].locked = True
    one, other = opened().send([change("4", "7"), change("5", "8")])
    assert [State.REFUSED] * 2 == [one.state, other.state]
    assert one.why.startswith("overridden in Moodle's gradebook")
    assert other.why.startswith("locked in Moodle's gradebook")
    assert "" == moodle.learners["4"].feedback
    assert Fraction(3) == opened().standings(["4"])["4"].score
    # Where the score is the one that is wanted, only the feedback is left to send.
    assert [Answer("4", State.SENT)] == list(opened().send([change("4", "3", "new")]))
    assert "new" == moodle.learners["4"].feedback


def test_a_grade_that_stays_without_a_word_is_refused(moodle: FakeMoodle, opened: Open) -> None:
    moodle.denied.add("gradereport_user_get_grade_items")
    moodle.learners["4"].overridden = 3.0
    moodle.learners["4"].grade = 2.0
    stays, taken = opened().send([change("4", "7"), change("5", "8")])
    assert State.REFUSED == stays.state
    assert "said nothing against it and has 2, expected 7" in stays.why
    assert Answer("5", State.SENT) == taken
    assert 1 == len(moodle.posts("gradereport_user_get_grade_items"))


def test_a_grade_above_the_maximum_is_not_sent(moodle: FakeMoodle, opened: Open) -> None:
    over, full = opened().send([change("4", "10.01"), change("5", "10")])
    assert State.REFUSED == over.state
    assert over.why.startswith("10.01 is above 10")
    assert Answer("5", State.SENT) == full
    assert ("", None) == (moodle.learners["4"].feedback, moodle.learners["4"].grade)


def test_a_fault_is_said_of_the_one_that_has_it(moodle: FakeMoodle, opened: Open) -> None:
    moodle.learners["5"].broken = True
    changes = [change("4", "7"), change("5", "8"), change("99", "1"), change("6", "9")]
    answers = {answer.user: answer for answer in opened().send(changes)}
    assert {"4": State.SENT, "5": State.REFUSED, "99": State.REFUSED, "6": State.SENT} == {
        user: answer.state for user, answer in answers.items()
    }
    assert "'Error writing to database' ('dmlwriteexception')" in answers["5"].why
    assert "'Invalid user'" in answers["99"].why
    assert [7.0, None, 9.0] == [each.grade for each in moodle.learners.values()]


def test_a_grade_alone_leaves_the_feedback_that_is_there(moodle: FakeMoodle, opened: Open) -> None:
    moodle.learners["4"].feedback = "<p>by hand</p>"
    answers = opened().send([change("4", "7", ""), change("5", "7", "")])
    assert [State.SENT] * 2 == [answer.state for answer in answers]
    assert "<p>by hand</p>" == moodle.learners["4"].feedback
    assert "" == moodle.learners["5"].feedback


def test_feedback_that_would_be_lost_is_refused(moodle: FakeMoodle, opened: Open) -> None:
    moodle.comments = False
    with pytest.raises(UsageError, match="takes no feedback: turn on"):
        list(opened().send([change("4", "7", "x")]))
    assert [Answer("4", State.SENT)] == list(opened().send([change("4", "7", "")]))


def test_a_marking_workflow_needs_a_state(moodle: FakeMoodle, opened: Open) -> None:
    moodle.workflow = True
    with pytest.raises(UsageError, match=r"expected workflow_state in push\.toml"):
        _ = opened().maximum
    target = opened(workflow_state="readyforrelease")
    assert [Answer("4", State.SENT)] == list(target.send([change("4", "7")]))
    assert "readyforrelease" == moodle.learners["4"].workflow
    assert Fraction(7) == target.standings(["4"])["4"].score
    with pytest.raises(UsageError, match="would erase what is there"):
        list(target.send([change("4", "7", "")]))


@pytest.mark.parametrize(
    ("maximum", "said"), [(-3, "has a scale: expected points"), (0, "has no grade")]
)
def test_an_assignment_without_points_is_refused(
    moodle: FakeMoodle, opened: Open, maximum: int, said: str
) -> None:
    moodle.maximum = maximum
    with pytest.raises(UsageError, match=said):
        _ = opened().maximum


@pytest.mark.parametrize("midway", [False, True])
def test_a_lost_answer_has_failed_and_sending_again_is_no_harm(
    moodle: FakeMoodle, opened: Open, midway: bool
) -> None:
    moodle.troubles.append(Trouble("mod_assign_save_grades", before=False, midway=midway))
    target = opened()
    (answer,) = target.send([change("4", "7")])
    assert State.FAILED == answer.state
    assert answer.why.startswith("the answer of Moodle was lost")
    assert [Answer("4", State.SENT)] == list(target.send([change("4", "7")]))
    assert "7 of 8" == moodle.learners["4"].feedback


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble("mod_assign_save_grades", 429, times=3),
        Trouble("mod_assign_get_grades", 502, times=3),
        Trouble("mod_assign_get_grades", times=2),
        Trouble("mod_assign_get_assignments", midway=True, times=2),
    ],
)
def test_passing_trouble_passes(moodle: FakeMoodle, opened: Open, trouble: Trouble) -> None:
    moodle.troubles.append(trouble)
    assert [Answer("4", State.SENT)] == list(opened().send([change("4", "7")]))
    assert 0 == trouble.times


def test_a_broken_server_fails_a_batch(moodle: FakeMoodle, opened: Open) -> None:
    moodle.troubles.append(Trouble("mod_assign_save_grades", 500))
    (answer,) = opened().send([change("4", "7")])
    assert (State.FAILED, None) == (answer.state, moodle.learners["4"].grade)
    assert answer.why.startswith("Moodle answered 500 to POST")


def test_what_stops_a_push_is_one_line_without_the_token(
    moodle: FakeMoodle, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    moodle.denied.add("mod_assign_save_grades")
    with pytest.raises(UsageError, match=r"refused mod_assign_save_grades: .*; have this function"):
        list(opened().send([change("4", "7"), change("5", "7")]))
    assert 1 == len(moodle.posts("mod_assign_save_grades"))
    moodle.troubles.append(Trouble("mod_assign_get_grades", 400, f"no: wstoken={TOKEN}&x\n\x1b"))
    with pytest.raises(UsageError, match=r"answered 400 .*wstoken=\*\*\*&x") as raised:
        opened().standings(["4"])
    assert TOKEN not in str(raised.value)
    assert str(raised.value).isprintable()
    moodle.troubles.append(Trouble("mod_assign_get_grades", 200, "<html>Maintenance"))
    with pytest.raises(UsageError, match="expected JSON, got '<html>Maintenance'"):
        opened().standings(["4"])
    monkeypatch.setenv("MOODLE_TOKEN", "another-token")
    with pytest.raises(UsageError, match=r"'Invalid token.*; make a new token"):
        _ = opened().maximum


def test_who_may_not_see_grades_is_told(moodle: FakeMoodle, opened: Open) -> None:
    target = opened()
    assert Fraction(10) == target.maximum
    moodle.may_grade = False
    with pytest.raises(UsageError, match="shows the token's owner no grades"):
        target.standings(["4"])
    with pytest.raises(UsageError, match="expected one of: none, so see that"):
        _ = opened().maximum


def test_the_token_is_in_no_url(moodle: FakeMoodle, opened: Open) -> None:
    target = opened()
    target.users(["S001"])
    list(target.send([change("4", "7")]))
    assert {"/webservice/rest/server.php"} == {each.target for each in moodle.asked}
    assert {TOKEN} == {each.form["wstoken"] for each in moodle.asked}


def test_batches_are_bounded(moodle: FakeMoodle, opened: Open) -> None:
    moodle.learners = {str(at): Learner(str(at)) for at in range(120)}
    answers = list(opened().send([change(user, "7") for user in moodle.learners]))
    assert [State.SENT] * 120 == [answer.state for answer in answers]
    assert [50, 50, 20] == [
        sum(name.endswith("[grade]") for name in each.form)
        for each in moodle.posts("mod_assign_save_grades")
    ]


def test_whatever_feedback_holds_is_shown_and_not_rendered(
    moodle: FakeMoodle, opened: Open
) -> None:
    target = opened()

    @given(comment=ANYTHING.map(sendable).filter(bool), score=st.decimals(0, 10, places=5))
    @settings(max_examples=40, deadline=None)
    def arrives(comment: str, score: Decimal) -> None:
        moodle.learners = {"4": Learner("4"), "5": Learner("5")}
        assert [Answer("4", State.SENT)] == list(target.send([change("4", str(score), comment)]))
        assert float(score) == moodle.learners["4"].grade
        tags = moodle.learners["4"].feedback.removeprefix("<pre>").removesuffix("</pre>")
        assert not set(tags) & set("<>\"'")
        assert comment == moodle.shown("4")
        assert Learner("5") == moodle.learners["5"]

    arrives()


@given(st.dictionaries(st.text("abc", min_size=1), st.lists(st.integers()), max_size=3))
def test_nested_values_become_fields(values: dict[str, list[int]]) -> None:
    assert {
        f"{key}[{at}]": str(value)
        for key, found in values.items()
        for at, value in enumerate(found)
    } == flattened(values)
