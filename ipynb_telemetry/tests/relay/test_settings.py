"""Where the relay of a server with JupyterLab sends, and what its status tells."""

import asyncio
import json
import select
import socket
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from ipynb_telemetry.tests.support.fakeposthog import ACCEPTED, FakePostHog
from ipynb_telemetry.tests.support.lab import Lab
from ipynb_telemetry.tests.support.relayed import KEY, answer, batch, events, is_idle

pytestmark = pytest.mark.usefixtures("hasty")


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
