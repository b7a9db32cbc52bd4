"""What `grader doctor` found, tier by tier."""

from collections.abc import Iterator, Sequence
from typing import Any

import click

from grader.reports.escape import line
from grader.sandbox.tiers import TierReport


def as_json(reports: Sequence[TierReport]) -> dict[str, Any]:
    """Return the chosen tier (null if none holds) and what was tried for each."""
    return {"tier": _strongest(reports), "tiers": [_tier_json(report) for report in reports]}


def as_text(reports: Sequence[TierReport]) -> str:
    """Return what was tried and what held, strongest tier first, and what `auto` comes to."""
    lines = [each for report in reports for each in _tier_text(report)]
    strongest = _strongest(reports)
    if strongest is None:
        conclusion = click.style("No tier holds here: nothing will be graded.", fg="red")
    else:
        conclusion = f"--tier auto is {click.style(strongest, fg='green')} on this machine."
    return "\n".join([*lines, conclusion])


def _strongest(reports: Sequence[TierReport]) -> str | None:
    return next((report.tier for report in reports if report.hello is not None), None)


def _tier_json(report: TierReport) -> dict[str, Any]:
    hello = report.hello
    return {
        "tier": report.tier,
        "holds": hello is not None,
        "reason": report.reason,
        "layers": list(hello.layers) if hello else [],
        "proof": [
            {"attack": attack, "stopped": stopped, "answer": answer}
            for attack, stopped, answer in (hello.proof if hello else ())
        ],
        "python": hello.python if hello else None,
        "numpy": hello.numpy if hello else None,
    }


def _tier_text(report: TierReport) -> Iterator[str]:
    if report.hello is None:
        yield f"{report.tier}: {click.style('does not hold', fg='red')}"
        yield f"  {line(report.reason or '', 1000)}"
        return
    hello = report.hello
    yield f"{report.tier}: {click.style('holds', fg='green')}"
    yield f"  layers   {', '.join(hello.layers)}"
    yield f"  runs     Python {hello.python}, numpy {hello.numpy}"
    stopped = sum(held for _, held, _ in hello.proof)
    yield f"  attacks  {stopped} of {len(hello.proof)} stopped"
    tried = ", ".join(f"{attack} ({line(answer)})" for attack, _, answer in hello.proof)
    yield click.wrap_text(tried, 96, initial_indent="    ", subsequent_indent="    ")
