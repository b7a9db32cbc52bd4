"""The secret: who names it wins, and what is made is its owner's alone."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader import secret
from grader.errors import UsageError


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv(secret.ENVIRONMENT_VARIABLE, raising=False)
    return tmp_path / "config"


def test_a_file_wins_over_the_variable(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "secret"
    file.write_text("  of the file\n")
    monkeypatch.setenv(secret.ENVIRONMENT_VARIABLE, "of the variable")
    assert b"of the file" == secret.find(file)
    assert b"of the variable" == secret.find(None)
    assert not config.exists()


@pytest.mark.parametrize("value", ["", " \n"])
def test_an_empty_variable_is_none(
    config: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(secret.ENVIRONMENT_VARIABLE, value)
    assert secret.find(None) is None
    assert not config.exists()


def test_a_secret_is_made_once_and_for_its_owner_alone(config: Path) -> None:
    made, made_at = secret.keep()
    again, made_again_at = secret.keep()
    assert config / "grader" / "secret" == made_at
    assert made_again_at is None
    assert made == again
    assert len(made) >= 32
    assert 0o600 == stat.S_IMODE((config / "grader" / "secret").stat().st_mode)
    assert ["secret"] == [path.name for path in (config / "grader").iterdir()]


@pytest.mark.usefixtures("config")
def test_many_at_once_agree_on_one_secret() -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: secret.keep(), range(16)))
    assert 1 == len({made for made, _ in results})
    assert 1 == sum(made_at is not None for _, made_at in results)


def test_the_config_folder_is_the_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for ignored in ("", "relative"):
        monkeypatch.setenv("XDG_CONFIG_HOME", ignored)
        assert tmp_path / ".config" / "grader" / "secret" == secret.kept_at()


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(None, "No such file"), (b"\n", "is empty"), (b"x" * 5000, "another file")],
)
def test_a_bad_file_is_said_in_one_line(
    tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match=complaint):
        secret.find(file)


def test_where_none_can_be_kept_the_user_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "file"))
    with pytest.raises(UsageError, match="--secret-file"):
        secret.keep()
