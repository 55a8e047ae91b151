"""The rooms of the package: imports go one way, those for types and inside of functions too."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if "tests" not in path.parts
}
# A room imports those of the lines above its own. The package itself is a room, with __init__.py.
LAYERS = (
    ("_version", "bootstrap", "catalog", "kernel", "store"),
    ("notebooks", "settings"),
    ("collector", "notebook_cells", "simulation"),
    ("answers", "relay"),
    ("collectorparts",),
    ("app", "classcollector", "posthogapi"),
    ("ipynb_telemetry",),
    ("cli",),
    ("__main__",),
)
# Who may import what is slow to load, or is missing where a notebook runs in the browser.
GUESTS = {
    "fastjsonschema": {"collector"},
    "httpx": {"posthogapi"},
    "jupyterhub": {"classcollector"},
    "orjson": {"answers", "collector", "store"},
    "rich": {"cli"},
    "tornado": {"answers", "classcollector", "collector", "relay", "store"},
    "yaml": {"notebooks"},
}


def imports_of(name: str) -> Iterator[str]:
    """Give the modules that a module names, wherever in it: `a.b` for `from a import b` too."""
    home = name if MODULES[name].stem == "__init__" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(MODULES[name].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = home.split(".")[: home.count(".") + 2 - node.level] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                member = f"{origin}.{alias.name}"
                yield member if member in MODULES else origin


def room_of(name: str) -> str:
    return name.split(".")[1] if "." in name else name


def test_imports_go_down() -> None:
    height = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
    assert {room_of(name) for name in MODULES} - {*height} == set(), "give the room a layer"
    wrong = [
        f"{name} imports {other}"
        for name in MODULES
        for other in imports_of(name)
        if other in MODULES
        and room_of(name) != room_of(other)
        and height[room_of(other)] >= height[room_of(name)]
    ]
    assert wrong == []


def test_no_module_is_in_a_circle() -> None:
    graph = {name: {*imports_of(name)} & {*MODULES} for name in MODULES}
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES)


def test_few_rooms_need_what_is_not_everywhere() -> None:
    found = {
        (guest, room_of(name))
        for name in MODULES
        for guest in {other.partition(".")[0] for other in imports_of(name)} & {*GUESTS}
    }
    assert found == {(guest, room) for guest, rooms in GUESTS.items() for room in rooms}


def test_settings_and_notebooks_work_without_a_server(tmp_path: Path) -> None:
    code = f"""
import importlib, json, pathlib, pkgutil, sys
for missing in ("jupyter_server", "orjson", "tornado"):
    sys.modules[missing] = None
import ipynb_telemetry.notebook_cells
from ipynb_telemetry import notebooks, settings
for room in (notebooks, settings):
    for module in pkgutil.iter_modules(room.__path__, room.__name__ + "."):
        importlib.import_module(module.name)
cell = ipynb_telemetry.notebook_cells.get_telemetry_setup_cell(
    "D1", host="https://eu.i.posthog.com", api_key="phc_key"
)
path = pathlib.Path({str(tmp_path)!r}, "D1.ipynb")
notebook = {{"nbformat": 4, "nbformat_minor": 5, "metadata": {{}}, "cells": [cell]}}
path.write_text(json.dumps(notebook))
file = notebooks.notebookfile.NotebookFile(path)
file.set_flag(True, "D1")
file.write()
assert all(layer.problem is None for layer in settings.labsettings.layers())
try:
    settings.labsettings.in_force(settings.labsettings.layers())
    raise AssertionError("these are JupyterLab's to read")
except settings.inforce.SettingsUnavailableError as error:
    assert str(error) == "are unknown: there is no JupyterLab here"
print(notebooks.notebookfile.NotebookFile(path).flag.notebook)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout == "D1\n", ran.stderr
