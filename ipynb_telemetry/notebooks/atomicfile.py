"""Files that are there whole or not at all: written beside their place, then moved into it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file, which takes the place of the old one when all went well.

    A symbolic link is followed: what it points to is replaced. Permissions and, where it is
    allowed, the owner stay as they were; a new file gets those of any new file.

    Args:
        path: of the file; its folder must be there.

    Raises:
        OSError: the file cannot be written. The old file is untouched then, as it is when the
            body of the `with` statement raises.
    """
    target = Path(os.path.realpath(path))
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name[:60]}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _take_after(target, temporary)
        os.replace(temporary, target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def write_file(path: Path, content: bytes) -> None:
    """Write a file in one go; see `writing`."""
    with writing(path) as file:
        file.write(content)


def _take_after(target: Path, temporary: Path) -> None:
    """Give the new file the permissions of the old one, or those of any new file."""
    try:
        status = target.stat()
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        temporary.chmod(0o666 & ~mask)
        return
    if hasattr(os, "chown"):
        with suppress(OSError):  # only the administrator may give files away
            os.chown(temporary, status.st_uid, status.st_gid)
    written = temporary.stat()
    shutil.copystat(target, temporary)  # extended attributes too, where there are any
    os.utime(temporary, ns=(written.st_atime_ns, written.st_mtime_ns))
