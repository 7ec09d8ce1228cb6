"""A connection tells where it comes from and goes to, and nothing that it has not learnt."""

from twisted.internet.address import IPv4Address
from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.handshakes import StreamInfo
from pushnet.rpc.info import (
    ConnectionInfo,
    SSLConnectionInfo,
    TCPConnectionInfo,
    Whose,
    WSConnectionInfo,
    peer_name,
    stream_info,
)
from pushnet.wire.endpoints import SSL, TCP, WS, WSS
from tests.rpc.given import PORT, Grid


class Nowhere:
    """A transport to no address."""

    def getPeer(self) -> str:
        return "a pipe"


class InfoTest(SynchronousTestCase):
    def test_a_peer_is_named_by_its_address(self) -> None:
        self.assertEqual(peer_name(Nowhere()), "a pipe:")

    def test_both_ends_of_a_plain_connection(self) -> None:
        grid = Grid(self)
        _, proxy = grid.pair()
        outgoing = grid.wait(proxy.ice_connectionId("mine").ice_getConnection()).getInfo()
        self.assertEqual((outgoing.incoming, outgoing.adapterName), (False, ""))
        self.assertEqual((outgoing.connectionId, outgoing.remotePort), ("mine", PORT))
        (adapter,) = grid.communicator("server")._adapters.all()
        grid.simulation.run_for(1)
        incoming = adapter.connections[0].getInfo()
        self.assertEqual((incoming.incoming, incoming.adapterName), (True, adapter.name))
        self.assertEqual(
            (incoming.remoteAddress, incoming.remotePort), (outgoing.localAddress, outgoing.localPort)
        )
        self.assertEqual(
            (incoming.cipher, incoming.certs, incoming.verified, incoming.headers), ("", (), False, {})
        )
        self.assertIsInstance(incoming, TCPConnectionInfo)
        self.assertFalse(hasattr(incoming, "resource"))

    def test_each_layer_has_its_own_and_answers_for_those_below(self) -> None:
        class Transport:
            def getHost(self) -> IPv4Address:
                return IPv4Address("TCP", "192.0.2.1", 1)

            def getPeer(self) -> IPv4Address:
                return IPv4Address("TCP", "192.0.2.2", 2)

        stream = StreamInfo("CIPHER", ("cert",), True, {"Host": "h"})
        for kind, kinds in (
            (TCP, [TCPConnectionInfo]),
            (SSL, [SSLConnectionInfo, TCPConnectionInfo]),
            (WS, [WSConnectionInfo, TCPConnectionInfo]),
            (WSS, [WSConnectionInfo, SSLConnectionInfo, TCPConnectionInfo]),
        ):
            info = stream_info(kind, Transport(), Whose(False, None, "id"), stream, (10, 20))
            self.assertEqual((info.remoteAddress, info.remotePort), ("192.0.2.2", 2))
            self.assertEqual((info.rcvSize, info.sndSize), (10, 20))
            learnt = ("CIPHER", True) if kind in (SSL, WSS) else ("", False)
            self.assertEqual((info.cipher, info.verified), learnt)
            self.assertEqual(info.headers, {"Host": "h"} if kind in (WS, WSS) else {})
            layers = []
            layer: ConnectionInfo | None = info
            while layer is not None:
                layers.append(type(layer))
                self.assertEqual((layer.incoming, layer.adapterName, layer.connectionId), (False, "", "id"))
                layer = layer.underlying
            self.assertEqual(layers, kinds)
