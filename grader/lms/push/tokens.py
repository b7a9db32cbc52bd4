"""Access to LTI services: a token for what push.toml's tool may do, and requests that carry it.

Theory of operation. The tool signs a statement of who it is with its key (RFC 7523) and gets a
token, which is kept until nine tenths of its time are over. All scopes are asked for at once; a
platform grants what it likes, and whatever then lacks one is refused here, in words, before the
platform would answer 403. A token that is refused before its time (401) is replaced once.
"""

import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from grader.errors import UsageError
from grader.lms.push.web import Reply, Web, host, needed, same_place

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

_AGS = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCORE = f"{_AGS}score"
RESULTS = f"{_AGS}result.readonly"
LINE_ITEMS = f"{_AGS}lineitem"
LINE_ITEMS_TO_READ = f"{_AGS}lineitem.readonly"
MEMBERS = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"

_DEPLOYMENT = "https://purl.imsglobal.org/spec/lti/claim/deployment_id"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LIFE = 60
"""Seconds for which a statement is good."""

_SKEW = 5
"""Seconds by which a platform's clock may be behind without finding us in the future."""

_LONGEST = 3600.0
_MOST_PAGES = 1000
_HINTS = {
    "invalid_client": "see that client_id is right and that the platform has this key's public "
    "half: `grader keys jwks` prints it",
    "invalid_scope": "the platform's administrator has to let this tool send grades (Assignment "
    "and Grade Services)",
    "invalid_grant": "see that audience and this machine's clock are right",
}


class Tool(NamedTuple):
    """Who asks for tokens, where, and with which key."""

    client_id: str
    token_url: str
    audience: str
    key: "RSAKey"
    kid: str
    deployment_id: str | None = None


class _Token(NamedTuple):
    text: str
    scopes: frozenset[str]
    until: float


class Access:
    """A tool's access to one platform, for the scopes that are asked for."""

    def __init__(self, tool: Tool, web: Web, scopes: Collection[str]) -> None:
        self._tool = tool
        self._web = web
        self._scopes = " ".join(scopes)
        self._token: _Token | None = None

    def may(self, *scopes: str) -> bool:
        """Tell whether one of the scopes was granted."""
        return not self._current().scopes.isdisjoint(scopes)

    def ask(
        self,
        method: str,
        url: str,
        scopes: Collection[str],
        headers: Mapping[str, str],
        *,
        again: bool,
        content: bytes | None = None,
    ) -> Reply:
        """Make a request for which one of the scopes is needed; see `Web.ask`."""
        if not self.may(*scopes):
            raise UsageError(
                f"{host(self._tool.token_url)} does not let this tool use "
                f"{' or '.join(sorted(scopes))}: the platform's administrator has to permit it"
            )
        for _ in range(2):
            carried = {"Authorization": f"Bearer {self._current().text}", **headers}
            reply = self._web.ask(method, url, again=again, headers=carried, content=content)
            if reply.status != 401:
                return reply
            self._token = None
        raise UsageError(
            f"{host(url)} refuses the token that {host(self._tool.token_url)} has just given: "
            f"{self._web.shown(reply.text) or 401}; see that both URLs are the same platform's"
        )

    def pages(self, url: str, scopes: Collection[str], accept: str, what: str) -> Iterator[Any]:
        """Yield what the pages of a list hold, each decoded; on its own server alone."""
        seen = set[str]()
        at: str | None = url
        while at is not None:
            if not same_place(at, url) or at in seen or len(seen) >= _MOST_PAGES:
                raise UsageError(
                    f"{host(url)} says that {what} go on at {self._web.shown(at)}: expected a "
                    "further page on the same server"
                )
            seen.add(at)
            reply = self.ask("GET", at, scopes, {"Accept": accept}, again=True)
            yield self.read(reply, url, what)
            at = reply.following

    def read(self, reply: Reply, url: str, what: str) -> Any:
        """Return what an answer holds; `UsageError` where it is none of what was asked for."""
        if not reply.ok:
            raise UsageError(
                f"{host(url)} does not show {what}: {reply.status} {self._web.shown(reply.text)}; "
                "check the URLs in push.toml and what the tool is permitted there"
            )
        try:
            return reply.json()
        except ValueError:
            raise UsageError(
                f"{host(url)} was asked for {what} and answered with no JSON: "
                f"{self._web.shown(reply.text)}; check the URLs in push.toml"
            ) from None

    def _current(self) -> _Token:
        if self._token is None or time.monotonic() >= self._token.until:
            self._token = self._new()
        return self._token

    def _new(self) -> _Token:
        url = self._tool.token_url
        reply = self._web.ask("POST", url, again=True, form=self._form)
        said = _object(reply)
        text = said.get("access_token")
        if not reply.ok or not isinstance(text, str) or not _is_token(text):
            raise UsageError(f"{host(url)} gives no token: {_why(reply, said, self._web.shown)}")
        self._web.hide(text)
        granted = said.get("scope")
        scopes = granted if isinstance(granted, str) else self._scopes
        life = said.get("expires_in")
        seconds = float(life) if isinstance(life, int | float) else _LONGEST
        until = time.monotonic() + 0.9 * min(max(seconds, 0.0), _LONGEST)
        return _Token(text, frozenset(scopes.split()), until)

    def _form(self) -> Mapping[str, str]:
        """Return the request for a token; each has an id of its own, and is good for a minute."""
        with needed():
            from joserfc import jwt
        tool, now = self._tool, int(time.time())
        claims = {
            "iss": tool.client_id,
            "sub": tool.client_id,
            "aud": tool.audience,
            "iat": now - _SKEW,
            "exp": now + _LIFE,
            "jti": str(uuid.uuid4()),
        }
        if tool.deployment_id is not None:
            claims[_DEPLOYMENT] = tool.deployment_id
        header = {"alg": "RS256", "typ": "JWT", "kid": tool.kid}
        assertion = jwt.encode(header, claims, tool.key)
        self._web.hide(assertion)
        return {
            "grant_type": "client_credentials",
            "client_assertion_type": _ASSERTION,
            "client_assertion": assertion,
            "scope": self._scopes,
        }


def _object(reply: Reply) -> Mapping[str, Any]:
    try:
        said = reply.json()
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _is_token(text: str) -> bool:
    """Tell whether a text can stand in a header without ending it."""
    return bool(text) and all("!" <= character <= "~" for character in text)


def _why(reply: Reply, said: Mapping[str, Any], shown: Callable[[str], str]) -> str:
    error = said.get("error")
    told = [each for each in (error, said.get("error_description")) if isinstance(each, str)]
    hint = _HINTS.get(error, "") if isinstance(error, str) else ""
    return (
        f"{reply.status} {shown(': '.join(told) or reply.text)}; "
        f"{hint or 'check token_url, client_id and the clock of this machine'}"
    )
