"""What verification says of a challenge: figures and faults. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not hold. `check` is one of `CHECKS`, `message` one line."""

    check: str
    message: str


CHECKS = (
    "challenge",
    "sentences",
    "doctest",
    "submissions",
    "determinism",
    "time",
    "mutation",
    "groups",
    "separation",
    "diagnosis",
    "tolerance",
    "languages",
    "chance",
    "canaries",
    "leaks",
)


@dataclass(frozen=True, slots=True)
class Mutation:
    """How mutants fared. `matrix[id]` names the groups that reject a mutant.

    `kills[group]` counts what a group rejects though it has the right form. `survivors` are not
    equivalent: each with the input that tells it apart; `equivalents` were not told apart by any
    input that was tried. Both in words.
    """

    total: int
    killed: int
    kills: Mapping[str, int]
    matrix: Mapping[str, tuple[str, ...]]
    survivors: tuple[str, ...]
    equivalents: tuple[str, ...]
    tried: int

    @property
    def score(self) -> float:
        """The share of the mutants that are not equivalent which were killed."""
        unequal = self.total - len(self.equivalents)
        return self.killed / unequal if unequal else 1.0


@dataclass(frozen=True, slots=True)
class Separation:
    """How far apart the misconceptions are. `carriers[id]` are the groups that reject it."""

    total: int
    separated: int
    diagnosed: int
    carriers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Noise:
    """The gap that the tolerance lies in, in units of the error scale S.

    `by_kind` is how far each equivalent way of computing was seen to differ; `nearest` is the
    wrong program that came nearest. None where no group is judged by numbers.
    """

    ceiling: float
    floor: float
    nearest: str
    by_kind: Mapping[str, float]
    rtol: float
    atol: float


@dataclass(frozen=True, slots=True)
class Port:
    """How far the accepted files of another language are from the reference, in units of S.

    `farthest` is None where no group is judged by values, or where `missing` says what would have
    to be installed to look at them at all.
    """

    language: str
    files: int
    farthest: float | None
    missing: str | None


@dataclass(frozen=True, slots=True)
class Chance:
    """How often the reference fails by bad luck: in `failures` of `runs`, and so at most `bound`.

    `bound` is the upper end of the one-sided 95 % interval of Clopper and Pearson (1934).
    """

    runs: int
    failures: int
    bound: float


@dataclass(frozen=True, slots=True)
class Certificate:
    """All that was found about one challenge; it holds if there are no faults. Times in seconds."""

    challenge: str
    digest: str
    tier: str
    groups: int
    cases: int
    submissions: int
    mutation: Mutation
    separation: Separation
    noise: Noise | None
    ports: tuple[Port, ...]
    chance: Chance | None
    slowest_s: float
    limit_s: float
    wall_s: float
    faults: tuple[Fault, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def as_json(certificate: Certificate) -> dict[str, Any]:
    """Return a certificate in JSON's own types."""
    from dataclasses import asdict

    score = certificate.mutation.score
    return {**asdict(certificate), "holds": certificate.holds, "mutation_score": score}
