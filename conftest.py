"""Fixtures for every Python test: a Jupyter server with this extension, a kernel, a PostHog."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.tests.support.commandline import CommandLine
from ipynb_telemetry.tests.support.fakeposthog import FakePostHog, fake_posthog
from ipynb_telemetry.tests.support.lab import Lab
from ipynb_telemetry.tests.support.serverprocess import PATIENCE_S, Server

pytest_plugins = ("pytest_jupyter.jupyter_server", "pytest_jupyter.jupyter_client")


@pytest.fixture
def jp_server_config(jp_server_config: Any, tmp_path: Any) -> dict[str, Any]:
    """A server that refuses every unauthenticated request and keeps its events in `tmp_path`."""
    return {
        "ServerApp": {
            "jpserver_extensions": {"ipynb_telemetry": True},
            "allow_unauthenticated_access": False,
        },
        "IpynbTelemetryApp": {"database_path": str(tmp_path / "collector" / "events.sqlite3")},
    }


@pytest.fixture
def lab(tmp_path: Path) -> Lab:
    """The folders of a JupyterLab, for a server that is to have one."""
    return Lab(tmp_path / "lab")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Start a server in a process of its own; again and again with the same files."""
    servers: list[Server] = []

    def start(lab: Lab | None = None) -> Server:
        servers.append(Server(tmp_path, lab))
        return servers[-1]

    yield start
    for server in servers:
        server.process.kill()
        server.process.wait(PATIENCE_S)


@pytest.fixture
def posthog(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakePostHog]:
    """A PostHog on the loopback interface, which no proxy of this machine comes before."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with fake_posthog() as posthog:
        yield posthog


@pytest.fixture
def telemetry(
    capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """The command line, in a folder of its own, on a machine where Jupyter was never configured."""
    home = tmp_path / "home"
    line = CommandLine(capfd, home)
    places = {
        "JUPYTERLAB_DIR": line.application,
        "JUPYTER_CONFIG_DIR": line.config,
        "JUPYTER_DATA_DIR": line.data,
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "IPYTHONDIR": home / "ipython",
    }
    for name, path in places.items():
        monkeypatch.setenv(name, str(path))
    for name in ("JUPYTERLAB_SETTINGS_DIR", "JUPYTER_CONFIG_PATH", "JUPYTER_PATH"):
        monkeypatch.delenv(name, raising=False)
    course = tmp_path / "course"
    course.mkdir()
    monkeypatch.chdir(course)
    return line


@pytest.fixture
def collector(jp_serverapp: Any) -> IpynbTelemetryApp:
    """The extension in the server."""
    app = jp_serverapp.extension_manager.extension_points["ipynb_telemetry"].app
    assert isinstance(app, IpynbTelemetryApp)
    return app


@pytest.fixture
def post(jp_fetch: Any) -> Callable[..., Any]:
    """Post a body (bytes, or what becomes JSON) and give the status and the answer."""

    async def send(body: Any, path: str = "batch/", **options: Any) -> tuple[int, Any]:
        if not isinstance(body, bytes) and "body_producer" not in options:
            body = json.dumps(body).encode()
        try:
            response = await jp_fetch(
                "ipynb-telemetry", *path.split("/"), method="POST", body=body, **options
            )
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)
        return response.code, json.loads(response.body)

    return send


@pytest.fixture
def get(jp_fetch: Any) -> Callable[..., Any]:
    """Ask for events and give the status and the answer."""

    async def ask(**params: Any) -> tuple[int, Any]:
        try:
            response = await jp_fetch("ipynb-telemetry", "api", "events", params=params)
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)
        return response.code, json.loads(response.body)

    return ask
