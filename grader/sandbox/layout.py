"""What of this machine's files a cell may see: the standard library, the allowed
distributions' own files and the system's shared libraries. Reads, never changes anything.

It runs in the zygote, before that is confined and while the judge does its own imports.

Never all of site-packages and never `sys.path`: an editable install of this very project
would put the reference solutions into the box. Everything keeps its absolute path, so that
modules imported before and after the lock-down agree.
"""

import os
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from grader.errors import SandboxError
from grader.sandbox import program as programs

_LIBRARY_DIRS = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_EXTRA_FILES = ("/usr/share/zoneinfo", "/etc/ld.so.cache")
_MASKED_NAMES = ("site-packages", "dist-packages")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a cell sees, all absolute.

    `trees` are real files and folders to show read-only; `masks` are folders inside a tree
    that must look empty (though another tree may lie in them); `links` are (path, target) of
    the symbolic links on the way to the trees; `sys_path` is the import path inside the box;
    `modules` are the top-level modules of the packages; `executables` are those trees that may be
    executed, by a child that becomes this program.
    """

    trees: tuple[str, ...]
    masks: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    sys_path: tuple[str, ...]
    modules: tuple[str, ...]
    executables: tuple[str, ...] = ()


@lru_cache(maxsize=8)
def layout(packages: tuple[str, ...], program: str | None = None) -> Layout:
    """Return the layout of this interpreter with the distributions `packages`.

    And with `program` and its loader; the system's shared libraries are there anyway. Raises
    `SandboxError` where one is not installed, or not as files of its own.
    """
    stdlib = _stdlib_dirs()
    owned = {name: _distribution_files(name) for name in packages}
    executables = _executables(program)
    wanted = [*stdlib, *_system_libraries(), *_EXTRA_FILES, *executables]
    for site, entries in owned.values():
        wanted += [os.path.join(site, entry) for entry in entries]
    trees, links = _resolve_all(path for path in wanted if os.path.exists(path))
    return Layout(
        trees=_outermost(trees, keep=_masks(trees)),
        masks=_masks(trees),
        links=tuple(links.items()),
        sys_path=_unique(
            [*stdlib, *(os.path.join(path, "lib-dynload") for path in stdlib)]
            + [site for site, _ in owned.values()]
        ),
        modules=_unique(
            name
            for _, entries in owned.values()
            for name in (entry.split("/")[0].removesuffix(".py") for entry in entries)
            if name.isidentifier()
        ),
        executables=_unique(map(os.path.realpath, executables)),
    )


def _executables(program: str | None) -> tuple[str, ...]:
    """A program and the loader that it names, which the kernel executes in its place."""
    if program is None:
        return ()
    loader = programs.interpreter_of(program)
    return (program,) if loader is None else (program, loader)


def _stdlib_dirs() -> tuple[str, ...]:
    """The interpreter's own standard library; platstdlib of a virtualenv is not one."""
    version = sysconfig.get_python_version()
    platform = os.path.join(sys.base_exec_prefix, sys.platlibdir, f"python{version}")
    found = (sysconfig.get_path("stdlib"), platform)
    return _unique(path for path in found if os.path.isdir(path))


def _system_libraries() -> Iterator[str]:
    """Folders of shared libraries only (multiarch), and the single libraries in mixed ones."""
    # Not from sysconfig, which would read the whole Makefile of the interpreter for it.
    triple = getattr(sys.implementation, "_multiarch", "") or f"{os.uname().machine}-linux-gnu"
    for folder in _unique((*_LIBRARY_DIRS, os.path.join(sys.base_exec_prefix, "lib"))):
        if not os.path.isdir(folder):
            continue
        yield os.path.join(folder, triple)
        for entry in os.listdir(folder):
            path = os.path.join(folder, entry)
            if _is_library(entry) and os.path.isfile(path):
                yield path


def _is_library(name: str) -> bool:
    return name.endswith(".so") or ".so." in name


