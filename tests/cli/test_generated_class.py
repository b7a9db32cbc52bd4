"""The class that the benchmark of batches hands in is marked as it was made."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import batch
import handing_in

QUICK = {name: share for name, share in handing_in.SHARES.items() if name != "time_limit_exceeded"}


def test_is_made_alike_each_time_and_in_the_shares_that_were_asked_for() -> None:
    handed_in = handing_in.handed_in(1_000)
    assert handed_in == handing_in.handed_in(1_000)
    counts = Counter(each.verdict for each in handed_in)
    assert counts == {name: 1_000 * share for name, share in handing_in.SHARES.items()}
    distinct = Counter(each.source for each in handed_in)
    assert len(distinct) == 700
    assert 70 <= sum(each.name.endswith(".js") for each in handed_in) <= 130


def test_is_marked_as_its_labels_say(tmp_path: Path) -> None:
    handed_in = handing_in.handed_in(60, shares=QUICK)
    folder = batch.Folder(tmp_path, handed_in)
    folder.grade()
    assert list(folder.complaints(handed_in)) == []


def test_a_label_that_does_not_hold_is_noticed_in_every_file(tmp_path: Path) -> None:
    handed_in = handing_in.handed_in(3, shares={"accepted": 1})
    folder = batch.Folder(tmp_path, handed_in)
    folder.grade()
    wrong = [replace(handed_in[0], diagnosis="rounded"), *handed_in[1:]]
    found = [each.partition(":")[0] for each in folder.complaints(wrong)]
    assert found == ["run.sqlite", "summary.csv", "results.jsonl"]
