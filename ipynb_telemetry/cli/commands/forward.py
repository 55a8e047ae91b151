"""`forward`: a collector's stored events on to PostHog."""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from ...settings.destination import Destination
from ...store.event import epoch_to_utc
from ..arguments import add_project_key
from ..collectorfile import add_database_argument, aggregates, path_of
from ..destinations import KEY_VARIABLE, named_destination
from ..known import refuse_unknown
from ..report import CommandError, Report, UsageError, meanwhile, progress
from ..selection import add_selection_arguments, read_selection

if TYPE_CHECKING:
    from ...relay.ledger import Counts, Refused, Wanted

HELP = """\
send a collector's stored events to PostHog

For a class that worked without PostHog: in the evening everything is there, under the same uuids
and at the times when it happened. What is older than 48 hours goes as a historical migration, as
PostHog wants it. Which events arrived is kept in the collector's file, for each destination: a
command that was interrupted or killed goes on where it was, and a second one sends what is new.
Simulated students are never sent. Events may be stored meanwhile.

Host and key are --host and --project-key, the environment variable IPYNB_TELEMETRY_PROJECT_KEY for
the key, or else those of your settings. An event that PostHog refuses for good is set aside and
named; --retry-refused tries those again.
"""
EXAMPLES = """\
examples:
  jupyter telemetry forward --dry-run
  jupyter telemetry forward --host https://eu.i.posthog.com --project-key phc_xxxxxxxxxxxxxxxxxxxx
  jupyter telemetry forward --database class.sqlite3 --notebook D1_Python_Tooling
  jupyter telemetry forward --since 2026-03-01 --student JOHN_DOE
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry forward --host https://eu.i.posthog.com --project-key phc_xxxxxxxxxxxxxxxxxxxx
1085 events went to https://eu.i.posthog.com, 820 of them as a historical migration
note: 36 events of simulated students left out
"""
_PATIENCE_S = 10.0
_MAX_NAMED = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "--host", metavar="URL", help="of PostHog, such as https://eu.i.posthog.com"
    )
    add_project_key(
        parser,
        f"of the PostHog project, phc_…; other users of this computer see it in the list of"
        f" processes, but not the environment variable {KEY_VARIABLE}",
    )
    add_selection_arguments(parser)
    parser.add_argument(
        "--per-minute",
        type=int,
        default=10_000,
        metavar="N",
        help="most events a minute; PostHog asks to be told before more than 10000, the default",
    )
    parser.add_argument(
        "--retry-refused", action="store_true", help="send again what was refused before"
    )
    add_database_argument(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Send what the destination lacks, or count it."""
    from ...relay.backfill import HISTORICAL_S
    from ...relay.ledger import Wanted, count, refused

    if args.per_minute < 1:
        raise UsageError(f"--per-minute is a number from 1 on, not {args.per_minute}")
    selection = read_selection(args)
    destination = named_destination(args.host, args.project_key)
    old = epoch_to_utc(time.time() - HISTORICAL_S)
    wanted = Wanted(selection, old, args.retry_refused)
    with aggregates(args) as stored:
        if args.student or args.notebook:
            refuse_unknown(args.student, args.notebook, stored.students())
        counts = count(stored.connection, destination, wanted)
        before = refused(stored.connection, destination, wanted)
    report.document.update(
        database=str(path_of(args)),
        host=destination.host,
        historical=counts.historical,
        recent=counts.recent,
        delivered_before=counts.delivered,
        simulated=counts.simulated,
        dry_run=args.dry_run,
    )
    if args.dry_run:
        told = f"{_events(counts.due)} would go to {destination.host}"
        report.line(f"{told}{_share(counts.historical)}")
        after = before
    else:
        sent = _send(args, destination, wanted, counts, report)
        with aggregates(args) as stored:
            after = refused(stored.connection, destination, wanted)
        known = () if args.retry_refused else {each.uuid for each in before}
        new = [each for each in after if each.uuid not in known]
        report.document["delivered"] = delivered = max(sent - len(new), 0)
        is_all = sent == counts.due
        share = _share(counts.historical) if is_all and not new else ""
        report.line(f"{_events(delivered)} went to {destination.host}{share}")
        _name(new, report)
        after = [each for each in after if each.uuid in known]
    _note(counts, after, report)


def _send(
    args: argparse.Namespace,
    destination: Destination,
    wanted: Wanted,
    counts: Counts,
    report: Report,
) -> int:
    """Send; give how many events were settled."""
    from ...relay.backfill import Backfill, ForwardError
    from ...relay.ledger import Ledger
    from ...store.database import Database, StoreUnavailableError

    path = path_of(args)
    log = logging.getLogger(__name__)
    log.addHandler(logging.NullHandler())
    log.propagate = False
    database = Database(str(path), log, _PATIENCE_S)
    sending = Backfill(
        Ledger(database, destination),
        destination,
        per_minute=args.per_minute,
        pausing=partial(_say_pause, destination),
    )
    sent = 0
    try:
        steps = (
            number for settled in sending.run(wanted, counts.last_id) for number in range(settled)
        )
        for _ in progress(steps, counts.due, "events"):
            sent += 1
    except ForwardError as error:
        left = counts.due - sent
        report.problem(
            f"{destination.host} {error}. {_events(left)} are still to go:"
            " the same command goes on with them"
        )
    except StoreUnavailableError as error:
        raise CommandError(f"{path} cannot be used at the moment: {error.__cause__}") from error
    finally:
        database.close()
    return sent


def _say_pause(destination: Destination, pause_s: float, reason: str) -> None:
    meanwhile(f"{destination.host}: {reason}; trying again in {pause_s:.0f} s")


def _name(events: Sequence[Refused], report: Report) -> None:
    """Name events that were refused for good."""
    report.document["refused"] = [each._asdict() for each in events]
    if not events:
        return
    report.line()
    report.table(events[0]._fields, [[*each] for each in events[:_MAX_NAMED]])
    more = f", of which the first {_MAX_NAMED} are shown" if len(events) > _MAX_NAMED else ""
    verb = "was" if len(events) == 1 else "were"
    report.problem(f"{_events(len(events))} {verb} refused for good and set aside{more}")


def _note(counts: Counts, refused_before: Sequence[Refused], report: Report) -> None:
    if counts.delivered:
        report.note(f"{_events(counts.delivered)} went there before")
    if refused_before:
        report.note(
            f"{_events(len(refused_before))} refused before; --retry-refused sends such again"
        )
    if counts.simulated:
        report.note(f"{_events(counts.simulated)} of simulated students left out")


def _events(number: int) -> str:
    return f"{number} event{'' if number == 1 else 's'}"


def _share(historical: int) -> str:
    return f", {historical} of them as a historical migration" if historical else ""
