"""Finds challenges in folders, loads one, and digests whatever its marks depend on.

A root is a folder of challenges: `<root>/<slug>/spec.py` binds `challenge`. The reference and
its variants are plain imports of the spec, `reference.<slug>`, from a folder `reference` beside
the root. `reference` is a namespace package: every root adds its part, and the parent of a root
is *appended* to `sys.path`, so that a private folder can never stand in for an installed module.

A challenge is found by its folder's name alone, which is its id in snake_case: loading one never
imports another, and a broken challenge stops nobody else's. What is imported stays imported; a
catalog does not notice that a file has changed.
"""

import hashlib
import importlib.util
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from pydantic import ValidationError

from grader.errors import AuthorError, UsageError
from grader.spec import Challenge, functions_of
from grader.version import JUDGE_VERSION

SPEC = "spec.py"
REFERENCES = "reference"

Folders = tuple[Path, ...]

_DEFAULT_ROOT = Path(__file__).resolve().parent.parent / "challenges"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A challenge, the folder it lies in, and the digest (hex) of all that decides its marks."""

    challenge: Challenge
    folder: Path
    digest: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list of challenges."""

    id: str
    title: str
    languages: tuple[str, ...]


def is_built_in(loaded: Loaded) -> bool:
    """Whether a challenge is one of those that come with the grader."""
    return loaded.folder.parent == _DEFAULT_ROOT


def sources_of(loaded: Loaded) -> tuple[Path, ...]:
    """Return the source files that a challenge's digest covers: what grading it needs."""
    module = _import_spec(loaded.folder / SPEC)
    modules = [module, *_modules_of(loaded.challenge)]
    return tuple(sorted(_sources(loaded.folder.parent, modules).values()))


class Catalog:
    """The challenges of the built-in root and of further `roots`."""

    def __init__(self, roots: Sequence[Path] = ()) -> None:
        self._roots = _distinct([_DEFAULT_ROOT, *roots])

    def load(self, name: str) -> Loaded:
        """Return the challenge whose id or folder is `name`.

        Raises `UsageError` if there is none (it names the nearest), `AuthorError` if the
        challenge is broken or two roots claim it.
        """
        folders = self._index().get(_fold(name))
        if folders:
            loaded = _load_only(folders)
            if name in (loaded.challenge.id, loaded.folder.name):
                return loaded
        raise UsageError(self._unknown(name))

    def require(self, name: str) -> None:
        """Raise `UsageError` if no folder could hold the challenge `name`; nothing is loaded."""
        if _fold(name) not in self._index():
            raise UsageError(self._unknown(name))

    def names(self) -> tuple[str, ...]:
        """Return the id of every challenge, or its folder's name where it is broken."""
        return tuple(sorted(_id_or_folder(folders[0]) for folders in self._index().values()))

    def list(self) -> tuple[Entry, ...]:
        """Return every challenge, by id; `AuthorError` if any is broken or declared twice."""
        challenges = [_load_only(folders).challenge for folders in self._index().values()]
        entries = [Entry(entry.id, entry.title, entry.languages) for entry in challenges]
        return tuple(sorted(entries, key=lambda entry: entry.id))

    def _index(self) -> dict[str, Folders]:
        """Return the folders that hold a spec, under their folded names."""
        index: dict[str, Folders] = {}
        for root in self._roots:
            for path in sorted(root.glob(f"*/{SPEC}")):
                key = _fold(path.parent.name)
                index[key] = (*index.get(key, ()), path.parent)
        return index

    def _unknown(self, name: str) -> str:
        import difflib  # only where a name was wrong

        index = self._index()
        near = difflib.get_close_matches(_fold(name), index, n=3, cutoff=0.5)
        if not near:
            return f"there is no challenge {name!r}; `grader list` shows those there are"
        names = " or ".join(_id_or_folder(index[key][0]) for key in near)
        return f"there is no challenge {name!r}; did you mean {names}?"


def _load_only(folders: Folders) -> Loaded:
    if len(folders) > 1:
        raise AuthorError(
            f"one challenge is declared twice, in {folders[0]} and in {folders[1]}: "
            "rename one of them and its id, or leave one root out"
        )
    return _load(folders[0])


def _id_or_folder(folder: Path) -> str:
    """Return the id behind a folder; its name is as good where the challenge is broken."""
    try:
        return _load(folder).challenge.id
    except AuthorError:
        return folder.name


def _distinct(roots: Sequence[Path]) -> tuple[Path, ...]:
    """Return the roots, absolute and without repetition; a further root has to exist."""
    for root in roots[1:]:
        if not root.is_dir():
            raise UsageError(f"{root} is not a folder; give a folder that holds <challenge>/{SPEC}")
    return tuple(dict.fromkeys(root.resolve() for root in roots))


