"""`jupyter telemetry collect` in a process of its own, for tests that end it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

from .serverprocess import PATIENCE_S, REPOSITORY, START_S


class ClassProcess:
    """A class collector, without TLS unless the arguments say otherwise.

    Attributes:
        told: the document that the command printed when it was ready.
    """

    def __init__(self, directory: Path, *args: str) -> None:
        self.database = directory / "cs1.sqlite3"
        self._log = directory / "collect.log"
        out = directory / "collect.json"
        command = [sys.executable, "-m", "ipynb_telemetry", "collect", "--json", "--class", "cs1"]
        command += ["--database", str(self.database), "--ip", "127.0.0.1", "--port", "0", *args]
        with out.open("wb") as told, self._log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=directory,
                env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
                stdout=told,
                stderr=log,
            )
        deadline = time.monotonic() + START_S
        while True:
            with suppress(ValueError):
                self.told: dict[str, Any] = json.loads(out.read_text())
                break
            assert self.process.poll() is None, self.log
            assert time.monotonic() < deadline, self.log
            time.sleep(0.05)
        assert self.told["ok"], self.told["problems"]

    @property
    def log(self) -> str:
        """What the command printed on standard error."""
        return self._log.read_text()

    @property
    def url(self) -> str:
        return str(self.told["url"])

    @property
    def class_key(self) -> str:
        return str(self.told["class_key"])

    def post(self, events: list[Any], key: str | None = None) -> int:
        """Send a batch, and give the status."""
        body = json.dumps({"api_key": key or self.class_key, "batch": events}).encode()
        request = urllib.request.Request(f"{self.url}/batch/", body)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                assert json.load(answer)["status"] == 1
                return int(answer.status)
        except HTTPError as error:
            return int(error.code)

    def stored(self) -> list[dict[str, Any]]:
        """Give the properties of all events in the file, oldest first."""
        with closing(sqlite3.connect(self.database)) as connection:
            rows = connection.execute("SELECT properties FROM events ORDER BY id").fetchall()
        return [json.loads(text) for (text,) in rows]

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        """End the collector by a signal, and give its exit status."""
        self.process.send_signal(how)
        return self.process.wait(PATIENCE_S)

    def kill(self) -> None:
        """End it as a machine that fails does."""
        self.process.kill()
        self.process.wait(PATIENCE_S)
