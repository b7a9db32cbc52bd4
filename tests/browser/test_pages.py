"""The pages in a real browser: they open, look like something, fetch nothing and run nothing.

A class is graded in the box, with a submission whose name and prints are attacks; Debian's
`chromium` then shows what comes of it. `.ci/run` installs it where it is root; elsewhere these
tests skip without it, and in CI they fail.
"""

import contextlib
import html
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

NAME = "<img src=x onerror=alert(1)>.py"
HOSTILE = """\
def sgdWithMomentum(data, lr, beta, epochs):
    print("</pre></body><script>document.title = 'taken'</script>")
    print("<img src='http://evil.example/i.png'><style>@import 'http://evil.example/s.css'</style>")
    print("\\x1b[31mred\\u202eturned" + "long" * 2000)
    return 0.0
"""
RIGHT = """\
def sgdWithMomentum(data, lr, beta, epochs):
    w = velocity = 0.0
    for _ in range(epochs):
        for sample in data:
            gradient = 2 * (w * sample["x"] - sample["y"]) * sample["x"]
            velocity = beta * velocity + gradient
            w -= lr * velocity
    return w
"""
COPIED = HOSTILE.replace("return 0.0", "return 0.0  # mine")
ASSIGNMENT = """
title = "<script>document.title = 'taken'</script>"
timezone = "Europe/Berlin"
due = 2026-11-30T23:59:00
[[challenges]]
id = "sgdWithMomentum"
[[challenges]]
id = "adamW"
weight = 2
"""
PHONE, DESK = 390, 1200
WIDTHS = (320, PHONE, DESK)
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--no-default-browser-check", "--disable-dev-shm-usage"),
)
ITS_OWN = ("clients2.google.com", "update.googleapis.com", "accounts.google.com")
"""What Chromium asks for by itself, whatever page it shows."""
DARK = "--blink-settings=preferredColorScheme=0"
FETCHES = '<img src="http://evil.example/i.png">'
FRAME = '<iframe width="{width}" height="800" style="border: 0" srcdoc="{page}"></iframe>\n'
MEASURE = """<!DOCTYPE html><title>measures</title>
{frames}
<script>
onload = () => {{
  const roots = [...document.querySelectorAll("iframe")].map(
    (frame) => frame.contentDocument.documentElement)
  document.body.dataset.widths = roots.map((root) => root.scrollWidth)
}}
</script>
"""


