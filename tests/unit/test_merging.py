"""Two edits in one program: which merge, what comes out, and what is no merge."""

import ast
import itertools
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.catalog import Catalog
from grader.merging import Merger, merge
from grader.programs import source_of

NAME = "sgdWithMomentum"
LINE = [{"x": 1.0, "y": 2.0}, {"x": 2.0, "y": 5.0}, {"x": -1.0, "y": -1.0}]
ARGS = (LINE, 0.0625, 0.75, 2)

BASE = """
def f(a, b):
    c = a + b
    d = 2 * c
    return c - d
"""


def normal(source: str) -> str:
    return ast.unparse(ast.parse(source))


def changed(*changes: tuple[str, str]) -> str:
    source = BASE
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return source


def answer(source: str, *args: Any) -> Any:
    namespace: dict[str, Any] = {}
    exec(source, namespace)
    return namespace[NAME](*args)


@pytest.fixture(scope="module")
def reference() -> str:
    return source_of(Catalog().load(NAME).challenge.reference, NAME)


@pytest.fixture(scope="module")
def variants() -> dict[str, str]:
    entries = Catalog().load(NAME).challenge.misconceptions
    return {each.id: source_of(each.variant, NAME) for each in entries}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a + b", "a - b"), ("2 * c", "3 * c")),
        (("2 * c", "c"), ("c - d", "d - c")),
        (("a + b", "a + b * 4"), ("2 * c", "2 * c + 1")),
        (("    d = 2 * c\n", "    d = 2 * c\n    d = abs(d)\n"), ("c - d", "c - d - 1")),
        (("    c = a", "    if a:\n        return b\n    c = a"), ("2 * c", "2 * a")),
        (("    d = 2 * c\n", "    for _ in range(3):\n        d = 2 * c\n"), ("2 *", "5 *")),
        (("a + b", "b"), ("c - d", "round(c - d, 3)")),
        (("(a, b)", "(a, b, e=1)"), ("c - d", "f'{c - d:.{2}f} {a}'")),
        (("c - d", "f'{c} {d}'"), ("2 * c", "b'2' * c")),
        (("    return c - d", "    return '''\n\n''' * c"), ("a + b", "a")),
    ],
)
def test_edits_in_two_places_come_together(one, other):
    expected = normal(changed(one, other))
    assert expected == merge(BASE, changed(one), changed(other))
    assert expected == merge(BASE, changed(other), changed(one))


def test_edits_that_touch_without_meeting_come_together():
    assert normal(changed(("2 * c", "c / 3"))) == (
        merge(BASE, changed(("2 * c", "c")), changed(("2 * c", "2 * c / 3")))
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("2 * c", "3 * c"), ("2 * c", "4 * c")),  # the same token
        (("2 * c", "2 * c + 1"), ("2 * c", "2 * c + a")),  # an insertion at the same place
        (("2 * c", "3 * c"), ("2 * c", "3 * c")),  # the same edit
        (("    d = 2 * c\n", ""), ("2 * c", "2 * a")),  # an edit of what is removed
    ],
)
def test_edits_that_meet_are_no_merge(one, other):
    assert merge(BASE, changed(one), changed(other)) is None
    assert merge(BASE, changed(other), changed(one)) is None


def test_a_result_that_reads_what_is_never_set_is_no_merge():
    removed = changed(("    d = 2 * c\n", ""), ("c - d", "c"))
    assert merge(BASE, removed, changed(("a + b", "a + b * d"))) is None
    # This one sets d itself.
    assert merge(BASE, removed, changed(("    c = a + b", "    d = 1\n    c = a + d"))) is not None


def test_a_result_that_does_not_compile_is_no_merge():
    base = "def f(xs):\n    for x in xs:\n        y = x\n    return 0\n"
    unrolled = "def f(xs):\n    if xs:\n        y = x\n    return 0\n"
    left = "def f(xs):\n    for x in xs:\n        y = x\n        break\n    return 0\n"
    assert merge(base, unrolled, left) is None


def test_words_types_layout_and_the_functions_name_do_not_count():
    typed = '''
def another(a: int,
            b: "int" = 0) -> int:
    """Return something."""
    c: int = (a + b)  # a comment
    d = 2*c
    return another(c, d)
'''
    base = BASE.replace("(a, b)", "(a, b=0)")
    assert merge(base, typed, base.replace("2 * c", "3 * c")) == normal(
        base.replace("2 * c", "3 * c").replace("c - d", "f(c, d)")
    )


def test_helpers_are_merged_too():
    base = "def half(x):\n    return x / 2\n\ndef f(x):\n    return half(x) + 1\n"
    one, other = base.replace("/ 2", "/ 3"), base.replace("+ 1", "- 1").replace("def f", "def g")
    assert normal(base.replace("/ 2", "/ 3").replace("+ 1", "- 1")) == merge(base, one, other)


