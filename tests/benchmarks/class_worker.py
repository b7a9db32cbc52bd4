"""Whatever a class hands in, through `judge.judge` and a real box. A worker of a benchmark.

Unlike `judge_worker` it is given the submissions, right and wrong ones, and keeps its tables of
known programs from one order to the next, as a worker of a batch does.
"""

import gc
import sys
import time
from collections.abc import Sequence

import talk
from judge_worker import SECRET

from grader import dataset, judge
from grader.catalog import Catalog
from grader.exam import Exam
from grader.grading import cell_config
from grader.sandbox.tiers import open_box
from grader.submission import Submission


def main() -> None:
    """Answer orders, each a list of (name, source); the arguments are the tier, the challenge."""
    tier, challenge = sys.argv[1:]
    gc.set_threshold(100_000)  # as a worker of a batch does
    loaded = Catalog().load(challenge)
    exam = Exam(loaded, dataset.build(loaded.challenge, SECRET), SECRET)
    with open_box(tier, cell_config(loaded.challenge)) as box:

        def judged_s(order: Sequence[tuple[str, bytes]]) -> float:
            began = time.monotonic()
            for name, source in order:
                judge.judge(Submission(name, source), exam, box)
            return time.monotonic() - began

        talk.write(1, box.tier)
        talk.answer(judged_s)
