"""A platform that is asked with a token: answers as JSON, faults as one line.

Theory of operation. `web` makes the requests, patiently; here an answer becomes what it says, or a
sentence about why not. What changes something is asked for once: `Unclear` is raised where nobody
knows what became of it, and the caller reads it back.

The token goes into a header or a body, never into a URL, which is logged on the way. The next page
of a list is read only where the list is, so the token reaches nobody else. What a platform says is
shown as one line, with the token cut out of it in case it was repeated there.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

from grader.declared import Written
from grader.errors import UsageError
from grader.lms.push import web as requests
from grader.lms.push.settings import File, Url
from grader.lms.push.target import Change
from grader.lms.push.web import Lost, Reply, Web

MOST_PAGES = 10_000
"""Of one list: more than any course has, so that a list that never ends does."""

_HINTS = {
    401: "make a new token, and see that its owner may grade there",
    403: "see that the token's owner may do that",
    404: "check the numbers in push.toml, and that the token's owner can see what they name",
}


class SiteConfig(Written):
    """What push.toml says of every platform that is asked with a token."""

    base_url: Url
    token_file: File | None = None
    token_env: str | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long what a platform does after its answer is waited for, in seconds.

    `job` is for what it says that it is doing, `unclear` for what it may be doing.
    """

    job: float = 300.0
    unclear: float = 30.0
    first: float = 0.5
    longest: float = 10.0
    sleep: Callable[[float], None] = field(default=time.sleep)

    def looks(self, limit: float) -> Iterator[bool]:
        """Yield whenever it is time to look, at first at once; True for the last time."""
        until, wait = time.monotonic() + limit, self.first
        while time.monotonic() + wait <= until:
            yield False
            self.sleep(wait)
            wait = min(wait * 2, self.longest)
        yield True


class Unclear(Exception):
    """Nobody knows whether a request was carried out; the text says why."""


class Site:
    """One platform. `name` is how messages call it."""

    def __init__(
        self, name: str, base_url: str, token: str, web: Web, headers: Mapping[str, str]
    ) -> None:
        self.name = name
        self.base = base_url.rstrip("/")
        self._web = web
        self._headers = headers
        web.hide(token)
        web.hide(quote_plus(token))  # as it stands in a form that a platform repeats

    def get(self, path: str, parameters: Sequence[tuple[str, str]] = ()) -> Any:
        """Return what is at a path."""
        return self._json("GET", path, self._read(self._url(path, parameters)))

    def pages(
        self, path: str, parameters: Sequence[tuple[str, str]], key: str
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the entries of a list, page by page (RFC 8288's `Link` headers).

        Each has something at `key`.
        """
        url = self._url(path, parameters)
        seen = set[str]()
        while True:
            seen.add(url)
            reply = self._read(url)
            found = self._json("GET", path, reply)
            for each in found if isinstance(found, list) else [found]:
                if not isinstance(each, dict) or each.get(key) is None:
                    raise UsageError(
                        f"{self.name}: expected a list of entries with {key} at {path}, got "
                        f"{self.shown(each)}; is base_url the platform's address?"
                    )
                yield each
            if reply.following is None:
                return
            url = reply.following
            if not requests.same_place(url, self.base) or url in seen or len(seen) == MOST_PAGES:
                raise UsageError(
                    f"{self.name}: expected the list {path} to go on at {self.base}, got "
                    f"{self.shown(url)}; set base_url to the platform's own address"
                )

    def ask(self, path: str, form: Mapping[str, str]) -> Any:
        """Post a form that changes nothing, and return the answer."""
        return self._json("POST", path, self._post(path, form, again=True))

    def change(self, path: str, form: Mapping[str, str]) -> Any:
        """Post a form that changes something, and return the answer.

        `Unclear` where it was lost on the way, or the platform broke.
        """
        try:
            reply = self._post(path, form, again=False)
        except Lost as error:
            raise Unclear(f"the answer of {self.name} was lost ({error})") from None
        if reply.status >= 500:
            raise Unclear(f"{self.name} answered {reply.status} to POST {path}")
        return self._json("POST", path, reply)

    def shown(self, said: object) -> str:
        """Return what a platform said as one harmless line in quotes, without the token."""
        return f"'{self._web.shown(said if isinstance(said, str) else repr(said))}'"

    def _url(self, path: str, parameters: Sequence[tuple[str, str]] = ()) -> str:
        return self.base + path + ("?" + urlencode(parameters) if parameters else "")

    def _read(self, url: str) -> Reply:
        return self._web.ask("GET", url, again=True, headers=self._headers)

    def _post(self, path: str, form: Mapping[str, str], *, again: bool) -> Reply:
        return self._web.ask(
            "POST", self._url(path), again=again, headers=self._headers, form=lambda: form
        )

    def _json(self, method: str, path: str, reply: Reply) -> Any:
        what = f"{self.name} answered {reply.status} to {method} {path}"
        if requests.is_busy(reply):
            raise UsageError(f"{what}: it was asked too often; start again in some minutes")
        if 300 <= reply.status < 400:
            there = self.shown(reply.headers.get("location", "?"))
            raise UsageError(f"{what}: it is at {there}; set base_url to where the platform is")
        if not reply.ok:
            hint = _HINTS.get(reply.status, "start again later")
            raise UsageError(f"{what}: {self.shown(_message(reply))}; {hint}")
        try:
            return reply.json()
        except ValueError:
            raise UsageError(
                f"{what}: expected JSON, got {self.shown(reply.text)}; is base_url the platform's "
                "address?"
            ) from None


def in_batches(changes: Sequence[Change], most: int, characters: int) -> Iterator[list[Change]]:
    """Yield changes in their order, `most` at a time and no more comment than `characters`.

    One whose comment alone is longer is a batch of its own.
    """
    batch, size = list[Change](), 0
    for change in changes:
        length = len(change.comment)
        if batch and (len(batch) == most or size + length > characters):
            yield batch
            batch, size = [], 0
        batch.append(change)
        size += length
    if batch:
        yield batch


def _message(reply: Reply) -> str:
    """Return what an error says to people, out of the JSON forms that platforms use."""
    try:
        data = reply.json()
    except ValueError:
        return reply.text
    errors = data.get("errors") if isinstance(data, dict) else None
    first = errors[0] if isinstance(errors, list) and errors else data
    told = first.get("message") if isinstance(first, dict) else None
    return told if isinstance(told, str) else reply.text
