"""The mark that tells what the command made: the last line of a description.

Tags would say the same, and are set too; but PostHog keeps tags in paid plans alone, and drops them
elsewhere without a word. A mark names what it stands on, and has the digest of what was sent: so
another version of a tile is known without comparing, and nothing without a mark is ever touched.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, NamedTuple

TAG = "ipynb-telemetry"
DASHBOARD = "dashboard"

_MARK = re.compile(
    r"\[ipynb-telemetry (?P<key>[a-z]{1,40}) (?P<digest>[0-9a-f]{16})"
    r"(?P<variables>(?: [0-9a-f-]{36}){0,10})\]\s*\Z"
)


class Mark(NamedTuple):
    """A mark.

    Attributes:
        key: of a tile, or `DASHBOARD`.
        digest: of what was sent.
        variables: of the dashboard, PostHog's ids of the variables that the command made.
    """

    key: str
    digest: str
    variables: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Write the mark."""
        told = "".join(f" {each}" for each in self.variables)
        return f"[ipynb-telemetry {self.key} {self.digest}{told}]"


def read_mark(description: Any) -> Mark | None:
    """Read the mark of a description; None: something has none, so it is somebody else's."""
    found = _MARK.search(description) if isinstance(description, str) else None
    if found is None:
        return None
    return Mark(found["key"], found["digest"], tuple(found["variables"].split()))


def marked(description: str, mark: Mark) -> str:
    """Give a description with a mark."""
    return f"{description}\n\n{mark}"


def digest_of(*parts: Any) -> str:
    """Give the digest of what can be written as JSON, in 16 letters."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
