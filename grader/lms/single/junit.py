"""JUnit's XML, which GitLab, Jenkins and GitHub's actions read.

There is no standard: this is what all of them take. GitLab keeps only the first of two tests with
one class and one name, so a name begins with the test's number. Points are properties, which some
show and none adds up. A judge error is an `error`, what was not judged is `skipped`. What a report
says as a whole is `system-out`.
"""

from xml.etree import ElementTree as ET

from grader.lms import feedback
from grader.lms.numbers import Scaling, written
from grader.lms.single import outline
from grader.lms.single.markup import clean
from grader.lms.single.outline import Outline, Test
from grader.reports.words import words
from grader.result import SubmissionResult
from grader.verdict import Verdict

_OTHERWISE = {Verdict.JUDGE_ERROR: "error", Verdict.SKIPPED: "skipped"}


def render(result: SubmissionResult, scaling: Scaling) -> str:
    """Return the file's text."""
    said = outline.of(result, scaling)
    root = ET.Element("testsuites")
    root.append(_suite(said))
    ET.indent(root)
    # References instead of what is not ASCII: a terminal's encoding cannot break them.
    text = ET.tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _suite(said: Outline) -> ET.Element:
    tests = outline.public(said)
    kinds = [_kind(test) for test in tests]
    suite = ET.Element(
        "testsuite",
        name=clean(said.result.challenge),
        tests=str(len(tests)),
        failures=str(kinds.count("failure")),
        errors=str(kinds.count("error")),
        skipped=str(kinds.count("skipped")),
        time=f"{said.result.wall_s:.1f}",
    )
    suite.append(_properties(said))
    suite.extend(_case(said, test) for test in tests)
    report = outline.NO_MARK if said.score is None else feedback.full(said.result)
    ET.SubElement(suite, "system-out").text = clean(report)
    return suite


def _properties(said: Outline) -> ET.Element:
    known = {"verdict": str(said.result.verdict), "max_score": written(said.max_score)}
    if said.score is not None:
        known["score"] = written(said.score)
    return _as_properties(known)


def _as_properties(known: dict[str, str]) -> ET.Element:
    properties = ET.Element("properties")
    for name, value in known.items():
        ET.SubElement(properties, "property", name=name, value=value)
    return properties


def _case(said: Outline, test: Test) -> ET.Element:
    case = ET.Element(
        "testcase",
        classname=clean(f"{said.result.challenge}.{test.group}"),
        name=clean(f"{test.number} {test.name or test.title}"),
        time=f"{test.cpu_s:.1f}",
    )
    if test.score is not None:
        points = {"points": written(test.score), "max_points": written(test.max_score)}
        case.append(_as_properties(points))
    kind = _kind(test)
    if kind is not None:
        text = clean(test.text or words(test.verdict))
        outcome = ET.SubElement(case, kind, message=text.partition("\n")[0])
        if kind != "skipped":
            outcome.set("type", str(test.verdict))
            outcome.text = text
    return case


def _kind(test: Test) -> str | None:
    """Return the element that says how a test went, None where it passed."""
    return None if test.passed else _OTHERWISE.get(test.verdict, "failure")
