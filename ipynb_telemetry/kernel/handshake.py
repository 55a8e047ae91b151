# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The handshake: is a front end of ours here?"""

from __future__ import annotations

import threading
import time
import uuid
from contextlib import suppress
from typing import Any

from .pages import _open_comms
from .reporters import _Handover
from .request import _app, _parent
from .shared import _IN_BROWSER, _TARGET, _VERSION, _shell, _state
from .tracking import _switch_off

_PATIENCE_S = 2.0  # with a front end


class _Handshake:
    """Opens a Comm to the front end and waits, in the cell, for what it answers."""

    def __init__(self, notebook: str) -> None:
        self._notebook, self._heard, self._answer = notebook, threading.Event(), ""
        # Known before it is opened: ipykernel 7 hears the answer in another thread, at once.
        self._comm_id, self._page = uuid.uuid4().hex, None

    def answer(self) -> str | None:
        """`here`, `off`, or None where nobody is; after `here` events are kept for that page.

        In a browser the answer comes when the cell is done: `later`, and they are kept until then.
        """
        parent = _parent()
        if not parent.get("content", {}).get("allow_stdin") or _app()[0] != "kernel":
            return None  # nothing that ever answers
        comm = None
        try:
            if _IN_BROWSER:
                self._ask_on(parent["header"]["session"])
                return "later"
            comm = self._ask(parent["header"]["session"])
            if self._answer == "here":
                comm.send({"accept": True})
                self._expect(comm)
                return "here"
        except Exception:  # noqa: BLE001 - the insides of ipykernel may change: then nobody answers
            self._answer = ""
        with suppress(Exception):
            if self._answer != "closed":
                comm.close()
        return "off" if self._answer == "off" else None

    def _expect(self, comm: Any) -> None:
        state = _state()
        state.handshakes[self._page] = comm  # whose end would close it
        comm.on_close(self._on_close)
        # Else the page reports already.
        if self._page not in {entry["session"] for entry in _open_comms()}:
            state.reporter = state.reporter or _Handover()
            if not state.reporter.student:  # else the kernel goes on until it has told
                state.reporter.expect(self._page)

    def _on_close(self, _: Any) -> None:
        state = _state()
        state.failed.add(self._page)
        if _IN_BROWSER and state.reporter:  # which has no other way
            state.reporter.forget(self._page)

    def _ask_on(self, page: str) -> None:
        def hear(message: dict[str, Any]) -> None:
            answer = message["content"]["data"].get("answer")
            if answer == "here":
                comm.send({"accept": True})
            elif answer == "off":
                _switch_off()
                self._on_close(message)
                comm.close()

        self._page = page
        comm = _create_comm(data={"version": _VERSION, "notebook": self._notebook})
        comm.on_msg(hear)
        self._expect(comm)

    def _ask(self, page: str) -> Any:
        """While a cell runs no message is dispatched: look at each one as it is received."""
        kernel = _shell().kernel
        stream = getattr(kernel, "shell_stream", None) or kernel.shell_streams[0]
        is_threaded = getattr(kernel, "shell_channel_thread", None) is not None  # ipykernel 7
        receive, self._page, until = stream._recv_callback, page, time.monotonic() + _PATIENCE_S

        def look(message: Any, *args: Any) -> Any:
            with suppress(Exception):
                self._hear(kernel.session, message)
            return receive(message, *args)

        stream._recv_callback = look
        try:
            told = {"version": _VERSION, "notebook": self._notebook}
            comm = _create_comm(data=told, comm_id=self._comm_id)
            while not self._heard.is_set() and time.monotonic() < until:
                if not is_threaded:
                    stream.flush()
                self._heard.wait(0.01)
        finally:
            if stream._recv_callback is look:
                stream._recv_callback = receive
        return comm

    def _hear(self, session: Any, message: Any) -> None:
        frames = [getattr(frame, "bytes", frame) for frame in message]
        _, frames = session.feed_identities(frames)
        # Not by `deserialize`: it would take the message for a repeat when its turn comes.
        if session.auth is not None and session.sign(frames[1:5]) != frames[0]:
            return
        header, content = session.unpack(frames[1]), session.unpack(frames[4])
        if content.get("comm_id") != self._comm_id or header["session"] != self._page:
            return
        if header["msg_type"] == "comm_close":
            self._answer = "closed"
        elif header["msg_type"] == "comm_msg" and content["data"].get("answer") in ("here", "off"):
            self._answer = content["data"]["answer"]
        if self._answer:
            self._heard.set()


def _create_comm(**opening: Any) -> Any:
    with suppress(ImportError):
        import comm

        made = comm.create_comm(target_name=_TARGET, **opening)
        if type(made).__name__ != "DummyComm":
            return made
    from ipykernel.comm import Comm  # of an ipykernel older than comm

    return Comm(target_name=_TARGET, **opening)
