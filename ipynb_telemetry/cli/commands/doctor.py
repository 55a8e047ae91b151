"""`doctor`: everything on the way from a student to the instructor, and what to do about it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator

from ...settings import labsettings
from ...settings.destination import Destination, DestinationError
from ...settings.inforce import SettingsDamagedError, SettingsUnavailableError, destination_of
from ...settings.serverconfig import collector_file, server_config
from ..checks import Finding
from ..report import Report, working
from .configure import show_settings

HELP = """\
find out why events do not arrive

Looks at versions, both parts of the extension, running servers, the settings in force and where
each comes from, the collector's file, PostHog, the clock and the kernel, and ends with what to
do. Starts the default kernel for a moment. Looks whether the host answers, by a request that says
nothing of anybody, and asks before it sends one event, connection_tested; --yes answers that. With
--no-network it asks no host, and with --dry-run it starts no kernel either.
"""
EXAMPLES = """\
examples:
  jupyter telemetry doctor
  jupyter telemetry doctor --yes --json
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry doctor --yes
ok    versions     ipynb-telemetry 0.1.0, Python 3.13.0, jupyterlab 4.6.6, notebook 7.6.5
BAD   front end    ipynb-telemetry:notebook is disabled
ok    server part  the server extension is enabled and loads
ok    collector    /home/ann/.local/share/jupyter/ipynb_telemetry/events.sqlite3 holds 1085 events
note  host         events go to no PostHog: they stay on the Jupyter server
ok    kernels      python3 (python)
ok    kernel       the kernel side runs in python3 (Python 3.13)

setting        value                      from
captureOutput  false                      overrides.json
events.blur    false                      overrides.json
captureCode    true                       default

overrides.json  /opt/jupyter/share/jupyter/lab/settings/overrides.json

What to do:
1. Switch it on: jupyter labextension enable ipynb-telemetry:notebook
"""


# Which settings say where the relay sends.
_PLACES = {"host": "host", "key": "projectKey", "certificate": "certificate"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--yes", action="store_true", help="send the test event without asking")
    parser.add_argument("--no-network", action="store_true", help="do not try the host")


def run(args: argparse.Namespace, report: Report) -> None:
    """Look at everything, and report."""
    layers = labsettings.layers()
    settings: dict[str, labsettings.Setting] = {}
    findings: list[Finding] = []
    try:
        settings = labsettings.in_force(layers)
    except SettingsUnavailableError as error:
        findings.append(
            Finding("bad", "settings", f"those in force {error}", _advice(error, layers))
        )
    findings.extend(_findings(args, layers, settings))
    rows = [
        [finding.state.replace("bad", "BAD"), finding.subject, finding.text] for finding in findings
    ]
    report.table((), rows, states=0)
    for finding in findings:
        if finding.state == "bad":
            report.problem(f"{finding.subject}: {finding.text}", is_said=True)
    report.line()
    show_settings(settings, layers, report)
    advice = list(dict.fromkeys(finding.advice for finding in findings if finding.advice))
    report.line()
    report.line("What to do:" if advice else "There is nothing to do.")
    for number, sentence in enumerate(advice, 1):
        report.line(f"{number}. {sentence}")
    report.document["findings"] = [finding._asdict() for finding in findings]
    report.document["advice"] = advice


def _advice(error: SettingsUnavailableError, layers: list[labsettings.Layer]) -> str | None:
    if not isinstance(error, SettingsDamagedError):
        return "Run this in the environment of JupyterLab, with ipynb-telemetry installed there."
    if any(layer.problem for layer in layers) or labsettings.misspellings(layers):
        return None  # what is wrong with which file comes with that file
    files = " and ".join(str(layer.path) for layer in layers if layer.kind != "default")
    return f"Correct {files}" if files else "Install the package anew."


def _findings(
    args: argparse.Namespace,
    layers: list[labsettings.Layer],
    settings: dict[str, labsettings.Setting],
) -> Iterator[Finding]:
    from ..checks import collector as collector_check
    from ..checks import hub as hub_check
    from ..checks import installation
    from ..checks import kernel as kernel_check
    from ..checks import names as names_check

    config = server_config()
    yield installation.versions()
    yield from installation.labextension()
    yield installation.server_extension(config)
    yield from installation.running_servers()
    misspellings = labsettings.misspellings(layers)
    named = {path for path, _, _ in misspellings}
    for layer in layers:
        if layer.problem:
            advice = None if layer.path in named else f"Correct {layer.path}"
            yield Finding("bad", "settings", f"{layer.path} {layer.problem}", advice)
    for path, name, text in misspellings:
        yield Finding("bad", "settings", f"{path}: {text}", f"Correct {name} in {path}")
    is_refused = False
    try:
        destination = destination_of({name: setting.value for name, setting in settings.items()})
    except DestinationError as error:
        yield Finding(
            "bad",
            "settings",
            f"{error} Events stay on the Jupyter server",
            "Set the host and key again: jupyter telemetry configure --host … --project-key …",
        )
        destination, is_refused = None, True
    file = collector_file(config)
    yield collector_check.collector(file)
    is_of_hub = destination is None and not is_refused and hub_check.has_collector()
    identity = settings["identity"].value if "identity" in settings else None
    yield from names_check.names(identity, destination, file, is_of_hub=is_of_hub)
    if is_of_hub:
        yield from hub_check.hub_collector(not (args.dry_run or args.no_network))
    elif destination is None:
        yield Finding("note", "host", _kept())
    else:
        yield from _host(args, destination, settings)
    if args.dry_run:
        yield Finding("note", "kernel", "none was started")
    else:
        with working("Starting the default kernel"):
            yield from kernel_check.kernels(config)


def _host(
    args: argparse.Namespace,
    destination: Destination,
    settings: dict[str, labsettings.Setting],
) -> Iterator[Finding]:
    from ..checks import host as host_check

    if args.dry_run or args.no_network:
        yield Finding("note", "host", f"{destination.host} was not tried")
    elif args.yes or (not args.json and _agrees(destination.host)):
        yield from host_check.send_test_event(destination)
    else:
        yield from host_check.try_host(destination)
    is_switched_on = "relay" in settings and settings["relay"].value is True
    has_relay = is_switched_on or destination.fingerprint != ""
    if has_relay:
        text = f"the Jupyter server sends to {destination.host}; {_origins(destination, settings)}"
        yield Finding("ok", "relay", text)
    yield from host_check.ad_blocker(destination.host, has_relay)


def _origins(destination: Destination, settings: dict[str, labsettings.Setting]) -> str:
    """Say which files give the parts of a destination, each file once."""
    parts: dict[str, list[str]] = {}
    for word, name in _PLACES.items():
        if name != "certificate" or destination.fingerprint:
            parts.setdefault(str(settings[name].path), []).append(word)
    return " and ".join(f"the {_named(words)} from {path}" for path, words in parts.items())


def _named(words: list[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last} are" if others else f"{last} is"


def _kept() -> str:
    """Say where events end that go to no PostHog."""
    place = "this Jupyter server" if "JUPYTERHUB_API_URL" in os.environ else "this computer"
    return (
        f"events go to no PostHog: they stay on {place}, and nobody but its user sees them."
        " A project key sends them to PostHog: jupyter telemetry configure --project-key …"
    )


def _agrees(host: str) -> bool:
    """Ask, if there is somebody to ask."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    sys.stderr.write(f"Send one test event to {host}? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
