# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Write conformance/rules/secret_digests.json, to which both scanners of secrets are held.

The file has the SHA-256 of what the kernel side makes of all fake secrets (npm run docs).
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DIGESTS = ROOT / "conformance" / "rules" / "secret_digests.json"


def digest_of(half: str) -> str:
    """The digest of all cleaned texts of one half of the kinds."""
    from ipynb_telemetry.kernel import secrets
    from ipynb_telemetry.tests.support.fakesecrets import tellings

    digest = hashlib.sha256()
    for each in tellings(half):
        secrets._forget_secrets()
        cleaned = [secrets._without_secrets(step) for step in each.steps]
        digest.update(f"{cleaned[-1]}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    digests = {half: digest_of(half) for half in ("development", "held out")}
    DIGESTS.write_text(json.dumps(digests, indent=2) + "\n", encoding="utf-8")
