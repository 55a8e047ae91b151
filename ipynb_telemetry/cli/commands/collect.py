"""`collect`: one collector for a whole class, until it is stopped."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from ..classforwarding import tell_what_waits
from ..collectoptions import add_collector_arguments, read_options
from ..report import CommandError, Report

if TYPE_CHECKING:
    from ...classcollector.options import Options
    from ...classcollector.serving import Started

HELP = """\
run one collector for a whole class

Students enter the line that is printed, once, on their computer: what they do in notebooks of the
course then comes here, through their own Jupyter server. Instructors open the address that is
printed and log in with their key, which is printed when it is made and never again. One file has
all of a class. Ctrl+C ends the collector; whatever it has acknowledged is in the file, also when
the computer fails.

On a laptop in the room nothing has to be set: the collector makes a certificate of its own, and the
line for students says by which fingerprint to know it. With --ip 127.0.0.1 it speaks plain http, to
this computer alone, or to a proxy in front that speaks TLS: then --behind-proxy and --base-url say
how others come in.

With --forward what comes goes on to the PostHog project of your settings, or to --forward-host and
--forward-key, as soon as that can be reached: the class works in the room without internet, and in
the evening everything is there. Simulated students stay here. jupyter telemetry forward sends what
came before.

As a service of a JupyterHub the collector asks the hub who everybody is, and keys do not count:
hub-config prints what a hub needs.

--rotate-key and --new-instructor-key change a key in the file and start nothing: a collector that
runs takes the change within a second.
"""
EXAMPLES = """\
examples:
  jupyter telemetry collect --class cs1
  jupyter telemetry collect --class cs1 --certfile cert.pem --keyfile key.pem --port 443
  jupyter telemetry collect --ip 127.0.0.1 --behind-proxy --base-url https://example.org/cs1/
  jupyter telemetry collect --class cs1 --rotate-key --grace 60
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry collect --class cs1 --ip 127.0.0.1 --database /srv/course/cs1.sqlite3
Class cs1 is open.

Students enter, once:
  jupyter telemetry join "http://127.0.0.1:8443#cs1.tcw_4f0c7e2b9a6d1835c4b2a7f09e61d3c8"

Where no Jupyter server relays (Colab, JupyterLite):
  host     http://127.0.0.1:8443
  api_key  tcw_4f0c7e2b9a6d1835c4b2a7f09e61d3c8

Instructors open:
  http://127.0.0.1:8443/
and log in with this key, which is shown this once:
  tcr_0b9d5e7731fa4c28b6d40e92a85c17f3

All of the class is in:
  /srv/course/cs1.sqlite3
Ctrl+C ends the collector.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_collector_arguments(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Change keys, or run the collector until it is stopped."""
    options = read_options(args)
    report.document.update({"class": options.class_name, "database": str(options.database)})
    if args.rotate_key or args.new_instructor_key:
        from ..classkeys import change_keys

        change_keys(args, options.database, report)
        return
    if args.dry_run:
        report.line(f"class {options.class_name} would be kept in {options.database}")
        return
    _serve(options, report)


def _serve(options: Options, report: Report) -> None:
    from ...classcollector.certificate import CertificateError
    from ...classcollector.place import PlaceError
    from ...classcollector.serving import HubMissingError, serve
    from ...settings.joinstring import JoinStringError
    from ...store.database import StoreUnavailableError

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(message)s")
    logging.getLogger("ipynb_telemetry").setLevel(logging.INFO)
    try:
        asyncio.run(serve(options, telling(options, report)))
    except (CertificateError, HubMissingError, PlaceError) as error:
        raise CommandError(str(error)) from error
    except JoinStringError as error:
        raise CommandError(
            "students could not be told how to join: say with --base-url by which address they"
            f" reach this computer. {error}"
        ) from error
    except StoreUnavailableError as error:
        cause = error.__cause__ or error
        raise CommandError(f"{options.database} cannot be used: {cause}") from error
    report.line(f"Class {options.class_name} is closed; all of it is in {options.database}")
    if options.forwards_to:
        tell_what_waits(options.forwards_to, options.database, report)


def telling(options: Options, report: Report) -> Callable[[Started], None]:
    """Give what tells people how to come in, once the collector runs."""
    from ...settings.destination import Destination
    from ...settings.joinstring import JoinString, write_join_string

    def tell(started: Started) -> None:
        if options.hub_service:
            path = options.outside.path
            report.tell(
                [
                    f"Class {options.class_name} is open, as {path} of the hub.",
                    "Events are kept by account, also where identity is pseudonym.",
                ]
            )
            return
        destination = Destination(started.url, started.class_key, started.fingerprint)
        line = write_join_string(JoinString(options.class_name, destination))
        report.document.update(
            url=started.url,
            join=line,
            class_key=started.class_key,
            fingerprint=started.fingerprint,
            instructor_key=started.new_instructor_key or None,
        )
        # A class is not to end because nobody reads on.
        with suppress(BrokenPipeError):
            report.tell(_words(options, started, line))

    return tell


def _words(options: Options, started: Started, line: str) -> list[str]:
    words = [
        f"Class {options.class_name} is open.",
        "",
        "Students enter, once:",
        f'  jupyter telemetry join "{line}"',
        "",
    ]
    if started.fingerprint:
        words += [
            "The collector made its certificate itself: browsers warn of it, and JupyterLite",
            "cannot send here. Its SHA-256 fingerprint, for who wants to compare:",
            f"  {started.fingerprint}",
            "",
            "Where the kernel reports by itself (Colab, VS Code), with that as certificate:",
            f"  host     {started.url}",
            f"  api_key  {started.class_key}",
            "",
        ]
    else:
        words += [
            "Where no Jupyter server relays (Colab, JupyterLite):",
            f"  host     {started.url}",
            f"  api_key  {started.class_key}",
            "",
        ]
    words += ["Instructors open:", f"  {started.url}/"]
    if started.new_instructor_key:
        words += [
            "and log in with this key, which is shown this once:",
            f"  {started.new_instructor_key}",
        ]
    else:
        words += ["and log in with the key that was shown before (--new-instructor-key: another)."]
    kept = ["", "All of the class is in:", f"  {options.database}"]
    if options.forwards_to:
        kept += ["and goes on, as it comes, to:", f"  {options.forwards_to.host}"]
    return [
        *words,
        *kept,
        "Ctrl+C ends the collector.",
    ]
