"""What a run has sent to one column, as its store keeps it.

Theory of operation. `begin` is committed before a grade is sent, and `settle` after it was
answered. So whoever finds an entry `SENDING` knows that a push was stopped in between, that the
grade may have arrived, and which time was claimed for it: the platform is asked, and a later time
is claimed for whatever is sent next. A comment is kept as its digest, never as its text; so is what
the platform made of it (`seen`), for some give back another text than they were sent.
"""

import hashlib
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from grader.lms.push.target import Change, State
from grader.store import Push, Store

SENDING = "sending"


class Entry(NamedTuple):
    """The latest grade sent to a user; `comment` and `seen` are digests."""

    score: Fraction
    maximum: Fraction
    comment: str
    seen: str
    sent_at: datetime
    state: str


class Ledger:
    """The entries of one place, over an open store; without `begin` and `settle` it only reads."""

    def __init__(self, store: Store, place: str) -> None:
        self._store = store
        self._place = place
        self._entries = {
            push.user: Entry(
                Fraction(push.score),
                Fraction(push.maximum),
                push.comment,
                push.seen,
                datetime.fromisoformat(push.sent_at),
                push.state,
            )
            for push in store.pushes(place)
        }

    def entry(self, user: str) -> Entry | None:
        return self._entries.get(user)

    def begin(self, change: Change) -> None:
        """Keep that a change is about to be sent. Durable with the next `commit`."""
        self._keep(
            change.user,
            Entry(
                change.score, change.maximum, digest(change.comment), "", change.sent_at, SENDING
            ),
        )

    def settle(self, user: str, state: State, seen: str | None = None) -> None:
        """Keep how it was answered, or, with `seen`, what comment the platform then had."""
        entry = self._entries[user]
        shown = entry.seen if seen is None else digest(seen)
        self._keep(user, entry._replace(state=state.value, seen=shown))

    def commit(self) -> None:
        self._store.commit()

    def _keep(self, user: str, entry: Entry) -> None:
        self._entries[user] = entry
        texts = str(entry.score), str(entry.maximum), entry.comment, entry.seen
        self._store.push(self._place, Push(user, *texts, entry.sent_at.isoformat(), entry.state))


def digest(text: str) -> str:
    """Return what tells one comment from another."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
