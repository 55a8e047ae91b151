# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""All ways by which bootstrap.py comes into a kernel."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from .directkernel import ANN as AS_ANN
from .directkernel import ROOT, Student, runs, written
from .frontend import ANN, NAMES, PASSING, PATH, SOURCE, FrontEnd, a_page, running_kernel


def test_loading_leaves_no_trace_but_the_names_and_so_again_after_a_restart(
    tmp_path: Path,
) -> None:
    with running_kernel(tmp_path) as kernel:
        with a_page(kernel) as page:
            page.load()
            page.open()
        kernel.restart_kernel(now=True)
        with a_page(kernel) as page:
            loading_leaves_no_trace_but_the_names(page)


def loading_leaves_no_trace_but_the_names(page: FrontEnd) -> None:
    hooks = "{name: len(calls) for name, calls in get_ipython().events.callbacks.items()}"
    before = page.value(f"(sorted(globals()), {hooks}, len(In), len(Out))")
    count = page.reply["execution_count"]
    for _ in range(2):
        page.load()
        assert {answer["msg_type"] for answer in page.answers} == {"status"}
        assert page.reply["status"] == "ok"
    after = page.value(f"(sorted(globals()), {hooks}, len(In), len(Out))")
    assert page.reply["execution_count"] == count + 1
    assert after[1:] == (before[1], before[2] + 1, before[3])
    assert sorted(set(after[0]) - set(before[0]) - {f"_i{count + 1}"}) == NAMES
    assert page.printed("%who") == "Interactive namespace is empty.\n"
    assert page.value("(STUDENT_NAME, STUDENT_ID)") == (None, None)
    assert page.events(PASSING + "test()") == []  # a Comm opened before the restart is gone
    assert page.open() == [{"ready": True, "version": 2, "comm": "page"}]
    assert len(page.events("test()")) == 1


LOADS = {
    "again": SOURCE,
    "as a newer copy": SOURCE.replace("TEST PASSED", "TEST FINE"),
}


@pytest.mark.parametrize("source", LOADS.values(), ids=LOADS)
def test_loading_again_keeps_what_is_open_and_doubles_nothing(page: FrontEnd, source: str) -> None:
    page.run(PASSING)
    page.load(source)
    assert page.value("STUDENT_ID") == "JOHN_DOE"
    assert len(page.events("test()")) == 1
    assert len(page.events(PASSING + "test()")) == 1
    page.tell({"version": 1, "notebook": "D1", "student": ANN})
    assert page.value("STUDENT_ID") == "ANN_LEE"
    page.load()


def test_all_ways_of_loading_share_one_state(page: FrontEnd) -> None:
    page.run("%reset -f")
    page.run("json, time, name = 'mine', 5, 'kept'")
    page.run(f"exec({SOURCE!r})")
    assert page.value("(json, time, name)") == ("mine", 5, "kept")
    assert page.printed("%who").split() == ["json", "name", "time"]
    assert len(page.events(PASSING + "test()")) == 1
    page.run(
        "from importlib.util import module_from_spec, spec_from_file_location\n"
        f"spec = spec_from_file_location('ipynb_telemetry.bootstrap', {str(PATH)!r})\n"
        "imported = module_from_spec(spec)\n"
        "spec.loader.exec_module(imported)\n"
    )
    assert page.value("(imported.STUDENT_NAME, imported.STUDENT_ID)") == ("JOHN-DOE", "JOHN_DOE")
    assert len(page.events("imported.tracked_test('imported')(lambda: 1)()")) == 1
    assert page.printed("imported.setup_telemetry('D1')").count("\n") == 1
    assert len(page.events("_telemetry_capture('once')")) == 1
    page.run("%reset -f")
    page.load()


def test_plain_python_needs_nothing_but_the_standard_library() -> None:
    code = f"""
import sys
time = 5
exec({SOURCE!r})
assert time == 5 and not [name for name in ("_state", "json", "_found", "_home") if name in dir()]
@tracked_test("adds up")
def test(): pass
test(); test()
_telemetry_capture("unheard"); _cell("1"); setup_telemetry("D1")
assert STUDENT_NAME is None and STUDENT_ID is None
assert not {{"IPython", "asyncio", "comm", "zmq"}} & set(sys.modules)
"""
    # -S: no site-packages
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-"], input=code, capture_output=True, text=True
    )
    assert (result.stdout, result.stderr) == (
        "TEST PASSED: adds up\n"
        "ipynb-telemetry: nothing is tracked, setup_telemetry was not called\n"
        "TEST PASSED: adds up\n"
        "ipynb-telemetry: no telemetry front end is here, nothing is tracked\n",
        "",
    )


def snippet(url: str) -> str:
    """The cell of docs/reference/kernels.md with the digest there, for another address."""
    text = (ROOT / "docs" / "reference" / "kernels.md").read_text("utf-8")
    code = text[text.index("import hashlib, urllib.request") :].partition("setup_telemetry(")[0]
    return re.sub(r'"https://[^"]*"', repr(url), code)


@pytest.mark.parametrize("way", ["text", "pinned"])
def test_it_may_be_loaded_by_http(student: Student, tmp_path: Path, way: str) -> None:
    class Quiet(SimpleHTTPRequestHandler):  # it says no charset: requests takes it for Latin-1
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(ROOT / "ipynb_telemetry"))

        def log_message(self, *_: Any) -> None:
            """Keep quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/bootstrap.py"
        text = f"import requests\nexec(requests.get({url!r}).text)"
        student.cell(text if way == "text" else snippet(url), "load")
        student.cell("setup_telemetry('D1')", "nobody")
        assert 'Give it: setup_telemetry("\u2026", ' in student.reply["evalue"]
        student.cell(f"setup_telemetry('D1', {AS_ANN})", "call")
        server.shutdown()
    student.cell("@tracked_test('t')\ndef test(): pass\ntest()", "test")
    student.manager.shutdown_kernel()
    events = written(tmp_path)
    assert [e["event"] for e in events] == [
        *("session_started", "cell_executed", "test_passed", "cell_executed", "session_ended")
    ]
    assert [run["cell_id"] for run in runs(events)] == ["call", "test"]


def test_it_is_ascii_however_a_server_sends_it() -> None:
    assert PATH.read_bytes().isascii()


def test_it_knows_its_version() -> None:
    version = json.loads((ROOT / "package.json").read_text("utf-8"))["version"]
    assert f'\n__version__ = "{version}"\n' in SOURCE
