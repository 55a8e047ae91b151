# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Events kept for a page until it has told of a student, and their way when no page does."""

from __future__ import annotations

from pathlib import Path

import pytest

from .directkernel import files, written
from .frontend import FROZEN, THAWED
from .tabs import CALL, TOLD, Tab, another, cells, page_of


def test_of_more_than_is_kept_for_a_page_it_is_told_how_many(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        first = tab.send(CALL, "setup")
        tab.say(tab.called(first), {"answer": "here", "version": 1})
        tab.answers_to(first)
        tab.cell("for n in range(1_100): _telemetry_capture('one_more', {'n': n})", "flood")
        *kept, told = tab.arrive()
    assert (told["event"], told["properties"]) == (
        "events_dropped",
        {"count": 102, "reason": "rate"},
    )
    *events, flood = kept
    assert [event["properties"]["n"] for event in events] == list(range(101, 1_100))
    assert flood["properties"]["cell_id"] == "flood"


def test_what_is_kept_for_a_page_has_ids_in_its_order(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        first = tab.send(CALL, "setup")
        tab.say(tab.called(first), {"answer": "here", "version": 1})
        tab.answers_to(first)
        tells = "for n in range(40): _telemetry_capture('one_more', {'n': n})"
        tab.cell(f"{FROZEN}\n{tells}\n{THAWED}", "kept")
        kept = [m for m in tab.arrive() if m["event"] == "one_more"]
    assert [m["properties"]["n"] for m in kept] == list(range(40))
    uuids = [m["uuid"] for m in kept]
    assert uuids == sorted(uuids)


def test_what_was_kept_for_a_page_that_failed_is_the_next_calls(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        first = tab.send(CALL, "setup")
        comm_id = tab.called(first)
        tab.say(comm_id, {"answer": "here", "version": 1})
        tab.answers_to(first)
        tab.answers_to(tab.say(comm_id, {}, "comm_close"))
        tab.runs_unasked("'kept'", "kept")
        with another(tab) as other:  # whose student was not named
            assert other.hears_call_of_nobody(CALL) == []
            other.close("another")
        tab.runs_unasked(CALL, "again")
        assert "on for ANN-LEE in D1, events stay in" in tab.shown()
        tab.runs_unasked("'kept'", "kept")
    started, *events = written(tmp_path)
    assert cells(events) == ["setup", "kept", "again", "kept"]
    # All is one session, which began with the events that were kept.
    attempts = [e["properties"]["attempt"] for e in events if e["event"] == "cell_executed"]
    assert attempts == [1, 1, 1, 2]
    assert (started["event"], started["timestamp"]) == ("session_started", events[0]["timestamp"])
    assert started["timestamp"] < events[2]["timestamp"]


@pytest.mark.parametrize("typed", [["cancel"], ["A", "B", "C"]])
def test_who_gives_no_name_is_not_reported_under_the_last_pages(
    tab: Tab, tmp_path: Path, typed: list[str]
) -> None:
    for told in ({**TOLD, "student": None, "left": True}, {"off": True}):
        tab.answers_to(tab.say("page", told))
    tab.close()
    call = tab.send("setup_telemetry('D1')")
    tab.say(tab.called(call), {}, "comm_close")
    tab.answer(*typed)
    tab.answers_to(call)
    with another(tab) as other:
        other.stdin = False
        assert other.runs_unasked("'after'", "after") == []
    assert not files(tmp_path).exists()


def test_of_more_than_is_kept_for_a_page_that_fails_it_is_told_too(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        first = tab.send(CALL, "setup")
        comm_id = tab.called(first)
        tab.say(comm_id, {"answer": "here", "version": 1})
        tab.answers_to(first)
        tab.cell("for n in range(1_100): _telemetry_capture('one_more', {'n': n})", "flood")
        tab.answers_to(tab.say(comm_id, {}, "comm_close"))
        tab.runs_unasked(CALL, "again")
    events = written(tmp_path)
    (told,) = (e["properties"] for e in events if e["event"] == "events_dropped")
    assert (told["count"], told["reason"]) == (102, "rate")
    assert [e["event"] for e in events].count("one_more") == 999


def test_what_one_page_did_is_not_the_next_callers(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab, another(tab) as other:
        for page in (tab, other):
            first = page.send(CALL, f"of {page.comm_id}")
            comm_id = page.called(first)
            page.say(comm_id, {"answer": "here", "version": 1})
            page.answers_to(first)
        other.cell("_telemetry_capture('of_other')")
        tab.answers_to(tab.say(comm_id, {}, "comm_close"))
        tab.stdin = False
        tab.runs_unasked(CALL, "again")
    assert cells(written(tmp_path)) == ["of page", "again"]
    assert "of_other" not in {event["event"] for event in written(tmp_path)}
