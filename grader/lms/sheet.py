"""A platform's table as it came: of all its bytes only those of the cells that are set change.

Theory of operation. `csv` reads a table and writes another one: quotes, line ends and encoding are
its own. Platforms compare what comes back with what they gave, so a `Sheet` keeps each cell as it
was written, quotes and all, and the line ends between them. A cell that is set is written anew,
with quotes where its table has them everywhere or it needs them; every other byte stays.

Delimiters are looked for among `,`, `;` and tab: the one that gives the first lines the most, and
the same, number of cells. The encoding is UTF-16 or UTF-8 by its mark, else UTF-8, else
Windows-1252 (what spreadsheets save); bytes that this does not know are kept as they are.
"""

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Self

from grader.errors import UsageError

DELIMITERS = (",", ";", "\t")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 5
"""Lines by which the delimiter is chosen."""

MOST_BYTES = 64 << 20


@dataclass(slots=True)
class Row:
    """The cells of one line as they are written, and the line's end ("" for the last one's)."""

    cells: list[str]
    end: str


@dataclass(slots=True)
class Sheet:
    """A table that can be written back. Rows and columns count from 0."""

    rows: list[Row]
    delimiter: str = ","
    encoding: str = "utf-8"
    mark: bytes = b""
    quoted: bool = False
    """Whether every cell is in quotes, so that a new one is, too."""
    bare: bool = False
    """Whether quotes mean nothing: whoever wrote the table put its cells there as they were."""
    _changed: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def read(cls, data: bytes, delimiter: str | None = None, *, bare: bool = False) -> Self:
        """Read a table; `UsageError` where it is none.

        With `bare` a quote is a character like any other (nbgrader quotes nothing).
        """
        if len(data) > MOST_BYTES:
            raise UsageError(f"the table has {len(data)} bytes, and at most {MOST_BYTES} are read")
        mark, encoding = next((each for each in _MARKS if data.startswith(each[0])), (b"", ""))
        text, encoding = _decoded(data[len(mark) :], encoding)
        if "\0" in text:
            raise UsageError("the table holds zero bytes: expected a text file (CSV)")
        chosen = delimiter or _delimiter(text)
        if bare:
            return cls(list(_bare_rows(text, chosen)), chosen, encoding, mark, bare=True)
        rows = list(_rows(text, chosen))
        cells = [cell for row in rows for cell in row.cells]
        quoted = len(cells) > 1 and all(cell.startswith('"') for cell in cells if cell)
        return cls(rows, chosen, encoding, mark, quoted and any(cells))

    def to_bytes(self) -> bytes:
        """Return the table; the bytes that were read where nothing was set."""
        text = "".join(self.delimiter.join(row.cells) + row.end for row in self.rows)
        try:
            return self.mark + text.encode(self.encoding, _errors(self.encoding))
        except UnicodeEncodeError as error:
            raise UsageError(
                f"{error.object[error.start : error.end]!r} cannot be written in the table's "
                f"encoding {self.encoding}: download the table as UTF-8"
            ) from None

    def __len__(self) -> int:
        return len(self.rows)

    def width(self, row: int) -> int:
        return len(self.rows[row].cells)

    def values(self, row: int) -> list[str]:
        """Return what the cells of a row hold."""
        return [self._holds(cell) for cell in self.rows[row].cells]

    def get(self, row: int, column: int) -> str:
        """Return what a cell holds, "" where the row is too short to have it."""
        cells = self.rows[row].cells
        return self._holds(cells[column]) if column < len(cells) else ""

    def set(self, row: int, column: int, value: str) -> bool:
        """Have a cell hold `value`; tell whether that changed it. A short row grows."""
        if self.get(row, column) == value:
            return False
        cells = self.rows[row].cells
        cells += [""] * (column + 1 - len(cells))
        cells[column] = self._written(value)
        self._changed.add((row, column))
        return True

    @property
    def changed(self) -> Sequence[tuple[int, int]]:
        """Return the cells that were set to something new, in their order."""
        return sorted(self._changed)

    def _holds(self, cell: str) -> str:
        return cell if self.bare else unquoted(cell)

    def _written(self, value: str) -> str:
        value = _encodable(value, self.encoding)
        if self.bare:
            return re.sub(rf"[{re.escape(self.delimiter)}\r\n]", " ", value)
        needs = any(c in value for c in (self.delimiter, '"', "\r", "\n")) or value != value.strip()
        return f'"{value.replace(chr(34), chr(34) * 2)}"' if self.quoted or needs else value


def unquoted(cell: str) -> str:
    '''Return what a cell as written holds.

    >>> unquoted('"Lovelace, ""Ada"""'), unquoted("Ada")
    ('Lovelace, "Ada"', 'Ada')
    '''
    if len(cell) >= 2 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _decoded(data: bytes, encoding: str) -> tuple[str, str]:
    for each in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            return data.decode(each), each
        except UnicodeDecodeError:
            continue
    last = encoding or "cp1252"
    if last == "cp1252":
        return data.decode("latin-1"), "latin-1"
    if last == "utf-8":
        return data.decode(last, "surrogateescape"), last
    raise UsageError(f"the table begins as {last} and is not: download it again")


def _errors(encoding: str) -> str:
    return "surrogateescape" if encoding == "utf-8" else "strict"


def _encodable(value: str, encoding: str) -> str:
    """Return what of a text the encoding has; a lone surrogate is no character in any."""
    bare = value.encode("utf-8", "replace").decode("utf-8").replace("\0", "�")
    return bare.encode(encoding, "replace").decode(encoding)


@lru_cache
def _pattern(delimiter: str) -> re.Pattern[str]:
    """Return what matches the plain end of a cell, and a delimiter, a line's end or the end."""
    d = re.escape(delimiter)
    return re.compile(rf"([^{d}\r\n]*)({d}|\r\n|\n|\r|\Z)")


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    pattern, at, cells = _pattern(delimiter), 0, list[str]()
    while at < len(text) or cells:
        found = pattern.match(text, _unquoted_from(text, at))
        assert found is not None  # for it may be empty, and the text ends somewhere
        # A stray character behind the quotes belongs to the cell, so that no byte is ever lost.
        cells.append(text[at : found.end(1)])
        at, end = found.end(), found[2]
        if end != delimiter:
            yield Row(cells, end)
            cells = []
            if not end:
                return


def _unquoted_from(text: str, at: int) -> int:
    """Return where the quotes are over of a cell that begins at `at`: there, if it has none.

    A quote that is never closed is a character like any other. A pattern would do, and keep in
    mind each character that it has passed: of a whole text that somebody handed in, gigabytes.
    """
    if not text.startswith('"', at):
        return at
    end = text.find('"', at + 1)
    while end >= 0 and text.startswith('""', end):
        end = text.find('"', end + 2)
    return at if end < 0 else end + 1


def _bare_rows(text: str, delimiter: str) -> Iterator[Row]:
    for line in re.findall(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z", text):
        content = line.rstrip("\r\n")
        yield Row(content.split(delimiter), line[len(content) :])


def _delimiter(text: str) -> str:
    best, chosen = (0, 0), DELIMITERS[0]
    for delimiter in DELIMITERS:
        widths = []
        for row in _rows(text, delimiter):
            widths.append(len(row.cells))
            if len(widths) == _LOOKED_AT:
                break
        if not widths or widths[0] == 1:
            continue
        alike = sum(width == widths[0] for width in widths)
        if (alike, widths[0]) > best:
            best, chosen = (alike, widths[0]), delimiter
    return chosen
