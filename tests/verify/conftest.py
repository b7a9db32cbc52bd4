"""A sound little challenge, and a way to plant one fault in it."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from grader.verify import Certificate, verify

REFERENCE = '''
"""`{id}`: the reference, then what students write instead."""


def damped_sum(values, rate):
    """Return the sum of the values, each step keeping a share `rate` of what was there.

    >>> damped_sum([1.0, 2.0, 4.0], 0.5)
    5.25
    >>> damped_sum([], 0.5)
    0.0
    """
    total = 0.0
    for value in values:
        total = rate * total + value
    return total


def undamped(values, rate):
    """Forget the rate."""
    total = 0.0
    for value in values:
        total = total + value
    return total


def damped_value(values, rate):
    """Damp what comes instead of what is there."""
    total = 0.0
    for value in values:
        total = total + rate * value
    return total


def last_missing(values, rate):
    """Stop one value short."""
    total = 0.0
    for value in values[:-1]:
        total = rate * total + value
    return total
'''

SPEC = '''
"""The challenge `{id}`."""

from grader.spec import (
    Case, Challenge, Group, Grows, Holds, ListOf, Matches, Misconception, Number, OneOf, Raises,
    Relates, Space, Tolerance,
)
from grader.verdict import Visibility
from reference import {slug} as programs


def ordinary(rng):
    """One call on 2 to 6 values."""
    values = rng.uniform(0.5, 3.0, int(rng.integers(2, 7))) * rng.choice([-1.0, 1.0])
    return [([round(float(v), 3) for v in values], round(float(rng.uniform(0.2, 0.8)), 3))]


EXAMPLE = Group(
    name="example", title="The example", points=10, visibility=Visibility.VISIBLE,
    cases=(Case(name="three", args=([1.0, 2.0, 4.0], 0.5)),),
)
ORDINARY = Group(name="ordinary", title="Ordinary", points=70, generate=ordinary, draws=8)
EDGES = Group(
    name="edges", title="Edges", points=20, award="all",
    cases=(
        Case(name="one", args=([2.5], 0.25)),
        Case(name="none", args=([], 0.25)),
        Case(name="rate 1", args=([1.5, -0.25, 0.75], 1.0)),
    ),
)
GROUPS = (EXAMPLE, ORDINARY, EDGES)

MISTAKES = (
    Misconception(id="undamped", variant=programs.undamped, title="No damping", hint="Use it."),
    Misconception(
        id="damped-value", variant=programs.damped_value, title="The new is damped",
        hint="What is damped?",
    ),
    Misconception(
        id="last-missing", variant=programs.last_missing, title="One short", hint="Count.",
    ),
)
MORE = {{}}

challenge = Challenge(
    id="{id}",
    title="A damped sum",
    parameters=("values", "rate"),
    reference=programs.damped_sum,
    groups=GROUPS,
    misconceptions=MISTAKES,
    space=Space(of=(ListOf(of=Number(low=-2, high=2)), OneOf(values=(0.5, 0.25)))),
    **MORE,
)
'''

FILES = {
    "starter.py": 'def {id}(values, rate):\n    """Return the damped sum."""\n',
    "statement.md": "# Damped sum\n\n`{id}(values, rate)`\n",
    "submissions/accepted/loop.py": """
        def {id}(values, rate):
            total = 0
            for value in values:
                total = total * rate + value
            return total
        """,
    "submissions/accepted/powers.py": """
        import numpy as np

        def {id}(values, rate):
            n = len(values)
            return float(sum(np.array(values) * float(rate) ** np.arange(n - 1, -1, -1)))
        """,
    "submissions/wrong_answer/plain_sum.py": "def {id}(values, rate):\n    return sum(values)\n",
}

Edit = tuple[str, str, str]
"""A file, a piece of it, and what stands in its place."""

Plant = Callable[..., Certificate]


def _path(key: str) -> str:
    """Return the file that a keyword stands for: `folder__name`, and `folder__name_mjs`."""
    stem = key.replace("__", "/")
    return stem[:-4] + ".mjs" if stem.endswith("_mjs") else stem + ".py"


@pytest.fixture
def plant(tmp_path: Path, request: pytest.FixtureRequest) -> Plant:
    """Write the challenge with `edits` under a name of the test's own, and verify it."""
    # Roots are shared by all tests of a process, so each needs a name of its own.
    letters = [c for c in request.node.name.title() if c.isalnum()]
    name = "planted" + "".join(letters)[-40:]

    def planted(*edits: Edit, **files: str) -> Certificate:
        slug = name.lower()
        folder = tmp_path / "mine" / "challenges" / slug
        texts = {
            **FILES,
            **{_path(key): text for key, text in files.items()},
            "spec.py": SPEC,
            "reference.py": REFERENCE,
        }
        for file, old, new in edits:
            assert old in texts[file], f"{old!r} is not in {file}"
            texts[file] = texts[file].replace(old, new, 1)
        for file, text in texts.items():
            where = folder / file
            if file == "reference.py":
                where = tmp_path / "mine" / "reference" / f"{slug}.py"
            where.parent.mkdir(parents=True, exist_ok=True)
            plain = dedent(text).lstrip("\n")
            where.write_text(
                plain.replace("{id}", name).replace("{slug}", slug).replace("{{}}", "{}")
            )
        return verify(name, (tmp_path / "mine" / "challenges",))

    return planted
