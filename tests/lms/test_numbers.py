"""Grades as numbers: what is written is what a platform reads, and nothing else is."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.lms.numbers import OverMax, OverMaximum, Scaling, read, scaled, written

FRACTIONS = st.fractions(min_value=-1000, max_value=1000)


@given(FRACTIONS, st.integers(0, 5))
def test_a_written_number_is_read_again_within_half_a_digit(number: Fraction, digits: int) -> None:
    text = written(number, digits)
    assert set(text) <= set("-0123456789.")
    again = read(text)
    assert again is not None
    assert abs(again - number) <= Fraction(1, 2 * 10**digits)


@pytest.mark.parametrize(
    ("number", "digits", "expected"),
    [
        (Fraction(1, 8), 2, "0.12"),
        (Fraction(3, 8), 2, "0.38"),
        (Fraction(-1, 1000), 2, "0"),
        (Fraction(100), 0, "100"),
        (Fraction(10**20), 2, "1" + "0" * 20),
        (Fraction(5, 2), 0, "2"),
    ],
)
def test_half_goes_to_even_and_there_is_no_exponent(
    number: Fraction, digits: int, expected: str
) -> None:
    assert expected == written(number, digits)


@pytest.mark.parametrize("text", ["12,5", "A+", "1e3", "nan", "inf", "1,000", "", "-", "٣", "1 2"])
def test_what_a_platform_would_misread_is_no_number(text: str) -> None:
    assert read(text) is None


@given(st.fractions(0, 10), st.fractions(Fraction(1, 10), 1000), st.integers(0, 5))
def test_a_scaled_grade_keeps_its_share(score: Fraction, maximum: Fraction, digits: int) -> None:
    assume(maximum * 10**digits >= 1)
    points = scaled(score, Fraction(10), Scaling(maximum, digits))
    assert points <= maximum
    step = Fraction(1, 10**digits)
    assert abs(points - score * maximum / 10) <= (step / 2 if points + step <= maximum else step)


def test_a_grade_above_the_maximum_is_refused_clamped_or_allowed_as_asked() -> None:
    with pytest.raises(OverMaximum, match="11 is above the maximum of 10"):
        scaled(Fraction(11), Fraction(10), Scaling())
    assert 10 == scaled(Fraction(11), Fraction(10), Scaling(over_max="clamp"))
    assert 11 == scaled(Fraction(11), Fraction(10), Scaling(over_max="allow"))
    assert 0 == scaled(Fraction(-1), Fraction(10), Scaling())


@pytest.mark.parametrize("over_max", ["error", "clamp", "allow"])
def test_full_marks_are_not_rounded_beyond_the_maximum(over_max: OverMax) -> None:
    assert 7 == scaled(Fraction(10), Fraction(10), Scaling(Fraction("7.5"), 0, over_max))
    assert Fraction("66.66") == scaled(
        Fraction(10), Fraction(10), Scaling(Fraction("66.666"), 2, over_max)
    )
    assert 7 == scaled(Fraction("9.95"), Fraction(10), Scaling(Fraction("7.5"), 0, over_max))


def test_what_cannot_be_scaled_is_refused() -> None:
    with pytest.raises(UsageError, match="cannot be scaled"):
        scaled(Fraction(1), Fraction(0), Scaling(Fraction(10)))
    with pytest.raises(UsageError, match="expected 0 to 5"):
        Scaling(digits=6)
    for most, digits in ("0", 2), ("-1", 2), ("0.005", 2), ("0.5", 0):
        with pytest.raises(UsageError, match="every grade would be 0"):
            Scaling(Fraction(most), digits)
