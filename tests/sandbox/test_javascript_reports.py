"""Attacks by report in JavaScript: carry a hidden input out in what a student may read.

The twins of `test_reports`: that an attack gets where it wants to is shown by the instructor's
view, and the student's view, the whole of it as JSON, holds no trace of it.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from test_reports import TRACES, challenge, text, traces

from grader import dataset
from grader.catalog import Loaded
from grader.exam import Exam
from grader.judge import judge
from grader.result import SubmissionResult, to_json
from grader.sandbox.box import Box
from grader.submission import Submission


@pytest.fixture(scope="module", params=[True, False], ids=["shown-first", "hidden-first"])
def exam(request: pytest.FixtureRequest) -> Exam:
    made = challenge(request.param)
    return Exam(Loaded(made, Path("nowhere"), "0" * 64), dataset.build(made, b"secret"), b"secret")


@pytest.fixture
def result(javascript_box: Box, exam: Exam) -> Callable[[str], SubmissionResult]:
    return lambda source: judge(
        Submission("twice.js", source.encode(), "javascript"), exam, javascript_box
    )


def f(body: str) -> str:
    return f"function twice(label, number) {{\n{body}\n  return 2 * number;\n}}\n"


HONEST = f("")
CARRIED = {
    "in the message of an error": f("throw new Error(`${label} ${number}`);"),
    "in a text that is thrown": f("throw label;"),
    "in an object that is thrown": f("throw {label, number};"),
    "in the engine's own message": f("null[label];"),
    "in the name of a variable": f("eval(label.replaceAll('-', '_'));"),
    "in the name of a class": f(
        "const Own = {[label]: class extends RangeError {}}[label];\n  throw new Own(label);"
    ),
    "in the name of a function": f("({[label]() { throw new Error(label); }})[label]();"),
    "in a forged stack": f(
        "const error = new Error(label);\n"
        "  error.stack = `    at ${label} (<input>:1:1)`;\n  throw error;"
    ),
    "in a stack that is prepared": f(
        "Error.prepareStackTrace = () => `    at ${label} (<input>:2:1)`;\n  null[label];"
    ),
    "in a rejection": "async " + f("await 1;\n  throw new Error(label);"),
    "in a timer's error": f(
        "return new Promise(() => setTimeout(() => { throw new Error(label); }));"
    ),
    "in a task's error": f(
        "queueMicrotask(() => { throw new Error(label); });\n  return new Promise(() => {});"
    ),
    "in a print": f("console.log(label, number);"),
    "in a print of errors": f("console.error(label);"),
    "in a print to the stream": f("process.stderr.write(label);"),
    "in a print and nothing": f("console.log(label);\n  return;"),
    "in a value": f("return number;"),
    "in a value of another kind": f("return [label, number];"),
    "in a key": f("return {[label]: number};"),
    "in changed inputs": f("console.log(label);\n  return number + 1;"),
}
NOT_CARRIED = {
    "in an exit": f("process.exit(number % 251);"),
    "in the tag of a kind": f("return {[Symbol.toStringTag]: label};"),
    "in the name of a kind": f("return new ({[label]: class extends Map {}}[label])();"),
    "in a symbol": f("return Symbol(label);"),
    "in a forged line": f(
        "const error = new Error();\n"
        "  error.stack = `    at twice (<input>:${number}:1)`;\n  throw error;"
    ),
    "in a line of a text evaluated": f("eval('\\n'.repeat(number % 1000) + 'null.x');"),
    "in a line of a text parsed": f("JSON.parse('\\n'.repeat(number % 1000) + '!');"),
    "in an evaluated function's line": f("new Function('\\n'.repeat(number % 1000) + 'null.x')();"),
    "in a memory error": f("throw Object.assign(new InternalError('out of memory'), {label});"),
    "in an earlier input": "const seen = [];\n"
    + f("seen.push(label, number);\n  console.log(seen);\n  return String(seen);"),
    "in an earlier input after a limit": "const seen = [];\n"
    + f(
        "seen.push(label);\n  console.log(seen);\n  if (seen.length === 2) console.log('x'.repeat(1e7));\n  return `${seen}`;"
    ),
    "in an earlier input's timer": "let timers = 0;\nasync "
    + f(
        "setTimeout(() => console.log(label), 1);\n"
        "  if (label[0] !== 'h') await new Promise((go) => setTimeout(go, 9));"
    ),
    "in an earlier input's task": f("queueMicrotask(() => console.log(label));"),
    "in an earlier input's promise": "let go;\n"
    + f("if (go) go(label);\n  return new Promise((settle) => { go = settle; });"),
    "in the function's own name": f(
        "Object.defineProperty(twice, 'name', {value: label, configurable: true});\n"
        "  Object.defineProperty(twice, 'length', {value: number, configurable: true});"
    ),
    "in exports": f(
        "module.exports[label] = twice;\n  if (number > 9) console.log('x'.repeat(1e7));"
    ),
    "in an error of an earlier input": "let kept;\n"
    + f("kept ??= new Error(label);\n  throw kept;"),
}


@pytest.mark.parametrize("source", CARRIED.values(), ids=CARRIED)
def test_what_the_instructor_sees_the_student_does_not(
    source: str, result: Callable[[str], SubmissionResult]
) -> None:
    judged = result(source)
    assert any(trace in text(judged, "instructor") for trace in TRACES)
    assert [] == traces(judged)


@pytest.mark.parametrize("source", NOT_CARRIED.values(), ids=NOT_CARRIED)
def test_no_field_of_the_student_s_view_takes_a_hidden_input(
    source: str, result: Callable[[str], SubmissionResult]
) -> None:
    assert [] == traces(result(source))


def test_a_line_number_is_one_of_the_file_s_own(
    result: Callable[[str], SubmissionResult],
) -> None:
    for name in ("in a forged line", "in a line of a text evaluated", "in a line of a text parsed"):
        source = NOT_CARRIED[name].replace("${number}", "${number % 1000}")
        lines = source.count("\n")
        for note in to_json(result(source), "student")["notes"]:
            numbers = [int(word) for word in note.replace(".", " ").split() if word.isdigit()]
            assert all(number <= lines for number in numbers), note


def test_an_honest_answer_is_right_all_the_same(
    result: Callable[[str], SubmissionResult],
) -> None:
    shown = to_json(result(HONEST), "student")
    verdicts = {case["verdict"] for group in shown["groups"] for case in group["cases"]}
    assert {"accepted"} == verdicts
