import asyncio
import gzip
import json
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.relay.queue import Claim
from ipynb_telemetry.tests.support.fakeposthog import ACCEPTED, FakePostHog
from ipynb_telemetry.tests.support.lab import Lab
from ipynb_telemetry.tests.support.relayed import KEY, answer, batch, events, form, is_idle

pytestmark = pytest.mark.usefixtures("hasty")


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
