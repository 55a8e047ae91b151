"""The store's route: stored events out, page by page."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .event import to_utc
from .handler import TelemetryHandler
from .loggedhandler import LoggedHandler
from .reading import Page, Position, Selection, Snapshot

USUAL_PAGE = 100  # events
MAX_PAGE = 1000


class PagingHandler(TelemetryHandler):
    """Gives a page of events."""

    async def give_page(self, selection: Selection) -> None:
        """Answer with the page of these events that the arguments `cursor` and `limit` say."""
        after = self._argument("cursor", _read_cursor)
        limit = self._argument("limit", _read_limit) or USUAL_PAGE

        def read(snapshot: Snapshot) -> str:
            return _write_page(snapshot.page(selection, after, limit))

        self.finish(await self.outcome(self.collector.reader.read(read)))

    def _argument(self, name: str, read: Callable[[str], Any] = str) -> Any:
        text = self.get_query_argument(name, "", strip=False)
        try:
            return read(text) if text else None
        except ValueError as error:
            raise web.HTTPError(400, f"The argument {name!r} is not valid.") from error


class EventsHandler(LoggedHandler, PagingHandler):
    """Gives stored events back, newest first, page by page."""

    @web.authenticated
    @authorized
    async def get(self) -> None:
        """Answer `{"events": [...], "next": cursor or null}`; 400 for a bad argument."""
        selection = Selection(
            students=self._arguments("student"),
            notebooks=self._arguments("notebook"),
            types=self._arguments("type"),
            since=self._argument("since", to_utc),
        )
        self._argument("cursor", _read_cursor)  # refused before anything is written down
        self._argument("limit", _read_limit)
        if selection.students:
            await self.write_look("".join(selection.students), "".join(selection.notebooks))
        else:
            await self.write_class_look()
        await self.give_page(selection)

    def _arguments(self, name: str) -> tuple[str, ...]:
        text = self._argument(name)
        return () if text is None else (text,)


def _read_limit(text: str) -> int:
    limit = int(text)
    if not 1 <= limit <= MAX_PAGE:
        raise ValueError(f"not from 1 to {MAX_PAGE}")
    return limit


def _read_cursor(text: str) -> Position:
    timestamp, _, row = base64.urlsafe_b64decode(text.encode()).decode().partition(" ")
    if not 0 < int(row) < 2**63:
        raise ValueError("not a row id")
    return Position(to_utc(timestamp), int(row))


def _write_cursor(position: Position) -> str:
    return base64.urlsafe_b64encode(f"{position.timestamp} {position.id}".encode()).decode()


def _write_page(page: Page) -> str:
    # Event by event: one long call would keep the interpreter, and so the event loop, waiting.
    events = ",".join(json.dumps(event) for event in page.events)
    cursor = _write_cursor(page.next) if page.next else None
    return f'{{"events":[{events}],"next":{json.dumps(cursor)}}}'


ROUTES = [(r"/ipynb-telemetry/api/events/?", EventsHandler)]
