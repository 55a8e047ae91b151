# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""Messages that a page has not acknowledged yet: numbered, kept, and sent again.

A server passes on only so many messages and so much output a second, and drops the others with no
word to anybody; a page may be loaded anew while a cell runs. Hence a page takes messages in their
order, acknowledges the last one that it took, and leaves what comes after a gap to be sent again.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import Any

from .eventid import _uuid7
from .pages import _say
from .rules import _is_permitted, _permitted
from .shared import _state

_MAX_UNHEARD = 1_000  # messages of a page, or of pages that are gone
_MAX_UNITS = 8_000_000  # characters of them, more or less
_AT_ONCE = 100  # messages sent again before the page is waited for
_LOSS = "events_dropped"
_PAUSE_S = 1.0  # before a message is sent again; then twice as long, and so on


def _letter(told: dict[str, Any], at: float | None = None) -> dict[str, Any]:
    """An event as it is kept; `at` is its moment by `time.monotonic()`."""
    # Not the JSON's length: JSON is made once, and elsewhere.
    return {"told": told, "at": time.monotonic() if at is None else at, "size": len(repr(told))}


def _tell_page(page: dict[str, Any], told: dict[str, Any], at: float | None = None) -> None:
    """Tell a page of an event, and keep the event until the page acknowledges it, if it ever does.

    `at` is the moment of the event, by `time.monotonic()`. The page's own rules say what of the
    event it gets, if anything.
    """
    rules = page.get("rules")
    if rules:
        if not _is_permitted(told["event"], rules):
            return
        told = {**told, "properties": _permitted(told["event"], told["properties"], rules)}
    if not page.get("acknowledges"):
        _say(page["comm"], told)
        return
    with _state().guard:
        page["sent"] += 1
        unheard = page["unheard"]
        after = unheard[-1]["number"] if unheard else page["heard"]
        if not unheard:
            page.update(due=time.monotonic() + _PAUSE_S, tries=0)
        letter = {**_letter(told, at), "number": page["sent"]}
        unheard.append(letter)
        # An `events_dropped` is kept beyond the limit: within, another event would go for this one.
        for given_up in () if told["event"] == _LOSS else _bound(unheard):
            page["given_up"] = given_up["number"]
        _say_letter(page, letter, after)
        _look_later(_PAUSE_S)


def _say_letter(page: dict[str, Any], letter: dict[str, Any], after: int) -> None:
    """Send a message; `after` is the number of the one that the page must have taken before."""
    told = {**letter["told"], "number": letter["number"], "after": after}
    told["student"] = page["of"] and page["of"][0]
    if "timestamp" not in told:  # the page's clock may be another
        told["age_ms"] = round((time.monotonic() - letter["at"]) * 1000)
    letter["said"] = time.monotonic()
    with suppress(Exception):  # what could not be sent is not acknowledged either
        _say(page["comm"], told)


def _bound(letters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Take out the oldest ones of more than may be kept, and give these; no word of a loss."""
    count = len(letters)
    units = sum(letter["size"] for letter in letters)
    given_up: list[dict[str, Any]] = []
    for letter in letters:
        if count <= _MAX_UNHEARD and (units <= _MAX_UNITS or count <= 1):
            break
        if letter["told"]["event"] != _LOSS:
            given_up.append(letter)
            units -= letter["size"]
            count -= 1
    for letter in given_up:  # each is near the beginning
        letters.remove(letter)
    return given_up


def _acknowledge(page: dict[str, Any], number: Any) -> None:
    """Let go of what a page has taken; send the rest again, now that the page listens."""
    if type(number) is not int or not page.get("acknowledges"):
        return
    with _state().guard:
        if not page["heard"] <= number <= page["sent"]:
            return
        unheard = page["unheard"]
        unheard[:] = [letter for letter in unheard if letter["number"] > number]
        page.update(heard=number, tries=0, due=time.monotonic() + _PAUSE_S)
        _tell_lost(page, _count_lost(page))
        if unheard and time.monotonic() - unheard[0]["said"] > _PAUSE_S / 2:
            _repeat(page)


def _count_lost(page: dict[str, Any]) -> int:
    """How many messages were given up that the page has not taken; each is counted once."""
    counted = max(page["heard"], page["counted"])
    kept = [each for each in page["unheard"] if counted < each["number"] <= page["given_up"]]
    lost: int = max(0, page["given_up"] - counted - len(kept))
    page["counted"] = max(page["counted"], page["given_up"])
    return lost


def _tell_lost(page: dict[str, Any], count: int) -> None:
    if count:
        lost = {"event": _LOSS, "properties": {"count": count, "reason": "rate"}}
        _tell_page(page, {**lost, "uuid": _uuid7()})


def _repeat(page: dict[str, Any]) -> None:
    """Send again the first of what a page has not acknowledged.

    Where messages before it were given up, the page is to say first which of these it has had: it
    takes no message behind them, and acknowledges its last one.
    """
    is_gap = page["given_up"] > max(page["heard"], page["counted"])
    after = page["given_up"] if is_gap else page["heard"]
    for letter in page["unheard"][: 1 if is_gap else _AT_ONCE]:
        _say_letter(page, letter, after)
        after = letter["number"]


def _look_later(pause: float) -> None:
    """Have the kernel look at what is unheard after a pause, as soon as no cell runs."""
    state = _state()
    if state.loop is not None and not state.watches:
        with suppress(Exception):  # a loop that is closed: whoever speaks next is looked at
            state.loop.call_soon_threadsafe(state.loop.call_later, pause, state.look)
            state.watches = True
