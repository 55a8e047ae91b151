"""Events on their way into the store: requests that wait at the same time share a transaction."""

from __future__ import annotations

import asyncio
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import NamedTuple

from ..store.event import Event
from ..store.events import EventStore

# A transaction that has so much in it takes no more requests; the last request may go beyond.
MAX_GROUP_EVENTS = 2000
MAX_GROUP_BYTES = 4 * 1024 * 1024


class _Request(NamedTuple):
    read: Callable[[], list[Event]]
    stored: Future[None]


class Intake:
    """Stores what requests bring, several in a commit, most of which is waiting for the disk."""

    def __init__(self, store: EventStore, thread: Executor) -> None:
        """Take the store, and the one thread that it lives in."""
        self._store = store
        self._thread = thread
        self._waiting: deque[_Request] = deque()

    async def add(self, read: Callable[[], list[Event]]) -> None:
        """Store the events of a request, all or none; they are committed when this returns.

        Args:
            read: gives the events. This function is called in the store's thread, before the
                transaction; its errors are raised here, and concern no other request.

        Raises:
            StoreUnavailableError: nothing was stored, nor of other requests in the transaction.
        """
        request = _Request(read, Future())
        self._waiting.append(request)
        # A job for each request: so all are stored before what the thread is given after them.
        self._thread.submit(self._store_waiting)
        await asyncio.wrap_future(request.stored)

    def _store_waiting(self) -> None:
        group: list[Future[None]] = []
        events: list[Event] = []
        size = 0
        # Requests that come while others are read are taken too.
        while self._waiting and len(events) < MAX_GROUP_EVENTS and size < MAX_GROUP_BYTES:
            read, stored = self._waiting.popleft()
            if not stored.set_running_or_notify_cancel():
                continue
            try:
                more = read()
            except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
                _let_go(error)
                stored.set_exception(error)
                continue
            group.append(stored)
            events += more
            size += sum(len(event.properties) for event in more)
        if not group:
            return
        try:
            self._store.append(events)
        except BaseException as error:  # noqa: BLE001 - raised again where it is awaited
            for stored in group:
                stored.set_exception(error)
        else:
            for stored in group:
                stored.set_result(None)


def _let_go(error: BaseException) -> None:
    """Free what the functions that failed had in hand: a body, and all that was made of it.

    The error keeps those functions, and they keep the error, until Python looks for such circles,
    which large texts do not make it do: refused bodies would fill the memory.
    """
    each: BaseException | None = error
    while each is not None:
        traceback.clear_frames(each.__traceback__)
        each = each.__cause__ or each.__context__
