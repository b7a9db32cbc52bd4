"""What the box returned survives being kept: the same evidence, the same bytes."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grader import keeping, values
from grader.languages import SourceProblem
from grader.marking import Evidence
from grader.outcome import CaseRun
from grader.runner import Run
from grader.sandbox import wire
from grader.values import Opaque
from grader.verdict import Verdict

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | TEXTS
    | st.just(Opaque("function"))
    | st.lists(st.floats(), max_size=4).map(np.array),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=8,
)
RAISED = st.builds(
    wire.Raised,
    kind=st.sampled_from(["ValueError", "RangeError", "KeyError"]),
    own_class=st.booleans(),
    line=st.none() | st.integers(1, 99),
    message=TEXTS,
    trace=st.lists(st.tuples(st.integers(1, 99), TEXTS), max_size=3).map(tuple),
)
CASES = st.builds(
    CaseRun,
    verdict=st.none() | st.sampled_from(Verdict),
    message=st.none() | TEXTS,
    value=VALUES,
    raised=st.none() | RAISED,
    prints=TEXTS,
    inputs_changed=st.booleans(),
    line=st.none() | st.integers(1, 99),
    cpu_s=st.floats(0, 10),
    calls_before=st.integers(0, 50),
    stopped=st.sampled_from(["", "cpu", "wall", "signal"]),
)
RUNS = st.builds(
    Run,
    cases=st.lists(CASES, max_size=4).map(tuple),
    ready=st.none() | st.builds(wire.Ready, TEXTS, TEXTS),
    invalid=st.none()
    | st.builds(
        wire.Invalid,
        st.sampled_from(wire.InvalidReason),
        st.none() | RAISED,
        st.lists(TEXTS, max_size=2).map(tuple),
        TEXTS,
    ),
    cpu_s=st.floats(0, 10),
    wall_s=st.floats(0, 10),
)
ATTEMPTS = st.dictionaries(
    st.integers(0, 9),
    st.lists(st.lists(CASES, min_size=1, max_size=2).map(tuple), max_size=2).map(tuple),
    max_size=2,
)
PROBLEMS = st.builds(SourceProblem, TEXTS, TEXTS, TEXTS, st.none() | st.integers(1, 9))
EVIDENCE = st.builds(
    Evidence,
    run=RUNS,
    problem=st.none()
    | st.builds(SourceProblem, TEXTS, TEXTS, TEXTS, st.none() | st.integers(1, 9)),
    alone=ATTEMPTS,
    again=ATTEMPTS,
)


@given(EVIDENCE)
def test_evidence_comes_back_as_it_was(evidence: Evidence) -> None:
    data = keeping.to_bytes(evidence)
    back = keeping.from_bytes(data)
    assert back is not None
    assert (plain(evidence.run.cases), evidence.problem) == (plain(back.run.cases), back.problem)
    assert (evidence.run.ready, evidence.run.invalid) == (back.run.ready, back.run.invalid)
    for first, second in ((evidence.alone, back.alone), (evidence.again, back.again)):
        assert {i: [plain(runs) for runs in each] for i, each in first.items()} == {
            i: [plain(runs) for runs in each] for i, each in second.items()
        }
    assert data == keeping.to_bytes(back)


def plain(cases: tuple[CaseRun, ...]) -> list[Any]:
    """Return cases with their values as bytes, which tell -0.0 and NaN apart."""
    return [(*case._replace(value=None), values.encode(case.value)) for case in cases]


def test_a_case_that_stands_for_many_is_kept_once() -> None:
    case = CaseRun(Verdict.TIME_LIMIT_EXCEEDED, "not run" * 100)
    many = keeping.to_bytes(Evidence(Run((case,) * 1000, None, None, 0.0, 0.0)))
    assert len(many) < 1000
    back = keeping.from_bytes(many)
    assert back is not None
    assert (case,) * 1000 == back.run.cases


def test_what_another_version_has_kept_is_run_anew(monkeypatch: Any) -> None:
    data = keeping.to_bytes(Evidence(Run((), None, None, 0.0, 0.0)))
    monkeypatch.setattr(keeping, "VERSION", keeping.VERSION + 1)
    assert keeping.from_bytes(data) is None
