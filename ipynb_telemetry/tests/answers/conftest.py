"""A store in memory, which receives each event when it happens; and a server that is asked."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from ipynb_telemetry.store import events as events_module
from ipynb_telemetry.store.event import Event, now_utc
from ipynb_telemetry.store.events import EventStore


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Iterator[EventStore]:
    store = EventStore(":memory:", logging.getLogger("ipynb_telemetry"))
    append = store.append

    def receive(events: list[Event]) -> int:
        last = max((event.timestamp for event in events), default=now_utc())
        monkeypatch.setattr(events_module, "now_utc", lambda: last)
        return append(events)

    monkeypatch.setattr(store, "append", receive)
    yield store
    store.close()


@pytest.fixture
def ask(jp_fetch: Any) -> Any:
    """Ask a route of the class, and give the status and the answer."""

    async def send(*path: str, body: Any = None, method: str = "GET", **params: Any) -> Any:
        options = {"body": json.dumps(body)} if body is not None else {}
        try:
            response = await jp_fetch(
                "ipynb-telemetry", "class", *path, params=params, method=method, **options
            )
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)
        return response.code, json.loads(response.body or b"null")

    return send
