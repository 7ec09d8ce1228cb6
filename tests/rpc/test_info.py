"""A connection tells where it comes from and goes to, and nothing that it has not learnt."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.info import peer_name
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
