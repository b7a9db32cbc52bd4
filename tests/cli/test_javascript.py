"""JavaScript submissions as their users meet them: the same marks and explanations as Python's."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Grader = Callable[..., Any]

pytest.importorskip("_quickjs", reason="the engine is not installed: grader[javascript]")

SAME = {
    "right": (
        """\
def sgdWithMomentum(data, lr, beta, epochs):
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            gradient = 2 * (w * sample["x"] - sample["y"]) * sample["x"]
            velocity = beta * velocity + gradient
            w -= lr * velocity
    return w
""",
        """\
function sgdWithMomentum(data, lr, beta, epochs) {
  let w = 0, velocity = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const { x, y } of data) {
      const gradient = 2 * (w * x - y) * x;
      velocity = beta * velocity + gradient;
      w -= lr * velocity;
    }
  }
  return w;
}
""",
    ),
    "without the factor 2": (
        """\
def sgdWithMomentum(data, lr, beta, epochs):
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            velocity = beta * velocity + (w * sample["x"] - sample["y"]) * sample["x"]
            w -= lr * velocity
    return w
""",
        """\
export const sgdWithMomentum = (data, lr, beta, epochs) => {
  let [w, velocity] = [0, 0];
  while (epochs-- > 0) {
    data.forEach(({ x, y }) => {
      velocity = beta * velocity + (w * x - y) * x;
      w -= lr * velocity;
    });
  }
  return w;
};
""",
    ),
    "changes the samples": (
        """\
def sgd_with_momentum(data, lr, beta, epochs):
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            velocity = beta * velocity + 2 * (w * sample["x"] - sample["y"]) * sample["x"]
            w -= lr * velocity
    for sample in data:
        sample["x"] = w
    return w
""",
        """\
