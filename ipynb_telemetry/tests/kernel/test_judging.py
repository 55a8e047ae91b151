# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Tests that are decorated, and what is told of them."""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
import textwrap
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import KernelManager

from .frontend import FAILING, PASSING, TIMEOUT, FrontEnd


def test_a_passed_test_is_printed_and_sent_with_its_cell_as_parent(page: FrontEnd) -> None:
    page.run(PASSING + "result = test()")
    assert page.contents("stream") == [{"name": "stdout", "text": "TEST PASSED: adds up\n"}]
    (message,) = (a for a in page.answers if a["msg_type"] == "comm_msg")
    assert message["parent_header"]["session"] == page.client.session.session
    assert message["parent_header"]["msg_type"] == "execute_request"
    assert message["content"]["comm_id"] == "page"
    properties = message["content"]["data"]["properties"]
    assert 0 < properties.pop("duration_ms") < 1000
    # The page that stands in here names no cells.
    assert properties.pop("cell_id").startswith("source-")
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


def test_a_tracked_call_costs_little(page: FrontEnd) -> None:
    page.run(
        "import time, io, contextlib\n@tracked_test('quick')\ndef quick(): pass\n"
        "times = []\nwith contextlib.redirect_stdout(io.StringIO()):\n"
        "    for _ in range(200):\n        start = time.process_time(); quick()\n"
        "        times.append(time.process_time() - start)"
    )
    assert page.value("sorted(times)[100]") < 0.002


def test_the_signature_is_kept(copy: dict[str, Any]) -> None:
    def plain(a: int, *, b: str = "x") -> float:
        """Doc."""
        return a / len(b)

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


def test_a_deep_recursion_is_reported_in_short(copy: dict[str, Any]) -> None:
    def deeper() -> None:
        deeper()

    with pytest.raises(RecursionError) as raised:
        deeper()
    lines = copy["_traceback"](raised.value).splitlines()
    assert len(lines) == 2 + 2 * 20
    assert lines[1].startswith(f"  File {Path(__file__).name}, line ")
