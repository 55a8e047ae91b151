"""Why nothing can be done with a notebook."""

from __future__ import annotations


class NotebookError(Exception):
    """A notebook that cannot be read or changed, and why, in words that follow its name."""


class NoNotebookError(NotebookError):
    """A file that is something else."""
