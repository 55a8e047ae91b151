"""The notebook's flag: what `metadata.ipynb_telemetry` may say, as the front end reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..kernel.address import _WHITE

FLAG = "ipynb_telemetry"
MAX_ID_LENGTH = 200  # characters

_FIELDS = ("enabled", "notebook")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f/\\]")


class Flag(NamedTuple):
    """What a notebook's metadata says of telemetry.

    Attributes:
        enabled: whether students are recorded; never where there is a problem.
        notebook: the id, where it is well formed.
        problem: what is malformed, in words.
    """

    enabled: bool = False
    notebook: str | None = None
    problem: str | None = None


def refuse_notebook_id(notebook_id: str) -> str | None:
    """Tell why a text will not do as a notebook id, or None when it will."""
    if not notebook_id.strip(_WHITE):
        return "must not be empty"
    if len(notebook_id) > MAX_ID_LENGTH:
        return f"must have at most {MAX_ID_LENGTH} characters"
    if _FORBIDDEN.search(notebook_id):
        return "must not contain slashes or control characters"
    try:
        notebook_id.encode()
    except UnicodeEncodeError:  # a file's name may hold bytes that are no text
        return "must be valid text"
    return None


def default_notebook_id(path: Path) -> str:
    """Give the id of a notebook that has none of its own: the file's name without suffix."""
    return path.stem


def read_flag(metadata: Mapping[str, Any], path: Path) -> Flag:
    """Read the flag.

    Args:
        metadata: of the notebook; its flag may be anything.
        path: of the notebook, for the default id.
    """
    if FLAG not in metadata:
        return Flag()
    value = metadata[FLAG]
    if not isinstance(value, Mapping):
        return Flag(problem=f"{FLAG} must be an object")
    for field in value:
        if field not in _FIELDS:
            return Flag(problem=f"{FLAG}.{field} is not known")
    if not isinstance(value.get("enabled"), bool):
        return Flag(problem=f"{FLAG}.enabled must be true or false")
    notebook_id = value.get("notebook", default_notebook_id(path))
    if not isinstance(notebook_id, str):
        return Flag(problem=f"{FLAG}.notebook must be a text")
    refusal = refuse_notebook_id(notebook_id)
    if refusal is not None:
        return Flag(problem=f"{FLAG}.notebook {refusal}")
    return Flag(value["enabled"], notebook_id)
