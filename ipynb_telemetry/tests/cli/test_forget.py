"""`jupyter telemetry forget`: what is erased, what is asked, what is said."""

import io
import json
import logging
import os
import re
import sqlite3
import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from ipynb_telemetry.cli.main import VERBS
from ipynb_telemetry.kernel.spool import _Spool
from ipynb_telemetry.store.events import EventStore
from ipynb_telemetry.store.scrubbing import holds

from ..support.aggregates import ran
from ..support.commandline import CommandLine


@pytest.fixture
def lesson(store: EventStore) -> None:
    store.append([ran(seq) for seq in (1, 2, 3)])
    store.append([ran(1, student="ANN_LEE", code="as JOHN_DOE said")])

    def say(made: sqlite3.Connection) -> None:
        made.execute("INSERT INTO roster VALUES ('JOHN_DOE', 1, 'John Doe', '', 0)")
        made.execute("INSERT INTO sender VALUES ('computer', 'JOHN_DOE', 1, 2)")
        made.execute("INSERT INTO access_log VALUES (1, 1, 2, 'staff', 'JOHN_DOE', 'D1', '')")

    store.database.use(say)


def kept(event: str, student: str) -> str:
    sent = {"event": event, "uuid": event, "distinct_id": student, "timestamp": "2026-03-01"}
    return json.dumps({**sent, "properties": {}}) + "\n"


def test_the_output_in_the_reference_is_what_is_said(telemetry: CommandLine, lesson: None) -> None:
    outcome = telemetry("forget", "JOHN_DOE", "--yes")
    assert outcome.status == 0
    said = re.sub(r"2\d\d\d-[-\d:.T]+Z", "2026-03-01T13:00:00.000Z", outcome.out)
    assert said == VERBS["forget"].OUTPUT.partition("\n")[2]
    assert "jupyter telemetry posthog forget JOHN_DOE" in outcome.err
    assert "1 events of others have JOHN_DOE in their texts" in outcome.err


def test_a_receipt_for_machines(telemetry: CommandLine, lesson: None, store: EventStore) -> None:
    store.database.use(
        lambda made: made.execute(
            "INSERT INTO relay_queue (event_id, state) VALUES (1, 'delivered'), (2, 'waiting')"
        )
    )
    document = telemetry("forget", "JOHN_DOE", "--yes", "--json").document
    assert (document["ok"], document["is_erased"], document["is_scrubbed"]) == (True, True, True)
    assert document["erased"]["events"] == 3
    assert document["erased"]["waiting"] == 1
    assert "1 of the events went on to PostHog" in document["beyond_reach"][0]


def test_nothing_is_erased_by_a_dry_run(
    telemetry: CommandLine, lesson: None, path: Path, store: EventStore
) -> None:
    outcome = telemetry("forget", "JOHN_DOE", "--dry-run")
    assert outcome.out.splitlines()[1].split()[-1] == "3"
    assert (
        len(store.database.use(lambda made: made.execute("SELECT * FROM events").fetchall())) == 4
    )
    assert store.database.use(lambda made: made.execute("SELECT * FROM tombstone").fetchall()) == []


