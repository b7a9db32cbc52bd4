"""Reads a result back from the JSON that `grader.result.to_json` has made of it. Pure.

So whoever keeps results keeps JSON alone, and whatever takes a `SubmissionResult` (the view of a
student before all) takes a stored one too. Fields that came later than schema 1 may be missing,
unknown ones are ignored. Values stay in JSON's types, but for its three texts that stand for
floats; so equal JSON comes of it again.
"""

from collections.abc import Mapping
from typing import Any

from grader.errors import UsageError
from grader.explanation import Diagnosis, Example, Series, Trajectory
from grader.jsonable import revived
from grader.result import CaseResult, GroupResult, SandboxInfo, SubmissionResult
from grader.verdict import Verdict, Visibility

Json = Mapping[str, Any]


def from_json(stored: Json) -> SubmissionResult:
    """Return the result; `UsageError` if `stored` is none."""
    try:
        return _result(stored)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"not a result as grader writes it: {type(error).__name__}: {error}"
        ) from None


def _result(stored: Json) -> SubmissionResult:
    return SubmissionResult(
        challenge=stored["challenge"],
        challenge_digest=stored["challenge_digest"],
        dataset_digest=stored["dataset_digest"],
        submission=stored["submission"],
        language=stored["language"],
        sha256=stored["sha256"],
        verdict=Verdict(stored["verdict"]),
        score=stored["score"],
        max_score=stored["max_score"],
        groups=tuple(map(_group, stored["groups"])),
        diagnosis=tuple(map(_diagnosis, stored["diagnosis"])),
        notes=tuple(stored["notes"]),
        sandbox=SandboxInfo(stored["sandbox"]["tier"], tuple(stored["sandbox"]["layers"])),
        cpu_s=stored["cpu_s"],
        wall_s=stored["wall_s"],
        run_key=stored.get("run_key", ""),
        judgement_key=stored.get("judgement_key", ""),
    )


def _group(stored: Json) -> GroupResult:
    return GroupResult(
        name=stored["name"],
        title=stored["title"],
        visibility=Visibility(stored["visibility"]),
        score=stored["score"],
        max_score=stored["max_score"],
        verdict=Verdict(stored["verdict"]),
        cases=tuple(map(_case, stored["cases"])),
    )


def _case(stored: Json) -> CaseResult:
    return CaseResult(
        name=stored["name"],
        verdict=Verdict(stored["verdict"]),
        score=stored["score"],
        max_score=stored["max_score"],
        cpu_s=stored["cpu_s"],
        message=stored["message"],
        inputs=revived(stored["inputs"]),
        desired=revived(stored["desired"]),
        actual=revived(stored["actual"]),
        prints=stored.get("prints"),
        flaky=stored.get("flaky", False),
    )


def _diagnosis(stored: Json) -> Diagnosis:
    example = stored.get("example")
    return Diagnosis(
        kind=stored["kind"],
        id=stored["id"],
        title=stored["title"],
        hint=stored["hint"],
        confidence=stored["confidence"],
        evidence=stored["evidence"],
        example=None if example is None else _example(example),
    )


def _example(stored: Json) -> Example:
    return Example(
        inputs=revived(stored["inputs"]),
        expected=revived(stored["expected"]),
        actual=revived(stored["actual"]),
        message=stored["message"],
        steps=tuple(stored["steps"]),
        trajectory=_trajectory(stored.get("trajectory")),
    )


def _trajectory(stored: Json | None) -> Trajectory | None:
    if stored is None:
        return None
    return Trajectory(
        along=tuple(stored["along"]),
        own=stored["own"],
        at=tuple(stored["at"]),
        series=tuple(
            Series(each["label"], tuple(revived(each["expected"])), tuple(revived(each["actual"])))
            for each in stored["series"]
        ),
    )
