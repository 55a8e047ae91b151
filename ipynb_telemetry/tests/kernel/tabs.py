# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Pages that a kernel calls: of messages, which answer as a page does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .directkernel import ANN, IMPORT, Student, environment, running
from .frontend import SOURCE, TIMEOUT, a_page

CALL = f"{IMPORT}setup_telemetry('D1', {ANN})"
TOLD = {"version": 1, "notebook": "D1", "student": {"id": "JOHN_DOE", "name": "JOHN-DOE"}}


class Page(Student):
    """A page of JupyterLab: what it is told on its own Comm and on the kernel's."""

    def iopub(self, msg_type: str, msg_id: str | None = None) -> dict[str, Any]:
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            of = message["parent_header"].get("msg_id")
            if message["msg_type"] == msg_type and msg_id in (None, of):
                return message

    def called(self, msg_id: str) -> str:
        """The Comm that the kernel opens, as it is to be."""
        opened = self.iopub("comm_open", msg_id)
        content = opened["content"]
        assert opened["parent_header"]["session"] == self.client.session.session
        assert content["target_name"] == "ipynb_telemetry"
        assert content["data"] == {"version": 2, "notebook": "D1"}
        return content["comm_id"]

    def say(self, comm_id: str, data: Any, msg_type: str = "comm_msg") -> str:
        content = {"comm_id": comm_id, "data": data}
        message = self.client.session.msg(msg_type, content)
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def attach(self) -> list[dict[str, Any]]:
        """Load the kernel side and open a Comm of our own, as for flagged notebooks."""
        self.load(SOURCE)
        content = {"comm_id": "page", "target_name": "ipynb_telemetry", "data": TOLD}
        return self.request("comm_open", content)


def page_of(tmp_path: Path, kind: type[Page] = Page) -> Any:
    return running(environment(tmp_path), cwd=str(tmp_path), student=kind)


def hooks(page: Page) -> str:
    page.run(
        "shell = get_ipython()\n"
        "print([len(shell.events.callbacks[n]) for n in ('pre_run_cell', 'post_run_cell')],"
        " 'send' in vars(shell.kernel.session))",
        silent=True,
    )
    return page.shown()


GATE = "import os, time\nwhile not os.path.exists({!r}): time.sleep(0.01)"


class Tab(Page):
    """A page in a tab of its own, with its own Comm."""

    comm_id = "page"

    def hears_call(self, code: str, cell_id: str) -> list[dict[str, Any]]:
        """Run a cell at which the kernel asks whether we are here, and say so."""
        msg_id = self.send(code, cell_id)
        self.say(self.called(msg_id), {"answer": "here", "version": 1})
        assert self.iopub("comm_msg", msg_id)["content"]["data"] == {"accept": True}
        self.answers_to(msg_id)
        return self.arrive()

    def hears_call_of_nobody(self, code: str) -> list[dict[str, Any]]:
        msg_id = self.send(code, "setup")
        self.say(self.called(msg_id), {"answer": "here", "version": 1})
        self.answers_to(msg_id)
        return self.arrive(student=None)

    def arrive(self, **told: Any) -> list[dict[str, Any]]:
        """Load the kernel side and open a Comm; gives what the kernel kept for us."""
        self.load(SOURCE)
        data = {**TOLD, **told}
        content = {"comm_id": self.comm_id, "target_name": "ipynb_telemetry", "data": data}
        return [m for m in self.request("comm_open", content) if "event" in m]

    def runs_unasked(self, code: str, cell_id: str) -> list[dict[str, Any]]:
        messages = self.cell(code, cell_id)
        assert "comm_open" not in {answer["msg_type"] for answer in self.answers}
        return [m for m in messages if m["comm"] == self.comm_id]


@contextmanager
def another(tab: Tab, comm_id: str = "another") -> Iterator[Tab]:
    """A second client of the kernel."""
    with a_page(tab.manager, Tab) as other:
        other.comm_id = comm_id
        yield other


def cells(messages: list[dict[str, Any]]) -> list[str]:
    return [m["properties"]["cell_id"] for m in messages if m["event"] == "cell_executed"]
