"""How a class collector is to run, as the arguments of `collect` say, or a hub."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .classforwarding import add_forwarding_arguments, read_forwarding
from .report import CommandError, UsageError

if TYPE_CHECKING:
    from ..classcollector.hubservice import HubService
    from ..classcollector.options import Options

PORT = 8443
LIMITS = {"port": (0, 65_535), "grace": (0, 100_000), "retention_days": (0, 36_500)}
_RATES = ("student_rate", "address_rate")


def add_collector_arguments(parser: argparse.ArgumentParser) -> None:
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
    parser.add_argument(
        "--retention-days",
        type=int,
        default=0,
        metavar="N",
        help="delete events N days after they came, at the start and daily; default: never",
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


def read_options(args: argparse.Namespace) -> Options:
    """Give how the collector is to run.

    Raises:
        CommandError: the hub says something that cannot be.
        UsageError: an argument does, or two do together.
    """
    from ..classcollector.hubservice import read_hub_service
    from ..classcollector.options import Options
    from ..classcollector.place import Outside, PlaceError, read_base_url
    from ..classcollector.rates import ADDRESS_RATE, STUDENT_RATE
    from ..settings.joinstring import CLASS_NAME

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
        retention_days=args.retention_days,
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
    for name, (least, most) in LIMITS.items():
        value = getattr(args, name)
        if not least <= value <= most:  # nor is it NaN
            raise UsageError(
                f"--{name.replace('_', '-')} is a number from {least} to {most}, not {value:g}"
            )
    for name in _RATES:
        value = getattr(args, name)
        if value is not None and value < 1:
            raise UsageError(f"--{name.replace('_', '-')} is a number from 1, not {value}")
    if bool(args.certfile) != bool(args.keyfile):
        raise UsageError("--certfile and --keyfile go together")
    if args.grace and not args.rotate_key:
        raise UsageError("--grace goes with --rotate-key")
