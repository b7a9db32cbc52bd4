"""How fast JavaScript is, against Python and against a cold Node. `--json` for one JSON object.

Everything takes turns in short slots, many times over, so that whatever else the machine does
meets it alike. A figure is the median, over the rounds, of a ratio within one round; over
challenges or loops it is then the median and the worst of those.

    engine_ratio         QuickJS / CPython, CPU: the same loop in both, in this process. For each
                         challenge the reference and its port (accepted/port.mjs) on all values of
                         all cases; and LOOPS, which do nothing but work
    submission_ratio     a submission in JavaScript / one in Python, CPU of every process: the port
                         and the reference, each in a fresh process of the real box, with import,
                         all cases and their values up and down; marking excluded
    judged_ratio         the same, marking included
    start_ratio          CPU: a cold `node -e 0`, in no box and asked nothing / a submission of one
                         line that is asked one thing, in a fresh process of the real box
    ten_ratio            the same / the port, asked ten of its cases one after another, as the
                         submission of throughput.py is; marking excluded
    work_ratio           CPU: a cold Node, in no box, that loads the port, calls it on all cases and
                         prints the answers as JSON / a submission in JavaScript as above, marking
                         excluded: the same work on both sides
    node_ratio           CPU: a cold `node -e 0` that does none of that work / the same

What a submission costs grows with what it is asked, 32 to 57 calls in the library, each with a way
to the box and back: hence three figures against a node that does nothing: one call, ten and all.

`languages/javascript.py` gives JavaScript `cpu_factor` times Python's time: it has to be above what
`engine_ratio` is for the loops that students write.
"""

import argparse
import datetime
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import _quickjs
import judge_worker

from grader import judge, languages, runner
from grader.catalog import Catalog, Loaded
from grader.dataset import args_of, build
from grader.exam import Exam
from grader.grading import cell_config
from grader.languages.javascript_frames import arguments_text
from grader.programs import source_of
from grader.runner import Plan
from grader.sandbox.box import Box
from grader.sandbox.tiers import open_box
from grader.spec import Raises
from grader.submission import Submission
from grader.verdict import Verdict

SECRET = b"the benchmark's own secret"
TARGETS = {
    "submission_ratio": (None, 1.5),
    "start_ratio": (15.0, None),
    "ten_ratio": (15.0, None),
    "work_ratio": (15.0, None),
    "node_ratio": (15.0, None),
}
"""(at least, at most)"""

_WORST: dict[str, Callable[[Sequence[float]], float]] = {
    "submission_ratio": max,
    "judged_ratio": max,
    "start_ratio": min,
    "ten_ratio": min,
    "work_ratio": min,
    "node_ratio": min,
}
_SLOT_S = 0.02
_LEAST = b"export const %s = () => 0;"
_SUBMISSIONS = 5
_FEW = 10

