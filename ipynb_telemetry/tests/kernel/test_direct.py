# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""setup_telemetry in a real kernel that no page of ours stands in front of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from ipynb_telemetry.bootstrap import _Direct, _Run

from ..support.fakeposthog import FakePostHog
from .directkernel import ANN, IMPORT, Student, environment, running, runs, written
from .frontend import SOURCE


def test_the_name_is_asked_for_until_it_will_do_and_never_again(tmp_path: Path) -> None:
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        msg_id = student.send("from ipynb_telemetry.bootstrap import *\nsetup_telemetry('D1')")
        prompts = student.answer("", "Zoë", "ann ", " lee-marie")
        assert prompts == ["First name: ", "First name: ", "First name: ", "Last name: "]
        student.answers_to(msg_id)
        lines = student.shown().splitlines()
        assert lines[:2] == [
            "Your course records what you do in this notebook: which cells you run with their code "
            "and output, and test results. Your instructor uses it to help you. "
            "Your records stay in a file "
            "where this kernel runs.",
            "Type cancel instead of a name, and nothing is recorded.",
        ]
        assert lines[2:4] == ["Both names are required", "English letters only"]
        assert lines[4].startswith("ipynb-telemetry: on for ANN-LEE-MARIE in D1, events stay in ")
        student.stdin = False  # a prompt would be an error
        assert "on for ANN-LEE-MARIE in D2" in student.set_up("", "D2")
        assert student.value("STUDENT_ID") == "ANN_LEE-MARIE"
    names = [(e["event"], e["properties"]["notebook"]) for e in written(tmp_path)]
    assert names == [
        ("session_started", "D1"),
        ("consent_given", "D1"),
        ("cell_executed", "D1"),
        ("session_ended", "D1"),
        ("session_started", "D2"),
        ("cell_executed", "D2"),
        ("cell_executed", "D2"),
        ("session_ended", "D2"),
    ]


def test_three_bad_names_are_an_error_and_nothing_is_kept(tmp_path: Path) -> None:
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        msg_id = student.send("from ipynb_telemetry.bootstrap import *\nsetup_telemetry('D1')")
        student.answer("A", "B", "C")
        student.answers_to(msg_id)
        reply = student.reply_to(msg_id)
        assert reply["ename"] == "ValueError"
        assert "At least two letters. Run this cell again" in reply["evalue"]
    assert not (tmp_path / "data" / "ipynb-telemetry").exists()


def test_who_is_asked_reads_the_courses_notice_and_may_cancel(
    tmp_path: Path, posthog: FakePostHog
) -> None:
    text = f"privacy_notice = 'We look.'\nhost = '{posthog.host}'\napi_key = 'phc_course'"
    (tmp_path / "ipynb-telemetry.toml").write_text(text, "utf-8")
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        for names in (("cancel",), ("Ann", " Cancel ")):
            msg_id = student.send("from ipynb_telemetry.bootstrap import *\nsetup_telemetry('D1')")
            student.answer(*names)
            student.answers_to(msg_id)
            assert student.reply_to(msg_id)["status"] == "ok"
            notice, _, line = student.shown().splitlines()
            assert notice == f"We look. Your records are sent to PostHog at {posthog.host}."
            assert "nothing is tracked, as you chose. Run this cell again to change that" in line
        student.cell("'quiet'", "quiet")
        assert student.value("STUDENT_ID") is None
        assert "events go to" in student.set_up()
    posthog.wait_until(
        lambda: posthog.accepted[-1:] and posthog.accepted[-1]["event"] == "session_ended"
    )
    assert len(runs(posthog.accepted)) == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", "nobody can be asked"),
        ("skip_name_prompt=True", "needs a name"),
        ("student_name='Ann'", "Both names are required"),
        ("student_name='Mary Ann Lee'", "put _ between"),
        ("student_name='MARY ANN-LEE'", "put _ between"),
        ("student_name='Ann_L'", "At least two letters"),
        ("student_name='Ann Müller'", "English letters only"),
        ("student_name=3", "Both names are required"),
    ],
)
def test_where_nobody_can_be_asked_it_is_an_error_at_once(
    student: Student, arguments: str, words: str
) -> None:
    student.set_up(arguments)
    assert student.reply["ename"] == "ValueError"
    assert words in student.reply["evalue"]


