"""Which of several files is the submission for which challenge."""

import doctest
from pathlib import Path

import pytest

from grader.intake import Ambiguous, Chosen, Nothing, choose, choosing, take, unused
from grader.intake.choosing import Choice

SGD = b"def sgdWithMomentum(data, lr, beta, epochs):\n    return 0.0\n"
ADAM = b"def adam_w():\n    return 0.0\n"
SCRIPT = b"exports.sgdWithMomentum = (data) => 0;\n"
BOTH = SGD + ADAM
CHALLENGES = ("sgdWithMomentum", "adamW")


def test_doctests() -> None:
    results = doctest.testmod(choosing)
    assert results.attempted
    assert results.failed == 0


def chosen(tmp_path: Path, files: dict[str, bytes]) -> tuple[list[Choice], list[str]]:
    """Return the choice for each challenge and what is left over."""
    for name, content in files.items():
        path = tmp_path / "class" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    [entry] = take(tmp_path / "class", tmp_path / "work").intake.entries
    found = choose(entry, CHALLENGES, tmp_path / "work")
    return [found[each] for each in CHALLENGES], unused(entry, found)


@pytest.mark.parametrize(
    ("files", "sgd", "adam", "left"),
    [
        ({"ada/a.py": SGD, "ada/b.py": ADAM}, "a.py", "b.py", []),
        ({"ada/a.py": BOTH}, "a.py", "a.py", []),
        ({"ada/a.js": SCRIPT, "ada/b.py": ADAM}, "a.js", "b.py", []),
        ({"ada/a.py": SGD, "ada/x.py": b"x = 1\n"}, "a.py", None, ["x.py"]),
        ({"ada/a.py": b"def f(:\n"}, "a.py", "a.py", []),
        ({"ada/a.py": SGD}, "a.py", None, []),
    ],
)
def test_a_file_is_one_for_what_it_defines(
    tmp_path: Path, files: dict[str, bytes], sgd: str | None, adam: str | None, left: list[str]
) -> None:
    choices, rest = chosen(tmp_path, files)
    names = [each.file.name if isinstance(each, Chosen) else None for each in choices]
    assert [sgd, adam] == names
    assert [f"{name} is skipped: it is the submission for no challenge" for name in left] == rest


def test_two_that_define_it_are_named_and_neither_is_taken(tmp_path: Path) -> None:
    (sgd, adam), left = chosen(tmp_path, {"ada/a.py": SGD, "ada/b.py": SGD + b"\n"})
    assert isinstance(sgd, Ambiguous)
    assert "a.py and b.py each define sgdWithMomentum; hand in one of them" == sgd.sentence
    assert Nothing("no file defines adamW; hand in one that does") == adam
    assert 2 == len(left)


def test_two_that_are_equal_are_no_ambiguity(tmp_path: Path) -> None:
    (sgd, _), _ = chosen(tmp_path, {"ada/a.py": SGD, "ada/src/a.py": SGD})
    assert isinstance(sgd, Chosen)
    assert "a.py defines sgdWithMomentum; src/a.py: an earlier or equal copy" == sgd.sentence


def test_a_file_handed_in_again_replaces_the_earlier_one(tmp_path: Path) -> None:
    files = {"ada_1_9_s.py": SGD, "ada_1_10_s-1.py": SGD + b"\n", "ada_1_7_s-2.py": SGD + b"#"}
    (sgd, _), _ = chosen(tmp_path, files)
    assert isinstance(sgd, Chosen)
    assert "s-1.py" == sgd.file.name


def test_numbered_files_without_an_order_stay_ambiguous(tmp_path: Path) -> None:
    (sgd, _), _ = chosen(tmp_path, {"ada/s-1.py": SGD, "ada/s-2.py": SGD + b"\n"})
    assert isinstance(sgd, Ambiguous)


def test_a_student_without_a_source_has_nothing(tmp_path: Path) -> None:
    choices, _ = chosen(tmp_path, {"ada/report.pdf": b"%PDF"})
    assert all(isinstance(each, Nothing) for each in choices)
