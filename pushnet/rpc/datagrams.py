"""Requests in datagrams: one message each, never answered, never repeated, lost without a word.

Only one-way requests and batches can be in a datagram. Whatever else arrives, or arrives damaged, is dropped
and counted: there is no connection that could be closed. What is sent to the address of a group arrives at
everyone who listens there; `--interface` says on which of a host's networks, `--ttl` how far it may travel.

Both ends may call back, as in Ice: who was sent to, once it is given an adapter (`setAdapter`); who listens,
by `createProxy`, which calls whoever has sent the last datagram. With `-c` that is the first who ever did.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import attrs
from twisted.internet.defer import Deferred, maybeDeferred, succeed
from twisted.internet.interfaces import IDelayedCall

from pushnet.rpc.acm import ACM, ACMClose, ACMHeartbeat, ConnectionClose
from pushnet.rpc.connection import Call
from pushnet.rpc.current import Current
from pushnet.rpc.dispatch import Answer, Dispatch
from pushnet.rpc.exceptions import (
    ConnectionManuallyClosedException,
    DatagramLimitException,
    LocalException,
    MarshalException,
    NoEndpointException,
    ProtocolException,
    SocketException,
)
from pushnet.rpc.info import ConnectionInfo, Whose, datagram_info
from pushnet.rpc.properties import Properties
from pushnet.rpc.runtime import Runtime
from pushnet.rpc.squeezing import compression_level
from pushnet.rpc.transports import is_group
from pushnet.wire.endpoints import UdpEndpoint
from pushnet.wire.identity import Identity
from pushnet.wire.message import BATCH, HEADER_BYTES, REQUEST, Framer, deflated
from pushnet.wire.proxies import Mode, ProxyData
from pushnet.wire.request import read_request_id
from pushnet.world import DatagramOptions, DatagramSocket

DATAGRAM_BYTES_MAX = 65_507
"""What IPv4 leaves of 64 KB to a datagram's content."""
HELD_MAX = 256
"""Datagrams kept while the adapter is on hold."""
_HEADERS_BYTES = 28
"""Of IP and UDP; Ice takes them off the size of the buffer."""


