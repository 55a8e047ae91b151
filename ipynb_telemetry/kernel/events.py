# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Names that events have, or must not have."""

from __future__ import annotations

_BUILT_IN = {
    *("session_started", "session_ended", "cell_executed", "cell_marked", "events_dropped"),
    *("test_passed", "test_failed", "solution_peek", "solution_closed", "blur", "focus", "paste"),
}
_RESERVED = {"uuid", "event_type", "student_id", "notebook", "timestamp", "session_id", "seq"}
_RESERVED |= {"distinct_id", "token"}
