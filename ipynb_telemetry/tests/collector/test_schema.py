import json
from typing import Any

import pytest

from ipynb_telemetry.collector.schema import MAX_NAME_LENGTH
from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.tests.support.storedevents import raw_event

SESSION = "7e1c2a52-6e1b-4f0e-9b67-0d4b9f6d8f11"
RUN = {
    "cell_id": None,
    "cell_index": -1,
    "status": "ok",
    "success": True,
    "error": {"name": "E", "value": "v", "traceback": "t"},
    "duration_ms": 2**53 - 1,
    "queued_ms": 0.5,
    "session_id": SESSION,
    "seq": 1,
    "notebook": "D1",
}


def stored(event: str, properties: dict[str, Any]) -> tuple[Any, list[str]]:
    warnings: list[str] = []
    before = json.dumps(properties)
    raw = {"event": event, "distinct_id": "A", "properties": properties}
    (checked,) = check_events(raw, warn=warnings.append)
    assert json.dumps(properties) == before
    return json.loads(checked.properties), warnings


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("duration_ms", 2**53 + 1, "must be smaller than or equal to 9007199254740991"),
        ("duration_ms", 10**400, "must be smaller"),
        ("queued_ms", 2**63, "must be smaller"),
        ("duration_ms", -1, "must be bigger than or equal to 0"),
        ("duration_ms", True, "must be number"),
        ("duration_ms", "12", "must be number"),
        ("seq", 0, "must be bigger"),
        ("seq", 1.5, "must be integer"),
        ("active_ms", -1, "must be bigger than or equal to 0"),
        ("success", 1, "must be boolean"),
        ("status", "great", "must be one of"),
        ("cell_id", "x" * 201, "must be shorter than or equal to 200"),
        ("error", {"name": 1}, "error.name must be string"),
        ("session_id", "mine", "must be uuid"),
        ("notebook", ["D1"], "must be string"),
    ],
)
def test_a_known_property_that_does_not_fit_is_kept_apart(name: str, value: Any, why: str) -> None:
    found, warnings = stored("cell_executed", {**RUN, name: value})
    assert found == {**{k: v for k, v in RUN.items() if k != name}, "other": {name: value}}
    assert len(warnings) == 1
    assert warnings[0].startswith("batch[0] is kept, but ")
    assert name in warnings[0]
    assert why in warnings[0]


@pytest.mark.parametrize(
    ("event", "properties"),
    [
        ("cell_executed", RUN),
        ("cell_executed", {"new": {"of": ["a later version"]}, "error": {"notes": "new"}}),
        ("cell_executed", {}),
        ("hint_used", {"duration_ms": "long", "seq": "first", "error": 5, "other": 1}),
        ("$pageview", {"session_id": 7, "notebook": None, "n": 10**400}),
        ("hint_used", {"n" * MAX_NAME_LENGTH: 1}),
    ],
)
def test_what_fits_and_what_nobody_knows_stays_as_it_is(event: str, properties: Any) -> None:
    assert stored(event, properties) == (properties, [])


def test_a_custom_event_of_ours_has_the_envelope_of_ours() -> None:
    found, warnings = stored("hint_used", {"event_type": "hint_used", "seq": 2**70, "mine": 2**70})
    assert found == {"event_type": "hint_used", "mine": 2**70, "other": {"seq": 2**70}}
    assert len(warnings) == 1


def test_a_very_long_name_is_kept_apart_of_any_event() -> None:
    long = "n" * (MAX_NAME_LENGTH + 1)
    found, warnings = stored("hint_used", {long: 1, "short": 2})
    assert found == {"short": 2, "other": {long: 1}}
    assert "more than 200 characters" in warnings[0]


@pytest.mark.parametrize(
    ("there", "kept"),
    [
        ({"a": 1}, {"a": 1, "seq": 0}),
        ("text", {"other": "text", "seq": 0}),
        ({"seq": 5}, {"other": {"seq": 5}, "seq": 0}),
    ],
)
def test_what_stands_in_other_already_is_not_lost(there: Any, kept: Any) -> None:
    assert stored("focus", {"other": there, "seq": 0})[0] == {"other": kept}


@pytest.mark.parametrize("path", ["batch/", "relay/batch/"])
async def test_who_sent_it_is_told_and_nothing_of_the_batch_is_lost(
    path: str, post: Any, get: Any
) -> None:
    forged = [
        raw_event(n, event="paste", properties={"seq": 1, "length": 2**53 + n})
        for n in range(1, 20)
    ]
    status, answer = await post([raw_event(1), *forged], path)
    assert (status, answer["status"], len(answer["warnings"])) == (200, 1, 10)
    assert "batch[1] is kept, but length must be smaller" in answer["warnings"][0]
    events = (await get())[1]["events"]
    assert [event["properties"].get("other") for event in events] == [
        *({"length": 2**53 + n} for n in range(19, 0, -1)),
        None,
    ]
