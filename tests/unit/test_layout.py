"""What a cell may see: the standard library and the allowed distributions, never a neighbour."""

import os
import sysconfig
from pathlib import Path

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import SandboxError
from grader.sandbox import layout as layouts
from grader.sandbox.layout import layout


def install(site: Path, name: str, *files: str, record: bool = True) -> None:
    """Lay a distribution into `site` as an installer would."""
    for file in files:
        path = site / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    info = site / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    if record:
        lines = [*files, "../../../bin/tool", f"{name}-1.0.dist-info/RECORD"]
        (info / "RECORD").write_text("".join(f"{line},sha256=x,1\n" for line in lines))


@pytest.fixture
def site(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path.resolve()


def trees_below(site: Path, *packages: str) -> set[str]:
    trees = layout(packages).trees
    return {os.path.relpath(tree, site) for tree in trees if tree.startswith(f"{site}/")}


def test_a_package_is_shown_whole_and_its_neighbour_not(site):
    install(site, "alpha", "alpha/__init__.py", "alpha/deep/more.py", "alpha_extra.py")
    install(site, "secret", "secret/__init__.py")
    assert {"alpha", "alpha_extra.py"} == trees_below(site, "alpha")


def test_a_namespace_is_entered_down_to_the_distributions_own_part(site):
    install(site, "spacea", "space/a/__init__.py", "space/a/x.py", "space/single.py")
    install(site, "spaceb", "space/b/__init__.py")
    assert {"space/a", "space/single.py"} == trees_below(site, "spacea")


def test_a_folder_of_libraries_is_shown_file_by_file(site):
    install(site, "num", "num/__init__.py", "num.libs/libblas.so.1")
    assert {"num", "num.libs/libblas.so.1"} == trees_below(site, "num")


def test_the_site_folder_is_on_the_import_path(site):
    install(site, "pathed", "pathed/__init__.py")
    assert str(site) == layout(("pathed",)).sys_path[-1]


def test_the_modules_of_a_package_are_named(site):
    install(site, "modular", "modular/__init__.py", "helper.py", "modular.libs/x.so")
    assert layout(("modular",)).modules == ("modular", "helper")


def test_a_package_that_is_not_installed_says_how_to_install_it():
    with pytest.raises(SandboxError, match=r"-m pip install no-such-package"):
        layout(("no-such-package",))


def test_an_editable_install_is_refused(site):
    install(site, "editable", "__editable__.editable.pth")
    with pytest.raises(SandboxError, match="no files of its own"):
        layout(("editable",))


def test_without_a_record_the_top_level_names_are_taken(site):
    install(site, "plain-name", "plain_name/__init__.py", record=False)
    assert {"plain_name"} == trees_below(site, "plain-name")


def test_numpy_is_shown_from_where_it_is_installed():
    assert os.path.realpath(os.path.dirname(numpy.__file__)) in layout(("numpy",)).trees


def test_nothing_of_ours_and_nobodys_site_packages_are_shown():
    shown = layout(("numpy",))
    ours = str(Path(layouts.__file__).resolve().parents[1])
    for place in (ours, sysconfig.get_path("purelib"), str(Path.home()), os.getcwd(), "/", "/tmp"):
        real = os.path.realpath(place)
        assert not [tree for tree in shown.trees if f"{real}/".startswith(f"{tree}/")]


def test_trees_are_real_paths_without_repetition():
    shown = layout(("numpy",))
    assert [os.path.realpath(tree) for tree in shown.trees] == list(shown.trees)
    assert sorted(set(shown.trees)) == list(shown.trees)


def test_links_lead_to_what_is_shown():
    shown = layout(("numpy",))
    places = [*shown.trees, *(os.path.realpath(os.path.dirname(path)) for path, _ in shown.links)]
    for path, _ in shown.links:
        real = os.path.realpath(path)
        within = any(f"{real}/".startswith(f"{place}/") for place in places)
        assert within or any(place.startswith(f"{real}/") for place in places), path


def test_site_packages_in_a_standard_library_are_masked_but_allowed_parts_shown(tmp_path):
    masks = (f"{tmp_path}/python3/site-packages",)
    trees = [
        f"{tmp_path}/python3",
        f"{tmp_path}/python3/lib-dynload",
        f"{masks[0]}/numpy",
        f"{masks[0]}/numpy/linalg",
    ]
    assert (trees[0], trees[2]) == layouts._outermost(trees, masks)


def test_masks_are_found_in_the_standard_library(tmp_path):
    (tmp_path / "site-packages").mkdir()
    (tmp_path / "dist-packages").write_text("a file")
    assert (f"{tmp_path}/site-packages",) == layouts._masks([str(tmp_path)])


def test_a_chain_of_links_is_followed_and_reported(tmp_path):
    root = tmp_path.resolve()
    (root / "real" / "lib").mkdir(parents=True)
    (root / "middle").symlink_to("real")
    (root / "lib").symlink_to(root / "middle" / "lib")
    trees, links = layouts._resolve_all([f"{root}/lib"])
    assert [f"{root}/real/lib"] == trees
    assert {f"{root}/lib": f"{root}/middle/lib", f"{root}/middle": "real"} == links


FOLDERS = st.lists(st.sampled_from("abc"), max_size=3)
FILES = st.tuples(FOLDERS, st.sampled_from(["__init__.py", "m.py"])).map(lambda f: (*f[0], f[1]))


@given(files=st.sets(FILES, max_size=12))
def test_owned_entries_cover_exactly_the_recorded_files(files):
    owned = layouts._owned(files)
    paths = {"/".join(file) for file in files}
    covered = {p for p in paths if any(p == e or p.startswith(f"{e}/") for e in owned)}
    assert paths == covered
    for entry in owned:
        assert entry in paths or f"{entry}/__init__.py" in paths
