"""An HTTP client that sends what it is told, byte for byte, and keeps what comes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.python.failure import Failure


class RawClient(Protocol):
    """One connection. `ended` fires when it is closed; `changed` is called whenever something came."""

    def __init__(self) -> None:
        self.received = b""
        self.closed = False
        self.ended: Deferred[None] = Deferred()
        self._waiting: list[tuple[Callable[[], bool], Deferred[None]]] = []

    def send(self, data: bytes) -> None:
        assert self.transport is not None
        self.transport.write(data)

    def dataReceived(self, data: bytes) -> None:
        self.received += data
        self._check()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.closed = True
        self.ended.callback(None)
        self._check()

    def until(self, condition: Callable[[], bool]) -> Deferred[None]:
        """Fires when the condition holds after something came or the connection ended."""
        done: Deferred[None] = Deferred()
        self._waiting.append((condition, done))
        self._check()
        return done

    def answered(self, count: int = 1) -> Deferred[None]:
        return self.until(lambda: len(self.answers()) >= count or self.closed)

    def answers(self) -> list[tuple[int, Any]]:
        """Status and JSON of each whole answer so far."""
        found: list[tuple[int, Any]] = []
        rest = self.received
        while b"\r\n\r\n" in rest:
            head, _, rest = rest.partition(b"\r\n\r\n")
            lines = head.decode("ascii").split("\r\n")
            status = int(lines[0].split(" ")[1])
            if status == 100:
                continue
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:])}
            size = int(headers["content-length"])
            if len(rest) < size:
                break
            found.append((status, json.loads(rest[:size])))
            rest = rest[size:]
        return found

    def _check(self) -> None:
        ready = [entry for entry in self._waiting if entry[0]()]
        self._waiting = [entry for entry in self._waiting if entry not in ready]
        for _, done in ready:
            done.callback(None)


def raw_client_factory() -> Factory[RawClient]:
    factory: Factory[RawClient] = Factory.forProtocol(RawClient)
    factory.noisy = False
    return factory


def request(line: str, body: bytes = b"", *headers: bytes, host: bytes = b"gateway") -> bytes:
    """A whole request of HTTP/1.1; a Content-Length stands in it when there is a body."""
    length = [b"Content-Length: %d" % len(body)] if body else []
    return b"\r\n".join([line.encode() + b" HTTP/1.1", b"Host: " + host, *headers, *length, b"", body])