@pytest.mark.parametrize("name", ["Ann Lee", "ANN-LEE", "ANN_LEE", " ann   lee "])
def test_a_name_may_be_given_in_these_forms(student: Student, name: str) -> None:
    assert "on for ANN-LEE in D1" in student.set_up(f"student_name={name!r}")


@pytest.mark.parametrize(
    ("name", "student_id"),
    [("MARY ANN_LEE", "MARY ANN_LEE"), ("Ann Lee-Marie", "ANN_LEE-MARIE")],
)
def test_a_name_of_more_parts_is_told_apart(student: Student, name: str, student_id: str) -> None:
    student.set_up(f"student_name={name!r}")
    assert student.value("STUDENT_ID") == student_id


@pytest.mark.parametrize("bad", ["''", "'a/b'", "'a\\nb'", "'x' * 201", "None", "7"])
def test_a_bad_notebook_id_is_an_error(student: Student, bad: str) -> None:
    student.cell(f"from ipynb_telemetry.bootstrap import *\nsetup_telemetry({bad}, {ANN})")
    assert student.reply["ename"] == "ValueError"


def test_calling_it_again_doubles_nothing(student: Student, tmp_path: Path) -> None:
    student.set_up()
    for _ in range(2):
        student.cell(f"exec({SOURCE!r})\nsetup_telemetry('D1')")
        assert student.reply["status"] == "ok"
    student.cell("'last'", "last")
    student.manager.shutdown_kernel()
    events = written(tmp_path)
    assert [e["event"] for e in events].count("session_started") == 1
    assert [run["cell_id"] for run in runs(events)].count("last") == 1
    assert len({event["uuid"] for event in events}) == len(events) == 6


TELLING = """
import os
@tracked_test("reads Bearer a1b2c3d4e5f6")
def test(): raise ValueError("gr33n-apples " + os.environ["WEATHER_API_KEY"])
password = "gr33n-apples"
print(password, os.environ["WEATHER_API_KEY"])
_telemetry_capture("quiz", {"deep": [os.environ["WEATHER_API_KEY"]]})
test()
"""


def test_no_secret_leaves_in_code_output_errors_tests_and_own_events(
    student: Student, tmp_path: Path
) -> None:
    student.set_up()
    student.cell("import os; os.environ['WEATHER_API_KEY'] = '0123abcd' + '4567ef89'")
    student.cell(TELLING, "telling")
    student.manager.shutdown_kernel()
    events = written(tmp_path)
    told = json.dumps(events)
    assert not [each for each in ("gr33n", "0123abcd4567", "a1b2c3d4") if each in told]
    redacted = {e["event"]: e["properties"].get("redacted") for e in events}
    assert redacted["quiz"] == 1
    assert redacted["session_started"] is None
    assert redacted["test_failed"] >= 4
    assert redacted["cell_executed"] >= 4


FLOOD = """
@tracked_test("t")
def test(): pass
from contextlib import redirect_stdout
import os
with redirect_stdout(open(os.devnull, "w")):
    for i in range(600):
        test()
        _cell(i)
        _telemetry_capture("flood", {"i": i})
"""


def test_a_flood_is_cut_and_told_of_and_no_run_is(student: Student, tmp_path: Path) -> None:
    student.set_up()
    student.cell(FLOOD, "flood")
    student.cell("'calm'", "calm")
    student.manager.shutdown_kernel()
    events = written(tmp_path)
    (dropped,) = (e["properties"] for e in events if e["event"] == "events_dropped")
    kinds = ("flood", "test_passed", "cell_marked")
    passed = [e["properties"] for e in events if e["event"] in kinds]
    assert dropped["reason"] == "rate"
    assert len(passed) + dropped["count"] == 1_800
    assert 1_000 <= len(passed) < 1_500  # some more for each second it takes
    assert [e["properties"]["seq"] for e in events] == list(range(1, len(events) + 1))
    assert [run["cell_id"] for run in runs(events)[1:]] == ["flood", "calm"]


def test_a_flood_that_goes_on_passes_at_fifty_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    direct = _Direct({"id": "ANN_LEE", "name": "ANN-LEE"}, "D1", None)
    assert sum(direct._admit() for _ in range(2_000)) == 1_000
    now += 2
    assert sum(direct._admit() for _ in range(2_000)) == 100
    now += 3_600
    assert sum(direct._admit() for _ in range(2_000)) == 1_000


