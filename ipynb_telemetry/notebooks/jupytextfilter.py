"""Jupytext's filter of metadata, without which a flag is lost when a text notebook is saved."""

from __future__ import annotations

from typing import Any

from .flag import FLAG

# Jupytext's own settings, without which its filter would not outlast the next save.
_FILTERS = ("jupytext.cell_metadata_filter", "jupytext.notebook_metadata_filter")

# The settings that Jupytext assumes in a file without a header: it then writes none.
BARE = {"cell_metadata_filter": "-all", "notebook_metadata_filter": "-all"}


def add_flag(value: Any) -> Any:
    """Add the flag to a filter, and leave the rest of it; `flagintext.ts` does the same.

    Args:
        value: of any kind; Jupytext knows texts, `-all` among them, true and false. None: there
            is no filter.
    """
    text = "" if value is None else value
    if isinstance(value, bool):
        text = "all" if value else "-all"
    if not isinstance(text, str):
        return value
    known = [name for part in text.split(",") if (name := part.strip().removeprefix("+"))]
    names = [name for name in known if name != f"-{FLAG}"]
    if FLAG in names or "all" in names:
        return ",".join(names) if len(names) < len(known) else value
    added = [FLAG]
    if "-all" in names and "jupytext" not in names:
        added += [name for name in _FILTERS if name not in names]
    excluded = [place for place, name in enumerate(names) if name.startswith("-")]
    place = excluded[0] if excluded else len(names)
    return ",".join([*names[:place], *added, *names[place:]])
