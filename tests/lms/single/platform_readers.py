"""What platforms make of the formats, written from their documentation or after their source.

Each `read_*` takes the text of a format and returns what the platform would: the score (None where
it has none), the maximum, and the tests as (name, whether it passed). A text that the platform
would refuse raises. Nothing here uses what has written the text.
"""

import base64
import json
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import jsonschema

GRADESCOPE = json.loads(Path(__file__).with_name("gradescope.schema.json").read_text("utf-8"))


class Refused(Exception):
    """The platform would not take the text."""


class Read(NamedTuple):
    score: float | None
    maximum: float | None
    tests: list[tuple[str, bool | None]]


def read_gradescope(text: str) -> Read:
    results = json.loads(text)
    jsonschema.Draft202012Validator(GRADESCOPE).validate(results)
    tests = results["tests"]
    total = sum(test["max_score"] for test in tests)
    ours = results["extra_data"]["grader"]["verdict"] == "judge_error"
    named = [(test["number"], test["status"] == "passed") for test in tests]
    return Read(None if ours else results["score"], total, named)


def read_prairielearn(text: str) -> Read:
    if len(text.encode()) > 1_000_000:
        raise Refused("more than 1 MB")
    results = json.loads(text)
    if results["gradable"] is False:
        if set(results) != {"gradable", "format_errors"} or not all(results["format_errors"]):
            raise Refused("not gradable, and it does not say why")
        return Read(None, None, [])
    if not 0 <= results["score"] <= 1:
        raise Refused(f"a score of {results['score']}")
    named = [(test["name"], test["points"] == test["max_points"]) for test in results["tests"]]
    return Read(results["score"], 1, named)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def fragment(html: str) -> _Text:
    """Return the tags and the text that a browser finds."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    return parser


def read_xqueue(text: str) -> Read:
    if text.count("\n") != 1:
        raise Refused("not one line")
    reply = json.loads(text)
    if {"correct", "score", "msg"} - set(reply):
        raise Refused("a key is missing")
    root = ET.fromstring(reply["msg"])
    if ["div", "pre"] != fragment(reply["msg"]).tags or [*root.iter()][1].tag != "pre":
        raise Refused("other elements than ours")
    return Read(max(reply["score"], 0), None, [("correct", reply["correct"])])


_CODERUNNER_KEYS = {
    *("fraction", "prologuehtml", "testresults", "files", "epiloguehtml", "columnformats"),
    *("showdifferences", "showoutputonly", "graderstate", "instructorhtml"),
}


def read_coderunner(text: str) -> Read:
    if text.count("\n") != 1:
        raise Refused("not one line")
    outcome = json.loads(text)
    if unknown := set(outcome) - _CODERUNNER_KEYS:
        raise Refused(f"keys {unknown}")
    if {"p", "pre"} < set(fragment(outcome["epiloguehtml"]).tags):
        raise Refused("other elements than ours")
    if "fraction" not in outcome:
        return Read(None, None, [])
    if not 0 <= outcome["fraction"] <= 1:
        raise Refused("a bad fraction")
    head, *rows = outcome["testresults"]
    shown = [column for column in head if column not in ("iscorrect", "ishidden")]
    if ["%s"] * len(shown) != outcome["columnformats"]:
        raise Refused("a wrong number of formats, or HTML in a cell")
    if any(len(row) != len(head) for row in rows):
        raise Refused("a row of another length")
    correct, name = head.index("iscorrect"), head.index("Test")
    return Read(outcome["fraction"], 1, [(row[name], bool(row[correct])) for row in rows])


def read_vpl(text: str) -> Read:
    """Read as `find_proposedgrade` and `find_proposedcomment` do."""
    grades = re.findall(r"^Grade :=>>(.*)$", text, re.MULTILINE)
    blocks = re.findall(r"^[ \t]*<\|--[ \t]*$\n(.*?)^[ \t]*--\|>[ \t]*$", text, re.M | re.S)
    lines = re.findall(r"^[ \t]*Comment :=>>.*$", text, re.MULTILINE)
    if len(blocks) != 1 or lines or len(grades) > 1:
        raise Refused(f"{len(blocks)} blocks, {len(lines)} lines of comment, {len(grades)} grades")
    # A script that looks for marks anywhere (`default_test_evaluate.sh` does) finds only ours.
    if text.count(":=>>") != len(grades) or text.count("<|--") != 1 or text.count("--|>") != 1:
        raise Refused("a mark of VPL's inside of a line")
    outside = re.sub(r"<\|--.*?--\|>", "", text, flags=re.S).split("\n")
    if any(line and not line.startswith("Grade :=>>") for line in outside):
        raise Refused("a line outside of the comment")
    return Read(float(grades[0]) if grades else None, None, [])


def read_classroom(text: str) -> Read:
    """Read as `autograding-grading-reporter` does: what it prints and what it sends."""
    name, _, encoded = text.partition("=")
    if name != "result" or text.count("\n") != 1 or not text.isascii():
        raise Refused("not one line `result=…`")
    results = json.loads(base64.b64decode(encoded.strip(), validate=True))
    if len(encoded) > 128 * 1024:
        raise Refused("longer than an environment variable can be")
    tests = results["tests"]
    named = [(test["name"], test["status"] == "pass") for test in tests]
    if not results["max_score"]:
        return Read(None, None, named)  # nothing is sent
    sent = 0.0
    for test in tests:
        sent += test["score"]
    printed = sum(test["status"] == "pass" for test in tests) / len(tests) * results["max_score"]
    if abs(sent - printed) > 1e-9 or len(repr(sent)) > 8:
        raise Refused(f"it prints {printed} and sends {sent}")
    if (results["status"] == "pass") != all(test["status"] == "pass" for test in tests):
        raise Refused("the status is not that of the tests")
    return Read(sent, results["max_score"], named)


def read_autolab(text: str) -> Read:
    """Read as `saveAutograde` and `parseAutoresult` do, in Ruby's words."""
    *_, layout, last = text.rstrip().split("\n")
    parsed = json.loads(re.sub(r"([a-zA-Z0-9]+):", r'"\1":', last))
    ((_, score),) = parsed["scores"].items()
    stages = json.loads(layout)
    if stages["_presentation"] != "semantic":
        raise Refused("no layout before the scores")
    named = [(n, test["passed"]) for each in stages["stages"] for n, test in stages[each].items()]
    return Read(score, None, named)


