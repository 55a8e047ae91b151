"""A student's own routes: whose a session is, what is stored of it, who read it, and its erasure.

Whoever may send may ask, since a page asks with what it sends by. Whom a page may ask about, the
person's code alone says: an answer is about the sessions that were claimed with the code's hash,
and a page claims the sessions it began, whose random ids nobody else knows.
"""

from __future__ import annotations

import time
from sqlite3 import Connection
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..store.database import transaction
from ..store.ownrecords import own_accesses, summarize
from ..store.reading import Selection
from ..store.sessionclaims import (
    SESSION,
    VERIFIER,
    TooManyClaimsError,
    claim_sessions,
    hand_over,
)
from .body import BodyError
from .bodyhandler import refused
from .forgetting import forget_person
from .mehandler import MeHandler
from .senderhandler import HEADER

MAX_SESSIONS = 500  # of a request
_NO_SESSIONS = (
    "The body must have a `verifier`, 64 hexadecimal digits, and `sessions`, a list of at most"
    f" {MAX_SESSIONS} ids."
)


class MySessionsHandler(MeHandler):
    """Takes claims: these sessions are the person's who has this verifier."""

    @web.authenticated
    @authorized("write")  # type: ignore[untyped-decorator]
    async def post(self) -> None:
        """Let sessions that are nobody's be the person's.

        With a code, all sessions of that code are the person's from now on, too: a browser that had
        a code of its own joins another one.
        """
        self.admit()
        if await self.is_passed_on():
            return
        self.check_size()
        try:
            verifier, sessions = _read_claims(self.read_document())
        except BodyError as error:
            raise refused(error) from error
        self.admit(len(sessions))
        old = await self.person() if self.request.headers.get(HEADER) else None

        def write() -> None:
            def change(connection: Connection) -> None:
                with transaction(connection):
                    claim_sessions(connection, verifier, sessions, int(time.time() * 1000))
                    if old is not None:
                        hand_over(connection, old, verifier)

            self.collector.store.database.use(change)

        if sessions or old is not None:  # nothing makes no file
            try:
                await self.off_loop(write)
            except TooManyClaimsError:
                raise web.HTTPError(
                    400, "That are more sessions than are kept of a person."
                ) from None
        self.finish({"status": 1})


class MyEventsHandler(MeHandler):
    """Gives a person their stored events, newest first, page by page; no reading by others."""

    @web.authenticated
    @authorized("write")  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Answer as `api/events` does, about the person's sessions alone."""
        self.admit()
        if not await self.is_passed_on():
            await self.give_page(Selection(owner=await self.person()))


class MyAccessHandler(MeHandler):
    """Tells a person who read what."""

    @web.authenticated
    @authorized("write")  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Answer `{"visits": [...]}`, the earliest first; times in milliseconds since 1970."""
        self.admit()
        if await self.is_passed_on():
            return
        verifier = await self.person()
        visits = await self.look(lambda stored: own_accesses(stored, verifier))
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


class MySummaryHandler(MeHandler):
    """Tells a person how much there is of them."""

    @web.authenticated
    @authorized("write")  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Answer with counts, and for how many days events are kept (0: as long as nobody asks)."""
        self.admit()
        if await self.is_passed_on():
            return
        verifier = await self.person()
        summary = await self.look(lambda stored: summarize(stored, verifier))
        self.finish({**summary._asdict(), "retention_days": int(self.collector.retention_days)})


class MyErasureHandler(MeHandler):
    """Erases a person."""

    @web.authenticated
    @authorized("write")  # type: ignore[untyped-decorator]
    async def post(self) -> None:
        """Erase all sessions of the person, and answer with a receipt, see `forgetting.Receipt`."""
        self.admit()
        if await self.is_passed_on():
            return
        verifier = await self.person()
        receipt = await self.outcome(forget_person(self.collector, verifier))
        self.finish(receipt._asdict())


def _read_claims(document: Any) -> tuple[str, list[str]]:
    """Check a body of claims.

    Raises:
        HTTPError: 400.
    """
    if isinstance(document, dict):
        verifier, sessions = document.get("verifier"), document.get("sessions")
        if (
            isinstance(verifier, str)
            and VERIFIER.fullmatch(verifier)
            and isinstance(sessions, list)
            and len(sessions) <= MAX_SESSIONS
            and all(isinstance(each, str) and SESSION.fullmatch(each) for each in sessions)
        ):
            return verifier, list(dict.fromkeys(sessions))
    raise web.HTTPError(400, _NO_SESSIONS)


ROUTES: list[tuple[str, Any]] = [
    (r"/ipynb-telemetry/me/sessions/?", MySessionsHandler),
    (r"/ipynb-telemetry/me/events/?", MyEventsHandler),
    (r"/ipynb-telemetry/me/access/?", MyAccessHandler),
    (r"/ipynb-telemetry/me/summary/?", MySummaryHandler),
    (r"/ipynb-telemetry/me/forget/?", MyErasureHandler),
]
