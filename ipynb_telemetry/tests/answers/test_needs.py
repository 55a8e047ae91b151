"""Who needs an instructor now: each signal by a story, and what clears it."""

from typing import Any

import pytest

from ipynb_telemetry.answers.outlines import Exercise
from ipynb_telemetry.answers.roster import Member
from ipynb_telemetry.answers.seen import SeenError, check_seen, save_seen
from ipynb_telemetry.answers.thresholds import ThresholdError, Thresholds, read_thresholds
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.aggregates import SESSION, ran, told
from ipynb_telemetry.tests.support.asked import (
    BEGIN_MS,
    Story,
    ask,
    expect,
    outline,
    two_exercises,
)


@pytest.fixture(autouse=True)
def _outline(store: EventStore) -> None:
    outline(store, two_exercises())


def rows(store: EventStore, at_s: float, **question: Any) -> dict[str, Any]:
    return {row["student"]: row for row in ask(store, "needs", at_s=at_s, **question)["rows"]}


def signals(store: EventStore, at_s: float, **question: Any) -> dict[str, list[str]]:
    return {
        student: [row["signal"], *row["also"]]
        for student, row in rows(store, at_s, **question).items()
    }


def test_the_same_error_three_times_in_a_row(store: EventStore) -> None:
    story = Story(store, "STUCK").run(error="'a'").run(error="'b'")
    assert signals(store, 5) == {}
    story.run(error="'c'").run("b")
    row = rows(store, 60)["STUCK"]
    assert row["signal"] == "S1"
    assert row["reason"] == "same KeyError 3 times in Exercise 1"
    assert (row["exercise"], row["title"]) == ("one", "Exercise 1")
    assert row["since_ms"] == BEGIN_MS + 1000
    story.run(error="'d'").run(error="index 5")
    assert signals(store, 60) == {}, "another error"
    story.run(error="index 6").run(error="index 7").test(passes=True)
    assert signals(store, 60) == {}, "passed"


def test_signals_end_ten_minutes_after_the_latest_event(store: EventStore) -> None:
    story = Story(store, "STUCK").run(error="'a'").run(error="'b'").run(error="'c'")
    assert signals(store, 3 + 599) == {"STUCK": ["S1"]}
    story.tell("session_ended", after_s=0)
    assert signals(store, 3 + 601) == {}


def test_no_progress_is_longer_than_five_minutes_and_three_quarters_of_the_others(
    store: EventStore,
) -> None:
    slow = Story(store, "SLOW").run(active_ms=100_000).test(passes=False, active_ms=399_000)
    assert signals(store, 60) == {}, "the time before the first run is that of reading"
    slow.run(active_ms=401_000)
    row = rows(store, 60)["SLOW"]
    assert (row["signal"], row["reason"]) == ("S2", "5 min in Exercise 1 and not passed")
    assert row["since_ms"] == BEGIN_MS + 1000, "the first run"
    for number in range(8):
        Story(store, f"OTHER_{number}").test(passes=True, active_ms=number * 100_000)
    assert signals(store, 60) == {}, "three quarters needed 525 s"
    slow.run(active_ms=624_000)
    assert signals(store, 60) == {}
    slow.run(active_ms=626_000)
    assert signals(store, 60) == {"SLOW": ["S2"]}


def test_progress_is_a_newly_passed_test_of_the_exercise(store: EventStore) -> None:
    both = Exercise("D1", "one", "Exercise 1", ("a",), ("one", "more"))
    outline(store, [both, Exercise("D1", "two", "Exercise 2", ("b",), ("two",))])
    slow = Story(store, "SLOW").run(active_ms=0).run(active_ms=200_000)
    slow.test("one", passes=True, active_ms=310_000)
    assert signals(store, 60) == {}
    slow.test("more", passes=False, active_ms=510_000).test("two", passes=True, active_ms=600_000)
    slow.test("one", passes=True, active_ms=600_000).run(active_ms=690_000)
    assert signals(store, 60) == {}, "of 380 s since then 90 s went to the other exercise"
    slow.test("more", passes=False, active_ms=701_000)
    row = rows(store, 60)["SLOW"]
    assert (row["signal"], row["reason"]) == ("S2", "5 min in Exercise 1 since a test passed")
    assert row["since_ms"] == BEGIN_MS + 3000, "the first pass"
    slow.test("more", passes=True, active_ms=702_000)
    assert signals(store, 60) == {}


