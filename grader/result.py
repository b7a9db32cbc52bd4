"""The result of one submission, and what each audience may see of it. Pure; no I/O.

`SubmissionResult` is what the judge knows. `student_view` is the one place where hidden
things are taken out; reports render what they are given and hide nothing themselves.
`to_json` is the wire contract (schema 1, which only grows).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from grader.diagnosis import INSTRUCTORS_EVIDENCE, INSTRUCTORS_ONLY, Diagnosis, Example
from grader.explanation import Trajectory
from grader.jsonable import plain, shown
from grader.verdict import ALWAYS_OPEN, Verdict, Visibility

SCHEMA = 1
View = Literal["student", "instructor"]

_TIME_GRAIN_S = 0.1
"""No time that a student sees is finer: a measured time can carry a hidden input out."""


class CaseResult(NamedTuple):
    """One case. `score` is None with a judge error; values are None where not applicable."""

    name: str
    verdict: Verdict
    score: float | None
    max_score: float
    cpu_s: float
    message: str | None = None
    inputs: Any = None
    desired: Any = None
    actual: Any = None
    prints: str | None = None
    flaky: bool = False


@dataclass(frozen=True, slots=True)
class GroupResult:
    """A group's cases in the spec's order, with the points it gives."""

    name: str
    title: str
    visibility: Visibility
    score: float | None
    max_score: float
    verdict: Verdict
    cases: tuple[CaseResult, ...]


@dataclass(frozen=True, slots=True)
class SandboxInfo:
    """The tier that the submission ran in, and the layers that held.

    `versions` are those of Python, of numpy and of another language's engine.
    """

    tier: str
    layers: tuple[str, ...]
    versions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SubmissionResult:
    """Everything about one judged submission. Times in seconds.

    `run_key` names what the box returned, `judgement_key` that and how it was judged: equal keys
    mean equal results, times aside.
    """

    challenge: str
    challenge_digest: str
    dataset_digest: str
    submission: str
    language: str
    sha256: str
    verdict: Verdict
    score: float | None
    max_score: float
    groups: tuple[GroupResult, ...]
    diagnosis: tuple[Diagnosis, ...]
    notes: tuple[str, ...]
    sandbox: SandboxInfo
    cpu_s: float
    wall_s: float
    run_key: str = ""
    judgement_key: str = ""


def student_view(
    result: SubmissionResult, opened: Collection[Visibility] = ALWAYS_OPEN
) -> SubmissionResult:
    """Take out what a student must not see: hidden values and messages, mutants, exact times.

    `opened` are the visibilities whose time has come; what is hidden is never among them.
    """
    return replace(
        result,
        groups=tuple(_student_group(group, opened) for group in result.groups),
        diagnosis=tuple(
            _student_diagnosis(entry)
            for entry in result.diagnosis
            if entry.kind not in INSTRUCTORS_ONLY
        ),
        cpu_s=_coarse(result.cpu_s),
        wall_s=_coarse(result.wall_s),
    )


def _student_diagnosis(entry: Diagnosis) -> Diagnosis:
    return replace(entry, evidence="") if entry.kind in INSTRUCTORS_EVIDENCE else entry


def _student_group(group: GroupResult, opened: Collection[Visibility]) -> GroupResult:
    hide = not group.visibility.is_open(opened)
    return replace(group, cases=tuple(_student_case(case, hide) for case in group.cases))


def _student_case(case: CaseResult, hide: bool) -> CaseResult:
    coarse = case._replace(cpu_s=_coarse(case.cpu_s))
    if not hide:
        return coarse
    return coarse._replace(message=None, inputs=None, desired=None, actual=None, prints=None)


def _coarse(seconds: float) -> float:
    return round(round(seconds / _TIME_GRAIN_S) * _TIME_GRAIN_S, 1)


def to_json(
    result: SubmissionResult, view: View, as_plain: Callable[[Any], Any] = plain
) -> dict[str, Any]:
    """Return the result as plain JSON types, as `view` may see it.

    `as_plain` makes plain types of the inputs and desired values: whoever has many results on the
    same ones may remember them.
    """
    shown = student_view(result) if view == "student" else result
    return {
        "schema": SCHEMA,
        "challenge": shown.challenge,
        "challenge_digest": shown.challenge_digest,
        "dataset_digest": shown.dataset_digest,
        "submission": shown.submission,
        "language": shown.language,
        "sha256": shown.sha256,
        "verdict": str(shown.verdict),
        "score": shown.score,
        "max_score": shown.max_score,
        "groups": [_group_json(group, as_plain) for group in shown.groups],
        "diagnosis": [diagnosis_json(entry) for entry in shown.diagnosis],
        "notes": list(shown.notes),
        "sandbox": {"tier": shown.sandbox.tier, "layers": list(shown.sandbox.layers)},
        "cpu_s": shown.cpu_s,
        "wall_s": shown.wall_s,
        "run_key": shown.run_key,
        "judgement_key": shown.judgement_key,
    }


def diagnosis_json(entry: Diagnosis) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "id": entry.id,
        "title": entry.title,
        "hint": entry.hint,
        "confidence": entry.confidence,
        "evidence": entry.evidence,
        "example": None if entry.example is None else _example_json(entry.example),
    }


def _example_json(example: Example) -> dict[str, Any]:
    return {
        "inputs": plain(example.inputs),
        "expected": plain(example.expected),
        "actual": shown(example.actual),
        "message": example.message,
        "steps": list(example.steps),
        "trajectory": None if example.trajectory is None else _trajectory_json(example.trajectory),
    }


def _trajectory_json(trajectory: Trajectory) -> dict[str, Any]:
    return {
        "along": list(trajectory.along),
        "own": trajectory.own,
        "at": list(trajectory.at),
        "series": [
            {
                "label": series.label,
                "expected": plain(series.expected),
                "actual": plain(series.actual),
            }
            for series in trajectory.series
        ],
    }


def _group_json(group: GroupResult, as_plain: Callable[[Any], Any]) -> dict[str, Any]:
    return {
        "name": group.name,
        "title": group.title,
        "visibility": str(group.visibility),
        "score": group.score,
        "max_score": group.max_score,
        "verdict": str(group.verdict),
        "cases": [_case_json(case, as_plain) for case in group.cases],
    }


def _case_json(case: CaseResult, as_plain: Callable[[Any], Any]) -> dict[str, Any]:
    return {
        "name": case.name,
        "verdict": str(case.verdict),
        "score": case.score,
        "max_score": case.max_score,
        "cpu_s": case.cpu_s,
        "message": case.message,
        "inputs": as_plain(case.inputs),
        "desired": as_plain(case.desired),
        "actual": shown(case.actual),
        "prints": case.prints,
        "flaky": case.flaky,
    }
