"""People who have codes, and events of their sessions."""

import uuid
from hashlib import sha256
from typing import Any

from ipynb_telemetry.tests.support.storedevents import raw_event

ANN, JOHN = "7K3QM0ZD9RXV2HTE", "0123456789ABCDEF"


def hashed(code: str) -> str:
    return sha256(f"ipynb-telemetry person {code}".encode()).hexdigest()


def session_id(number: int) -> str:
    return str(uuid.UUID(int=number + 1, version=4))


def event_of(session: str, seq: int, student: str = "ANN_LEE", **properties: Any) -> dict[str, Any]:
    told = {"session_id": session, "seq": seq, "notebook": "D1", **properties}
    return raw_event(
        seq, distinct_id=student, event="cell_executed", uuid=str(uuid.uuid4()), properties=told
    )


async def seqs(me: Any, code: str) -> list[int]:
    status, page = await me("events", code)
    assert status == 200, page
    return [event["properties"]["seq"] for event in page["events"]]
