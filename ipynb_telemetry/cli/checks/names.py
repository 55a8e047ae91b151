"""Whether students who go by codes can be told who they are, and the secret of the codes kept."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from ...answers.codesecret import SecretError, read_secret, secret_file
from ...answers.members import read_members
from ...settings.destination import Destination
from ...store.migrations import MIGRATIONS
from ...store.reading import EventFileError, open_events
from . import Finding

SUBJECT = "names"
_LOST = (
    "Put the copy of {} back, for its owner only: without it nobody makes the same codes again, nor"
    " finds whose a code is."
)


def names(
    identity: object, destination: Destination | None, path: Path | None, *, is_of_hub: bool
) -> Iterator[Finding]:
    """Look at what stands for names.

    Args:
        identity: the setting.
        destination: where events go; None: to the embedded collector, or to that of a hub.
        path: of the embedded collector's file; None: the collector keeps events in memory.
        is_of_hub: whether a hub says whose events are.
    """
    if path is not None:
        yield from _secret(secret_file(path))
    if identity != "pseudonym":
        return
    if is_of_hub:
        yield Finding(
            "bad",
            SUBJECT,
            "students are to go by codes, and the hub's collector keeps events by account",
            "Take identity back, or give the course a class collector of its own, which is no"
            " service of the hub: jupyter telemetry collect.",
        )
    elif destination is not None and not destination.is_class_collector:
        yield Finding(
            "ok",
            SUBJECT,
            "students type codes, which PostHog cannot tell them: jupyter telemetry codes FILE"
            " makes them of a roster",
        )
    elif destination is not None:
        yield Finding("ok", SUBJECT, "students go by codes, as the class collector offers them")
    else:
        yield _own_roster(path)


def _secret(path: Path) -> Iterator[Finding]:
    try:
        secret = read_secret(path)
    except SecretError as error:
        yield Finding("bad", SUBJECT, f"{path} {error}", _LOST.format(path))
        return
    if secret is not None and os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        text = f"others may read {path}, by which they can tell whose each code is"
        yield Finding("bad", SUBJECT, text, f"chmod 600 {path}")


def _own_roster(path: Path | None) -> Finding:
    count = 0
    if path is not None and path.exists():
        try:
            with open_events(path) as stored:
                if stored.version == len(MIGRATIONS):
                    count = len(read_members(stored.connection).students)
        except EventFileError:
            pass  # which the look at the collector's file tells
    if count == 0:
        return Finding(
            "note",
            SUBJECT,
            "students go by codes, and no roster is kept here: nobody can say whose a code is",
            "Keep the roster: jupyter telemetry roster FILE. Then hand out what jupyter telemetry"
            " codes prints.",
        )
    noun = "student has a code" if count == 1 else "students have codes"
    return Finding("ok", SUBJECT, f"{count} {noun} by the roster: jupyter telemetry codes")
