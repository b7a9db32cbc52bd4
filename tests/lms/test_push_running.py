"""A push to a platform that behaves as Moodle does, and to one in trouble."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import fake_moodle_ags
import pytest
from fake_moodle_ags import Moodle
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import KeySet

from grader.errors import UsageError
from grader.lms.grades import Grade
from grader.lms.numbers import Scaling
from grader.lms.push import keys, lti, running
from grader.lms.push.ledger import Ledger
from grader.lms.push.running import Clock
from grader.lms.push.target import Outcome, State
from grader.lms.push.web import Web
from grader.store import FILE, Store

NOW = datetime(2026, 11, 23, 12, 0, 0, 500_000, tzinfo=UTC)


@dataclass
class Watch:
    """A clock that goes on when somebody waits, and a tenth of a millisecond at each look."""

    time: datetime = NOW
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        self.time += timedelta(microseconds=100)
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)

    @property
    def clock(self) -> Clock:
        return Clock(self.now, self.sleep)


def grade(key: str, score: float | None, feedback: str = "well done", why: str = "") -> Grade:
    exact = None if score is None else Fraction(str(score))
    return Grade("", key, None, (), exact, Fraction(10), None, None, (), feedback, why)


CLASS = [grade("4", 7.5), grade("5", 10), grade("6", 0, "")]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "tool.pem"
    keys.new(path)
    return path


@pytest.fixture
def moodle(key: Path) -> Iterator[Moodle]:
    with fake_moodle_ags.running() as moodle:
        moodle.public = KeySet.import_key_set(keys.jwks(keys.load(key)))
        yield moodle


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / FILE) as store:
        yield store


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def config(moodle: Moodle, key: Path) -> lti.Config:
    return lti.Config(
        issuer="https://moodle.example",
        client_id="tool",
        token_url=f"{moodle.url}/token",
        key_file=str(key),
        lineitem=moodle.item,
    )


Push = Callable[..., dict[str, Outcome]]


@pytest.fixture
def push(config: lti.Config, store: Store, watch: Watch) -> Push:
    """Push grades and return what became of each by its key."""

    def push(
        *grades: Grade, send: bool = True, scaling: Scaling | None = None, **change: object
    ) -> dict[str, Outcome]:
        with Web(sleep=watch.sleep) as web:
            target = lti.connect(config.model_copy(update=change), web)
            outcomes = running.run(
                target,
                grades,
                Ledger(store, target.place),
                send=send,
                scaling=scaling,
                clock=watch.clock,
            )
        return {each.key: each for each in outcomes}

    return push


def states(outcomes: dict[str, Outcome]) -> list[State]:
    return [outcomes[key].state for key in sorted(outcomes)]


# --- Moodle's ways --------------------------------------------------------------------------------


def test_a_class_arrives_once_and_in_the_columns_points(push: Push, moodle: Moodle) -> None:
    assert [State.WOULD_SEND] * 3 == states(push(*CLASS, send=False))
    assert [] == moodle.posts
    outcomes = push(*CLASS)
    assert [State.SENT] * 3 == states(outcomes)
    assert [75, 100, 0] == [moodle.grades[user]["score"] for user in "456"]
    assert {100} == {score["scoreMaximum"] for score in moodle.posts}
    assert (75, 100, "well done") == outcomes["4"].after
    assert None is outcomes["4"].before
    assert [State.UNCHANGED] * 3 == states(push(*CLASS))
    assert 3 == len(moodle.posts)


def test_two_scores_in_one_second_both_arrive(push: Push, moodle: Moodle, watch: Watch) -> None:
    """Trap 7: times are compared by the whole second, and an equal one is refused."""
    for score in (1, 2, 3):
        assert [State.SENT] == states(push(grade("4", score)))
        assert 10 * score == moodle.grades["4"]["score"]
    times = [datetime.fromisoformat(score["timestamp"]) for score in moodle.posts]
    assert all(after - before >= timedelta(seconds=1) for before, after in pairwise(times))
    assert all(time.tzinfo is not None and time <= watch.time for time in times)


def test_no_time_is_in_the_future_though_the_clock_was_set_back(
    push: Push, moodle: Moodle, watch: Watch
) -> None:
    """Trap 7: Moodle takes a future time, and then nothing until it has come."""
    push(grade("4", 1))
    watch.time -= timedelta(hours=1)
    outcomes = push(grade("4", 2), grade("5", 2))
    assert [State.FAILED, State.SENT] == states(outcomes)
    assert "clock" in outcomes["4"].why
    assert ["4", "5"] == [score["userId"] for score in moodle.posts]
    watch.time += timedelta(hours=1)
    assert [State.SENT, State.UNCHANGED] == states(push(grade("4", 2), grade("5", 2)))


@given(
    st.none() | st.integers(-(10**9), 10**9),
    st.integers(0, 999_999),
)
def test_a_claimed_time_is_later_than_the_last_and_not_in_the_future(
    ahead: int | None, microsecond: int
) -> None:
    watch = Watch(NOW.replace(microsecond=microsecond))
    last = None
    if ahead is not None:
        last = watch.time + timedelta(milliseconds=ahead)
        last = last.replace(microsecond=last.microsecond // 1000 * 1000)
    at = running.claimed(last, watch.clock)
    if at is None:
        assert last is not None
        assert last - NOW > running.PATIENCE - timedelta(seconds=2)
    else:
        assert at <= watch.time
        assert last is None or at >= last + running.APART


def test_only_fully_graded_is_sent_so_that_no_grade_is_cleared(push: Push, moodle: Moodle) -> None:
    """Trap 8: Moodle answers 200 to whatever else, and clears the grade."""
    assert [State.SENT] * 3 == states(push(*CLASS))
    assert {"FullyGraded"} == {score["gradingProgress"] for score in moodle.posts}
    assert [75, 100, 0] == [moodle.grades[user]["score"] for user in "456"]


def test_the_comment_is_sent_with_every_score(push: Push, moodle: Moodle) -> None:
    """Trap 9: a score without a comment clears the comment that was there."""
    push(grade("4", 7))
    push(grade("4", 8))
    assert "well done" == moodle.grades["4"]["comment"]
    push(grade("4", 8, ""))
    assert "" == moodle.grades["4"]["comment"]
    assert all("comment" in score for score in moodle.posts)


def test_a_comment_that_somebody_cleared_is_set_again(push: Push, moodle: Moodle) -> None:
    push(grade("4", 7))
    moodle.grades["4"]["comment"] = ""
    assert [State.SENT] == states(push(grade("4", 7)))
    assert "well done" == moodle.grades["4"]["comment"]


def test_a_comment_that_the_platform_rewrites_is_not_sent_for_ever(
    push: Push, moodle: Moodle, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = moodle.results
    monkeypatch.setattr(moodle, "results", lambda user: [
        {**each, "comment": f"<p>{each['comment']}</p>"} for each in results(user)
    ])  # fmt: skip
    assert [State.SENT] == states(push(grade("4", 7)))
    assert [State.UNCHANGED] == states(push(grade("4", 7)))
    assert [State.SENT] == states(push(grade("4", 7, "another")))
    assert 2 == len(moodle.posts)


def test_a_stranger_is_told_and_nobody_else_harmed(push: Push, moodle: Moodle) -> None:
    outcomes = push(*CLASS, grade("7", 3))
    assert [*[State.SENT] * 3, State.UNKNOWN] == states(outcomes)
    assert "400 Incorrect score received" in outcomes["7"].why
    assert ["4", "5", "6"] == sorted(moodle.grades)


def test_what_somebody_else_has_sent_later_is_left_there(
    push: Push, moodle: Moodle, watch: Watch
) -> None:
    second = int(watch.time.timestamp()) + 60
    moodle.grades["4"] = {"second": second, "score": 1.0, "comment": ""}
    outcome = push(grade("4", 9))["4"]
    assert (State.REFUSED, 1) == (outcome.state, len(moodle.posts))
    assert "something newer" in outcome.why
    assert (1, 100, "") == outcome.before


def test_a_grade_that_the_platform_caps_is_told(push: Push, moodle: Moodle) -> None:
    outcome = push(grade("4", 11), scaling=Scaling(over_max="allow"))["4"]
    assert (State.REFUSED, 100) == (outcome.state, moodle.grades["4"]["score"])
    assert "took 110, and has another score" in outcome.why


# --- Trouble --------------------------------------------------------------------------------------


def test_a_lost_answer_is_looked_up_before_anything_is_sent_again(
    push: Push, moodle: Moodle
) -> None:
    moodle.troubles.extend(["", "cut stored", ""])
    assert [State.SENT] * 3 == states(push(*CLASS))
    assert ["4", "5", "6"] == [score["userId"] for score in moodle.posts]
    assert [State.UNCHANGED] * 3 == states(push(*CLASS))


@pytest.mark.parametrize("trouble", ["cut", "500"])
def test_what_did_not_arrive_is_sent_again_with_a_later_time(
    push: Push, moodle: Moodle, trouble: str
) -> None:
    moodle.troubles.extend(["", trouble, ""])
    assert [State.SENT] * 3 == states(push(*CLASS))
    assert ["4", "5", "6", "5"] == [score["userId"] for score in moodle.posts]
    first, again = (x["timestamp"] for x in moodle.posts if x["userId"] == "5")
    assert first < again


def test_it_is_waited_as_long_as_the_platform_asks(
    push: Push, moodle: Moodle, watch: Watch
) -> None:
    moodle.troubles.extend(["429 7", "429 3"])
    assert [State.SENT] == states(push(grade("4", 1)))
    assert [7.0, 3.0] == watch.slept
    assert 1 == len({score["timestamp"] for score in moodle.posts})


def test_a_wait_that_is_too_long_is_one_line_and_the_next_push_goes_on(
    push: Push, moodle: Moodle
) -> None:
    moodle.troubles.extend(["", "429 3600"])
    with pytest.raises(UsageError, match=r"asks to wait 3600 s.* 1 of 3 grades were sent before"):
        push(*CLASS)
    assert [State.UNCHANGED, State.SENT, State.SENT] == states(push(*CLASS))


def test_a_platform_that_is_broken_is_not_asked_for_ever(push: Push, moodle: Moodle) -> None:
    moodle.students |= {f"{number:02}" for number in range(20)}
    moodle.always = "500"
    outcomes = push(*(grade(f"{number:02}", 1) for number in range(20)))
    assert [State.FAILED] * 20 == states(outcomes)
    assert {"the platform answered 500 oh", "not sent: the platform failed before"} == {
        each.why for each in outcomes.values()
    }
    assert 15 == len(moodle.posts)
    moodle.always = ""
    assert [State.SENT] == states(push(grade("19", 1)))


def test_a_platform_that_cannot_be_reached_is_one_line(push: Push, watch: Watch) -> None:
    with pytest.raises(UsageError, match=r"cannot reach 127.0.0.1:9: .*refused, 5 times"):
        push(*CLASS, token_url="http://127.0.0.1:9/token")
    assert [0.5, 1.0, 2.0, 4.0] == watch.slept


def test_a_token_that_is_refused_is_replaced_once(push: Push, moodle: Moodle) -> None:
    moodle.revoked.add("token-0-of-moodle")
    assert [State.SENT] == states(push(grade("4", 1)))
    assert 2 == len(moodle.tokens)
    moodle.revoked |= {f"token-{number}-of-moodle" for number in range(9)}
    with pytest.raises(UsageError, match="refuses the token"):
        push(grade("4", 2))


def test_a_scope_that_was_not_granted_is_named(push: Push, moodle: Moodle) -> None:
    moodle.granted = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
    with pytest.raises(UsageError, match=r"does not let this tool use .*/result.readonly"):
        push(*CLASS)
    assert [] == moodle.posts


def test_no_secret_that_the_platform_repeats_is_shown(push: Push, moodle: Moodle) -> None:
    moodle.always = "echo"
    outcome = push(grade("4", 1))["4"]
    assert State.REFUSED == outcome.state
    assert "403 no: Bearer ***" in outcome.why
    assert "token-" not in repr(outcome)


def test_a_token_goes_to_no_other_server(push: Push, moodle: Moodle) -> None:
    with fake_moodle_ags.running() as other:
        moodle.redirect = f"{other.url}/scores"
        assert [State.REFUSED] == states(push(grade("4", 1)))
        moodle.redirect, moodle.next_page = "", f"{other.url}/results"
        push(grade("4", 1))
        moodle.grades["5"] = moodle.grades["6"] = dict(moodle.grades["4"])
        with pytest.raises(UsageError, match="expected a further page on the same server"):
            push(*CLASS)
        assert [] == other.paths


# --- Who is who -----------------------------------------------------------------------------------


def member(user: str, **more: str) -> dict[str, str]:
    return {"user_id": user, "status": "Active", **more}


@pytest.mark.parametrize(
    ("users", "field", "keys", "found"),
    [
        ("sourcedid", "lis_person_sourcedid", ("S4", "s5", "S6"), ["4", "6"]),
        ("email", "email", ("s4", "S5", "S6 "), ["4", "5"]),
    ],
)
def test_users_are_found_by_what_the_platform_says_of_its_members(
    push: Push, moodle: Moodle, users: str, field: str, keys: tuple[str, ...], found: list[str]
) -> None:
    moodle.members = [member(user, **{field: f"S{user}"}) for user in "456"]
    moodle.members.append(member("9", status="Inactive", **{field: "S4"}))
    members = {"users": users, "memberships_url": f"{moodle.url}/members"}
    outcomes = push(*(grade(each, 1) for each in keys), **members)
    assert found == [each.user for each in outcomes.values() if each.state is State.SENT]
    moodle.members.append(member("8", **{field: "S4"}))
    with pytest.raises(UsageError, match="two people with the"):
        push(*(grade(each, 1) for each in keys), **members)


def test_two_of_the_run_with_one_address_are_refused(push: Push, moodle: Moodle) -> None:
    moodle.members = [member("4", email="ada@example.org")]
    members = {"users": "email", "memberships_url": f"{moodle.url}/members"}
    with pytest.raises(UsageError, match="both lead to the platform's user '4'"):
        push(grade("Ada@example.org", 1), grade("ada@example.org", 2), **members)
    assert [] == moodle.posts


def test_a_platform_that_shows_nobodys_field_is_told_apart_from_one_without_the_people(
    push: Push, moodle: Moodle
) -> None:
    moodle.members = [member("4"), member("5")]
    members = {"users": "email", "memberships_url": f"{moodle.url}/members"}
    with pytest.raises(UsageError, match="2 people and nobody's email"):
        push(grade("ada@example.org", 1), **members)


@pytest.mark.parametrize("platform", ["moodle", "brightspace"])
def test_a_number_that_means_somebody_else_here_is_refused(
    push: Push, moodle: Moodle, platform: str
) -> None:
    with pytest.raises(UsageError, match="expected a mapping file"):
        push(replace(grade("4", 1), platform=platform))
    assert [] == moodle.posts
    assert [State.SENT] == states(push(replace(grade("4", 1), platform="blackboard")))


def test_a_mapping_file_says_who_is_who(push: Push, moodle: Moodle, tmp_path: Path) -> None:
    path = tmp_path / "users.csv"
    path.write_bytes(b'\xef\xbb\xbfname,user_id,key\r\n"Smith, J",4,=ada.py\r\n,5,bo.py\r\n')
    assert [State.SENT] * 2 == states(push(grade("=ada.py", 1), grade("bo.py", 2), users=str(path)))
    assert [10, 20] == [moodle.grades[user]["score"] for user in "45"]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("key,user\na,4\n", "expected the columns key, user_id"),
        ("key,user_id\na,4\na,5\n", "the key 'a' stands twice"),
        ("key,user_id\na,\n", "lacks its key or its user_id"),
        ("key,user_id\na,4\nb,4\n", "'a' and 'b' both lead to the platform's user '4'"),
    ],
)
def test_a_mapping_file_that_leaves_doubt_is_refused(
    push: Push, moodle: Moodle, tmp_path: Path, text: str, complaint: str
) -> None:
    (tmp_path / "users.csv").write_text(text)
    with pytest.raises(UsageError, match=complaint):
        push(grade("a", 1), grade("b", 1), users=str(tmp_path / "users.csv"))
    assert [] == moodle.posts


def test_a_team_has_its_grade_in_each_member(push: Push, moodle: Moodle) -> None:
    team = replace(grade("team", 5), members=("4", "6"))
    assert [State.SENT] * 2 == states(push(team))
    assert ["4", "6"] == sorted(moodle.grades)
    with pytest.raises(UsageError, match="two grades for the key '6'"):
        push(team, grade("6", 1))


def test_what_has_no_score_is_never_a_zero(push: Push, moodle: Moodle) -> None:
    outcomes = push(grade("4", None, why="the judge failed: no box"), grade("5", 5))
    assert [State.SKIPPED, State.SENT] == states(outcomes)
    assert "the judge failed: no box" == outcomes["4"].why
    assert ["5"] == [score["userId"] for score in moodle.posts]


def test_another_maximum_than_the_columns_is_refused(push: Push, moodle: Moodle) -> None:
    with pytest.raises(UsageError, match="--scale-to 50: the column's maximum is 100"):
        push(*CLASS, scaling=Scaling(Fraction(50)))
    assert [] == moodle.posts


@given(st.text())
def test_whatever_a_comment_holds_it_can_be_sent(text: str) -> None:
    sent = running.sendable(text)
    assert all(character.isprintable() or character == "\n" for character in sent)
    assert sent == running.sendable(sent)
