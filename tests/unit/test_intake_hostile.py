"""Hostile sources, one kind at a time: each is refused in words, the rest is taken.

Whatever is imported, nothing changes outside WORK, and WORK holds no name of the source's.
"""

import errno
import gzip
import io
import os
import re
import stat
import struct
import tarfile
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.errors import UsageError
from grader.intake import Taken, folders, take
from grader.intake.limits import Limits

HONEST = b"def f():\n    return 1\n"
SMALL = Limits(member_bytes=100_000, free_bytes=20_000)
"""As the limits are, but met by a test in no time."""

Change = Callable[[zipfile.ZipFile], object]


def zipped(*changes: Change) -> bytes:
    """Return a zip with an honest file first and last."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ada.py", HONEST)
        for change in changes:
            change(archive)
        archive.writestr("zoe.py", HONEST)
    return data.getvalue()


def named(name: str, content: bytes = HONEST) -> Change:
    return lambda archive: archive.writestr(zipfile.ZipInfo(name), content)


def of_kind(name: str, kind: int) -> Change:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o644) << 16
    return lambda archive: archive.writestr(info, "/etc/passwd")


def deflated(name: str, content: bytes) -> Change:
    return lambda archive: archive.writestr(name, content)


def in_directory(data: bytes, name: bytes, offset: int, value: bytes) -> bytes:
    """Overwrite a field of the directory's entry of `name`."""
    at = data.rindex(name) - 46 + offset
    assert data[at - offset : at - offset + 4] == b"PK\1\2"
    return data[:at] + value + data[at + len(value) :]


HOSTILE_IN_ZIP = {
    "parent": (named("../evil.py"), "leads out of its folder"),
    "inner parent": (named("a/../../evil.py"), "leads out of its folder"),
    "absolute": (named("/tmp/evil.py"), "an absolute path"),
    "drive": (named("C:/evil.py"), "a drive letter"),
    "backslash": (named("a\\..\\evil.py"), "a backslash"),
    "symbolic link": (of_kind("link.py", stat.S_IFLNK), "symbolic link is not followed"),
    "pipe": (of_kind("pipe.py", stat.S_IFIFO), "device, pipe or socket"),
    "device": (of_kind("null.py", stat.S_IFCHR), "device, pipe or socket"),
    "nested zip": (named("bob.zip"), "archive within the source is not opened"),
    "nested tar": (named("bob/all.tar.gz"), "archive within the source is not opened"),
    "case": (named("ADA.py"), "some systems take the name for 'ada.py'"),
    "width": (named("ａda.py"), "some systems take the name for 'ada.py'"),
    "escape": (named("a\x1b[31m.py"), "a control character"),
    "line end": (named("a\n.py"), "a control character"),
    "bidi": (named("a\u202eyp.exe.py"), "turns text around"),
    "long": (named("a" * 260 + ".py"), "longer than 255 bytes"),
    "very long": (named("/".join(["a" * 200] * 6)), "longer than 1024 bytes"),
    "deep": (named("a/" * 60 + "b.py"), "more than 50 folders deep"),
    "size": (named("big.py", os.urandom(200_000)), "larger than 100 kB"),
    "ratio": (deflated("bomb.py", bytes(90_000)), "over 200 times its size"),
}


@pytest.fixture
def imported(tmp_path: Path) -> Callable[..., Taken]:
    """Import bytes or a folder, and make sure that nothing else changed."""

    def run(source: bytes | Path, limits: Limits = SMALL) -> Taken:
        (tmp_path / "outside").mkdir(exist_ok=True)
        (tmp_path / "outside" / "mine.py").write_bytes(b"mine")
        if isinstance(source, bytes):
            (tmp_path / "source").write_bytes(source)
            source = tmp_path / "source"
        before = snapshot(tmp_path)
        taken = take(source, tmp_path / "work", limits=limits, platform="files")
        assert before == snapshot(tmp_path)
        inside = {
            path.relative_to(tmp_path / "work").as_posix()
            for path in (tmp_path / "work").rglob("*")
        }
        assert {each for each in inside if not OURS.fullmatch(each)} == set()
        return taken

    return run


OURS = re.compile(r"manifest\.json|submissions(/[0-9a-f]{20}(/[0-9]+\.py)?)?")


