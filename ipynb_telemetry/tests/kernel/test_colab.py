# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Blur and focus in Colab: what an output's frame tells the kernel of its tab."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.bootstrap import _FRAME

from .directkernel import ANN, IMPORT, Student, environment, running, written

STARTUP = Path(__file__).with_name("colabstartup.py")


# How Colab's page asks for a call is not public; whichever it is, it is no run of a cell. That an
# answer has `data` and `metadata` speaks for the first.
WAYS = ["expression", "silent", "unstored"]


class Tab(Student):
    """A tab of Colab, in whose output frames scripts run."""

    def frames(self) -> list[dict[str, Any]]:
        return [shown["data"] for shown in self.contents("display_data")]

    def invoke(self, *args: Any, way: str = "expression") -> str:
        """As `google.colab.kernel.invokeFunction` does; gives how it ended."""
        call = (
            "__import__('google.colab.output._js', fromlist=['_js'])._invoke_function("
            f"'ipynb_telemetry', {json.dumps(args)!r}, '{{}}')"
        )
        is_expression = way == "expression"
        self.cell(
            "" if is_expression else call,
            silent=way == "silent",
            store_history=False,
            user_expressions={"called": call} if is_expression else {},
        )
        assert {answer["msg_type"] for answer in self.answers} <= {"status", "execute_input"}
        answer = self.reply["user_expressions"]["called"] if is_expression else self.reply
        return answer["status"]

    def turn(self, hidden: bool, **kwargs: Any) -> float:
        """The tab is hidden or shown: gives when, by its clock."""
        at = time.time() - self.clock
        assert self.invoke(hidden, at * 1000, **kwargs) == "ok"
        return at


@pytest.fixture
def tab(tmp_path: Path) -> Iterator[Tab]:
    env = environment(tmp_path)
    startup = Path(env["IPYTHONDIR"], "profile_default", "startup")
    startup.mkdir(parents=True)
    (startup / "colab.py").write_bytes(STARTUP.read_bytes())
    with running(env, student=Tab, cwd=str(tmp_path)) as tab:
        yield tab


def told(tab: Tab, folder: Path) -> list[dict[str, Any]]:
    tab.manager.shutdown_kernel()
    return written(folder)


