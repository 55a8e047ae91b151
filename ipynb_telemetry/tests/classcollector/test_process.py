"""A class collector as a process: begun, killed, ended, begun again."""

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from http.client import HTTPException
from pathlib import Path
from urllib.error import URLError

import pytest

from ipynb_telemetry.settings.joinstring import read_join_string
from ipynb_telemetry.tests.support.classprocess import ClassProcess
from ipynb_telemetry.tests.support.serverprocess import PATIENCE_S, START_S
from ipynb_telemetry.tests.support.storedevents import raw_event


def students_in(database: Path) -> set[str]:
    with closing(sqlite3.connect(database)) as connection:
        return {name for (name,) in connection.execute("SELECT distinct_id FROM events")}


def _send_on(
    process: ClassProcess,
    acknowledged: set[str],
    lock: threading.Lock,
    enough: threading.Event,
    sender: str,
) -> None:
    with suppress(URLError, OSError, HTTPException, ValueError):
        for seq in range(10_000):
            name = f"{sender}-{seq}"
            assert process.post([raw_event(distinct_id=name)]) == 200
            with lock:
                acknowledged.add(name)
            if seq == 3:
                enough.set()


def test_everything_that_was_acknowledged_outlives_sigkill(
    collect: Callable[..., ClassProcess], tmp_path: Path
) -> None:
    """Ten times in the middle of what twelve students send at once."""
    acknowledged: set[str] = set()
    lock = threading.Lock()
    key = ""
    for turn in range(10):
        process = collect()
        key = key or process.class_key
        assert process.class_key == key, "the key outlives the process"
        enough = threading.Event()
        send = partial(_send_on, process, acknowledged, lock, enough)
        threads = [threading.Thread(target=send, args=[f"{turn}-{each}"]) for each in range(12)]
        for thread in threads:
            thread.start()
        assert enough.wait(60)
        process.kill()
        for thread in threads:
            thread.join()
    assert len(acknowledged) >= 40
    stored = students_in(tmp_path / "cs1.sqlite3")
    assert acknowledged - stored == set()
    process = collect()
    assert process.post([raw_event(distinct_id="after")]) == 200


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "term"])
def test_a_signal_ends_it_cleanly(
    collect: Callable[..., ClassProcess], tmp_path: Path, how: signal.Signals
) -> None:
    process = collect()
    assert process.post([raw_event()]) == 200
    assert process.end(how) == 0
    assert process.log == ""
    # SQLite has folded its journal in; the file is its owner's alone.
    kept = {each.name for each in tmp_path.glob("cs1*")}
    assert kept == {"cs1.sqlite3"}
    assert stat.S_IMODE((tmp_path / "cs1.sqlite3").stat().st_mode) == 0o600
    assert students_in(tmp_path / "cs1.sqlite3") == {"JOHN_DOE"}


def test_the_instructors_key_is_told_once_and_kept_hashed(
    collect: Callable[..., ClassProcess], tmp_path: Path
) -> None:
    process = collect()
    key = process.told["instructor_key"]
    assert key.startswith("tcr_")
    assert process.end() == 0
    assert key.encode() not in (tmp_path / "cs1.sqlite3").read_bytes()
    assert collect().told["instructor_key"] is None


def test_what_students_enter_names_the_collector(collect: Callable[..., ClassProcess]) -> None:
    process = collect("--base-url", "/cs1/")
    joining = read_join_string(process.told["join"])
    assert joining.class_name == "cs1"
    assert joining.destination == (process.url, process.class_key, "")
    assert process.url.endswith("/cs1")
    assert process.post([raw_event()]) == 200


def test_a_port_that_is_taken_is_said_in_words(
    collect: Callable[..., ClassProcess], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AssertionError, match=f"port {port}: Address already in use"):
            collect("--port", str(port))


def test_nothing_of_a_request_is_stored_or_logged(
    collect: Callable[..., ClassProcess], tmp_path: Path
) -> None:
    process = collect()
    host, port = process.url.removeprefix("http://").split(":")
    strange = [
        b"GET /nowhere?secret HTTP/1.1\r\nHost: a\r\nUser-Agent: secret\r\n\r\n",
        b"NOT HTTP AT ALL secret\r\n\r\n",
        b"POST /batch/ HTTP/1.1\r\nHost: secret\r\nContent-Length: 99\r\n\r\nsecret",
        b"PUT /login HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nsecret",
        b"POST /login HTTP/1.1\r\nHost: a\r\nOrigin: http://secret\r\nContent-Length: 0\r\n\r\n",
        b"GET /ipynb-telemetry/api/events HTTP/1.1\r\nHost: a\r\nOrigin: http://secret\r\n\r\n",
        b"DELETE /ipynb-telemetry/class?secret HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /ipynb-telemetry/class HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer KEY\r\n\r\n",
        b"GET /static/ipynb_telemetry/secret%00 HTTP/1.1\r\nHost: a\r\n\r\n",
    ]
    for request in strange:
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(request.replace(b"KEY", process.class_key.encode()))
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65_536):
                answer += part
        assert not answer.startswith(b"HTTP/1.1 5"), request
    assert process.post([raw_event()]) == 200
    assert process.end() == 0
    assert "Traceback" not in process.log, "whoever comes would fill the disk with them"
    kept = (tmp_path / "cs1.sqlite3").read_bytes() + process.log.encode()
    assert b"JOHN_DOE" in kept
    for secret in (b"127.0.0.1", b"secret", b"Python-urllib"):
        assert secret not in kept.replace(process.url.encode(), b"")


def test_a_class_goes_on_when_nobody_reads_what_the_command_says(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "ipynb_telemetry", "collect", "--ip", "127.0.0.1"]
    command += ["--port", str(port), "--database", str(tmp_path / "cs1.sqlite3")]
    reading, writing = os.pipe()
    os.close(reading)
    process = subprocess.Popen(command, stdout=writing)
    os.close(writing)
    try:
        deadline = time.monotonic() + START_S
        while True:
            with suppress(URLError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/login", timeout=PATIENCE_S).close()
                break
            assert process.poll() is None
            assert time.monotonic() < deadline
    finally:
        process.kill()
        process.wait(PATIENCE_S)
