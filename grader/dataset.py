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

What a case needs follows from its group's check: a relation has a second call, a growth has
calls of three sizes and no desired value, an expected error is one that the reference raises.
A random challenge (`runs` > 1) is not traced: its reference runs once with `random` and
`numpy.random` seeded from the case's inputs, and put back afterwards.
"""

import builtins
import hashlib
import hmac
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from grader.errors import AuthorError
from grader.scale import OVERFLOW, Raising, Traced, condition, declared, outcome_of, plainly, trace
from grader.spec import Args, Challenge, Generator, Group, Grows, Raises, Relates
from grader.values import Opaque, TooLarge, decode_trusted, encode
from grader.verdict import Visibility

CONDITION_LIMIT = 2000.0
"""Largest S / |desired| of a case that is used; float32 then errs by 1e-4 of the value at most."""

ATTEMPTS = 100
"""Draws before a generator is called at fault."""

_PUBLIC = b"visible to everybody"


class CallData(NamedTuple):
    """A further call of a case: encoded arguments, the reference's value, its error scale."""

    payload: bytes
    desired: Any = None
    scale: Any = None
    finite: bool = True


@dataclass(frozen=True, slots=True)
class CaseData:
    """One case: encoded arguments, the reference's value, its error scale.

    `finite` is False where the reference overflows on the way: such a case decides little,
    because inf, nan, an OverflowError and the desired value all pass. `more` holds the further
    calls that the group's check asks for. `decides` tells whether the desired value, or one
    near it, is the only one that passes: so that programs can be told apart by it.
    """

    name: str
    payload: bytes
    desired: Any
    scale: Any
    finite: bool
    more: tuple[CallData, ...] = ()
    decides: bool = True

    @property
    def payloads(self) -> tuple[bytes, ...]:
        return (self.payload, *(call.payload for call in self.more))


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


def args_of(case: CaseData | CallData) -> Args:
    """Return the arguments of a call, freshly decoded: the caller may change them."""
    args: Args = decode_trusted(case.payload)
    return args


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed the module-level functions of `random` and `numpy.random`, and put them back."""
    ours, numpys = random.getstate(), np.random.get_state()
    random.seed(seed)
    np.random.seed(seed % (1 << 32))
    try:
        yield
    finally:
        random.setstate(ours)
        np.random.set_state(numpys)


@contextmanager
def seeded_by(payload: bytes) -> Iterator[None]:
    """Seed from a call's arguments, as the desired value of a random challenge is made."""
    with seeded(int.from_bytes(hashlib.sha256(payload).digest()[:4], "big")):
        yield


def build(challenge: Challenge, secret: bytes) -> Dataset:
    """Make every case of a challenge.

    Raises AuthorError where the reference fails, a generator gives what cannot be used, or
    hand-made cases are ill-conditioned (all of them are named).
    """
    groups = tuple(_build_group(challenge, group, secret) for group in challenge.groups)
    _refuse_ill_conditioned(challenge, groups)
    return Dataset(challenge.id, groups, _digest(challenge, groups, secret))


def _build_group(challenge: Challenge, group: Group, secret: bytes) -> GroupData:
    if isinstance(group.check, Grows):
        return GroupData(group.name, (_build_growth(challenge, group, group.check),))
    made = [build_case(challenge, group, case.name, case.args) for case in group.cases]
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
            build_case(challenge, group, f"random {count + i}", args)
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


def build_case(challenge: Challenge, group: Group, name: str, args: Args) -> CaseData:
    """Make one case as `group` judges it. AuthorError says in which case the reference fails."""
    where = f"{challenge.id}: case {name!r} of group {group.name!r}"
    payload = _encode(where, challenge, args)
    try:
        if isinstance(group.check, Raises):
            desired = _raised(challenge, group.check, payload)
            return CaseData(name, payload, desired, None, finite=True)
        traced = _trace(challenge, payload)
        case = CaseData(name, payload, traced.desired, traced.scale, traced.finite)
        if isinstance(group.check, Relates):
            return _with_second_call(challenge, group.check, case, where)
        return case
    except AuthorError as error:
        raise AuthorError(f"{where}: {error}") from error


def _build_growth(challenge: Challenge, group: Group, check: Grows) -> CaseData:
    name = "sizes " + ", ".join(map(str, check.sizes))
    where = f"{challenge.id}: case {name!r} of group {group.name!r}"
    payloads = [_encode(where, challenge, _made(where, check.make, size)) for size in check.sizes]
    # Untraced: the answers are many numbers, of which some are compared, and generously.
    first, *others = (plainly(challenge.reference, decode_trusted(each)) for each in payloads)
    more = tuple(
        CallData(payload, traced.desired)
        for payload, traced in zip(payloads[1:], others, strict=True)
    )
    return CaseData(name, payloads[0], first.desired, None, finite=True, more=more, decides=False)


def _made(where: str, function: Callable[..., Args], *given: Any) -> Args:
    """Return the arguments that a function of the spec's author makes."""
    try:
        args = function(*given)
    except Exception as error:
        name = getattr(function, "__name__", repr(function))
        raise AuthorError(f"{where}: {name} raised {type(error).__name__}: {error}") from error
    if not isinstance(args, tuple):
        raise AuthorError(f"{where}: the arguments have to be made as a tuple, not {args!r}")
    return args


def _raised(challenge: Challenge, check: Raises, payload: bytes) -> Raising:
    outcome = outcome_of(challenge.reference, decode_trusted(payload))
    if outcome is OVERFLOW:
        outcome = Raising(("OverflowError", "ArithmeticError", "Exception"))
    if isinstance(outcome, Raising):
        # By class: IOError, for one, is another name of OSError.
        kind = getattr(builtins, outcome.kinds[0])
        if issubclass(kind, tuple(getattr(builtins, name) for name in check.kinds)):
            return outcome
    raise AuthorError(f"the reference has to raise {' or '.join(check.kinds)}; got {outcome!r}")


def _with_second_call(challenge: Challenge, check: Relates, case: CaseData, where: str) -> CaseData:
    payload = _encode(where, challenge, _made(where, check.second, *args_of(case)))
    traced = _trace(challenge, payload)
    second = CallData(payload, traced.desired, traced.scale, traced.finite)
    finite = case.finite and traced.finite
    return CaseData(case.name, case.payload, case.desired, case.scale, finite, (second,))


def _trace(challenge: Challenge, payload: bytes) -> Traced:
    if challenge.runs > 1:
        with seeded_by(payload):
            return plainly(challenge.reference, decode_trusted(payload))
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
    calls: list[CaseData | CallData] = [case, *case.more]
    return not case.finite or all(
        condition(call.desired, call.scale) <= CONDITION_LIMIT
        for call in calls
        if call.scale is not None
    )


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
    payloads = (
        payload.hex() for group in groups for case in group.cases for payload in case.payloads
    )
    return _hmac(secret, "dataset", challenge.id, *payloads)


def _hmac(secret: bytes, *parts: str) -> str:
    # No part holds a zero byte: names are identifiers or slugs, the rest are digits.
    return hmac.new(secret, "\0".join(parts).encode(), hashlib.sha256).hexdigest()
