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

from .shared import _shell


def _parent() -> dict[str, Any]:
    """The execute_request that is being answered, whole; empty where there are no messages."""
    with suppress(Exception):
        shell = _shell()
        holders = (shell, getattr(shell, "kernel", None))  # Pyodide has it in its kernel
        holder = next((each for each in holders if hasattr(each, "get_parent")), None)
        parent = holder.get_parent() if holder else shell.parent_header
        if parent["header"]["msg_type"] == "execute_request":
            return parent
    return {}


def _caller() -> str | None:
    """The session of the page that asked for the run, or of whatever else did."""
    return _parent().get("header", {}).get("session")


def _is_counted(parent: Mapping[str, Any] | None = None, bare: bool = False) -> bool:
    """Whether the run is a student's, not one that some program asked for unseen."""
    content = (parent or _parent()).get("content", {"store_history": bare})
    return content.get("store_history", True) and not content.get("silent")


def _ms_since(moment: datetime) -> float:
    return (datetime.now(timezone.utc) - moment).total_seconds() * 1000


def _iso(seconds: float | None = None) -> str:
    """That moment of `time.time()`, or now."""
    moment = datetime.fromtimestamp(time.time() if seconds is None else seconds, timezone.utc)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _app() -> tuple[str, str]:
    """In what the notebook is open, as far as a kernel can see, and its version."""
    if "google.colab" in sys.modules:
        return "colab", os.environ.get("COLAB_RELEASE_TAG", "")
    names, env = _shell().user_ns, os.environ
    cell = str(_parent().get("metadata", {}).get("cellId", ""))
    started = "VSCODE_PID" in env and "JPY_SESSION_NAME" not in env
    if cell.startswith("vscode-") or "__vsc_ipynb_file__" in names or started:
        return "vscode", ""
    return "kernel", getattr(sys.modules.get("IPython"), "__version__", "")


def _kernel_name() -> str:
    with suppress(Exception):
        from ipykernel.connect import get_connection_file

        with open(get_connection_file(), encoding="utf-8") as file:
            return json.load(file)["kernel_name"] or "python3"
    return "xpython" if "xpython" in sys.modules else "python3"
