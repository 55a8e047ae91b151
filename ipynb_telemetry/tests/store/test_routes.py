import base64
from typing import Any

from ipynb_telemetry.tests.support.storedevents import raw_event


async def test_filters_and_cursors_walk_the_events(post: Any, get: Any) -> None:
    await post([raw_event(seq) for seq in range(5)])
    await post([raw_event(9, distinct_id="ANN_LEE", event="blur", properties={"notebook": "D2"})])
    for params, expected in (
        ({"student": "ANN_LEE"}, 1),
        ({"notebook": "D1", "student": ""}, 5),
        ({"type": "blur", "notebook": "D1"}, 0),
        ({"since": "2026-03-01T11:00:03+01:00"}, 3),
        ({"limit": 4}, 4),
    ):
        assert len((await get(**params))[1]["events"]) == expected, params
    await post(raw_event(distinct_id=" A "))
    assert len((await get(student=" A "))[1]["events"]) == 1
    walked: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        _, page = await get(student="JOHN_DOE", limit=2, cursor=cursor)
        walked += [stored["properties"]["seq"] for stored in page["events"]]
        cursor = page["next"]
    assert walked == [4, 3, 2, 1, 0]


async def test_a_bad_argument_is_named(get: Any) -> None:
    for name, values in {
        "limit": ["0", "1001", "-1", "many", "9" * 5000],
        "since": ["yesterday", "2026-99-99"],
        "cursor": [
            "é",
            "a",
            "AAAA",
            base64.urlsafe_b64encode(b"\xff\xfe").decode(),
            base64.urlsafe_b64encode(b"2026-03-01 x").decode(),
            base64.urlsafe_b64encode(b"2026-03-01 99999999999999999999").decode(),
        ],
    }.items():
        for value in values:
            assert await get(**{name: value}) == (
                400,
                {"message": f"The argument '{name}' is not valid."},
            )
    # Tornado's own words, in which a percent sign must not be doubled.
    status, answer = await get(since=b"\xff%")
    assert (status, answer["message"].count("%")) == (400, 1)
