"""Canvas: one assignment's grades and comments, sent in bulk by its REST interface.

Theory of operation. Canvas takes grades for many students at once and works on them later: the
answer is a job, which is asked for until it is over. A job that is `completed` says of nobody what
became of them, and one that `failed` has graded all those whom it found. So the submissions are
read before and after, and what they say then is the answer.

A comment that is sent is one more comment, each time: it is left out where the ledger knows it
(`Change.comment_known`), and where the newest comment of the token's own user is the same text, as
after a push that was killed or from a run that is new. What is in doubt may be a job that waits: it
is looked for before it is sent again. Where a job does not end the push does, for the same grades
sent now would be two jobs.

What was read in Canvas' source: the forms of the request and of its answer, that a failed job names
whom it did not find, that an unpublished assignment is refused as unauthorized; in its
documentation: paging, both answers to who asks too often, that grades above the maximum are taken.
What is assumed, from others' programs and from memory: that users tell `sis_user_id` and `login_id`
to whoever may see them; that `entered_score` is the grade before the late policy takes its part;
that a grade would end somebody's being excused, so that none is sent. Nothing was run against a
Canvas.

Not done: anonymous grading (the lists name nobody then, and the bulk request takes no anonymous
ids), rubrics, files. A comment goes to those who are named alone, also where a group is graded as
one: sent for the group it would be there as often as it has members in the run.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, PositiveInt

from grader.errors import UsageError
from grader.lms.numbers import of_json, written
from grader.lms.push import people, private
from grader.lms.push.people import Person
from grader.lms.push.settings import field_or_file
from grader.lms.push.site import Patience, Site, SiteConfig, Unclear, in_batches
from grader.lms.push.target import Answer, Change, Standing, State, foreign
from grader.lms.push.web import Web

MOST_AT_ONCE = 100
_MOST_CHARACTERS = 1_000_000
_PAGE = ("per_page", "100")
_ALIKE = Fraction(1, 100_000)
"""Of the maximum: Canvas keeps floats."""


FIELDS = ("id", "sis_user_id", "login_id")
"""In which the run's keys may stand."""


class Config(SiteConfig):
    """The table [canvas] of a push.toml.

    `users` says what the run's keys are: Canvas' own ids (as its submission zips have them), the
    SIS' ids, login names, or what a mapping file says.
    """

    course: PositiveInt
    assignment: PositiveInt
    users: Annotated[str, AfterValidator(field_or_file(FIELDS))] = "id"


class _Assignment(NamedTuple):
    """What matters of an assignment for a push."""

    maximum: Fraction | None
    grading: str


class _Submission(NamedTuple):
    """What Canvas has for somebody. `comments` are those of the token's own user, oldest first."""

    score: Fraction | None = None
    deducted: Fraction = Fraction(0)
    excused: bool = False
    posted: bool = True
    comments: tuple[str, ...] = ()


class _Due(NamedTuple):
    """What is sent for somebody: "" for no comment. `comments` is how many they had before."""

    change: Change
    comment: str
    comments: int


class _Job(NamedTuple):
    """What became of a batch: Canvas' own word for it, and a sentence.

    The state of a job of which nobody knows is "". `message` is Canvas', of a job that failed.
    """

    state: str
    said: str
    message: str = ""


