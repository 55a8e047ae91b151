"""A queue, and a server with JupyterLab that the routes of the relay are asked of."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.relay.queue import RelayQueue
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.fakeposthog import FakePostHog
from ipynb_telemetry.tests.support.lab import Lab
from ipynb_telemetry.tests.support.queues import LOG
from ipynb_telemetry.tests.support.relayed import KEY


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "made" / "events.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[EventStore]:
    store = EventStore(str(path), LOG)
    yield store
    store.close()


@pytest.fixture
def queue(store: EventStore) -> RelayQueue:
    return RelayQueue(store.database)


@pytest.fixture
def jp_server_config(jp_server_config: Any, lab: Lab) -> dict[str, Any]:
    """A server with JupyterLab, whose settings lead nowhere yet."""
    jp_server_config["ServerApp"]["jpserver_extensions"]["jupyterlab"] = True
    return {**jp_server_config, "LabApp": lab.config}


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings that are left alone for a moment count; how long that is, other tests say."""
    monkeypatch.setattr("ipynb_telemetry.relay.switchover.SETTLE_S", 0.2)
    monkeypatch.setattr("ipynb_telemetry.relay.watch.LOOK_S", 0.05)


@pytest.fixture
def collector(jp_serverapp: Any) -> IpynbTelemetryApp:
    return jp_serverapp.extension_manager.extension_points["ipynb_telemetry"].app


@pytest.fixture
def post(jp_fetch: Any, posthog: FakePostHog, lab: Lab) -> Callable[..., Any]:
    """Post a body to a relay that sends to `posthog`; give the status and the answer."""
    lab.save(host=posthog.host, projectKey=KEY, relay=True)

    async def send(body: Any, route: str = "relay/batch/", **params: Any) -> tuple[int, Any]:
        try:
            response = await jp_fetch(
                "ipynb-telemetry",
                *route.split("/"),
                method="POST",
                body=body if isinstance(body, bytes) else json.dumps(body).encode(),
                params=params,
            )
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)
        return response.code, json.loads(response.body)

    return send


@pytest.fixture
def get(jp_fetch: Any) -> Callable[..., Any]:
    async def ask(route: str) -> Any:
        response = await jp_fetch("ipynb-telemetry", *route.split("/"))
        return json.loads(response.body)

    return ask


@pytest.fixture
def status_where(get: Any) -> Callable[..., Any]:
    """Ask for the relay's status until it fulfils a condition."""

    async def ask(condition: Callable[[Any], bool]) -> Any:
        async def until() -> Any:
            while not condition(status := await get("relay/status")):
                pass
            return status

        return await asyncio.wait_for(until(), 60)

    return ask
