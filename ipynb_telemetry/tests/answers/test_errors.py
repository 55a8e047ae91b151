"""Errors folded to causes."""

from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.asked import Story, ask, outline, two_exercises


def test_a_cause_is_a_row_with_those_who_are_still_stuck(store: EventStore) -> None:
    outline(store, two_exercises())
    Story(store, "STUCK").run(error="'total'").run(error="'sum'")
    Story(store, "OUT").run(error="'count'").run()
    Story(store, "PASSED").run(error="'x'").test(passes=True).run(error="'x'")
    Story(store, "OTHER").run("b", error="index 3").run("b", error="index 4")
    rows = ask(store, "errors", at_s=60)["rows"]
    assert [(row["type"], row["message"]) for row in rows] == [
        ("KeyError", "'…'"),
        ("KeyError", "index <n>"),
    ]
    first, second = rows
    assert first["students"] == ["OUT", "PASSED", "STUCK"]
    assert first["stuck"] == ["STUCK"]
    assert (first["events"], second["events"]) == (5, 2)
    assert sum(first["spark"]) == 3
    assert [each["title"] for each in first["exercises"]] == ["Exercise 1"]
    assert {*first["names"]} <= {"total", "sum", "count", "x"}
    assert second["stuck"] == ["OTHER"]


def test_a_sample_is_a_real_event(store: EventStore) -> None:
    Story(store, "STUCK").run(error="'total'", code="x['total']")
    (row,) = ask(store, "errors", at_s=60)["rows"]
    assert row["sample"]["value"] == "'total'"
    assert row["sample"]["code"] == "x['total']"
    assert row["sample"]["student"] == "STUCK"
    stored = store.database.use(
        lambda connection: connection.execute("SELECT uuid FROM events").fetchone()
    )
    assert row["sample"]["uuid"] == stored[0]


def test_the_rows_begin_with_those_at_which_most_are_stuck(store: EventStore) -> None:
    for number in range(3):
        Story(store, f"OUT_{number}").run(error="'common'").run()
    Story(store, "STUCK").run("b", error="index 3")
    rows = ask(store, "errors", at_s=60)["rows"]
    assert [len(row["stuck"]) for row in rows] == [1, 0]
    assert [len(row["students"]) for row in rows] == [1, 3]
