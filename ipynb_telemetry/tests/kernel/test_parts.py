# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The parts of the kernel side, and the one file that is generated of them."""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path

import bootstrap as generator
import pytest

KERNEL = Path(__file__).parents[2] / "kernel"
FILES = sorted(KERNEL.glob("*.py"))
HEAD = '"""A part."""\n\nfrom __future__ import annotations\n\n'


@pytest.mark.parametrize("path", generator.generated(), ids=lambda path: path.name)
def test_what_is_generated_is_not_stale(path: Path) -> None:
    assert path.read_bytes() == generator.generated()[path].encode(), "run npm run docs"


def test_check_names_what_is_stale(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    stale = tmp_path / "stale.py"
    monkeypatch.setattr(generator, "ROOT", tmp_path)
    monkeypatch.setattr(generator, "generated", lambda: {stale: "x = 1\n"})
    assert generator.main(["--check"]) == 1
    assert capsys.readouterr().out.startswith("stale.py is stale")
    assert not stale.exists()
    assert generator.main([]) == 0
    assert stale.read_text() == "x = 1\n"
    assert generator.main(["--check"]) == 0


def test_the_docs_pin_the_file_of_the_release_by_its_digest() -> None:
    text = (KERNEL.parent / "bootstrap.py").read_text("utf-8")
    newer = re.sub(r'(?m)^__version__ = ".*"', '__version__ = "9.8.7"', text)
    page = generator.with_digest(generator.DOCS.read_text("utf-8"), newer)
    (tag,) = re.findall(r'^URL = "https://.*/([^/]*)/ipynb_telemetry/bootstrap.py"$', page, re.M)
    (digest,) = re.findall(r'^SHA256 = "(.*)"$', page, re.M)
    assert (tag, digest) == ("v9.8.7", hashlib.sha256(newer.encode()).hexdigest())


def test_every_part_is_in_the_list() -> None:
    assert {part.name for part in generator.sources()} == {f.stem for f in FILES} - {"__init__"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_part_is_short_and_so_are_its_functions(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= 250
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno >= 40] == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_two_values_are_assigned_to_save_a_line(path: Path) -> None:
    assigned = [
        n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Assign)
    ]
    pairs = [n for n in assigned if isinstance(n.targets[0], ast.Tuple)]
    assert [n.lineno for n in pairs if isinstance(n.value, ast.Tuple)] == []


def join(**codes: str) -> str:
    return generator.join([generator.read_part(name, HEAD + codes[name]) for name in codes])


FIRST = "import os\n\n_a = os.name\n"


def test_parts_become_one_module_with_the_imports_of_all() -> None:
    joined = join(first=FIRST, second="import os\nimport sys\n\nfrom .first import _a\n\n_b = _a\n")
    names: dict[str, object] = {"__name__": "joined"}
    exec(joined, names)
    assert names["_b"] == names["_a"]
    assert joined.count("import os") == joined.count("import sys") == 1
    assert "# ---- kernel/second.py ----\n# A part.\n\n_b = _a\n" in joined


BAD = {
    "a later part": ("from .third import _c\n\n_b = 1\n", "no earlier part third defines _c"),
    "itself": ("from .second import _b\n\n_b = 1\n", "no earlier part second defines _b"),
    "a name there is not": ("from .first import _x\n", "no earlier part first defines _x"),
    "another name": ("from .first import _a as _x\n", "renames"),
    "within a function": (
        "import os\n\n\ndef _f():\n    from .third import _c\n",
        "third is not at the head",
    ),
    "of the package": ("from ipynb_telemetry import flag\n", "not of the standard library"),
    "of others": ("import requests\n", "not of the standard library"),
    "a name of an earlier part": ("import os\n\n_a = 1\n", "_a is defined in first already"),
    "a name of its own again": ("import os\n\n_b = 1\n_b = 2\n", "_b is defined in second already"),
    "a name another imports": ("import sys\n\nos = 1\n", "os is imported by another part"),
    "another of the same name": ("from posix import os\n", "another part imports another os"),
    "a change of another's": (
        "from .first import _a\n\n_a += '!'\n",
        "_a is changed, but not defined here",
    ),
    "a name by the way": (
        "import os\n\nfor _a in os.name:\n    _b = 1\n",
        "line 7 is no definition",
    ),
    "a name perhaps": ("import os\n\nif os.name:\n    _a = 1\n", "line 7 is no definition"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_one_module_cannot_be_made_of_is_refused(case: str) -> None:
    code, why = BAD[case]
    with pytest.raises(generator.PartError, match=f"second.*{why}"):
        join(first=FIRST, second=code, third="import os\n\n_c = 1\n")
