"""WebSocket under a byte-stream protocol: a transport to what is above, a protocol to what is below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from twisted.internet.interfaces import IAddress, IConsumer, IProducer, IProtocol, IPushProducer, ITransport
from twisted.internet.protocol import Protocol as TwistedProtocol
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from zope.interface import implementer

from pushnet.net.handshakes import Handshake
from pushnet.wire.boundaries import Boundaries
from pushnet.wire.websocket import WebSocket
from pushnet.wire.websocket_handshake import KEY_BYTES, Head, WebSocketRefusedException, check_answer, request
from pushnet.wire.websocket_handshake import answer as answer_to
from pushnet.world import Entropy


@implementer(ITransport, IConsumer, IPushProducer)
class WebSocketStream(TwistedProtocol):
    """One stream. `agree` is one side's half of the handshake."""

    disconnecting = False
    refuses = False
    """Whether this end tells the other why it hangs up in the handshake."""

    def __init__(self, handshake: Handshake, socket: WebSocket) -> None:
        self._handshake = handshake
        self._socket = socket
        self._head = Head()
        self._above: IProtocol | None = None

    def agree(self, head: bytes) -> dict[str, str]:
        """The other end's head has come. Returns its fields, or raises `WebSocketRefusedException`."""
        raise NotImplementedError

    # What is below calls.

    def dataReceived(self, data: bytes) -> None:
        if self._above is None:
            self._shake(data)
        else:
            self._frames(data)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.disconnecting = True
        if self._above is not None:
            error = self._socket.error
            self._above.connectionLost(Failure(error) if error is not None else reason)  # type: ignore[no-untyped-call]
        else:
            assert isinstance(reason.value, Exception)
            self._handshake.gone(reason.value)

    # What is above calls.

    def write(self, data: bytes) -> None:
        if data and not self.disconnecting:
            self._below.write(self._socket.frame(data))

    def writeSequence(self, data: Iterable[bytes]) -> None:
        self.write(b"".join(data))

    def loseConnection(self) -> None:
        """Say so, and hang up."""
        if not self.disconnecting:
            self.disconnecting = True
            self._below.write(self._socket.close())
            self._below.loseConnection()

    def abortConnection(self) -> None:
        self.disconnecting = True
        self._below.abortConnection()

    def getPeer(self) -> IAddress:
        peer: IAddress = self._below.getPeer()
        return peer

    def getHost(self) -> IAddress:
        host: IAddress = self._below.getHost()
        return host

    def registerProducer(self, producer: IProducer, streaming: bool) -> None:
        self._below.registerProducer(producer, streaming)

    def unregisterProducer(self) -> None:
        self._below.unregisterProducer()

    def pauseProducing(self) -> None:
        self._below.pauseProducing()

    def resumeProducing(self) -> None:
        self._below.resumeProducing()

    def stopProducing(self) -> None:
        self.loseConnection()

    # Inside.

    @property
    def _below(self) -> Any:
        return self.transport

    def _shake(self, data: bytes) -> None:
        if self.disconnecting:
            return
        try:
            head = self._head.receive(data)
            if head is None:
                return
            self._handshake.info.headers = self.agree(head)
        except WebSocketRefusedException as error:
            self.disconnecting = True
            self._handshake.failed(error)
            if error.answer and self.refuses:
                self._below.write(error.answer)
            self._below.loseConnection()
            return
        self._above = self._handshake.next()
        self._above.makeConnection(self)
        if self._head.rest:
            self._frames(self._head.rest)

    def _frames(self, data: bytes) -> None:
        socket = self._socket
        if socket.closed:
            return
        payload = socket.receive(data)
        assert self._above is not None
        if payload:
            self._above.dataReceived(payload)
        answers = socket.take()
        if answers and not self.disconnecting:
            self._below.write(answers)
        if socket.closed and not self.disconnecting:
            self.disconnecting = True
            self._below.loseConnection()


class ServerStream(WebSocketStream):
    """Waits to be asked."""

    refuses = True

    def __init__(self, handshake: Handshake, socket: WebSocket, origins: Sequence[str]) -> None:
        super().__init__(handshake, socket)
        self._origins = origins

    def agree(self, head: bytes) -> dict[str, str]:
        answer, fields = answer_to(head, self._origins)
        self._below.write(answer)
        return fields


class ClientStream(WebSocketStream):
    """Asks."""

    def __init__(
        self,
        handshake: Handshake,
        socket: WebSocket,
        ask: Callable[[bytes], bytes],
        key: bytes,
        boundaries: Boundaries | None,
    ) -> None:
        super().__init__(handshake, socket)
        self._ask = ask
        self._key = key
        self._boundaries = boundaries

    def write(self, data: bytes) -> None:
        if self._boundaries is None:
            super().write(data)
        elif not self.disconnecting:
            frames = [self._socket.frame(part) for part in self._boundaries.cut(data)]
            if frames:
                self._below.write(b"".join(frames))

    def connectionMade(self) -> None:
        self._below.write(self._ask(self._key))

    def agree(self, head: bytes) -> dict[str, str]:
        return check_answer(head, self._key)


def server_layer(origins: Sequence[str] = ()) -> Callable[[Handshake], IProtocol]:
    """The layer of a port. `origins`: which web pages' programs are let in; empty: all."""
    return lambda handshake: ServerStream(handshake, WebSocket(False, _no_mask), origins)


def client_layer(
    entropy: Entropy, host: str, port: int, resource: str, ice: bool = False
) -> Callable[[Handshake], IProtocol]:
    """The layer of a connection to that resource. With `ice` each Ice message is a frame."""

    def ask(key: bytes) -> bytes:
        return request(host, port, resource, key)

    def mask() -> bytes:
        return entropy.token(4)

    def layer(handshake: Handshake) -> ClientStream:
        boundaries = Boundaries() if ice else None
        return ClientStream(handshake, WebSocket(True, mask), ask, entropy.token(KEY_BYTES), boundaries)

    return layer


def _no_mask() -> bytes:
    raise AssertionError("a server does not mask")
