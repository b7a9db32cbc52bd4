"""Moodle: one assignment's grades and feedback, sent by its REST web services.

Theory of operation. Whatever happens, Moodle answers 200: a failure is an object with `exception`
in it, and success is `null`, also where nothing was changed because somebody had overridden the
grade in the gradebook. So grades are read before and after, and what they say then is the answer.
A batch that is refused has stored whatever came before the fault, so it is sent once more, each
grade for itself: what is there already is replaced by the same, and each fault is said of the one
that has it.

Moodle keeps two grades: the assignment's, which is what is sent, and the gradebook's, which is what
counts where it was overridden. The gradebook is read where the token may.

Feedback is stored as HTML, and is replaced by each grade that is sent. It is sent escaped, so that
what a student wrote is shown and not rendered; where none is sent the old one is read and sent
back, for a grade without feedback is an error and one with none erases it.

Seen in a running Moodle 4.5: the forms of requests and answers, that `12,5` is refused, that
feedback is required where it is turned on and rendered as HTML, that overridden grades stay without
a word. Read in its source: that a batch is not undone when it fails, that the state of a marking
workflow is set to whatever is sent, be it nothing, that grades are listed by their newest attempt.
Assumed, from its documentation: the fields of `gradereport_user_get_grade_items` and of
`mod_assign_get_submission_status`. This module itself was run against the tests' fake alone.

Not done: scales instead of points, rubrics (Moodle ignores the grade then, which reading back
shows), a team's grade by its group (each member gets their own).
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal, NamedTuple, Self

from pydantic import AfterValidator, PositiveInt, model_validator

from grader.errors import UsageError
from grader.lms import feedback
from grader.lms.numbers import of_json, written
from grader.lms.push import people, private
from grader.lms.push.people import Person
from grader.lms.push.settings import field_or_file
from grader.lms.push.site import Site, SiteConfig, Unclear, in_batches
from grader.lms.push.target import Answer, Change, Standing, State, foreign
from grader.lms.push.web import Web

MOST_AT_ONCE = 50
"""Seven fields each: PHP reads no more than a thousand of a form."""

_MOST_CHARACTERS = 500_000
_PAGE = 500
_SERVER = "/webservice/rest/server.php"
_HTML = "1"
_ALIKE = Fraction(1, 100_000)
"""Moodle keeps five digits after the point."""

_NO_ACCESS = {
    "invalidtoken": "make a new token for a service that may do this",
    "accessexception": "have this function added to the token's service",
    "webservicesnotenabled": "have web services turned on",
    "servicenotavailable": "have the service turned on, and the token's owner let into it",
    "nopermissions": "see that the token's owner may do this in the course",
    "requireloginerror": "enrol the token's owner in the course",
}
"""By error code: what to do. None of them goes away by sending one grade less."""


FIELDS = ("id", "idnumber", "email", "username")
"""In which the run's keys may stand."""


class Config(SiteConfig):
    """The table [moodle] of a push.toml.

    The assignment is named by its own number or by `cmid`, the one in its page's address. `users`
    says what the run's keys are. `workflow_state` is what a grade gets where the assignment has a
    marking workflow, and needed there.
    """

    course: PositiveInt
    assignment: PositiveInt | None = None
    cmid: PositiveInt | None = None
    users: Annotated[str, AfterValidator(field_or_file(FIELDS))] = "idnumber"
    workflow_state: (
        Literal["inmarking", "readyforreview", "inreview", "readyforrelease", "released"] | None
    ) = None

    @model_validator(mode="after")
    def _names_one_assignment(self) -> Self:
        if (self.assignment is None) == (self.cmid is None):
            raise ValueError("expected one of assignment (its own number) and cmid (its page's)")
        return self


class _Assignment(NamedTuple):
    """What matters of an assignment for a push."""

    number: str
    maximum: Fraction
    has_comments: bool
    has_workflow: bool


class _Had(NamedTuple):
    """What Moodle has for somebody, in the assignment and in the gradebook.

    `fixed` says why the gradebook's grade stays, "" where it does not, or nobody may see it.
    """

    score: Fraction | None = None
    fixed: str = ""


