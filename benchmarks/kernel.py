"""What a cell takes in a kernel that reports by itself, beside one that does not.

The argument is a folder for the files of the kernels. Prints one line of JSON: for each kind of
kernel, round by round, the milliseconds of a trivial cell. `wall` is from the request until the
kernel is idle again; `main` is processor time of the thread that runs cells, which other programs
on the machine hardly change.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.manager import KernelManager

from ipynb_telemetry.tests.support.fakeposthog import fake_posthog

ROUNDS = 9
CELLS = 200  # in a round
CALL = (
    "from ipynb_telemetry.bootstrap import setup_telemetry\n"
    "setup_telemetry('D1', skip_name_prompt=True, student_name='Ann Lee')"
)


def run(client: Any, code: str) -> tuple[float, str]:
    """Milliseconds until the kernel has said all it will, and what it printed."""
    began, printed = time.perf_counter(), ""
    msg_id = client.execute(code, allow_stdin=False)
    while True:
        message = client.get_iopub_msg(timeout=60)
        printed += message["content"].get("text", "")
        if (
            message["parent_header"].get("msg_id") == msg_id
            and message["content"].get("execution_state") == "idle"
        ):
            return (time.perf_counter() - began) * 1000, printed


def processor_ms(client: Any) -> float:
    """What the thread that runs cells has used so far."""
    return float(run(client, "import time; print(time.thread_time() * 1000)")[1])


@contextmanager
def kernel(folder: Path, host: str | None) -> Iterator[Any]:
    """A client of a kernel, which reports to `host` if there is one."""
    manager = KernelManager()
    env = {**os.environ, "JUPYTER_DATA_DIR": str(folder), "IPYTHONDIR": str(folder / "ipython")}
    env.update(NO_PROXY="127.0.0.1", IPYNB_TELEMETRY_API_KEY="phc_bench")
    env["IPYNB_TELEMETRY_CONSENT"] = "yes"  # nobody can be asked
    manager.start_kernel(env={**env, "IPYNB_TELEMETRY_HOST": host or ""})
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        if host:
            run(client, CALL)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel()


def main(folder: Path) -> None:
    """Measure in turn, so that what slows the machine slows all."""
    with ExitStack() as stack:
        posthog = stack.enter_context(fake_posthog())
        dead = stack.enter_context(socket.socket())  # takes connections, never answers
        dead.bind(("127.0.0.1", 0))
        dead.listen()
        hosts = {
            "bare": None,
            "live": posthog.host,
            "dead": f"http://127.0.0.1:{dead.getsockname()[1]}",
        }
        clients = {
            name: stack.enter_context(kernel(folder / name, host)) for name, host in hosts.items()
        }
        times: dict[str, Any] = {name: {"wall": [], "main": []} for name in clients}
        for turn in range(ROUNDS + 1):
            cells: dict[str, list[float]] = {name: [] for name in clients}
            used = {name: -processor_ms(client) for name, client in clients.items()}
            for number in range(CELLS):
                for name, client in clients.items():
                    cells[name].append(run(client, f"x = {number}\nprint(x)")[0])
            for name, client in clients.items():
                used[name] += processor_ms(client)
                if turn > 0:  # the first one warms up
                    times[name]["wall"].append(statistics.median(cells[name]))
                    times[name]["main"].append(used[name] / (CELLS + 1))
        posthog.wait_until(lambda: len(posthog.accepted) >= 2 + (ROUNDS + 1) * (CELLS + 2))
    json.dump(times, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
