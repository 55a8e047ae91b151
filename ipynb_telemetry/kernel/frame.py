# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The frame in a cell of Colab, which sees whether its tab is shown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from .request import _app
from .shared import _TARGET

# Shows nothing. Where there is no kernel, no Colab or no callback it does nothing either; when the
# frame itself goes its document is hidden, too, and the student has not left.
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
    """In Colab a frame can see whether its tab is shown: each call puts one into its cell."""
    with suppress(Exception):
        if _app()[0] == "colab":
            from google.colab import output
            from IPython.display import display

            output.register_callback(_TARGET, turn)
            display(_FRAME, raw=True)
