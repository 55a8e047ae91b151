"""What the answers say of a simulated class is what its students are there for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import pytest

from ipynb_telemetry.answers.outlines import Exercise
from ipynb_telemetry.answers.roster import Member
from ipynb_telemetry.collector.validation import check_events
from ipynb_telemetry.simulation.classroom import Plan, class_events
from ipynb_telemetry.simulation.people import Part, people
from ipynb_telemetry.store import events as events_module
from ipynb_telemetry.store.event import epoch_to_utc
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.tests.support.aggregates import BEGIN
from ipynb_telemetry.tests.support.asked import ask, expect, outline

from .conftest import Tried

BEGIN_MS = round(BEGIN * 1000)
END_S = 50 * 60


@pytest.fixture
def store(course: Tried, monkeypatch: pytest.MonkeyPatch) -> Iterator[EventStore]:
    """A store in which a class has arrived, each event when it was sent."""
    store = EventStore(":memory:", logging.getLogger("ipynb_telemetry"))
    own = [task.exercise for task in course.lesson.tasks]
    notebook = course.lesson.notebook
    outline(
        store,
        [
            Exercise(notebook, each.id, each.title, each.cells, each.tests, each.solutions)
            for each in own
        ],
        notebook,
    )
    events = class_events(course.lesson, course.trials, Plan(30, 50, 7, BEGIN_MS))
    for second, batch in groupby(events, lambda each: each.arrives_ms // 1000):
        now = epoch_to_utc(BEGIN + second + 1)
        monkeypatch.setattr(events_module, "now_utc", lambda now=now: now)
        store.append(check_events([each.event for each in batch]))
    yield store
    store.close()


def who(part: Part) -> str:
    return next(each.id for each in people(30, 7) if each.part is part)


def about(store: EventStore, name: str) -> Any:
    return ask(store, name, at_s=END_S, is_simulated=True)


def test_who_needs_somebody_is_who_was_made_to(store: EventStore) -> None:
    rows = {row["student"]: row for row in about(store, "needs")["rows"]}
    signals = {student: {row["signal"], *row["also"]} for student, row in rows.items()}
    assert {"S1", "S2", "S3"} <= signals[who(Part.LOST)]
    assert "S3" in signals[who(Part.SPINNING)]
    assert "S1" not in signals[who(Part.SPINNING)]
    assert "S4" in signals[who(Part.PEEKING)]
    assert "S5" in signals[who(Part.QUIET)]
    assert "S5" in signals[who(Part.CLOSED)]
    assert next(iter(rows)) == who(Part.LOST)
    assert about(store, "needs")["expected"] == 29


def test_the_audit_tells_whose_events_are_missing_and_whose_are_explained(
    store: EventStore,
) -> None:
    rows = {row["student"]: row for row in about(store, "audit")["sessions"]}
    holed, offline, closed = (rows[who(part)] for part in (Part.HOLED, Part.OFFLINE, Part.CLOSED))
    assert (holed["state"], holed["missing"]) == ("incomplete", 3)
    assert (offline["missing"], offline["explained"]) == (0, 5)
    assert offline["late_p95_ms"] > 60_000
    assert closed["state"] == "silent"
    assert sum(row["missing"] for row in rows.values()) == 3


def test_errors_exercises_and_peeks_have_something_to_show(store: EventStore) -> None:
    errors = about(store, "errors")["rows"]
    assert max(len(row["students"]) for row in errors) >= 5
    assert any(row["stuck"] for row in errors)
    exercises = about(store, "exercises")["rows"]
    assert len(exercises) == 7
    assert {row["difficulty"] for row in exercises} >= {"easy", "hard"}
    peeks = about(store, "peeks")
    assert {row["when"] for row in peeks["peeks"]} >= {"before", "after_failure"}
    assert any(row["is_glance"] for row in peeks["peeks"])
    assert any(row["is_copied"] for row in peeks["peeks"])
    place = about(store, "frontier")["place"]
    assert place["q1"] < 7


def test_of_a_roster_each_class_has_its_own_members(store: EventStore) -> None:
    class_members = [Member(each.id, each.name, each.group) for each in people(30, 7)]
    expect(store, *class_members, Member("JOHN_DOE", "John Doe"), Member("ANN_LEE", is_staff=True))
    needs = about(store, "needs")
    assert (needs["expected"], needs["not_started"]) == (30, 1)
    named = {each["student"]: each["name"] for each in about(store, "overview")["students"]}
    assert named == {each.id: each.name for each in class_members}
    real = ask(store, "needs", at_s=END_S)
    assert (real["expected"], real["not_started"]) == (1, 1)
    overview = ask(store, "overview", at_s=END_S)
    assert [each["student"] for each in overview["students"]] == ["JOHN_DOE", "ANN_LEE"]


def test_no_count_of_real_students_has_them(store: EventStore) -> None:
    for name in ("needs", "progress", "errors", "peeks", "students", "audit"):
        real = ask(store, name, at_s=END_S)
        assert not real.get("rows")
        assert not real.get("students")
        assert not real.get("sessions")
