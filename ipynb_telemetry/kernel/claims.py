# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Claims: a class collector is told whose the sessions are that kernels of this account began."""

from __future__ import annotations

import json
import random
import time
from contextlib import suppress
from typing import Any

from .address import _CLASS_KEY
from .answer import _judge
from .pace import _back_off
from .personcode import _verifier_for
from .post import _post

_CLAIMS = "ipynb-telemetry/me/sessions"
_PER_CLAIM = 500  # sessions of a claim
_NO_ROUTE = (404, 405)  # of a collector of before, which never will take a claim


class _Claims:
    """Claims the sessions of events that have arrived, each once; a claim that fails goes again."""

    def __init__(self) -> None:
        self.left: dict[str, str] = {}  # verifiers by sessions that are not claimed yet
        self.not_before = 0.0  # by `time.monotonic()`
        self._failures = 0  # in a row
        self._done: set[str] = set()

    @property
    def is_due(self) -> bool:
        """Whether a claim is to be made now."""
        return bool(self.left) and self.not_before <= time.monotonic()

    def tell(self, host: str, key: str, fingerprint: str, events: list[dict[str, Any]]) -> bool:
        """Claim the sessions of events, and those that are left; says whether any were, or are."""
        was_left = bool(self.left)
        if self._note(key, events) or self.is_due:
            self._claim(host, key, fingerprint)
        return was_left or bool(self.left)

    def _note(self, key: str, events: list[dict[str, Any]]) -> bool:
        """Have the sessions of events claimed; says whether there are new ones."""
        if not key.startswith(_CLASS_KEY):
            return False  # a PostHog knows of no claims
        told = len(self._done)
        for event in events:
            session = str(event["properties"].get("session_id", ""))
            if session not in self._done:
                self._done.add(session)
                verifier = _verifier_for(event["distinct_id"])
                if verifier:
                    self.left[session] = verifier
        return len(self._done) > told

    def _claim(self, host: str, key: str, fingerprint: str) -> None:
        """Claim the sessions that are left, or know when to try again."""
        for verifier in set(self.left.values()):
            sessions = [each for each, of in self.left.items() if of == verifier][:_PER_CLAIM]
            pause_s = self._pause_after(host, key, fingerprint, verifier, sessions)
            if pause_s:
                self.not_before = time.monotonic() + pause_s
                return
            for session in sessions:
                self.left.pop(session, None)
        self.not_before = 0.0

    def _pause_after(
        self, host: str, key: str, fingerprint: str, verifier: str, sessions: list[str]
    ) -> float:
        """Make a claim; gives after how many seconds it is to be made again, 0: never."""
        body = json.dumps({"verifier": verifier, "sessions": sessions}).encode()
        headers = {"Authorization": f"Bearer {key}"}
        after_s = 0.0
        with suppress(Exception):  # a fault of ours or Python's costs no claim
            answer = _post(host, body, fingerprint=fingerprint, headers=headers, path=_CLAIMS)
            verdict = _judge(answer, time.time())
            if verdict.kind != "retry" or answer.status in _NO_ROUTE:
                self._failures = 0
                return 0.0
            after_s = verdict.after_s
        self._failures += 1
        return max(after_s, _back_off(self._failures, random.random()))
