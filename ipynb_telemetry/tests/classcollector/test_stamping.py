"""Whatever a body says of who did it, the account of its sender is what is stored."""

from typing import Any

import pytest

from ipynb_telemetry.classcollector.stamping import stamp
from ipynb_telemetry.collector.validation import EventError, check_events

CLAIM = "BOB_RAY"


def event(**more: Any) -> dict[str, Any]:
    return {"event": "tried", "distinct_id": CLAIM, "properties": {"student_id": CLAIM}, **more}


@pytest.mark.parametrize(
    "document",
    [
        {"batch": [event(), event()]},
        [event()],
        event(),
        {"event": "tried", "properties": {"distinct_id": CLAIM, "$user_id": CLAIM}},
        {"event": "tried", "properties": {"$distinct_id": CLAIM, "$anon_distinct_id": CLAIM}},
        {"event": "tried", "distinct_id": {"who": CLAIM}},
        {"event": "tried", "properties": None},
        {"event": "$create_alias", "properties": {"alias": CLAIM}},
        {"event": "$merge_dangerously", "properties": {"alias": CLAIM}},
        {"batch": [event(distinct_id=None), {"event": "tried"}], "distinct_id": CLAIM},
    ],
)
def test_no_claim_is_left(document: Any) -> None:
    stamp(document, "ann.lee")
    events = check_events(document)
    assert {each.distinct_id for each in events} == {"ann.lee"}
    assert CLAIM not in "".join(each.properties for each in events)


@pytest.mark.parametrize("document", [None, 7, "x", {}, [7], {"batch": 7}, {"batch": [None]}])
def test_what_is_no_event_is_refused_as_ever(document: Any) -> None:
    stamp(document, "ann.lee")
    with pytest.raises(EventError):
        check_events(document)
