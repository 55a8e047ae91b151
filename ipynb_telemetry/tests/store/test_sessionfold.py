"""The fold of a session's facts: each number by a story that a reader can count."""

from collections.abc import Sequence
from typing import Any

import pytest

from ipynb_telemetry.store import events as events_module
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.ranges import apart
from ipynb_telemetry.tests.support.aggregates import BEGIN, judged, one, ran, rows_of, told

MS = int(BEGIN * 1000)


@pytest.fixture(autouse=True)
def _received_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    # After all that happens in these stories but for the last events of some.
    monkeypatch.setattr(events_module, "now_utc", lambda: "2026-01-05T09:00:00.000Z")


def audit(store: EventStore, events: Sequence[Event]) -> dict[str, Any]:
    store.append(events)
    return one(store, "session_audit")


def test_the_streak_is_of_the_same_error_in_the_same_cell(store: EventStore) -> None:
    store.append(
        [
            ran(1, 1, fails="'other'", cell_id="b"),
            ran(2, 2, fails="'x'"),
            ran(3, 3, fails="index 3"),
            ran(4, 4, fails="index 4", cell_id="b"),
            ran(5, 5, fails="index 5"),
            ran(6, 6, fails="index 6"),
            ran(7, 7, fails="nobody", status="aborted"),
        ]
    )
    state = one(store, "item_state", item="a")
    assert (state["streak"], state["streak_ms"]) == (3, MS + 3000)
    assert state["fold"] == "KeyError\nindex <n>\n"
    assert (state["runs"], state["errors"], state["last_status"]) == (4, 4, "error")
    store.append([ran(8, 8)])
    state = one(store, "item_state", item="a")
    assert (state["streak"], state["streak_ms"], state["fold"]) == (0, None, None)
    assert (state["runs"], state["errors"], state["last_status"]) == (5, 4, "ok")


def test_a_test_is_failed_until_it_passes(store: EventStore) -> None:
    store.append([judged(1, 1, fails="3 != 4"), judged(2, 2, fails="5 != 4"), judged(3, 3)])
    store.append([judged(4, 4, fails="5 != 4"), judged(5, 5)])
    state = one(store, "item_state")
    assert (state["kind"], state["item"]) == ("test", "test_sum")
    assert (state["passes"], state["fails"], state["fails_before_pass"]) == (2, 3, 2)
    assert (state["first_pass_ms"], state["last_status"]) == (MS + 3000, "passed")


def test_a_test_stands_where_the_run_before_it_was(store: EventStore) -> None:
    store.append([ran(1, cell_index=7), judged(2), ran(3, cell_index=9)])
    assert one(store, "item_state", kind="test")["cell_index"] == 7


def test_an_error_of_a_failed_test_counts_once(store: EventStore) -> None:
    store.append([judged(1, 1, fails="3 != 4"), ran(2, 2, fails="3 != 4", error_of="test")])
    (group,) = rows_of(store)["error_group"]
    assert (group["kind"], group["item"], group["events"]) == ("test", "test_sum", 1)
    assert one(store, "session_audit")["errors"] == 1


def test_an_error_group_has_its_first_event_as_a_sample(store: EventStore) -> None:
    later, first = ran(2, 2, fails="'b'"), ran(1, 1, fails="'a'")
    store.append([later])
    store.append([first])
    group = one(store, "error_group")
    assert (group["events"], group["sample"], group["last_seq"]) == (2, first.uuid, 2)


def test_a_peek_is_before_or_after_the_first_run_by_its_number(store: EventStore) -> None:
    # The clock was set back between the two.
    store.append([told("solution_peek", 1, 100, cell_id="a", peek=1), ran(2, 50)])
    state = one(store, "cell_state")
    assert (state["first_peek_seq"], state["first_run_seq"]) == (1, 2)
    assert one(store, "item_state")["peeks"] == 1


def test_active_time_goes_to_what_is_run_next(store: EventStore) -> None:
    store.append(
        [
            told("session_started", 1, 0, active_ms=0),
            ran(2, 10, active_ms=4000),
            told("paste", 3, 20, active_ms=6000),
            judged(4, 30, active_ms=9000, fails="3 != 4"),
            judged(5, 900, active_ms=10_000),
            judged(6, 901, active_ms=11_000),
            told("session_ended", 7, 999, active_ms=12_500),
        ]
    )
    assert one(store, "item_state", kind="cell")["active_ms"] == 4000
    test = one(store, "item_state", kind="test")
    assert (test["active_ms"], test["active_to_pass_ms"]) == (7000, 10_000)
    assert one(store, "session_audit")["active_ms"] == 12_500


def test_the_time_to_a_pass_begins_with_the_pass_before(store: EventStore) -> None:
    store.append(
        [
            told("session_started", 1, 0, active_ms=0),
            judged(2, 10, active_ms=4000),
            judged(3, 20, active_ms=5000),
            judged(4, 30, active_ms=9000, test="test_mean", fails="no"),
            judged(5, 40, active_ms=11_000, test="test_mean"),
        ]
    )
    to_pass = {row["item"]: row["active_to_pass_ms"] for row in rows_of(store)["item_state"]}
    assert to_pass == {"test_sum": 4000, "test_mean": 7000}


def test_a_solution_is_open_until_it_is_closed(store: EventStore) -> None:
    peek = {"cell_id": "text", "cell_index": 4, "summary": "Solution", "peek": 1}
    store.append([told("solution_peek", 1, 1, **peek), told("solution_peek", 3, 9, **peek)])
    store.append([told("solution_closed", 2, 8, **peek, open_ms=7000)])  # late
    state = one(store, "item_state", item="text")
    assert (state["peeks"], state["closes"], state["open_ms"]) == (2, 1, 7000)
    assert (state["cell_index"], state["runs"]) == (4, 0)


