"""The probe finds nothing in the box, and would find it if it were there."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from grader.catalog import Catalog
from grader.dataset import build
from grader.exam import Exam
from grader.grading import cell_config
from grader.sandbox.tiers import open_box
from grader.verify import canary
from grader.verify.subject import Subject

SECRET = b"the secret that no submission may find"


@pytest.fixture(scope="module")
def subject() -> Iterator[Subject]:
    loaded = Catalog().load("sgdWithMomentum")
    exam = Exam(loaded, build(loaded.challenge, SECRET), SECRET)
    with open_box("auto", cell_config(loaded.challenge)) as box:
        yield Subject(loaded, exam, box)


def test_nothing_is_within_reach_in_the_box(subject: Subject) -> None:
    assert [] == list(canary.canaries(subject))


IN_THE_JUDGE = """
import json
from grader.catalog import Catalog
from grader.dataset import build
from grader.exam import Exam
from grader.verify import canary
from grader.verify.subject import Subject

SECRET = b"the secret that no submission may find"
loaded = Catalog().load("sgdWithMomentum")
exam = Exam(loaded, build(loaded.challenge, SECRET), SECRET)
namespace = {"__name__": "probe"}
exec(compile(canary.probe(Subject(loaded, exam, None)).source, "probe.py", "exec"), namespace)
found = set()
namespace["objects"](found)
namespace["surroundings"](found)
print(json.dumps(sorted(found)))
"""


def test_in_the_judge_itself_the_probe_finds_everything() -> None:
    """The same program, run where the answers are: it would notice a leak."""
    ran = subprocess.run(
        [sys.executable, "-c", IN_THE_JUDGE], capture_output=True, text=True, check=True
    )
    assert {"a desired value", "the secret", "the module grader.exam"} <= set(
        json.loads(ran.stdout)
    )


def test_the_probe_carries_no_value_that_it_looks_for(subject: Subject) -> None:
    source = canary.probe(subject).source
    sought = list(canary._sought(subject))
    assert len(sought) > 10
    assert [] == [text for text in sought if text in source]
