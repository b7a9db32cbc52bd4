"""Keys and tokens: from a file that its owner alone can read, or from the environment.

They are never in an argument, where every process of the machine sees them, and never in a message.
A file that others may read is refused rather than used: what they have seen is no secret any more.
"""

import os
import stat
from pathlib import Path

from grader.errors import UsageError
from grader.submission import printable_name

_MOST_BYTES = 64 << 10
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def contents(path: Path, what: str) -> bytes:
    """Return what a file with a secret holds; `UsageError` if it is not its owner's alone."""
    shown = printable_name(str(path))
    try:
        # Without O_NONBLOCK a pipe in its place would be waited for.
        with open(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise UsageError(f"{what} {shown} is no ordinary file; name one")
            if about.st_mode & _OTHERS:
                raise UsageError(
                    f"{what} {shown} can be read or changed by others (mode "
                    f"{stat.S_IMODE(about.st_mode):04o}): expected 0600; make a new one if others "
                    f"may have read it, then chmod 600 {shown}"
                )
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot read {what} {shown}: {error.strerror}") from None
    if not data.strip() or len(data) > _MOST_BYTES:
        raise UsageError(
            f"{what} {shown} has {'too many' if data.strip() else 'no'} bytes; is it another file?"
        )
    return data


def token(file: str | None, variable: str | None) -> str:
    """Return the token of a file or of an environment variable, of which one is to be named."""
    if (file is None) == (variable is None):
        raise UsageError(
            "expected one of token_file (a file of mode 0600) and token_env (the name of an "
            f"environment variable) in push.toml, got {'neither' if file is None else 'both'}"
        )
    if file is not None:
        where, found = "token_file", contents(Path(file), "the token file").strip()
    else:
        where, found = f"${variable}", os.environ.get(variable or "", "").strip().encode()
    if not found:
        raise UsageError(f"{where} is empty or not set: expected the platform's token in it")
    # Whatever else would end the header that it stands in, and begin another.
    if not all(0x21 <= byte <= 0x7E for byte in found):
        raise UsageError(
            f"{where} holds blanks or characters that no token has: expected the token and "
            "nothing else"
        )
    return found.decode("ascii")
