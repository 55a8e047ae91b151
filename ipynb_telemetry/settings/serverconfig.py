"""What the configuration files tell a Jupyter server, read without starting one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

MEMORY = ":memory:"


def server_config() -> Any:
    """Give the traitlets Config that a Jupyter server of this user would have.

    A file that is broken is left out and named on standard error, as a server does it.
    """
    from jupyter_core.application import JupyterApp

    class Settings(JupyterApp):
        """Reads what a Jupyter server reads."""

        name = "jupyter-server"
        description = "Reads the server's settings."
        config_file_name = "jupyter_server_config"

    settings = Settings()
    settings.load_config_file()
    settings.config_file_name = "jupyter_ipynb_telemetry_config"
    settings.load_config_file()
    return settings.config


def collector_file(config: Any) -> Path | None:
    """The file a server with this configuration keeps its events in; None: memory only."""
    from jupyter_core.paths import jupyter_data_dir

    path = config.get("IpynbTelemetryApp", {}).get("database_path")
    if not isinstance(path, str) or not path:
        return Path(jupyter_data_dir(), "ipynb_telemetry", "events.sqlite3")
    return None if path == MEMORY else Path(path).expanduser().absolute()
