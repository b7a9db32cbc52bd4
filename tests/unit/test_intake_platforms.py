"""Golden layouts: what each platform's names say, and the traps in them."""

import doctest
from datetime import UTC, datetime, timedelta, timezone
from types import ModuleType
from typing import Any

import pytest

from grader.errors import UsageError
from grader.intake import generic, names, platforms, ruby_yaml
from grader.intake.found import Person
from grader.intake.platforms import Layout, recognise


def said(layout: Layout, *fields: str) -> dict[str, Any]:
    """Return the wanted fields of each file found, by member; the only one as it is."""
    return {
        each.member: values[0] if len(values) == 1 else values
        for each in layout.found
        if (values := tuple(getattr(each, field) for field in fields))
    }


@pytest.mark.parametrize("module", [names, generic, platforms])
def test_doctests(module: ModuleType) -> None:
    results = doctest.testmod(module)
    assert results.attempted
    assert results.failed == 0


# --- Canvas ----------------------------------------------------------------------------------

CANVAS = {
    "lovelaceada_501_90210_solution.py": ("501", "lovelaceada", "solution.py", False),
    "lovelaceada_LATE_501_90215_solution-1.py": ("501", "lovelaceada", "solution-1.py", True),
    "smithobrien_502_90211_my_own_file.py": ("502", "smithobrien", "my_own_file.py", False),
    "leesam_503_90212_a.py": ("503", "leesam", "a.py", False),
    "leesam_504_90213_a.py": ("504", "leesam", "a.py", False),
    "grace_hopper_505_90214_a.py": ("505", "grace_hopper", "a.py", False),
    "çelik_506_90216_a.py": ("506", "çelik", "a.py", False),
    "anon_507_90217_a.py": ("507", "anon", "a.py", False),
    "late_LATE_508_90218_12_a.py": ("508", "late", "12_a.py", True),
    "509_90219_a.py": ("509", None, "a.py", False),
    "kim_510_text.html": ("510", "kim", "text.html", False),
    "kim_LATE_511_link.html": ("511", "kim", "link.html", True),
}


def test_canvas() -> None:
    layout = recognise(list(CANVAS), {})
    assert "canvas" == layout.platform
    assert "12 of 12 files are named as Canvas names its downloads" == layout.why
    assert CANVAS == said(layout, "key", "name", "file", "late")


def test_canvas_sorts_a_file_handed_in_again_by_its_attachment() -> None:
    layout = recognise(["a_1_9_solution.py", "a_1_10_solution-1.py"], {})
    assert ["solution.py", "solution-1.py"] == [
        each.file for each in sorted(layout.found, key=lambda each: each.order)
    ]


def test_canvas_text_entries_are_no_files() -> None:
    layout = recognise(["kim_510_text.html", "kim_511_link.html"], {})
    assert ["a text entry, no file", "a link to a web page, no file"] == [
        each.needless for each in layout.found
    ]


def test_canvas_anonymous() -> None:
    layout = recognise(["anon_AbC12_90210_a.py", "LATE_anon_501_90211_b_c.py"], {})
    assert {
        "anon_AbC12_90210_a.py": ("anon_AbC12", None, "a.py", False),
        "LATE_anon_501_90211_b_c.py": ("anon_501", None, "b_c.py", True),
    } == said(layout, "key", "name", "file", "late")


def test_canvas_a_name_that_claims_another_id_gets_no_other_students_place() -> None:
    honest, forged = "lovelaceada_777_90210_a.py", "eve_777_888_503_90999_a.py"
    layout = recognise([honest, forged], {})
    assert {honest: "777"} == said(layout, "key")
    assert [forged] == [each.member for each in layout.strange]
    assert "the id 777 belongs to two names" in layout.strange[0].reason


# --- Moodle ----------------------------------------------------------------------------------

