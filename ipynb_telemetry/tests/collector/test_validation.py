import json
import random
from typing import Any

import pytest

from ipynb_telemetry.collector.body import BodyError, read_body
from ipynb_telemetry.collector.validation import EventError, check_events
from ipynb_telemetry.store.event import to_utc

UUID = "0192F0C4-7A1B-7C3D-8E4F-123456789ABC"


def check(**event: Any) -> Any:
    (checked,) = check_events({"event": "tried", "distinct_id": "JOHN_DOE", **event})
    return checked


@pytest.mark.parametrize("wrap", [lambda e: e, lambda e: [e], lambda e: {"batch": [e]}])
def test_an_event_comes_alone_in_a_list_or_in_a_batch(wrap: Any) -> None:
    (event,) = check_events(
        wrap(
            {
                "uuid": UUID,
                "event": "tried",
                "distinct_id": "JOHN_DOE",
                "timestamp": "2026-03-01T12:00:00.5+02:00",
                "properties": {"notebook": "D1", "length": 3},
                "unknown": {"extension": 1},
            }
        )
    )
    assert event._asdict() == {
        "uuid": UUID.lower(),
        "event": "tried",
        "distinct_id": "JOHN_DOE",
        "notebook": "D1",
        "timestamp": "2026-03-01T10:00:00.500Z",
        "properties": '{"notebook":"D1","length":3}',
    }


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (None, "Expected an event"),
        ("text", "Expected an event"),
        ({}, "Expected an event"),
        ({"api_key": "embedded"}, "Expected an event"),
        ({"batch": {}}, "Expected an event"),
        ([], "The batch is empty."),
        ({"batch": []}, "The batch is empty."),
    ],
)
def test_a_document_without_events_is_refused(document: Any, sentence: str) -> None:
    with pytest.raises(EventError, match=sentence):
        check_events(document)


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        (7, "is not an object"),
        ({"distinct_id": "A"}, "has no event name"),
        ({"event": 1, "distinct_id": "A"}, "has no event name"),
        ({"event": " ", "distinct_id": "A"}, "has no event name"),
        ({"event": "tried"}, "has no distinct_id"),
        ({"event": "tried", "distinct_id": None, "properties": None}, "has no distinct_id"),
        ({"event": "tried", "distinct_id": " \t"}, "has no distinct_id"),
        ({"event": "tried", "distinct_id": " " * 200 + "A"}, "has no distinct_id"),
        ({"event": "tried", "distinct_id": "A", "uuid": ""}, "has an invalid uuid"),
        ({"event": "tried", "distinct_id": "A", "uuid": UUID[:-1] + "_"}, "has an invalid uuid"),
        ({"event": "tried", "distinct_id": "A", "uuid": UUID + "\n"}, "has an invalid uuid"),
        ({"event": "tried", "distinct_id": "A", "uuid": 5}, "has an invalid uuid"),
        ({"event": "tried", "distinct_id": "A", "timestamp": 5}, "has a timestamp"),
        ({"event": "tried", "distinct_id": "A", "timestamp": "now"}, "has a timestamp"),
        ({"event": "tried", "distinct_id": "A", "properties": []}, "has properties that are not"),
        (
            {"event": "tried", "distinct_id": "A", "properties": {"n": float("inf")}},
            "has a number that is out of range",
        ),
        ({"event": "tried", "distinct_id": float("inf")}, "has a number that is out of range"),
    ],
)
def test_a_bad_event_is_named_by_its_index(bad: Any, sentence: str) -> None:
    good = {"event": "tried", "distinct_id": "A"}
    with pytest.raises(EventError, match=rf"batch\[2\] {sentence}"):
        check_events([good, good, bad])


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ({"distinct_id": " A "}, " A "),
        ({"distinct_id": 7}, "7"),
        ({"distinct_id": False}, "false"),
        ({"distinct_id": {"a": 1}}, '{"a":1}'),
        ({"distinct_id": "é" * 201}, "é" * 200),
        ({"distinct_id": "A\x00\ud800"}, "A\ufffd\ufffd"),
        ({"distinct_id": None, "properties": {"distinct_id": "B"}}, "B"),
        ({"distinct_id": None, "properties": {"$distinct_id": "C"}}, "C"),
        ({"distinct_id": "A", "properties": {"distinct_id": "B"}}, "A"),
    ],
)
def test_distinct_id_is_read_as_posthog_reads_it(given: dict[str, Any], stored: str) -> None:
    assert check(**given).distinct_id == stored


def test_an_event_without_uuid_or_timestamp_gets_its_own() -> None:
    first, second = check(), check(timestamp=None, uuid=None)
    assert first.uuid != second.uuid
    assert to_utc(first.timestamp) == first.timestamp <= second.timestamp


def test_hostile_text_in_properties_comes_back_unchanged() -> None:
    properties = {"nul": "a\x00b", "half": "\ud83d", "\udc00": "é😀", "n": 10**30}
    assert json.loads(check(properties=properties).properties) == properties


def test_any_json_is_checked_or_refused_and_nothing_else() -> None:
    chance = random.Random(20260301)
    names = ["batch", "event", "distinct_id", "uuid", "timestamp", "properties", "notebook", "x"]
    leaves = [
        None,
        True,
        0,
        -1.5,
        1e308,
        "",
        " ",
        "A",
        "\x00",
        "\ud800",
        UUID,
        "2026-03-01",
        "data=",
    ]

    def value(depth: int) -> Any:
        kind = chance.random()
        if depth == 0 or kind < 0.3:
            return chance.choice(leaves)
        if kind < 0.5:
            return [value(depth - 1) for _ in range(chance.randrange(4))]
        return {
            name: value(depth - 1) for name in chance.sample(names, chance.randrange(len(names)))
        }

    outcomes = set()
    for _ in range(5000):
        body = json.dumps(value(4)).encode()
        try:
            for event in check_events(read_body(body, 1_000_000)):
                "".join(text for text in event if text).encode()  # SQLite stores UTF-8
            outcomes.add("taken")
        except (BodyError, EventError) as refusal:
            outcomes.add(str(refusal).split("[", 1)[0])
    assert {"taken", "batch", "The batch is empty."} <= outcomes
