"""A JupyterHub in processes of its own: hub, proxy, and the servers of users."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit

from .port import free_ports
from .serverprocess import PATIENCE_S, REPOSITORY, START_S

PROXY = REPOSITORY / "node_modules/configurable-http-proxy/bin/configurable-http-proxy"
USER = "ann"
TOKENS = {"owner": "token-of-ann-herself", "other": "token-of-somebody-else"}


class Reply(NamedTuple):
    """An answer that came through the proxy."""

    status: int
    headers: dict[str, str]
    body: bytes


class Browser:
    """A browser without scripts, in which somebody has signed in at a hub."""

    def __init__(self, address: str, user: str) -> None:
        """Sign in."""
        self._address = address
        self._path = urlsplit(address).path
        self._jar = CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self._jar)
        )
        assert self.open("hub/login").status == 200
        xsrf = self.cookies(f"{self._path}hub/")["_xsrf"]
        self.open("hub/login", {"username": user, "password": "any", "_xsrf": xsrf})

    def open(
        self,
        path: str,
        form: Any = None,
        headers: dict[str, str] | None = None,
        json_body: Any = None,
    ) -> Reply:
        """Go to a path below the hub's base URL, wherever that leads; a form or JSON is posted."""
        headers, data = {**(headers or {})}, None
        if form is not None:
            data = urlencode(form).encode()
        if json_body is not None:
            data = json.dumps(json_body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(f"{self._address}{path}", data, headers)
        try:
            with self._opener.open(request, timeout=PATIENCE_S) as answer:
                return Reply(answer.status, dict(answer.headers), answer.read())
        except HTTPError as answer:
            return Reply(answer.code, dict(answer.headers), answer.read())

    def cookies(self, path: str) -> dict[str, str]:
        """Give the cookies of a path by name."""
        return {cookie.name: cookie.value or "" for cookie in self._jar if cookie.path == path}


def _no_more(address: str) -> str:
    return ""


class Hub:
    """A real JupyterHub on loopback; servers have this extension, and no JupyterLab."""

    def __init__(self, folder: Path, base_url: str = "/", more: Callable[[str], str] = _no_more):
        """Start it.

        Args:
            folder: for everything that it writes, the users' homes too.
            base_url: of the hub, with a slash at the beginning and the end.
            more: gives the end of its jupyterhub_config.py, told the address of the hub's proxy.
        """
        self._base_url = base_url
        node = shutil.which("node")
        assert node, "The hub's proxy needs Node."
        self._log = folder / "hub.log"
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._port, hub_port, api_port = free_ports(3)
        self.address = f"http://127.0.0.1:{self._port}{base_url}"
        values: dict[str, Any] = {
            "JupyterHub.bind_url": self.address,
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
                    "scopes": ["access:servers", "servers", "admin:users", "groups"],
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
            "Spawner.start_timeout": START_S,
            "Spawner.http_timeout": START_S,
        }
        config_file = folder / "jupyterhub_config.py"
        config_file.write_text(
            f"values = {values!r}\n"
            "for name, value in values.items():\n"
            "    section, trait = name.split('.')\n"
            "    c[section][trait] = value\n" + more(self.address)
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
        """Wait for the hub, and start the server of `USER`."""
        self.answers()
        assert self.send("POST", f"/hub/api/users/{USER}", who="owner").status == 201
        self.start_server(USER)

    def log(self) -> str:
        """Give what the hub and its services have said so far."""
        return self._log.read_text()

    def answers(self) -> None:
        """Wait for the hub."""
        self.wait(lambda: self.send("GET", "/hub/api/").status == 200)

    def start_server(self, user: str, name: str = "") -> None:
        """Start a server of a user, and wait for it; it has a name unless it is the default one."""
        self.spawn(user, name)
        home = "/".join(filter(None, (f"/user/{user}", name)))
        self.wait(lambda: self.send("GET", f"{home}/api", who="owner").status == 200)

    def spawn(self, user: str, name: str = "") -> None:
        """Start a server of a user, and do not wait."""
        (self._folder / user).mkdir(exist_ok=True)
        route = f"/hub/api/users/{user}/{f'servers/{name}' if name else 'server'}"
        assert self.send("POST", route, who="owner").status in (201, 202)

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
        """Send a request on a connection of its own, with the token of `who`.

        The path is below the hub's base URL.
        """
        token = {"Authorization": f"token {TOKENS[who]}"} if who else {}
        connection = HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
        try:
            connection.request(
                method, self._base_url.rstrip("/") + path, body, {**token, **(headers or {})}
            )
            answer = connection.getresponse()
            return Reply(answer.status, dict(answer.headers), answer.read())
        finally:
            connection.close()

    def sign_in(self) -> dict[str, str]:
        """Sign `USER` in as a browser does; give the cookies of her server by name."""
        browser = Browser(self.address, USER)
        browser.open(f"user/{USER}/files/none")
        return browser.cookies(f"{self._base_url}user/{USER}/")

    def wait(self, is_so: Any) -> None:
        """Wait until a condition holds."""
        deadline = time.monotonic() + START_S
        while True:
            with suppress(OSError, URLError):
                if is_so():
                    return
            assert time.monotonic() < deadline, self.log()
            assert self._process.poll() is None, self.log()
            time.sleep(0.1)
