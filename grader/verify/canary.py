"""Is anything secret within reach of a submission? A probe looks, in the box, as a student would.

The probe is a submission. It must not be told what it looks for, or it would carry that into
the box itself: it gets salted hashes, takes everything apart that it can reach (live objects,
frames, modules, environment, arguments, files), and says which hashes it met. What it looks for
are the desired values of hidden cases, the secret, and the names of our own rooms.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from grader.agreement import flat
from grader.dataset import args_of
from grader.judge import gather
from grader.submission import Submission
from grader.verify.certificate import Fault
from grader.verify.subject import Subject

_LEAST_DIGITS = 8
_MOST_MARKS = 2000

PROBE = """
import gc, hashlib, os, sys

MARKS = frozenset({marks!r})
SALT = {salt!r}
ROOMS = ("challenges", "reference", "grader.spec", "grader.dataset", "grader.exam",
         "grader.judge", "grader.secret", "grader.catalog")
FILES = ("spec.py", "secret", "statement.md", "starter.py")
ATOMS = (float, int, str, bytes, bool, type(None))
CALLS = [0]


def mark(text):
    return hashlib.sha256(SALT + text).hexdigest()[:16]


def seen(value, found):
    if type(value) is float:
        if mark(repr(value).encode()) in MARKS:
            found.add("a desired value")
    elif type(value) is str:
        if 8 <= len(value) <= 200 and mark(value.encode("utf-8", "replace")) in MARKS:
            found.add("a secret text")
    elif type(value) is bytes:
        if 8 <= len(value) <= 200 and mark(value) in MARKS:
            found.add("the secret")


def objects(found):
    known, waiting = set(), [gc.get_objects()]
    frame = sys._getframe()
    while frame is not None:
        waiting.append(frame.f_locals)
        frame = frame.f_back
    while waiting and len(known) < 2000000:
        value = waiting.pop()
        if id(value) in known:
            continue
        known.add(id(value))
        seen(value, found)
        if type(value) not in ATOMS:
            waiting.extend(gc.get_referents(value))


def surroundings(found):
    for name in ROOMS:
        if name in sys.modules:
            found.add("the module " + name)
    for text in [*os.environ.values(), *os.environ, *sys.argv]:
        seen(text, found)


def files(found):
    for top in {{entry for entry in sys.path if entry}} | {{".", "/"}}:
        for folder, _, names in os.walk(top):
            if os.path.basename(folder) in ("challenges", "reference", "submissions"):
                found.add("the folder " + folder)
            for name in names:
                if name in FILES:
                    found.add("the file " + name)


def probe(*args):
    CALLS[0] += 1
    found = set()
    if CALLS[0] in (1, {last}):
        objects(found)
        surroundings(found)
    if CALLS[0] == 1:
        files(found)
    return sorted(found)


{entry} = lambda {parameters}: probe({parameters})
"""


def probe(subject: Subject) -> Submission:
    """Return the probe for a challenge and its hidden data."""
    challenge = subject.challenge
    salt = hashlib.sha256(subject.exam.inputs_digest.encode()).digest()
    marks = sorted({_mark(salt, text) for text in _sought(subject)})
    return Submission(
        "probe.py",
        PROBE.format(
            marks=marks,
            salt=salt,
            last=len(subject.exam.calls),
            entry=challenge.id,
            parameters=", ".join(challenge.parameters),
        ).encode(),
    )


def _mark(salt: bytes, text: bytes) -> str:
    return hashlib.sha256(salt + text).hexdigest()[:16]


def _sought(subject: Subject) -> Iterator[bytes]:
    """Yield what nothing in the box may hold, as bytes."""
    yield subject.exam.secret
    yield subject.exam.secret.hex().encode()
    inputs = {
        number
        for call in subject.exam.calls
        for value in args_of(call.data)
        for number in _numbers(value)
    }
    values = {
        number
        for call in subject.exam.calls
        if not subject.exam.questions[call.question].is_visible
        for number in _numbers(call.data.desired)
    }
    # What is also an input is there by right, and a short number may be there by chance.
    telling = sorted(n for n in values - inputs if len(repr(abs(n)).strip("0")) > _LEAST_DIGITS)
    for number in telling[:_MOST_MARKS]:
        yield repr(number).encode()


def _numbers(value: Any) -> list[float]:
    """Return the numbers of a value; of one that holds others as well, those of its entries."""
    numbers = flat(value)
    if numbers is not None:
        return [float(number) for number in numbers]
    if isinstance(value, dict):
        return [number for entry in value.values() for number in _numbers(entry)]
    if isinstance(value, list | tuple):
        return [number for entry in value for number in _numbers(entry)]
    return []


def canaries(subject: Subject) -> Iterator[Fault]:
    """Run the probe in the box; whatever it finds is a fault, and so is finding out nothing."""
    subject = subject.at_leisure()
    evidence = gather(probe(subject), subject.exam, subject.box)
    runs = evidence.run.cases
    if evidence.run.invalid is not None or any(run.verdict is not None for run in runs):
        said = next((run.message for run in runs if run.message is not None), "it was refused")
        yield Fault("canaries", f"the probe could not look around in the box: {said}")
        return
    found = sorted({name for run in runs for name in _texts(run.value)})
    if found:
        yield Fault("canaries", f"a submission in the box can reach {json.dumps(found)}")


def _texts(value: Any) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list | tuple) else ["no answer"]
