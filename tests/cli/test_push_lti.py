"""`grader push lti` against a platform that is not ours: Open edX' lti-consumer-xblock."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import openedx
import pytest
from openedx import Platform

from grader import cli
from grader.lms.push import keys, lti, settings
from grader.lms.push.target import Change, Standing, State
from grader.lms.push.web import Web
from grader.store import FILE, Store

Grader = Callable[..., Any]
Push = Callable[..., Any]

STUDENTS = ("ada", "bo", "cy")
WRONG = b"def sgdWithMomentum(data, lr, beta, epochs):\n    return 0.0\n"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "tool.pem"
    keys.new(path)
    return path


@pytest.fixture(scope="module")
def platform(
    key: Path, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Platform]:
    cache = getattr(pytestconfig, "cache", None)  # there is none with `-p no:cacheprovider`
    kept = cache.mkdir("grader") if cache else tmp_path_factory.mktemp("cache")
    python = openedx.interpreter(kept)
    public = keys.load(key).as_pem(private=False)
    with openedx.running(python, public, tmp_path_factory.mktemp("openedx")) as running:
        yield running


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of three, of whom one is wrong."""
    folder = tmp_path_factory.mktemp("graded")
    right = Path(__file__).parents[2] / "challenges/sgd_with_momentum/submissions/accepted"
    source = sorted(right.glob("*.py"))[0].read_bytes()
    (folder / "class").mkdir()
    for name in STUDENTS:
        (folder / "class" / f"{name}.py").write_bytes(WRONG if name == "cy" else source)
    arguments = ["batch", "sgdWithMomentum", folder / "class", "--out", folder / "run", "--quiet"]
    assert 0 == cli.run([str(each) for each in arguments])
    return folder / "run"


@pytest.fixture
def run(graded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(graded, tmp_path / "run"))


