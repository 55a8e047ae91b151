"""A real server, whose settings files change while it runs."""

import select
import socket
import time
from collections.abc import Callable
from typing import Any

from ipynb_telemetry.relay.switchover import SETTLE_S
from ipynb_telemetry.tests.support.fakeposthog import ACCEPTED, FakePostHog
from ipynb_telemetry.tests.support.lab import Lab
from ipynb_telemetry.tests.support.relayed import KEY, events
from ipynb_telemetry.tests.support.serverprocess import Server

REFUSED: tuple[int, dict[str, str], bytes] = (401, {}, b"")
REJECTED: tuple[int, dict[str, str], bytes] = (400, {}, b"")


def test_a_saved_file_counts_without_a_restart_when_it_was_left_alone(
    start: Callable[..., Server], lab: Lab, posthog: FakePostHog
) -> None:
    times: list[float] = []

    def judge(body: Any) -> Any:
        times.append(time.monotonic())
        return REFUSED if body["api_key"] == "phc_wrong" else ACCEPTED

    posthog.answer = judge
    lab.save(host=posthog.host, projectKey="phc_wrong", relay=True)
    server = start(lab)
    server.relay(events(2))
    status = server.relay_status_where(lambda status: status["problem"])
    assert status["problem"] == "401 Unauthorized"
    lab.save(host=posthog.host, projectKey="phc_k", relay=True)
    time.sleep(1.5)  # somebody types
    lab.save(host=posthog.host, projectKey=KEY, relay=True)
    saved = time.monotonic()
    server.relay_status_where(lambda status: status["waiting"] == 0)
    assert times[-1] - saved >= SETTLE_S - 0.1
    assert posthog.accepted == events(2)
    assert {request.document["api_key"] for request in posthog.requests} == {"phc_wrong", KEY}


def test_what_an_administrator_locked_nobody_moves(
    start: Callable[..., Server], lab: Lab, posthog: FakePostHog
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as elsewhere:
        other = f"http://127.0.0.1:{elsewhere.getsockname()[1]}"
        lab.override(host=posthog.host, projectKey=KEY, relay=True, locked=True)
        lab.save(host=other, projectKey="phc_user", locked=False)
        server = start(lab)
        server.relay(events(1), host=other, api_key="phc_page")
        posthog.wait_until(lambda: len(posthog.accepted) == 1)
        lab.save(host=other, projectKey="phc_another")
        server.relay(events(2), host=other, api_key="phc_page")
        # There is no time to settle, either.
        posthog.wait_until(lambda: len(posthog.accepted) == 2)
        assert select.select([elsewhere], [], [], 0)[0] == []
    assert posthog.accepted == events(2)
    assert {request.document["api_key"] for request in posthog.requests} == {KEY}


def test_a_correction_made_while_the_server_was_down_frees_what_was_set_aside(
    start: Callable[..., Server], lab: Lab, posthog: FakePostHog
) -> None:
    posthog.answer = lambda body: REJECTED if body["api_key"] == "phc_wrong" else ACCEPTED
    lab.save(host=posthog.host, projectKey="phc_wrong")
    server = start(lab)
    server.relay(events(1))
    server.relay_status_where(lambda status: status["set_aside"] == 1)
    server.process.kill()
    server.process.wait()
    lab.save(host=posthog.host, projectKey=KEY)
    start(lab)
    posthog.wait_until(lambda: posthog.accepted)
    assert posthog.accepted == events(1)


def test_a_server_without_jupyterlab_keeps_events_until_one_has_it(
    start: Callable[..., Server], lab: Lab, posthog: FakePostHog
) -> None:
    lab.save(host=posthog.host, projectKey=KEY)
    bare = start()
    bare.relay(events(2), host=posthog.host, api_key=KEY)
    status = bare.relay_status_where(lambda status: status["problem"])
    assert status["problem"] == ("the settings are unknown: this Jupyter server runs no JupyterLab")
    assert status["waiting"] == 2
    assert posthog.requests == []
    bare.process.terminate()
    bare.process.wait()
    start(lab)
    posthog.wait_until(lambda: posthog.accepted)
    assert posthog.accepted == events(2)


def test_of_two_servers_that_share_a_file_both_follow_a_correction(
    start: Callable[..., Server], lab: Lab, posthog: FakePostHog
) -> None:
    posthog.answer = lambda body: REFUSED if body["api_key"] == "phc_wrong" else ACCEPTED
    lab.save(host=posthog.host, projectKey="phc_wrong")
    one, other = start(lab), start(lab)
    one.relay(events(1))
    one.relay_status_where(lambda status: status["problem"])
    other.relay(events(2))
    lab.save(host=posthog.host, projectKey=KEY)
    one.relay_status_where(lambda status: status["waiting"] == 0)
    other.relay(events(3))
    one.relay_status_where(lambda status: status["waiting"] == 0)
    assert posthog.accepted == events(3)
