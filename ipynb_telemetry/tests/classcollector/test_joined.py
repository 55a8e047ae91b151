"""A student's computer that is joined to a real class collector by its line."""

import json
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ipynb_telemetry.notebook_cells import get_telemetry_setup_cell
from ipynb_telemetry.relay.transport import post_batch
from ipynb_telemetry.relay.wire import MAX_EVENT_BYTES, WaitingEvent
from ipynb_telemetry.settings.joinstring import read_join_string
from ipynb_telemetry.tests.kernel.directkernel import environment, running, wait_for
from ipynb_telemetry.tests.support.classprocess import ClassProcess
from ipynb_telemetry.tests.support.commandline import EXAMPLE, CommandLine, found
from ipynb_telemetry.tests.support.selfsigned import SelfSigned
from ipynb_telemetry.tests.support.serverprocess import PATIENCE_S
from ipynb_telemetry.tests.support.settingsfiles import install_front_end, user_overrides
from ipynb_telemetry.tests.support.storedevents import raw_event

Collect = Callable[..., ClassProcess]
SENT_AT = "2026-03-01T10:00:00.000Z"


@pytest.fixture(autouse=True)
def _alone(telemetry: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    install_front_end(telemetry)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr("ipynb_telemetry.kernel.post._OPENERS", {})


@pytest.fixture
def certificate(tmp_path: Path) -> SelfSigned:
    return SelfSigned(tmp_path / "certificate")


def send(process: ClassProcess, student: str) -> int | None:
    """Send an event as the relay of a joined server does; give the status."""
    properties = json.dumps(raw_event()["properties"])
    parts = (str(uuid.uuid4()), "tried", student, SENT_AT, properties)
    event = WaitingEvent(1, *parts, MAX_EVENT_BYTES)
    destination = read_join_string(process.told["join"]).destination
    return post_batch(destination, [event], SENT_AT).status


def test_the_line_that_is_printed_joins(
    telemetry: CommandLine, collect: Collect, certificate: SelfSigned
) -> None:
    process = collect(*certificate.options, "--base-url", "/cs1/")
    line = process.told["join"]
    assert line.endswith(f".{certificate.fingerprint}")
    outcome = telemetry("join", line)
    place = process.url.removeprefix("https://")
    told = f"You are joined to class cs1 at {place}. Restart JupyterLab.\n"
    assert (outcome.status, outcome.out, outcome.err) == (0, told, "")
    written = json.loads(user_overrides(telemetry).read_text())["ipynb-telemetry:plugin"]
    assert written["host"] == process.url
    # Nothing was stored for the question whether the key is good.
    assert process.stored() == []
    assert send(process, "ANN_LEE") == 200
    assert len(process.stored()) == 1


def test_a_class_is_rehearsed_at_a_collector_with_a_certificate_of_its_own(
    telemetry: CommandLine, collect: Collect, certificate: SelfSigned
) -> None:
    process = collect(*certificate.options)
    simulated = ["simulate", EXAMPLE, "--students", "2", "--minutes", "5", "--at-once"]
    outcome = telemetry(*simulated, "--join", process.told["join"])
    assert outcome.status == 0, outcome.err
    assert {each["simulated"] for each in process.stored()} == {True}
    outcome = telemetry(*simulated, "--host", process.url, "--project-key", process.class_key)
    assert outcome.status == 1
    assert "the certificate is not trusted" in outcome.err


def test_doctor_sends_its_event_to_the_holder_of_the_certificate(
    telemetry: CommandLine,
    collect: Collect,
    certificate: SelfSigned,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("jupyter_core.paths.ENV_JUPYTER_PATH", [])
    monkeypatch.setattr("ipynb_telemetry.cli.checks.kernel.kernels", lambda config: iter(()))
    process = collect(*certificate.options)
    assert telemetry("join", process.told["join"]).status == 0
    (told,) = found(telemetry("doctor", "--yes", "--json"), "host")
    assert told.startswith(f"ok: {process.url}, your class's collector, took the event")
    (relay,) = found(telemetry("doctor", "--no-network", "--json"), "relay")
    path = user_overrides(telemetry)
    assert relay.endswith(f"; the host, key and certificate are from {path}")
    telemetry("configure", "--for", "user", "--certificate", "0" * 64)
    outcome = telemetry("doctor", "--json")
    (told,) = found(outcome, "host")
    assert "another certificate is shown than the one in the settings" in told
    assert any("Join again with the line" in each for each in outcome.document["advice"])
    telemetry("join", process.told["join"])
    telemetry("configure", "--for", "user", "--project-key", "tcw_wrong")
    outcome = telemetry("doctor", "--yes", "--json")
    (told,) = found(outcome, "host")
    assert "did not take the event: 401 Unauthorized" in told
    assert any("Join again with the line" in each for each in outcome.document["advice"])


def test_a_slip_in_key_or_certificate_is_told_by_what_it_is(
    telemetry: CommandLine, collect: Collect, certificate: SelfSigned
) -> None:
    process = collect(*certificate.options)
    line = process.told["join"]
    slip = line.replace(process.class_key, f"{process.class_key[:-1]}_")
    outcome = telemetry("join", slip)
    assert outcome.status == 1
    assert "refuses the class key" in outcome.err
    first, last = line[:-1], line[-1]
    outcome = telemetry("join", first + ("0" if last != "0" else "1"))
    assert outcome.status == 1
    assert "a holder of another certificate" in outcome.err
    assert not user_overrides(telemetry).exists()


def test_a_rotated_key_is_refused_and_the_new_line_joins(
    telemetry: CommandLine, collect: Collect, certificate: SelfSigned
) -> None:
    process = collect(*certificate.options)
    old = process.told["join"]
    changed = telemetry("collect", "--rotate-key", "--database", process.database, "--json")
    assert changed.status == 0, changed.err
    deadline = time.monotonic() + PATIENCE_S
    while (outcome := telemetry("join", old)).status == 0:
        assert time.monotonic() < deadline
    assert "refuses the class key: it was changed" in outcome.err
    assert telemetry("join", changed.document["join"]).status == 0


def test_names_from_two_computers_are_shown_to_the_instructor(
    telemetry: CommandLine,
    collect: Collect,
    certificate: SelfSigned,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    process = collect(*certificate.options)
    for computer, student in (("one", "ANN_LEE"), ("two", "ANN_LEE"), ("two", "BOB_RAY")):
        monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / computer))
        assert send(process, student) == 200

    def claims() -> Any:
        return telemetry("answers", "claims", "--json", "--database", process.database).document

    result = claims()["result"]
    told = [(row["claim"], row["students"], row["senders"]) for row in result["rows"]]
    assert sorted(told) == [
        ("one_name", ["ANN_LEE"], 2),
        ("one_sender", ["ANN_LEE", "BOB_RAY"], 1),
    ]
    shown = telemetry("answers", "claims", "--database", process.database).out
    assert "one computer, several names  ANN_LEE, BOB_RAY" in shown
    assert "2 names from 2 computers; 1 names from several, 1 computers with several" in shown
    # An id goes to no reader of the class.
    ids = [(tmp_path / name / "ipynb-telemetry" / "sender").read_text() for name in ("one", "two")]
    assert not any(each in json.dumps(result) for each in ids)


def test_the_set_up_cell_of_colab_sends_to_a_class_by_host_and_class_key(
    collect: Collect, tmp_path: Path
) -> None:
    process = collect()
    cell = get_telemetry_setup_cell("D1", host=process.url, api_key=process.class_key)
    with running(environment(tmp_path)) as student:
        msg_id = student.send(cell["source"])
        assert student.answer("Ann", "Lee") == ["First name: ", "Last name: "]
        student.answers_to(msg_id)
        said = student.shown()
        assert f"Your records are sent to your class's collector at {process.url}." in said
        assert "PostHog" not in said
        student.cell("6 * 7")
    wait_for(lambda: len(process.stored()) >= 3)
    stored = process.stored()
    assert {each["student_id"] for each in stored} == {"ANN_LEE"}
    assert any(each.get("code") == "6 * 7" for each in stored)
