"""`forget`: a student out of everything that this machine keeps."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..collectorfile import add_database_argument, aggregates, path_of
from ..confirmation import confirm
from ..forgetting import Receipt, Traces, forget, look, stores_elsewhere
from ..known import refuse_unknown
from ..persons import ids_meant
from ..report import Report

HELP = """\
erase a student from the collector and this machine, for ever

The student is named by the id that events have, or as the roster has the student: by the id there,
the name, or the code that stands for the id; then what came under the id and under the code goes.

Goes from the collector's file, also while the server runs: all events of the student and whatever
was counted of them, what waits to be forwarded, the line of the roster, marks, statements that the
student is the same person as somebody, and the lines of the access log about the student. So do
damaged copies of the file that have the id (whole: nothing can be taken out of them), and what
kernels of this account keep. The file's bytes are overwritten. This cannot be undone: the command
asks first, and says what there is.

A salted hash of the id stays. By it the collector drops events that were captured before and come
late, from a browser, say, and answers as if they were stored. A student who works on, having
consented again, is recorded anew. Calling again later does no harm, and tells how many came late.

The receipt says what was done, and what is beyond reach: PostHog, which has a command of its own,
exports and backups, and browsers.
"""
EXAMPLES = """\
examples:
  jupyter telemetry forget JOHN_DOE --dry-run
  jupyter telemetry forget JOHN_DOE
  jupyter telemetry forget JOHN_DOE --yes --json
  jupyter telemetry forget JOHN_DOE --database /srv/course/cs1.sqlite3
"""
# For the reference; a test holds it to what is said.
OUTPUT = """\
$ jupyter telemetry forget JOHN_DOE --yes
what                         erased
events in the collector      3
sessions counted             1
events that waited to go on  0
lines of the roster          1
marks of instructors         0
lines of the access log      1
computers known of           1
statements of who is whom    0
damaged copies of the file   0
events in files of kernels   0

