"""A whole class: the same again, as the catalogue says, and with everything to be found in it."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

import pytest

from ipynb_telemetry.catalog import ENVELOPE, PROPERTIES
from ipynb_telemetry.collector.schema import fitting
from ipynb_telemetry.simulation.classroom import Plan, class_events
from ipynb_telemetry.simulation.people import Part, people
from ipynb_telemetry.simulation.session import Played
from ipynb_telemetry.store.errorfold import fold

from .conftest import Tried

BEGIN = 1_767_600_000_000
PLAN = Plan(30, 50, 7, BEGIN)
LESSON_MS = 50 * 60_000


def a_class(tried: Tried, **changes: Any) -> list[Played]:
    return class_events(tried.lesson, tried.trials, PLAN._replace(**changes))


def of(tried: Tried, part: Part, **changes: Any) -> list[Played]:
    """The events of the first student with a part, in their order."""
    plan = PLAN._replace(**changes)
    who = next(each.id for each in people(plan.students, plan.seed) if each.part is part)
    events = [each for each in a_class(tried, **changes) if each.event["distinct_id"] == who]
    return sorted(events, key=lambda each: seq_of(each))


def seq_of(played: Played) -> int:
    return int(played.event["properties"]["seq"])


def named(events: list[Played], *names: str) -> list[dict[str, Any]]:
    return [each.event["properties"] for each in events if each.event["event"] in names]


def without_what_differs(events: list[Played]) -> list[Any]:
    """Events without uuids and absolute times."""
    plain = json.loads(json.dumps([each.event for each in events]))
    for event in plain:
        del event["uuid"], event["timestamp"], event["properties"]["session_id"]
    return [[each.at_ms, each.arrives_ms, event] for each, event in zip(events, plain, strict=True)]


def test_the_same_seed_plays_the_same_class_at_whatever_time(course: Tried) -> None:
    events = a_class(course)
    later = a_class(course, begins_ms=BEGIN + 86_400_000)
    assert events == a_class(course)
    assert without_what_differs(events) == without_what_differs(later)
    uuids = {each.event["uuid"] for each in (*events, *later)}
    assert len(uuids) == 2 * len(events)
    sessions = {each.event["properties"]["session_id"] for each in (*events, *later)}
    assert len(sessions) == 2 * 29
    assert without_what_differs(events) != without_what_differs(a_class(course, seed=8))


def test_every_event_is_one_of_the_catalogue_and_marked(course: Tried, small: Tried) -> None:
    wrong: list[str] = []
    for tried in (course, small):
        for played in a_class(tried):
            event = played.event
            properties = event["properties"]
            assert fitting(event["event"], properties, wrong.append) is properties
            assert properties["simulated"] is True
            own = {name for name in properties if not name.startswith("$")}
            # No lesson has a secret, of which events would tell by `redacted`.
            needed = {*ENVELOPE} - {"uuid", "event_type", "timestamp", "redacted"}
            assert own - needed <= {*PROPERTIES[event["event"]]}
            assert needed <= own
    assert wrong == []


def test_numbers_and_times_go_on_as_a_page_has_them(course: Tried) -> None:
    sessions: dict[str, list[Played]] = defaultdict(list)
    for each in a_class(course):
        sessions[each.event["properties"]["session_id"]].append(each)
    whole = {part: of(course, part) for part in (Part.OFFLINE, Part.HOLED)}
    gaps = {each[0].event["properties"]["session_id"] for each in whole.values()}
    for session, events in sessions.items():
        events.sort(key=seq_of)
        if session not in gaps:
            assert [seq_of(each) for each in events] == [*range(1, len(events) + 1)]
        active = [each.event["properties"]["active_ms"] for each in events]
        assert active == sorted(active)
        times = [each.at_ms for each in events]
        assert times == sorted(times)
        assert times[-1] <= LESSON_MS
        assert active[-1] <= times[-1] - times[0] + 1
        stamps = [each.event["timestamp"] for each in events]
        assert stamps == sorted(stamps)


def test_attempts_and_execution_counts_count_up(small: Tried) -> None:
    events = of(small, Part.LOST)
    runs = named(events, "cell_executed")
    counts = [run["execution_count"] for run in runs if run["status"] != "aborted"]
    assert counts == [*range(1, len(counts) + 1)]
    of_cell = [run["attempt"] for run in runs if run["cell_id"] == "ex1-code"]
    assert of_cell == [*range(1, len(of_cell) + 1)]
    for test in ("1 total", "common"):
        results = named(events, "test_passed", "test_failed")
        tries = [each["attempt"] for each in results if each["test"] == test]
        assert tries == [*range(1, len(tries) + 1)]
        assert tries


def test_tracebacks_name_the_counts_of_the_student(course: Tried) -> None:
    runs = named(of(course, Part.LOST), "cell_executed")
    failed = [run for run in runs if run["status"] == "error" and run["cell_id"].endswith("test")]
    assert len(failed) > 5
    for run in failed:
        assert f"Cell In[{run['execution_count']}], line " in run["error"]["traceback"]
        assert run["output"].endswith(run["error"]["traceback"])


def test_a_test_is_told_before_its_run_but_nbgraders_after_it(course: Tried, small: Tried) -> None:
    names = [
        (each.event["event"], each.event["properties"].get("cell_id"))
        for each in of(course, Part.FAST)
    ]
    passed = names.index(("test_passed", "ex1-test"))
    assert names[passed + 1] == ("cell_executed", "ex1-test")
    told = [
        (each.event["event"], each.event["properties"].get("cell_id"))
        for each in of(small, Part.FAST)
    ]
    passed = told.index(("test_passed", "ex2-test"))
    assert told[passed - 1] == ("cell_executed", "ex2-test")


def last_minutes(events: list[Played], minutes: float) -> list[Played]:
    return [each for each in events if each.at_ms > LESSON_MS - minutes * 60_000]


@pytest.mark.parametrize("seed", [7, 8, 21])
def test_one_is_lost_in_the_same_error_to_the_end(course: Tried, seed: int) -> None:
    events = of(course, Part.LOST, seed=seed)
    failed = [
        (each["test"], fold(*(each["error"][part] for part in ("name", "value", "traceback"))))
        for each in named(last_minutes(events, 10), "test_failed")
    ]
    assert len(failed) >= 3
    assert len({*failed}) == 1
    stuck = failed[0][0]
    assert stuck not in {each["test"] for each in named(events, "test_passed")}
    assert sum(each["test"] == stuck for each in named(events, "test_failed")) >= 10
    assert named(events, "session_ended") == []


@pytest.mark.parametrize("seed", [7, 8, 21])
def test_one_fails_a_test_ten_times_by_ever_other_errors(course: Tried, seed: int) -> None:
    events = of(course, Part.SPINNING, seed=seed)
    stuck = named(events, "test_failed")[-1]["test"]
    failed = [each for each in named(events, "test_failed") if each["test"] == stuck]
    assert len(failed) >= 10
    assert stuck not in {each["test"] for each in named(events, "test_passed")}
    values = [each["error"]["value"] for each in failed]
    assert len({*values}) >= 3
    assert all(len({*three}) > 1 for three in zip(values, values[1:], values[2:], strict=False))


def test_one_opens_solutions_before_any_run_and_copies_them(course: Tried) -> None:
    events = of(course, Part.PEEKING)
    run: set[str] = set()
    before = 0
    for each in events:
        properties = each.event["properties"]
        if each.event["event"] == "cell_executed":
            run.add(properties["cell_id"])
        elif each.event["event"] == "solution_peek":
            before += properties["cell_id"].replace("solution", "code") not in run
    assert before >= 5
    assert all(each["open_ms"] >= 10_000 for each in named(events, "solution_closed"))
    assert {each["internal"] for each in named(events, "paste")} == {True}
    assert all(each["length"] >= 20 for each in named(events, "paste"))
    # In the end there is a solution open, and nothing run yet.
    assert named(last_minutes(events, 3), "solution_peek")
    assert named(last_minutes(events, 3), "cell_executed", "session_ended") == []


def test_one_goes_away_and_one_closes_the_tab(course: Tried) -> None:
    quiet, closed = (of(course, part) for part in (Part.QUIET, Part.CLOSED))
    assert quiet[-1].event["event"] == "blur"
    assert quiet[-1].at_ms < 0.8 * LESSON_MS
    assert closed[-1].at_ms < 0.8 * LESSON_MS
    assert named(quiet, "session_ended") == named(closed, "session_ended") == []


def test_ones_network_goes_away_and_comes_back_with_less(course: Tried) -> None:
    events = of(course, Part.OFFLINE)
    (lost,) = named(events, "events_dropped")
    first, last = lost["first_seq"], lost["last_seq"]
    assert lost["reason"] == "storage"
    assert lost["count"] == last - first + 1 > 1
    assert lost["seq"] == last
    seqs = [seq_of(each) for each in events]
    assert {*range(1, seqs[-1] + 1)} - {*seqs} == {*range(first, last)}
    late = [each for each in events if each.arrives_ms - each.at_ms > 60_000]
    assert late
    assert {each.arrives_ms for each in late} == {round(0.7 * LESSON_MS)}


def test_events_of_one_are_missing_and_nothing_tells_of_them(course: Tried) -> None:
    events = of(course, Part.HOLED)
    seqs = {seq_of(each) for each in events}
    assert len({*range(1, max(seqs) + 1)} - seqs) == 3
    assert named(events, "events_dropped") == []
    assert named(events, "session_ended")


def test_one_never_starts_one_is_fast_and_one_slow(course: Tried) -> None:
    absent = next(each.id for each in people(30, 7) if each.part is Part.ABSENT)
    assert absent not in {each.event["distinct_id"] for each in a_class(course)}
    passed = {
        part: {each["test"] for each in named(of(course, part), "test_passed")}
        for part in (Part.FAST, Part.SLOW)
    }
    assert len(passed[Part.FAST]) == 7 > len(passed[Part.SLOW])
    assert of(course, Part.FAST)[-1].at_ms < 0.7 * LESSON_MS


def test_the_class_leaves_and_returns_pauses_pastes_and_folds(course: Tried) -> None:
    events = a_class(course)
    aways = named(events, "focus")
    assert {each["reason"] for each in aways} == {"page_hidden", "window", "tab"}
    assert min(each["away_ms"] for each in aways) < 30_000 < max(each["away_ms"] for each in aways)
    assert {each["internal"] for each in named(events, "paste")} == {True, False}
    opened = [each["open_ms"] for each in named(events, "solution_closed")]
    assert min(opened) < 10_000 < max(opened)
    assert {each["status"] for each in named(events, "cell_executed")} == {"ok", "error", "aborted"}
    students: dict[str, set[str]] = defaultdict(set)
    values: dict[str, set[str]] = defaultdict(set)
    for each in events:
        error = each.event["properties"].get("error")
        if error:
            key = fold(error["name"], error["value"], error["traceback"])
            students[key].add(each.event["distinct_id"])
            values[key].add(error["value"])
    shared = [key for key in students if len(students[key]) >= 3 and len(values[key]) >= 2]
    assert len(students) > 20
    assert len(shared) >= 3


@pytest.mark.parametrize(("students", "minutes"), [(1, 5), (3, 480), (300, 50)])
def test_classes_of_other_sizes_are_played(small: Tried, students: int, minutes: int) -> None:
    events = a_class(small, students=students, minutes=minutes)
    assert max(each.at_ms for each in events) <= minutes * 60_000
    assert len({each.event["distinct_id"] for each in events}) >= students * 0.66
