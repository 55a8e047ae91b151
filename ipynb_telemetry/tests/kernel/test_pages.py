# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Pages that leave a kernel that was called, come back, or share it: a run is reported once."""

from __future__ import annotations

from pathlib import Path

from ..support.fakeposthog import ACCEPTED, FakePostHog
from .directkernel import environment, files, leave, running, spools, wait_for, written
from .tabs import CALL, GATE, TOLD, Tab, another, cells, page_of


def test_when_the_page_has_gone_and_none_is_there_the_kernel_goes_on(
    tab: Tab, tmp_path: Path
) -> None:
    gate = tmp_path / "open"
    slow = tab.send(GATE.format(str(gate)), "of the page")
    queued = tab.send("'queued'", "of the page, too")
    closed = tab.say("page", {}, "comm_close")
    gate.touch()
    for msg_id in (slow, queued, closed):
        tab.answers_to(msg_id)
    tab.stdin = False  # nobody who could answer
    tab.run("'unseen'", silent=True)
    assert tab.cell("print('after')", "after") == []
    line, after = tab.shown().splitlines()
    assert line.startswith("ipynb-telemetry: the page has gone, on for JOHN-DOE in D1, events stay")
    assert after == "after"
    tab.cell("_telemetry_capture('hint')\n1 / 0", "last")
    assert "page has gone" not in tab.shown()
    tab.manager.shutdown_kernel()
    events = written(tmp_path)
    assert [event["event"] for event in events] == [
        *("session_started", "cell_executed", "hint", "cell_executed", "session_ended")
    ]
    assert [e["properties"]["cell_id"] for e in events[1:4:2]] == ["after", "last"]
    assert {event["distinct_id"] for event in events} == {"JOHN_DOE"}


def test_it_goes_on_to_where_the_call_said(tmp_path: Path, posthog: FakePostHog) -> None:
    call = f"{CALL[:-1]}, host={posthog.host!r}, api_key='phc_called')"
    with page_of(tmp_path, Tab) as tab:
        tab.hears_call(call, "setup")
        tab.close()
        tab.stdin = False
        tab.cell("'after'", "after")
        assert f"events go to {posthog.host}\n" in tab.shown()
        posthog.wait_until(
            lambda: "after" in [e["properties"].get("cell_id") for e in posthog.accepted]
        )
    posthog.wait_until(lambda: posthog.accepted[-1]["event"] == "session_ended")
    assert {request.document["api_key"] for request in posthog.requests} == {"phc_called"}
    assert cells(posthog.accepted) == ["after"]
    assert spools(tmp_path) == []


