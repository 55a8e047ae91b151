# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The folder of this account in which kernels keep what outlives them."""

from __future__ import annotations

import os
import uuid

from .imports import _module

_APPEND = os.O_RDWR | os.O_APPEND | os.O_CREAT


def _folder(makes: bool = True) -> str:
    """The folder where events wait or, without a key, stay. Only its owner may read it."""
    try:
        above = _module("jupyter_core.paths").jupyter_data_dir()
    except ImportError:
        above = os.environ.get("JUPYTER_DATA_DIR") or os.path.expanduser("~/.local/share/jupyter")
    folder = os.path.join(above, "ipynb-telemetry")
    if makes:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(f"{folder} cannot be written to")
    return folder


def _read_kept(name: str) -> str:
    """A text that the account keeps in a file; OSError and ValueError where there is none."""
    with open(os.path.join(_folder(makes=False), name), encoding="ascii") as file:
        return file.read(64).strip()


def _keep_text(name: str, text: str) -> None:
    """Keep a text for the account, unless one is kept under the name; OSError where none can be."""
    path = os.path.join(_folder(), name)
    if not os.path.exists(path):
        # Under a name of its own first: of two that begin at once, each reads a whole text.
        new = f"{path}-{uuid.uuid4().hex}"
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(file, text.encode("ascii"))
        finally:
            os.close(file)
        os.replace(new, path)
