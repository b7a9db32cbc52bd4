"""Make a hostile string harmless where it is shown: in a terminal, in a spreadsheet.

File names, prints, exception messages and values are a student's. Shown as they are they
could recolour a report, rewrite the mark above them, turn text around (bidi overrides) or
run as a formula.
"""

LINE_LIMIT = 200
CELL_LIMIT = 5000
"""Longer than any path, so that no two submissions share a cell."""
BLOCK_LINES = 20
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def line(text: str, limit: int = LINE_LIMIT) -> str:
    r"""Return `text` as one line of at most `limit` printable characters.

    Line ends and whatever `str.isprintable` refuses (control characters, invisible format
    characters, bidi overrides, lone surrogates) become backslash escapes.

    >>> print(line("red \x1b[31m\nmark\u202e"))
    red \x1b[31m\nmark\u202e
    """
    if len(text) <= limit and text.isprintable():
        return text
    # Escaping never shortens, so what is beyond the limit needs none.
    shown = "".join(c if c.isprintable() else _escaped(c) for c in text[: limit + 1])
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


def block(text: str, limit: int = LINE_LIMIT) -> list[str]:
    """Return the first lines of `text`, each made safe; a last line says what was left out."""
    lines = text.expandtabs(4).splitlines()
    shown = [line(entry, limit) for entry in lines[:BLOCK_LINES]]
    left_out = len(lines) - len(shown)
    return [*shown, f"… and {left_out} more lines"] if left_out else shown


def cell(text: str) -> str:
    """Return `text` for a CSV cell that no spreadsheet takes for a formula.

    >>> cell("=1+1")
    "'=1+1"
    """
    guarded = f"'{text}" if text.startswith(_FORMULA_STARTS) else text
    return line(guarded, CELL_LIMIT)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")
