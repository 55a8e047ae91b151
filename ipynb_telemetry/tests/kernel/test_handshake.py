# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The kernel calls first: a real kernel, and a front end of messages that answers or does not."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Any

import pytest

from .directkernel import environment, running, written
from .frontend import SOURCE
from .kernelpython import NEWEST
from .tabs import CALL, TOLD, Page, hooks, page_of

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "ipynb-telemetry")


def test_where_no_message_comes_while_a_cell_runs_the_page_is_asked_all_the_same(
    tmp_path: Path,
) -> None:
    in_browser = "from ipynb_telemetry import bootstrap\nbootstrap._IN_BROWSER = True\n"
    with page_of(tmp_path) as page:
        first = page.send(in_browser + CALL, "setup")
        comm_id = page.called(first)
        page.answers_to(first)
        answer = page.say(comm_id, {"answer": "here", "version": 1})
        assert page.iopub("comm_msg", answer)["content"]["data"] == {"accept": True}


def test_a_page_that_is_here_gets_all_that_ran_and_what_ran_is_reported_once(
    tmp_path: Path,
) -> None:
    with page_of(tmp_path) as page:
        before = hooks(page)
        first = page.send(CALL, "setup")
        comm_id = page.called(first)
        # Run All: these wait in the kernel's queue before the answer is there, and behind it.
        queued = [page.send("print('one')\n1 / 0", "one"), page.send("_telemetry_capture('hint')")]
        page.say(comm_id, {"answer": "here", "version": 1})
        assert page.iopub("comm_msg", first)["content"]["data"] == {"accept": True}
        page.answers_to(queued[-1])
        assert hooks(page) != before
        buffered = [m for m in page.attach() if "event" in m]
        later = page.cell("'later'", "later")
        assert hooks(page) == before
        tests = page.cell("_telemetry_capture('live')")
        assert page.value("STUDENT_ID") == "JOHN_DOE"
    assert later == []
    assert [(m["event"], m.get("buffered")) for m in tests] == [("live", None)]
    assert [m["event"] for m in buffered] == [
        *("cell_executed", "cell_executed", "hint", "cell_executed")
    ]
    assert all(m["buffered"] is True and m["comm"] == "page" for m in buffered)
    setup, one, _, _ = buffered
    for run, msg_id in ((setup, first), (one, queued[0])):
        assert run["uuid"] == str(uuid.uuid5(NAMESPACE, f"cell_executed:{msg_id}"))
    properties = one["properties"]
    assert (properties["cell_id"], properties["output"][:4]) == ("one", "one\n")
    assert (properties["status"], properties["error"]["name"]) == ("error", "ZeroDivisionError")
    assert not (tmp_path / "data" / "ipynb-telemetry").exists()


# An answer that the kernel's own thread takes in before the cell that opened the Comm goes on.
SLOW = """
import comm, time
create = comm.create_comm
def create_comm(*args, **kwargs):
    made = create(*args, **kwargs)
    time.sleep(0.5)
    return made
comm.create_comm = create_comm
"""


def test_the_newest_ipykernel_hears_an_answer_that_is_there_at_once(tmp_path: Path) -> None:
    with running(environment(tmp_path), NEWEST.environment(), Page, cwd=str(tmp_path)) as page:
        page.run(SLOW, silent=True)
        first = page.send(CALL, "setup")
        page.say(page.called(first), {"answer": "here", "version": 1})
        page.answers_to(first)
        assert {"accept": True} in [c["data"] for c in page.contents("comm_msg")]