def snapshot(root: Path) -> dict[str, object]:
    """Return all that lies outside WORK."""
    return {
        str(path): path.read_bytes() if path.is_file() and not path.is_symlink() else None
        for path in sorted(root.rglob("*"))
        if "work" not in path.relative_to(root).parts[:1]
    }


def keys(taken: Taken) -> set[str]:
    """Return who has a file."""
    return {entry.key for entry in taken.intake.entries if entry.files}


def reasons(taken: Taken) -> list[str]:
    return [note.reason for note in taken.intake.refused]


@pytest.mark.parametrize(("change", "said"), HOSTILE_IN_ZIP.values(), ids=HOSTILE_IN_ZIP)
def test_a_hostile_member_of_a_zip_is_refused_and_the_rest_taken(
    imported: Callable[..., Taken], change: Change, said: str
) -> None:
    taken = imported(zipped(change))
    assert {"ada", "zoe"} == keys(taken)
    [reason] = reasons(taken)
    assert said in reason
    assert ":" in reason  # and what to do


def test_a_name_that_is_there_twice_is_taken_once(imported: Callable[..., Taken]) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped(named("bob.py", b"x = 1"), named("bob.py", b"x = 2"))
    taken = imported(data)
    assert ["the name is there twice; the first is taken: pack each file once"] == reasons(taken)
    assert {"ada", "bob", "zoe"} == keys(taken)


def test_composed_and_decomposed_letters_are_one_name(imported: Callable[..., Taken]) -> None:
    name = "caf\u00e9.py"
    taken = imported(zipped(named(name), named(unicodedata.normalize("NFD", name))))
    assert ["some systems take the name for"] == [each[:30] for each in reasons(taken)]


def test_what_systems_leave_behind_is_skipped_and_listed(imported: Callable[..., Taken]) -> None:
    names = ("__MACOSX/._ada.py", "._zoe.py", ".DS_Store", "a/Thumbs.db", "__pycache__/a.py")
    taken = imported(zipped(*map(named, (*names, ".git/config"))))
    assert [] == reasons(taken)
    assert [*names, ".git/config"] == [note.name for note in taken.intake.skipped]


CHANGED = {
    "encrypted": (8, struct.pack("<H", 1), "encrypted"),
    "method": (10, struct.pack("<H", 98), "compressed by method 98"),
    "checksum": (16, b"\0\0\0\0", "length or checksum differ"),
    "length": (24, struct.pack("<L", 1), "length or checksum differ"),
    "overlap": (42, struct.pack("<L", 0), "overlap with another"),
    "beyond": (42, struct.pack("<L", 10**6), "overlap with another"),
    "version": (6, struct.pack("<H", 999), None),
    "extra": (30, struct.pack("<H", 0), None),
}


@pytest.mark.parametrize(("offset", "value", "said"), CHANGED.values(), ids=CHANGED)
def test_a_directory_that_lies_about_a_member(
    imported: Callable[..., Taken], offset: int, value: bytes, said: str | None
) -> None:
    data = in_directory(zipped(named("bob.py")), b"bob.py", offset, value)
    taken = imported(data)
    assert ([said is not None] * len(reasons(taken))) == [said in each for each in reasons(taken)]
    assert said is None or reasons(taken)
    assert "zoe" in keys(taken)
    assert (said is None) == ("bob" in keys(taken))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize("size", [4, 300])
def test_packed_data_that_ends_too_early(
    imported: Callable[..., Taken], method: int, size: int
) -> None:
    data = zipped(lambda archive: archive.writestr("bob.py", os.urandom(500), method))
    taken = imported(in_directory(data, b"bob.py", 20, struct.pack("<L", size)))
    assert {"ada", "zoe"} == keys(taken)
    assert "its data cannot be unpacked" in reasons(taken)[0]


def test_a_name_that_is_another_in_its_header(imported: Callable[..., Taken]) -> None:
    taken = imported(zipped(named("bob.py")).replace(b"bob.py", b"eve.py", 1))
    assert {"ada", "zoe"} == keys(taken)
    assert "another in its header" in reasons(taken)[0]


