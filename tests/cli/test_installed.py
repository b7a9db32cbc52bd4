"""The wheel holds all that `grader` needs, and works from any folder."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHOW_AND_START = """
import sys
from grader import cli
for name in sys.argv[1:]:
    assert [0, 0] == [cli.run(["show", name]), cli.run(["start", name, name])], name
"""


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, ROOT, cwd=folder)
    [built] = folder.glob("*.whl")
    return built


def test_the_wheel_carries_the_package_and_every_challenge_whole(wheel: Path) -> None:
    tracked = [
        path.relative_to(ROOT).as_posix()
        for top in ("challenges", "grader", "reference")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert [] == [path for path in tracked if path not in packed]
    assert not any(name.startswith("tests/") for name in packed)


def installed(wheel: Path, folder: Path, dependencies: Path) -> Path:
    """Install into a virtual environment of its own, which borrows what lies in a folder."""
    run(sys.executable, "-m", "venv", "--without-pip", "venv", cwd=folder)
    python = folder / "venv" / "bin" / "python"
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run(python, "-c", purelib, cwd=folder).strip())
    (site / "dependencies.pth").write_text(str(dependencies))
    install = ("--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    run(sys.executable, "-m", "pip", *install, cwd=folder)
    return site


def test_an_installed_grader_lists_and_grades_every_challenge(wheel: Path, tmp_path: Path) -> None:
    site = installed(wheel, tmp_path, Path(sysconfig.get_path("purelib")))
    grader = tmp_path / "venv" / "bin" / "grader"
    challenges = json.loads(run(grader, "list", "--json", cwd=tmp_path))
    assert "sgdWithMomentum" in [entry["id"] for entry in challenges]
    names = [entry["id"] for entry in challenges]
    run(tmp_path / "venv" / "bin" / "python", "-c", SHOW_AND_START, *names, cwd=tmp_path)
    assert [] == [name for name in names if not (tmp_path / name / "starter.py").is_file()]
    folder = site / "challenges" / "sgd_with_momentum" / "submissions" / "accepted"
    run(
        *(grader, "batch", "sgdWithMomentum", folder, "--out", "out"),
        cwd=tmp_path,
        GRADER_SECRET="the tests' own",
    )
    lines = (tmp_path / "out" / "results.jsonl").read_text().splitlines()
    assert {"accepted"} == {json.loads(line)["verdict"] for line in lines}
    assert len([*folder.glob("*.py"), *folder.glob("*js")]) == len(lines)


def test_without_an_engine_javascript_is_nobodys_mark_and_the_rest_goes_on(
    wheel: Path, tmp_path: Path
) -> None:
    dependencies = tmp_path / "dependencies"
    dependencies.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "quickjs" not in entry.name and entry.suffix != ".pth":
            (dependencies / entry.name).symlink_to(entry)
    site = installed(wheel, tmp_path, dependencies)
    grader = tmp_path / "venv" / "bin" / "grader"
    shipped = site / "challenges" / "sgd_with_momentum" / "submissions" / "accepted"
    folder = tmp_path / "class"
    folder.mkdir()
    for name in ("port.mjs", "plain_loop.py"):
        (folder / name).write_bytes((shipped / name).read_bytes())
    for command in (
        ("grade", "sgdWithMomentum", folder / "port.mjs"),
        ("batch", "sgdWithMomentum", folder, "--out", "out"),
    ):
        done = subprocess.run(
            [str(grader), *map(str, command)],
            cwd=tmp_path,
            env={**os.environ, "GRADER_SECRET": "the tests' own"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert 3 == done.returncode, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        if command[0] == "grade":
            assert "pip install 'grader[javascript]'" in " ".join(done.stdout.split())
    rows = [json.loads(line) for line in (tmp_path / "out" / "results.jsonl").open()]
    found = {row["submission"]: (row["verdict"], row["score"]) for row in rows}
    assert {"plain_loop.py": ("accepted", 100.0), "port.mjs": ("judge_error", None)} == found
