# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The posthog package, which sends a batch, and is installed where it is missing."""

from __future__ import annotations

import importlib
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any

# The page adds the same (src/capture/posthog.ts): no place is looked up, and a student is a person
# whom PostHog has a page for.
_ADDED = {"$ip": None, "$geoip_disable": True, "$process_person_profile": True}


class _PostHog:
    """The posthog package as the thread that sends uses it."""

    def __init__(self) -> None:
        self._is_tried = False  # whether to install the package was
        self._client: Any = None
        self._shaped: list[dict[str, Any]] = []

    def load(self, installs: bool) -> None:
        """Import the package; where it is missing and `installs` is set, install it, once."""
        try:
            importlib.import_module("posthog")
        except ImportError:
            if installs and not self._is_tried:
                self._is_tried = True
                _install_posthog()

    def post(self, host: str, key: str, events: list[dict[str, Any]]) -> None:
        """Send one batch; whatever error the package or its transport raises."""
        batch_post = importlib.import_module("posthog.request").batch_post
        batch = [self._shape(event) for event in events]
        batch_post(key, host, gzip=True, timeout=10, batch=batch)

    def _shape(self, event: dict[str, Any]) -> dict[str, Any]:
        """The form that posthog gives an event, less all that it adds unasked; as in the page."""
        self._shaped.clear()
        with suppress(Exception):  # a posthog for Python 3.8 or 3.9 has no before_send
            if self._client is None:
                # The client sends nothing, it only shapes: `before_send` drops each event.
                self._client = importlib.import_module("posthog").Posthog(
                    "ipynb-telemetry",
                    host="http://127.0.0.1:9",
                    sync_mode=True,
                    before_send=self._shaped.append,
                )
            self._client.capture(
                event=event["event"],
                distinct_id=event["distinct_id"],
                properties=event["properties"],
                timestamp=datetime.fromisoformat(event["timestamp"].replace("Z", "+00:00")),
                uuid=event["uuid"],
            )
        version = importlib.import_module("posthog.version").VERSION
        added = {"$lib": "posthog-python", "$lib_version": version}
        added = self._shaped[-1]["properties"] if self._shaped else added
        labels = {name: added[name] for name in ("$lib", "$lib_version") if name in added}
        return {**event, "properties": {**event["properties"], **labels, **_ADDED}}


def _install_posthog() -> None:
    """Install with pip, as long as the network takes; where that fails the events wait."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    command += ["--retries", "1", "--timeout", "5", "posthog"]
    with suppress(Exception):
        quiet = subprocess.DEVNULL
        subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=120)
    importlib.invalidate_caches()
