"""A `push.toml`: one table for each platform, which the platform's module declares.

    [lti]                              # grader.lms.push.lti.Config
    issuer = "https://moodle.example.org"
    client_id = "AbCdEf"
    token_url = "https://moodle.example.org/mod/lti/token.php"
    key_file = "tool.pem"              # beside this file; made by `grader keys new`
    lineitem = "https://moodle.example.org/mod/lti/services.php/2/lineitems/9/lineitem?type_id=1"
    users = "mapping.csv"

A push reads the table of its own platform; the others may be there. No table holds a key or a
token, only where one is: so the file can be shown to anybody. What a message quotes of it are its
keys, never what was given for them, for somebody will paste a token into the wrong place.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ValidationError, ValidationInfo
from pydantic_core import ErrorDetails

from grader.errors import UsageError
from grader.lms.push import members
from grader.submission import printable_name

PLATFORMS = ("lti", "canvas", "moodle")
_MAX_BYTES = 1_000_000
_MOST_MAPPING_BYTES = 16 << 20

_Model = TypeVar("_Model", bound=BaseModel)


def read(path: Path, platform: str, model: type[_Model]) -> _Model:
    """Return a platform's table of a push.toml; `UsageError` names all that is wrong in it."""
    name = printable_name(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read {name}: {error.strerror}; name a push.toml") from None
    if len(data) > _MAX_BYTES:
        raise UsageError(f"{name} is larger than {_MAX_BYTES} bytes: this is no push.toml")
    table = _table(data, platform, name)
    try:
        return model.model_validate(table, context={"folder": path.absolute().parent})
    except ValidationError as error:
        faults = "; ".join(_said(each, platform, model) for each in error.errors())
    raise UsageError(f"{name}: {faults}")


def is_safe(url: str) -> bool:
    """Tell whether a secret may be sent to a URL: encrypted, or not leaving this machine.

    >>> is_safe("https://a.example/x"), is_safe("http://127.0.0.1:8/x"), is_safe("http://a.example")
    (True, True, False)
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or not url.isascii() or not url.isprintable() or " " in url:
        return False
    if parts.username is not None or parts.password is not None or parts.fragment:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _safe(url: str) -> str:
    if not is_safe(url):
        raise ValueError(
            "expected an https:// URL without a user's name, a password or a fragment (http:// "
            "only for this machine itself: localhost, 127.0.0.1)"
        )
    return url


def beside(name: str, info: ValidationInfo) -> str:
    """Return the path that a file's name in push.toml means: a relative one begins beside it."""
    if "\0" in name:
        raise ValueError("expected the name of a file, without zero bytes")
    return str((info.context or {}).get("folder", Path()) / name)


def field_or_file(fields: Sequence[str]) -> Callable[[str, ValidationInfo], str]:
    """Return what checks `users`: one of a platform's fields, or a mapping file beside it."""

    def checked(value: str, info: ValidationInfo) -> str:
        if value in fields:
            return value
        if not value.endswith(".csv"):
            known = ", ".join(map(repr, fields))
            raise ValueError(f"expected {known} or the name of a mapping file, such as 'users.csv'")
        return beside(value, info)

    return checked


def mapping(file: str, fields: Sequence[str]) -> members.Table:
    """Read a mapping file: the run's keys, and one of a platform's fields."""
    name = printable_name(file)
    try:
        with open(file, "rb") as opened:
            data = opened.read(_MOST_MAPPING_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read the mapping file {name}: {error.strerror}") from None
    if len(data) > _MOST_MAPPING_BYTES:
        raise UsageError(f"the mapping file {name} is larger than {_MOST_MAPPING_BYTES} bytes")
    return members.table(data, name, fields)


Url = Annotated[str, AfterValidator(_safe)]
"""Where secrets are sent."""

File = Annotated[str, AfterValidator(beside)]
"""The path of a file."""


def _table(data: bytes, platform: str, name: str) -> Mapping[str, Any]:
    try:
        tables = tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{name}: no TOML: {error}") from None
    strange = [key for key in tables if key not in PLATFORMS]
    if strange:
        raise UsageError(
            f"{name}: {strange[0]!r} is no table here; there are "
            f"{', '.join(f'[{each}]' for each in PLATFORMS)}"
        )
    found = tables.get(platform)
    if not isinstance(found, dict):
        raise UsageError(f"{name} has no table [{platform}]: expected one for this platform")
    return found


def _said(entry: ErrorDetails, platform: str, model: type[BaseModel]) -> str:
    """Return one of pydantic's errors as a sentence that quotes keys alone."""
    where = ".".join([platform, *map(str, entry["loc"])])
    kind, message = entry["type"], entry["msg"]
    if kind == "missing":
        return f"{where} is missing"
    if kind == "extra_forbidden":
        return f"{where} is no key here; there are {', '.join(model.model_fields)}"
    if kind == "value_error":
        return f"{where}: {message.removeprefix('Value error, ')}"
    return f"{where}: {message[0].lower()}{message[1:]}, got a {type(entry['input']).__name__}"
