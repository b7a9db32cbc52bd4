"""The rows of the table: what any driver is asked, and what has to come back."""

import math
from dataclasses import dataclass

import numpy as np

from conformance.cells import Gives, Outcome, Raises, Refused, Stops
from grader.sandbox.faults import MAX_MESSAGE, InvalidReason
from grader.spec import Limits
from grader.verdict import Verdict

NAMES = ("theAnswer", "the_answer")
"""The accepted names of the function in every source of the table."""

LIMITS = Limits(cpu_case_s=2, cpu_s=4, wall_s=9, memory_mb=96, print_bytes=4096)
BRIEF = Limits(cpu_case_s=0.2, cpu_s=0.4, wall_s=6, memory_mb=96)
IMPATIENT = Limits(cpu_case_s=0.3, cpu_s=0.6, wall_s=0.3, memory_mb=96)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that a driver does. `calls` are the arguments of each call, in one process.

    `expected` has one outcome for each call; None where a test of its own looks at it.
    """

    name: str
    expected: tuple[Outcome, ...] | None
    calls: tuple[tuple[object, ...], ...] = ((1,),)
    at_import: str = ""
    limits: Limits = LIMITS


_SPECIAL = ("__proto__", "constructor", "toString", "hasOwnProperty", "__class__")

ECHOED: dict[str, object] = {
    "None": None,
    "true": True,
    "false": False,
    "zero": 0,
    "a negative number": -7,
    "the last whole number": 2**53,
    "its opposite": -(2**53),
    "a fraction": 0.1,
    "negative zero": -0.0,
    "not a number": math.nan,
    "infinity": math.inf,
    "negative infinity": -math.inf,
    "the least number": 5e-324,
    "a denormal number": -1.5e-310,
    "the largest number": 1.7976931348623157e308,
    "a number with an exponent": [1e21, 1e-7, 1.5e300, 123456789012345680.0],
    "an empty text": "",
    "text of many scripts": "é ñ 漢字 😀 \u202e",
    "text with NUL": "a\0b",
    "text with quotes": "'\"`\\${}</script>",
    "text with line breaks": "\r\n\t\u2028\u2029\x7f\x1b",
    "text like ours": ["tt", "oBigInt", "!v", "x\n", ""],
    "a long text": "xyz" * 5000,
    "an empty list": [],
    "empty lists": [[], [[]]],
    "nested lists": [[1, 2], [3], [[4]], "five"],
    "a list at the depth allowed": [[[[[[[[[[1.5]]]]]]]]]],
    "a large table": [[x + y / 7 for x in range(100)] for y in range(600)],
    "an empty mapping": {},
    "a mapping": {"b": 1, "a": [2, {"c": None}]},
    "keys that are special elsewhere": {
        name: number
        for number, name in enumerate(
            [*_SPECIAL, "é😀", "length", "0", "self", "then", 'q"', "value", "\0", ""]
        )
    },
    "special keys beside what is not finite": {
        "__proto__": math.nan,
        "a": {"__proto__": -0.0},
        'x"__proto__': math.inf,
        '"__proto__":': '"__proto__":',
    },
    "an empty tuple": (),
    "tuples": (1, (2, 3), [4, (5,)]),
    "a table": np.arange(6.0).reshape(2, 3) / 7,
    "a row": np.array([1.5, -0.0, math.nan]),
    "a cube": np.arange(8.0).reshape(2, 2, 2),
    "an empty array": np.zeros(0),
    "an array of no rows": np.zeros((0, 3)),
    "an array of no columns": np.zeros((3, 0)),
    "whole numbers in an array": np.array([[1, -2], [3, 2**40]]),
    "small numbers in an array": np.array([1, 2, 255], np.uint8),
    "single precision": np.array([0.5, 0.1], np.float32),
    "arrays within others": {"w": np.array([1.5]), "all": [np.zeros((2, 2)), (np.ones(1),)]},
    # What has no counterpart everywhere, so that a column may say its own.
    "a number too large to be exact": 2**80 + 1,
    "an array of no dimension": np.array(3.5),
    "an array of truths": np.array([True, False]),
    "a scalar of numpy's": np.float32(0.5),
    "a complex number": 2 - 3j,
    "bytes": b"ab",
    "a set": {3, 1, 2},
    "keys that are no text": {1: "one", 2.5: "more"},
}
"""Values that come back from a function that returns its argument."""

_INVALID, _TIME = Verdict.INVALID_SUBMISSION, Verdict.TIME_LIMIT_EXCEEDED
_MEMORY, _OUTPUT = Verdict.MEMORY_LIMIT_EXCEEDED, Verdict.OUTPUT_LIMIT_EXCEEDED

NESTED = [[1, 2], {"a": {"b": [3]}}, "text"]
TEXT = "é😀\0\n\"'\\"


def _gives(*values: object) -> tuple[Outcome, ...]:
    return tuple(map(Gives, values))


ROWS: tuple[Row, ...] = (
    *(Row(f"echo: {name}", _gives(value), ((value,),)) for name, value in ECHOED.items()),
    # --- Values out: what the language has for each of them ---------------------------------
    Row("out: nothing", _gives(None)),
    Row("out: truths", _gives([True, False])),
    Row("out: numbers", _gives([0, -0.0, 0.5, math.nan, math.inf, -math.inf, 5e-324])),
    Row("out: a large whole number", _gives(2**53 - 1)),
    Row("out: text", _gives(TEXT)),
    Row("out: a lone surrogate", _gives("\\ud800")),
    Row("out: nested", _gives(NESTED)),
    Row("out: special keys", _gives({"__proto__": 1, "constructor": 2, "": 3, "é": 4})),
    Row("out: one value in two places", _gives([[1], [1]])),
    Row("out: a tuple", _gives((1, 2))),
    Row("out: an array of numbers", _gives(np.array([1.5, 2.5]))),
    Row("out: a list with holes", _gives([1, None, 3])),
    Row("out: a function", None),
    Row("out: a generator", None),
    Row("out: an iterator", None),
    Row("out: a big integer", None),
    Row("out: a symbol", None),
    Row("out: a set", None),
    Row("out: a map", None),
    Row("out: a date", None),
    Row("out: a pattern", None),
    Row("out: an error", None),
    Row("out: what is to come", None),
    Row("out: a boxed number", None),
    Row("out: a getter", None),
    Row("out: a proxy", None),
    Row("out: a buffer", None),
    Row("out: an object of its own", None),
    Row("out: an opaque value within others", None),
    Row("out: a cycle", (Stops(_OUTPUT, "nested deeper"), Gives(1)), ((0,), (1,))),
    Row("out: a cycle of mappings", (Stops(_OUTPUT, "nested deeper"), Gives(1)), ((0,), (1,))),
    Row("out: too deep", (Stops(_OUTPUT, "nested deeper"), Gives(1)), ((0,), (1,))),
    Row("out: too many items", (Stops(_OUTPUT, "items"), Gives(1)), ((0,), (1,))),
    Row("out: too long a text", (Stops(_OUTPUT, "KiB"), Gives(1)), ((0,), (1,))),
    Row("out: too many bytes", (Stops(_OUTPUT, "KiB"), Gives(1)), ((0,), (1,))),
    Row("out: too large an integer", (Stops(_OUTPUT, "bits"), Gives(1)), ((0,), (1,))),
    # --- Inputs ------------------------------------------------------------------------------
    Row(
        "inputs: changed by one call of three",
        (Gives(3, changed=True), Gives(2), Gives(3, changed=True)),
        (([0.5, 1],), ([],), ([2, 3],)),
    ),
    Row("inputs: put back as they were", _gives([2, 1]), (([2, 1],),)),
    Row("inputs: changed deep within", (Gives(1, changed=True),), (({"a": [{"b": 1}]},),)),
    Row("inputs: given a further key", (Gives(2, changed=True),), (({"a": 1},),)),
    Row("inputs: an array written to", (Gives(9, changed=True),), ((np.zeros((2, 2)),),)),
    Row("inputs: kept, and fresh in the next call", _gives(0, 1), (([1],), ([1],))),
    Row("inputs: two of them", _gives([1, "b"]), ((1, "b"),)),
    Row("inputs: none", _gives(7), ((),)),
    # --- The function ------------------------------------------------------------------------
    Row("entry: in every form", _gives(7)),
    Row("entry: by its other name", _gives(7)),
    Row("entry: with more parameters than are given", _gives(7)),
    Row("entry: with fewer parameters than are given", None),
    Row(
        "entry: not there",
        (Refused(InvalidReason.NO_ENTRY_POINT, names=("other", "theanswer")),),
    ),
    Row("entry: an empty file", (Refused(InvalidReason.NO_ENTRY_POINT, names=()),)),
    Row("entry: not callable", (Refused(InvalidReason.NOT_CALLABLE),)),
    Row(
        "entry: too many parameters",
        (Refused(InvalidReason.WRONG_PARAMETERS, names=("a", "b")),),
    ),
    # --- Errors in the call ------------------------------------------------------------------
    Row("error: a value refused", None),
    Row("error: of the wrong type", (Raises("TypeError", 2),)),
    Row("error: an unknown name", None),
    Row("error: of its own class", None),
    Row("error: frames", None),
    Row("error: no error at all", None),
    Row("error: without a message", None),
    Row("error: a long message", None),
    Row("error: a text that cannot be had", None),
    Row("error: a message that is no text", None),
    Row("error: recursion", None),
    Row("error: recursion within conversions", None),
    Row("error: out of memory, and on", (Stops(_MEMORY), Gives(1)), ((0,), (1,))),
    Row("error: in one call, and on", None, ((0,), (1,))),
    Row("error: in a text evaluated", None),
    # --- Files that cannot be read or loaded -------------------------------------------------
    Row("file: wrong on its first line", None),
    Row("file: wrong on its last line", None),
    Row("file: a bracket left open", None),
    Row("file: wrong, with CRLF", None),
    Row("file: wrong, with CR", None),
    Row("file: fails when loaded", None),
    Row("file: loads what is not there", None),
    Row("file: nested beyond measure", None),
    Row("file: with a byte order mark", _gives(7)),
    Row("file: with CRLF", _gives(7)),
    Row("file: with CR", _gives(7)),
    Row("file: with a line for the shell", _gives(7)),
    Row("file: without a line break at its end", _gives(7)),
    Row("file: ends in a comment", _gives(7)),
    # --- Prints ------------------------------------------------------------------------------
    Row("print: at import", (Gives(1, "call\n"),), at_import="import\n"),
    Row("print: in each call", (Gives(1, "1 a\n"), Gives(2, "2 a\n")), ((1,), (2,))),
    Row("print: before an error", None),
    Row("print: before a refusal", None),
    Row("print: text of every kind", (Gives(1, "é😀\n"),)),
    Row("print: a lone surrogate", None),
    Row("print: to the streams", (Gives(1, "out err"),)),
    Row("print: a flood", (Stops(_OUTPUT, "printed"),)),
    Row("print: a flood at once", (Stops(_OUTPUT, "printed"),)),
    Row("print: a flood at import", (Stops(_OUTPUT, "printed"),)),
    Row(
        "print: counted over all calls",
        (Gives(1, "x" * 3000 + "\n"), Stops(_OUTPUT, "printed")),
        ((1,), (1,)),
    ),
    # --- Ends --------------------------------------------------------------------------------
    Row("end: exit at import", (Refused(InvalidReason.EXITS_AT_IMPORT),)),
    Row("end: exit in the call", (Raises("SystemExit"), Gives(1)), ((0,), (1,))),
    Row("end: a loop", (Stops(_TIME, "CPU time"), Gives(1)), ((0,), (1,)), limits=BRIEF),
    Row("end: a loop at import", (Stops(_TIME, "imported"),), limits=BRIEF),
    Row("end: sleep", (Stops(_TIME, "by the clock"),), limits=IMPATIENT),
    # --- State and chance --------------------------------------------------------------------
    Row("state: kept from call to call", _gives(1, 2, 3), ((0,), (0,), (0,))),
    Row(
        "state: lost with the process",
        (Gives(1), Stops(_TIME), Gives(1)),
        ((0,), (1,), (0,)),
        limits=BRIEF,
    ),
    Row("chance: random numbers", None, ((0,), (0,))),
    # --- What comes later --------------------------------------------------------------------
    Row("later: a value", _gives(7)),
    Row("later: an object to wait for", _gives(7)),
    Row("later: an error", None),
    Row("later: an exit", (Raises("SystemExit"),)),
    Row("later: an input changed", (Gives(1, changed=True),), (([0],),)),
    Row("later: prints", (Gives(1, "a\nb\n"),)),
    Row("later: the order of things", _gives(["now", "tick", "micro", "1", "2", "3"])),
    Row("later: a repeated timer, cleared", _gives(3)),
    Row("later: timers of strange pauses", _gives("done")),
    Row("later: an error in a timer", None),
    Row("later: an error in a task", None),
    Row("later: never", None),
    Row("later: too late for its own call", None, ((0,), (1,))),
    Row("later: awaited at import", _gives(7)),
    Row("later: never at import", None),
    Row("later: a loop of tasks", (Stops(_TIME, "CPU time"),), limits=BRIEF),
    Row("later: a loop of timers", (Stops(_TIME),), limits=IMPATIENT),
)

LONG_MESSAGE = "m" * MAX_MESSAGE