def test_a_name_that_is_marked_as_utf8_and_is_not(imported: Callable[..., Taken]) -> None:
    taken = imported(zipped(named("b\u00e9b.py")).replace(b"b\xc3\xa9b", b"b\xff\xfeb"))
    assert {"ada", "zoe"} == keys(taken)
    assert "marked as UTF-8 and is not" in reasons(taken)[0]


def test_a_name_in_the_old_encoding_is_read_as_it_says(imported: Callable[..., Taken]) -> None:
    data = zipped(named("bxb.py"), named("cxxc.py"))
    data = data.replace(b"bxb", b"b\x82b").replace(b"cxxc", b"c\xc3\xa9c")
    assert {"ada", "b\u00e9b", "c\u00e9c", "zoe"} == keys(imported(data))


def test_damaged_data_costs_only_itself(imported: Callable[..., Taken]) -> None:
    data = zipped(deflated("bob.py", os.urandom(5000)))
    at = data.index(b"bob.py") + 2000
    taken = imported(data[:at] + bytes(100) + data[at + 100 :])
    assert {"ada", "zoe"} == keys(taken)
    assert "is damaged" in reasons(taken)[0]


def test_a_directory_that_breaks_off_keeps_what_came_before(imported: Callable[..., Taken]) -> None:
    data = zipped(named("bob.py"))
    at = data.rindex(b"zoe.py") - 46
    taken = imported(data[:at] + b"XX" + data[at + 2 :])
    assert {"ada", "bob"} == keys(taken)
    assert "the files before it are taken" in reasons(taken)[0]


def test_what_stands_before_a_zip_does_not_matter(imported: Callable[..., Taken]) -> None:
    # The first bytes tell a zip from a tar, so it is another zip's beginning.
    assert {"ada", "zoe"} == keys(imported(b"PK\3\4" + bytes(100) + zipped()))


@pytest.mark.parametrize("limit", ["ZIP_FILECOUNT_LIMIT", "ZIP64_LIMIT"])
def test_a_zip_of_64_bits(
    imported: Callable[..., Taken], monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    dated = zipfile.ZipInfo("bob.py")
    dated.extra = b"UT\5\0\1abcd"
    monkeypatch.setattr(zipfile, limit, 1)
    data = zipped(lambda archive: archive.writestr(dated, HONEST))
    assert b"PK\6\6" in data
    assert {"ada", "bob", "zoe"} == keys(imported(data))
    with pytest.raises(UsageError, match="its zip64 directory is not where it should be"):
        imported(data.replace(b"PK\6\6", b"PK\0\0"))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_methods_of_a_zip(imported: Callable[..., Taken], method: int) -> None:
    content = os.urandom(40_000) + b"x = 1\n" * 9000
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method) as archive:
        archive.writestr("ada.py", content)
    [entry] = imported(data.getvalue()).intake.entries
    assert len(content) == entry.files[0].bytes


def test_too_many_files_are_cut_off_in_words(imported: Callable[..., Taken]) -> None:
    taken = imported(zipped(named("bob.py")), replace(SMALL, members=2))
    assert {"ada", "bob"} == keys(taken)
    assert ["holds over 2 files: import it in parts"] == reasons(taken)


def test_the_sum_of_all_files_is_bounded(imported: Callable[..., Taken]) -> None:
    taken = imported(zipped(named("bob.py")), replace(SMALL, total_bytes=50))
    assert {"ada", "bob"} == keys(taken)
    assert ["the files are over 50 bytes in all: import them in parts"] == reasons(taken)


# --- Tar -------------------------------------------------------------------------------------


def tarred(*members: tuple[tarfile.TarInfo, bytes], mode: str = "w:") -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode=mode, format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]
        for info, content in (entry("ada.py"), *members, entry("zoe.py")):
            archive.addfile(info, io.BytesIO(content))
    return data.getvalue()


def entry(
    name: str, content: bytes = HONEST, kind: bytes = tarfile.REGTYPE
) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "ada.py" if kind != tarfile.REGTYPE else ""
    info.size = len(content) if kind == tarfile.REGTYPE else 0
    return info, content


