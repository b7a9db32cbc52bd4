"""The runner against a scripted box: budgets, restarts, the order of things. No process."""

import pytest

from grader import runner, values
from grader.runner import Plan
from grader.sandbox import wire
from grader.sandbox.box import End, ProcessLimits, Reply
from grader.spec import Limits
from grader.verdict import Verdict

READY = wire.encode_ready("f", b"")
JOB = b"the job"


def returned(value: object) -> bytes:
    return wire.encode_returned(values.encode(value), b"", False)


class ScriptedBox:
    """Answers each process's frames from a script, and remembers every frame by process."""

    tier = "full"
    layers = ()

    def __init__(self, *scripts: list[Reply]) -> None:
        self._scripts = list(scripts)
        self.frames: list[list[bytes]] = []
        self.limits: list[ProcessLimits] = []

    def start(self, driver: int, limits: ProcessLimits) -> "ScriptedProcess":
        self.frames.append([])
        self.limits.append(limits)
        return ScriptedProcess(self._scripts.pop(0), self.frames[-1])

    def close(self) -> None:
        pass

    def __enter__(self) -> "ScriptedBox":
        return self

    def __exit__(self, *exc: object) -> None:
        pass


class ScriptedProcess:
    def __init__(self, script: list[Reply], frames: list[bytes]) -> None:
        self._script = script
        self._frames = frames
        self._cpu_s = 0.0

    def exchange(self, frame: bytes, *, cpu_s: float, wall_s: float, reply_bytes: int) -> Reply:
        self._frames.append(frame)
        reply = self._script.pop(0)
        self._cpu_s += reply.cpu_s
        return reply

    def close(self) -> float:
        return self._cpu_s


def reply(frame: bytes, cpu_s: float = 0.0) -> Reply:
    return Reply(End.REPLIED, frame, cpu_s)


def plan(count: int, **changes: object) -> Plan:
    payloads = [values.encode((index,)) for index in range(count)]
    defaults = {
        "job": JOB,
        "names": ("f", "attack"),
        "lines": 9,
        "payloads": payloads,
        "order": range(count),
        "limits": Limits(),
    }
    return Plan(**{**defaults, **changes})


def test_every_case_is_answered_by_one_process() -> None:
    box = ScriptedBox([reply(READY), reply(returned(1)), reply(returned(2))])
    run = runner.run(plan(2), box)
    assert [1, 2] == [case.value for case in run.cases]
    assert [0, 1] == [case.calls_before for case in run.cases]
    assert [[JOB, values.encode((0,)), values.encode((1,))]] == box.frames


def test_cases_run_in_the_order_of_the_plan_and_return_in_their_own() -> None:
    box = ScriptedBox([reply(READY), reply(returned("b")), reply(returned("a"))])
    run = runner.run(plan(2, order=(1, 0)), box)
    assert ["a", "b"] == [case.value for case in run.cases]
    assert [values.encode((1,)), values.encode((0,))] == box.frames[0][1:]


def test_a_death_costs_its_own_case_and_the_next_gets_a_fresh_process() -> None:
    box = ScriptedBox(
        [reply(READY), Reply(End.DIED, b"", 0.1, 11)], [reply(READY), reply(returned(2))]
    )
    run = runner.run(plan(2), box)
    assert [Verdict.RUNTIME_ERROR, None] == [case.verdict for case in run.cases]
    assert "SIGSEGV" in (run.cases[0].message or "")
    assert 0 == run.cases[1].calls_before


def test_a_spent_total_ends_the_run_without_another_process() -> None:
    limits = Limits(cpu_case_s=1, cpu_s=2)
    loop = Reply(End.CPU_LIMIT, b"", 1.0, 9)
    box = ScriptedBox([reply(READY), loop], [reply(READY), loop])
    run = runner.run(plan(4, limits=limits), box)
    assert [Verdict.TIME_LIMIT_EXCEEDED] * 4 == [case.verdict for case in run.cases]
    assert ["not run" in (case.message or "") for case in run.cases] == [False, False, True, True]
    assert 2.0 == run.cpu_s


@pytest.mark.parametrize("end", [End.CPU_LIMIT, End.WALL_LIMIT])
def test_a_time_out_tells_the_line_that_the_process_last_was_on(end: End) -> None:
    words = wire.encode_interrupted(7)
    box = ScriptedBox([reply(READY), Reply(end, words, 1.0, 9)])
    case = runner.run(plan(1), box).cases[0]
    assert (Verdict.TIME_LIMIT_EXCEEDED, 7) == (case.verdict, case.line)
    assert "on line 7" in (case.message or "")


@pytest.mark.parametrize("words", [b"\xff\xff", returned(1), wire.encode_interrupted(None)])
def test_last_words_that_tell_no_line_change_nothing(words: bytes) -> None:
    box = ScriptedBox([reply(READY), Reply(End.CPU_LIMIT, words, 1.0, 9)])
    case = runner.run(plan(1), box).cases[0]
    assert (Verdict.TIME_LIMIT_EXCEEDED, None) == (case.verdict, case.line)


@pytest.mark.parametrize(("line", "shown"), [(9, 9), (10, None), (48151623, None), (0, None)])
def test_a_line_that_the_file_does_not_have_is_not_believed(line: int, shown: int | None) -> None:
    raised = wire.encode_raised(wire.Raised("ValueError", line=line), b"")
    words = Reply(End.CPU_LIMIT, wire.encode_interrupted(line), 1.0, 9)
    first, second = runner.run(plan(2), ScriptedBox([reply(READY), reply(raised), words])).cases
    assert first.raised is not None
    assert (shown, shown) == (first.raised.line, second.line)


