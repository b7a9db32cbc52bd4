"""The reply that a grader of Open edX gives for a submission from its queue (`xqueue_body`).

`correct`, `score` and `msg` have to be there. `msg` is one element of XHTML, for the platform
parses it as XML and refuses what is not. `score` is in the problem's points, of which there is 1
unless the problem says otherwise, so full marks are 1 unless asked for differently.

A judge error. The reply says so in its message, but it needs a number and so has 0: do not send
it. Without a reply the queue hands the submission out again (exit code 3 tells).
"""

import json
from dataclasses import replace
from fractions import Fraction

from grader.lms import feedback
from grader.lms.numbers import MOST_DIGITS, Scaling
from grader.lms.single import markup, outline
from grader.result import SubmissionResult


def render(result: SubmissionResult, scaling: Scaling) -> str:
    """Return the reply, a line of JSON."""
    if scaling.maximum is None:
        scaling = replace(scaling, maximum=Fraction(1), digits=MOST_DIGITS)
    said = outline.of(result, scaling)
    text = outline.NO_MARK if said.score is None else feedback.cut(feedback.full(result))
    reply = {
        "correct": said.accepted,
        "score": float(said.score or 0),
        "msg": f"<div>{markup.preformatted(text)}</div>",
    }
    return json.dumps(reply, allow_nan=False) + "\n"
