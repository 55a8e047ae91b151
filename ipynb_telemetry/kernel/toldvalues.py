# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Values of environment variables, told to a page so that it finds them and cannot tell them.

A page gets length, filter and digest of each value, made with a salt of the page's own, as
src/events/toldvalues.ts has it. The salt comes to the kernel alone, what is told goes to every
program that listens: only who has both can try guesses.
"""

from __future__ import annotations

import hashlib
import re
import struct
from contextlib import suppress
from typing import Any

from .pages import _open_comms, _say
from .secrets import _environment_secrets, _secret_rules
from .shared import _shell, _state

_MOST_TOLD = 100  # values
_LEAST_TOLD = 8  # UTF-16 code units: shorter values are soon guessed
_FILTER_BITS = 16
_PAGE_SALT = re.compile("[0-9a-f]{32}")
_DIGEST = re.compile("[0-9a-f]{64}")
_UNSIGNED = 0xFFFFFFFF


def _describe(value: str, salt: str) -> dict[str, Any]:
    """Give the description of a value that a page is told."""
    encoded = value.encode("utf-16-le", "surrogatepass")
    units = struct.unpack(f"<{len(encoded) // 2}H", encoded)
    base = int(salt[:8], 16) | 1
    rolled = 0
    for unit in units[-_LEAST_TOLD:]:
        rolled = (rolled * base + unit) & _UNSIGNED
    return {
        "length": len(units),
        "filter": ((rolled ^ rolled >> 16) * 0x9E3779B1 & _UNSIGNED) >> (32 - _FILTER_BITS),
        "digest": hashlib.sha256(bytes.fromhex(salt) + encoded).hexdigest(),
    }


def _take_salt(page: dict[str, Any], salt: Any) -> None:
    """Take the salt that a page tells; pages of older versions have none, and are told nothing."""
    if isinstance(salt, str) and _PAGE_SALT.fullmatch(salt) and salt != page.get("salt"):
        page.update(salt=salt, known=set())


def _take_known(page: dict[str, Any], digests: Any) -> None:
    """Take from a page which values have come: a server may drop any message."""
    if "salt" in page and isinstance(digests, list):
        told = [each for each in digests[:_MOST_TOLD] if isinstance(each, str)]
        page["known"].update(filter(_DIGEST.fullmatch, told))


def _tell_values(page: dict[str, Any]) -> None:
    """Tell a page of the values that it does not know yet."""
    if not (page["tracked"] and page.get("salt")) or _secret_rules.is_off:
        return
    told = [_describe(value, page["salt"]) for value in _environment_secrets()[-_MOST_TOLD:]]
    new = [each for each in told if each["digest"] not in page["known"]]
    new = [each for each in new if each["length"] >= _LEAST_TOLD]
    if new:
        _say(page["comm"], {"values": new})
    _tell_behind_runs()


def _tell_behind_runs() -> None:
    """Look behind each run whether it has put values into the environment, once for all copies."""
    state = _state()
    if not state.tells:
        state.tells = True
        _shell().events.register("post_run_cell", _tell_pages)


def _tell_pages(*_: Any) -> None:
    """Tell before the kernel is idle again: then the page reports the run."""
    for page in _open_comms():
        with suppress(Exception):
            _tell_values(page)