HOSTILE_IN_TAR = {
    "parent": (entry("../evil.py"), "leads out of its folder"),
    "absolute": (entry("/tmp/evil.py"), "an absolute path"),
    "symbolic link": (entry("s.py", kind=tarfile.SYMTYPE), "symbolic link is not followed"),
    "hard link": (entry("h.py", kind=tarfile.LNKTYPE), "hard link is not followed"),
    "character device": (entry("c.py", kind=tarfile.CHRTYPE), "device, pipe or socket"),
    "block device": (entry("b.py", kind=tarfile.BLKTYPE), "device, pipe or socket"),
    "pipe": (entry("p.py", kind=tarfile.FIFOTYPE), "device, pipe or socket"),
    "nested": (entry("n.tgz"), "archive within the source"),
    "case": (entry("Ada.PY"), "some systems take the name"),
    "twice": (entry("./ada.py"), "the name is there twice"),
    "size": (entry("big.py", bytes(200_000)), "larger than 100 kB"),
    "not UTF-8": (entry("b\udcff.py"), "not valid UTF-8"),
}


@pytest.mark.parametrize(("member", "said"), HOSTILE_IN_TAR.values(), ids=HOSTILE_IN_TAR)
def test_a_hostile_member_of_a_tar_is_refused_and_the_rest_taken(
    imported: Callable[..., Taken], member: tuple[tarfile.TarInfo, bytes], said: str
) -> None:
    taken = imported(tarred(member))
    assert {"ada", "zoe"} == keys(taken)
    [reason] = reasons(taken)
    assert said in reason


@pytest.mark.parametrize("mode", ["w:", "w:gz", "w:bz2", "w:xz"])
def test_every_compression_of_a_tar(imported: Callable[..., Taken], mode: str) -> None:
    taken = imported(tarred(entry("big.py", bytes(200_000)), mode=mode))
    assert {"ada", "zoe"} == keys(taken)
    assert ["larger than 100 kB: hand in only the code"] == reasons(taken)


def test_a_sparse_file_that_claims_any_size(imported: Callable[..., Taken]) -> None:
    sparse, content = entry("s.py")
    sparse.pax_headers = {"GNU.sparse.map": "0,22", "GNU.sparse.size": str(10**12)}
    taken = imported(tarred((sparse, content)))
    assert ["a sparse file can claim any size: pack it as an ordinary one"] == reasons(taken)
    assert {"ada", "zoe"} == keys(taken)


def test_a_compressed_stream_that_never_ends(imported: Callable[..., Taken]) -> None:
    data = tarred(entry("bomb.py", bytes(3_000_000)), mode="w:gz")
    taken = imported(data)
    assert {"ada"} == keys(taken)
    assert "it unpacks to far more than its size" in reasons(taken)[-1]
    assert "the files before it are taken" in reasons(taken)[-1]


def test_a_header_larger_than_any_honest_one(imported: Callable[..., Taken]) -> None:
    huge, content = entry("bob.py")
    huge.pax_headers = {"comment": "x" * 1_500_000}
    taken = imported(tarred((huge, content)))
    assert {"ada"} == keys(taken)
    assert "larger than any honest one" in reasons(taken)[0]


def test_a_size_below_zero_leads_nowhere(imported: Callable[..., Taken]) -> None:
    bad, _ = entry("bob.py")
    bad.size = -2048
    honest = tarred()
    taken = imported(honest[:1024] + bad.tobuf(tarfile.GNU_FORMAT) + honest[1024:])
    assert {"ada"} == keys(taken) - {"bob"}
    assert reasons(taken)[-1].endswith("the files before it are taken")


@pytest.mark.parametrize(
    "cut",
    [
        lambda data: data[:1400],
        lambda data: data[:2048],
        lambda data: data[:1024] + b"x" * 512 + data[1536:],
        lambda data: gzip.compress(data, mtime=0)[:-30],
    ],
    ids=["in a header", "between members", "no header", "in gzip"],
)
def test_a_tar_that_is_damaged_says_so(
    imported: Callable[..., Taken], cut: Callable[[bytes], bytes]
) -> None:
    taken = imported(cut(tarred(entry("bob.py", os.urandom(5000)))))
    assert "ada" in keys(taken)
    assert "zoe" not in keys(taken)
    assert reasons(taken)[-1].endswith("the files before it are taken")


# --- Folder ----------------------------------------------------------------------------------