def test_runs_that_were_queued_before_the_page_told_are_still_the_kernels(tmp_path: Path) -> None:
    with page_of(tmp_path) as page:
        first = page.send(CALL, "setup")
        page.say(page.called(first), {"answer": "here", "version": 1})
        page.answers_to(first)
        page.load(SOURCE)
        slow = page.send("import time; time.sleep(0.5)", "slow")
        queued = page.send("'queued'", "queued")
        content = {"comm_id": "page", "target_name": "ipynb_telemetry", "data": TOLD}
        opened = page.client.session.msg("comm_open", content)
        # The page tells while two runs wait; one of them has not begun when the kernel hears it.
        page.client.shell_channel.send(opened)
        late = page.send("'late'", "late")
        reported = []
        for msg_id in (slow, queued, opened["header"]["msg_id"], late):
            reported += [m for m in page.answers_to(msg_id) if "event" in m]
    cells = [m["properties"]["cell_id"] for m in reported]
    assert cells == ["setup", "slow", "queued"]


@pytest.mark.parametrize("answer", ["closed", "silence"])
def test_where_nobody_answers_the_kernel_reports_and_a_late_answer_changes_nothing(
    tmp_path: Path, answer: str
) -> None:
    with page_of(tmp_path) as page:
        started = time.monotonic()
        first = page.send(CALL, "setup")
        comm_id = page.called(first)
        if answer == "closed":
            page.say(comm_id, {}, "comm_close")
        else:
            assert page.iopub("comm_close", first)["content"]["comm_id"] == comm_id
            assert time.monotonic() - started > 2
        page.answers_to(first)
        assert "on for ANN-LEE in D1" in page.shown() or answer == "silence"
        late = page.say(comm_id, {"answer": "here", "version": 1})
        assert page.answers_to(late) == []
        assert page.cell("'more'", "more") == []
    assert [event["event"] for event in written(tmp_path)] == [
        *("session_started", "cell_executed", "cell_executed", "session_ended")
    ]


def test_a_page_may_say_that_the_notebook_is_not_to_be_tracked(tmp_path: Path) -> None:
    with page_of(tmp_path) as page:
        before = hooks(page)
        first = page.send("from ipynb_telemetry.bootstrap import *\nsetup_telemetry('D1')")
        page.say(page.called(first), {"answer": "off"})
        page.answers_to(first)
        assert "is not to be tracked, and it is not" in page.shown()
        assert hooks(page) == before
    assert not (tmp_path / "data" / "ipynb-telemetry").exists()


@pytest.mark.parametrize("data", [None, 7, {}, {"answer": "yes"}, {"answer": ["here"]}])
def test_a_malformed_answer_is_none(tmp_path: Path, data: Any) -> None:
    with page_of(tmp_path) as page:
        first = page.send(CALL)
        comm_id = page.called(first)
        page.say(comm_id, data)
        page.say(str(uuid.uuid4()), {"answer": "here"})
        assert page.iopub("comm_close", first)["content"]["comm_id"] == comm_id
        page.answers_to(first)
    assert written(tmp_path)[0]["event"] == "session_started"


def test_a_page_that_tells_a_student_ends_what_the_kernel_reports_by_itself(tmp_path: Path) -> None:
    with page_of(tmp_path) as page:
        page.stdin = False
        page.cell(CALL, "setup")
        assert page.attach() == [{"ready": True, "version": 2, "comm": "page"}]
        assert page.cell("'later'", "later") == []
    events = [event["event"] for event in written(tmp_path)]
    assert events == ["session_started", "cell_executed", "session_ended"]


def test_a_later_call_under_another_id_asks_the_page_again_and_hooks_nothing(
    tmp_path: Path,
) -> None:
    with page_of(tmp_path) as page:
        page.attach()
        before = hooks(page)
        page.cell(CALL, "same")
        again = page.send("setup_telemetry('D2')", "again")
        opened = page.iopub("comm_open", again)["content"]
        assert opened["data"] == {"version": 2, "notebook": "D2"}
        page.say(opened["comm_id"], {"answer": "here", "version": 1})
        assert page.iopub("comm_msg", again)["content"]["data"] == {"accept": True}
        page.answers_to(again)
        assert hooks(page) == before
        # Once for each id: in a flagged notebook it changes nothing.
        assert page.cell("setup_telemetry('D2')", "once more") == []
        assert page.shown().startswith("ipynb-telemetry: on for JOHN-DOE in D1")
