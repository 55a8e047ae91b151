"""Kernels whose language is Python and that are no IPython; each writes down what it is sent.

python wrapper.py KIND -f FILE
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

KIND = sys.argv.pop(1)


def note(code: str, user_expressions: Any) -> None:
    """Write down what a front end has sent."""
    with open(f"{KIND}.sent", "a", encoding="utf-8") as file:
        file.write(json.dumps([code, user_expressions or {}]) + "\n")


REPLY = {"status": "ok", "execution_count": 1, "payload": [], "user_expressions": {}}


class Board(Kernel):
    """As of MicroPython on a board."""

    implementation = "micropython_kernel"
    implementation_version = "1"
    banner = "board"
    language_info = {  # noqa: RUF012 - as in the class above it
        "name": "python",
        "mimetype": "text/x-python",
        "file_extension": ".py",
    }

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: Any = None,
        allow_stdin: bool = False,
        **_: Any,
    ) -> dict[str, Any]:
        """Send code somewhere else."""
        note(code, user_expressions)
        if not silent:
            self.send_response(self.iopub_socket, "stream", {"name": "stdout", "text": "sent\n"})
        return REPLY


class Slow(Board):
    """With the name of IPython, and busy with each request."""

    implementation = "ipython"

    async def do_execute(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Take time."""
        time.sleep(2)
        return await super().do_execute(*args, **kwargs)


class Spark(IPythonKernel):
    """Of IPython's own class, which says that it is IPython; but code goes elsewhere."""

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: Any = None,
        allow_stdin: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Send code somewhere else."""
        note(code, user_expressions)
        print_it = "" if silent else "print('sent')"
        return await super().do_execute(
            print_it, silent, store_history, user_expressions, allow_stdin
        )


KINDS = {"board": Board, "slow": Slow, "spark": Spark}
IPKernelApp.launch_instance(kernel_class=KINDS[KIND])
