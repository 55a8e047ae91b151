"""Routes for a student about themselves: what is stored, who read it, and the erasure of all.

Who asks: in a Jupyter server whoever may write there, with the id that their page names; at a class
collector the account that its hub knows. Where a name is a claim, nobody is told or erased.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..store.accesslog import read_accesses
from ..store.database import MEMORY
from ..store.erasure import Found, erase, find_student
from ..store.reading import Selection
from ..store.routes import EventsHandler
from ..store.scrubbing import damaged_copies, holds, scrub
from ..store.tombstones import tombstone_of
from .kernelfiles import clean, kernel_files

_UNKNOWN = (
    "This collector does not know who you are, since a name is only a claim here. Ask the"
    " instructor, who reads and erases by: jupyter telemetry access, export and forget."
)


class MeHandler(EventsHandler):
    """Answers a student."""

    @property
    def student(self) -> str:
        """Who asks."""
        student: str | None = self.collector.student_of(self)
        if student is None:
            raise web.HTTPError(403, _UNKNOWN)
        if not student:
            raise web.HTTPError(400, "The argument 'student' is missing.")
        return student


class MyEventsHandler(MeHandler):
    """Gives a student the stored events, newest first, page by page; no reading by others."""

    @web.authenticated
    @authorized("write")  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Answer as `api/events` does, about the student alone."""
        await self.give_page(Selection(students=(self.student,)))


class MyAccessHandler(MeHandler):
    """Tells a student who read what."""

    @web.authenticated
    @authorized("write")  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Answer `{"visits": [...]}`, the earliest first; times in milliseconds since 1970."""
        student = self.student
        visits = await self.outcome(
            self.collector.reader.read(lambda stored: read_accesses(stored.connection, student))
        )
        self.finish(
            {
                "visits": [
                    {
                        "reader": visit.page.reader,
                        "what": visit.page.answer,
                        "notebook": visit.page.notebook,
                        "cell": visit.page.cell,
                        "first_ms": visit.first_ms,
                        "last_ms": visit.last_ms,
                    }
                    for visit in visits
                ]
            }
        )


class MyErasureHandler(MeHandler):
    """Erases a student."""

    @web.authenticated
    @authorized("write")  # type: ignore[untyped-decorator]
    async def post(self) -> None:
        """Erase all that this server has of the student, and answer with a receipt.

        `forwarded` events went on to another place, which is not reached; `unreached` files of
        kernels are held by kernels that run; `is_scrubbed` says whether the bytes are overwritten.
        """
        student, database = self.student, self.collector.store.database
        found = Found(*[0] * len(Found._fields))
        until, is_scrubbed, removed, copies = None, True, 0, 0
        if not database.is_new:
            found = await self.off_loop(
                lambda: database.use(lambda connection: find_student(connection, student))
            )
            steps = erase(database, student, rests=False)
            while (step := await self.off_loop(lambda: next(steps, None))) is not None:
                removed += step
            tombstone = await self.off_loop(
                lambda: database.use(lambda connection: tombstone_of(connection, student))
            )
            until = tombstone.until
            if database.path != MEMORY:
                is_scrubbed = await self.off_loop(lambda: scrub(database))
                copies = await asyncio.to_thread(_delete_copies, Path(database.path), student)
        kernel_events, unreached = await asyncio.to_thread(_clean_kernels, student)
        self.collector.relay.wake()
        self.finish(
            {
                "events": removed,
                "sessions": found.sessions,
                "forwarded": found.forwarded,
                "waiting": found.waiting,
                "mentions": found.mentions,
                "damaged_copies": copies,
                "kernel_events": kernel_events,
                "unreached": unreached,
                "refused_until": until,
                "is_scrubbed": is_scrubbed,
            }
        )


def _delete_copies(path: Path, student: str) -> int:
    deleted = 0
    for copy in damaged_copies(path):
        with suppress(OSError):
            if holds(copy, student):
                copy.unlink()
                deleted += 1
    return deleted


def _clean_kernels(student: str) -> tuple[int, int]:
    """Clean the files of kernels; gives how many events went, and how many files are left."""
    events = unreached = 0
    try:
        files = kernel_files(student)
    except OSError:
        return 0, 1
    for file in files:
        try:
            clean(file.path, student)
            events += file.events
        except OSError:
            unreached += 1
    return events, unreached


ROUTES: list[tuple[str, Any]] = [
    (r"/ipynb-telemetry/me/events/?", MyEventsHandler),
    (r"/ipynb-telemetry/me/access/?", MyAccessHandler),
    (r"/ipynb-telemetry/me/forget/?", MyErasureHandler),
]