class Canvas:
    """The column of one assignment (a `grader.lms.push.target.Target`)."""

    at_once = MOST_AT_ONCE

    def __init__(self, config: Config, web: Web, patience: Patience | None = None) -> None:
        token = private.token(config.token_file, config.token_env)
        # The first media type has Canvas write ids as strings: some exceed what readers keep.
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json+canvas-string-ids, application/json",
        }
        self._config = config
        self._patience = patience or Patience()
        self._site = Site("Canvas", config.base_url, token, web, headers)
        self._course = f"/api/v1/courses/{config.course}"
        self._column = f"{self._course}/assignments/{config.assignment}"

    @property
    def place(self) -> str:
        """The assignment's address."""
        return f"canvas {self._site.base}{self._column}"

    @property
    def maximum(self) -> Fraction | None:
        """The assignment's points."""
        return self._assignment.maximum

    def unfit(self, platform: str) -> str:
        """Take Canvas' own ids for nothing else, and no other platform's numbers."""
        if platform == "canvas" and self._config.users in FIELDS[1:]:
            return (
                "the run's keys are from a download of Canvas': its own ids; expected "
                f'users = "id" in push.toml, got "{self._config.users}"'
            )
        return foreign(platform, "canvas") if self._config.users in FIELDS else ""

    def users(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Return the Canvas id for each key of somebody who is enrolled as a student."""
        parameters = [
            ("enrollment_type[]", "student"),
            *(("enrollment_state[]", state) for state in ("active", "invited", "inactive")),
            _PAGE,
        ]

        def there(field: str) -> Iterator[Person]:
            for user in self._site.pages(f"{self._course}/users", parameters, "id"):
                yield Person(str(user["id"]), str(user.get(field) or ""))

        return people.found(keys, self._config.users, FIELDS, there, "Canvas")

    def standings(self, users: Sequence[str]) -> Mapping[str, Standing]:
        """Return the grades as they were entered, before what a late policy takes.

        Nothing is said of comments: which of many would be the one?
        """
        there = self._submissions()
        return {user: Standing(there[user].score, self.maximum) for user in users if user in there}

    def send(self, changes: Sequence[Change]) -> Iterator[Answer]:
        """Send grades in batches; each batch's answers come when Canvas is done with it."""
        for batch in in_batches(changes, MOST_AT_ONCE, _MOST_CHARACTERS):
            yield from self._send(batch)

    def _send(self, batch: Sequence[Change]) -> Iterator[Answer]:
        before = self._before(batch)
        due = list[_Due]()
        for change in batch:
            had = before.get(change.user, _Submission())
            if had.excused:
                yield Answer(change.user, State.REFUSED, _EXCUSED)
            elif not _is_missing(change, before):
                yield _sent(change, had)
            else:
                due.append(_Due(change, _comment_to_send(change, had), len(had.comments)))
        if not due:
            return
        job = self._carried_out(due)
        after = self._submissions()
        if job.state == "completed" and not _all_there(due, after):
            # What Canvas reads from may be a little behind what it has written.
            self._patience.sleep(self._patience.first)
            after = self._submissions()
        for each in due:
            yield self._answer(each, after.get(each.change.user, _Submission()), job)

    def _before(self, batch: Sequence[Change]) -> dict[str, _Submission]:
        """Return what is there, once all that is in doubt is there or was waited for in vain."""
        doubtful = [change for change in batch if change.in_doubt]
        for last in self._patience.looks(self._patience.unclear):
            there = self._submissions()
            if last or not any(_is_missing(change, there) for change in doubtful):
                break
        return there

    def _carried_out(self, due: Sequence[_Due]) -> _Job:
        """Post a batch and wait until Canvas is done with it."""
        form = self._form(due)
        try:
            posted = self._site.change(f"{self._column}/submissions/update_grades", form)
        except Unclear as error:
            return _Job("", str(error))
        number = str(posted.get("id", "")) if isinstance(posted, dict) else ""
        if not (number.isascii() and number.isdigit()):
            raise UsageError(
                f"Canvas: expected a job with a number, got {self._site.shown(posted)}; see in "
                "its gradebook what it has done"
            )
        return self._finished(number)

    def _finished(self, number: str) -> _Job:
        state = said = ""
        for _ in self._patience.looks(self._patience.job):
            state, said = self._progress(number)
            if state == "completed":
                return _Job(state, f"Canvas' job {number} is done")
            if state == "failed":
                return _Job(state, f"Canvas' job {number} failed: {self._site.shown(said)}", said)
        raise UsageError(
            f"Canvas' job {number} is {self._site.shown(state)} after "
            f"{self._patience.job:.0f} s: expected it to end; look at Canvas' gradebook later"
        )

    def _progress(self, number: str) -> tuple[str, str]:
        path = f"/api/v1/progress/{number}"
        found = self._site.get(path)
        if not isinstance(found, dict):
            raise UsageError(f"Canvas: expected a job at {path}, got {self._site.shown(found)}")
        return str(found.get("workflow_state", "")), str(found.get("message") or "")

    def _form(self, due: Sequence[_Due]) -> dict[str, str]:
        form = {}
        for change, comment, _ in due:
            data = f"grade_data[{change.user}]"
            form[f"{data}[posted_grade]"] = written(change.score)
            if comment:
                form[f"{data}[text_comment]"] = comment
        return form

    def _answer(self, due: _Due, has: _Submission, job: _Job) -> Answer:
        """Return what became of one of a batch, by what Canvas has after it."""
        user, wanted = due.change.user, written(due.change.score)
        kept = "no grade" if has.score is None else written(has.score)
        # Only a job that is done is believed about comments, for Canvas may show one otherwise.
        if _has_score(due.change, has) and (job.state == "completed" or _has_comment(due, has)):
            return _sent(due.change, has)
        if has.excused:
            return Answer(user, State.REFUSED, _EXCUSED)
        if job.state == "completed":
            return Answer(
                user,
                State.REFUSED,
                f"{job.said} and there is {kept}, expected {wanted}: see in Canvas' gradebook why "
                f"(its grading type is {self._site.shown(self._assignment.grading)})",
            )
        if job.state == "failed" and f"'{user}'" in job.message:
            return Answer(user, State.UNKNOWN, "Canvas finds no such student for this assignment")
        return Answer(user, State.FAILED, f"{job.said}: there is {kept}, expected {wanted}")

    @cached_property
    def _me(self) -> str:
        found = self._site.get("/api/v1/users/self")
        return str(found.get("id", "")) if isinstance(found, dict) else ""

    @cached_property
    def _assignment(self) -> _Assignment:
        found = self._site.get(self._column)
        if not isinstance(found, dict):
            raise UsageError(
                f"Canvas: expected an assignment at {self._column}, got {self._site.shown(found)}"
            )
        fault = _unfit(found)
        if fault:
            raise UsageError(f"Canvas' assignment {self._config.assignment} {fault}")
        return _Assignment(
            maximum=of_json(found.get("points_possible")) or None,
            grading=str(found.get("grading_type", "points")),
        )

    def _submissions(self) -> dict[str, _Submission]:
        path, parameters = (
            f"{self._column}/submissions",
            [("include[]", "submission_comments"), _PAGE],
        )
        return {
            str(each["user_id"]): _submission(each, self._me)
            for each in self._site.pages(path, parameters, "user_id")
        }


def connect(config: Config, web: Web) -> Canvas:
    """Return the column that a push.toml names; `UsageError` where its token cannot be used."""
    return Canvas(config, web)


_EXCUSED = "excused in Canvas, which a grade would end: if one is wanted, enter it there"


def _comment_to_send(change: Change, had: _Submission) -> str:
    """Return the comment, "" where Canvas has it: sent again it would stand there twice."""
    newest = had.comments[-1] if had.comments else ""
    # Canvas may do what it likes to blanks and line ends.
    return (
        "" if change.comment_known or newest.split() == change.comment.split() else change.comment
    )


def _is_missing(change: Change, there: Mapping[str, _Submission]) -> bool:
    had = there.get(change.user, _Submission())
    return not _has_score(change, had) or _comment_to_send(change, had) != ""


def _has_score(change: Change, has: _Submission) -> bool:
    return has.score is not None and abs(has.score - change.score) <= _ALIKE * change.maximum


def _has_comment(due: _Due, has: _Submission) -> bool:
    return not due.comment or len(has.comments) > due.comments


def _all_there(due: Sequence[_Due], submissions: Mapping[str, _Submission]) -> bool:
    return all(
        _has_score(each.change, has) and _has_comment(each, has)
        for each in due
        for has in [submissions.get(each.change.user, _Submission())]
    )


def _sent(change: Change, has: _Submission) -> Answer:
    notes = []
    if has.deducted:
        notes.append(f"Canvas' late policy takes {written(has.deducted)} of it")
    if not has.posted:
        notes.append("hidden from the student until its grades are posted in Canvas")
    return Answer(change.user, State.SENT, "; ".join(notes))


def _submission(found: Mapping[str, Any], me: str) -> _Submission:
    entered = of_json(found.get("entered_score"))
    comments = found.get("submission_comments")
    mine = [
        each
        for each in (comments if isinstance(comments, list) else [])
        if isinstance(each, dict) and str(each.get("author_id")) == me
    ]
    # Times in UTC, all in one form: they sort as texts.
    mine.sort(key=lambda each: str(each.get("created_at")))
    return _Submission(
        score=of_json(found.get("score")) if entered is None else entered,
        deducted=of_json(found.get("points_deducted")) or Fraction(0),
        excused=bool(found.get("excused")),
        # A Canvas that is too old to have the field hides nothing in this way.
        posted="posted_at" not in found or found["posted_at"] is not None,
        comments=tuple(str(each.get("comment", "")) for each in mine),
    )


def _unfit(assignment: Mapping[str, Any]) -> str:
    """Return why no grade can be sent to an assignment, "" where one can."""
    if assignment.get("published") is False:
        return "is not published, and Canvas takes no grades before that: publish it"
    if assignment.get("anonymize_students"):
        return (
            "hides who its students are (anonymous grading), so nobody can be found: have its "
            "names shown in Canvas, or enter the grades there"
        )
    if assignment.get("grading_type") == "not_graded":
        return "is not graded in Canvas: change how it is graded, or name another one"
    return ""