exports.sgd_with_momentum = async function (data, lr, beta, epochs) {
  let w = 0, velocity = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const sample of data) {
      velocity = beta * velocity + 2 * (w * sample.x - sample.y) * sample.x;
      w -= lr * velocity;
    }
  }
  for (const sample of data) sample.x = w;
  return w;
};
""",
    ),
}


def graded(grader: Grader, file: Path) -> dict[str, Any]:
    ran = grader("grade", "sgdWithMomentum", file, "--format", "json", "--view", "instructor")
    assert "" == ran.err
    result: dict[str, Any] = json.loads(ran.out)
    return result


@pytest.mark.parametrize(("python", "javascript"), SAME.values(), ids=SAME)
def test_the_same_program_gets_the_same_result_in_either_language(
    tmp_path: Path, grader: Grader, python: str, javascript: str
) -> None:
    (tmp_path / "a.py").write_text(python)
    (tmp_path / "a.js").write_text(javascript)
    first, second = (graded(grader, tmp_path / name) for name in ("a.py", "a.js"))
    assert first.keys() == second.keys()
    assert ("python", "javascript") == (first["language"], second["language"])
    for key in ("challenge", "challenge_digest", "dataset_digest", "verdict", "score", "max_score"):
        assert first[key] == second[key]
    assert first["notes"] == second["notes"]
    assert [without_times(group) for group in first["groups"]] == [
        without_times(group) for group in second["groups"]
    ]
    assert first["diagnosis"] == second["diagnosis"]
    assert first["run_key"] != second["run_key"]


def without_times(group: dict[str, Any]) -> dict[str, Any]:
    """Return a group without its times; numbers as floats, for JavaScript has no others."""
    cases = [
        {key: value for key, value in case.items() if key != "cpu_s"} for case in group["cases"]
    ]
    for case in cases:
        if isinstance(case.get("actual"), int | float):
            case["actual"] = float(case["actual"])
        if case["message"] is not None:
            case["message"] = case["message"].replace(".0", "")
    return {**group, "cases": cases}


def test_a_batch_may_hold_both_languages(tmp_path: Path, grader: Grader) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for number, (python, javascript) in enumerate(SAME.values()):
        (folder / f"{number}.py").write_text(python)
        suffix = "mjs" if "export " in javascript else "js"
        (folder / f"{number}.{suffix}").write_text(javascript)
    (folder / "broken.js").write_text("function sgdWithMomentum(data {")
    ran = grader("batch", "sgdWithMomentum", folder, "--out", tmp_path / "out")
    rows = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").open()]
    for count in ("7 graded", "2 accepted", "4 wrong answer", "1 invalid submission"):
        assert count in ran.out
    assert {"python": 3, "javascript": 4} == {
        name: sum(row["language"] == name for row in rows) for name in ("python", "javascript")
    }
    by_name = {row["submission"]: row for row in rows}
    assert by_name["1.py"]["diagnosis"] == by_name["1.mjs"]["diagnosis"]


def test_the_challenge_is_told_from_a_javascript_file_too(tmp_path: Path, grader: Grader) -> None:
    (tmp_path / "mine.js").write_text(SAME["right"][1])
    assert "accepted, 10 of 10 points" in grader("check", tmp_path / "mine.js").out


def test_start_gives_a_javascript_starter_that_scores_nothing(
    tmp_path: Path, grader: Grader
) -> None:
    ran = grader("start", "sgdWithMomentum", tmp_path / "mine", "--language", "javascript")
    assert 0 == ran.code
    assert {"starter.mjs", "statement.md"} == {path.name for path in (tmp_path / "mine").iterdir()}
    ran = grader("check", tmp_path / "mine" / "starter.mjs")
    assert "wrong answer, 0 of 10 points" in ran.out
    assert "Nothing is returned" in ran.out


UNREADABLE = {
    "fences": ("```js\nfunction f() {}\n```\n", ["Markdown", "line 1"]),
    "python": ("def f(x):\n    return x\n", ["looks like Python", "line 1"]),
    "typescript": ("function f(x: number) {}\n", ["TypeScript", "line 1"]),
    "brace": ("function f() {\n  return 1;\n", ["never closed", "line 2"]),
    "conflict": ("<<<<<<< HEAD\nlet x;\n", ["merge conflict", "line 1"]),
    "quotes": ("let x = “a”;\n", ["only looks like", "line 1"]),
    "comments": ("// nothing yet\n", ["no code"]),
    "notebook": ('{"cells": [], "nbformat": 4}', ["Jupyter notebook", ".js file"]),
    "import": ("\nimport fs from 'node:fs';\nexport default fs;\n", ["'node:fs'", "line 2"]),
    "require": ("let x;\nconst fs = require('fs');\n", ["'fs'", "line 2"]),
    "top level": ("let x;\nx.y;\n", ["TypeError", "line 2", "when the file is loaded"]),
    "exit": ("process.exit(1);\n", ["ends the program", "process.exit()"]),
    "name": ("function sgdWithMomentun() {}\n", ["did you mean sgdWithMomentun"]),
    "value": ("const sgdWithMomentum = 3;\n", ["is not a function"]),
    "arity": ("function sgdWithMomentum(a, b, c, d, e) {}\n", ["Yours takes a, b, c, d, e"]),
}


@pytest.mark.parametrize(("source", "said"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_called_is_explained(
    tmp_path: Path, grader: Grader, source: str, said: list[str]
) -> None:
    (tmp_path / "mine.js").write_text(source)
    ran = grader("grade", "sgdWithMomentum", tmp_path / "mine.js")
    assert (1, "") == (ran.code, ran.err)
    assert "invalid submission, 0 of 100 points" in ran.out
    for words in said:
        assert words in " ".join(ran.out.split())
    for word in ("Python", "sys.exit", "Traceback"):
        assert word not in ran.out.replace("looks like Python", "")


def test_values_are_shown_as_javascript_writes_them(tmp_path: Path, grader: Grader) -> None:
    (tmp_path / "mine.js").write_text("function sgdWithMomentum() { return { w: [1.5, null] }; }")
    out = grader("grade", "sgdWithMomentum", tmp_path / "mine.js").out
    assert "[{ x: 1, y: 2 }, { x: 2, y: 4 }]" in out
    assert "{ w: [1.5, null] }" in out
    assert "expected a number, got an object" in out
