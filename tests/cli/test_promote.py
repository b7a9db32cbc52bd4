"""`grader promote` and `grader verify` on a private folder, as its author would use them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A private copy of a challenge under another name, without its named mistakes."""
    folder = tmp_path / "mine"
    shutil.copytree(ROOT / "challenges" / "step_decay", folder / "challenges" / "my_decay")
    shutil.rmtree(folder / "challenges" / "my_decay" / "submissions")
    (folder / "reference").mkdir()
    shutil.copy(ROOT / "reference" / "step_decay.py", folder / "reference" / "my_decay.py")
    spec = folder / "challenges" / "my_decay" / "spec.py"
    text = spec.read_text(encoding="utf-8")
    text = text.replace('id="stepDecay"', 'id="myDecay"')
    spec.write_text(text.replace("import step_decay as", "import my_decay as"), encoding="utf-8")
    return folder


def grader(mine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "grader", *arguments]
    return subprocess.run(
        [*command, "--challenges", str(mine / "challenges")],
        capture_output=True,
        text=True,
        check=False,
        cwd=mine,
        timeout=120,
    )


def test_a_mutant_becomes_a_misconception_that_waits_for_its_sentences(mine: Path) -> None:
    ran = grader(mine, "promote", "myDecay", "operator-1", "--id", "true-division")
    assert (0, "") == (ran.returncode, ran.stderr)
    assert "`epoch // every` became `epoch / every`" in ran.stdout
    reference = (mine / "reference" / "my_decay.py").read_text(encoding="utf-8")
    assert "def true_division(epoch: int, baseLr: float" in reference
    spec = (mine / "challenges" / "my_decay" / "spec.py").read_text(encoding="utf-8")
    assert "variant=programs.true_division," in spec
    verified = grader(mine, "verify", "myDecay", "--json")
    (certificate,) = json.loads(verified.stdout)
    assert (1, False) == (verified.returncode, certificate["holds"])
    faults = [(fault["check"], fault["message"]) for fault in certificate["faults"]]
    assert any(
        check == "sentences" and "'true-division' has no title" in message
        for check, message in faults
    )
    # It is the mistake `continuous-exponent`, which is named already: that is noticed, too.
    assert any(
        check == "separation" and "'continuous-exponent' and 'true-division' coincide" in message
        for check, message in faults
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nope",), "myDecay has no mutant 'nope': take the id from an instructor's report"),
        (("operator-1", "--id", "rounded"), "has a misconception 'rounded' already"),
        (("operator-1", "--id", "No Name"), "'No Name' is no id"),
    ],
)
def test_what_cannot_be_promoted(mine: Path, arguments: tuple[str, ...], said: str) -> None:
    before = (mine / "challenges" / "my_decay" / "spec.py").read_bytes()
    ran = grader(mine, "promote", "myDecay", *arguments)
    assert 2 == ran.returncode
    assert said in ran.stderr
    assert 1 == len(ran.stderr.splitlines())
    assert before == (mine / "challenges" / "my_decay" / "spec.py").read_bytes()


def test_verify_says_what_it_does_not_know(mine: Path) -> None:
    ran = grader(mine, "verify", "myDecoy")
    assert 2 == ran.returncode
    assert "did you mean myDecay or stepDecay?" in ran.stderr


def test_a_challenge_that_cannot_be_loaded_fails_and_is_named(mine: Path) -> None:
    spec = mine / "challenges" / "my_decay" / "spec.py"
    spec.write_text(spec.read_text(encoding="utf-8").replace("factor=", "fctor=") + "\n1/0\n")
    ran = grader(mine, "verify", "myDecay")
    assert 1 == ran.returncode, ran.stderr
    assert "! challenge:" in ran.stdout
    assert "ZeroDivisionError" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr


def test_verify_shows_the_figures(mine: Path) -> None:
    ran = grader(mine, "verify", "clipByGlobalNorm", "--details")
    assert 0 == ran.returncode, ran.stdout
    for word in ("cases", "mutants", "killed", "equivalent", "named", "noise", "bugs", "rtol"):
        assert word in ran.stdout
    assert "1 of 1 challenges hold" in ran.stdout
