# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""bootstrap.py in a real kernel, loaded and spoken to as the front end does it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
import json
import subprocess
import sys
import textwrap
import time
import unittest
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager
from jupyter_client.session import Session

PATH = Path(__file__).parent.parent / "bootstrap.py"
SOURCE = PATH.read_text(encoding="utf-8")
JOHN = {"id": "JOHN_DOE", "name": "JOHN-DOE"}
ANN = {"id": "ANN_LEE", "name": "ANN-LEE"}
NAMES = ["STUDENT_ID", "STUDENT_NAME"]
NAMES += ["_cell", "_telemetry_capture", "setup_telemetry", "tracked_test"]
TIMEOUT = 60


class FrontEnd:
    """One page: a client of the kernel, and what the kernel answered to its last request."""

    def __init__(self, kernel: KernelManager) -> None:
        # By default all clients share the session id of the kernel; no two pages do.
        self.client = kernel.client(session=Session(key=kernel.session.key))
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)
        self.answers: list[dict[str, Any]] = []

    def request(self, msg_type: str, content: dict[str, Any], **kwargs: Any) -> list[dict]:
        """Send, and give the data of the Comm messages that came back until the kernel is idle."""
        message = self.client.session.msg(msg_type, content)
        self.client.shell_channel.send(message)
        return self.answers_to(message["header"]["msg_id"])

    def answers_to(self, msg_id: str) -> list[dict]:
        self.answers = []
        while True:
            answer = self.client.get_iopub_msg(timeout=TIMEOUT)
            if answer["parent_header"].get("msg_id") != msg_id:
                continue
            self.answers.append(answer)
            if answer["content"].get("execution_state") == "idle":
                return [dict(c["data"], comm=c["comm_id"]) for c in self.contents("comm_msg")]

    def contents(self, msg_type: str) -> list[dict]:
        return [a["content"] for a in self.answers if a["msg_type"] == msg_type]

    def run(self, code: str, silent: bool = False) -> list[dict]:
        # Without stop_on_error=False what comes right after an error may be aborted.
        msg_id = self.client.execute(code, silent, not silent, stop_on_error=False)
        messages = self.answers_to(msg_id)
        self.reply = self.reply_to(msg_id)
        return messages

    def reply_to(self, msg_id: str) -> dict[str, Any]:
        while True:
            reply = self.client.get_shell_msg(timeout=TIMEOUT)
            if reply["parent_header"]["msg_id"] == msg_id:
                return reply["content"]

    def events(self, code: str) -> list[tuple[str, dict]]:
        return [(m["event"], m["properties"]) for m in self.run(code)]

    def printed(self, code: str, stream: str = "stdout") -> str:
        self.run(code)
        return "".join(c["text"] for c in self.contents("stream") if c["name"] == stream)

    def value(self, expression: str) -> Any:
        return eval(self.printed(f"print(repr({expression}))"))

    def load(self, source: str = SOURCE) -> None:
        call = 'g), g["_install"]())[1])({"__name__": "ipynb_telemetry.bootstrap"})'
        self.run(f'(lambda g: (exec(compile({source!r}, "<ipynb_telemetry>", "exec"), {call}', True)

    def open(self, student: dict | None = JOHN, comm_id: str = "page") -> list[dict]:
        data = {"version": 1, "notebook": "D1", "student": student}
        content = {"comm_id": comm_id, "target_name": "ipynb_telemetry", "data": data}
        return self.request("comm_open", content)

    def tell(self, data: Any, comm_id: str = "page") -> list[dict]:
        return self.request("comm_msg", {"comm_id": comm_id, "data": data})

    def close(self, comm_id: str = "page") -> list[dict]:
        return self.request("comm_close", {"comm_id": comm_id, "data": {}})


@contextmanager
def running_kernel(directory: Path) -> Iterator[KernelManager]:
    kernel = KernelManager()
    kernel.start_kernel(extra_arguments=[f"--ipython-dir={directory}"])
    try:
        yield kernel
    finally:
        kernel.shutdown_kernel(now=True)
        kernel.cleanup_resources()


