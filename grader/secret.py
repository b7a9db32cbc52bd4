"""The secret that hidden cases are drawn from: found, or made once and kept.

It is in a file or an environment variable, never in the repository and never in a report.
Whoever has it can draw every hidden case, so a file that is made here is its owner's alone.
"""

import os
from pathlib import Path

from grader.errors import UsageError

ENVIRONMENT_VARIABLE = "GRADER_SECRET"
_MAX_BYTES = 4096


def find(file: Path | None) -> bytes | None:
    """Return the secret that the user names: `file`'s content, else `GRADER_SECRET`, else None.

    White space around it does not count; an empty variable counts as none.
    """
    if file is not None:
        return read(file)
    given = os.environ.get(ENVIRONMENT_VARIABLE, "").strip()
    return given.encode("utf-8", "surrogateescape") or None


def keep() -> tuple[bytes, Path | None]:
    """Return the secret of the user's config folder, and its path if it was made just now."""
    path = kept_at()
    made = not path.exists() and _make(path)
    return read(path), path if made else None


def kept_at() -> Path:
    """Return where `keep` keeps the secret: `$XDG_CONFIG_HOME/grader/secret` or `~/.config/…`."""
    configured = os.environ.get("XDG_CONFIG_HOME", "")
    # The XDG specification has relative paths ignored.
    base = Path(configured) if os.path.isabs(configured) else Path("~/.config").expanduser()
    return base / "grader" / "secret"


def read(path: Path) -> bytes:
    """Return what a secret file holds; `UsageError` where it cannot be one."""
    try:
        with path.open("rb") as file:
            secret = file.read(_MAX_BYTES + 1).strip()
    except OSError as error:
        raise UsageError(f"cannot read the secret file {path}: {error.strerror}") from None
    if not secret:
        raise UsageError(f"the secret file {path} is empty; put a long random line into it")
    if len(secret) > _MAX_BYTES:
        raise UsageError(f"the secret file {path} is over {_MAX_BYTES} bytes; is it another file?")
    return secret


def _make(path: Path) -> bool:
    """Write a new secret to `path`; False if another process was first, whose secret then holds.

    Written in full beside its place and then linked into it: nobody ever reads half a secret,
    and unlike a rename a link never replaces the secret of a process that was faster.
    """
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(32).hex().encode() + b"\n")
        try:
            os.link(draft, path)
        except FileExistsError:
            return False
        finally:
            draft.unlink()
    except OSError as error:
        raise UsageError(
            f"cannot keep a secret in {path.parent}: {error.strerror}; "
            f"name one with --secret-file or {ENVIRONMENT_VARIABLE}"
        ) from None
    return True
