"""What a driver rehearses before there is a judge has to end wherever a zygote can start."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

# A page is what the kernel leaves to a user who has many pipes, and Windows to everybody: whoever
# fills one that nobody reads yet waits for ever.
NO_PIPES = """
import os, sys
sys.path[:] = {path!r}
def pipe():
    raise OSError("a rehearsal that needs a pipe")
os.pipe = pipe
from grader.languages import {driver} as driver
driver.warm()
"""


@pytest.mark.parametrize("driver", ["python_driver", "javascript_driver"])
def test_a_rehearsal_needs_no_pipe(driver: str) -> None:
    if driver == "javascript_driver" and find_spec("_quickjs") is None:
        pytest.skip("the engine of JavaScript is not installed")
    code = NO_PIPES.format(path=[entry for entry in sys.path if entry], driver=driver)
    subprocess.run([sys.executable, "-s", "-P", "-S", "-B", "-c", code], check=True, timeout=20)
