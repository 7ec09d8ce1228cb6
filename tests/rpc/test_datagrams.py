"""Requests in datagrams arrive or do not; what cannot be in one is dropped, or refused at home."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.datagrams import DATAGRAM_BYTES_MAX, datagram_bytes_max, whole_message
from pushnet.rpc.exceptions import (
    DatagramLimitException,
    DNSException,
    NoEndpointException,
    ProtocolException,
    SocketException,
    TwowayOnlyException,
)
from pushnet.rpc.info import UDPConnectionInfo
from pushnet.rpc.properties import Properties
from pushnet.wire.identity import Identity
from pushnet.wire.message import CLOSE_MESSAGE, MESSAGE_BYTES_MAX, VALIDATE_MESSAGE
from pushnet.wire.request import batch_message, encapsulated, head_bytes, request_message, target_bytes
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid

UDP = "object -d:udp -h server -p 4000"
HEAD = head_bytes(target_bytes(Identity("object"), "", "nothing", 0), {})


class DatagramsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant = EverythingI()

    def serve(self, endpoints: str = "udp -h server -p 4000") -> ObjectAdapter:
        adapter = self.grid.communicator("server").createObjectAdapterWithEndpoints("A", endpoints)
        adapter.add(self.servant, Identity("object"))
        self.grid.wait(adapter.activate())
        return adapter

    def proxy(self, text: str = UDP, **properties: str) -> EverythingPrx:
        self.grid.communicator("client", **properties)
        return EverythingPrx(self.grid.proxy("client", text).ice_reference)

    def settle(self) -> None:
        self.grid.simulation.run_for(1)

    def test_a_request_arrives_and_is_not_answered(self) -> None:
        adapter = self.serve()
        proxy = self.proxy()
        for _ in range(3):
            self.assertIsNone(self.grid.wait(proxy.nothing()))
        self.settle()
        self.assertEqual(self.servant.called, ["nothing"] * 3)
        self.grid.wait(adapter.deactivate())
        self.grid.wait(proxy.nothing())
        self.settle()
        self.assertEqual(len(self.servant.called), 3)

    def test_a_batch_is_one_datagram_and_no_larger_than_one_may_be(self) -> None:
        self.serve()
        heard: list[int] = []
        air = self.grid.simulation.network.air
        (socket,) = air.of_host("server")
        receive = socket.receive
        socket.receive = lambda data, host, port: (heard.append(len(data)), receive(data, host, port))
        batch = self.proxy().ice_batchDatagram()
        for _ in range(3000):
            batch.nothing({"k": "v" * 20})
        self.grid.wait(batch.ice_flushBatchRequests())
        self.settle()
        self.assertEqual(len(self.servant.called), 3000)
        self.assertGreater(len(heard), 1)
        self.assertLessEqual(max(heard), DATAGRAM_BYTES_MAX)

    def test_what_is_too_large_is_refused_at_home(self) -> None:
        self.serve()
        proxy = self.proxy(Ice_UDP_SndSize="1028")
        with self.assertRaises(DatagramLimitException):
            self.grid.wait(proxy.nothing({"k": "v" * 1000}))
        self.grid.wait(proxy.nothing({"k": "v" * 900}))
        self.settle()
        self.assertEqual(len(self.servant.called), 1)

    def test_the_limit_follows_the_buffer(self) -> None:
        for size, limit in (("", DATAGRAM_BYTES_MAX), ("1028", 1000), ("9999999", DATAGRAM_BYTES_MAX)):
            for name in ("Ice.UDP.SndSize", "Ice.UDP.RcvSize"):
                self.assertEqual(datagram_bytes_max(Properties({name: size}), name), limit)

    def test_operations_with_results_cannot_be_called(self) -> None:
        with self.assertRaises(TwowayOnlyException):
            self.grid.wait(self.proxy().add(1, 2))

    def test_a_datagram_proxy_needs_a_datagram_endpoint_and_the_reverse(self) -> None:
        for text in ("object -d:tcp -h server -p 4000", "object:udp -h server -p 4000"):
            with self.assertRaises(NoEndpointException):
                self.grid.wait(self.proxy(text).nothing())

    def test_a_host_nobody_knows(self) -> None:
        with self.assertRaises(DNSException):
            self.grid.wait(self.proxy("object -d:udp -h nowhere -p 1").nothing())

    def test_one_adapter_serves_streams_and_datagrams(self) -> None:
        adapter = self.serve("tcp -h server -p 4000:udp -h server -p 4000")
        proxy = self.proxy(str(adapter.createProxy(Identity("object"))))
        self.assertEqual(self.grid.wait(proxy.add(1, 2)), 3)
        self.grid.wait(proxy.ice_datagram().nothing())
        self.settle()
        self.assertEqual(self.servant.called, ["add", "nothing"])
        self.assertEqual(self.grid.wait(proxy.ice_datagram().ice_twoway().add(2, 2)), 4)

    def test_bad_datagrams_are_dropped_and_counted(self) -> None:
        self.serve()
        world = self.grid.communicator("client").world
        socket = world.datagrams("", 0, lambda data, host, port: None)
        good = request_message(0, HEAD, b"")
        bad = [
            b"",
            b"x",
            good[:-1],
            good + b"x",
            good + good,
            request_message(7, HEAD, b""),
            VALIDATE_MESSAGE,
            CLOSE_MESSAGE,
            good.replace(b"IceP", b"IceQ"),
            batch_message([HEAD + b"\0\0\0\0\1\1"]),
        ]
        for data in [*bad, good]:
            socket.send(data, self.grid.simulation.network.address_of("server"), 4000)
        self.settle()
        self.assertEqual(self.grid.communicator("server").counters.bad_datagrams, len(bad))
        self.assertEqual(self.servant.called, ["nothing"])

    def test_who_only_sends_drops_what_comes_back(self) -> None:
        self.serve()
        proxy = self.proxy()
        self.grid.wait(proxy.nothing())
        connection: Any = self.grid.wait(proxy.ice_getConnection())
        host, port = connection.getInfo().localAddress, connection.getInfo().localPort
        socket = self.grid.communicator("server").world.datagrams("", 0, lambda data, host, port: None)
        socket.send(request_message(0, HEAD, b""), host, port)
        self.settle()
        self.assertEqual(self.grid.communicator("client").counters.bad_datagrams, 1)

    def test_what_a_connection_can_and_a_datagram_cannot(self) -> None:
        self.serve()
        connection = self.grid.wait(self.proxy().ice_getConnection())
        fixed = connection.createProxy(Identity("object"))
        with self.assertRaises(NoEndpointException):
            self.grid.wait(fixed.ice_twoway().ice_ping())
        with self.assertRaises(NoEndpointException):
            self.grid.wait(fixed.ice_twoway().ice_invoke("x", 0, encapsulated(b"")))
        self.assertEqual(connection.getACM().timeout, 0)
        connection.setBufferSize(2048, 1024)
        self.assertEqual(connection.getInfo().remotePort, 4000)
        closed: list[Any] = []
        connection.setCloseCallback(closed.append)
        self.grid.wait(connection.close())
        self.assertEqual(closed, [connection])
        self.grid.wait(self.proxy().nothing())

    def test_who_listens_may_call_back_whoever_has_sent_last(self) -> None:
        self.serve()
        backs = []
        for host in ("client", "other"):
            proxy = EverythingPrx(self.grid.proxy(host, UDP).ice_reference)
            callbacks = self.grid.communicator(host).createObjectAdapterWithEndpoints("", "")
            backs.append(EverythingI())
            callbacks.add(backs[-1], Identity("back"))
            self.grid.wait(callbacks.activate())
            connection: Any = self.grid.wait(proxy.ice_getConnection())
            connection.setAdapter(callbacks)
            self.assertIs(connection.getAdapter(), callbacks)
            self.grid.wait(proxy.nothing())
            self.settle()
        back: Any = self.servant.connections[-1].createProxy(Identity("back"))
        self.grid.wait(EverythingPrx(back.ice_reference).nothing())
        batch = EverythingPrx(back.ice_batchDatagram().ice_reference)
        batch.nothing()
        batch.nothing()
        self.grid.wait(self.servant.connections[-1].flushBatchRequests())
        self.settle()
        self.assertEqual([len(each.called) for each in backs], [0, 3])

    def test_nobody_can_be_called_back_before_anything_has_come(self) -> None:
        adapter = self.serve()
        (datagrams,) = adapter._doors._datagrams
        self.assertEqual(self.grid.wait(datagrams.flushBatchRequests()), None)
        with self.assertRaises(SocketException):
            self.grid.wait(EverythingPrx(datagrams.createProxy(Identity("x")).ice_reference).nothing())

    def test_everyone_who_listens_at_a_group_is_reached(self) -> None:
        servants = [self.servant, EverythingI()]
        adapters = []
        for host, servant in zip(("server", "other"), servants, strict=True):
            communicator = self.grid.communicator(host)
            adapter = communicator.createObjectAdapterWithEndpoints("G", "udp -h 239.1.2.3 -p 4100")
            adapter.add(servant, Identity("object"))
            self.grid.wait(adapter.activate())
            adapters.append(adapter)
        self.assertEqual(str(adapters[0].getPublishedEndpoints()[0]), "udp -h 239.1.2.3 -p 4100")
        text = "object -d:udp -h 239.1.2.3 -p 4100 --ttl 3 --interface eth0"
        proxy = EverythingPrx(self.grid.proxy("client", text).ice_reference)
        self.grid.wait(proxy.nothing())
        self.settle()
        self.assertEqual([servant.called for servant in servants], [["nothing"], ["nothing"]])
        connection: Any = self.grid.wait(proxy.ice_getConnection())
        info = connection.getInfo()
        self.assertIsInstance(info, UDPConnectionInfo)
        self.assertEqual((info.mcastAddress, info.mcastPort), ("239.1.2.3", 4100))
        self.assertIn("multicast address = 239.1.2.3:4100", connection.toString())
        self.assertEqual((connection.type(), connection.timeout()), ("udp", -1))
        self.assertEqual(connection.getEndpoint().ttl, 3)

    def test_large_ones_are_compressed_where_the_endpoint_says_so(self) -> None:
        sizes: list[int] = []
        world = self.grid.communicator("server").world
        world.datagrams("", 4200, lambda data, host, port: sizes.append(len(data)))
        for option in ("", " -z"):
            proxy: Any = self.grid.proxy("client", f"object -d:udp -h server -p 4200{option}")
            self.grid.wait(proxy.ice_invoke("x", 0, encapsulated(bytes(5000))))
        self.settle()
        self.assertTrue(max(sizes) > 5000 > 500 > min(sizes), sizes)

    def test_a_connected_server_takes_what_the_first_sends(self) -> None:
        self.serve("udp -h server -p 4000 -c")
        for host in ("client", "stranger", "client"):
            proxy = EverythingPrx(self.grid.proxy(host, "object -d:udp -h server -p 4000").ice_reference)
            self.grid.wait(proxy.nothing())
            self.settle()
        self.assertEqual(self.servant.called, ["nothing"] * 2)
        self.assertEqual(self.grid.communicator("server").counters.bad_datagrams, 1)

    def test_what_is_larger_than_the_buffer_is_not_taken(self) -> None:
        self.grid.communicator("server", Ice_UDP_RcvSize="1000")
        self.serve()
        proxy: Any = self.grid.proxy("client", "object -d:udp -h server -p 4000")
        self.grid.wait(proxy.ice_invoke("x", 0, encapsulated(bytes(1000))))
        self.settle()
        self.assertEqual(self.grid.communicator("server").counters.bad_datagrams, 1)

    def test_deactivation_waits_for_what_is_served_but_not_for_ever(self) -> None:
        self.servant.gate = Deferred()
        adapter = self.serve()
        self.grid.wait(self.proxy().nothing())
        self.settle()
        ending = adapter.deactivate()
        self.settle()
        self.assertFalse(ending.called)
        self.grid.simulation.run_for(self.grid.communicator("server").drain_s)
        self.assertTrue(ending.called)

    def test_a_port_that_is_taken(self) -> None:
        self.serve()
        with self.assertRaises(SocketException):
            self.grid.communicator("server").createObjectAdapterWithEndpoints("B", "udp -p 4000")

    def test_destroying_both_sides_leaves_nothing(self) -> None:
        self.serve()
        self.grid.wait(self.proxy().nothing())
        for communicator in self.grid.communicators.values():
            self.grid.wait(communicator.destroy())
        self.settle()
        self.assertEqual(self.grid.simulation.leftovers(), [])

    @given(st.binary(max_size=200))
    def test_garbage_is_the_peers_fault(self, data: bytes) -> None:
        for each in (data, b"IceP\x01\x00\x01\x00" + data):
            try:
                message = whole_message(each, MESSAGE_BYTES_MAX)
            except ProtocolException:
                continue
            self.assertEqual(message, each)
