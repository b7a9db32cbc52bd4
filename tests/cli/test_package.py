"""`grader package`: what is packed sets itself up in the platform's layout, and grades there.

The package is unpacked below a scratch folder. `setup.sh` is run whole, but for the network: pip
gets wheels made of what is installed here, and a Python is named, so that apt is asked for nothing
(`tests/lms/packaging/test_setup.py` has that). Where this user may make a control group, it grades
under Gradescope's limits on memory and CPU; what memory it takes is measured everywhere.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from control_group import limited

from grader.cli.package import PLATFORMS
from grader.lms import packaging
from grader.lms.packaging import pins, wheel
from grader.sandbox.tiers import TIERS

Grader = Callable[..., Any]
Files = Mapping[str, str | bytes]

SECRET = "the tests' own"
MEMORY_MB = 768
HALF_A_CORE = 0.5
HELD_MB = 430
TESTS = Path(__file__).resolve().parents[1]
PAGE = (TESTS.parent / ".github" / "CONTRIBUTING.md").read_text("utf-8")
SCHEMA = json.loads((TESTS / "lms/single/gradescope.schema.json").read_text("utf-8"))

WRONG = b"def sgdWithMomentum(data, lr, beta, epochs):\n    return 0.0\n"
NOT_PYTHON = "def sgdWithMomentum(:\n"
HOG = f"""\
import numpy
held = numpy.ones({HELD_MB} << 17)
def sgdWithMomentum(data, lr, beta, epochs):
    return float(held[0]) * 1e300
"""
THIEF = """\
import os, sys
PATHS = {paths!r}
def tried():
    for path in PATHS:
        try:
            yield open(path, "rb").read(20) and f"GOT {{path}}"
        except OSError:
            yield "held"
        try:
            open(path, "ab").close()
            yield f"CHANGED {{path}}"
        except OSError:
            yield "held"
    for name in ("reference.sgd_with_momentum", "grader.secret", "grader.catalog"):
        try:
            __import__(name)
            yield f"GOT {{name}}"
        except ImportError:
            yield "held"
    yield f"GOT {{dict(os.environ)}}" if "GRADER_SECRET" in os.environ else "held"
found = []  # once is enough, for 43 calls of it are near the limit where much else runs
def sgdWithMomentum(data, lr, beta, epochs):
    found[:] = found or sorted(set(tried()))
    print(found)
    print('{{"score": 100}}')
    return 0.0
