"""The route by which a page learns what the notice says of the collector: for how long events stay.

Whoever may send events may ask, before anything is recorded: the notice is read without a name.
"""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from .senderhandler import SenderHandler


class RetentionHandler(SenderHandler):
    """Tells after how many days events are deleted, and nothing else."""

    @web.authenticated
    @authorized("write")  # type: ignore[untyped-decorator]
    async def get(self) -> None:
        """Answer `{"retention_days": N}`; 0: events stay until somebody deletes them."""
        self.admit()
        if not await self.is_passed_on():
            self.finish({"retention_days": int(self.collector.retention_days)})


ROUTES: list[tuple[str, Any]] = [(r"/ipynb-telemetry/notice/retention/?", RetentionHandler)]
