"""Where keys, tokens and settings are read: what is doubtful is refused, and nothing is quoted."""

import json
import os
import stat
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from grader.errors import UsageError
from grader.lms.push import keys, lti, private, settings
from grader.lms.push.lti import Config
from grader.lms.push.web import Web

TABLE = {
    "issuer": "https://moodle.example",
    "client_id": "tool",
    "token_url": "https://moodle.example/token",
    "key_file": "tool.pem",
    "lineitem": "https://moodle.example/lineitem?type_id=2",
}


def written(path: Path, table: dict[str, object], before: str = "") -> Path:
    lines = [f"{key} = {json.dumps(value)}" for key, value in table.items()]
    path.write_text("\n".join([before, "[lti]", *lines, ""]))
    return path


def test_a_table_is_read_and_its_files_are_beside_it(tmp_path: Path) -> None:
    path = written(tmp_path / "push.toml", {**TABLE, "users": "a/users.csv"}, "[canvas]\nx = 1")
    config = settings.read(path, "lti", Config)
    assert (str(tmp_path / "tool.pem"), str(tmp_path / "a/users.csv")) == (
        config.key_file,
        config.users,
    )
    absolute = written(path, {**TABLE, "key_file": "/etc/tool.pem"})
    assert "/etc/tool.pem" == settings.read(absolute, "lti", Config).key_file


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"token": "sesame"}, "lti.token is no key here; there are issuer, client_id"),
        ({"client_id": 7}, "lti.client_id: input should be a valid string, got a int"),
        ({"token_url": "http://moodle.example/token"}, "lti.token_url: expected an https:// URL"),
        ({"token_url": "https://a:sesame@moodle.example/"}, "lti.token_url: expected an https://"),
        ({"lineitem": "ftp://127.0.0.1/"}, "lti.lineitem: expected an https:// URL"),
        ({"lineitems": "https://moodle.example/l"}, "expected one of lineitem and lineitems"),
        ({"lineitem": None}, "expected one of lineitem and lineitems"),
        ({"lineitem": None, "lineitems": "https://a.example"}, "needs a resource_id or a label"),
        ({"label": "HW1"}, "resource_id and label look for a line item"),
        ({"users": "sesame"}, "expected 'user_id', 'sourcedid', 'email' or the name of a mapping"),
        ({"users": "email"}, "users = 'email' needs memberships_url"),
        ({"issuer": None}, "lti.issuer is missing"),
        ({"key_file": "sesame\0"}, "lti.key_file: expected the name of a file, without zero"),
    ],
)
def test_what_is_wrong_is_one_line_that_quotes_no_value(
    tmp_path: Path, change: dict[str, object], complaint: str
) -> None:
    table = {key: value for key, value in {**TABLE, **change}.items() if value is not None}
    with pytest.raises(UsageError) as error:
        settings.read(written(tmp_path / "push.toml", table), "lti", Config)
    assert complaint in str(error.value)
    assert "sesame" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"[lti", "no TOML"),
        (b"[lty]", "'lty' is no table here; there are [lti], [canvas], [moodle]"),
        (b"[canvas]", "has no table [lti]"),
        (b"lti = 1", "has no table [lti]"),
        (b"\xff", "is not UTF-8"),
        (b"#" * 1_000_001, "this is no push.toml"),
    ],
)
def test_what_is_no_push_toml_is_refused(tmp_path: Path, data: bytes, complaint: str) -> None:
    (tmp_path / "push.toml").write_bytes(data)
    with pytest.raises(UsageError) as error:
        settings.read(tmp_path / "push.toml", "lti", Config)
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://moodle.example:8443/a?b=c", True),
        ("http://localhost/", True),
        ("http://127.1.2.3:80/", True),
        ("http://[::1]:80/", True),
        ("http://localhost.example/", False),
        ("http://127.0.0.1.example/", False),
        ("http://10.0.0.1/", False),
        ("https://", False),
        ("https://a.example/#x", False),
        ("https://a.example/\n", False),
        ("https://a.example:x/", False),
        ("https://user@a.example/", False),
        ("https://[a/", False),
        ("", False),
    ],
)
def test_secrets_go_only_where_nobody_listens(url: str, safe: bool) -> None:
    assert safe == settings.is_safe(url)


@pytest.mark.parametrize("name", ["-a..com", "xn--a.com", "1.2.3.400", f"{'a' * 300}.com"])
def test_what_is_no_address_is_one_line(name: str) -> None:
    url = f"https://{name}/x"
    assert settings.is_safe(url)
    with Web() as web, pytest.raises(UsageError, match=r"is no address .*; mend it"):
        web.ask("GET", url, again=True)