class Datagrams:
    """Either end. Behaves like a connection as far as requests without an answer need one."""

    def __init__(self, runtime: Runtime, adapter: Any = None, connection_id: str = "") -> None:
        self.active = True
        self.connection_id = connection_id
        self._runtime = runtime
        self._incoming = adapter is not None
        self._dispatch = Dispatch(runtime, self, adapter)
        self._socket: DatagramSocket | None = None
        self.endpoint: UdpEndpoint | None = None
        self.batch: Any = None
        """What fixed proxies have gathered."""
        self._end: LocalException | None = None
        self._peer = ("", 0)
        self._group = ("", 0)
        self._bytes_max = datagram_bytes_max(runtime.properties, "Ice.UDP.SndSize")
        self._taken_bytes_max = datagram_bytes_max(runtime.properties, "Ice.UDP.RcvSize")
        self._level = compression_level(runtime.properties)
        self._serving: dict[Current, None] = {}
        self._gone: list[Deferred[None]] = []
        self._limit: IDelayedCall | None = None
        self._on_close: list[Callable[[Any], object]] = []
        self._waiting: deque[tuple[bytes, str, int]] | None = None

    def listen(self, endpoint: UdpEndpoint) -> UdpEndpoint:
        """Serve what arrives there; the endpoint with its real port. Raises `CannotListenError`."""
        runtime = self._runtime
        group = endpoint.host if is_group(endpoint.host) else ""
        options = attrs.evolve(self._options(), group=group, interface=endpoint.interface)
        host = endpoint.host or runtime.transports.any_host()
        self._socket = runtime.world.datagrams(host, endpoint.port, self.received, options)
        endpoint = attrs.evolve(endpoint, port=self._socket.address()[1])
        self._group = (group, endpoint.port) if group else ("", 0)
        self.endpoint = endpoint
        return endpoint

    def dial(self, endpoint: UdpEndpoint, address: str) -> None:
        """Send to that address, from now on."""
        any_host = endpoint.source or ("::" if ":" in address else "")
        self.endpoint = endpoint
        self._peer = (address, endpoint.port)
        if is_group(address):
            self._group = self._peer
        options = attrs.evolve(self._options(), interface=endpoint.interface, ttl=endpoint.ttl)
        self._socket = self._runtime.world.datagrams(any_host, 0, self.received, options)

    def received(self, data: bytes, host: str, port: int) -> None:
        """Serve what is in one datagram."""
        if self._waiting is not None:
            self._waiting.append((data, host, port))
            return
        runtime = self._runtime
        turn = runtime.turn
        turn.enter()
        try:
            if self._dispatch.adapter is None:
                raise MarshalException("nobody serves here")
            self._check(data, (host, port))
            if self._incoming:
                self._peer = (host, port)
            self._serve(whole_message(data, runtime.message_bytes_max))
        except ProtocolException as error:
            runtime.counters.bad_datagrams += 1
            runtime.trace.dropped(f"{host}:{port}", error)
            told = f"{type(error).__name__}: {error}"
            runtime.fault("a datagram of {peer} is dropped: {told}", peer=f"{host}:{port}", told=told)
        finally:
            turn.leave()

    # For the adapter.

    @property
    def serving(self) -> bool:
        """Whether a request is being served."""
        return bool(self._serving)

    def under_way(self) -> list[Current]:
        """What is being served."""
        return list(self._serving)

    def hold(self) -> None:
        """Keep what comes until `release`; of too many the oldest are lost, as datagrams may be."""
        if self._waiting is None:
            self._waiting = deque(maxlen=HELD_MAX)

    def release(self) -> None:
        waiting, self._waiting = self._waiting, None
        for datagram in waiting or ():
            self.received(*datagram)

    # For calls.

    def send_one_way(self, call: Call, message: bytes) -> None:
        """Send it, or tell the call that it is too large."""
        if self.endpoint is not None and self.endpoint.compress:
            message = deflated(message, self._level)
        if len(message) > self._bytes_max:
            told = f"a datagram of {len(message)} bytes, more than the {self._bytes_max} allowed"
            call.lost(DatagramLimitException(told), False)
            return
        if not self._peer[0]:
            call.lost(SocketException("nobody has sent anything that could be answered"), False)
            return
        assert self._socket is not None
        self._runtime.trace.message("sending", message)
        self._socket.send(message, *self._peer)
        call.sent()

    def send_call(self, call: Call, head: bytes, params: bytes | bytearray) -> int:
        """Nothing is answered in datagrams."""
        call.lost(NoEndpointException("a datagram cannot be answered"), False)
        return 0

    def send_raw_call(self, call: Call, make: Callable[[int], bytes]) -> int:
        """Nothing is answered in datagrams."""
        return self.send_call(call, b"", b"")

    def forget_call(self, request_id: int) -> None:
        """Nothing waits for an answer."""

    # For the dispatch of requests.

    def send(self, message: Answer) -> None:
        """There are no answers."""

    def dispatch_began(self, current: Current) -> None:
        self._serving[current] = None

    def dispatch_ended(self, current: Current, answer: Answer | None) -> None:
        self._serving.pop(current, None)
        self._finished()

    # Ice's own interface of a connection.

    def createProxy(self, identity: Identity) -> Any:
        return self._runtime.fixed_proxy(self, ProxyData(identity, mode=Mode.datagram))

    def setAdapter(self, adapter: Any) -> None:
        """Let who is sent to call the objects of `adapter`; None: no objects."""
        if adapter is not None:
            adapter.check_usable()
        self._dispatch = Dispatch(self._runtime, self, adapter)

    def getAdapter(self) -> Any:
        return self._dispatch.adapter

    def getInfo(self) -> ConnectionInfo:
        """Raises why it was closed once it is."""
        self.throwException()
        socket = self._socket
        here, buffers = self._here(), socket.buffers() if socket is not None else (0, 0)
        whose = Whose(self._incoming, self._dispatch.adapter, self.connection_id)
        return datagram_info(whose, here, self._peer, self._group, buffers)

    def getEndpoint(self) -> UdpEndpoint | None:
        """Where they are sent, or where the adapter listens."""
        return self.endpoint

    def type(self) -> str:
        return "udp"

    def timeout(self) -> int:
        """None."""
        return -1

    def toString(self) -> str:
        """Both ends' addresses, and the group's."""
        here = self._here()
        text = f"local address = {here[0]}:{here[1]}"
        if not self._incoming:
            text += f"\nremote address = {self._peer[0]}:{self._peer[1]}"
        if self._group[0]:
            text += f"\nmulticast address = {self._group[0]}:{self._group[1]}"
        return text

    def _here(self) -> tuple[str, int]:
        if self._socket is None:
            return "", 0
        host, port = self._socket.address()
        return (host if self._incoming else self._socket.address_towards(self._peer[0])), port

    def throwException(self) -> None:
        """Raise why it was closed, if it was."""
        if self._end is not None:
            raise self._end

    def setBufferSize(self, rcvSize: int, sndSize: int) -> None:
        """How many bytes the system shall keep, received and to be sent; 0: as it is."""
        self.throwException()
        if self._socket is not None:
            self._socket.set_buffers(rcvSize, sndSize)

    def getACM(self) -> ACM:
        """Nothing is kept alive or closed."""
        return ACM(0, ACMClose.CloseOff, ACMHeartbeat.HeartbeatOff)

    def setACM(
        self, timeout: float | None = None, close: int | None = None, heartbeat: int | None = None
    ) -> None:
        """There is nothing to change."""

    def flushBatchRequests(self, compress: Any = None) -> Deferred[None]:
        """Send what fixed proxies have gathered."""
        if self.batch is None:
            return succeed(None)
        flushed: Deferred[None] = self.batch.flush(compress)
        return flushed

    def setCloseCallback(self, callback: Callable[[Any], object] | None) -> None:
        self._on_close = [] if callback is None else [*self._on_close, callback]

    def setHeartbeatCallback(self, callback: Callable[[Any], object] | None) -> None:
        """There are no heartbeats."""

    def heartbeat(self) -> None:
        """There are no heartbeats."""

    def close(self, mode: ConnectionClose = ConnectionClose.GracefullyWithWait) -> Deferred[None]:
        return self.finish(ConnectionManuallyClosedException(True, "closed by the application"))

    # The end.

    def finish(self, end: LocalException) -> Deferred[None]:
        """Take no more; fires when what has come is served, or has taken too long."""
        if self.active:
            self.active = False
            self._end = end
            socket = self._socket
            closing = maybeDeferred(socket.close) if socket is not None else succeed(None)
            self._runtime.world.background("closing a datagram socket", closing)
            callbacks, self._on_close = self._on_close, []
            for callback in callbacks:
                callback(self)
            self._limit = self._runtime.world.call_later(self._runtime.drain_s, self._serve_no_longer)
        waiting: Deferred[None] = Deferred()
        self._gone.append(waiting)
        self._finished()
        return waiting

    def _options(self) -> DatagramOptions:
        read = self._runtime.properties.getPropertyAsInt
        return DatagramOptions(max(0, read("Ice.UDP.RcvSize")), max(0, read("Ice.UDP.SndSize")))

    def _check(self, data: bytes, sender: tuple[str, int]) -> None:
        """Whether a datagram is taken at all. A connected socket takes those of the first who sends."""
        if len(data) > self._taken_bytes_max:
            raise DatagramLimitException(f"{len(data)} bytes, more than the {self._taken_bytes_max} allowed")
        bound = self.endpoint is not None and self.endpoint.connect and self._peer[0]
        if bound and self._peer != sender:
            raise MarshalException("this socket is connected to somebody else")

    def _serve(self, message: bytes) -> None:
        self._runtime.trace.message("received", message)
        kind = message[8]
        if kind == BATCH:
            self._dispatch.batch(message)
        elif kind == REQUEST and not read_request_id(message):
            self._dispatch.request(message)
        else:
            raise MarshalException("only requests that want no answer can be in a datagram")

    def _serve_no_longer(self) -> None:
        self._serving.clear()
        self._finished()

    def _finished(self) -> None:
        if not self.active and not self._serving:
            if self._limit is not None and self._limit.active():
                self._limit.cancel()
            waiting, self._gone = self._gone, []
            for deferred in waiting:
                deferred.callback(None)


def whole_message(data: bytes, limit: int) -> bytes:
    """The one message a datagram is. Raises a `ProtocolException` when it is less or more."""
    framer = Framer(limit)
    messages = framer.receive(data)
    if framer.error is not None:
        raise framer.error
    if not messages or int.from_bytes(data[10:HEADER_BYTES], "little") != len(data):
        raise MarshalException(f"a datagram of {len(data)} bytes is not one message")
    return messages[0]


def datagram_bytes_max(properties: Properties, name: str) -> int:
    """The largest datagram sent or taken: Ice's rule for `Ice.UDP.SndSize` and `Ice.UDP.RcvSize`."""
    size = properties.getPropertyAsInt(name)
    return min(DATAGRAM_BYTES_MAX, size - _HEADERS_BYTES) if size > _HEADERS_BYTES else DATAGRAM_BYTES_MAX
