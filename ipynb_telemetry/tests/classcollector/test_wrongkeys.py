"""Wrong class keys: who guesses waits, and no room waits for the one who mistyped."""

from __future__ import annotations

from typing import Any

import pytest

from ipynb_telemetry.classcollector.wrongkeys import (
    FREE_CLASS_KEYS,
    Judgment,
    KeyPausedError,
    WrongKeys,
)
from ipynb_telemetry.tests.support.classserver import ClassServer, Clock, message_of
from ipynb_telemetry.tests.support.storedevents import raw_event

from .conftest import OpenClass

PAGE = "ipynb-telemetry/class/"


async def send(server: ClassServer, key: str, **headers: str) -> Any:
    body = {"api_key": key, "batch": [raw_event()]}
    return await server.fetch("batch/", "POST", body=body, headers=headers)


async def guess(server: ClassServer, times: int, first: int = 0, **headers: str) -> list[int]:
    keys = [f"tcw_{number:032x}" for number in range(first, first + times)]
    return [(await send(server, key, **headers)).code for key in keys]


async def test_one_students_wrong_key_slows_nobody(cs1: ClassServer) -> None:
    """A program that has it sends it again and again, from the room's address."""
    for _ in range(5 * FREE_CLASS_KEYS):
        answer = await send(cs1, "tcw_mistyped")
        assert answer.code == 401
    assert "not the key of this class" in message_of(answer)
    assert (await send(cs1, cs1.class_key)).code == 200
    assert (await send(cs1, "tcw_mistyped")).code == 401


async def test_who_tries_one_key_after_another_waits_ever_longer(cs1: ClassServer) -> None:
    assert await guess(cs1, FREE_CLASS_KEYS + 1) == [401] * (FREE_CLASS_KEYS + 1)
    for pause_s in (2, 4, 8):
        for key in ("tcw_another", cs1.class_key):
            answer = await send(cs1, key)
            assert answer.code == 429, "nor is a right key looked at"
            assert answer.headers["Retry-After"] == str(pause_s)
            assert "Too many wrong class keys" in message_of(answer)
        cs1.clock.seconds += pause_s
        assert await guess(cs1, 1, 100 + pause_s) == [401]
    cs1.clock.seconds += 16
    assert (await send(cs1, cs1.class_key)).code == 200
    assert len(await cs1.stored()) == 1


async def test_a_room_that_has_the_key_sends_on_while_somebody_guesses_there(
    cs1: ClassServer,
) -> None:
    assert (await send(cs1, cs1.class_key)).code == 200
    codes = await guess(cs1, FREE_CLASS_KEYS + 20)
    assert codes == [401] * (FREE_CLASS_KEYS + 1) + [429] * 19
    assert (await send(cs1, cs1.class_key)).code == 200


async def test_no_other_request_tells_more_of_a_key(cs1: ClassServer) -> None:
    async def read(key: str) -> int:
        answer = await cs1.fetch(PAGE, headers={"Authorization": f"Bearer {key}"})
        return int(answer.code)

    for number in range(FREE_CLASS_KEYS + 1):
        assert await read(f"tcw_{number}") == 302, "to the login page"
    assert await read(cs1.class_key) == await read("tcw_another")
    assert (await send(cs1, cs1.class_key)).code == 429, "it is the same count"
    cs1.clock.seconds += 60
    assert await read(cs1.class_key) == 403, "the class key reads nothing, and is known"


async def test_addresses_are_slowed_down_apart(open_class: OpenClass) -> None:
    server = await open_class(
        is_behind_proxy=True, url="https://telemetry.example.org", address_rate=10_000
    )
    one, other = ({"X-Forwarded-For": address} for address in ("203.0.113.1", "203.0.113.2"))
    await guess(server, FREE_CLASS_KEYS + 1, **one)
    assert (await send(server, server.class_key, **one)).code == 429
    assert (await send(server, server.class_key, **other)).code == 200


def test_a_key_of_before_is_no_guess() -> None:
    """A whole room has it on the day on which the key is changed."""
    worth: dict[str, Judgment] = {"tcw_new": "good", "tcw_old": "replaced"}
    keys = WrongKeys(lambda key: worth.get(key, "wrong"), Clock())
    for _ in range(10 * FREE_CLASS_KEYS):
        assert keys.judge("room", "tcw_old") == "replaced"
    assert keys.judge("room", "tcw_new") == "good"


def test_a_key_that_becomes_right_is_right() -> None:
    worth: dict[str, Judgment] = {"tcw_new": "wrong"}
    keys = WrongKeys(lambda key: worth.get(key, "wrong"), Clock())
    for number in range(FREE_CLASS_KEYS):
        keys.judge("room", f"tcw_{number}")
    assert keys.judge("room", "tcw_new") == "wrong"
    with pytest.raises(KeyPausedError):
        keys.judge("room", "tcw_other")
    worth["tcw_new"] = "good"
    assert keys.judge("room", "tcw_new") == "good"
