"""The notebook's flag: what `metadata.ipynb_telemetry` may say, as the front end reads it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

# The kernel side has the rule, since it can import nothing of the package.
from ..kernel.notebookid import _refuse_id

FLAG = "ipynb_telemetry"

_FIELDS = ("enabled", "notebook", "course")


class Flag(NamedTuple):
    """What a notebook's metadata says of telemetry.

    Attributes:
        enabled: whether students are recorded; False where there is a problem.
        notebook: the notebook's id, where the flag is well formed.
        problem: what is malformed, in words.
        course: the course that the notebook is of; None: its folder tells.
    """

    enabled: bool = False
    notebook: str | None = None
    problem: str | None = None
    course: str | None = None


def refuse_notebook_id(notebook_id: str) -> str | None:
    """Tell why a text will not do as a notebook id, or None when it will."""
    return _refuse_id(notebook_id)


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
    course = value.get("course")
    if "course" in value and not isinstance(course, str):
        return Flag(problem=f"{FLAG}.course must be a text")
    if course is not None and (refusal := refuse_notebook_id(course)):
        return Flag(problem=f"{FLAG}.course {refusal}")
    return Flag(value["enabled"], notebook_id, course=course)


def new_flag(notebook_id: str | None, course: str | None) -> dict[str, Any]:
    """Give the flag that turns a notebook on which had none."""
    flag: dict[str, Any] = {"enabled": True, "notebook": notebook_id}
    return flag if course is None else {**flag, "course": course}
