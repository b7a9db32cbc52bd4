"""A Canvas as its source and its documentation describe it: one course, one assignment.

Grading in bulk makes a job, which is worked on when it has been asked for often enough; a job that
does not find somebody grades the others and fails; a comment is always one more.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from fake_site import TOKEN, Asked, FakeSite, Said

_GRADE = re.compile(r"grade_data\[([^\]]+)\]\[(\w+)\]")
_TEACHER = "1"


@dataclass
class Student:
    """Somebody who is enrolled, and what the gradebook has for them."""

    id: str
    sis_user_id: str | None = None
    login_id: str | None = None
    entered: float | None = None
    deducted: float = 0.0
    excused: bool = False
    posted: bool = True
    locked: bool = False
    comments: list[tuple[str, str]] = field(default_factory=list)


class FakeCanvas(FakeSite):
    """One assignment at `/api/v1/courses/1/assignments/2`.

    `polls` is how often a job says `queued` before it is worked on, None for always; `lag` how many
    lists of submissions show afterwards what was there before.
    """

    def __init__(self, *students: Student) -> None:
        super().__init__()
        self.students = {each.id: each for each in students}
        self.assignment: dict[str, Any] = {
            "id": "2",
            "points_possible": 10.0,
            "published": True,
            "grading_type": "points",
            "group_category_id": None,
        }
        self.page = 100
        self.polls: int | None = 1
        self.lag = 0
        self.fails = ""
        self.next_host = ""
        self._stale: list[dict[str, Any]] = []
        self._jobs: dict[str, tuple[dict[str, dict[str, str]], int]] = {}
        self._done: dict[str, str] = {}

    def comments(self, user: str) -> list[str]:
        return [text for _, text in self.students[user].comments]

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("Authorization") != f"Bearer {TOKEN}":
            return Said({"errors": [{"message": "Invalid access token."}]}, 401)
        path = asked.path.removeprefix("/api/v1")
        if path == "/users/self":
            return Said({"id": _TEACHER})
        if path == "/courses/1/users":
            return self._paged(asked, [self._user(each) for each in self.students.values()])
        if path == "/courses/1/assignments/2":
            return Said(self.assignment)
        if path == "/courses/1/assignments/2/submissions":
            if self._stale and self.lag:
                self.lag -= 1
                return self._paged(asked, self._stale)
            return self._paged(asked, self._submissions())
        if path == "/courses/1/assignments/2/submissions/update_grades":
            return self._queue(asked)
        if path.startswith("/progress/"):
            return self._progress(path.removeprefix("/progress/"))
        return Said({"errors": [{"message": "The specified resource does not exist."}]}, 404)

    def work(self) -> None:
        """Do what is queued."""
        self._stale = self._submissions()
        for number, (grades, _) in list(self._jobs.items()):
            del self._jobs[number]
            self._done[number] = self.fails or self._grade(grades)

    def _submissions(self) -> list[dict[str, Any]]:
        return [_submission(each) for each in self.students.values()]

    def _user(self, student: Student) -> dict[str, Any]:
        return {
            "id": student.id,
            "sis_user_id": student.sis_user_id,
            "login_id": student.login_id,
        }

    def _paged(self, asked: Asked, entries: list[dict[str, Any]]) -> Said:
        size = min(self.page, int(asked.query.get("per_page", 10)))
        number = int(asked.query.get("page", 1))
        headers = {}
        if number * size < len(entries):
            rest = re.sub(r"[?&]page=\d+", "", asked.target)
            host = self.next_host or self.url
            headers["Link"] = f'<{host}{rest}&page={number + 1}>; rel="next"'
        return Said(entries[(number - 1) * size : number * size], headers=headers)

    def _queue(self, asked: Asked) -> Said:
        if not self.assignment["published"]:
            return Said({"errors": [{"message": "user not authorized"}]}, 401)
        grades: dict[str, dict[str, str]] = {}
        for name, value in asked.form.items():
            found = _GRADE.fullmatch(name)
            if found is None:
                return Said({"error": "'grade_data' parameter required"}, 400)
            grades.setdefault(found[1], {})[found[2]] = value
        number = str(len(self._jobs) + len(self._done) + 1)
        self._jobs[number] = grades, 0
        return Said({"id": number, "workflow_state": "queued", "message": None})

    def _progress(self, number: str) -> Said:
        if number in self._jobs:
            grades, asked = self._jobs[number]
            self._jobs[number] = grades, asked + 1
            if self.polls is None or asked < self.polls:
                return Said({"id": number, "workflow_state": "queued", "message": None})
            self.work()
        message = self._done[number]
        state = "failed" if message else "completed"
        return Said({"id": number, "workflow_state": state, "message": message or None})

    def _grade(self, grades: dict[str, dict[str, str]]) -> str:
        missing = []
        for user, given in grades.items():
            student = self.students.get(user)
            if student is None:
                missing.append(f"'{user}'")
                continue
            if not student.locked:
                student.entered = float(given["posted_grade"])
                student.excused = False
            if "text_comment" in given:
                student.comments.append((_TEACHER, given["text_comment"]))
        return f"Couldn't find User(s) with API ids {', '.join(missing)}" if missing else ""


def _submission(student: Student) -> dict[str, Any]:
    score = None if student.entered is None else student.entered - student.deducted
    return {
        "user_id": student.id,
        "score": score,
        "entered_score": student.entered,
        "points_deducted": student.deducted or None,
        "excused": student.excused,
        "posted_at": "2026-11-25T12:00:00Z" if student.posted else None,
        "submission_comments": [
            {
                "id": str(at),
                "author_id": author,
                "comment": text,
                "created_at": f"2026-11-25T12:{at:02}:00Z",
            }
            for at, (author, text) in enumerate(student.comments)
        ],
    }
