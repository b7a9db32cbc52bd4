"""One run in one SQLite file: what is committed stays, and is found again."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.store import FILE, VERSION, Case, Filed, Judged, Push, Store

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


CASES = [Case("g", "one", "accepted", 1.0, 2.0, False), Case("g", "two", "x", None, 1.0, True)]


def filed(name: str, number: int = 0) -> Filed:
    return Filed(f"id{number}", name, Path("/x") / "a.py", "00", "python", {"late": True})


def judged(key: str = "j", named: str = "a", **change: object) -> Judged:
    line = json.dumps({"schema": 1, "submission": named, "diagnosis": [], "prints": named})
    made = Judged(
        key=key,
        run=f"run of {key}",
        evidence=b"evidence",
        cpu_s=0.5,
        wall_s=1.0,
        challenge="c",
        digest="d",
        verdict="accepted",
        score=1.0,
        max_score=2.0,
        diagnosis="",
        named=named,
        line=zlib.compress(line.encode("ascii")),
        hunt=None,
        cases=[
            Case("g", "one", "accepted", 1.0, 2.0, False),
            Case("g", "two", "x", None, 1.0, True),
        ],
    )
    return replace(made, **change)  # type: ignore[arg-type]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE


@given(st.lists(NAMES, min_size=1, max_size=4, unique=True))
def test_whatever_a_submission_is_called_it_has_its_result(names: list[str]) -> None:
    with Store(Path(":memory:x").with_name(f"{os.getpid()}.sqlite"), create=True) as store:
        try:
            store.clear()
            store.file([filed(name, number) for number, name in enumerate(names)])
            store.add(judged(named=names[0]))
            for number, _ in enumerate(names):
                store.assign(f"id{number}", "c", 1, "j")
            assert sorted(names) == [mark.name for mark in store.marks()]
            lines = [json.loads(line) for line in store.lines()]
            assert sorted(names) == [line["submission"] for line in lines]
            assert {names[0]} == {line["prints"] for line in lines}
            assert sorted(names) == [each.name for each in store.submissions()]
        finally:
            store.commit()
            for suffix in ("", "-wal", "-shm", ".lock"):
                Path(f"{store.path}{suffix}").unlink(missing_ok=True)


def test_a_path_may_be_any_bytes(path: Path) -> None:
    odd = Path(os.fsdecode(b"/x/caf\xe9\n.py"))
    with Store(path) as store:
        store.file([replace(filed("a"), path=odd)])
        assert [odd] == [each.path for each in store.submissions()]


def test_what_is_committed_is_there_and_what_is_not_is_not(path: Path) -> None:
    with Store(path) as store:
        store.file([filed("a")])
        store.add(judged())
        store.assign("id0", "c", 1, "j")
        store.commit()
        store.add(judged("k"))
    with Store(path) as store:
        assert (True, False) == (store.has_judgement("j"), store.has_judgement("k"))
        assert (b"evidence", None) == (store.evidence("run of j"), store.evidence("run of k"))
        assert judged().cases == store.cases("j")
        [mark] = store.marks()
        assert ("a", "accepted", 1.0, 2.0) == (mark.name, mark.verdict, mark.score, mark.max_score)
        assert [filed("a")] == list(store.submissions())


def test_a_fault_of_ours_is_no_judgement(path: Path) -> None:
    with Store(path) as store:
        store.add(judged(verdict="judge_error", score=None, evidence=b""))
        assert (False, None) == (store.has_judgement("j"), store.evidence("run of j"))
        assert [1, 2] == [store.fault("id0", "c", why) for why in ("one", "two")]
        assert [("id0", "c", 2, "two")] == store.faults()
        store.recover("id0", "c")
        assert [] == store.faults()


def test_an_example_is_due_once_for_all_that_are_judged_alike(path: Path) -> None:
    with Store(path) as store:
        store.file([filed("a", 1), filed("b", 2)])
        store.add(judged(hunt="known"))
        for identifier in ("id1", "id2"):
            store.assign(identifier, "c", 1, "j")
        assert [("j", "id1", "known")] == store.hunts()
        store.explain("j", {"id": "counterexample"})
        assert [] == store.hunts()
        assert [[{"id": "counterexample"}]] * 2 == [
            json.loads(x)["diagnosis"] for x in store.lines()
        ]
        store.explain("j", None)
        assert [[]] * 2 == [json.loads(line)["diagnosis"] for line in store.lines()]


def test_generations_stand_side_by_side(path: Path) -> None:
    with Store(path) as store:
        store.file([filed("a")])
        store.add(judged("old", score=1.0))
        store.add(judged("new", score=2.0))
        store.assign("id0", "c", 1, "old")
        store.assign("id0", "c", 2, "new")
        assert [1.0] == [mark.score for mark in store.marks()]
        store.set_meta("generation", "2")
        assert [2.0] == [mark.score for mark in store.marks()]
        store.drop_generation(1)
        assert (0, 1) == (store.count(1), store.count(2))


def test_adjustments_and_history_keep_their_order(path: Path) -> None:
    with Store(path) as store:
        store.adjust("id0", "c", -1.5, "late, agreed by mail")
        store.adjust("id0", "c", 0.5, "a misprint in the statement")
        assert [-1.5, 0.5] == [points for _, points, _, _ in store.adjustments("id0")]
        store.note("one", "x")
        store.note("two")
        assert [("one", "x"), ("two", "")] == [(what, told) for _, what, told in store.journal()]


def test_a_store_of_another_version_is_refused(path: Path) -> None:
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(UsageError, match="another version of grader"):
        Store(path)


def test_what_is_no_store_is_refused(path: Path) -> None:
    path.write_bytes(b"x" * 5000)
    with pytest.raises(UsageError, match="cannot use"):
        Store(path)


def test_a_lock_is_gone_with_its_process(path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from grader.store import Store;"
        f"store = Store(Path({str(path)!r})); print('open', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert b"open\n" == holder.stdout.readline()
        with pytest.raises(UsageError, match=f"in use by another grader .process {holder.pid}."):
            Store(path)
        holder.send_signal(signal.SIGKILL)
    Store(path).close()


def test_a_full_disk_is_a_clear_line_and_loses_nothing(path: Path) -> None:
    """The database is held to its present size, as a full disk would."""
    with Store(path) as store:
        store.file([filed("a")])
        store.add(judged())
        store.assign("id0", "c", 1, "j")
        store.commit()
        pages = store._db.execute("PRAGMA page_count").fetchone()[0]
        store._db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(UsageError, match="make room and start again"):
            store.add(judged("k", evidence=os.urandom(1 << 20)))
    with Store(path) as store:
        assert ["a"] == [mark.name for mark in store.marks()]


# --- what was sent to platforms -------------------------------------------------------------------


SENT = Push("u1", "15/2", "10", "digest", "", "2026-11-23T12:00:00.500000+00:00", "sending")


def test_the_latest_push_of_each_user_is_kept_by_place(path: Path) -> None:
    with Store(path) as store:
        store.push("here", SENT)
        store.push("there", SENT)
        store.push("here", SENT._replace(state="sent", seen="digest"))
        store.push("here", SENT._replace(user="u0"))
        store.commit()
    with Store.reading(path) as store:
        assert [("u0", "sending"), ("u1", "sent")] == [
            (push.user, push.state) for push in store.pushes("here")
        ]
        assert [SENT] == store.pushes("there")
        assert [] == store.pushes("elsewhere")


def test_a_new_run_forgets_all_but_what_was_sent(path: Path) -> None:
    with Store(path) as store:
        one_result(store, 0)
        store.push("here", SENT)
        store.clear()
        assert (0, []) == (store.count(), list(store.submissions()))
        assert [SENT] == store.pushes("here")


def of_format_1(path: Path) -> None:
    """Make a store as it was before there were pushes, with one result."""
    with Store(path) as store:
        one_result(store, 0)
        store.commit()
    with contextlib.closing(sqlite3.connect(path)) as db:
        db.executescript("DROP TABLE pushes; PRAGMA user_version = 1;")


def test_an_older_store_is_read_as_it_is(path: Path) -> None:
    of_format_1(path)
    with Store.reading(path) as store:
        assert (1, []) == (store.count(), store.pushes("here"))
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert (1,) == db.execute("PRAGMA user_version").fetchone()


def test_an_older_store_becomes_a_new_one_where_it_is_written(path: Path) -> None:
    of_format_1(path)
    with Store(path) as store:
        store.push("here", SENT)
        store.commit()
        assert 1 == store.count()
    for _ in range(2):
        with Store(path) as store:
            assert [SENT] == store.pushes("here")
    with contextlib.closing(sqlite3.connect(path)) as db:
        assert (VERSION,) == db.execute("PRAGMA user_version").fetchone()


# --- reading alone --------------------------------------------------------------------------------


def one_result(store: Store, number: int) -> None:
    store.file([filed(f"n{number}", number)])
    store.add(judged(f"j{number}", f"n{number}"))
    store.assign(f"id{number}", "c", 1, f"j{number}")


def test_a_reader_sees_one_moment_while_another_writes(path: Path) -> None:
    with Store(path) as store:
        one_result(store, 0)
        store.commit()
        one_result(store, 1)
        with Store.reading(path) as reader:
            assert 1 == reader.count()
            store.commit()
            one_result(store, 2)
            store.commit()
            assert [b'"n0"'] == [line.split(b": ")[2].split(b",")[0] for line in reader.lines()]
        with Store.reading(path) as first, Store.reading(path) as second:
            assert 3 == first.count() == second.count()


def test_a_reader_changes_nothing_and_keeps_nobody_out(path: Path) -> None:
    with Store(path) as store:
        one_result(store, 0)
        store.commit()
    with Store.reading(path) as reader:
        with pytest.raises(UsageError, match="readonly"):
            reader.set_meta("a", "b")
        with Store(path) as store:
            one_result(store, 1)
            store.commit()
    with Store.reading(path) as reader:
        assert 2 == reader.count()


@pytest.mark.parametrize("name", ["a b", "100%", "a?mode=rwc", "a#b", "\udcff"])
def test_a_reader_finds_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name / FILE
    with Store(path) as store:
        one_result(store, 0)
        store.commit()
    with Store.reading(path) as reader:
        assert 1 == reader.count()
    assert [name] == [each.name for each in tmp_path.iterdir()]


@pytest.mark.parametrize("content", [None, b"", b"no database" * 100])
def test_a_reader_makes_no_run(path: Path, content: bytes | None) -> None:
    if content is not None:
        path.write_bytes(content)
    before = list(path.parent.iterdir())
    with pytest.raises(UsageError):
        Store.reading(path)
    assert before == list(path.parent.iterdir())


def test_a_reader_of_a_run_that_was_ended_as_it_began_says_so(path: Path) -> None:
    path.touch()
    with pytest.raises(UsageError, match=r"holds no run yet: .* start it again"):
        Store.reading(path)