class Refused(Exception):
    """Moodle answered with an exception; the text is its words for it."""


class Moodle:
    """The column of one assignment (a `grader.lms.push.target.Target`)."""

    at_once = MOST_AT_ONCE

    def __init__(self, config: Config, web: Web) -> None:
        self._token = private.token(config.token_file, config.token_env)
        self._config = config
        self._site = Site("Moodle", config.base_url, self._token, web, {})
        self._shows_gradebook = True

    @property
    def place(self) -> str:
        """The assignment's own number on its site, however it was named."""
        return f"moodle {self._site.base} assignment {self._assignment.number}"

    @property
    def maximum(self) -> Fraction | None:
        """The assignment's points."""
        return self._assignment.maximum

    def unfit(self, platform: str) -> str:
        """Take no participant's number for a user's, nor another platform's."""
        return foreign(platform) if self._config.users in FIELDS else ""

    def users(self, keys: Sequence[str]) -> Mapping[str, str]:
        """Return the user id for each key of somebody who is enrolled in the course."""

        def there(field: str) -> Iterator[Person]:
            for user in self._enrolled(field):
                yield Person(str(user["id"]), str(user.get(field) or ""))

        return people.found(keys, self._config.users, FIELDS, there, "Moodle")

    def standings(self, users: Sequence[str]) -> Mapping[str, Standing]:
        """Return the grades that count. Feedback is not told: it comes back as HTML of Moodle's."""
        there = self._grades()
        return {user: Standing(there[user].score, self.maximum) for user in users if user in there}

    def send(self, changes: Sequence[Change]) -> Iterator[Answer]:
        """Send grades in batches and yield what Moodle has after each."""
        self._refuse_what_is_lost(changes)
        for batch in in_batches(changes, MOST_AT_ONCE, _MOST_CHARACTERS):
            yield from self._send(batch)

    def _refuse_what_is_lost(self, changes: Sequence[Change]) -> None:
        if not self._assignment.has_comments and any(change.comment for change in changes):
            raise UsageError(
                f"Moodle's assignment {self._assignment.number} takes no feedback: turn on "
                "'Feedback comments' in its settings, or push with --feedback none"
            )
        hidden = self._assignment.has_workflow and self._assignment.has_comments
        if hidden and not all(change.comment for change in changes):
            # Moodle does not show feedback that is not released, so it cannot be sent back.
            raise UsageError(
                f"Moodle's assignment {self._assignment.number} has a marking workflow, and a "
                "grade without feedback would erase what is there: push with --feedback short"
            )

    def _send(self, batch: Sequence[Change]) -> Iterator[Answer]:
        before = self._grades()
        due = list[Change]()
        for change in batch:
            had = before.get(change.user, _Had())
            if change.score > self._assignment.maximum:
                most = written(self._assignment.maximum)
                why = f"{written(change.score)} is above {most}, Moodle's maximum: it takes none"
                yield Answer(change.user, State.REFUSED, why)
            elif had.fixed and not _has_score(change, had):
                yield Answer(change.user, State.REFUSED, had.fixed)
            else:
                due.append(change)
        if not due:
            return
        faults = self._saved(due)
        after = self._grades()
        for change in due:
            has = after.get(change.user, _Had())
            yield _answer(change, has, faults.get(change.user))

    def _saved(self, changes: Sequence[Change]) -> dict[str, Answer]:
        """Store grades; return the answers for those of which it is known that this failed."""
        values = {
            "assignmentid": self._assignment.number,
            "applytoall": 0,
            "grades": [self._grade(change) for change in changes],
        }
        try:
            said = self._call("mod_assign_save_grades", values, changes=True)
        except Unclear as error:
            return {each.user: Answer(each.user, State.FAILED, str(error)) for each in changes}
        except Refused as error:
            if len(changes) == 1:
                (change,) = changes
                return {change.user: Answer(change.user, State.REFUSED, str(error))}
            # Sent again, a grade changes nothing: so each is asked about for itself.
            return {u: fault for each in changes for u, fault in self._saved([each]).items()}
        if said is not None:
            raise UsageError(
                f"Moodle: expected null from mod_assign_save_grades, got {self._site.shown(said)}"
            )
        return {}

    def _grade(self, change: Change) -> dict[str, Any]:
        values = {
            "userid": change.user,
            "grade": written(change.score),
            "attemptnumber": -1,
            "addattempt": 0,
            "workflowstate": self._config.workflow_state or "",
        }
        if self._assignment.has_comments:
            text = (
                feedback.as_html(change.comment) if change.comment else self._feedback(change.user)
            )
            editor = {"text": text, "format": _HTML}
            values["plugindata"] = {"assignfeedbackcomments_editor": editor}
        return values

    def _feedback(self, user: str) -> str:
        """Return the feedback that is there, as Moodle stores it."""
        said = self._read(
            "mod_assign_get_submission_status",
            {"assignid": self._assignment.number, "userid": user},
        )
        return next(
            (
                str(field.get("text", ""))
                for plugin in _list(_object(_object(said).get("feedback")).get("plugins"))
                if plugin.get("type") == "comments"
                for field in _list(plugin.get("editorfields"))
            ),
            "",
        )

    def _grades(self) -> dict[str, _Had]:
        number = self._assignment.number
        said = self._read("mod_assign_get_grades", {"assignmentids": [number]})
        if any(
            str(each.get("warningcode")) == "1" for each in _list(_object(said).get("warnings"))
        ):
            raise UsageError(
                f"Moodle shows the token's owner no grades of the assignment {number}: see that "
                "they may grade there"
            )
        own = {
            str(grade.get("userid")): _graded(grade.get("grade"))
            for assignment in _list(_object(said).get("assignments"))
            if str(assignment.get("assignmentid")) == number
            for grade in _list(assignment.get("grades"))
        }
        book = self._gradebook()
        return {user: _had(own.get(user), book.get(user, {})) for user in own.keys() | book.keys()}

    def _gradebook(self) -> dict[str, Mapping[str, Any]]:
        """Return the gradebook's entries for the assignment, none where nobody may see them."""
        if not self._shows_gradebook:
            return {}
        try:
            said = self._call("gradereport_user_get_grade_items", {"courseid": self._config.course})
        except Refused:
            self._shows_gradebook = False
            return {}
        return {
            str(user.get("userid")): item
            for user in _list(_object(said).get("usergrades"))
            for item in _list(user.get("gradeitems"))
            if item.get("itemmodule") == "assign"
            and str(item.get("iteminstance")) == self._assignment.number
            and not item.get("itemnumber")
        }

    def _enrolled(self, field: str) -> Iterator[Mapping[str, Any]]:
        start = 0
        while True:
            options = {
                "userfields": field,
                "limitfrom": start,
                "limitnumber": _PAGE,
                "sortby": "id",
            }
            values = {
                "courseid": self._config.course,
                "options": [{"name": name, "value": value} for name, value in options.items()],
            }
            said = self._read("core_enrol_get_enrolled_users", values)
            found = [user for user in _list(said) if user.get("id") is not None]
            # A page can be short of people whom the token's owner may not see; an empty one ends.
            if not found:
                return
            yield from found
            start += _PAGE

    @cached_property
    def _assignment(self) -> _Assignment:
        key, wanted = (
            ("id", self._config.assignment)
            if self._config.assignment is not None
            else ("cmid", self._config.cmid)
        )
        said = self._read(
            "mod_assign_get_assignments",
            {"courseids": [self._config.course], "includenotenrolledcourses": 1},
        )
        found = [
            each
            for course in _list(_object(said).get("courses"))
            for each in _list(course.get("assignments"))
        ]
        for each in found:
            if str(each.get(key)) == str(wanted):
                return self._described(each)
        shown = ", ".join(str(each.get(key)) for each in found[:10])
        raise UsageError(
            f"Moodle shows the token's owner no assignment with the {key} {wanted} in the course "
            f"{self._config.course}; expected one of: "
            f"{self._site.shown(shown) if shown else 'none, so see that its owner may grade there'}"
        )

    def _described(self, found: Mapping[str, Any]) -> _Assignment:
        number = str(found.get("id"))
        maximum = of_json(found.get("grade"))
        if maximum is None or maximum <= 0:
            kind = "a scale" if maximum is not None and maximum < 0 else "no grade"
            raise UsageError(
                f"Moodle's assignment {number} has {kind}: expected points; change its grade type"
            )
        has_workflow = bool(found.get("markingworkflow"))
        if has_workflow and self._config.workflow_state is None:
            raise UsageError(
                f"Moodle's assignment {number} has a marking workflow, and a grade sets its state: "
                'expected workflow_state in push.toml, such as "readyforrelease" or "released"'
            )
        has_comments = any(
            config.get("plugin") == "comments"
            and config.get("subtype") == "assignfeedback"
            and config.get("name") == "enabled"
            and str(config.get("value")) == "1"
            for config in _list(found.get("configs"))
        )
        return _Assignment(number, maximum, has_comments, has_workflow)

    def _read(self, function: str, values: Mapping[str, Any]) -> Any:
        """Return what a function says that has to answer."""
        try:
            return self._call(function, values)
        except Refused as error:
            raise UsageError(str(error)) from None

    def _call(self, function: str, values: Mapping[str, Any], *, changes: bool = False) -> Any:
        form = {
            # In the body: addresses are written into logs.
            "wstoken": self._token,
            "wsfunction": function,
            "moodlewsrestformat": "json",
            **flattened(values),
        }
        said = (self._site.change if changes else self._site.ask)(_SERVER, form)
        if isinstance(said, dict) and "exception" in said:
            code = str(said.get("errorcode", ""))
            told = f"{self._site.shown(str(said.get('message', '')))} ({self._site.shown(code)})"
            what = f"Moodle refused {function}: {told}"
            if code in _NO_ACCESS and function != _OPTIONAL:
                raise UsageError(f"{what}; {_NO_ACCESS[code]}")
            raise Refused(what)
        return said


