"""`grader push canvas` and `grader push moodle` against servers that behave as they do."""

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_canvas import FakeCanvas, Student
from fake_moodle import FakeMoodle, Learner
from fake_site import TOKEN, Asked, FakeSite, Said, Trouble

from grader import cli
from grader.lms.push import web
from grader.store import FILE, Store

Grader = Callable[..., Any]
Push = Callable[..., Any]

WRONG = b"def sgdWithMomentum(data, lr, beta, epochs):\n    return 0.0\n"
KEYS = ("501", "502", "503")
SAVES = {"canvas": "update_grades", "moodle": "mod_assign_save_grades"}
COLUMN = {"canvas": "/api/v1/courses/1/assignments/2", "moodle": " assignment 7"}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class of three by Canvas' ids, of whom the last is wrong."""
    folder = tmp_path_factory.mktemp("graded")
    accepted = Path(__file__).parents[2] / "challenges/sgd_with_momentum/submissions/accepted"
    source = sorted(accepted.glob("*.py"))[0].read_bytes()
    (folder / "class").mkdir()
    for key in KEYS:
        (folder / "class" / f"{key}.py").write_bytes(WRONG if key == KEYS[-1] else source)
    arguments = ["batch", "sgdWithMomentum", folder / "class", "--out", folder / "run", "--quiet"]
    assert 0 == cli.run([str(each) for each in arguments])
    return folder / "run"


@pytest.fixture
def run(graded: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(graded, tmp_path / "run"))


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "FIRST_WAIT", 0.001)


@pytest.fixture
def config(tmp_path: Path) -> Callable[..., Path]:
    """Write a push.toml with a token and a mapping file beside it."""

    def written(platform: str, site: FakeSite, users: dict[str, str], field: str = "id") -> Path:
        (tmp_path / "token").write_text(f"{TOKEN}\n")
        (tmp_path / "token").chmod(0o600)
        lines = [f"key,{field}", *(f"{key}.py,{user}" for key, user in users.items()), ""]
        (tmp_path / "users.csv").write_text("\n".join(lines))
        table = {"base_url": site.url, "token_file": "token", "users": "users.csv"}
        numbers = {"canvas": {"course": 1, "assignment": 2}, "moodle": {"course": 5, "cmid": 31}}
        entries = {**table, **numbers[platform]}
        toml = [f"{name} = {json.dumps(value)}" for name, value in entries.items()]
        path = tmp_path / "push.toml"
        path.write_text("\n".join([f"[{platform}]", *toml, ""]))
        return path

    return written


@pytest.fixture
def canvas() -> Iterator[FakeCanvas]:
    with FakeCanvas(*map(Student, KEYS)) as site:
        site.assignment["points_possible"] = 20.0
        yield site


@pytest.fixture
def moodle() -> Iterator[FakeMoodle]:
    learners = [Learner(str(at), f"S{key}") for at, key in enumerate(KEYS, 4)]
    with FakeMoodle(*learners) as site:
        site.maximum = 20
        yield site


@pytest.fixture
def to_canvas(grader: Grader, run: Path, config: Callable[..., Path], canvas: FakeCanvas) -> Push:
    path = config("canvas", canvas, {key: key for key in KEYS})
    return lambda *more: grader("push", "canvas", run, "--config", path, *more)


@pytest.fixture
def to_moodle(grader: Grader, run: Path, config: Callable[..., Path], moodle: FakeMoodle) -> Push:
    path = config("moodle", moodle, {key: f"S{key}" for key in KEYS}, "idnumber")
    return lambda *more: grader("push", "moodle", run, "--config", path, *more)


