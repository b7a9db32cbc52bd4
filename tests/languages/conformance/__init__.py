"""What a language's driver has to do: one table, of rows that no language names.

`rows` has the rows: what is asked, and what has to come back. Each language is a column, a
module of its own that has a source for every row, or the reason why there is none. A further
language is one more module in `COLUMNS`.
"""

from conformance import javascript, python
from conformance.cells import Absent, Cell, Column
from conformance.rows import ROWS, Row

__all__ = ["COLUMNS", "ROWS", "Absent", "Cell", "Column", "Row"]

COLUMNS: dict[str, Column] = {"python": python.COLUMN, "javascript": javascript.COLUMN}
