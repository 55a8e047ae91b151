"""Whether the embedded collector has a place for its events."""

from __future__ import annotations

import os
from pathlib import Path

from ...store.reading import EventFileError, Selection, open_events
from . import Finding

SUBJECT = "collector"


def collector(path: Path | None) -> Finding:
    """Look at the collector's file.

    Args:
        path: of the file; None: the collector keeps events in memory.
    """
    if path is None:
        return Finding("note", SUBJECT, "keeps events in memory, until the server stops")
    if path.exists():
        try:
            with open_events(path) as stored:
                count = stored.count(Selection())
        except EventFileError as error:
            return Finding("bad", SUBJECT, str(error), "Look at the file, or move it away.")
        if os.access(path, os.W_OK):
            return Finding("ok", SUBJECT, f"{path} holds {count} events")
        return Finding("bad", SUBJECT, f"{path} is read-only", f"Make {path} writable.")
    folder = path.parent
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not os.access(folder, os.W_OK):
        return Finding("bad", SUBJECT, f"{path} cannot be made", f"Make {folder} writable.")
    return Finding("ok", SUBJECT, f"{path} will be made with the first event")
