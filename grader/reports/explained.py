"""How a mark came about, as text: the cases first, then what the policies made of them."""

from collections.abc import Iterator, Mapping
from typing import Any

from grader import explained
from grader.reports import escape
from grader.reports.words import words
from grader.verdict import Verdict

_KEY_DIGITS = 16
_REASON = 1000


def text(found: Mapping[str, Any]) -> str:
    """Return an explanation (see `explained.explain`) as lines."""
    platform = f" ({found['platform']})" if found["platform"] else ""
    told = [f"{escape.line(found['student'])}{platform}", ""]
    for each in found["submissions"]:
        told += [*_submission(each, by_policy=found["policy"] is not None), ""]
    told += _policy(found["policy"])
    told += [f"  {escape.line(line, _REASON)}" for line in explained.lines_of(found["steps"])]
    told += [f"! {escape.line(note, _REASON)}" for note in found["notes"]]
    mark = "none yet" if found["total"] is None else f"{found['total']:.15g}"
    told.append(f"mark: {mark}, of {found['out_of']:.15g}")
    return "\n".join([*told, ""])


def _submission(each: Mapping[str, Any], *, by_policy: bool) -> Iterator[str]:
    name = escape.line(each["submission"])
    if each["verdict"] is None:
        yield f"{name}  {each['challenge'] or 'no challenge'}: no score: {_why(each)}"
    else:
        score = _points(each["score"], each["max_score"])
        yield f"{name}  {each['challenge']}: {words(Verdict(each['verdict']))}, {score}"
        for key, what in (
            ("run_key", "run"),
            ("judgement_key", "judgement"),
            ("challenge_digest", "challenge"),
        ):
            yield f"  {what:<10} {each[key][:_KEY_DIGITS]}"
        if each["why_no_score"]:
            yield f"  no score: {_why(each)}"
    yield f"  handed in  {_when(each, by_policy=by_policy)}"
    yield from (f"  note: {escape.line(note, _REASON)}" for note in each["notes"])
    for group in each["groups"]:
        yield f"  {escape.line(group['title'])}: {_points(group['score'], group['max_score'])}"
        for case in group["cases"]:
            flaky = ", flaky" if case["flaky"] else ""
            scored = _points(case["score"], case["max_score"])
            verdict = words(Verdict(case["verdict"]))
            yield f"    {escape.line(case['name'])}: {verdict}, {scored}{flaky}"
    for given in each["adjustments"]:
        reason = escape.line(given["reason"], _REASON)
        yield f"  by hand {given['points']:+.15g} on {given['at']}: {reason}"


def _when(each: Mapping[str, Any], *, by_policy: bool) -> str:
    attempt = f"attempt {each['attempt']}, " if each["attempt"] is not None else ""
    unknown = "at a time that is not known" + (", which counts as on time" if by_policy else "")
    when = each["handed_in"] or unknown
    if each["late_by"]:
        return f"{attempt}{when}, {each['late_by']} late"
    late = "; the platform calls it late" if each["late_says_the_platform"] else ""
    return f"{attempt}{when}{late}"


def _policy(policy: Mapping[str, Any] | None) -> Iterator[str]:
    if policy is None:
        yield "No assignment was given: no due time, no policy."
        return
    own = f", for this student {policy['own_due']}" if policy["own_due"] else ""
    yield f"{escape.line(policy['title'])}, due {policy['due']}{own}"


def _why(each: Mapping[str, Any]) -> str:
    return escape.line(each["why_no_score"] or "", _REASON)


def _points(score: float | None, most: float) -> str:
    return f"{'no score' if score is None else f'{score:.15g}'} of {most:.15g}"