class Outside:
    """All of the outside world: a port to which every name leads, and what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(2)
                try:
                    self.asked.append(connection.recv(500))
                except OSError:
                    self.asked.append(b"")

    def close(self) -> None:
        self._listener.close()


@pytest.fixture
def outside() -> Iterator[Outside]:
    world = Outside()
    yield world
    world.close()


class Seen(NamedTuple):
    """What came of opening a page: its elements, its picture, its print, what it fetched."""

    dom: str
    light: list[bytes]
    printed: bytes
    asked: list[bytes]


class Browser:
    """Headless Chromium, with a new profile for every page."""

    def __init__(self, program: str, folder: Path) -> None:
        self.program = program
        self.folder = folder
        self.count = 0

    def dom(self, page: Path, port: int = 9) -> str:
        """Open a page and return what it has become."""
        return self._run(page, port, "--dump-dom")

    def picture(self, page: Path, width: int, *more: str) -> list[bytes]:
        """Open a page and return the rows of its picture, as PNG compresses them."""
        return self._pictured(page, width, *more, port=9)[1]

    def _pictured(self, page: Path, width: int, *more: str, port: int) -> tuple[str, list[bytes]]:
        out = self.folder / "picture.png"
        out.unlink(missing_ok=True)
        said = self._run(page, port, f"--screenshot={out}", f"--window-size={width},1600", *more)
        return said, rows(out.read_bytes())

    def seen(self, page: Path, outside: Outside) -> Seen:
        """Open a page once on a phone: for what it becomes, its picture and its print."""
        out = self.folder / "page.pdf"
        out.unlink(missing_ok=True)
        printing = ("--dump-dom", f"--print-to-pdf={out}", "--no-pdf-header-footer")
        dom, picture = self._pictured(page, PHONE, *printing, port=outside.port)
        return Seen(dom, picture, out.read_bytes(), outside.asked)

    def _run(self, page: Path, port: int, *more: str) -> str:
        self.count += 1
        profile = self.folder / f"profile-{self.count}"
        nowhere = "".join(f"MAP {name} ~NOTFOUND," for name in ITS_OWN)
        rules = f"--host-resolver-rules={nowhere}MAP * 127.0.0.1:{port}"
        done = subprocess.run(
            [self.program, *FLAGS, rules, f"--user-data-dir={profile}", *more, page.as_uri()],
            capture_output=True,
            timeout=120,
            check=True,
        )
        shutil.rmtree(profile, ignore_errors=True)
        return done.stdout.decode("utf-8")


def rows(png: bytes) -> list[bytes]:
    """Return a PNG's rows as they are filtered: equal rows of one colour stay equal."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    place, data, stride = 8, b"", 0
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        body = png[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width, _, depth, colour = struct.unpack(">IIBB", body[:10])
            stride = 1 + width * {2: 3, 6: 4}[colour] * depth // 8
        data += body if kind == b"IDAT" else b""
        place += length + 12
    pixels = zlib.decompress(data)
    return [pixels[start : start + stride] for start in range(0, len(pixels), stride)]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    program = shutil.which("chromium")
    if program is None:
        missing = "there is no `chromium`: apt-get install --no-install-recommends chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return Browser(program, tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All pages of a small class, graded for a challenge and for an assignment.

    The instructor's, the hostile student's, and the one on likeness.
    """
    folder = tmp_path_factory.mktemp("class")
    submissions = folder / "submissions"
    submissions.mkdir()
    (submissions / NAME).write_text(HOSTILE)
    (submissions / f"copy of {NAME}").write_text(COPIED)
    (submissions / "right.py").write_text(RIGHT)
    (submissions / "half.py").write_text(RIGHT.replace("2 * (w", "(w"))
    (folder / "a.toml").write_text(ASSIGNMENT)
    (folder / "roster.csv").write_text(f'key,name\n{NAME},"{NAME}"\nmissing,{NAME}\n')
    out, of_assignment = folder / "out", folder / "assignment"
    _grader("batch", "sgdWithMomentum", str(submissions), "--out", str(out))
    options = ("--out", str(of_assignment), "--roster", str(folder / "roster.csv"))
    _grader("batch", str(folder / "a.toml"), str(submissions), *options)
    for each in (out, of_assignment):
        _grader("report", str(each))
    _grader("similar", str(out))
    return {
        "class": out / "report.html",
        "student": _only(out / "students", "img*onerror*"),
        "similar": out / "similarity.html",
        "assignment": of_assignment / "report.html",
        "its student": _only(of_assignment / "students", "img*onerror*"),
    }


def _only(folder: Path, pattern: str) -> Path:
    [found] = folder.glob(pattern)
    return found


def _grader(*arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "grader", *arguments],
        env={**os.environ, "GRADER_SECRET": "the tests' own"},
        capture_output=True,
        check=True,
    )


@pytest.fixture(scope="module")
def look(browser: Browser, pages: dict[str, Path]) -> Callable[[str], Seen]:
    """Open a page for all that is asked of it, once: starting the browser takes the time."""

    @cache
    def seen(which: str) -> Seen:
        with contextlib.closing(Outside()) as world:
            return browser.seen(pages[which], world)

    return seen


ALL = ("class", "student", "similar", "assignment", "its student")
EACH = pytest.mark.parametrize("which", ALL)


@EACH
def test_hostile_text_shows_as_text_and_nothing_is_fetched(
    look: Callable[[str], Seen], which: str
) -> None:
    dom = look(which).dom
    assert not re.search(r"<(?:script|img|iframe|link|object)\b", dom)
    assert "taken</title>" not in dom
    assert html.escape(NAME, quote=False) in dom
    if which == "similar":
        assert "&lt;/pre&gt;&lt;/body&gt;&lt;script&gt;document.title = 'taken'" in dom
    if which in ("student", "its student"):
        assert "&lt;/pre&gt;&lt;/body&gt;&lt;script&gt;document.title = 'taken'" in dom
        assert "\\x1b[31mred\\u202eturned" in dom
    assert dom.rstrip().endswith("</html>")
    assert [] == look(which).asked


def test_a_page_that_fetches_would_be_noticed(
    browser: Browser, outside: Outside, tmp_path: Path
) -> None:
    (tmp_path / "page.html").write_text(f"<!DOCTYPE html><title>t</title>{FETCHES}")
    browser.dom(tmp_path / "page.html", outside.port)
    assert any(b"evil.example" in each for each in outside.asked)
    outside.asked.clear()
    seen = browser.seen(tmp_path / "page.html", outside)
    assert any(b"evil.example" in each for each in seen.asked)


@EACH
def test_the_policy_holds_even_where_markup_gets_in(
    browser: Browser, pages: dict[str, Path], outside: Outside, tmp_path: Path, which: str
) -> None:
    evil = f"<main>{FETCHES}<script>document.title = 'taken'</script>"
    page = pages[which].read_text("utf-8").replace("<main>", evil, 1)
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    dom = browser.dom(tmp_path / "page.html", outside.port)
    assert "evil.example/i.png" in dom
    assert "taken</title>" not in dom
    assert [] == outside.asked


@EACH
def test_there_is_something_to_see_by_day_and_by_night(
    browser: Browser, pages: dict[str, Path], look: Callable[[str], Seen], which: str
) -> None:
    light = look(which).light
    dark = browser.picture(pages[which], PHONE, DARK)
    desk = browser.picture(pages[which], DESK)
    for picture in (light, dark, desk):
        assert 1600 == len(picture)
        assert len(set(picture)) > 300
    assert light != dark


@EACH
def test_nothing_sticks_out_to_the_right(
    browser: Browser, pages: dict[str, Path], tmp_path: Path, which: str
) -> None:
    """In frames of all widths at once, for most of the time goes into starting the browser."""
    page = html.escape(pages[which].read_text("utf-8"))
    frames = "".join(FRAME.format(width=width, page=page) for width in WIDTHS)
    (tmp_path / "measure.html").write_text(MEASURE.format(frames=frames), "utf-8")
    found = re.search(r'data-widths="([\d,]*)"', browser.dom(tmp_path / "measure.html"))
    assert found is not None
    assert list(WIDTHS) == [int(width) for width in found[1].split(",")]


@EACH
def test_it_can_be_printed(look: Callable[[str], Seen], which: str) -> None:
    printed = look(which).printed
    assert printed.startswith(b"%PDF")
    assert len(printed) > 10_000