def test_a_file_that_cannot_be_imported_is_not_tried_twice() -> None:
    invalid = wire.encode_invalid(wire.InvalidReason.NO_ENTRY_POINT, None, ("g",), b"")
    box = ScriptedBox([reply(invalid)])
    run = runner.run(plan(3), box)
    assert [Verdict.INVALID_SUBMISSION] * 3 == [case.verdict for case in run.cases]
    assert run.invalid is not None
    assert ("g",) == run.invalid.names


def test_an_endless_import_is_a_time_out_of_every_case() -> None:
    box = ScriptedBox([Reply(End.CPU_LIMIT, b"", 2.0, 9)])
    run = runner.run(plan(3), box)
    assert [Verdict.TIME_LIMIT_EXCEEDED] * 3 == [case.verdict for case in run.cases]


def test_a_crash_at_import_makes_an_invalid_submission() -> None:
    run = runner.run(plan(1), ScriptedBox([Reply(End.DIED, b"", 0.0, 11)]))
    assert [Verdict.INVALID_SUBMISSION] == [case.verdict for case in run.cases]


def test_a_kill_from_outside_is_not_the_students_fault() -> None:
    run = runner.run(plan(1), ScriptedBox([reply(READY), Reply(End.DIED, b"", 0.0, 9)]))
    assert [Verdict.JUDGE_ERROR] == [case.verdict for case in run.cases]


def test_what_is_no_reply_is_a_runtime_error_and_the_process_is_not_asked_again() -> None:
    box = ScriptedBox([reply(READY), reply(b"\xff")], [reply(READY), reply(returned(1))])
    run = runner.run(plan(2), box)
    assert [Verdict.RUNTIME_ERROR, None] == [case.verdict for case in run.cases]
    assert 2 == len(box.frames)


def test_ready_in_the_place_of_an_answer_is_a_runtime_error() -> None:
    run = runner.run(plan(1), ScriptedBox([reply(READY), reply(READY)]))
    assert [Verdict.RUNTIME_ERROR] == [case.verdict for case in run.cases]


def test_too_much_memory_at_import_is_a_memory_verdict() -> None:
    error = wire.Raised("MemoryError", line=1)
    invalid = wire.encode_invalid(wire.InvalidReason.IMPORT_RAISED, error, (), b"")
    run = runner.run(plan(1), ScriptedBox([reply(invalid)]))
    assert [Verdict.MEMORY_LIMIT_EXCEEDED] == [case.verdict for case in run.cases]


@pytest.mark.parametrize("fresh", [False, True])
def test_isolation_by_case_starts_a_process_for_each(fresh: bool) -> None:
    answers = [reply(READY), reply(returned(1)), reply(returned(2))]
    scripts = [[reply(READY), reply(returned(n))] for n in (1, 2)] if fresh else [answers]
    run = runner.run(plan(2, fresh_process_each=fresh), ScriptedBox(*scripts))
    assert [1, 2] == [case.value for case in run.cases]


@pytest.mark.parametrize(
    ("tier", "module", "verdict"),
    [
        ("closed", "wsgiref", Verdict.JUDGE_ERROR),
        ("closed", "numpy", Verdict.JUDGE_ERROR),
        ("closed", "pandas", Verdict.INVALID_SUBMISSION),
        ("full", "wsgiref", Verdict.INVALID_SUBMISSION),
    ],
)
def test_an_import_that_only_a_weak_tier_refuses_is_a_judge_error(
    tier: str, module: str, verdict: Verdict
) -> None:
    error = wire.Raised("ModuleNotFoundError", message=f"No module named '{module}'")
    invalid = wire.encode_invalid(wire.InvalidReason.IMPORT_RAISED, error, (), b"")
    box = ScriptedBox([reply(invalid)])
    box.tier = tier
    run = runner.run(plan(1, packages=("numpy",)), box)
    assert [verdict] == [case.verdict for case in run.cases]


def test_the_total_of_all_replies_is_bounded() -> None:
    limits = Limits(result_bytes=1024, print_bytes=0)
    asked: list[int] = []

    class Watched(ScriptedProcess):
        def exchange(self, frame: bytes, *, cpu_s: float, wall_s: float, reply_bytes: int) -> Reply:
            asked.append(reply_bytes)
            return super().exchange(frame, cpu_s=cpu_s, wall_s=wall_s, reply_bytes=reply_bytes)

    class WatchedBox(ScriptedBox):
        def start(self, driver: int, limits: ProcessLimits) -> "ScriptedProcess":
            answers = [reply(READY), *[reply(returned("x" * 1000)) for _ in range(80)]]
            return Watched(answers, [])

    runner.run(plan(80, limits=limits), WatchedBox())
    assert 1024 + wire.REPLY_OVERHEAD == asked[0]
    assert asked[-1] < 1024 + wire.REPLY_OVERHEAD


def test_a_runs_key_depends_on_everything_that_a_run_depends_on() -> None:
    parts = ["source", "inputs", "python", ("3.11", "2.4"), "limits", "full"]
    changed = [
        [*parts[:index], ("3.12", "2.4") if index == 3 else "other", *parts[index + 1 :]]
        for index in range(len(parts))
    ]
    assert 1 + len(parts) == len({runner.run_key(*each) for each in [parts, *changed]})
