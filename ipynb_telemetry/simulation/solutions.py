"""Solutions in a notebook: the code in its folded-away blocks."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..notebooks.headings import Summary, read_markdown
from ..notebooks.notebookfile import source_of
from ..notebooks.pythonsource import parse

_DETAILS = re.compile(r"<details\b[^>]*>(.*?)</details>", re.DOTALL | re.IGNORECASE)
_CODE = re.compile(
    r"^ {0,3}```[ \t]*(?:python3?|py|ipython3?)?[ \t]*\n(.*?)^ {0,3}```[ \t]*$",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)


class Folded(NamedTuple):
    """A folded-away block.

    Attributes:
        summary: what it is called.
        cell_id: the text cell that it is in.
        cell_index: the place of that cell in the notebook, from 0.
        code: the Python code in it, its parts one below the other; empty: there is none.
    """

    summary: str
    cell_id: str
    cell_index: int
    code: str


def folded_blocks(cells: Sequence[Mapping[str, Any]], ids: Sequence[str]) -> list[Folded]:
    """Give the folded-away blocks of the text cells, in their order.

    Args:
        cells: of the notebook.
        ids: of all cells, by which events name them.
    """
    blocks = []
    for index, (cell, cell_id) in enumerate(zip(cells, ids, strict=True)):
        if cell["cell_type"] == "markdown":
            for details in _DETAILS.findall(source_of(dict(cell))):
                names = [item for item in read_markdown(details) if isinstance(item, Summary)]
                if names:
                    code = "\n".join(part.rstrip("\n") for part in _CODE.findall(details))
                    blocks.append(Folded(names[0].text, cell_id, index, code))
    return blocks


def bound_names(source: str) -> set[str]:
    """Give the names that code binds at its top: functions, classes, imports, variables."""
    tree = parse(source)
    names: set[str] = set()
    for node in tree.body if tree else ():
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        else:
            names |= {
                each.id
                for each in ast.walk(node)
                if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            }
    return names