_OPTIONAL = "gradereport_user_get_grade_items"


def connect(config: Config, web: Web) -> Moodle:
    """Return the column that a push.toml names; `UsageError` where its token cannot be used."""
    return Moodle(config, web)


def flattened(values: Mapping[str, Any]) -> dict[str, str]:
    """Return nested values as PHP reads them from a form.

    >>> flattened({"grades": [{"userid": 4, "data": {"text": "x"}}]})
    {'grades[0][userid]': '4', 'grades[0][data][text]': 'x'}
    """
    return {name: text for key, value in values.items() for name, text in _fields(key, value)}


def _fields(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping | list):
        entries = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, each in entries:
            yield from _fields(f"{name}[{key}]", each)
    else:
        yield name, str(value)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _graded(value: Any) -> Fraction | None:
    """Return an assignment's grade; Moodle writes -1 where there is none."""
    score = of_json(value)
    return None if score is None or score < 0 else score


def _had(own: Fraction | None, entry: Mapping[str, Any]) -> _Had:
    """Return what counts of the assignment's grade and the gradebook's entry.

    The assignment's, for the gradebook has it only when it is released; but for one that was
    overridden.
    """
    in_book = of_json(entry.get("graderaw"))
    if entry.get("gradeisoverridden"):
        return _Had(in_book, _OVERRIDDEN)
    if entry.get("gradeislocked"):
        return _Had(in_book if own is None else own, _LOCKED)
    return _Had(in_book if own is None else own)


_OVERRIDDEN = "overridden in Moodle's gradebook, so it would stay: end the override there first"
_LOCKED = "locked in Moodle's gradebook, so it would stay: unlock it there first"


def _has_score(change: Change, has: _Had) -> bool:
    return has.score is not None and abs(has.score - change.score) <= _ALIKE


def _answer(change: Change, has: _Had, fault: Answer | None) -> Answer:
    """Return what became of a grade, by what was said of it and what Moodle has."""
    if fault is not None:
        return fault
    if _has_score(change, has):
        return Answer(change.user, State.SENT)
    kept = "no grade" if has.score is None else written(has.score)
    return Answer(
        change.user,
        State.REFUSED,
        has.fixed
        or f"Moodle said nothing against it and has {kept}, expected {written(change.score)}: it "
        "is overridden or locked in the gradebook, or graded by a rubric; see there",
    )
