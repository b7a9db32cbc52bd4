"""One run's submissions, results and history, in one SQLite file.

Theory of operation. The file is in WAL mode with `synchronous=FULL`: what `commit` has returned
from survives SIGKILL, a full disk and a power cut. Callers add what came in, commit, and only
then report it as done; a transaction that was not committed is as if it had never begun. A
lock file beside the database is held while a store is open, so that two processes never write
to one run; it is the kernel's lock, gone with its process however that ends. Who only reads
(`Store.reading`) takes no lock: it sees one moment, what was committed when it opened, while a
batch goes on writing, and neither waits for the other.

What the box returned (`runs`) is kept apart from how it was marked (`judgements`), each under the
key that names all it depends on. A result only says which judgement a submission has, so that
equal files share both, and a changed tolerance needs no run. A regrade adds a generation of
results beside the current one; publishing it moves one number, and so does taking it back.

What was sent to a learning platform (`pushes`) is a fact about that platform, so it outlives a
run that is begun anew. Files of format 1 lack this table: whoever writes to one adds it, and to
who only reads it is empty.

It stores and finds; it judges nothing, and knows no format but its own.

    meta         key, value
    submissions  id, name, path (the bytes that the system has for it), sha256, language, and as
                 JSON what its intake knows (`about`)
    runs         key, evidence (see `keeping`), cpu_s, wall_s
    judgements   key, run, challenge, digest, verdict, score, max_score, diagnosis, named, result
                 (zlib of the instructor's JSON for the submission `named`), hunt, example
    cases        judgement, position, group, name, verdict, score, max_score, flaky
    results      submission, challenge, generation, judgement
    faults       submission, challenge, tries, why: what our own faults have kept from a mark
    adjustments  submission, challenge, points, reason, at: by hand; they survive regrades
    pushes       place, user, score and maximum (exact, "15/2"), comment and seen (digests of what
                 was sent and of what the platform then had, "" if that is unknown), sent_at,
                 state: "sending" before a request, then its answer; the latest for each user
    journal      seq, at, event, detail
"""

from grader.store.rows import Case, Filed, Judged, Mark, Push
from grader.store.schema import VERSION
from grader.store.store import Store

FILE = "run.sqlite"

__all__ = ["FILE", "VERSION", "Case", "Filed", "Judged", "Mark", "Push", "Store"]