def read_junit(text: str) -> Read:
    root = ET.fromstring(text.encode("utf-8"))
    (suite,) = root.findall("testsuite")
    cases = suite.findall("testcase")
    keys = [(case.get("classname"), case.get("name")) for case in cases]
    if len(set(keys)) != len(keys):
        raise Refused("two tests with one name")
    kinds = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    for attribute, kind in kinds.items():
        found = sum(case.find(kind) is not None for case in cases)
        if str(found) != suite.get(attribute):
            raise Refused(f"{attribute}: {found}")
    if suite.get("tests") != str(len(cases)):
        raise Refused("another number of tests")
    known = {each.get("name"): each.get("value") for each in suite.findall("properties/property")}
    named = [(str(case.get("name")), _junit_passed(case)) for case in cases]
    score = known.get("score")
    return Read(None if score is None else float(score), float(known["max_score"] or 0), named)


def _junit_passed(case: ET.Element) -> bool | None:
    if case.find("skipped") is not None:
        return None
    return case.find("failure") is None and case.find("error") is None


_POINT = re.compile(r"(not )?ok (\d+) - ((?:[^\\#]|\\.)*?)(?: # (SKIP|TODO)\b.*)?$", re.IGNORECASE)


def read_tap(text: str) -> Read:
    """Read TAP 14 strictly: what the specification calls "anything else" is refused."""
    lines = text.split("\n")
    if lines[0] != "TAP version 14" or lines.pop() != "":
        raise Refused("no version, or no line end at the end")
    plan = re.fullmatch(r"1\.\.(\d+)", lines[1])
    if plan is None:
        raise Refused("no plan after the version")
    points: list[tuple[str, bool | None]] = []
    score = maximum = None
    bailed = False
    rest = iter(lines[2:])
    for line in rest:
        if line.startswith("#"):
            if (said := re.fullmatch(r"# score ([\d.]+) of ([\d.]+)", line)) and not points:
                score, maximum = float(said[1]), float(said[2])
        elif line.startswith("Bail out!"):
            bailed = True
        elif line == "  ---":
            _tap_block(iter(rest))
        else:
            found = _POINT.fullmatch(line)
            if found is None or int(found[2]) != len(points) + 1:
                raise Refused(f"anything else: {line!r}")
            name = re.sub(r"\\(.)", r"\1", found[3])
            points.append((name, None if found[4] else found[1] is None))
    if not bailed and len(points) != int(plan[1]):
        raise Refused("the plan does not hold")
    return Read(None if bailed else score, maximum, points)


def _tap_block(lines: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in lines:
        if line == "  ...":
            return found
        key, colon, value = line.removeprefix("  ").partition(": ")
        if not colon or not line.startswith("  ") or not re.fullmatch("[a-z_]+", key):
            raise Refused(f"no YAML of ours: {line!r}")
        found[key] = json.loads(value) if value.startswith('"') else value
    raise Refused("a block without an end")


READERS: Mapping[str, Callable[[str], Read]] = {
    "gradescope": read_gradescope,
    "prairielearn": read_prairielearn,
    "xqueue": read_xqueue,
    "coderunner": read_coderunner,
    "vpl": read_vpl,
    "github-classroom": read_classroom,
    "autolab": read_autolab,
    "junit": read_junit,
    "tap": read_tap,
}


def plain(form: str, text: str) -> str:
    """Return all that a person could read in the text of a format."""
    if form == "github-classroom":
        return base64.b64decode(text.partition("=")[2]).decode()
    return text
