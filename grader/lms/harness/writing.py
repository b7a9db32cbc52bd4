"""The file that a platform reads: there whole, or not there at all."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write(results: Mapping[str, Any], path: Path) -> None:
    """Write results as JSON in ASCII, beside their place first; a missing folder is made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with draft.open("w", encoding="ascii") as file:
        json.dump(results, file, indent=2, allow_nan=False)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
