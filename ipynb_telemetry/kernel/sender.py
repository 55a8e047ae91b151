# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""A random id of this account on this machine, of which only class collectors are told."""

from __future__ import annotations

import re
import uuid
from contextlib import suppress

from .account import _keep_text, _read_kept
from .address import _CLASS_KEY

_SENDER = re.compile("[0-9a-f]{32}")


def _sender(key: str) -> str:
    """The id that goes along to a class collector; "" to a PostHog, and where none can be kept.

    A name that two accounts give themselves shows there by two ids. Kernels and the Jupyter server
    of an account have one id, made once, which tells nothing of anybody.
    """
    if not key.startswith(_CLASS_KEY):
        return ""
    with suppress(OSError, ValueError):
        _keep_text("sender", uuid.uuid4().hex)
        read = _read_kept("sender")
        return read if _SENDER.fullmatch(read) else ""
    return ""
