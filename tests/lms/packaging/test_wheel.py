"""The wheel that is made of what is installed: complete, valid, and the same each time."""

import base64
import csv
import hashlib
import io
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import grader
from grader.errors import UsageError
from grader.lms.packaging import wheel

ROOT = Path(grader.__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def own() -> wheel.Wheel:
    return wheel.own()


def test_it_carries_what_the_build_would_and_no_cache(own: wheel.Wheel) -> None:
    described = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    built = described["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert tuple(built) == wheel.PACKAGES
    expected = {
        path.relative_to(ROOT).as_posix()
        for top in built
        for path in (ROOT / top).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    names = zipfile.ZipFile(io.BytesIO(own.data)).namelist()
    assert expected == {name for name in names if ".dist-info/" not in name}
    about = {name.partition(".dist-info/")[2] for name in names if ".dist-info/" in name}
    assert {"METADATA", "RECORD", "WHEEL", "entry_points.txt", "licenses/LICENSE"} == about


def test_its_record_has_the_digest_of_every_file(own: wheel.Wheel) -> None:
    archive = zipfile.ZipFile(io.BytesIO(own.data))
    [record] = [name for name in archive.namelist() if name.endswith("/RECORD")]
    rows = list(csv.reader(archive.read(record).decode().splitlines()))
    assert [*archive.namelist()] == [row[0] for row in rows]
    assert [record, "", ""] == rows.pop()
    for name, digest, size in rows:
        data = archive.read(name)
        raw = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
        assert (f"sha256={raw}", str(len(data))) == (digest, size), name


def test_equal_files_give_equal_bytes(own: wheel.Wheel) -> None:
    assert own == wheel.own()


def test_a_grader_that_was_never_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(ROOT)])
    with pytest.raises(UsageError, match=r"is not installed.*pip install"):
        wheel.own()


def test_pip_installs_it_and_its_command_runs(own: wheel.Wheel, tmp_path: Path) -> None:
    (tmp_path / own.name).write_bytes(own.data)
    options = ("--quiet", "--no-deps", "--no-index", "--no-compile", "--target", tmp_path / "site")
    install = [sys.executable, "-m", "pip", "install", *map(str, options), own.name]
    subprocess.run(install, cwd=tmp_path, check=True, timeout=60)
    done = subprocess.run(
        [sys.executable, tmp_path / "site" / "bin" / "grader", "--version"],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert f"grader, version {own.name.split('-')[1]}\n" == done.stdout
