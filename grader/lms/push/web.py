"""Requests to a platform: patient where that is safe, and silent about what is secret.

Theory of operation. Where the platform says that it is too busy (429), or could not be reached at
all, nothing was done, and the request is made again, each time after a longer wait, or after the
one that the platform asks for. Where an answer is lost, or the platform broke (5xx), nobody knows
what was done: `again` says whether the request may be made again nevertheless, as one that only
reads may. Otherwise `Lost` is raised, or the broken answer returned, and whoever called has to
look what became of it.

No redirect is followed, no answer is read beyond a bound, and this machine itself is never asked
through a proxy: a token goes where push.toml sends it. `shown` cuts secrets out of what a platform
says, for some repeat what they were sent.
"""

import json
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlsplit

from grader.errors import UsageError
from grader.reports import escape

if TYPE_CHECKING:
    import httpx

TRIES = 5
FIRST_WAIT = 0.5
LONGEST_WAIT = 60.0
"""Seconds; a platform that asks for more is asked again when the user says so."""

_TIMEOUT = 30.0
_MOST_BYTES = 32 << 20
_SHORTEST_SECRET = 8
_PORTS = {"https": 443, "http": 80}
_LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class Lost(Exception):
    """The answer to a request did not come: it may or may not have been carried out."""


class Reply(NamedTuple):
    """How a platform answered; the names of `headers` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    following: str | None = None
    """The URL of a list's next page."""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return what the body says; `ValueError` where it is no JSON, or has no finite number."""
        try:
            return json.loads(self.body, parse_constant=_refuse, parse_float=_finite)
        except RecursionError:
            raise ValueError("nested too deeply") from None


@contextmanager
def needed() -> Iterator[None]:
    """Say how to install what a push needs, where an import within finds it missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise UsageError(
            f"this needs {error.name}, which is not installed: pip install 'grader[lms]'"
        ) from None


class Web:
    """The connections of one push; a context that closes them."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        with needed():
            import httpx
        self._httpx = httpx
        self._sleep = sleep
        self._secrets = set[str]()
        self._client = httpx.Client(
            timeout=_TIMEOUT,
            follow_redirects=False,
            mounts={f"all://{host}": None for host in _LOOPBACK},
        )

    def hide(self, secret: str) -> None:
        """Have `shown` cut a secret out of whatever a platform says."""
        if len(secret) >= _SHORTEST_SECRET:  # a shorter one would cut words to pieces
            self._secrets.add(secret)

    def shown(self, text: str) -> str:
        """Return what a platform says as one harmless line without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return escape.line(" ".join(text.split()))

    def ask(
        self,
        method: str,
        url: str,
        *,
        again: bool,
        headers: Mapping[str, str] | None = None,
        form: Callable[[], Mapping[str, str]] | None = None,
        content: bytes | None = None,
    ) -> Reply:
        """Make a request and return the answer, whatever its status; `form` is asked at each try.

        `Lost` where it did not come and the request may not be made again; `UsageError` where the
        platform cannot be reached.
        """
        reply, why = None, ""
        for tried in range(TRIES):
            if tried:
                self._sleep(self._wait(reply, tried, url))
            try:
                reply = self._once(method, url, headers, form, content)
            except (self._httpx.ConnectError, self._httpx.ConnectTimeout) as error:
                reply, why = None, str(error) or type(error).__name__
                continue
            except self._httpx.RequestError as error:
                reply, why = None, str(error) or type(error).__name__
                if not again:
                    raise Lost(self.shown(why)) from None
                continue
            except (self._httpx.InvalidURL, UnicodeError) as error:
                raise UsageError(
                    f"{host(url)} is no address ({self.shown(str(error))}): expected one as "
                    "platform.example.org; mend it in push.toml"
                ) from None
            if not (is_busy(reply) or (again and reply.status >= 500)):
                return reply
        if reply is None:
            raise UsageError(
                f"cannot reach {host(url)}: {self.shown(why)}, {TRIES} times; check the address in "
                "push.toml and the network, and start again"
            )
        return reply

    def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        form: Callable[[], Mapping[str, str]] | None,
        content: bytes | None,
    ) -> Reply:
        data = None if form is None else form()
        with self._client.stream(
            method, url, headers=headers, data=data, content=content
        ) as response:
            body = b"".join(self._bounded(response, url))
            following = response.links.get("next", {}).get("url")
            return Reply(response.status_code, dict(response.headers), body, following)

    def _bounded(self, response: "httpx.Response", url: str) -> Iterator[bytes]:
        size = 0
        for part in response.iter_bytes():
            size += len(part)
            if size > _MOST_BYTES:
                raise UsageError(
                    f"{host(url)} answers more than {_MOST_BYTES} bytes: is it a page?"
                )
            yield part

    def _wait(self, reply: Reply | None, tried: int, url: str) -> float:
        asked = None if reply is None else _asked_for(reply.headers.get("retry-after", ""))
        if asked is not None and asked > LONGEST_WAIT:
            raise UsageError(
                f"{host(url)} is busy and asks to wait {asked:.0f} s: start again after that"
            )
        return FIRST_WAIT * 2 ** (tried - 1) if asked is None else asked

    def close(self) -> None:
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def is_busy(reply: Reply) -> bool:
    """Tell whether a platform says that it was asked too often, and so has done nothing.

    Canvas said so with 403 until it took up 429; its words tell that from a missing right.
    """
    return reply.status == 429 or (
        reply.status == 403 and b"rate limit exceeded" in reply.body.lower()
    )


def host(url: str) -> str:
    """Return what names a platform in a message."""
    return escape.line(urlsplit(url).netloc)


def same_place(url: str, other: str) -> bool:
    """Tell whether two URLs are the same server's, so that a token may go to both.

    >>> same_place("https://a.example/x", "https://A.example:443/y")
    True
    >>> same_place("https://a.example/x", "http://a.example/x")
    False
    """
    try:
        return _server(url) == _server(other)
    except ValueError:
        return False


def _server(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def _asked_for(header: str) -> float | None:
    """Return the seconds of a `Retry-After`, which may be a number or a date."""
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return None
    moment = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text)
