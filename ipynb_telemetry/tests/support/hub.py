"""A JupyterHub in processes of its own: hub, proxy, and the server of one user."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

from .serverprocess import PATIENCE_S, REPOSITORY, START_S

PROXY = REPOSITORY / "node_modules/configurable-http-proxy/bin/configurable-http-proxy"
USER = "ann"
TOKENS = {"owner": "token-of-ann-herself", "other": "token-of-somebody-else"}


class Reply(NamedTuple):
    """An answer that came through the proxy."""

    status: int
    headers: dict[str, str]
    body: bytes


class Hub:
    """A real JupyterHub on loopback; the server of `USER` has this extension, and no JupyterLab."""

    def __init__(self, folder: Path) -> None:
        node = shutil.which("node")
        assert node, "The hub's proxy needs Node."
        self._log = folder / "hub.log"
        self._home = folder / USER
        self._home.mkdir(parents=True)
        self._port, hub_port, api_port, user_port = _free_ports(4)
        values: dict[str, Any] = {
            "JupyterHub.bind_url": f"http://127.0.0.1:{self._port}",
            "JupyterHub.hub_bind_url": f"http://127.0.0.1:{hub_port}",
            "JupyterHub.db_url": f"sqlite:///{folder / 'hub.sqlite'}",
            "JupyterHub.cookie_secret_file": str(folder / "cookie_secret"),
            "JupyterHub.authenticator_class": "dummy",
            "JupyterHub.spawner_class": "simple",
            "JupyterHub.services": [
                {"name": name, "api_token": token} for name, token in TOKENS.items()
            ],
            "JupyterHub.load_roles": [
                {
                    "name": "owner",
                    "services": ["owner"],
                    "scopes": ["access:servers", "servers", "admin:users"],
                },
                {"name": "other", "services": ["other"], "scopes": ["read:users:name"]},
            ],
            "Authenticator.allow_all": True,
            "ConfigurableHTTPProxy.command": [node, str(PROXY)],
            "ConfigurableHTTPProxy.api_url": f"http://127.0.0.1:{api_port}",
            "ConfigurableHTTPProxy.pid_file": str(folder / "proxy.pid"),
            "SimpleLocalProcessSpawner.home_dir_template": f"{folder}/{{username}}",
            "Spawner.cmd": [str(Path(sys.executable).parent / "jupyterhub-singleuser")],
            "Spawner.args": ["--allow-root"],
            "Spawner.environment": {
                "JUPYTERHUB_SINGLEUSER_APP": "jupyter_server.serverapp.ServerApp",
                "PYTHONPATH": str(REPOSITORY),
            },
            "Spawner.ip": "127.0.0.1",
            "Spawner.port": user_port,
            "Spawner.start_timeout": START_S,
            "Spawner.http_timeout": START_S,
        }
        config_file = folder / "jupyterhub_config.py"
        config_file.write_text(
            f"values = {values!r}\n"
            "for name, value in values.items():\n"
            "    section, trait = name.split('.')\n"
            "    c[section][trait] = value\n"
        )
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("JUPYTER", "IPYTHON", "CONFIGPROXY"))
        }
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "--config", str(config_file)],
                cwd=folder,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,  # so that whatever it starts ends with it
            )

    def start(self) -> None:
        """Wait for the hub, and start the user's server."""
        self._wait(lambda: self.send("GET", "/hub/api/").status == 200)
        assert self.send("POST", f"/hub/api/users/{USER}", who="owner").status == 201
        assert self.send("POST", f"/hub/api/users/{USER}/server", who="owner").status in (201, 202)
        self._wait(lambda: self.send("GET", f"/user/{USER}/api", who="owner").status == 200)

    def stop(self) -> None:
        """End the hub with all that it started."""
        self._process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(PATIENCE_S)
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(PATIENCE_S)

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: dict[str, str] | None = None,
        who: str | None = None,
    ) -> Reply:
        """Send a request on a connection of its own, with the token of `who`."""
        token = {"Authorization": f"token {TOKENS[who]}"} if who else {}
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body, {**token, **(headers or {})})
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.headers), answer.read())
        finally:
            connection.close()

    def sign_in(self) -> dict[str, str]:
        """Sign `USER` in as a browser does; give the cookies of her server by name."""
        jar = CookieJar()
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(jar)
        )
        origin = f"http://127.0.0.1:{self._port}"
        opener.open(f"{origin}/hub/login").read()
        form = {"username": USER, "password": "any", "_xsrf": _named(jar, "/hub/")["_xsrf"]}
        for path, data in (("hub/login", form), (f"user/{USER}/files/none", None)):
            with suppress(HTTPError):  # only the cookies matter, and where they come from
                opener.open(f"{origin}/{path}", data and urlencode(data).encode()).read()
        return _named(jar, f"/user/{USER}/")

    def _wait(self, is_so: Any) -> None:
        deadline = time.monotonic() + START_S
        while True:
            with suppress(OSError, URLError):
                if is_so():
                    return
            assert time.monotonic() < deadline, self._log.read_text()
            assert self._process.poll() is None, self._log.read_text()
            time.sleep(0.1)


def _free_ports(count: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def _named(jar: CookieJar, path: str) -> dict[str, str]:
    return {cookie.name: cookie.value or "" for cookie in jar if cookie.path == path}
