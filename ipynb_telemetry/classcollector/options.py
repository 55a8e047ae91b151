"""How a class collector is to run."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..settings.destination import Destination
from .place import Outside


class Options(NamedTuple):
    """How a class collector is to run.

    Attributes:
        class_name: of the class.
        database: the class's file, as an absolute path.
        ip: where to listen.
        port: 0: a free one.
        certificate, key: files in PEM form; both, or none of them.
        outside: how others reach the collector.
        is_behind_proxy: whether a proxy is in front, which tells whom requests are from.
        student_rate, address_rate: the most events a minute.
        forwards_to: where events go on to, as they come; None: nowhere.
        retention_days: how long events are kept; 0: until somebody deletes them.
        hub_service: the name of the hub's service that the collector is; "": it stands alone.
    """

    class_name: str
    database: Path
    ip: str
    port: int
    certificate: Path | None
    key: Path | None
    outside: Outside
    is_behind_proxy: bool
    student_rate: int
    address_rate: int
    forwards_to: Destination | None = None
    hub_service: str = ""
    retention_days: int = 0
