"""Events in: what has the key of the class, and is not too much, is stored."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from jupyter_server.auth.decorator import authorized
from tornado import web

from ..collector.routes import CaptureHandler
from ..collector.validation import check_events
from ..store.database import StoreUnavailableError, transaction
from ..store.event import Event
from .addresses import address_of
from .bodykeys import without_keys
from .clientproperties import without_browser
from .cors import CrossOrigin
from .door import KeyedHandler, KeyRefusedError
from .keyring import now_ms
from .keys import CLASS_PREFIX
from .rates import TooManyError
from .senders import HEADER, read_sender
from .stamping import stamp
from .wrongkeys import KeyPausedError

MAX_WAITING_BYTES = 256 * 1024 * 1024
"""The most bytes of bodies that are kept at once, of all who send; of one, half of them."""
_BUSY_S = 3
_EVENT_BYTES = 4096  # a larger event counts as several
_WORTHLESS_BYTES = 1024  # of a body that nothing comes of: each counts as an event


class ClassCaptureHandler(CrossOrigin, KeyedHandler, CaptureHandler):
    """Takes events of whoever has the class key, from browsers of any origin too."""

    def initialize(self, *args: Any, **kwargs: Any) -> None:
        """Begin with no body in memory."""
        super().initialize(*args, **kwargs)
        self._kept = 0
        self._whose = address_of(self)

    async def prepare(self) -> None:  # type: ignore[override]  # as that of BodyHandler
        """Refuse an address that sent too much before its body is kept."""
        self.collector.requests.add(self)
        await super().prepare()
        if self.request.method == "POST" and not self._finished and self._refusal is None:
            # On a hub everybody comes from the address of its proxy.
            self._whose = self._student or self._whose
            try:
                self.collector.rates.check(address_of(self), self._student)
            except TooManyError as error:
                self.refuse(_too_many(error))

    def data_received(self, chunk: bytes) -> None:
        """Keep a part of the body, as long as there is room for it."""
        super().data_received(chunk)
        self._count(len(self._body))
        if self._is_too_much() and self._refusal is None:
            refusal = web.HTTPError(429, "The class collector is busy: send it again later.")
            self.refuse(_retried(refusal, _BUSY_S))
            self._count(0)

    def on_finish(self) -> None:
        """Let go of the body."""
        self._let_go()

    def on_connection_close(self) -> None:
        """Let go of the body of somebody who has gone."""
        super().on_connection_close()
        self._let_go()

    @web.authenticated
    @authorized
    async def post(self) -> None:
        """Store every event of the body, or none of them.

        200; 400, 413, 503 as the embedded collector; 401: the key is not taken; 429: too many
        events at once, or wrong keys, with `Retry-After`. No answer tells anything of what is
        stored.
        """
        try:
            await self.take()
        except KeyRefusedError as error:
            self._charge()
            raise web.HTTPError(401, str(error)) from error
        except KeyPausedError as error:
            self._charge()
            refusal = web.HTTPError(429, str(error))
            raise _retried(refusal, math.ceil(error.wait_s)) from error
        except web.HTTPError as error:
            if error.status_code < 500:  # a full disk is nobody's fault
                self._charge()
            raise
        except TooManyError as error:
            raise _too_many(error) from error

    async def store(self, read: Callable[[], Any]) -> None:
        """Store the events, and who has sent them."""
        students: set[str] = set()

        def checked() -> list[Event]:
            events = self._events(read())
            students.update(event.distinct_id for event in events)
            return events

        await self.outcome(self.collector.intake.add(checked))
        self.collector.forward_soon()
        await self._remember_sender(students)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Answer with one sentence, and say when to come again."""
        error = self._refusal or kwargs.get("exc_info", (None, None))[1]
        wait_s = getattr(error, "retry_after_s", None)
        if wait_s is not None:
            self.set_header("Retry-After", str(wait_s))
        super().write_error(status_code, **kwargs)

    def _events(self, document: Any) -> list[Event]:
        door = self.collector.door
        door.check_key(self, document)
        without_keys(document, lambda text: text.startswith(CLASS_PREFIX))
        without_browser(document)
        if (student := self._student) is not None:
            stamp(document, student)
        # An empty batch is how a client asks whether its key is good.
        events = check_events(document, may_be_none=True, warn=self._warnings.append)
        counts: Counter[str] = Counter()
        for event in events:
            counts[event.distinct_id] += 1 + len(event.properties) // _EVENT_BYTES
        self.collector.rates.take(address_of(self), counts)
        return events

    @property
    def _student(self) -> str | None:
        """Who sends, where that is known."""
        student: str | None = self.collector.door.student_of(self)
        return student

    def _charge(self) -> None:
        """Count a body that was read in vain as the events that it could have held.

        Whoever has no key, or sends what is none, would else have bodies read all the time. What
        counts is what was read: a few bytes unpack to millions.
        """
        count = (self._size + self._unpacked_size) // _WORTHLESS_BYTES + 1
        self.collector.rates.charge(address_of(self), count, self._student)

    async def _remember_sender(self, students: set[str]) -> None:
        if self._student is not None:
            return  # a name that is known is no claim
        sender = read_sender(self.request.headers.get(HEADER))
        write = sender and self.collector.senders.news(sender, students, now_ms())
        if not write:
            return

        def change(connection: Any) -> None:
            with transaction(connection):
                write(connection)

        with suppress(StoreUnavailableError):  # the events are stored, and not to be sent again
            await self.collector.off_loop(lambda: self.collector.store.database.use(change))

    def _let_go(self) -> None:
        self._count(0)
        self.collector.requests.discard(self)

    def _count(self, size: int) -> None:
        collector, who = self.collector, self._whose
        collector.waiting_bytes += size - self._kept
        collector.waiting_of[who] += size - self._kept
        if not collector.waiting_of[who]:
            del collector.waiting_of[who]
        self._kept = size

    def _is_too_much(self) -> bool:
        # Whoever sends slowly, for minutes, leaves the other half.
        waiting: int = self.collector.waiting_bytes
        own: int = self.collector.waiting_of[self._whose]
        return waiting > MAX_WAITING_BYTES or own > MAX_WAITING_BYTES // 2


def _too_many(error: TooManyError) -> web.HTTPError:
    return _retried(web.HTTPError(429, str(error)), math.ceil(error.wait_s))


def _retried(refusal: web.HTTPError, wait_s: int) -> web.HTTPError:
    refusal.retry_after_s = wait_s  # type: ignore[attr-defined]
    return refusal