@contextmanager
def a_page(kernel: KernelManager, kind: type[Any] = FrontEnd) -> Iterator[Any]:
    page = kind(kernel)
    try:
        yield page
    finally:
        page.client.stop_channels()


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KernelManager]:
    with running_kernel(tmp_path_factory.mktemp("ipython")) as kernel:
        yield kernel


@pytest.fixture(scope="module")
def shared_page(kernel: KernelManager) -> Iterator[FrontEnd]:
    with a_page(kernel) as page:
        page.load()
        yield page


@pytest.fixture
def page(shared_page: FrontEnd) -> Iterator[FrontEnd]:
    """A page with its Comm open, in a kernel that the tests share."""
    shared_page.open()
    yield shared_page
    shared_page.close()
    # As if nothing was warned of, nor telemetry ever called for.
    shared_page.run(
        "import sys\nstate = sys.modules['_ipynb_telemetry']\n"
        "state.warned.clear(); state.destination = None\ndel state",
        silent=True,
    )


@pytest.fixture
def second_page(kernel: KernelManager, page: FrontEnd) -> Iterator[FrontEnd]:
    with a_page(kernel) as second:
        yield second


PASSING = "@tracked_test('adds up')\ndef test():\n    return 42\n"
FAILING = "@tracked_test('adds up')\ndef test():\n    assert 1 == 2, 'one is not two'\n"


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
    assert page.open() == [{"ready": True, "version": 1, "comm": "page"}]
    assert len(page.events("test()")) == 1


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


def test_a_passed_test_is_printed_and_sent_with_its_cell_as_parent(page: FrontEnd) -> None:
    page.run(PASSING + "result = test()")
    assert page.contents("stream") == [{"name": "stdout", "text": "TEST PASSED: adds up\n"}]
    (message,) = (a for a in page.answers if a["msg_type"] == "comm_msg")
    assert message["parent_header"]["session"] == page.client.session.session
    assert message["parent_header"]["msg_type"] == "execute_request"
    assert message["content"]["comm_id"] == "page"
    properties = message["content"]["data"]["properties"]
    assert 0 < properties.pop("duration_ms") < 1000
    assert message["content"]["data"] == {
        "event": "test_passed",
        "properties": {"test": "adds up", "error": None},
    }
    assert page.value("result") == 42


def test_a_failed_test_raises_its_own_error_and_tells_where(page: FrontEnd) -> None:
    ((event, properties),) = page.events(FAILING + "test()")
    assert event == "test_failed"
    assert page.contents("stream")[0]["text"] == "TEST FAILED: adds up - one is not two\n"
    (shown,) = page.contents("error")
    assert (shown["ename"], shown["evalue"]) == ("AssertionError", "one is not two")
    assert "_Verdict" not in "".join(shown["traceback"])  # our frames are hidden
    cell = f"Cell In[{page.reply['execution_count']}]"
    assert properties["error"] == {
        "name": "AssertionError",
        "value": "one is not two",
        "traceback": "Traceback (most recent call last):\n"
        f"  {cell}, line 3, in test\n    assert 1 == 2, 'one is not two'\n"
        "AssertionError: one is not two",
    }


def test_async_methods_and_nested_tests(page: FrontEnd) -> None:
    code = """
    class Suite:
        @tracked_test("method")
        def method(self, a, *, b): return a + b
        @tracked_test("static")
        @staticmethod
        def static(a): return a
        @tracked_test("class")
        @classmethod
        def of_class(cls): return cls
        @tracked_test
        async def awaited(self):
            assert self.method(1, b=2) == 3
            raise KeyError("gone")
    assert Suite().static(5) == 5 and Suite.of_class() is Suite
    try:
        await Suite().awaited()
    except KeyError as error:
        print(error.args)
    """
    lines = page.printed(textwrap.dedent(code)).splitlines()
    assert lines == [
        "TEST PASSED: static",
        "TEST PASSED: class",
        "TEST PASSED: method",
        "TEST FAILED: awaited - 'gone'",
        "('gone',)",
    ]
    sent = [c["data"] for c in page.contents("comm_msg")]
    assert [m["event"] for m in sent] == ["test_passed"] * 3 + ["test_failed"]
    assert [m["properties"]["test"] for m in sent] == ["static", "class", "method", "awaited"]
    assert sent[-1]["properties"]["error"]["name"] == "KeyError"