LOOPS = {
    "floats": (
        """
def work(n):
    w, velocity = 0.0, 0.0
    for i in range(n):
        x = i % 7 - 3.0
        velocity = 0.9 * velocity + 2 * (w * x - 0.5 * x) * x
        w = w - 0.01 * velocity
    return w
""",
        """(n) => {
  let w = 0, velocity = 0;
  for (let i = 0; i < n; i++) {
    const x = i % 7 - 3;
    velocity = 0.9 * velocity + 2 * (w * x - 0.5 * x) * x;
    w = w - 0.01 * velocity;
  }
  return w;
}""",
        20_000,
    ),
    "matrices": (
        """
def work(n):
    a = [[(i * j) % 5 + 0.5 for j in range(n)] for i in range(n)]
    b = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            total = 0.0
            for k in range(n):
                total += a[i][k] * a[k][j]
            b[i][j] = total
    return sum(sum(row) for row in b)
""",
        """(n) => {
  const numbers = Array.from({ length: n }, (_, i) => i);
  const a = numbers.map((i) => numbers.map((j) => (i * j) % 5 + 0.5));
  const b = a.map((row) => row.map(() => 0));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let total = 0;
      for (let k = 0; k < n; k++) total += a[i][k] * a[k][j];
      b[i][j] = total;
    }
  }
  return b.reduce((sum, row) => sum + row.reduce((s, x) => s + x, 0), 0);
}""",
        32,
    ),
    "records": (
        """
def work(n):
    data = [{"x": i % 11 - 5.0, "y": i % 3 + 1.0} for i in range(n)]
    w = 0.0
    for _ in range(10):
        for sample in data:
            w -= 0.01 * (w * sample["x"] - sample["y"]) * sample["x"]
    return w
""",
        """(n) => {
  const data = Array.from({ length: n }, (_, i) => ({ x: i % 11 - 5, y: i % 3 + 1 }));
  let w = 0;
  for (let epoch = 0; epoch < 10; epoch++) {
    for (const sample of data) w -= 0.01 * (w * sample.x - sample.y) * sample.x;
  }
  return w;
}""",
        1_000,
    ),
    "closures": (
        """
from functools import reduce


def work(n):
    total = 0.0
    for _ in range(10):
        squares = map(lambda x: x * x + 1.0, range(n))
        total += reduce(lambda sum, x: sum + x / 2, filter(lambda x: x > 3, squares), 0.0)
    return total
""",
        """(n) => {
  const numbers = Array.from({ length: n }, (_, i) => i);
  let total = 0;
  for (let turn = 0; turn < 10; turn++) {
    const squares = numbers.map((x) => x * x + 1);
    total += squares.filter((x) => x > 3).reduce((sum, x) => sum + x / 2, 0);
  }
  return total;
}""",
        500,
    ),
    "classes": (
        """
class Momentum:
    def __init__(self, lr):
        self.lr = lr
        self.velocity = 0.0

    def step(self, w, gradient):
        self.velocity = 0.9 * self.velocity + gradient
        return w - self.lr * self.velocity


def work(n):
    optimizer, w = Momentum(0.01), 1.0
    for _ in range(n):
        w = optimizer.step(w, 2 * w)
    return w
""",
        """(n) => {
  class Momentum {
    constructor(lr) { this.lr = lr; this.velocity = 0; }
    step(w, gradient) {
      this.velocity = 0.9 * this.velocity + gradient;
      return w - this.lr * this.velocity;
    }
  }
  const optimizer = new Momentum(0.01);
  let w = 1;
  for (let i = 0; i < n; i++) w = optimizer.step(w, 2 * w);
  return w;
}""",
        10_000,
    ),
    "recursion": (
        """
def work(n):
    return n if n < 2 else work(n - 1) + work(n - 2)
""",
        "function work(n) { return n < 2 ? n : work(n - 1) + work(n - 2); }",
        18,
    ),
    "sieve": (
        """
def work(n):
    prime = [True] * (n + 1)
    count = 0
    for i in range(2, n + 1):
        if prime[i]:
            count += 1
            for j in range(i * i, n + 1, i):
                prime[j] = False
    return count
""",
        """(n) => {
  const prime = new Array(n + 1).fill(true);
  let count = 0;
  for (let i = 2; i <= n; i++) {
    if (prime[i]) {
      count++;
      for (let j = i * i; j <= n; j += i) prime[j] = false;
    }
  }
  return count;
}""",
        20_000,
    ),
    "sorting": (
        """
def work(n):
    items = [{"key": (i * 7919) % 10007, "at": i} for i in range(n)]
    items.sort(key=lambda item: item["key"])
    return sum(i * item["at"] for i, item in enumerate(items)) % 1000003
""",
        """(n) => {
  const items = Array.from({ length: n }, (_, i) => ({ key: (i * 7919) % 10007, at: i }));
  items.sort((a, b) => a.key - b.key);
  return items.reduce((sum, item, i) => sum + i * item.at, 0) % 1000003;
}""",
        3_000,
    ),
    "copies": (
        """
def work(n):
    w = [1.0] * 20
    for _ in range(n):
        w = [x - 0.01 * x for x in [*w]]
    return sum(w)
""",
        """(n) => {
  let w = Array.from({ length: 20 }, () => 1);
  for (let i = 0; i < n; i++) w = [...w].map((x) => x - 0.01 * x);
  return w.reduce((sum, x) => sum + x, 0);
}""",
        1_000,
    ),
    "words": (
        """
def work(n):
    counts = {}
    for i in range(n):
        word = "w" + str(i % 97)
        counts[word] = counts.get(word, 0) + 1
    return sum(counts.values())
""",
        """(n) => {
  const counts = {};
  for (let i = 0; i < n; i++) {
    const word = "w" + String(i % 97);
    counts[word] = (counts[word] ?? 0) + 1;
  }
  return Object.values(counts).reduce((sum, x) => sum + x, 0);
}""",
        10_000,
    ),
}
"""By name: a Python file that defines `work`, an expression in JavaScript, what both are given."""


