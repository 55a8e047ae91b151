"""Routes about oneself, asked as a person who has a code."""

import json
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from ipynb_telemetry.tests.support.ownsessions import hashed


@pytest.fixture
def me(jp_fetch: Any) -> Any:
    """Ask as a person, and give the status and the answer."""

    async def ask(
        what: str, code: str | None = None, body: Any = None, **params: str
    ) -> tuple[int, Any]:
        method = "POST" if what in ("forget", "sessions") else "GET"
        content = None if method == "GET" else body if isinstance(body, bytes) else json.dumps(body)
        try:
            response = await jp_fetch(
                *("ipynb-telemetry", "me", what),
                method=method,
                params=params,
                headers={"X-Telemetry-Code": code} if code is not None else {},
                **({"body": content} if method == "POST" else {}),
            )
        except HTTPClientError as error:
            return error.code, json.loads(error.response.body)
        return response.code, json.loads(response.body)

    return ask


@pytest.fixture
def claim(me: Any) -> Any:
    """Claim sessions for whoever has a code."""

    async def ask(code: str, *sessions: str, old: str | None = None) -> int:
        body = {"verifier": hashed(code), "sessions": sessions}
        return int((await me("sessions", old, body))[0])

    return ask
