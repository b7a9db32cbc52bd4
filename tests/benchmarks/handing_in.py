"""A class that hands in `sgdWithMomentum`: generated programs, and what each is to be marked as.

Whole programs with one set of names stand below. One that is handed in is one of them with other
names, a comment and an aside of its own, so that equal arguments give the same class, no two
programs are equal, and what it does is known. Every tenth is JavaScript. The wrong ones of
`reference/` are the named misconceptions, and are to be told as such; those that are written
here are only known to be wrong, but where a misconception stands beside them.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from grader.catalog import Catalog
from grader.programs import source_of

CHALLENGE = "sgdWithMomentum"

SHARES = {
    "accepted": 0.60,
    "wrong_answer": 0.30,
    "runtime_error": 0.05,
    "invalid_submission": 0.04,
    "time_limit_exceeded": 0.01,
}
DISTINCT = 0.7
_JAVASCRIPT_EVERY = 10


class Program(NamedTuple):
    """A template: a program, its file's suffix and the diagnosis that has to come first.

    Of a `diagnosis` that is None nothing is known.
    """

    text: str
    suffix: str = ".py"
    diagnosis: str | None = None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file of the class with its labels; `diagnosis` is "" for none and None for any."""

    name: str
    source: str
    verdict: str
    diagnosis: str | None


def handed_in(size: int, seed: int = 0, shares: Mapping[str, float] = SHARES) -> list[HandedIn]:
    """Return a class of `size`, in the order of its names; `shares` are of verdicts."""
    rng = random.Random(seed)
    unnamed = [
        (program, verdict)
        for verdict, share in shares.items()
        for program in _programs(verdict, round(share * size), rng)
    ]
    rng.shuffle(unnamed)
    return [
        HandedIn(f"{number:05}{each.suffix}", each.text, verdict, each.diagnosis)
        for number, (each, verdict) in enumerate(unnamed)
    ]


def _programs(verdict: str, count: int, rng: random.Random) -> list[Program]:
    """Return `count` programs for a verdict: seven tenths are distinct, the others copies."""
    distinct = round(DISTINCT * count)
    made: dict[str, Program] = {}
    templates = _endless(verdict, rng)
    while len(made) < distinct:
        each = _restyled(next(templates), rng)
        made.setdefault(each.text, each)
    originals = list(made.values())
    return originals + [rng.choice(originals) for _ in range(count - distinct)]


def _endless(verdict: str, rng: random.Random) -> Iterator[Program]:
    python, javascript = _templates(verdict)
    while True:
        for number in range(_JAVASCRIPT_EVERY):
            yield rng.choice(python if number else javascript)


@cache
def _templates(verdict: str) -> tuple[Sequence[Program], Sequence[Program]]:
    """Return the templates for a verdict, in Python and in JavaScript."""
    python = [Program(each) for each in _PYTHON[verdict]]
    javascript = [Program(each, ".js") for each in _JAVASCRIPT[verdict]]
    if verdict == "accepted":
        python, javascript = ([each._replace(diagnosis="") for each in group]
                              for group in (python, javascript))  # fmt: skip
    if verdict == "wrong_answer":
        named = [*_misconceptions()]
        python += named * 2  # most mistakes are the known ones
        javascript += [Program(text, ".js", known) for known, text in _KNOWN_JAVASCRIPT.items()]
    return python, javascript


def _misconceptions() -> Iterator[Program]:
    for entry in Catalog().load(CHALLENGE).challenge.misconceptions:
        yield Program(source_of(entry.variant, CHALLENGE), diagnosis=entry.id)


# --- Styles -----------------------------------------------------------------------------------

