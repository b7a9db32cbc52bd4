"""From a source to WORK: what is written, what an import again changes, what any name does."""

import json
import re
import tarfile
import unicodedata
import warnings
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.errors import UsageError
from grader.intake import Entry, Taken, counted, manifest, spool, take, work

ONE, TWO = b"def f(): return 1\n", b"def f(): return 2\n"
FOLDER = "1-2 - Ada - Sep {day}, 2024 926 PM/{file}"


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def entries(taken: Taken) -> list[tuple[str, int, int]]:
    return [(entry.key, entry.attempt, len(entry.files)) for entry in taken.intake.entries]


def contents(root: Path, entry: Entry) -> list[bytes]:
    return [(root / file.path).read_bytes() for file in entry.files]


def state(root: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(root)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in root.rglob("*")
        if path.is_file()
    }


def test_what_is_written(tmp_path: Path) -> None:
    files = {"lovelaceada_LATE_501_9_a.py": ONE, "kim_502_8_report.pdf": b"%PDF"}
    taken = take(zipped(tmp_path / "dl.zip", files), tmp_path / "work")
    late, without = taken.intake.entries
    assert ("canvas", "501", "lovelaceada", True) == (
        *(late.platform, late.key, late.name),
        late.late,
    )
    assert [ONE] == contents(tmp_path / "work", late)
    assert re.fullmatch(r"submissions/[0-9a-f]{20}/1\.py", late.files[0].path)
    assert ("a.py", len(ONE)) == (late.files[0].name, late.files[0].bytes)
    assert () == without.files
    assert [("report.pdf", "not a .py, .js, .mjs or .cjs file")] == [
        (note.name, note.reason) for note in without.skipped
    ]
    written = (tmp_path / "work" / "manifest.json").read_bytes()
    assert taken.intake == manifest.from_json(written)
    assert 1 == json.loads(written)["schema"]
    assert {"manifest.json", "submissions"} == {path.name for path in (tmp_path / "work").iterdir()}


def test_importing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    source = zipped(tmp_path / "dl.zip", {"a_1_9_a.py": ONE, "../x.py": ONE, "b_2_8_b.pdf": b""})
    first = take(source, tmp_path / "work")
    before = state(tmp_path / "work")
    second = take(source, tmp_path / "work")
    assert before == state(tmp_path / "work")
    assert (first.intake, frozenset()) == (second.intake, second.fresh)


def test_what_is_changed_is_another_attempt_and_the_earlier_one_stays(tmp_path: Path) -> None:
    for step, content in enumerate([ONE, TWO, ONE], 1):
        source = zipped(tmp_path / "hw.zip", {"ada.py": content, "bob.py": ONE})
        taken = take(source, tmp_path / "work", attempt="all" if step == 3 else "latest")
    assert [("ada", 1, 1), ("ada", 2, 1), ("ada", 3, 1), ("bob", 1, 1)] == entries(taken)
    kept = [contents(tmp_path / "work", entry) for entry in taken.intake.entries]
    assert [[ONE], [TWO], [ONE], [ONE]] == kept
    assert 4 == len({entry.id for entry in taken.intake.entries})
    assert 1 == len(taken.fresh)


def test_attempts_of_one_download_are_told_apart_and_the_policy_counts_them(tmp_path: Path) -> None:
    files = {FOLDER.format(day=day, file="a.py"): ONE for day in (9, 10)}
    source = zipped(tmp_path / "dl.zip", files)
    taken = take(source, tmp_path / "work")
    assert [("1", 1, 1), ("1", 2, 1)] == entries(taken)
    assert [2] == [entry.attempt for entry in counted(taken.intake)]
    for policy in ("best", "all"):
        assert 2 == len(counted(take(source, tmp_path / "work", attempt=policy).intake))


def test_an_older_download_imported_later_is_not_the_latest(tmp_path: Path) -> None:
    for day in (10, 9):
        source = zipped(tmp_path / "dl.zip", {FOLDER.format(day=day, file="a.py"): ONE})
        taken = take(source, tmp_path / "work")
    assert [datetime(2024, 9, 10, 21, 26)] == [e.local_time for e in counted(taken.intake)]