def turns(events: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    own = ("student_id", "notebook", "session_id", "seq", "active_ms")
    return [
        (e["event"], {name: value for name, value in e["properties"].items() if name not in own})
        for e in events
        if e["event"] in ("blur", "focus")
    ]


def seconds(event: dict[str, Any]) -> float:
    return datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00")).timestamp()


@pytest.mark.parametrize("way", WAYS)
def test_a_tab_that_is_left_and_shown_again_is_a_blur_and_a_focus(
    tab: Tab, tmp_path: Path, way: str
) -> None:
    tab.set_up()
    (frame,) = tab.frames()
    assert frame == _FRAME  # in a browser it is tried by ui-tests/tests/colabframe.spec.ts
    tab.turn(True, way=way)
    tab.turn(False, way=way)
    tab.cell("'after'")
    events = told(tab, tmp_path)
    assert [e["event"] for e in events] == [
        *("session_started", "cell_executed", "blur", "focus", "cell_executed", "session_ended")
    ]
    blur, focus = turns(events)
    assert blur == ("blur", {"reason": "page_hidden"})
    away_ms = round((seconds(events[3]) - seconds(events[2])) * 1000)
    assert focus[1]["away_ms"] == pytest.approx(away_ms, abs=1)
    assert focus == ("focus", {"reason": "page_hidden", "away_ms": focus[1]["away_ms"]})
    # The frame is no output of the student's, and a call of it is no run.
    line = "ipynb-telemetry: on for ANN-LEE in D1, events stay in \u2026/events.jsonl\n"
    assert events[1]["properties"]["output"] == line
    assert events[4]["properties"]["code"] == "'after'"


@pytest.mark.parametrize("clock", [0.0, 3600.0, -3600.0])
def test_what_happens_while_a_cell_runs_is_told_with_its_own_times(
    tab: Tab, tmp_path: Path, clock: float
) -> None:
    tab.clock = clock
    tab.set_up()
    begun = time.time() - clock
    tab.cell("import time; time.sleep(1)")
    assert tab.invoke(True, (begun + 0.3) * 1000) == "ok"
    assert tab.invoke(False, (begun + 0.7) * 1000) == "ok"
    *_, blur, focus, _ = told(tab, tmp_path)
    # The least wait of a message is taken for none.
    assert seconds(blur) == pytest.approx(begun + clock + 0.3, abs=0.25)
    assert focus["properties"]["away_ms"] == pytest.approx(400, abs=1)
    assert seconds(focus) - seconds(blur) == pytest.approx(0.4, abs=0.002)


def test_a_time_that_cannot_be_is_held_within_the_session(tab: Tab, tmp_path: Path) -> None:
    tab.set_up()
    for hidden, at in ((True, -1e300), (False, 1e300), (True, 0), (False, float("inf"))):
        assert tab.invoke(hidden, at) == "ok"
    events = told(tab, tmp_path)
    times = [seconds(e) for e in events if e["event"] in ("blur", "focus")]
    assert times == sorted(times)
    assert time.time() - 120 < times[0] <= times[-1] <= time.time()
    assert all(0 <= away["away_ms"] < 120_000 for name, away in turns(events) if name == "focus")


MALFORMED: list[list[Any]] = [
    *([], [True], [True, 1, 2], [None, 1], ["true", 1], [1, 1], [0, 1], [{}, 1], [[True], 1]),
    *([True, None], [True, "1"], [True, {}], [True, 10**400]),
]


@pytest.mark.parametrize("way", WAYS)
def test_what_is_malformed_is_ignored(tab: Tab, tmp_path: Path, way: str) -> None:
    tab.set_up()
    for args in MALFORMED:
        assert tab.invoke(*args, way=way) == "ok"
    tab.turn(True)
    assert [name for name, _ in turns(told(tab, tmp_path))] == ["blur"]


def test_a_tab_that_was_not_left_does_not_come_back(tab: Tab, tmp_path: Path) -> None:
    tab.set_up()  # in the background
    tab.turn(False)
    assert turns(told(tab, tmp_path)) == []


def test_several_frames_of_one_tab_tell_of_one_leave(tab: Tab, tmp_path: Path) -> None:
    tab.set_up()
    tab.set_up()
    assert len(tab.frames()) == 1  # of the second: Colab has cleared the first
    for hidden in (True, True, False, False):
        tab.turn(hidden)
    assert [name for name, _ in turns(told(tab, tmp_path))] == ["blur", "focus"]


def test_each_session_has_its_own(tab: Tab, tmp_path: Path) -> None:
    tab.set_up()
    tab.turn(True)
    tab.set_up('skip_name_prompt=True, student_name="John Doe"', "D2")
    tab.turn(False)
    tab.turn(True)
    events = told(tab, tmp_path)
    assert [name for name, _ in turns(events)] == ["blur", "blur"]
    assert [
        (e["properties"]["notebook"], e["distinct_id"]) for e in events if e["event"] == "blur"
    ] == [("D1", "ANN_LEE"), ("D2", "JOHN_DOE")]


def test_who_has_given_no_name_is_not_watched(tab: Tab, tmp_path: Path) -> None:
    call = tab.send(f"{IMPORT}setup_telemetry('D1')")
    tab.answer("cancel")
    tab.answers_to(call)
    assert "output, and test results, and when you leave and return. Your" in tab.shown()
    assert tab.frames() == []
    # Nor by a frame of an earlier kernel: its call ends in an error that Colab shows nobody.
    assert tab.invoke(True, 1) == "error"
    tab.set_up()
    assert [e["event"] for e in told(tab, tmp_path)][:1] == ["session_started"]


def test_who_is_not_tracked_any_more_is_not_watched(tab: Tab, tmp_path: Path) -> None:
    tab.set_up()
    tab.cell("import ipynb_telemetry.bootstrap as b; b._switch_off()")
    tab.turn(True)
    assert turns(told(tab, tmp_path)) == []


def test_a_flood_is_cut_and_counted(tab: Tab, tmp_path: Path) -> None:
    tab.set_up()
    tab.cell(
        "import json\nfrom google.colab.output import _js\nfor n in range(3_000):\n"
        "    _js._invoke_function('ipynb_telemetry', json.dumps([n % 2 == 0, n]), '{}')"
    )
    events = told(tab, tmp_path)
    dropped = sum(e["properties"]["count"] for e in events if e["event"] == "events_dropped")
    assert len(turns(events)) < 1_500
    assert dropped > 500


def test_elsewhere_nothing_is_shown(tmp_path: Path) -> None:
    with running(environment(tmp_path), student=Tab, cwd=str(tmp_path)) as tab:
        tab.stdin = False
        assert f"on for ANN-LEE in D1, events stay in {tmp_path}" in tab.set_up(ANN)
        assert tab.frames() == []
