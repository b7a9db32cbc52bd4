"""Files that are no submissions: called what they are, with the line and what to do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Grader = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("kept_boxes")

RIGHT_TEXT = """\
def sgdWithMomentum(data, lr, beta, epochs):
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            gradient = 2 * (w * sample["x"] - sample["y"]) * sample["x"]
            velocity = beta * velocity + gradient
            w -= lr * velocity
    return w
"""
NOTEBOOK = '{"cells": [{"cell_type": "code", "source": ["x = 1"]}], "nbformat": 4}'

TOO_LONG = b"# filler\n" * (50_000_000 // 9)

UNREADABLE = {
    "empty": (b"", ["The file is empty"]),
    "blank": (b"\n  \n# nothing yet\n", ["no code"]),
    "binary": (b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20, ["a compiled program"]),
    "archive": (b"PK\x03\x04" + bytes(100), ["ZIP archive"]),
    "nul": (RIGHT_TEXT.replace("w = ", "w\0= ").encode(), ["NUL byte", "line 2"]),
    "utf16": (RIGHT_TEXT.encode("utf-16"), ["UTF-16", "save it as UTF-8"]),
    "latin1": (b"# ann\xe9e\n" + RIGHT_TEXT.encode(), ["line 1", "save it as UTF-8"]),
    "notebook": (NOTEBOOK.encode(), ["Jupyter notebook", "export it"]),
    "fences": (f"```python\n{RIGHT_TEXT}```\n".encode(), ["Markdown", "line 1"]),
    "syntax": (b"x = 1\ndef f(:\n    pass\n", ["invalid syntax", "line 2"]),
    "tabs": (b"def f(x):\n    if x:\n\treturn 1\n", ["Tabs and spaces", "line 3"]),
    "python2": (b"def f(x):\n    print x\n", ["Python 2", "line 2", "print is a function"]),
    "nesting": (b"x = " + b"(" * 5000 + b")" * 5000, ["nested too deeply"]),
    "absent": (b"import pandas\n" + RIGHT_TEXT.encode(), ["pandas", "line 1", "numpy only"]),
    "recursion": (b"def f():\n    f()\nf()\n", ["RecursionError", "line 2"]),
    "raises": (b"x = 1\nx.y\n", ["AttributeError", "line 2"]),
    "too_long": (TOO_LONG, ["larger than 1 MB", "only the code"]),
}


@pytest.mark.parametrize(("source", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_bad_content_is_graded_and_explained(
    tmp_path: Path, grader: Grader, source: bytes, said: list[str]
) -> None:
    file = tmp_path / "submission.py"
    file.write_bytes(source)
    ran = grader("grade", "sgdWithMomentum", file)
    assert (1, "") == (ran.code, ran.err)
    assert ran.out.startswith(
        "sgdWithMomentum  submission.py\ninvalid submission, 0 of 100 points\n\nWhy\n"
    )
    for words in said:
        assert words in ran.out
    for kind in {"SyntaxError", "NameError", "UnicodeDecodeError", "Traceback"}.difference(said):
        assert kind not in ran.out


def test_a_loop_at_import_is_a_time_limit(tmp_path: Path, grader: Grader) -> None:
    (tmp_path / "loop.py").write_text("while True:\n    pass\n")
    ran = grader("grade", "sgdWithMomentum", tmp_path / "loop.py")
    assert (1, "") == (ran.code, ran.err)
    assert "time limit exceeded, 0 of 100 points" in ran.out
    assert "still being imported" in ran.out


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbf" + RIGHT_TEXT.encode(),
        RIGHT_TEXT.replace("\n", "\r\n").encode(),
        RIGHT_TEXT.replace("\n", "\r").encode(),
        b"# -*- coding: latin-1 -*-\n# ann\xe9e\n" + RIGHT_TEXT.encode(),
    ],
    ids=["BOM", "CRLF", "CR", "declared Latin-1"],
)
def test_unusual_but_right_files_are_accepted(
    tmp_path: Path, grader: Grader, source: bytes
) -> None:
    (tmp_path / "a.py").write_bytes(source)
    ran = grader("grade", "sgdWithMomentum", tmp_path / "a.py")
    assert (0, "") == (ran.code, ran.err)
    assert "accepted, 100 of 100 points" in ran.out


@pytest.mark.parametrize(("name", "said"), [("missing.py", "does not exist"), (".", "is a folder")])
def test_what_is_no_file_is_a_usage_error(
    tmp_path: Path, grader: Grader, name: str, said: str
) -> None:
    ran = grader("grade", "sgdWithMomentum", tmp_path / name)
    assert (2, "") == (ran.code, ran.out)
    assert said in ran.err
    assert 1 == ran.err.count("\n")


def test_a_file_that_could_not_be_read_is_graded_once_it_can(
    tmp_path: Path, grader: Grader, right: bytes
) -> None:
    link, other = tmp_path / "link.py", tmp_path / "other.py"
    link.symlink_to(tmp_path / "nowhere.py")
    other.write_bytes(right)
    batch = ("batch", "sgdWithMomentum", link, other, "--out", tmp_path / "out")
    for count in range(1, 5):
        ran = grader(*batch)
        assert (3, True) == (ran.code, "does not exist; check the name" in ran.err)
        assert f"(tried {count} times)" in ran.err
    (tmp_path / "nowhere.py").write_bytes(right + b"# late\n")
    ran = grader(*batch)
    assert (0, True) == (ran.code, "2 graded: 2 accepted" in ran.out)
