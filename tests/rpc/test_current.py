"""What a servant learns of the call it serves."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class KeepingI(EverythingI):
    kept: Current

    def nothing(self, current: Current | None = None) -> None:
        assert current is not None
        self.kept = current


class CurrentTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant = KeepingI()
        self.adapter = self.grid.serve("server", self.servant)
        self.proxy = self.grid.proxy("client", "object:tcp -h server -p 4000")

    def call(self, context: dict[str, str] | None = None, one_way: bool = False) -> Current:
        proxy = EverythingPrx(self.proxy.ice_reference)
        self.grid.wait((proxy.ice_oneway() if one_way else proxy).nothing(context))
        self.grid.simulation.run_for(0.5)
        return self.servant.kept

    def test_it_says_who_is_called_and_how(self) -> None:
        current = self.call()
        self.assertEqual((current.id, current.facet, current.operation), (Identity("object"), "", "nothing"))
        self.assertEqual(current.mode, 0)
        self.assertIs(current.adapter, self.adapter)

    def test_a_one_way_request_has_no_id(self) -> None:
        self.assertGreater(self.call().requestId, 0)
        self.assertEqual(self.call(one_way=True).requestId, 0)

    def test_what_is_changed_in_the_context_stays_in_that_request(self) -> None:
        current = self.call({"a": "b"})
        current.ctx["a"] = "changed"
        self.assertEqual(current.ctx, {"a": "changed"})
        self.assertEqual(self.call({"a": "b"}).ctx, {"a": "b"})

    def test_the_connection_says_where_the_call_came_from(self) -> None:
        info = self.call().con.getInfo()
        self.assertTrue(info.incoming)
        mine = self.grid.communicators["client"]._connections()[0].getInfo()
        self.assertEqual((info.remoteAddress, info.remotePort), (mine.localAddress, mine.localPort))
        self.assertEqual(info.localPort, 4000)
        self.assertEqual(info.adapterName, self.adapter.getName())

    def test_without_a_deadline_there_is_none(self) -> None:
        self.assertIsNone(self.call().deadline)
        current = self.call({"_pn.dl": "2000"})
        assert current.deadline is not None
        self.assertGreater(current.deadline, 0)
