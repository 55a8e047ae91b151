# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Spools that ended processes left, taken up by the next one."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress

from .account import _folder
from .spool import _Spool

_SPOOL = re.compile(r"spool-\w+\.jsonl")


def _adopt(host: str, key: str, fingerprint: str = "") -> list[_Spool]:
    """Take up the spools that ended processes left."""
    spools = []
    with suppress(OSError):
        folder = _folder(makes=False)
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            with suppress(OSError):
                if _SPOOL.fullmatch(name):
                    spool = _Spool.adopt(path, host, key, fingerprint)
                    if spool.is_empty:
                        spool.close()
                    else:
                        spools.append(spool)
                elif name.endswith(".new") and time.time() - os.path.getmtime(path) > 3600:
                    os.unlink(path)  # its process was killed before it could be used
    return spools
