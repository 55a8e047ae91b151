# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The search for the place that a kernel's events go to, and for what students are told of it."""

from __future__ import annotations

import re
from typing import Any

from .coursefile import _read_course
from .delivery import _deliver, _Delivery
from .destination import _destination
from .notice import _consent_facts, _notice_words
from .rules import _rules
from .shared import _state


class _Search:
    """Where events are to go, as the call, the environment and the course file say."""

    def __init__(
        self, host: Any, api_key: Any, certificate: Any, delivery: _Delivery | None
    ) -> None:
        """`delivery` is in use; no other is looked for unless the call or its state asks for it."""
        self._delivery = delivery
        self.of_call = (host, api_key)
        self.certificate = certificate
        self._is_given = any(each is not None for each in (host, api_key, certificate))
        self._is_needed = delivery is None or self._is_given or delivery.is_refused
        self.place = ""
        self.key: str | None = None
        self.fingerprint = ""
        self.course, self.problem = _read_course()
        if self._is_needed:
            problem = self.problem
            # The names in a text, or in a list that was read or left as it is written.
            off = re.findall(r"\w+", str(self.course.get("test_sources_off", "")))
            _state().sources_off = set(off)
            self.place, self.key, self.fingerprint, self.problem = _destination(
                host, api_key, certificate, self.course, problem
            )

    @property
    def _is_kept(self) -> bool:
        """Whether the delivery in use stays in use."""
        is_named = self.key or (self._is_given and not self.problem)  # a typo ends no delivery
        return bool(self._delivery) and not (self._is_needed and is_named)

    def told(self) -> tuple[dict[str, Any], str]:
        """The terms that a student is asked about, as events tell them, and the notice in words."""
        old = self._delivery if self._is_kept else None
        place, key = (old.host, old.key) if old else (self.place, self.key)
        told = (self.course, _rules(), place, key)
        return _consent_facts(*told), _notice_words(*told)

    def deliver(self) -> _Delivery:
        """The delivery from now on; any exception where events cannot be kept."""
        old = self._delivery
        if old and self._is_kept:
            return old
        if old and self.key and old.is_refused:
            old.correct(*_pinned(self.place, self.key, self.fingerprint))
        return _deliver(self.place, self.key, self.fingerprint)


def _pinned(host: str, key: str, fingerprint: str) -> tuple[str, ...]:
    """The arguments of another copy's method, which may be of a version that pins nothing."""
    return (host, key, fingerprint) if fingerprint else (host, key)
