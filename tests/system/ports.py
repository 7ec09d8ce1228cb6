"""The TCP ports a process listens on, and raw conversations with them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint
from twisted.internet.protocol import Factory, Protocol
from twisted.python.failure import Failure

LISTEN = "0A"
reactor: Any = installed_reactor


def listening_ports(pid: int) -> list[int]:
    """From /proc: every TCP port the process listens on, sorted."""
    inodes = {_socket_of(link) for link in Path(f"/proc/{pid}/fd").iterdir()}
    found: list[int] = []
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[3] == LISTEN and fields[9] in inodes:
            found.append(int(fields[1].rpartition(":")[2], 16))
    return sorted(found)


class Talk(Protocol):
    """One connection to a port: what came back, and whether the other side closed it."""

    def __init__(self) -> None:
        self.got = bytearray()
        self.closed: Deferred[None] = Deferred()

    def dataReceived(self, data: bytes) -> None:
        self.got += data

    def connectionLost(self, reason: Failure = None) -> None:  # type: ignore[assignment]
        if not self.closed.called:
            self.closed.callback(None)

    def send(self, data: bytes) -> None:
        self.wire.write(data)

    def hang_up(self) -> None:
        self.wire.abortConnection()

    async def until_closed(self, limit_s: float) -> bytes | None:
        """Everything that came when the other side has closed; None when it has not within the limit."""
        if self.closed.called:
            return bytes(self.got)
        alarm = reactor.callLater(limit_s, self.hang_up)
        await self.closed
        if not alarm.active():
            return None
        alarm.cancel()
        return bytes(self.got)

    @property
    def wire(self) -> Any:
        return self.transport


async def talk(port: int, data: bytes = b"") -> Talk:
    """Connect, and send."""
    made: Any = await TCP4ClientEndpoint(reactor, "127.0.0.1", port).connect(Factory.forProtocol(Talk))
    if data:
        made.send(data)
    conversation: Talk = made
    return conversation


async def answer(port: int, data: bytes, limit_s: float) -> bytes | None:
    """Everything that comes back until the other side closes; None when it has not within the limit."""
    return await (await talk(port, data)).until_closed(limit_s)


def _socket_of(link: Path) -> str:
    """The inode of a descriptor that is a socket; empty for others and for one just closed."""
    try:
        target = os.readlink(link)
    except FileNotFoundError:
        return ""
    return target.removeprefix("socket:[").removesuffix("]") if target.startswith("socket:") else ""