class Worked:
    """Stands for a delivery, and notes the time worked that events tell."""

    notice = ""

    def __init__(self) -> None:
        self.ms: list[int] = []

    def put(self, event: dict[str, Any], _: Any) -> None:
        self.ms.append(event["properties"]["active_ms"])


def test_each_event_tells_the_time_worked_and_none_less_than_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    monkeypatch.setattr("time.perf_counter", lambda: now)
    worked = Worked()
    direct = _Direct({"id": "ANN_LEE", "name": "ANN-LEE"}, "D1", cast("Any", worked))

    def told_after(seconds: float) -> int:
        nonlocal now
        now += seconds
        direct.capture("told", {})
        return worked.ms[-1]

    # A pause counts for a minute, and no event ends it.
    assert [told_after(0), told_after(40), told_after(3_600)] == [0, 40_000, 60_000]
    run = direct.runs._run = _Run({}, "1")
    assert [told_after(600), told_after(600)] == [660_000, 1_260_000]
    now = run.ended = now + 60
    direct.runs._finish(run)
    assert worked.ms[-1] == 1_320_000
    # Not told of until it has ended.
    run = direct.runs._run = _Run({}, "2")
    now = run.ended = now + 300
    direct.runs._finish(run)
    assert (worked.ms[-1], told_after(30)) == (1_620_000, 1_650_000)
    # A run that is never reported was work all the same.
    direct.runs._run = _Run({}, "3")
    told_after(900)
    direct.runs._run = None
    assert told_after(10) == 2_560_000
    direct.runs._run = _Run({}, "4")
    now += 120
    monkeypatch.setattr(direct.runs, "stop", lambda: setattr(direct.runs, "_run", None))
    direct.end()
    assert worked.ms[-1] == 2_680_000
    assert worked.ms == sorted(worked.ms)


def test_an_old_ipython_gives_its_hooks_no_argument(student: Student, tmp_path: Path) -> None:
    student.cell(
        "trigger = type(get_ipython().events).trigger\n"
        "def bare(self, event, *args, **kwargs): trigger(self, event)\n"
        "type(get_ipython().events).trigger = bare"
    )
    student.set_up()
    student.cell("print(1)\n2")
    student.cell("1 / 0")
    student.manager.shutdown_kernel()
    _, fine, failed = runs(written(tmp_path))
    assert (fine["code"], fine["output"], fine["status"]) == ("print(1)\n2", "1\n2\n", "ok")
    assert (failed["status"], failed["error"]["name"]) == ("error", "ZeroDivisionError")


@pytest.mark.parametrize(
    ("before", "app"),
    [
        ("import sys, types; sys.modules['google.colab'] = types.ModuleType('colab')", "colab"),
        ("__vsc_ipynb_file__ = '/nowhere/lesson.ipynb'", "vscode"),
    ],
)
def test_where_no_page_ever_answers_none_is_asked(tmp_path: Path, before: str, app: str) -> None:
    with running(environment(tmp_path), cwd=str(tmp_path)) as student:
        student.cell(before)
        student.set_up()
        assert "comm_open" not in {answer["msg_type"] for answer in student.answers}
    assert written(tmp_path)[0]["properties"]["app"] == app


@pytest.mark.parametrize(
    ("env", "cell_id", "app"),
    [
        ({}, "vscode-notebook-cell:/home/ann/D1.ipynb#W0", "vscode"),
        ({"VSCODE_PID": "1"}, None, "vscode"),
        # Jupyter was started in a terminal of VS Code.
        ({"VSCODE_PID": "1", "JPY_SESSION_NAME": "D1.ipynb"}, None, "kernel"),
    ],
)
def test_vs_code_is_known_by_each_of_its_signs(
    tmp_path: Path, env: dict[str, str], cell_id: str | None, app: str
) -> None:
    clean = {n: v for n, v in environment(tmp_path).items() if not n.startswith("VSCODE_")}
    clean.pop("JPY_SESSION_NAME", None)
    with running({**clean, **env}, cwd=str(tmp_path)) as student:
        student.stdin = app != "kernel"  # whom nobody answers; VS Code's is not asked
        student.cell(f"{IMPORT}setup_telemetry('D1', {ANN})", cell_id)
        assert "comm_open" not in {answer["msg_type"] for answer in student.answers}
    assert written(tmp_path)[0]["properties"]["app"] == app
