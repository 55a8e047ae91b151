"""Time, peeks, engagement and delivery."""

from ipynb_telemetry.answers.figures import quantile, quartiles
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.asked import BEGIN_MS, Story, ask, outline, two_exercises


def test_time_goes_to_exercises_and_elsewhere(store: EventStore) -> None:
    outline(store, two_exercises())
    story = Story(store, "TELLS").run("a", active_ms=10_000).run("setup", active_ms=15_000)
    story.run("b", active_ms=45_000)
    Story(store, "OLD").run("a").run("a", after_s=400).run("b", after_s=20)
    result = ask(store, "time", at_s=500)
    assert (result["idle_cap_ms"], result["pause_cap_ms"]) == (60_000, 180_000)
    rows = {row["student"]: row for row in result["students"]}
    assert (rows["TELLS"]["active_ms"], rows["TELLS"]["exercises"]) == (45_000, [10_000, 30_000])
    assert (rows["TELLS"]["elsewhere_ms"], rows["TELLS"]["is_estimated"]) == (5000, False)
    assert (rows["OLD"]["exercises"], rows["OLD"]["is_estimated"]) == ([180_000, 20_000], True)


def test_peeks_tell_what_came_before_them(store: EventStore) -> None:
    outline(store, two_exercises())
    story = Story(store, "JOHN_DOE").peek(seconds=4).run().peek().test(passes=False).peek()
    story.tell("paste", length=25, internal=True, cell_id="a").test(passes=True).peek()
    story.peek("unknown")
    result = ask(store, "peeks", at_s=500)
    assert [(peek["exercise"], peek["when"]) for peek in result["peeks"]] == [
        ("one", "before"),
        ("one", "after_run"),
        ("one", "after_failure"),
        ("one", "after_pass"),
        (None, "before"),
    ]
    assert [peek["is_glance"] for peek in result["peeks"]] == [True, False, False, False, False]
    # The paste was within two minutes of all three that came before.
    assert [peek["is_copied"] for peek in result["peeks"]] == [True, True, True, False, False]
    first = result["exercises"][0]
    assert (first["before"], first["after_run"], first["after_failure"], first["after_pass"]) == (
        1,
        1,
        1,
        1,
    )
    assert (first["glances"], first["copied"]) == (1, 3)


def test_what_is_no_copy(store: EventStore) -> None:
    outline(store, two_exercises())
    Story(store, "SHORT").peek().tell("paste", length=19, internal=True).test(passes=True)
    Story(store, "FROM_OUTSIDE").peek().tell("paste", length=90, internal=False).test(passes=True)
    late = Story(store, "LATE").peek(seconds=30)
    late.tell("paste", after_s=91, length=90, internal=True).test(passes=True)
    Story(store, "NEVER_PASSED").peek().tell("paste", length=90, internal=True)
    assert not any(peek["is_copied"] for peek in ask(store, "peeks", at_s=500)["peeks"])


def test_a_solution_that_stays_open_has_no_reading_time(store: EventStore) -> None:
    outline(store, two_exercises())
    where = {"cell_id": "text", "cell_index": 2, "summary": "Solution"}
    Story(store, "JOHN_DOE").tell("solution_peek", **where, peek=1)
    (peek,) = ask(store, "peeks")["peeks"]
    assert (peek["open_ms"], peek["is_glance"]) == (None, False)


def test_presence_and_time_away(store: EventStore) -> None:
    story = Story(store, "JOHN_DOE").run().tell("blur", reason="tab")
    story.tell("focus", after_s=300, reason="tab", away_ms=300_000).run(after_s=300)
    result = ask(store, "engagement", at_s=700)
    (row,) = result["students"]
    assert (row["span_ms"], row["away_ms"], row["away_share"]) == (601_000, 300_000, 0.4992)
    assert row["leaves"] == {"page_hidden": 0, "window": 0, "tab": 1}
    assert row["present"] == [BEGIN_MS, BEGIN_MS + 300_000, BEGIN_MS + 600_000]
    assert [slot["present"] for slot in result["slots"]] == [1, 1, 1]
    assert result["away_share"] is None, "one student is too few"


def test_delivery_session_by_session(store: EventStore) -> None:
    Story(store, "COMPLETE").run().tell("session_ended")
    gap = Story(store, "GAP").run()
    gap.seq += 3
    gap.run().tell("session_ended")
    told = Story(store, "TOLD").run()
    told.seq += 3
    told.tell("events_dropped", reason="storage", count=3, first_seq=2, last_seq=4)
    told.tell("events_dropped", reason="rate", count=40).tell("session_ended")
    Story(store, "OPEN").run(after_s=590)
    Story(store, "SILENT").run()
    result = ask(store, "audit", at_s=700)
    rows = {row["student"]: row for row in result["sessions"]}
    assert {student: row["state"] for student, row in rows.items()} == {
        "COMPLETE": "complete",
        "GAP": "incomplete",
        "TOLD": "complete",
        "OPEN": "open",
        "SILENT": "silent",
    }
    assert (rows["GAP"]["expected"], rows["GAP"]["got"], rows["GAP"]["missing"]) == (6, 3, 3)
    assert (rows["TOLD"]["explained"], rows["TOLD"]["missing"]) == (3, 0)
    assert rows["TOLD"]["suppressed"] == 40
    assert result["sessions"][0]["student"] == "GAP"
    assert result["line"] == (
        "every event of 4 of 5 sessions is here; 3 events are missing in 1;"
        " 40 of a flood were suppressed"
    )


def test_students_have_a_row_each(store: EventStore) -> None:
    outline(store, two_exercises())
    story = Story(store, "JOHN_DOE").run(error="'a'").test(passes=False).test(passes=True).peek()
    story.tell("paste", length=5)
    Story(store, "JOHN_DOE", session_id="7e1c2a52-6e1b-4f0e-9b67-0d4b9f6d8f12").run()
    (row,) = ask(store, "students", at_s=60)["rows"]
    figures = ("solved", "of", "runs", "errors", "fails", "peeks", "pastes")
    assert [row[name] for name in figures] == [1, 2, 2, 1, 1, 1, 1]
    assert row["notebooks"] == ["D1"]
    assert (row["eq"], row["red"]) == (None, None), "no pair of runs in one session"


def test_errors_in_a_row_are_measured(store: EventStore) -> None:
    Story(store, "JOHN_DOE").run(error="'a'").run(error="'b'").run()
    (row,) = ask(store, "students", at_s=60)["rows"]
    assert (row["eq"], row["red"]) == (0.5, 0.5)


def test_quartiles_and_quantiles() -> None:
    assert quartiles([]) is None
    assert quartiles([7]) == {"n": 1, "q1": 7, "median": 7, "q3": 7}
    assert quartiles([4, 1, 3, 2]) == {"n": 4, "q1": 1.75, "median": 2.5, "q3": 3.25}
    assert quartiles([1, 2, 3, 4], too_few=5) is None
    assert quantile([10, 20, 30, 40], 0.75) == 32.5
