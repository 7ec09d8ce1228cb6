"""Listening sockets that this process was started with: see `LISTENING_SOCKETS` in `pushnet.world`.

An endpoint at the address of one takes it instead of listening anew, once. Whoever started us has it, too,
and so may our predecessor and successor: so it is closed, never shut down.
"""

from __future__ import annotations

import socket
from collections.abc import MutableMapping

from pushnet.world import LISTENING_SOCKETS

_ALL = {"": "0.0.0.0", "*": "0.0.0.0"}


class Inherited:
    """What was handed to us and is not taken yet."""

    def __init__(self, handed: str) -> None:
        self._descriptors: dict[tuple[str, int], int] = {}
        for each in filter(None, handed.split(",")):
            address, _, descriptor = each.rpartition("=")
            host, _, port = address.rpartition(":")
            self._descriptors[_ALL.get(host, host), int(port)] = int(descriptor)

    @classmethod
    def of(cls, environment: MutableMapping[str, str]) -> Inherited:
        """Of a process's environment, from which it is taken: what we start ourselves does not have them."""
        return cls(environment.pop(LISTENING_SOCKETS, ""))

    def take(self, host: str, port: int) -> socket.socket | None:
        """The socket at that address; None when there is none, or it was taken."""
        descriptor = self._descriptors.pop((_ALL.get(host, host), port), None)
        if descriptor is None:
            return None
        taken = socket.socket(fileno=descriptor)
        taken.set_inheritable(False)
        taken.setblocking(False)
        return taken
