"""The server extension: its settings, and the routes of all rooms in a Jupyter server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_data_dir
from jupyter_server.extension.application import ExtensionApp
from traitlets import Bunch, Dict, Instance, Int, List, TraitError, Unicode, default, validate

from .answers import page as class_page
from .answers import rosterroutes
from .answers import routes as answer_routes
from .answers.thresholds import ThresholdError, Thresholds, read_thresholds
from .collector import me as me_routes
from .collector import noticeroutes
from .collector import routes as collector_routes
from .collectorparts import CollectorParts
from .relay import routes as relay_routes
from .settings.hubcollector import VARIABLE, AddressError, read_hub_collector
from .settings.inforce import ServerSettings
from .store import routes as store_routes
from .store.database import MEMORY

# Options of a page's configuration, which `src/runtime/hubcollector.ts` reads.
COLLECTOR_OPTION = "ipynbTelemetryCollector"
"""The option that has the address of the class collector of the hub."""
ACCOUNT_OPTION = "ipynbTelemetryAccount"
# The option of a page that says after how many days the collector deletes events.
RETENTION_OPTION = "ipynbTelemetryRetentionDays"
"""The option that has the account by which that collector knows this server."""


class IpynbTelemetryApp(CollectorParts, ExtensionApp):
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

    retention_days = Int(
        0,
        min=0,
        max=36_500,
        help="""After how many days the collector deletes an event, counted from when the event
        came: at the start of the server, and daily. 0 keeps events until somebody deletes them.""",
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

    server_settings = Instance(ServerSettings)

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
    def body_limit(self) -> int:
        """The largest body of a request, in bytes: this server's own limit counts as well."""
        assert self.serverapp is not None
        return min(self.max_body_size, self.serverapp.max_body_size)

    @property
    def thresholds(self) -> Thresholds:
        """The thresholds of the class view."""
        return read_thresholds(self.class_thresholds)

    @default("server_settings")
    def _default_server_settings(self) -> ServerSettings:
        return ServerSettings(self.serverapp, self.log)

    def initialize_handlers(self) -> None:
        """Add the collector's routes to the server, and start the tasks with the event loop."""
        for room in (
            class_page,
            collector_routes,
            me_routes,
            noticeroutes,
            rosterroutes,
            store_routes,
            relay_routes,
            answer_routes,
        ):
            self.handlers.extend(room.ROUTES)
        assert self.serverapp is not None
        self._tell_pages()
        if (days := int(self.retention_days)) > 0:
            # The notice says so to students, before they are recorded.
            self._tell_page(RETENTION_OPTION, str(days))
        # Older servers have no hook for the start of the event loop.
        self.serverapp.io_loop.add_callback(self.begin)

    def _tell_pages(self) -> None:
        """Let JupyterLab and Notebook 7 tell their pages of the class collector of the hub."""
        assert self.serverapp is not None
        try:
            collector = read_hub_collector()
        except AddressError as error:
            self.log.warning("Events stay on this server: %s %s.", VARIABLE, error)
            return
        if collector is not None:
            self._tell_page(COLLECTOR_OPTION, collector.host)
            self._tell_page(ACCOUNT_OPTION, os.environ.get("JUPYTERHUB_USER", ""))

    def _tell_page(self, option: str, value: str) -> None:
        assert self.serverapp is not None
        page_config = self.serverapp.web_app.settings.setdefault("page_config_data", {})
        page_config[option] = value

    async def stop_extension(self) -> None:
        """Finish what was accepted, and close the store."""
        await self.end()
