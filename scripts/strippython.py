# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Python without what is for its readers: comments, private docstrings, annotations, indentation.

Every statement stays on its line, so that a traceback names the line of the file that was stripped.
"""

from __future__ import annotations

import ast
import bisect
import io
import itertools
import tokenize
from collections.abc import Iterator

Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
Cut = tuple[int, int, bytes]  # from and to which byte, and what comes in its place


def strip(source: str, documented: frozenset[str] = frozenset()) -> str:
    """Strip Python source; functions and classes named in `documented` keep their docstrings.

    Raises:
        ValueError: The result would be another program, or have a statement on another line.
    """
    stripped, at = b"", 0
    whole = source.encode()
    for start, end, instead in sorted(_Source(source).cuts(documented)):
        stripped += whole[at:start] + instead
        at = end
    result = (stripped + whole[at:]).decode()
    if _program(result) != _program(source):
        raise ValueError("stripping would change the program")
    return result


class _Source:
    """Source with the places of its nodes and tokens."""

    def __init__(self, source: str) -> None:
        self._lines = source.encode().splitlines(keepends=True)
        self._starts = [0, *itertools.accumulate(map(len, self._lines))]
        self._tree = ast.parse(source)
        self._tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))

    def cuts(self, documented: frozenset[str]) -> Iterator[Cut]:
        """All that can go, in no order."""
        yield from self._indentation()
        yield from self._comments()
        yield from self._docstrings(documented)
        for start, end in self._annotations():
            if self._line(start) == self._line(end):
                yield start, end, b""

    def _indentation(self) -> Iterator[Cut]:
        """Three of every four blanks before a line that does not begin within a text."""
        texts = [n for n in ast.walk(self._tree) if isinstance(n, (ast.Constant, ast.JoinedStr))]
        within = {
            number for n in texts for number in range(n.lineno + 1, (n.end_lineno or n.lineno) + 1)
        }
        for number, line in enumerate(self._lines, 1):
            levels = (len(line) - len(line.lstrip(b" "))) // 4
            if levels and number not in within:
                start = self._starts[number - 1]
                yield start, start + 3 * levels, b""

    def _comments(self) -> Iterator[Cut]:
        """Comments, with the blanks before them."""
        for token in self._tokens:
            if token.type == tokenize.COMMENT:
                line = self._lines[token.start[0] - 1]
                end = len(line.rstrip())
                code = line[: end - len(token.string.encode())].rstrip()
                start = self._starts[token.start[0] - 1]
                yield start + len(code), start + end, b""

    def _docstrings(self, documented: frozenset[str]) -> Iterator[Cut]:
        """Docstrings that nobody can ask for; as many line ends take their place."""
        for node in ast.walk(self._tree):
            text = _docstring(node)
            if text and getattr(node, "name", None) not in documented:
                line_ends = (text.end_lineno or text.lineno) - text.lineno
                yield self._start(text), self._end(text), b'""' + b"\n" * line_ends

    def _annotations(self) -> Iterator[tuple[int, int]]:
        """Annotations, save those in the body of a class: what makes its fields reads them."""
        arrows = [
            self._starts[before.end[0] - 1] + len(before.line[: before.end[1]].encode())
            for before, token in itertools.pairwise(self._tokens)
            if token.string == "->"
        ]
        for node in _outside_classes(self._tree):
            if isinstance(node, ast.arg) and node.annotation:
                yield self._start(node) + len(node.arg.encode()), self._end(node.annotation)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.returns:
                returns = self._start(node.returns)
                yield max(arrow for arrow in arrows if arrow < returns), self._end(node.returns)
            elif isinstance(node, ast.AnnAssign) and node.value:
                yield self._end(node.target), self._end(node.annotation)

    def _start(self, node: ast.expr | ast.arg) -> int:
        return self._starts[node.lineno - 1] + node.col_offset

    def _end(self, node: ast.expr) -> int:
        return self._starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)

    def _line(self, at: int) -> int:
        return bisect.bisect(self._starts, at)


def _docstring(node: ast.AST) -> ast.Constant | None:
    if isinstance(node, Documented) and node.body:
        first = node.body[0]
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            return first.value if isinstance(first.value.value, str) else None
    return None


def _outside_classes(tree: ast.Module) -> Iterator[ast.AST]:
    """All nodes but the annotated names that stand in the body of a class."""
    nodes = list(ast.walk(tree))
    fields = {id(each) for node in nodes if isinstance(node, ast.ClassDef) for each in node.body}
    return (n for n in nodes if not (isinstance(n, ast.AnnAssign) and id(n) in fields))


def _program(source: str) -> str:
    """Syntax and line of all that is done, whatever the docstrings and annotations are."""
    tree = _Unannotated().visit(ast.parse(source))
    for node in ast.walk(tree):
        text = _docstring(node)
        if text:
            text.value = ""
        for place in ("end_lineno", "col_offset", "end_col_offset"):
            if hasattr(node, place):
                setattr(node, place, 0)
    return ast.dump(tree, include_attributes=True)


class _Unannotated(ast.NodeTransformer):
    """Takes out the annotations that `_Source` knows."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        node.returns = None
        return self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        node.body = [n if isinstance(n, ast.AnnAssign) else self.visit(n) for n in node.body]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return node
        return ast.copy_location(ast.Assign([node.target], self.visit(node.value)), node)
