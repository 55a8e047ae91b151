# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The posthog package, which is installed where it is missing."""

from __future__ import annotations

import importlib
import subprocess
import sys
from contextlib import suppress

# As src/delivery/posthog.ts adds: no place is looked up, and a student is a person one can open.
_ADDED = {"$ip": None, "$geoip_disable": True, "$process_person_profile": True}


def _install_posthog() -> None:
    """Takes as long as the network does; where it fails the events wait."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    command += ["--retries", "1", "--timeout", "5", "posthog"]
    with suppress(Exception):
        quiet = subprocess.DEVNULL
        subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, timeout=120)
    importlib.invalidate_caches()
