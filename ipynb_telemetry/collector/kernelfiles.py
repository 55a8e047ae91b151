"""Events in the files that kernels of this account keep, and out of them again.

Without a key a kernel keeps events in `events.jsonl`, which no host wanted in `refused.jsonl`, and
those that wait in a `spool-*.jsonl`, which its process has locked. The answers to its notice are in
`consent.jsonl`, and the codes of those whose sessions they claim in `codes.jsonl`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ..kernel.account import _folder
from ..kernel.filelock import _lock

_KEPT = ("events.jsonl", "refused.jsonl", "consent.jsonl", "codes.jsonl")
_MOVED = ".erasing"
"""Ends the name of a file that is being cleaned; a later call goes on with what an earlier left."""

Test = Callable[[bytes], bool]
"""Tells of a line whether it is an event that is meant."""


class KernelFile(NamedTuple):
    """A file of kernels that has events that are meant.

    Attributes:
        path: of the file.
        events: how many lines are such events.
    """

    path: Path
    events: int


def of_student(student: str) -> Test:
    """Mean the events of a student; of a line that was cut off, whether it may be one."""

    def is_of(line: bytes) -> bool:
        try:
            event = json.loads(line)
        except ValueError:
            return student.encode("utf-8", "replace") in line
        return isinstance(event, dict) and event.get("distinct_id") == student

    return is_of


def of_sessions(sessions: Iterable[str]) -> Test:
    """Mean the events of sessions; of a line that was cut off, whether it may be one."""
    known = set(sessions)

    def is_of(line: bytes) -> bool:
        try:
            event = json.loads(line)
        except ValueError:
            return any(session.encode() in line for session in known)
        properties = event.get("properties") if isinstance(event, dict) else None
        session = properties.get("session_id") if isinstance(properties, dict) else None
        return isinstance(session, str) and session in known

    return is_of


def kernel_files(is_meant: Test) -> list[KernelFile]:
    """Give the files that have events that are meant.

    Raises:
        OSError: a file cannot be read.
    """
    found = []
    for path in _paths():
        with path.open("rb") as file:
            events = sum(is_meant(line) for line in file)
        if events:
            found.append(KernelFile(path, events))
    return found


def clean(path: Path, is_meant: Test) -> None:
    """Take the events that are meant out of a file; others stay.

    Raises:
        OSError: the file cannot be changed, or a kernel that lives has it locked.
    """
    if path.name.startswith("spool-"):
        _clean_spool(path, is_meant)
    else:
        _clean_kept(path, is_meant)


def _paths() -> Iterator[Path]:
    folder = Path(_folder(makes=False))
    for name in _KEPT:
        for path in (folder / f"{name}{_MOVED}", folder / name):
            if path.is_file():
                yield path
    yield from sorted(folder.glob("spool-*.jsonl*"))


def _clean_spool(path: Path, is_meant: Test) -> None:
    with path.open("r+b") as old:
        _lock(old.fileno())
        left = [line for line in old if not is_meant(line)]
        fresh = path.with_name(f"{path.name}.new")
        # Whoever has the former file open by now finds nothing in it.
        with open(fresh, "wb", opener=_private) as new:
            new.writelines(left)
            new.flush()
            os.fsync(new.fileno())
            os.replace(fresh, path)
        old.truncate(0)


def _clean_kept(path: Path, is_meant: Test) -> None:
    """Clean a file that any kernel may open meanwhile, to add a line."""
    kept = path if not path.name.endswith(_MOVED) else path.with_name(path.name[: -len(_MOVED)])
    moved = kept.with_name(f"{kept.name}{_MOVED}")
    if path == kept:
        os.rename(kept, moved)
    with moved.open("r+b") as old:
        # A kernel that had opened the file a moment before adds its line to this one.
        while lines := old.readlines():
            text = b"".join(line for line in lines if not is_meant(line))
            file = os.open(kept, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, text)
            finally:
                os.close(file)
        old.truncate(0)
    os.unlink(moved)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
