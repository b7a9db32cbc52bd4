"""LTI 1.3's Assignment and Grade Services 2.0: a line item's scores sent, its results read.

Theory of operation. A command line is never launched from the platform, so everything that a launch
would tell is in push.toml: where tokens are given, the line item or where line items are, and how
the run's keys lead to the platform's users. A line item that is not there is made when the first
score is sent, never in a dry run.

What was seen in Moodle 4.5 and in Open edX' lti-consumer 11.4, and read in Canvas' source:

    a score goes to the line item's path + "/scores", before the query string
    it needs its own media type; Moodle takes no other
    `gradingProgress` other than FullyGraded clears the grade, so nothing else is ever sent
    a comment that is not sent may stay or go, so it is always sent, be it empty
    a time that is not later than the last one is 409 in Moodle, 400 elsewhere: the platform has
    something newer, and nobody is to fight over it by sending again
    an unknown user is 400 in Moodle, 422 in Canvas, and stored by Open edX

What the platform sends is checked before it is believed, and its URLs are followed only on its own
server.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from itertools import starmap
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self
from urllib.parse import urlencode, urlsplit, urlunsplit

from pydantic import AfterValidator, Field, model_validator

from grader.declared import Written
from grader.errors import UsageError
from grader.lms.numbers import of_json
from grader.lms.push import keys, members, people, settings, tokens
from grader.lms.push.people import Person
from grader.lms.push.settings import File, Url, field_or_file
from grader.lms.push.target import Answer, Change, Standing, State, foreign
from grader.lms.push.tokens import Access, Tool
from grader.lms.push.web import Lost, Reply, Web, host, same_place

LINE_ITEM = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE = "application/vnd.ims.lis.v1.score+json"
MEMBERS = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"

_NEWER = re.compile(r"timestamp|already exists|older|newer|more recent|earlier", re.IGNORECASE)
_NO_MORE = re.compile(r"attempt|locked|closed", re.IGNORECASE)


Text = Annotated[str, Field(min_length=1, max_length=1000)]


class Config(Written):
    """What push.toml says of an LTI platform, in its table [lti].

    `issuer` names the platform, as its launches do. The line item is `lineitem`, or the one among
    `lineitems` that has the `resource_id`, else the `label`; it is made where there is none.
    `users` says what the run's keys are: a field of the platform's members, for which
    `memberships_url` is asked, or what a mapping file says; "user_id" alone needs neither.
    """

    issuer: Text
    client_id: Text
    token_url: Url
    audience: Text | None = None
    deployment_id: Text | None = None
    key_file: File
    kid: Text | None = None
    lineitem: Url | None = None
    lineitems: Url | None = None
    resource_id: Text | None = None
    label: Text | None = None
    memberships_url: Url | None = None
    users: Annotated[str, AfterValidator(field_or_file(tuple(members.FIELDS)))] = "user_id"

    @model_validator(mode="after")
    def _names_one_line_item(self) -> Self:
        named = self.resource_id is not None or self.label is not None
        if (self.lineitem is None) == (self.lineitems is None):
            raise ValueError("expected one of lineitem and lineitems")
        if self.lineitem is not None and named:
            raise ValueError("resource_id and label look for a line item, and lineitem is one")
        if self.lineitems is not None and not named:
            raise ValueError("lineitems needs a resource_id or a label to find the line item by")
        return self

    @model_validator(mode="after")
    def _can_find_users(self) -> Self:
        if self.users in ("sourcedid", "email") and self.memberships_url is None:
            raise ValueError(f"users = {self.users!r} needs memberships_url, where members are")
        return self

    @property
    def scopes(self) -> list[str]:
        """What the tool has to be permitted."""
        wanted = [tokens.SCORE, tokens.RESULTS, tokens.LINE_ITEMS_TO_READ]
        if self.lineitems is not None:
            wanted.append(tokens.LINE_ITEMS)
        if self.memberships_url is not None:
            wanted.append(tokens.MEMBERS)
        return wanted


class LineItem(NamedTuple):
    """A column of the platform's gradebook."""

    url: str
    maximum: Fraction | None


def connect(config: Config, web: Web) -> "LtiTarget":
    """Get a token and look for the line item; `UsageError` says what is missing."""
    key = keys.load(Path(config.key_file))
    tool = Tool(
        client_id=config.client_id,
        token_url=config.token_url,
        audience=config.audience or config.token_url,
        key=key,
        kid=config.kid or key.thumbprint(),
        deployment_id=config.deployment_id,
    )
    access = Access(tool, web, config.scopes)
    return LtiTarget(config, web, access, _line_item(config, access))


