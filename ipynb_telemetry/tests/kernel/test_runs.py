# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Runs of which IPython's hooks see nothing, or not the beginning: the replies tell of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .directkernel import written
from .tabs import CALL, GATE, TOLD, Tab, cells, page_of


def run_all(tab: Tab, gate: Path, *codes: str, **content: Any) -> list[str]:
    """Run All: they wait for the first one, which waits for the gate and fails."""
    sent = [tab.send(f"{GATE.format(str(gate))}\n1 / 0", "fails", stop_on_error=True)]
    return [*sent, *(tab.send(code, code.strip("'"), **content) for code in codes)]


def finish(tab: Tab, gate: Path, sent: list[str]) -> None:
    gate.touch()
    for msg_id in sent:
        tab.answers_to(msg_id)


def test_what_an_error_kept_from_running_is_aborted(tmp_path: Path) -> None:
    gate = tmp_path / "open"
    with page_of(tmp_path, Tab) as tab:
        tab.stdin = False
        tab.cell(CALL, "setup")
        sent = run_all(tab, gate, "'never'", "'nor this'", "  ")
        sent += [tab.send("'unseen'", "unseen", store_history=False)]
        finish(tab, gate, [*sent, tab.send("'silent'", "silent", silent=True)])
        tab.cell("'never'", "never")
    runs = [e["properties"] for e in written(tmp_path) if e["event"] == "cell_executed"]
    assert [(run["cell_id"], run["status"], run["attempt"]) for run in runs] == [
        *[("setup", "ok", 1), ("fails", "error", 1)],
        *[("never", "aborted", 1), ("nor this", "aborted", 1), ("never", "ok", 2)],
    ]
    aborted = runs[2]
    assert aborted["queued_ms"] > 0
    assert {**aborted, **dict.fromkeys(("student_id", "session_id", "active_ms", "queued_ms"))} == {
        **dict.fromkeys(
            ("student_id", "session_id", "active_ms", "queued_ms", "execution_count", "error")
        ),
        **{"notebook": "D1", "seq": 4, "cell_id": "never", "cell_index": -1, "code": "'never'"},
        **{"output": "", "success": False, "status": "aborted", "duration_ms": 0.0},
        **{"attempt": 1, "truncated": False},
    }


def test_what_is_aborted_behind_the_end_is_nobodys_also_where_our_ear_stays(tmp_path: Path) -> None:
    gate = tmp_path / "open"
    # Another one wraps what we have wrapped: it cannot be taken back.
    wraps = "session = get_ipython().kernel.session\nours = session.send\n"
    wraps += "session.send = lambda *args, **kwargs: ours(*args, **kwargs)"
    with page_of(tmp_path, Tab) as tab:
        tab.stdin = False
        tab.cell(CALL, "setup")
        tab.cell(wraps, "wraps")
        tab.cell("import sys; sys.modules['_ipynb_telemetry'].reporter.end()", "ends")
        finish(tab, gate, run_all(tab, gate, "'never'"))
    assert written(tmp_path)[-1]["event"] == "session_ended"


def test_what_was_aborted_before_a_page_had_told_is_kept_for_it(tmp_path: Path) -> None:
    gate = tmp_path / "open"
    with page_of(tmp_path, Tab) as tab:
        call = tab.send(CALL, "setup")
        sent = [call, *run_all(tab, gate, "'never'")]
        opened = {"comm_id": "page", "target_name": "ipynb_telemetry", "data": TOLD}
        told = tab.client.session.msg("comm_open", opened)
        tab.client.shell_channel.send(told)
        later = tab.send("'later'", "later")
        tab.say(tab.called(call), {"answer": "here", "version": 1})
        finish(tab, gate, sent)
        kept = [m for m in tab.answers_to(told["header"]["msg_id"]) if "event" in m]
        assert cells(kept) == ["setup", "fails", "never"]
        assert [m["properties"]["status"] for m in kept] == ["ok", "error", "aborted"]
        # Runs that are asked for from then on the page sees itself.
        assert tab.answers_to(later) == []
        assert tab.reply_to(later)["status"] == "aborted"


def test_a_run_that_was_under_way_is_timed_from_its_beginning(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        tab.stdin = False
        tab.cell(f"import time; time.sleep(1)\n{CALL}", "setup")
        tab.cell("'short'", "short")
    long, short = (e["properties"] for e in written(tmp_path) if e["event"] == "cell_executed")
    assert 1_000 <= long["duration_ms"] < 60_000
    assert short["duration_ms"] < 1_000
