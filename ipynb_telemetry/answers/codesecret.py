"""The secret of a course, by which codes stand for students: a file that only its owner reads.

The file is beside the collector's, and no part of it: a copy of the events, as `backup` makes, does
not tell whose a code is.
"""

from __future__ import annotations

import os
import re
import secrets
import sqlite3
import tempfile
from contextlib import suppress
from pathlib import Path

from ..kernel.studentcode import _is_code

SECRET_BYTES = 32
_LIKE_CODES = "SELECT DISTINCT student FROM session_audit WHERE student GLOB '????-????-????'"
_TEXT = re.compile(rf"[0-9a-f]{{{2 * SECRET_BYTES}}}")


class SecretError(Exception):
    """A secret that cannot be read or made, and why, in words that follow the file's name."""


def secret_file(database: Path) -> Path:
    """Give the file of the secret that belongs to a collector's file, which may be a link."""
    own = Path(os.path.realpath(database))
    return own.with_name(f"{own.name}.secret")


def secret_of(connection: sqlite3.Connection) -> bytes | None:
    """Give the secret beside the file of a connection; None: there is none yet, or no file.

    Raises:
        SecretError: there is a file, and no secret can be read from it.
    """
    name = _file_of(connection)
    return read_secret(secret_file(Path(name))) if name else None


def can_have_secret(connection: sqlite3.Connection) -> bool:
    """Tell whether codes can be made that last: not where the events are in memory only."""
    return bool(_file_of(connection))


def needed_secret_of(connection: sqlite3.Connection) -> bytes | None:
    """Give the secret beside the file of a connection, made now if need be; None: no file.

    No secret is made where events have codes already: another secret would make other codes for
    the same students, and what they did before would be nobody's.

    Raises:
        SecretError: the secret can be neither read nor made, or is gone.
    """
    name = _file_of(connection)
    if not name:
        return None
    path = secret_file(Path(name))
    if read_secret(path) is None and any(
        _is_code(student) for (student,) in connection.execute(_LIKE_CODES)
    ):
        raise SecretError(
            "is gone, and events have codes: put its copy back, or make new codes by"
            " jupyter telemetry codes"
        )
    return make_secret(path)[0]


def read_secret(path: Path) -> bytes | None:
    """Read a secret; None: there is no file.

    Raises:
        SecretError: there is, and no secret can be read from it.
    """
    try:
        text = path.read_text("ascii").strip()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SecretError(f"cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError:
        text = ""
    if not _TEXT.fullmatch(text):
        raise SecretError(f"is no secret of codes, which has {2 * SECRET_BYTES} hexadecimal digits")
    return bytes.fromhex(text)


def make_secret(path: Path) -> tuple[bytes, bool]:
    """Read a secret, made now where there is no file; gives also whether it was made now.

    Of two processes that make a secret at once both have that of the first.

    Raises:
        SecretError: the secret can be neither read nor made.
    """
    known = read_secret(path)
    if known is not None:
        return known, False
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name[:60]}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:  # its owner's alone
                file.write(f"{secrets.token_hex(SECRET_BYTES)}\n")
                file.flush()
                os.fsync(file.fileno())
            is_made = _put(Path(name), path)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(name)
    except OSError as error:
        raise SecretError(f"cannot be written: {error.strerror or error}") from error
    made = read_secret(path)
    if made is None:
        raise SecretError("was removed while it was made")
    return made, is_made


def _put(temporary: Path, path: Path) -> bool:
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:  # not every file system has links
        if os.path.lexists(path):
            return False
        os.rename(temporary, path)
    return True


def _file_of(connection: sqlite3.Connection) -> str:
    """Give the file of a connection; empty: its tables are in memory."""
    files = {name: file for _, name, file in connection.execute("PRAGMA database_list")}
    return str(files["main"] or "")
