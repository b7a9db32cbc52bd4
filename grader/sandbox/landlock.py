"""Landlock: a domain that may read the given trees and nothing else, on any ABI from 1 on.

A ruleset names the rights it governs; what no rule then grants is refused. Rights that an
older kernel does not know are left out, and seccomp refuses the calls that they would cover.

Each submission also gets a domain of its own, made from one prepared ruleset. It governs
next to nothing: being in another domain is what bars ptrace, and from ABI 6 on signals and
abstract sockets, towards the zygote.

Source: Documentation/userspace-api/landlock.rst of the kernel.
"""

import os
import struct
from collections.abc import Iterable

from grader.sandbox import kernel

_EXECUTE = 1
_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_REMOVE = 1 << 4 | 1 << 5
_MAKE_CHAR = 1 << 6
_MAKE_DIR = 1 << 7
_MAKE_REG = 1 << 8
_REFER = 1 << 13
_TRUNCATE = 1 << 14

_NET_TCP = 0b11  # bind, connect
_SCOPES = 0b11  # abstract unix sockets, signals

_FILE_RIGHTS_BY_ABI = {1: 13, 2: 14, 3: 15, 4: 15}
_FILE_RIGHTS_NEWEST = 16
_NET_SINCE, _SCOPES_SINCE = 4, 6

_READ = _READ_FILE | _READ_DIR
_WRITE = _WRITE_FILE | _REMOVE | _MAKE_DIR | _MAKE_REG | _REFER | _TRUNCATE

_RULE = struct.Struct("=Qi")


def abi() -> int:
    """The kernel's version of Landlock, 0 where there is none or it is switched off."""
    try:
        return kernel.landlock_abi()
    except OSError:
        return 0


def readonly_ruleset(
    version: int,
    readable: Iterable[str],
    writable: Iterable[str] = (),
    executable: Iterable[str] = (),
) -> int:
    """Return a ruleset's descriptor: read below `readable`, also write below `writable`.

    The files `executable` may be executed. All other file rights, TCP, signals and abstract
    sockets to the outside are refused, as far as `version` knows them. Paths that do not exist
    raise OSError.
    """
    governed = file_rights(version)
    ruleset = kernel.landlock_create_ruleset(
        attributes(version, governed, _NET_TCP if version >= _NET_SINCE else 0)
    )
    for path in readable:
        _grant(ruleset, path, governed & _READ)
    for path in writable:
        _grant(ruleset, path, governed & (_READ | _WRITE))
    for path in executable:
        _grant(ruleset, path, _READ_FILE | _EXECUTE)
    return ruleset


def own_domain_ruleset(
    version: int, writable: Iterable[str] = (), *, bars_execute: bool = False
) -> int:
    """Return the descriptor of the ruleset that gives each submission a domain of its own.

    It governs as little as may be: a ruleset must govern something, which before ABI 6 is
    making character devices. Moving a file to another folder is refused by every domain that
    does not grant it, so it is granted below `writable`. `bars_execute` takes back what a cell may
    execute for the sake of other submissions.
    """
    movable = list(writable)
    if movable:
        governed = _REFER & file_rights(version) or _MAKE_CHAR
    else:
        governed = 0 if version >= _SCOPES_SINCE else _MAKE_CHAR
    barred = _EXECUTE if bars_execute else 0
    ruleset = kernel.landlock_create_ruleset(attributes(version, governed | barred, 0))
    for path in movable:
        _grant(ruleset, path, governed)
    return ruleset


def file_rights(version: int) -> int:
    """The mask of all file rights that `version` knows."""
    return (1 << _FILE_RIGHTS_BY_ABI.get(version, _FILE_RIGHTS_NEWEST)) - 1


def attributes(version: int, files: int, net: int) -> bytes:
    """Encode `struct landlock_ruleset_attr` at the size that `version` knows."""
    fields = [files]
    if version >= _NET_SINCE:
        fields.append(net)
    if version >= _SCOPES_SINCE:
        fields.append(_SCOPES)
    return struct.pack(f"={len(fields)}Q", *fields)


def _grant(ruleset: int, path: str, rights: int) -> None:
    if not os.path.isdir(path):
        rights &= _READ_FILE | _WRITE_FILE | _TRUNCATE | _EXECUTE
    parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        kernel.landlock_add_path(ruleset, _RULE.pack(rights, parent))
    finally:
        os.close(parent)
