"""The hidden data of a challenge: inputs as bytes, desired values, scales. For the judge only.

Each generated draw comes from a stream of its own, seeded by HMAC-SHA256(secret, challenge,
group, draw, attempt): the same secret gives the same cases wherever numpy gives the same
stream, and without the secret nothing can be told about them. Arguments are encoded before
anything sees them, and whoever runs on them (the reference, a variant, a student's
function) gets a fresh decode, so that a function which changes its inputs changes nothing
here.

A case whose error scale is more than `CONDITION_LIMIT` times the desired value judges
rounding rather than programs. A draw that holds one is drawn again as a whole; a hand-made
one is its author's to change.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.errors import AuthorError
from grader.scale import Traced, condition, declared, result_of, trace
from grader.spec import Args, Challenge, Generator, Group, Misconception
from grader.values import Opaque, TooLarge, decode_trusted, encode
from grader.verdict import Visibility

CONDITION_LIMIT = 2000.0
"""Largest S / |desired| of a case that is used; float32 then errs by 1e-4 of the value at most."""

ATTEMPTS = 100
"""Draws before a generator is called at fault."""

_PUBLIC = b"visible to everybody"


@dataclass(frozen=True, slots=True)
class CaseData:
    """One call: encoded arguments, the reference's value, its error scale.

    `finite` is False where the reference overflows on the way: such a case decides little,
    because inf, nan, an OverflowError and the desired value all pass.
    """

    name: str
    payload: bytes
    desired: Any
    scale: Any
    finite: bool


@dataclass(frozen=True, slots=True)
class GroupData:
    """The cases of one group of the spec, in order."""

    name: str
    cases: tuple[CaseData, ...]


@dataclass(frozen=True, slots=True)
class Dataset:
    """All cases of one challenge under one secret. It pickles.

    `digest` (hex) is an HMAC of the inputs under the secret: it tells two datasets apart and
    confirms no guess about what is in one.
    """

    challenge_id: str
    groups: tuple[GroupData, ...]
    digest: str

    def cases(self) -> Iterator[CaseData]:
        """Yield every case, in the order of the spec."""
        for group in self.groups:
            yield from group.cases


def args_of(case: CaseData) -> Args:
    """Return the arguments of a case, freshly decoded: the caller may change them."""
    args: Args = decode_trusted(case.payload)
    return args


def build(challenge: Challenge, secret: bytes) -> Dataset:
    """Make every case of a challenge.

    Raises AuthorError where the reference fails, a generator gives what cannot be used, or
    hand-made cases are ill-conditioned (all of them are named).
    """
    groups = tuple(_build_group(challenge, group, secret) for group in challenge.groups)
    _refuse_ill_conditioned(challenge, groups)
    return Dataset(challenge.id, groups, _digest(challenge, groups, secret))


def _build_group(challenge: Challenge, group: Group, secret: bytes) -> GroupData:
    made = [_build_case(challenge, group, case.name, case.args) for case in group.cases]
    drawn: list[CaseData] = []
    if group.generate is not None:
        for index in range(group.draws):
            drawn += _draw(challenge, group, group.generate, index, len(drawn), secret)
    return GroupData(group.name, (*made, *drawn))


def _draw(
    challenge: Challenge,
    group: Group,
    generate: Generator,
    index: int,
    count: int,
    secret: bytes,
) -> list[CaseData]:
    """Return the cases of a draw's first well-conditioned attempt, numbered from `count` + 1."""
    # What a student may see is the same everywhere, so that a check at home tells the truth.
    key = _PUBLIC if group.visibility is Visibility.VISIBLE else secret
    for attempt in range(ATTEMPTS):
        seed = _hmac(key, "draw", challenge.id, group.name, str(index), str(attempt))
        drawn = _call_generator(group, generate, np.random.default_rng(int(seed, 16)))
        cases = [
            _build_case(challenge, group, f"random {count + i}", args)
            for i, args in enumerate(drawn, start=1)
        ]
        if all(map(_is_well_conditioned, cases)):
            return cases
    raise AuthorError(
        f"{challenge.id}: draw {index + 1} of group {group.name!r} was ill-conditioned "
        f"{ATTEMPTS} times (error scale over {CONDITION_LIMIT:g} times the desired value): "
        "let its generator draw milder data"
    )


