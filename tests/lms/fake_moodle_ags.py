"""Moodle's Assignment and Grade Services as they were seen in 4.5, on loopback, with troubles.

What Open edX does otherwise is here: times are compared by the second (409), one of the future is
taken, and blocks those that follow; a score without FullyGraded clears the grade, and one without
a comment the comment; a score needs its media type; strangers are 400; scores are capped at the
column's maximum when they are read. Lists come in pages of two.
"""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from fake_site import Server
from joserfc import jwt
from joserfc.jwk import KeySet

PAGE = 2
SCORE = "application/vnd.ims.lis.v1.score+json"
ITEM = "/mod/lti/services.php/2/lineitems/9/lineitem"


@dataclass
class Moodle:
    """The platform's state. `troubles` are what befalls the next scores, in their order.

    "cut stored" and "cut": the answer is cut off, after or before the score was stored; "500": it
    breaks before; "echo": it refuses and repeats what it was sent; a number and "429": it asks to
    wait as long. `redirect` is where a score is sent instead.
    """

    maximum: float = 100
    public: KeySet | None = None
    granted: str | None = None
    members: list[dict[str, Any]] = field(default_factory=list)
    students: set[str] = field(default_factory=lambda: {"4", "5", "6"})
    troubles: deque[str] = field(default_factory=deque)
    always: str = ""
    redirect: str = ""
    next_page: str = ""
    revoked: set[str] = field(default_factory=set)
    tokens: list[str] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    grades: dict[str, dict[str, Any]] = field(default_factory=dict)
    url: str = ""

    @property
    def item(self) -> str:
        return f"{self.url}{ITEM}?type_id=2"

    def take(self, content_type: str, score: dict[str, Any]) -> tuple[int, str]:
        """Return the status of a score, and what is said."""
        if content_type != SCORE:
            return 400, "No handler found for /2/lineitems/9/lineitem/scores"
        if "scoreMaximum" not in score or score["userId"] not in self.students:
            return 400, "Incorrect score received"
        second = int(datetime.fromisoformat(score["timestamp"]).timestamp())
        held = self.grades.get(score["userId"])
        if held is not None and second <= held["second"]:
            return 409, "Refusing score with an earlier timestamp"
        full = score["gradingProgress"] == "FullyGraded" and score.get("scoreGiven") is not None
        given = score["scoreGiven"] * self.maximum / score["scoreMaximum"] if full else None
        self.grades[score["userId"]] = {
            "second": second,
            "score": given if given is None else round(min(given, self.maximum), 5),
            "comment": score.get("comment", "") if full else "",
        }
        return 200, ""

    def results(self, user: str | None) -> list[dict[str, Any]]:
        return [
            {
                "id": f"{self.url}{ITEM}/results?type_id=2&user_id={who}",
                "userId": who,
                "resultScore": grade["score"],
                "resultMaximum": self.maximum,
                "comment": grade["comment"],
            }
            for who, grade in sorted(self.grades.items())
            if grade["score"] is not None and user in (None, who)
        ]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    moodle: Moodle

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts, query = urlsplit(self.path), parse_qs(urlsplit(self.path).query)
        self.moodle.paths.append(f"GET {self.path}")
        if not self._is_known():
            return self._say(401, "Unauthorized")
        if parts.path == ITEM:
            item = {"id": self.moodle.item, "label": "HW1", "scoreMaximum": self.moodle.maximum}
            return self._say(200, item)
        if parts.path == f"{ITEM}/results" and query.get("type_id") == ["2"]:
            found = self.moodle.results(query.get("user_id", [None])[0])
            return self._page(found, query, lambda part: part)
        if parts.path == "/members":
            return self._page(self.moodle.members, query, lambda part: {"members": part})
        return self._say(404, "Not found")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.moodle.paths.append(f"POST {self.path}")
        if self.path == "/token":
            return self._token(parse_qs(body.decode()))
        if not self._is_known():
            return self._say(401, "Unauthorized")
        if self.moodle.redirect:
            return self._say(302, "moved", {"Location": self.moodle.redirect})
        if self.path != f"{ITEM}/scores?type_id=2":
            return self._say(404, "Not found")
        score = json.loads(body)
        self.moodle.posts.append(score)
        trouble = self.moodle.troubles.popleft() if self.moodle.troubles else self.moodle.always
        if trouble.startswith("429"):
            return self._say(429, "busy", {"Retry-After": trouble.removeprefix("429 ")})
        if trouble == "echo":
            return self._say(403, f"no: {self.headers['Authorization']}")
        if trouble == "500":
            return self._say(500, "oh")
        status, said = 0, ""
        if trouble != "cut":
            status, said = self.moodle.take(self.headers.get("Content-Type", ""), score)
        if trouble.startswith("cut"):
            self.close_connection = True
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab")
            return None
        return self._say(status, said)

    def _token(self, form: dict[str, list[str]]) -> None:
        [assertion], [scope] = form["client_assertion"], form["scope"]
        if self.moodle.public is not None:
            claims = jwt.decode(assertion, self.moodle.public).claims
            assert "tool" == claims["iss"] == claims["sub"]
            assert f"{self.moodle.url}/token" == claims["aud"]
        token = f"token-{len(self.moodle.tokens)}-of-moodle"
        self.moodle.tokens.append(token)
        granted = self.moodle.granted if self.moodle.granted is not None else scope
        self._say(200, {"access_token": token, "expires_in": 3600, "scope": granted})

    def _is_known(self) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        return token in self.moodle.tokens and token not in self.moodle.revoked

    def _page(self, found: list[Any], query: dict[str, list[str]], of: Any) -> None:
        start = int(query.get("from", ["0"])[0])
        headers = {}
        if start + PAGE < len(found):
            path = self.path.split("from=")[0].rstrip("?&")
            sign = "&" if "?" in path else "?"
            further = self.moodle.next_page or f"{self.moodle.url}{path}{sign}from={start + PAGE}"
            headers["Link"] = f'<{further}>; rel="next"'
        self._say(200, of(found[start : start + PAGE]), headers)

    def _say(self, status: int, what: Any, headers: dict[str, str] | None = None) -> None:
        data = what.encode() if isinstance(what, str) else json.dumps(what).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def running() -> Iterator[Moodle]:
    """Serve on loopback until the context ends."""
    moodle = Moodle()
    handler = type("Handler", (_Handler,), {"moodle": moodle})
    with Server(("127.0.0.1", 0), handler) as server:
        moodle.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield moodle
        finally:
            server.shutdown()
            thread.join()
