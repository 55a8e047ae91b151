# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""What the extension gives a kernel does what bootstrap.py does."""

from __future__ import annotations

import ast
import subprocess

from .directkernel import ROOT
from .test_bootstrap import PATH, SOURCE

SHIP = "const { shippedPython } = require('./scripts/shippedpython.cjs');"
SHIP += "process.stdout.write(shippedPython(require('fs').readFileSync(process.argv[1], 'utf8')));"


class _Untyped(ast.NodeTransformer):
    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.Assign:
        assert node.value
        return ast.Assign([node.target], node.value)


def bare(source: str) -> str:
    """Its statements, without docstrings and types, which are for readers."""
    tree = _Untyped().visit(ast.parse(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                first.value.value = ""
    return ast.dump(tree)


def test_it_is_the_same_program() -> None:
    shipped = subprocess.run(
        ["node", "-e", SHIP, str(PATH)], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert len(shipped) < 0.9 * len(SOURCE)
    assert bare(shipped) == bare(SOURCE)
