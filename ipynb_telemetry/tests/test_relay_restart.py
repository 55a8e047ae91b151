import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode

import pytest

from ipynb_telemetry.tests.fakeposthog import ACCEPTED, FakePostHog

REPOSITORY = Path(__file__).parents[2]
START_S = 120
PATIENCE_S = 45  # less than the time for which a request may hang


class Server:
    """A Jupyter server in a process of its own."""

    def __init__(self, directory: Path) -> None:
        config = {
            "ServerApp": {"jpserver_extensions": {"ipynb_telemetry": True}, "open_browser": False},
            "IdentityProvider": {"token": "secret"},
        }
        (directory / "config").mkdir(exist_ok=True)
        (directory / "config" / "jupyter_server_config.json").write_text(json.dumps(config))
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self._url = f"http://127.0.0.1:{port}"
        environment = {
            **os.environ,
            "PYTHONPATH": str(REPOSITORY),
            "JUPYTER_CONFIG_DIR": str(directory / "config"),
            "JUPYTER_DATA_DIR": str(directory / "data"),
            "JUPYTER_RUNTIME_DIR": str(directory / "runtime"),
        }
        with (directory / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyter_server", f"--port={port}", "--allow-root"],
                cwd=directory,
                env=environment,
                stderr=log,
            )
        deadline = time.monotonic() + START_S
        while not self._is_up():
            assert time.monotonic() < deadline, (directory / "log").read_text()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.1)
                raise AssertionError((directory / "log").read_text())

    def _is_up(self) -> bool:
        with suppress(URLError, ConnectionError):
            return bool(self.fetch("api/status"))
        return False

    def fetch(self, route: str, body: Any = None) -> Any:
        request = urllib.request.Request(
            f"{self._url}/{route}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": "token secret"},
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
            return json.load(response)

    def relay(self, host: str, events: list[Any]) -> None:
        query = urlencode({"host": host})
        body = {"api_key": "phc_key", "batch": events}
        assert self.fetch(f"ipynb-telemetry/relay/batch/?{query}", body) == {"status": 1}


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Server]]:
    servers: list[Server] = []

    def start() -> Server:
        servers.append(Server(tmp_path))
        return servers[-1]

    yield start
    for server in servers:
        server.process.kill()
        server.process.wait(PATIENCE_S)


def events(count: int) -> list[dict[str, Any]]:
    return [
        {
            "uuid": f"018f0000-0000-7000-8000-{seq:012}",
            "event": "paste",
            "distinct_id": "JOHN_DOE",
            "timestamp": f"2026-03-01T10:00:00.{seq:03}Z",
            "properties": {"seq": seq},
        }
        for seq in range(count)
    ]


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_that_ends_in_the_middle_of_a_batch_loses_nothing(
    start: Callable[[], Server], posthog: FakePostHog, end: signal.Signals
) -> None:
    hang = threading.Event()

    def hang_on_the_second(document: Any) -> Any:
        if posthog.accepted:
            hang.wait()
            return 503, {}, b""
        return ACCEPTED

    posthog.answer = hang_on_the_second
    server = start()
    server.relay(posthog.host, events(500))
    posthog.wait_until(lambda: len(posthog.requests) == 2)
    server.process.send_signal(end)
    server.process.wait(PATIENCE_S)  # it does not wait for PostHog

    posthog.answer = lambda document: ACCEPTED
    server = start()
    posthog.wait_until(lambda: len(posthog.accepted) >= 500)
    hang.set()
    assert posthog.accepted == events(500)
    interrupted, repeat = posthog.requests[1:3]
    assert interrupted.document["batch"] == repeat.document["batch"]
    assert interrupted.document["sent_at"] < repeat.document["sent_at"]