def test_time_without_progress_goes_on_in_the_next_session(store: EventStore) -> None:
    Story(store, "SLOW").run(active_ms=100_000).run(active_ms=250_000)
    again = Story(store, "SLOW", session_id="7e1c2a52-6e1b-4f0e-9b67-0d4b9f6d8f12")
    again.run(after_s=30, active_ms=149_000)
    assert signals(store, 60) == {}
    again.run(active_ms=151_000)
    assert signals(store, 60) == {"SLOW": ["S2"]}


def test_ten_failed_tests_without_a_pass(store: EventStore) -> None:
    story = Story(store, "WHEELS")
    for number in range(9):
        story.run().test(passes=False, error=None, duration_ms=number)
    assert signals(store, 60) == {}
    story.test(passes=False, error=None)
    row = rows(store, 60)["WHEELS"]
    assert (row["signal"], row["reason"]) == ("S3", "10 tests failed in Exercise 1, none passed")
    story.test(passes=True)
    assert signals(store, 60) == {}


def test_a_solution_that_is_read_before_any_run(store: EventStore) -> None:
    Story(store, "GLANCE").peek(seconds=9)
    reading = Story(store, "READING").peek(seconds=10)
    Story(store, "TRIED_FIRST").run().peek(seconds=60)
    opened = Story(store, "OPEN").tell(
        "solution_peek", cell_id="text-2", cell_index=9, summary="Solution 2", peek=1
    )
    assert signals(store, 5) == {"READING": ["S4"]}
    found = rows(store, 70)
    assert found["OPEN"]["reason"] == "opened the solution of Exercise 2 before any run"
    assert [*found] == ["OPEN", "READING"]
    reading.run()
    opened.run("b")
    assert signals(store, 70) == {}


def test_quiet_while_the_class_is_at_work(store: EventStore) -> None:
    Story(store, "QUIET").run()
    Story(store, "GONE", session_id="7e1c2a52-6e1b-4f0e-9b67-0d4b9f6d8f12").run().tell(
        "session_ended"
    )
    assert signals(store, 900) == {}, "nobody is at work"
    Story(store, "AT_WORK").run(after_s=890)
    row = rows(store, 901)["QUIET"]
    assert (row["signal"], row["reason"]) == ("S5", "quiet for 15 min")
    Story(store, "AT_WORK").run(after_s=4000)
    assert signals(store, 4001) == {}, "who is silent for an hour has left"


def test_missing_events_are_told_as_not_known(store: EventStore) -> None:
    story = Story(store, "LOSING").run()
    story.seq += 2
    story.run()
    assert signals(store, 100) == {}, "they may be on their way"
    row = rows(store, 130)["LOSING"]
    assert row["signal"] == "S6"
    assert row["reason"].startswith("2 events are not here")


def test_events_that_come_late_have_waited(store: EventStore) -> None:
    Story(store, "LATE", session_id=SESSION).run(active_ms=1000)
    # What comes at once has one time of receipt, that of the latest event.
    store.append(
        [ran(2, 70, student="LATE", active_ms=2000), told("paste", 1, 200, student="BUSY")]
    )
    row = rows(store, 201)["LATE"]
    assert row["signal"] == "S6"
    assert row["reason"].startswith("events come 2 min late")
    assert signals(store, 201, thresholds=Thresholds(late_minutes=3)) == {}
    store.append([told("paste", 2, 700, student="BUSY")])
    assert signals(store, 200 + 601)["LATE"] == ["S5"], "nobody knows what waits by now"
    # The latest event came at once, and one before it was late.
    store.append([ran(4, 900, student="LATE", active_ms=4000)])
    store.append(
        [ran(3, 300, student="LATE", active_ms=3000), told("paste", 3, 1100, student="BUSY")]
    )
    assert signals(store, 1101) == {}


