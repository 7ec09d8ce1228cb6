"""Whole connections: hostile requests to a servant with every type, hostile replies to its callers.

The connections are real, on transports in memory; the communicators live in a simulated world.
"""

from __future__ import annotations

from functools import cache
from struct import error as StructError
from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.logger import Logger
from twisted.python.failure import Failure

from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.connection import Connection
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.stubs import UserException
from pushnet.sim.simulation import Simulation
from pushnet.wire.identity import Identity
from pushnet.wire.message import BATCH, REPLY, REQUEST, VALIDATE_MESSAGE, Framer
from tests.fuzz.target import Target
from tests.fuzz.targets.wire import message
from tests.golden.everything import EverythingPrx
from tests.interop.everything import EverythingI, fixed

OBJECT = Identity("o")
CALLS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("add", (1, 2)),
    ("echoFixed", (fixed(1),)),
    ("echoMixeds", ([],)),
    ("echoProxies", ([],)),
    ("echoByKey", ({},)),
    ("echoColors", ([],)),
    ("divide", (1, 0)),
    ("several", ("a", 1)),
    ("maybe", (None, None)),
    ("refuse", ("a",)),
)


@attrs.define
class House:
    """A communicator with one object, and what it has logged."""

    simulation: Simulation
    communicator: Communicator
    adapter: ObjectAdapter
    servant: EverythingI
    logged: list[Any]

    def connect(self, incoming: bool) -> tuple[Connection, StringTransport]:
        connection = Connection(
            self.communicator, self, self.adapter if incoming else None, incoming=incoming
        )
        transport = StringTransport()
        connection.makeConnection(transport)
        return connection, transport

    def connection_gone(self, connection: Connection) -> None:
        """An owner is told; nothing is kept here."""

    def end(self, connection: Connection) -> None:
        """Hang up, let what is left over happen, and look what was logged.

        A generated reader that runs out of bytes is answered as a `MarshalException`; the log has the cause.
        """
        connection.connectionLost(Failure(ConnectionDone()))
        self.simulation.run_for(0)
        self.servant.noted_numbers.clear()
        logged = [event["log_failure"].value for event in self.logged if "log_failure" in event]
        self.logged.clear()
        for error in logged:
            if (
                not isinstance(error, LocalException | StructError | IndexError)
                and str(error) != "nobody expects this in /a/file"
            ):
                raise error


@cache
def house() -> House:
    simulation = Simulation(1)
    communicator = Communicator(simulation.host("a").boot())
    logged: list[Any] = []
    communicator.log = Logger(namespace="fuzz", observer=logged.append)
    adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h a -p 1")
    servant = EverythingI()
    adapter.add(servant, OBJECT)
    adapter.addFacet(servant, OBJECT, "f")
    return House(simulation, communicator, adapter, servant, logged)


def requests(data: bytes) -> None:
    """The first byte tells whether it is a request (0), the bytes after a header (1), or all of it."""
    kind = data[:1]
    if kind in (b"\0", b"\1"):
        data = message(REQUEST if kind == b"\0" else BATCH, data[1:])
    at = house()
    connection, transport = at.connect(incoming=True)
    connection.dataReceived(data)
    answers = Framer(2**30)
    answers.receive(transport.value())
    assert answers.error is None, "we have written what is no message"
    at.end(connection)


def replies(data: bytes) -> None:
    """The first byte tells the call, the rest is the reply behind the request id."""
    at = house()
    connection, _ = at.connect(incoming=False)
    connection.dataReceived(VALIDATE_MESSAGE)
    proxy = EverythingPrx(connection.createProxy(OBJECT).ice_reference)
    name, arguments = CALLS[data[0] % len(CALLS) if data else 0]
    called = getattr(proxy, name)(*arguments)
    (request_id,) = connection.pending
    end_of(called, connection, message(REPLY, request_id.to_bytes(4, "little") + data[1:]))


def end_of(called: Deferred[Any], connection: Connection, reply: bytes) -> None:
    """The reply comes. A call ends with a result, or with an error a caller may expect."""
    ended: list[Any] = []
    called.addBoth(ended.append)
    connection.dataReceived(reply)
    house().end(connection)
    (end,) = ended
    if isinstance(end, Failure) and not isinstance(end.value, LocalException | UserException):
        assert end.value is not None
        raise end.value


TARGETS = (
    Target("requests", requests, (), share=8, bytes_per_byte=40),
    Target("replies", replies, (), share=5, bytes_per_byte=40),
)