def test_a_program_without_a_function_merges_as_well():
    assert "a = 2\nb = 3" == merge("a = 1\nb = 2", "a = 2\nb = 2", "a = 1\nb = 3")


LINES = st.lists(st.integers(0, 9), min_size=2, max_size=8)
PROGRAMS = LINES.map(lambda values: "\n".join(f"v{i} = a + {v}" for i, v in enumerate(values)))


@given(base=PROGRAMS, other=PROGRAMS)
def test_merging_with_the_base_or_with_oneself_gives_nothing_new(base, other):
    assert merge(base, base, other) is None
    assert merge(base, other, base) is None
    assert merge(base, other, other) is None
    assert merge(base, base, base) is None


@given(base=PROGRAMS, one=PROGRAMS, other=PROGRAMS)
def test_the_order_of_the_two_does_not_matter(base, one, other):
    assert merge(base, one, other) == merge(base, other, one)


@given(base=PROGRAMS, variant=PROGRAMS)
def test_the_edits_of_a_variant_lead_to_it(base, variant):
    """A second edit far away changes nothing of the first."""
    tail = "\nlast = b * 7"
    merged = merge(base + tail, variant + tail, base + "\nlast = b * 8")
    assert (None if base == variant else variant + "\nlast = b * 8") == merged


@given(count=st.integers(2, 8), data=st.data())
def test_edits_of_two_lines_are_both_made(count, data):
    one, other = data.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True))
    lines = [f"v{i} = f(x, {i}) * {i}" for i in range(count)]

    def edited(*places: int) -> str:
        return "\n".join(
            line.replace("x", "y + x") if i in places else line for i, line in enumerate(lines)
        )

    assert edited(one, other) == merge(edited(), edited(one), edited(other))


def test_every_pair_of_mistakes_merges_to_a_program_or_to_nothing(reference, variants):
    merger = Merger(reference)
    started = time.process_time()
    edits = {name: merger.edits(source) for name, source in variants.items()}
    merged = [merger.merge(one, other) for one, other in itertools.combinations(edits.values(), 2)]
    spent = time.process_time() - started
    programs = [each.source for each in merged if each is not None]
    assert 325 == len(merged)
    assert 100 <= len(programs)
    for source in programs:
        compile(source, "<merged>", "exec")
        assert normal(source) == source
    assert spent < 1.5  # some 0.15 s on an idle machine


def by_hand(data: Any, lr: float, beta: float, epochs: int) -> float:
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            x, y = sample["x"], sample["y"]
            gradient = (w * x - y) * x
            velocity = beta * velocity + (1 - beta) * gradient
            w = w - lr * velocity
    return w


def test_a_half_gradient_in_an_average_is_what_one_would_write(reference, variants):
    merged = merge(reference, variants["no-factor-2"], variants["ema-velocity"])
    assert merged is not None
    for args in [ARGS, (LINE, 0.1, 0.5, 7), ([], 0.1, 0.5, 1)]:
        assert by_hand(*args) == answer(merged, *args)
    alone = [answer(variants[name], *ARGS) for name in ("no-factor-2", "ema-velocity")]
    assert answer(merged, *ARGS) not in alone


@pytest.mark.parametrize(
    ("one", "other", "line"),
    [
        ("no-factor-2", "momentum-ignored", "w = w - lr * (w * x - y) * x"),
        ("no-factor-2", "gradient-without-x", "gradient = w * x - y"),
        ("no-factor-2", "gradient-over-count", "gradient = (w * x - y) * x / len(data)"),
        ("velocity-returned", "rounded", "return round(velocity, 3)"),
        ("single-step", "gradient-ascent", "return w + lr * velocity"),
        (
            "ema-velocity",
            "full-batch-sum",
            "velocity = beta * velocity + (1 - beta) * sum(gradients)",
        ),
    ],
)
def test_mistakes_in_one_line_come_together(reference, variants, one, other, line):
    merged = merge(reference, variants[one], variants[other])
    assert merged is not None
    assert line in map(str.strip, merged.splitlines())


def test_mistakes_that_exclude_each_other_do_not_merge(reference, variants):
    merger = Merger(reference)
    edits = {name: merger.edits(source) for name, source in variants.items()}
    for one, other in [
        ("ema-velocity", "momentum-subtracted"),
        ("last-sample-skipped", "first-sample-skipped"),
        ("momentum-ignored", "ema-velocity"),
        ("nesterov-step", "bias-trained"),  # reads the gradient that the other has not
    ]:
        assert merger.merge(edits[one], edits[other]) is None