class LtiTarget:
    """One line item. `item` is None where there is none yet."""

    at_once = 1

    def __init__(self, config: Config, web: Web, access: Access, item: LineItem | None) -> None:
        self._config = config
        self._web = web
        self._access = access
        self._item = item

    @property
    def place(self) -> str:
        """How push.toml names the line item: it is the same before it is made and after."""
        config = self._config
        if config.lineitem is not None:
            return f"{config.issuer} {config.lineitem}"
        if config.resource_id is not None:  # by which it is found, whatever it is called
            return f"{config.issuer} {config.lineitems} resource_id={config.resource_id}"
        return f"{config.issuer} {config.lineitems} label={config.label}"

    @property
    def maximum(self) -> Fraction | None:
        return None if self._item is None else self._item.maximum

    def unfit(self, platform: str) -> str:
        users = self._config.users
        # Canvas takes its own ids for LTI's, too.
        return foreign(platform, "canvas" * (users == "user_id")) if users in members.FIELDS else ""

    def users(self, keys: Sequence[str]) -> Mapping[str, str]:
        config = self._config
        listed = [] if config.memberships_url is None else self._members(config.memberships_url)
        if config.users in members.FIELDS:
            if config.memberships_url is None:
                return {key: key for key in keys}
            there = starmap(Person, members.having(listed, config.users))
            return people.by_key(keys, there, config.users, host(config.memberships_url))
        mapping = settings.mapping(config.users, ("user_id",)).values
        found = {key: mapping[key] for key in keys if key in mapping}
        if config.memberships_url is None:
            return found
        here = members.active(listed)
        return {key: user for key, user in found.items() if user in here}

    def standings(self, users: Sequence[str]) -> Mapping[str, Standing]:
        if self._item is None or not users:
            return {}
        url = below(self._item.url, "results")
        if len(users) == 1:
            url = with_query(url, {"user_id": users[0]})
        wanted, found = set(users), dict[str, Standing]()
        for page in self._access.pages(url, [tokens.RESULTS], RESULTS, "results"):
            for result in _list(page, "results"):
                user = _field(result, "userId")
                # A platform may take no notice of `user_id`, and most tell the latest first.
                if isinstance(user, str) and user in wanted and user not in found:
                    found[user] = _standing(result)
        return found

    def send(self, changes: Sequence[Change]) -> Iterator[Answer]:
        for change in changes:
            item = self._made(change.maximum)
            try:
                reply = self._access.ask(
                    "POST",
                    below(item.url, "scores"),
                    [tokens.SCORE],
                    {"Content-Type": SCORE},
                    again=False,
                    content=json.dumps(body(change)).encode("ascii"),
                )
            except Lost as lost:
                yield Answer(change.user, State.FAILED, f"the answer was lost: {lost}")
            else:
                yield answer(change.user, reply, self._web.shown(reply.text))

    def _members(self, url: str) -> list[Any]:
        pages = self._access.pages(url, [tokens.MEMBERS], MEMBERS, "members")
        return [member for page in pages for member in members.of_container(page)]

    def _made(self, maximum: Fraction) -> LineItem:
        """Return the line item; make it where there is none."""
        if maximum <= 0:
            raise UsageError("a line item's maximum is above 0, and the run gives 0 points")
        if self._item is None:
            self._item = _make(self._config, self._access, maximum)
        return self._item


# --- The line item --------------------------------------------------------------------------------


def _line_item(config: Config, access: Access) -> LineItem | None:
    to_read = [tokens.LINE_ITEMS_TO_READ, tokens.LINE_ITEMS]
    if config.lineitem is not None:
        if not access.may(*to_read):
            return LineItem(config.lineitem, None)
        reply = access.ask("GET", config.lineitem, to_read, {"Accept": LINE_ITEM}, again=True)
        said = access.read(reply, config.lineitem, "the line item")
        return LineItem(config.lineitem, of_json(_field(said, "scoreMaximum")))
    assert config.lineitems is not None  # by the config's validator
    query = {} if config.resource_id is None else {"resource_id": config.resource_id}
    url = with_query(config.lineitems, query)
    pages = access.pages(url, to_read, LINE_ITEMS, "line items")
    found = [each for page in pages for each in _list(page, "line items") if _is(each, config)]
    if len(found) > 1:
        raise UsageError(
            f"{host(url)} has {len(found)} line items with this "
            f"{'label' if config.resource_id is None else 'resource_id'}: name one by its URL "
            "(lineitem) in push.toml"
        )
    return _found(found[0], url) if found else None


