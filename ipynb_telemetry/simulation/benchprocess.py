"""The process in which the workbench runs the code of a notebook: its files, its limit of time."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from .lesson import LessonError

_START_S = 60.0
_MAX_COPIED = 50 * 1024 * 1024  # bytes beside the notebook
_PACKAGE = Path(__file__).parents[2]


class BenchProcess:
    """The workbench, which ends with the body of `with`."""

    def __init__(self, folder: Path) -> None:
        """Start the process.

        Args:
            folder: in which the notebook lies; the code runs in a copy.
        """
        self._place = tempfile.mkdtemp(prefix="ipynb-telemetry-rehearsal-")
        course = Path(self._place, "course")
        _copy_beside(folder, course)
        paths = [str(_PACKAGE), os.environ.get("PYTHONPATH", "")]
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "PYTHONHASHSEED": "0",
            "PYTHONSAFEPATH": "1",
            "IPYTHONDIR": str(Path(self._place, "ipython")),
            "MPLBACKEND": "agg",
        }
        # What a cell prints of its environment is in events.
        for secret in ("JPY_API_TOKEN", "JUPYTERHUB_API_TOKEN", "JUPYTER_TOKEN"):
            environment.pop(secret, None)
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.workbench"],
            cwd=course,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self._lines: SimpleQueue[bytes] = SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> BenchProcess:
        """Give the process."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stderr):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        shutil.rmtree(self._place, ignore_errors=True)

    def begin(self, jobs: Sequence[Mapping[str, Any]]) -> None:
        """Hand the jobs over.

        Raises:
            LessonError: the workbench does not start.
        """
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.write(json.dumps({"jobs": jobs}).encode())
            self._process.stdin.close()
        if self.read(_START_S) is None:
            assert self._process.stderr is not None
            self._process.kill()
            last = self._process.stderr.read().decode("utf-8", "replace").strip().split("\n")[-1]
            advice = "; install ipykernel" if "IPython" in last else ""
            raise LessonError(f"cannot be run here: {last or 'Python does not start'}{advice}")

    def read(self, patience_s: float) -> list[Any] | None:
        """Give the runs of the next job; None: they take too long, or the process ended."""
        try:
            line = self._lines.get(timeout=patience_s)
        except Empty:
            return None
        try:
            runs: list[Any] = json.loads(line)["runs"]
        except ValueError:
            return None
        return runs

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with suppress(ValueError, OSError), self._process.stdout as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(b"")


def _copy_beside(folder: Path, place: Path) -> None:
    """Copy the files beside a notebook, which its cells may read, as far as they are not large."""
    place.mkdir()
    left = _MAX_COPIED
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or not path.is_file():
            continue
        with suppress(OSError):
            left -= path.stat().st_size
            if left < 0:
                return
            shutil.copyfile(path, place / path.name)