def test_what_an_earlier_kernel_left_is_sent_though_a_page_reports(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    left = leave(tmp_path, posthog.host)
    (tmp_path / "ipynb-telemetry.toml").write_text("test_sources_off = 'doctest'", "utf-8")
    with running(environment(tmp_path, posthog.host), cwd=str(tmp_path), student=Tab) as tab:
        assert cells(tab.hears_call(CALL, "setup")) == ["setup"]
        posthog.wait_until(lambda: posthog.accepted)
        assert tab.printed("print(sys.modules['_ipynb_telemetry'].sources_off)") == "set()\n"
    assert [event["event"] for event in posthog.accepted] == ["left"]
    assert not left.exists()
    assert spools(tmp_path) == []


def test_what_another_kernel_holds_is_no_reason_to_send(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    posthog.answer = lambda document: (503, {}, b"later")
    env = environment(tmp_path, posthog.host)
    with (
        running(env, cwd=str(tmp_path)) as busy,
        running(env, cwd=str(tmp_path), student=Tab) as tab,
    ):
        busy.stdin = False
        busy.set_up()
        (held,) = spools(tmp_path)
        assert cells(tab.hears_call(CALL, "setup")) == ["setup"]
        assert tab.printed("print(sys.modules['_ipynb_telemetry'].deliveries)") == "[]\n"
        assert spools(tmp_path) == [held]


def test_a_refused_key_is_corrected_by_a_call_though_a_page_reports(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    posthog.answer = lambda document: (
        ACCEPTED if document["api_key"] == "phc_right" else (401, {}, b"no")
    )
    env = environment(tmp_path, posthog.host)
    with running(env, cwd=str(tmp_path), student=Tab) as tab:
        tab.stdin = False
        tab.cell(CALL, "setup")
        (spool,) = spools(tmp_path)
        wait_for(lambda: "unauthorized" in spool.read_text("utf-8"))
        tab.arrive()
        tab.cell(f"{CALL[:-1]}, api_key='phc_right')", "again")
        posthog.wait_until(lambda: "session_ended" in [e["event"] for e in posthog.accepted])
    assert cells(posthog.accepted) == ["setup"]
    assert spools(tmp_path) == []


def test_a_page_that_comes_back_takes_over_again(tab: Tab, tmp_path: Path) -> None:
    tab.close()
    with another(tab) as back:
        kept = back.hears_call("_telemetry_capture('hint')", "first")
        assert [m["event"] for m in kept] == ["hint", "cell_executed"]
        assert back.runs_unasked("'later'", "later") == []
        assert [m["event"] for m in back.cell("_telemetry_capture('live')")] == ["live"]
    assert not files(tmp_path).exists()


def test_a_page_that_comes_back_ends_what_the_kernel_reports(tab: Tab, tmp_path: Path) -> None:
    tab.close()
    tab.stdin = False
    tab.cell("'alone'", "alone")
    with another(tab) as back:
        assert back.arrive() == []
        assert back.runs_unasked("'later'", "later") == []
    assert [event["event"] for event in written(tmp_path)] == [
        *("session_started", "cell_executed", "session_ended")
    ]


def test_a_page_that_is_left_and_shown_again_is_as_before(tab: Tab, tmp_path: Path) -> None:
    for told in ({**TOLD, "student": None, "left": True}, TOLD):
        tab.answers_to(tab.say("page", told))
    assert tab.runs_unasked("'again'", "again") == []
    assert [m["event"] for m in tab.cell("_telemetry_capture('live')")] == ["live"]
    assert not files(tmp_path).exists()


def test_a_page_that_was_left_and_loaded_again_goes_on(tab: Tab, tmp_path: Path) -> None:
    tab.answers_to(tab.say("page", {**TOLD, "student": None, "left": True}))
    with another(tab) as loaded:
        assert cells(loaded.hears_call("'loaded'", "loaded")) == ["loaded"]
        assert loaded.runs_unasked("'later'", "later") == []
    assert not files(tmp_path).exists()


def test_a_page_is_asked_though_the_kernel_reports_to_another_client(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        tab.stdin = False
        tab.cell(CALL, "setup")
        tab.stdin = True
        # Who was asked is not asked again.
        assert tab.runs_unasked(CALL, "again") == []
        with another(tab) as page:
            assert page.hears_call(CALL, "of the page") == []
            assert page.runs_unasked("'later'", "later") == []
    assert cells(written(tmp_path)) == ["setup", "again", "of the page"]


def test_a_call_with_a_name_that_will_not_do_changes_nothing(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        tab.stdin = False
        tab.cell(f"{CALL[:-1]}, host='http://127.0.0.1:9/first', api_key='phc_first')", "setup")
        bad = "setup_telemetry('D1', 'http://127.0.0.1:9/bad', 'phc_bad', student_name='A B')"
        tab.cell(bad, "bad")
        assert tab.reply["ename"] == "ValueError"
        # When a page has come and gone, it is known where the session's own call sent.
        tab.arrive()
        tab.runs_unasked("'of the page'", "of the page")
        tab.close()
        tab.cell("'after'", "after")
        assert "ipynb-telemetry: the page has gone, on for JOHN-DOE in D1, " in tab.shown()
        assert "events go to http://127.0.0.1:9/first\n" in tab.shown()


def test_a_notebook_that_is_not_to_be_tracked_ends_what_the_kernel_reports(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        tab.stdin = False
        tab.cell(CALL, "setup")
        with another(tab) as page:
            msg_id = page.send(CALL, "no")
            page.say(page.called(msg_id), {"answer": "off"})
            page.answers_to(msg_id)
            assert page.runs_unasked("'later'", "later") == []
    assert [event["event"] for event in written(tmp_path)] == [
        *("session_started", "cell_executed", "session_ended")
    ]


def test_who_named_nobody_is_not_reported_when_the_page_has_gone(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        assert tab.hears_call_of_nobody(CALL) == []
        tab.close()
        assert tab.runs_unasked("'after'", "after") == []
        with another(tab) as other:
            assert other.runs_unasked("'other'", "other") == []
            assert cells(other.hears_call(CALL, "again")) == ["again"]
    assert not files(tmp_path).exists()


def test_who_no_longer_agrees_is_not_reported_when_the_page_has_gone(
    tab: Tab, tmp_path: Path
) -> None:
    tab.close()
    with another(tab) as back:
        back.hears_call("'back'", "back")
        back.answers_to(back.say("another", {**TOLD, "student": None}))
        back.close("another")
    with another(tab) as third:
        assert third.runs_unasked("'third'", "third") == []
    assert not files(tmp_path).exists()


def test_a_page_whose_notebook_says_no_is_asked_once(tab: Tab, tmp_path: Path) -> None:
    tab.close()
    with another(tab) as back:
        msg_id = back.send("'first'", "first")
        back.say(back.called(msg_id), {"answer": "off"})
        back.answers_to(msg_id)
        assert back.runs_unasked("'second'", "second") == []
    assert not files(tmp_path).exists()


def test_a_second_page_that_calls_is_tracked_beside_the_first(tab: Tab, tmp_path: Path) -> None:
    with another(tab) as second:
        assert second.runs_unasked("'not called'", "not called") == []
        msg_id = second.send(CALL, "second")
        second.say(second.called(msg_id), {"answer": "here", "version": 1})
        second.answers_to(msg_id)
        # Until the second page has told, each of the two has what it asked for.
        assert tab.runs_unasked("_telemetry_capture('of_first')", "first")[0]["event"] == "of_first"
        second.runs_unasked("_telemetry_capture('of_second')", "more")
        kept = second.arrive()
        assert [(m["comm"], m["event"]) for m in kept] == [
            ("another", name) for name in ("cell_executed", "of_second", "cell_executed")
        ]
        assert cells(kept) == ["second", "more"]
        for page in (tab, second):
            assert page.runs_unasked("'later'", "later") == []
            assert [m["event"] for m in page.runs_unasked(CALL, "again")] == []
        # And one goes: the other stays, and what a stranger runs is nobody's.
        tab.close()
        assert second.runs_unasked("'still'", "still") == []
        with another(tab, "stranger") as stranger:
            stranger.stdin = False
            assert stranger.runs_unasked("'stranger'", "stranger") == []
    assert not files(tmp_path).exists()


def test_where_the_page_says_that_the_flag_is_gone_the_kernel_ends_its_own(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        tab.stdin = False
        tab.cell(CALL, "setup")
        tab.arrive(student=None)
        tab.answers_to(tab.say("page", {"off": True}))
        assert tab.runs_unasked("'after'", "after") == []
    assert [event["event"] for event in written(tmp_path)] == [
        *("session_started", "cell_executed", "session_ended")
    ]


def test_where_the_page_says_that_the_flag_is_gone_nobody_goes_on(tab: Tab, tmp_path: Path) -> None:
    tab.answers_to(tab.say("page", {"off": True}))
    tab.close()
    tab.stdin = False
    # Neither is anybody asked, nor does the kernel report by itself.
    assert tab.runs_unasked("'after'", "after") == []
    with another(tab) as other:
        assert other.runs_unasked("'other'", "other") == []
        # A new call is a new beginning.
        assert cells(other.hears_call(CALL, "again")) == ["again"]
    assert not files(tmp_path).exists()
