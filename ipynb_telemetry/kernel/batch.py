# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The body of a request that sends events."""

from __future__ import annotations

import json
from typing import Any

from .request import _iso
from .shared import __version__

# The page adds the same (src/capture/posthog.ts): no place is looked up, and a student is a person
# whom PostHog has a page for.
_ADDED = {"$ip": None, "$geoip_disable": True, "$process_person_profile": True}
_LIBRARY = {"$lib": "ipynb-telemetry", "$lib_version": __version__}


def _body(key: str, events: list[dict[str, Any]]) -> bytes:
    """The body of one attempt; JSON of PostHog knows no half of a character."""
    batch = [
        {**event, "properties": {**event["properties"], **_LIBRARY, **_ADDED}} for event in events
    ]
    body = {"api_key": key, "sent_at": _iso(), "batch": batch}
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
