"""A Moodle as it was seen and as its source says: one course, one assignment, REST alone.

Every answer is 200. What fails is an object with `exception`; what is stored is `null`, also where
a grade was left as it was because it is overridden; a batch that fails keeps what came before.
"""

import html
import re
from dataclasses import dataclass
from typing import Any

from fake_site import TOKEN, Asked, FakeSite, Said

_PART = re.compile(r"\[(\w+)\]")


@dataclass
class Learner:
    """Somebody who is enrolled, and what Moodle has for them."""

    id: str
    idnumber: str = ""
    email: str = ""
    username: str = ""
    grade: float | None = None
    feedback: str = ""
    workflow: str = ""
    overridden: float | None = None
    locked: bool = False
    broken: bool = False


class FakeMoodle(FakeSite):
    """The assignment with the number 7, whose page has the cmid 31, in the course 5."""

    def __init__(self, *learners: Learner) -> None:
        super().__init__()
        self.learners = {each.id: each for each in learners}
        self.maximum = 10
        self.comments = True
        self.workflow = False
        self.denied: set[str] = set()
        self.may_grade = True

    def answer(self, asked: Asked) -> Said:
        form = asked.form
        if asked.path != "/webservice/rest/server.php":
            return Said("not here", 404)
        if form.get("wstoken") != TOKEN:
            return _exception("invalidtoken", "Invalid token - token not found")
        function = form.get("wsfunction", "")
        found = getattr(self, f"_{function}", None)
        if found is None or function in self.denied:
            return _exception("accessexception", "Access control exception")
        return Said(found(form)) if function != "mod_assign_save_grades" else found(form)

    def _core_enrol_get_enrolled_users(self, form: dict[str, str]) -> list[dict[str, str]]:
        options = {each["name"]: each["value"] for each in _nested(form)["options"].values()}
        start, count = int(options["limitfrom"]), int(options["limitnumber"])
        field = options["userfields"]
        return [
            {"id": int(each.id), field: getattr(each, field)}
            for each in list(self.learners.values())[start : start + count]
        ]

    def _mod_assign_get_assignments(self, form: dict[str, str]) -> dict[str, Any]:
        assert "5" == form["courseids[0]"]
        enabled = {"plugin": "comments", "subtype": "assignfeedback", "name": "enabled"}
        assignment = {
            "id": 7,
            "cmid": 31,
            "grade": self.maximum,
            "markingworkflow": int(self.workflow),
            "configs": [{**enabled, "value": "1"}] if self.comments else [],
        }
        other = {"id": 31, "cmid": 7, "grade": 3, "configs": []}
        assignments = [other, assignment] if self.may_grade else []
        return {"courses": [{"id": 5, "assignments": assignments}], "warnings": []}

    def _mod_assign_get_grades(self, form: dict[str, str]) -> dict[str, Any]:
        assert "7" == form["assignmentids[0]"]
        if not self.may_grade:
            return {"assignments": [], "warnings": [{"itemid": 7, "warningcode": "1"}]}
        grades = [
            {"userid": int(each.id), "grade": f"{each.grade:.5f}"}
            for each in self.learners.values()
            if each.grade is not None
        ]
        if not grades:
            return {"assignments": [], "warnings": [{"itemid": 7, "warningcode": "3"}]}
        return {"assignments": [{"assignmentid": 7, "grades": grades}], "warnings": []}

    def _gradereport_user_get_grade_items(self, form: dict[str, str]) -> dict[str, Any]:
        assert "5" == form["courseid"]
        return {
            "usergrades": [
                {
                    "userid": int(each.id),
                    "gradeitems": [
                        {"itemmodule": "assign", "iteminstance": 31, "graderaw": 1.0},
                        {"itemmodule": "quiz", "iteminstance": 7, "graderaw": 2.0},
                        self._book(each),
                        {"itemmodule": None, "iteminstance": None, "graderaw": 5.0},
                    ],
                }
                for each in self.learners.values()
            ]
        }

    def _book(self, learner: Learner) -> dict[str, Any]:
        released = not self.workflow or learner.workflow == "released"
        own = learner.grade if released else None
        return {
            "itemmodule": "assign",
            "iteminstance": 7,
            "itemnumber": 0,
            "graderaw": own if learner.overridden is None else learner.overridden,
            "gradeisoverridden": learner.overridden is not None,
            "gradeislocked": learner.locked,
        }

    def _mod_assign_get_submission_status(self, form: dict[str, str]) -> dict[str, Any]:
        text = self.learners[form["userid"]].feedback
        fields = [{"name": "comments", "text": text, "format": 1}]
        plugins = [{"type": "file"}, {"type": "comments", "editorfields": fields}]
        return {"feedback": {"plugins": plugins}} if text else {"warnings": []}

    def _mod_assign_save_grades(self, form: dict[str, str]) -> Said:
        given = _nested(form)
        grades = list(given["grades"].values())
        for each in grades:
            if not re.fullmatch(r"-?\d+(\.\d+)?", each["grade"]):
                return _exception("invalidparameter", "Invalid parameter value detected")
        for each in grades:
            learner = self.learners.get(each["userid"])
            if learner is None:
                return _exception("invaliduser", "Invalid user")
            editor = each.get("plugindata", {}).get("assignfeedbackcomments_editor")
            if learner.broken or (self.comments and editor is None):
                return _exception("dmlwriteexception", "Error writing to database")
            grade = float(each["grade"])
            if learner.overridden is None and not learner.locked and grade <= self.maximum:
                learner.grade = grade
            learner.workflow = each["workflowstate"]
            if editor is not None:
                learner.feedback = editor["text"]
        return Said(None)

    def shown(self, user: str) -> str:
        """Return the feedback as a browser shows it, tags left out."""
        return html.unescape(re.sub(r"<[^>]*>", "", self.learners[user].feedback))


def _nested(form: dict[str, str]) -> dict[str, Any]:
    """Return a form as PHP reads it."""
    found: dict[str, Any] = {}
    for name, value in form.items():
        first, bracket, _ = name.partition("[")
        keys = [first, *(_PART.findall(name) if bracket else [])]
        place = found
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
    return found


def _exception(code: str, message: str) -> Said:
    return Said({"exception": "moodle_exception", "errorcode": code, "message": message})
