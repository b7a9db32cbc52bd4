"""`grader similar`: what it reads, what it writes, and what it refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Grader = Callable[..., Any]

OTHER = b"""\
def sgdWithMomentum(data, lr, beta, epochs):
    from functools import reduce
    step = lambda s, d: (s[0] - lr * (beta * s[1] + 2 * (s[0] * d["x"] - d["y"]) * d["x"]),
                         beta * s[1] + 2 * (s[0] * d["x"] - d["y"]) * d["x"])
    return reduce(step, list(data) * epochs, (0.0, 0.0))[0]
"""


@pytest.fixture
def handed_in(tmp_path: Path, right: bytes) -> Path:
    """A class: a right answer, its copy under other names, and another one."""
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "ann.py").write_bytes(right)
    (folder / "bob.py").write_bytes(b"# mine\n" + right.replace(b"velocity", b"q"))
    (folder / "cy.py").write_bytes(OTHER)
    return folder


def test_a_copy_is_pointed_at(grader: Grader, handed_in: Path, tmp_path: Path) -> None:
    ran = grader("similar", handed_in, "--out", tmp_path / "out")
    assert 0 == ran.code, ran.err
    assert "ann.py  bob.py" in ran.out
    assert "3 sources, 1 pair alike: this points, it does not judge" in ran.out
    assert ["similarity.html"] == [path.name for path in (tmp_path / "out").iterdir()]
    page = (tmp_path / "out" / "similarity.html").read_text("utf-8")
    assert "ann.py" in page
    assert "cy.py" not in page


def test_what_all_were_given_counts_nothing(
    grader: Grader, handed_in: Path, tmp_path: Path, right: bytes
) -> None:
    (tmp_path / "starter.py").write_bytes(right)
    ran = grader("similar", handed_in, "--out", tmp_path, "--starter", tmp_path / "starter.py")
    assert 0 == ran.code, ran.err
    assert "0 pairs alike" in ran.out


def test_hostile_files_are_read_as_text_and_links_are_not_followed(
    grader: Grader, handed_in: Path, tmp_path: Path, right: bytes
) -> None:
    secret = tmp_path / "secret.py"
    secret.write_bytes(b"KEY = 'the instructors'\n" + right)
    (handed_in / "link.py").symlink_to(secret)
    (handed_in / "<img src=x>\x1b[31m.py").write_bytes(b"# <script>\xff\0\n" + right)
    (handed_in / "notes.txt").write_text("no source")
    ran = grader("similar", handed_in, "--out", tmp_path / "out")
    assert 0 == ran.code, ran.err
    page = (tmp_path / "out" / "similarity.html").read_text("utf-8")
    assert r"&lt;img src=x&gt;\x1b[31m.py" in page
    assert "# &lt;script&gt;" in page
    for text in (page, ran.out, ran.err):
        assert "the instructors" not in text
        assert "\x1b" not in text
        assert "<img" not in text or text is not page
    assert "2 files skipped" in ran.err


def test_one_file_is_too_few(grader: Grader, handed_in: Path, tmp_path: Path) -> None:
    ran = grader("similar", handed_in / "ann.py", "--out", tmp_path / "out")
    assert 2 == ran.code
    assert "no two files to compare; name more files" in ran.err
    assert not (tmp_path / "out").exists()


def test_what_cannot_be_read_or_written_is_named(
    grader: Grader, handed_in: Path, tmp_path: Path
) -> None:
    ran = grader("similar", handed_in, "--out", tmp_path / "out", "--starter", tmp_path / "none.py")
    assert 2 == ran.code
    assert "none.py does not exist" in ran.err
    ran = grader("similar", handed_in, "--out", handed_in / "ann.py")
    assert 2 == ran.code
    assert "cannot write to" in ran.err