def test_a_folder_is_no_more_trusted_than_an_archive(
    tmp_path: Path, imported: Callable[..., Taken]
) -> None:
    folder = tmp_path / "class"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".git" / "x.py").write_bytes(HONEST)
    for name in ("ada.py", "zoe.py", "ADA.py", "deep/er/x.py"):
        (folder / name).write_bytes(HONEST)
    (folder / "link.py").symlink_to(tmp_path / "outside" / "mine.py")
    (folder / "linked").symlink_to(tmp_path / "outside")
    os.mkfifo(folder / "pipe.py")
    Path(os.fsdecode(os.fsencode(folder) + b"/b\xff.py")).write_bytes(HONEST)
    taken = imported(folder)
    assert {"ADA", "deep", "zoe"} == keys(taken)
    assert {
        "ada.py": "some systems take the name for 'ADA.py', which is taken: rename one of them",
        "b\\udcff.py": "the name is not valid UTF-8: rename the file",
        "link.py": "a symbolic link is not followed: put the file itself there",
        "linked": "a symbolic link is not followed: put the file itself there",
        "pipe.py": "a device, pipe or socket is no file: put a regular one there",
    } == {note.name: note.reason for note in taken.intake.refused}
    assert [".git"] == [note.name for note in taken.intake.skipped]


def test_a_folder_that_cannot_be_listed_costs_only_itself(
    tmp_path: Path, imported: Callable[..., Taken], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ada", "bob"):
        (tmp_path / "class" / name).mkdir(parents=True)
        (tmp_path / "class" / name / "a.py").write_bytes(HONEST)
    monkeypatch.setattr(folders.os, "scandir", refusing(os.scandir, "bob"))
    taken = imported(tmp_path / "class")
    assert {"ada"} == keys(taken)
    assert ["cannot be read: Permission denied; change its permissions"] == reasons(taken)
    monkeypatch.setattr(folders.os, "scandir", refusing(os.scandir, "class"))
    with pytest.raises(UsageError, match="class cannot be read: Permission denied"):
        imported(tmp_path / "class")


def refusing(scandir: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return a `scandir` that may not list one folder, which root always may."""

    def listed(path: Any) -> Any:
        if isinstance(path, Path) and path.name == name:
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    return listed


def test_a_folder_too_deep_costs_one_line(tmp_path: Path, imported: Callable[..., Taken]) -> None:
    folder = tmp_path / "class"
    (folder / "/".join("a" * 60)).mkdir(parents=True)
    (folder / "ada.py").write_bytes(HONEST)
    taken = imported(folder)
    assert {"ada"} == keys(taken)
    assert ["a folder too deep to be searched: move it up"] == reasons(taken)


# --- What is no source at all ----------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"def f(): pass\n" * 50, b"7z\xbc\xaf\x27\x1c" + bytes(2000), b"\x1f\x8bxx"]
)
def test_what_is_no_archive_is_a_wrong_request(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "source").write_bytes(data)
    with pytest.raises(UsageError, match="neither a folder nor a zip nor a tar"):
        take(tmp_path / "source", tmp_path / "work")
    assert not (tmp_path / "work").exists()


@pytest.mark.parametrize("size", [10, 60, 200])
def test_a_zip_without_its_end_is_a_wrong_request(tmp_path: Path, size: int) -> None:
    (tmp_path / "source").write_bytes(zipped()[:size])
    with pytest.raises(UsageError, match="is no zip or was cut off"):
        take(tmp_path / "source", tmp_path / "work")


@pytest.mark.parametrize(
    ("offset", "value", "said"),
    [
        (12, struct.pack("<L", 10**6), "its directory is not where it should be"),
        (16, struct.pack("<L", 10**6), "its directory is not where it should be"),
        (20, struct.pack("<H", 1), "is no zip or was cut off"),
    ],
    ids=["size", "offset", "comment"],
)
def test_a_zip_whose_end_lies(tmp_path: Path, offset: int, value: bytes, said: str) -> None:
    data = zipped()
    at = data.rindex(b"PK\5\6") + offset
    (tmp_path / "source").write_bytes(data[:at] + value + data[at + len(value) :])
    with pytest.raises(UsageError, match=said):
        take(tmp_path / "source", tmp_path / "work")


def test_a_source_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        take(tmp_path / "none", tmp_path / "work")