_NAMES = {
    "w": ("w", "weight", "theta", "param", "slope", "W", "w_now", "wt"),
    "velocity": ("velocity", "v", "vel", "momentum_term", "u", "m", "speed", "V"),
    "gradient": ("gradient", "grad", "g", "dw", "dL_dw", "derivative", "gr"),
    "sample": ("sample", "point", "row", "s", "item", "example", "d", "p"),
    "lr": ("lr", "learning_rate", "eta", "alpha", "step_size", "rate"),
    "beta": ("beta", "momentum", "mu", "gamma", "b", "decay"),
    "epochs": ("epochs", "n_epochs", "num_epochs", "passes", "rounds", "E"),
    "data": ("data", "dataset", "samples", "points", "train_set", "rows"),
    "error": ("error", "err", "residual", "diff", "e", "delta"),
}
_OPENINGS = ("homework", "week 3", "my solution", "SGD with momentum", "second try", "v2 final")
_ASIDES = ("steps it took me:", "tested with", "about", "TODO later", "hand in before", "took min")


def _restyled(program: Program, rng: random.Random) -> Program:
    """Give a program other names and comments. What it does stays."""
    names = {name: rng.choice(others) for name, others in _NAMES.items()}
    text = _NAME.sub(lambda found: names[found.group()], program.text)
    mark = "#" if program.suffix == ".py" else "//"
    aside = f"{mark} {rng.choice(_ASIDES)} {rng.randrange(10_000)}\n"
    opening = f"{mark} {rng.choice(_OPENINGS)}\n" if rng.random() < 0.5 else ""
    return program._replace(text=opening + text + "\n" * rng.randrange(3) + aside)


_NAME = re.compile(rf"(?<![.\"'\w])(?:{'|'.join(_NAMES)})(?![\"'\w])")


# --- Programs ---------------------------------------------------------------------------------

_IN_A_LOOP = """\
def sgdWithMomentum(data, lr, beta, epochs):
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            error = w * sample["x"] - sample["y"]
            {gradient}
            velocity = {velocity}
            w = w - lr * velocity
    return {answer}
"""


def _in_a_loop(
    gradient: str = "gradient = 2 * error * sample['x']",
    velocity: str = "beta * velocity + gradient",
    answer: str = "w",
) -> str:
    return _IN_A_LOOP.format(gradient=gradient, velocity=velocity, answer=answer)


_IN_A_JS_LOOP = """\
function sgdWithMomentum(data, lr, beta, epochs) {{
  let w = 0, velocity = 0;
  for (let k = 0; k < {epochs}; k++) {{
    for (const sample of data) {{
      const gradient = {gradient};
      velocity = {velocity};
      w -= lr * velocity;
    }}
  }}
  return {answer};
}}
"""


def _in_a_js_loop(
    gradient: str = "2 * (w * sample.x - sample.y) * sample.x",
    velocity: str = "beta * velocity + gradient",
    answer: str = "w",
    epochs: str = "epochs",
) -> str:
    return _IN_A_JS_LOOP.format(gradient=gradient, velocity=velocity, answer=answer, epochs=epochs)


_INDEXED = """\
def sgdWithMomentum(data, lr, beta, epochs):
    w = 0
    velocity = 0
    for epoch in range(epochs):
        for i in range(len(data)):
            gradient = 2 * data[i]["x"] * (w * data[i]["x"] - data[i]["y"])
            velocity = velocity * beta + gradient
            w -= lr * velocity
    return w
"""

_COUNTED = """\
def sgdWithMomentum(data, lr, beta, epochs):
    w, velocity = 0.0, 0.0
    done = 0
    while done < epochs:
        for sample in data:
            velocity *= beta
            velocity += 2 * (w * sample["x"] - sample["y"]) * sample["x"]
            w -= velocity * lr
        done += 1
    return w
"""

_ARRAYS = """\
import numpy as np


def sgdWithMomentum(data, lr, beta, epochs):
    xs = np.array([sample["x"] for sample in data], dtype=float)
    ys = np.array([sample["y"] for sample in data], dtype=float)
    w = velocity = np.float64(0)
    for _ in range(epochs):
        for a, c in zip(xs, ys):
            gradient = 2 * (w * a - c) * a
            velocity = beta * velocity + gradient
            w = w - lr * velocity
    return float(w)
"""

