"""A package as a zip: equal files, equal bytes; with modes, and for its owner's eyes."""

import io
import os
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

from grader.errors import UsageError
from grader.lms.packaging.contents import File

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def zipped(files: Mapping[str, File]) -> bytes:
    """Return the files as a zip that keeps their modes where it is unpacked on Unix."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, file in sorted(files.items()):
            about = zipfile.ZipInfo(path, _EPOCH)
            about.create_system = _UNIX
            about.external_attr = (stat.S_IFREG | file.mode) << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(about, file.data)
    return buffer.getvalue()


def write(data: bytes, out: Path) -> None:
    """Write a package, whole or not at all, for its owner alone: the secret is in it.

    `UsageError` if that fails.
    """
    draft = out.with_name(f".{out.name}.{os.urandom(8).hex()}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
        try:
            draft.replace(out)
        except OSError:
            draft.unlink()
            raise
    except OSError as error:
        raise UsageError(
            f"cannot write {out}: {error.strerror}; name a file in a folder that there is"
        ) from None
