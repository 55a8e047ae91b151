# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""A kernel with no page of ours in front of it, and what a student does there."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager

from .frontend import TIMEOUT, FrontEnd, a_page

ROOT = Path(__file__).parents[3]
KEY = "phc_direct"
IMPORT = "from ipynb_telemetry.bootstrap import *\nfrom ipynb_telemetry.bootstrap import "
IMPORT += "_telemetry_capture\n"
ANN = 'skip_name_prompt=True, student_name="Ann Lee"'


class Student(FrontEnd):
    """Runs cells and answers prompts; as a plain client it lets Comms pass in silence."""

    stdin = True
    clock = 0.0  # seconds that this machine's is behind the kernel's

    def cell(self, code: str, cell_id: str | None = None, **content: Any) -> list[dict[str, Any]]:
        msg_id = self.send(code, cell_id, **content)
        messages = self.answers_to(msg_id)
        self.reply = self.reply_to(msg_id)
        return messages

    def send(self, code: str, cell_id: str | None = None, **content: Any) -> str:
        request = {"code": code, "silent": False, "store_history": True, "user_expressions": {}}
        request.update(allow_stdin=self.stdin, stop_on_error=False)
        metadata = {} if cell_id is None else {"cellId": cell_id}
        message = self.client.session.msg("execute_request", {**request, **content})
        message["metadata"] = metadata
        message["header"]["date"] -= timedelta(seconds=self.clock)
        self.client.shell_channel.send(message)
        return message["header"]["msg_id"]

    def shown(self) -> str:
        return "".join(c["text"] for c in self.contents("stream"))

    def set_up(self, arguments: str = ANN, notebook: str = "D1") -> str:
        self.cell(f"{IMPORT}setup_telemetry({notebook!r}, {arguments})")
        return self.shown()

    def answer(self, *names: str) -> list[str]:
        prompts = []
        for name in names:
            prompts.append(self.client.get_stdin_msg(timeout=TIMEOUT)["content"]["prompt"])
            self.client.input(name)
        return prompts


def environment(folder: Path, host: str | None = None) -> dict[str, str]:
    """Of a kernel that keeps its things in `folder`, and sends to `host` if there is one."""
    own = {"JUPYTER_DATA_DIR": str(folder / "data"), "IPYTHONDIR": str(folder / "ipython")}
    own.update(PYTHONPATH=str(ROOT), NO_PROXY="127.0.0.1")
    own["IPYNB_TELEMETRY_CONSENT"] = "yes"  # nobody can be asked
    key = {"IPYNB_TELEMETRY_API_KEY": KEY, "IPYNB_TELEMETRY_HOST": host} if host else {}
    return {**os.environ, **own, **key}


@contextmanager
def running(
    env: dict[str, str],
    python: str | None = None,
    student: type[Student] = Student,
    **kwargs: Any,
) -> Iterator[Any]:
    """A kernel that is asked to end, as a front end does, and killed only when it does not."""
    manager = KernelManager()
    if python:
        manager.kernel_spec.argv[0] = python
    manager.start_kernel(env=env, **kwargs)
    try:
        with a_page(manager, student) as page:
            page.manager = manager
            yield page
    finally:
        if manager.has_kernel:
            manager.shutdown_kernel()


def written(folder: Path) -> list[dict[str, Any]]:
    """The events in the file of a kernel without a key."""
    path = folder / "data" / "ipynb-telemetry" / "events.jsonl"
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def spools(folder: Path) -> list[Path]:
    return sorted((folder / "data" / "ipynb-telemetry").glob("spool-*.jsonl"))


def runs(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [event["properties"] for event in events if event["event"] == "cell_executed"]


def closed_port() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def start(student: Student) -> str:
    student.stdin = False
    return student.set_up()


def waiting(path: Path) -> dict[str, dict[str, Any]]:
    """The events in a spool file that were not acknowledged."""
    events: dict[str, dict[str, Any]] = {}
    for line in path.read_text("utf-8").splitlines():
        read = json.loads(line or "{}")
        if "event" in read:
            events[read["uuid"]] = read
        for uuid in read.get("done", ()):
            events.pop(uuid, None)
    return events


def wait_for(condition: Any, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "what was waited for did not come"
        time.sleep(0.02)


def leave(folder: Path, host: str, *lines: str) -> Path:
    """A spool as a kernel leaves it, with these lines and one event."""
    path = folder / "data" / "ipynb-telemetry" / "spool-left.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    envelope = {"student_id": "ANN_LEE", "notebook": "D1", "session_id": "s", "seq": 1}
    event: dict[str, Any] = {"uuid": "11111111-1111-4111-8111-111111111111", "event": "left"}
    event.update(distinct_id="ANN_LEE", timestamp="2026-01-01T00:00:00.000Z", properties=envelope)
    all_lines = [json.dumps({"host": host, "api_key": KEY}), *lines, json.dumps(event)]
    path.write_text("\n".join(all_lines) + "\n", "utf-8")
    return path


def names(events: Any) -> list[str]:
    return [event["event"] for event in events]


def files(folder: Path) -> Path:
    return folder / "data" / "ipynb-telemetry"


def unarranged(folder: Path, host: str | None = None) -> dict[str, str]:
    """The environment of an account for which nobody has arranged consent."""
    env = environment(folder, host)
    del env["IPYNB_TELEMETRY_CONSENT"]
    return env


def kernel(tmp_path: Path, host: str | None = None) -> Any:
    """A kernel of an account for which nobody has arranged consent."""
    return running(unarranged(tmp_path, host), cwd=str(tmp_path))


def asked(student: Student, arguments: str, *answers: str) -> tuple[list[str], str]:
    """Run the call and answer; gives the prompts, and what was printed."""
    msg_id = student.send(f"{IMPORT}setup_telemetry('D1', {arguments})", "setup")
    prompts = student.answer(*answers)
    student.answers_to(msg_id)
    student.reply = student.reply_to(msg_id)
    return prompts, student.shown()
