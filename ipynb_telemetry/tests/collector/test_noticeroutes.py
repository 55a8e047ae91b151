"""A page is told for how long this server keeps events, or the class collector behind it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from ipynb_telemetry.app import IpynbTelemetryApp
from ipynb_telemetry.relay.askingclass import Passed

ROUTE = ("ipynb-telemetry", "notice", "retention")


@pytest.fixture
def jp_server_config(jp_server_config: Any) -> dict[str, Any]:
    own = {**jp_server_config["IpynbTelemetryApp"], "retention_days": 90}
    return {**jp_server_config, "IpynbTelemetryApp": own}


async def test_tells_its_own_days(jp_fetch: Any) -> None:
    answer = await jp_fetch(*ROUTE)
    assert json.loads(answer.body) == {"retention_days": 90}


async def test_asks_the_class_collector_where_that_is_meant(
    jp_fetch: Any, collector: IpynbTelemetryApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def ask(*question: Any) -> Passed:
        asked.append(question)
        return Passed(200, b'{"retention_days": 30}')

    monkeypatch.setattr(collector, "ask_class_collector", ask)
    answer = await jp_fetch(*ROUTE, params={"at": "class"})
    assert json.loads(answer.body) == {"retention_days": 30}
    assert asked == [("GET", "notice/retention", [], b"", "")]


async def test_tells_nobody_who_is_not_signed_in(jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as refused:
        await jp_fetch(*ROUTE, headers={"Authorization": "token wrong"})
    assert refused.value.code == 403
