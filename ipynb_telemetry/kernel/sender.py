# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""A random id of this account on this machine, of which only class collectors are told."""

from __future__ import annotations

import os
import re
import uuid
from contextlib import suppress

from .address import _CLASS_KEY
from .spool import _folder

_SENDER = re.compile("[0-9a-f]{32}")


def _sender(key: str) -> str:
    """The id that goes along to a class collector; "" to a PostHog, and where none can be kept.

    A name that two accounts give themselves shows there by two ids. Kernels and the Jupyter server
    of an account have one id, made once, which tells nothing of anybody.
    """
    if not key.startswith(_CLASS_KEY):
        return ""
    with suppress(OSError, ValueError):
        path = os.path.join(_folder(), "sender")
        if not os.path.exists(path):
            # Under a name of its own first: of two that begin at once, each reads a whole id.
            new = f"{path}-{uuid.uuid4().hex}"
            with open(new, "x", encoding="ascii") as file:
                file.write(uuid.uuid4().hex)
            os.replace(new, path)
        with open(path, encoding="ascii") as file:
            read = file.read(64)
        return read if _SENDER.fullmatch(read) else ""
    return ""
