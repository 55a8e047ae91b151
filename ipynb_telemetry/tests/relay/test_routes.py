import asyncio
import base64
import gzip
import json
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tornado.httpclient import HTTPClientError

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.relay.queue import Claim
from ipynb_telemetry.tests.support.fakeposthog import ACCEPTED, FakePostHog, fake_posthog

KEY = "phc_key"


@pytest.fixture
def collector(jp_serverapp: Any) -> IpynbTelemetryApp:
    return jp_serverapp.extension_manager.extension_points["ipynb_telemetry"].app


@pytest.fixture
def post(jp_fetch: Any, posthog: FakePostHog) -> Callable[..., Any]:
    """Post a body to the relay, for `host` if it is an object; give the status and the answer."""

    async def send(
        body: Any, route: str = "relay/batch/", host: Any = posthog.host, **params: Any
    ) -> tuple[int, Any]:
        if isinstance(body, dict):
            body = {"host": host, **body}
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


def events(count: int = 1) -> list[dict[str, Any]]:
    return [
        {
            "uuid": f"018f0000-0000-7000-8000-{seq:012}",
            "event": "paste",
            "distinct_id": "JOHN_DOE",
            "timestamp": f"2026-03-01T10:00:00.{seq:03}Z",
            "properties": {"seq": seq, "notebook": "D1"},
        }
        for seq in range(count)
    ]


def batch(count: int = 1, key: Any = KEY) -> dict[str, Any]:
    return {"api_key": key, "sent_at": "2026-03-01T10:00:01.000Z", "batch": events(count)}


def is_idle(status: Any) -> bool:
    return status["waiting"] == 0


def form(body: bytes) -> bytes:
    return b"data=" + quote(base64.b64encode(body)).encode()


@pytest.mark.parametrize(
    ("encode", "params"),
    [
        (bytes, {}),
        (gzip.compress, {"compression": "gzip-js"}),
        (form, {"compression": "base64"}),
    ],
    ids=["json", "gzip", "base64"],
)
async def test_what_is_posted_arrives_at_posthog_and_is_kept(
    post: Any, get: Any, status_where: Any, posthog: FakePostHog, encode: Any, params: Any
) -> None:
    body = {"host": posthog.host, **batch(3)}
    answer = await post(encode(json.dumps(body).encode()), **params)
    assert answer == (200, {"status": 1})
    status = await status_where(is_idle)
    assert status.pop("last_contact") > "2026"
    assert status == {
        "waiting": 0,
        "set_aside": 0,
        "refusals": [],
        "problem": None,
        "next_attempt": None,
    }
    assert posthog.accepted == events(3)
    assert [request.document["api_key"] for request in posthog.requests] == [KEY]
    assert len((await get("api/events"))["events"]) == 3


async def test_the_plain_route_is_not_forwarded(
    post: Any, get: Any, status_where: Any, posthog: FakePostHog
) -> None:
    plain, relayed = events(2)
    assert (await post({"api_key": KEY, "batch": [plain]}, "batch/"))[0] == 200
    assert (await post({"api_key": KEY, "batch": [relayed]}))[0] == 200
    await status_where(is_idle)
    assert posthog.accepted == [relayed]
    assert len((await get("api/events"))["events"]) == 2


async def test_a_repeat_is_stored_and_forwarded_once(
    post: Any, get: Any, status_where: Any, posthog: FakePostHog
) -> None:
    for count in (2, 2, 3):
        assert (await post(batch(count)))[0] == 200
        await status_where(is_idle)
    assert posthog.accepted == events(3)
    assert len((await get("api/events"))["events"]) == 3


@pytest.mark.parametrize(
    "host",
    [
        *(None, 7, ["https://eu.i.posthog.com"], ""),
        "eu.i.posthog.com",
        "http://eu.i.posthog.com",
        "http://127.0.0.1.evil.example",
        "ftp://localhost",
        "https://",
        "https://user@eu.i.posthog.com",
        "https://user:password@eu.i.posthog.com",
        "https://eu.i.posthog.com?key=1",
        "https://eu.i.posthog.com#part",
        "https://eu.i.posthog.com/a b",
        "https://eu.i.posthog.com:port",
        "https://[::1",
        "https://straße.example",
    ],
)
async def test_a_bad_host_is_refused_and_nothing_stored(post: Any, get: Any, host: Any) -> None:
    status, answer = await post(batch(), host=host)
    assert status == 400
    assert answer["message"].startswith("The host is refused: ")
    assert (await get("api/events"))["events"] == []
    assert (await get("relay/status"))["waiting"] == 0


