"""Listening sockets that this process was started with."""

from __future__ import annotations

import os
import socket
from typing import Any

from twisted.internet import reactor as installed_reactor
from twisted.internet.protocol import Factory, Protocol
from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.app.realworld_inherited import Inherited
from pushnet.app.realworld_network import EpollSockets, NoDelayServerEndpoint
from pushnet.world import LISTENING_SOCKETS

reactor: Any = installed_reactor


class InheritedTest(SynchronousTestCase):
    def test_a_socket_is_taken_once_by_its_address(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as held:
            port = held.getsockname()[1]
            inherited = Inherited(f"127.0.0.1:{port}={os.dup(held.fileno())}")
            self.assertIsNone(inherited.take("127.0.0.1", port + 1))
            taken = inherited.take("127.0.0.1", port)
            assert taken is not None
            self.assertEqual(taken.getsockname()[1], port)
            taken.close()
            self.assertIsNone(inherited.take("127.0.0.1", port))

    def test_all_interfaces_are_meant_by_each_of_their_names(self) -> None:
        with socket.create_server(("", 0)) as held:
            port = held.getsockname()[1]
            taken = Inherited(f":{port}={os.dup(held.fileno())}").take("0.0.0.0", port)
            assert taken is not None
            taken.close()

    def test_what_we_start_does_not_have_them(self) -> None:
        environment = {LISTENING_SOCKETS: "", "A": "b"}
        Inherited.of(environment)
        self.assertEqual(environment, {"A": "b"})

    def test_the_hub_takes_them_too(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as held:
            port = held.getsockname()[1]
            inherited = Inherited(f"127.0.0.1:{port}={os.dup(held.fileno())}")
            listener = EpollSockets(reactor, inherited).listen("127.0.0.1", port, 1)
            self.assertEqual(listener.address(), ("127.0.0.1", port))
            listener.close()


class EndpointTest(TestCase):
    async def test_an_endpoint_without_one_listens_itself(self) -> None:
        port = await NoDelayServerEndpoint(reactor, "127.0.0.1", 0).listen(Factory())
        await port.stopListening()

    async def test_an_address_of_ipv6_is_inherited_like_any_other(self) -> None:
        with socket.create_server(("::1", 0), family=socket.AF_INET6) as held:
            number = held.getsockname()[1]
            inherited = Inherited(f"::1:{number}={os.dup(held.fileno())}")
            port = await NoDelayServerEndpoint(reactor, "::1", number, inherited=inherited).listen(Factory())
            self.assertEqual(port.getHost().port, number)
            await port.stopListening()
            with socket.create_connection(("::1", number), 5):
                """Whoever else has the socket goes on."""

    async def test_who_has_connected_when_a_port_closes_is_let_in(self) -> None:
        met: list[Protocol] = []
        factory = Factory.forProtocol(lambda: met.append(Protocol()) or met[-1])
        port = await NoDelayServerEndpoint(reactor, "127.0.0.1", 0).listen(factory)
        address = ("127.0.0.1", port.getHost().port)
        callers = [socket.create_connection(address, 5) for _ in range(5)]
        await port.stopListening()
        self.assertEqual(len(met), 5)
        for caller in callers:
            caller.close()
        for each in met:
            each.transport.abortConnection()