MOODLE = {
    "Ada Lovelace_2_assignsubmission_file/solution.py": ("2", "Ada Lovelace", "solution.py"),
    "Ada Lovelace_2_assignsubmission_file/src/util.py": ("2", "Ada Lovelace", "src/util.py"),
    "Sam Lee_3_assignsubmission_file/a.py": ("3", "Sam Lee", "a.py"),
    "Sam Lee_4_assignsubmission_file/a.py": ("4", "Sam Lee", "a.py"),
    "Participant_16_assignsubmission_file/a.py": ("16", None, "a.py"),
    "Team A  x_1_assignsubmission_file/a.py": ("1", "Team A  x", "a.py"),
    "Default group_assignsubmission_file/a.py": ("default-group", "Default group", "a.py"),
    "Old One_7_assignsubmission_file_/a.py": ("7", "Old One", "a.py"),
    "Ada Flat_8_assignsubmission_file_my_solution.py": ("8", "Ada Flat", "my_solution.py"),
    "=cmd C calc!A0 Eve_9_assignsubmission_file/a.py": ("9", "=cmd C calc!A0 Eve", "a.py"),
    "Eve_10_assignsubmission_file_x_3_assignsubmission_file_y.py": (
        *("10", "Eve"),
        "x_3_assignsubmission_file_y.py",
    ),
}


def test_moodle() -> None:
    layout = recognise(list(MOODLE), {})
    assert "moodle" == layout.platform
    assert MOODLE == said(layout, "key", "name", "file")


def test_moodle_online_text_is_no_file() -> None:
    folder = "Ada_2_assignsubmission_"
    layout = recognise([f"{folder}file/a.py", f"{folder}onlinetext/onlinetext.html"], {})
    assert [None, "Moodle's onlinetext, no file of the student's"] == [
        each.needless for each in layout.found
    ]
    assert {"2"} == {each.key for each in layout.found}


def test_moodle_two_groups_without_an_id_cannot_both_be_the_default_one() -> None:
    layout = recognise([f"{who}_assignsubmission_file/a.py" for who in ("Default group", "X")], {})
    assert ["Default group"] == [each.name for each in layout.found]
    assert ["X_assignsubmission_file/a.py"] == [each.member for each in layout.strange]


# --- Blackboard ------------------------------------------------------------------------------

STAMP = "attempt_2026-11-23-15-00-00"
NOTE = b"\xef\xbb\xbfName: Ada (x) Lovelace (ada_l)\r\nAssignment: HW 1\r\nName: Eve (eve)\r\n"


def test_blackboard_user_names_by_the_note_beside_the_file() -> None:
    members = [
        f"HW_1_ada_l_{STAMP}_solution.py",
        f"HW_1_ada_l_{STAMP}.txt",
        f"HW_1_bob_b_{STAMP}_my_notes.txt",
        "HW_1_ada_l_attempt_2026-11-24-09-30-00_solution.py",
    ]
    layout = recognise(members, {members[1]: NOTE})
    assert "blackboard" == layout.platform
    assert {
        members[0]: ("ada_l", "Ada (x) Lovelace", "solution.py"),
        members[2]: ("bob_b", None, "my_notes.txt"),
        members[3]: ("ada_l", "Ada (x) Lovelace", "solution.py"),
    } == said(layout, "key", "name", "file")
    assert datetime(2026, 11, 23, 15) == layout.found[0].local_time
    assert layout.found[0].attempt < layout.found[2].attempt
    assert [members[1]] == [each.member for each in layout.aside]


def test_blackboard_without_notes_takes_only_what_is_clear() -> None:
    layout = recognise([f"HW1_ada_{STAMP}_a.py", f"HW_1_bob_{STAMP}_a.py"], {})
    assert {f"HW1_ada_{STAMP}_a.py": "ada"} == said(layout, "key")
    assert "cannot be told" in layout.strange[0].reason


def test_blackboard_a_students_file_cannot_be_the_note() -> None:
    forged = f"HW1_eve_{STAMP}_HW1_ada_{STAMP}.txt"
    assert not platforms.is_metadata(forged)
    layout = recognise([forged, f"HW1_ada_{STAMP}_a.py"], {forged: b"Name: Eve (ada)"})
    assert {"eve", "ada"} == {each.key for each in layout.found}


