"""Tolerances: derived ones lie in the gap, away from both of its ends."""

import math

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st
from pydantic import ValidationError

from grader.declared import MARGIN, Spec, Tolerance

ceilings = st.floats(1e-17, 1e-4)


def derived(ceiling: float, floor: float) -> Tolerance | None:
    try:
        return Tolerance.derived(noise_ceiling=ceiling, bug_floor=floor)
    except ValueError:
        return None


def test_a_derived_tolerance_is_a_power_of_two_that_keeps_its_evidence() -> None:
    found = Tolerance.derived(noise_ceiling=1e-12, bug_floor=1e-3)
    # 1e-12 ** (2/3) * 1e-3 ** (1/3) = 1e-9, and 2**-30 = 9.3e-10.
    assert 2.0**-30 == found.rtol
    assert (1e-12, 1e-3) == (found.noise_ceiling, found.bug_floor)


def test_the_absolute_part_follows_the_relative_one() -> None:
    near = Tolerance.derived(noise_ceiling=1e-14, bug_floor=1e-5)
    far = Tolerance.derived(noise_ceiling=1e-10, bug_floor=1e-1)
    assert 0 < near.atol < near.rtol
    assert near.rtol / near.atol == pytest.approx(far.rtol / far.atol)


@given(ceilings, st.floats(1.0, 1e9))
def test_whatever_is_derived_is_a_power_of_two_in_the_gap(ceiling: float, gap: float) -> None:
    found = derived(ceiling, ceiling * gap)
    if found is None:
        reject()
    assert ceiling < found.rtol < ceiling * gap
    assert 0.5 == math.frexp(found.rtol)[0]


@given(ceilings, st.floats(1.0, 1e9))
def test_it_keeps_its_margin_on_both_sides_or_there_is_none(ceiling: float, gap: float) -> None:
    found = derived(ceiling, ceiling * gap)
    if found is None:
        reject()
    assert ceiling * MARGIN <= found.rtol
    assert found.rtol * MARGIN <= ceiling * gap


@given(st.floats(1e-17, 1e-6), st.floats(1e4, 1e9))
def test_a_wide_gap_has_a_tolerance_with_its_margins(ceiling: float, gap: float) -> None:
    found = Tolerance.derived(noise_ceiling=ceiling, bug_floor=ceiling * gap)
    assert ceiling * MARGIN <= found.rtol <= ceiling * gap / MARGIN


@given(st.floats(1e-17, 1e-6), st.floats(1e4, 1e9))
def test_it_lies_nearer_to_the_noise(ceiling: float, gap: float) -> None:
    found = Tolerance.derived(noise_ceiling=ceiling, bug_floor=ceiling * gap)
    # A third of the gap's decades, give or take half a power of two.
    share = math.log(found.rtol / ceiling) / math.log(gap)
    assert share == pytest.approx(1 / 3, abs=math.log(math.sqrt(2)) / math.log(gap) + 1e-9)


@given(ceilings, st.floats(1e-9, 99.0))
def test_a_gap_that_is_too_narrow_is_refused(ceiling: float, gap: float) -> None:
    with pytest.raises(ValueError, match="no tolerance fits between a noise ceiling of"):
        Tolerance.derived(noise_ceiling=ceiling, bug_floor=ceiling * gap)


@pytest.mark.parametrize(
    ("ceiling", "floor"),
    [(0.0, 1.0), (-1e-9, 1.0), (1e-9, 0.0), (math.nan, 1.0), (1e-9, math.nan), (1.0, 1e-9)],
)
def test_figures_that_are_none_are_refused(ceiling: float, floor: float) -> None:
    with pytest.raises(ValueError, match="no tolerance fits"):
        Tolerance.derived(noise_ceiling=ceiling, bug_floor=floor)


def test_it_is_never_so_wide_as_to_be_no_tolerance() -> None:
    found = Tolerance.derived(noise_ceiling=1e-3, bug_floor=1e6)
    assert 2.0**-4 == found.rtol


def test_noise_that_no_tolerance_is_wide_enough_for_is_refused() -> None:
    with pytest.raises(ValueError, match="no tolerance fits"):
        Tolerance.derived(noise_ceiling=0.05, bug_floor=1e9)


@pytest.mark.parametrize("evidence", [{"noise_ceiling": 1e-12}, {"bug_floor": 1e-3}])
def test_evidence_is_whole_or_none(evidence: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="go together"):
        Tolerance(**evidence)
    assert (None, None) == (Tolerance().noise_ceiling, Tolerance().bug_floor)
    whole = Tolerance(noise_ceiling=1e-12, bug_floor=1e-3)
    assert (1e-12, 1e-3) == (whole.noise_ceiling, whole.bug_floor)


@pytest.mark.parametrize(
    "fields",
    [
        {"rtol": -1e-9},
        {"rtol": 0.1},
        {"rtol": math.nan},
        {"atol": -1e-9},
        {"noise_ceiling": 0.0, "bug_floor": 1.0},
        {"rtl": 1e-6},
    ],
)
def test_a_tolerance_that_makes_no_sense_is_refused(fields: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Tolerance(**fields)


def test_a_declaration_does_not_change() -> None:
    class Own(Spec):
        size: int = 3

    own = Own()
    with pytest.raises(ValidationError, match="frozen"):
        own.size = 4  # type: ignore[misc]
    assert 3 == own.size
