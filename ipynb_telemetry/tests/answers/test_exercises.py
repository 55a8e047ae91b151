"""How hard each exercise was."""

from typing import Any

import pytest

from ipynb_telemetry.answers.outlines import Exercise
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.asked import Story, ask, outline, two_exercises


def first_row(store: EventStore) -> dict[str, Any]:
    row: dict[str, Any] = ask(store, "exercises", at_s=60)["rows"][0]
    return row


def test_under_five_students_nothing_is_said(store: EventStore) -> None:
    outline(store, two_exercises())
    for number in range(4):
        Story(store, f"S{number}").test(passes=True)
    row = first_row(store)
    assert (row["is_too_few"], row["tried"], row["passed"], row["active"]) == (True, 4, 0, None)
    assert row["active_times"] == []
    Story(store, "FIFTH").run()
    row = first_row(store)
    assert (row["is_too_few"], row["tried"], row["passed"]) == (False, 5, 4)


def test_attempts_and_times_up_to_the_pass(store: EventStore) -> None:
    outline(store, two_exercises())
    Story(store, "ONE").test(passes=True, active_ms=10_000).test(passes=False)
    Story(store, "TWO").test(passes=False).test(passes=True, active_ms=20_000)
    four = Story(store, "FOUR")
    for _ in range(3):
        four.test(passes=False)
    four.test(passes=True, active_ms=30_000)
    # What follows the pass is no time to pass, whether or not it is of the same exercise.
    four.run("b", active_ms=90_000).test("two", passes=True, active_ms=95_000)
    Story(store, "NEVER").test(passes=False, active_ms=500_000)
    Story(store, "PEEKED").peek(seconds=5).test(passes=True, active_ms=40_000).peek()
    row = first_row(store)
    assert (row["tried"], row["passed"]) == (5, 4)
    assert row["attempts"] == {"one": 2, "two": 1, "more": 1, "unsolved": 1}
    assert row["active_times"] == [10_000, 20_000, 30_000, 40_000]
    assert row["active"] is None, "four times are too few for quartiles"
    assert row["peeked_before_pass"] == 1
    assert row["peeks"] == {"before": 1, "after_failure": 0, "after_run": 0, "after_pass": 1}


def test_coming_back_after_the_pass_is_no_time_to_pass(store: EventStore) -> None:
    outline(store, two_exercises())
    for number in range(5):
        story = Story(store, f"S{number}").test(passes=True, active_ms=10_000)
        story.run("a", active_ms=80_000)
    # A student who gave up Exercise 2 first: that time is not of Exercise 1.
    Story(store, "JUMPS").run("b", active_ms=60_000).test(passes=True, active_ms=72_000)
    assert first_row(store)["active_times"] == [10_000] * 5 + [12_000]


def test_difficulty_is_a_third_of_the_exercises(store: EventStore) -> None:
    names = ["easy", "retried", "unsolved"]
    outline(store, [Exercise("D1", name, name, (), (name,)) for name in names])
    for number in range(5):
        story = Story(store, f"S{number}").test("easy", passes=True)
        story.test("retried", passes=False).test("retried", passes=True)
        story.test("unsolved", passes=number == 0)
    levels = {row["exercise"]: row["difficulty"] for row in ask(store, "exercises")["rows"]}
    assert levels == {"easy": "easy", "retried": "middle", "unsolved": "hard"}


@pytest.mark.parametrize("count", [9, 10])
def test_discrimination_is_by_the_other_exercises(store: EventStore, count: int) -> None:
    outline(store, [Exercise("D1", name, name, (), (name,)) for name in "abcd"])
    for number in range(count):
        is_good = number % 2 == 0
        story = Story(store, f"S{number}").test("a", passes=is_good).test("b", passes=is_good)
        story.test("c", passes=not is_good).test("d", passes=True)
    rows = {row["exercise"]: row["discrimination"] for row in ask(store, "exercises")["rows"]}
    if count < 10:
        assert set(rows.values()) == {None}
    else:
        # Without Exercise a all have passed two.
        assert rows["a"] is None
        assert rows["c"] == -1.0
        assert rows["d"] is None, "who all pass tells nobody apart"