def test_an_attempt_without_a_source_costs_none_that_has_one(tmp_path: Path) -> None:
    for name in ("x.py", "x.zip"):
        source = zipped(tmp_path / "dl.zip", {f"A_2_assignsubmission_file/{name}": ONE})
        taken = take(source, tmp_path / "work")
    assert [("2", 1, 1), ("2", 2, 0)] == entries(taken)
    assert [1] == [entry.attempt for entry in counted(taken.intake)]


def test_a_canvas_student_who_hands_in_again(tmp_path: Path) -> None:
    take(zipped(tmp_path / "1.zip", {"a_1_9_s.py": ONE}), tmp_path / "work")
    taken = take(zipped(tmp_path / "2.zip", {"a_LATE_1_10_s-1.py": ONE}), tmp_path / "work")
    assert [("1", 1, 1), ("1", 2, 1)] == entries(taken)
    assert [True] == [entry.late for entry in counted(taken.intake)]


def test_two_people_of_one_name_stay_two(tmp_path: Path) -> None:
    files = {"leesam_1_8_a.py": ONE, "leesam_2_9_a.py": TWO}
    taken = take(zipped(tmp_path / "dl.zip", files), tmp_path / "work")
    assert [("1", 1, 1), ("2", 1, 1)] == entries(taken)


def test_two_sections_in_one_work(tmp_path: Path) -> None:
    take(zipped(tmp_path / "1.zip", {"a_1_8_a.py": ONE}), tmp_path / "work")
    taken = take(zipped(tmp_path / "2.zip", {"b_2_9_a.py": TWO}), tmp_path / "work")
    assert [("1", 1, 1), ("2", 1, 1)] == entries(taken)
    assert {"2"} == {e.key for e in taken.intake.entries if e.id in taken.here}


def test_ids_are_the_same_everywhere(tmp_path: Path) -> None:
    source = zipped(tmp_path / "dl.zip", {"a_1_8_a.py": ONE, "b_2_9_a.py": ONE})
    ids = [[e.id for e in take(source, tmp_path / w).intake.entries] for w in ("v", "w")]
    assert ids[0] == ids[1]
    assert 2 == len(set(ids[0]))