def _fold(name: str) -> str:
    """Return what an id and its folder share.

    >>> _fold("sgdWithMomentum") == _fold("sgd_with_momentum")
    True
    """
    return name.replace("_", "").lower()


def _load(folder: Path) -> Loaded:
    module = _import_spec(folder / SPEC)
    challenge = getattr(module, "challenge", None)
    if not isinstance(challenge, Challenge):
        raise AuthorError(f"{folder / SPEC} does not bind `challenge` to a grader.spec.Challenge")
    if _fold(challenge.id) != _fold(folder.name):
        raise AuthorError(
            f"{folder / SPEC}: the id is {challenge.id!r}, and the folder's name has to be "
            "the same in snake_case"
        )
    _check_origin(folder, challenge)
    return Loaded(challenge, folder, _digest(folder, [module, *_modules_of(challenge)]))


def _import_spec(path: Path) -> ModuleType:
    """Import a spec under a name of its own, once; every failure is one line for its author."""
    _make_importable(path.parents[2])
    name = f"challenge_{path.parent.name}_{hashlib.sha256(bytes(path)).hexdigest()[:12]}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise AuthorError(f"{path} cannot be read as a Python module")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise AuthorError(_author_line(path, error)) from error
    return module


def _make_importable(parent: Path) -> None:
    if str(parent) not in sys.path:
        sys.path.append(str(parent))


def _author_line(path: Path, error: Exception) -> str:
    """Return one line that names the file, the place and what is wrong there."""
    if isinstance(error, ValidationError):
        first, *others = error.errors(include_url=False, include_context=False)
        field = ".".join(str(part) for part in first["loc"])
        where = f"{error.title}.{field}" if field else error.title
        more = f" (and {len(others)} more)" if others else ""
        return f"{path}:{_line(path, error)}: {where}: {first['msg']}{more}"
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}"
    return f"{path}:{_line(path, error)}: {type(error).__name__}: {error}"


def _line(path: Path, error: Exception) -> int:
    """Return the last line of `path` that the error went through."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((f.lineno or 0 for f in reversed(frames) if f.filename == str(path)), 0)


def _check_origin(folder: Path, challenge: Challenge) -> None:
    """Refuse a reference that another root's file of the same name has shadowed."""
    for module in filter(_is_reference, _modules_of(challenge)):
        wanted = folder.parent.parent.joinpath(*module.__name__.split(".")).with_suffix(".py")
        if wanted.is_file() and _file(module) != wanted:
            raise AuthorError(
                f"{folder / SPEC} wants {wanted}, but Python finds {_file(module)} first under "
                f"the name {module.__name__}: rename one, or leave its root out"
            )


def _digest(folder: Path, modules: Sequence[ModuleType]) -> str:
    """Return the sha256 of the judge's version and of every source file that marks depend on.

    These are the spec and, followed through imports, what lies in its root or is part of
    `reference`. A statement gives no marks and is not covered.
    """
    total = hashlib.sha256(b"judge %d" % JUDGE_VERSION)
    for name, file in sorted(_sources(folder.parent, modules).items()):
        content = file.read_bytes()
        total.update(b"\n%s %d\n%s" % (name.encode(), len(content), content))
    return total.hexdigest()


def _sources(root: Path, modules: Sequence[ModuleType]) -> dict[str, Path]:
    """Return the sources of `modules` and of the modules that they use, by a name for each."""
    found: dict[str, Path] = {}
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        file = _file(module)
        if file is None or not (_is_reference(module) or file.is_relative_to(root)):
            continue
        name = module.__name__ if _is_reference(module) else file.relative_to(root).as_posix()
        if name not in found:
            found[name] = file
            waiting.extend(_modules_in(vars(module).values()))
    return found


def _is_reference(module: ModuleType) -> bool:
    return module.__name__.startswith(f"{REFERENCES}.")


def _modules_of(challenge: Challenge) -> Iterator[ModuleType]:
    """Yield the modules of the functions that a challenge names."""
    return _modules_in(functions_of(challenge))


def _modules_in(values: Iterable[object]) -> Iterator[ModuleType]:
    """Yield the modules among `values` and those that the other values were defined in."""
    for value in values:
        owner = sys.modules.get(str(getattr(value, "__module__", "")))
        if isinstance(value, ModuleType):
            yield value
        elif owner is not None:
            yield owner


def _file(module: ModuleType) -> Path | None:
    file = getattr(module, "__file__", None)
    return Path(file).resolve() if file else None
