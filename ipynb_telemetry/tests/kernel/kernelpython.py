# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Kernels of another age than the one at work, each in an environment of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[3]


class KernelPython(NamedTuple):
    """A Python of this machine, and the file that pins what its kernel is made of."""

    version: str
    python: str
    requirements: str

    def environment(self) -> str:
        """The interpreter to start a kernel with."""
        if self.python == sys.executable:
            return self.python
        return interpreter(f"kernel-{self.version}", self.python, self.requirements)


def interpreter(name: str, python: str, requirements: str) -> str:
    """The interpreter of an environment with these pins, made once and again when they change."""
    folder, pins = ROOT / f".venv-{name}", (ROOT / requirements).read_text("utf-8")
    stamp = folder / ".requirements"
    if not (stamp.exists() and stamp.read_text("utf-8") == pins):
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
        install = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q"]
        subprocess.run([*install, "-r", str(ROOT / requirements)], check=True)
        stamp.write_text(pins, "utf-8")
    return str(folder / "bin" / "python")


def find(versions: list[str], requirements: str) -> KernelPython:
    """The first of them on this machine; the one at work where there is none."""
    for version in versions:
        found = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
        for python in [*map(str, found), shutil.which(f"python{version}")]:
            # A version switcher's program on PATH may only print an error; Debian's may lack venv.
            probe = [python, "-c", "import ensurepip, venv"]
            if python and subprocess.run(probe, capture_output=True).returncode == 0:
                return KernelPython(version, python, requirements)
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return KernelPython(version, sys.executable, requirements)


# The versions that the package itself does not run on.
OLDEST = find(["3.8", "3.9"], "requirements-kernel-oldest.txt")
NEWEST = find(["3.14", "3.13", "3.12", "3.11"], "requirements-kernel-newest.txt")