class Pair(NamedTuple):
    """The same work in both languages: each does it so many times. They leave no trace."""

    name: str
    python: Callable[[int], object]
    javascript: Callable[[int], object]


# --- The engines alone -------------------------------------------------------------------------


def loops() -> Iterator[Pair]:
    for name, (python, javascript, size) in LOOPS.items():
        yield _pair(name, _defined(python, "work"), javascript, [(size,)], compare=True)


def ports(exams: Sequence[Exam]) -> Iterator[Pair]:
    for exam in exams:
        calls = [
            args_of(call.data)
            for call in exam.calls
            if not isinstance(exam.questions[call.question].group.check, Raises)
        ]
        name = exam.challenge.id
        text = _port(exam.loaded).source.decode().replace("export ", "")
        javascript = f"(() => {{ {text}; return {name}; }})()"
        yield _pair(name, exam.challenge.reference, javascript, calls, compare=False)


def _defined(text: str, name: str) -> Callable[..., Any]:
    namespace: dict[str, Any] = {}
    exec(compile(text, "loop.py", "exec"), namespace)
    return namespace[name]


def _pair(
    name: str,
    python: Callable[..., Any],
    javascript: str,
    calls: Sequence[Sequence[Any]],
    *,
    compare: bool,
) -> Pair:
    context = _quickjs.Context()
    texts = [arguments_text(list(arguments))[0] for arguments in calls]
    turn = context.eval(
        f"((work, calls) => (times) => {{ for (let i = 0; i < times; i++) {{"
        f"for (const given of calls) work(...given); }} }})({javascript}, [{','.join(texts)}])"
    )
    if compare:
        (given,) = calls
        once = context.eval(f"(given) => ({javascript})(given)")
        expected, actual = python(*given), once(*given)
        if abs(expected - actual) > 1e-9 * abs(expected):
            raise SystemExit(f"{name}: {expected} in Python, and {actual} in JavaScript")

    def in_python(times: int) -> None:
        for _ in range(times):
            for given in calls:
                python(*given)

    return Pair(name, in_python, turn)


def engine_ratios(pairs: Sequence[Pair], rounds: int) -> dict[str, float]:
    """Return QuickJS / CPython for each pair, in CPU time."""
    times = {pair.name: [_often(work) for work in pair[1:]] for pair in pairs}
    found: dict[str, list[float]] = {pair.name: [] for pair in pairs}
    for _ in _counted(rounds, "rounds of the engines"):
        for pair in pairs:
            python, javascript = (
                _cpu_s(work, often) / often
                for work, often in zip(pair[1:], times[pair.name], strict=True)
            )
            found[pair.name].append(javascript / python)
    return {name: median(ratios) for name, ratios in found.items()}


def _often(work: Callable[[int], object]) -> int:
    """Return how often some work fills a slot."""
    work(1)
    return max(1, round(_SLOT_S / max(_cpu_s(work, 1), 1e-6)))


def _cpu_s(work: Callable[[int], object], times: int) -> float:
    began = time.process_time()
    work(times)
    return time.process_time() - began


# --- Whole submissions -------------------------------------------------------------------------


class Turn(NamedTuple):
    """One slot: CPU of all processes and wall time per submission, in seconds."""

    cpu_s: float
    wall_s: float


