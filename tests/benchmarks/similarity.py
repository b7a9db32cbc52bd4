"""How well disguised copies are told from independent answers, and how long it takes.

A class is the accepted submissions to a challenge and the unseen ones, or the twelve plain loops
in `alike/`, which are as much alike as short right answers get. A quarter of it at a time gets a
disguised copy planted. Pairs of a source and its copy are to be found, all others are not.

    at_1_in_1000   the share of copies above the score that 1 in 1000 of the other pairs reaches
    recall         the share of copies that reach `similarity.THRESHOLD`
    precision      the share of copies among all pairs that do
    seconds        CPU seconds for `--files` files of 1 kB
"""

import argparse
import ast
import io
import itertools
import random
import re
import time
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

from grader import similarity
from grader.similarity import Source

ROOT = Path(__file__).resolve().parents[2]
COPY = "*"
Disguise = Callable[[str, random.Random], str]


# --- disguises --------------------------------------------------------------------------------


def other_names(text: str, rng: random.Random) -> str:
    """Rename whatever the source itself binds, but for the functions at its top level."""
    tree = ast.parse(text)
    kept = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    chosen = sorted(_bound(tree) - kept)
    fresh = dict(zip(chosen, (f"v{n}" for n in rng.sample(range(1000), len(chosen))), strict=True))
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return tokenize.untokenize((each.type, fresh.get(each.string, each.string)) for each in tokens)


def other_layout(text: str, rng: random.Random) -> str:
    """Lay the source out anew, without its comments and docstrings and with some of another."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef):
            body = node.body[1:] if ast.get_docstring(node, clean=False) else node.body
            node.body = body or node.body
    lines = ast.unparse(tree).split("\n")
    return "".join(f"{line}  # then\n" if rng.random() < 0.3 else f"{line}\n" for line in lines)


def other_order(text: str, rng: random.Random) -> str:  # noqa: ARG001 (one signature for all)
    """Swap neighbouring assignments that do not depend on each other, and definitions."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            for place in [*range(len(body) - 1), *range(len(body) - 1)]:
                if _may_swap(body[place], body[place + 1]):
                    body[place : place + 2] = [body[place + 1], body[place]]
    return ast.unparse(tree) + "\n"


def while_loops(text: str, rng: random.Random) -> str:  # noqa: ARG001 (one signature for all)
    """Turn every `for` into a `while` with a counter."""
    return ast.unparse(ast.fix_missing_locations(_Whiles().visit(ast.parse(text)))) + "\n"


def everything(text: str, rng: random.Random) -> str:
    for disguise in (while_loops, other_order, other_layout, other_names):
        text = disguise(text, rng)
    return text


DISGUISES: tuple[Disguise, ...] = (
    other_names,
    other_layout,
    other_order,
    while_loops,
    everything,
)


class _Whiles(ast.NodeTransformer):
    def __init__(self) -> None:
        self.counters = (f"count{number}" for number in itertools.count())

    def visit_For(self, node: ast.For) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if node.orelse or any(isinstance(each, ast.Continue) for each in ast.walk(node)):
            return node
        target, over = ast.unparse(node.target), ast.unparse(node.iter)
        simple = re.fullmatch(r"range\(([^,()]+)\)", over)
        counter = target if simple else next(self.counters)
        end = simple[1] if simple else f"len({over})"
        first = "" if simple else f"    {target} = {over}[{counter}]\n"
        code = f"{counter} = 0\nwhile {counter} < {end}:\n{first}    pass\n    {counter} += 1"
        start, loop = ast.parse(code).body
        assert isinstance(loop, ast.While)
        place = len(loop.body) - 2
        loop.body[place : place + 1] = node.body
        return [start, loop]


def _may_swap(one: ast.stmt, other: ast.stmt) -> bool:
    definitions = (ast.FunctionDef, ast.ClassDef)
    if isinstance(one, definitions) and isinstance(other, definitions):
        return True
    assignments = (ast.Assign, ast.AugAssign)
    if not (isinstance(one, assignments) and isinstance(other, assignments)):
        return False
    return not (_stored(one) & _named(other) or _stored(other) & _named(one))


