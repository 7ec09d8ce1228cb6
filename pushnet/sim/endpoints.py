"""Twisted's stream endpoints on the simulated network."""

from __future__ import annotations

from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import (
    CannotListenError,
    ConnectingCancelledError,
    ConnectionRefusedError,
    DNSLookupError,
    NoProtocol,
)
from twisted.internet.error import TimeoutError as ConnectTimeoutError
from twisted.internet.interfaces import (
    IAddress,
    IListeningPort,
    IProtocol,
    IProtocolFactory,
    IStreamClientEndpoint,
    IStreamServerEndpoint,
)
from zope.interface import implementer

from pushnet.sim.network import Network
from pushnet.sim.timeline import microseconds
from pushnet.sim.transport import SimTransport, Turns

RETRY_US = 1_000_000
"""TCP repeats an unanswered connection request after a second."""
OWN_NAMES = ("", "127.0.0.1", "localhost", "0.0.0.0")


@implementer(IStreamServerEndpoint)
class SimServerEndpoint:
    """Listens on one host."""

    def __init__(self, network: Network, turns: Turns, host: str, port: int) -> None:
        self._network = network
        self._turns = turns
        self._host = host
        self._port = port

    def listen(self, protocolFactory: IProtocolFactory) -> Deferred[IListeningPort]:
        try:
            port = self._network.doors.listen(self._host, self._port, self._turns, protocolFactory)
        except CannotListenError as error:
            return fail(error)
        self._network.trace.add(f"{self._network.timeline.now_us} listen {self._host}:{port}")
        return succeed(SimPort(self._network, self._turns, self._host, port, protocolFactory))


@implementer(IListeningPort)
class SimPort:
    """What listens."""

    def __init__(
        self, network: Network, turns: Turns, host: str, port: int, factory: IProtocolFactory
    ) -> None:
        self._network = network
        self._turns = turns
        self._host = host
        self._port = port
        self._factory = factory
        self._listening = True
        factory.doStart()

    def startListening(self) -> None:
        """It does, from the start."""

    def stopListening(self) -> Deferred[None]:
        if self._listening:
            self._listening = False
            self._network.doors.leave(self._host, self._port, self._turns)
            self._factory.doStop()
        return succeed(None)

    def getHost(self) -> IAddress:
        return IPv4Address("TCP", self._network.address_of(self._host), self._port)


@implementer(IStreamClientEndpoint)
class SimClientEndpoint:
    """Connects from one host to a named one."""

    def __init__(
        self,
        network: Network,
        turns: Turns,
        source: tuple[str, str],
        target: tuple[str, int],
        timeout_s: float,
    ) -> None:
        self._network = network
        self._turns = turns
        self._source = source
        self._target = target
        self._timeout_s = timeout_s

    def connect(self, protocolFactory: IProtocolFactory) -> Deferred[IProtocol]:
        host = self._network.host_named(self._target[0])
        if host is None:
            return fail(DNSLookupError(f"no host is named {self._target[0]}"))
        name, address = self._source
        here = IPv4Address("TCP", address, self._network.doors.free_port(name))
        attempt = _Attempt(self._network, self._turns, (name, here), (host, self._target[1]), protocolFactory)
        attempt.begin(self._timeout_s)
        return attempt.done


class _Attempt:
    """One connection being made."""

    def __init__(
        self,
        network: Network,
        turns: Turns,
        source: tuple[str, IPv4Address],
        target: tuple[str, int],
        factory: IProtocolFactory,
    ) -> None:
        self.done: Deferred[IProtocol] = Deferred(self._cancel)
        self._network = network
        self._turns = turns
        self._source = source
        self._target = target
        self._factory = factory

    def begin(self, timeout_s: float) -> None:
        self._factory.doStart()
        self._knock()
        self._deadline = self._network.later(microseconds(timeout_s), self._tell, self._give_up)

    def _knock(self) -> None:
        """The request travels; it is repeated while it gets no answer."""
        if not self.done.called:
            here, there = self._source[0], self._target[0]
            self._network.later(self._network.paths.latency_us(here, there), self._tell, self._arrive)

    def _arrive(self) -> None:
        here, there = self._source[0], self._target[0]
        paths = self._network.paths
        if self.done.called:
            return
        if paths.is_blocked(here, there) or paths.is_blocked(there, here) or self._network.is_dark(there):
            self._network.later(RETRY_US, self._knock)
            return
        accepted = self._network.accept(self._source, self._turns, *self._target)
        if accepted is None:
            self._network.later(paths.latency_us(there, here), self._tell, self._refused)
        else:
            transport, heard_us = accepted
            self._network.at(heard_us, self._tell, self._connected, transport)

    def _tell(self, answer: Any, *args: Any) -> None:
        """In the client's process, if it still lives."""
        self._turns.now(answer, *args)

    def _connected(self, transport: SimTransport) -> None:
        if self.done.called:
            transport.process_ended()
            return
        self._no_deadline()
        protocol = self._factory.buildProtocol(transport.getPeer())
        if protocol is None:
            transport.process_ended()
            self.done.errback(NoProtocol())
        else:
            transport.open(protocol)
            self.done.callback(protocol)

    def _refused(self) -> None:
        if not self.done.called:
            self._no_deadline()
            error = ConnectionRefusedError(f"{self._target[0]}:{self._target[1]} refuses")  # type: ignore[no-untyped-call]
            self.done.errback(error)

    def _give_up(self) -> None:
        if not self.done.called:
            error = ConnectTimeoutError(f"{self._target[0]}:{self._target[1]} is silent")  # type: ignore[no-untyped-call]
            self.done.errback(error)

    def _no_deadline(self) -> None:
        """A process that stood still may hear of its answer after the deadline."""
        if self._deadline.active():
            self._deadline.cancel()

    def _cancel(self, done: Deferred[IProtocol]) -> None:
        self._no_deadline()
        there = IPv4Address("TCP", self._target[0], self._target[1])
        done.errback(ConnectingCancelledError(there))  # type: ignore[no-untyped-call]
