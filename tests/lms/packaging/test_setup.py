"""Which Python `setup.sh` takes, and what it installs to have one. The tools are stand-ins.

No Ubuntu can be had here: what is tested is what the script asks of apt and in which order. The
whole of it, with a real Python and pip, is run by `tests/cli/test_package.py`.
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.lms.packaging import contents

TOOLS = ("bash", "env", "dirname", "chmod", "chown", "id", "cat", "cp")
REACHED_VENV = 7
PYTHON = f"""\
#!/bin/bash
case $1 in
  -) exit $SUITS ;;
  --version) echo Python of a test ;;
  -m) exit {REACHED_VENV} ;;
esac
"""
APT = """\
#!/bin/bash
echo "apt-get ${*: -2}" >>"$LOG"
[[ " $* " != *" $BRINGS "* ]] || for name in $BRINGS; do cp "$GOOD" "$(dirname "$0")/$name"; done
"""
PPA = """\
#!/bin/bash
echo "add-apt-repository $2" >>"$LOG"
"""


class Image:
    """A machine on which `setup.sh` finds nothing but what a test has put there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found is not None
            (self.bin / tool).symlink_to(found)
        package = folder / "root" / "source" / "grader"
        package.mkdir(parents=True)
        (package / "python.sh").write_text("least=3.11\nseen=3.12\n", "utf-8")
        (package / "secret").write_text("secret\n", "utf-8")
        self.setup = package.parent / "setup.sh"
        self.setup.write_bytes(contents.script("setup.sh"))
        self.put("good", PYTHON.replace("$SUITS", "0"), folder)

    def put(self, name: str, script: str, folder: Path | None = None) -> Path:
        path = (folder or self.bin) / name
        path.write_text(script, "utf-8")
        path.chmod(0o755)
        return path

    def python(self, name: str, *, suits: bool) -> Path:
        return self.put(name, PYTHON.replace("$SUITS", "0" if suits else "1"))

    def run(self, brings: str = "-", **variables: str) -> tuple[int, str, list[str]]:
        """Return the exit code, what was said, and what was asked of apt."""
        log = self.folder / "log"
        log.touch()
        environment = {
            "PATH": str(self.bin),
            "AUTOGRADER_ROOT": str(self.folder / "root"),
            "LOG": str(log),
            "GOOD": str(self.folder / "good"),
            "BRINGS": brings,
        }
        done = subprocess.run(
            [shutil.which("bash") or "bash", self.setup],
            env=environment | variables,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr, log.read_text("utf-8").splitlines()


@pytest.fixture
def image(tmp_path: Path) -> Image:
    return Image(tmp_path)


UPDATE = "apt-get Dpkg::Use-Pty=0 update"
BASE = "apt-get python3-venv ca-certificates"
PROPERTIES = "apt-get --no-install-recommends software-properties-common"
ARCHIVE = "add-apt-repository ppa:deadsnakes/ppa"
WANTED = "apt-get python3.12 python3.12-venv"


def test_the_python_that_was_packed_with_is_taken_before_another(image: Image) -> None:
    image.python("python3", suits=True)
    image.python("python3.12", suits=True)
    code, said, asked = image.run()
    assert (REACHED_VENV, []) == (code, asked)
    assert said.endswith("/python3.12)\n")


def test_ubuntu_24_has_one_and_lacks_but_the_virtual_environment(image: Image) -> None:
    image.python("python3", suits=False)
    image.put("apt-get", APT)
    code, said, asked = image.run(brings="python3")
    assert (REACHED_VENV, [UPDATE, BASE]) == (code, asked), said
    assert said.endswith("/python3)\n")


def test_ubuntu_22_has_an_older_one_and_gets_a_newer(image: Image) -> None:
    image.python("python3", suits=False)
    image.put("apt-get", APT)
    image.put("add-apt-repository", PPA)
    code, said, asked = image.run(brings="python3.12")
    assert (REACHED_VENV, [UPDATE, BASE, PROPERTIES, ARCHIVE, UPDATE, WANTED]) == (code, asked)
    assert said.endswith("/python3.12)\n")


def test_where_none_can_be_had_the_image_is_not_built_and_says_why(image: Image) -> None:
    image.python("python3", suits=False)
    code, said, _ = image.run()
    assert (1, True) == (code, "no apt-get; set AUTOGRADER_PYTHON" in said)
    image.put("apt-get", APT)
    image.put("add-apt-repository", PPA)
    code, said, _ = image.run()
    assert (1, True) == (code, "no Python >= 3.11 could be installed" in said)


def test_one_that_is_named_is_taken_or_refused(image: Image) -> None:
    image.python("python3", suits=True)
    good, bad = image.python("mine", suits=True), image.python("old", suits=False)
    code, said, _ = image.run(AUTOGRADER_PYTHON=str(good))
    assert (REACHED_VENV, True) == (code, said.endswith(f"({good})\n"))
    code, said, _ = image.run(AUTOGRADER_PYTHON=str(bad))
    assert (1, True) == (code, f"AUTOGRADER_PYTHON is {bad}; expected" in said)


def test_the_package_is_root_s_alone_even_if_unpacking_lost_its_modes(image: Image) -> None:
    image.python("python3", suits=True)
    package = image.setup.parent / "grader"
    for path in (package, package / "secret"):
        path.chmod(0o777)
    image.run()
    assert [0o700, 0o700] == [path.stat().st_mode & 0o777 for path in (package, package / "secret")]
    assert os.getuid() == (package / "secret").stat().st_uid


@pytest.mark.parametrize(
    ("version", "level", "suits"),
    [
        ((3, 10), "final", False),
        ((3, 11), "candidate", False),  # Ubuntu 22.04 has one
        ((3, 11), "final", True),
        ((3, 12), "final", True),
        ((4, 0), "final", True),
    ],
)
def test_a_python_suits_that_is_a_release_and_new_enough(
    image: Image, version: tuple[int, int], level: str, suits: bool
) -> None:
    """This very interpreter answers, and is told that it is another version."""
    said = f"class V(tuple): releaselevel = {level!r}"
    code = f"import sys\n{said}\nsys.version_info = V({version})\nexec(sys.stdin.read())"
    lines = [
        "#!/bin/bash",
        f'[[ $1 != - ]] || exec {sys.executable} -c {shlex.quote(code)} "$2"',
        f"[[ $1 == --version ]] || exit {REACHED_VENV}",
    ]
    answering = image.put("answering", "\n".join(lines) + "\n")
    code_of_setup, *_ = image.run(AUTOGRADER_PYTHON=str(answering))
    assert (REACHED_VENV if suits else 1) == code_of_setup
