"""Where a command sends events: by its options, the environment, or the settings in force."""

from __future__ import annotations

import os

from ..settings import labsettings
from ..settings.destination import Destination, DestinationError, read_host, read_key
from ..settings.inforce import SettingsUnavailableError, destination_of
from .report import CommandError, UsageError

KEY_VARIABLE = "IPYNB_TELEMETRY_PROJECT_KEY"
"""The environment variable that has a project key, which no list of processes shows."""


def named_destination(
    host: str | None, key: str | None, options: tuple[str, str] = ("--host", "--project-key")
) -> Destination:
    """Give the destination that is meant.

    Args:
        host: an option's value, or None: that of the settings.
        key: an option's value, or None: that of the environment, else of the settings, where the
            settings have it for this host.
        options: the names of both options, for what is said.

    Raises:
        UsageError: nobody says where to.
        CommandError: a host or a key is refused, or the settings cannot be read.
    """
    key = key or os.environ.get(KEY_VARIABLE)
    of_host, of_key = options
    try:
        if host and key:
            return Destination(read_host(host), read_key(key))
        settings = labsettings.in_force(labsettings.layers())
        known = destination_of({name: each.value for name, each in settings.items()})
        if known is None:
            raise UsageError(
                f"where to? Give {of_host} and {of_key}, or set host and key:"
                " jupyter telemetry configure"
            )
        if host and read_host(host) != known.host:
            raise UsageError(
                f"{of_host} needs {of_key} or {KEY_VARIABLE}: the key of your settings is for"
                f" {known.host}"
            )
        return known._replace(api_key=read_key(key)) if key else known
    except DestinationError as error:
        raise CommandError(str(error)) from error
    except SettingsUnavailableError as error:
        raise CommandError(f"Give {of_host} and {of_key}: the settings {error}") from error
