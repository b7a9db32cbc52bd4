"""The files of a run that people read: written anew whenever what counts has changed."""

from pathlib import Path

from grader import batch, marks
from grader.reports import summary
from grader.reports.marks import marks_csv
from grader.store import Store


def write(store: Store, folder: Path) -> None:
    """Write results.jsonl, summary.csv and, where there is more to a mark, marks.csv.

    There is where an assignment has policies, and where somebody has adjusted something.
    """
    of_assignment = bool(store.assignment)
    texts = {batch.SUMMARY: [summary.summary_csv(store.marks(), with_challenge=of_assignment)]}
    if of_assignment or any(store.adjustments(each.id) for each in list(store.submissions())):
        rules = marks.rules_of(store)
        texts[marks.FILE] = [marks_csv(marks.standings(marks.hand_ins(store), rules), rules)]
    batch.export(store, folder, texts)
