"""A batch leaves whole when it is flushed, and by itself before it outgrows a message."""

from twisted.trial.unittest import SynchronousTestCase

from tests.rpc.given import Grid


class BatchTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant, self.proxy = self.grid.pair()
        self.batch = self.proxy.ice_batchOneway()

    def test_a_flush_of_nothing_is_done_at_once(self) -> None:
        self.assertIsNone(self.successResultOf(self.batch.ice_flushBatchRequests()))

    def test_requests_arrive_in_order_and_once(self) -> None:
        for number in range(5):
            self.batch.nothing({"number": str(number)})
        self.grid.wait(self.batch.ice_flushBatchRequests())
        self.grid.wait(self.batch.ice_flushBatchRequests())
        self.grid.simulation.run_for(1)
        self.assertEqual([context["number"] for context in self.servant.contexts], list("01234"))

    def test_a_batch_is_flushed_before_it_is_larger_than_a_message_may_be(self) -> None:
        padding = "x" * 100_000
        for number in range(25):
            self.batch.nothing({"padding": padding, "number": str(number)})
        self.grid.simulation.run_for(10)
        arrived = len(self.servant.called)
        self.assertTrue(0 < arrived < 25, arrived)
        self.grid.wait(self.batch.ice_flushBatchRequests())
        self.grid.simulation.run_for(10)
        self.assertEqual(len(self.servant.called), 25)
