"""Which sources are alike: planted copies among answers that were written independently."""

import ast
import itertools
import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import similarity
from grader.reports import similar
from grader.similarity import Source

ROOT = Path(__file__).resolve().parents[2]
ACCEPTED = ROOT / "challenges" / "adam_w" / "submissions" / "accepted"
STARTER = (ROOT / "challenges" / "adam_w" / "starter.py").read_text("utf-8")


def python(name: str, text: str) -> Source:
    return Source(name, text, "python")


@pytest.fixture(scope="module")
def independent() -> list[Source]:
    """Right answers to one challenge, each written in its own way."""
    return [python(path.name, path.read_text("utf-8")) for path in sorted(ACCEPTED.glob("*.py"))]


def pairs_of(sources: list[Source], *starters: Source) -> set[frozenset[str]]:
    found = similarity.find(sources, starters)
    return {frozenset((pair.left.name, pair.right.name)) for pair in found.pairs}


def unlike(number: int) -> str:
    """Return a source that shares no passage with those of other numbers."""
    signs = random.Random(number)
    return "".join(f"x = {' '.join(signs.choices('y+-*/%&|^<>[]', k=40))}\n" for _ in range(3))


def renamed(text: str) -> str:
    chosen = {
        node.id
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return re.sub(
        r"\b(" + "|".join(chosen) + r")\b", lambda found: f"zz_{len(found[0])}{found[0]}", text
    )


def relaid(text: str) -> str:
    return "# mine\n" + ast.unparse(ast.parse(text)).replace("\n", "\n\n")


def reordered(text: str) -> str:
    *rest, last = ast.parse(text).body
    return ast.unparse(ast.Module([last, *rest], []))


# --- what is found ----------------------------------------------------------------------------


def test_independent_answers_are_not_pointed_at(independent: list[Source]) -> None:
    found = similarity.find(independent, [python("starter.py", STARTER)])
    assert () == found.pairs
    assert len(independent) == found.sources
    assert found.starter > 0


@pytest.mark.parametrize("disguise", [renamed, relaid, reordered, str])
def test_a_disguised_copy_is_found_first(independent: list[Source], disguise) -> None:
    for source in independent:
        copy = python("copy.py", disguise(source.text))
        found = similarity.find([*independent, copy], [python("starter.py", STARTER)])
        first = found.pairs[0]
        assert {source.name, "copy.py"} == {first.left.name, first.right.name}
        assert first.alone > 0


def test_javascript_is_compared_with_javascript_alone() -> None:
    texts = {p.name: p.read_text("utf-8") for p in sorted(ACCEPTED.glob("*.*js"))}
    sources = [Source(name, text, "javascript") for name, text in texts.items()]
    name, text = next(iter(texts.items()))
    disguised = re.sub(r"//.*", "", text).replace(";", "").replace("const ", "let ")
    sources.append(Source("copy.js", disguised, "javascript"))
    sources.append(python("copy.py", disguised))
    assert {frozenset((name, "copy.js"))} == pairs_of(sources)


def test_what_the_starter_has_counts_nothing() -> None:
    given = unlike(0)
    sources = [python("a.py", given + "a = b\n"), python("b.py", given + "return {1: 2}\n")]
    assert {frozenset(("a.py", "b.py"))} == pairs_of(sources)
    assert set() == pairs_of(sources, python("starter.py", given))


def test_what_many_have_counts_nothing(independent: list[Source]) -> None:
    everybodys = independent[0].text
    several = [python(f"s{i}.py", f"x{'[0]' * i} = {i}\n" + everybodys) for i in range(8)]
    assert set() == pairs_of(several)
    assert {frozenset(("s0.py", "s1.py"))} == pairs_of([*several[:2], *independent[1:]])


def test_very_short_sources_are_alike_by_chance() -> None:
    assert set() == pairs_of([python("a.py", "x = 1"), python("b.py", "y = 2"), python("c.py", "")])


def test_a_ring_of_copies_is_a_cluster(independent: list[Source]) -> None:
    ring = [python(f"ring{i}.py", independent[0].text) for i in range(3)]
    found = similarity.find([*independent, *ring])
    assert (tuple(sorted([independent[0].name, *(each.name for each in ring)])),) == found.clusters
    assert 3 == found.found


def test_matched_lines_are_told_with_how_many_have_them(independent: list[Source]) -> None:
    moved = python("copy.py", "# one\n# two\n" + independent[0].text)
    pair = similarity.find([*independent, moved]).pairs[0]
    assert {(2, 2)} == {
        (right[0] - left[0], right[1] - left[1]) for left, right, _ in pair.passages
    }
    assert [2] == sorted({each.sources for each in pair.passages})[:1]


@given(st.lists(st.text(alphabet="ab= \n([", max_size=60), max_size=6))
def test_scores_are_shares_and_the_order_of_files_makes_no_difference(texts: list[str]) -> None:
    sources = [python(f"{i}.py", text) for i, text in enumerate(texts)]
    found = similarity.find(sources)
    assert all(similarity.THRESHOLD <= pair.score <= 1 for pair in found.pairs)
    turned = similarity.find(sources[::-1])
    assert [round(p.score, 9) for p in found.pairs] == [round(p.score, 9) for p in turned.pairs]


def test_no_passage_is_followed_to_more_than_a_few_sources() -> None:
    """So the work grows with the class and not with its square."""
    sources = [
        python(f"{i}.py", unlike(i) + "common = a[b] * (c + d) - e.f % g\n") for i in range(900)
    ]
    each = similarity._class_of(sources, [])
    followed = Counter(itertools.chain.from_iterable(each.kinds))
    assert max(followed[value] for value in each.weights) <= similarity.MOST_KINDS
    assert len(each.weights) < len(each.uses)


# --- the page ---------------------------------------------------------------------------------

HOSTILE = "</pre><script>alert(1)</script>\x1b[31m\u202e{{ 7 * 7 }}"


def page_of(sources: list[Source], **given: int) -> str:
    return similar.page(similarity.find(sources), **{"starters": 0, **given})


def test_the_page_points_and_does_not_judge(independent: list[Source]) -> None:
    page = page_of(independent)
    assert "This page points; it does not judge." in page
    assert "no pair reaches 0.4" in page
    assert "(none was given)" in page
    assert "(none was given)" not in page_of(independent, starters=1)


def test_the_page_needs_no_script_and_fetches_nothing(independent: list[Source]) -> None:
    page = page_of([*independent, python("copy.py", independent[0].text)])
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert "<script" not in page
    assert re.search(r'(?:src|href)\s*=(?!"#)', page) is None
    assert "url(" not in page


def test_hostile_names_and_sources_show_as_text(independent: list[Source]) -> None:
    text = f"# {HOSTILE}\n" + independent[0].text
    page = page_of([*independent, python(f"{HOSTILE}.py", text)])
    assert "<script" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert r"&lt;/pre&gt;&lt;script&gt;alert(1)&lt;/script&gt;\x1b[31m\u202e{{ 7 * 7 }}" in page
    found = similarity.find([*independent, python(f"{HOSTILE}.py", text)])
    assert "\x1b" not in similar.summary(found)


def test_a_long_source_is_shown_where_it_is_alike(independent: list[Source]) -> None:
    long = "# filler\n" * 3000 + independent[0].text
    page = page_of([*independent, python("long.py", long)])
    assert "3000 lines before" in page
    assert page.count("# filler") < 100


def test_many_pairs_are_cut_and_counted() -> None:
    sources = [python(f"{i}.{n}.py", unlike(i)) for i in range(230) for n in (1, 2)]
    found = similarity.find(sources)
    assert 230 == found.found
    assert similarity.MOST_PAIRS == len(found.pairs)
    assert "230 pairs reach 0.4; the first 200 are shown." in similar.page(found, starters=0)
    assert "… and 210 more" in similar.summary(found)