def test_the_weightiest_signal_comes_first_and_the_oldest_of_equal_ones(
    store: EventStore,
) -> None:
    later = Story(store, "LATER")
    later.at_s = 50
    later.run(error="'a'").run(error="'a'").run(error="'a'")
    Story(store, "PEEK").peek()
    both = Story(store, "BOTH").run(error="'a'").run(error="'a'").run(error="'a'")
    for _ in range(10):
        both.test("two", passes=False, error=None)
    assert [*signals(store, 60).items()] == [
        ("BOTH", ["S1", "S3"]),
        ("LATER", ["S1"]),
        ("PEEK", ["S4"]),
    ]


def test_what_was_seen_is_hidden_until_there_is_something_new(store: EventStore) -> None:
    story = Story(store, "STUCK").run(error="'a'").run(error="'a'").run(error="'a'")

    def see(at_s: float, signal: str = "S1", exercise: str = "one") -> None:
        given = {"student": "STUCK", "notebook": "D1", "exercise": exercise, "signal": signal}
        mark = check_seen(given, "a teacher", BEGIN_MS + int(at_s * 1000))

        def save(connection: Any) -> None:
            with transaction(connection):
                save_seen(connection, mark)

        store.database.use(save)

    see(10)
    result = ask(store, "needs", at_s=20)
    assert result["rows"] == []
    Story(store, "STUCK", notebook="D2").run()
    assert ask(store, "needs", at_s=20, notebooks=("D2",))["seen"] == []
    assert [(mark["by"], mark["at_ms"]) for mark in result["seen"]] == [
        ("a teacher", BEGIN_MS + 10_000)
    ]
    story.run("b", error="'z'").run("b", error="'z'").run("b", error="'z'")
    assert rows(store, 20)["STUCK"]["exercise"] == "two", "another exercise is new"
    see(20, exercise="two")
    for _ in range(10):
        story.test(passes=False, error=None)
    assert signals(store, 30) == {"STUCK": ["S3"]}, "another signal is new"
    story.run(error="'a'").run(error="'a'").run(error="'a'")
    assert signals(store, 611) == {"STUCK": ["S1", "S3"]}, "ten minutes later"


@pytest.mark.parametrize(
    "given",
    [
        None,
        {},
        {"student": "A", "notebook": "D1", "signal": "S7"},
        {"student": "", "notebook": "D1", "signal": "S1"},
        {"student": "A", "notebook": ["D1"], "signal": "S1"},
        {"student": "A" * 201, "notebook": "D1", "signal": "S1"},
    ],
)
def test_a_mark_that_is_none_is_refused(given: Any) -> None:
    with pytest.raises(SeenError):
        check_seen(given, "a teacher", 0)


def test_thresholds_are_settings(store: EventStore) -> None:
    Story(store, "STUCK").run(error="'a'").run(error="'a'")
    assert signals(store, 9) == {}
    lower = read_thresholds({"same_error_runs": 2})
    assert signals(store, 9, thresholds=lower) == {"STUCK": ["S1"]}
    assert lower._replace(same_error_runs=3) == Thresholds()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"same_errors_run": 4}, "did you mean same_error_runs?"),
        ({"too_few": "5"}, "too_few must be a positive number"),
        ({"too_few": True}, "too_few must be a positive number"),
        ({"gone_minutes": 0}, "gone_minutes must be a positive number"),
    ],
)
def test_a_threshold_that_is_none_is_named(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ThresholdError, match=words.replace("?", r"\?")):
        read_thresholds(given)


def test_who_is_here_and_who_has_not_started(store: EventStore) -> None:
    expect(store, Member("HERE"), Member("LEFT"), Member("NEVER"), Member("STAFF", is_staff=True))
    Story(store, "HERE").run()
    Story(store, "LEFT").run().tell("session_ended")
    Story(store, "STAFF").run()
    result = ask(store, "needs", at_s=5)
    assert (result["here"], result["expected"], result["not_started"]) == (1, 3, 1)
