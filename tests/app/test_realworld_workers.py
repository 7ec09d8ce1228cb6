"""Serial workers on a real thread."""

from twisted.internet import reactor
from twisted.internet.defer import CancelledError, gatherResults
from twisted.trial.unittest import TestCase

from pushnet.app.realworld_workers import ThreadWorker, WorkerClosedException


class ThreadWorkerTests(TestCase):
    def setUp(self) -> None:
        self.worker = ThreadWorker(reactor, "tests")
        self.addCleanup(self.worker.close)

    async def test_work_is_done_in_the_order_it_was_given(self) -> None:
        done: list[int] = []
        await gatherResults([self.worker.submit(done.append, number) for number in range(100)])
        self.assertEqual(done, list(range(100)))

    async def test_a_failure_reaches_only_who_gave_the_work(self) -> None:
        bad, good = self.worker.submit(int, "x"), self.worker.submit(int, "7")
        await self.assertFailure(bad, ValueError)
        self.assertEqual(await good, 7)

    async def test_closing_finishes_what_was_given_and_refuses_more(self) -> None:
        last = self.worker.submit(int, "1")
        await self.worker.close()
        self.assertEqual(self.successResultOf(last), 1)
        self.assertRaises(WorkerClosedException, self.worker.submit, int, "2")

    async def test_who_cancels_stops_waiting_and_the_work_goes_on(self) -> None:
        done: list[int] = []
        given_up = self.worker.submit(done.append, 1)
        given_up.cancel()
        self.failureResultOf(given_up, CancelledError)
        await self.worker.submit(done.append, 2)
        self.assertEqual(done, [1, 2])
