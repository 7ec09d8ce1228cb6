"""Listening sockets of the simulated network: who has them, who accepts, and who waits.

A socket lives as long as any process has it. Who listens has made it, or was started with it by the process
that holds it; whoever of them accepts may get the next connection. While a socket is held and nobody accepts,
the system completes connections all the same, and keeps what arrives on them until somebody does.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IProtocolFactory
from twisted.python.failure import Failure

from pushnet.sim.transport import SimTransport, Turns

FIRST_FREE_PORT = 40_000
"""Where a port of 0 begins to be chosen, on each host."""


class Nobody:
    """The process of a connection that nobody has accepted yet."""

    stopped = False

    def soon(self, function: Callable[..., object], *args: Any) -> None:
        """There is no reactor to have a turn."""

    def now(self, function: Callable[..., object], *args: Any) -> None:
        """Nor anything to call."""

    def failed(self, what: str, failure: Failure) -> None:
        """Nothing of its can fail."""

    def opened(self, transport: SimTransport) -> None:
        """It keeps no list."""

    def closed(self, transport: SimTransport) -> None:
        """It keeps no list."""


class Door:
    """One listening socket."""

    def __init__(self) -> None:
        self.holders: list[Turns] = []
        self.acceptors: list[tuple[Turns, IProtocolFactory]] = []
        self.waiting: list[tuple[SimTransport, IPv4Address]] = []

    def enter(self, transport: SimTransport, client: IPv4Address, rng: random.Random) -> None:
        """A connection has come in: whoever accepts first has it."""
        if not self.acceptors:
            transport.wait()
            self.waiting.append((transport, client))
            return
        one = rng.randrange(len(self.acceptors)) if len(self.acceptors) > 1 else 0
        turns, factory = self.acceptors[one]
        if turns.stopped:
            transport.wait()
            turns.soon(self._take, turns, factory, transport, client)
        else:
            transport.accepted(turns)
            transport.open(factory.buildProtocol(client))

    def accept(self, turns: Turns, factory: IProtocolFactory) -> None:
        """From now on this process accepts; those who wait are first."""
        self.acceptors.append((turns, factory))
        waiting, self.waiting = self.waiting, []
        for transport, client in waiting:
            turns.soon(self._take, turns, factory, transport, client)

    def leave(self, turns: Turns) -> None:
        """This process has closed the socket, or ended."""
        self.acceptors = [each for each in self.acceptors if each[0] is not turns]
        self.holders = [each for each in self.holders if each is not turns]
        if not self.holders:
            waiting, self.waiting = self.waiting, []
            for transport, _ in waiting:
                transport.outgoing.reset()

    @staticmethod
    def _take(turns: Turns, factory: IProtocolFactory, transport: SimTransport, client: IPv4Address) -> None:
        if transport.connected:
            transport.accepted(turns)
            transport.open(factory.buildProtocol(client))


class Doors:
    """All listening sockets of a simulation."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._doors: dict[tuple[str, int], Door] = {}
        self._next_port: dict[str, int] = {}

    def listen(self, host: str, port: int, turns: Turns, factory: IProtocolFactory) -> int:
        """Accept there, at a socket of one's own or one that was handed on. Returns the port.

        Raises `CannotListenError` when somebody else has it.
        """
        if port == 0:
            port = self.free_port(host)
        door = self._doors.get((host, port))
        if door is None:
            self._doors[host, port] = door = Door()
            door.holders.append(turns)
        elif turns not in door.holders or any(each is turns for each, _ in door.acceptors):
            raise _taken(host, port)
        door.accept(turns, factory)
        return port

    def hold(self, host: str, port: int, turns: Turns, shared: bool = False) -> int:
        """Have a listening socket to hand on, without accepting. Raises `CannotListenError`.

        With `shared`, where others have one already it is the same; in a real system it is another beside it.
        """
        if port == 0:
            port = self.free_port(host)
        if (host, port) in self._doors and not shared:
            raise _taken(host, port)
        door = self._doors.setdefault((host, port), Door())
        door.holders.append(turns)
        return port

    def hand_on(self, host: str, port: int, giver: Turns, taker: Turns) -> None:
        """A process is started with the socket of another. Raises `KeyError` when that has none."""
        door = self._doors[host, port]
        if giver not in door.holders:
            raise KeyError((host, port))
        door.holders.append(taker)

    def leave(self, host: str, port: int, turns: Turns) -> None:
        """Close the socket here."""
        door = self._doors.get((host, port))
        if door is not None:
            door.leave(turns)
            if not door.holders:
                del self._doors[host, port]

    def of(self, turns: Turns) -> list[tuple[str, int]]:
        """The sockets that a process has."""
        return [place for place, door in self._doors.items() if turns in door.holders]

    def at(self, host: str, port: int) -> Door | None:
        return self._doors.get((host, port))

    def enter(self, door: Door, transport: SimTransport, client: IPv4Address) -> None:
        door.enter(transport, client, self._rng)

    def free_port(self, host: str) -> int:
        port = self._next_port.get(host, FIRST_FREE_PORT)
        self._next_port[host] = FIRST_FREE_PORT if port >= 65_000 else port + 1
        return port


def _taken(host: str, port: int) -> CannotListenError:
    return CannotListenError(host, port, OSError(98, "Address already in use"))  # type: ignore[no-untyped-call]
