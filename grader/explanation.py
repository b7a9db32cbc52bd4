"""What an explanation is, and what it is made from. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from grader.spec import Tolerance

Kind = Literal[
    "state", "misconception", "mutant", "shape", "property", "interface", "counterexample"
]

INSTRUCTORS_ONLY: frozenset[Kind] = frozenset({"mutant"})
INSTRUCTORS_EVIDENCE: frozenset[Kind] = frozenset({"shape", "mutant"})

_DEFAULT = Tolerance()


@dataclass(frozen=True, slots=True)
class Series:
    """One number of the answer, point by point; None where none came back.

    `label` says where it stands in the answer: "" where it is the answer.
    """

    label: str
    expected: tuple[float, ...]
    actual: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Trajectory:
    """How the answer to an example unfolds: a right program's and the submission's.

    `along` names the parameters; `at` are the steps of them that were asked for, `own` those of
    the example itself. Beyond `own` the example is carried on (see `unfolding`).
    """

    along: tuple[str, ...]
    own: int
    at: tuple[int, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A public input on which a submission fails: nothing in it is hidden.

    `inputs` are by parameter; `steps` are what the reference's variables become, a line each.
    """

    inputs: Mapping[str, Any]
    expected: Any
    actual: Any
    message: str | None = None
    steps: tuple[str, ...] = ()
    trajectory: Trajectory | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One explanation: `id` is stable (a misconception's own, or one of this module's).

    `confidence` is from 0 to 1: the share of the calls with one right answer that it explains,
    less where several explanations fit. `evidence` says what it rests on, in a sentence.
    """

    kind: Kind
    id: str
    title: str
    hint: str
    confidence: float = 1.0
    evidence: str = ""
    example: Example | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """One call, as far as an explanation needs it.

    `decides` is false where many values pass (the reference is not finite, time is what counts).
    `answered` is false where nothing came back that a right program could have returned: an
    exception (`actual` is then a `Raising`), a time-out, a value where an exception is due. Of
    these, `aside` ones count only for a known program that does just the same. `wrong` says that
    its case was rejected for what came back. `property` is the name and the message of a check
    that did not hold.
    `printed` says whether the call printed anything, `inputs_changed` whether it changed its
    arguments in a group where it must not.
    """

    desired: Any
    scale: Any
    tolerance: Tolerance = _DEFAULT
    decides: bool = True
    answered: bool = True
    wrong: bool = False
    actual: Any = None
    aside: bool = False
    property: tuple[str, str] | None = None
    printed: bool = False
    inputs_changed: bool = False
