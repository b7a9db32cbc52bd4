"""A JavaScript submission as text, in the judge: is it JavaScript at all, and what does it say?

As for Python: `check_source` decides before anything runs, on facts that no correct file
shares, and the rest is left to the engine in the box, whose errors `explain` puts into words.
The judge never parses or runs what a student has written, and never imports the engine.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

from grader.languages import Language, SourceProblem, encoded_job, node
from grader.languages import javascript_source as sources
from grader.languages.javascript_words import WORDS
from grader.languages.source_checks import Words, check_bytes, check_document, check_utf8
from grader.sandbox.faults import Invalid, InvalidReason, Raised

if TYPE_CHECKING:
    from grader.sandbox.wire import Job

ENGINE = "quickjs-ng"
EXTRA = "pip install 'grader[javascript]'"

_WORDS = Words("JavaScript", ".js")

_CPU_FACTOR = 4.0
"""QuickJS over CPython in CPU time: at the median 1.8 and at worst 3.7 in loops that take time
(`tests/benchmarks/engines.py`). An endless loop costs that much more, an honest one no mark."""


def check_source(source: bytes) -> SourceProblem | None:
    """Return what makes the bytes of a file no JavaScript, or None where the engine may judge."""
    found = check_bytes(source, _WORDS) or check_utf8(source, _WORDS)
    return found or _check_text(sources.text_of(source))


def explain(
    source: bytes,
    invalid: Invalid,
    packages: Sequence[str],  # noqa: ARG001 - Python's alone
) -> SourceProblem | None:
    """Say what a file's failure to compile or to load means; None where nothing is known of it."""
    if invalid.error is None:
        return None
    text = sources.text_of(source)
    if invalid.reason is InvalidReason.DOES_NOT_COMPILE:
        return _explain_syntax(text, invalid.error)
    missing = _MISSING.search(invalid.error.message)
    if missing is None:
        return None
    line = invalid.error.line or _line_of_import(text, missing[1])
    return SourceProblem(
        "import_missing",
        f"there is no module '{missing[1][:60]}' here: only the language itself and this one file",
        "delete the import if nothing needs it; if it is a file of your own, copy what you use of "
        "it into this file",
        line,
    )


def job_of(job: "Job") -> bytes:
    """Return the frame of a job as the driver reads it."""
    from grader.languages import javascript_job  # as in `frame_of`

    return javascript_job.job_of(job)


def frame_of(payload: bytes) -> bytes:
    """Return the arguments of a call as the driver reads them."""
    frame: bytes = _frames().frame_of(payload)
    return frame


@cache
def _frames() -> ModuleType:
    from grader.languages import javascript_frames  # numpy, which a box may start without

    return javascript_frames


def missing_engine() -> str | None:
    """Return what to install where JavaScript cannot be run, None where it can."""
    if find_spec("_quickjs") is not None:
        return None
    return f"JavaScript needs the engine {ENGINE}, which is not installed: run {EXTRA}"


@cache
def engine_version() -> tuple[str, ...]:
    """Return the engine and its version, for a run's key; empty without one."""
    from importlib import metadata  # 10 ms, and for JavaScript alone

    try:
        return (f"{ENGINE} {metadata.version(ENGINE)}",)
    except metadata.PackageNotFoundError:
        return ()


def parameter_names(source: bytes, function: str) -> tuple[str, ...]:
    """Return the parameters of a function of a file, by its text alone.

    >>> parameter_names(b"const f = (a, b = 2) => a;", "f")
    ('a', 'b')
    """
    name = re.escape(function)
    head = re.compile(
        rf"^(?:export[ \t]+)?(?:default[ \t]+)?(?:async[ \t]+)?function[ \t]*\*?[ \t]*{name}[ \t]*"
        rf"\(([^()]*)\)"
        rf"|^(?:export[ \t]+)?(?:const|let|var)[ \t]+{name}[ \t]*=[ \t]*(?:async[ \t]*)?"
        rf"(?:function\b[ \t]*\w*[ \t]*)?\(([^()]*)\)",
        re.MULTILINE,
    )
    found = head.findall(sources.text_of(source))
    return tuple(sources.parameters(f"({found[-1][0] or found[-1][1]})")) if found else ()


def defined_names(source: bytes) -> frozenset[str]:
    """Return the names that a file seems to define or export, by its text alone.

    >>> sorted(defined_names(b"exports.f = 1;\\nfunction g() {}"))
    ['f', 'g']
    """
    text = sources.text_of(source)
    exported = (name for names in _EXPORT.findall(text) for name in re.split(r"[\s,]+", names))
    assigned = _ASSIGNED.findall(text)
    return frozenset({*sources.defined_names(text), *assigned, *filter(None, exported)})


