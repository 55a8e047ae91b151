"""Handlers that tell of students: to whom they tell is written down before."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from contextlib import suppress
from sqlite3 import Connection

from tornado import web

from .accesslog import Page, log_access
from .database import transaction
from .handler import TelemetryHandler

BY_TOKEN = "somebody with a token"
_GENERATED = re.compile("[0-9a-f]{32}")


class LoggedHandler(TelemetryHandler):
    """Writes down who reads, and changes the store."""

    @property
    def reader_name(self) -> str:
        """Who asks, by the name that Jupyter has.

        A program that shows a token and no cookie is somebody else to Jupyter with each request.
        """
        name = str(getattr(self.current_user, "username", "") or "somebody")
        is_new = _GENERATED.fullmatch(name) and not self.cookies
        return BY_TOKEN if is_new and "Authorization" in self.request.headers else name

    async def write_look(self, student: str = "", notebook: str = "", cell: str = "") -> None:
        """Write down that somebody looks; nothing must be given where that fails."""
        page, at_ms = Page(self.reader_name, student, notebook, cell), now_ms()
        if self.collector.looks.is_due(page, at_ms):
            await self.write_down(lambda connection: log_access(connection, page, at_ms))
            self.collector.looks.note(page, at_ms)

    async def write_class_look(self) -> None:
        """Write down that somebody looks at the class, unless there is no class to look at.

        The class view is given all the same where that fails: the store's log says that the store
        cannot be written to, and no student is looked at alone.
        """
        if not self.collector.store.database.is_new:
            with suppress(web.HTTPError):
                await self.write_look()

    async def write_down(self, work: Callable[[Connection], None]) -> None:
        """Change something in the store, in a transaction."""

        def write() -> None:
            def change(connection: Connection) -> None:
                with transaction(connection):
                    work(connection)

            self.collector.store.database.use(change)

        await self.off_loop(write)


def now_ms() -> int:
    """Give the present time, in milliseconds since 1970."""
    return int(time.time() * 1000)