def test_canvas_gets_each_grade_and_comment_once(to_canvas: Push, canvas: FakeCanvas) -> None:
    dry = to_canvas()
    assert (0, "") == (dry.code, dry.err)
    assert "3 would send: canvas http://127.0.0.1:" in dry.out
    assert {"GET"} == {each.method for each in canvas.asked}
    sent = to_canvas("--yes")
    assert (0, "") == (sent.code, sent.err)
    assert "3 sent: " in sent.out
    assert [20.0, 20.0] == [canvas.students[key].entered for key in KEYS[:2]]
    assert (canvas.students["503"].entered or 0) < 20
    assert [1, 1, 1] == [len(canvas.comments(key)) for key in KEYS]
    posts = len(canvas.posts(""))
    for arguments in (("--yes",), ()):
        again = to_canvas(*arguments)
        assert (0, "") == (again.code, again.err)
        assert "3 unchanged: " in again.out
    assert posts == len(canvas.posts(""))


def test_canvas_gets_only_what_changed(
    to_canvas: Push, canvas: FakeCanvas, grader: Grader, run: Path
) -> None:
    assert 0 == to_canvas("--yes").code
    assert 0 == grader("adjust", run, "503.py", "1.5", "--reason", "a misprint").code
    canvas.students["502"].comments.append(("1", "by hand"))
    changed = to_canvas("--yes")
    assert 0 == changed.code
    assert "1 sent, 2 unchanged: " in changed.out
    (_, post) = canvas.posts("update_grades")
    assert ["grade_data[503][posted_grade]", "grade_data[503][text_comment]"] == list(post.form)
    assert canvas.comments("503")[-1].endswith("after an adjustment by hand (+1.5).")
    canvas.students["503"].entered = 1.0
    assert "1 sent, 2 unchanged: " in to_canvas("--yes").out
    post = canvas.posts("update_grades")[-1]
    assert ["grade_data[503][posted_grade]"] == list(post.form)  # the comment is the same
    full = to_canvas("--yes", "--feedback", "full")
    assert "3 sent: " in full.out
    assert [2, 3, 3] == [len(canvas.comments(key)) for key in KEYS]


def test_a_new_run_finds_what_an_old_one_has_sent(
    to_canvas: Push, canvas: FakeCanvas, graded: Path, run: Path
) -> None:
    assert 0 == to_canvas("--yes").code
    shutil.copy2(graded / FILE, run / FILE)
    ran = to_canvas("--yes")
    assert 0 == ran.code
    assert "3 sent: " in ran.out
    assert [1, 1, 1] == [len(canvas.comments(key)) for key in KEYS]
    assert 1 == len(canvas.posts("update_grades"))


def test_what_canvas_does_to_a_grade_is_shown(to_canvas: Push, canvas: FakeCanvas) -> None:
    canvas.students["501"].deducted = 2.0
    canvas.students["502"].excused = True
    canvas.students["503"].posted = False
    ran = to_canvas("--yes")
    assert 5 == ran.code
    told = " ".join(ran.out.split())
    assert "2 sent, 1 refused: " in told
    for said in ("late policy takes 2 of it", "excused in Canvas", "hidden from the student"):
        assert said in told


def test_canvas_in_trouble_gets_everything_once(to_canvas: Push, canvas: FakeCanvas) -> None:
    canvas.troubles += [
        Trouble("update_grades", 429),
        Trouble("/progress/", 502, times=2),
        Trouble("/users?", midway=True),
        Trouble("/submissions?", 403, "403 Forbidden (Rate Limit Exceeded)"),
    ]
    ran = to_canvas("--yes")
    assert (0, "") == (ran.code, ran.err)
    assert [0] * 4 == [trouble.times for trouble in canvas.troubles]
    assert [1, 1, 1] == [len(canvas.comments(key)) for key in KEYS]


def test_moodle_gets_grades_and_feedback_once(to_moodle: Push, moodle: FakeMoodle) -> None:
    dry = to_moodle()
    assert (0, "") == (dry.code, dry.err)
    assert "3 would send: moodle http://127.0.0.1:" in dry.out
    assert [] == moodle.posts("mod_assign_save_grades")
    sent = to_moodle("--yes", "--feedback", "full")
    assert (0, "") == (sent.code, sent.err)
    assert "3 sent: " in sent.out
    assert [20.0, 20.0] == [each.grade for each in moodle.learners.values()][:2]
    assert moodle.learners["6"].feedback.startswith("<pre>")
    saves = len(moodle.posts("mod_assign_save_grades"))
    again = to_moodle("--yes", "--feedback", "full")
    assert (0, "") == (again.code, again.err)
    assert "3 unchanged: " in again.out
    assert saves == len(moodle.posts("mod_assign_save_grades"))


