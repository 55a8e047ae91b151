# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""TOML, read by a library or, where Python has none, as far as course files need it."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any

from .imports import _module

# A list is left as it is written.
_VALUE = r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|\[[^][]*\]|true|false|[0-9]{1,9}'
_LINE = re.compile(rf"\s*(?:([\w-]+)\s*=\s*({_VALUE})\s*)?(?:#.*)?")
_TABLE = re.compile(r"\s*\[([\w-]+)\]\s*(?:#.*)?")


def _read_toml(text: str, tables: tuple[str, ...] = ()) -> dict[str, Any]:
    """Read TOML; without a library, texts, lists, numbers and switches, also in these tables."""
    for reader in ("tomllib", "tomli"):  # in Python since 3.11; perhaps installed
        with suppress(ImportError):
            return dict(_module(reader).loads(text))
    found: dict[str, Any] = {}
    into: dict[str, Any] | None = found
    for number, line in enumerate(text.splitlines(), 1):
        table = _TABLE.fullmatch(line)
        if table or line.lstrip().startswith("["):
            # Other tables are not ours, and their lines not looked at.
            into = found.setdefault(table[1], {}) if table and table[1] in tables else None
        elif into is not None:
            match = _LINE.fullmatch(line)
            if not match:
                raise ValueError(f'line {number} is not of the form host = "https://\u2026"')
            if match[1]:
                into[match[1]] = _read_value(match[2])
    return found


def _read_value(written: str) -> Any:
    if written[0] in "'[":
        return written.strip("'")
    return json.loads(written)
