"""Makes a named misconception of a mutant: a variant beside the reference, an entry in the spec.

What is written is source for its author to go on with: a function that makes the one change, and
an entry whose sentences are still to be written (`verify` holds until they are). Both files are
changed as texts, at one place each, and only if both still parse.
"""

import ast
import inspect
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from grader.catalog import SPEC, Loaded
from grader.errors import UsageError
from grader.mutation import Mutant, mutants
from grader.programs import source_of
from grader.spec import UNWRITTEN

_SLUG = re.compile(r"[a-z][a-z0-9-]*\Z")


@dataclass(frozen=True, slots=True)
class Promoted:
    """The new texts, by the file that they belong to, and what the change was."""

    texts: dict[Path, str]
    function: str
    change: str


def promote(loaded: Loaded, mutant_id: str, name: str | None) -> Promoted:
    """Return both files with the mutant as misconception `name` (by default, its id).

    `UsageError` where there is no such mutant, the name is taken, or a place is not found.
    """
    mutant = _mutant(loaded, mutant_id)
    identifier = name or mutant.id
    if not _SLUG.match(identifier):
        raise UsageError(f"{identifier!r} is no id: use small letters, digits and hyphens")
    if identifier in {entry.id for entry in loaded.challenge.misconceptions}:
        raise UsageError(f"{loaded.challenge.id} has a misconception {identifier!r} already")
    function = identifier.replace("-", "_")
    reference = Path(inspect.getfile(loaded.challenge.reference))
    spec = loaded.folder / SPEC
    texts = {
        reference: _with_variant(reference.read_text(encoding="utf-8"), loaded, mutant, function),
        spec: _with_entry(spec.read_text(encoding="utf-8"), loaded, identifier, function, mutant),
    }
    for path, text in texts.items():
        _check_parses(path, text)
    return Promoted(texts, function, mutant.change)


def write(promoted: Promoted) -> None:
    """Write both files, each in one step."""
    for path, text in promoted.texts.items():
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            draft.write_text(text, encoding="utf-8")
            os.replace(draft, path)
        except OSError as error:
            raise UsageError(f"cannot write {path}: {error.strerror}") from None
        finally:
            draft.unlink(missing_ok=True)


def _mutant(loaded: Loaded, mutant_id: str) -> Mutant:
    challenge = loaded.challenge
    made = mutants(source_of(challenge.reference, challenge.id), challenge.id)
    found = next((each for each in made if each.id == mutant_id), None)
    if found is None:
        raise UsageError(
            f"{challenge.id} has no mutant {mutant_id!r}: take the id from an instructor's report "
            "(`grader grade --view instructor`), under the kind `mutant`"
        )
    return found


def _with_variant(text: str, loaded: Loaded, mutant: Mutant, function: str) -> str:
    """Return the reference's file with the variant at its end, under the reference's signature."""
    reference = loaded.challenge.reference
    definition = _function(ast.parse(text), reference.__name__)
    if f"def {function}(" in text:
        raise UsageError(f"the reference's file has a function {function} already: give another id")
    changed = _function(ast.parse(mutant.source), loaded.challenge.id)
    plain = _function(ast.parse(source_of(reference, loaded.challenge.id)), loaded.challenge.id)
    if ast.dump(changed) == ast.dump(plain):
        raise UsageError(
            f"the mutant {mutant.id} changes a helper of the reference, not the reference itself: "
            "write that variant by hand"
        )
    docstring = ast.Expr(ast.Constant(f"Make one change: {mutant.change}."))
    definition.name = function
    definition.body = [docstring, *changed.body]
    return f"{text.rstrip()}\n\n\n{ast.unparse(ast.fix_missing_locations(definition))}\n"


def _function(module: ast.Module, name: str) -> ast.FunctionDef:
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return node
    raise UsageError(f"the file of the reference has no function {name} at its top level")


def _with_entry(text: str, loaded: Loaded, identifier: str, function: str, mutant: Mutant) -> str:
    """Return the spec with one more entry at the end of its misconceptions."""
    place = _misconceptions(ast.parse(text))
    alias = _alias(loaded)
    entry = (
        f"    # {mutant.change}\n"
        "    Misconception(\n"
        f'        id="{identifier}",\n'
        f"        variant={alias}.{function},\n"
        f'        title="{UNWRITTEN} a title",\n'
        f'        hint="{UNWRITTEN} what was done, and where to look.",\n'
        "    ),\n"
    )
    lines = text.splitlines(keepends=True)
    line, column = (place.end_lineno or 1) - 1, (place.end_col_offset or 1) - 1
    before, after = lines[line][:column], lines[line][column:]
    separator = "" if before.strip() in ("", "(") or before.rstrip().endswith((",", "(")) else ","
    lines[line] = (
        f"{before.rstrip()}{separator}\n{entry}{after}" if before.strip() else entry + after
    )
    return "".join(lines)


def _misconceptions(module: ast.Module) -> ast.Tuple:
    """Return the tuple of misconceptions: written in the call of Challenge, or named there."""
    value = next(
        (
            keyword.value
            for node in ast.walk(module)
            if isinstance(node, ast.Call)
            for keyword in node.keywords
            if keyword.arg == "misconceptions"
        ),
        None,
    )
    if isinstance(value, ast.Name):
        named = value.id
        value = next(
            (
                node.value
                for node in module.body
                if isinstance(node, ast.Assign)
                and any(isinstance(each, ast.Name) and each.id == named for each in node.targets)
            ),
            None,
        )
    if not isinstance(value, ast.Tuple):
        raise UsageError(
            "the spec has no tuple of misconceptions to add to: write `misconceptions=()` into it"
        )
    return value


def _alias(loaded: Loaded) -> str:
    """Return the name that the spec knows the reference's module by."""
    owner = sys.modules[loaded.challenge.reference.__module__]
    spec = next(
        module
        for module in list(sys.modules.values())
        if getattr(module, "__file__", None) == str(loaded.folder / SPEC)
    )
    for name, value in vars(spec).items():
        if isinstance(value, ModuleType) and value is owner:
            return name
    raise UsageError(
        f"the spec does not import {owner.__name__} as a module; write "
        f"`from reference import {loaded.folder.name} as programs`"
    )


def _check_parses(path: Path, text: str) -> None:
    try:
        ast.parse(text)
    except SyntaxError as error:
        raise UsageError(
            f"{path} would not parse any more (line {error.lineno}); nothing was written"
        ) from None
