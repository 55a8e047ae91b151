"""A notebook in a Markdown file or a script, as Jupytext has it: its header, changed in place."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from .atomicfile import write_file
from .errors import NoNotebookError, NotebookError
from .flag import FLAG, Flag, new_flag, read_flag
from .jupytextfilter import add_flag
from .notebookfile import Ids
from .textheader import ODD, TextHeader
from .yamltext import YamlText, YamlTextError

# Before each line of a header, by the file's suffix.
_PREFIXES = {".md": "", ".markdown": "", ".Rmd": "", ".py": "#", ".R": "#", ".r": "#", ".jl": "#"}
TEXT_SUFFIXES = tuple(_PREFIXES)
_LANGUAGES = {".R": "R", ".r": "R", ".jl": "julia"}

_MYST_CELL = re.compile(r"^`{3,}\{(?:code|raw)-cell\}", re.MULTILINE)
_CODE_BLOCK = re.compile(
    r"^(`{3,})(?:\{code-cell\}|i?python3?\b)[^\n]*\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL
)


def is_text_suffix(path: Path) -> bool:
    """Tell whether a file may be a text notebook, by its name."""
    return path.suffix in _PREFIXES


def is_text_notebook(path: Path) -> bool:
    """Tell whether a file that may be a text notebook has a notebook's header."""
    try:
        with path.open("rb") as file:
            # Nearly all files have none: then the rest is not read.
            if b"---" not in file.read(256):
                return False
        TextNotebook(path)
    except (NoNotebookError, OSError):
        return False
    except NotebookError:
        pass  # and why not, is said when it is read
    return True


class TextNotebook:
    """A notebook of Jupytext's, and changes to its header that are not written yet.

    Attributes:
        path: of the file.
        flaw: nothing that nbformat would refuse is found in a text.
    """

    path: Path
    flaw: None = None

    def __init__(self, path: Path, new_header: bool = False) -> None:
        """Read the file.

        Args:
            path: of the file; its suffix is one of a text notebook.
            new_header: whether to give a file that is no notebook yet a header.

        Raises:
            NotebookError: the file is not there, or is no notebook.
        """
        self.path = path
        try:
            self._written = path.read_bytes()
            text = self._written.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NoNotebookError("is not UTF-8 text: save it as UTF-8") from error
        except OSError as error:
            raise NotebookError(f"cannot be read: {error.strerror or error}") from error
        if text.startswith("\ufeff"):
            # Jupytext finds no header behind it, and Python reads no script with it further down.
            raise NoNotebookError("begins with a byte order mark: save it as UTF-8 without")
        first = text.splitlines(keepends=True)[:1]
        newline = "\r\n" if first and first[0].endswith("\r\n") else "\n"
        is_myst = path.suffix == ".md" and _MYST_CELL.search(text) is not None
        self._header = TextHeader(_PREFIXES[path.suffix], newline, is_myst)
        parts = self._header.split(text)
        if parts.metadata is None:
            if not new_header:
                raise NoNotebookError(
                    "is no notebook yet, it has no header of Jupytext's:"
                    " jupyter telemetry enable --new-header gives it one"
                )
            parts = self._header.with_metadata(parts)
        self._before, self._after = parts.before, parts.after
        self._body = text.replace("\r\n", "\n")
        try:
            self._yaml = YamlText(parts.metadata or "")
        except YamlTextError as error:
            raise NotebookError(f"cannot be read: its header {error}") from error
        if not isinstance(self._yaml.document.get("jupyter", {}), dict):
            raise NotebookError(ODD)

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The code, as far as it can be told without Jupytext, as cells without metadata."""
        if self._header.prefix:
            sources = [self._body]
        else:
            sources = [found[2] for found in _CODE_BLOCK.finditer(self._body)]
        return [{"cell_type": "code", "metadata": {}, "source": source} for source in sources]

    @property
    def flag(self) -> Flag:
        """The notebook's flag."""
        return read_flag(self._metadata, self.path)

    @property
    def language(self) -> str | None:
        """The language of the code."""
        return _LANGUAGES.get(self.path.suffix)

    @property
    def ids(self) -> Ids:
        """Whose the ids of the cells are: no text has any."""
        return "derived"

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write."""
        return self._text.encode() != self._written

    def set_flag(
        self, enabled: bool, notebook_id: str | None = None, course: str | None = None
    ) -> None:
        """Turn telemetry on under an id and of a course, or off, where both stay.

        Raises:
            NotebookError: the header cannot be changed without changing something else.
        """
        flag, is_there = self.flag, FLAG in self._metadata
        if not enabled:
            if flag.enabled:
                self._set([FLAG, "enabled"], False)
            return
        if flag.problem or not is_there:
            self._set([FLAG], new_flag(notebook_id, course))
        else:
            if not flag.enabled:
                self._set([FLAG, "enabled"], True)
            if flag.notebook != notebook_id:
                self._set([FLAG, "notebook"], notebook_id)
            if course is not None and flag.course != course:
                self._set([FLAG, "course"], course)
        # Jupytext drops what the filter does not name.
        jupytext = self._metadata.get("jupytext")
        known = jupytext.get("notebook_metadata_filter") if isinstance(jupytext, dict) else None
        if (extended := add_flag(known)) != known:
            self._set(["jupytext", "notebook_metadata_filter"], extended)

    def give_ids(self) -> None:
        """Leave the cells without ids, which would be in the way of who reads the text."""

    def write(self) -> None:
        """Write the changes, if there are any.

        Raises:
            NotebookError: nothing was written.
        """
        if not self.is_changed:
            return
        again = YamlText(self._header.split(self._text).metadata or "{}").document
        if _section_of(again).get(FLAG) != self._metadata.get(FLAG):
            raise NotebookError("cannot be changed without touching what is not ours")
        try:
            if self.path.read_bytes() != self._written:
                raise NotebookError("was changed by somebody else at this moment; try again")
            content = self._text.encode()
            write_file(self.path, content)
            self._written = content
        except OSError as error:
            raise NotebookError(f"cannot be written: {error.strerror or error}") from error

    @property
    def _metadata(self) -> dict[Any, Any]:
        return _section_of(self._yaml.document)

    @property
    def _text(self) -> str:
        return self._before + self._header.comment(self._yaml.text) + self._after

    def _set(self, path: list[str], value: Any) -> None:
        is_section = isinstance(self._yaml.document.get("jupyter"), dict)
        try:
            self._yaml.set(["jupyter", *path] if is_section else path, value)
        except YamlTextError as error:
            raise NotebookError(f"cannot be changed: its header {error}") from error


def _section_of(document: dict[Any, Any]) -> dict[Any, Any]:
    """Give the notebook's metadata, which in MyST may stand beside those of the page."""
    section = document.get("jupyter")
    return section if isinstance(section, dict) else document