_FOLDED = """\
from functools import reduce


def sgdWithMomentum(data, lr, beta, epochs):
    def step(state, sample):
        w, velocity = state
        velocity = beta * velocity + 2 * (w * sample["x"] - sample["y"]) * sample["x"]
        return w - lr * velocity, velocity

    return reduce(step, list(data) * epochs, (0.0, 0.0))[0]
"""

_OPTIMIZER = """\
class Optimizer:
    def __init__(self, lr, beta):
        self.lr, self.beta, self.velocity = lr, beta, 0.0

    def step(self, w, gradient):
        self.velocity = self.beta * self.velocity + gradient
        return w - self.lr * self.velocity


def sgdWithMomentum(data, lr, beta, epochs):
    optimizer, w = Optimizer(lr, beta), 0.0
    for _ in range(epochs):
        for sample in data:
            w = optimizer.step(w, 2 * (w * sample["x"] - sample["y"]) * sample["x"])
    return w
"""

_RATE_INSIDE = """\
def sgdWithMomentum(data, lr, beta, epochs):
    \"\"\"The learning rate is in the velocity here.\"\"\"
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            error = sample["y"] - w * sample["x"]
            velocity = beta * velocity + lr * 2 * error * sample["x"]
            w += velocity
    return w
"""

_GENERATED = """\
def weights(data, lr, beta, epochs):
    w = velocity = 0.0
    yield w
    for _ in range(epochs):
        for sample in data:
            velocity = beta * velocity + 2 * (w * sample["x"] - sample["y"]) * sample["x"]
            w = w - lr * velocity
            yield w


def sgdWithMomentum(data, lr, beta, epochs):
    *_, last = weights(data, lr, beta, epochs)
    return last
"""

_CLOSURE = """\
def sgdWithMomentum(data, lr, beta, epochs):
    w = velocity = 0.0

    def update(sample):
        nonlocal w, velocity
        gradient = 2 * (w * sample["x"] - sample["y"]) * sample["x"]
        velocity = beta * velocity + gradient
        w = w - lr * velocity

    for _ in range(epochs):
        for sample in data:
            update(sample)
    return w
"""

_SNAKE_CASE = """\
def the_gradient(w, sample):
    return 2 * (w * sample["x"] - sample["y"]) * sample["x"]


def sgd_with_momentum(data, lr, beta, epochs):
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            velocity = beta * velocity + the_gradient(w, sample)
            w -= lr * velocity
    return w
"""

_MUTATING = """\
def sgdWithMomentum(data, lr, beta, epochs):
    w = velocity = 0.0
    for sample in data:
        sample["x"] = float(sample["x"]) * 2
    for _ in range(epochs):
        for sample in data:
            velocity = beta * velocity + (w * sample["x"] / 2 - sample["y"]) * sample["x"]
            w -= lr * velocity
    return w
"""

