"""A file that is no Python program is called what it is, and a program is never called that."""

import json
from pathlib import PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import languages
from grader.languages import python
from grader.languages.python_exceptions import describe_syntax
from grader.languages.python_syntax import explain_syntax_error
from grader.sandbox import wire
from grader.submission import MAX_SOURCE_BYTES

GOOD = 'def f(x):\n    """Adds.\n\n    >>> f(1)\n    2\n    ```python\n    f(1)\n    ```\n    """\n'
GOOD += "    # <<<<<<< print x, 1L; 'quoted' and “quoted”\n    return x + 1\n"
NOTEBOOK = json.dumps({"cells": [{"source": ["x = 1"]}], "nbformat": 4, "metadata": None}, indent=1)


@pytest.mark.parametrize(
    "source",
    [
        GOOD.encode(),
        b"\xef\xbb\xbf" + GOOD.encode(),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
        "# coding: cp1252\nx = '“'\n".encode("cp1252"),
        b"MZ = 1\n",
        b"Rar = 2\n",
        b"\n\n\x0c\n'''doc'''\n",
        b"{'cells': 1}\n",
        b"x = 'a\x01b'",
        b"# coding: punycode\nx = 1",
    ],
)
def test_a_program_is_left_to_the_compiler(source):
    assert python.check_source(source) is None


@pytest.mark.parametrize(
    ("kind", "line", "source"),
    [
        ("empty", None, b""),
        ("empty", None, b"\xef\xbb\xbf\r\n \t\n"),
        ("only_comments", None, b"# sgdWithMomentum\n\n# to do\n"),
        ("too_large", None, b"#" * (MAX_SOURCE_BYTES + 1)),
        ("binary", None, b"\x7fELF\x02\x01\x01\x00\x00"),
        ("binary", None, b"PK\x03\x04\x14\x00"),
        ("binary", None, b"%PDF-1.7\n%\xe2\xe3"),
        ("binary", None, b"\x89PNG\r\n\x1a\n\x00"),
        ("binary", None, b"\xa7\r\r\n\x00\x00\x00\x00code"),
        ("binary", 2, b"x = 1\ny = '\x00'\n"),
        ("utf16", None, "x = 1\n".encode("utf-16")),
        ("utf16", None, GOOD.encode("utf-16-le")),
        ("utf16", None, GOOD.encode("utf-16-be")),
        ("encoding", 2, "x = 1\n# café\n".encode("latin-1")),
        ("encoding", 4, "x = 1\n\n\ns = 'é'\n".encode("latin-1")),
        ("encoding", 1, b"# coding: klingon\nx = 1\n"),
        ("encoding", 2, b"#!/usr/bin/python\n# coding: klingon\nx = 1\n"),
        ("encoding", 2, "# coding: ascii\n# é\n".encode()),
        ("encoding", 1, b"\xef\xbb\xbf# coding: latin-1\n"),
        ("notebook", None, NOTEBOOK.encode()),
        ("html", None, b"\n<!DOCTYPE html>\n<html>"),
        ("html", None, b"<html lang='en'>"),
        ("markdown", 1, b"```python\nx = 1\n```\n"),
        ("markdown", 3, b"# Solution\n\n```\nx = 1\n```\n"),
        ("transcript", 1, b">>> x = 1\n>>> x\n1\n"),
    ],
)
def test_what_is_no_program_is_named(kind, line, source):
    problem = python.check_source(source)
    assert (kind, line) == (problem.kind, problem.line)
    assert problem.hint
    assert "\n" not in str(problem)


@given(st.binary(max_size=200))
def test_any_bytes_are_judged_without_a_fault(source):
    python.check_source(source)


@given(st.text(max_size=100), st.integers(0, 9), st.text(max_size=50))
def test_any_error_is_explained_without_a_fault(text, line, message):
    assert explain_syntax_error(text, wire.Raised("SyntaxError", line=line, message=message))


def explained(text):
    """What is said of a file of the test's own that this interpreter's compiler refuses."""
    with pytest.raises((SyntaxError, ValueError, RecursionError, MemoryError)) as caught:
        compile(text, "f.py", "exec", dont_inherit=True)
    return explain_syntax_error(text, describe_syntax(caught.value))