# --- Files of secrets -----------------------------------------------------------------------------


def test_a_token_is_read_from_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "token"
    path.write_text(" sesame~1\n")
    path.chmod(0o600)
    assert "sesame~1" == private.token(str(path), None)
    monkeypatch.setenv("MY_TOKEN", "sesame~2")
    assert "sesame~2" == private.token(None, "MY_TOKEN")
    for given in ((None, None), (str(path), "MY_TOKEN"), (None, "MY_OTHER_TOKEN")):
        with pytest.raises(UsageError, match="expected"):
            private.token(*given)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601])
def test_a_file_of_others_is_no_secret(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "token"
    path.write_text("sesame")
    path.chmod(mode)
    with pytest.raises(UsageError, match=f"mode {mode:04o}.: expected 0600; .* chmod 600"):
        private.token(str(path), None)


@pytest.mark.parametrize(
    "text", ["", " \n", "two words", "a\r\nX-Header: b", "caf\u00e9", "x" * 70_000]
)
def test_what_is_no_token_is_refused_and_not_quoted(tmp_path: Path, text: str) -> None:
    path = tmp_path / "token"
    path.write_bytes(text.encode())
    path.chmod(0o600)
    with pytest.raises(UsageError) as error:
        private.token(str(path), None)
    assert not text.strip() or text not in str(error.value)


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path, complaint in (
        (tmp_path / "pipe", "no ordinary file"),
        (tmp_path, "no ordinary file|Is a directory"),
        (tmp_path / "none", "No such file"),
    ):
        with pytest.raises(UsageError, match=complaint):
            private.contents(path, "the key file")


# --- Keys -----------------------------------------------------------------------------------------


def test_a_key_is_its_owners_and_its_public_half_proves_what_it_signs(tmp_path: Path) -> None:
    path = tmp_path / "tool.pem"
    before = os.umask(0)
    try:
        keys.new(path)
    finally:
        os.umask(before)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert ["tool.pem"] == [each.name for each in tmp_path.iterdir()]
    key = keys.load(path)
    public = keys.jwks(key)
    [entry] = public["keys"]
    assert {"kty", "kid", "use", "alg", "n", "e"} == set(entry)
    signed = jwt.encode({"alg": "RS256", "kid": entry["kid"]}, {"iss": "tool"}, key)
    assert {"iss": "tool"} == jwt.decode(signed, KeySet.import_key_set(public)).claims


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "tool.pem"
    path.write_text("mine")
    with pytest.raises(UsageError, match="there already"):
        keys.new(path)
    assert "mine" == path.read_text()
    (tmp_path / "link.pem").symlink_to(tmp_path / "nowhere")
    with pytest.raises(UsageError, match="there already"):
        keys.new(tmp_path / "link.pem")
    with pytest.raises(UsageError, match="cannot write"):
        keys.new(tmp_path / "no folder" / "tool.pem")
    assert ["link.pem", "tool.pem"] == sorted(each.name for each in tmp_path.iterdir())


@pytest.mark.filterwarnings("ignore:Key size")
def test_what_is_no_private_key_is_refused(tmp_path: Path) -> None:
    key = RSAKey.generate_key(2048)
    short = RSAKey.generate_key(1024)
    for data, complaint in (
        (b"sesame", "holds no RSA private key"),
        (key.as_pem(private=False), "holds no RSA private key"),
        (key.as_pem(private=True, password="sesame"), "holds no RSA private key"),
        (short.as_pem(private=True), "a key of 1024 bits, and platforms ask for 2048"),
    ):
        path = tmp_path / "tool.pem"
        path.write_bytes(data)
        path.chmod(0o600)
        with pytest.raises(UsageError) as error:
            keys.load(path)
        assert complaint in str(error.value)
        assert "sesame" not in str(error.value)


# --- URLs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "scores"),
    [
        ("https://a.example/9/lineitem", "https://a.example/9/lineitem/scores"),
        ("https://a.example/9/lineitem/", "https://a.example/9/lineitem/scores"),
        ("https://a.example/li?type_id=2&x=%2F", "https://a.example/li/scores?type_id=2&x=%2F"),
    ],
)
def test_a_score_goes_below_the_line_item_and_before_the_query(url: str, scores: str) -> None:
    assert scores == lti.below(url, "scores")
