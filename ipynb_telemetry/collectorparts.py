"""The parts that every collector has, embedded or of a class: store, reader, relay, and threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any, TypeVar

from .answers.memory import Memory
from .answers.replays import Replays
from .answers.thresholds import Thresholds
from .collector.intake import Intake
from .collector.slowdown import SlowDown
from .relay.askingclass import Passed, ask_class_collector
from .relay.forwarder import Relay
from .relay.queue import RelayQueue
from .relay.thread import in_thread
from .relay.watch import SettingsWatch
from .settings.destination import Destination
from .settings.inforce import InForce
from .store.accesslog import Looks
from .store.events import EventStore
from .store.folding import Folding
from .store.reader import Reader
from .store.rebuilding import Rebuilding
from .store.retention import Retention
from .store.scrubbingturns import ScrubbingTurns

T = TypeVar("T")

LONGEST_PAUSE_S = 8.0
"""After wrong codes, in seconds: whoever shares an address with somebody who guesses waits, too,
and 80 random bits are not guessed in any case."""
FREE_STUDENT_CODES = 10
"""Different wrong codes, of students who mistype beside one another; a slip comes to no server."""


class CollectorParts:
    """What the handlers of all rooms find in `collector`; each part is made with its first use.

    Attributes:
        database_path: the file of the store, or `:memory:`; a str that does not change any more.
        log: the logger, told of failures.
        server_settings: tells where the relay sends, as `ServerSettings` does by `read`.
        max_body_size: the largest body of a request, in bytes, as sent and unpacked; an int.
        retention_days: how long events are kept, in days; 0: until somebody deletes them.
        static_url_prefix: the path, with a slash at its end, of the files of the class page.
        is_of_class: whether the store is of a class, and not of an account.
    """

    is_of_class = False

    # Any: a trait where a Jupyter server has the collector, else a value.
    database_path: Any
    log: Any
    server_settings: Any
    max_body_size: Any
    retention_days: Any
    static_url_prefix: Any

    @property
    def body_limit(self) -> int:
        """The largest body of a request, in bytes, where the server has a limit of its own too."""
        return int(self.max_body_size)

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds of the class view."""
        return Thresholds()

    def elsewhere(self) -> Destination | None:
        """Give where events go instead of coming here; None: they come. The call blocks."""
        in_force: InForce = self.server_settings.read()
        return in_force.destination

    @cached_property
    def store(self) -> EventStore:
        """The store, which lives in the thread of `off_loop`."""
        return EventStore(self.database_path, self.log)

    @cached_property
    def intake(self) -> Intake:
        """The way of events into the store."""
        return Intake(self.store, self._thread)

    @cached_property
    def reader(self) -> Reader:
        """The way to what the store holds."""
        return Reader(self.store.database, self._thread)

    @cached_property
    def folding(self) -> Folding:
        """The copying of the store's journal into its file."""
        return Folding(self.database_path)

    @cached_property
    def rebuilding(self) -> Rebuilding:
        """The building of what answers read."""
        return Rebuilding(self.store.database, self.off_loop, self.log)

    @cached_property
    def retention(self) -> Retention:
        """The deleting of what is too old."""
        return Retention(self.store.database, self.off_loop, int(self.retention_days), self.log)

    @cached_property
    def scrubbing(self) -> ScrubbingTurns:
        """The writing anew of the store's file."""
        return ScrubbingTurns(self.store.database, self.off_loop)

    @cached_property
    def memory(self) -> Memory:
        """The readings that answers keep."""
        return Memory()

    @cached_property
    def replays(self) -> Replays:
        """The time windows that answers keep."""
        return Replays()

    @cached_property
    def looks(self) -> Looks:
        """Who looked at what, a moment ago."""
        return Looks()

    @cached_property
    def code_guesses(self) -> SlowDown:
        """The wrong codes of who asked about a person."""
        return SlowDown(longest_s=LONGEST_PAUSE_S)

    @cached_property
    def student_code_guesses(self) -> SlowDown:
        """The wrong codes of who asked whose a student's code is."""
        return SlowDown(longest_s=LONGEST_PAUSE_S, free=FREE_STUDENT_CODES)

    async def ask_class_collector(self, *question: Any) -> Passed:
        """Ask the class collector that this server sends to; see `relay.askingclass`."""
        return await in_thread(lambda: ask_class_collector(self.elsewhere(), *question))

    @cached_property
    def queue(self) -> RelayQueue:
        """The events that are to be forwarded."""
        return RelayQueue(self.store.database)

    @cached_property
    def relay(self) -> Relay:
        """The forwarding of these events."""
        return Relay(self.queue, self.off_loop, SettingsWatch(self.server_settings.read))

    @cached_property
    def _thread(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix="ipynb_telemetry")

    async def off_loop(self, work: Callable[..., T], *args: Any) -> T:
        """Run `work` in the store's thread, after what waits there already.

        Args:
            work: called in the thread; whatever it raises is raised here.
            args: its arguments.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)

    def begin(self) -> None:
        """Go on with what was left to do; to be called on the event loop."""
        self.relay.wake()
        self.rebuilding.start()
        self.retention.start()

    async def end(self) -> None:
        """Stop forwarding and reading, finish what was accepted, then close the store."""
        await self.relay.stop()
        await self.folding.stop()
        await self.rebuilding.stop()
        await self.retention.stop()
        self.replays.stop()
        await self.reader.stop()  # SQLite folds its journal in when its last connection closes
        self._thread.submit(self.replays.close)
        closed = self._thread.submit(self.store.close)
        self._thread.shutdown(wait=False)
        await asyncio.wrap_future(closed)
