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


def test_the_wheel_carries_every_challenge_whole(wheel: Path) -> None:
    tracked = [
        path.relative_to(ROOT).as_posix()
        for top in ("challenges", "reference")
        for path in (ROOT / top).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert [] == [path for path in tracked if path not in packed]
    assert not any(name.startswith("tests/") for name in packed)


def test_an_installed_grader_lists_and_grades_every_challenge(wheel: Path, tmp_path: Path) -> None:
    """In a virtual environment of its own, which borrows the dependencies of this one."""
    run(sys.executable, "-m", "venv", "--without-pip", "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    purelib = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = Path(run(python, "-c", purelib, cwd=tmp_path).strip())
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    install = ("--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    run(sys.executable, "-m", "pip", *install, cwd=tmp_path)

    grader = tmp_path / "venv" / "bin" / "grader"
    challenges = json.loads(run(grader, "list", "--json", cwd=tmp_path))
    assert "sgdWithMomentum" in [entry["id"] for entry in challenges]
    for entry in challenges:
        run(grader, "show", entry["id"], cwd=tmp_path)
        run(grader, "start", entry["id"], entry["id"], cwd=tmp_path)
    folder = site / "challenges" / "sgd_with_momentum" / "submissions" / "accepted"
    run(
        *(grader, "batch", "sgdWithMomentum", folder, "--out", "out"),
        cwd=tmp_path,
        GRADER_SECRET="the tests' own",
    )
    lines = (tmp_path / "out" / "results.jsonl").read_text().splitlines()
    assert {"accepted"} == {json.loads(line)["verdict"] for line in lines}
    assert len([*folder.glob("*.py"), *folder.glob("*js")]) == len(lines)
