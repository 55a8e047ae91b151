"""The names that users have in their notebooks and files: each stays where the docs say it is."""

from __future__ import annotations

import re
from importlib import import_module, metadata
from pathlib import Path

import ipynb_telemetry
from ipynb_telemetry.app import IpynbTelemetryApp

ROOT = Path(__file__).parents[2]
DOCS = "\n".join(
    path.read_text("utf-8") for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
)


def test_every_import_of_the_docs_works() -> None:
    named = re.findall(r"from (ipynb_telemetry[\w.]*) import ([\w, ]+)", DOCS)
    assert {module for module, _ in named} == {
        "ipynb_telemetry.bootstrap",
        "ipynb_telemetry.notebook_cells",
    }
    for module, names in named:
        for name in names.split(","):
            assert hasattr(import_module(module), name.strip()), f"{module}.{name.strip()}"


def test_every_trait_of_the_docs_is_one_of_the_server_extension() -> None:
    named = set(re.findall(r"IpynbTelemetryApp\.(\w+)", DOCS))
    assert "database_path" in named
    assert named <= set(IpynbTelemetryApp.class_trait_names(config=True))
    assert IpynbTelemetryApp.__name__ == "IpynbTelemetryApp"


def test_the_server_finds_the_extension_by_the_package_name() -> None:
    (point,) = ipynb_telemetry._jupyter_server_extension_points()
    assert point == {"module": "ipynb_telemetry.app", "app": IpynbTelemetryApp}


def test_the_console_script_and_python_m_are_the_same() -> None:
    scripts = metadata.distribution("ipynb-telemetry").entry_points
    (script,) = [each for each in scripts if each.name == "jupyter-telemetry"]
    assert script.load() is import_module("ipynb_telemetry.cli.main").main
    assert "python -m ipynb_telemetry" in DOCS