def test_active_time_survives_lost_events(store: EventStore) -> None:
    store.append([ran(1, 1, active_ms=1000), ran(9, 90, active_ms=50_000, cell_id="b")])
    assert one(store, "item_state", item="b")["active_ms"] == 49_000


def test_without_a_total_pauses_up_to_three_minutes_are_active(store: EventStore) -> None:
    store.append(
        [
            told("session_started", 1, 0),
            ran(2, 60),
            ran(3, 660, cell_id="b"),  # ten minutes later
            told("blur", 4, 670, reason="window"),
            told("focus", 5, 700, reason="window", away_ms=30_000),
            judged(6, 720),
            told("session_ended", 7, 730, active_ms=200_000),
        ]
    )
    active = {row["item"]: row["active_ms"] for row in rows_of(store)["item_state"]}
    assert active == {"a": 60_000, "b": 180_000, "test_sum": 30_000}
    session = one(store, "session_audit")
    assert (session["gap_ms"], session["active_ms"]) == (280_000, 200_000)
    assert (session["away_ms"], session["window"], session["tab"]) == (30_000, 1, 0)


def test_the_total_of_an_old_session_is_no_time_of_the_next_run(store: EventStore) -> None:
    # The student came back to a page whose session had ended.
    store.append([ran(1), told("session_ended", 2, 10, active_ms=500_000), ran(3, 30)])
    assert one(store, "item_state")["active_ms"] == 30_000
    assert one(store, "session_audit")["active_ms"] == 500_000


def test_a_later_session_goes_on_where_an_earlier_one_was(store: EventStore) -> None:
    day = 86_400
    later = {"session_id": "b" * 8 + SESSION_TAIL}
    store.append([judged(1, day, **later, active_ms=500, fails="no"), judged(2, day + 1, **later)])
    store.append(
        [judged(1, 0, active_ms=2000, fails="no"), judged(2, 1, active_ms=2500, fails="no")]
    )
    state = one(store, "item_state")
    assert (state["sessions"], state["fails"], state["fails_before_pass"]) == (2, 3, 3)
    assert (state["active_ms"], state["active_to_pass_ms"]) == (3000, 3000)
    assert (state["last_status"], state["first_ms"]) == ("passed", MS)


SESSION_TAIL = "-6e1b-4f0e-9b67-0d4b9f6d8f11"


def test_another_student_is_another_row(store: EventStore) -> None:
    store.append([ran(1), ran(1, student="JANE_ROE"), ran(1, notebook="D2")])
    assert {(row["student"], row["notebook"]) for row in rows_of(store)["item_state"]} == {
        ("JOHN_DOE", "D1"),
        ("JANE_ROE", "D1"),
        ("JOHN_DOE", "D2"),
    }


def test_the_audit_counts_what_came_and_what_was_given_up(store: EventStore) -> None:
    def dropped(seq: int, first: int, last: int) -> Event:
        return told(
            "events_dropped", seq, reason="storage", count=1, first_seq=first, last_seq=last
        )

    # 3 to 8 were given up, but 5 came all the same; 10 is missing.
    session = audit(store, [ran(1), ran(2), ran(5), dropped(8, 3, 8), ran(9), ran(11)])
    assert (session["at_seq"], session["got"], session["explained"]) == (11, 6, 4)
    # Another report of the same ones, and a late one of them.
    session = audit(store, [dropped(12, 4, 12), ran(6)])
    assert (session["at_seq"], session["got"], session["explained"]) == (12, 8, 4)


def test_events_that_never_had_a_number_are_shown_apart(store: EventStore) -> None:
    rate = told("events_dropped", 1, reason="rate", count=7)
    invalid = told("events_dropped", 2, reason="invalid", count=2)
    session = audit(store, [rate, invalid, told("session_ended", 3)])
    assert (session["suppressed"], session["invalid"], session["explained"]) == (7, 2, 0)
    assert session["is_ended"] == 1


def test_a_number_that_comes_twice_counts_once(store: EventStore) -> None:
    session = audit(store, [ran(1), ran(1), ran(2)])
    assert (session["events"], session["got"], session["runs"]) == (3, 2, 3)


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([], []),
        ([(5, 9), (1, 3)], [(1, 3), (5, 9)]),
        ([(1, 3), (4, 5)], [(1, 5)]),
        ([(1, 9), (2, 3), (8, 12)], [(1, 12)]),
        ([(7, 3)], []),
    ],
)
def test_ranges_are_put_together(
    ranges: list[tuple[int, int]], expected: list[tuple[int, int]]
) -> None:
    assert apart(ranges) == expected


def test_who_is_away_throughout_is_not_present(store: EventStore) -> None:
    store.append(
        [
            ran(1, 10),
            told("blur", 2, 20, reason="tab"),
            ran(3, 400),  # it ends while the student is elsewhere
            told("focus", 4, 700, reason="tab"),
        ]
    )
    slots = sorted(rows_of(store)["time_slot"], key=lambda row: row["slot"])
    assert [(row["events"], row["present"], row["runs"]) for row in slots] == [
        (2, 2, 1),
        (1, 0, 1),
        (1, 1, 0),
    ]


def test_no_event_happened_after_it_was_received(store: EventStore) -> None:
    session = audit(store, [ran(1, 400 * 86_400)])  # a clock that is a year ahead
    (slot,) = rows_of(store)["time_slot"]
    received_ms = session["last_received_ms"]
    assert slot["slot"] == received_ms // 300_000
    assert session["clock_ms"] == received_ms - session["last_ms"] < 0
