"""The collector's route: HTTP in; what a body brings is checked and stored off the event loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .body import BodyError
from .bodyhandler import BodyHandler, refused
from .validation import EventError, check_events

MAX_WARNINGS = 10  # in an answer


class CaptureHandler(BodyHandler):
    """Takes events the way PostHog does."""

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Begin without a warning."""
        super().initialize(*args, **kwargs)
        self._warnings: list[str] = []

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Store every event of the body: 200; or none of them: 400, 413 or 503.

        The answer has `warnings` where a property was kept apart.
        """
        await self.take()

    async def take(self) -> None:
        """Store the events of the body, and answer."""
        self.check_size()
        compression = self.get_query_argument("compression", "")

        try:
            await self.store(lambda: self.read_document(compression))
        except BodyError as error:
            raise refused(error) from error
        except EventError as error:
            raise web.HTTPError(400, str(error)) from error
        self.collector.folding.soon()
        self.collector.rebuilding.soon()
        if not self._warnings:
            self.finish({"status": 1})
            return
        self.log.warning("%d properties do not fit: %s", len(self._warnings), self._warnings[0])
        self.finish({"status": 1, "warnings": self._warnings[:MAX_WARNINGS]})

    async def store(self, read: Callable[[], Any]) -> None:
        """Store what is in the document that `read` gives, which is called off the event loop."""
        await self.outcome(
            self.collector.intake.add(lambda: check_events(read(), warn=self._warnings.append))
        )


ROUTES = [(r"/ipynb-telemetry/(?:batch|e|i/v0/e)/?", CaptureHandler)]
