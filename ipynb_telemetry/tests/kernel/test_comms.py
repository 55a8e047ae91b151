# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Comms that front ends open, and what is said on them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .frontend import ANN, FAILING, JOHN, PASSING, FrontEnd


def test_the_student_is_who_the_front_end_says(page: FrontEnd) -> None:
    student = "(STUDENT_NAME, STUDENT_ID)"
    assert page.value(student) == ("JOHN-DOE", "JOHN_DOE")
    page.tell({"version": 1, "notebook": "D2", "student": ANN})
    assert page.value(student) == ("ANN-LEE", "ANN_LEE")
    page.tell({"version": 1, "notebook": "D2", "student": None})
    assert page.value(student) == (None, None)
    assert page.events("_telemetry_capture('untracked')") == []
    assert "STUDENT" not in page.printed("%who")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"notebook": "D1"},
        {"notebook": 7, "student": ANN},
        {"notebook": "D1", "student": "ANN"},
        {"notebook": "D1", "student": {"id": "ANN_LEE"}},
        {"notebook": "D1", "student": {"id": ["ANN_LEE"], "name": "ANN-LEE"}},
        {"notebook": "D1", "student": {"id": "A" * 201, "name": "ANN-LEE"}},
        {"notebook": "D1", "student": {"id": "", "name": "ANN-LEE"}},
        {"notebook": "D\n1", "student": ANN},
    ],
)
def test_a_malformed_message_changes_nothing(page: FrontEnd, data: Any) -> None:
    assert page.tell(data) == []
    assert page.value("(STUDENT_NAME, STUDENT_ID)") == ("JOHN-DOE", "JOHN_DOE")
    assert len(page.events("_telemetry_capture('still_here')")) == 1


def test_every_page_hears_of_it_until_it_closes(page: FrontEnd, second_page: FrontEnd) -> None:
    assert second_page.open(ANN, "second") == [{"ready": True, "version": 2, "comm": "second"}]
    assert {m["comm"] for m in page.run("_telemetry_capture('both')")} == {"page", "second"}
    assert second_page.close("second") == []
    assert {m["comm"] for m in page.run("_telemetry_capture('both')")} == {"page"}
    # As if telemetry had been called for: else a test says that it was not.
    page.run("import sys; sys.modules['_ipynb_telemetry'].is_set_up = True")
    page.close()
    assert page.run(PASSING + "test()") == []
    assert page.contents("stream")[0]["text"] == "TEST PASSED: adds up\n"
    assert page.reply["status"] == "ok"


def test_one_broken_comm_does_not_silence_the_next(page: FrontEnd, second_page: FrontEnd) -> None:
    second_page.open(ANN, "second")
    page.run("import sys; sys.modules['_ipynb_telemetry'].comms['page']['comm'].send = None")
    assert [m["comm"] for m in page.run("_telemetry_capture('heard')")] == ["second"]
    second_page.close("second")


def test_pages_that_never_closed_are_forgotten(page: FrontEnd) -> None:
    for number in range(20):
        page.open(JOHN, f"page-{number}")
    heard = [m["comm"] for m in page.run("_telemetry_capture('heard')")]
    assert heard == [f"page-{number}" for number in range(4, 20)]
    for number in range(20):
        page.close(f"page-{number}")


BREAKAGES = {
    "send raises": "entry['comm'].send = lambda data: 1 / 0",
    "no Comm": "entry['comm'] = None",
    "no entry": "state.comms['page'] = {'pid': os.getpid()}",
    "print raises": "sys.stdout = type('Broken', (), {'write': None, 'flush': int})()",
    "warnings are errors": "import warnings; warnings.simplefilter('error')",
    "a state of an older copy": "del state.warned, state.student",
}


@pytest.mark.parametrize("breakage", BREAKAGES.values(), ids=BREAKAGES)
def test_no_failure_of_ours_reaches_the_cell(page: FrontEnd, breakage: str) -> None:
    page.run(
        "import os, sys, warnings\nkept = sys.stdout, warnings.filters[:]\n"
        "state = sys.modules['_ipynb_telemetry']\nentry = state.comms['page']\n" + breakage
    )
    page.run(PASSING + "test(); _cell('x'); _telemetry_capture('Bad'); _telemetry_capture('good')")
    assert page.reply["status"] == "ok"
    page.run(FAILING + "test()")
    assert page.reply["ename"] == "AssertionError"
    page.run("sys.stdout, warnings.filters[:] = kept\n%reset -f")
    page.load()


def test_a_thread_may_send(page: FrontEnd) -> None:
    code = "import threading\nthread = threading.Thread(target=test)\nthread.start(); thread.join()"
    assert [event for event, _ in page.events(PASSING + code)] == ["test_passed"]


def test_a_forked_child_leaves_the_sockets_of_its_parent_alone(page: FrontEnd) -> None:
    code = """
import os, sys, warnings
warnings.simplefilter("ignore")  # newer Pythons warn that the kernel has threads
sent, entry = [], sys.modules["_ipynb_telemetry"].comms["page"]
entry["comm"].send = sent.append
child = os.fork()
if child == 0:
    _telemetry_capture("in_child")
    os._exit(len(sent))
sent_by_child = os.WEXITSTATUS(os.waitpid(child, 0)[1])
"""
    page.run(code)
    assert page.value("sent_by_child") == 0


def units(message: Any) -> int:
    """Of JSON in a page, which takes no message over 100,000."""
    return len(json.dumps(message, ensure_ascii=False).encode("utf-16-le")) // 2


@pytest.mark.parametrize("character", ["\x01", "\0\N{PARTY POPPER}", "\n", '"', "\N{PARTY POPPER}"])
def test_an_error_fits_into_a_message_whatever_it_is_made_of(
    page: FrontEnd, character: str
) -> None:
    code = (
        '@tracked_test("t" + {0!r} * 10_000)\ndef test(): raise ValueError({0!r} * 10_000)\ntest()'
    )
    (sent,) = page.run(code.format(character))
    assert units(sent) <= 100_000
    assert sent["properties"]["error"]["value"].startswith(character * 1_500)


def test_so_does_a_run_that_is_kept_for_a_page(copy: dict[str, Any]) -> None:
    run = copy["_Run"]({}, "\x01" * 10_000)
    run.error = ValueError("\x01" * 10_000)
    run.outputs.add("stream", {"name": "stdout", "text": "\x01" * 5_000})
    run.outputs.add("stream", {"name": "stderr", "text": "\x01" * 5_000})
    properties = run.properties()
    assert units(properties) <= 99_000
    assert properties["truncated"] is True
