"""A class collector that forwards: the options that say where to, and what has not gone yet."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from ..settings.destination import Destination
from .destinations import KEY_VARIABLE, named_destination
from .report import Report, UsageError


def add_forwarding_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of a class collector by which events go on to PostHog."""
    parser.add_argument(
        "--forward", action="store_true", help="send on to PostHog what comes, when it is reached"
    )
    parser.add_argument(
        "--forward-host", metavar="URL", help="of PostHog; else that of your settings"
    )
    parser.add_argument(
        "--forward-key",
        metavar="KEY",
        help="of the PostHog project; others who use this computer can see it here, and not in the"
        f" environment variable {KEY_VARIABLE}, which counts else, or in your settings",
    )


def read_forwarding(args: argparse.Namespace) -> Destination | None:
    """Give where events go on to; None: nowhere.

    Raises:
        UsageError: nobody says where to, or a class collector is there.
        CommandError: a host or a key is refused, or the settings cannot be read.
    """
    if not (args.forward or args.forward_host or args.forward_key):
        return None
    named = ("--forward-host", "--forward-key")
    destination = named_destination(args.forward_host, args.forward_key, named)
    if destination.is_class_collector:
        raise UsageError("a class collector forwards to a PostHog project, to no class collector")
    return destination


def tell_what_waits(destination: Destination, database: Path, report: Report) -> None:
    """Say, when a collector has ended, which of its events have not gone on."""
    from ..relay.status import read_status
    from ..store.reading import EventFileError, open_events

    try:
        with open_events(database) as stored:
            status = read_status(stored.connection, time.time())
    except EventFileError:
        return  # what is wrong with the file, the collector has said
    command = f"jupyter telemetry forward --database {database}"
    if status["waiting"]:
        why = f" ({status['problem']})" if status["problem"] else ""
        report.problem(
            f"{status['waiting']} events still wait for {destination.host}{why}: they go when the"
            f" collector is started again, or by {command}"
        )
    if status["set_aside"]:
        report.problem(
            f"{status['set_aside']} events were refused by {destination.host}: {command} sends"
            " them again and names them"
        )
