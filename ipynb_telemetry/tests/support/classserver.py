"""A class collector in this process, and what students, instructors and strangers send to it."""

from __future__ import annotations

import json
import re
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tornado.httpclient import HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.simple_httpclient import SimpleAsyncHTTPClient

from ipynb_telemetry.classcollector.application import Application
from ipynb_telemetry.classcollector.classcollector import ClassCollector
from ipynb_telemetry.classcollector.keydoor import KeyDoor
from ipynb_telemetry.classcollector.keyring import KeyRing
from ipynb_telemetry.classcollector.rates import ADDRESS_RATE, STUDENT_RATE, Buckets, Rates
from ipynb_telemetry.settings.destination import Destination


class Clock:
    """A clock that a test sets.

    Attributes:
        seconds: since 1970.
    """

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds

    def ms(self) -> int:
        return round(self.seconds * 1000)


class Browser:
    """Keeps the cookies of one person."""

    def __init__(self, server: ClassServer) -> None:
        self._server = server
        self.cookies = SimpleCookie()

    async def fetch(self, path: str, method: str = "GET", **options: Any) -> HTTPResponse:
        headers = {**options.pop("headers", {}), "Cookie": self._cookie_header()}
        answer = await self._server.fetch(path, method, headers=headers, **options)
        for cookie in answer.headers.get_list("Set-Cookie"):
            self.cookies.load(cookie)
        return answer

    async def log_in(self, key: str) -> HTTPResponse:
        page = (await self.fetch("login")).body.decode()
        token = re.search(r'name="_xsrf" value="([^"]*)"', page)
        assert token is not None
        form = urlencode({"key": key, "_xsrf": token[1]})
        return await self.fetch("login", "POST", body=form)

    @property
    def xsrf(self) -> dict[str, str]:
        """The header by which the class page says that a request is its own."""
        return {"X-XSRFToken": self.cookies["_xsrf"].value}

    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={each.coded_value}" for name, each in self.cookies.items())


class ClassServer:
    """A class collector on loopback.

    Attributes:
        clock: of keys, sessions, caps and pauses.
    """

    def __init__(
        self,
        database: Path,
        *,
        path: str = "/",
        url: str = "",
        student_rate: int = STUDENT_RATE,
        address_rate: int = ADDRESS_RATE,
        is_behind_proxy: bool = False,
        forwards_to: Destination | None = None,
        retention_days: int = 0,
    ) -> None:
        self.database = database
        self.clock = Clock()
        (self._socket,) = bind_sockets(0, "127.0.0.1")
        self.port = self._socket.getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        self.url = url or f"{self.origin}{path}".rstrip("/")
        self._path = path

        def make_door(key_ring: KeyRing) -> KeyDoor:
            is_secure = self.url.startswith("https:")
            return KeyDoor(
                key_ring, port=self.port, path=path, is_secure=is_secure, clock=self.clock
            )

        self.collector = ClassCollector(
            class_name="cs1",
            url=self.url,
            path=path,
            database_path=str(database),
            rates=Rates(Buckets(student_rate, self.clock), Buckets(address_rate, self.clock)),
            make_door=make_door,
            forwards_to=forwards_to,
            retention_days=retention_days,
            clock_ms=self.clock.ms,
        )
        self._application = Application(self.collector, is_behind_proxy=is_behind_proxy)

    @property
    def key_ring(self) -> KeyRing:
        return self.collector.key_ring

    @property
    def class_key(self) -> str:
        return self.key_ring.class_key

    @property
    def instructor_key(self) -> str:
        return self.key_ring.new_instructor_key

    async def open(self) -> None:
        await self.key_ring.load()
        self._server = HTTPServer(self._application, max_body_size=64 * 1024)
        self._server.add_socket(self._socket)
        self._client = SimpleAsyncHTTPClient(force_instance=True)

    async def close(self) -> None:
        self._server.stop()
        self._socket.close()
        self._client.close()
        await self.collector.end()
        await self._server.close_all_connections()

    async def fetch(self, path: str, method: str = "GET", **options: Any) -> HTTPResponse:
        """Send a request; whatever is answered is the answer.

        Args:
            path: below the collector's own, or from the root with a slash at its beginning.
            method: of HTTP.
            options: of Tornado's client.
        """
        body = options.pop("body", b"" if method in ("POST", "PUT") else None)
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        return await self._client.fetch(
            self.origin + (path if path.startswith("/") else self._path + path),
            method=method,
            body=body,
            raise_error=False,
            follow_redirects=False,
            **options,
        )

    async def post(self, events: Any, path: str = "batch/", **options: Any) -> HTTPResponse:
        """Send a batch with the class key."""
        body = {"api_key": self.class_key, "batch": events}
        return await self.fetch(path, "POST", body=body, **options)

    def browser(self) -> Browser:
        return Browser(self)

    async def instructor(self) -> Browser:
        """Give the browser of an instructor who has logged in."""
        browser = self.browser()
        answer = await browser.log_in(self.instructor_key)
        assert answer.code == 302, answer.body
        return browser

    async def stored(self) -> list[dict[str, Any]]:
        """Give all events, oldest first, as an instructor reads them."""
        answer = await (await self.instructor()).fetch("ipynb-telemetry/api/events?limit=1000")
        return list(reversed(json.loads(answer.body)["events"]))


def message_of(answer: HTTPResponse) -> str:
    """Give the one sentence of a refusal."""
    told = json.loads(answer.body)
    assert list(told) == ["message"]
    return str(told["message"])


def by_key(key: str) -> dict[str, str]:
    """Give the headers of a request by a key."""
    return {"Authorization": f"Bearer {key}"}
