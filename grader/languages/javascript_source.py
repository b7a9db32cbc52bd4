"""A JavaScript file as what the engine is given: a module, or CommonJS's function. Pure.

Both end in a line of ours that tells which of the wanted names the file has at its top level,
so that a function need not be exported. Line numbers stay the file's.
"""

import re
from collections.abc import Sequence

MODULE_STATEMENT = re.compile(
    r"^[ \t]*(?:export\b(?![ \t]*[=.:(])|import\b(?=[ \t]*[\w{*\"'])(?![ \t]*[(.]))", re.MULTILINE
)
FOUND = "__grader_found__"
"""The export in which a module's last line gives the functions it has at its top level."""

_HEAD = "(function (exports, require, module, __filename, __dirname) {"
HEAD_COLUMNS = len(_HEAD)
"""How far our own text moves the columns of a script's first line."""


def text_of(source: bytes) -> str:
    """Decode a file; a first line for the shell is no JavaScript, and becomes a comment."""
    text = source.decode("utf-8-sig", "replace")
    return "//" + text[2:] if text.startswith("#!") else text


def is_module(filename: str, text: str) -> bool:
    """Tell whether a file is an ES module: by its name, or by the statements that only those have.

    >>> is_module("a.js", "export const f = 1;"), is_module("a.js", "exports.f = 1;")
    (True, False)
    """
    if filename.lower().endswith((".mjs", ".cjs")):
        return filename.lower().endswith(".mjs")
    return MODULE_STATEMENT.search(text) is not None


def as_script(text: str, names: Sequence[str]) -> str:
    """Return an expression: the function that Node would make of a CommonJS file.

    It returns the wanted names' values, undefined where the file has no such name.
    """
    return f"{_HEAD}{text}\n;return {_values(names)}\n}})"


def as_module(text: str, names: Sequence[str]) -> str:
    """Return a module that exports the wanted names' values, as `FOUND`, beside its own."""
    return f"{text}\n;export const {FOUND} = {_values(names)};"


def unwrapped(program: str, *, is_module: bool) -> str:
    """Return the file of which `as_module` or `as_script` has made a program.

    >>> unwrapped(as_script("let f;", ["f"]), is_module=False)
    'let f;'
    """
    text = program.rpartition("\n;")[0]
    return text if is_module else text[len(_HEAD) :]


def line_count(text: str) -> int:
    """Return how many lines a file has; a line break at its end begins none."""
    return len(text.rstrip("\r\n").replace("\r\n", "\n").replace("\r", "\n").split("\n"))


DEFINITION = re.compile(
    r"^(?:export[ \t]+(?:default[ \t]+)?)?(?:async[ \t]+)?"
    r"(?:function[ \t]*\*?[ \t]*([A-Za-z_$][\w$]*)"
    r"|(?:const|let|var)[ \t]+([A-Za-z_$][\w$]*)[ \t]*=[ \t]*(?:async[ \t]*)?"
    r"(?:function\b|\(|[A-Za-z_$][\w$]*[ \t]*=>))",
    re.MULTILINE,
)


def defined_names(text: str) -> tuple[str, ...]:
    """Return the functions that a file seems to define at its top level, by its text alone.

    >>> defined_names("function f() {\\n  const g = () => 1;\\n}\\nconst h = (x) => x;")
    ('f', 'h')
    """
    return tuple(dict.fromkeys(a or b for a, b in DEFINITION.findall(text)))


def parameters(head: str) -> list[str]:
    """Return the parameters in a function's text; none where one of them is a pattern.

    >>> parameters("async (data, lr = 0.1, ...rest) => {"), parameters("x => x")
    (['data', 'lr', 'rest'], ['x'])
    """
    found = re.match(r"[^(]*?\(([^()]*)\)", head)
    listed = found[1] if found else head.partition("=>")[0]
    if re.search(r"[{\[]", listed):
        return []
    names = (re.match(r"\s*(?:\.\.\.)?([A-Za-z_$][\w$]*)", part) for part in listed.split(","))
    return [name[1] for name in names if name]


def _values(names: Sequence[str]) -> str:
    each = (f'typeof {name} === "undefined" ? undefined : {name}' for name in names)
    return f"[{', '.join(each)}]"
