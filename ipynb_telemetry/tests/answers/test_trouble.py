"""What goes wrong in a class: wrong clocks, late events, deleted ones, two machines, odd names."""

import json
import logging
import random
from typing import Any

import pytest

from ipynb_telemetry.answers.catalog import CLASS, give, rev_of
from ipynb_telemetry.answers.memory import Memory
from ipynb_telemetry.answers.outlines import Exercise
from ipynb_telemetry.answers.question import Question
from ipynb_telemetry.answers.roster import Member
from ipynb_telemetry.store.event import Event
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.aggregates import BEGIN, build, judged, random_class
from ipynb_telemetry.tests.support.asked import (
    BEGIN_MS,
    MINUTE_MS,
    Story,
    ask,
    expect,
    outline,
    two_exercises,
)
from ipynb_telemetry.tests.support.receipt import receive_at


@pytest.fixture
def late_store(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A store that receives everything ten minutes after the begin."""
    receive_at(monkeypatch, BEGIN + 600)
    store = EventStore(":memory:", logging.getLogger("ipynb_telemetry"))
    yield store
    store.close()


def test_a_pass_by_a_clock_that_is_ahead_is_on_the_way_of_the_class(late_store: EventStore) -> None:
    outline(late_store, two_exercises())
    Story(late_store, "JOHN_DOE").run("a").test("one", passes=True, after_s=100)
    Story(late_store, "ANN_LEE").run("a").test("one", passes=True, after_s=86_400)
    points = ask(late_store, "frontier", at_s=1200)["over_time"]
    assert [points[0]["median"], points[-1]["median"]] == [0, 1]
    assert points[-1]["at_ms"] < BEGIN_MS + 12 * MINUTE_MS


def test_two_tests_of_now_are_not_passed_by_one_of_the_past(store: EventStore) -> None:
    first, second = two_exercises()
    outline(store, [first._replace(tests=("one", "old")), second])
    Story(store, "BEFORE").test("one", passes=True).test("old", passes=True)
    Story(store, "BOTH").test("old", passes=True).test("new", passes=False)
    outline(store, [first._replace(tests=("new", "newer")), second])
    Story(store, "SINCE").test("old", passes=True).test("new", passes=True)
    rows = {row["student"]: row["cells"][0] for row in ask(store, "progress")["students"]}
    states = {student: cell["state"] for student, cell in rows.items()}
    assert states == {"BEFORE": "passed", "BOTH": "failing", "SINCE": "tried"}


def test_who_polls_hears_that_events_were_deleted(store: EventStore) -> None:
    memory = Memory()
    outline(store, two_exercises())
    for student in ("JOHN_DOE", "ANN_LEE"):
        Story(store, student).run("a", "'x'").test("one", passes=True)
    before = {name: ask(store, name, memory=memory) for name in CLASS}
    rev = store.database.use(rev_of)
    store.database.use(
        lambda made: made.execute("DELETE FROM events WHERE distinct_id = 'ANN_LEE'")
    )
    assert store.database.use(rev_of) > rev
    build(store)
    (row,) = ask(store, "students", memory=memory)["rows"]
    assert row == before["students"]["rows"][1]
    store.database.use(lambda made: made.execute("DELETE FROM events"))
    assert ask(store, "students", memory=memory)["rows"] == []


def test_late_repeated_and_shuffled_batches_end_in_the_same_answers(store: EventStore) -> None:
    outline(store, two_exercises())
    events: list[Event] = [judged(1, 0, fails="3 != 4", test="one")]
    for seq in range(2, 60):
        events.append(judged(seq, seq, fails=None if seq % 7 == 0 else "x", test="one"))
    store.append(events[40:])
    asked = Question(now_ms=BEGIN_MS + MINUTE_MS)
    # Known is that numbers are missing; not yet known is only what was not folded yet.
    (row,) = ask(store, "audit")["sessions"]
    assert (row["expected"], row["missing"]) == (59, 40)
    for batch in (events[10:20], events[:10], events[10:20], events[20:40], events):
        store.append(batch)
        given = store.database.use(lambda made: give(made, "audit", asked))
        assert given["result"]["sessions"][0]["expected"] == 59
    build(store)
    (row,) = ask(store, "audit")["sessions"]
    assert (row["got"], row["missing"]) == (59, 0)
    (row,) = ask(store, "progress")["students"]
    assert (row["cells"][0]["tries"], row["cells"][0]["fails"]) == (59, 6)


def test_the_exercises_of_a_real_class_are_not_guessed_from_a_simulated_one(
    store: EventStore,
) -> None:
    Story(store, "A~1", simulated=True).run("a").test("play", passes=True)
    Story(store, "JOHN_DOE").run("a").test("one", passes=True)
    assert [each["exercise"] for each in ask(store, "progress")["exercises"]] == ["one"]
    played = ask(store, "progress", is_simulated=True)
    assert [each["exercise"] for each in played["exercises"]] == ["play"]


def test_the_latest_run_is_the_one_received_last_whatever_the_clocks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = EventStore(":memory:", logging.getLogger("ipynb_telemetry"))
    receive_at(monkeypatch, BEGIN + 100)
    first = "11111111-1111-4111-8111-111111111111"
    Story(store, "JOHN_DOE", session_id=first).run("a", output="first", after_s=86_400)
    receive_at(monkeypatch, BEGIN + 200)
    Story(store, "JOHN_DOE").run("a", output="second")
    details = {"notebook": "D1", "cell": "a", "exercise": None}
    (group,) = ask(store, "cell", details=details)["groups"]
    assert group["text"] == "second"
    store.close()


@pytest.mark.parametrize(("told", "shown"), [(2, 2), (None, 0), ("two", 0), (-1, 0), (True, 0)])
def test_how_many_secrets_were_taken_out_is_told_where_the_work_is_shown(
    store: EventStore, told: Any, shown: int
) -> None:
    Story(store, "JOHN_DOE").run("a", output="x", redacted=told)
    details = {"notebook": "D1", "cell": "a", "exercise": None}
    (group,) = ask(store, "cell", details=details)["groups"]
    assert group["students"][0]["redacted"] == shown


def test_a_window_that_ends_before_it_begins_has_nobody_at_work(store: EventStore) -> None:
    expect(store, Member("JOHN_DOE"))
    Story(store, "JOHN_DOE").run("a", "'x'").peek().test("one", passes=True)
    for name in CLASS:
        ask(store, name, since_ms=BEGIN_MS + 5000, until_ms=BEGIN_MS, at_s=60)
    window = {"since_ms": BEGIN_MS + 5000, "until_ms": BEGIN_MS, "at_s": 60}
    (row,) = ask(store, "students", **window)["rows"]
    assert (row["runs"], row["last_ms"]) == (0, None)


def test_odd_names_and_groups_are_names(store: EventStore) -> None:
    odd = "D'1\" %s 100% 日本 😀; --"
    expect(store, Member("JOHN_DOE", group=odd), Member("ANN_LEE"))
    outline(store, [Exercise(odd, odd, odd, ("a",), (odd,), ("text",))], odd)
    for student in ("JOHN_DOE", "ANN_LEE"):
        Story(store, student, notebook=odd).run("a", odd).peek().test(odd, passes=True)
    for name in CLASS:
        ask(store, name, notebooks=(odd,), group=odd, at_s=60)
    (row,) = ask(store, "progress", notebooks=(odd,), group=odd)["students"]
    assert (row["student"], row["cells"][0]["state"]) == ("JOHN_DOE", "peeked")
    assert ask(store, "progress", notebooks=(odd,), group=odd + " ")["students"] == []


def test_one_student_with_an_error_at_two_cells_is_one_student(store: EventStore) -> None:
    Story(store, "JOHN_DOE").run("a", "'x'").run("b", "'y'").test("t", passes=True)
    (row,) = ask(store, "errors", at_s=60)["rows"]
    assert (row["events"], sum(row["spark"])) == (2, 1)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_events_hold_every_answer_is_given(store: EventStore, seed: int) -> None:
    chance = random.Random(seed)
    events = random_class(chance, sessions=12, length=60)
    chance.shuffle(events)
    store.append(events)
    build(store)
    for is_saved in (False, True):
        if is_saved:
            tests = [Exercise("D1", "x", "X", ("a", "b"), ("test_a", "test_b", "never"))]
            outline(store, tests)
        for window in ({}, {"since_ms": BEGIN_MS + 10 * MINUTE_MS, "until_ms": BEGIN_MS + 10**7}):
            for simulated in (False, True):
                question: dict[str, Any] = {**window, "is_simulated": simulated, "at_s": 9000}
                for name in CLASS:
                    json.dumps(ask(store, name, **question), allow_nan=False)
                for row in ask(store, "students", **question)["rows"]:
                    assert row["active_ms"] >= 0
                    assert 0 <= (row["away_share"] or 0) <= 1
                    assert row["solved"] <= row["of"]
                    page = ask(store, "student", details={"student": row["student"]}, **question)
                    json.dumps(page)
                cell = {"notebook": "D1", "cell": "a", "exercise": None}
                json.dumps(ask(store, "cell", details=cell, **question))
