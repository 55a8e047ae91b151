import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest

from ipynb_telemetry.tests.support.fakeposthog import ACCEPTED, FakePostHog
from ipynb_telemetry.tests.support.lab import Lab
from ipynb_telemetry.tests.support.relayed import events
from ipynb_telemetry.tests.support.serverprocess import PATIENCE_S, Server


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_that_ends_in_the_middle_of_a_batch_loses_nothing(
    start: Callable[..., Server], lab: Lab, posthog: FakePostHog, end: signal.Signals
) -> None:
    hang = threading.Event()

    def hang_on_the_second(document: Any) -> Any:
        if posthog.accepted:
            hang.wait()
            return 503, {}, b""
        return ACCEPTED

    posthog.answer = hang_on_the_second
    lab.save(host=posthog.host, projectKey="phc_key")
    server = start(lab)
    server.relay(events(500))
    posthog.wait_until(lambda: len(posthog.requests) == 2)
    server.process.send_signal(end)
    server.process.wait(PATIENCE_S)  # it does not wait for PostHog

    posthog.answer = lambda document: ACCEPTED
    server = start(lab)
    posthog.wait_until(lambda: len(posthog.accepted) >= 500)
    hang.set()
    assert posthog.accepted == events(500)
    interrupted, repeat = posthog.requests[1:3]
    assert interrupted.document["batch"] == repeat.document["batch"]
    assert interrupted.document["sent_at"] < repeat.document["sent_at"]
