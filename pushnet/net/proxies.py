"""The way out through a proxy server: HTTP's CONNECT, or SOCKS 4. The lowest layer of an outgoing stream.

The proxy is asked for a connection to the target; when it agrees, what follows is the target's. Until then it
is as little trusted as any peer: what it says is limited, and the deadline of the handshake holds for it too.
"""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IProtocol
from twisted.internet.protocol import Protocol as TwistedProtocol
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure

from pushnet.net.handshakes import Handshake, Layer

HEAD_BYTES_MAX = 8 * 1024
_END = b"\r\n\r\n"
_SOCKS_VERSION, _CONNECT, _GRANTED = 4, 1, 90
_SOCKS_ANSWER_BYTES = 8


class ProxyRefused(Exception):
    """A proxy server did not connect us."""


class _Asking(TwistedProtocol):
    """Asks the proxy, then hands the stream to the next layer."""

    def __init__(self, handshake: Handshake) -> None:
        self._handshake = handshake
        self._above: IProtocol | None = None
        self._said = b""

    def answer_bytes(self, said: bytes) -> int:
        """How much of `said` is the proxy's answer; 0 while that is not whole. Raises `ProxyRefused`."""
        raise NotImplementedError

    def dataReceived(self, data: bytes) -> None:
        self._said += data
        try:
            size = self.answer_bytes(self._said)
        except ProxyRefused as error:
            self._refuse(error)
            return
        if not size:
            if len(self._said) > HEAD_BYTES_MAX:
                self._refuse(ProxyRefused("the proxy talks too much"))
            return
        rest, self._said = self._said[size:], b""
        self._above = above = self._handshake.next()
        self.dataReceived = above.dataReceived  # type: ignore[method-assign]
        assert self.transport is not None
        above.makeConnection(self.transport)
        if rest:
            above.dataReceived(rest)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if self._above is not None:
            self._above.connectionLost(reason)
        else:
            assert isinstance(reason.value, Exception)
            self._handshake.gone(reason.value)

    def _refuse(self, error: Exception) -> None:
        transport: Any = self.transport
        self._handshake.failed(error)
        transport.abortConnection()


class _Http(_Asking):
    """HTTP: `CONNECT host:port`."""

    def __init__(self, handshake: Handshake, host: str, port: int) -> None:
        super().__init__(handshake)
        self._target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def connectionMade(self) -> None:
        assert self.transport is not None
        target = self._target
        self.transport.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())

    def answer_bytes(self, said: bytes) -> int:
        end = said.find(_END)
        if end < 0:
            return 0
        words = said[:end].split(b"\r\n")[0].split(b" ", 2)
        if not words[0].startswith(b"HTTP/1.") or len(words) < 2 or words[1] != b"200":
            told = b" ".join(words).decode("ascii", "replace")
            raise ProxyRefused(f"the proxy answers {told!r}")
        return end + len(_END)


class _Socks(_Asking):
    """SOCKS 4: an address of IPv4, found out here."""

    def __init__(
        self, handshake: Handshake, host: str, port: int, resolve: Callable[[str], Deferred[str]]
    ) -> None:
        super().__init__(handshake)
        self._host = host
        self._port = port
        self._resolve = resolve

    def connectionMade(self) -> None:
        self._resolve(self._host).addCallbacks(self._ask, self._no_address)

    def answer_bytes(self, said: bytes) -> int:
        if len(said) < _SOCKS_ANSWER_BYTES:
            return 0
        if said[0] or said[1] != _GRANTED:
            raise ProxyRefused(f"the proxy answers {said[1]}")
        return _SOCKS_ANSWER_BYTES

    def _ask(self, address: str) -> None:
        packed = ip_address(address).packed
        if len(packed) != len(bytes(4)):
            self._refuse(ProxyRefused(f"SOCKS 4 cannot connect to {address}"))
            return
        assert self.transport is not None
        head = bytes((_SOCKS_VERSION, _CONNECT)) + self._port.to_bytes(2, "big")
        self.transport.write(head + packed + b"\0")

    def _no_address(self, failure: Failure) -> None:
        assert isinstance(failure.value, Exception)
        self._refuse(failure.value)


def http_layer(host: str, port: int) -> Layer:
    """Through an HTTP proxy to that target."""
    return lambda handshake: _Http(handshake, host, port)


def socks_layer(host: str, port: int, resolve: Callable[[str], Deferred[str]]) -> Layer:
    """Through a SOCKS 4 proxy to that target. `resolve` finds an address of IPv4."""
    return lambda handshake: _Socks(handshake, host, port, resolve)
