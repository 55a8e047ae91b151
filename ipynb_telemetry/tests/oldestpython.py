# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The oldest Python of this machine that a kernel may have, and environments for kernels."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
REQUIREMENTS = ROOT / "requirements-kernel.txt"
VERSIONS = [f"3.{minor}" for minor in range(8, 10)]  # those that the package itself does not run on


def find() -> tuple[str, str]:
    """Version and interpreter; the one at work where the machine has no older one."""
    for version in VERSIONS:
        found = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
        for python in [*map(str, found), shutil.which(f"python{version}")]:
            # What a version switcher puts on PATH may only print an error.
            if python and subprocess.run([python, "-c", ""], capture_output=True).returncode == 0:
                return version, python
    return f"{sys.version_info.major}.{sys.version_info.minor}", sys.executable


def environment(version: str, python: str) -> str:
    """The interpreter to start a kernel with."""
    if python == sys.executable:
        return python
    return made(ROOT / f".venv-kernel-{version}", python, REQUIREMENTS)


def made(folder: Path, python: str, requirements: Path) -> str:
    """The interpreter of an environment with these pins, made once and again when they change."""
    stamp, pins = folder / ".requirements", requirements.read_text("utf-8")
    if not (stamp.exists() and stamp.read_text("utf-8") == pins):
        shutil.rmtree(folder, ignore_errors=True)
        subprocess.run([python, "-m", "venv", str(folder)], check=True)
        install = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q"]
        subprocess.run([*install, "-r", str(requirements)], check=True)
        stamp.write_text(pins, "utf-8")
    return str(folder / "bin" / "python")
