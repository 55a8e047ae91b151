# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Write docs/reference/command-line.md, which the command line's parsers make (npm run docs)."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "command-line.md"

if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from ipynb_telemetry.cli.reference import reference

    PAGE.write_text(reference(), encoding="utf-8")
