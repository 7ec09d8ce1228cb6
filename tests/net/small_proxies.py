"""Two small proxy servers for tests, in whatever world they are given: HTTP's CONNECT, and SOCKS 4."""

from __future__ import annotations

from typing import Any

from twisted.internet.protocol import Factory, Protocol
from twisted.python.failure import Failure


class SmallProxy(Factory):
    """Listens at `world.server_endpoint`; notes what it was asked."""

    noisy = False

    def __init__(self, world: Any, kind: str) -> None:
        self.world = world
        self.asked: list[bytes] = []
        self.answer = b""
        """What it says instead of what would be right."""
        self._kind = kind

    def buildProtocol(self, addr: Any) -> Protocol:
        return _Http(self) if self._kind == "HTTP" else _Socks(self)


class _Inward(Protocol):
    """Of the client. `target` says whom it wants, or None while that is not all there."""

    def __init__(self, proxy: SmallProxy) -> None:
        self.proxy = proxy
        self.out: Any = None
        self.said = b""

    def target(self) -> tuple[str, int, bytes] | None:
        raise NotImplementedError

    def dataReceived(self, data: bytes) -> None:
        if self.out is not None:
            self.out.transport.write(data)
            return
        self.said += data
        found = self.target()
        if found is not None:
            self.proxy.asked.append(self.said)
            host, port, granted = found
            if self.proxy.answer:
                self.transport.write(self.proxy.answer)
                return
            self.transport.pauseProducing()
            opening = self.proxy.world.client_endpoint(host, port).connect(Factory.forProtocol(_Outward))
            opening.addCallbacks(self._opened, self._not_opened, (granted,))

    def connectionLost(self, reason: Any = None) -> None:
        if self.out is not None:
            self.out.transport.loseConnection()

    def _opened(self, out: Any, granted: bytes) -> None:
        self.out, out.inward = out, self
        self.transport.write(granted)
        self.transport.resumeProducing()

    def _not_opened(self, failure: Failure) -> None:
        self.transport.loseConnection()


class _Http(_Inward):
    def target(self) -> tuple[str, int, bytes] | None:
        if not self.said.endswith(b"\r\n\r\n"):
            return None
        host, _, port = self.said.split()[1].decode().rpartition(":")
        return host.strip("[]"), int(port), b"HTTP/1.1 200 Connection established\r\nVia: small\r\n\r\n"


class _Socks(_Inward):
    def target(self) -> tuple[str, int, bytes] | None:
        if len(self.said) < 9 or self.said[-1]:
            return None
        host = ".".join(str(byte) for byte in self.said[4:8])
        return host, int.from_bytes(self.said[2:4], "big"), b"\0\x5a" + bytes(6)


class _Outward(Protocol):
    """To the target."""

    inward: _Inward

    def dataReceived(self, data: bytes) -> None:
        self.inward.transport.write(data)

    def connectionLost(self, reason: Any = None) -> None:
        self.inward.transport.loseConnection()
