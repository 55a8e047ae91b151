# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Claims: a class collector is told whose the sessions are that kernels of this account began."""

from __future__ import annotations

import json
import time
from typing import Any

from .address import _CLASS_KEY
from .answer import _judge
from .personcode import _verifier_for
from .post import _post

_CLAIMS = "ipynb-telemetry/me/sessions"
_PER_CLAIM = 500  # sessions of a claim


class _Claims:
    """Claims the sessions of events that have arrived, each once; a claim that fails goes again."""

    def __init__(self) -> None:
        self._done: set[tuple[str, str]] = set()  # hosts with sessions
        self._left: dict[tuple[str, str], str] = {}  # the students of those that are not claimed

    def tell(self, host: str, key: str, fingerprint: str, events: list[dict[str, Any]]) -> None:
        """Claim the sessions of events, and those that were not claimed yet."""
        if not key.startswith(_CLASS_KEY):
            return  # a PostHog knows of no claims
        for event in events:
            place = (host, str(event["properties"].get("session_id", "")))
            if place not in self._done:
                self._left[place] = event["distinct_id"]
        here = {place: who for place, who in self._left.items() if place[0] == host}
        for student in set(here.values()):
            verifier = _verifier_for(student)
            sessions = [place[1] for place, who in here.items() if who == student][:_PER_CLAIM]
            if not verifier or self._is_told(host, key, fingerprint, verifier, sessions):
                for session in sessions:
                    self._done.add((host, session))
                    self._left.pop((host, session), None)

    def _is_told(
        self, host: str, key: str, fingerprint: str, verifier: str, sessions: list[str]
    ) -> bool:
        body = json.dumps({"verifier": verifier, "sessions": sessions}).encode()
        headers = {"Authorization": f"Bearer {key}"}
        answer = _post(host, body, fingerprint=fingerprint, headers=headers, path=_CLAIMS)
        # A collector of before has no such route, and never will take the claim.
        return _judge(answer, time.time()).kind != "retry"
