"""What of a source counts when it is compared: what a disguise changes does not."""

import re
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader import fingerprints
from grader.fingerprints import RUN, WINDOW

PYTHON = '''\
import numpy as np


def f(data, lr):
    """Fit."""
    w = 0.0
    for point in data:
        w = w - lr * (w * point["x"] - np.mean(point["y"]))  # a step
    return w
'''
JAVASCRIPT = """\
// Fits.
export function f(data, lr) {
  let w = 0;
  for (const point of data) { w -= lr * Math.abs(w * point.x - /a[/]"b/.exec(point.y).length); }
  return w;
}
"""


def texts(source: str, language: str = "python") -> str:
    return " ".join(each.text or "_" for each in fingerprints.tokens_of(source, language))


def values(source: str, language: str = "python") -> list[int]:
    return [each.value for each in fingerprints.fingerprints(source, language)]


# --- tokens -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import numpy as np\nnp.sum(a)", "import _ as numpy numpy . sum _"),
        ("import numpy\nnumpy.sum(a)", "import numpy numpy . sum _"),
        ("x.append(1.5e-3 + 0x1F)", "_ . append 0 + 0"),
        ("self.w = other.w", "_ . _ = _ . _"),
        ("for i in range(n): pass", "for _ in range _ : pass"),
        ('"""doc"""\nx = """a\nb"""', '_ = ""'),
        ("f(\n'a'\n)", '_ ""'),
        ("x = rb'it\\'s' # no", '_ = ""'),
        ("x = 'never closed", '_ = ""'),
        ('x = """never closed', '_ = ""'),
        ("a //= b ** c", "_ //= _ ** _"),
        ("größe = 1", "_ = 0"),
    ],
)
def test_tokens_of_python(source: str, expected: str) -> None:
    assert expected == texts(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("const a = 1; var b = 2;", "let _ = 0 let _ = 0"),
        ("x.map(y => y.z)", "_ . map _ => _ . _"),
        ("Math.sqrt(a / b / c)", "Math . sqrt _ / _ / _"),
        ("return /[/]'/g.test(a)", 'return "" . _ _'),
        ("/* a\n */ a?.length ?? `x${b}`", '_ ?. length ?? ""'),
        ("this.#w **= 2n", "this . _ **= 0"),
        ("a // b", "_"),
        ("$a = b$", "_ = _"),
    ],
)
def test_tokens_of_javascript(source: str, expected: str) -> None:
    assert expected == texts(source, "javascript")


@pytest.mark.parametrize("language", ["python", "javascript"])
@given(text=st.text() | st.text(alphabet="\"'`/*#\\\n({[.e1a_$ ", max_size=80))
@example(text='"' * 7)
@example(text="/[")
@example(text="\ud800")
def test_any_text_has_tokens_in_the_order_of_its_lines(language: str, text: str) -> None:
    lines = [each.line for each in fingerprints.tokens_of(text, language)]
    assert sorted(lines) == lines
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)


HOSTILE = ('"', "'''\\", "/[", "1e", "`${", "/(", "[", "\\", "a.", "/*", "=/")


@pytest.mark.parametrize("language", ["python", "javascript"])
def test_a_hostile_text_takes_little_more_time_for_being_hostile(language: str) -> None:
    def seconds(text: str) -> float:
        began = time.process_time()
        fingerprints.fingerprints(text, language)
        return time.process_time() - began

    def filled(text: str) -> str:
        return (text * 60_000)[:60_000]

    honest = max(seconds(filled(PYTHON if language == "python" else JAVASCRIPT)) for _ in range(2))
    # By far: what is quadratic takes a thousand times as long.
    assert [] == [text for text in HOSTILE if seconds(filled(text)) > 40 * honest]


# --- fingerprints -----------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "language"), [(PYTHON, "python"), (JAVASCRIPT, "javascript")])
@given(suffix=st.from_regex(r"[a-z0-9]{1,4}", fullmatch=True))
def test_other_names_make_no_difference(source: str, language: str, suffix: str) -> None:
    renamed = re.sub(r"\b(data|lr|w|point|f)\b", rf"\1_{suffix}", source)
    assert renamed != source
    assert values(source, language) == values(renamed, language)


def test_comments_layout_docstrings_and_literals_make_no_difference() -> None:
    other = PYTHON.replace('    """Fit."""\n', "").replace("  # a step", "").replace("    ", "\t")
    other = other.replace('"x"', "'first'").replace("0.0", "(0)").replace("\n\n", "\n# note\n")
    assert values(PYTHON) == values(other)


def test_which_name_stands_where_makes_a_difference() -> None:
    assert values("a = b * a + c * d") != values("a = b * b + c * d")


def test_a_passage_is_found_in_other_surroundings() -> None:
    line = "total = total + weights[i] * values[i] - shift\n"
    assert RUN + WINDOW - 1 <= len(fingerprints.tokens_of(line, "python"))
    one, other = (
        values("x = 1\n" + line + "y = [x]\n"),
        values("def g(q):\n  if q < 3:\n    " + line),
    )
    assert set(one) & set(other)


def test_lines_are_those_of_the_file() -> None:
    first, *_, last = fingerprints.fingerprints("\n\n# c\n" + PYTHON, "python")
    assert 4 == first.first
    assert 12 == last.last


def test_a_short_source_has_one_and_an_empty_one_none() -> None:
    assert 1 == len(values("x = 1"))
    assert [] == values("# nothing\n")


def test_every_fingerprint_is_among_all_values() -> None:
    assert set(values(PYTHON)) <= fingerprints.every_value(PYTHON, "python")
