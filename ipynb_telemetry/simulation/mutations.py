"""Plausible wrong variants of code that is right: what a student's own attempt may look like."""

from __future__ import annotations

import ast
import builtins
import random
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from ..notebooks.pythonsource import parse
from .solutions import bound_names

_PER_KIND = 2
_OTHER_WAY: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
}
_BLOCK = re.compile(r"^( *)(?:def|for|while|if|with)\b.*:$", re.MULTILINE)


class Variant(NamedTuple):
    """A wrong variant.

    Attributes:
        kind: what is wrong with it, such as `typo`.
        code: of the cell.
        without: names that the kernel does not know, since a cell above was not run.
    """

    kind: str
    code: str
    without: tuple[str, ...] = ()


class _Edit(NamedTuple):
    """A change of the code between two places."""

    begin: int
    end: int
    text: str


class _Code:
    """Code, its tree, and where its nodes stand in it."""

    def __init__(self, source: str, tree: ast.Module) -> None:
        self.source = source
        self.tree = tree
        self.nodes = list(ast.walk(tree))
        self.lines = source.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Give begin and end of a node; Python counts the columns in bytes."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._place(node.lineno, node.col_offset),
            self._place(node.end_lineno, node.end_col_offset),
        )

    def text(self, node: ast.expr | ast.stmt) -> str:
        begin, end = self.span(node)
        return self.source[begin:end]

    def changed(self, edit: _Edit) -> str:
        return self.source[: edit.begin] + edit.text + self.source[edit.end :]

    def _place(self, line: int, column: int) -> int:
        before = self.lines[line - 1].encode()[:column]
        return self.starts[line - 1] + len(before.decode())


def wrong_variants(
    source: str, chance: random.Random, known: frozenset[str] = frozenset()
) -> list[Variant]:
    """Give wrong variants of code, some of each kind, the same for the same chance.

    Whether a variant fails, and how, is told only by running it.

    Args:
        source: code that is right.
        chance: chooses among the places where a kind of mistake can be made.
        known: names that other cells of the notebook bind.
    """
    tree = parse(source)
    if tree is None:
        return []
    code = _Code(source, tree)
    variants = []
    for kind, find in _KINDS.items():
        found = [
            changed
            for changed in dict.fromkeys(code.changed(edit) for edit in find(code, chance))
            if (parse(changed) is None) == (kind == "syntax")
        ]
        for changed in chance.sample(found, min(_PER_KIND, len(found))):
            variants.append(Variant(kind, changed))
    own = bound_names(source)
    needed = {node.id for node in code.nodes if isinstance(node, ast.Name)} & known - own
    for name in sorted(needed - {*dir(builtins)})[:_PER_KIND]:
        variants.append(Variant("cell above not run", source, (name,)))
    return [each for each in variants if each.code != source or each.without]


def misspelt(word: str, chance: random.Random) -> str:
    """Give a word with two letters exchanged, or one left out."""
    places = [at for at in range(1, len(word) - 1) if word[at] != word[at + 1]]
    if len(word) < 3 or not places:
        return word + word[-1]
    at = chance.choice(places)
    if chance.random() < 0.5:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at + 1 :]


def _typos(code: _Code, chance: random.Random) -> Iterator[_Edit]:
    """Misspell a variable where it is used."""
    stored = {
        node.arg if isinstance(node, ast.arg) else node.id
        for node in code.nodes
        if isinstance(node, ast.arg)
        or (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store))
    }
    for node in code.nodes:
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in stored:
            yield _Edit(*code.span(node), misspelt(node.id, chance))


def _attributes(code: _Code, chance: random.Random) -> Iterator[_Edit]:
    """Misspell a method."""
    for node in code.nodes:
        if isinstance(node, ast.Attribute):
            _, end = code.span(node)
            yield _Edit(end - len(node.attr), end, misspelt(node.attr, chance))


def _returns(code: _Code, _: random.Random) -> Iterator[_Edit]:
    """Forget `return`, or print instead."""
    for node in code.nodes:
        if isinstance(node, ast.Return) and node.value is not None:
            begin, end = code.span(node)
            value = code.text(node.value)
            yield _Edit(begin, end, value)
            yield _Edit(begin, end, f"print({value})")


def _keys(code: _Code, chance: random.Random) -> Iterator[_Edit]:
    """Ask for a key or a text that is spelt otherwise."""
    for node in code.nodes:
        key = node.slice if isinstance(node, ast.Subscript) else None
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and key.value:
            begin, end = code.span(key)
            for other in (key.value.swapcase(), misspelt(key.value, chance), f"{key.value} "):
                yield _Edit(begin, end, repr(other).replace("'", '"'))


def _numbers(code: _Code, _: random.Random) -> Iterator[_Edit]:
    """Be off by one."""
    for node in code.nodes:
        if isinstance(node, ast.Constant) and type(node.value) is int:
            yield _Edit(*code.span(node), str(node.value + 1))
            if node.value > 0:
                yield _Edit(*code.span(node), str(node.value - 1))


def _comparisons(code: _Code, _: random.Random) -> Iterator[_Edit]:
    """Compare the other way round, or forget `not`."""
    for node in code.nodes:
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            operator = _OTHER_WAY.get(type(node.ops[0]))
            if operator is not None:
                left, right = code.text(node.left), code.text(node.comparators[0])
                yield _Edit(*code.span(node), f"{left} {operator} {right}")
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            yield _Edit(*code.span(node), code.text(node.operand))


def _calls(code: _Code, _: random.Random) -> Iterator[_Edit]:
    """Leave a call out, and work with what it was given."""
    for node in code.nodes:
        if isinstance(node, ast.Call):
            if len(node.args) == 1 and isinstance(node.func, ast.Name):
                yield _Edit(*code.span(node), code.text(node.args[0]))
            elif not node.args and isinstance(node.func, ast.Attribute):
                yield _Edit(*code.span(node), code.text(node.func.value))
                yield _Edit(*code.span(node), code.text(node.func))


def _statements(code: _Code, _: random.Random) -> Iterator[_Edit]:
    """Leave out a statement that stands among others: a check, an assertion, an import."""
    for node in code.nodes:
        body = getattr(node, "body", None)
        if isinstance(body, list) and len(body) > 1:
            for statement in body[:-1]:
                is_text = isinstance(statement, ast.Expr) and isinstance(
                    statement.value, ast.Constant
                )
                if not is_text and not isinstance(statement, ast.FunctionDef):
                    begin, end = code.span(statement)
                    yield _Edit(begin, end, "pass" if "\n" in code.text(statement) else "...")


def _syntax(code: _Code, _: random.Random) -> Iterator[_Edit]:
    """Forget a colon, a bracket or an indentation."""
    for block in _BLOCK.finditer(code.source):
        yield _Edit(block.end() - 1, block.end(), "")
    for node in code.nodes:
        if isinstance(node, ast.Call):
            end = code.span(node)[1]
            yield _Edit(end - 1, end, "")
        elif isinstance(node, ast.Return):
            begin = code.span(node)[0]
            yield _Edit(begin, begin, "  ")


_KINDS: dict[str, Callable[[_Code, random.Random], Iterator[_Edit]]] = {
    "typo": _typos,
    "method": _attributes,
    "return": _returns,
    "key": _keys,
    "number": _numbers,
    "comparison": _comparisons,
    "call": _calls,
    "statement": _statements,
    "syntax": _syntax,
}