def test_an_interrupt_is_no_verdict(kernel: KernelManager, page: FrontEnd) -> None:
    code = "import time\n@tracked_test('slow')\ndef slow():\n    print('begun', flush=True)\n"
    msg_id = page.client.execute(code + "    time.sleep(60)\nslow()")
    while True:
        answer = page.client.get_iopub_msg(timeout=TIMEOUT)
        if answer["content"].get("text") == "begun\n":
            break
    kernel.interrupt_kernel()
    assert page.answers_to(msg_id) == []
    assert page.reply_to(msg_id)["ename"] == "KeyboardInterrupt"
    assert page.contents("stream") == []


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


def test_every_page_hears_of_it_until_it_closes(page: FrontEnd, second_page: FrontEnd) -> None:
    assert second_page.open(ANN, "second") == [{"ready": True, "version": 1, "comm": "second"}]
    assert {m["comm"] for m in page.run("_telemetry_capture('both')")} == {"page", "second"}
    assert second_page.close("second") == []
    assert {m["comm"] for m in page.run("_telemetry_capture('both')")} == {"page"}
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


def test_custom_events_and_marked_cells_are_sent_as_json(page: FrontEnd) -> None:
    code = """
import datetime, decimal, enum, pathlib
Level = enum.IntEnum("Level", "EASY")
_telemetry_capture("hint_used", {
    "n": 1, 2: [True, None, 1.5], "nan": float("nan"), "set": set("hgfedcba"), "big": 10**20,
    "path": pathlib.PurePosixPath("a/b"), "day": datetime.date(2024, 5, 1), "level": Level.EASY,
    "nested": {"x": (1, 2)}, "half": decimal.Decimal("0.5"), "text": "lone \\ud800",
})
_telemetry_capture("bare")
_cell("exercise-1", "x" * 300)
"""
    marked = {"cell_id": "exercise-1", "code_preview": "x" * 200}
    assert page.events(code) == [
        (
            "hint_used",
            {
                "n": 1,
                "2": [True, None, 1.5],
                "nan": None,
                "set": list("abcdefgh"),
                "big": "100000000000000000000",
                "path": "a/b",
                "day": "2024-05-01",
                "level": 1,
                "nested": {"x": [1, 2]},
                "half": 0.5,
                "text": "lone ?",
            },
        ),
        ("bare", {}),
        ("cell_marked", marked),
    ]
    assert page.contents("stream") == []


@pytest.mark.parametrize(
    ("call", "sent"),
    [
        ("_telemetry_capture('Hint')", None),
        ("_telemetry_capture('$hint')", None),
        ("_telemetry_capture('a' * 65)", None),
        ("_telemetry_capture(None)", None),
        ("_telemetry_capture('paste')", None),
        ("_telemetry_capture('hint', ['x'])", None),
        ("_telemetry_capture('hint', {'x': 'é' * 40_000})", None),
        ("_telemetry_capture('hint', {'x': object(), 'y': 1})", {"y": 1}),
        ("_telemetry_capture('hint', {'x': b'bytes', 'y': 1})", {"y": 1}),
        ("_telemetry_capture('hint', {'x': 1j, 'y': 1})", {"y": 1}),
        ("_telemetry_capture('hint', {'x': range(10**9), 'y': 1})", {"y": 1}),
        ("a = []; a += [a, a]; _telemetry_capture('hint', {'x': a, 'y': 1})", {"y": 1}),
        ("_telemetry_capture('hint', {'y': 1, object(): 1})", {"y": 1}),
        ("_cell(None)", None),
    ],
)
def test_what_cannot_be_sent_is_dropped_with_one_warning(
    page: FrontEnd, call: str, sent: dict | None
) -> None:
    expected = [] if sent is None else [("hint", sent)]
    assert page.events(call) == expected
    assert page.reply["status"] == "ok"
    (shown,) = page.contents("stream")
    assert shown["name"] == "stderr"
    assert shown["text"].count("UserWarning: ipynb-telemetry: ") == 1
    assert page.events(call) == expected
    assert page.contents("stream") == []


