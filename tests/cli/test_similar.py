"""`grader similar`: what it reads, what it writes, and what it refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader import comparing
from grader.store import Filed, Store

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


# --- a run ------------------------------------------------------------------------------------


@pytest.fixture
def run(grader: Grader, handed_in: Path, tmp_path: Path) -> Path:
    """The class as `grader batch` has graded it."""
    out = tmp_path / "out"
    assert 0 == grader("batch", "sgdWithMomentum", handed_in, "--out", out).code
    return out


def test_a_run_brings_its_submissions_and_its_starters(grader: Grader, run: Path) -> None:
    ran = grader("similar", run)
    assert (0, "") == (ran.code, ran.err)
    assert "ann.py  bob.py" in ran.out
    assert "3 sources, 1 pair alike" in ran.out
    page = (run / "similarity.html").read_text("utf-8")
    assert "none was given" not in page


def test_a_starter_of_the_challenge_counts_nothing(
    grader: Grader, run: Path, tmp_path: Path, right: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = tmp_path / "given.py"
    given.write_bytes(right)
    monkeypatch.setattr(
        comparing, "_starters", lambda challenge, _: [comparing._read(given, challenge)]
    )
    assert "0 pairs alike" in grader("similar", run, "--out", tmp_path / "page").out
    assert (tmp_path / "page" / "similarity.html").exists()


def test_of_a_run_only_what_was_graded_is_compared(
    grader: Grader, run: Path, handed_in: Path, tmp_path: Path, right: bytes
) -> None:
    secret = tmp_path / "secret.py"
    secret.write_bytes(b"KEY = 'the instructors'\n" + right)
    (handed_in / "new.py").write_bytes(right)
    (handed_in / "cy.py").unlink()
    (handed_in / "bob.py").unlink()
    (handed_in / "bob.py").symlink_to(secret)
    ran = grader("similar", run)
    assert 2 == ran.code
    assert "bob.py has changed since it was graded" in ran.err
    assert "cy.py does not exist" in ran.err
    assert "no two files to compare" in ran.err
    assert not (run / "similarity.html").exists()


def test_who_is_gone_from_a_run_is_not_compared(grader: Grader, run: Path, handed_in: Path) -> None:
    (handed_in / "bob.py").unlink()
    assert 0 == grader("batch", "sgdWithMomentum", handed_in, "--out", run).code
    assert "2 sources, 0 pairs alike" in grader("similar", run).out


def test_two_runs_and_files_are_compared_with_each_other(
    grader: Grader, run: Path, handed_in: Path, tmp_path: Path
) -> None:
    other = tmp_path / "last year"
    assert 0 == grader("batch", "sgdWithMomentum", handed_in / "ann.py", "--out", other).code
    ran = grader("similar", run, other, handed_in / "cy.py", "--out", tmp_path / "page")
    assert 0 == ran.code, ran.err
    assert "5 sources" in ran.out
    assert f"{run}/ann.py  {other}/ann.py" in ran.out


def test_a_page_of_files_wants_a_place(grader: Grader, run: Path, handed_in: Path) -> None:
    for paths in ([handed_in], [run, handed_in]):
        ran = grader("similar", *paths)
        assert 2 == ran.code
        assert "say where the page goes: --out DIR" in ran.err


def test_a_run_may_be_in_use(grader: Grader, run: Path) -> None:
    with Store(run / "run.sqlite"):
        assert 0 == grader("similar", run).code


def test_nobody_is_compared_with_an_earlier_attempt_of_their_own() -> None:
    def filed(name: str, **about: object) -> Filed:
        return Filed(name, name, Path(name), "", "python", about)

    ann = [filed(f"ann@{n}", platform="canvas", key="1", attempt=n) for n in (2, 1)]
    others = [filed("bob", platform="canvas", key="2", attempt=1), filed("cy"), filed("di")]
    last = comparing._latest([*ann, *others])
    assert ["ann@2", "bob", "cy", "di"] == [each.name for each in last]
