# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""bootstrap.py in a real kernel, loaded and spoken to as the front end does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager
from jupyter_client.session import Session

PATH = Path(__file__).parents[2] / "bootstrap.py"
SOURCE = PATH.read_text(encoding="utf-8")
JOHN = {"id": "JOHN_DOE", "name": "JOHN-DOE"}
ANN = {"id": "ANN_LEE", "name": "ANN-LEE"}
NAMES = ["STUDENT_ID", "STUDENT_NAME"]
NAMES += ["_cell", "_telemetry_capture", "setup_telemetry", "telemetry_code"]
NAMES += ["telemetry_withdraw", "tracked_test"]
TIMEOUT = 60
PASSING = "@tracked_test('adds up')\ndef test():\n    return 42\n"
# Between these the clock that ids are made by stands.
FROZEN = "import time; real = time.time_ns; time.time_ns = lambda now=real(): now"
THAWED = "time.time_ns = real"
FAILING = "@tracked_test('adds up')\ndef test():\n    assert 1 == 2, 'one is not two'\n"


class FrontEnd:
    """One page: a client of the kernel, and what the kernel answered to its last request."""

    manager: KernelManager  # of a kernel that the page may end

    def __init__(self, kernel: KernelManager) -> None:
        # By default all clients share the session id of the kernel; no two pages do.
        self.client = kernel.client(session=Session(key=kernel.session.key))
        self.client.start_channels()
        self.client.wait_for_ready(timeout=TIMEOUT)
        self.answers: list[dict[str, Any]] = []

    def request(
        self, msg_type: str, content: dict[str, Any], **kwargs: Any
    ) -> list[dict[str, Any]]:
        """Send, and give the data of the Comm messages that came back until the kernel is idle."""
        message = self.client.session.msg(msg_type, content)
        self.client.shell_channel.send(message)
        return self.answers_to(message["header"]["msg_id"])

    def answers_to(self, msg_id: str) -> list[dict[str, Any]]:
        self.answers = []
        while True:
            answer = self.client.get_iopub_msg(timeout=TIMEOUT)
            if answer["parent_header"].get("msg_id") != msg_id:
                continue
            self.answers.append(answer)
            if answer["content"].get("execution_state") == "idle":
                return [dict(c["data"], comm=c["comm_id"]) for c in self.contents("comm_msg")]

    def contents(self, msg_type: str) -> list[dict[str, Any]]:
        return [a["content"] for a in self.answers if a["msg_type"] == msg_type]

    def run(self, code: str, silent: bool = False) -> list[dict[str, Any]]:
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

    def events(self, code: str) -> list[tuple[str, dict[str, Any]]]:
        return [(m["event"], m["properties"]) for m in self.run(code)]

    def printed(self, code: str, stream: str = "stdout") -> str:
        self.run(code)
        return "".join(c["text"] for c in self.contents("stream") if c["name"] == stream)

    def value(self, expression: str) -> Any:
        return eval(self.printed(f"print(repr({expression}))"))

    def load(self, source: str = SOURCE) -> None:
        call = 'g), g["_install"]())[1])({"__name__": "ipynb_telemetry.bootstrap"})'
        self.run(
            f'(lambda g: (exec(compile({source!r}, "<ipynb_telemetry.bootstrap>", "exec"), {call}',
            True,
        )

    def open(
        self, student: dict[str, str] | None = JOHN, comm_id: str = "page"
    ) -> list[dict[str, Any]]:
        data = {"version": 1, "notebook": "D1", "student": student}
        content = {"comm_id": comm_id, "target_name": "ipynb_telemetry", "data": data}
        return self.request("comm_open", content)

    def tell(self, data: Any, comm_id: str = "page") -> list[dict[str, Any]]:
        return self.request("comm_msg", {"comm_id": comm_id, "data": data})

    def close(self, comm_id: str = "page") -> list[dict[str, Any]]:
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
