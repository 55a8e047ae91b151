"""A notebook file: read and checked, changed in place, written whole."""

from __future__ import annotations

import copy
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .atomicfile import write_file
from .flag import FLAG, Flag, read_flag
from .jsontext import JsonText, Step


class NotebookError(Exception):
    """A notebook that cannot be read or changed, and why, in words that follow its name."""


class NotebookFile:
    """A valid notebook in format 4, and changes to it that are not written yet.

    Attributes:
        path: of the file.
        document: its content, with the changes.
    """

    path: Path
    document: dict[str, Any]

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
            raise NotebookError("is not UTF-8 text") from error
        except OSError as error:
            raise NotebookError(f"cannot be read: {error.strerror or error}") from error
        if text.startswith("\ufeff"):
            raise NotebookError("begins with a byte order mark, which Jupyter cannot read")
        try:
            self.document = json.loads(text)
            _validate(self.document)
            self._text = JsonText(text)
        except RecursionError as error:
            raise NotebookError("is nested too deeply") from error
        except ValueError as error:
            raise NotebookError(f"is not JSON: {error}") from error

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
            value = metadata.get(part, {}).get(name)
            if isinstance(value, str) and value:
                return value
        return None

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write."""
        return self._text.text.encode() != self._written

    def set_flag(self, enabled: bool, notebook_id: str | None = None) -> None:
        """Turn telemetry on under an id, or off, where the id stays."""
        metadata = self.document["metadata"]
        if not enabled:
            if self.flag.enabled:
                self._set(["metadata", FLAG, "enabled"], False)
        elif self.flag.problem or FLAG not in metadata:
            self._set(["metadata", FLAG], {"enabled": True, "notebook": notebook_id})
        else:
            if not self.flag.enabled:
                self._set(["metadata", FLAG, "enabled"], True)
            if self.flag.notebook != notebook_id:
                self._set(["metadata", FLAG, "notebook"], notebook_id)

    def insert_cell(self, index: int, cell: dict[str, Any]) -> None:
        """Put a cell before the cell at `index`; without its id where the format has no ids."""
        if (self.document["nbformat"], self.document["nbformat_minor"]) < (4, 5):
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
        _validate(self.document)
        try:
            if self.path.read_bytes() != self._written:
                raise NotebookError("was changed by somebody else at this moment; try again")
            content = text.encode()
            write_file(self.path, content)
            self._written = content
        except OSError as error:
            raise NotebookError(f"cannot be written: {error.strerror or error}") from error

    def _set(self, path: list[Step], value: Any) -> None:
        place: Any = self.document
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        self._text.set(path, value)


def source_of(cell: dict[str, Any]) -> str:
    """Give a cell's source as one text."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _canonical(document: Any) -> str:
    return json.dumps(document, sort_keys=True)


def _validate(document: Any) -> None:
    if not isinstance(document, dict) or not isinstance(document.get("nbformat"), int):
        raise NotebookError("is no notebook")
    if document["nbformat"] != 4:
        raise NotebookError(
            f"is in notebook format {document['nbformat']}: open it in Jupyter, save it, try again"
        )
    import nbformat
    from nbformat.validator import NotebookValidationError

    check: Callable[[Any], None] = nbformat.validate
    with warnings.catch_warnings():
        # Warnings are of what Jupyter itself repairs, such as a missing cell id.
        warnings.simplefilter("ignore")
        try:
            check(nbformat.from_dict(copy.deepcopy(document)))
        except NotebookValidationError as error:
            where = "/".join(map(str, error.absolute_path))
            raise NotebookError(
                f"is no valid notebook: {error.message[:200]}{f' (at {where})' if where else ''}"
            ) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise NotebookError(f"is no valid notebook: {error}") from error
