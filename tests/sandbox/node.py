"""Node, where there is one: an engine of JavaScript with no box around it, to show what holes are.

What runs in it is harmless: it reads a file and knocks at a port that the test has made.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")
LIMITS = ["--max-old-space-size=256", "--stack-size=900"]


def run(source: str, program: str, folder: Path, *arguments: object, seconds: float = 9) -> str:
    """Return what Node prints of a file that ends in `program`, within so many seconds.

    A program that is still at it then raises `subprocess.TimeoutExpired`.
    """
    if NODE is None:
        pytest.skip("no node here, to show what the box takes away")
    is_module = "import " in source.split("\n", 1)[0] or "export " in source
    file = folder / ("attack.mjs" if is_module else "attack.cjs")
    file.write_text(f"{source}\n;{program}\n")
    done = subprocess.run(
        [NODE, *LIMITS, str(file), *map(json.dumps, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
        timeout=seconds,
        cwd=folder,
        env={"SECRET": "from the environment"},
    )
    return done.stdout
