import asyncio
import json
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from jupyter_server.auth import Authorizer
from tornado.httpclient import HTTPClientError

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.store.reading import Snapshot
from ipynb_telemetry.tests.support.serverprocess import PATIENCE_S
from ipynb_telemetry.tests.support.storedevents import raw_event


@pytest.mark.parametrize("anyone", [True, False])
async def test_strangers_are_refused_whatever_they_send(
    anyone: bool, http_server_client: Any, jp_base_url: str, jp_serverapp: Any, get: Any
) -> None:
    jp_serverapp.web_app.settings["allow_unauthenticated_access"] = anyone
    forged = {"Cookie": "_xsrf=abcd", "X-XSRFToken": "abcd"}
    for headers in ({}, {"Authorization": "token wrong"}, forged):
        for options in ({}, {"method": "POST", "body": b"x" * (21 * 2**20)}):
            path = "batch/" if options else "api/events"
            with pytest.raises(HTTPClientError) as refusal:
                await http_server_client.fetch(
                    f"{jp_base_url}ipynb-telemetry/{path}", headers=headers, **options
                )
            assert refusal.value.code == 403
            assert list(json.loads(refusal.value.response.body)) == ["message"]
    assert (await get())[1]["events"] == []


class NoTelemetry(Authorizer):
    """Lets everyone do everything but touch telemetry."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return (action, resource) not in (("write", "ipynb_telemetry"), ("read", "ipynb_telemetry"))


@pytest.fixture
def forbid_telemetry(jp_server_config: Any) -> None:
    jp_server_config["ServerApp"]["authorizer_class"] = NoTelemetry


async def test_the_authorizer_decides(
    forbid_telemetry: None, post: Any, get: Any, jp_fetch: Any
) -> None:
    assert (await jp_fetch("api", "status")).code == 200
    for path in ("batch/", "relay/batch/"):
        assert (await post([raw_event()], path))[0] == 403
    assert (await get())[0] == 403
    assert (await post("", "relay/status"))[0] == 403
    with pytest.raises(HTTPClientError, match="403"):
        await jp_fetch("ipynb-telemetry", "relay", "status")


@pytest.mark.parametrize("route", ["batch/", "relay/batch/"])
async def test_a_cookie_alone_may_read_but_not_write(
    http_server_client: Any, jp_base_url: str, jp_auth_header: Any, get: Any, route: str
) -> None:
    token = jp_auth_header["Authorization"].split()[1]
    jar = SimpleCookie()
    for path in ("login", f"api/status?token={token}"):
        headers = {"Cookie": "; ".join(f"{key}={value.coded_value}" for key, value in jar.items())}
        answer = await http_server_client.fetch(
            jp_base_url + path, headers=headers, follow_redirects=False, raise_error=False
        )
        for cookie in answer.headers.get_list("Set-Cookie"):
            jar.load(cookie)
    cookies = "; ".join(f"{key}={value.coded_value}" for key, value in jar.items())

    async def send(headers: dict[str, str], query: str = "") -> int:
        answer = await http_server_client.fetch(
            f"{jp_base_url}ipynb-telemetry/{route}?{query}",
            method="POST",
            body=json.dumps(
                {"host": "http://127.0.0.1:9", "api_key": "phc_key", "batch": [raw_event()]}
            ),
            headers={"Cookie": cookies, **headers},
            raise_error=False,
        )
        return int(answer.code)

    assert await send({}) == 403
    assert await send({"X-XSRFToken": "forged"}) == 403
    assert (await get())[1]["events"] == []
    assert await send({"X-XSRFToken": jar["_xsrf"].value}) == 200
    assert await send({}, f"_xsrf={quote(jar['_xsrf'].value)}") == 200
    events = await http_server_client.fetch(
        f"{jp_base_url}ipynb-telemetry/api/events", headers={"Cookie": cookies}
    )
    assert len(json.loads(events.body)["events"]) == 2


async def test_nobody_on_the_way_keeps_an_answer(
    http_server_client: Any, jp_base_url: str, jp_auth_header: Any
) -> None:
    for headers, codes in ((jp_auth_header, (200, 200)), ({}, (403, 403))):
        for path, code in zip(("api/events", "relay/status"), codes, strict=True):
            answer = await http_server_client.fetch(
                f"{jp_base_url}ipynb-telemetry/{path}", headers=headers, raise_error=False
            )
            assert (answer.code, answer.headers["Cache-Control"]) == (code, "no-store")


REFUSED_AT_ONCE = {
    "no length": ("POST", "batch/", "Transfer-Encoding: chunked\r\n", ""),
    "no body": ("POST", "batch/", "Content-Length: 0\r\n", ""),
    "a question": ("GET", "roster/offer", "", ""),
}
REFUSED_AT_THE_END = {"a body": ("POST", "batch/", "Content-Length: 5\r\n", "[1,2]")}


@pytest.mark.parametrize("kind", [*REFUSED_AT_ONCE, *REFUSED_AT_THE_END])
async def test_who_is_refused_before_the_body_was_read_is_told_that_the_connection_ends(
    kind: str, http_server: Any, http_server_port: Any, jp_base_url: str
) -> None:
    """A hub's proxy gives a connection that ends without a word to the next, whom it fails."""
    reader, writer = await asyncio.open_connection("127.0.0.1", http_server_port[-1])
    method, path, length, body = {**REFUSED_AT_ONCE, **REFUSED_AT_THE_END}[kind]
    request = f"{method} {jp_base_url}ipynb-telemetry/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    writer.write(f"{request}{length}\r\n{body}".encode())

    async def read_answer() -> str:
        head = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)).decode()
        (size,) = (line for line in head.splitlines() if line.startswith("Content-Length: "))
        await reader.readexactly(int(size.split()[1]))
        assert " 403 " in head.splitlines()[0]
        return head

    is_told = "Connection: close" in await read_answer()
    assert is_told == (kind in REFUSED_AT_ONCE)
    if is_told:
        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
    else:
        writer.write(f"{request}{length}\r\n{body}".encode())
        await read_answer()
    writer.close()


async def test_nothing_of_the_request_itself_is_stored(
    post: Any, collector: IpynbTelemetryApp
) -> None:
    secrets = {"User-Agent": "secret-agent", "X-Forwarded-For": "203.0.113.9", "Referer": "/lab?s"}
    assert (await post([raw_event()], headers=secrets))[0] == 200
    path = Path(collector.database_path)
    kept = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"JOHN_DOE" in kept
    for secret in (*secrets.values(), "127.0.0.1"):
        assert secret.encode() not in kept


async def test_a_fault_of_ours_shows_no_traceback_and_no_path(
    get: Any, collector: IpynbTelemetryApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: Any) -> None:
        raise FileNotFoundError(2, "missing", "/secret/path")

    monkeypatch.setattr(Snapshot, "page", fail)
    assert await get() == (500, {"message": "Internal Server Error"})
