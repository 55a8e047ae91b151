# Copyright (c) ipynb-telemetry contributors.
# Distributed under the terms of the Modified BSD License.
"""The handshake: is a front end of ours here?"""

from __future__ import annotations

import threading
import time
import uuid
from contextlib import suppress
from typing import Any

from .handover import _Handover, _handover
from .imports import _module
from .pages import _open_comms
from .request import _app, _parent
from .shared import _IN_BROWSER, _TARGET, _VERSION, _shell, _state
from .tracking import _switch_off

_PATIENCE_S = 2.0  # with a front end


class _Handshake:
    """Opens a Comm to the front end and waits, in the cell, for its answer."""

    def __init__(self, notebook: str) -> None:
        self._notebook = notebook
        self._page = ""  # the session that is asked
        # Known before the Comm is open: ipykernel 7 hears the answer in another thread, at once.
        self._comm_id = uuid.uuid4().hex
        self._answer = ""
        self._heard = threading.Event()

    def ask(self) -> str | None:
        """Ask; gives `here`, `off`, or None where nobody answers.

        After `here` events are kept for the page. In a browser the answer comes when the cell is
        done: `later`, and events are kept until then.
        """
        parent = _parent()
        if not parent.get("content", {}).get("allow_stdin") or _app()[0] != "kernel":
            return None  # such programs never answer
        comm = None
        try:
            self._page = parent["header"]["session"]
            if _IN_BROWSER:
                self._ask_without_waiting()
                return "later"
            comm = self._ask_and_wait()
            if self._answer == "here":
                comm.send({"accept": True})
                self._expect(comm)
                return "here"
        except Exception:  # noqa: BLE001 - the insides of ipykernel may change: then nobody answers
            self._answer = ""
        with suppress(Exception):
            if comm is not None and self._answer != "closed":
                comm.close()
        return "off" if self._answer == "off" else None

    def _expect(self, comm: Any) -> None:
        """Keep events for the page, unless it reports already."""
        state = _state()
        state.handshakes[self._page] = comm  # which would close if it were let go
        comm.on_close(self._on_close)
        if self._page not in {entry["session"] for entry in _open_comms()}:
            if state.reporter is None:
                state.reporter = _Handover()
            handover = _handover(state.reporter)
            if handover:  # else the kernel goes on until the page has told
                handover.expect(self._page)

    def _on_close(self, _: Any) -> None:
        state = _state()
        state.failed.add(self._page)
        handover = _handover(state.reporter)
        if _IN_BROWSER and handover:  # elsewhere the kernel reports what was kept
            handover.forget(self._page)

    def _ask_without_waiting(self) -> None:
        """Hear the answer when the cell is done, as all messages in a browser."""

        def hear(message: dict[str, Any]) -> None:
            answer = message["content"]["data"].get("answer")
            if answer == "here":
                comm.send({"accept": True})
            elif answer == "off":
                _switch_off()
                self._on_close(message)
                comm.close()

        comm = _create_comm(data=self._question())
        comm.on_msg(hear)
        self._expect(comm)

    def _ask_and_wait(self) -> Any:
        """While a cell runs no message is dispatched: look at each one as it is received."""
        kernel = _shell().kernel
        stream = getattr(kernel, "shell_stream", None) or kernel.shell_streams[0]
        is_threaded = getattr(kernel, "shell_channel_thread", None) is not None  # ipykernel 7
        receive = stream._recv_callback
        until = time.monotonic() + _PATIENCE_S

        def look(message: Any, *args: Any) -> Any:
            with suppress(Exception):
                self._hear(kernel.session, message)
            return receive(message, *args)

        stream._recv_callback = look
        try:
            comm = _create_comm(data=self._question(), comm_id=self._comm_id)
            while not self._heard.is_set() and time.monotonic() < until:
                if not is_threaded:
                    stream.flush()
                self._heard.wait(0.01)
        finally:
            if stream._recv_callback is look:
                stream._recv_callback = receive
        return comm

    def _question(self) -> dict[str, Any]:
        return {"version": _VERSION, "notebook": self._notebook}

    def _hear(self, session: Any, message: Any) -> None:
        """Take the answer from a message as it is received, if that is what it is."""
        frames = [getattr(frame, "bytes", frame) for frame in message]
        _, frames = session.feed_identities(frames)
        # Not by `deserialize`: it would take the message for a repeat when its turn comes.
        if session.auth is not None and session.sign(frames[1:5]) != frames[0]:
            return
        header = session.unpack(frames[1])
        content = session.unpack(frames[4])
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
        made = _module("comm").create_comm(target_name=_TARGET, **opening)
        if type(made).__name__ != "DummyComm":
            return made
    # The package comm is missing, or ipykernel is older and knows nothing of it.
    return _module("ipykernel.comm").Comm(target_name=_TARGET, **opening)
