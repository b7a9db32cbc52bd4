"""What both platforms with a token share: people by their keys, bounded batches, safe addresses."""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.errors import UsageError
from grader.lms.numbers import of_json
from grader.lms.push import people
from grader.lms.push.people import Person
from grader.lms.push.site import Patience, SiteConfig, in_batches
from grader.lms.push.target import Change

ANYTHING = st.text(st.characters(exclude_categories=()))
FIELDS = st.sampled_from(["id", "email", "username"])


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


def there(field: str) -> list[Person]:
    shown = {"id": ("4", "5"), "email": ("Ada@example.org", "bo@example.org")}
    return [Person("4", shown[field][0]), Person("5", shown[field][1])]


def found(keys: list[str], users: str) -> dict[str, str]:
    return dict(people.found(keys, users, ("id", "email"), there, "It"))


def test_a_mapping_file_says_whose_keys_they_are(tmp_path: Path) -> None:
    table = tmp_path / "users.csv"
    table.write_bytes(
        b"\xef\xbb\xbfname,email,key\r\nAda,ada@example.org,ada.py\r\nCy,c@d.e,cy.py\r\n"
    )
    assert {"ada.py": "4"} == found(["ada.py", "bo.py", "cy.py"], str(table))
    table.write_text("key,id\n5,4\n4,5\n")
    assert {"4": "5", "5": "4"} == found(["4", "5"], str(table))
    assert {"4": "4", "5": "5"} == found(["4", "5"], "id")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("key,name\na,b\n", "expected the columns key, id or email"),
        ("key,id,email\na,4,b\n", "expected the columns key, id or email"),
        ("key,key,id\na,a,4\n", "expected the columns key, id or email"),
        ("", "expected the columns key, id or email"),
        ("key,id\na,4\na,5\n", "the key 'a' stands twice"),
        ("key,id\na\n", "a line lacks its key or its id"),
        ("key,id\n,4\n", "a line lacks its key or its id"),
    ],
)
def test_a_mapping_file_that_says_less_is_refused(tmp_path: Path, text: str, said: str) -> None:
    table = tmp_path / "users.csv"
    table.write_text(text)
    with pytest.raises(UsageError, match=said) as raised:
        found(["a"], str(table))
    assert str(table) in str(raised.value)


def test_a_mapping_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"cannot read the mapping file .*: No such file"):
        found(["a"], str(tmp_path / "users.csv"))


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