@pytest.fixture
def config(platform: Platform, key: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A push.toml for a line item of the test's own, which is not there yet."""
    shutil.copy2(key, tmp_path / "tool.pem")
    (tmp_path / "users.csv").write_text(
        "key,user_id\n" + "".join(f"{name}.py,u-{name}\n" for name in STUDENTS)
    )
    table = {
        **platform.tool,
        "resource_id": request.node.name,
        "label": "Homework 1",
        "key_file": "tool.pem",
        "users": "users.csv",
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in table.items()]
    path = tmp_path / "push.toml"
    path.write_text("\n".join(["[lti]", *lines, ""]))
    return path


@pytest.fixture
def push(grader: Grader, run: Path, config: Path) -> Push:
    return lambda *more: grader("push", "lti", run, "--config", config, *more)


@pytest.fixture
def target(config: Path) -> Iterator[lti.LtiTarget]:
    with Web() as web:
        yield lti.connect(settings.read(config, "lti", lti.Config), web)


def there(config: Path) -> dict[str, Standing]:
    """Return what the platform has now."""
    with Web() as web:
        target = lti.connect(settings.read(config, "lti", lti.Config), web)
        return dict(target.standings([f"u-{name}" for name in STUDENTS]))


def test_grades_arrive_once(
    push: Push, platform: Platform, config: Path, run: Path, grader: Grader
) -> None:
    before = len(platform.requests())
    dry = push()
    assert (0, "") == (dry.code, dry.err)
    assert "3 would send: " in dry.out
    assert "nothing was sent: --yes sends" in dry.out
    assert {"GET", "POST"} == {each["method"] for each in platform.requests()[before:]}
    assert all("/token/" in each["path"] or each["method"] == "GET"
               for each in platform.requests()[before:])  # fmt: skip
    sent = push("--yes")
    assert (0, "") == (sent.code, sent.err)
    assert "3 sent: " in sent.out
    now = there(config)
    assert [(100, 100), (100, 100)] == [now[f"u-{name}"][:2] for name in ("ada", "bo")]
    assert (now["u-cy"].score or 0) < 100
    assert "100 of 100: accepted" == now["u-ada"].comment
    count = len(platform.scores())
    for arguments in (("--yes",), ()):
        again = push(*arguments)
        assert (0, "") == (again.code, again.err)
        assert "3 unchanged: " in again.out
    assert count == len(platform.scores())
    assert 0 == grader("adjust", run, "cy.py", "1.5", "--reason", "a misprint").code
    changed = push("--yes")
    assert 0 == changed.code
    assert "1 sent, 2 unchanged: " in changed.out
    assert ["u-cy"] == [each["userId"] for each in platform.scores()[count:]]
    with Store.reading(run / FILE) as store:
        assert 3 == sum(event == "push" for (event,) in [x[1:2] for x in store.journal()])


def test_a_key_that_leads_to_nobody_is_told_and_the_rest_is_sent(push: Push, config: Path) -> None:
    (config.parent / "users.csv").write_text("key,user_id\nada.py,u-ada\ncy.py,u-cy\n")
    ran = push("--yes")
    assert 5 == ran.code
    assert "2 sent, 1 unknown: " in ran.out
    assert ["u-ada", "u-cy"] == sorted(there(config))


def test_a_grade_above_the_maximum_is_what_the_teacher_says(
    push: Push, platform: Platform, config: Path, run: Path, grader: Grader
) -> None:
    assert 0 == grader("adjust", run, "ada.py", "10", "--reason", "found a bug").code
    count = len(platform.scores())
    refused = push("--yes")
    assert (2, "", 1) == (refused.code, refused.out, len(refused.err.splitlines()))
    assert "'ada.py'" in refused.err
    assert "110 is above the maximum of 100" in refused.err
    assert count == len(platform.scores())
    assert 0 == push("--yes", "--over-max", "clamp").code
    assert 100 == there(config)["u-ada"].score
    assert 0 == push("--yes", "--over-max", "allow").code
    assert (110, 100) == there(config)["u-ada"][:2]


def test_a_comment_that_is_wanted_no_more_is_cleared(push: Push, config: Path) -> None:
    assert 0 == push("--yes").code
    assert "" != there(config)["u-ada"].comment
    cleared = push("--yes", "--feedback", "none")
    assert 0 == cleared.code
    assert "3 sent: " in cleared.out
    assert [""] * 3 == [each.comment for each in there(config).values()]


def test_the_full_report_comes_back_as_it_was_sent(push: Push, config: Path) -> None:
    assert 0 == push("--yes", "--feedback", "full").code
    comment = there(config)["u-cy"].comment or ""
    assert "The worked example" in comment
    assert 1 < len(comment.splitlines())
    assert "3 unchanged: " in push("--yes", "--feedback", "full").out


def test_a_push_that_is_killed_is_gone_on_with(
    push: Push, platform: Platform, config: Path, run: Path
) -> None:
    """The second score is stored, and the push killed before it hears of it."""
    count = len(platform.scores())
    held, hold = platform.folder / "held", platform.folder / "hold"
    hold.write_text("2")
    arguments = ["push", "lti", run, "--config", config, "--yes"]
    with subprocess.Popen(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as pushing:
        ends = time.monotonic() + 30
        while not held.exists() and time.monotonic() < ends:
            time.sleep(0.01)
        pushing.send_signal(signal.SIGKILL)
    held.unlink()
    hold.unlink()
    with Store.reading(run / FILE) as store:
        states = [push.state for place in _places(config) for push in store.pushes(place)]
    assert ["sending", "sent"] == sorted(states)
    ran = push("--yes")
    assert (0, "") == (ran.code, ran.err)
    assert "1 sent, 2 unchanged: " in ran.out
    users = [each["userId"] for each in platform.scores()[count:]]
    assert [f"u-{name}" for name in STUDENTS] == sorted(users)
    assert "3 unchanged: " in push("--yes").out
    assert 3 == len(there(config))


def _places(config: Path) -> list[str]:
    with Web() as web:
        return [lti.connect(settings.read(config, "lti", lti.Config), web).place]


def change(seconds: float = -60, user: str = "u-ada", score: int = 7, comment: str = "") -> Change:
    now = datetime.now(UTC).replace(microsecond=0)
    at = now + timedelta(seconds=seconds)
    return Change(user, user, Fraction(score), Fraction(10), comment, at)


def test_what_is_older_or_as_old_is_refused_and_not_sent_again(
    target: lti.LtiTarget, platform: Platform
) -> None:
    first = change()
    assert [State.SENT] == [answer.state for answer in target.send([first])]
    count = len(platform.requests())
    older = replace(first, sent_at=first.sent_at - timedelta(seconds=1), score=Fraction(1))
    for late in (first, older):
        [answer] = target.send([late])
        assert State.REFUSED == answer.state
        assert "something newer" in answer.why
    assert count + 2 == len(platform.requests())
    same_second = replace(first, sent_at=first.sent_at + timedelta(milliseconds=1))
    assert [State.SENT] == [answer.state for answer in target.send([same_second])]
    assert (7, 10, "") == target.standings(["u-ada"])["u-ada"]


def test_a_line_item_is_found_again_and_two_are_refused(
    target: lti.LtiTarget, config: Path, push: Push
) -> None:
    assert target.maximum is None
    [answer] = target.send([change()])
    assert (State.SENT, 10) == (answer.state, target.maximum)
    by_label = config.read_text().replace("resource_id", "# resource_id")
    config.write_text(by_label.replace('"Homework 1"', '"Homework of another test"'))
    assert "3 would send" in push().out
    config.write_text(by_label)
    two = push()
    assert (2, 1) == (two.code, len(two.err.splitlines()))
    assert "line items with this label" in two.err


def test_another_key_is_one_line(push: Push, config: Path) -> None:
    (config.parent / "tool.pem").unlink()
    keys.new(config.parent / "tool.pem")
    ran = push("--yes")
    assert (2, "", 1) == (ran.code, ran.out, len(ran.err.splitlines()))
    assert "gives no token: 400 invalid_" in ran.err
    assert "grader keys jwks" in ran.err


def test_no_secret_is_in_what_is_said_or_kept(
    config: Path, run: Path, key: Path, process: Grader
) -> None:
    """Every token that the platform gives is a JWT, and so is what the tool signs."""
    pem = [line for line in key.read_text().splitlines() if not line.startswith("-")]
    for arguments in ((), ("--yes",), ("--yes", "--feedback", "full")):
        ran = process(
            "push", "lti", run, "--config", config, *arguments, GRADER_DEBUG="1"
        )  # fmt: skip
        assert 0 == ran.code
        for secret in ("eyJ", *pem):
            assert secret not in ran.out + ran.err
    for path in run.rglob("*"):
        if path.is_file():
            held = path.read_bytes()
            assert not any(secret.encode() in held for secret in ("eyJ", *pem)), path


def test_no_secret_is_in_a_log_however_much_is_logged(
    push: Push, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert 0 == push("--yes").code
    assert "/scores" in caplog.text
    assert "eyJ" not in caplog.text


def test_a_key_that_others_can_read_is_refused(push: Push, config: Path) -> None:
    os.chmod(config.parent / "tool.pem", 0o640)
    ran = push()
    assert (2, 1) == (ran.code, len(ran.err.splitlines()))
    assert "mode 0640" in ran.err
    assert "chmod 600" in ran.err
