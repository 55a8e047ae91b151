"""A person out of a collector and this account's files, as the person asked."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from ..store.database import MEMORY
from ..store.erasure import erase_sessions
from ..store.ownrecords import summarize
from ..store.scrubbing import damaged_copies, holds_session
from ..store.sessionclaims import sessions_of
from .kernelfiles import clean, kernel_files, of_sessions


class Receipt(NamedTuple):
    """The receipt of an erasure.

    Attributes:
        events, sessions: removed from the store.
        forwarded: of the events, those that went on to another place, which is not reached.
        damaged_copies: of the store's file, deleted since they had something of the person.
        kernel_events: removed from files of kernels.
        unreached: files that have something of the person and stay: a kernel that runs holds them,
            or they are damaged copies of a class's file.
        is_scrubbed: whether the bytes of what was removed are overwritten.
    """

    events: int
    sessions: int
    forwarded: int
    damaged_copies: int
    kernel_events: int
    unreached: int
    is_scrubbed: bool


async def forget_person(collector: Any, verifier: str) -> Receipt:
    """Erase all sessions of a person.

    Args:
        collector: the CollectorParts.
        verifier: of the person, who is known.

    Raises:
        StoreUnavailableError: the store cannot be used; another call goes on.
    """
    database = collector.store.database

    def read(connection: Any) -> tuple[Any, list[str]]:
        return summarize(connection, verifier), sessions_of(connection, verifier)

    summary, sessions = await collector.off_loop(database.use, read)
    # The claims go last: a person who is interrupted can ask again.
    copies, missed = await asyncio.to_thread(
        _delete_copies, database.path, frozenset(sessions), collector.is_of_class
    )
    kernel_events, unreached = await asyncio.to_thread(_clean_kernels, sessions)
    removed = 0
    steps = erase_sessions(database, verifier)
    while (step := await collector.off_loop(next, steps, None)) is not None:
        removed += step
    is_scrubbed = database.path == MEMORY or await collector.scrubbing.scrub()
    collector.relay.wake()
    collector.rebuilding.soon()
    return Receipt(
        events=removed,
        sessions=len(sessions),
        forwarded=summary.forwarded,
        damaged_copies=copies,
        kernel_events=kernel_events,
        unreached=missed + unreached,
        is_scrubbed=is_scrubbed,
    )


def _delete_copies(path: str, sessions: frozenset[str], is_of_class: bool) -> tuple[int, int]:
    """Delete damaged copies, whole; gives how many went, and how many are left.

    Copies of a class's file stay: they may be all that is left of what others did, and are
    not a student's to delete.
    """
    deleted = missed = 0
    for copy in damaged_copies(Path(path)) if path != MEMORY else ():
        try:
            if holds_session(copy, sessions):
                if is_of_class:
                    missed += 1
                else:
                    copy.unlink()
                    deleted += 1
        except OSError:
            missed += 1
    return deleted, missed


def _clean_kernels(sessions: list[str]) -> tuple[int, int]:
    """Clean the files of kernels; gives how many events went, and how many files are left."""
    events = unreached = 0
    is_own = of_sessions(sessions)
    with suppress(OSError):
        for file in kernel_files(is_own):
            try:
                clean(file.path, is_own)
                events += file.events
            except OSError:
                unreached += 1
    return events, unreached
