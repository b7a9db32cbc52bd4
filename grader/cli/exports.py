"""The files of a run that people read: written anew whenever what counts has changed."""

from pathlib import Path

from grader import batch, marks
from grader.reports import summary
from grader.reports.marks import marks_csv
from grader.store import Store


def write(store: Store, folder: Path) -> None:
    """Write results.jsonl, summary.csv and, where there is more to a mark, marks.csv.

    There is where an assignment has policies, where somebody has adjusted something, where
    somebody has handed in nothing, and where not all of somebody's attempts count. Elsewhere one
    from before is removed: its marks count no more.
    """
    of_assignment = bool(store.assignment)
    found = marks.hand_ins(store)
    several = marks.has_attempts(found)
    counting = None
    texts = {}
    adjusted = any(each.by_hand for each in found)
    if of_assignment or adjusted or several or marks.missing(store):
        rules = marks.rules_of(store)
        everybody = marks.everybody(store, rules)
        texts[marks.FILE] = [marks_csv(everybody, rules)]
        counting = marks.counting(everybody, rules) if several else None
    else:
        (folder / marks.FILE).unlink(missing_ok=True)
    rows = summary.summary_csv(store.marks(), with_challenge=of_assignment, counting=counting)
    batch.export(store, folder, {batch.SUMMARY: [rows], **texts})
