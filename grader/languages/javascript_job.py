"""A JavaScript submission as its driver is given it. Pure.

Whatever can be said of a submission by its text the judge says, in a process that is warm: in the
box every function that runs for the first time costs a fork its own copies of the pages
that it touches. What is left to the driver is a header to unpack and two texts for the engine.
"""

import json
import re
import struct
from typing import Any

from grader.languages import javascript_source as sources
from grader.sandbox import wire

_HEADER = struct.Struct("<III?")
"""Megabytes of memory, bytes of prints and of a result, whether the program is a module.

Then the settings, JSON in one line: `names`, `due` (how many arguments are given), `chars`, `seed`
and `accessors` (whether the file seems to make getters) are for the prelude, `lines` and
`throwsNull` for the driver where something is thrown. Then the program, which is the file between a
head and a last line of ours.
"""

_CHARS_A_BYTE = 8
"""How much longer than its encoding a value may be as text: a NUL or "false," takes six."""


_ACCESSOR = re.compile(r"\bget\b|defineProp|__define|\\u")


def job_of(job: wire.Job) -> bytes:
    """Return the frame of a job for the driver `javascript_driver`."""
    text = sources.text_of(job.source)
    is_module = sources.is_module(job.filename, text)
    wrapped = sources.as_module if is_module else sources.as_script
    settings: dict[str, Any] = {
        "names": job.names,
        "due": len(job.parameters),
        "chars": _CHARS_A_BYTE * job.result_bytes,
        "seed": _words(job.seed),
        "accessors": _ACCESSOR.search(text) is not None,
        "lines": sources.line_count(text),
        "throwsNull": re.search(r"\bthrow\s+null\b", text) is not None,
    }
    header = _HEADER.pack(job.memory_mb, job.print_bytes, job.result_bytes, is_module)
    return header + f"{json.dumps(settings)}\n{wrapped(text, job.names)}".encode()


def parts_of(frame: bytes) -> tuple[int, int, int, bool, str, str]:
    """Return what `job_of` has put together: the header's fields, the settings, the program."""
    settings, _, program = frame[_HEADER.size :].decode().partition("\n")
    return *_HEADER.unpack_from(frame), settings, program


def _words(seed: bytes) -> list[int]:
    return [int.from_bytes(seed[at : at + 4].ljust(4, b"\0"), "little") for at in (0, 4, 8, 12)]