class Desk:
    """A challenge with a box: hands in the reference, and its port."""

    def __init__(self, exam: Exam, stack: ExitStack, tier: str) -> None:
        self.exam = exam
        config = cell_config(exam.challenge)
        before = set(judge_worker.descendants(os.getpid()))
        self._box: Box = stack.enter_context(open_box(tier, config))
        source = source_of(exam.challenge.reference, exam.challenge.id)
        self.python = Submission("reference.py", source.encode())
        self.javascript = _port(exam.loaded)
        for submission in (self.python, self.javascript):
            result = judge.judge(submission, exam, self._box)
            if result.verdict is not Verdict.ACCEPTED:
                raise SystemExit(f"{exam.challenge.id}, {submission.name}: {result.verdict}")
        least = Submission("least.mjs", _LEAST % exam.challenge.id.encode(), "javascript")
        plan = judge.plan_of(least, exam, exam.challenge.limits)
        self._least = replace(plan, payloads=exam.payloads[:1], order=(0,))
        every = len(exam.order) / _FEW
        self._few = [exam.payloads[exam.order[int(k * every)]] for k in range(_FEW)]
        self._cell = sorted(set(judge_worker.descendants(os.getpid())) - before)
        self.tier = self._box.tier

    def turn(self, submission: Submission, *, marked: bool) -> Turn:
        cpu, wall, cell = time.process_time(), time.monotonic(), self._cell_s()
        children = 0.0
        for _ in range(_SUBMISSIONS):
            if marked:
                children += judge.judge(submission, self.exam, self._box).cpu_s
            else:
                children += judge.gather(submission, self.exam, self._box).run.cpu_s
        spent = time.process_time() - cpu + self._cell_s() - cell + children
        return Turn(spent / _SUBMISSIONS, (time.monotonic() - wall) / _SUBMISSIONS)

    def started(self) -> Turn:
        """Do what no submission can do without, so many times: start, load, one call, end."""
        return self._ran(lambda: self._least)

    def asked_few(self) -> Turn:
        """Run the port on a few of its cases, so many times."""
        return self._ran(self._plan_of_few)

    def _plan_of_few(self) -> Plan:
        plan = judge.plan_of(self.javascript, self.exam, self.exam.challenge.limits)
        return replace(plan, payloads=self._few, order=range(_FEW))

    def _ran(self, planned: Callable[[], Plan]) -> Turn:
        cpu, wall, cell = time.process_time(), time.monotonic(), self._cell_s()
        children = sum(runner.run(planned(), self._box).cpu_s for _ in range(_SUBMISSIONS))
        spent = time.process_time() - cpu + self._cell_s() - cell + children
        return Turn(spent / _SUBMISSIONS, (time.monotonic() - wall) / _SUBMISSIONS)

    def _cell_s(self) -> float:
        return sum(time.clock_gettime((~pid << 3) | 2) for pid in self._cell)


def whole_ratios(
    exams: Sequence[Exam], tier: str, rounds: int
) -> tuple[dict[str, dict[str, float]], str]:
    """Return, by challenge, the ratios of whole submissions, and the tier that they ran in."""
    node = shutil.which("node")
    found: dict[str, dict[str, float]] = {}
    for exam in exams:
        with ExitStack() as stack:
            working = _Working(Path(stack.enter_context(TemporaryDirectory())))
            desk = Desk(exam, stack, tier)
            tier = desk.tier
            rows = []
            for _ in _counted(rounds, f"rounds of {exam.challenge.id}"):
                python, javascript, marked_python, marked = (
                    desk.turn(submission, marked=marked)
                    for marked in (False, True)
                    for submission in (desk.python, desk.javascript)
                )
                row = {
                    "submission_ratio": javascript.cpu_s / python.cpu_s,
                    "judged_ratio": marked.cpu_s / marked_python.cpu_s,
                    "python_ms": 1e3 * python.cpu_s,
                    "javascript_ms": 1e3 * javascript.cpu_s,
                    "javascript_wall_ms": 1e3 * javascript.wall_s,
                }
                if node is not None:
                    started, few = desk.started(), desk.asked_few()
                    idle, busy = _cold_s(node, "-e", "0"), _cold_s(node, *working.files(desk))
                    row |= {
                        "start_ratio": idle / started.cpu_s,
                        "ten_ratio": idle / few.cpu_s,
                        "work_ratio": busy / javascript.cpu_s,
                        "node_ratio": idle / javascript.cpu_s,
                        "started_ms": 1e3 * started.cpu_s,
                        "ten_ms": 1e3 * few.cpu_s,
                        "node_ms": 1e3 * idle,
                        "working_node_ms": 1e3 * busy,
                    }
                rows.append(row)
        found[exam.challenge.id] = {name: median(row[name] for row in rows) for name in rows[0]}
    return found, tier