def _is(item: Any, config: Config) -> bool:
    if config.resource_id is not None:
        return bool(_field(item, "resourceId") == config.resource_id)
    return bool(_field(item, "label") == config.label)


def _found(item: Any, url: str) -> LineItem:
    where = _field(item, "id")
    if not isinstance(where, str) or not same_place(where, url):
        raise UsageError(
            f"{host(url)} has a line item whose id is no URL of the same server: name it by its "
            "URL (lineitem) in push.toml, if you trust that server"
        )
    return LineItem(where, of_json(_field(item, "scoreMaximum")))


def _make(config: Config, access: Access, maximum: Fraction) -> LineItem:
    url = config.lineitems or ""
    wanted: dict[str, Any] = {
        "label": config.label or config.resource_id,
        "scoreMaximum": _written(maximum),
    }
    if config.resource_id is not None:
        wanted["resourceId"] = config.resource_id
    headers = {"Content-Type": LINE_ITEM, "Accept": LINE_ITEM}
    content = json.dumps(wanted).encode("ascii")
    try:
        reply = access.ask("POST", url, [tokens.LINE_ITEMS], headers, again=False, content=content)
    except Lost as lost:
        raise UsageError(
            f"{host(url)} was to make a line item, and the answer was lost ({lost}): start again, "
            "and it is looked for"
        ) from None
    return _found(access.read(reply, url, "the line item that it was to make"), url)


# --- Scores and results ---------------------------------------------------------------------------


def body(change: Change) -> dict[str, Any]:
    """Return a score as the service wants it."""
    score: dict[str, Any] = {
        "userId": change.user,
        "scoreGiven": _written(change.score),
        "scoreMaximum": _written(change.maximum),
        "comment": change.comment,
        "timestamp": _time(change.sent_at),
        "activityProgress": "Completed",
        "gradingProgress": "FullyGraded",
    }
    if change.submitted_at is not None and change.submitted_at <= change.sent_at:
        score["submission"] = {"submittedAt": _time(change.submitted_at)}
    return score


def answer(user: str, reply: Reply, shown: str) -> Answer:
    """Return what a platform's answer to a score means; `shown` is its text, made harmless."""
    said = f"{reply.status} {shown}".strip()
    if reply.ok:
        return Answer(user, State.SENT)
    if reply.status == 429 or reply.status >= 500:
        return Answer(user, State.FAILED, f"the platform answered {said}")
    if reply.status == 409 or (reply.status == 400 and _NEWER.search(reply.text)):
        why = "the platform has something newer, which somebody else sent: look there"
        return Answer(user, State.REFUSED, f"{why} ({said})")
    if reply.status in (400, 404, 422) and not _NO_MORE.search(reply.text):
        why = "the platform takes no grade for this user: unknown, not enrolled or no student?"
        return Answer(user, State.UNKNOWN, f"{why} ({said})")
    return Answer(user, State.REFUSED, f"the platform answered {said}")


def below(url: str, name: str) -> str:
    """Return the URL of what is below a line item: before its query, where it has one.

    >>> below("https://a.example/lineitem?type_id=2", "scores")
    'https://a.example/lineitem/scores?type_id=2'
    """
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{name}"))


def with_query(url: str, more: Mapping[str, str]) -> str:
    """Return a URL with further parameters; those that it has stay as they are.

    >>> with_query("https://a.example/x?type_id=2", {"user_id": "a&b"})
    'https://a.example/x?type_id=2&user_id=a%26b'
    """
    parts = urlsplit(url)
    query = "&".join(filter(None, [parts.query, urlencode(more)]))
    return urlunsplit(parts._replace(query=query))


def _standing(result: Any) -> Standing:
    comment = _field(result, "comment")
    return Standing(
        of_json(_field(result, "resultScore")),
        of_json(_field(result, "resultMaximum")),
        comment if isinstance(comment, str) else "",
    )


def _written(number: Fraction) -> int | float:
    return number.numerator if number.denominator == 1 else float(number)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _list(page: Any, what: str) -> list[Any]:
    if not isinstance(page, list):
        raise UsageError(f"the platform's {what} are no list: check the URLs in push.toml")
    return page
