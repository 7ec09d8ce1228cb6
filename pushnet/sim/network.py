"""The network of a simulation: who listens where, who is connected to whom, and what goes wrong.

Hosts have names and addresses (`10.0.…`); either finds them. A host whose process has ended refuses
connections; one whose power is off does not answer. Faults: `Connection.reset` and `Connection.vanish` for
one connection, `Network.paths` for partitions and delays, `Network.refuse` for a host that accepts nobody.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from twisted.internet.address import IPv4Address

from pushnet.sim.datagrams import Air
from pushnet.sim.doors import Doors, Nobody
from pushnet.sim.paths import Paths
from pushnet.sim.pipe import Pipe
from pushnet.sim.timeline import Happening, Life, Timeline
from pushnet.sim.trace import Trace
from pushnet.sim.transport import SimTransport, Turns


class Connection:
    """Two transports and the pipes between them."""

    def __init__(
        self, number: int, client: SimTransport, server: SimTransport, names: tuple[str, str]
    ) -> None:
        self.number = number
        self.client = client
        self.server = server
        self.names = names
        """The hosts: who connected, and to whom."""

    @property
    def is_open(self) -> bool:
        return self.client.connected or self.server.connected

    def reset(self) -> None:
        """Something between the two resets both."""
        self.client.outgoing.reset()
        self.server.outgoing.reset()

    def vanish(self) -> None:
        """Something between the two has forgotten the connection: nothing arrives, and nobody is told."""
        self.client.outgoing.vanish()
        self.server.outgoing.vanish()


class Network:
    """All hosts' listeners and connections."""

    def __init__(self, timeline: Timeline, paths: Paths, trace: Trace, rng: random.Random) -> None:
        self.timeline = timeline
        self.paths = paths
        self.trace = trace
        self.life = Life("network", 1)
        self.doors = Doors(rng)
        self._addresses: dict[str, str] = {}
        self._connections: dict[int, Connection] = {}
        self._count = 0
        self._refusing: dict[str, None] = {}
        self._dark: dict[str, None] = {}
        self.air = Air(self)

    def add_host(self, name: str) -> str:
        """Make a host known; returns its address."""
        number = len(self._addresses) + 1
        address = f"10.0.{number >> 8}.{number & 255}"
        self._addresses[name] = address
        return address

    def host_named(self, name: str) -> str | None:
        """The host's name, from its name or address; None when there is none."""
        if name in self._addresses:
            return name
        return next((host for host, address in self._addresses.items() if address == name), None)

    def address_of(self, host: str) -> str:
        return self._addresses[host]

    def connections(self, host: str = "") -> list[Connection]:
        """The open connections, oldest first; only those of `host` when given."""
        gone = [number for number, connection in self._connections.items() if not connection.is_open]
        for number in gone:
            del self._connections[number]
        return [each for each in self._connections.values() if not host or host in each.names]

    def refuse(self, host: str, refusing: bool = True) -> None:
        """Let a host refuse every new connection, or take them again."""
        self._refusing.pop(host, None)
        if refusing:
            self._refusing[host] = None

    def darken(self, host: str, dark: bool = True) -> None:
        """A host without power does not answer at all."""
        self._dark.pop(host, None)
        if dark:
            self._dark[host] = None

    def is_dark(self, host: str) -> bool:
        return host in self._dark

    def accept(
        self, source: tuple[str, IPv4Address], turns: Turns, host: str, port: int
    ) -> tuple[SimTransport, int] | None:
        """A connection request has arrived: make both sides, open the server's.

        Returns the client's side and when it hears of it, or None: refused.
        """
        door = self.doors.at(host, port)
        if door is None or host in self._refusing:
            return None
        name, client_address = source
        server_address = IPv4Address("TCP", self._addresses[host], port)
        self._count += 1
        label = f"{self._count}:{name}"
        there = Pipe(f"{label}>{host}:{port}", name, host, self.life, self.timeline, self.paths, self.trace)
        back = Pipe(f"{label}<{host}:{port}", host, name, self.life, self.timeline, self.paths, self.trace)
        heard_us = back.reserve()
        self.trace.add(f"{self.timeline.now_us} accept {label}>{host}:{port}")
        client = SimTransport(turns, back, there, client_address, server_address)
        server = SimTransport(Nobody(), there, back, server_address, client_address)
        turns.opened(client)
        self._connections[self._count] = Connection(self._count, client, server, (name, host))
        self.doors.enter(door, server, client_address)
        return client, heard_us

    def at(self, due_us: int, function: Callable[..., Any], *args: Any) -> Happening:
        """Let something happen on the wire."""
        happening = Happening(self.timeline, self.life, "", function, args)
        self.timeline.put(happening, due_us)
        return happening

    def later(self, delay_us: int, function: Callable[..., Any], *args: Any) -> Happening:
        return self.at(self.timeline.now_us + delay_us, function, *args)
