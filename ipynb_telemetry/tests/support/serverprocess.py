"""A Jupyter server in a process of its own, for tests that end it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.error import URLError

from .lab import Lab

REPOSITORY = Path(__file__).parents[3]
START_S = 120
PATIENCE_S = 45  # less than the time for which a request may hang


class Server:
    """A Jupyter server in a process of its own."""

    def __init__(self, directory: Path, lab: Lab | None = None) -> None:
        # Notebook 7 has the settings of JupyterLab, too.
        applications = dict.fromkeys(("jupyterlab", "notebook"), lab is not None)
        extensions = {"ipynb_telemetry": True, **applications}
        config = {
            "ServerApp": {"jpserver_extensions": extensions, "open_browser": False},
            "IdentityProvider": {"token": "secret"},
            "LabApp": lab.config if lab else {},
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

    def relay(self, events: list[Any], **named: str) -> None:
        """Hand over events; `named` is what a page of version 0.1.0 says besides."""
        body = {"api_key": "embedded", **named, "batch": events}
        assert self.fetch("ipynb-telemetry/relay/batch/", body) == {"status": 1}

    def relay_status(self) -> Any:
        return self.fetch("ipynb-telemetry/relay/status")

    def relay_status_where(self, condition: Callable[[Any], bool]) -> Any:
        deadline = time.monotonic() + PATIENCE_S
        while not condition(status := self.relay_status()):
            assert time.monotonic() < deadline, status
        return status