@pytest.mark.parametrize(
    ("kind", "line", "text"),
    [
        ("syntax", 2, "def f(x):\n    return x +\n"),
        ("syntax", 1, "def f(x)\n    return x\n"),
        ("syntax", 1, "x = (1,\ny = 2\n"),
        ("syntax", 4, '"""\n```python\n"""\nx = = 1\n'),
        ("syntax", 2, "# <<<<<<<\nx = 1.05 + + * 2\n"),
        ("syntax", 1, "if x => 3: pass\n"),
        ("syntax", 2, "x = 1\ny = x x\n"),
        ("indentation", 2, "def f():\nreturn 1\n"),
        ("indentation", 3, "def f():\n    x = 1\n      return x\n"),
        ("tabs", 3, "def f():\n        x = 1\n\treturn x\n"),
        ("tabs", 3, "def f():\n\tx = 1\n    return x\n"),
        ("tabs", 4, "if 1:\n\tx = 1\n\tif x:\n        y = 1\n"),
        ("python2", 2, "x = 1\nprint x\n"),
        ("python2", 1, "print 'hello'\n"),
        ("python2", 1, "print 'w = %d' % 3, 4\n"),
        ("python2", 3, "try:\n    f()\nexcept ValueError, e:\n    pass\n"),
        ("python2", 1, "raise ValueError, 'no'\n"),
        ("python2", 1, "if x <> 1: pass\n"),
        ("python2", 1, "x = `1`\n"),
        ("python2", 1, "x = 10L\n"),
        ("python2", 1, "x = 0777\n"),
        ("python2", 1, "exec 'x = 1'\n"),
        ("other_language", 1, "function sgdWithMomentum(data, lr) {\n  return 0;\n}\n"),
        ("other_language", 1, "// SGD\nexport const sgd = (data) => {\n}\n"),
        ("other_language", 1, "const sgd = (a, b) => a;\n"),
        ("other_language", 1, "import fs from 'fs';\n"),
        ("other_language", 1, "public class Main {\n}\n"),
        ("other_language", 1, "double sgd(double lr) {\n}\n"),
        ("comment", 2, "x = 1\n// a comment\n"),
        ("markdown", 3, "x = 1\ny = 2\n```\n"),
        ("markdown", 3, "Here is my solution to it:\n\n```python\nx = 1\n```\n"),
        ("transcript", 2, "x = 1\n>>> x\n1\n"),
        ("line_numbers", 1, "1  def f(x):\n2      y = x\n3      return y\n"),
        ("merge_conflict", 2, "x = 1\n<<<<<<< HEAD\nx = 2\n=======\nx = 3\n>>>>>>> other\n"),
        ("character", 1, "x = “hello”\n"),
        ("character", 2, "x = 1\ny\u00a0= 2\n"),
        ("character", 1, "x = 3 − 1\n"),
        ("character", 1, "x = 3 × 2\n"),
        ("character", 1, "x\u200b = 3\n"),
        ("too_deep", 1, "x = " + "(" * 500 + ")" * 500 + "\n"),
        ("too_deep", None, "x = " + "-" * 200_000 + "1\n"),
    ],
)
def test_an_accident_is_named_with_its_line(kind, line, text):
    problem = explained(text)
    assert (kind, line) == (problem.kind, problem.line)
    assert problem.hint


def test_a_character_is_named_and_its_remedy_told():
    problem = explained("x = 3 − 1\n")
    assert "MINUS SIGN" in problem.message
    assert "ordinary -" in problem.hint


def _imported(message, packages=("numpy",)):
    error = wire.Raised("ModuleNotFoundError", line=3, message=message)
    invalid = wire.Invalid(wire.InvalidReason.IMPORT_RAISED, error)
    return python.explain(b"", invalid, packages)


@pytest.mark.parametrize(
    ("kind", "said", "message"),
    [
        ("package", "'torch.nn' is not available", "No module named 'torch.nn'"),
        ("import_missing", "one file", "No module named 'utils'"),
        ("import_missing", "no module 'numpy.nothing'", "No module named 'numpy.nothing'"),
        ("python2", "Python 2", "No module named 'Queue'"),
        ("import_name", "does not have the name", "cannot import name 'x' from 'math'"),
        ("import_name", "does not have the name", "No module named '<b>'"),
    ],
)
def test_a_failed_import_is_explained(kind, said, message):
    problem = _imported(message)
    assert (kind, 3) == (problem.kind, problem.line)
    assert said in problem.message


def test_a_missing_package_is_told_what_there_is():
    assert "the standard library and numpy" in _imported("No module named 'pandas'").hint
    assert "use the standard library only" in _imported("No module named 'numpy'", ()).hint


def test_what_is_not_about_the_text_is_left_to_others():
    error = wire.Raised("ZeroDivisionError", line=1)
    raised = wire.Invalid(wire.InvalidReason.IMPORT_RAISED, error)
    nameless = wire.Invalid(wire.InvalidReason.NO_ENTRY_POINT)
    assert python.explain(b"1/0", raised) is None
    assert python.explain(b"x = 1", nameless) is None


def test_a_language_is_known_by_its_suffix():
    assert languages.by_suffix(PurePath("a/b.PY")) is python.LANGUAGE
    assert languages.by_suffix(PurePath("a/b.rs")) is None