"""


def as_wheels(folder: Path) -> Path:
    """Make wheels of what is installed here and grading needs, as an index would have them."""
    folder.mkdir()
    for name in pins.versions(["numpy"], ["javascript"]):
        found = metadata.distribution(name)
        files = {
            file.as_posix(): Path(str(file.locate())).read_bytes()
            for file in found.files or ()
            if file.parts[0] != ".."
            and not file.parts[0].endswith(".dist-info")
            and not {"__pycache__", "tests"} & {*file.parts}  # numpy's own: a third of it
        }
        tags = re.findall(r"^Tag: (\S+)$", found.read_text("WHEEL") or "", re.MULTILINE)
        about = {"METADATA": (found.read_text("METADATA") or "").encode()}
        made = wheel.packed(found.name, found.version, tags[0], files, about)
        (folder / made.name).write_bytes(made.data)
    return folder


def unpack(package: Path, folder: Path) -> None:
    """Unpack as Gradescope does, with the modes that the zip has."""
    with zipfile.ZipFile(package) as archive:
        for member in archive.infolist():
            path = Path(archive.extract(member, folder))
            path.chmod(member.external_attr >> 16 & 0o777)


class Autograder:
    """Gradescope's folder: `/autograder` below a scratch folder."""

    def __init__(self, root: Path, package: Path) -> None:
        self.root = root
        unpack(package, root / "source")
        for folder in ("home", "tmp", "submission"):
            (root / folder).mkdir()
        shutil.copy2(root / "source" / "run_autograder", root)
        self.peak_mb = 0.0

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        folders = {"HOME": str(self.root / "home"), "TMPDIR": str(self.root / "tmp")}
        return kept | folders | {"AUTOGRADER_ROOT": str(self.root)}

    def set_up(self, wheels: Path) -> str:
        done = subprocess.run(
            [self.root / "source" / "setup.sh"],
            env=self.environment
            | {"AUTOGRADER_PYTHON": sys.executable}
            | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert 0 == done.returncode, done.stdout + done.stderr
        return done.stdout

    def grade(
        self,
        files: Files,
        *,
        prefix: tuple[str, ...] = (),
        about: Any = None,
        measured: bool = False,
    ) -> Any:
        """Return `results.json` for a submission of these files; nothing else may change."""
        for path in (self.root / "submission", self.root / "results"):
            shutil.rmtree(path, ignore_errors=True)
        (self.root / "submission_metadata.json").write_text(json.dumps(about), "utf-8")
        for name, content in files.items():
            path = self.root / "submission" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        (self.root / "submission").mkdir(exist_ok=True)
        before = self.state()
        running = subprocess.Popen(
            [*prefix, str(self.root / "run_autograder")],
            cwd=self.root,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        if measured:
            self.peak_mb = peak_mb(running)
        assert 0 == running.wait(timeout=60)
        assert before == self.state()
        assert ["results.json"] == os.listdir(self.root / "results")
        results = json.loads((self.root / "results" / "results.json").read_text("utf-8"))
        jsonschema.Draft202012Validator(SCHEMA).validate(results)
        return results

    def state(self) -> dict[str, tuple[int, int]]:
        """Return what there is outside of `results`, with times and sizes."""
        return {
            str(path): (path.stat().st_mtime_ns, path.stat().st_size)
            for path in self.root.rglob("*")
            if path.is_file() and path.parent.name != "results"
        }


def peak_mb(running: "subprocess.Popen[bytes]") -> float:
    """Wait for the end; return the most that the process and all below it held at one time."""
    peak = 0.0
    while running.poll() is None:
        peak = max(peak, sum(map(proportional_mb, tree(running.pid))))
        time.sleep(0.02)
    return peak


def tree(pid: int) -> Iterator[int]:
    """Yield a process and those that it and its children have started."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from tree(int(child))


def proportional_mb(pid: int) -> float:
    """Return what a process holds, pages that several share counted in parts."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def outcome(results: Any) -> tuple[float, str, int]:
    """Return the score, our verdict, and the number of tests that students see."""
    seen = [test for test in results["tests"] if test["visibility"] == "visible"]
    return results["score"], results["extra_data"]["grader"]["verdict"], len(seen)


def test_a_package_sets_itself_up_without_a_network_and_grades(
    grader: Grader, right: bytes, tmp_path: Path
) -> None:
    """One test, for the setting up takes most of its time."""
    package = tmp_path / "autograder.zip"
    asked = ("package", "gradescope", "sgdWithMomentum", "--scale-to", "20")
    made = grader(*asked, "--out", package)
    assert (0, "") == (made.code, made.err)
    assert 0o600 == package.stat().st_mode & 0o777
    there = Autograder(tmp_path / "autograder", package)
    said = there.set_up(as_wheels(tmp_path / "wheels"))
    assert "Its hidden cases are those of where it was packed." in said
    secret = there.root / "source" / "grader" / "secret"
    assert (0o600, SECRET) == (secret.stat().st_mode & 0o777, secret.read_text("utf-8").strip())

    grades_as_at_home(grader, there, right)
    says_what_is_wrong(there, right)
    grades_within_the_platform_s_limits(there, right)
    gives_nothing_away(there)
    assert 200 < there.peak_mb < MEMORY_MB
    says_what_is_our_fault(there, right)
    packs_itself(there, asked, package)
    grades_what_is_private(grader, there, tmp_path)
    grades_for_prairielearn(grader, there, tmp_path, right)


def grades_as_at_home(grader: Grader, there: Autograder, right: bytes) -> None:
    score, verdict, _ = outcome(there.grade({"solution.py": right, "notes.txt": "hello"}))
    assert (20.0, "accepted") == (score, verdict)
    graded = there.grade({"a/solution.py": WRONG}, about={"previous_submissions": [{"score": 9}]})
    assert 2 == graded["extra_data"]["attempt"]
    home = there.root / "submission" / "a" / "solution.py"
    options = ("--format", "gradescope", "--scale-to", "20")
    expected = json.loads(grader("grade", "sgdWithMomentum", home, *options).out)
    assert "wrong_answer" == outcome(graded)[1]
    for part in ("score", "tests", "output"):
        assert expected[part] == graded[part]


def says_what_is_wrong(there: Autograder, right: bytes) -> None:
    found = {
        name: there.grade(files, measured=name == "large")
        for name, files in {
            "large": {"solution.py": HOG},
            "not python": {"solution.py": NOT_PYTHON},
            "nothing": {"notes.txt": "hello"},
            "two": {"a.py": right, "b.py": WRONG},
        }.items()
    }
    assert {
        "not python": (0, "invalid_submission"),
        "nothing": (0, "invalid_submission"),
        "two": (0, "invalid_submission"),
    } == {name: outcome(each)[:2] for name, each in found.items() if name != "large"}
    # Wrong, or out of time where the machine is busy: how large it gets is what is asked.
    assert 0 == found["large"]["score"]
    assert [1, 1] == [outcome(found[name])[2] for name in ("nothing", "two")]
    assert "hand in one that defines sgdWithMomentum" in found["nothing"]["tests"][0]["output"]
    assert "a.py and b.py each define sgd" in found["two"]["tests"][0]["output"]
    assert "invalid syntax (line 1)" in found["not python"]["output"]


def grades_within_the_platform_s_limits(there: Autograder, right: bytes) -> None:
    with limited(MEMORY_MB << 20, HALF_A_CORE) as group:
        if group is None:
            return
        found = there.grade({"solution.py": right}, prefix=group.prefix)
        assert "accepted" == outcome(found)[1]
        # As large as its limit lets it be: wrong, or out of time, and never our fault.
        found = there.grade({"solution.py": HOG}, prefix=group.prefix)
        assert outcome(found)[1] in ("wrong_answer", "time_limit_exceeded")
        assert HELD_MB << 20 < group.peak_bytes() <= MEMORY_MB << 20
        assert not group.was_short()


def gives_nothing_away(there: Autograder) -> None:
    package = there.root / "source" / "grader"
    [site] = there.root.glob("grader-venv/lib/*/site-packages")
    ours = [package / "secret", *package.glob("*.whl"), there.root / "run_autograder"]
    ours += [site / "reference" / "sgd_with_momentum.py", site / "grader" / "secret.py"]
    assert [True] * 5 == [path.is_file() for path in ours]
    results = there.root / "results" / "results.json"
    tried = [*map(str, [*ours, results]), "/proc/self/environ", "/proc/1/environ"]
    # Without this right it is as in most containers, where nobody may make namespaces.
    fewer = ("setpriv", "--bounding-set", "-sys_admin") if os.getuid() == 0 else ()
    for prefix, tiers in (((), TIERS), (fewer, TIERS[bool(fewer) :])):
        found = there.grade({"solution.py": THIEF.format(paths=tried)}, prefix=prefix)
        assert (0, "wrong_answer") == outcome(found)[:2]
        assert found["extra_data"]["grader"]["tier"] in tiers
        said = json.dumps(found)
        assert "['held']" in said
        assert [] == [word for word in ("GOT", "CHANGED", SECRET) if word in said]


def says_what_is_our_fault(there: Autograder, right: bytes) -> None:
    about = {"previous_submissions": [{"score": 9}]}
    files = {"solution.py": right}
    # The sandbox knows no processor of this name, so that no tier holds.
    results = there.grade(files, about=about, prefix=("setarch", "i686"))
    assert (9.0, "judge_error", 1) == outcome(results)
    assert "TierUnavailable: the sandbox knows the processors" in results["tests"][1]["output"]
    (there.root / "grader-venv").rename(there.root / "elsewhere")
    results = there.grade(files, about=about)
    (there.root / "elsewhere").rename(there.root / "grader-venv")
    assert (0, "judge_error", 1) == outcome(results)
    assert "ended with exit code 127" in results["tests"][1]["output"]


def packs_itself(there: Autograder, asked: tuple[str, ...], package: Path) -> None:
    """What was installed from a wheel packs the same bytes as a checkout."""
    again = package.with_name("again.zip")
    subprocess.run(
        [there.root / "grader-venv" / "bin" / "grader", *asked, "--out", again],
        env=there.environment | {"GRADER_SECRET": SECRET},
        stdout=subprocess.DEVNULL,
        timeout=60,
        check=True,
    )
    first, second = zipfile.ZipFile(package), zipfile.ZipFile(again)
    assert {name: first.read(name) for name in first.namelist()} == {
        name: second.read(name) for name in second.namelist()
    }


def grades_what_is_private(grader: Grader, there: Autograder, folder: Path) -> None:
    for name, text in re.findall(r"^`(mine/\S+)`\n\n```\w+\n(.*?)^```$", PAGE, re.M | re.S):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "mine" / "challenges" / "mean_squared_error" / ".hidden").touch()
    package = folder / "private.zip"
    roots = ("--challenges", folder / "mine" / "challenges")
    grader("package", "gradescope", "meanSquaredError", "--out", package, *roots)
    private = Autograder(folder / "private", package)
    names = {
        path.relative_to(private.root / "source" / "grader" / "private").as_posix()
        for path in private.root.rglob("private/**/*")
        if path.is_file()
    }
    assert {"challenges/mean_squared_error/spec.py", "reference/mean_squared_error.py"} <= names
    assert [] == [name for name in names if "pycache" in name or "hidden" in name]
    shutil.rmtree(folder / "mine")
    (private.root / "grader-venv").symlink_to(there.root / "grader-venv")
    python = private.root / "grader-venv" / "bin" / "python"
    ready = [python, "-I", "-B", "-m", "grader.lms.harness.ready", private.root / "source/grader"]
    said = subprocess.run(ready, capture_output=True, text=True, timeout=60, check=False)
    assert (0, "") == (said.returncode, said.stderr)
    reference = private.root / "source/grader/private/reference/mean_squared_error.py"
    assert "accepted" == outcome(private.grade({"it.py": reference.read_bytes()}))[1]

    with reference.open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    said = subprocess.run(ready, capture_output=True, text=True, timeout=60, check=False)
    assert (2, True) == (said.returncode, "expected digest" in said.stderr)


def grades_for_prairielearn(grader: Grader, there: Autograder, folder: Path, right: bytes) -> None:
    package, root, grade = folder / "pl.zip", folder / "image", folder / "grade"
    grader("package", "prairielearn", "sgdWithMomentum", "--out", package)
    unpack(package, folder / "unpacked")
    (folder / "unpacked" / "image").rename(folder / "built")
    root.mkdir()
    (folder / "built").rename(root / "source")
    (root / "grader-venv").symlink_to(there.root / "grader-venv")

    def graded(files: Files) -> Any:
        shutil.rmtree(grade, ignore_errors=True)
        (grade / "student").mkdir(parents=True)
        for name, content in files.items():
            (grade / "student" / name).write_bytes(bytes(content))
        variables = {"AUTOGRADER_ROOT": str(root), "GRADE_ROOT": str(grade)}
        run = root / "source" / "run_autograder"
        subprocess.run([run], env=there.environment | variables, timeout=60, check=True)
        assert ["results.json"] == os.listdir(grade / "results")
        return json.loads((grade / "results" / "results.json").read_text("ascii"))

    results = graded({"it.py": right})
    assert (True, 1.0) == (results["gradable"], results["score"])
    nothing = graded({})
    assert (False, True) == (nothing["gradable"], "sgdWithMomentum" in nothing["format_errors"][0])
    (root / "grader-venv").unlink()
    fault = graded({"it.py": right})
    assert (False, True) == (fault["gradable"], "no fault of yours" in fault["format_errors"][0])


def test_a_question_for_prairielearn_holds_nothing_secret(grader: Grader, tmp_path: Path) -> None:
    out = tmp_path / "pl.zip"
    ran = grader("package", "prairielearn", "sgdWithMomentum", "--out", out)
    assert (0, True) == (ran.code, "build the folder image as grader-sgd-with-momentum" in ran.err)
    archive = zipfile.ZipFile(out)
    question = [name for name in archive.namelist() if name.startswith("question/")]
    assert ["question/info.json", "question/question.html"] == question
    info = json.loads(archive.read("question/info.json"))
    options = info["externalGradingOptions"]
    assert ("v3", "External") == (info["type"], info["gradingMethod"])
    assert (True, False, "/autograder/run_autograder") == (
        *(options["enabled"], options["enableNetworking"], options["entrypoint"]),
    )
    html = archive.read("question/question.html").decode()
    statement = (TESTS.parent / "challenges/sgd_with_momentum/statement.md").read_text("utf-8")
    assert statement.strip() in html
    assert 'file-names="solution.py"' in html
    dockerfile = archive.read("image/Dockerfile").decode()
    assert "source/run_autograder /autograder/" in dockerfile
    modes = {name: archive.getinfo(name).external_attr >> 16 & 0o777 for name in archive.namelist()}
    assert (0o755, 0o755, 0o600) == (
        *(modes["image/setup.sh"], modes["image/run_autograder"], modes["image/grader/secret"]),
    )
    again = grader("package", "prairielearn", "sgdWithMomentum", "--out", tmp_path / "2.zip")
    assert (0, out.read_bytes()) == (again.code, (tmp_path / "2.zip").read_bytes())


def test_a_statement_that_prairielearn_would_fill_in_is_refused(
    grader: Grader, tmp_path: Path
) -> None:
    spec = tmp_path / "challenges" / "twice" / "spec.py"
    spec.parent.mkdir(parents=True)
    spec.write_text(MINE, "utf-8")
    (spec.parent / "statement.md").write_text("Return {{ 2 * x }}.", "utf-8")
    roots = ("--challenges", spec.parents[1])
    ran = grader("package", "prairielearn", "twice", "--out", tmp_path / "a.zip", *roots)
    assert (2, True) == (ran.code, "statement.md holds {{ or </markdown>" in ran.err)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("gradescope", "nothing"), "there is no challenge 'nothing'"),
        (("gradescop", "adamW"), "'gradescop' is not"),
        (("gradescope", "adamW", "--scale-to", "0"), "expected a number above 0"),
        (("gradescope", "adamW", "--scale-to", "12,5"), "expected a number above 0"),
        (("gradescope", "adamW", "--scale-to", "0.001"), "every grade would be 0"),
        (("prairielearn", "adamW", "--scale-to", "20"), "takes a share from 0 to 1"),
    ],
)
def test_what_cannot_be_packed_is_refused_and_nothing_written(
    grader: Grader, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ran = grader("package", *arguments, "--out", tmp_path / "a.zip")
    assert (2, True) == (ran.code, said in ran.err)
    assert [] == list(tmp_path.glob("*.zip"))


def test_a_folder_that_is_not_there_is_named(grader: Grader, tmp_path: Path) -> None:
    ran = grader("package", "gradescope", "adamW", "--out", tmp_path / "no" / "a.zip")
    assert (2, True) == (ran.code, "cannot write" in ran.err and "Traceback" not in ran.err)
    (tmp_path / "folder").mkdir()
    ran = grader("package", "gradescope", "adamW", "--out", tmp_path / "folder")
    assert (2, ["folder"]) == (ran.code, [path.name for path in tmp_path.glob("[!c]*")])


def test_the_command_names_the_platforms_that_there_are() -> None:
    assert tuple(packaging.PLATFORMS) == PLATFORMS


MINE = """\
from grader.spec import Case, Challenge, Group, Limits

def twice(x):
    return 2 * x

CASES = (Case(name="one", args=(1.0,)),)
challenge = Challenge(
    id="twice",
    title="Twice",
    parameters=("x",),
    reference=twice,
    groups=(Group(name="all", title="All", points=10, cases=CASES),),
    limits=Limits(memory_mb=2048),
    javascript_engine="node",
)
"""


def test_what_a_platform_may_lack_is_said_when_it_is_packed(grader: Grader, tmp_path: Path) -> None:
    spec = tmp_path / "challenges" / "twice" / "spec.py"
    spec.parent.mkdir(parents=True)
    spec.write_text(MINE, "utf-8")
    out = tmp_path / "a.zip"
    ran = grader("package", "gradescope", "twice", "--out", out, "--challenges", spec.parents[1])
    assert 0 == ran.code
    node, memory = ran.err.splitlines()
    assert "run by Node.js, which setup.sh does not install" in node
    assert "may take 2048 MB" in memory
    requirements = zipfile.ZipFile(out).read("grader/requirements.txt").decode().splitlines()
    assert ["numpy"] == requirements[1:]
    assert requirements[0].endswith(".whl")
