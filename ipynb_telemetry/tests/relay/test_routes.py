import asyncio
import base64
import gzip
import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tornado.httpclient import HTTPClientError

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.relay.queue import Claim
from ipynb_telemetry.tests.support.fakeposthog import ACCEPTED, FakePostHog
from ipynb_telemetry.tests.support.lab import Lab

KEY = "phc_key"


@pytest.fixture
def jp_server_config(jp_server_config: Any, lab: Lab) -> dict[str, Any]:
    """A server with JupyterLab, whose settings lead nowhere yet."""
    jp_server_config["ServerApp"]["jpserver_extensions"]["jupyterlab"] = True
    return {**jp_server_config, "LabApp": lab.config}


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
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


def batch(count: int = 1) -> dict[str, Any]:
    return {
        "api_key": "embedded",
        "sent_at": "2026-03-01T10:00:01.000Z",
        "batch": events(count),
    }


def answer(status: int, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    return status, {}, body


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
    taken = await post(encode(json.dumps(batch(3)).encode()), **params)
    assert taken == (200, {"status": 1})
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


async def test_a_bad_event_is_refused_with_all_others(post: Any, get: Any) -> None:
    assert (await post({"api_key": KEY, "batch": [*events(2), {"event": "x"}]}))[0] == 400
    assert (await get("relay/status"))["waiting"] == 0


async def test_it_tries_now_when_it_is_told_to(
    post: Any, jp_fetch: Any, status_where: Any, posthog: FakePostHog
) -> None:
    answers = iter([(400, {}, b""), (503, {"Retry-After": "3600"}, b"")])
    posthog.answer = lambda body: next(answers, ACCEPTED)
    poisoned, paused = ({"batch": [event]} for event in events(2))
    assert (await post(poisoned))[0] == 200
    await status_where(lambda status: status["set_aside"] == 1)
    assert (await post(paused))[0] == 200
    await status_where(lambda status: status["problem"])
    status = await jp_fetch("ipynb-telemetry", "relay", "status", method="POST", body=b"")
    assert json.loads(status.body)["set_aside"] == 0
    await status_where(is_idle)
    assert posthog.accepted == events(2)


async def test_it_goes_on_when_the_network_is_back(
    post: Any, status_where: Any, posthog: FakePostHog, lab: Lab
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        lab.save(host=f"http://127.0.0.1:{server.getsockname()[1]}", projectKey=KEY)
    assert (await post(batch(2)))[0] == 200
    status = await status_where(lambda status: status["problem"])
    assert "refused" in status["problem"]
    assert status["last_contact"] is None
    down = iter([answer(503)])
    posthog.answer = lambda body: next(down, ACCEPTED)
    lab.save(host=posthog.host, projectKey=KEY)
    await status_where(is_idle)
    assert posthog.accepted == events(2)


async def test_a_second_server_goes_on_where_the_first_stopped(
    post: Any, collector: IpynbTelemetryApp, posthog: FakePostHog, jp_serverapp: Any
) -> None:
    hang = threading.Event()
    posthog.answer = lambda body: answer(503 if hang.wait(60) else 504)
    assert (await post(batch(5)))[0] == 200
    await asyncio.to_thread(posthog.wait_until, lambda: posthog.requests)
    # While PostHog keeps a request waiting.
    await asyncio.wait_for(collector.stop_extension(), 20)
    assert not hang.is_set()
    given_up = collector.queue.claim(time.time())
    assert isinstance(given_up, Claim)
    collector.queue.hold(given_up, 0)
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
    assert await post({"api_key": KEY, "batch": []}) == (200, {"status": 1})
    assert not Path(collector.database_path).parent.exists()


async def test_strangers_are_refused_and_nothing_is_stored(
    http_server_client: Any, jp_base_url: str, get: Any, posthog: FakePostHog
) -> None:
    body = json.dumps(batch())
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
    assert (await post(gzip.compress(json.dumps(batch(50)).encode())))[0] == 413
    assert (await get("relay/status"))["waiting"] == 0


@pytest.fixture
def elsewhere() -> Iterator[socket.socket]:
    """A place that nothing may connect to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener
        assert select.select([listener], [], [], 0)[0] == []


def origin(listener: socket.socket) -> str:
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


async def test_a_page_that_names_another_host_and_key_is_ignored(
    post: Any, status_where: Any, posthog: FakePostHog, elsewhere: socket.socket
) -> None:
    named = {"host": origin(elsewhere), "api_key": "phc_other"}
    assert await post({**batch(2), **named}) == (200, {"status": 1})
    # So a page of version 0.1.0 says that its settings were corrected.
    assert await post({**named, "batch": []}) == (200, {"status": 1})
    assert (await post({**batch(3), "host": "no host", "api_key": "phx_personal"}))[0] == 200
    await status_where(is_idle)
    assert posthog.accepted == events(3)
    assert {request.document["api_key"] for request in posthog.requests} == {KEY}


async def test_a_redirect_is_not_followed(
    post: Any, status_where: Any, posthog: FakePostHog, elsewhere: socket.socket
) -> None:
    answers = iter([(307, {"Location": origin(elsewhere)}, b"")])
    posthog.answer = lambda body: next(answers, ACCEPTED)
    assert (await post(batch()))[0] == 200
    status = await status_where(lambda status: status["problem"])
    assert status["problem"] == "307 Temporary Redirect"
    await status_where(is_idle)
    assert posthog.accepted == events(1)


async def test_the_hosts_words_reach_no_page(
    post: Any, status_where: Any, posthog: FakePostHog
) -> None:
    for status in (400, 401):
        says = answer(status, b'{"detail": "sesame"}')
        posthog.answer = partial(lambda says, body: says, says)
        assert (await post(batch(2)))[0] == 200
        assert (await post({}, "relay/status"))[0] == 200
        told = await status_where(lambda status: status["set_aside"] or status["problem"])
        assert "sesame" not in json.dumps(told)
    assert told["problem"] == "401 Unauthorized"


async def save(jp_fetch: Any, **values: Any) -> None:
    """Save the settings as the Settings Editor does."""
    body = json.dumps({"raw": json.dumps(values)})
    route = ("lab", "api", "settings", "ipynb-telemetry:plugin")
    assert (await jp_fetch(*route, method="PUT", body=body)).code == 204


async def test_a_corrected_key_frees_what_waits_and_what_was_set_aside(
    post: Any, jp_fetch: Any, status_where: Any, posthog: FakePostHog
) -> None:
    def judge(body: Any) -> Any:
        if body["api_key"] == KEY:
            return ACCEPTED
        return (400 if body["batch"][0]["properties"]["seq"] == 0 else 401), {}, b""

    posthog.answer = judge
    await save(jp_fetch, host=posthog.host, projectKey="phc_wrong", relay=True)
    assert (await post({"batch": events(1)}))[0] == 200
    await status_where(lambda status: status["set_aside"] == 1)
    assert (await post({"batch": events(3)}))[0] == 200
    status = await status_where(lambda status: status["problem"])
    assert status["problem"] == "401 Unauthorized"
    assert (status["waiting"], status["set_aside"]) == (2, 1)
    assert status["next_attempt"] > status["last_contact"]
    # No page says anything after that.
    await save(jp_fetch, host=posthog.host, projectKey=KEY, relay=True)
    await status_where(is_idle)
    assert posthog.accepted == events(3)


async def test_half_a_key_receives_nothing(
    post: Any,
    jp_fetch: Any,
    status_where: Any,
    posthog: FakePostHog,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    posthog.answer = lambda body: answer(401) if body["api_key"] == "phc_wrong" else ACCEPTED
    await save(jp_fetch, host=posthog.host, projectKey="phc_wrong", relay=True)
    assert (await post(batch(2)))[0] == 200
    await status_where(lambda status: status["problem"])
    monkeypatch.setattr("ipynb_telemetry.relay.switchover.SETTLE_S", 60)
    right = "phc_theRightOneLetterByLetter"
    for length in range(len(right) + 1):
        await save(jp_fetch, host=posthog.host, projectKey=right[:length], relay=True)
        assert (await post({}, "relay/status"))[0] == 200
        await asyncio.sleep(0.05)
    monkeypatch.setattr("ipynb_telemetry.relay.switchover.SETTLE_S", 0.2)
    await status_where(is_idle)
    assert posthog.accepted == events(2)
    assert {request.document["api_key"] for request in posthog.requests} == {"phc_wrong", right}


async def test_without_a_key_events_wait_and_the_status_says_so(
    post: Any, jp_fetch: Any, status_where: Any, posthog: FakePostHog, lab: Lab
) -> None:
    lab.user_file.unlink()
    assert (await post(batch(2)))[0] == 200
    status = await status_where(lambda status: status["problem"])
    assert status["problem"] == "the settings name no project key"
    assert (status["waiting"], status["next_attempt"]) == (2, None)
    await save(jp_fetch, host="https://u:p@eu.i.posthog.com", projectKey=KEY)
    status = await status_where(lambda status: "refused" in (status["problem"] or ""))
    assert status["problem"].startswith("the settings name no place that can be used. The host is")
    # Whoever switches the relay off does not take back what pages handed over to be forwarded.
    await save(jp_fetch, host=posthog.host, projectKey=KEY, relay=False)
    await status_where(is_idle)
    assert posthog.accepted == events(2)


async def test_another_setting_interrupts_nothing(
    post: Any, jp_fetch: Any, status_where: Any, posthog: FakePostHog, monkeypatch: Any
) -> None:
    assert (await post(batch(1)))[0] == 200
    await status_where(is_idle)
    monkeypatch.setattr("ipynb_telemetry.relay.switchover.SETTLE_S", 3600)
    await save(jp_fetch, host=posthog.host, projectKey=KEY, relay=True, captureCode=False)
    assert (await post(batch(2)))[0] == 200
    await status_where(is_idle)
    assert posthog.accepted == events(2)
