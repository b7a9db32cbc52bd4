"""The catalog on roots made for the test: lookup, laziness, digests, authors' slips."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.catalog import Catalog
from grader.errors import AuthorError, UsageError

SPEC = """
from grader.spec import Case, Challenge, Group
from reference import {slug} as programs

challenge = Challenge(
    id="{id}",
    title="Double a number",
    parameters=("x",),
    reference=programs.{slug},
    groups=(Group(name="all", title="All", points=1, cases=(Case(name="one", args=(1,)),)),),
)
"""
REFERENCE = "def {slug}(x):\n    return 2 * x\n"

Make = Callable[..., Path]

HOMES = ("one", "two")


@pytest.fixture(autouse=True)
def undo_imports() -> Iterator[None]:
    """Each test has roots of its own under the same names."""
    yield
    fresh_imports()


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Write a challenge under `<tmp>/<home>/challenges` and return that root."""

    def write(
        slug: str = "double_it",
        id_: str = "doubleIt",
        *,
        home: str = "one",
        spec: str = SPEC,
        reference: str = REFERENCE,
    ) -> Path:
        base = tmp_path / home
        folder = base / "challenges" / slug
        folder.mkdir(parents=True)
        (base / "reference").mkdir(exist_ok=True)
        (folder / "spec.py").write_text(spec.format(slug=slug, id=id_), encoding="utf-8")
        (base / "reference" / f"{slug}.py").write_text(reference.format(slug=slug), "utf-8")
        return base / "challenges"

    return write


def author_error(root: Path, name: str = "doubleIt") -> str:
    with pytest.raises(AuthorError) as caught:
        Catalog([root]).load(name)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_the_built_in_challenge_is_found_by_id_and_by_folder() -> None:
    by_id, by_folder = (Catalog().load(name) for name in ("sgdWithMomentum", "sgd_with_momentum"))
    assert by_id.challenge.id == "sgdWithMomentum"
    assert by_folder == by_id
    assert (by_id.folder / "statement.md").is_file()


def test_a_further_root_adds_to_the_built_in_one(make: Make) -> None:
    catalog = Catalog([make()])
    ours = [entry.id for entry in Catalog().list()]
    assert "sgdWithMomentum" in ours
    assert sorted(["doubleIt", *ours]) == [entry.id for entry in catalog.list()]
    assert catalog.load("doubleIt").challenge.reference(4) == 8


def test_a_root_given_twice_is_one_root(make: Make) -> None:
    root = make()
    twice = Catalog([root, root / ".." / "challenges"]).list()
    assert len(Catalog().list()) + 1 == len(twice)


def test_a_root_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a folder"):
        Catalog([tmp_path / "absent"])


@pytest.mark.parametrize("name", ["sgdWithMomentun", "sgd_momentum", "SGDWithMomentum"])
def test_an_unknown_name_gets_the_nearest(name: str) -> None:
    with pytest.raises(UsageError, match="did you mean sgdWithMomentum"):
        Catalog().load(name)


@pytest.mark.parametrize("name", ["zzz", "", "../../etc/passwd", "*"])
def test_a_name_like_no_other_gets_a_pointer_to_the_list(name: str) -> None:
    with pytest.raises(UsageError, match="grader list"):
        Catalog().load(name)


def test_a_broken_challenge_stops_nobody_elses(make: Make) -> None:
    root = make(spec="raise RuntimeError('half written')")
    assert Catalog([root]).load("sgdWithMomentum").challenge.id == "sgdWithMomentum"
    with pytest.raises(AuthorError, match="half written"):
        Catalog([root]).list()


def test_a_broken_challenge_is_still_a_near_name(make: Make) -> None:
    root = make(spec="raise RuntimeError('half written')")
    with pytest.raises(UsageError, match="did you mean double_it"):
        Catalog([root]).load("doubleItt")


def test_one_id_in_two_roots_names_both(make: Make) -> None:
    roots = [make(home="one"), make(home="two")]
    with pytest.raises(AuthorError) as caught:
        Catalog(roots).load("doubleIt")
    for root in roots:
        assert str(root / "double_it") in str(caught.value)


def test_another_roots_reference_of_the_same_name_is_refused(make: Make) -> None:
    first = make(home="one")
    second = make(home="two")
    assert Catalog([first]).load("doubleIt").challenge.id == "doubleIt"
    assert str(first.parent / "reference" / "double_it.py") in author_error(second)


def test_a_misspelt_field_is_one_line_with_file_line_and_field(make: Make) -> None:
    message = author_error(make(spec=SPEC.replace('title="Double', 'titel="Double')))
    assert "spec.py:5: Challenge.title: Field required (and 1 more)" in message


def test_a_field_deep_inside_is_named_with_its_place(make: Make) -> None:
    message = author_error(make(spec=SPEC.replace("points=1", "points=-1")))
    assert "Group.points: Input should be greater than or equal to 0" in message


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ("from reference import absent_module\n", "ImportError: cannot import name"),
        ("import nowhere_to_be_found\n", "ModuleNotFoundError"),
        ("x = = 1\n", "spec.py:1: invalid syntax"),
        ("x = 1\nx / 0\n", "spec.py:2: ZeroDivisionError: division by zero"),
        ("", "does not bind `challenge`"),
        ("challenge = 3\n", "does not bind `challenge`"),
        (SPEC.replace('id="{id}"', 'id="triple"'), "the id is 'triple'"),
    ],
)
def test_an_authors_slip_is_one_line(make: Make, spec: str, said: str) -> None:
    assert said in author_error(make(spec=spec))


def test_a_broken_reference_names_the_reference(make: Make) -> None:
    root = make(reference="def {slug}(x)\n    return 2 * x\n")
    assert str(root.parent / "reference" / "double_it.py") in author_error(root)


def digest_of(root: Path) -> str:
    return Catalog([root]).load("doubleIt").digest


def test_the_digest_is_of_content_and_not_of_place(make: Make) -> None:
    first = digest_of(make(home="one"))
    fresh_imports()
    assert digest_of(make(home="two")) == first


@pytest.mark.parametrize("changed", ["spec", "reference"])
def test_the_digest_changes_with_the_sources(make: Make, changed: str) -> None:
    texts = {"spec": SPEC, "reference": REFERENCE}
    first = digest_of(make(home="one", **texts))
    fresh_imports()
    texts[changed] += "# one more comment\n"
    assert digest_of(make(home="two", **texts)) != first


def test_the_digest_follows_imports_within_the_references(make: Make) -> None:
    digests = []
    for home, factor in (("one", 2), ("two", 3)):
        root = make(
            home=home,
            reference="from reference import double_helper\n\n"
            "def {slug}(x):\n    return double_helper.twice(x)\n",
        )
        helper = root.parent / "reference" / "double_helper.py"
        helper.write_text(f"def twice(x):\n    return {factor} * x\n", "utf-8")
        digests.append(digest_of(root))
        fresh_imports()
    assert digests[0] != digests[1]


def test_the_digest_leaves_the_statement_out(make: Make) -> None:
    root = make()
    first = digest_of(root)
    (root / "double_it" / "statement.md").write_text("Double it.", "utf-8")
    assert digest_of(root) == first


def fresh_imports() -> None:
    """Let the next root bring modules of its own under the names of the last one."""
    for name in [name for name in sys.modules if "double_" in name]:
        del sys.modules[name]
        # A package remembers its submodules, whatever `sys.modules` says.
        vars(sys.modules["reference"]).pop(name.removeprefix("reference."), None)
    sys.path[:] = [entry for entry in sys.path if Path(entry).name not in HOMES]
