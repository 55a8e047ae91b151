"""The calls and decorators in the code of a cell, found without running the code."""

from __future__ import annotations

import ast
import re
import warnings

# IPython's own lines, which Python cannot parse.
_MAGIC = re.compile(r"^([ \t]*)(?:[%!?].*|[^#\"'\n]*\?[ \t]*)$", re.MULTILINE)
_COMMENT = re.compile(r"#.*")


def parse(source: str) -> ast.Module | None:
    """Parse a cell without IPython's own lines; None: the code is not Python, or not yet."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's opinion of students' code is not ours to print
        try:
            return ast.parse(_MAGIC.sub(r"\1pass", source))
        except (SyntaxError, ValueError, RecursionError, MemoryError):  # the last when too deep
            return None


def count_calls(source: str, name: str) -> int:
    """Count the calls of a function by its name, such as `print` or `grader.check`.

    A name without a dot is found in a module, too: `bootstrap.setup_telemetry()`.
    """
    if name.rpartition(".")[2] not in source:
        return 0
    if (tree := parse(source)) is None:
        call = rf"(?<!def )\b{re.escape(name)}[ \t]*\("
        return len(re.findall(call, _COMMENT.sub("", source)))
    return sum(isinstance(node, ast.Call) and is_named(node.func, name) for node in ast.walk(tree))


def count_decorated(source: str, name: str) -> int:
    """Count the functions with a decorator of this name, called or bare."""
    if name not in source:
        return 0
    if (tree := parse(source)) is None:
        return len(re.findall(rf"^[ \t]*@(?:\w+\.)*{name}\b", source, re.MULTILINE))
    return sum(
        is_named(decorator.func if isinstance(decorator, ast.Call) else decorator, name)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for decorator in node.decorator_list
    )


def is_named(function: ast.expr, name: str) -> bool:
    """Tell whether an expression is this name. A name without a dot may stand in a module."""
    if isinstance(function, ast.Name):
        return function.id == name
    if not isinstance(function, ast.Attribute):
        return False
    owner, _, own = name.rpartition(".")
    return function.attr == own and (not owner or is_named(function.value, owner))
