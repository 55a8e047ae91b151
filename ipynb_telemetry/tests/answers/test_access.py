"""Who may read a class, and who may say something of one."""

import json
from http.cookies import SimpleCookie
from typing import Any

import pytest
from jupyter_server.auth import Authorizer

from ipynb_telemetry.answers.catalog import CLASS
from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.store.accesslog import read_accesses
from ipynb_telemetry.tests.support.storedevents import raw_event

READING = [*CLASS, "student?student=JOHN_DOE", "cell?notebook=D1&cell=a", "changes?since=0"]
STATEMENTS = {
    "roster": ("PUT", {"members": [{"id": "JOHN_DOE", "is_staff": True}]}),
    "outline": (
        "PUT",
        {"notebook": "D1", "exercises": [{"id": "1", "title": "1", "cells": [], "tests": ["t"]}]},
    ),
    "seen": ("POST", {"student": "JOHN_DOE", "notebook": "D1", "signal": "S1"}),
    "person": ("POST", {"student": "JOHN_DOE", "person": "ANN_LEE"}),
}


class Refusing(Authorizer):
    """Refuses one action on telemetry."""

    refused = ""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return (action, resource) != (self.refused, "ipynb_telemetry")


class Student(Refusing):
    """May send, and not read."""

    refused = "read"


class Watcher(Refusing):
    """May read, and say nothing."""

    refused = "write"


@pytest.fixture
def authorizer(jp_server_config: Any, request: pytest.FixtureRequest) -> None:
    jp_server_config["ServerApp"]["authorizer_class"] = request.param


@pytest.fixture
def send(http_server_client: Any, jp_base_url: str, jp_auth_header: Any) -> Any:
    """Send a request to a route of the class, and give the response."""

    async def fetch(path: str, method: str = "GET", body: Any = None, headers: Any = None) -> Any:
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body)
        return await http_server_client.fetch(
            f"{jp_base_url}ipynb-telemetry/class/{path}",
            method=method,
            body=body,
            headers=jp_auth_header if headers is None else headers,
            raise_error=False,
        )

    return fetch


async def codes_of_statements(send: Any, **options: Any) -> set[int]:
    return {
        (await send(path, method, body, **options)).code
        for path, (method, body) in STATEMENTS.items()
    }


@pytest.mark.parametrize("authorizer", [Student], indirect=True)
async def test_who_may_not_read_sends_events_and_nothing_else(
    authorizer: None, send: Any, post: Any, collector: IpynbTelemetryApp
) -> None:
    assert (await post([raw_event()]))[0] == 200
    for path in READING:
        assert (await send(path)).code == 403, path
    assert await codes_of_statements(send) == {403}, "a student is no staff by saying so"
    assert await collector.off_loop(lambda: collector.store.database.use(read_accesses)) == []


@pytest.mark.parametrize("authorizer", [Watcher], indirect=True)
async def test_who_may_not_write_changes_nothing(authorizer: None, send: Any, post: Any) -> None:
    assert (await post([raw_event()]))[0] == 403
    for path in READING:
        expected = 204 if path.startswith("changes") else 200
        assert (await send(path)).code == expected, path
    assert await codes_of_statements(send) == {403}


@pytest.mark.parametrize("anyone", [True, False])
async def test_strangers_are_refused(anyone: bool, send: Any, jp_serverapp: Any) -> None:
    jp_serverapp.web_app.settings["allow_unauthenticated_access"] = anyone
    forged = {"Cookie": "_xsrf=abcd", "X-XSRFToken": "abcd"}
    for headers in ({}, {"Authorization": "token wrong"}, forged):
        for path in READING:
            response = await send(path, headers=headers)
            assert response.code == 403, path
            assert list(json.loads(response.body)) == ["message"]
        assert await codes_of_statements(send, headers=headers) == {403}
        assert (await send("roster", "PUT", b"x" * (21 * 2**20), headers)).code == 403


async def test_a_cookie_alone_may_read_and_say_nothing(
    send: Any, http_server_client: Any, jp_base_url: str, jp_auth_header: Any
) -> None:
    token = jp_auth_header["Authorization"].split()[1]
    jar = SimpleCookie()

    def cookies() -> str:
        return "; ".join(f"{key}={value.coded_value}" for key, value in jar.items())

    for path in ("login", f"api/status?token={token}"):
        response = await http_server_client.fetch(
            jp_base_url + path,
            headers={"Cookie": cookies()},
            follow_redirects=False,
            raise_error=False,
        )
        for cookie in response.headers.get_list("Set-Cookie"):
            jar.load(cookie)
    mine = {"Cookie": cookies()}
    assert (await send("progress", headers=mine)).code == 200
    assert await codes_of_statements(send, headers=mine) == {403}
    forged = {**mine, "X-XSRFToken": "forged"}
    assert await codes_of_statements(send, headers=forged) == {403}
    true = {**mine, "X-XSRFToken": jar["_xsrf"].value}
    assert await codes_of_statements(send, headers=true) == {200}


async def test_nobody_on_the_way_keeps_an_answer(send: Any) -> None:
    for path in [*READING, "nothing", "student"]:
        assert (await send(path)).headers["Cache-Control"] == "no-store", path
    for path, (method, body) in STATEMENTS.items():
        assert (await send(path, method, body)).headers["Cache-Control"] == "no-store", path


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"x" * (20 * 2**20 + 1), 413),
        (b'{"members": [' + b"[]," * 500_000 + b"[]]}", 413),
        (b'{"members": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
        (b'{"members": [{"id": NaN}]}', 400),
        (b"", 400),
        (b"[]", 400),
    ],
    ids=["large", "many", "deep", "nan", "empty", "list"],
)
async def test_a_body_that_is_too_much_is_refused(send: Any, body: bytes, code: int) -> None:
    for path, (method, _) in STATEMENTS.items():
        response = await send(path, method, body)
        assert response.code == code, path
        assert list(json.loads(response.body)) == ["message"]


async def test_a_name_is_said_as_it_is(send: Any) -> None:
    odd = "100%d '\" 😀 ../x"
    members = [{"id": odd}, {"id": odd}]
    response = await send("roster", "PUT", {"members": members})
    assert (response.code, odd in json.loads(response.body)["message"]) == (400, True)