@pytest.mark.parametrize("kind", ["folder", "zip", "tar", "tar.gz"])
def test_the_container_does_not_matter(tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "hw"
    for name, content in {"ada/x.py": ONE, "ada/y.js": TWO, "bob/x.py": TWO}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    source = tmp_path / f"hw.{kind}"
    if kind == "zip":
        zipped(source, {f"hw/{p.relative_to(folder)}": p.read_bytes() for p in folder.rglob("*.*")})
    elif kind.startswith("tar"):
        with tarfile.open(source, "w:gz" if kind == "tar.gz" else "w") as archive:
            archive.add(folder, "hw")
    else:
        source = folder
    taken = take(source, tmp_path / "work")
    assert [("ada", 1, 2), ("bob", 1, 1)] == entries(taken)
    assert [ONE, TWO] == contents(tmp_path / "work", taken.intake.entries[0])


def test_a_refused_file_does_not_make_its_student_disappear(tmp_path: Path) -> None:
    taken = take(zipped(tmp_path / "dl.zip", {"a_1_8_all.zip": b""}), tmp_path / "work")
    [entry] = taken.intake.entries
    assert ("1", ()) == (entry.key, entry.files)
    assert "archive within the source" in entry.skipped[0].reason


def test_a_zone_makes_a_local_time_one_that_can_be_compared(tmp_path: Path) -> None:
    source = zipped(tmp_path / "dl.zip", {FOLDER.format(day=24, file="a.py"): ONE})
    [entry] = take(source, tmp_path / "work").intake.entries
    assert entry.submitted_at is None
    [entry] = take(source, tmp_path / "work", zone=ZoneInfo("Europe/Berlin")).intake.entries
    assert datetime(2024, 9, 24, 19, 26, tzinfo=UTC) == entry.submitted_at


def test_a_roster_names_who_is_missing_and_what_marks_depend_on(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(
        "ID,Student,Section,extension_hours\n1,Ada L,A,24\n3,Cyd,B,\n", encoding="utf-8"
    )
    source = zipped(tmp_path / "dl.zip", {"a_1_8_a.py": ONE, "b_2_9_a.py": ONE})
    roster = tmp_path / "roster.csv"
    taken = take(source, tmp_path / "work", roster=roster)
    ada, bob = taken.intake.entries
    assert ("Ada L", manifest.Enrolment("A", 24.0)) == (ada.name, ada.enrolled)
    assert ("b", None) == (bob.name, bob.enrolled)
    assert ("3",) == taken.intake.missing
    assert "Ada L" == take(source, tmp_path / "work").intake.entries[0].name


def test_a_platform_that_says_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "METADATA_BYTES", 10)
    files = {"submission_1/x.py": ONE, "submission_metadata.yml": b"submission_1:\n"}
    taken = take(zipped(tmp_path / "dl.zip", files), tmp_path / "work")
    assert ["submission_1"] == [entry.key for entry in taken.intake.entries]
    assert "the platform's own notes are too large" in taken.intake.refused[0].reason


def test_a_team_gets_its_longest_extension_and_its_latest_due_time(tmp_path: Path) -> None:
    metadata = (
        "submission_1:\n  :submitters:\n  - :name: A\n    :sid: a\n  - :name: B\n    :sid: b\n"
    )
    files = {"submission_1/x.py": ONE, "submission_metadata.yml": metadata.encode()}
    (tmp_path / "r.csv").write_text(
        "sid,extension_hours,due\na,1,2026-12-03T12:00\nb,5,\n", encoding="utf-8"
    )
    source = zipped(tmp_path / "dl.zip", files)
    [entry] = take(source, tmp_path / "work", roster=tmp_path / "r.csv").intake.entries
    assert ("a+b", ["a", "b"]) == (entry.key, [person.key for person in entry.team])
    assert entry.enrolled is not None
    assert 5.0 == entry.enrolled.extension_hours
    assert datetime(2026, 12, 3, 12) == entry.enrolled.due


# --- WORK ------------------------------------------------------------------------------------


def test_what_died_in_between_is_finished_by_the_next_import(tmp_path: Path) -> None:
    source = zipped(tmp_path / "dl.zip", {"a_1_8_a.py": ONE, "b_2_9_a.py": TWO})
    taken = take(source, tmp_path / "work")
    whole = {name: data for name, (_, data) in state(tmp_path / "work").items()}
    (tmp_path / "work" / taken.intake.entries[0].files[0].path).unlink()
    (tmp_path / "work" / taken.intake.entries[1].files[0].path).write_bytes(b"")
    (tmp_path / "work" / ".incoming").mkdir()
    (tmp_path / "work" / ".incoming" / "0").write_bytes(b"x")
    take(source, tmp_path / "work")
    assert whole == {name: data for name, (_, data) in state(tmp_path / "work").items()}
    (tmp_path / "work" / "manifest.json").unlink()
    take(source, tmp_path / "work")
    assert whole == {name: data for name, (_, data) in state(tmp_path / "work").items()}


def test_one_import_at_a_time(tmp_path: Path) -> None:
    source = zipped(tmp_path / "dl.zip", {"a_1_8_a.py": ONE})
    with work.opened(tmp_path / "work"), pytest.raises(UsageError, match="in use by another"):
        take(source, tmp_path / "work")


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "thesis.tex").write_text("")
    with pytest.raises(UsageError, match="holds other files"):
        take(zipped(tmp_path / "dl.zip", {"a.py": ONE}), tmp_path / "work")
    assert ["thesis.tex"] == [path.name for path in (tmp_path / "work").iterdir()]


def test_submissions_that_are_a_link_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "work" / "submissions").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="is a link"):
        take(zipped(tmp_path / "dl.zip", {"a.py": ONE}), tmp_path / "work")
    assert [] == list((tmp_path / "elsewhere").iterdir())


