"""`collect`: one collector for a whole class, until it is stopped."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from ..classforwarding import add_forwarding_arguments, read_forwarding, tell_what_waits
from ..report import CommandError, Report, UsageError

if TYPE_CHECKING:
    from ...classcollector.hubservice import HubService
    from ...classcollector.serving import Options, Started

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
PORT = 8443
_LIMITS = {"port": (0, 65_535), "grace": (0, 100_000)}
_RATES = ("student_rate", "address_rate")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--class",
        dest="class_name",
        metavar="NAME",
        help="of the class, letters and digits; each class has a file; default: class",
    )
    parser.add_argument(
        "--database", metavar="FILE", help="the class's file; else one in Jupyter's data folder"
    )
    parser.add_argument(
        "--ip", default="", metavar="IP", help="where to listen; default: everywhere"
    )
    parser.add_argument(
        "--port", type=int, default=PORT, metavar="N", help=f"0: a free one; default: {PORT}"
    )
    parser.add_argument("--certfile", metavar="FILE", help="a certificate, PEM; needs --keyfile")
    parser.add_argument("--keyfile", metavar="FILE", help="the certificate's private key, PEM")
    parser.add_argument(
        "--base-url",
        default="/",
        metavar="URL",
        help="a prefix, /cs1/; or the whole address others come by, https://example.org/cs1/",
    )
    parser.add_argument(
        "--behind-proxy",
        action="store_true",
        help="a proxy is in front: X-Forwarded-For counts, and --base-url is a whole address",
    )
    parser.add_argument(
        "--student-rate",
        type=int,
        metavar="N",
        help="events a minute that are taken of one student; default: 6000",
    )
    parser.add_argument(
        "--address-rate",
        type=int,
        metavar="N",
        help="events a minute that are taken of one network address; default: 120000",
    )
    add_forwarding_arguments(parser)
    parser.add_argument(
        "--rotate-key",
        action="store_true",
        help="put another class key in force, start nothing",
    )
    parser.add_argument(
        "--grace",
        type=float,
        default=0,
        metavar="MINUTES",
        help="with --rotate-key: how long the key before is still taken; default: 0",
    )
    parser.add_argument(
        "--new-instructor-key",
        action="store_true",
        help="put another instructor's key in force, log everybody out, and start nothing",
    )


def run(args: argparse.Namespace, report: Report) -> None:
    """Change keys, or run the collector until it is stopped."""
    options = _options(args)
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
            report.tell([f"Class {options.class_name} is open, as {path} of the hub."])
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
            "The collector made its certificate itself: browsers warn of it, and Colab and",
            "JupyterLite cannot send here. Its SHA-256 fingerprint, for who wants to compare:",
            f"  {started.fingerprint}",
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


def _options(args: argparse.Namespace) -> Options:
    from ...classcollector.hubservice import read_hub_service
    from ...classcollector.place import Outside, PlaceError, read_base_url
    from ...classcollector.rates import ADDRESS_RATE, STUDENT_RATE
    from ...classcollector.serving import Options
    from ...settings.joinstring import CLASS_NAME

    _check(args)
    stem = Path(args.database).stem if args.database else "class"
    try:
        service = read_hub_service()
    except PlaceError as error:
        raise CommandError(str(error)) from error
    if service and not args.class_name and CLASS_NAME.fullmatch(service.class_name):
        stem = service.class_name
    name = args.class_name or (stem if CLASS_NAME.fullmatch(stem) else "class")
    if not CLASS_NAME.fullmatch(name):
        raise UsageError("--class is a name of up to 40 letters, digits, - and _")
    try:
        outside: Outside = read_base_url(args.base_url)
    except PlaceError as error:
        raise UsageError(str(error)) from error
    if args.behind_proxy and outside.origin is None:
        raise UsageError(
            "--behind-proxy needs the address that others come by:"
            " --base-url https://telemetry.example.org/"
        )
    options = Options(
        class_name=name,
        database=_database(args.database, name),
        ip=args.ip,
        port=args.port,
        certificate=Path(args.certfile) if args.certfile else None,
        key=Path(args.keyfile) if args.keyfile else None,
        outside=outside,
        is_behind_proxy=args.behind_proxy,
        student_rate=args.student_rate or STUDENT_RATE,
        address_rate=args.address_rate or ADDRESS_RATE,
        forwards_to=read_forwarding(args),
    )
    return options if service is None else _of_hub(options, service)


def _of_hub(options: Options, service: HubService) -> Options:
    """Say how the collector runs as a service of a hub, which speaks TLS in its stead."""
    return options._replace(
        hub_service=service.name,
        ip=service.ip,
        port=service.port,
        outside=service.outside,
        certificate=None,
        key=None,
        # Everybody comes from the address of the hub's proxy; a student has a rate of their own.
        is_behind_proxy=False,
        address_rate=sys.maxsize,
    )


def _database(named: str | None, class_name: str) -> Path:
    from jupyter_core.paths import jupyter_data_dir

    if named == ":memory:":
        raise UsageError("--database is a file: a class is not kept in memory")
    if named:
        return Path(named).expanduser().absolute()
    return Path(jupyter_data_dir(), "ipynb_telemetry", "classes", f"{class_name}.sqlite3")


def _check(args: argparse.Namespace) -> None:
    for name, (least, most) in _LIMITS.items():
        value = getattr(args, name)
        if not least <= value <= most:  # nor is it NaN
            raise UsageError(f"--{name} is a number from {least} to {most}, not {value:g}")
    for name in _RATES:
        value = getattr(args, name)
        if value is not None and value < 1:
            raise UsageError(f"--{name.replace('_', '-')} is a number from 1, not {value}")
    if bool(args.certfile) != bool(args.keyfile):
        raise UsageError("--certfile and --keyfile go together")
    if args.grace and not args.rotate_key:
        raise UsageError("--grace goes with --rotate-key")
