"""Whether both parts of the extension are installed and on, and loaded by servers that run."""

from __future__ import annotations

import json
import platform
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from ... import __version__
from ...settings.inforce import EXTENSION
from ...settings.settingsfiles import application_settings_dir
from . import Finding

SERVER_EXTENSION = "ipynb_telemetry"
PROGRAMS = ("jupyterlab", "notebook", "jupyter_server", "nbformat")
TIMEOUT_S = 5


def versions() -> Finding:
    """Tell the versions of the package and of the programs that it works with."""
    found = [f"ipynb-telemetry {__version__}", f"Python {platform.python_version()}"]
    for name in PROGRAMS:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return Finding("ok", "versions", ", ".join(found))


def labextension() -> Iterator[Finding]:
    """Whether JupyterLab finds the front end, and all of its plugins are on."""
    from jupyter_core.paths import jupyter_path

    subject, folders = "front end", jupyter_path("labextensions")
    found = [folder for folder in folders if Path(folder, EXTENSION, "package.json").is_file()]
    if not found:
        yield Finding(
            "bad",
            subject,
            "JupyterLab finds no ipynb-telemetry",
            "Install the package in the environment of JupyterLab: pip install ipynb-telemetry",
        )
        return
    place = Path(found[0], EXTENSION)
    try:
        version = json.loads((place / "package.json").read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield Finding("bad", subject, f"{place} is damaged: {error}", "Install the package again.")
        return
    if version != __version__:
        yield Finding(
            "bad",
            subject,
            f"version {version} in {place}, while the package is {__version__}",
            f"Remove {place} if it was left behind, and install the package again.",
        )
    disabled = sorted(_disabled(folders))
    for name in disabled:
        yield Finding(
            "bad",
            subject,
            f"{name} is disabled",
            f"Switch it on: jupyter labextension enable {name}",
        )
    if version == __version__ and not disabled:
        yield Finding("ok", subject, f"version {version} in {place}")


def server_extension(config: Any) -> Finding:
    """Whether a Jupyter server loads the collector.

    Args:
        config: of the server.
    """
    from jupyter_core.paths import jupyter_config_path
    from jupyter_server.extension.config import ExtensionConfigManager
    from jupyter_server.extension.manager import ExtensionPackage

    subject = "server part"
    listed = dict(
        ExtensionConfigManager(read_config_path=jupyter_config_path()).get_jpserver_extensions()
    )
    listed.update(config.get("ServerApp", {}).get("jpserver_extensions", {}))
    if not listed.get(SERVER_EXTENSION):
        return Finding(
            "bad",
            subject,
            "the server extension is disabled" if SERVER_EXTENSION in listed else "is not enabled",
            f"Switch it on: jupyter server extension enable {SERVER_EXTENSION}",
        )
    try:
        is_valid = ExtensionPackage(name=SERVER_EXTENSION, enabled=True).validate()
    except Exception as error:  # noqa: BLE001 - whatever keeps it from being loaded
        return Finding("bad", subject, f"cannot be loaded: {error}", "Install the package again.")
    if not is_valid:
        return Finding("bad", subject, "cannot be loaded", "Install the package again.")
    return Finding("ok", subject, "the server extension is enabled and loads")


def running_servers() -> Iterator[Finding]:
    """Whether the user's servers that run now have loaded the collector, and how its relay does."""
    from jupyter_server.serverapp import list_running_servers

    for server in list_running_servers():
        subject, url = "running", server["url"]
        request = urllib.request.Request(
            f"{url}ipynb-telemetry/relay/status",
            headers={"Authorization": f"token {server.get('token', '')}"},
        )
        try:
            # The server is on this machine: no proxy.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(request, timeout=TIMEOUT_S) as answer:
                relay = json.load(answer)
            trouble = f", which has trouble: {relay['problem']}" if relay.get("problem") else ""
            yield Finding(
                "note" if trouble else "ok",
                subject,
                f"{url} has it; {relay['waiting']} events wait for the relay{trouble}",
            )
        except urllib.error.HTTPError as error:
            if error.code == 404:
                yield Finding(
                    "bad", subject, f"{url} runs without it", f"Restart the server at {url}"
                )
            else:
                yield Finding("note", subject, f"{url} does not let itself be asked ({error})")
        except (OSError, ValueError, KeyError, TypeError) as error:
            yield Finding("note", subject, f"{url} cannot be asked ({error})")


def _disabled(folders: list[str]) -> set[str]:
    """Give those of the front end's plugins that are switched off."""
    try:
        from jupyterlab_server.config import get_page_config
    except ImportError:
        return set()
    page = get_page_config(folders, str(application_settings_dir()))
    names = page.get("disabledExtensions", [])
    return {name for name in names if name.partition(":")[0] == EXTENSION}