@pytest.mark.parametrize(("answer", "status"), [("JOHN_DOE", 0), ("yes", 1), ("", 1)])
def test_who_is_at_the_terminal_is_asked(
    answer: str,
    status: int,
    telemetry: CommandLine,
    lesson: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stdin = io.StringIO(f"{answer}\n")
    stdin.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", stdin)
    outcome = telemetry("forget", "JOHN_DOE")
    assert outcome.status == status
    assert "for ever: 3 events in the collector, 1 sessions counted" in outcome.err
    assert telemetry("forget", "JOHN_DOE", "--json", "--dry-run").document["ok"]


def test_without_a_terminal_nothing_is_erased_unasked(
    telemetry: CommandLine, lesson: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    outcome = telemetry("forget", "JOHN_DOE")
    assert (outcome.status, "--yes" in outcome.err) == (2, True)


def test_a_typing_error_is_told(telemetry: CommandLine, lesson: None) -> None:
    outcome = telemetry("forget", "JON_DOE", "--yes")
    assert outcome.status == 1
    assert "no such student: JON_DOE; there are JOHN_DOE" in outcome.err


def test_late_events_are_told_by_a_second_call(
    telemetry: CommandLine, lesson: None, store: EventStore
) -> None:
    telemetry("forget", "JOHN_DOE", "--yes")
    assert store.append([ran(4)]) == 0
    outcome = telemetry("forget", "JOHN_DOE", "--yes")
    assert outcome.out == "JOHN_DOE is erased; 1 events that came late were dropped\n"
    later = datetime.now(timezone.utc) + timedelta(hours=1)
    again = ran(5)._replace(timestamp=later.strftime("%Y-%m-%dT%H:%M:%S.000Z"))
    assert store.append([again]) == 1


def test_damaged_copies_that_have_the_id_go(
    telemetry: CommandLine, lesson: None, path: Path
) -> None:
    with_id = path.with_name("events.damaged-1.sqlite3")
    without = path.with_name("events.damaged-2.sqlite3")
    journal = path.with_name("events.damaged-2.sqlite3-wal")
    # Across the border of two parts that are read one after the other.
    with_id.write_bytes(b"x" * (2**20 - 3) + b"JOHN_DOE" + b"x")
    without.write_bytes(b"x" * 2**20 + b"JOHN_DO")
    journal.write_bytes(b"JOHN_DOE")
    document = telemetry("forget", "JOHN_DOE", "--yes", "--json").document
    assert document["damaged_copies"] == [with_id.name, journal.name]
    assert without.exists()
    assert not with_id.exists()
    assert not journal.exists()


def test_files_of_kernels_keep_what_is_of_others(telemetry: CommandLine, lesson: None) -> None:
    folder = telemetry.data / "ipynb-telemetry"
    folder.mkdir(parents=True)
    lines = [kept("1", "JOHN_DOE"), kept("2", "ANN_LEE"), kept("3", "JOHN_DOE"), '{"distinct_id']
    for name in ("events.jsonl", "refused.jsonl", "consent.jsonl"):
        (folder / name).write_text("".join(lines))
    left = folder / "spool-1.jsonl"
    left.write_text('{"host": "https://h", "api_key": "k"}\n' + "".join(lines))
    document = telemetry("forget", "JOHN_DOE", "--yes", "--json").document
    assert document["erased"]["kernel_events"] == 8
    for file in folder.iterdir():
        assert not holds(file, "JOHN_DOE")
    assert sorted(file.name for file in folder.iterdir()) == [
        *("consent.jsonl", "events.jsonl", "refused.jsonl", "spool-1.jsonl")
    ]
    assert (folder / "events.jsonl").read_text() == lines[1] + lines[3]
    spool = _Spool.adopt(str(left), "", "")
    assert (spool.host, [*spool.waiting]) == ("https://h", ["2"])
    spool.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows reads no file that is locked")
def test_the_spool_of_a_kernel_that_lives_is_said(telemetry: CommandLine, lesson: None) -> None:
    spool = _Spool.create("https://h", "k")
    spool.add([json.loads(kept("1", "JOHN_DOE"))])
    outcome = telemetry("forget", "JOHN_DOE", "--yes", "--json")
    assert outcome.status == 1
    ((told,),) = [outcome.document["unreached"]]
    assert (told["file"], "end the kernel" in told["why"]) == (spool.path, True)
    spool.close()
    assert telemetry("forget", "JOHN_DOE", "--yes").status == 0
    assert not holds(Path(spool.path), "JOHN_DOE")


def test_another_class_on_this_machine_is_named(
    telemetry: CommandLine, lesson: None, path: Path
) -> None:
    other = path.parent / "classes" / "cs1.sqlite3"
    store = EventStore(str(other), logging.getLogger("ipynb_telemetry"))
    store.append([ran(1)])
    store.close()
    outcome = telemetry("forget", "JOHN_DOE", "--yes")
    assert f"jupyter telemetry forget JOHN_DOE --database {other}" in outcome.err
    assert telemetry("forget", "JOHN_DOE", "--yes", "--database", other).status == 0
    assert not holds(other, "JOHN_DOE")