def test_blackboard_a_note_must_agree_with_its_own_name() -> None:
    note = f"HW1_eve_{STAMP}.txt"
    layout = recognise([note, f"HW1_eve_{STAMP}_a.py"], {note: b"Name: Eve (ada)"})
    assert ["eve"] == [each.key for each in layout.found]


def test_blackboard_a_time_that_is_none() -> None:
    layout = recognise(["HW1_ada_attempt_2026-13-99-15-00-00_a.py"], {})
    assert (0, 1) == (len(layout.found), len(layout.strange))


# --- Brightspace -----------------------------------------------------------------------------


def test_brightspace() -> None:
    first = "397063-2557369 - Mary-Ann Smith - Sep 24, 2024 926 PM/solution.py"
    again = "397063-2557369 - Mary-Ann Smith - Sep 25, 2024 1205 AM/src/solution.py"
    other = "397064-2557369 - Mary-Ann Smith - x - Sep 1, 2024 1130 AM/solution.py"
    layout = recognise([first, again, other, "index.html"], {})
    assert "brightspace" == layout.platform
    name = "Mary-Ann Smith"
    assert {
        first: ("397063", name, "solution.py", datetime(2024, 9, 24, 21, 26)),
        again: ("397063", name, "src/solution.py", datetime(2024, 9, 25, 0, 5)),
        other: ("397064", f"{name} - x", "solution.py", datetime(2024, 9, 1, 11, 30)),
    } == said(layout, "key", "name", "file", "local_time")
    assert layout.found[0].attempt < layout.found[1].attempt
    assert ["Brightspace's own index"] == [each.reason for each in layout.aside]


@pytest.mark.parametrize(
    "time", ["Sep 31, 2024 926 PM", "Foo 1, 2024 926 PM", "Sep 1, 2024 1330 PM"]
)
def test_brightspace_a_time_that_is_none(time: str) -> None:
    layout = recognise([f"1-2 - A - {time}/a.py", "1-2 - A - Sep 1, 2024 926 PM/a.py"], {})
    assert (1, 1) == (len(layout.found), len(layout.strange))


# --- Gradescope ------------------------------------------------------------------------------

METADATA = b"""\
---
submission_1:
  :submitters:
  - :name: Ada "x" O'Brien
    :sid: '007'
    :email: ada@example.test
  :created_at: 2024-01-01 12:00:00.123456789 -08:00
  :score: 10.0
  :results:
    :tests:
    - :name: f
      :output: |-
        submission_2:
          :submitters:
          - :name: Eve
            :sid: '666'
submission_2:
  :submitters:
  - :name: "Grace\\e[31m \\u00e9"
    :sid:
    :email: grace@example.test
  - :name: 'Alan ''T'''
    :email: alan@example.test
  :created_at: 2024-01-02 12:00:00 Z
submission_3:
  :submitters:
  - :name: Only A. Name
  :created_at: soon
"""


def test_gradescope() -> None:
    members = [f"export/submission_{n}/solution.py" for n in (1, 2, 3, 4)]
    own = "export/submission_metadata.yml"
    layout = recognise([*members, own], {own: METADATA})
    assert "gradescope" == layout.platform
    west = timezone(timedelta(hours=-8))
    assert {
        members[0]: ("007", 'Ada "x" O\'Brien', datetime(2024, 1, 1, 12, tzinfo=west)),
        members[1]: (
            *("alan@example.test+grace@example.test", "Grace\x1b[31m é, Alan 'T'"),
            datetime(2024, 1, 2, 12, tzinfo=UTC),
        ),
        members[2]: ("submission_3", "Only A. Name", None),
        members[3]: ("submission_4", None, None),
    } == said(layout, "key", "name", "submitted_at")
    assert (
        Person("grace@example.test", "Grace\x1b[31m é"),
        Person("alan@example.test", "Alan 'T'"),
    ) == layout.found[1].team
    assert [own] == [each.member for each in layout.aside]


def test_gradescope_metadata_of_another_form_is_an_error_that_names_the_line() -> None:
    with pytest.raises(UsageError, match="line 2 of submission_metadata"):
        ruby_yaml.read(b"---\n- a list\n")