@pytest.mark.parametrize(
    ("data", "said"),
    [("{", "damaged"), ('{"schema": 2}', "use a later grader"), ('{"entries": [1]}', "entries.0")],
)
def test_a_manifest_that_is_none_of_ours(tmp_path: Path, data: str, said: str) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "manifest.json").write_text(data)
    with pytest.raises(UsageError, match=said):
        take(zipped(tmp_path / "dl.zip", {"a.py": ONE}), tmp_path / "work")
    assert data == (tmp_path / "work" / "manifest.json").read_text()


def test_work_within_the_source_would_import_itself(tmp_path: Path) -> None:
    (tmp_path / "ada.py").write_bytes(ONE)
    with pytest.raises(UsageError, match="lies within the folder to import"):
        take(tmp_path, tmp_path / "work")


def test_work_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "work").write_text("a file")
    with pytest.raises(UsageError, match="cannot write into"):
        take(zipped(tmp_path / "dl.zip", {"a.py": ONE}), tmp_path / "work")


# --- Any name --------------------------------------------------------------------------------

PARTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
HOSTILE = st.lists(st.sampled_from(["..", "/", "\\", "C:", "a", "\0", "\u202e", "."])).map("".join)


def tarred(names: list[str]) -> bytes:
    data = BytesIO()
    with tarfile.open(fileobj=data, mode="w", errors="surrogateescape") as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(ONE)
            archive.addfile(info, BytesIO(ONE))
    return data.getvalue()


def packed(names: list[str]) -> bytes:
    data = BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), ONE)
    return data.getvalue()


def test_a_folder_that_has_content_is_refused_by_name(tmp_path: Path) -> None:
    """`zipfile` ends a name at a NUL, and what is left of this one is a folder's."""
    (tmp_path / "source").write_bytes(packed(["a/\0.py"]))
    [refused] = take(tmp_path / "source", tmp_path / "work", platform="files").intake.refused
    assert ("a", True) == (refused.name, "called a folder and has content" in refused.reason)


@example(["/\0"], packed)
@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(max_size=40) | HOSTILE, min_size=1, max_size=4),
    st.sampled_from([tarred, packed]),
)
def test_no_member_name_leads_out_of_work(
    names: list[str], pack: Callable[[list[str]], bytes]
) -> None:
    with TemporaryDirectory() as place:
        root = Path(place) / "in" / "here"
        root.mkdir(parents=True)
        try:
            data = pack([f"{name}.py" for name in names])
        except ValueError:
            return  # no archive can hold such a name
        (root / "source").write_bytes(data)
        taken = take(root / "source", root / "work", platform="files")
        found = [path.relative_to(place).as_posix() for path in Path(place).rglob("*")]
        ours = (
            r"in|in/here|in/here/source"
            r"|in/here/work(/manifest\.json|/submissions(/\w{20}(/[1-4]\.py)?)?)?"
        )
        assert [] == [each for each in found if not re.fullmatch(ours, each)]
        intake = taken.intake
        files = [file for entry in intake.entries for file in (*entry.files, *entry.skipped)]
        assert len(names) <= len(intake.refused) + len(intake.skipped) + len(files)


@settings(max_examples=60, deadline=None)
@given(PARTS.filter(lambda name: not set("_/\0") & set(name)))  # in a tar NUL ends a name
def test_any_name_of_a_student_comes_back_as_it_is(name: str) -> None:
    member = f"{name}_7_assignsubmission_file/a.py"
    with TemporaryDirectory() as place:
        root = Path(place)
        (root / "source").write_bytes(tarred([member]))
        intake = take(root / "source", root / "work", platform=None).intake
        again = manifest.from_json((root / "work" / "manifest.json").read_bytes())
    assert intake == again
    if intake.entries:
        assert ("7", name) == (intake.entries[0].key, intake.entries[0].name)
    else:
        assert [] != [*intake.refused, *intake.skipped]
        assert not _ordinary(name)


def _ordinary(name: str) -> bool:
    """Tell whether a name holds letters, marks, digits, symbols and inner spaces only."""
    return all(unicodedata.category(c)[0] in "LMNS" or c in " -'" for c in name)