_PYTHON: Mapping[str, Sequence[str]] = {
    "accepted": (
        _in_a_loop(),
        _INDEXED,
        _COUNTED,
        _ARRAYS,
        _FOLDED,
        _OPTIMIZER,
        _RATE_INSIDE,
        _GENERATED,
        _CLOSURE,
        _SNAKE_CASE,
    ),
    "wrong_answer": (
        _in_a_loop(gradient="gradient = 3 * error * sample['x']"),
        _in_a_loop(gradient="gradient = 2 * abs(error) * sample['x']"),
        _in_a_loop(gradient="gradient = 2 * error * sample['y']"),
        _in_a_loop(velocity="beta * velocity + gradient * gradient"),
        _in_a_loop(velocity="min(1.0, beta * velocity + gradient)"),
        _in_a_loop(answer="str(w)"),
        _in_a_loop(answer="print(w)"),
        _in_a_loop(answer="[w]"),
        _MUTATING,
        "def sgdWithMomentum(data, lr, beta, epochs):\n    return 0.0\n",
    ),
    "runtime_error": (
        _in_a_loop(gradient="gradient = 2 * error * sample['z']"),
        _in_a_loop(gradient="gradient = 2 * error * sample.x"),
        _in_a_loop(gradient="gradient = 2 * errors * sample['x']"),
        _in_a_loop(gradient="gradient = 2 * error * data[len(data)]['x']"),
        _in_a_loop(answer="w + 0 / len(data)"),
        _in_a_loop(answer="int('none') if epochs else w"),
    ),
    "invalid_submission": (
        _in_a_loop().replace("range(epochs):", "range(epochs)"),
        _in_a_loop().replace("sgdWithMomentum", "train"),
        _in_a_loop().replace("data, lr, beta, epochs", "data, lr, epochs"),
        "import torch\n\n\n" + _in_a_loop(),
        "```python\n" + _in_a_loop() + "```\n",
        "answer = sgd(1)\n\n\n" + _in_a_loop(),
    ),
    "time_limit_exceeded": (
        _COUNTED.replace("        done += 1\n", ""),
        _in_a_loop().replace("    return w\n", "    while True:\n        pass\n"),
        _in_a_loop(velocity="next(velocity for k in iter(int, 1) if k)"),
    ),
}

_JS_FOLDED = """\
const step = (lr, beta) => ([w, velocity], sample) => {
  const next = beta * velocity + 2 * (w * sample.x - sample.y) * sample.x;
  return [w - lr * next, next];
};

const sgdWithMomentum = (data, lr, beta, epochs) =>
  Array.from({ length: epochs }, () => data).flat().reduce(step(lr, beta), [0, 0])[0];
"""

_JS_CLASS = """\
class Momentum {
  constructor(lr, beta) { this.lr = lr; this.beta = beta; this.velocity = 0; this.w = 0; }
  step(gradient) {
    this.velocity = this.beta * this.velocity + gradient;
    this.w -= this.lr * this.velocity;
  }
}

function sgdWithMomentum(data, lr, beta, epochs) {
  const model = new Momentum(lr, beta);
  for (let k = 0; k < epochs; k++)
    data.forEach((sample) => model.step(2 * (model.w * sample.x - sample.y) * sample.x));
  return model.w;
}
module.exports = { sgdWithMomentum };
"""

_JAVASCRIPT: Mapping[str, Sequence[str]] = {
    "accepted": (_in_a_js_loop(), "export " + _in_a_js_loop(), _JS_FOLDED, _JS_CLASS),
    "wrong_answer": (
        _in_a_js_loop(answer="w.toFixed(3)"),
        _in_a_js_loop(gradient="3 * (w * sample.x - sample.y) * sample.x"),
    ),
    "runtime_error": (
        _in_a_js_loop(gradient="2 * (w * sample.x - sample.y.z.x) * sample.x"),
        _in_a_js_loop(answer="missing(w)"),
    ),
    "invalid_submission": (
        _in_a_js_loop().replace("return w;\n}", "return w;\n"),
        _in_a_js_loop().replace("sgdWithMomentum", "train"),
    ),
    "time_limit_exceeded": (_in_a_js_loop().replace("k++", "k += 0"),),
}

_KNOWN_JAVASCRIPT = {
    "no-factor-2": _in_a_js_loop(gradient="(w * sample.x - sample.y) * sample.x"),
    "gradient-without-x": _in_a_js_loop(gradient="2 * (w * sample.x - sample.y)"),
    "momentum-ignored": _in_a_js_loop(velocity="gradient"),
    "velocity-returned": _in_a_js_loop(answer="velocity"),
    "one-epoch-too-many": _in_a_js_loop(epochs="epochs + 1"),
}
