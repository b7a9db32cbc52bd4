"""Every language's driver, through the real box, against one table (see `conformance`)."""

from collections.abc import Callable, Iterator

import pytest
from conformance import COLUMNS, ROWS, Absent, Cell, Row
from conformance.cells import Gives, Outcome, comparable, outcomes
from conformance.rows import NAMES

from grader import languages, runner, values
from grader.errors import TierUnavailable
from grader.form import in_the_form_of
from grader.languages import Language
from grader.runner import Plan, Run
from grader.sandbox import wire
from grader.sandbox.box import Box, CellConfig
from grader.sandbox.tiers import open_box

LANGUAGES = {language.name: language for language in languages.languages()}

SEED = b"0123456789abcdef"

Source = str | bytes | tuple[str, str | bytes]
Runs = Callable[..., Run]


@pytest.fixture(scope="session")
def box() -> Iterator[Box]:
    """The strongest box that holds here, with the driver of every language that can be run."""
    drivers = tuple(each.driver for each in LANGUAGES.values() if each.missing_engine() is None)
    lean = tuple(each.driver for each in LANGUAGES.values() if not each.has_arrays)
    with open_box("auto", CellConfig(drivers=drivers, lean=lean)) as opened:
        try:
            _ = opened.tier
        except TierUnavailable as reason:
            pytest.skip(str(reason))
        yield opened


@pytest.fixture
def runs(box: Box) -> Runs:
    """Return a function that runs a source on the calls of a row."""

    def runs(language: Language, source: Source, row: Row, seed: bytes = SEED) -> Run:
        missing = language.missing_engine()
        if missing is not None:
            pytest.skip(missing)
        filename, text = source if isinstance(source, tuple) else (None, source)
        data = text if isinstance(text, bytes) else text.encode()
        job = wire.Job(
            source=data,
            filename=filename or f"mine{language.suffixes[0]}",
            names=NAMES,
            parameters=tuple(f"p{number}" for number in range(len(row.calls[0]))),
            seed=seed,
            print_bytes=row.limits.print_bytes,
            result_bytes=row.limits.result_bytes,
            memory_mb=row.limits.memory_mb,
        )
        plan = Plan(
            job=language.job_of(job),
            names=NAMES,
            lines=data.count(b"\n") + data.count(b"\r") + 1,
            payloads=[values.encode(call) for call in row.calls],
            order=range(len(row.calls)),
            limits=row.limits,
            driver=language.driver,
            frame_of=language.frame_of,
        )
        return runner.run(plan, box)

    return runs


def cells() -> Iterator[tuple[str, Row, Source, Cell]]:
    for row in ROWS:
        for name, column in COLUMNS.items():
            cell = column.get(row.name)
            if isinstance(cell, Cell) and (cell.expected or row.expected) is not None:
                yield from ((name, row, source, cell) for source in cell.sources)


def formed(run: Run, expected: tuple[Outcome, ...], language: Language) -> tuple[Outcome, ...]:
    """Return the outcomes as the judge takes them: lists stand for tuples and arrays."""
    seen = outcomes(run, expected)
    if language.has_arrays:
        return seen
    return tuple(
        Gives(in_the_form_of(one.value, wanted.value), one.prints, one.changed)
        if isinstance(one, Gives) and isinstance(wanted, Gives)
        else one
        for one, wanted in zip(seen, expected, strict=True)
    )


CELLS = list(cells())


@pytest.mark.parametrize(
    ("name", "row", "source", "cell"),
    CELLS,
    ids=[f"{row.name}, in {name}" for name, row, *_ in CELLS],
)
def test_a_driver_does_what_the_table_says(
    name: str, row: Row, source: Source, cell: Cell, runs: Runs
) -> None:
    language = LANGUAGES[name]
    expected = cell.expected or row.expected
    assert expected is not None
    run = runs(language, source, row)
    exact = language.has_arrays
    seen = formed(run, expected, language)
    assert [comparable(each, exact) for each in expected] == [comparable(e, exact) for e in seen]
    if run.ready is not None:
        assert row.at_import == run.ready.prints


def test_every_language_has_a_column() -> None:
    assert set(LANGUAGES) == set(COLUMNS)


@pytest.mark.parametrize("name", COLUMNS)
def test_every_language_has_each_row_or_a_reason(name: str) -> None:
    column = COLUMNS[name]
    assert {row.name for row in ROWS} == set(column)
    assert [] == [
        row for row, cell in column.items() if isinstance(cell, Absent) and not cell.reason
    ]
    by_name = {row.name: row for row in ROWS}
    apart = {"chance: random numbers"}
    unjudged = {
        row
        for row, cell in column.items()
        if isinstance(cell, Cell) and cell.expected is None and by_name[row].expected is None
    }
    assert apart == unjudged


@pytest.mark.parametrize("name", COLUMNS)
def test_random_numbers_are_the_seed_s(name: str, runs: Runs) -> None:
    """The same twice, others for another seed, and others in the next call."""
    (row,) = (row for row in ROWS if row.name == "chance: random numbers")
    cell = COLUMNS[name][row.name]
    assert isinstance(cell, Cell)
    (source,) = cell.sources
    drawn = [
        [case.value for case in runs(LANGUAGES[name], source, row, seed).cases]
        for seed in (SEED, SEED, SEED[::-1], SEED[:-1])
    ]
    assert drawn[0] == drawn[1]
    assert 6 == len({tuple(call) for run in drawn[1:] for call in run})
    assert all(0 <= number < 1 for run in drawn for call in run for number in call)
