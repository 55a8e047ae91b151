"""A fact holds what its event says, and NULL for what is not as it should be."""

import json
import sqlite3
from typing import Any

import pytest

from ipynb_telemetry.catalog import PROPERTIES
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.facts import KINDS
from ipynb_telemetry.tests.support.aggregates import ODD, SESSION, begin_again, rows_of, told
from ipynb_telemetry.tests.support.storedevents import page

NAMES = sorted({name for names in KINDS.values() for name in names} | {"active_ms", "seq"})


def unchecked(text: str, name: str = "cell_executed", uuid: str = "0" * 12) -> Event:
    """Give an event whose properties are this text."""
    return Event(
        f"00000000-0000-4000-8000-{uuid}", name, "A", "D1", "2026-01-05T08:00:00.000Z", text
    )


def facts(store: EventStore) -> list[dict[str, Any]]:
    return rows_of(store)["facts"]


def test_a_fact_has_the_columns_of_its_event(store: EventStore) -> None:
    traceback = "Cell In[3], line 2, in solve(x)"
    error = {"name": "KeyError", "value": "'total'", "traceback": traceback}
    store.append(
        [
            told(
                "cell_executed",
                4,
                1.5,
                cell_id="a",
                cell_index=2,
                status="error",
                error=error,
                error_of="test",
                duration_ms=12.6,
                active_ms=1234.4,
            )
        ]
    )
    (fact,) = facts(store)
    assert fact["session"] == ("JOHN_DOE", "D1", SESSION, 0)
    assert fact["ts"] == 1_767_600_001_500
    found = {name: value for name, value in fact.items() if value is not None}
    del found["id"], found["session"], found["tie"], found["ts"], found["received"]
    assert found == {
        "seq": 4,
        "kind": "cell_executed",
        "cell_id": "a",
        "cell_index": 2,
        "status": "error",
        "error_of": "test",
        "error_type": "KeyError",
        "fold": "KeyError\n'…'\nsolve",
        "duration_ms": 13,
        "active_ms": 1234,
    }


def test_every_event_of_the_catalogue_is_known() -> None:
    assert {*KINDS} == {*PROPERTIES}
    for kind, names in KINDS.items():
        assert {*names} <= {*PROPERTIES[kind]}, kind


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("name", NAMES)
def test_an_odd_property_is_stored_and_no_error(store: EventStore, name: str, odd: Any) -> None:
    good = {"session_id": SESSION, "seq": 1}
    events = [
        unchecked(json.dumps({**good, name: odd}), kind, f"{number:012}")
        for number, kind in enumerate(KINDS)
    ]
    assert store.append(events) == len(events)
    for fact in facts(store):
        for column, value in fact.items():
            assert type(value) in (int, str, type(None), tuple), column
            assert not isinstance(value, int) or -(2**53) < value < 2**53
    begin_again(store)


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"session_id": "s"}',
        '{"seq": 1}',
        '{"session_id": "s", "seq": "1"}',
        '{"session_id": "s", "seq": true}',
        '{"session_id": "s", "seq": 1.0}',
        '{"session_id": "s", "seq": 0}',
        '{"session_id": "s", "seq": 9007199254740993}',
        '{"session_id": 7, "seq": 1}',
        '{"session_id": "", "seq": 1}',
        '{"session_id": {"a": 1}, "seq": 1}',
        "[]",
        "7",
        '{"session_id": ',
    ],
)
def test_an_event_without_our_properties_has_no_fact(store: EventStore, text: str) -> None:
    good = unchecked(json.dumps({"session_id": "s", "seq": 1}), uuid="1" * 12)
    assert store.append([unchecked(text), good]) == 2
    assert [fact["id"] for fact in facts(store)] == [good.uuid]
    begin_again(store)
    assert [fact["id"] for fact in facts(store)] == [good.uuid]


def test_an_event_without_a_notebook_has_no_fact(store: EventStore) -> None:
    event = unchecked(json.dumps({"session_id": "s", "seq": 1}))
    store.append([event._replace(notebook=None)])
    assert facts(store) == []


@pytest.mark.parametrize("name", ["custom", "thought_of_in_2030"])
def test_of_an_unknown_event_only_its_number_counts(store: EventStore, name: str) -> None:
    store.append([told(name, 1, test="t", cell_id="a", status="error", reason="window")])
    rows = rows_of(store)
    (fact,) = rows["facts"]
    assert (fact["kind"], fact["cell_id"], fact["test"]) == (None, None, None)
    (audit,) = rows["session_audit"]
    assert (audit["got"], audit["at_seq"], audit["runs"]) == (1, 1, 0)
    assert rows["cell_state"] == rows["item_state"] == rows["error_group"] == []


def test_half_a_character_is_replaced_and_the_event_is_as_it_came(store: EventStore) -> None:
    properties = {"session_id": "s\ud800", "seq": 1, "cell_id": "\ud83d", "status": "ok"}
    store.append([unchecked(json.dumps(properties))])
    (fact,) = facts(store)
    assert (fact["cell_id"], fact["session"][2]) == ("?", "s?")
    assert page(store).events[0]["properties"] == properties


def test_simulated_events_have_sessions_of_their_own(store: EventStore) -> None:
    store.append([told("cell_executed", 1, cell_id="a", status="ok", simulated=True)])
    store.append([told("cell_executed", 1, 1, cell_id="a", status="ok")])
    store.append([told("cell_executed", 2, 2, cell_id="a", status="ok", simulated="yes")])
    runs = {row["simulated"]: row["runs"] for row in rows_of(store)["item_state"]}
    assert runs == {0: 2, 1: 1}


def test_facts_need_no_json_functions_of_sqlite(store: EventStore) -> None:
    def forbid(made: sqlite3.Connection) -> None:
        made.set_authorizer(
            lambda action, _, name, *__: (
                sqlite3.SQLITE_DENY
                if action == sqlite3.SQLITE_FUNCTION and (name or "").startswith("json")
                else sqlite3.SQLITE_OK
            )
        )

    store.append([told("cell_executed", 1, cell_id="a", status="ok")])
    store.database.use(forbid)
    assert store.append([told("cell_executed", 2, cell_id="a", status="ok")]) == 1
    assert [fact["seq"] for fact in facts(store)] == [1, 2]