@pytest.mark.parametrize(
    "value", ["*1", "&1 x", "!ruby/object:Foo {}", "|-", '"open', "'open", "{a: b}"]
)
def test_gradescope_nothing_but_text_is_taken_for_text(value: str) -> None:
    text = f"submission_1:\n  :submitters:\n  - :name: A\n    :sid: {value}\n"
    [submission] = ruby_yaml.read(text.encode()).values()
    assert (Person("", "A"),) == submission.submitters


# --- None of them ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "packed", "platform", "keys"),
    [
        (["ada.py", "ada.js", "bob.py", "notes.pdf"], False, "files", {"ada", "bob", "notes"}),
        (["ada/a.py", "ada/b.py", "bob/x/a.py"], False, "folders", {"ada", "bob"}),
        (["README.md", "ada/a.py", "bob/a.py"], False, "folders", {"ada", "bob"}),
        (["cyd.py", "ada/a.py"], False, "files", {"ada", "cyd"}),
        (["hw/ada.py", "hw/bob.py"], True, "files", {"ada", "bob"}),
        (["ada/a.py", "ada/b.py"], False, "folders", {"ada"}),
        (["w/hw/ada/a.py", "w/hw/bob/a.py"], False, "folders", {"ada", "bob"}),
        (["ada/a.py"], True, "folders", {"ada"}),
        ([], True, "files", set()),
    ],
)
def test_no_platform(members: list[str], packed: bool, platform: str, keys: set[str]) -> None:
    layout = recognise(members, {}, packed=packed)
    assert platform == layout.platform
    assert keys == {each.key for each in layout.found}
    assert "no platform would have named the files so" in layout.why


def test_no_student_decides_the_platform_by_a_name() -> None:
    members = ["ada.py", "bob.py", "eve_1_2_x.py"]
    assert {"ada", "bob", "eve_1_2_x"} == {each.key for each in recognise(members, {}).found}


@pytest.mark.parametrize(
    ("platform", "name"),
    [
        ("canvas", "ada_{}_2_a.py"),
        ("moodle", "A_{}_assignsubmission_file/a.py"),
        ("gradescope", "submission_{}/a.py"),
        ("blackboard", f"HW1_ada{{}}_{STAMP}_a.py"),
        ("brightspace", "{}-2 - A - Sep 1, 2024 926 PM/a.py"),
    ],
)
def test_one_odd_file_in_a_download_is_refused(platform: str, name: str) -> None:
    layout = recognise([name.format(1), name.format(2), "odd.py"], {})
    assert platform == layout.platform
    [odd] = layout.strange
    title = platforms.PLATFORMS[platform].title
    assert f"not named as {title} names its files: import it from a folder" == odd.reason


def test_what_two_platforms_could_have_named_is_neither() -> None:
    members = [f"hw_1_2_ada_{STAMP}_a.py"]
    layout = recognise(members, {})
    assert "files" == layout.platform
    assert "Canvas and Blackboard could both" in layout.why
    assert "canvas" == recognise(members, {}, forced="canvas").platform


def test_a_platform_can_be_insisted_on() -> None:
    members = ["dl/ada_1_2_a.py", "dl/x.py", "dl/y.py"]
    assert {"1"} == {each.key for each in recognise(members, {}, forced="canvas").found}
    with pytest.raises(UsageError, match="no file is named as Moodle names its downloads"):
        recognise(members, {}, forced="moodle")


@pytest.mark.parametrize(("forced", "keys"), [("files", {"a", "b"}), ("folders", {"ada"})])
def test_a_generic_layout_can_be_insisted_on(forced: str, keys: set[str]) -> None:
    layout = recognise(["hw/ada/a.py", "hw/ada/b.py"], {}, forced=forced)
    assert keys == {each.key for each in layout.found}


def test_a_download_may_be_wrapped_in_folders() -> None:
    layout = recognise(["a/b/ada_1_2_a.py", "a/b/bob_2_3_a.py"], {})
    assert {"a/b/ada_1_2_a.py": "1", "a/b/bob_2_3_a.py": "2"} == said(layout, "key")
