"""What a proxy is made of: equal when it calls alike, and a changed one forgets what no longer fits."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.operations import Operation
from pushnet.wire.basic import read_string
from tests.rpc.given import Grid

PING: Operation[None] = Operation("ping", 2, None)


class ReferenceTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.reference = self.grid.proxy("client", "object:tcp -h server -p 4000").ice_reference

    def test_two_that_call_the_same_object_in_the_same_way_are_equal(self) -> None:
        other = self.grid.proxy("client", "object:tcp -h server -p 4000").ice_reference
        self.assertEqual(self.reference, other)
        self.assertEqual(hash(self.reference), hash(other))

    def test_another_facet_or_timeout_makes_another(self) -> None:
        self.assertNotEqual(self.reference, self.reference.changed(facet="f"))
        self.assertNotEqual(self.reference, self.reference.changed(timeout_ms=5))

    def test_an_adapter_id_takes_the_endpoints_away_and_the_reverse(self) -> None:
        indirect = self.reference.changed(adapter_id="A")
        self.assertEqual((indirect.data.adapter_id, indirect.data.endpoints), ("A", ()))
        self.assertTrue(indirect.indirect)
        direct = indirect.changed(endpoints=self.reference.data.endpoints)
        self.assertEqual(direct.data.adapter_id, "")
        self.assertFalse(direct.indirect)

    def test_the_head_of_a_request_is_made_once_for_each_operation(self) -> None:
        self.assertIs(self.reference.head(PING), self.reference.head(PING))
        self.assertEqual(read_string(self.reference.head(PING), 0)[0], "object")

    def test_the_time_left_travels_in_the_context_of_answered_calls_only(self) -> None:
        self.assertEqual(self.reference.context(250), {"_pn.dl": "250"})
        self.assertEqual(self.reference.context(0), {})
        from_one_way = self.reference.changed(mode=type(self.reference.data.mode).oneway)
        self.assertEqual(from_one_way.context(250), {})

    def test_a_proxy_that_only_changes_its_context_keeps_the_connection(self) -> None:
        _, proxy = self.grid.pair()
        self.grid.wait(proxy.ice_ping())
        connection = proxy.ice_getCachedConnection()
        self.assertIsNotNone(connection)
        self.assertIs(proxy.ice_context({"a": "b"}).ice_getCachedConnection(), connection)
        self.assertIsNone(proxy.ice_connectionId("other").ice_getCachedConnection())
