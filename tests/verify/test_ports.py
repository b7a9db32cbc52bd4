"""What verification says of right programs in JavaScript: how near they are, or that none ran."""

import json

import click
import pytest

from grader.languages import by_name
from grader.reports.certificate import render
from grader.verify import Certificate
from grader.verify.certificate import as_json

from .conftest import Plant

PORT = """
    export function {id}(values, rate) {
      return values.reduce((total, value) => rate * total + value, 0);
    }
    """
BACKWARDS = """
    export function {id}(values, rate) {
      let weight = 1;
      return values.toReversed().reduce((total, value) => {
        const term = weight * value;
        weight *= rate;
        return total + term;
      }, 0);
    }
    """
SIX_DIGITS = """
    export function {id}(values, rate) {
      const total = values.reduce((sum, value) => rate * sum + value, 0);
      return Number(total.toPrecision(6));
    }
    """

needs_the_engine = pytest.mark.skipif(
    by_name("javascript").missing_engine() is not None,
    reason="the engine of JavaScript is not installed (quickjs-ng)",
)


def shown(certificate: Certificate) -> list[str]:
    text = click.unstyle(render([certificate]))
    return [line.strip() for line in text.splitlines() if line.startswith("  javascript")]


def test_without_a_file_in_javascript_nothing_is_said_of_it(plant: Plant) -> None:
    certificate = plant()
    assert () == certificate.ports
    assert [] == shown(certificate)


@needs_the_engine
def test_right_files_in_javascript_are_as_near_as_rounding(plant: Plant) -> None:
    certificate = plant(
        submissions__accepted__port_mjs=PORT, submissions__accepted__backwards_mjs=BACKWARDS
    )
    assert () == certificate.faults
    (port,) = certificate.ports
    assert ("JavaScript", 2, None) == (port.language, port.files, port.missing)
    assert port.farthest is not None
    assert 0 < port.farthest < 1e-15
    figure = f"at most {port.farthest:.2g} S from the reference"
    assert [f"javascript   2 files, {figure}"] == shown(certificate)
    assert [
        {"language": "JavaScript", "files": 2, "farthest": port.farthest, "missing": None}
    ] == json.loads(json.dumps(as_json(certificate)))["ports"]


@needs_the_engine
def test_a_file_that_is_accepted_and_hardly_so_is_named(plant: Plant) -> None:
    """It rounds to six digits: within the tolerance, and not within a tenth of it."""
    certificate = plant(
        submissions__accepted__port_mjs=PORT, submissions__accepted__six_digits_mjs=SIX_DIGITS
    )
    messages = [fault.message for fault in certificate.faults if fault.check == "languages"]
    assert 1 == len(messages), certificate.faults
    assert messages[0].startswith("accepted/six_digits.mjs is ")
    assert [] == [fault for fault in certificate.faults if fault.check == "submissions"]
    (port,) = certificate.ports
    assert port.farthest is not None
    assert 1e-7 < port.farthest < 1e-6


def test_without_the_engine_files_are_not_looked_at(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.languages.javascript.find_spec", lambda _: None)
    certificate = plant(
        submissions__accepted__port_mjs=PORT,
        submissions__wrong_answer__nothing_mjs="export const {id} = (values, rate) => 0;\n",
        starter_mjs="export function {id}(values, rate) {}\n",
    )
    assert () == certificate.faults
    assert 3 == certificate.submissions
    (port,) = certificate.ports
    assert (1, None) == (port.files, port.farthest)
    (line,) = shown(certificate)
    assert line.startswith("javascript   1 file, not looked at: JavaScript needs the engine")
