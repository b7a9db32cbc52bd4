"""The certificates of verification as text: one line of figures a challenge, then every fault."""

import math
from collections.abc import Iterator, Mapping, Sequence

import click

from grader.reports import escape
from grader.verify.certificate import Certificate, Port

_MESSAGE_LIMIT = 700
_WIDTH = 100


def render(certificates: Sequence[Certificate], *, details: bool = False) -> str:
    """Return the text; `details` adds what an author wants to know of each challenge."""
    blocks = ["\n".join(_block(each, details)) for each in certificates]
    held = sum(each.holds for each in certificates)
    seconds = sum(each.wall_s for each in certificates)
    closing = f"{held} of {len(certificates)} challenges hold ({seconds:.0f} s of work)"
    return "\n\n".join([*blocks, closing]) + "\n"


def _block(certificate: Certificate, details: bool) -> Iterator[str]:
    word = click.style("holds", fg="green") if certificate.holds else click.style("FAILS", fg="red")
    yield f"{click.style(certificate.challenge, bold=True)}  {word}"
    if certificate.digest:
        yield from _figures(certificate)
        if details:
            yield from _details(certificate)
    for fault in certificate.faults:
        yield _wrapped(f"{fault.check}: {fault.message}", "  ! ")


def _figures(certificate: Certificate) -> Iterator[str]:
    mutation, separation = certificate.mutation, certificate.separation
    yield f"  cases        {certificate.cases} in {certificate.groups} groups"
    yield (
        f"  mutants      {mutation.total}: {mutation.killed} killed, "
        f"{len(mutation.equivalents)} equivalent, {len(mutation.survivors)} survive "
        f"(score {mutation.score:.0%})"
    )
    yield (
        f"  mistakes     {separation.total} named: {separation.separated} separated, "
        f"{separation.diagnosed} explained as themselves"
    )
    yield f"  submissions  {certificate.submissions} shipped"
    yield f"  time         slowest case {certificate.slowest_s:.3f} s of {certificate.limit_s:g} s"
    if (noise := certificate.noise) is not None:
        yield (
            f"  tolerance    noise {noise.ceiling:.1e} < rtol {noise.rtol:.1e} < bugs "
            f"{noise.floor:.1e}, in units of S ({_decades(noise.ceiling, noise.rtol)} and "
            f"{_decades(noise.rtol, noise.floor)} decades)"
        )
    for port in certificate.ports:
        yield f"  {port.language.lower():12} {_ported(port)}"
    if (chance := certificate.chance) is not None:
        yield (
            f"  chance       {chance.failures} of {chance.runs} right runs fail, "
            f"at most {chance.bound:.1e} (95 %)"
        )


def _ported(port: Port) -> str:
    files = f"{port.files} file{'s' * (port.files > 1)}"
    if port.missing is not None:
        return f"{files}, not looked at: {port.missing}"
    if port.farthest is None:
        return f"{files}, judged by outcome alone"
    return f"{files}, at most {port.farthest:.2g} S from the reference"


def _decades(low: float, high: float) -> str:
    return f"{math.log10(high / low):.1f}" if low > 0 and 0 < high < math.inf else "no"


def _details(certificate: Certificate) -> Iterator[str]:
    mutation, separation = certificate.mutation, certificate.separation
    yield "  killed by    " + ", ".join(f"{name} {count}" for name, count in mutation.kills.items())
    for name, killed in _killed_alone(mutation.matrix).items():
        yield _wrapped(f"only {name} kills: {', '.join(killed)}", "  ")
    if certificate.noise is not None:
        errors = certificate.noise.by_kind.items()
        yield "  noise        " + ", ".join(f"{kind} {error:.1e}" for kind, error in errors)
        yield _wrapped(f"nearest wrong program: {certificate.noise.nearest}", "  ")
    for name, groups in separation.carriers.items():
        yield f"  {escape.line(name)}: {', '.join(groups) or 'no group'}"
    for change in mutation.equivalents:
        yield _wrapped(f"equivalent as far as {mutation.tried} inputs tell: {change}", "  ")


def _killed_alone(matrix: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Return the mutants that one group alone rejects: without it they would live."""
    alone: dict[str, list[str]] = {}
    for mutant, groups in matrix.items():
        if len(groups) == 1:
            alone.setdefault(groups[0], []).append(mutant)
    return alone


def _wrapped(text: str, first: str) -> str:
    indent = " " * len(first)
    return click.wrap_text(
        escape.line(text, _MESSAGE_LIMIT), _WIDTH, initial_indent=first, subsequent_indent=indent
    )
