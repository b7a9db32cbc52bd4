"""`grader push` and `grader keys` where there is no platform to talk to."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.lms.push import report
from grader.lms.push.target import Outcome, Standing, State
from grader.store import FILE, Store

Grader = Callable[..., Any]

TABLE = """\
[lti]
issuer = "https://moodle.example"
client_id = "tool"
token_url = "https://moodle.example/token"
key_file = "tool.pem"
lineitem = "https://moodle.example/lineitem"
"""


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A run in which nothing was graded yet."""
    with Store(tmp_path / "run" / FILE) as store:
        store.begin({"sgdWithMomentum": 100.0})
        store.commit()
    return tmp_path / "run"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "push.toml"
    path.write_text(TABLE)
    return path


def test_a_key_is_made_and_its_public_half_shown(tmp_path: Path, grader: Grader) -> None:
    made = grader("keys", "new", "--out", tmp_path / "tool.pem")
    assert (0, "") == (made.code, made.err)
    shown = grader("keys", "jwks", tmp_path / "tool.pem")
    assert (0, "") == (shown.code, shown.err)
    [key] = json.loads(shown.out)["keys"]
    assert ("RSA", "RS256", "sig") == (key["kty"], key["alg"], key["use"])
    again = grader("keys", "new", "--out", tmp_path / "tool.pem")
    assert (2, "", 1) == (again.code, again.out, len(again.err.splitlines()))
    secret = (tmp_path / "tool.pem").read_text().splitlines()[1]
    assert secret not in made.out + shown.out + again.err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--scale-to", "12,5"), "--scale-to 12,5: expected a number"),
        (("--scale-to", "0"), "a maximum of 0 with 2 digits"),
        (("--challenge", "adamW"), "the run has no challenge 'adamW'"),
        ((), "cannot read the key file"),
    ],
)
def test_what_cannot_be_met_is_one_line(
    run: Path, config: Path, grader: Grader, arguments: tuple[str, ...], complaint: str
) -> None:
    ran = grader("push", "lti", run, "--config", config, *arguments)
    assert (2, "", 1) == (ran.code, ran.out, len(ran.err.splitlines()))
    assert complaint in ran.err


def test_a_run_or_a_file_that_is_not_there_is_one_line(
    run: Path, config: Path, tmp_path: Path, grader: Grader
) -> None:
    for folder, file, complaint in (
        (tmp_path, config, "there is no run in"),
        (run, tmp_path / "none.toml", "name a push.toml"),
    ):
        ran = grader("push", "lti", folder, "--config", file)
        assert (2, 1) == (ran.code, len(ran.err.splitlines()))
        assert complaint in ran.err


@pytest.mark.parametrize("missing", ["httpx", "joserfc"])
def test_without_the_extra_it_says_what_to_install(
    run: Path, config: Path, grader: Grader, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == missing]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, missing, None)
    (config.parent / "tool.pem").write_text("x")
    os.chmod(config.parent / "tool.pem", 0o600)
    ran = grader("push", "lti", run, "--config", config)
    assert (2, 1) == (ran.code, len(ran.err.splitlines()))
    assert missing in ran.err
    assert "pip install 'grader[lms]'" in ran.err


def test_a_report_is_harmless_whatever_the_platform_says() -> None:
    hostile = "\x1b[31m[red]\n\u202e=1+1"
    outcomes = [
        Outcome(hostile, State.REFUSED, hostile, hostile, before=Standing(None, None, hostile)),
        Outcome("same", State.UNCHANGED),
    ]
    told = report.table(outcomes, hostile)
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "[red]" in told
    assert "same" not in told
    assert "1 unchanged, 1 refused: " in told
