"""What a driver rehearses before there is a judge has to end wherever a zygote can start."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

# One page is what the kernel leaves to a user who has many pipes, and Windows to everybody.
SMALL_PIPES = """
import fcntl, os, sys
sys.path[:] = {path!r}
make = os.pipe
def pipe():
    ends = make()
    fcntl.fcntl(ends[0], fcntl.F_SETPIPE_SZ, 4096)
    return ends
os.pipe = pipe
from grader.languages import {driver} as driver
driver.warm()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a pipe how much it may hold")
@pytest.mark.parametrize("driver", ["python_driver", "javascript_driver"])
def test_a_rehearsal_ends_where_pipes_hold_little(driver: str) -> None:
    if driver == "javascript_driver" and find_spec("_quickjs") is None:
        pytest.skip("the engine of JavaScript is not installed")
    code = SMALL_PIPES.format(path=[entry for entry in sys.path if entry], driver=driver)
    subprocess.run([sys.executable, "-s", "-P", "-S", "-B", "-c", code], check=True, timeout=20)
