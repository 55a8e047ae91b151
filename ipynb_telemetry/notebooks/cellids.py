"""The ids of cells that have none of their own, derived as by the page in `cellids.ts`."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any

# The key in a cell's metadata under which the page keeps an id.
KEPT_ID = "ipynb_telemetry_id"

# What the notebook format takes as a cell's id.
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MAX_STEM = 56
_HALF = 0xFFFFFFFF
_MAX_LENGTH = 200


def is_cell_id(value: Any) -> bool:
    """Tell whether the notebook format takes a value as a cell's id."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def is_readable_id(value: Any) -> bool:
    """Tell whether Jupyter opens a notebook of format 4.5 with this id, and an event tells it."""
    return isinstance(value, str) and 0 < len(value) <= _MAX_LENGTH


def cell_ids(
    cells: Sequence[Mapping[str, Any]], own: Callable[[Any], bool] = lambda _: False
) -> list[str]:
    """Give each cell its id: the same for every student, visit and machine.

    An `id` of the file stays where it is one, then what the page has kept in the metadata, each
    for the first cell that has it. The others are derived.

    Args:
        cells: as in a file; their sources are texts or lists of lines.
        own: tells whether a cell's `id` is one. Below notebook format 4.5 Jupyter reads none.
    """
    ids: list[str | None] = [None] * len(cells)
    taken: set[str] = set()

    def claim(values: Sequence[Any], is_one: Callable[[Any], bool]) -> None:
        for place, value in enumerate(values):
            if ids[place] is None and is_one(value) and value not in taken:
                ids[place] = value
                taken.add(value)

    claim([cell.get("id") for cell in cells], own)
    claim([_metadata(cell).get(KEPT_ID) for cell in cells], is_cell_id)
    for place, cell in enumerate(cells):
        if ids[place] is None:
            ids[place] = _derive(cell, taken)
            taken.add(str(ids[place]))
    return [str(cell_id) for cell_id in ids]


def fingerprint(text: str) -> str:
    """Hash a text to 16 hexadecimal digits, as `fingerprint.ts` does. Line ends do not count."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    encoded = plain.encode("utf-16-le", "surrogatepass")
    high, low = 0xDEADBEEF, 0x41C6CE57
    for (code,) in struct.iter_unpack("<H", encoded):
        high = (high ^ code) * 2654435761 & _HALF
        low = (low ^ code) * 1597334677 & _HALF
    high = _mix(high) ^ low
    low = _mix(low) ^ high
    return f"{high:08x}{low:08x}"


def _derive(cell: Mapping[str, Any], taken: Container[str]) -> str:
    """Derive an id from another tool's name for the cell, else from the cell's type and source."""
    metadata = _metadata(cell)
    grader = metadata.get("nbgrader")
    names = [
        grader.get("grade_id") if isinstance(grader, Mapping) else None,
        metadata.get("id"),  # Colab
        metadata.get("cell_id"),  # Deepnote
    ]
    stem = next((name for name in names if is_cell_id(name)), None)
    if stem is None:
        source = cell.get("source", "")
        source = source if isinstance(source, str) else "".join(source)
        stem = fingerprint(f"{cell.get('cell_type')}\n{source}")
    derived, nth = stem, 1
    while derived in taken:
        nth += 1
        derived = f"{stem[:_MAX_STEM]}-{nth}"
    return derived


def _metadata(cell: Mapping[str, Any]) -> Mapping[str, Any]:
    metadata = cell.get("metadata")
    return metadata if isinstance(metadata, Mapping) else {}


def _mix(half: int) -> int:
    mixed = (half ^ half >> 16) * 2246822507 & _HALF
    return (mixed ^ mixed >> 13) * 3266489909 & _HALF
