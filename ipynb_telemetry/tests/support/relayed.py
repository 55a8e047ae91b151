"""Batches of a page for the relay, and answers of a PostHog."""

import base64
from typing import Any
from urllib.parse import quote

KEY = "phc_key"


def events(count: int = 1) -> list[dict[str, Any]]:
    return [
        {
            "uuid": f"018f0000-0000-7000-8000-{seq:012}",
            "event": "tried",
            "distinct_id": "JOHN_DOE",
            "timestamp": f"2026-03-01T10:00:00.{seq:03}Z",
            "properties": {"seq": seq, "notebook": "D1"},
        }
        for seq in range(count)
    ]


def batch(count: int = 1) -> dict[str, Any]:
    return {
        "api_key": "embedded",
        "sent_at": "2026-03-01T10:00:01.000Z",
        "batch": events(count),
    }


def answer(status: int, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    return status, {}, body


def is_idle(status: Any) -> bool:
    return status["waiting"] == 0


def form(body: bytes) -> bytes:
    return b"data=" + quote(base64.b64encode(body)).encode()