JOHN_DOE is erased; events from before 2026-03-01T13:00:00.000Z that come late are dropped
"""
_ROWS = (
    ("events", "events in the collector"),
    ("sessions", "sessions counted"),
    ("waiting", "events that waited to go on"),
    ("roster", "lines of the roster"),
    ("seen", "marks of instructors"),
    ("accesses", "lines of the access log"),
    ("senders", "computers known of"),
    ("aliases", "statements of who is whom"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "student", metavar="STUDENT", help="whom to forget: the id, the code or the roster's name"
    )
    parser.add_argument("--yes", action="store_true", help="forget without asking")
    parser.add_argument(
        "--rewrite",
        action="store_true",
        help="write the file anew also if it is large; nothing is stored in these seconds",
    )
    add_database_argument(parser)


def run(args: argparse.Namespace, report: Report) -> None:
    """Erase, and say what was done."""
    path, pairs = path_of(args), []
    traces = {args.student: look(path, args.student)}
    if path.exists():
        with aggregates(args) as snapshot:  # refuses a file that is none of this version's
            pairs = snapshot.students()
            is_there = not traces[args.student].is_empty
            meant = ids_meant(snapshot.connection, args.student, is_there=is_there)
        # All of them, also those under which nothing came yet: a browser may have such events.
        traces = {each: look(path, each) for each in meant}
    student = " and ".join(traces)
    counts = _counts([*traces.values()])
    report.document.update(
        student=args.student,
        ids=[*traces],
        database=str(path),
        is_erased=False,
        found=counts,
    )
    if all(each.is_empty for each in traces.values()):
        tombstones = [each.tombstone for each in traces.values() if each.tombstone is not None]
        if not tombstones:
            refuse_unknown([args.student], [], pairs)
        late = sum(each.refused for each in tombstones)
        report.document.update(refused=late, is_erased=True)
        report.line(f"{student} is erased; {late} events that came late were dropped")
        return
    if args.dry_run:
        _tell(counts, "would be erased", report)
        for each, found in traces.items():
            _tell_limits(path, each, found, Receipt(), report)
        return
    if not args.yes:
        confirm(_question(student, counts), args.student)
    receipts = {
        # The roster's line goes last: by it alone the others are found, should this be interrupted.
        each: forget(path, each, traces[each], is_rewritten=args.rewrite)
        for each in reversed(traces)
    }
    receipt = _together([*receipts.values()])
    report.document.update(
        is_erased=not receipt.unreached,
        erased={
            **counts,
            "events": receipt.events,
            "damaged_copies": len(receipt.damaged),
            "kernel_events": sum(each.events for each in receipt.kernels),
        },
        refused_until=receipt.until,
        is_scrubbed=receipt.is_scrubbed,
        damaged_copies=[copy.name for copy in receipt.damaged],
        unreached=[{"file": str(left), "why": why} for left, why in receipt.unreached],
    )
    _tell(report.document["erased"], "erased", report)
    report.line()
    until = f"; events from before {receipt.until} that come late are dropped"
    report.line(f"{student} is erased{until if receipt.until else ''}")
    for left, why in receipt.unreached:
        report.problem(f"{left} was not reached: {why}")
    for each, found in traces.items():
        _tell_limits(path, each, found, receipt, report)


def _together(receipts: Sequence[Receipt]) -> Receipt:
    """Give one receipt of several erasures."""
    return Receipt(
        events=sum(each.events for each in receipts),
        until=max((each.until for each in receipts if each.until), default=None),
        is_scrubbed=all(each.is_scrubbed for each in receipts),
        damaged=[*dict.fromkeys(copy for each in receipts for copy in each.damaged)],
        kernels=[file for each in receipts for file in each.kernels],
        unreached=[*dict.fromkeys(left for each in receipts for left in each.unreached)],
    )


def _counts(traces: Sequence[Traces]) -> dict[str, int]:
    found = [each.found for each in traces if each.found is not None]
    return {
        **{name: sum(getattr(each, name) for each in found) for name, _ in _ROWS},
        "damaged_copies": len({copy for each in traces for copy in each.damaged}),
        "kernel_events": sum(file.events for each in traces for file in each.kernels),
    }


def _tell(counts: dict[str, int], header: str, report: Report) -> None:
    rows = [[words, str(counts[name])] for name, words in _ROWS]
    rows.append(["damaged copies of the file", str(counts["damaged_copies"])])
    rows.append(["events in files of kernels", str(counts["kernel_events"])])
    report.table(["what", header], rows)


def _question(student: str, counts: dict[str, int]) -> str:
    parts = [f"{counts[name]} {words}" for name, words in _ROWS if counts[name]]
    if counts["damaged_copies"]:
        parts.append(f"{counts['damaged_copies']} damaged copies of the file, whole")
    if counts["kernel_events"]:
        parts.append(f"{counts['kernel_events']} events in files of kernels")
    return f"This erases {student}, for ever: {', '.join(parts)}."


def _tell_limits(
    path: Path, student: str, traces: Traces, receipt: Receipt, report: Report
) -> None:
    """Say what is beyond reach."""
    limits = []
    forwarded = traces.found.forwarded if traces.found else 0
    sent = f"{forwarded} of the events went on to PostHog" if forwarded else "what is in PostHog"
    limits.append(f"{sent}: jupyter telemetry posthog forget {student}")
    limits.append("exports, backups and copies of the file that somebody made")
    limits.append(
        "browsers and other computers: what waits there is dropped when it comes to this collector"
    )
    limits += [
        f"{other} has events too: jupyter telemetry forget {student} --database {other}"
        for other in stores_elsewhere(path, student)
    ]
    limits += [
        f"{name} is the same person by a statement, and has events: jupyter telemetry forget {name}"
        for name in traces.others
    ]
    if traces.found and traces.found.mentions:
        limits.append(f"{traces.found.mentions} events of others have {student} in their texts")
    if not receipt.is_scrubbed:
        limits.append(
            f"free parts of {path} may still have rests: the same command with --rewrite, while"
            " nobody uses the file much"
        )
    told = report.document.setdefault("beyond_reach", [])
    for each in limits:
        if each not in told:
            told.append(each)
            report.note(f"not reached: {each}")