@pytest.mark.parametrize(
    "key", [None, 7, "", "  ", "phx_personal", "phc key", "phc_é", "phc_\x00", "k" * 65]
)
async def test_a_bad_key_is_refused_and_nothing_stored(post: Any, get: Any, key: Any) -> None:
    for body in (batch(key=key), {"batch": events()}):
        status, answer = await post(body)
        assert status == 400
        assert " key is " in answer["message"]
        assert "personal" not in answer["message"] or key == "phx_personal"
    assert (await get("api/events"))["events"] == []
    assert (await get("relay/status"))["waiting"] == 0


async def test_a_bad_event_is_refused_with_all_others(post: Any, get: Any) -> None:
    assert (await post({"api_key": KEY, "batch": [*events(2), {"event": "x"}]}))[0] == 400
    assert (await post(events()))[0] == 400
    assert (await get("relay/status"))["waiting"] == 0


@pytest.mark.parametrize("host", ["http://localhost:9", "http://[::1]:9", "https://localhost/p/"])
async def test_loopback_hosts_spaces_and_paths_are_taken(
    post: Any, status_where: Any, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await post(batch(key=f" {KEY} "), host=f" {host} "))[0] == 200
    assert (await status_where(lambda status: status["problem"]))["waiting"] == 1


async def test_a_corrected_key_frees_what_waited_for_the_wrong_one(
    post: Any, status_where: Any, posthog: FakePostHog
) -> None:
    unauthorized = (401, {}, b"")
    posthog.answer = lambda body: ACCEPTED if body["api_key"] == KEY else unauthorized
    assert (await post(batch(3, key="phc_wrong")))[0] == 200
    status = await status_where(lambda status: status["problem"])
    assert status["problem"] == "401 Unauthorized"
    assert status["waiting"] == 3
    assert status["next_attempt"] > status["last_contact"]
    assert (await post(batch(4)))[0] == 200
    await status_where(is_idle)
    assert posthog.accepted == events(4)


async def test_an_empty_batch_with_the_corrected_key_frees_what_waited(
    post: Any, get: Any, status_where: Any, posthog: FakePostHog
) -> None:
    unauthorized = (401, {}, b"")
    posthog.answer = lambda body: ACCEPTED if body["api_key"] == KEY else unauthorized
    assert (await post(batch(3, key="phc_wrong")))[0] == 200
    await status_where(lambda status: status["problem"])
    assert await post({"api_key": KEY, "batch": []}) == (200, {"status": 1})
    await status_where(is_idle)
    assert posthog.accepted == events(3)
    assert [request.document["api_key"] for request in posthog.requests] == ["phc_wrong", KEY]
    assert len((await get("api/events"))["events"]) == 3


@pytest.mark.parametrize("wrong", [{"host": "http://elsewhere.example"}, {"key": "phx_personal"}])
async def test_an_empty_batch_with_a_bad_destination_moves_nothing(
    post: Any, get: Any, status_where: Any, posthog: FakePostHog, wrong: dict[str, str]
) -> None:
    posthog.answer = lambda body: (401, {}, b"")
    assert (await post(batch()))[0] == 200
    before = await status_where(lambda status: status["problem"])
    params = {"host": wrong["host"]} if "host" in wrong else {}
    assert (await post({"api_key": wrong.get("key", KEY), "batch": []}, **params))[0] == 400
    # Nor does the right one, said again, end a pause.
    assert (await post({"api_key": KEY, "batch": []}))[0] == 200
    assert await get("relay/status") == before


async def test_of_two_destinations_each_gets_its_own_while_the_other_hangs_or_is_down(
    post: Any, status_where: Any, posthog: FakePostHog
) -> None:
    hang, hung, down, beside, last = threading.Event(), *([event] for event in events(4))

    def hang_once(document: Any) -> Any:
        hang.wait(60)
        return ACCEPTED

    def to(key: str, batch: Any) -> dict[str, Any]:
        return {"api_key": key, "batch": batch}

    with fake_posthog() as other:
        posthog.answer = hang_once
        assert (await post(to("phc_one", hung)))[0] == 200
        await asyncio.to_thread(posthog.wait_until, lambda: posthog.requests)
        assert (await post(to("phc_two", beside), host=other.host))[0] == 200
        await asyncio.to_thread(other.wait_until, lambda: other.accepted)
        assert posthog.accepted == []
        hang.set()
        await status_where(is_idle)
        # It has taken events before: what waits for it is kept for it.
        answers = iter([(503, {"Retry-After": "3600"}, b"")])
        posthog.answer = lambda document: next(answers, ACCEPTED)
        assert (await post(to("phc_one", down)))[0] == 200
        await status_where(lambda status: status["problem"])
        assert (await post(to("phc_two", last), host=other.host))[0] == 200
        await asyncio.to_thread(other.wait_until, lambda: len(other.accepted) == 2)
        assert (await status_where(lambda status: status["waiting"] == 1))["problem"].startswith(
            "503"
        )
        assert (await post({}, "relay/status"))[0] == 200
        await status_where(is_idle)
        assert posthog.accepted == hung + down
        assert other.accepted == beside + last
    assert {request.document["api_key"] for request in posthog.requests} == {"phc_one"}
    assert {request.document["api_key"] for request in other.requests} == {"phc_two"}