def test_moodle_in_trouble_gets_everything(to_moodle: Push, moodle: FakeMoodle) -> None:
    moodle.troubles += [
        Trouble("mod_assign_save_grades", before=False),
        Trouble("mod_assign_get_grades", 503),
        Trouble("core_enrol_get_enrolled_users", midway=True),
    ]
    ran = to_moodle("--yes")
    assert (0, "") == (ran.code, ran.err)
    assert "3 sent: " in ran.out
    assert [0] * 3 == [trouble.times for trouble in moodle.troubles]


def test_what_moodle_refuses_is_told_and_the_rest_is_there(
    to_moodle: Push, moodle: FakeMoodle, config: Callable[..., Path]
) -> None:
    moodle.learners["4"].overridden = 3.0
    moodle.learners["5"].broken = True
    config("moodle", moodle, {"501": "S501", "502": "S502", "503": "S999"}, "idnumber")
    ran = to_moodle("--yes")
    assert (5, "") == (ran.code, ran.err)
    told = " ".join(ran.out.split())
    assert "2 refused, 1 unknown: " in told
    assert "overridden in Moodle's gradebook" in told
    assert "Error writing to database" in told


@pytest.mark.parametrize("platform", ["canvas", "moodle"])
def test_a_push_that_is_killed_is_gone_on_with(
    platform: str, request: pytest.FixtureRequest, run: Path, tmp_path: Path
) -> None:
    """The platform has stored it all, and the push is killed before it hears of that."""
    site: FakeCanvas | FakeMoodle = request.getfixturevalue(platform)
    push: Push = request.getfixturevalue(f"to_{platform}")
    stored, over = threading.Event(), threading.Event()
    answer = site.answer

    def hold(asked: Asked) -> Said:
        said = answer(asked)
        if asked in site.posts(SAVES[platform]) and not stored.is_set():
            if isinstance(site, FakeCanvas):
                site.work()
            stored.set()
            over.wait(30)
        return said

    site.answer = hold  # type: ignore[method-assign]
    arguments = ["push", platform, run, "--config", tmp_path / "push.toml", "--yes"]
    with subprocess.Popen(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as pushing:
        assert stored.wait(30)
        pushing.send_signal(signal.SIGKILL)
    over.set()
    time.sleep(0.05)  # for the answer that nobody hears
    with Store.reading(run / FILE) as store:
        kept = list(store.pushes(f"{platform} {site.url}{COLUMN[platform]}"))
    assert ["sending"] * 3 == [push.state for push in kept]
    ran = push("--yes")
    assert (0, "") == (ran.code, ran.err)
    assert "3 sent: " in ran.out
    if isinstance(site, FakeCanvas):
        assert [1, 1, 1] == [len(site.comments(key)) for key in KEYS]
        assert 1 == len(site.posts("update_grades"))
    assert "3 unchanged: " in push("--yes").out


def test_a_job_that_outlives_the_push_is_waited_for(
    to_canvas: Push, canvas: FakeCanvas, run: Path, tmp_path: Path
) -> None:
    """Killed while its job is queued: sent again at once, there would be two."""
    canvas.polls = None
    arguments = ["push", "canvas", run, "--config", tmp_path / "push.toml", "--yes"]
    with subprocess.Popen(
        [sys.executable, "-m", "grader", *map(str, arguments)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as pushing:
        ends = time.monotonic() + 30
        while not any("/progress/" in each.path for each in canvas.asked):
            assert time.monotonic() < ends
            time.sleep(0.01)
        pushing.send_signal(signal.SIGKILL)
    works = threading.Timer(1.0, canvas.work)
    works.start()
    ran = to_canvas("--yes")
    works.join()
    assert (0, "") == (ran.code, ran.err)
    assert "3 sent: " in ran.out
    assert [1, 1, 1] == [len(canvas.comments(key)) for key in KEYS]
    assert 1 == len(canvas.posts("update_grades"))


def test_a_participant_is_nobody_by_the_same_number(
    moodle: FakeMoodle, config: Callable[..., Path], grader: Grader, tmp_path: Path, right: bytes
) -> None:
    """Participant 4 of a download is the user 6, and the user 4 is somebody else."""
    handed_in = tmp_path / "download" / "Cy_4_assignsubmission_file" / "solution.py"
    handed_in.parent.mkdir(parents=True)
    handed_in.write_bytes(right)
    work, run = tmp_path / "work", tmp_path / "run"
    assert 0 == grader("import", tmp_path / "download", "--from", "moodle", "--out", work).code
    assert 0 == grader("batch", "sgdWithMomentum", work, "--out", run, "--quiet").code
    path = config("moodle", moodle, {})
    (tmp_path / "users.csv").write_text("key,id\n4,6\n")
    mapped = path.read_text()
    path.write_text(mapped.replace('"users.csv"', '"id"'))
    refused = grader("push", "moodle", run, "--config", path, "--yes")
    assert (2, "", 1) == (refused.code, refused.out, len(refused.err.splitlines()))
    assert "participants' numbers" in refused.err
    path.write_text(mapped)
    assert 0 == grader("push", "moodle", run, "--config", path, "--yes").code
    assert [None, None, 20.0] == [each.grade for each in moodle.learners.values()]


@pytest.mark.parametrize("platform", ["canvas", "moodle"])
def test_no_secret_is_in_what_is_said_or_kept(
    platform: str, request: pytest.FixtureRequest, run: Path, tmp_path: Path, process: Grader
) -> None:
    site: FakeSite = request.getfixturevalue(platform)
    request.getfixturevalue(f"to_{platform}")
    site.troubles.append(Trouble("/", 500, f"you sent {TOKEN}"))
    arguments = ["push", platform, run, "--config", tmp_path / "push.toml"]
    sent = process(*arguments, "--yes", GRADER_DEBUG="1")
    assert 0 == sent.code
    site.troubles.append(Trouble("/", 400, f"you sent {TOKEN}"))
    ran = process(*arguments, "--yes", GRADER_DEBUG="1")
    assert 2 == ran.code
    assert "you sent ***" in ran.err
    assert TOKEN not in "".join([sent.out, sent.err, ran.out, ran.err])
    kept = [path.read_bytes() for path in run.rglob("*") if path.is_file()]
    assert kept
    assert not any(TOKEN.encode() in held for held in kept)


def test_what_cannot_be_is_one_line(
    to_canvas: Push, tmp_path: Path, grader: Grader, run: Path
) -> None:
    config = tmp_path / "push.toml"
    text = config.read_text()
    changes = {
        "canvas.base_url: expected an https:// URL": ("http://127.0.0.1", "http://canvas.edu"),
        "canvas.asignment is no key here": ("assignment", "asignment"),
        "canvas.course: ": ("course = 1", "course = 0"),
        "canvas.users: expected 'id'": ('"users.csv"', '"name"'),
        "expected one of token_file": ("token_file", "# token_file"),
        "cannot read the token file": ('"token"', '"tokens"'),
        "cannot read the mapping file": ('"users.csv"', '"people.csv"'),
        "404": ("assignment = 2", "assignment = 3"),
    }
    for said, (before, after) in changes.items():
        config.write_text(text.replace(before, after))
        ran = to_canvas()
        assert (2, "", 1) == (ran.code, ran.out, len(ran.err.splitlines())), said
        assert said in ran.err
    config.write_text(text)
    (tmp_path / "token").chmod(0o644)
    assert "mode 0644" in to_canvas().err
    wrong = grader("push", "moodle", run, "--config", config)
    assert (2, "", 1) == (wrong.code, wrong.out, len(wrong.err.splitlines()))
    assert "no table [moodle]" in wrong.err