def _named(node: ast.AST) -> set[str]:
    names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return names | {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def _stored(node: ast.AST) -> set[str]:
    stored = [each for each in ast.walk(node) if isinstance(getattr(each, "ctx", 0), ast.Store)]
    names = {each.id for each in stored if isinstance(each, ast.Name)}
    return names | {each.attr for each in stored if isinstance(each, ast.Attribute)}


def _bound(tree: ast.AST) -> set[str]:
    arguments = {each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)}
    kinds = (ast.FunctionDef, ast.ClassDef)
    defined = {each.name for each in ast.walk(tree) if isinstance(each, kinds)}
    return {name for name in _stored(tree) | arguments | defined if not name.startswith("__")}


# --- classes ----------------------------------------------------------------------------------


def classes() -> Iterator[tuple[dict[str, str], str]]:
    """Yield the texts of each class by name, and its starter."""
    unseen = {path.name.lower(): path for path in (ROOT / "tests/challenges/unseen").iterdir()}
    for folder in sorted((ROOT / "challenges").iterdir()):
        if (folder / "starter.py").exists():
            paths = sorted((folder / "submissions" / "accepted").glob("*.py"))
            more = unseen.get(folder.name.replace("_", ""))
            paths += sorted(more.glob("*.py")) if more else []
            yield _texts(paths), (folder / "starter.py").read_text("utf-8")
    starter = (ROOT / "challenges/sgd_with_momentum/starter.py").read_text("utf-8")
    yield _texts(sorted((Path(__file__).parent / "alike").glob("*.py"))), starter


def _texts(paths: list[Path]) -> dict[str, str]:
    return {f"{path.parent.name}/{path.name}": path.read_text("utf-8") for path in paths}


def scores(disguise: Disguise) -> tuple[list[float], list[float]]:
    """Return the scores of planted pairs, and of all others."""
    planted: list[float] = []
    others: list[float] = []
    rng = random.Random(0)
    for texts, starter in classes():
        names = rng.sample(sorted(texts), len(texts))
        for quarter in (names[start::4] for start in range(4)):
            copies = {name + COPY: disguise(texts[name], rng) for name in quarter}
            scored = _scores({**texts, **copies}, starter)
            for pair in itertools.combinations(sorted({**texts, **copies}), 2):
                same = pair[0].rstrip(COPY) == pair[1].rstrip(COPY)
                (planted if same else others).append(scored.get(frozenset(pair), 0.0))
    return planted, others


def _scores(texts: dict[str, str], starter: str) -> dict[frozenset[str], float]:
    sources = [Source(name, text, "python") for name, text in texts.items()]
    found = similarity.find(sources, [Source("starter", starter, "python")])
    return {frozenset((pair.left.name, pair.right.name)): pair.score for pair in found.pairs}


def large_class(files: int) -> list[Source]:
    """Return files of 1 kB, seven in ten of them distinct, made by editing some right answers."""
    rng = random.Random(1)
    bases = [text for texts, _ in classes() for text in texts.values() if len(text) > 600]
    lines = [line for text in bases for line in text.split("\n") if "=" in line]
    made: list[str] = []
    while len(made) < files:
        if made and rng.random() < 0.3:
            made.append(rng.choice(made))
            continue
        edited = rng.choice(bases).split("\n")
        for _ in range(rng.randrange(4, 16)):
            edited.insert(rng.randrange(len(edited)), rng.choice(lines))
        edited += rng.choices(lines, k=40)
        made.append("\n".join(edited)[:1000])
    return [Source(f"{number}.py", text, "python") for number, text in enumerate(made)]


def main() -> None:
    raw = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--files", type=int, default=10_000)
    files = parser.parse_args().files
    threshold = similarity.THRESHOLD
    for disguise in DISGUISES:
        # Every score is wanted here, also of what would not be shown.
        similarity.THRESHOLD, similarity.MOST_PAIRS = 0.0, 10**6
        planted, others = scores(disguise)
        bar = sorted(others, reverse=True)[len(others) // 1000]
        hits = sum(score >= threshold for score in planted)
        alarms = sum(score >= threshold for score in others)
        above = sum(score > bar for score in planted) / len(planted)
        print(
            f"{disguise.__name__:14} at_1_in_1000 {above:.2f}"
            f"  recall {hits / len(planted):.2f}  precision {hits / (hits + alarms):.2f}"
            f"  ({len(planted)} copies, {len(others)} others)"
        )
    similarity.THRESHOLD, similarity.MOST_PAIRS = threshold, 200
    sources = large_class(files)
    start = time.process_time()
    found = similarity.find(sources)
    print(f"seconds {time.process_time() - start:.1f} for {files} files, {found.found} pairs")


if __name__ == "__main__":
    main()
