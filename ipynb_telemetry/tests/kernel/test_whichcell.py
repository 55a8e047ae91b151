# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""A test result names the cell that ran the test, or none where nobody can tell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .directkernel import Student, written
from .tabs import CALL, Tab, page_of

DEFINED = '''
import asyncio, doctest, os, threading, warnings
warnings.simplefilter("ignore")  # of threads in a process that forks
@tracked_test
def plain(): pass
@tracked_test
def fails(): assert False
@tracked_test
async def awaited(): await asyncio.sleep(0)
def double(x):
    """
    >>> double(1)
    2
    """
    return 2 * x
def later():
    plain()
def run_code(test):
    test()
'''
CALLED = """
plain()
run_code(plain)
await awaited()
doctest.run_docstring_examples(double, globals())
eval("plain()")
%time plain()
get_ipython().run_cell("plain()")
try: fails()
except AssertionError: pass
"""
# The kernel is at another cell when the thread gets to its test.
BEGUN = """
goes_on = threading.Event()
thread = threading.Thread(target=lambda: (goes_on.wait(), run_code(plain)))
thread.start()
"""
APART = """
goes_on.set()
thread.join()
await asyncio.gather(awaited())
child = os.fork()
if child == 0:
    plain()
    os._exit(0)
assert os.waitpid(child, 0)[1] == 0
"""


def told(page: Student, code: str, cell_id: str | None) -> list[Any]:
    events = page.cell(code, cell_id)
    return [m["properties"]["cell_id"] for m in events if m["event"].startswith("test_")]


def test_a_page_hears_of_the_cell_that_runs_the_test(tab: Tab) -> None:
    assert told(tab, DEFINED, "defined") == []
    assert told(tab, CALLED, "called") == ["called"] * 8
    assert told(tab, BEGUN, "begun") == []
    assert told(tab, APART, "apart")[:2] == [None, None]
    (unnamed,) = told(tab, "later()", None)
    assert unnamed.startswith("source-")


def test_a_kernel_that_reports_names_the_cell_of_the_run(student: Student, tmp_path: Path) -> None:
    student.set_up()
    student.cell(DEFINED, "defined")
    student.cell(CALLED, "called")
    student.cell(BEGUN, "begun")
    student.cell(APART, "apart")
    student.cell("later()")
    student.cell("later()", "vscode-notebook-cell:/home/ann/D1.ipynb#W0")
    student.manager.shutdown_kernel()
    events = written(tmp_path)
    tests = [e["properties"]["cell_id"] for e in events if e["event"].startswith("test_")]
    runs = [e["properties"]["cell_id"] for e in events if e["event"] == "cell_executed"]
    assert runs[-2].startswith("source-")
    assert tests == ["called"] * 8 + [None] * 3 + [runs[-2], "W0"]


def test_what_is_kept_for_a_page_names_its_cell(tmp_path: Path) -> None:
    with page_of(tmp_path, Tab) as tab:
        kept = tab.hears_call(f"{CALL}\n{DEFINED}plain()", "setup")
        names = {"test_passed", "cell_executed"}
        told = {m["event"]: m["properties"]["cell_id"] for m in kept if m["event"] in names}
        assert told == dict.fromkeys(names, "setup")