class _Working:
    """Files for a Node that does the work of a submission, in a folder that is gone afterwards."""

    _HARNESS = """\
import { readFileSync } from 'node:fs';
const [, , file, cases, name] = process.argv;
const work = (await import(file))[name];
const answers = [];
for (const given of JSON.parse(readFileSync(cases, 'utf8'))) {
  try { answers.push(work(...given)); } catch (error) { answers.push(String(error)); }
}
process.stdout.write(JSON.stringify(answers));
"""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def files(self, desk: Desk) -> tuple[str, ...]:
        """Return the arguments of node for a desk's port and all its cases that JSON can say."""
        name = desk.exam.challenge.id
        harness, port, cases = (
            self._folder / each for each in ("harness.mjs", f"{name}.mjs", f"{name}.json")
        )
        if not cases.exists():
            harness.write_text(self._HARNESS)
            port.write_bytes(desk.javascript.source)
            told = [arguments_text(list(args_of(call.data))) for call in desk.exam.calls]
            cases.write_text(f"[{','.join(text for text, is_json in told if is_json)}]")
        return str(harness), str(port), str(cases), name


def _cold_s(node: str, *arguments: str) -> float:
    """Return the CPU seconds of a node that is started for this."""
    spent = _children_s()
    subprocess.run([node, *arguments], check=True, stdout=subprocess.DEVNULL)
    return _children_s() - spent


def _children_s() -> float:
    """Return the CPU seconds of the children that were waited for; those of a box still run."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


# --- Together ----------------------------------------------------------------------------------


def main() -> None:
    options = _options()
    # On one core, as a worker of a batch and its box are: waking another core costs more.
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    exams = [_exam(Catalog().load(name)) for name in options.challenge or Catalog().names()]
    engines = engine_ratios([*ports(exams), *loops()], options.rounds)
    whole, tier = whole_ratios(exams, options.tier, options.rounds)
    report = {
        **_summed("engine_ratio", engines.values(), max),
        **{
            key: value
            for name, worst in _WORST.items()
            if all(name in row for row in whole.values())
            for key, value in _summed(name, (row[name] for row in whole.values()), worst).items()
        },
        "engines": {name: round(ratio, 2) for name, ratio in engines.items()},
        "challenges": {
            name: {key: round(value, 2) for key, value in row.items()}
            for name, row in whole.items()
        },
        "rounds": options.rounds,
        "tier": tier,
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "engine": languages.by_name("javascript").engine_version(),
    }
    print(json.dumps(report) if options.json else _text(report))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("challenge", nargs="*", help="challenges (all of them)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--tier", default="auto", help="the tier of the box (auto)")
    return parser.parse_args()


def _exam(loaded: Loaded) -> Exam:
    return Exam(loaded, build(loaded.challenge, SECRET), SECRET)


def _port(loaded: Loaded) -> Submission:
    return languages.read(loaded.folder / "submissions/accepted/port.mjs")


def _summed(name: str, ratios: Any, worst: Callable[[Sequence[float]], float]) -> dict[str, float]:
    known = list(ratios)
    return {name: round(median(known), 2), f"{name}_worst": round(worst(known), 2)}


def _counted(count: int, what: str) -> Iterator[int]:
    """Count up, with one line of progress on a terminal."""
    for index in range(count):
        if sys.stderr.isatty():
            print(f"\r{index + 1}/{count} {what}   ", end="", file=sys.stderr)
        yield index
    if sys.stderr.isatty():
        print(file=sys.stderr)


def _text(report: dict[str, Any]) -> str:
    lines = [f"{key}: {report[key]}" for key in ("date", "machine", "python", "engine", "tier")]
    for name in [key for key in report if key.endswith("_ratio")]:
        lines.append(
            f"{name:20}{report[name]:8.2f}  worst {report[name + '_worst']:.2f}"
            f"  {_against(name, report[name])}"
        )
    lines += [f"  engine {name:20}{ratio:8.2f}" for name, ratio in report["engines"].items()]
    for name, row in report["challenges"].items():
        lines.append(f"  {name:20}" + "".join(f"  {key} {value:.2f}" for key, value in row.items()))
    return "\n".join(lines)


def _against(name: str, value: float) -> str:
    at_least, at_most = TARGETS.get(name, (None, None))
    if at_least is not None:
        return f">= {at_least:g}: {'met' if value >= at_least else 'MISSED'}"
    if at_most is not None:
        return f"<= {at_most:g}: {'met' if value <= at_most else 'MISSED'}"
    return ""


if __name__ == "__main__":
    main()
