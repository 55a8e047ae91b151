"""The class key: rotated while the collector runs, and kept when the file is lost."""

import time
from pathlib import Path

import pytest

from ipynb_telemetry.classcollector import keytables
from ipynb_telemetry.settings.joinstring import read_join_string
from ipynb_telemetry.store.database import transaction
from ipynb_telemetry.tests.support.classserver import ClassServer, message_of
from ipynb_telemetry.tests.support.commandline import CommandLine
from ipynb_telemetry.tests.support.storedevents import raw_event

from .conftest import OpenClass


async def place_of(server: ClassServer) -> None:
    """Have the file say where the collector runs, as `serve` does."""

    def write() -> None:
        def change(connection: object) -> None:
            with transaction(connection):
                keytables.write_place(connection, keytables.Place("cs1", server.url, ""))

        server.collector.store.database.use(change)

    await server.collector.off_loop(write)


async def test_a_rotated_key_is_taken_until_its_grace_is_over(
    cs1: ClassServer, telemetry: CommandLine
) -> None:
    await place_of(cs1)
    old = cs1.class_key
    outcome = telemetry(
        *("collect", "--database", cs1.database, "--rotate-key", "--grace", "30", "--json")
    )
    assert outcome.status == 0
    joining = read_join_string(outcome.document["join"])
    new = joining.destination.api_key
    assert (joining.class_name, joining.destination.host) == ("cs1", cs1.url)
    cs1.clock.seconds = time.time()  # the command has the clock of the computer
    await cs1.key_ring.look()
    assert cs1.class_key == new != old

    async def send(key: str) -> int:
        answer = await cs1.fetch("batch/", "POST", body={"api_key": key, "batch": [raw_event()]})
        return int(answer.code)

    assert [await send(old), await send(new)] == [200, 200]
    cs1.clock.seconds += 30 * 60 + 1
    assert [await send(old), await send(new)] == [401, 200]
    answer = await cs1.fetch("batch/", "POST", body={"api_key": old, "batch": []})
    assert "was replaced" in message_of(answer)


async def test_without_a_grace_the_key_before_is_refused_at_once(
    cs1: ClassServer, telemetry: CommandLine
) -> None:
    await place_of(cs1)
    old = cs1.class_key
    outcome = telemetry("collect", "--database", cs1.database, "--rotate-key")
    assert "The key before is taken no longer." in outcome.out
    await cs1.key_ring.look()
    cs1.clock.seconds += 10**9
    answer = await cs1.fetch("batch/", "POST", body={"api_key": old, "batch": [raw_event()]})
    assert answer.code == 401


async def test_the_command_line_makes_another_instructors_key(
    cs1: ClassServer, telemetry: CommandLine
) -> None:
    await place_of(cs1)
    browser = await cs1.instructor()
    outcome = telemetry("collect", "--database", cs1.database, "--new-instructor-key", "--json")
    key = outcome.document["instructor_key"]
    assert key.encode() not in b"".join(file.read_bytes() for file in cs1.database.parent.iterdir())
    await cs1.key_ring.look()
    assert (await browser.fetch("ipynb-telemetry/class/overview")).code == 401
    assert (await browser.log_in(key)).code == 302


def test_the_command_line_changes_no_key_of_a_file_that_has_none(
    telemetry: CommandLine, tmp_path: Path
) -> None:
    outcome = telemetry("collect", "--database", tmp_path / "none.sqlite3", "--rotate-key")
    assert (outcome.status, "is not there" in outcome.err) == (1, True)
    other = tmp_path / "events.sqlite3"
    other.touch()
    outcome = telemetry("collect", "--database", other, "--rotate-key")
    assert (outcome.status, "no file of a class collector" in outcome.err) == (1, True)


async def test_a_file_that_is_lost_in_class_gets_the_keys_again(
    open_class: OpenClass,
) -> None:
    server = await open_class()
    key = server.class_key
    browser = await server.instructor()
    for each in server.database.parent.iterdir():
        each.unlink()
    await server.key_ring.look()
    assert (await server.post([raw_event()])).code == 200
    assert (await browser.fetch("ipynb-telemetry/class/overview")).code == 200
    after = await open_class()
    assert (after.class_key, after.instructor_key) == (key, "")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--class", "a.b"], "--class is a name"),
        (["--port", "70000"], "--port is a number from 0 to 65535"),
        (["--grace", "5"], "--grace goes with --rotate-key"),
        (["--rotate-key", "--grace", "nan"], "--grace is a number"),
        (["--certfile", "a.pem"], "--certfile and --keyfile go together"),
        (["--behind-proxy"], "--base-url https://telemetry.example.org/"),
        (["--base-url", "ftp://a/"], "--base-url begins with / or with https://"),
        (["--base-url", "/a?b"], "--base-url is a path"),
        (["--student-rate", "0"], "--student-rate is a number from 1"),
        (["--database", ":memory:"], "--database is a file"),
    ],
)
def test_wrong_arguments_are_refused_in_words(
    telemetry: CommandLine, arguments: list[str], words: str
) -> None:
    outcome = telemetry("collect", "--dry-run", *arguments)
    assert (outcome.status, words in outcome.err) == (2, True), outcome.err


def test_what_would_be_done_is_said(telemetry: CommandLine) -> None:
    document = telemetry("collect", "--class", "cs1", "--dry-run", "--json").document
    expected = telemetry.data / "ipynb_telemetry" / "classes" / "cs1.sqlite3"
    assert document["database"] == str(expected)
    assert not expected.parent.exists()
