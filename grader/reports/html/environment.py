"""The templates and how they are filled: everything is escaped, nothing may be missing."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.reports.words import sign, words
from grader.verdict import Verdict

_TONES = {Verdict.ACCEPTED: "good", Verdict.JUDGE_ERROR: "fault", Verdict.SKIPPED: "none"}


def render(template: str, **values: Any) -> str:
    """Return a page. Values are text unless they are `Markup`."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("grader.reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(words=words, tone=_tone, sign=sign, seconds=_seconds)
    return environment


def _tone(verdict: Verdict) -> str:
    """Return the class that colours a verdict; its sign and its words say the same."""
    return _TONES.get(verdict, "bad")


def _seconds(value: float) -> str:
    """Return a time without its unit; one that was rounded to 0 for a student was short."""
    return f"{value:.3g}" if value else "less than 0.1"
