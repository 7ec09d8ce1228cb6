"""Streams that must agree on something before they are used: TLS, WebSocket, or one over the other.

What stands between the network and its user is a list of layers, lowest first. A layer is a protocol to what
is below it and a transport to what is above; when it has agreed with the other end it asks its `Handshake`
for the protocol that goes on top: the next layer, and in the end the user's own protocol. All layers of one
stream share one deadline: a peer that is silent in the middle of TLS costs no more than one that never began.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from typing import Protocol as Contract

import attrs
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ConnectionAborted
from twisted.internet.error import TimeoutError as TookTooLong
from twisted.internet.interfaces import IAddress, IDelayedCall, IProtocol, IStreamClientEndpoint
from twisted.internet.protocol import Factory
from twisted.python.failure import Failure

from pushnet.net.eager import eager

HANDSHAKE_S = 10.0
"""From the connection to the user's protocol; Twisted's TLS would wait for ever."""


@attrs.define
class StreamInfo:
    """What the layers have learnt of the peer."""

    cipher: str = ""
    """TLS only, as OpenSSL names it."""
    certs: tuple[str, ...] = ()
    """The peer's certificates in PEM, its own first."""
    verified: bool = False
    """Whether those lead to somebody we trust."""
    headers: dict[str, str] = attrs.field(factory=dict)
    """WebSocket only: the header fields of the peer's half of the handshake, spelled as they came."""


Layer = Callable[["Handshake"], IProtocol]
"""Makes the protocol of one layer."""


class Owner(Contract):
    """Who waits for the end of a handshake. `gone` follows `failed`, as soon as the connection has ended."""

    def ready(self, handshake: Handshake, protocol: IProtocol) -> None: ...

    def failed(self, handshake: Handshake, error: Exception) -> None: ...

    def gone(self, handshake: Handshake) -> None: ...


class Handshake:
    """One stream that is not ready for its user yet."""

    def __init__(
        self, layers: Sequence[Layer], build: Callable[[StreamInfo], IProtocol], owner: Owner
    ) -> None:
        self.info = StreamInfo()
        self.limit: IDelayedCall | None = None
        self._left = list(layers)
        self._build = build
        self._owner = owner
        self._over = False
        self._lowest: IProtocol | None = None

    def begin(self) -> IProtocol:
        """The lowest layer's protocol."""
        self._lowest = lowest = self.next()
        connect = lowest.makeConnection
        lowest.makeConnection = lambda transport: connect(eager(transport))  # type: ignore[method-assign]
        return lowest

    def next(self) -> IProtocol:
        """What goes on top of the layer that has just agreed with its peer."""
        if self._left:
            return self._left.pop(0)(self)
        protocol = self._build(self.info)
        self._over = True
        self._stop()
        self._owner.ready(self, protocol)
        return protocol

    def failed(self, error: Exception) -> None:
        """It came to nothing, and the layer hangs up. Only the first word counts."""
        if not self._over:
            self._over = True
            self._owner.failed(self, error)

    def gone(self, error: Exception) -> None:
        """The connection has ended."""
        self.failed(error)
        self._stop()
        self._owner.gone(self)

    def cut(self, error: Exception) -> None:
        """Give it up now, also when it has failed and only waits for the peer to go."""
        self._stop()
        self.failed(error)
        transport: Any = getattr(self._lowest, "transport", None)
        if transport is not None:
            transport.abortConnection()

    def too_late(self) -> None:
        self.cut(TookTooLong("the handshake took too long"))  # type: ignore[no-untyped-call]

    def _stop(self) -> None:
        if self.limit is not None and self.limit.active():
            self.limit.cancel()


class Accepting(Factory):
    """Takes streams in, and hands them to `build` when their layers have agreed."""

    noisy = False

    def __init__(
        self,
        call_later: Callable[..., IDelayedCall],
        layers: Sequence[Layer],
        build: Callable[[StreamInfo], IProtocol],
        refused: Callable[[IAddress | None, Exception], object],
        limit_s: float = HANDSHAKE_S,
    ) -> None:
        """`refused` is told of each peer that has not got through, in `limit_s` or at all."""
        self._limit_s = limit_s
        self._call_later = call_later
        self._layers = layers
        self._build = build
        self._refused = refused
        self._under_way: dict[Handshake, IAddress | None] = {}
        self._waiting: list[Deferred[None]] = []
        self._closed = False

    def buildProtocol(self, addr: IAddress | None) -> Any:
        handshake = Handshake(self._layers, self._build, self)
        self._under_way[handshake] = addr
        handshake.limit = self._call_later(self._limit_s, handshake.too_late)
        return handshake.begin()

    def settled(self) -> Deferred[None]:
        """Fires when nobody is on the way any more and who got through is connected: at once, if so."""
        if not self._under_way:
            return succeed(None)
        waiting: Deferred[None] = Deferred(self._waiting.remove)
        self._waiting.append(waiting)
        return waiting

    def close(self) -> None:
        """Cut those that are not through."""
        self._closed = True
        for handshake in list(self._under_way):
            handshake.cut(ConnectionAborted())

    def ready(self, handshake: Handshake, protocol: IProtocol) -> None:
        self._under_way.pop(handshake, None)
        self._look()

    def failed(self, handshake: Handshake, error: Exception) -> None:
        if not self._closed:
            self._refused(self._under_way.get(handshake), error)

    def gone(self, handshake: Handshake) -> None:
        self._under_way.pop(handshake, None)
        self._look()

    def _look(self) -> None:
        if self._waiting and not self._under_way:
            self._call_later(0, self._tell_settled)

    def _tell_settled(self) -> None:
        if not self._under_way:
            waiting, self._waiting = self._waiting, []
            for deferred in waiting:
                deferred.callback(None)


class Dialling(Factory):
    """One connect. `done` fires with the user's protocol when all layers have agreed; cancel to give up."""

    noisy = False

    def __init__(self, layers: Sequence[Layer], build: Callable[[StreamInfo], IProtocol]) -> None:
        self.done: Deferred[IProtocol] = Deferred(self._give_up)
        self._handshake = Handshake(layers, build, self)
        self._opening: Deferred[Any] | None = None

    def begin(self, endpoint: IStreamClientEndpoint) -> Deferred[IProtocol]:
        self._opening = endpoint.connect(self)
        self._opening.addErrback(self._not_opened)
        return self.done

    def buildProtocol(self, addr: IAddress | None) -> Any:
        return self._handshake.begin()

    def ready(self, handshake: Handshake, protocol: IProtocol) -> None:
        self._tell(protocol)

    def failed(self, handshake: Handshake, error: Exception) -> None:
        self._tell(Failure(error))  # type: ignore[no-untyped-call]

    def gone(self, handshake: Handshake) -> None:
        """`failed` has told it."""

    def _tell(self, result: Any) -> None:
        if not self.done.called:
            self.done.callback(result)

    def _not_opened(self, failure: Failure) -> None:
        assert isinstance(failure.value, Exception)
        self._handshake.failed(failure.value)

    def _give_up(self, _: Deferred[IProtocol]) -> None:
        self._handshake.cut(ConnectionAborted())
        assert self._opening is not None
        self._opening.cancel()
