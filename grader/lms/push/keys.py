"""A tool's RSA key: made once, kept by its owner, and its public half for the platform.

The platform is given the public half, as a JSON Web Key Set, and checks with it that a request for
a token is ours (RFC 7523). A key's id is its thumbprint (RFC 7638), so that nobody has to name it.
"""

import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import UsageError
from grader.lms.push import private
from grader.lms.push.web import needed
from grader.submission import printable_name

if TYPE_CHECKING:
    from joserfc.jwk import RSAKey

BITS = 3072
"""NIST SP 800-57's size for keys that are used beyond 2030."""

LEAST_BITS = 2048


def new(path: Path) -> None:
    """Make a key in a new file of mode 0600; `UsageError` where there is something already.

    Written in full beside its place and then linked into it: there is never half a key there, and
    unlike a rename a link replaces nothing.
    """
    with needed():
        from joserfc.jwk import RSAKey
    shown = printable_name(str(path))
    pem = RSAKey.generate_key(BITS).as_pem(private=True)
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with open(descriptor, "wb") as file:
                file.write(pem)
                file.flush()
                os.fsync(file.fileno())
            os.link(draft, path)
        finally:
            draft.unlink()
    except FileExistsError:
        raise UsageError(
            f"{shown} is there already, and a key is never overwritten: platforms know its public "
            "half; name another file"
        ) from None
    except OSError as error:
        raise UsageError(f"cannot write {shown}: {error.strerror}") from None


def load(path: Path) -> "RSAKey":
    """Read a private key; `UsageError` where it is none, is too short, or is readable by others."""
    with needed():
        from joserfc.jwk import RSAKey
    shown = printable_name(str(path))
    data = private.contents(path, "the key file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of short keys: they are refused below
            key = RSAKey.import_key(data)
    except Exception:
        # The library's words may quote what it was given.
        key = None
    if key is None or key.private_key is None:
        raise UsageError(
            f"{shown} holds no RSA private key in PEM, without a password; make one with "
            "`grader keys new --out tool.pem`"
        )
    size = key.private_key.key_size
    if size < LEAST_BITS:
        raise UsageError(
            f"{shown} holds a key of {size} bits, and platforms ask for {LEAST_BITS}; make one "
            "with `grader keys new --out tool.pem`"
        )
    return key


def jwks(key: "RSAKey") -> dict[str, Any]:
    """Return the public half as a JSON Web Key Set."""
    public = key.as_dict(private=False)
    named = {"kty": "RSA", "kid": key.thumbprint(), "use": "sig", "alg": "RS256"}
    return {"keys": [{**named, "n": public["n"], "e": public["e"]}]}
