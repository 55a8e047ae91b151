"""The handler from which all routes of a class are made."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from tornado import web

from ..store.event import to_utc
from ..store.loggedhandler import LoggedHandler, now_ms
from ..store.reading import Snapshot
from .catalog import give, is_replayed, written
from .question import Question


class ClassHandler(LoggedHandler):
    """Reads the question of a request, and answers it."""

    def argument(self, name: str, read: Callable[[str], Any] = str) -> Any:
        """Read an argument of the address; None: it is not there."""
        text = self.get_query_argument(name, "", strip=False)
        try:
            return read(text) if text else None
        except ValueError as error:
            raise web.HTTPError(400, f"The argument {name!r} is not valid.") from error

    def question(self) -> Question:
        """Read what is asked about."""
        notebooks = self.get_query_arguments("notebook", strip=False)
        return Question(
            now_ms=now_ms(),
            notebooks=tuple(dict.fromkeys(filter(None, notebooks))),
            group=self.argument("group") or "",
            since_ms=self.argument("since", _read_time),
            until_ms=self.argument("until", _read_time),
            is_simulated=self.argument("simulated") == "1",
            thresholds=self.collector.thresholds,
        )

    async def give(self, name: str, question: Question, **details: Any) -> None:
        """Answer off the event loop."""

        def read(snapshot: Snapshot) -> bytes:
            memory, replays = self.collector.memory, self.collector.replays
            document = give(snapshot.connection, name, question, details, memory, replays)
            if name == "overview":
                # Where events go, and how long they stay, is no matter of the store.
                goes_to = self.collector.elsewhere()
                is_class = goes_to is not None and goes_to.is_class_collector
                document["result"].update(
                    posthog=goes_to.pages if goes_to and not is_class else "",
                    retention_days=int(self.collector.retention_days),
                    class_collector=goes_to.host if goes_to and is_class else "",
                )
            return written(document)

        self.set_header("Content-Type", "application/json")
        reading = self.collector.reader.read(read, is_long=is_replayed(name, question))
        self.finish(await self.outcome(reading))


def _read_time(text: str) -> int:
    moment = datetime.fromisoformat(to_utc(text)[:-1]).replace(tzinfo=timezone.utc)
    return int(moment.timestamp() * 1000)