def _call_generator(group: Group, generate: Generator, rng: np.random.Generator) -> Sequence[Args]:
    try:
        drawn = list(generate(rng))
    except Exception as error:
        raise AuthorError(
            f"the generator of group {group.name!r} raised {type(error).__name__}: {error}"
        ) from error
    if not drawn or not all(isinstance(args, tuple) for args in drawn):
        raise AuthorError(
            f"the generator of group {group.name!r} has to return one or more tuples of "
            "arguments, one for each call"
        )
    return drawn


def _build_case(challenge: Challenge, group: Group, name: str, args: Args) -> CaseData:
    where = f"{challenge.id}: case {name!r} of group {group.name!r}"
    payload = _encode(where, challenge, args)
    try:
        traced = _trace(challenge, payload)
    except AuthorError as error:
        raise AuthorError(f"{where}: {error}") from error
    return CaseData(name, payload, traced.desired, traced.scale, traced.finite)


def _trace(challenge: Challenge, payload: bytes) -> Traced:
    if challenge.scale is None:
        return trace(challenge.reference, decode_trusted(payload))
    return declared(challenge.reference, challenge.scale, lambda: decode_trusted(payload))


def _encode(where: str, challenge: Challenge, args: Args) -> bytes:
    if len(args) != len(challenge.parameters):
        raise AuthorError(
            f"{where} has {len(args)} arguments; {challenge.id} takes {len(challenge.parameters)}"
        )
    try:
        payload = encode(args)
    except TooLarge as error:
        raise AuthorError(f"{where}: the arguments are too large: {error}") from error
    for opaque in _opaque(decode_trusted(payload)):
        raise AuthorError(f"{where}: an argument holds {opaque!r}; only plain values can be sent")
    return payload


def _opaque(value: Any) -> Iterator[Opaque]:
    """Yield what the codec could not carry."""
    if isinstance(value, Opaque):
        yield value
    elif isinstance(value, Mapping):
        yield from _opaque([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for entry in value:
            yield from _opaque(entry)


def _is_well_conditioned(case: CaseData) -> bool:
    return not case.finite or condition(case.desired, case.scale) <= CONDITION_LIMIT


def _refuse_ill_conditioned(challenge: Challenge, groups: Sequence[GroupData]) -> None:
    ill = [
        f"{case.name!r} of group {group.name!r} ({condition(case.desired, case.scale):.3g})"
        for group in groups
        for case in group.cases
        if not _is_well_conditioned(case)
    ]
    if ill:
        raise AuthorError(
            f"{challenge.id}: the error scale is more than {CONDITION_LIMIT:g} times the desired "
            f"value in case {', '.join(ill)}: rounding alone would decide it; change the inputs"
        )


def _digest(challenge: Challenge, groups: Sequence[GroupData], secret: bytes) -> str:
    payloads = (case.payload.hex() for group in groups for case in group.cases)
    return _hmac(secret, "dataset", challenge.id, *payloads)


def _hmac(secret: bytes, *parts: str) -> str:
    # No part holds a zero byte: names are identifiers or slugs, the rest are digits.
    return hmac.new(secret, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def variant_values(challenge: Challenge, dataset: Dataset) -> Mapping[str, tuple[Any, ...]]:
    """Return what each misconception's variant answers to every case, by the misconception's id.

    A variant runs when it is first looked up, which is only when a submission is wrong.
    `grader.scale.OVERFLOW` stands for an answer where it raises OverflowError; any other
    exception is an AuthorError that names the variant.
    """
    return _VariantValues(challenge, tuple(dataset.cases()))


class _VariantValues(Mapping[str, tuple[Any, ...]]):
    def __init__(self, challenge: Challenge, cases: tuple[CaseData, ...]) -> None:
        self._misconceptions = {entry.id: entry for entry in challenge.misconceptions}
        self._cases = cases
        self._known: dict[str, tuple[Any, ...]] = {}

    def __getitem__(self, key: str) -> tuple[Any, ...]:
        if key not in self._known:
            entry = self._misconceptions[key]
            self._known[key] = tuple(_answer(entry, case) for case in self._cases)
        return self._known[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._misconceptions)

    def __len__(self) -> int:
        return len(self._misconceptions)


def _answer(entry: Misconception, case: CaseData) -> Any:
    try:
        return result_of(entry.variant, args_of(case))
    except AuthorError as error:
        raise AuthorError(
            f"the variant of misconception {entry.id!r} fails in case {case.name!r}: {error}"
        ) from error
