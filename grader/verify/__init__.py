"""Proves a challenge fair and sharp, or says what does not hold.

Everything is tried, nothing believed: programs run through the real box as a student's would,
mutants of the reference have to be rejected, the tolerance has to lie between what rounding does
and what the nearest mistake does. The same challenge and secret give the same certificate, times
aside. Nothing here changes a challenge or a mark.
"""

import itertools
import time as clock
from pathlib import Path

from grader import dataset
from grader.catalog import Catalog
from grader.errors import AuthorError
from grader.exam import Exam
from grader.grading import cell_config
from grader.sandbox.tiers import open_box
from grader.verify import canary, killing, porting, separating, soundness, tolerating
from grader.verify.certificate import (
    CHECKS,
    Certificate,
    Chance,
    Fault,
    Mutation,
    Noise,
    Port,
    Separation,
)
from grader.verify.subject import Subject

__all__ = [
    "CHECKS",
    "Certificate",
    "Chance",
    "Fault",
    "Mutation",
    "Noise",
    "Port",
    "Separation",
    "verify",
]

SECRET = b"the secret of verification"
"""What hidden cases are drawn from unless an instructor's own secret is to be proved."""


def verify(
    name: str, roots: tuple[Path, ...] = (), secret: bytes = SECRET, tier: str = "auto"
) -> Certificate:
    """Verify the challenge `name`. GraderError where it cannot even be loaded or no box holds."""
    loaded = Catalog(roots).load(name)
    exam = Exam(loaded, dataset.build(loaded.challenge, secret), secret)
    with open_box(tier, cell_config(loaded.challenge)) as box:
        return _certificate(Subject(loaded, exam, box))


def _certificate(subject: Subject) -> Certificate:
    began = clock.monotonic()
    entries = soundness.judge_shipped(subject)
    slowest_s = soundness.slowest_s(entries)
    mutation = killing.kill(subject, slowest_s)
    separation, near, rejected = separating.separate(subject)
    noise, misplaced = tolerating.noise(subject, entries, mutation.equivalents)
    ports, far = porting.ports(subject, entries)
    chance, unlucky = tolerating.chance(subject)
    wrong = itertools.chain(rejected, soundness.telling_groups(subject, entries))
    faults = [
        *soundness.doctests(subject),
        *soundness.sentences(subject),
        *soundness.reference(subject),
        *soundness.determinism(subject),
        *soundness.starters(subject),
        *soundness.shipped(entries),
        *soundness.time(subject, entries),
        *killing.faults(mutation),
        *killing.idle_groups(subject, mutation, wrong),
        *near,
        *separating.shown_by_mistake(subject),
        *misplaced,
        *far,
        *unlucky,
        *canary.canaries(subject),
    ]
    return Certificate(
        challenge=subject.challenge.id,
        digest=subject.loaded.digest,
        tier=subject.box.tier,
        groups=len(subject.exam.groups),
        cases=len(subject.exam.questions),
        submissions=len(entries),
        mutation=mutation,
        separation=separation,
        noise=noise,
        ports=ports,
        chance=chance,
        slowest_s=slowest_s,
        limit_s=subject.challenge.limits.cpu_case_s,
        wall_s=clock.monotonic() - began,
        faults=tuple(faults),
    )


def broken(name: str, error: AuthorError) -> Certificate:
    """Return the certificate of a challenge that cannot even be loaded or built."""
    nothing = Mutation(0, 0, {}, {}, (), (), 0)
    return Certificate(
        challenge=name,
        digest="",
        tier="",
        groups=0,
        cases=0,
        submissions=0,
        mutation=nothing,
        separation=Separation(0, 0, 0, {}),
        noise=None,
        ports=(),
        chance=None,
        slowest_s=0.0,
        limit_s=0.0,
        wall_s=0.0,
        faults=(Fault("challenge", str(error)),),
    )