def _distribution_files(name: str) -> tuple[str, tuple[str, ...]]:
    """Return (site folder, entries in it that belong to the distribution)."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        found = distribution(name)
    except PackageNotFoundError:
        raise SandboxError(
            f"the challenge allows the package {name!r}, which is not installed beside "
            f"{sys.executable}: run `{sys.executable} -m pip install {name}`"
        ) from None
    site = os.path.abspath(str(found.locate_file("")))
    record = found.read_text("RECORD")
    if record is not None:
        entries = _owned(_recorded_paths(record))
    else:  # installed by the system's own package manager
        names = (found.read_text("top_level.txt") or name.replace("-", "_")).split()
        entries = tuple(e for n in names for e in (n, f"{n}.py") if os.path.exists(f"{site}/{e}"))
    if not entries:
        raise SandboxError(
            f"the package {name!r} has no files of its own in {site} (an editable install?); the "
            f"box shows installed files only: run `{sys.executable} -m pip install {name}`"
        )
    return site, entries


def _recorded_paths(record: str) -> list[tuple[str, ...]]:
    """The importable files of a RECORD, split into parts; scripts and metadata left out."""
    paths = (line.split(",", 1)[0].strip('"') for line in record.splitlines() if line)
    parts = (tuple(path.split("/")) for path in paths)
    return [
        path
        for path in parts
        if path[0] not in ("", "..", "__pycache__")
        and not path[0].endswith((".dist-info", ".egg-info", ".pth"))
    ]


def _owned(paths: Iterable[tuple[str, ...]], below: str = "") -> tuple[str, ...]:
    """Return the fewest entries that hold `paths` and no other distribution's files.

    A folder with an `__init__.py` is a package and belongs to its distribution; one without
    may be a namespace that several share, so its own parts are listed one by one.
    """
    children: dict[str, list[tuple[str, ...]]] = {}
    for path in paths:
        children.setdefault(path[0], []).append(path[1:])
    owned: list[str] = []
    for name, rests in children.items():
        if () in rests or ("__init__.py",) in rests:
            owned.append(below + name)
        else:
            owned += _owned(rests, f"{below}{name}/")
    return tuple(owned)


def _resolve_all(paths: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    trees: list[str] = []
    links: dict[str, str] = {}
    for path in paths:
        real = path
        while (link := _first_link(real)) is not None:
            links[link] = os.readlink(link)
            rest = os.path.relpath(real, link)
            real = os.path.normpath(os.path.join(os.path.dirname(link), links[link], rest))
        trees.append(real)
    return trees, links


@cache
def _is_link(path: str) -> bool:
    return os.path.islink(path)


def _first_link(path: str) -> str | None:
    """The first symbolic link on the way to `path`, itself included."""
    parts = path.split("/")
    prefixes = ("/".join(parts[:count]) for count in range(2, len(parts) + 1))
    return next((prefix for prefix in prefixes if _is_link(prefix)), None)


def _masks(trees: Iterable[str]) -> tuple[str, ...]:
    """Folders of third-party packages that lie inside a standard library."""
    found = (os.path.join(tree, name) for tree in trees for name in _MASKED_NAMES)
    return _unique(path for path in found if os.path.isdir(path))


def _outermost(trees: Iterable[str], keep: tuple[str, ...]) -> tuple[str, ...]:
    """Drop what another tree shows already, unless a mask hides it there."""
    chosen: list[str] = []
    for tree in sorted(set(trees)):
        above = [other for other in chosen if tree.startswith(other + "/")]
        hidden = any(tree.startswith(mask + "/") for mask in keep)
        if not above or (hidden and not any(_below_mask(o, keep) for o in above)):
            chosen.append(tree)
    return tuple(chosen)


def _below_mask(path: str, masks: tuple[str, ...]) -> bool:
    return any(path.startswith(mask + "/") for mask in masks)


def _unique(items: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