def test_setup_telemetry_says_who_is_tracked_and_asks_nothing(page: FrontEnd) -> None:
    call = "setup_telemetry('other', host='https://evil.example', api_key=3, student_name='X Y')"
    line = "ipynb-telemetry: on for JOHN-DOE in D1, as the settings say\n"
    assert page.printed(call) == line
    page.tell({"version": 1, "notebook": "D1", "student": None})
    assert page.printed(call) == (
        "ipynb-telemetry: nothing is tracked until a name is given in the front end\n"
    )
    for blank in ("''", "'  '", "None"):
        page.run(f"setup_telemetry({blank})")
        assert page.reply["ename"] == "ValueError"


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
_telemetry_capture("in_parent")
"""
    page.run(code)
    assert page.value("(sent_by_child, len(sent))") == (0, 1)


def test_a_tracked_call_costs_little(page: FrontEnd) -> None:
    page.run(
        "import time, io, contextlib\n@tracked_test('quick')\ndef quick(): pass\n"
        "times = []\nwith contextlib.redirect_stdout(io.StringIO()):\n"
        "    for _ in range(200):\n        start = time.process_time(); quick()\n"
        "        times.append(time.process_time() - start)"
    )
    assert page.value("sorted(times)[100]") < 0.002


@pytest.fixture
def copy(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A copy in this process, where there is no kernel, with a state of its own."""
    monkeypatch.delitem(sys.modules, "_ipynb_telemetry", raising=False)
    copy = {"__name__": "ipynb_telemetry.bootstrap"}
    exec(SOURCE, copy)
    copy["_state"]().is_set_up = True
    yield copy
    sys.modules.pop("_ipynb_telemetry", None)


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
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True
    )
    assert (result.stdout, result.stderr) == (
        "TEST PASSED: adds up\n"
        "ipynb-telemetry: nothing is tracked, setup_telemetry was not called\n"
        "TEST PASSED: adds up\n"
        "ipynb-telemetry: no telemetry front end is here, nothing is tracked\n",
        "",
    )


def test_the_signature_is_kept(copy: dict[str, Any]) -> None:
    def plain(a: int, *, b: str = "x") -> float:
        """Doc."""

    async def awaited(a: int) -> None: ...

    wrapped = copy["tracked_test"]("named")(plain)
    assert inspect.signature(wrapped) == inspect.signature(plain)
    assert (wrapped.__name__, wrapped.__doc__, wrapped.__wrapped__) == ("plain", "Doc.", plain)
    assert not inspect.iscoroutinefunction(wrapped)
    wrapped = copy["tracked_test"](awaited)
    assert inspect.signature(wrapped) == inspect.signature(awaited)
    assert inspect.iscoroutinefunction(wrapped)


def yields() -> Iterator[int]:
    yield 1


async def yields_later() -> Any:
    yield 1


@pytest.mark.parametrize("bad", [None, 3, "", "  ", [], int, yields, yields_later])
def test_a_wrong_argument_is_a_type_error_at_decoration(copy: dict[str, Any], bad: Any) -> None:
    with pytest.raises(TypeError, match="tracked_test"):
        copy["tracked_test"](bad)
    if not isinstance(bad, str):
        with pytest.raises(TypeError, match="tracked_test"):
            copy["tracked_test"]("named")(bad)


class UnprintableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError


def own(name: str, base: type[BaseException], module: str = "__main__") -> BaseException:
    return type(name, (base,), {"__module__": module})("mine")


