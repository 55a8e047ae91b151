"""Ports that nothing listens on."""

from __future__ import annotations

import socket


def free_ports(count: int, first: int = 0) -> list[int]:
    """Give so many free ports.

    Args:
        count: how many.
        first: the lowest one, where they are to follow one another; 0: any.

    Raises:
        OSError: one of those that follow is not free.
    """
    held: list[socket.socket] = []
    try:
        for number in range(count):
            held.append(socket.create_server(("127.0.0.1", first and first + number)))
        return [one.getsockname()[1] for one in held]
    finally:
        for one in held:
            one.close()
