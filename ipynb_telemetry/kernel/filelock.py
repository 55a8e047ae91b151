# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Locks on files, by which the processes of an account tell whose a file is."""

from __future__ import annotations

import os

from .imports import _module


def _lock(file: int) -> None:
    """Lock a file until it is closed or the process ends; OSError while another process has it."""
    try:
        fcntl = _module("fcntl")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        msvcrt = _module("msvcrt")
        os.lseek(file, 1 << 30, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
