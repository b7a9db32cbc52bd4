"""What the name of a member says about it: whether it may be used, and what makes two equal.

Pure: opens nothing. A name is data: it is looked at, shown and compared, and nothing here or
anywhere in this package ever makes a path of it.
"""

import re
import unicodedata

MAX_NAME_BYTES = 1024
MAX_PART_BYTES = 255
MAX_PARTS = 50

ARCHIVES = (
    *(".zip", ".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".tlz", ".gz", ".bz2", ".xz", ".lzma"),
    *(".zst", ".7z", ".rar", ".jar", ".whl", ".egg", ".cab", ".iso"),
)
_MADE_BY_SYSTEMS = frozenset({".ds_store", "thumbs.db", "desktop.ini", "icon\r"})
_MADE_BY_TOOLS = frozenset({"__pycache__", "node_modules"})
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of text around, so that a name shows as another."""


def plain(name: str) -> str:
    """Return a name without the parts that say nothing.

    >>> plain("./ada//solution.py")
    'ada/solution.py'
    """
    kept = [part for part in name.split("/") if part not in ("", ".")]
    return "/".join(kept)


def identity(name: str) -> str:
    """Return what two names share if some file system takes them for one.

    >>> identity("Cafe\\u0301.PY") == identity("caf\\u00e9.py")
    True
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded).casefold()


def problem(name: str) -> str | None:
    """Return why a name may not be used and what to do, None if it may be."""
    return _unreadable(name) or _leads_out(name) or _too_long(name)


def junk(name: str) -> str | None:
    """Return what made a file or folder that no student has written, None for any other."""
    parts = name.split("/")
    if "__MACOSX" in parts or parts[-1].startswith("._"):
        return "a resource fork of macOS, no file of a student's"
    if parts[-1].lower() in _MADE_BY_SYSTEMS:
        return "made by an operating system, no file of a student's"
    if not _MADE_BY_TOOLS.isdisjoint(parts):
        return "made by a tool, no file of a student's"
    if any(part.startswith(".") for part in parts):
        return "hidden: a name on its path begins with a dot"
    return None


def nested(name: str) -> str | None:
    """Return why an archive among the members is not opened, None if it is no archive."""
    if name.lower().endswith(ARCHIVES):
        return "an archive within the source is not opened: unpack it and import the folder"
    return None


def _unreadable(name: str) -> str | None:
    if not plain(name):
        return "the name is empty: rename the file"
    if any("\ud800" <= character <= "\udfff" for character in name):
        return "the name is not valid UTF-8: rename the file"
    if any(unicodedata.category(character) in _CONTROLS for character in name):
        return "the name holds a control character: rename the file"
    if not _TURNING.isdisjoint(name):
        return "the name holds a character that turns text around: rename the file"
    return None


_CONTROLS = ("Cc", "Zl", "Zp")


def _leads_out(name: str) -> str | None:
    if "\\" in name:
        return "the name holds a backslash, which some systems take for a folder: rename the file"
    if name.startswith("/"):
        return "the name is an absolute path: pack the files by relative names"
    if re.match(r"[A-Za-z]:", name):
        return "the name begins with a drive letter: pack the files by relative names"
    if ".." in name.split("/"):
        return "the name leads out of its folder by `..`: pack the files by relative names"
    return None


def _too_long(name: str) -> str | None:
    if len(name.encode()) > MAX_NAME_BYTES:
        return f"the name is longer than {MAX_NAME_BYTES} bytes: rename the file"
    parts = name.split("/")
    if any(len(part.encode()) > MAX_PART_BYTES for part in parts):
        return f"a part of the name is longer than {MAX_PART_BYTES} bytes: rename the file"
    if len(parts) > MAX_PARTS:
        return f"the file lies more than {MAX_PARTS} folders deep: move it up"
    return None
