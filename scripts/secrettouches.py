# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Show which lines of other people's notebooks and code the scanner of secrets would change.

    python -m scripts.secrettouches FOLDER...

Reads the notebooks (code and outputs) and Python files of each folder, prints what is left of each
line that is touched, and how many lines of how many these are.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ipynb_telemetry.kernel import secrets

PART = 20_000  # characters: so many of a text are read for an event


def texts_of(path: Path) -> Iterator[str]:
    """The texts of a file that an event could have."""
    try:
        text = path.read_text("utf-8")
        cells = json.loads(text).get("cells", []) if path.suffix == ".ipynb" else []
    except (OSError, ValueError):
        return  # tests of Python have files that are no UTF-8
    if path.suffix == ".py":
        yield text
    for cell in cells:
        if cell.get("cell_type") == "code":
            yield "".join(cell.get("source", []))
            for output in cell.get("outputs", []):
                yield from _printed(output)


def _printed(output: dict[str, Any]) -> Iterator[str]:
    plain = output.get("text") or output.get("data", {}).get("text/plain") or []
    yield "".join(plain)
    yield "\n".join(output.get("traceback", []))


def touched(text: str) -> Iterator[str]:
    """The lines of a text that are not as they were, as they are left."""
    for at in range(0, len(text), PART):
        part = text[at : at + PART]
        secrets._forget_secrets()
        clean = secrets._without_secrets(part)
        if clean != part:
            before = set(part.split("\n"))
            yield from (line for line in clean.split("\n") if line not in before)


def files_in(folder: Path) -> Iterator[Path]:
    """Notebooks and Python files, but none of packages that were installed."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".ipynb", ".py") and "site-packages" not in path.parts:
            yield path


def main(folders: list[str]) -> None:
    """Look at each folder."""
    for folder in folders:
        lines = count = 0
        for path in files_in(Path(folder)):
            for text in texts_of(path):
                lines += text.count("\n") + 1
                for line in touched(text):
                    count += 1
                    print(f"{path}: {line.strip()[:150]}")
        print(f"{folder}: {count} of {lines} lines, {100 * count / max(1, lines):.4f} %")


if __name__ == "__main__":
    main(sys.argv[1:])
