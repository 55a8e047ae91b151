# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Settings that a page tells a kernel: they bind the kernel, with the page and after it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ..support.fakeposthog import FakePostHog
from .directkernel import environment, files, names, running, written
from .tabs import CALL, TOLD, Tab, cells, page_of

TEST = (
    "@tracked_test('t')\ndef test(): assert False, 'told'\ntry: test()\nexcept BaseException: pass"
)


def tell(tab: Tab, **settings: Any) -> None:
    tab.answers_to(tab.say("page", {**TOLD, "version": 2, "settings": settings}))


def events(tab: Tab, code: str) -> list[dict[str, Any]]:
    return [m for m in tab.runs_unasked(code, "cell") if "event" in m]


def test_the_settings_of_a_page_bind_while_it_is_there_and_follow_its_changes(tab: Tab) -> None:
    tell(tab, events={"test_failed": False})
    assert [m["event"] for m in events(tab, f"{TEST}\n_telemetry_capture('hint')")] == ["hint"]
    tell(tab, captureOutput=False)
    (failed,) = events(tab, TEST)
    assert failed["properties"]["error"] == {"name": "AssertionError", "value": "", "traceback": ""}
    tell(tab, isPaused=True)
    assert events(tab, f"{TEST}\n_telemetry_capture('hint')") == []
    tell(tab)
    assert [m["event"] for m in events(tab, TEST)] == ["test_failed"]


def test_secrets_of_the_courses_own_go_as_the_page_says(tab: Tab, tmp_path: Path) -> None:
    tell(tab, secretPatterns="EXAM-[A-Z0-9]{4}")
    tab.close()
    tab.stdin = False
    tab.cell("print('EXAM-AB12')", "after")
    tab.manager.shutdown_kernel()
    assert "AB12" not in json.dumps(written(tmp_path))


@pytest.mark.parametrize(
    ("said", "is_kept"),
    [("course = 'Biology'", True), ("keep_secrets = true", True), ("keep_secrets = false", False)],
)
def test_what_an_administrator_lets_stay_only_the_course_file_s_no_takes_out(
    tab: Tab, tmp_path: Path, said: str, is_kept: bool
) -> None:
    (tmp_path / "ipynb-telemetry.toml").write_text(said, "utf-8")
    tab.cell(f"import os; os.chdir({str(tmp_path)!r})")
    tell(tab, keepSecrets=True)
    tab.close()
    tab.stdin = False
    secret = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    tab.cell(f"{CALL}\nvalue = {secret!r}", "after")
    tab.manager.shutdown_kernel()
    assert (secret in json.dumps(written(tmp_path))) is is_kept


def test_what_a_page_switched_off_the_kernel_does_not_record_alone(
    tab: Tab, tmp_path: Path
) -> None:
    tell(tab, captureCode=False, captureOutput=False, events={"test_failed": False})
    tab.close()
    tab.stdin = False
    tab.cell(f"print('shown')\n{TEST}", "after")
    assert "the page has gone, on for" in tab.shown()
    tab.manager.shutdown_kernel()
    recorded = written(tmp_path)
    assert cells(recorded) == ["after"]
    assert "test_failed" not in names(recorded)
    assert not {"code", "output"} & recorded[1]["properties"].keys()
    assert "shown" not in json.dumps(recorded)


@pytest.mark.parametrize("settings", [{"isPaused": True}, {"isDeclined": True}, {"events": 7}])
def test_where_the_page_recorded_nothing_the_kernel_does_not_either(
    tab: Tab, tmp_path: Path, settings: dict[str, Any]
) -> None:
    tell(tab, **settings)
    tab.close()
    tab.stdin = False
    tab.cell("print('shown')", "after")
    told = "ipynb-telemetry: the page has gone, nothing is recorded" in tab.shown()
    assert told is ("isDeclined" not in settings)  # who said no need not be told
    tab.cell(CALL, "again")
    tab.cell("'last'", "last")
    tab.manager.shutdown_kernel()
    assert not files(tmp_path).exists()


def test_who_declines_in_a_page_ends_what_the_kernel_reports(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        tab.stdin = False
        tab.cell(CALL, "setup")
        tab.arrive(student=None, settings={"isDeclined": True})
        tab.cell("'after'", "after")
    assert cells(written(tmp_path)) == ["setup"]


def test_opt_in_keeps_nothing_for_a_page_before_somebody_agreed(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        msg_id = tab.send(CALL, "setup")
        tab.say(tab.called(msg_id), {"answer": "here", "version": 2})
        tab.answers_to(msg_id)
        opt_in = {"consent": "opt-in"}
        assert tab.arrive(student=None, version=2, settings=opt_in) == []
        assert tab.runs_unasked("_telemetry_capture('early')", "early") == []
        message = {**TOLD, "version": 2, "settings": opt_in}
        msg_id = tab.say("page", message)
        assert [m for m in tab.answers_to(msg_id) if "event" in m] == []
        assert [m["event"] for m in events(tab, "_telemetry_capture('later')")] == ["later"]


@pytest.mark.parametrize("is_same", [True, False])
def test_consent_of_a_page_holds_for_its_destination_only(
    tmp_path: Path, posthog: FakePostHog, is_same: bool
) -> None:
    env = environment(tmp_path)
    del env["IPYNB_TELEMETRY_CONSENT"]
    call = f"{CALL[:-1]}, host={posthog.host!r}, api_key='phc_called')"
    with running(env, cwd=str(tmp_path), student=Tab) as tab:
        tab.hears_call(call, "setup")
        place = posthog.host.partition("//")[2] if is_same else "elsewhere.example"
        tell(tab, destination=place)
        tab.close()
        tab.stdin = False
        tab.cell("'after'", "after")
        words = "events go to" if is_same else "nothing is recorded: nobody has agreed to what"
        assert words in tab.shown()
    assert bool(posthog.requests) is is_same