_MISSING = re.compile(r"(?:Cannot find module|could not load module) '([^'\n]{1,200})'")
_EXPORT = re.compile(r"^[ \t]*(?:module\.exports[ \t]*=|export)[ \t]*\{([^{}]*)\}", re.MULTILINE)
_ASSIGNED = re.compile(r"^[ \t]*(?:module[ \t]*\.[ \t]*)?exports\.([A-Za-z_$][\w$]*)", re.MULTILINE)


def _check_text(text: str) -> SourceProblem | None:
    found = check_document(text, _WORDS)
    if found is not None:
        return found
    for number, line in enumerate(_lines(text), 1):
        bare = line.strip()
        if bare.startswith(("```", "~~~")):
            return SourceProblem(
                "markdown",
                "the code is wrapped in Markdown, which is not JavaScript",
                "delete the lines with ``` and the prose outside of them",
                number,
            )
        if bare and not bare.startswith("//"):
            return None
    return SourceProblem(
        "only_comments", "the file has only comments, no code", "define the function in it"
    )


def _explain_syntax(text: str, error: Raised) -> SourceProblem:
    lines = _lines(text)
    line = error.line or 0
    here = lines[line - 1][:300] if 0 < line <= len(lines) else ""
    for kind, pattern, message, hint in _ACCIDENTS:
        if re.match(pattern, here):
            return SourceProblem(kind, message, hint, line)
    return SourceProblem(
        "syntax",
        f"JavaScript cannot read the file: {error.message or error.kind}",
        "look for a bracket or a brace that has no counterpart; indenting shows it"
        if "never closed" in error.message
        else "look at this line and at the one before it"
        if line
        else "check the whole file",
        error.line,
    )


_ACCIDENTS = (
    (
        "markdown",
        r"\s*(?:```|~~~)",
        "the code is wrapped in Markdown, which is not JavaScript",
        "delete the lines with ``` and the prose outside of them",
    ),
    (
        "merge_conflict",
        r"(?:<{7}|={7}|>{7})(?: |$)",
        "a merge conflict was left in the file",
        "keep one of the two versions and delete the lines <<<<<<<, ======= and >>>>>>>",
    ),
    (
        "transcript",
        r"\s*(?:> |\.\.\. )",
        "this is a copy of an interactive session: `>` is the prompt, not code",
        "delete the prompts and the printed results",
    ),
    (
        "character",
        r".*[\u2018\u2019\u201c\u201d\u2212\u00d7]",
        "a character in this line only looks like JavaScript's (pasted from a document or a chat?)",
        "type plain quotes (' or \"), - and * in its place",
    ),
    (
        "other_language",
        r"\s*(?:def|elif|from\s+\w+\s+import|import\s+\w+(?:\s+as\s+\w+)?\s*$|class\s+\w+.*:\s*$"
        r"|for\s+\w+\s+in\s+.*:\s*$|if\s.*:\s*$|while\s.*:\s*$|#)",
        "this looks like Python, in a file that is run as JavaScript",
        "write it in JavaScript, or give the file the suffix .py",
    ),
    (
        "typescript",
        r"\s*(?:interface\s+\w+\s*\{|type\s+\w+\s*=|(?:export\s+)?(?:async\s+)?function\s*\w*\s*\("
        r"[^()]*\w\??\s*:|(?:const|let|var)\s+\w+\s*:|.*\)\s*:\s*\w+[\w<>\[\]]*\s*(?:=>|\{))",
        "this looks like TypeScript: JavaScript has no types in its text",
        "take the types out, or hand in what the TypeScript compiler makes of the file",
    ),
)


def _line_of_import(text: str, name: str) -> int | None:
    """Return the line that imports a module; the engine does not say which."""
    wanted = re.compile(rf"\bimport\b.*['\"](?:\./)?{re.escape(name)}['\"]")
    return next((n for n, line in enumerate(_lines(text), 1) if wanted.search(line[:300])), None)


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


LANGUAGE = Language(
    name="javascript",
    title="JavaScript",
    suffixes=(".js", ".mjs", ".cjs"),
    starter="starter.mjs",
    driver="grader.languages.javascript_driver",
    check_source=check_source,
    explain=explain,
    defined_names=defined_names,
    parameter_names=parameter_names,
    missing_engine=missing_engine,
    engine_version=engine_version,
    cpu_factor=_CPU_FACTOR,
    has_arrays=False,
    words=WORDS,
    job_of=job_of,
    frame_of=frame_of,
)

ON_NODE = replace(
    LANGUAGE,
    driver="grader.languages.node_driver",
    missing_engine=node.missing_engine,
    engine_version=node.engine_version,
    program=node.path,
    cpu_factor=2.0,
    job_of=encoded_job,
    frame_of=bytes,
)
"""For what QuickJS cannot run. Twice Python's time covers starting and compiling.

Measured: 40 ms to start (QuickJS 3); 12 ms for a call that is too short to be compiled (5, and 3 in
Python); 39 ms for 20 000 steps of gradient descent in 50 dimensions (292, and 220 in Python).
"""