@pytest.mark.parametrize(
    ("error", "printed"),
    [
        (AssertionError(), "TEST FAILED: t - AssertionError\n"),
        (AssertionError("no"), "TEST FAILED: t - no\n"),
        (ValueError("a\nb"), "TEST FAILED: t - a\nb\n"),
        (UnprintableError(), "TEST FAILED: t - <no message>\n"),
        (SystemExit(3), "TEST FAILED: t - 3\n"),
        (pytest.fail.Exception("DID NOT RAISE"), "TEST FAILED: t - DID NOT RAISE\n"),
        (KeyboardInterrupt(), ""),
        (asyncio.CancelledError(), ""),
        (GeneratorExit(), ""),
        (unittest.SkipTest("later"), ""),
        (pytest.skip.Exception("later"), ""),
        (concurrent.futures.CancelledError(), ""),
        (own("Cancelled", BaseException, "trio"), ""),
        (own("Later", unittest.SkipTest), ""),
        (own("Cancelled", Exception), "TEST FAILED: t - mine\n"),
        (own("CancelledError", Exception), "TEST FAILED: t - mine\n"),
        (own("Skipped", ValueError), "TEST FAILED: t - mine\n"),
        (own("SkipTest", Exception, "student.unittest"), "TEST FAILED: t - mine\n"),
    ],
)
@pytest.mark.parametrize("kind", ["sync", "async", "returns a coroutine"])
def test_the_very_same_error_is_raised(
    copy: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    printed: str,
    kind: str,
) -> None:
    def test() -> None:
        raise error

    async def awaited() -> None:
        raise error

    tests = {"sync": test, "async": awaited, "returns a coroutine": lambda: awaited()}
    wrapped = copy["tracked_test"]("t")(tests[kind])
    with pytest.raises(type(error)) as raised:
        # Driven by hand: an event loop takes some of these errors for itself.
        wrapped() if kind == "sync" else wrapped().send(None)
    assert raised.value is error
    assert capsys.readouterr().out == printed


def test_error_texts_are_cut_and_have_no_ansi_codes(copy: dict[str, Any]) -> None:
    error = ValueError("\x1b[31mred\x1b[0m \x1b]8;;x\x07link" + "é" * 20_000)
    traceback = copy["_text"](copy["_traceback"](error))
    assert copy["_text"](str(error)).startswith("red linkéé")
    assert "\x1b" not in traceback
    assert len(copy["_text"](str(error))) == len(traceback) == 10_000


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


def test_a_deep_recursion_is_reported_in_short(copy: dict[str, Any]) -> None:
    def deeper() -> None:
        deeper()

    with pytest.raises(RecursionError) as raised:
        deeper()
    lines = copy["_traceback"](raised.value).splitlines()
    assert len(lines) == 2 + 2 * 20
    assert lines[1].startswith(f"  File {Path(__file__).name}, line ")


def test_a_value_too_large_for_json_costs_no_time(copy: dict[str, Any]) -> None:
    bomb: list[Any] = ["x"]
    for _ in range(18):
        bomb = [bomb] * 10
    started = time.perf_counter()
    with pytest.raises(ValueError, match="too large"):
        copy["_plain"](bomb, [10_000])
    assert time.perf_counter() - started < 1


class Array:
    """What is asked of an array of numpy, pandas or torch."""

    def __init__(self, nbytes: int) -> None:
        self.nbytes = nbytes

    def tolist(self) -> list[float]:
        return [1.5, float("inf")]


def test_arrays_are_converted_unless_large(copy: dict[str, Any]) -> None:
    assert copy["_plain"](Array(16), [10_000]) == [1.5, None]
    with pytest.raises(TypeError, match="Array does not fit"):
        copy["_plain"](Array(100_000), [10_000])


def test_warnings_stop_after_twenty_problems(copy: dict[str, Any]) -> None:
    with warnings.catch_warnings(record=True) as shown:
        warnings.simplefilter("always")
        for number in range(30):
            copy["_telemetry_capture"](f"Bad{number}")
    assert len(shown) == 20
    assert {warning.filename for warning in shown} == {__file__}
