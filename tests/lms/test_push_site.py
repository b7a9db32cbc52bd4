"""What both platforms with a token share: people by their keys, bounded batches, safe comments."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.errors import UsageError
from grader.lms.numbers import of_json
from grader.lms.push import people
from grader.lms.push.people import Person
from grader.lms.push.site import Patience, SiteConfig, in_batches, sendable
from grader.lms.push.target import Change

ANYTHING = st.text(st.characters(exclude_categories=()))
FIELDS = st.sampled_from(["id", "email", "username"])


@given(ANYTHING)
def test_a_comment_becomes_what_databases_take(text: str) -> None:
    sent = sendable(text)
    assert sent == sendable(sent)
    assert sent == sent.encode("utf-8").decode("utf-8")
    assert not set(sent) & {*map(chr, range(32)), "\x7f"} - {"\n", "\t"}


@given(st.text(st.characters(min_codepoint=32, exclude_characters="\x7f", codec="utf-8")))
def test_a_comment_of_ordinary_characters_stays(text: str) -> None:
    assert text == sendable(text)


@given(st.lists(ANYTHING), st.lists(st.builds(Person, st.text("0123456789"), ANYTHING)), FIELDS)
def test_nobody_gets_what_another_one_has(
    wanted: list[str], there: list[Person], field: str
) -> None:
    try:
        found = people.by_key(wanted, there, field, "It")
    except UsageError:
        return
    for key, user in found.items():
        assert key in wanted
        assert {user} == {each.user for each in there if each.key.casefold() == key.casefold()} or (
            field == "id" and {user} == {each.user for each in there if each.key == key}
        )
    assert "" not in found


@given(st.lists(st.integers(0, 50)), st.integers(1, 5), st.integers(1, 60))
def test_batches_hold_all_in_order_and_within_bounds(
    lengths: list[int], most: int, characters: int
) -> None:
    changes = [
        Change(str(at), "", Fraction(1), Fraction(1), "x" * length, datetime.now(UTC))
        for at, length in enumerate(lengths)
    ]
    batches = list(in_batches(changes, most, characters))
    assert changes == [change for batch in batches for change in batch]
    for batch in batches:
        assert 1 <= len(batch) <= most
        assert 1 == len(batch) or sum(len(change.comment) for change in batch) <= characters


@given(st.fractions(0, 1000).map(lambda number: round(number, 5)))
def test_a_number_of_json_is_the_one_that_was_written(number: Fraction) -> None:
    assert number == of_json(float(number))
    assert number == of_json(f"{float(number):.5f}")


def test_looks_begin_at_once_and_end_in_time() -> None:
    slept = list[float]()
    patience = Patience(first=1.0, longest=4.0, sleep=slept.append)
    looks = patience.looks(3600)
    assert [False] * 5 == [next(looks) for _ in range(5)]
    assert [1.0, 2.0, 4.0, 4.0] == slept
    assert [True] == list(Patience(first=1.0).looks(0.5))


@pytest.mark.parametrize(
    "url",
    [
        "http://canvas.example.org",
        "https://teacher:word@canvas.example.org",
        "canvas.example.org",
        "file:///etc/passwd",
        "https://",
        "http://127.0.0.1.example.org",
    ],
)
def test_an_address_that_a_token_must_not_go_to_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="expected an https:// URL"):
        SiteConfig(base_url=url, token_env="T")
