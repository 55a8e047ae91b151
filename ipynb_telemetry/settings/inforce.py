"""The settings in force, read by jupyterlab_server as it reads them for a page."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import datetime
from logging import Logger, LoggerAdapter
from pathlib import Path
from typing import Any, NamedTuple

from ..kernel.address import _HOST
from ..kernel.shared import _WHITE
from .check import Fault, check_settings
from .destination import (
    Destination,
    DestinationError,
    read_fingerprint,
    read_host,
    read_key,
)
from .hubcollector import VARIABLE, AddressError, read_hub_collector

EXTENSION = "ipynb-telemetry"
PLUGIN = f"{EXTENSION}:plugin"
# In the folder of the user's settings.
USER_FILE = Path(EXTENSION, "plugin.jupyterlab-settings")
# The user's file tells by its own time that it was saved. Other files change when an administrator
# changes the installation.
OTHERS_READ_AGAIN_S = 30


class SettingsUnavailableError(Exception):
    """There are no settings that could be read, and why, in words that follow "the settings"."""


class SettingsDamagedError(SettingsUnavailableError):
    """The settings are there, and JupyterLab gives none of them to a page, since a file is bad."""


class Values(NamedTuple):
    """The settings as jupyterlab_server reads them.

    Attributes:
        in_force: by name. None where nobody can tell what was meant, and no value gives little
            away: what needs the setting does not happen then.
        faults: misspelt settings and values of the wrong kind.
        saved_at: when the user's were last saved, in seconds since 1970 by the clock of the file
            system; None: the user has none.
        refusal: why the whole file of the user's does not count, though it can be read, in words
            that follow its path; None: it counts, unless an administrator has locked the settings.
    """

    in_force: dict[str, Any]
    faults: list[Fault]
    saved_at: float | None
    refusal: str | None


class InForce(NamedTuple):
    """Where the relay is to send, as the settings say.

    Attributes:
        destination: None: nowhere.
        problem: why it is nowhere, for a person, in words that begin a sentence.
        saved_at: when the user's settings were last saved, in seconds since 1970 by the clock of
            the file system; None: the user has none.
    """

    destination: Destination | None
    problem: str | None = None
    saved_at: float | None = None


def read_values(inputs: Mapping[str, Any]) -> Values:
    """Give the values in force.

    As the front end has it (`valuesInForce` in `src/runtime/settings.ts`): a value of the user's
    stands instead of the default, which is an administrator's where there is one; an administrator
    who sets `locked` has the last word. Misspelt settings and values of the wrong kind close what
    they may have meant.

    Args:
        inputs: what jupyterlab_server's SettingsHandler is made of: `app_settings_dir`,
            `schemas_dir`, `settings_dir`, `labextensions_path` and, from 2.28 on, `overrides`.

    Raises:
        SettingsUnavailableError: a page would not get them either.
    """
    try:
        from jupyterlab_server.settings_utils import get_settings
    except ImportError as error:
        raise SettingsUnavailableError("are unknown: there is no JupyterLab here") from error
    try:
        read, warnings = get_settings(
            inputs["app_settings_dir"],
            inputs["schemas_dir"],
            inputs["settings_dir"],
            PLUGIN,
            # As the handler does, which reads empty overrides anew.
            inputs.get("overrides") or None,
            inputs["labextensions_path"],
        )
    except Exception as error:
        status = getattr(error, "status_code", None)
        if status == 404:
            raise SettingsUnavailableError(
                f"are unknown: JupyterLab finds no {EXTENSION}"
            ) from error
        damaged = ": a file is damaged" if status == 500 else ""
        raise SettingsDamagedError(f"cannot be read{damaged}") from error
    properties = read["schema"]["properties"]
    written = {name: each.get("default") for name, each in properties.items()}
    in_force, faults = check_settings(properties, written)
    if not in_force["locked"]:
        written.update((name, each) for name, each in read["settings"].items() if name != "locked")
        in_force, faults = check_settings(properties, written)
    saved_at = read["last_modified"]
    return Values(
        in_force,
        faults,
        datetime.fromisoformat(saved_at).timestamp() if saved_at else None,
        _refusal(warnings[0]) if warnings and warnings[0] else None,
    )


def _refusal(warning: str) -> str:
    """Say what jsonschema has against a file, but for the value, which may be a secret."""
    member = re.search(r"^On instance\['(\w+)'\]", warning, re.MULTILINE)
    if member:
        return f"has a value of {member[1]} that this setting does not take"
    return "has a setting that does not exist"


def destination_of(values: Mapping[str, Any]) -> Destination | None:
    """Give where events go, or None: to the collector of the Jupyter server.

    Raises:
        DestinationError: the host, the key or the certificate in force is refused, so that events
            go to the collector.
    """
    key, host, certificate = (
        values.get(name, "") for name in ("projectKey", "host", "certificate")
    )
    are_texts = all(isinstance(value, str) for value in (key, host, certificate))
    if not are_texts or values.get("relay", False) is None:
        raise DestinationError(
            "A setting of key, host, relay or certificate is misspelt or of the wrong kind."
        )
    if not key:
        return None
    host = read_host(host.strip(_WHITE) or _HOST)
    return Destination(host, read_key(key), read_fingerprint(certificate, host))


class ServerSettings:
    """Reads where the relay is to send in a running Jupyter server.

    JupyterLab and Notebook 7 in one server read the same files. Where no setting names a key, the
    class collector of the server's hub gets the events, if there is one.
    """

    def __init__(self, serverapp: Any, log: Logger | LoggerAdapter[Any]) -> None:
        """Read nothing yet: other extensions may be loaded after this one."""
        self._serverapp = serverapp
        self._log = log
        self._stamp: Any = None
        self._latest = InForce(None)
        self._read_at = 0.0

    def read(self) -> InForce:
        """Read what is in force now. The call blocks, and never raises."""
        try:
            inputs = _inputs_of(self._serverapp)
            stamp = _stamp(Path(inputs["settings_dir"]) / USER_FILE)
            now = time.monotonic()
            if stamp != self._stamp or not 0 <= now - self._read_at < OTHERS_READ_AGAIN_S:
                self._latest = _in_force(inputs)
                self._stamp, self._read_at = stamp, now
            return self._latest
        except SettingsDamagedError as error:
            return InForce(None, f"the settings {error}")
        except SettingsUnavailableError as error:
            return _keyless(f"the settings {error}")
        except Exception:  # noqa: BLE001 - a relay that ends for it would lose nothing, and do nothing
            self._log.warning("The relay cannot read the settings.", exc_info=True)
            return InForce(None, "the settings cannot be read")


def _in_force(inputs: Mapping[str, Any]) -> InForce:
    values, _, saved_at, refusal = read_values(inputs)
    try:
        destination = destination_of(values)
    except DestinationError as error:
        return InForce(None, f"the settings name no place that can be used. {error}", saved_at)
    if destination is not None:
        return InForce(destination, None, saved_at)
    problem = "the settings name no project key"
    if refusal and values.get("locked") is not True:
        problem += f", since the user's file does not count: it {refusal}"
    return _keyless(problem, saved_at)


def _keyless(problem: str, saved_at: float | None = None) -> InForce:
    """Give where events go without a key: to the collector of the hub, or nowhere."""
    try:
        collector = read_hub_collector()
    except AddressError as error:
        return InForce(None, f"{problem}, and {VARIABLE} {error}", saved_at)
    return InForce(collector, None if collector else problem, saved_at)


def _inputs_of(serverapp: Any) -> Mapping[str, Any]:
    """Give what the settings route of this server, which pages ask, is made of.

    Raises:
        SettingsUnavailableError: this server has none.
    """
    missing = SettingsUnavailableError("are unknown: this Jupyter server runs no JupyterLab")
    try:
        from jupyterlab_server.settings_handler import SettingsHandler
    except ImportError as error:
        raise missing from error
    for applications in serverapp.extension_manager.extension_apps.values():
        for application in applications:
            for _, handler, *more in application.handlers:
                if more and isinstance(handler, type) and issubclass(handler, SettingsHandler):
                    inputs: Mapping[str, Any] = more[0]
                    return inputs
    raise missing


def _stamp(path: Path) -> Any:
    """Give what changes whenever a file is written."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
