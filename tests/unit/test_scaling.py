"""The model behind `tests/benchmarks/scaling.py`: what is known of it without a measurement."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("distributed", reason="Dask is not installed: grader[cluster]")

import scaling
from scaling import Costs, Model

IDEAL = Costs(
    worker_ms=10.0, warm_s=0.0, plan_ms=0.0, client_ms=0.0, client_task_ms=0.0, commit_wait_ms=0.0,
    export_ms=0.0, scheduler_ms=0.0, scheduler_task_ms=0.0, worker_task_ms=0.0, draws_ms=(10.0,),
)  # fmt: skip


@pytest.mark.parametrize("workers", [1, 2, 10, 100])
def test_where_nothing_but_the_work_costs_it_grows_with_the_workers(workers: int) -> None:
    outcome = Model(IDEAL, 32_000, workers).run()
    ideal = 320.0 / workers
    assert ideal <= outcome.seconds <= 1.03 * ideal + 8 * scaling.LATENCY_S
    assert 0.97 <= outcome.worker <= 1


@given(
    st.integers(1, 60),
    st.integers(1, 3_000),
    st.floats(0, 5),
    st.floats(0, 20),
    st.floats(0, 5),
    st.floats(0, 2),
)
def test_no_part_does_more_than_its_time_allows(
    workers: int, size: int, client: float, task: float, scheduler: float, warm_s: float
) -> None:
    costs = replace(
        IDEAL, client_ms=client, client_task_ms=task, scheduler_ms=scheduler, warm_s=warm_s
    )
    model = Model(costs, size, workers)
    outcome = model.run()
    parcels = -(-size // model.parcel)
    assert outcome.seconds >= (client * size + task * parcels) / 1e3 - 1e-9
    assert outcome.seconds >= scheduler * size / 1e3 - 1e-9
    assert outcome.seconds >= 10.0 * size / 1e3 / workers - 1e-9
    # And all of it one after the other is more than enough.
    most = (10.0 + client + scheduler) * size + (task + 4e3 * scaling.LATENCY_S) * parcels
    assert outcome.seconds <= most / 1e3 + workers * warm_s + 1e-9
    for busy in (outcome.client, outcome.scheduler, outcome.worker):
        assert 0 <= busy <= 1 + 1e-9


def test_a_client_that_is_busy_limits_and_is_named() -> None:
    costs = replace(IDEAL, client_ms=1.0, scheduler_ms=0.01)
    first, many = (Model(costs, 10_000, workers).run() for workers in (1, 50))
    assert many.rate == pytest.approx(1_000, rel=0.05)
    row = scaling._row(many, [first, many])
    assert row["efficiency"] < scaling.EFFICIENT
    assert "the client is busy" in scaling._why(row, {"warm_s": 0.0, "worker_ms": 10.0})
    assert 10.0 == scaling._limits(costs)["client_limits_at"]


def test_a_class_that_is_too_small_is_not_the_clients_fault() -> None:
    costs = replace(IDEAL, warm_s=1.0)
    first, many = (Model(costs, 500, workers).run() for workers in (1, 50))
    row = scaling._row(many, [first, many])
    assert "the class is too small" in scaling._why(row, {"warm_s": 1.0, "worker_ms": 10.0})


def test_a_line_through_two_sizes_tells_a_task_from_what_is_in_it() -> None:
    assert (3.0, 0.5) == scaling._line((16, 2), (11.0, 4.0))
    assert (0.0, 0.75) == scaling._line((16, 2), (12.0, 0.5))
