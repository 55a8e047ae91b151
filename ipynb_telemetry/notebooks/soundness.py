"""Whether Jupyter opens a notebook, and what nbformat refuses in it."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from typing import Any

from .errors import NotebookError

CELL_TYPES = ("code", "markdown", "raw")


def require_readable(document: Any) -> None:
    """Refuse what Jupyter does not open, and say what to do about it."""
    if not isinstance(document, dict) or not isinstance(document.get("nbformat"), int):
        raise NotebookError("is no notebook: it says no nbformat")
    if document["nbformat"] != 4:
        raise NotebookError(
            f"is in notebook format {document['nbformat']}: open it in Jupyter, save it, try again"
        )
    for key, kind, empty in (
        ("nbformat_minor", int, "4"),
        ("metadata", dict, "{}"),
        ("cells", list, "[]"),
    ):
        if not isinstance(document.get(key), kind):
            raise NotebookError(
                "is no valid notebook, Jupyter does not open it:"
                f' give it a "{key}", such as {empty}'
            )
    for place, cell in enumerate(document["cells"], 1):
        if problem := _problem_of_cell(cell):
            raise NotebookError(
                f"is no valid notebook, Jupyter does not open it: {problem}; take cell {place} out"
                " or mend it"
            )


def _problem_of_cell(cell: Any) -> str | None:
    if not isinstance(cell, dict):
        return "a cell is no object"
    if cell.get("cell_type") not in CELL_TYPES:
        return f"a cell has the type {str(cell.get('cell_type'))[:40]!r}"
    if not isinstance(cell.get("metadata"), dict):
        return "a cell has no metadata"
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    return None if all(isinstance(line, str) for line in lines) else "a cell's source is no text"


def find_flaw(document: dict[str, Any]) -> str | None:
    """Give what nbformat refuses in a notebook, though Jupyter opens it; None: nothing."""
    import nbformat
    from nbformat.validator import NotebookValidationError

    check: Callable[[Any], None] = nbformat.validate
    with warnings.catch_warnings():
        # Warnings are of what Jupyter itself repairs, such as a missing cell id.
        warnings.simplefilter("ignore")
        try:
            check(nbformat.from_dict(copy.deepcopy(document)))
        except NotebookValidationError as error:
            where = "/".join(map(str, error.absolute_path))
            return f"{error.message[:200]}{f' (at {where})' if where else ''}"
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return str(error)
    return None
