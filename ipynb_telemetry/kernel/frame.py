# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The frame in a cell of Colab, which sees whether its tab is shown."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import suppress

from .request import _app
from .shared import _TARGET

# The script shows nothing, and does nothing where there is no kernel, no Colab or no callback. When
# the frame itself goes its document is hidden, too, but the student has not left.
_FRAME = {
    "text/html": f"""<script>
document.onvisibilitychange = async () => {{
  try {{
    const {{kernel}} = google.colab
    const told = [document.hidden, Date.now()]
    if (kernel.accessAllowed) await kernel.invokeFunction("{_TARGET}", told, {{}})
  }} catch {{}}
}}
onpagehide = () => {{ document.onvisibilitychange = null }}
</script>""",
    "text/plain": "",
}


def _watch_tab(turn: Callable[..., None]) -> None:
    """In Colab put a frame into the cell that is running, and let it call `turn`."""
    with suppress(Exception):
        if _app()[0] == "colab":
            output = importlib.import_module("google.colab.output")
            output.register_callback(_TARGET, turn)
            importlib.import_module("IPython.display").display(_FRAME, raw=True)
