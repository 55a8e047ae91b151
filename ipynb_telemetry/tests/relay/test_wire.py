import json
from typing import Any

from ipynb_telemetry.relay.wire import (
    MAX_BATCH_BYTES,
    MAX_EVENT_BYTES,
    WaitingEvent,
    fitting,
    halve,
    write_batch,
    write_event,
)
from ipynb_telemetry.settings.destination import Destination

POSTHOG = Destination("https://eu.i.posthog.com", "phc_key")
UUID = "018f0000-0000-7000-8000-000000000000"


def waiting(properties: dict[str, Any], max_bytes: int = MAX_EVENT_BYTES) -> WaitingEvent:
    text = json.dumps(properties, separators=(",", ":"))
    return WaitingEvent(1, UUID, "tried", "JOHN_DOE", "2026-03-01T10:00:00.000Z", text, max_bytes)


def test_a_batch_is_what_posthog_takes() -> None:
    event = waiting({"seq": 1, "code": "é\ud800\x00"})
    assert json.loads(write_batch(POSTHOG, [event, event], "2026-03-01T11:00:00.000Z")) == {
        "api_key": "phc_key",
        "sent_at": "2026-03-01T11:00:00.000Z",
        "batch": [
            {
                "uuid": UUID,
                "event": "tried",
                "distinct_id": "JOHN_DOE",
                "timestamp": "2026-03-01T10:00:00.000Z",
                "properties": {"seq": 1, "code": "é\ud800\x00"},
            }
        ]
        * 2,
    }


def test_a_batch_ends_before_it_is_too_large_and_has_one_event_at_least() -> None:
    large = waiting({"code": "x" * 700_000})
    batch = fitting([large] * 20)
    size = len(write_batch(POSTHOG._replace(api_key="k" * 64), batch, "2026-03-01T11:00:00.000Z"))
    assert size <= MAX_BATCH_BYTES < size + 700_000
    # Not to be cut: no text in it is long.
    huge = waiting({"list": [1] * 4_000_000}, max_bytes=8_000_000)
    assert fitting([huge, huge]) == [huge]
    assert fitting([]) == []


def test_events_that_will_be_cut_count_as_what_they_will_be() -> None:
    assert (
        len(fitting([waiting({"code": "x" * 5_000_000})] * 20))
        == MAX_BATCH_BYTES // MAX_EVENT_BYTES
    )


def test_of_an_event_that_is_too_large_the_longest_texts_are_cut() -> None:
    properties = {
        "code": "é" * 300_000,
        "error": {"traceback": ["y" * 2_000_000, "short"]},
        "notebook": "D1",
        "truncated": False,
    }
    text = write_event(waiting(properties))
    assert MAX_EVENT_BYTES - 20 < len(text) <= MAX_EVENT_BYTES
    cut = json.loads(text)
    assert cut["uuid"] == UUID
    assert cut["timestamp"] == "2026-03-01T10:00:00.000Z"
    length = len(cut["properties"]["code"])
    assert 100_000 < length < 300_000
    assert cut["properties"] == {
        "code": "é" * length,
        "error": {"traceback": ["y" * length, "short"]},
        "notebook": "D1",
        "truncated": True,
    }


def test_an_event_that_fits_is_not_touched() -> None:
    assert json.loads(write_event(waiting({"code": "x" * 900_000})))["properties"] == {
        "code": "x" * 900_000
    }


def test_halving_ends_when_only_short_texts_are_left() -> None:
    event = waiting({"code": "x" * 1_000_000, "cell_id": "c" * 200})
    sizes = []
    while (max_bytes := halve(event)) is not None:
        event = event._replace(max_bytes=max_bytes)
        sizes.append(len(write_event(event)))
    assert sizes == sorted(sizes, reverse=True)
    assert 8 <= len(sizes) <= 14
    least = json.loads(write_event(event))
    assert least["properties"] == {"code": "x" * 200, "cell_id": "c" * 200, "truncated": True}
