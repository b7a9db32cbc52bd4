"""Reading what may be anything, and telling from its text what it wants to be."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.languages.python import defined_names
from grader.submission import (
    MAX_SOURCE_BYTES,
    Submission,
    entry_points,
    printable_name,
    read,
    snake_case,
)


def test_a_file_is_its_bytes_and_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = 1\r\n\xff")
    assert Submission("a.py", b"x = 1\r\n\xff", "python") == read(tmp_path / "a.py")
    assert "hw/a.py" == read(tmp_path / "a.py", "hw/a.py").name


def test_no_more_is_read_than_shows_that_it_is_too_long(tmp_path: Path) -> None:
    with (tmp_path / "a.py").open("wb") as file:
        file.truncate(50_000_000)
    assert MAX_SOURCE_BYTES + 1 == len(read(tmp_path / "a.py").source)


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    (tmp_path / "folder.py").mkdir()
    os.mkfifo(tmp_path / "fifo.py")
    for name, complaint in (
        ("folder.py", "is a folder"),
        ("fifo.py", "not a regular file"),
        ("missing.py", "does not exist"),
        ("", "is a folder"),
    ):
        with pytest.raises(UsageError, match=complaint):
            read(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch(0o000)
    with pytest.raises(UsageError, match="Permission denied"):
        read(tmp_path / "a.py")


def test_a_path_with_a_null_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read(Path("a\0b"))


def test_a_link_is_followed_only_where_it_was_named(tmp_path: Path) -> None:
    (tmp_path / "target.py").write_bytes(b"x")
    (tmp_path / "link.py").symlink_to("target.py")
    assert b"x" == read(tmp_path / "link.py").source
    with pytest.raises(UsageError, match="cannot read"):
        read(tmp_path / "link.py", follow_link=False)


def test_a_name_that_is_not_utf8_becomes_one() -> None:
    assert "caf\\xe9.py" == printable_name(os.fsdecode(b"caf\xe9.py"))
    assert "café.py" == printable_name("café.py")


@pytest.mark.parametrize(
    "source",
    [
        "def sgdWithMomentum(data): ...",
        "import math\n\nasync def sgdWithMomentum(): ...",
        "sgdWithMomentum = lambda *a: 0",
        "sgdWithMomentum: object = print",
        "def sgd_with_momentum(a, b): ...",
        "def\tsgdWithMomentum (x",
        "x = 1\r\ndef sgdWithMomentum(): 0\r\n",
    ],
)
def test_a_challenge_is_told_from_what_the_text_defines(source: str) -> None:
    challenges = ["other", "sgdWithMomentum"]
    assert ["sgdWithMomentum"] == entry_points(defined_names(source.encode()), challenges)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "sgdWithMomentum()",
        "sgdWithMomentum == 3",
        "    def sgdWithMomentum(): ...",
        "def sgdWithMomentumAndMore(): ...",
        "# sgdWithMomentum = 1",
    ],
)
def test_a_mention_is_no_definition(source: str) -> None:
    assert [] == entry_points(defined_names(source.encode()), ["sgdWithMomentum"])


@given(st.binary())
def test_no_bytes_break_the_search(source: bytes) -> None:
    entry_points(defined_names(source), ["f"])


@pytest.mark.parametrize(
    ("identifier", "expected"),
    [
        ("sgdWithMomentum", "sgd_with_momentum"),
        ("softmax", "softmax"),
        ("conv2D", "conv2_d"),
        ("already_snake", "already_snake"),
    ],
)
def test_snake_case(identifier: str, expected: str) -> None:
    assert expected == snake_case(identifier)
