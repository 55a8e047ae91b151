"""The server extension: its settings, its routes, its relay, the threads its store lives in."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from traitlets import Bunch, Dict, Instance, Int, List, TraitError, Unicode, default, validate

from .answers import page as class_page
from .answers import routes as answer_routes
from .answers.memory import Memory
from .answers.thresholds import ThresholdError, Thresholds, read_thresholds
from .collector import routes as collector_routes
from .collector.intake import Intake
from .relay import routes as relay_routes
from .relay.forwarder import Relay
from .relay.queue import RelayQueue
from .relay.watch import SettingsWatch
from .settings.inforce import ServerSettings
from .store import routes as store_routes
from .store.database import MEMORY
from .store.events import EventStore
from .store.folding import Folding
from .store.reader import Reader
from .store.rebuilding import Rebuilding

T = TypeVar("T")


class IpynbTelemetryApp(ExtensionApp):
    """A PostHog-compatible collector of student events, embedded in the Jupyter server."""

    name = "ipynb_telemetry"

    database_path = Unicode(
        help="""File in which student events are kept (SQLite), made when the first event
        comes, readable by its owner only. ":memory:" keeps the events until the server stops.
        Default: ipynb_telemetry/events.sqlite3 in Jupyter's data directory."""
    ).tag(config=True)

    max_body_size = Int(
        20 * 1024 * 1024,
        min=1,
        help="""Largest request body taken by the collector, in bytes, as sent and also after
        decompression. ServerApp.max_body_size counts as well if it is smaller.""",
    ).tag(config=True)

    class_thresholds = Dict(
        help="""When the class view says something of a student, by the names that docs/reference
        lists: {"same_error_runs": 4} waits for the fourth equal error."""
    ).tag(config=True)

    static_paths = List(
        Unicode(),
        default_value=[str(class_page.FILES)],
        help="Folders of the files that the page of the class view loads.",
    )

    store = Instance(EventStore)
    intake = Instance(Intake)
    reader = Instance(Reader)
    folding = Instance(Folding)
    rebuilding = Instance(Rebuilding)
    memory = Instance(Memory, ())
    server_settings = Instance(ServerSettings)
    queue = Instance(RelayQueue)
    relay = Instance(Relay)
    _thread = Instance(ThreadPoolExecutor)

    @default("database_path")
    def _default_database_path(self) -> str:
        return str(Path(jupyter_data_dir()) / "ipynb_telemetry" / "events.sqlite3")

    @validate("database_path")
    def _valid_database_path(self, proposal: Bunch) -> str:
        path: str = proposal["value"]
        if path == MEMORY:
            return path
        absolute = os.path.abspath(os.path.expanduser(path))
        if not path.strip() or os.path.isdir(absolute):
            raise TraitError(f"database_path must name a file or be {MEMORY!r}, not {path!r}")
        return absolute

    @validate("class_thresholds")
    def _valid_class_thresholds(self, proposal: Bunch) -> dict[str, Any]:
        given: dict[str, Any] = proposal["value"]
        try:
            read_thresholds(given)
        except ThresholdError as error:
            raise TraitError(str(error)) from error
        return given

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds of the class view."""
        return read_thresholds(self.class_thresholds)

    @default("store")
    def _default_store(self) -> EventStore:
        return EventStore(self.database_path, self.log)

    @default("intake")
    def _default_intake(self) -> Intake:
        return Intake(self.store, self._thread)

    @default("reader")
    def _default_reader(self) -> Reader:
        return Reader(self.store.database, self._thread)

    @default("folding")
    def _default_folding(self) -> Folding:
        return Folding(self.database_path)

    @default("rebuilding")
    def _default_rebuilding(self) -> Rebuilding:
        return Rebuilding(self.store.database, self.off_loop, self.log)

    @default("server_settings")
    def _default_server_settings(self) -> ServerSettings:
        return ServerSettings(self.serverapp, self.log)

    @default("queue")
    def _default_queue(self) -> RelayQueue:
        return RelayQueue(self.store.database)

    @default("relay")
    def _default_relay(self) -> Relay:
        return Relay(self.queue, self.off_loop, SettingsWatch(self.server_settings.read))

    @default("_thread")
    def _default_thread(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix=self.name)

    def initialize_handlers(self) -> None:
        """Add the collector's routes to the server, and start the tasks with the event loop."""
        for room in (class_page, collector_routes, store_routes, relay_routes, answer_routes):
            self.handlers.extend(room.ROUTES)
        assert self.serverapp is not None
        # Older servers have no hook for the start of the event loop.
        self.serverapp.io_loop.add_callback(self.relay.wake)
        self.serverapp.io_loop.add_callback(self.rebuilding.start)

    async def off_loop(self, work: Callable[..., T], *args: Any) -> T:
        """Run `work` in the store's thread, after what waits there already.

        Args:
            work: called in the thread; whatever it raises is raised here.
            args: its arguments.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)

    async def stop_extension(self) -> None:
        """Stop forwarding and reading, finish what was accepted, then close the store."""
        await self.relay.stop()
        await self.folding.stop()
        await self.rebuilding.stop()
        await self.reader.stop()  # SQLite folds its journal in when its last connection closes
        closed = self._thread.submit(self.store.close)
        self._thread.shutdown(wait=False)
        await asyncio.wrap_future(closed)