async def test_it_tries_now_when_it_is_told_to(
    post: Any, jp_fetch: Any, status_where: Any, posthog: FakePostHog
) -> None:
    answers = iter([(400, {}, b""), (503, {"Retry-After": "3600"}, b"")])
    posthog.answer = lambda body: next(answers, ACCEPTED)
    poisoned, paused = ({"api_key": KEY, "batch": [event]} for event in events(2))
    assert (await post(poisoned))[0] == 200
    await status_where(lambda status: status["set_aside"] == 1)
    assert (await post(paused))[0] == 200
    await status_where(lambda status: status["problem"])
    answer = await jp_fetch("ipynb-telemetry", "relay", "status", method="POST", body=b"")
    assert json.loads(answer.body)["set_aside"] == 0
    await status_where(is_idle)
    assert posthog.accepted == events(2)


async def test_it_goes_on_when_the_network_is_back(
    post: Any, status_where: Any, posthog: FakePostHog
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        nowhere = f"http://127.0.0.1:{server.getsockname()[1]}"
    assert (await post(batch(2), host=nowhere))[0] == 200
    status = await status_where(lambda status: status["problem"])
    assert "refused" in status["problem"]
    assert status["last_contact"] is None
    down = iter([(503, {}, b"")])
    posthog.answer = lambda body: next(down, ACCEPTED)
    assert (await post(batch(2)))[0] == 200
    await status_where(is_idle)
    assert posthog.accepted == events(2)


async def test_a_second_server_goes_on_where_the_first_stopped(
    post: Any, collector: IpynbTelemetryApp, posthog: FakePostHog, jp_serverapp: Any
) -> None:
    hang = threading.Event()
    posthog.answer = lambda body: hang.wait(60) and (503, {}, b"")
    assert (await post(batch(5)))[0] == 200
    await asyncio.to_thread(posthog.wait_until, lambda: posthog.requests)
    # While PostHog keeps a request waiting.
    await asyncio.wait_for(collector.stop_extension(), 20)
    assert not hang.is_set()
    given_up = collector.outbox.claim(time.time())
    assert isinstance(given_up, Claim)
    collector.outbox.hold(given_up, 0)
    collector.store.close()
    posthog.answer = lambda body: ACCEPTED
    second = IpynbTelemetryApp(database_path=collector.database_path, serverapp=jp_serverapp)
    second.initialize_handlers()
    await asyncio.to_thread(posthog.wait_until, lambda: posthog.accepted)
    await second.stop_extension()
    hang.set()
    assert posthog.accepted == events(5)
    first, repeat = posthog.requests
    assert first.document["batch"] == repeat.document["batch"]


async def test_a_server_that_never_relayed_has_no_thread_and_makes_no_file(
    collector: IpynbTelemetryApp, jp_fetch: Any, post: Any, get: Any
) -> None:
    def ours() -> list[str]:
        return [one.name for one in threading.enumerate() if one.name.startswith("ipynb_tel")]

    assert (await jp_fetch("api", "status")).code == 200
    assert ours() == []
    assert (await get("relay/status"))["waiting"] == 0
    assert (await post({"api_key": KEY, "batch": []}))[0] == 200
    assert not Path(collector.database_path).parent.exists()


async def test_strangers_are_refused_and_nothing_is_stored(
    http_server_client: Any, jp_base_url: str, get: Any, posthog: FakePostHog
) -> None:
    body = json.dumps({"host": posthog.host, **batch()})
    forged = {"Cookie": "_xsrf=abcd", "X-XSRFToken": "abcd"}
    for headers in ({}, {"Authorization": "token wrong"}, forged):
        for route, options in (
            ("relay/batch/", {"method": "POST", "body": body}),
            ("relay/status", {}),
            ("relay/status", {"method": "POST", "body": ""}),
        ):
            refusal = await http_server_client.fetch(
                f"{jp_base_url}ipynb-telemetry/{route}",
                headers=headers,
                raise_error=False,
                **options,
            )
            assert refusal.code == 403
    assert (await get("api/events"))["events"] == []
    assert posthog.requests == []


async def test_the_limits_of_the_plain_route_hold(
    post: Any, get: Any, collector: IpynbTelemetryApp
) -> None:
    collector.max_body_size = 1000
    assert (await post(batch(50)))[0] == 413
    body = {"host": "http://localhost:9", **batch(50)}
    assert (await post(gzip.compress(json.dumps(body).encode())))[0] == 413
    assert (await get("relay/status"))["waiting"] == 0
