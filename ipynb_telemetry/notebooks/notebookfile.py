"""A notebook file: read and checked, changed in place, written whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

from .atomicfile import write_file
from .cellids import cell_ids, is_cell_id, is_readable_id
from .errors import NotebookError
from .flag import FLAG, Flag, new_flag, read_flag
from .jsontext import JsonText, Step
from .jupytextfilter import add_flag
from .soundness import find_flaw, require_readable

# The format from which on the ids of cells are in the file.
FIRST_MINOR_WITH_IDS = 5

# Whose a notebook's cell ids are: the file's; derived by the page, in an older format; or, where
# some are missing or there twice, Jupyter's, which makes up others at each opening.
Ids = Literal["file", "derived", "unsteady"]


class NotebookFile:
    """A notebook in format 4 that Jupyter opens, and changes to it that are not written yet.

    Attributes:
        path: of the file.
        document: its content, with the changes.
        flaw: what nbformat refuses in it, in words that follow its name; None: the file is valid.
    """

    path: Path
    document: dict[str, Any]
    flaw: str | None

    def __init__(self, path: Path) -> None:
        """Read the file.

        Raises:
            NotebookError: the file is not there, or no valid notebook.
        """
        self.path = path
        try:
            self._written = path.read_bytes()
            text = self._written.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotebookError("is not UTF-8 text: save it as UTF-8") from error
        except OSError as error:
            raise NotebookError(f"cannot be read: {error.strerror or error}") from error
        if text.startswith("\ufeff"):
            raise NotebookError(
                "begins with a byte order mark, which Jupyter cannot read: save it as UTF-8 without"
            )
        try:
            self.document = json.loads(text)
            require_readable(self.document)
            self.flaw = find_flaw(self.document)
            self._text = JsonText(text)
        except RecursionError as error:
            raise NotebookError(
                "is nested too deeply, which Jupyter cannot read: take it from its source again"
            ) from error
        except ValueError as error:
            raise NotebookError(
                f"is not JSON: {error}: take it from its source again, or mend it there"
            ) from error

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The cells as they are in the file: a source may be a text or a list of lines."""
        cells: list[dict[str, Any]] = self.document["cells"]
        return cells

    @property
    def flag(self) -> Flag:
        """The notebook's flag."""
        return read_flag(self.document["metadata"], self.path)

    @property
    def language(self) -> str | None:
        """The language of the code: the kernel's own word, else its specification's."""
        metadata = self.document["metadata"]
        for part, name in (("language_info", "name"), ("kernelspec", "language")):
            known = metadata.get(part)
            value = known.get(name) if isinstance(known, dict) else None
            if isinstance(value, str) and value:
                return value
        return None

    @property
    def ids(self) -> Ids:
        """Whose the ids of the cells are."""
        if not self._has_ids:
            return "derived"
        ids = [cell.get("id") for cell in self.cells]
        usable = {cell_id for cell_id in ids if is_readable_id(cell_id)}
        return "file" if len(usable) == len(ids) else "unsteady"

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write."""
        return self._text.text.encode() != self._written

    def set_flag(
        self, enabled: bool, notebook_id: str | None = None, course: str | None = None
    ) -> None:
        """Turn telemetry on under an id and of a course, or off, where both stay."""
        metadata = self.document["metadata"]
        if not enabled:
            if self.flag.enabled:
                self._set(["metadata", FLAG, "enabled"], False)
        elif self.flag.problem or FLAG not in metadata:
            self._set(["metadata", FLAG], new_flag(notebook_id, course))
        else:
            if not self.flag.enabled:
                self._set(["metadata", FLAG, "enabled"], True)
            if self.flag.notebook != notebook_id:
                self._set(["metadata", FLAG, "notebook"], notebook_id)
            if course is not None and self.flag.course != course:
                self._set(["metadata", FLAG, "course"], course)
        # The text that Jupytext keeps of the notebook is to have the flag, too.
        jupytext = metadata.get("jupytext")
        if enabled and isinstance(jupytext, dict):
            known = jupytext.get("notebook_metadata_filter")
            if (extended := add_flag(known)) != known:
                self._set(["metadata", "jupytext", "notebook_metadata_filter"], extended)

    def give_ids(self) -> None:
        """Make every cell's id one of the file, which is in format 4.5 then, and no cell's twice.

        The ids are those by which the page would tell the cells; an id that is there stays.
        """
        ids = cell_ids(self.cells, is_readable_id if self._has_ids else is_cell_id)
        given: list[str | None] = []
        for cell, cell_id in zip(self.cells, ids, strict=True):
            given.append(None if cell.get("id") == cell_id else cell_id)
            cell["id"] = cell_id
        self._text.set_in_each(["cells"], "id", given)
        if not self._has_ids:
            self._set(["nbformat_minor"], FIRST_MINOR_WITH_IDS)

    def insert_cell(self, index: int, cell: dict[str, Any]) -> None:
        """Put a cell before the cell at `index`; without its id where the format has no ids."""
        if not self._has_ids:
            cell = {key: value for key, value in cell.items() if key != "id"}
        self.document["cells"].insert(index, cell)
        self._text.insert(["cells"], index, cell)

    def set_source(self, index: int, source: str) -> None:
        """Replace a cell's source, which is written as a list of lines."""
        self._set(["cells", index, "source"], source.splitlines(keepends=True))

    def set_metadata(self, index: int, name: str, value: Any) -> None:
        """Set an entry of a cell's metadata."""
        self._set(["cells", index, "metadata", name], value)

    def remove_cell(self, index: int) -> None:
        """Take a cell out."""
        del self.document["cells"][index]
        self._text.remove(["cells", index])

    def write(self) -> None:
        """Write the changes, if there are any.

        Raises:
            NotebookError: nothing was written.
        """
        if not self.is_changed:
            return
        text = self._text.text
        # The new text must say what was meant, and nothing else.
        if _canonical(json.loads(text)) != _canonical(self.document):
            raise NotebookError("cannot be changed without touching what is not ours")
        require_readable(self.document)
        if not self.flaw and (flaw := find_flaw(self.document)):
            raise NotebookError(f"would be no valid notebook any more: {flaw}")
        try:
            if self.path.read_bytes() != self._written:
                raise NotebookError("was changed by somebody else at this moment; try again")
            content = text.encode()
            write_file(self.path, content)
            self._written = content
        except OSError as error:
            raise NotebookError(f"cannot be written: {error.strerror or error}") from error

    @property
    def _has_ids(self) -> bool:
        return bool(self.document["nbformat_minor"] >= FIRST_MINOR_WITH_IDS)

    def _set(self, path: list[Step], value: Any) -> None:
        place: Any = self.document
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        self._text.set(path, value)


def source_of(cell: dict[str, Any]) -> str:
    """Give a cell's source as one text."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _canonical(document: Any) -> str:
    return json.dumps(document, sort_keys=True)
