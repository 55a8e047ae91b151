"""Questions of whoever may send: answered here, or by the class collector behind this server."""

from __future__ import annotations

from collections.abc import Callable
from sqlite3 import Connection
from typing import Any, TypeVar

from tornado import web

from .bodyhandler import BodyHandler

T = TypeVar("T")

HEADER = "X-Telemetry-Code"
_MAX_BODY = 64 * 1024


class SenderHandler(BodyHandler):
    """Answers whoever may send, here or at the class collector that this server sends to.

    The argument `at=class` asks that one.
    """

    retry_after_s: int | None = None

    @property
    def guesser(self) -> str:
        """Whose wrong codes are counted together."""
        return str(self.request.remote_ip)

    @property
    def _limit(self) -> int:
        return _MAX_BODY

    def admit(self, weight: int = 1) -> None:
        """Refuse who may not ask; `weight` says how much is asked for."""

    async def look(self, read: Callable[[Connection], T]) -> T:
        """Read from the store."""
        found: T = await self.outcome(
            self.collector.reader.read(lambda snapshot: read(snapshot.connection))
        )
        return found

    async def is_passed_on(self) -> bool:
        """Ask the class collector instead, where that is meant; whether the answer was given."""
        if self.get_query_argument("at", "") != "class":
            return False
        self.check_size()
        arguments = [
            (name, self.get_query_argument(name))
            for name in ("cursor", "limit")
            if self.get_query_argument(name, "")
        ]
        answer = await self.collector.ask_class_collector(
            str(self.request.method),
            "/".join(self.request.path.rstrip("/").split("/")[-2:]),
            arguments,
            bytes(self._body),
            self.request.headers.get(HEADER, ""),
        )
        self.retry_after_s = answer.retry_after_s
        if answer.status != 200:
            raise web.HTTPError(answer.status, "%s", answer.message)
        self.set_header("Content-Type", "application/json")
        self.finish(answer.body)
        return True

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with one sentence, and say when to come again."""
        if status_code == 429 and self.retry_after_s is not None:
            self.set_header("Retry-After", str(self.retry_after_s))
        super().write_error(status_code, **kwargs)
