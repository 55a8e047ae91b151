"""Where the class is."""

from ipynb_telemetry.answers.roster import Member
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.aggregates import ran
from ipynb_telemetry.tests.support.asked import (
    BEGIN_MS,
    MINUTE_MS,
    Story,
    ask,
    expect,
    outline,
    two_exercises,
)


def test_each_student_is_at_one_place(store: EventStore) -> None:
    outline(store, two_exercises())
    expect(store, Member("NOT_STARTED"))
    Story(store, "AT_FIRST").run("b").run("a")
    Story(store, "AT_SECOND").test("one", passes=True)
    Story(store, "BACK_AT_FIRST").test("two", passes=True)
    Story(store, "DONE").test("one", passes=True).test("two", passes=True)
    Story(store, "LOOKS_AHEAD").peek("text-2")
    result = ask(store, "frontier", at_s=300)
    assert [each["here"] for each in result["exercises"]] == [2, 1]
    assert [each["solved"] for each in result["exercises"]] == [2, 2]
    assert (result["done"], result["not_started"]) == (1, 2)
    assert {
        each["student"]: (each["has_tried"], each["exercise"], len(each["solved_ms"]))
        for each in result["students"]
    } == {
        "NOT_STARTED": (False, None, 0),
        "AT_FIRST": (True, 0, 0),
        "AT_SECOND": (True, 1, 1),
        "BACK_AT_FIRST": (True, 0, 1),
        "DONE": (True, None, 2),
        "LOOKS_AHEAD": (False, None, 0),
    }


def test_who_looks_back_at_a_solution_is_where_the_latest_run_was(store: EventStore) -> None:
    outline(store, two_exercises())
    Story(store, "JOHN_DOE").run("a").run("b").peek("text")
    assert [each["here"] for each in ask(store, "frontier")["exercises"]] == [0, 1]


def test_of_runs_that_came_at_once_the_later_one_counts(store: EventStore) -> None:
    outline(store, two_exercises())
    store.append([ran(1, cell_id="b"), ran(2, 1, cell_id="a")])
    assert [each["here"] for each in ask(store, "frontier")["exercises"]] == [1, 0]


def test_solved_exercises_over_time(store: EventStore) -> None:
    outline(store, two_exercises())
    Story(store, "FAST").run().test("one", passes=True, after_s=59).test("two", passes=True)
    Story(store, "SLOW").run().test("one", passes=True, after_s=150)
    result = ask(store, "frontier", at_s=300)
    assert result["place"] == {"n": 2, "q1": 1.25, "median": 1.5, "q3": 1.75}
    assert [[at_ms - BEGIN_MS for at_ms in each["solved_ms"]] for each in result["students"]] == [
        [60_000, 61_000],
        [151_000],
    ]
    points = [(point["at_ms"] - BEGIN_MS, point["median"]) for point in result["over_time"]]
    assert points == [
        (1000, 0),
        (1000 + MINUTE_MS, 1),
        (1000 + 2 * MINUTE_MS, 1),
        (1000 + 3 * MINUTE_MS, 1.5),
    ]


def test_a_class_without_events_has_no_place(store: EventStore) -> None:
    result = ask(store, "frontier")
    assert result == {
        "exercises": [],
        "done": 0,
        "not_started": 0,
        "students": [],
        "place": None,
        "over_time": [],
    }
