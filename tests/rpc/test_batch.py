"""A batch leaves whole when it is flushed, and by itself before it outgrows a message."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.batch import BatchRequest, CompressBatch
from pushnet.rpc.current import Current
from pushnet.rpc.initialization import InitializationData, initialize
from pushnet.wire.identity import Identity
from pushnet.wire.request import encapsulated
from tests.golden.calls import EverythingPrx
from tests.rpc.given import PORT, EverythingI, Grid


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

    def test_a_servant_that_is_taken_away_by_a_request_serves_no_more_of_the_batch(self) -> None:
        class OnceI(EverythingI):
            def nothing(self, current: Current | None = None) -> None:
                assert current is not None
                served.append(current.id)
                current.adapter.remove(current.id)

        served: list[Identity] = []
        self.grid.serve("elsewhere", OnceI(), "once")
        proxy = self.grid.proxy("client", f"once:tcp -h elsewhere -p {PORT}")
        batch = EverythingPrx(proxy.ice_reference).ice_batchOneway()
        for _ in range(3):
            batch.nothing()
        self.grid.wait(batch.ice_flushBatchRequests())
        self.grid.simulation.run_for(1)
        self.assertEqual(served, [Identity("once")])

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

    def test_the_property_says_when_a_batch_leaves_by_itself(self) -> None:
        servant, proxy = self.other(Ice_BatchAutoFlushSize="1")
        batch = proxy.ice_batchOneway()
        for _ in range(100):
            batch.nothing()
        self.grid.simulation.run_for(10)
        arrived = len(servant.called)
        self.assertTrue(70 < arrived < 100, arrived)

    def test_without_a_limit_nothing_leaves_by_itself(self) -> None:
        servant, proxy = self.other(Ice_BatchAutoFlushSize="0")
        batch = proxy.ice_batchOneway()
        for _ in range(20):
            batch.nothing({"padding": "x" * 60_000})
        self.grid.simulation.run_for(10)
        self.assertEqual(servant.called, [])

    def test_a_request_for_what_is_not_there_does_not_trouble_the_others(self) -> None:
        fixed = self.fixed().ice_batchOneway()
        wrong = EverythingPrx(fixed.ice_identity(Identity("invalid")).ice_reference)
        for batch in (fixed, wrong, fixed):
            batch.nothing()
        self.grid.wait(fixed.ice_flushBatchRequests())
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.called, ["nothing"] * 2)

    def test_a_request_by_name_is_gathered_with_the_others(self) -> None:
        self.batch.nothing()
        done = self.batch.ice_invoke("nothing", 0, encapsulated(b""))
        self.assertEqual(self.successResultOf(done), (True, b""))
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.called, [])
        self.grid.wait(self.batch.ice_flushBatchRequests())
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.called, ["nothing"] * 2)

    def test_a_connection_flushes_what_its_fixed_proxies_have_gathered(self) -> None:
        fixed = self.fixed()
        for compress in CompressBatch:
            for batch in (fixed.ice_batchOneway(), fixed.ice_batchOneway().ice_compress(True)):
                batch.nothing({"padding": "x" * 200})
            self.grid.wait(self.grid.wait(self.proxy.ice_getConnection()).flushBatchRequests(compress))
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.called, ["nothing"] * 6)

    def test_a_batch_of_a_connection_is_compressed_when_asked_to(self) -> None:
        fixed = self.fixed()
        sizes = []
        for compress in (CompressBatch.No, CompressBatch.Yes):
            fixed.ice_batchOneway().nothing({"padding": "x" * 5000})
            connection = self.grid.wait(self.proxy.ice_getConnection())
            before = self.arrived_bytes()
            self.grid.wait(connection.flushBatchRequests(compress))
            self.grid.simulation.run_for(1)
            sizes.append(self.arrived_bytes() - before)
        self.assertTrue(sizes[0] > 5000 and sizes[1] < 500, sizes)

    def test_a_batch_is_compressed_as_its_connection_is_unless_it_shall_not_be(self) -> None:
        self.grid = Grid(self)
        self.servant, self.proxy = self.grid.pair(**{"Ice.Override.Compress": "1"})
        fixed = self.fixed()
        sizes = []
        for compress in (CompressBatch.No, CompressBatch.BasedOnProxy, CompressBatch.Yes):
            fixed.ice_batchOneway().nothing({"padding": "x" * 5000})
            connection = self.grid.wait(self.proxy.ice_getConnection())
            before = self.arrived_bytes()
            self.grid.wait(connection.flushBatchRequests(compress))
            self.grid.simulation.run_for(1)
            sizes.append(self.arrived_bytes() - before)
        self.assertTrue(sizes[0] > 5000 and max(sizes[1:]) < 500, sizes)
        self.assertEqual(self.servant.called, ["nothing"] * 3)

    def test_an_interceptor_sees_each_request_and_may_drop_it(self) -> None:
        seen: list[tuple[str, int, int]] = []

        def intercept(request: BatchRequest, count: int, size: int) -> None:
            seen.append((request.getOperation(), count, size))
            if request.getProxy().ice_getContext().get("drop") is None:
                request.enqueue()

        self.grid.communicators["client"].batch_interceptor = intercept
        self.batch.nothing()
        self.batch.nothing()
        dropping = self.proxy.ice_batchOneway().ice_context({"drop": "it"})
        dropping.nothing()
        self.grid.wait(self.batch.ice_flushBatchRequests())
        self.grid.wait(dropping.ice_flushBatchRequests())
        self.grid.simulation.run_for(1)
        self.assertEqual(self.servant.called, ["nothing"] * 2)
        self.assertEqual([each[:2] for each in seen], [("nothing", 0), ("nothing", 1), ("nothing", 0)])
        self.assertEqual(seen[0][2], 18)
        self.assertLess(seen[0][2], seen[1][2])

    def test_an_interceptor_may_be_an_object(self) -> None:
        class Dropping:
            def enqueue(self, request: BatchRequest, count: int, size: int) -> None:
                """Does not gather it."""

        world = self.grid.simulation.host("another").boot()
        client = initialize(world, InitializationData(batchRequestInterceptor=Dropping()))
        proxy = client.stringToProxy(f"object:tcp -h server -p {PORT}")
        assert proxy is not None
        batch = proxy.ice_batchOneway()
        batch.ice_ping()
        self.grid.wait(batch.ice_flushBatchRequests())
        self.assertIsNone(batch.ice_getCachedConnection())

    def other(self, **properties: str) -> tuple[EverythingI, EverythingPrx]:
        """A servant, and a proxy of it of another client."""
        servant = EverythingI()
        self.grid.serve("second", servant)
        self.grid.communicator("other", **properties)
        return servant, EverythingPrx(self.grid.proxy("other", "object:tcp -h second -p 4000").ice_reference)

    def fixed(self) -> EverythingPrx:
        return self.proxy.ice_fixed(self.grid.wait(self.proxy.ice_getConnection()))

    def arrived_bytes(self) -> int:
        """The bytes the client has sent so far."""
        lines = self.grid.simulation.trace.last_lines()
        return sum(int(line.split()[3]) for line in lines if "client>server" in line and " data " in line)
