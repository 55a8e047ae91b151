# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The request that is being answered, and the program that sent it."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timezone
from typing import Any

from .imports import _module
from .shared import _shell


def _parent() -> dict[str, Any]:
    """The execute_request that is being answered; empty where there are no messages."""
    with suppress(Exception):
        shell = _shell()
        holders = (shell, getattr(shell, "kernel", None))  # in Pyodide the kernel has the request
        holder = next((each for each in holders if hasattr(each, "get_parent")), None)
        parent: dict[str, Any] = holder.get_parent() if holder else shell.parent_header
        if parent["header"]["msg_type"] == "execute_request":
            return parent
    return {}


def _caller() -> str | None:
    """The session of the page, or of another program, that asked for the run."""
    session: str | None = _parent().get("header", {}).get("session")
    return session


def _is_counted(parent: Mapping[str, Any] | None = None, bare: bool = False) -> bool:
    """Whether a run is a student's; programs ask for runs that nobody sees.

    `bare` is the answer where there are no messages.
    """
    content = (_parent() if parent is None else parent).get("content", {"store_history": bare})
    return bool(content.get("store_history", True) and not content.get("silent"))


def _ms_since(moment: Any) -> float:
    """Milliseconds since a moment that a message names, by this clock."""
    passed: float = (datetime.now(timezone.utc) - moment).total_seconds()
    return passed * 1000


def _iso(seconds: float | None = None) -> str:
    """A moment of `time.time()`, or now, as events are stamped."""
    moment = datetime.fromtimestamp(time.time() if seconds is None else seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _app() -> tuple[str, str]:
    """The program that the notebook is open in, as far as a kernel can see, and its version."""
    if "google.colab" in sys.modules:
        return "colab", os.environ.get("COLAB_RELEASE_TAG", "")
    cell = str(_parent().get("metadata", {}).get("cellId", ""))
    started = "VSCODE_PID" in os.environ and "JPY_SESSION_NAME" not in os.environ
    if cell.startswith("vscode-") or "__vsc_ipynb_file__" in _shell().user_ns or started:
        return "vscode", ""
    return "kernel", getattr(sys.modules.get("IPython"), "__version__", "")


def _kernel_name() -> str:
    """The name of the kernel's specification."""
    with suppress(Exception):
        path = _module("ipykernel.connect").get_connection_file()
        with open(path, encoding="utf-8") as file:
            return str(json.load(file)["kernel_name"] or "python3")
    return "xpython" if "xpython" in sys.modules else "python3"
