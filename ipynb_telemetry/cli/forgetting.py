"""The erasure of all that this machine has of a student, with a receipt."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ..collector.kernelfiles import KernelFile, clean, kernel_files, of_student
from .report import CommandError, progress

if TYPE_CHECKING:
    from ..store.database import Database
    from ..store.erasure import Found
    from ..store.tombstones import Tombstone

_PATIENCE_S = 10.0


@dataclass
class Traces:
    """Where a student is found.

    Attributes:
        found: in the store; None: there is no file.
        tombstone: of an earlier erasure.
        damaged: damaged copies beside the store's file that have the id, with their journals.
        kernels: files of kernels.
        others: names of the same person, by statements of an instructor.
    """

    found: Found | None = None
    tombstone: Tombstone | None = None
    damaged: list[Path] = field(default_factory=list)
    kernels: list[KernelFile] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to erase."""
        own = self.found and self.found._replace(mentions=0)
        return not (self.damaged or self.kernels or any(own or ()))


@dataclass
class Receipt:
    """The receipt of an erasure.

    Attributes:
        events: removed from the store.
        until: late events up to this time are refused; None: there is no store.
        is_scrubbed: whether the bytes of the file and its journal have no rests.
        damaged, kernels: files that were deleted, and cleaned.
        unreached: files that could not be, each with why.
    """

    events: int = 0
    until: str | None = None
    is_scrubbed: bool = True
    damaged: list[Path] = field(default_factory=list)
    kernels: list[KernelFile] = field(default_factory=list)
    unreached: list[tuple[Path, str]] = field(default_factory=list)


def look(path: Path, student: str) -> Traces:
    """Look for a student in a store that is of this version, or not there, and beside the store.

    Raises:
        CommandError: a file cannot be read.
    """
    from ..store.aliases import read_aliases
    from ..store.erasure import find_student
    from ..store.reading import EventFileError, open_events
    from ..store.scrubbing import damaged_copies, holds
    from ..store.tombstones import tombstone_of

    traces = Traces()
    try:
        if path.exists():
            with open_events(path) as snapshot:
                traces.found = find_student(snapshot.connection, student)
                traces.tombstone = tombstone_of(snapshot.connection, student)
                aliases = read_aliases(snapshot.connection)
                names = {*aliases.names_of(student), *aliases.names_of(aliases.of(student))}
                traces.others = sorted(names - {student})
        traces.damaged = [copy for copy in damaged_copies(path) if holds(copy, student)]
        traces.kernels = kernel_files(of_student(student))
    except EventFileError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be read: {error.strerror}") from error
    return traces


def forget(path: Path, student: str, traces: Traces, *, is_rewritten: bool) -> Receipt:
    """Erase a student.

    Args:
        path: the store's file.
        student: the id.
        traces: of `look`.
        is_rewritten: whether to write the file anew however large it is.

    Raises:
        CommandError: the store cannot be used; another call goes on.
    """
    from ..store.database import StoreUnavailableError
    from ..store.erasure import erase
    from ..store.scrubbing import LARGEST_BYTES, scrub
    from ..store.tombstones import tombstone_of

    receipt = Receipt()
    if traces.found is not None:
        total = traces.found.events
        try:
            with _opened(path) as database:
                erasing = progress(erase(database, student), total, "transactions")
                receipt.events = sum(erasing)
                most_bytes = float("inf") if is_rewritten else LARGEST_BYTES
                receipt.is_scrubbed = scrub(database, most_bytes)
                tombstone = database.use(lambda connection: tombstone_of(connection, student))
                receipt.until = tombstone and tombstone.until
        except StoreUnavailableError as error:
            raise CommandError(
                f"{path} cannot be used at the moment: {error.__cause__ or error}."
                " The same command goes on where it was"
            ) from error
    for copy in traces.damaged:
        with _reaching(copy, receipt):
            copy.unlink(missing_ok=True)
            receipt.damaged.append(copy)
    for file in traces.kernels:
        with _reaching(file.path, receipt):
            clean(file.path, of_student(student))
            receipt.kernels.append(file)
    return receipt


def stores_elsewhere(path: Path, student: str) -> list[Path]:
    """Give the other collectors' files in Jupyter's data folder that have events of a student."""
    from jupyter_core.paths import jupyter_data_dir

    from ..store.reading import EventFileError, Selection, open_events

    found = []
    for other in sorted(Path(jupyter_data_dir(), "ipynb_telemetry").rglob("*.sqlite3")):
        if other.resolve() == path.resolve() or ".damaged-" in other.name:
            continue
        with suppress(EventFileError), open_events(other) as snapshot:
            if snapshot.count(Selection(students=(student,))):
                found.append(other)
    return found


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    from ..store.database import Database

    log = logging.getLogger(__name__)
    log.addHandler(logging.NullHandler())
    log.propagate = False
    database = Database(str(path), log, _PATIENCE_S)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def _reaching(path: Path, receipt: Receipt) -> Iterator[None]:
    try:
        yield
    except BlockingIOError:
        receipt.unreached.append((path, "a kernel that runs has it: end the kernel, call again"))
    except OSError as error:
        receipt.unreached.append((path, error.strerror or str(error)))
